// The page: takes the messages of the emulator's stream, and lets one choose among its modules.

import { listen } from "./connection.js";
import { make } from "./elements.js";
import { Module } from "./module.js";

const MOST_WAITING = 4000; // events between two frames; what is older is not drawn

const place = document.getElementById("modules");
const choice = document.getElementById("choice");
const connection = document.getElementById("connection");
const beyond = document.getElementById("not-shown");
const modules = new Map();
const waiting = new Map(); // events by module, drawn at the next frame
let run;
let chosen;

listen({
  connection: tellConnection,
  snapshot: begin,
  trace: queue,
  state: ({ module, state }) => {
    draw();
    modules.get(module)?.change(state);
    label(module);
  },
  traffic: ({ module, time, terminals }) => modules.get(module)?.throughput.total(time, terminals),
  lost: ({ count }) => tell("connected", `${count} messages were lost: the browser was too slow`),
});

function tellConnection(state) {
  const isThere = state === "connected";
  tell(isThere ? "connected" : "lost", isThere ? "connected" : "The emulator is not there; trying again");
  document.body.classList.toggle("gone", !isThere);
  for (const control of place.querySelectorAll("button, input, select")) control.disabled = !isThere;
}

function tell(look, words) {
  connection.className = look;
  connection.textContent = words;
}

/** Show all anew: a snapshot replaces whatever was known, but not what is half typed. */
function begin({ run: now, modules: all, not_shown: notShown, faults }) {
  if (run !== undefined && run !== now) tell("connected", "connected to an emulator that has been started anew");
  const before = run === now ? new Map(modules) : new Map();
  run = now;
  waiting.clear();
  modules.clear();
  let focused = null;
  for (const content of all) {
    const module = new Module(content, faults);
    modules.set(module.name, module);
    if (before.has(module.name)) focused = module.takeOver(before.get(module.name)) ?? focused;
  }
  tellOthers(notShown);
  place.replaceChildren(...[...modules.values()].map((module) => module.element));
  for (const log of place.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;
  offer();
  choose(modules.has(chosen) ? chosen : all[0]?.module);
  focused?.focus();
}

function tellOthers(count) {
  beyond.hidden = count === 0;
  const modules = count === 1 ? "One further module is" : `${count} further modules are`;
  beyond.textContent = count === 0 ? "" : `${modules} not shown here.`;
}

function offer() {
  const button = (module) => {
    const made = make("button", { type: "button", "data-module": module.name });
    made.addEventListener("click", () => choose(module.name));
    return made;
  };
  choice.replaceChildren(...[...modules.values()].map(button));
  choice.hidden = modules.size < 2;
  for (const name of modules.keys()) label(name);
}

function label(name) {
  const button = choice.querySelector(`[data-module="${CSS.escape(name)}"]`);
  const { values } = modules.get(name)?.state ?? {};
  if (button && values) button.textContent = `${name}: ${values.firmware}, ${values["ssl.state"] ?? values.power}`;
}

function choose(name) {
  chosen = name;
  for (const module of modules.values()) module.element.hidden = module.name !== name;
  for (const button of choice.children) button.setAttribute("aria-pressed", String(button.dataset.module === name));
  for (const log of modules.get(name)?.element.querySelectorAll(".log") ?? []) log.scrollTop = log.scrollHeight;
}

function queue(event) {
  if (waiting.size === 0) requestAnimationFrame(draw);
  const events = waiting.get(event.module) ?? [];
  events.push(event);
  if (events.length > MOST_WAITING) events.splice(0, events.length - MOST_WAITING);
  waiting.set(event.module, events);
}

function draw() {
  for (const [name, events] of waiting) modules.get(name)?.take(events);
  waiting.clear();
}
