/** Interactive elements of blocks: buttons, overflow menus and everything that holds a value. */
import { el, icon, whileBusy } from "./dom.js";
import { confirmed } from "./dialogs.js";
import { isField, makeField } from "./fields.js";
import { openMenu } from "./menu.js";
import { link, plainWords, textNodes } from "./mrkdwn.js";

/**
 * Where blocks are shown and what a press there does.
 * @typedef {object} Surface
 * @property {(press: object) => Promise<unknown>} act sends one block action
 * @property {(question: object) => Promise<object[]>} suggest asks the app for options
 * @property {Map<string, object>} fields the fields drawn so far, by block_id and action_id
 */

export const fieldKey = (blockId, actionId) => JSON.stringify([blockId, actionId]);

/** What the fields hold, as `view.state.values` has it. @param {Map<string, any>} fields */
export function stateValues(fields) {
  const values = {};
  for (const field of fields.values()) (values[field.blockId] ??= {})[field.actionId] = field.read();
  return values;
}

/** Send one action after its own confirmation; the control reads as busy until the app has answered. */
async function send(surface, control, element, press) {
  if (element.confirm && !(await confirmed(element.confirm))) return;
  await whileBusy(control, () => surface.act({ action_id: element.action_id, ...press }));
}

function button(element, blockId, surface) {
  const name = element.accessibility_label;
  const control = el(
    "button",
    {
      type: "button",
      class: `button ${element.style ?? ""}`,
      "aria-label": name,
      title: name,
      dataset: { actionId: element.action_id ?? "", blockId },
      onclick: async () => {
        if (element.url) window.open(element.url, "_blank", "noopener,noreferrer");
        await send(surface, control, element, { block_id: blockId, value: element.value });
      },
    },
    ...textNodes(element.text),
  );
  return control;
}

function overflow(element, blockId, surface) {
  const pick = async (option) => {
    if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
    await send(surface, control, element, { block_id: blockId, value: option.value });
  };
  const choices = element.options.map((option) => ({ label: plainWords(option.text), run: () => pick(option) }));
  const control = el(
    "button",
    {
      type: "button", class: "icon-button", "aria-label": "More choices", title: "More choices", "aria-haspopup": "menu",
      dataset: { actionId: element.action_id ?? "", blockId },
      onclick: () => openMenu(control, choices),
    },
    icon("more"),
  );
  return control;
}

const TEXTS = new Set(["plain_text_input", "email_text_input", "url_text_input", "number_input"]);
const PAUSE_MS = 300; // somebody who types is not interrupted at every letter

/** Send what a field holds when Slack would: a choice at once, a text at Enter or, where asked for, while it is typed. */
function dispatch(element, made, act) {
  if (!TEXTS.has(element.type)) return void made.node.addEventListener("change", act);
  const when = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  made.control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !when.includes("on_enter_pressed")) return;
    event.preventDefault(); // Enter belongs to the action, not to the form around it
    act();
  });
  made.control.addEventListener("input", () => {
    clearTimeout(timer);
    if (when.includes("on_character_entered")) timer = setTimeout(act, PAUSE_MS);
  });
}

/**
 * A field, remembered by the surface. Outside input blocks every change is sent as an action.
 * @param {object} element
 * @param {{blockId: string, surface: Surface, name: string, dispatches: boolean}} place
 */
export function field(element, { blockId, surface, name, dispatches }) {
  const suggest = (query) => surface.suggest({ block_id: blockId, action_id: element.action_id, value: query });
  const made = makeField(element, suggest);
  surface.fields.set(fieldKey(blockId, element.action_id), { ...made, blockId, actionId: element.action_id, type: element.type });
  made.control.dataset.actionId = element.action_id ?? "";
  if (!made.control.hasAttribute("aria-label") && name) made.control.setAttribute("aria-label", name);
  if (dispatches) dispatch(element, made, () => void send(surface, made.control, element, { block_id: blockId, value: made.read() }));
  return made;
}

const nameOf = (element) => (element.placeholder ? plainWords(element.placeholder) : element.type.replaceAll("_", " "));

const ELEMENTS = {
  button,
  overflow,
  workflow_button: button,
  icon_button: (element, blockId, surface) => button({ ...element, text: element.text ?? { type: "plain_text", text: element.icon } }, blockId, surface),
  feedback_buttons: (element, blockId, surface) => {
    const two = [element.positive_button, element.negative_button];
    return el("span", { class: "row" }, ...two.map((one) => button({ ...one, action_id: element.action_id }, blockId, surface)));
  },
  url_source: (element) => link(element.url, [element.text ?? element.url]),
};

/** Any interactive element as a node; an unknown one is said aloud rather than left out. */
export function elementNode(element, blockId, surface) {
  if (isField(element.type)) return field(element, { blockId, surface, name: nameOf(element), dispatches: true }).node;
  if (Object.hasOwn(ELEMENTS, element.type)) return ELEMENTS[element.type](element, blockId, surface);
  return el("span", { class: "unknown" }, `Unknown element "${element.type}"`);
}
