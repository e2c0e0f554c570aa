// The state of a module: in short at its head, and in full as a list.

import { drawn, make } from "./elements.js";

export const REGISTRATIONS = ["not registered", "home", "searching", "denied", "unknown", "roaming"];
const BARS = 5;
const BEST = 31; // <rssi> of the best signal; 99 is unknown
const SHOWN_ALREADY = new Set(["firmware", "firmware.status", "port", "time", "clock", "faults"]);

export class State {
  constructor(vitals, list) {
    this.vitals = vitals;
    this.list = list;
    this.values = {};
  }

  show(changed) {
    Object.assign(this.values, changed);
    this.showVitals();
    const rows = Object.entries(this.values)
      .filter(([name, value]) => !SHOWN_ALREADY.has(name) && !isNothing(value))
      .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, inWords(value))]);
    this.list.replaceChildren(...rows);
  }

  showVitals() {
    const { power, sim, registration, signal, attached } = this.values;
    const contexts = Object.entries(this.values.contexts ?? {});
    const isIn = registration === 1 || registration === 5;
    this.vitals.replaceChildren(
      vital(power === "running", `power ${power}`),
      vital(sim === "READY", `SIM ${sim}`),
      vital(isIn, REGISTRATIONS[registration] ?? String(registration)),
      vital(attached === "yes", attached === "yes" ? "attached" : "not attached"),
      make("li", { class: "signal-strength" }, bars(signal), signal === 99 ? "signal unknown" : `signal ${signal}`),
      ...contexts.map(([cid, address]) => vital(true, `context ${cid}: ${address}`)),
    );
  }
}

function vital(isGood, words) {
  return make("li", { class: isGood ? "good" : "bad" }, words);
}

function bars(signal) {
  const lit = signal > BEST ? 0 : Math.ceil((signal / BEST) * BARS);
  const picture = drawn("svg", { viewBox: "0 0 24 16", class: "bars", "aria-hidden": "true" });
  for (let bar = 0; bar < BARS; bar += 1) {
    const height = 4 + bar * 3;
    const look = bar < lit ? "lit" : "";
    picture.append(drawn("rect", { x: bar * 5, y: 16 - height, width: 3.5, height, rx: 1, class: look }));
  }
  return picture;
}

function isNothing(value) {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function inWords(value) {
  if (Array.isArray(value)) return value.join("; ");
  if (value === null || typeof value !== "object") return String(value);
  return Object.entries(value).map(([name, each]) => `${name}: ${inWords(each)}`).join("; ");
}
