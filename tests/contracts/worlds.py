"""The Clarifais that may be out there, as far as a contract meets their differences."""

from __future__ import annotations

import dataclasses
import itertools
import os
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest

from bot.sandbox.clarifai import Switches

if TYPE_CHECKING:
    from collections.abc import Sequence

NEEDED = ("CLARIFAI_PAT", "CLARIFAI_USER_ID", "CLARIFAI_CONTRACT_APP")
LIVE = pytest.param(
    None,
    id="live",
    marks=[
        pytest.mark.live,
        pytest.mark.skipif(not all(map(os.environ.get, NEEDED)), reason=f"needs {', '.join(NEEDED)}"),
    ],
)
NAMES = [field.name for field in dataclasses.fields(Switches)]


def answers(switch: str) -> tuple[Any, ...]:
    """Every answer an unknown may have."""
    kind = get_type_hints(Switches)[switch]
    return (False, True) if kind is bool else get_args(kind)


def over(*switches: str) -> pytest.MarkDecorator:
    """Run a test over every combination of the answers to these unknowns, and over the real service."""
    combined = itertools.product(*map(answers, switches))
    chosen = [dict(zip(switches, combination, strict=True)) for combination in combined]
    pretended = [pytest.param(Switches(**one), id=_named(one)) for one in chosen]
    return pytest.mark.parametrize("service", [*pretended, LIVE], indirect=True)


def each_alone() -> Sequence[Any]:
    """(unknown, the Clarifai with one answer to it) for all answers, and the real service for each unknown."""
    pretended = [
        pytest.param(name, Switches(**{name: answer}), id=f"{name}={answer}")
        for name in NAMES
        for answer in answers(name)
    ]
    return [*pretended, *(pytest.param(name, None, id=f"live-{name}", marks=LIVE.marks) for name in NAMES)]


def _named(chosen: dict[str, Any]) -> str:
    usual = Switches()
    return " ".join(f"{k}={v}" for k, v in chosen.items() if v != getattr(usual, k)) or "usual"
