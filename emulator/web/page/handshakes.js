// Each TLS handshake as a time line of its messages, with suite, chain and outcome; the latest one is open.

import { make } from "./elements.js";

const MOST = 20;
const MOST_MESSAGES = 100;

export class Handshakes {
  constructor(element) {
    this.element = element;
    this.current = new Map(); // by SSId
    this.count = 0;
  }

  take(event) {
    if (event.event === "engine-chosen") this.begin(event);
    const handshake = this.current.get(event.ssid);
    if (event.event === "handshake-message") handshake?.add(event);
    if (event.event === "tls-outcome") handshake?.end(event);
  }

  begin(event) {
    this.count += 1;
    const handshake = new Handshake(this.count, event);
    this.current.set(event.ssid, handshake);
    if (this.count === 1) this.element.replaceChildren();
    for (const older of this.element.children) older.open = false;
    this.element.prepend(handshake.element);
    while (this.element.childElementCount > MOST) this.element.lastElementChild.remove();
  }
}

class Handshake {
  constructor(number, { time, ssid, engine, reason }) {
    this.begun = time;
    this.isOver = false;
    this.outcome = make("span", { class: "outcome" }, "in progress");
    this.took = make("span", { class: "note" });
    this.messages = make("ol", { class: "messages" });
    this.facts = make("dl", {});
    this.fact("Begun", `${time.toFixed(3)} s, SSId ${ssid}`);
    this.fact("Engine", `${engine}: ${reason}`);
    const title = make("summary", {}, make("h4", {}, `Handshake ${number}`), " ", this.outcome, " ", this.took);
    const ends = make("p", { class: "ends", "aria-hidden": "true" }, make("span", {}, "module"), make("span", {}, "server"));
    this.element = make("details", { class: "handshake", open: "" }, title, ends, this.messages, this.facts);
  }

  fact(name, value) {
    this.facts.append(make("dt", {}, name), make("dd", {}, value));
  }

  add({ time, direction, name, size }) {
    if (this.isOver || this.messages.childElementCount >= MOST_MESSAGES) return;
    const after = make("time", {}, `+${((time - this.begun) * 1000).toFixed(1)} ms`);
    const told = `${direction === "sent" ? "sent" : "received"}: `;
    const label = make("span", { class: "message" }, make("span", { class: "unseen" }, told), name.replaceAll("_", " "));
    const bytes = make("span", { class: "note" }, `${size} B`);
    this.messages.append(make("li", { class: `${direction} ${name.startsWith("alert") ? "alert" : ""}` }, after, label, bytes));
  }

  end({ time, outcome, suite, resumed, chain }) {
    this.isOver = true;
    const isGood = outcome === "established";
    this.element.classList.add(isGood ? "passed" : "failed");
    this.outcome.textContent = isGood ? `✓ ${resumed ? "resumed" : "established"}` : "✗ failed";
    this.took.textContent = `${((time - this.begun) * 1000).toFixed(1)} ms`;
    if (!isGood) this.facts.prepend(make("dt", {}, "Why"), make("dd", { class: "reason" }, outcome));
    if (suite) this.fact("Suite", suite);
    if (chain?.length) this.fact("Chain", chain.join(" ← "));
  }
}
