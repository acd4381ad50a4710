/** What stands beside the conversation on request: the log of calls and deliveries, and what Clarifai holds. */
import { get } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { recordTable } from "./tables.js";
import { secondsTime } from "./time.js";
import { orToast } from "./toasts.js";

const KEPT = 200; // as many as the server keeps
/** What an entry says at its end: how long it took, or why it failed. */
function outcome(entry) {
  if (!entry.ok) return entry.detail || "failed";
  return `${entry.ms} ms`;
}

/** @param {{at: string, kind: string, name: string, ok: boolean, detail: string, ms: number}} entry */
function entryNode(entry) {
  return el(
    "li",
    { class: `log-entry ${entry.ok ? "" : "failed"}` },
    el("time", { class: "when", datetime: entry.at }, secondsTime(new Date(entry.at))),
    el("span", { class: "badge" }, entry.kind === "api" ? "call" : entry.kind),
    el("span", { class: "log-name" }, entry.name),
    el("span", { class: "log-state" }, outcome(entry)),
  );
}

/** Read the log anew into the side panel. */
export async function openLog() {
  await orToast(async () => {
    const { log } = await get("log");
    const list = el("ol", { class: "log", id: "log-list" }, ...log.toReversed().map(entryNode));
    fill(byId("side-body"), el("p", { class: "hint" }, "Web API calls of the bot and deliveries to it, newest first."), list);
  });
}

/** One more entry, when the log is open. */
export function addLogEntry(entry) {
  const list = byId("log-list");
  if (!list) return;
  list.prepend(entryNode(entry));
  while (list.children.length > KEPT) list.lastChild.remove();
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
