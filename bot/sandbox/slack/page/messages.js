/** One message as an article: who, when, text or blocks, files, reactions, its thread and its actions. */
import { post } from "./api.js";
import { blockNodes } from "./blocks.js";
import { el, icon, iconButton } from "./dom.js";
import { emoji } from "./emoji.js";
import { openMenu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { sharedFile } from "./pictures.js";
import { bot, me, session, userName } from "./session.js";
import { clockTime, fullTime } from "./time.js";
import { orToast } from "./toasts.js";

const HUES = 6; // as many avatar colours as blocks.css has

/** The picture of a person or the app: an initial on a colour that belongs to the member. */
export function avatar(name, isBot = false) {
  const place = session.state.members.findIndex((member) => member.name === name);
  const hue = (place < 0 ? HUES - 1 : place) % HUES;
  const inside = isBot ? icon("shield") : [...name][0]?.toUpperCase();
  return el("span", { class: `avatar ${isBot ? "app" : `hue-${hue}`}`, "aria-hidden": "true" }, inside);
}

/** What a press in `message` does: it goes to the app as the acting member's. */
function surfaceOf(message, channel) {
  const place = { channel, ts: message.ts, ephemeral: Boolean(message.ephemeral) };
  return {
    fields: new Map(),
    act: (press) => orToast(() => post("press", { user: me().id, ...place, ...press })),
    suggest: async (question) => (await post("options", { user: me().id, ...place, ...question })).options ?? [],
  };
}

/** A message without blocks shows its text; so does one whose blocks are missing on purpose. */
function content(message, channel) {
  const blocks = message.blocks ?? [];
  if (blocks.length) return el("div", { class: "blocks" }, ...blockNodes(blocks, surfaceOf(message, channel)));
  if (!message.text) return null;
  return el("div", { class: "text", dir: "auto" }, ...mrkdwn(message.text));
}

function heading(message) {
  const name = message.name || userName(message.user);
  return el(
    "div",
    { class: "message-head" },
    el("span", { class: "author", dir: "auto" }, name),
    message.is_bot && el("span", { class: "badge" }, "APP"),
    el("time", { class: "when", title: fullTime(message.ts) }, clockTime(message.ts)),
  );
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  const one = (reaction) => el("span", { class: "reaction", title: (reaction.users ?? []).map(userName).join(", ") }, `${emoji(reaction.name)} ${reaction.count ?? reaction.users?.length ?? 1}`);
  return el("div", { class: "row" }, ...message.reactions.map(one));
}

function threadLink(message, openThread) {
  const count = message.reply_count ?? message.replies?.length ?? 0;
  if (!count) return null;
  const last = message.replies?.at(-1);
  const words = `${count} ${count === 1 ? "reply" : "replies"}`;
  return el(
    "button",
    { type: "button", class: "thread-link", onclick: () => openThread(message.ts) },
    el("strong", {}, words),
    last && el("span", { class: "when" }, `last at ${clockTime(last.ts)}`),
  );
}

/** Reply, and the app's message shortcuts. */
function tools(message, channel, openThread) {
  const shortcuts = session.state.shortcuts.filter((shortcut) => shortcut.type === "message");
  const run = (shortcut) => () =>
    orToast(() => post("shortcut", { user: me().id, callback_id: shortcut.callback_id, channel, ts: message.ts }));
  const choices = shortcuts.map((shortcut) => ({ label: shortcut.name, run: run(shortcut) }));
  const more = choices.length > 0 && iconButton("more", "More actions", () => openMenu(more, choices), { "aria-haspopup": "menu" });
  const reply = openThread && iconButton("reply", "Reply in thread", () => openThread(message.ts));
  return (reply || more) && el("div", { class: "tools", role: "group", "aria-label": "Message actions" }, reply, more);
}

function ephemeralNote(dismiss, message) {
  return el(
    "div",
    { class: "only-you" },
    icon("eye"),
    el("span", {}, "Only visible to you"),
    el("button", { type: "button", class: "quiet-link", onclick: () => dismiss(message) }, "Dismiss"),
  );
}

/**
 * @param {any} message as the page API gives it
 * @param {{channel: string, openThread: ((ts: string) => void)|null, dismiss: (message: any) => void}} place
 */
export function messageNode(message, { channel, openThread, dismiss }) {
  const name = message.name || userName(message.user);
  const files = message.files?.length > 0 && el("div", { class: "files" }, ...message.files.map(sharedFile));
  const marks = message.edited && el("span", { class: "edited" }, "(edited)");
  const body = el(
    "div",
    { class: "message-body" },
    message.ephemeral && ephemeralNote(dismiss, message),
    heading(message),
    content(message, channel),
    files,
    marks,
    reactions(message),
    openThread && !message.ephemeral && threadLink(message, openThread),
  );
  const props = {
    class: `message${message.ephemeral ? " ephemeral" : ""}`,
    tabindex: "-1",
    "aria-label": `${name}, ${clockTime(message.ts)}`,
    dataset: { ts: message.ts, user: message.user ?? bot().id },
  };
  return el("article", props, avatar(name, message.is_bot), body, !message.ephemeral && tools(message, channel, openThread));
}
