"""Files for everybody in a channel: sent piece by piece, shared in one message, and looked for when in doubt."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING, Any

from bot.domain.errors import ChatRefused
from bot.slack.downloads import Hosts
from bot.slack.errors import answered, told
from bot.slack.text import mention, mrkdwn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from slack_sdk import WebClient

SEND_S = 20.0  # without a byte of progress
_UNKNOWN = frozenset({"file_not_found", "file_deleted"})


class FileSharing:
    """Implements `usecases.exporting.ports.FileSharer` over one Web API client.

    No alt text is sent along: Slack's server then completes an upload without sharing it.
    """

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._hosts = Hosts.of(client.base_url)

    def put(self, file: Path, name: str) -> str:
        size = file.stat().st_size
        with told("files.getUploadURLExternal"):
            ticket = self._client.files_getUploadURLExternal(filename=name, length=size)
            file_id, address = answered(ticket, "file_id", str), answered(ticket, "upload_url", str)
        if not self._hosts.may_see_the_token(address):
            raise ChatRefused("foreign_upload_url", "Slack named an address outside Slack for an upload")
        _send(address, file, size)
        return file_id

    def share(
        self, files: Sequence[tuple[str, str]], line: str, *, by: str, channel_id: str, thread_ts: str = ""
    ) -> None:
        with told("files.completeUploadExternal", repeatable=False):
            self._client.files_completeUploadExternal(**shared(files, line, by, channel_id, thread_ts))

    def stands(self, file_id: str, channel_id: str) -> bool | None:
        try:
            with told("files.info"):
                facts = answered(self._client.files_info(file=file_id), "file", dict)
        except ChatRefused as refused:
            if refused.error in _UNKNOWN:
                return None
            raise
        places = [place for kind in (facts.get("shares") or {}).values() for place in kind]
        return channel_id in {*places, *(facts.get("channels") or ()), *(facts.get("groups") or ())}


def shared(files: Sequence[tuple[str, str]], line: str, by: str, channel_id: str, thread_ts: str) -> dict[str, Any]:
    """Say what files.completeUploadExternal is sent."""
    return {
        "files": [{"id": file_id, "title": name} for file_id, name in files],
        "channel_id": channel_id,
        "initial_comment": f"{mention(by)} asked for this: {mrkdwn(line)}.",
        **({"thread_ts": thread_ts} if thread_ts else {}),
    }


def _send(address: str, file: Path, size: int) -> None:
    """POST the bytes as they are read; the address itself is the permission, so no token goes along."""
    with file.open("rb") as data, told("the upload of a file"):
        request = urllib.request.Request(  # noqa: S310 - the host was checked by the caller
            address, data=data, method="POST", headers={"Content-Length": str(size)}
        )
        urllib.request.urlopen(request, timeout=SEND_S).close()  # noqa: S310 - the same
