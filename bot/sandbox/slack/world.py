"""Everything the stand-in knows, in one hand."""

import copy
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.slack.files import FileShelf
from bot.sandbox.slack.messages import MessageBook
from bot.sandbox.slack.modals import ViewBook
from bot.sandbox.slack.people import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID
from bot.sandbox.slack.tickets import Tickets
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Workspace


@dataclass(frozen=True)
class World:
    """The workspace and its books."""

    workspace: Workspace
    messages: MessageBook
    files: FileShelf
    views: ViewBook
    tickets: Tickets

    @classmethod
    def over(cls, workspace: Workspace) -> "World":
        return cls(workspace, MessageBook(workspace), FileShelf(workspace), ViewBook(workspace), Tickets(workspace))

    def on_wire(self, message: Json) -> Json:
        """A message as a reader gets it: a copy, with its files as they are now."""
        shown = copy.deepcopy(message)
        if "files" in shown:
            shown["files"] = [self.file_on_wire(file["id"]) for file in shown["files"]]
        return shown

    def file_on_wire(self, file_id: str) -> Json:
        record = self.files.find(file_id)
        return {"id": file_id, "mode": "tombstone"} if record is None else self.files.wire_form(record)

    def by_bot(self, content: Json) -> Json:
        """`content` as a message of the app, its blocks with ids."""
        message = {
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "team": TEAM_ID,
            "bot_profile": self.workspace.app.profile(),
            **content,
        }
        if "blocks" in message:
            message["blocks"] = with_block_ids(message["blocks"])
        return message


def with_block_ids(blocks: list[Json]) -> list[Json]:
    """Blocks as Slack stores them: each has an id, made up where the app gave none; so has each action."""
    stored = copy.deepcopy(blocks)
    for block in every_block(stored):
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return stored


def every_block(blocks: list[Json]) -> Iterator[Json]:
    """The blocks and those inside them: the cards of a carousel, the children of a container."""
    for block in blocks:
        yield block
        yield from every_block(block.get("child_blocks", []))
        if block["type"] == "carousel":
            yield from every_block(block["elements"])


def elements_of(block: Json) -> list[Json]:
    """The interactive parts of a block."""
    parts = [block.get("accessory"), block.get("element")]
    if block["type"] in {"actions", "context_actions"}:
        parts += block["elements"]
    if block["type"] == "card":
        parts += block.get("actions", [])
    return [part for part in parts if isinstance(part, dict) and part["type"] != "image"]
