"""Reactions: who put which emoji under a message."""

import re

from bot.sandbox.slack.wire import ApiError, Json

_NAME = re.compile(r"[a-z0-9_+-]{1,100}(::skin-tone-[2-6])?")


def toggled(reactions: list[Json], name: str, user_id: str) -> tuple[list[Json], bool]:
    """The reactions after `user_id` pressed `name`, and whether it was added; the order of the first stays.

    Raises:
        ApiError: invalid_name.
    """
    if _NAME.fullmatch(name) is None:
        raise ApiError("invalid_name")
    users = {reaction["name"]: list(reaction["users"]) for reaction in reactions}
    mine = users.setdefault(name, [])
    added = user_id not in mine
    mine.append(user_id) if added else mine.remove(user_id)
    return [{"name": key, "users": who, "count": len(who)} for key, who in users.items() if who], added
