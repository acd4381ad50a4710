/** The app's modals: a stack of views, of which the last is shown. */
import { post } from "./api.js";
import { blockNodes } from "./blocks.js";
import { stateValues } from "./elements.js";
import { el, fill, freshId, iconButton, whileBusy } from "./dom.js";
import { textNodes } from "./mrkdwn.js";
import { me } from "./session.js";
import { orToast, toast } from "./toasts.js";

const CONTROLS = ["input", "textarea", "select", "button"];
const within = (place) => CONTROLS.map((tag) => `${place} ${tag}`).join(", ");
/** Where the focus begins: what is asked, before what only stands beside a text. */
const firstField = (form) => form.querySelector(within(".input-block")) ?? form.querySelector(within(".modal-body"));

/** @type {{view: any, fields: Map<string, any>, form: HTMLFormElement}[]} */
let stack = [];
let dialog = null;

function surfaceOf(view, fields) {
  const place = { user: me().id, view_id: view.id };
  return {
    fields,
    act: (press) => orToast(() => post("view/press", { ...place, ...press, values: stateValues(fields) })),
    suggest: async (question) => (await post("options", { ...place, ...question })).options ?? [],
  };
}

function head(view, level) {
  const title = el("h2", { id: level.titleId }, ...textNodes(view.title));
  return el("header", { class: "modal-head" }, title, iconButton("close", "Close dialog", () => leave(stack[0], { all: true })));
}

function foot(view, level) {
  const close = el("button", { type: "button", class: "button", onclick: () => leave(level) }, ...closeWords(view));
  const submit = view.submit && el("button", { type: "submit", class: "button primary" }, ...textNodes(view.submit));
  level.submit = submit;
  return el("footer", { class: "row end" }, close, submit);
}

const closeWords = (view) => (view.close ? textNodes(view.close) : [stack.length > 1 ? "Back" : "Close"]);

/** Draw one view; what was typed into fields that are still there is kept, as Slack keeps it. */
function draw(level, view) {
  const typed = level.fields;
  level.view = view;
  level.fields = new Map();
  const body = el("div", { class: "modal-body" }, ...blockNodes(view.blocks ?? [], surfaceOf(view, level.fields)));
  for (const [key, field] of level.fields) {
    const before = typed.get(key);
    if (before?.type === field.type) field.write(before.read());
  }
  const focused = level.form.contains(document.activeElement) ? document.activeElement.dataset.actionId : null;
  fill(level.form, head(view, level), body, foot(view, level));
  if (focused) level.form.querySelector(`[data-action-id="${CSS.escape(focused)}"]`)?.focus();
}

function newLevel(view) {
  const level = { view, fields: new Map(), titleId: freshId("modal-title"), submit: null, form: null };
  level.form = el("form", { novalidate: true, onsubmit: (event) => (event.preventDefault(), submit(level)) });
  return level;
}

function refresh() {
  const top = stack.at(-1);
  if (!top) {
    dialog?.close();
    return;
  }
  if (!dialog) open();
  dialog.setAttribute("aria-labelledby", top.titleId);
  if (dialog.firstChild !== top.form) fill(dialog, top.form);
  if (!top.form.querySelector(".modal-body").contains(document.activeElement)) {
    firstField(top.form)?.focus();
  }
}

function open() {
  dialog = el("dialog", { class: "modal" });
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape goes back one view; the server says what is left
    if (stack.length) leave(stack.at(-1));
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    dialog = null;
  });
  dialog.showModal();
}

/** A view the app opened, pushed or updated. */
export function showView(view) {
  const known = stack.find((level) => level.view.id === view.id);
  const level = known ?? newLevel(view);
  if (!known) stack = view.previous_view_id ? [...stack, level] : [level];
  draw(level, view);
  refresh();
}

/** A view that is gone, and with it those above; without an id, all of them. */
export function dropView(id) {
  const at = id ? stack.findIndex((level) => level.view.id === id) : 0;
  if (at >= 0) stack = stack.slice(0, at);
  refresh();
}

/** Close a view as the person; what stands beneath comes back. */
async function leave(level, { all = false } = {}) {
  dropView(level.view.id);
  await orToast(() => post("view/close", { user: me().id, view_id: level.view.id, all }));
}

async function submit(level) {
  if (!level.submit) return;
  showErrors(level, {});
  await whileBusy(level.submit, async () => {
    const question = { user: me().id, view_id: level.view.id, values: stateValues(level.fields) };
    await orToast(async () => {
      const answer = await post("view/submit", question);
      showErrors(level, answer.errors);
      if (answer.error) toast(answer.error, "error");
    });
  });
}

/** The app's objections beside their fields; the first one gets the focus. */
function showErrors(level, errors) {
  const places = [...level.form.querySelectorAll("[data-error-for]")];
  for (const place of places) place.textContent = errors[place.dataset.errorFor] ?? "";
  for (const field of level.fields.values()) field.control.setAttribute("aria-invalid", String(field.blockId in errors));
  const first = [...level.fields.values()].find((field) => field.blockId in errors);
  first?.control.focus();
  const elsewhere = Object.keys(errors).filter((id) => !places.some((place) => place.dataset.errorFor === id));
  for (const id of elsewhere) toast(errors[id], "error");
}

