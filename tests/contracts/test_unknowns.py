"""Each unknown is found out by asking; the page that lists them says what the switches say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.clarifai import Switches
from tests.contracts.finding_out import FIND_OUT
from tests.contracts.worlds import NAMES, answers, each_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contracts.service import Service

PAGE = Path(__file__).parents[2] / "docs" / "unconfirmed.md"
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


@pytest.mark.parametrize(("name", "service"), each_alone(), indirect=["service"])
def test_what_is_found_out_is_what_the_switch_says(
    service: Service, name: str, record_property: Callable[[str, object], None]
) -> None:
    found = FIND_OUT[name](service)
    record_property(name, found)
    assert found in answers(name)
    if service.switches:
        assert found == getattr(service.switches, name)


def test_the_page_lists_every_unknown_with_its_answers() -> None:
    rows = {name: (usual, other) for name, usual, other in ROW.findall(PAGE.read_text("utf-8"))}
    assert set(rows) == set(NAMES)
    for name, (usual, others) in rows.items():
        believed = getattr(Switches(), name)
        assert usual.strip() == shown(believed)
        assert {o.strip() for o in others.split(" / ")} == {shown(a) for a in answers(name) if a != believed}


def shown(answer: object) -> str:
    return {True: "yes", False: "no"}.get(answer, str(answer)) if isinstance(answer, bool) else str(answer)
