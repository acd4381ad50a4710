/** Tables: the table block of a message, and plain lists of flat objects. */
import { el } from "./dom.js";
import { plainWords } from "./mrkdwn.js";
import { richText } from "./richtext.js";

function cellNodes(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  if (cell?.type === "raw_text") return [cell.text];
  if (cell?.text?.text) return [plainWords(cell.text)];
  return [String(cell?.text ?? cell?.value ?? "")];
}

/** A table block; its first row is its heading. */
export function tableBlock(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const align = (index) => block.column_settings?.[index]?.align ?? null;
  const line = (tag) => (row) => el("tr", {}, ...row.map((cell, index) => el(tag, { class: align(index) }, ...cellNodes(cell))));
  const caption = block.caption && el("caption", {}, typeof block.caption === "string" ? block.caption : plainWords(block.caption));
  const table = el("table", {}, caption, el("thead", {}, line("th")(head)), el("tbody", {}, ...rows.map(line("td"))));
  return el("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": "Table" }, table);
}

const isNumber = (value) => typeof value === "number";

function words(value) {
  if (value === null || value === undefined) return "";
  if (isNumber(value)) return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  if (Array.isArray(value)) return value.map(words).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/**
 * Any list of flat objects as a table; its columns are the keys in the order they first appear.
 * @param {object[]} rows
 * @param {string} name
 */
export function recordTable(rows, name) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const align = (column) => (isNumber(rows.find((row) => column in row)[column]) ? "right" : null);
  const heading = columns.map((column) => el("th", { scope: "col", class: align(column) }, column.replaceAll("_", " ")));
  const body = rows.map((row) =>
    el("tr", {}, ...columns.map((column) => el("td", { class: isNumber(row[column]) ? "right" : null, dir: "auto" }, words(row[column])))),
  );
  const table = el("table", { "aria-label": name }, el("thead", {}, el("tr", {}, ...heading)), el("tbody", {}, ...body));
  return el("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": name }, table);
}
