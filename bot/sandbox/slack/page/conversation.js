/** The messages of the open channel, kept in step with the server's events. */
import { get } from "./api.js";
import { me, session } from "./session.js";

const byTs = (one, other) => (one.ts < other.ts ? -1 : Number(one.ts > other.ts));
const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** The object already drawn when nothing about it changed, so that it need not be drawn again. */
const kept = (known, message) => (known && JSON.stringify(known) === JSON.stringify(message) ? known : message);

export class Conversation {
  /** @type {Map<string, any>} top-level messages by ts */
  #top = new Map();
  /** @type {any[]} notes only the acting member sees */
  #notes = [];
  #dismissed = new Set();

  /** @type {Set<(() => void)[]>} per load under way: what has happened since, to be done again on top of its answer */
  #loads = new Set();

  /** @param {() => void} changed called after every change */
  constructor(changed) {
    this.changed = changed;
  }

  /**
   * Read the open channel anew. A channel left in the meantime is not drawn over the new one, and an answer that
   * is older than an event which overtook it does not undo that event.
   */
  async load() {
    const channel = session.channel;
    const meanwhile = [];
    this.#loads.add(meanwhile);
    try {
      const answer = await get("messages", { user: me().id, channel });
      if (session.channel !== channel) return;
      this.#top = new Map(answer.messages.map((message) => [message.ts, kept(this.#top.get(message.ts), message)]));
      const notes = new Map(this.#notes.map((note) => [note.ts, note]));
      this.#notes = answer.ephemerals.map((note) => kept(notes.get(note.ts), { ...note, ephemeral: true }));
    } finally {
      this.#loads.delete(meanwhile);
    }
    for (const again of meanwhile) again();
    this.changed();
  }

  #remember(again) {
    for (const meanwhile of this.#loads) meanwhile.push(again);
  }

  clear() {
    this.#top.clear();
    this.#notes = [];
    this.#loads.clear();
  }

  /** What stands in the channel: top-level messages and the notes outside threads, oldest first. */
  timeline() {
    return [...this.#top.values(), ...this.#visibleNotes((note) => !isReply(note))].sort(byTs);
  }

  /** A thread: its first message, replies and notes, oldest first; empty when the first is gone. */
  thread(ts) {
    const parent = this.#top.get(ts);
    if (!parent) return [];
    const notes = this.#visibleNotes((note) => isReply(note) && note.thread_ts === ts);
    return [parent, ...[...(parent.replies ?? []), ...notes].sort(byTs)];
  }

  dismiss(note) {
    this.#dismissed.add(note.ts);
    this.changed();
  }

  #visibleNotes(wanted) {
    return this.#notes.filter((note) => wanted(note) && !this.#dismissed.has(note.ts));
  }

  /** @param {any} message a new or changed message of this channel */
  put(message) {
    this.#remember(() => this.put(message));
    if (!isReply(message)) {
      const known = this.#top.get(message.ts);
      const thread = { replies: message.replies ?? known?.replies, reply_count: message.reply_count ?? known?.reply_count };
      this.#top.set(message.ts, { ...message, ...thread });
    } else {
      this.#withReplies(message.thread_ts, (replies) => [...replies.filter((reply) => reply.ts !== message.ts), message].sort(byTs));
    }
    this.changed();
  }

  /** @param {any} note a new or replaced ephemeral message */
  putNote(note) {
    this.#remember(() => this.putNote(note));
    this.#notes = [...this.#notes.filter((known) => known.ts !== note.ts), { ...note, ephemeral: true }];
    this.changed();
  }

  /** @param {string} ts of a message, reply or note that is gone */
  remove(ts) {
    this.#remember(() => this.remove(ts));
    this.#top.delete(ts);
    this.#notes = this.#notes.filter((note) => note.ts !== ts);
    for (const parent of [...this.#top.values()]) {
      if (parent.replies?.some((reply) => reply.ts === ts)) {
        this.#withReplies(parent.ts, (replies) => replies.filter((reply) => reply.ts !== ts));
      }
    }
    this.changed();
  }

  #withReplies(parentTs, change) {
    const parent = this.#top.get(parentTs);
    if (!parent) return;
    const replies = change(parent.replies ?? []);
    this.#top.set(parentTs, { ...parent, replies, reply_count: replies.length });
  }
}
