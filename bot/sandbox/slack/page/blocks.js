/** Block Kit as DOM: one small function per block type. */
import { chart } from "./charts.js";
import { elementNode, field } from "./elements.js";
import { el, freshId } from "./dom.js";
import { markdown } from "./markdown.js";
import { link, plainWords, textNodes } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./richtext.js";
import { tableBlock } from "./tables.js";

const words = (text, className) => el("div", { class: className, dir: "auto" }, ...textNodes(text));

function section(block, surface) {
  const fields = block.fields && el("div", { class: "fields" }, ...block.fields.map((text) => words(text, "text")));
  const body = el("div", { class: "section-body" }, block.text && words(block.text, "text"), fields);
  return el("div", { class: "section" }, body, block.accessory && accessory(block, surface));
}

function accessory(block, surface) {
  const one = block.accessory;
  const node = one.type === "image" ? picture(one, "thumbnail") : elementNode(one, block.block_id, surface);
  return el("div", { class: "accessory" }, node);
}

function contextPart(part) {
  if (part.type === "image") return picture(part, "tiny");
  return el("span", { class: "text", dir: "auto" }, ...textNodes(part));
}

/** An input with its label, hint and the place where the app's objection appears. */
function input(block, surface) {
  const element = block.element;
  const name = plainWords(block.label);
  const made = field(element, { blockId: block.block_id, surface, name: "", dispatches: Boolean(block.dispatch_action) });
  const ids = { control: freshId("input"), error: freshId("error"), hint: freshId("hint") };
  made.control.id = ids.control;
  made.control.setAttribute("aria-describedby", `${ids.error} ${ids.hint}`);
  const native = ["INPUT", "SELECT", "TEXTAREA"].includes(made.control.tagName);
  if (!native) made.control.setAttribute("aria-label", name);
  if (native && !block.optional) made.control.setAttribute("aria-required", "true");
  const label = el(native ? "label" : "div", { class: "label", for: native ? ids.control : null }, ...textNodes(block.label));
  if (block.optional) label.append(el("span", { class: "optional" }, " (optional)"));
  const error = el("div", { class: "field-error", id: ids.error, dataset: { errorFor: block.block_id } });
  const hint = block.hint && el("div", { class: "hint", id: ids.hint }, ...textNodes(block.hint));
  return el("div", { class: "input-block" }, label, made.node, error, hint);
}

function imageBlock(block) {
  const title = block.title && words(block.title, "image-title");
  return el("figure", { class: "image-block" }, title, picture(block, "large"));
}

function cardBlock(block, surface) {
  const actions = (block.actions ?? []).map((one) => elementNode(one, block.block_id, surface));
  return el(
    "div",
    { class: "card-block" },
    block.hero_image && picture(block.hero_image, "large"),
    block.title && words(block.title, "card-title"),
    block.subtitle && words(block.subtitle, "hint"),
    block.body && words(block.body, "text"),
    actions.length > 0 && el("div", { class: "row" }, ...actions),
  );
}

function container(block, surface) {
  const inner = blockNodes(block.child_blocks ?? [], surface);
  const title = block.title ? plainWords(block.title) : "More";
  if (!block.is_collapsible) return el("div", { class: "card-block" }, ...inner);
  return el("details", { class: "card-block", open: !block.default_collapsed }, el("summary", {}, title), ...inner);
}

const TASK_WORDS = { pending: "to do", in_progress: "under way", complete: "done", error: "failed" };

function task(block) {
  const sources = (block.sources ?? []).map((source) => link(source.url, [source.text]));
  return el(
    "div",
    { class: "task", dataset: { status: block.status } },
    el("strong", { dir: "auto" }, block.title),
    el("span", { class: "badge" }, TASK_WORDS[block.status] ?? block.status),
    ...[block.details, block.output].filter(Boolean).map((rich) => el("div", { class: "text rich" }, ...richText(rich))),
    sources.length > 0 && el("div", { class: "row" }, ...sources),
  );
}

const plan = (block) => el("div", { class: "card-block" }, el("strong", { class: "card-title", dir: "auto" }, block.title), ...(block.tasks ?? []).map(task));

/** A film is not played here: its title leads to it. */
function video(block) {
  const title = el("strong", {}, link(block.title_url ?? block.video_url, textNodes(block.title)));
  const about = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return el("div", { class: "card-block" }, title, about && el("span", { class: "hint" }, about), block.description && words(block.description, "text"));
}

const row = (block, surface) =>
  el("div", { class: "row" }, ...block.elements.map((one) => elementNode(one, block.block_id, surface)));

/** Renderers by block type; each takes the block and the surface it stands on. */
const BLOCKS = {
  section,
  header: (block) => el("div", { class: "header", role: "heading", "aria-level": "3", dir: "auto" }, ...textNodes(block.text)),
  context: (block) => el("div", { class: "context" }, ...block.elements.map(contextPart)),
  actions: row,
  context_actions: row,
  divider: () => el("hr"),
  image: imageBlock,
  input,
  rich_text: (block) => el("div", { class: "text rich", dir: "auto" }, ...richText(block)),
  markdown: (block) => el("div", { class: "text rich", dir: "auto" }, ...markdown(block.text)),
  table: tableBlock,
  data_table: tableBlock,
  alert: (block) => el("div", { class: `alert ${block.level ?? ""}`, role: "note" }, ...textNodes(block.text)),
  card: cardBlock,
  carousel: (block, surface) => el("div", { class: "carousel" }, ...blockNodes(block.elements ?? [], surface)),
  container,
  task_card: task,
  plan,
  video,
  file: (block) => el("div", { class: "file-chip" }, `File of another service: ${block.external_id}`),
  data_visualization: chart,
};

/**
 * Nodes for a list of blocks. A type this page does not know is said aloud: a test or a person must notice.
 * @param {object[]} blocks
 * @param {import("./elements.js").Surface} surface
 */
export function blockNodes(blocks, surface) {
  return blocks.map((block) => {
    const known = Object.hasOwn(BLOCKS, block.type);
    const node = known ? BLOCKS[block.type](block, surface) : el("div", { class: "unknown" }, `Unknown block "${block.type}"`);
    node.classList.add("block");
    node.dataset.blockId = block.block_id ?? "";
    return node;
  });
}
