"""One Slack workspace, as the use cases see it."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient

from bot.domain.errors import ChatRefused
from bot.domain.roles import Person
from bot.slack import saying
from bot.slack.cards import home
from bot.slack.downloads import SLACK_API
from bot.slack.errors import answered, told
from bot.slack.files import FileDesk, files_of
from bot.slack.forms import draw_form
from bot.slack.sharing import FileSharing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from slack_sdk.web.slack_response import SlackResponse

    from bot.domain.forms import FormView
    from bot.domain.views import HomeView, NoteView, View
    from bot.usecases.chat import FileTicket, Mark, SlackFile
    from bot.usecases.receiving import SharedFiles

POST_S = 1  # whole seconds, as slack_sdk takes them; a claim to post is held no longer
ASK_S = 3
SHARE_S = 15  # Slack shares large files within the call; a job waits for it
MARGIN = dt.timedelta(minutes=5)  # between our clock and Slack's, when looking a message up
_PAGE = 200  # messages
_PAGE_OF_MEMBERS = 999  # the most that Slack gives at once


@dataclass(frozen=True)
class Identity:
    """Who we are in a workspace, as auth.test says."""

    team_id: str
    user_id: str
    bot_id: str
    url: str  # of the workspace, ends with a slash


class SlackChat:
    """`Chat` over the Web API: no retries of its own, a deadline on every call."""

    def __init__(
        self,
        token: str,
        wait: Callable[[float], None],
        *,
        api_url: str = SLACK_API,
        identity: Identity | None = None,
    ) -> None:
        """Talk with `token`; `wait` sleeps (seconds) between looks at an uploaded picture."""
        self._post = web_client(token, api_url, POST_S)
        self._ask = web_client(token, api_url, ASK_S)
        self._files = FileDesk(self._ask, wait)
        self.sharing = FileSharing(web_client(token, api_url, SHARE_S))
        self._identity = identity
        self._door = threading.Lock()

    def identity(self) -> Identity:
        """Say who we are; asks Slack (auth.test) the first time only."""
        with self._door:
            if self._identity is None:
                self._identity = self.prove()
            return self._identity

    def prove(self) -> Identity:
        """Ask Slack who we are, every time: the proof that it takes our token.

        Raises:
            ChatRefused: "invalid_auth" and its like.
            ChatUnavailable: Slack is away.
        """
        with told("auth.test"):
            answer = self._ask.auth_test()
            team_id, user_id, url = (answered(answer, key, str) for key in ("team_id", "user_id", "url"))
        return Identity(team_id, user_id, answer.get("bot_id") or "", f"{url.rstrip('/')}/")

    def post(self, channel_id: str, view: View, mark: Mark, *, thread_ts: str = "") -> str:
        said = saying.posted(channel_id, view, mark, thread_ts=thread_ts)
        with told("chat.postMessage", repeatable=False):
            return answered(self._post.chat_postMessage(**said), "ts", str)

    def update(self, channel_id: str, ts: str, view: View, mark: Mark) -> None:
        said = saying.updated(channel_id, ts, view, mark)
        with told("chat.update"):
            self._ask.chat_update(**said)

    def find(self, channel_id: str, mark: Mark, *, since: dt.datetime, thread_ts: str = "") -> str | None:
        wanted = saying.metadata(mark)
        me = self.identity()
        for message in self._history(channel_id, since - MARGIN, thread_ts):
            ours = message.get("user") == me.user_id or message.get("bot_id") == me.bot_id
            carried = message.get("metadata") or {}
            if ours and (carried.get("event_type"), carried.get("event_payload")) == tuple(wanted.values()):
                return str(message["ts"])
        return None

    def whisper(self, channel_id: str, user_id: str, note: NoteView, *, thread_ts: str = "") -> None:
        said = saying.whispered(channel_id, user_id, note, thread_ts=thread_ts)
        with told("chat.postEphemeral", repeatable=False):
            self._post.chat_postEphemeral(**said)

    def direct(self, user_id: str, note: NoteView) -> None:
        with told("conversations.open"):
            channel = answered(self._ask.conversations_open(users=[user_id]), "channel", dict)
        with told("chat.postMessage", repeatable=False):
            self._post.chat_postMessage(**saying.direct(channel["id"], note))

    def react(self, channel_id: str, ts: str, name: str) -> None:
        try:
            with told("reactions.add"):
                self._ask.reactions_add(channel=channel_id, timestamp=ts, name=name)
        except ChatRefused as refused:
            if refused.error != "already_reacted":
                raise

    def show_form(self, form_id: str, form: FormView) -> None:
        with told("views.update"):
            self._ask.views_update(external_id=form_id, view=draw_form(form_id, form))

    def show_home(self, user_id: str, view: HomeView) -> None:
        with told("views.publish"):
            self._ask.views_publish(user_id=user_id, view=home(view))

    def members(self, channel_id: str) -> Sequence[str]:
        asked = {"channel": channel_id, "limit": _PAGE_OF_MEMBERS}
        return [user for page in self._pages("conversations.members", asked) for user in page.get("members") or []]

    def team_id(self) -> str:
        return self.identity().team_id

    def person(self, team_id: str, user_id: str) -> Person:
        with told("users.info"):
            user = answered(self._ask.users_info(user=user_id), "user", dict)
        return _person(team_id, user)

    def file(self, file_id: str) -> SlackFile:
        return self._files.describe(file_id)

    def shared_files(self, team_id: str, channel_id: str, ts: str) -> SharedFiles | None:
        try:
            with told("conversations.replies"):
                page = self._ask.conversations_replies(channel=channel_id, ts=ts, limit=1)
        except ChatRefused as refused:
            if refused.error != "thread_not_found":
                raise
            return None
        found = next((m for m in page.get("messages") or [] if m.get("ts") == ts), None)
        return None if found is None else files_of(found, channel_id, team_id)

    def download(self, file: SlackFile, *, limit: int) -> bytes:
        return self._files.download(file, limit=limit)

    def upload_picture(self, data: bytes, name: str) -> str:
        return self._files.upload(data, name)

    def reserve_file(self, name: str, size: int) -> FileTicket:
        return self._files.reserve(name, size)

    def share_file(self, ticket: FileTicket, data: bytes, channel_id: str, *, thread_ts: str) -> None:
        self._files.share(ticket, data, channel_id, thread_ts)

    def file_is_shared(self, file_id: str) -> bool:
        return self._files.is_shared(file_id)

    def permalink(self, channel_id: str, ts: str) -> str:
        return f"{self.identity().url}archives/{channel_id}/p{ts.replace('.', '')}"

    def _history(self, channel_id: str, since: dt.datetime, thread_ts: str) -> Iterator[Mapping[str, Any]]:
        """Yield the messages of a channel or thread since a moment, page by page."""
        asked: dict[str, Any] = {
            "channel": channel_id,
            "oldest": f"{since.timestamp():.6f}",
            "inclusive": True,
            "include_all_metadata": True,
            "limit": _PAGE,
        }
        method = "conversations.replies" if thread_ts else "conversations.history"
        if thread_ts:
            asked["ts"] = thread_ts
        for page in self._pages(method, asked):
            yield from page.get("messages") or []

    def _pages(self, method: str, asked: Mapping[str, Any]) -> Iterator[SlackResponse]:
        cursor: str | None = ""
        while cursor is not None:
            with told(method):
                page = self._ask.api_call(method, params={**asked, "cursor": cursor} if cursor else dict(asked))
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None


def web_client(token: str, api_url: str, timeout_s: int) -> WebClient:
    """Make a client that tries each call once and for at most `timeout_s` seconds."""
    client = WebClient(token=token, base_url=api_url, timeout=timeout_s, retry_handlers=[])
    client.proxy = None  # slack_sdk reads HTTPS_PROXY and overlooks NO_PROXY; left alone, urllib minds both
    return client


def _person(team_id: str, user: Mapping[str, Any]) -> Person:
    """Read users.info. In an Enterprise Grid somebody may be at home in another workspace and a member of this one."""
    profile = user.get("profile") or {}
    workspaces = (user.get("enterprise_user") or {}).get("teams") or []
    return Person(
        id=user["id"],
        team_id=team_id if team_id in workspaces else user.get("team_id", ""),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        standing_known=True,
        name=profile.get("display_name") or user.get("real_name") or user.get("name", ""),
        zone=user.get("tz") or "",
    )
