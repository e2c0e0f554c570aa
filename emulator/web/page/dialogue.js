// The dialogue of one port, and a line to type AT beside its host.

import { act } from "./connection.js";
import { appendTo, fromTemplate, takeDrafts } from "./elements.js";
import { isStreamed, linesOf, row, streamed } from "./lines.js";

const MOST_ROWS = 1000;
const MOST_TYPED = 100; // lines that the arrow keys bring back

export class Dialogue {
  constructor(module, { terminal, opens }) {
    this.module = module;
    this.terminal = terminal;
    this.element = fromTemplate("port");
    this.element.dataset.terminal = terminal;
    this.list = this.element.querySelector(".dialogue");
    this.element.querySelector("h3").textContent = `Port ${terminal}: ${opens}`;
    this.list.setAttribute("aria-label", `Dialogue of port ${terminal}`);
    this.typed = [];
    this.place = 0;
    this.takeForm(this.element.querySelector("form"));
  }

  takeForm(form) {
    this.answer = this.element.querySelector(".answer");
    this.what = form.querySelector(".what");
    this.field = form.elements.line;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed.push(this.field.value);
      this.typed.splice(0, this.typed.length - MOST_TYPED);
      this.place = this.typed.length;
      this.type(`${this.field.value}\r`);
      this.field.value = "";
    });
    for (const button of form.querySelectorAll("[data-text]")) {
      button.addEventListener("click", () => {
        this.type(this.field.value + button.dataset.text);
        this.field.value = "";
        this.field.focus();
      });
    }
    form.querySelector(".leave").addEventListener("click", () => this.do({ do: "hang_up" }));
    this.field.addEventListener("keydown", (event) => this.recall(event));
  }

  /** Take over what is half typed, and the lines that the arrow keys bring back; return the focused field. */
  takeOver(before) {
    this.typed = before.typed;
    this.place = before.place;
    return takeDrafts(before.element, this.element);
  }

  recall(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.place = Math.min(Math.max(this.place + step, 0), this.typed.length);
    this.field.value = this.typed[this.place] ?? "";
  }

  type(text) {
    this.do({ do: "type", text });
  }

  async do(request) {
    try {
      await act(this.module, { terminal: this.terminal, ...request });
      this.answer.textContent = "";
    } catch (error) {
      this.answer.textContent = error.message;
    }
  }

  /** Show events; data of one stream are told in one row. */
  add(events) {
    const rows = [];
    for (const event of events) {
      if (isStreamed(event)) this.stream(event, rows);
      else this.say(event, rows);
    }
    appendTo(this.list, rows, MOST_ROWS);
  }

  say(event, rows) {
    this.last = null;
    for (const [who, text] of linesOf(event)) rows.push(row(event.time, who, text, event.event));
    if (event.event === "module-sent") this.tellMode(event.mode === "prompt" || event.text === "\r\n> ");
  }

  stream(event, rows) {
    const who = event.event === "host-sent" ? "host" : "module";
    if (this.last?.who !== who) {
      this.last = { who, pieces: 0, size: 0, row: row(event.time, who, "") };
      this.last.row.classList.add("data");
      rows.push(this.last.row);
    }
    this.last.pieces += 1;
    this.last.size += event.size;
    const text = event.lines[0]?.replace(/^.*?\] /s, "") ?? "";
    this.last.row.lastElementChild.textContent = streamed(this.last.pieces, this.last.size, text);
  }

  tellMode(isPrompt) {
    this.what.textContent = isPrompt ? "Data" : "AT";
    this.element.classList.toggle("prompt", isPrompt);
  }
}
