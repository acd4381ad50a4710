"""The fields of a review session: each names its own step and reviews, so that an answer is understood by itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.reviews import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.forms import FormValues

LONGEST_FIELD = 255  # characters, of Slack's block ids
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_FIELD = re.compile(r"answer-(\d{1,9})-(\d{1,19}(?:,\d{1,19})*)")


@dataclass(frozen=True)
class SessionAnswer:
    """What was chosen for one concept; `verdict` is None where nothing was."""

    step: int
    review_ids: tuple[int, ...]
    verdict: Verdict | None


def answer_field(step: int, review_ids: Sequence[int]) -> str:
    """Name the field of one concept; reviews that no longer fit (over 20 of ten digits) are asked again later."""
    name = f"answer-{step}-{','.join(map(str, review_ids))}"
    return name if len(name) <= LONGEST_FIELD else name[: LONGEST_FIELD + 1].rpartition(",")[0]


def read_answers(values: FormValues) -> list[SessionAnswer]:
    """Read what was sent, field by field; fields that are none of a session's are left out."""
    found = ((_FIELD.fullmatch(name), value) for name, value in values.items())
    return [
        SessionAnswer(int(field[1]), tuple(map(int, field[2].split(","))), _VERDICTS.get(str(value)))
        for field, value in found
        if field
    ]
