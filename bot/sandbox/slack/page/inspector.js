/** What stands beside the conversation on request: the log of calls and deliveries, and what Clarifai holds. */
import { get } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { recordTable } from "./tables.js";
import { secondsTime } from "./time.js";
import { orToast } from "./toasts.js";

const KEPT = 200; // as many as the server keeps
const SHOWN = { all: () => true, calls: (entry) => entry.kind === "api", deliveries: (entry) => entry.kind === "delivery", failed: (entry) => !entry.ok };
let shown = "all";

/** JSON with one thing per line; what was cut off by the server is no JSON any more and stays as it is. */
function spread(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 1);
  } catch {
    return text;
  }
}

const side = (title, text) => text && [el("h4", {}, title), el("pre", {}, spread(text))];

/** @param {{at: string, kind: string, name: string, ok: boolean, error?: string, ms: number, sent: string, answered?: string}} entry */
function entryNode(entry) {
  const call = entry.kind === "api";
  const line = el(
    "summary",
    { class: "log-line" },
    el("time", { class: "when", datetime: entry.at }, secondsTime(new Date(entry.at))),
    el("span", { class: "badge" }, call ? "call" : entry.kind),
    el("span", { class: "log-name" }, entry.name),
    el("span", { class: "log-state" }, entry.ok ? `${entry.ms} ms` : entry.error || "failed"),
  );
  const details = [...(side(call ? "Asked" : "Delivered", entry.sent) || []), ...(side("Answered", entry.answered) || [])];
  const props = { class: `log-entry ${entry.ok ? "" : "failed"}`, hidden: !SHOWN[shown](entry), dataset: { kind: entry.kind, ok: String(entry.ok) } };
  return el("li", props, el("details", {}, line, el("div", { class: "log-details" }, ...details)));
}

function filter() {
  const choose = (event) => {
    shown = event.target.value;
    for (const item of byId("log-list").children) item.hidden = !SHOWN[shown]({ kind: item.dataset.kind, ok: item.dataset.ok === "true" });
  };
  const options = Object.keys(SHOWN).map((name) => el("option", { value: name, selected: name === shown }, name));
  return el("label", { class: "control-line" }, "Show", el("select", { class: "select", id: "log-filter", onchange: choose }, ...options));
}

/** Read the log anew into the side panel. */
export async function openLog() {
  await orToast(async () => {
    const { log } = await get("log");
    const list = el("ol", { class: "log", id: "log-list" }, ...log.toReversed().map(entryNode));
    const words = el("p", { class: "hint" }, "Web API calls of the bot and deliveries to it, newest first. Press one to see what was said.");
    fill(byId("side-body"), words, filter(), list);
  });
}

/** One more entry, when the log is open. */
export function addLogEntry(entry) {
  const list = byId("log-list");
  if (!list) return;
  list.prepend(entryNode(entry));
  while (list.children.length > KEPT) list.lastChild.remove();
}

/** What a message is made of. */
export function drawSource(message) {
  const { replies, ...own } = message;
  fill(byId("side-body"), el("pre", { class: "source", tabindex: "0", "aria-label": "JSON of the message" }, JSON.stringify(own, null, 2)));
}

/** A list is one table; an object of lists is a table each, under its name. */
function holdings(answer) {
  if (Array.isArray(answer)) return [["", answer]];
  const lists = Object.entries(answer).filter(([, value]) => Array.isArray(value));
  const single = Object.fromEntries(Object.entries(answer).filter(([, value]) => !Array.isArray(value)));
  return [...(Object.keys(single).length ? [["", [single]]] : []), ...lists];
}

function holdingNodes([name, rows]) {
  const title = name && el("h3", {}, name.replaceAll("_", " "));
  if (!rows.length) return [title, el("p", { class: "empty" }, "Nothing yet.")];
  const records = rows.map((row) => (typeof row === "object" && row !== null ? row : { value: row }));
  return [title, recordTable(records, name || "What Clarifai now holds")];
}

/** Ask what Clarifai holds and show it in the side panel. Errors are the caller's. */
export async function drawHolds() {
  const answer = await get("holds");
  fill(byId("side-body"), el("div", { id: "holds" }, ...holdings(answer).flatMap(holdingNodes).filter(Boolean)));
}
