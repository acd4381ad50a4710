/** Two choosers the browser has no control for: several of a list, and one of what the app suggests. */
import { el, fill, freshId } from "./dom.js";
import { plainWords, textNodes } from "./mrkdwn.js";

const SUGGEST_AFTER_MS = 200; // Slack waits a moment too, so that an app is not asked at every letter

/** A folded list of checkboxes whose summary names what is chosen. */
export function multiField(element, options) {
  const initial = new Set((element.initial_options ?? []).map((option) => option.value));
  const boxes = options.map((option) => el("input", { type: "checkbox", value: option.value, checked: initial.has(option.value) }));
  const rows = options.map((option, index) => el("label", { class: "tick" }, boxes[index], el("span", {}, ...textNodes(option.text))));
  const summary = el("summary", { class: "select" });
  const list = el("div", { class: "multi-list", role: "group" }, ...rows);
  const control = el("details", { class: "multi" }, summary, list);
  const chosen = () => options.filter((_, index) => boxes[index].checked);
  const nothing = element.placeholder ? plainWords(element.placeholder) : "Choose…";
  const name = () => (summary.textContent = chosen().map((option) => plainWords(option.text)).join(", ") || nothing);
  list.addEventListener("change", name);
  name();
  const write = (state) => {
    const values = new Set(state.selected_options.map((option) => option.value));
    for (const box of boxes) box.checked = values.has(box.value);
    name();
  };
  return { node: control, control: summary, read: () => ({ type: element.type, selected_options: chosen() }), write };
}

/**
 * A combobox that asks the app for suggestions while somebody types.
 * @param {object} element
 * @param {(query: string) => Promise<object[]>} suggest
 */
export function externalField(element, suggest) {
  const listId = freshId("suggestions");
  const list = el("ul", { id: listId, class: "suggestions", role: "listbox", hidden: true });
  const placeholder = element.placeholder ? plainWords(element.placeholder) : "Type to search";
  const control = el("input", {
    class: "text-input", type: "text", role: "combobox", autocomplete: "off", placeholder,
    "aria-expanded": "false", "aria-controls": listId, "aria-autocomplete": "list",
  });
  const node = el("div", { class: "external" }, control, list);
  let chosen = element.initial_option ?? null;
  const show = () => (control.value = chosen ? plainWords(chosen.text) : "");
  const open = (visible) => {
    list.hidden = !visible;
    control.setAttribute("aria-expanded", String(visible));
  };
  const choose = (option) => {
    chosen = option;
    show();
    open(false);
    control.focus();
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };
  wireSuggestions({ control, list, choose, open, suggest, least: element.min_query_length ?? 3, forget: () => (chosen = null) });
  show();
  const write = (state) => {
    chosen = state.selected_option;
    show();
  };
  return { node, control, read: () => ({ type: element.type, selected_option: chosen }), write };
}

function wireSuggestions({ control, list, choose, open, suggest, least, forget }) {
  let timer = 0;
  const ask = async () => {
    const query = control.value;
    if (query.length < least) return open(false);
    const options = await suggest(query);
    if (query !== control.value) return undefined;
    fill(list, ...options.map((option) => suggestion(option, choose)));
    if (!options.length) fill(list, el("li", { class: "hint" }, "Nothing found"));
    return open(true);
  };
  control.addEventListener("input", () => {
    forget();
    clearTimeout(timer);
    timer = setTimeout(ask, SUGGEST_AFTER_MS);
  });
  // The browser's own change event only says that something was typed; nothing is chosen by that.
  control.addEventListener("change", (event) => event.isTrusted && event.stopPropagation());
  control.addEventListener("focus", () => least === 0 && ask());
  control.addEventListener("keydown", (event) => moveInto(event, list, open));
  list.addEventListener("keydown", (event) => moveInto(event, list, open, control));
}

function suggestion(option, choose) {
  const props = {
    role: "option", tabindex: "-1", "aria-selected": "false",
    onclick: () => choose(option),
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), choose(option)),
  };
  return el("li", props, ...textNodes(option.text));
}

/** Arrow keys walk from the input through the list; Escape folds it without closing the dialog around it. */
function moveInto(event, list, open, back = null) {
  if (list.hidden) return;
  const rows = [...list.querySelectorAll("[role=option]")];
  const at = rows.indexOf(document.activeElement);
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    open(false);
    back?.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
  }
}
