// Makes elements, and keeps lists from growing without a bound.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children, which are elements or text. */
export function make(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function drawn(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true).firstElementChild;
}

/** Append to a list that scrolls, drop its oldest items, and stay at its end if the reader is there. */
export function appendTo(list, items, most) {
  const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
  list.append(...items.slice(-most));
  while (list.childElementCount > most) list.firstElementChild.remove();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
}

/** Copy what is typed in the fields of an element to one of the same template; return the copy of the focused one. */
export function takeDrafts(from, to) {
  const copies = to.querySelectorAll("input:not([type=range])");
  let focused = null;
  for (const [place, field] of from.querySelectorAll("input:not([type=range])").entries()) {
    copies[place].value = field.value;
    if (field === document.activeElement) focused = copies[place];
  }
  return focused;
}

/** Bytes as people read them. */
export function sized(bytes) {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
