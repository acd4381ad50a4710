"""Acting as members and looking around, from any thread: each act returns when its delivery was answered or failed."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from bot.sandbox.slack.acts import commands, modal_acts, posting, pressing, reacting
from bot.sandbox.slack.acts.parts import PressAnswer, SlashAnswer, Stage, SubmitAnswer
from bot.sandbox.slack.acts.pressing import Wanted
from bot.sandbox.slack.assembly import Parts
from bot.sandbox.slack.people import MEMBERS
from bot.sandbox.slack.server import ServerThread
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.world import World

ADMIN = MEMBERS[0].id


class Hands(ABC):
    """What members do. Members go by id or handle, channels by id or name.

    An act that Slack would not offer raises `ApiError`; a press whose button is not there answers with the reason.
    """

    @abstractmethod
    def _running(self) -> tuple[Parts, ServerThread]: ...

    def _stage(self) -> tuple[Stage, ServerThread]:
        parts, server = self._running()
        return parts.stage, server

    def upload(
        self,
        user: str,
        channel: str,
        files: Sequence[tuple[str, bytes]],
        text: str = "",
        thread_ts: str | None = None,
    ) -> str:
        """Drop files (name, bytes) into one message; return its `ts`."""
        stage, server = self._stage()
        return server.run(posting.upload(stage, user, channel, files, text, thread_ts))

    def upload_odd(self, user: str, channel: str, name: str, kind: str) -> str:
        """Share a file without bytes: kind ``connect`` or ``remote``; return the message's `ts`."""
        stage, server = self._stage()
        return server.run(posting.upload_odd(stage, user, channel, name, kind))

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> str:
        stage, server = self._stage()
        return server.run(posting.say(stage, user, channel, text, thread_ts))

    def slash(self, user: str, channel: str, command: str, text: str = "") -> SlashAnswer:
        """Type a command; the answer is what the member saw at once."""
        stage, server = self._stage()
        return server.run(commands.slash(stage, user, channel, command, text))

    def react(self, user: str, channel: str, ts: str, name: str) -> None:
        """Put an emoji under a message, or take it away again."""
        stage, server = self._stage()
        server.run(reacting.react(stage, user, channel, ts, name))

    def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> PressAnswer:
        stage, server = self._stage()
        return server.run(commands.shortcut(stage, user, callback_id, channel, ts))

    def press(
        self,
        user: str,
        channel: str,
        ts: str,
        label: str | None = None,
        *,
        action_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,  # noqa: ANN401 - whatever the element takes
        seen: Json | None = None,
    ) -> PressAnswer:
        """Press a button by its visible text (exact, or the only one it begins) or its ids.

        `seen` is an earlier drawing of the message: the press is then of what stood there.
        """
        stage, server = self._stage()
        wanted = Wanted(label, action_id, block_id, value)
        try:
            return server.run(pressing.press(stage, user, channel, ts, wanted, seen))
        except ApiError as error:
            return PressAnswer(ok=False, error=error.code)

    def press_in_view(
        self,
        user: str,
        view_id: str,
        label: str | None = None,
        *,
        action_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,  # noqa: ANN401 - whatever the element takes
        values: Json | None = None,
    ) -> PressAnswer:
        """Press a button of a modal or of the Home tab."""
        stage, server = self._stage()
        wanted = Wanted(label, action_id, block_id, value)
        try:
            return server.run(pressing.press_in_view(stage, user, view_id, wanted, values or {}))
        except ApiError as error:
            return PressAnswer(ok=False, error=error.code)

    def submit_view(self, user: str, view_id: str, values: Json | None = None) -> SubmitAnswer:
        """Submit a modal with ``{block_id: {action_id: value}}``; what is not given stays as it was at first."""
        stage, server = self._stage()
        return server.run(modal_acts.submit(stage, user, view_id, values or {}))

    def close_view(self, user: str, view_id: str, *, all_of_them: bool = False) -> PressAnswer:
        stage, server = self._stage()
        return server.run(modal_acts.close(stage, user, view_id, all_of_them=all_of_them))

    def open_home(self, user: str) -> None:
        stage, server = self._stage()
        server.run(posting.open_home(stage, user))

    def suggestions(self, user: str, query: str, *, action_id: str, **place: str) -> list[Json]:
        """What the app suggests in an external select; `place` is `view_id`, or `channel` and `ts`."""
        stage, server = self._stage()
        wanted = Wanted(action_id=action_id, value=query)
        return server.run(pressing.suggestions(stage, user, dict(place), wanted))

    def join(self, channel: str, inviter: str = ADMIN) -> None:
        """Invite the bot to a channel."""
        stage, server = self._stage()
        server.run(posting.join(stage, channel, inviter))

    def kick(self, channel: str) -> None:
        """Remove the bot from a channel."""
        stage, server = self._stage()
        server.run(posting.kick(stage, channel))

    def archive(self, channel: str, user: str = ADMIN) -> None:
        stage, server = self._stage()
        server.run(posting.archive(stage, channel, user))

    def delete_message(self, channel: str, ts: str) -> None:
        stage, server = self._stage()
        server.run(posting.delete_message(stage, channel, ts))

    def delete_file(self, file_id: str) -> None:
        stage, server = self._stage()
        server.run(posting.delete_file(stage, file_id))

    @property
    def _world(self) -> World:
        return self._running()[0].world

    def channel_id(self, channel: str) -> str:
        return self._world.workspace.channel(channel).id

    def messages(self, channel: str) -> list[Json]:
        """The messages of a channel outside threads, oldest first, as `conversations.history` shows them."""
        world = self._world
        with world.workspace.changed:
            found = world.messages.top_level(world.workspace.channel(channel).id)
            return [world.on_wire(message) for message in found]

    def replies(self, channel: str, ts: str) -> list[Json]:
        """The replies in a thread, without the message that begins it, oldest first."""
        world = self._world
        with world.workspace.changed:
            found = world.messages.replies(world.workspace.channel(channel).id, ts)
            return [world.on_wire(message) for message in found]

    def message(self, channel: str, ts: str) -> Json | None:
        """One message, wherever it stands; None when it is gone."""
        world = self._world
        with world.workspace.changed:
            found = world.messages.find(world.workspace.channel(channel).id, ts)
            return None if found is None else world.on_wire(found)

    def ephemerals(self, user: str, channel: str | None = None) -> list[Json]:
        """The notes only this member sees, oldest first."""
        world = self._world
        with world.workspace.changed:
            member = world.workspace.member(user)
            place = None if channel is None else world.workspace.channel(channel).id
            found = [note for note in world.messages.notes if note["to"] == member.id]
            return [world.on_wire(note) for note in found if place in {None, note["channel"]}]

    def home(self, user: str) -> Json | None:
        """The Home tab the app published for a member."""
        world = self._world
        with world.workspace.changed:
            view = world.views.homes.get(world.workspace.member(user).id)
            return None if view is None else dict(view)

    def open_views(self, user: str) -> list[Json]:
        """The modals a member has open, the shown one last."""
        world = self._world
        with world.workspace.changed:
            return [dict(view) for view in world.views.stacks[world.workspace.member(user).id]]
