"""Modals and Home tabs: what each member has open."""

import secrets
from collections import defaultdict
from collections.abc import Iterator

from bot.sandbox.slack.people import APP_ID, BOT_ID, TEAM_ID
from bot.sandbox.slack.wire import ApiError, Json
from bot.sandbox.slack.workspace import Workspace

DEEPEST_STACK = 3
_GIVEN = ("type", "title", "blocks", "close", "submit", "private_metadata", "callback_id", "external_id",
          "clear_on_close", "notify_on_close", "submit_disabled")  # fmt: skip


class ViewBook:
    """One stack of modals and one Home tab per member. Modals live as long as the page, Home tabs are durable."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.stacks: dict[str, list[Json]] = defaultdict(list)
        self.homes: dict[str, Json] = workspace.archive.all("home")
        self._origins: dict[str, str] = {}  # the channel a stack of modals was opened from, by its root

    def _made(self, given: Json, **place: str | None) -> Json:
        view: Json = {
            "id": self._workspace.new_id("V"),
            "team_id": TEAM_ID,
            "app_id": APP_ID,
            "bot_id": BOT_ID,
            "app_installed_team_id": TEAM_ID,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "close": None,
            "submit": None,
            "previous_view_id": None,
            "root_view_id": None,
            **_taken(given),
            "state": {"values": {}},
            "hash": _new_hash(self._workspace),
        }
        view.update(place)
        view["root_view_id"] = view["root_view_id"] or view["id"]
        return view

    def open(self, user_id: str, given: Json, channel_id: str | None = None) -> Json:
        """Show a modal instead of what is open; `channel_id` is where the member was."""
        self._check_external_id(given, None)
        if self.stacks[user_id]:
            self.close(user_id, self.stacks[user_id][0])
        view = self._made(given)
        if channel_id is not None:
            self._origins[view["id"]] = channel_id
        self.stacks[user_id].append(view)
        self._shown(user_id, view)
        return view

    def push(self, user_id: str, given: Json) -> Json:
        """Lay a modal over the open one.

        Raises:
            ApiError: push_limit_reached, with three open.
        """
        stack = self.stacks[user_id]
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= DEEPEST_STACK:
            raise ApiError("push_limit_reached")
        self._check_external_id(given, None)
        view = self._made(given, previous_view_id=stack[-1]["id"], root_view_id=stack[0]["id"])
        stack.append(view)
        self._shown(user_id, view)
        return view

    def update(self, view: Json, given: Json, claimed_hash: str | None = None) -> Json:
        """Redraw an open modal in place; what people typed into blocks that stay is kept by the page.

        Raises:
            ApiError: hash_conflict, when the view moved on since `claimed_hash`.
        """
        if claimed_hash and claimed_hash != view["hash"]:
            raise ApiError("hash_conflict")
        self._check_external_id(given, view)
        view.update(
            {"private_metadata": "", "callback_id": "", "close": None, "submit": None, "notify_on_close": False}
        )
        view.update(_taken(given))
        view["hash"] = _new_hash(self._workspace)
        self._shown(self.owner_of(view), view)
        return view

    def publish(self, user_id: str, given: Json, claimed_hash: str | None) -> Json:
        home = self.homes.get(user_id)
        if claimed_hash and home is not None and claimed_hash != home["hash"]:
            raise ApiError("hash_conflict")
        view = self._made(given)
        if home is not None:
            view["id"] = view["root_view_id"] = home["id"]
        self.homes[user_id] = view
        self._workspace.archive.keep("home", user_id, view)
        self._workspace.announce({"type": "home", "user": user_id, "view": view})
        return view

    def close(self, user_id: str, view: Json) -> Json | None:
        """Close a modal and those above it; return what is on top then."""
        stack = self.stacks[user_id]
        while view in stack:
            closed = stack.pop()
            self._workspace.announce({"type": "view_closed", "user": user_id, "view_id": closed["id"]})
        return stack[-1] if stack else None

    def all_open(self) -> Iterator[tuple[str, Json]]:
        for user_id, stack in self.stacks.items():
            for view in stack:
                yield user_id, view

    def find(self, view_id: str | None, external_id: str | None = None) -> Json:
        """An open modal by either id.

        Raises:
            ApiError: not_found.
        """
        for _user, view in self.all_open():
            if (view_id and view["id"] == view_id) or (external_id and view["external_id"] == external_id):
                return view
        raise ApiError("not_found")

    def owner_of(self, view: Json) -> str:
        return next(user_id for user_id, other in self.all_open() if other is view)

    def _check_external_id(self, given: Json, replaced: Json | None) -> None:
        wanted = given.get("external_id")
        if wanted and any(view["external_id"] == wanted for _user, view in self.all_open() if view is not replaced):
            raise ApiError("duplicate_external_id")

    def _shown(self, user_id: str, view: Json) -> None:
        _choose_current(view["blocks"], self._origins.get(view["root_view_id"]))
        self._workspace.announce({"type": "view", "user": user_id, "view": view})


def _choose_current(blocks: list[Json], channel_id: str | None) -> None:
    """Where the app asked for it and named no other, the first choice is the conversation the modal was opened from."""
    for element in (block["element"] for block in blocks if block["type"] == "input"):
        if element.get("default_to_current_conversation") and channel_id is not None:
            one = element["type"] == "conversations_select"
            key = "initial_conversation" if one else "initial_conversations"
            element.setdefault(key, channel_id if one else [channel_id])


def _taken(given: Json) -> Json:
    return {key: given[key] for key in _GIVEN if given.get(key) is not None}


def _new_hash(workspace: Workspace) -> str:
    return f"{workspace.now_s()}.{secrets.token_hex(4)}"
