"""What the tables may hold about a picture, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from bot.domain.exports import Told

AT = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
PENDING = Told(
    input_id="in1",
    file_name="cat.png",
    permalink="https://team.slack.com/archives/C1/p1",
    sha256="1" * 64,
    concept_id="people",
    concept="people",
    kind="pending",
    lane="calibration",
    state="posted",
    verdict=None,
    value=0.5,
    probability=1.0,
    decided_by="",
    decided_at=None,
    revision=3,
    mapper_version="m1",
    is_closed=False,
    region=None,
)
BOX = (0.1, 0.2, 0.5, 0.6)


def told(**changes: Any) -> Told:  # noqa: ANN401 - any field of it
    return PENDING._replace(**changes)


def answered(verdict: str, **changes: Any) -> Told:  # noqa: ANN401 - any field of it
    return told(**{"state": "settled", "verdict": verdict, "decided_by": "U1", "decided_at": AT, **changes})


def automatic(**changes: Any) -> Told:  # noqa: ANN401 - any field of it
    return told(**{"kind": "check", "state": "unchecked", "value": 0.98, "probability": 0.2, **changes})
