"""The workspace itself, apart from every protocol: one lock, ids, channels, and the books of what happens in it."""

import secrets
import string
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime

from bot.sandbox.slack.archive import Archive
from bot.sandbox.slack.installed import InstalledApp
from bot.sandbox.slack.people import BOT_USER_ID, FIRST_CHANNELS, FULL_MEMBERS, MEMBERS, Member
from bot.sandbox.slack.wire import ApiError, Json

Clock = Callable[[], datetime]
_ALPHABET = string.ascii_uppercase + string.digits


@dataclass
class Channel:
    """A channel, or (with `direct_with`) the direct conversation of one member with the bot."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    archived: bool = False
    direct_with: str | None = None
    read: dict[str, str] = field(default_factory=dict)

    @property
    def has_bot(self) -> bool:
        return BOT_USER_ID in self.members

    @property
    def kind(self) -> str:
        """`channel_type` as events carry it."""
        return "im" if self.direct_with else "channel"


class Workspace:
    """People, channels and time of the workspace; whoever touches it holds `changed`.

    `announce` wakes everybody who waits for something to happen and tells the listeners (the pages) what it was.
    """

    def __init__(self, archive: Archive, app: InstalledApp, clock: Clock) -> None:
        self.archive = archive
        self.app = app
        self.clock = clock
        self.changed = threading.Condition(threading.RLock())
        self.version = 0
        self.revoked = False  # the bot's token, until the next start installs the app again
        self.base_url = ""
        self.listeners: list[Callable[[Json], None]] = []
        self.people: dict[str, Member] = {member.id: member for member in MEMBERS}
        self.channels: dict[str, Channel] = self._load_channels()
        self._last_tick = 0

    def _load_channels(self) -> dict[str, Channel]:
        stored = self.archive.all("channel")
        if stored:
            return {key: Channel(**{**body, "members": set(body["members"])}) for key, body in stored.items()}
        people = {member.id for member in FULL_MEMBERS}
        channels = {}
        for first in FIRST_CHANNELS:
            channels[first.id] = Channel(first.id, first.name, people | ({BOT_USER_ID} if first.with_bot else set()))
            self.keep_channel(channels[first.id])
        return channels

    def keep_channel(self, channel: Channel) -> None:
        self.archive.keep("channel", channel.id, {**asdict(channel), "members": sorted(channel.members)})

    def announce(self, change: Json) -> None:
        """Say that something changed. A `user` in `change` keeps it between the workspace and that member."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()
            for listener in tuple(self.listeners):
                listener(change)

    def now_s(self) -> int:
        """Unix time in whole seconds."""
        return int(self.clock().timestamp())

    def remember_ts(self, ts: str) -> None:
        """Let no later timestamp be at or before this one, whatever the clock says."""
        seconds, _, micros = ts.partition(".")
        self._last_tick = max(self._last_tick, int(seconds) * 1_000_000 + int(micros))

    def next_ts(self) -> str:
        """A timestamp ``seconds.microseconds`` that no other message has, later than all before."""
        tick = max(self._last_tick + 1, int(self.clock().timestamp() * 1_000_000))
        self._last_tick = tick
        return f"{tick // 1_000_000}.{tick % 1_000_000:06d}"

    @staticmethod
    def new_id(letter: str) -> str:
        """An id of Slack's shape, for example ``F0K3R8ZQ1AB``."""
        return f"{letter}0{''.join(secrets.choice(_ALPHABET) for _ in range(9))}"

    def member(self, who: str) -> Member:
        """A member by id or handle.

        Raises:
            ApiError: user_not_found.
        """
        for member in self.people.values():
            if who in {member.id, member.name}:
                return member
        raise ApiError("user_not_found")

    def channel(self, which: str) -> Channel:
        """A channel by id or by name with or without ``#``.

        Raises:
            ApiError: channel_not_found.
        """
        found = self.channels.get(which)
        if found is None:
            name = which.removeprefix("#")
            found = next((c for c in self.channels.values() if c.name == name and not c.direct_with), None)
        if found is None:
            raise ApiError("channel_not_found")
        return found

    def direct(self, user_id: str) -> Channel:
        """The direct conversation of a member with the bot, opened when there is none."""
        if user_id not in self.people:
            raise ApiError("user_not_found")
        for channel in self.channels.values():
            if channel.direct_with == user_id:
                return channel
        channel = Channel(self.new_id("D"), self.app.name, {user_id, BOT_USER_ID}, direct_with=user_id)
        self.channels[channel.id] = channel
        self.keep_channel(channel)
        return channel

    def let_in(self, user_id: str, channel: Channel) -> None:
        """Whoever acts in a channel is in it; guests are in none until somebody invites them."""
        if user_id not in channel.members:
            channel.members.add(user_id)
            self.keep_channel(channel)
