// Makes rows of the lines that an event has in a transcript: when, who, what.

import { make, sized } from "./elements.js";

const WHO = 8; // characters of a line before what is said

export const SERVICES = new Set(["net", "ftp", "http", "smtp", "mqtt", "ppp", "sms", "gateway"]);

/** Each line of an event as [who, text]. */
export function linesOf(event) {
  return event.lines.map((line) => [line.slice(0, WHO).trim(), line.slice(WHO)]);
}

/** A row of a log; `look` is a class beside who it is of. */
export function row(time, who, text, look = "") {
  const when = make("time", {}, time.toFixed(3));
  return make("li", { class: `${who} ${look}` }, when, make("span", { class: "who" }, who), make("span", { class: "text" }, text));
}

/** Whether an event is a piece of data that may be told together with the one before it. */
export function isStreamed(event) {
  return event.mode === "online" && (event.event === "host-sent" || event.event === "module-sent");
}

export function streamed(pieces, size, text) {
  return `[online, ${sized(size)}${pieces > 1 ? ` in ${pieces} pieces` : ""}] ${text}`;
}
