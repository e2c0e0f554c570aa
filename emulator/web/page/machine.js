// Draws the states of a secure socket and lights the one that it has.

import { drawn, make } from "./elements.js";

const [WIDTH, HEIGHT] = [92, 28];
const ASIDE = 6; // of a line that has another one beside it, for the way back

/** Centre of each state. */
export const STATES = {
  disabled: [48, 30],
  closed: [210, 30],
  connecting: [372, 30],
  lost: [210, 108],
  open: [372, 108],
  online: [372, 186],
};

/** From, to, what leads there, and how far along the line that is written. */
export const EDGES = [
  ["disabled", "closed", "enable", 0.5],
  ["closed", "disabled", "disable", 0.5],
  ["closed", "connecting", "dial", 0.5],
  ["connecting", "closed", "failed", 0.5],
  ["connecting", "open", "opened", 0.5],
  ["open", "closed", "close", 0.3],
  ["open", "online", "resume", 0.5],
  ["online", "open", "suspend", 0.5],
  ["open", "lost", "lose", 0.5],
  ["online", "lost", "lose", 0.5],
  ["lost", "connecting", "dial", 0.3],
  ["lost", "closed", "close", 0.5],
  ["lost", "disabled", "disable", 0.5],
];

export class Machine {
  constructor(element) {
    this.ssid = "1";
    this.states = {};
    this.suites = {};
    this.picture = drawn("svg", { viewBox: "0 0 420 204", role: "img" }, arrowHead());
    this.edges = EDGES.map((each) => edge(...each));
    this.nodes = Object.fromEntries(Object.keys(STATES).map((name) => [name, node(name)]));
    this.picture.append(...this.edges, ...Object.values(this.nodes));
    this.choice = make("div", { class: "chips", role: "group", "aria-label": "Secure socket" });
    this.suite = make("p", { class: "suite note" });
    element.append(this.choice, this.picture, this.suite);
    this.light();
  }

  /** Take states and suites by SSId; of a socket that is not enabled there is none. */
  show(states, suites = this.suites) {
    this.states = states;
    this.suites = suites;
    const known = ["1", ...Object.keys(states).filter((ssid) => ssid !== "1")];
    if (known.length !== this.choice.childElementCount) this.offer(known);
    this.light();
  }

  offer(known) {
    const chip = (ssid) => {
      const button = make("button", { type: "button" }, `SSId ${ssid}`);
      button.addEventListener("click", () => {
        this.ssid = ssid;
        this.light();
      });
      return button;
    };
    this.choice.replaceChildren(...known.map(chip));
    this.choice.hidden = known.length < 2;
  }

  light() {
    const state = this.states[this.ssid] ?? "disabled";
    for (const [name, element] of Object.entries(this.nodes)) element.classList.toggle("lit", name === state);
    for (const button of this.choice.children) {
      button.setAttribute("aria-pressed", String(button.textContent === `SSId ${this.ssid}`));
    }
    this.picture.setAttribute("aria-label", `Secure socket ${this.ssid} is ${state}`);
    this.picture.dataset.state = state;
    this.suite.textContent = this.suites[this.ssid] ?? "";
  }
}

function node(name) {
  const [x, y] = STATES[name];
  const box = drawn("rect", { x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: HEIGHT / 2 });
  return drawn("g", { class: "node" }, box, drawn("text", { x, y: y + 4, "text-anchor": "middle" }, name));
}

function arrowHead() {
  const box = { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return drawn("defs", {}, drawn("marker", box, drawn("path", { d: "M0 0 8 4 0 8z" })));
}

/** A line from box to box, with its words on it, or beside it where there is a way back. */
function edge(from, to, words, part) {
  const [[x1, y1], [x2, y2]] = [STATES[from], STATES[to]];
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [alongX, alongY] = [(x2 - x1) / length, (y2 - y1) / length];
  const aside = EDGES.some(([start, end]) => start === to && end === from) ? ASIDE : 0;
  const half = Math.min(WIDTH / 2 / Math.max(Math.abs(alongX), 0.01), HEIGHT / 2 / Math.max(Math.abs(alongY), 0.01));
  const at = (by, off) => [x1 + alongX * by + alongY * off, y1 + alongY * by - alongX * off];
  const [begin, end] = [at(half + 2, aside), at(length - half - 2, aside)];
  const path = drawn("path", { d: `M${begin}L${end}`, "marker-end": "url(#arrow)" });
  const [x, y] = at(half + (length - 2 * half) * part, aside && aside + 8);
  const isUpright = Math.abs(alongY) > 0.9;
  const anchor = isUpright && aside ? (alongY > 0 ? "start" : "end") : "middle";
  return drawn("g", { class: "edge" }, path, drawn("text", { x, y: y + 4, "text-anchor": anchor }, words));
}
