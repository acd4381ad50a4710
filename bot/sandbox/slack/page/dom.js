/** Building elements. Strings only ever become text nodes: nothing on this page is parsed as HTML. */

/**
 * Make an element. `class`, `dataset`, `on<event>` are understood; false, null and undefined are left out.
 * @param {string} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node|string|null|undefined|false)} children
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProperty(node, name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "dataset") Object.assign(node.dataset, value);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/** Replace everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

let lastNumber = 0;

/** An id no other element of this page has, for labels and descriptions. */
export function freshId(prefix) {
  lastNumber += 1;
  return `${prefix}-${lastNumber}`;
}

/**
 * Run `work` once while `button` reads as busy. It stays focusable, so that a keyboard does not lose its place.
 * @param {HTMLElement} button
 * @param {() => Promise<unknown>} work
 */
export async function whileBusy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  attach: "M8 12.5 14.6 6a2.8 2.8 0 0 1 4 4l-8.3 8.2a4.6 4.6 0 0 1-6.5-6.5L11.6 4",
  bolt: "M13 3 5 13.5h6L10 21l8-10.5h-6z",
  close: "M6 6l12 12M18 6 6 18",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6z",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  home: "M4 11 12 4l8 7v9h-5v-6H9v6H4z",
  log: "M5 6h14M5 12h14M5 18h9",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 8.8h.01",
  refresh: "M19 8a8 8 0 1 0 1 6M19.5 3.5V8H15",
  reply: "M20 12a8 7 0 0 1-11.6 6.2L4 19.5l1.2-4A7 7 0 1 1 20 12z",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
  send: "M4 4.5 20.5 12 4 19.5 6.5 12zM6.5 12H13",
  shield: "M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6zM9 12l2.2 2.2L15.5 10",
};

/** A line drawing; always decorative, so the control around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A square button that shows a drawing and is named by `label`. */
export function iconButton(name, label, onclick, props = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}
