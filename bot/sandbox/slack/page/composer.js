/** The box people write into: messages, and in channels slash commands with suggestions. */
import { post } from "./api.js";
import { Suggestions } from "./commands.js";
import { byId } from "./dom.js";
import { me, session, toWire } from "./session.js";
import { orToast, toast } from "./toasts.js";

const looksLikeCommand = (text) => /^\/[a-z]/i.test(text);

/** Send a command as the acting member. The answer, or that there was none, arrives as a note of the channel. */
export const sendCommand = (text) => post("slash", { user: me().id, channel: session.channel, text });

/**
 * @param {{box: HTMLTextAreaElement, form: HTMLFormElement, thread: () => string|null, sent: () => void}} parts
 */
export function composer({ box, form, thread, sent }) {
  const send = async () => {
    const text = box.value.trim();
    if (!text) return;
    if (thread() && looksLikeCommand(text)) {
      toast("Slash commands do not work in threads, in Slack neither. Write it in the channel.", "error");
      return;
    }
    box.value = "";
    resize(box);
    const done = await orToast(() => (looksLikeCommand(text) ? sendCommand(text) : say(text, thread())));
    if (!done && !box.value) box.value = text;
    sent();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  box.addEventListener("input", () => resize(box));
  box.addEventListener("keydown", (event) => {
    // While an input method composes a character, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    event.preventDefault();
    void send();
  });
}

function say(text, threadTs) {
  const place = { user: me().id, channel: session.channel };
  return post("say", { ...place, text: toWire(text), ...(threadTs && { thread_ts: threadTs }) });
}

function resize(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
}

/** Wire the box of the channel, with its command suggestions. */
export function channelComposer(sent) {
  const box = byId("message-box");
  new Suggestions(box, byId("command-list"), () => session.state.commands);
  composer({ box, form: byId("composer"), thread: () => null, sent });
}
