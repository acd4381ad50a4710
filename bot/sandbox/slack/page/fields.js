/**
 * Elements that hold a value: text, dates, choices. Each maker returns the control and how to read and write
 * its state, in the shape Slack has under `view.state.values[block_id][action_id]`.
 *
 * @typedef {{node: HTMLElement, control: HTMLElement, read: () => object, write: (state: object) => void}} Field
 */
import { externalField, multiField } from "./chooser.js";
import { filesField, manyExternalField, manyPlacesField, richField } from "./fields_many.js";
import { el, freshId } from "./dom.js";
import { plainWords, textNodes } from "./mrkdwn.js";
import { session } from "./session.js";

const placeholderOf = (element, otherwise) => (element.placeholder ? plainWords(element.placeholder) : otherwise);

function textField(element, inputType) {
  const props = {
    class: "text-input",
    placeholder: placeholderOf(element, null),
    minlength: element.min_length,
    maxlength: element.max_length,
    min: element.min_value,
    max: element.max_value,
    step: element.type === "number_input" ? (element.is_decimal_allowed ? "any" : "1") : null,
    autofocus: element.focus_on_load,
    autocomplete: "off",
  };
  const control = element.multiline ? el("textarea", { ...props, rows: 4 }) : el("input", { ...props, type: inputType });
  control.value = element.initial_value ?? "";
  return valueField(element, control, "value");
}

/** A field whose state is one string under `key`. */
function valueField(element, control, key) {
  return {
    node: control,
    control,
    read: () => ({ type: element.type, [key]: control.value || null }),
    write: (state) => (control.value = state[key] ?? ""),
  };
}

function dateTimeField(element) {
  const control = el("input", { class: "text-input", type: "datetime-local" });
  const write = (seconds) => {
    if (!seconds) return;
    const local = new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000);
    control.value = local.toISOString().slice(0, 16);
  };
  write(element.initial_date_time);
  const read = () => ({
    type: element.type,
    selected_date_time: control.value ? Math.floor(new Date(control.value).getTime() / 1000) : null,
  });
  return { node: control, control, read, write: (state) => write(state.selected_date_time) };
}

function dayField(element, inputType, key, initial) {
  const control = el("input", { class: "text-input", type: inputType });
  control.value = initial ?? "";
  return valueField(element, control, key);
}

/** All options, with the name of the group each stands in ("" for none). */
function grouped(element) {
  if (!element.option_groups) return [["", element.options ?? []]];
  return element.option_groups.map((group) => [plainWords(group.label), group.options]);
}

function selectField(element) {
  const options = grouped(element).flatMap(([, members]) => members);
  const control = el("select", { class: "select" }, el("option", { value: "" }, placeholderOf(element, "Choose…")));
  for (const [name, members] of grouped(element)) {
    const nodes = members.map((option) => el("option", { value: option.value }, plainWords(option.text)));
    control.append(...(name ? [el("optgroup", { label: name }, ...nodes)] : nodes));
  }
  control.value = element.initial_option?.value ?? "";
  const chosen = () => options.find((option) => option.value === control.value) ?? null;
  return {
    node: control,
    control,
    read: () => ({ type: element.type, selected_option: chosen() }),
    write: (state) => (control.value = state.selected_option?.value ?? ""),
  };
}

/** users_select and the channel selects: a select over what the workspace has. */
function placeField(element, key, places, initial) {
  const control = el("select", { class: "select" }, el("option", { value: "" }, placeholderOf(element, "Choose…")));
  control.append(...places.map(({ id, name }) => el("option", { value: id }, name)));
  control.value = initial ?? "";
  return valueField(element, control, key);
}

function tickField(element, inputType) {
  const many = inputType === "checkbox";
  const group = freshId("choice");
  const initial = new Set((many ? (element.initial_options ?? []) : [element.initial_option]).map((option) => option?.value));
  const boxes = (element.options ?? []).map((option) => {
    const box = el("input", { type: inputType, name: group, value: option.value, checked: initial.has(option.value) });
    const hint = option.description && el("span", { class: "hint" }, ...textNodes(option.description));
    return { box, option, row: el("label", { class: "tick" }, box, el("span", {}, ...textNodes(option.text), hint)) };
  });
  const node = el("div", { class: "ticks", role: many ? "group" : "radiogroup" }, ...boxes.map(({ row }) => row));
  const chosen = () => boxes.filter(({ box }) => box.checked).map(({ option }) => option);
  const read = () => (many ? { type: element.type, selected_options: chosen() } : { type: element.type, selected_option: chosen()[0] ?? null });
  const write = (state) => {
    const values = new Set((many ? state.selected_options : [state.selected_option]).map((option) => option?.value));
    for (const { box } of boxes) box.checked = values.has(box.value);
  };
  return { node, control: node, read, write };
}

const people = () => session.state.members;
const places = () => session.state.channels.map(({ id, name }) => ({ id, name: `#${name}` }));
const options = (element) => grouped(element).flatMap(([, members]) => members);

/** Makers by element type; each takes the element and a function that fetches suggestions. */
const MAKERS = {
  plain_text_input: (element) => textField(element, "text"),
  email_text_input: (element) => textField(element, "email"),
  url_text_input: (element) => textField(element, "url"),
  number_input: (element) => textField(element, "number"),
  datepicker: (element) => dayField(element, "date", "selected_date", element.initial_date),
  timepicker: (element) => dayField(element, "time", "selected_time", element.initial_time),
  datetimepicker: dateTimeField,
  static_select: selectField,
  users_select: (element) => placeField(element, "selected_user", people(), element.initial_user),
  channels_select: (element) => placeField(element, "selected_channel", places(), element.initial_channel),
  conversations_select: (element) => placeField(element, "selected_conversation", places(), element.initial_conversation),
  checkboxes: (element) => tickField(element, "checkbox"),
  radio_buttons: (element) => tickField(element, "radio"),
  multi_static_select: (element) => multiField(element, options(element)),
  external_select: (element, suggest) => externalField(element, suggest),
  multi_external_select: (element, suggest) => manyExternalField(element, suggest),
  multi_users_select: (element) => manyPlacesField(element, people(), "users"),
  multi_channels_select: (element) => manyPlacesField(element, places(), "channels"),
  multi_conversations_select: (element) => manyPlacesField(element, places(), "conversations"),
  rich_text_input: (element) => richField(element),
  file_input: (element) => filesField(element),
};

export const isField = (type) => Object.hasOwn(MAKERS, type);

/** @returns {Field} */
export const makeField = (element, suggest) => MAKERS[element.type](element, suggest);
