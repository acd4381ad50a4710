/** Fields that hold several things: people, channels, suggestions, files; and formatted text. */
import { giveFiles } from "./api.js";
import { externalField, multiField } from "./chooser.js";
import { el, fill, iconButton } from "./dom.js";
import { plainWords } from "./mrkdwn.js";
import { me } from "./session.js";
import { orToast } from "./toasts.js";

const asOption = ({ id, name }) => ({ text: { type: "plain_text", text: name }, value: id });

/** Several people or channels. @param {{id: string, name: string}[]} places @param {string} what ends the keys of the state */
export function manyPlacesField(element, places, what) {
  const key = `selected_${what}`;
  const initial = (element[`initial_${what}`] ?? []).map((id) => ({ value: id }));
  const made = multiField({ ...element, initial_options: initial }, places.map(asOption));
  return {
    ...made,
    read: () => ({ type: element.type, [key]: made.read().selected_options.map((option) => option.value) }),
    write: (state) => made.write({ selected_options: state[key].map((id) => ({ value: id })) }),
  };
}

/** Several of what the app suggests: a search box, and what was chosen as a row that can be taken back. */
export function manyExternalField(element, suggest) {
  const search = externalField({ ...element, initial_option: null }, suggest);
  const chips = el("div", { class: "row chips" });
  const node = el("div", { class: "many" }, chips, search.node);
  let chosen = [...(element.initial_options ?? [])];
  const changed = () => node.dispatchEvent(new Event("change", { bubbles: true }));
  const drop = (option) => {
    chosen = chosen.filter((one) => one.value !== option.value);
    show();
    changed();
    search.control.focus();
  };
  const chip = (option) => {
    const words = plainWords(option.text);
    return el("span", { class: "chip" }, words, iconButton("close", `Take ${words} away`, () => drop(option)));
  };
  const show = () => fill(chips, ...chosen.map(chip));
  search.node.addEventListener("change", (event) => {
    event.stopPropagation();
    const option = search.read().selected_option;
    if (option && !chosen.some((one) => one.value === option.value)) chosen = [...chosen, option];
    search.write({ selected_option: null });
    show();
    changed();
  });
  show();
  const write = (state) => {
    chosen = state.selected_options;
    show();
  };
  return { node, control: search.control, read: () => ({ type: element.type, selected_options: chosen }), write };
}

/** Files for the app alone; they are handed over as soon as they are chosen. */
export function filesField(element) {
  const accept = element.filetypes?.map((ending) => `.${ending}`).join(",");
  const control = el("input", { type: "file", class: "text-input", multiple: (element.max_files ?? 10) > 1, accept });
  const names = el("p", { class: "hint", role: "status" });
  let files = [];
  const show = () => (names.textContent = files.map((file) => file.name).join(", "));
  control.addEventListener("change", () =>
    orToast(async () => {
      files = await giveFiles(me().id, [...control.files].slice(0, element.max_files ?? 10));
      show();
    }),
  );
  const write = (state) => {
    files = state.files;
    show();
  };
  return { node: el("div", {}, control, names), control, read: () => ({ type: element.type, files }), write };
}

const wordsOf = (rich) => (rich?.elements ?? []).flatMap((part) => part.elements ?? []).map((leaf) => leaf.text ?? "").join("");

/** Formatted text, written here as plain lines. */
export function richField(element) {
  const control = el("textarea", { class: "text-input", rows: 4, placeholder: element.placeholder ? plainWords(element.placeholder) : null });
  control.value = wordsOf(element.initial_value);
  const section = (text) => ({ type: "rich_text_section", elements: [{ type: "text", text }] });
  const read = () => ({ type: element.type, rich_text_value: control.value ? { type: "rich_text", elements: [section(control.value)] } : null });
  return { node: control, control, read, write: (state) => (control.value = wordsOf(state.rich_text_value)) };
}
