// What can be done to a module beside typing AT: its network, faults, messages and calls, its clock and its state.

import { act } from "./connection.js";
import { make } from "./elements.js";
import { REGISTRATIONS } from "./state.js";

export class Controls {
  constructor(element, { module, ports, changeable }, faults) {
    this.module = module;
    this.find = (selector) => element.querySelector(selector);
    this.registration = this.find(".registration");
    this.signal = this.find(".signal");
    for (const section of element.querySelectorAll("section")) this.takeButtons(section);
    this.takeNetwork();
    this.takeFaults(this.find(".faults"), faults);
    this.takeMessages(this.find(".sms"));
    this.takeClock(this.find(".clock"));
    this.takeState(this.find(".state"), changeable);
    this.takeSaving(this.find(".save"), ports);
  }

  /** Carry out a request; its answer, or why it is refused, stands below the form. */
  async do(section, request, told = () => "") {
    const answer = section.querySelector(".answer");
    try {
      answer.textContent = told(await act(this.module, request));
      answer.classList.remove("reason");
    } catch (error) {
      answer.textContent = error.message;
      answer.classList.add("reason");
    }
  }

  takeButtons(section) {
    for (const button of section.querySelectorAll("[data-change]")) {
      const [name, value] = button.dataset.change.split("=");
      button.addEventListener("click", () => this.do(section, { do: "change", values: { [name]: value } }));
    }
    for (const button of section.querySelectorAll("[data-fault]")) {
      const request = { do: "fault", name: button.dataset.fault, parameters: {} };
      button.addEventListener("click", () => this.do(section, request));
    }
  }

  takeNetwork() {
    const section = this.signal.closest("section");
    REGISTRATIONS.forEach((words, number) => this.registration.append(make("option", { value: number }, `${number} ${words}`)));
    this.registration.addEventListener("change", () => {
      this.do(section, { do: "change", values: { registration: Number(this.registration.value) } });
    });
    this.signal.addEventListener("change", () => {
      this.do(section, { do: "change", values: { signal: Number(this.signal.value) } });
    });
    this.signal.addEventListener("input", () => this.tellSignal(this.signal.value));
  }

  tellSignal(value) {
    this.find(".signal-value").textContent = Number(value) === 99 ? "unknown" : value;
  }

  takeFaults(section, faults) {
    const form = section.querySelector("form");
    const { name, keys } = form.elements;
    name.append(...Object.keys(faults).map((each) => make("option", {}, each)));
    name.value = "connection-closed";
    const tell = () => {
      section.querySelector(".meaning").textContent = faults[name.value].meaning;
      keys.title = `Keys: ${faults[name.value].keys.join(", ")}`;
    };
    name.addEventListener("change", tell);
    tell();
    onSubmit(form, () => {
      const parameters = parsed(keys.value);
      this.do(section, { do: "fault", name: name.value, parameters });
    });
  }

  /** Show the faults at work, each with a button that ends it. */
  showFaults(rules) {
    const section = this.find(".faults");
    const item = (rule) => {
      const number = Number.parseInt(rule, 10);
      const end = make("button", { type: "button", "aria-label": `End fault ${number}` }, "End");
      end.addEventListener("click", () => this.do(section, { do: "remove", number }));
      return make("li", {}, make("code", {}, rule), " ", end);
    };
    section.querySelector(".at-work").replaceChildren(...rules.map(item));
  }

  takeMessages(form) {
    const section = form.closest("section");
    const number = () => form.elements.number.value;
    onSubmit(form, () => this.do(section, { do: "sms", number: number(), text: form.elements.text.value }, () => "sent"));
    section.querySelector(".ring").addEventListener("click", () => {
      this.do(section, { do: "ring", number: number() }, (id) => `call ${id} rings`);
    });
    section.querySelector(".hang-up").addEventListener("click", () => {
      this.do(section, { do: "call", act: "end", number: null }, () => "ended");
    });
  }

  takeClock(section) {
    const form = section.querySelector("form");
    onSubmit(form, () => this.do(section, { do: "advance", seconds: Number(form.elements.seconds.value) }));
  }

  /** Offer the session as files: what was said at each port, the trace, and the traffic. */
  takeSaving(place, ports) {
    const link = (words, kind, more = {}) => {
      const wanted = new URLSearchParams({ module: this.module, ...more });
      return make("a", { href: `api/save/${kind}?${wanted}`, download: "" }, words);
    };
    const several = ports.length > 1;
    const dialogue = ({ terminal }) => link(several ? `Dialogue of port ${terminal}` : "Dialogue", "dialogue", { terminal });
    place.append(...ports.map(dialogue), link("Trace", "trace"), link("Capture", "capture"));
  }

  takeState(section, changeable) {
    const form = section.querySelector("form");
    const { name, value } = form.elements;
    name.append(...Object.keys(changeable).map((each) => make("option", {}, each)));
    const tell = () => {
      section.querySelector(".allowed").textContent = changeable[name.value];
    };
    name.addEventListener("change", tell);
    tell();
    onSubmit(form, () => this.do(section, { do: "change", values: { [name.value]: value.value } }, () => "changed"));
  }

  show(values) {
    if (document.activeElement !== this.registration) this.registration.value = values.registration;
    if (document.activeElement !== this.signal) this.signal.value = values.signal;
    this.tellSignal(values.signal);
    this.showFaults(values.faults ?? []);
    this.find(".clock").hidden = values.clock !== "manual";
    this.find(".time").textContent = `${Number(values.time).toFixed(3)} s`;
  }
}

function onSubmit(form, carryOut) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    carryOut();
  });
}

/** Keys and values as in `byte=2kB text="two words"`. */
function parsed(text) {
  const found = text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g);
  return Object.fromEntries([...found].map(([, key, quoted, plain]) => [key, quoted ?? plain]));
}
