"""The messages of every channel, their threads, and the notes only one member sees."""

import copy
from bisect import insort
from collections import defaultdict

from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Workspace


class MessageBook:
    """Messages by channel and `ts`; durable, except the notes for one member, which vanish as Slack's do."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._by_channel: dict[str, dict[str, Json]] = defaultdict(dict)
        self._threads: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.notes: list[Json] = []
        for key, message in workspace.archive.all("message").items():
            self._place(key.partition(" ")[0], message)
            workspace.remember_ts(message["ts"])

    def _place(self, channel_id: str, message: Json) -> None:
        self._by_channel[channel_id][message["ts"]] = message
        parent = message.get("thread_ts")
        if parent is not None and parent != message["ts"]:
            insort(self._threads[channel_id, parent], message["ts"])

    def _keep(self, channel_id: str, message: Json) -> None:
        self._workspace.archive.keep("message", f"{channel_id} {message['ts']}", message)

    def post(self, channel_id: str, message: Json) -> Json:
        """Add a message; it gets its `ts` here. A reply needs the message that begins its thread."""
        parent = self._parent_of(channel_id, message)
        message = {"type": "message", **message, "ts": self._workspace.next_ts()}
        self._place(channel_id, message)
        self._keep(channel_id, message)
        if parent is not None:
            self._count_reply(channel_id, parent, message)
        self._workspace.announce({"type": "message", "channel": channel_id, "ts": message["ts"]})
        return message

    def _parent_of(self, channel_id: str, message: Json) -> Json | None:
        thread_ts = message.get("thread_ts")
        if thread_ts is None:
            return None
        parent = self._by_channel[channel_id].get(thread_ts)
        if parent is None:
            raise ApiError("thread_not_found")
        message["thread_ts"] = parent.get("thread_ts", thread_ts)
        return self._by_channel[channel_id].get(message["thread_ts"])

    def _count_reply(self, channel_id: str, parent: Json, reply: Json) -> None:
        replies = self._threads[channel_id, parent["ts"]]
        parent["thread_ts"] = parent["ts"]
        parent["reply_count"] = len(replies)
        parent["latest_reply"] = reply["ts"]
        parent["reply_users"] = sorted({self._by_channel[channel_id][ts]["user"] for ts in replies})
        self._keep(channel_id, parent)

    def find(self, channel_id: str, ts: str) -> Json | None:
        return self._by_channel[channel_id].get(ts)

    def get(self, channel_id: str, ts: str) -> Json:
        """A message.

        Raises:
            ApiError: message_not_found.
        """
        message = self.find(channel_id, ts)
        if message is None:
            raise ApiError("message_not_found")
        return message

    def change(self, channel_id: str, ts: str, changes: Json) -> Json:
        """Put `changes` into a message; a value of None takes the key away."""
        message = self.get(channel_id, ts)
        for key, value in changes.items():
            if value is None:
                message.pop(key, None)
            else:
                message[key] = value
        self._keep(channel_id, message)
        self._workspace.announce({"type": "changed", "channel": channel_id, "ts": ts})
        return message

    def delete(self, channel_id: str, ts: str) -> Json:
        message = self.get(channel_id, ts)
        del self._by_channel[channel_id][ts]
        self._workspace.archive.drop("message", f"{channel_id} {ts}")
        thread = message.get("thread_ts")
        if thread is not None and thread != ts:
            self._threads[channel_id, thread].remove(ts)
            parent = self.find(channel_id, thread)
            if parent is not None:
                parent["reply_count"] = len(self._threads[channel_id, thread])
                self._keep(channel_id, parent)
        self._workspace.announce({"type": "deleted", "channel": channel_id, "ts": ts})
        return message

    def top_level(self, channel_id: str) -> list[Json]:
        """The messages outside threads and those also sent to the channel, oldest first."""
        return [message for message in self._by_channel[channel_id].values() if _in_channel(message)]

    def replies(self, channel_id: str, ts: str) -> list[Json]:
        """The replies in a thread without the message that begins it, oldest first."""
        return [self._by_channel[channel_id][reply] for reply in self._threads[channel_id, ts]]

    def add_note(self, channel_id: str, user_id: str, message: Json) -> Json:
        """Show a message to one member only."""
        note = {"type": "message", **message, "ts": self._workspace.next_ts(), "channel": channel_id, "to": user_id}
        self.notes.append(note)
        self._workspace.announce({"type": "ephemeral", "channel": channel_id, "ts": note["ts"], "user": user_id})
        return note

    def note(self, user_id: str, ts: str) -> Json | None:
        return next((note for note in self.notes if note["ts"] == ts and note["to"] == user_id), None)

    def change_note(self, note: Json, changes: Json) -> None:
        note.update(changes)
        change = {"type": "ephemeral", "channel": note["channel"], "ts": note["ts"], "user": note["to"]}
        self._workspace.announce(change)

    def drop_note(self, note: Json) -> None:
        self.notes.remove(note)
        change = {"type": "deleted", "channel": note["channel"], "ts": note["ts"], "user": note["to"]}
        self._workspace.announce(change)

    def copy_of(self, messages: list[Json]) -> list[Json]:
        """Messages for a reader outside the lock."""
        return copy.deepcopy(messages)


def _in_channel(message: Json) -> bool:
    thread = message.get("thread_ts")
    return thread is None or thread == message["ts"] or message.get("subtype") == "thread_broadcast"
