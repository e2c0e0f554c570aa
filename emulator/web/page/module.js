// One module on the page: hands each message to the parts that show it.

import { Controls } from "./controls.js";
import { Dialogue } from "./dialogue.js";
import { appendTo, fromTemplate, takeDrafts } from "./elements.js";
import { Handshakes } from "./handshakes.js";
import { SERVICES, linesOf, row } from "./lines.js";
import { Machine } from "./machine.js";
import { State } from "./state.js";
import { Throughput } from "./throughput.js";

const MOST_ROWS = 500; // of services

export class Module {
  constructor(content, faults) {
    this.name = content.module;
    this.element = fromTemplate("module");
    const find = (selector) => this.element.querySelector(selector);
    find("h2").textContent = content.firmware;
    this.dialogues = new Map();
    for (const port of content.ports) {
      this.open(port);
      for (const channel of port.channels) this.dialogueOf(channel);
    }
    this.busy = this.dialogues.values().next().value; // whose commands bring about what no port says
    this.state = new State(find(".vitals"), find(".states"));
    this.machine = new Machine(find(".machine"));
    this.handshakes = new Handshakes(find(".handshakes"));
    this.throughput = new Throughput(find(".throughput"));
    this.services = find(".services");
    this.controls = new Controls(find(".controls"), content, faults);
    this.take(content.events);
    this.throughput.total(0, content.traffic, true);
    this.change(content.state);
  }

  /** Add the dialogue of a port, or of a channel of the multiplexer. */
  open(port) {
    const dialogue = new Dialogue(this.name, port);
    this.dialogues.set(port.terminal, dialogue);
    this.element.querySelector(".dialogues").append(dialogue.element);
    return dialogue;
  }

  dialogueOf(terminal) {
    if (!terminal) return this.busy;
    return this.dialogues.get(terminal) ?? this.open({ terminal, opens: "a channel of the multiplexer" });
  }

  /** Take over what is half typed on the one that this replaces; return the field that is to have the focus. */
  takeOver(before) {
    let focused = null;
    for (const [terminal, dialogue] of this.dialogues) {
      const old = before.dialogues.get(terminal);
      if (old) focused = dialogue.takeOver(old) ?? focused;
    }
    return takeDrafts(before.element.querySelector(".controls"), this.element.querySelector(".controls")) ?? focused;
  }

  /** Show what has changed of the state. */
  change(changed) {
    this.state.show(changed);
    this.controls.show(this.state.values);
    this.machine.show(this.state.values["ssl.sockets"] ?? {}, this.state.values["ssl.suites"] ?? {});
  }

  /** Show events, oldest first. */
  take(events) {
    const said = new Map();
    const served = [];
    for (const event of events) {
      const dialogue = this.dialogueOf(event.terminal);
      if (event.event === "host-sent") this.busy = dialogue;
      const isService = event.lines.length > 0 && SERVICES.has(linesOf(event)[0][0]);
      if (isService) served.push(...linesOf(event).map(([who, text]) => row(event.time, who, text)));
      else if (said.has(dialogue)) said.get(dialogue).push(event);
      else said.set(dialogue, [event]);
      this.handshakes.take(event);
      this.light(event);
      if (event.mode === "prompt" && event.event === "host-sent") this.throughput.count(event.time, "from_host", event.size);
    }
    this.throughput.draw();
    for (const [dialogue, theirs] of said) dialogue?.add(theirs);
    appendTo(this.services, served, MOST_ROWS);
  }

  /** Light the state of a secure socket at once, before the next look at the whole state. */
  light({ event, thing, after }) {
    const found = event === "state-changed" ? /^secure socket(?: (\d+))?$/.exec(thing) : null;
    if (found) this.machine.show({ ...this.machine.states, [found[1] ?? "1"]: after });
  }
}
