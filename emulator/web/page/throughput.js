// Plots how much data the host sends and gets, second by second of the module's time.

import { drawn, make, sized } from "./elements.js";

const SECONDS = 60;
const [WIDTH, HEIGHT] = [600, 110];
const KINDS = { from_host: "from the host", to_host: "to the host" };

export class Throughput {
  constructor(element) {
    this.seconds = new Map(); // by second: bytes of each kind
    this.totals = {};
    this.before = {};
    this.paths = {};
    this.picture = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
    const legend = make("p", { class: "legend" });
    this.words = {};
    for (const [kind, words] of Object.entries(KINDS)) {
      this.paths[kind] = drawn("path", { class: kind, "vector-effect": "non-scaling-stroke" });
      this.picture.append(this.paths[kind]);
      this.words[kind] = make("span", { class: "value" });
      legend.append(make("span", { class: `key ${kind}` }), `${words} `, this.words[kind], " ");
    }
    this.most = make("span", { class: "most note" });
    this.range = make("p", { class: "range note" }, make("span", {}, `${SECONDS} s before`), make("span", {}, "latest data"));
    element.append(make("div", { class: "plot" }, this.picture, this.most), this.range, legend);
    this.draw();
  }

  /** Take the totals of online data of all AT instances; the first ones are from before the page was opened. */
  total(time, terminals, isFirst = false) {
    const now = { from_host: 0, to_host: 0 };
    for (const each of Object.values(terminals)) {
      for (const kind in now) now[kind] += each[kind];
    }
    if (!isFirst) for (const kind in now) this.count(time, kind, now[kind] - (this.before[kind] ?? 0));
    this.before = now;
    for (const kind in now) this.totals[kind] = (this.totals[kind] ?? 0) + (isFirst ? now[kind] : 0);
    this.draw();
  }

  count(time, kind, bytes) {
    if (bytes <= 0) return;
    const second = Math.floor(time);
    const entry = this.seconds.get(second) ?? { from_host: 0, to_host: 0 };
    entry[kind] += bytes;
    this.totals[kind] = (this.totals[kind] ?? 0) + bytes;
    this.seconds.set(second, entry);
    this.latest = Math.max(this.latest ?? second, second);
    for (const old of this.seconds.keys()) if (old <= this.latest - SECONDS) this.seconds.delete(old);
  }

  draw() {
    const first = (this.latest ?? 0) - SECONDS + 1;
    const rates = (kind) => Array.from({ length: SECONDS }, (_, index) => this.seconds.get(first + index)?.[kind] ?? 0);
    const most = Math.max(1, ...Object.keys(KINDS).flatMap(rates));
    for (const kind in KINDS) {
      const points = rates(kind).map((rate, index) => {
        const [x, y] = [(index * WIDTH) / (SECONDS - 1), HEIGHT - 2 - (rate / most) * (HEIGHT - 8)];
        return `${x.toFixed(1)} ${y.toFixed(1)}`;
      });
      this.paths[kind].setAttribute("d", `M${points.join("L")}`);
      this.words[kind].textContent = sized(this.totals[kind] ?? 0);
    }
    this.most.textContent = most > 1 ? `${sized(most)}/s` : "no data yet";
    const told = Object.entries(KINDS).map(([kind, words]) => `${sized(this.totals[kind] ?? 0)} ${words}`);
    this.picture.setAttribute("aria-label", `Throughput: ${told.join(", ")}, at most ${this.most.textContent}`);
  }
}
