/** The markdown block: the part of standard Markdown that bots write. Raw HTML stays text. */
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "\\*\\*(?<bold>[^\\n]+?)\\*\\*",
    "(?<![\\w*])[*_](?<italic>[^\\s*_][^*_\\n]*)[*_](?![\\w*])",
    "~~(?<strike>[^~\\n]+)~~",
    "\\[(?<label>[^\\]\\n]+)\\]\\((?<address>[^)\\s]+)\\)",
    "(?<bare>https?://[^\\s<>)]+)",
    ":(?<emoji>[a-z0-9_+-]+):",
  ].join("|"),
  "g",
);

function mark(groups) {
  if (groups.code) return el("code", {}, groups.code);
  if (groups.bold) return el("strong", {}, ...inline(groups.bold));
  if (groups.italic) return el("em", {}, ...inline(groups.italic));
  if (groups.strike) return el("s", {}, ...inline(groups.strike));
  if (groups.label) return link(groups.address, inline(groups.label));
  if (groups.bare) return link(groups.bare, [groups.bare]);
  return emoji(groups.emoji);
}

function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(at, match.index), mark(match.groups));
    at = match.index + match[0].length;
  }
  return [...nodes, text.slice(at)];
}

const LINE_KINDS = [
  ["heading", /^(#{1,6})\s+(.*)$/],
  ["rule", /^(?:-{3,}|\*{3,}|_{3,})$/],
  ["quote", /^>\s?(.*)$/],
  ["bullet", /^\s*[-*+]\s+(.*)$/],
  ["number", /^\s*\d+[.)]\s+(.*)$/],
  ["blank", /^\s*$/],
];

function classify(line) {
  for (const [kind, pattern] of LINE_KINDS) {
    const match = pattern.exec(line);
    if (match) return { kind, match };
  }
  return { kind: "text", match: [line, line] };
}

/** Neighbouring lines of one kind belong to one paragraph, list or quote. */
function group(text) {
  const groups = [];
  for (const line of text.split("\n")) {
    const { kind, match } = classify(line);
    const last = groups.at(-1);
    if (last?.kind === kind && !["heading", "rule"].includes(kind)) last.matches.push(match);
    else groups.push({ kind, matches: [match] });
  }
  return groups;
}

const withBreaks = (matches) => matches.flatMap((match, index) => [index && el("br"), ...inline(match[1])]).filter(Boolean);
const items = (matches) => matches.map((match) => el("li", {}, ...inline(match[1])));
const GROUPS = {
  heading: ([match]) => el("p", { class: `md-heading md-${match[1].length}`, role: "heading", "aria-level": match[1].length + 2 }, ...inline(match[2])),
  rule: () => el("hr"),
  quote: (matches) => el("blockquote", {}, ...withBreaks(matches)),
  bullet: (matches) => el("ul", {}, ...items(matches)),
  number: (matches) => el("ol", {}, ...items(matches)),
  blank: () => null,
  text: (matches) => el("p", {}, ...withBreaks(matches)),
};

/** Nodes of a markdown text. */
export function markdown(text) {
  return text.split(/```[^\n]*\n([\s\S]*?)\n?```/).flatMap((part, index) => {
    if (index % 2) return [el("pre", {}, part)];
    return group(part).map(({ kind, matches }) => GROUPS[kind](matches)).filter(Boolean);
  });
}
