"""Files of the workspace: who shared them where, and whether Slack has finished looking at them."""

import mimetypes
import warnings
from pathlib import PurePath
from urllib.parse import quote

from bot.sandbox.slack.people import BOT_USER_ID, TEAM_ID
from bot.sandbox.slack.thumbnails import SQUARE, NoPictureError, offered, opened
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Channel, Workspace

SHOWABLE = frozenset({"png", "jpg", "jpeg", "gif"})
IN_BROWSERS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_FILETYPES = {"jpeg": "jpg", "tif": "tiff", "heif": "heic", "txt": "text"}
_MIMETYPES = {"heic": "image/heic", "webp": "image/webp", "avif": "image/avif"}
"""What the system's own table may not know."""


class FileShelf:
    """Files by id. `processing_time_s` seconds after an app's upload an image block may show it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.processing_time_s = 0.3
        self._files: dict[str, Json] = workspace.archive.all("file")
        self._tickets: dict[str, Json] = {}

    def add(self, user_id: str, name: str, content: bytes, *, for_app: bool = False) -> Json:
        """Take a member's file; it is processed at once. `for_app`: it was put into a form of the app."""
        record = self._store(self._workspace.new_id("F"), user_id, name, content, None)
        if for_app:
            record["for_app"] = True
            self._save(record)
        return record

    def _store(self, file_id: str, user_id: str, name: str, content: bytes, title: str | None) -> Json:
        now = self._workspace.clock()
        record: Json = {
            "id": file_id,
            "created": int(now.timestamp()),
            "timestamp": int(now.timestamp()),
            "name": name,
            "title": title or name,
            **_kind(name),
            **_dimensions(content),
            "user": user_id,
            "user_team": TEAM_ID,
            "editable": False,
            "size": len(content),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "url_private": "",
            "permalink": "",
            "shares": {},
            "channels": [],
            "ims": [],
            "file_access": "visible",
            "ready_at": now.timestamp(),
        }
        self._workspace.archive.keep_bytes(file_id, content)
        self._save(record)
        return record

    def add_odd(self, user_id: str, record: Json) -> Json:
        """Take a file that has no bytes here: a Slack Connect stub or a remote file."""
        odd = {"id": self._workspace.new_id("F"), "user": user_id, "shares": {}, "channels": [], "ims": [], **record}
        odd["ready_at"] = self._workspace.clock().timestamp()
        self._save(odd)
        return odd

    def _save(self, record: Json) -> None:
        self._files[record["id"]] = record
        self._workspace.archive.keep("file", record["id"], record)

    def reserve(self, name: str, length: int, alt_text: str | None) -> str:
        """First step of an app's upload: an id for the bytes."""
        file_id = self._workspace.new_id("F")
        self._tickets[file_id] = {"name": name, "length": length, "alt": alt_text, "content": None}
        return file_id

    def receive(self, file_id: str, content: bytes) -> bool:
        """Second step: the bytes. False when nobody reserved them."""
        ticket = self._tickets.get(file_id)
        if ticket is None:
            return False
        ticket["content"] = content
        return True

    def complete(self, file_id: str, title: str | None) -> tuple[Json, bool]:
        """Third step: the file exists from now on. Also says whether it may be shared in the same call.

        An upload with an alt text is completed and silently not shared: an open fault of Slack's server
        (python-slack-sdk 1818), kept so that nobody builds on it.
        """
        ticket = self._tickets.get(file_id)
        if ticket is None or ticket["content"] is None:
            raise ApiError("file_not_found")
        del self._tickets[file_id]
        record = self._store(file_id, BOT_USER_ID, ticket["name"], ticket["content"], title)
        record["ready_at"] += self.processing_time_s
        self._save(record)
        return record, ticket["alt"] is None

    def share(self, file_id: str, channel: Channel, ts: str) -> None:
        record = self._files[file_id]
        record["shares"].setdefault("public", {}).setdefault(channel.id, []).append({"ts": ts})
        places = record["ims" if channel.direct_with else "channels"]
        if channel.id not in places:
            places.append(channel.id)
        self._save(record)

    def seen_by_bot(self, file_id: str) -> Json:
        """A file the bot may see: its own, or shared where the bot is.

        Raises:
            ApiError: file_not_found, file_deleted.
        """
        record = self._files.get(file_id)
        if record is None:
            raise ApiError("file_not_found")
        if record["mode"] == "tombstone":
            raise ApiError("file_deleted")
        places = [*record["channels"], *record["ims"]]
        mine = record["user"] == BOT_USER_ID or record.get("for_app")
        if not mine and not any(self._workspace.channels[place].has_bot for place in places):
            raise ApiError("file_not_found")
        return record

    def is_ready(self, record: Json) -> bool:
        return bool(self._workspace.clock().timestamp() >= record["ready_at"])

    def showable(self, file_id: str) -> bool:
        """Whether an image block of the bot may show the file now; named by its id or its private address."""
        if file_id.startswith(f"{self._workspace.base_url}/files-pri/{TEAM_ID}-"):
            file_id = file_id.split("/")[4].removeprefix(f"{TEAM_ID}-")
        try:
            record = self.seen_by_bot(file_id)
        except ApiError:
            return False
        return self.is_ready(record) and record.get("filetype") in SHOWABLE and bool(record.get("original_w"))

    def find(self, file_id: str) -> Json | None:
        return self._files.get(file_id)

    def content(self, file_id: str) -> bytes | None:
        return self._workspace.archive.bytes_of(file_id)

    def delete(self, file_id: str) -> Json:
        """Leave only a tombstone."""
        record = self._files[file_id]
        record["mode"] = "tombstone"
        self._workspace.archive.drop_bytes(file_id)
        self._save(record)
        return record

    def wire_form(self, record: Json) -> Json:
        """The file as Slack shows it: type and thumbnails only once it is processed."""
        shown = {key: value for key, value in record.items() if key not in {"ready_at", "for_app"}}
        if record["mode"] == "tombstone":
            return {"id": record["id"], "mode": "tombstone"}
        if record["mode"] != "hosted":
            return shown
        address = f"{self._workspace.base_url}/files-pri/{TEAM_ID}-{record['id']}"
        name = quote(PurePath(record["name"]).name, errors="replace")
        shown["url_private"] = f"{address}/{name}"
        shown["url_private_download"] = f"{address}/download/{name}"
        shown["permalink"] = f"{self._workspace.base_url}/files/{record['user']}/{record['id']}"
        if not self.is_ready(record):
            return {**shown, "mimetype": "", "filetype": "", "pretty_type": "", "original_w": 0, "original_h": 0}
        return {**shown, **self._thumbnails(record)}

    def _thumbnails(self, record: Json) -> Json:
        """``thumb_360``, ``thumb_360_w`` and so on; nothing for what is no picture."""
        if not record.get("original_w"):
            return {}
        shown: Json = {}
        address = f"{self._workspace.base_url}/files-tmb/{TEAM_ID}-{record['id']}"
        stem = quote(PurePath(record["name"]).stem, errors="replace")
        in_browsers = record["mimetype"] in IN_BROWSERS
        for size, width, height in offered(record["original_w"], record["original_h"], browsers_show_it=in_browsers):
            shown[f"thumb_{size}"] = f"{address}/{size}/{stem}_{size}.png"
            if size not in SQUARE:
                shown |= {f"thumb_{size}_w": width, f"thumb_{size}_h": height}
        return shown


def _kind(name: str) -> Json:
    ending = PurePath(name).suffix.lower().lstrip(".")
    filetype = _FILETYPES.get(ending, ending or "binary")
    guessed = _MIMETYPES.get(filetype) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"mimetype": guessed, "filetype": filetype, "pretty_type": filetype.upper()}


def _dimensions(content: bytes) -> Json:
    """Width and height in pixels of a picture, read from its header only; nothing for anything else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with opened(content) as picture:
                return {"original_w": picture.width, "original_h": picture.height}
    except NoPictureError:
        return {}
