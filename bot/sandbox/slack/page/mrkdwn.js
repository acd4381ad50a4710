/**
 * Slack's mrkdwn as DOM nodes. The text arrives escaped (&amp; &lt; &gt;): marks are found in the escaped
 * text, and only what is left between them is unescaped, straight into text nodes. So `&lt;!channel&gt;`
 * stays words, and nothing a person typed can become a mention, a link or markup.
 */
import { el } from "./dom.js";
import { DRAWN_PATTERN, emoji, emojiCharacter } from "./emoji.js";
import { channelName, groupName, userName } from "./session.js";
import { dateWords } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
export const unescape = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

const FENCE = /```\n?([\s\S]*?)\n?```/;
const QUOTED = /^(?:&gt;|>) ?/;
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<token>[@#!][^<>\\n]+|(?:https?|mailto):[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>[^\\s*](?:[^*\\n]*[^\\s*])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^\\s_](?:[^_\\n]*[^\\s_])?)_(?![\\w_])",
    "(?<![\\w~])~(?<strike>[^\\s~](?:[^~\\n]*[^\\s~])?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+-]+):",
    `(?<drawn>${DRAWN_PATTERN})`,
  ].join("|"),
  "g",
);
const PLAIN_EMOJI = new RegExp(`(:[a-z0-9_+-]+:|${DRAWN_PATTERN})`);
const MARKS = {
  code: (text) => el("code", {}, unescape(text)),
  token: (text) => reference(text),
  bold: (text) => el("strong", {}, ...inline(text)),
  italic: (text) => el("em", {}, ...inline(text)),
  strike: (text) => el("s", {}, ...inline(text)),
  emoji: (name) => emoji(name),
  drawn: (character) => emojiCharacter(character),
};

/** Nodes for one run of text without line structure. */
export function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    const [kind, content] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    if (match.index > at) nodes.push(unescape(text.slice(at, match.index)));
    nodes.push(MARKS[kind](content));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(unescape(text.slice(at)));
  return nodes;
}

/** Nodes for a whole mrkdwn text: fences, quotes, lines. */
export function mrkdwn(text) {
  return text.split(FENCE).flatMap((part, index) => (index % 2 ? [el("pre", {}, unescape(part))] : lines(part)));
}

function lines(text) {
  const nodes = [];
  let quote = null;
  let needsBreak = false;
  for (const line of text.split("\n")) {
    if (QUOTED.test(line)) {
      if (quote) quote.append(el("br"));
      else nodes.push((quote = el("blockquote")));
      quote.append(...inline(line.replace(QUOTED, "")));
      needsBreak = false;
      continue;
    }
    if (needsBreak) nodes.push(el("br"));
    nodes.push(...inline(line));
    quote = null;
    needsBreak = true;
  }
  return nodes;
}

/** What stands between < and >: a user, a channel, a broadcast, a date or a link. */
function reference(token) {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? "" : token.slice(bar + 1);
  if (target.startsWith("@")) return mention(`@${userName(target.slice(1))}`);
  if (target.startsWith("#")) return mention(`#${label ? unescape(label) : channelName(target.slice(1))}`);
  if (target.startsWith("!")) return command(target.slice(1), unescape(label));
  return link(unescape(target), label ? inline(label) : [unescape(target).replace(/^mailto:/, "")]);
}

function command(target, label) {
  const [name, ...rest] = target.split("^");
  if (name === "date") return date(rest, label);
  if (["channel", "here", "everyone"].includes(name)) return mention(`@${name}`);
  if (name === "subteam") return mention(`@${groupName(rest[0])}`);
  return mention(label || `@${name}`);
}

function date([unix, pattern = "", address], fallback) {
  const words = el("time", { datetime: isoTime(unix) }, dateWords(unix, unescape(pattern), fallback));
  return address ? link(unescape(address), [words]) : words;
}

function isoTime(unix) {
  const at = new Date(Number(unix) * 1000);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export const mention = (words) => el("span", { class: "mention" }, words);

/** A link that opens elsewhere; an address that is not http(s) or mail stays text. */
export function link(address, children) {
  if (!/^(?:https?|mailto):/i.test(address)) return el("span", {}, ...children);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** A text object (`mrkdwn` or `plain_text`) as nodes. */
export function textNodes(text) {
  if (!text) return [];
  if (text.type === "mrkdwn") return mrkdwn(text.text ?? "");
  return plain(text.text ?? "");
}

/** Plain text: only emoji names are understood. */
export function plain(text) {
  return text.split(PLAIN_EMOJI).map((part, index) => {
    if (index % 2 === 0) return part;
    return part.startsWith(":") ? emoji(part.slice(1, -1)) : emojiCharacter(part);
  });
}

/** The words of a text object without any marks, for names and titles. */
export function plainWords(text) {
  const holder = el("span", {}, ...textNodes(text));
  return holder.textContent;
}
