/** One message as an article: who, when, text or blocks, files, reactions, its thread and its actions. */
import { post } from "./api.js";
import { blockNodes } from "./blocks.js";
import { el, icon, iconButton } from "./dom.js";
import { QUICK, emoji } from "./emoji.js";
import { openMenu } from "./menu.js";
import { link, mrkdwn } from "./mrkdwn.js";
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

/** A message without blocks shows its text; so does one whose blocks are missing on purpose. Attachments follow. */
function content(message, channel) {
  const surface = surfaceOf(message, channel);
  const blocks = message.blocks ?? [];
  const text = !blocks.length && message.text && el("div", { class: "text", dir: "auto" }, ...mrkdwn(message.text));
  const main = blocks.length ? el("div", { class: "blocks" }, ...blockNodes(blocks, surface)) : text;
  return [main, ...(message.attachments ?? []).map((one) => attachment(one, surface))];
}

/** The older way of showing more under a message: blocks, or a title and a text, behind a coloured line. */
function attachment(one, surface) {
  const words = (text) => text && el("div", { class: "text", dir: "auto" }, ...mrkdwn(text));
  const title = one.title && el("strong", { dir: "auto" }, ...(one.title_link ? [link(one.title_link, [one.title])] : [one.title]));
  const inside = one.blocks?.length ? blockNodes(one.blocks, surface) : [words(one.pretext), title, words(one.text), words(one.footer)];
  const node = el("div", { class: "attachment" }, ...inside);
  if (/^#?[0-9a-f]{6}$/i.test(one.color ?? "")) node.style.borderColor = `#${one.color.replace("#", "")}`;
  return node;
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

const react = (message, channel, name) => orToast(() => post("react", { user: me().id, channel, ts: message.ts, name }));

/** The emoji under a message; a press adds one's own or takes it back. */
function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  const one = ({ name, users, count }) => {
    const who = users.map(userName).join(", ");
    const props = { type: "button", class: "reaction", title: who, "aria-label": `${name}, ${who}`, "aria-pressed": String(users.includes(me().id)) };
    return el("button", { ...props, onclick: () => react(message, channel, name) }, emoji(name), ` ${count}`);
  };
  return el("div", { class: "row reactions" }, ...message.reactions.map(one));
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

/** React, reply, the app's message shortcuts, and a look at what the message is made of. */
function tools(message, channel, { openThread, inspect }) {
  const shortcuts = session.state.shortcuts.filter((shortcut) => shortcut.type === "message");
  const run = (shortcut) => () =>
    orToast(() => post("shortcut", { user: me().id, callback_id: shortcut.callback_id, channel, ts: message.ts }));
  const remove = (files) => () => orToast(() => post("delete", { user: me().id, channel, ts: message.ts, files }));
  const mine = me().is_admin || message.user === me().id;
  const choices = [
    ...shortcuts.map((shortcut) => ({ label: shortcut.name, run: run(shortcut) })),
    { label: "Look at it as JSON", run: () => inspect(message) },
    ...(mine && message.files?.length ? [{ label: "Delete its files", run: remove(true) }] : []),
    ...(mine ? [{ label: "Delete message", run: remove(false) }] : []),
  ];
  const more = iconButton("more", "More actions", () => openMenu(more, choices), { "aria-haspopup": "menu" });
  const quick = QUICK.map((name) => ({ label: `${emojiText(name)} ${name.replaceAll("_", " ")}`, run: () => react(message, channel, name) }));
  const smile = iconButton("smile", "Add a reaction", () => openMenu(smile, quick), { "aria-haspopup": "menu" });
  const reply = openThread && iconButton("reply", "Reply in thread", () => openThread(message.ts));
  return el("div", { class: "tools", role: "group", "aria-label": "Message actions" }, smile, reply, more);
}

const emojiText = (name) => el("span", {}, emoji(name)).textContent;

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
 * @param {{channel: string, openThread: ((ts: string) => void)|null, dismiss: (message: any) => void,
 *   inspect: (message: any) => void}} place
 */
export function messageNode(message, { channel, openThread, dismiss, inspect }) {
  const name = message.name || userName(message.user);
  const files = message.files?.length > 0 && el("div", { class: "files" }, ...message.files.map(sharedFile));
  const marks = message.edited && el("span", { class: "edited" }, "(edited)");
  const body = el(
    "div",
    { class: "message-body" },
    message.ephemeral && ephemeralNote(dismiss, message),
    heading(message),
    ...content(message, channel),
    files,
    marks,
    reactions(message, channel),
    openThread && !message.ephemeral && threadLink(message, openThread),
  );
  const props = {
    class: `message${message.ephemeral ? " ephemeral" : ""}`,
    tabindex: "-1",
    "aria-label": `${name}, ${clockTime(message.ts)}`,
    dataset: { ts: message.ts, user: message.user ?? bot().id },
  };
  return el("article", props, avatar(name, message.is_bot), body, !message.ephemeral && tools(message, channel, { openThread, inspect }));
}
