/** The rich_text block: text that was structured by its sender, so nothing in it is parsed. */
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, mention } from "./mrkdwn.js";
import { channelName, groupName, userName } from "./session.js";
import { dateWords } from "./time.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf) => link(leaf.url, [leaf.text || leaf.url]),
  emoji: (leaf) => emoji(leaf.name),
  user: (leaf) => mention(`@${userName(leaf.user_id)}`),
  channel: (leaf) => mention(`#${channelName(leaf.channel_id)}`),
  usergroup: (leaf) => mention(`@${groupName(leaf.usergroup_id)}`),
  broadcast: (leaf) => mention(`@${leaf.range}`),
  date: (leaf) => el("time", {}, dateWords(leaf.timestamp, leaf.format ?? "{date}", leaf.fallback ?? "")),
  color: (leaf) => el("code", {}, leaf.value),
};

function leafNode(leaf) {
  let node = LEAVES[leaf.type]?.(leaf) ?? `[unknown: ${leaf.type}]`;
  for (const [style, tag] of Object.entries(STYLE_TAGS)) {
    if (leaf.style?.[style]) node = el(tag, {}, node);
  }
  return node;
}

const leaves = (part) => (part.elements ?? []).map(leafNode);

const PARTS = {
  rich_text_section: (part) => el("p", { class: "lines" }, ...leaves(part)),
  rich_text_preformatted: (part) => el("pre", {}, ...leaves(part)),
  rich_text_quote: (part) => el("blockquote", { class: "lines" }, ...leaves(part)),
  rich_text_list: (part) => {
    const props = { class: `indent-${Math.min(part.indent ?? 0, 4)}`, start: part.offset ? part.offset + 1 : null };
    const items = (part.elements ?? []).map((item) => el("li", {}, ...leaves(item)));
    return el(part.style === "ordered" ? "ol" : "ul", props, ...items);
  },
};

/** Nodes of a rich_text block. */
export function richText(block) {
  return (block.elements ?? []).map((part) => PARTS[part.type]?.(part) ?? el("p", {}, `[unknown: ${part.type}]`));
}
