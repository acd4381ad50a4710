/** A small menu beneath a button, for overflow elements and message actions. */
import { el } from "./dom.js";

let openOne = null;

/** Close whatever menu is open. */
export function closeMenu() {
  openOne?.close();
}

/**
 * @param {HTMLElement} anchor
 * @param {{label: string, run: () => void}[]} choices
 */
export function openMenu(anchor, choices) {
  const again = openOne?.anchor === anchor;
  closeMenu();
  if (again) return;
  const items = choices.map(({ label, run }) => el("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: () => (closeMenu(), run()) }, label));
  const menu = el("div", { class: "menu", role: "menu", "aria-label": anchor.getAttribute("aria-label") }, ...items);
  const elsewhere = (event) => !menu.contains(event.target) && !anchor.contains(event.target) && closeMenu();
  const close = () => {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", elsewhere);
    openOne = null;
    if (anchor.isConnected) anchor.focus();
  };
  openOne = { anchor, close };
  menu.addEventListener("keydown", (event) => steer(event, items));
  document.addEventListener("pointerdown", elsewhere);
  anchor.setAttribute("aria-expanded", "true");
  (anchor.closest("dialog") ?? document.body).append(menu);
  place(menu, anchor);
  items[0]?.focus();
}

/** Put the menu where there is room for it: below the anchor, else above, inside the window's width. */
function place(menu, anchor) {
  const box = anchor.getBoundingClientRect();
  const below = box.bottom + menu.offsetHeight + 8 < window.innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - menu.offsetHeight - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - menu.offsetWidth - 8))}px`;
}

function steer(event, items) {
  const at = items.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    closeMenu();
  } else if (next !== undefined) {
    event.preventDefault();
    items[next % items.length].focus();
  }
}
