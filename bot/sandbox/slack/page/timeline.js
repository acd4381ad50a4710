/** A scrolling list of messages that is renewed in place: only what changed is drawn again. */
import { el } from "./dom.js";
import { messageNode } from "./messages.js";
import { dayKey, dayName, moment } from "./time.js";

const FIRST_SHOWN = 120; // a channel of thousands opens as fast as one of a hundred
const SHOWN_MORE = 200;
const NEAR_END_PX = 90;
const SAME_BREATH_MS = 180_000; // messages of one author this close share one heading

export class Timeline {
  /** @type {Map<string, {message: any, node: HTMLElement}>} what is drawn, by key */
  #drawn = new Map();
  #items = [];
  #shown = FIRST_SHOWN;
  #stuck = true;
  #lastTop = 0;

  /**
   * @param {HTMLElement} frame the scrolling element
   * @param {(message: any) => HTMLElement} draw
   * @param {HTMLElement|null} newer shown while unseen messages wait below
   */
  constructor(frame, draw, newer = null) {
    this.frame = frame;
    this.draw = draw;
    this.newer = newer;
    this.list = el("div", { class: "timeline" });
    frame.replaceChildren(this.list);
    frame.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Pictures grow when they arrive; somebody at the end stays at the end.
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(this.list);
    new ResizeObserver(() => this.#stuck && this.toEnd()).observe(frame);
    newer?.addEventListener("click", () => this.toEnd());
  }

  /** Forget everything: another channel comes. */
  reset() {
    this.#drawn.clear();
    this.list.replaceChildren();
    this.#shown = FIRST_SHOWN;
    this.#stuck = true;
  }

  /** @param {any[]} messages oldest first */
  show(messages) {
    const grew = messages.length > this.#items.length;
    this.#items = messages;
    this.#draw();
    if (this.#stuck) this.toEnd();
    else if (grew && this.newer) this.newer.hidden = false;
  }

  toEnd() {
    this.#stuck = true;
    this.frame.scrollTop = this.frame.scrollHeight;
    if (this.newer) this.newer.hidden = true;
  }

  /** Bring a message into view and give it the focus; false when it does not stand here. */
  reveal(ts) {
    const at = this.#items.findIndex((message) => message.ts === ts && !message.ephemeral);
    if (at < 0) return false;
    this.#stuck = false;
    this.#shown = Math.max(this.#shown, this.#items.length - at);
    this.#draw();
    const article = this.list.querySelector(`article[data-ts="${CSS.escape(ts)}"]`);
    article.scrollIntoView({ block: "center" });
    article.focus({ preventScroll: true });
    return true;
  }

  #scrolled() {
    const nearEnd = this.frame.scrollHeight - this.frame.scrollTop - this.frame.clientHeight < NEAR_END_PX;
    // Only somebody who scrolls up leaves the end; pictures that arrive push the end away by themselves.
    this.#stuck = nearEnd || (this.#stuck && this.frame.scrollTop >= this.#lastTop);
    this.#lastTop = this.frame.scrollTop;
    if (this.#stuck && this.newer) this.newer.hidden = true;
    if (this.frame.scrollTop < 40 && this.#items.length > this.#shown) this.#earlier();
  }

  #earlier() {
    const below = this.frame.scrollHeight - this.frame.scrollTop;
    this.#shown += SHOWN_MORE;
    this.#draw();
    this.frame.scrollTop = this.frame.scrollHeight - below;
  }

  #draw() {
    const visible = this.#items.slice(-this.#shown);
    const focus = focusInside(this.list);
    const nodes = visible.map((message) => this.#nodeFor(message));
    const keep = new Set(visible.map(keyOf));
    for (const key of this.#drawn.keys()) if (!keep.has(key)) this.#drawn.delete(key);
    place(this.list, withDays(visible, nodes, this.#items.length > this.#shown));
    focus?.();
  }

  #nodeFor(message) {
    const known = this.#drawn.get(keyOf(message));
    if (known?.message === message) return known.node;
    const node = this.draw(message);
    this.#drawn.set(keyOf(message), { message, node });
    return node;
  }
}

const keyOf = (message) => `${message.ephemeral ? "e" : "m"}${message.ts}`;

/** Put `nodes` into `list` in order, moving nothing that already stands right. */
function place(list, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

function withDays(messages, nodes, hasEarlier) {
  const out = hasEarlier ? [el("div", { class: "earlier" }, "Scroll up for earlier messages")] : [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || dayKey(before.ts) !== dayKey(message.ts);
    if (newDay) out.push(el("div", { class: "day", role: "separator" }, el("span", {}, dayName(message.ts))));
    nodes[index].classList.toggle("follows", !newDay && sameBreath(before, message));
    out.push(nodes[index]);
  });
  return out;
}

function sameBreath(before, message) {
  const sameAuthor = before.user === message.user && !before.ephemeral && !message.ephemeral;
  return sameAuthor && moment(message.ts) - moment(before.ts) < SAME_BREATH_MS;
}

/** When the focused control is about to be drawn again, a way to put the focus back on its successor. */
function focusInside(list) {
  const active = document.activeElement;
  const article = active?.closest("article");
  if (!article || !list.contains(article)) return null;
  const { ts } = article.dataset;
  const { actionId } = active.dataset;
  return () => {
    if (active.isConnected) return;
    const successor = list.querySelector(`article[data-ts="${CSS.escape(ts)}"]`);
    const same = actionId && successor?.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
    (same || successor)?.focus({ preventScroll: true });
  };
}

/** A timeline whose messages stand in `channel` (asked anew for each message). */
export function channelTimeline(frame, { channel, openThread, dismiss, inspect, newer }) {
  const draw = (message) => messageNode(message, { channel: channel(), openThread, dismiss, inspect });
  const timeline = new Timeline(frame, draw, newer);
  frame.addEventListener("keydown", walk);
  return timeline;
}

/** Up and down walk from message to message when one of them (or the list) has the focus. */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const onMessage = event.target === event.currentTarget || event.target.matches("article");
  if (!step || !onMessage) return;
  const all = [...event.currentTarget.querySelectorAll("article")];
  const at = all.indexOf(event.target);
  const next = at < 0 ? all.at(-1) : all[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
