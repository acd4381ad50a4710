"""The drawing of the error tree shows the tree."""

from __future__ import annotations

import re

from bot.domain import errors
from bot.domain.errors import BotError


def drawn() -> dict[str, str]:
    """Each error's parent as the module's docstring draws it."""
    parents: dict[str, str] = {}
    branch: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"(?P<branch>[│├└─ ]*)(?P<name>[A-Z]\w+)(?:\s{2,}|$)", line)
        if found:
            depth = len(found["branch"]) // 4
            branch[depth:] = [found["name"]]
            parents[found["name"]] = branch[depth - 1] if depth else "Exception"
    return parents


def family(error: type[Exception]) -> dict[str, str]:
    """Each error's parent as the classes have it."""
    return {c.__name__: error.__name__ for c in error.__subclasses__()} | {
        name: parent for c in error.__subclasses__() for name, parent in family(c).items()
    }


def test_the_tree_is_as_it_is_drawn() -> None:
    ours = {n: p for n, p in family(BotError).items() if hasattr(errors, n)}
    assert drawn() == {"BotError": "Exception", **ours}


def test_an_error_says_how_long_to_wait_or_which_code_it_was() -> None:
    assert errors.PlatformUnavailable("busy").retry_after_s == 0
    assert errors.ChatUnavailable("429", retry_after_s=30).retry_after_s == 30
    assert errors.NotFound("gone", code=11100).code == 11100
    assert str(errors.ChatRefused("not_in_channel")) == "not_in_channel"
