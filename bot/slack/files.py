"""Files in Slack: what is said about them, their bytes, and pictures of our own."""

from __future__ import annotations

import re
import urllib.request
from typing import TYPE_CHECKING, Any

from bot.domain.errors import ChatRefused, ChatUnavailable, NotAPhotograph
from bot.domain.uploads import LARGEST_FILE
from bot.slack.downloads import Hosts, fetch
from bot.slack.errors import answered, told
from bot.usecases.chat import FileTicket, SlackFile
from bot.usecases.receiving import SharedFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_sdk import WebClient

SMALLEST_PREVIEW = 1024  # pixels of the longer side of a drawing that may stand for the picture
UPLOAD_S = 20.0  # for the bytes of one picture
_LOOKS_S = (0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)  # waits until Slack has processed a picture

# Why a file cannot be taken, each completing "<name> ...", by Slack's word or by the file's own fields.
_BY_WORD = {
    "file_deleted": "was deleted",
    "file_not_found": "was deleted, or cannot be seen from here",
    "file_not_visible": "cannot be seen from here",
    "access_denied": "cannot be seen from here",
    "not_visible": "cannot be seen from here",
}
_BY_MODE = {
    "tombstone": "was deleted",
    "hidden_by_limit": "is hidden by the storage limit of this workspace",
    "external": "is stored outside Slack",
    "file_access": "belongs to another workspace and cannot be opened from here",
}


class FileDesk:
    """What the bot does with files, over one Web API client and one list of hosts that may see the token."""

    def __init__(self, client: WebClient, wait: Callable[[float], None]) -> None:
        self._client = client
        self._wait = wait
        self._hosts = Hosts.of(client.base_url)

    def describe(self, file_id: str) -> SlackFile:
        """Ask Slack about a file; a stub of a shared channel becomes the whole file, or the reason why not."""
        try:
            with told("files.info"):
                facts = answered(self._client.files_info(file=file_id), "file", dict)
        except ChatRefused as refusal:
            if refusal.error not in _BY_WORD:
                raise  # nothing is wrong with the file: the token, a scope
            return SlackFile(file_id, "", problem=_BY_WORD[refusal.error])
        return _described(file_id, facts)

    def download(self, file: SlackFile, *, limit: int) -> bytes:
        """Fetch the bytes; see `Chat.download`."""
        if not self._hosts.may_see_the_token(file.url):
            raise NotAPhotograph("is not stored at Slack")
        return fetch(file.url, str(self._client.token), limit=limit, page_expected="html" in file.mimetype)

    def upload(self, data: bytes, name: str) -> str:
        """Put a picture where only the bot sees it and wait until a message can show it.

        Raises:
            ChatUnavailable: Slack is away, or still busy with the picture after 7.5 s.
            ChatRefused: Slack does not take it.
        """
        ticket = self.reserve(name, len(data))
        _send(ticket.address, data)
        with told("files.completeUploadExternal"):
            self._client.files_completeUploadExternal(files=[{"id": ticket.id, "title": name}])
        self._await_processing(ticket.id)
        return ticket.id

    def reserve(self, name: str, size: int) -> FileTicket:
        """First step of an upload; see `Chat.reserve_file`."""
        with told("files.getUploadURLExternal"):
            ticket = self._client.files_getUploadURLExternal(filename=name, length=size)
            file_id, address = answered(ticket, "file_id", str), answered(ticket, "upload_url", str)
        if not self._hosts.may_see_the_token(address):
            raise ChatRefused("foreign_upload_url", "Slack named an address outside Slack for an upload")
        return FileTicket(file_id, address)

    def share(self, ticket: FileTicket, data: bytes, channel_id: str, thread_ts: str) -> None:
        """Second and third step, into a thread; see `Chat.share_file`."""
        _send(ticket.address, data)
        with told("files.completeUploadExternal", repeatable=False):
            self._client.files_completeUploadExternal(
                files=[{"id": ticket.id}], channel_id=channel_id, thread_ts=thread_ts
            )

    def is_shared(self, file_id: str) -> bool:
        """See `Chat.file_is_shared`."""
        try:
            with told("files.info"):
                facts = answered(self._client.files_info(file=file_id), "file", dict)
        except ChatRefused:
            return False
        return any((facts.get("shares") or {}).values())

    def _await_processing(self, file_id: str) -> None:
        for pause_s in _LOOKS_S:
            with told("files.info"):
                facts = answered(self._client.files_info(file=file_id), "file", dict)
            if facts.get("mimetype") and facts.get("mode") != "file_access":
                return
            self._wait(pause_s)
        raise ChatUnavailable("Slack is still processing a picture", retry_after_s=_LOOKS_S[-1])


def files_of(message: Mapping[str, Any], channel_id: str, team_id: str) -> SharedFiles:
    """Read the files of a message, in order; without a name (a stub of a shared channel) one is called "file"."""
    team = team_id or message.get("team", "")
    return SharedFiles(
        team_id=team,
        channel_id=channel_id,
        user_id=message.get("user", ""),
        home_team_id=message.get("user_team") or message.get("team") or team,
        ts=message["ts"],
        thread_ts=message.get("thread_ts", ""),
        files=tuple((f["id"], f.get("name") or f.get("title") or "file") for f in message.get("files") or ()),
    )


def _described(file_id: str, facts: Mapping[str, Any]) -> SlackFile:
    size = int(facts.get("size") or 0)
    return SlackFile(
        file_id,
        name=facts.get("name") or facts.get("title") or "",
        mimetype=facts.get("mimetype") or "",
        size=size,
        url=facts.get("url_private_download") or facts.get("url_private") or "",
        permalink=facts.get("permalink") or "",
        problem=_problem(facts, size),
        preview_url=_preview(facts),
    )


def _preview(facts: Mapping[str, Any]) -> str:
    """Find the largest of Slack's drawings that keeps the shape (`thumb_1024` with `_w` and `_h`) and is large enough.

    For a smaller picture Slack may offer a drawing under the same name, of the picture's own size.
    """
    drawings = [
        (max(int(facts.get(f"{key}_w") or 0), int(facts.get(f"{key}_h") or 0)), str(address))
        for key, address in facts.items()
        if re.fullmatch(r"thumb_\d+", key) and address
    ]
    side, address = max(drawings, default=(0, ""))
    return address if side >= SMALLEST_PREVIEW else ""


def _problem(facts: Mapping[str, Any], size: int) -> str:
    if facts.get("is_external"):
        return _BY_MODE["external"]
    known = _BY_MODE.get(facts.get("mode") or "") or _BY_WORD.get(facts.get("file_access") or "")
    if known:
        return known
    return f"is larger than {LARGEST_FILE // 1_000_000} MB" if size > LARGEST_FILE else ""


def _send(address: str, data: bytes) -> None:
    """POST the bytes of an upload; the address itself is the permission, so no token goes along."""
    request = urllib.request.Request(address, data=data, method="POST")  # noqa: S310 - the host was checked by the caller
    with told("the upload of a picture"):
        urllib.request.urlopen(request, timeout=UPLOAD_S).close()  # noqa: S310 - the same
