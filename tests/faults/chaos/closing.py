"""After the storm: people answer what is left, the bot comes to rest, and what stands everywhere is written down."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from tests.app.outside import APP_ID, OMAR
from tests.faults.chaos.crowd import CHANNELS, SECOND, buttons
from tests.faults.chaos.recording import said
from tests.journeys.holdings import Holdings

if TYPE_CHECKING:
    from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
    from sqlalchemy import Engine

    from tests.app.outside import Outside
    from tests.faults.chaos.crowd import Crowd
    from tests.faults.chaos.history import History

APPS = {APP_ID: CHANNELS[0], f"{APP_ID}-{SECOND.lower()}": SECOND}
RESTS_WITHIN_S = 120.0
QUIET_S = 1.5  # nothing was left to do for so long

LEFT = {
    "pictures": "select count(*) from picture where state not in ('ready', 'skipped')",
    "reviews": "select count(*) from review where state in ('queued', 'posted', 'decided')",
    "posts": "select count(*) from post where state in ('due', 'posting')",
    "drawings": "select count(*) from post where state = 'posted' and shown < wanted",
    "writes": "select count(*) from annotation where settled < dirty and not closed",
    "notes": "select count(*) from note where state = 'due'",
    "lines": "select count(*) from command where state = 'waiting'",
    "cuts": "select count(*) from project where applied_revision < revision",
    "dead letters": "select count(*) from post where state in ('gone', 'unknown') and problem <> 'nothing to say'",
    "closed": "select count(*) from annotation where closed",
}


def come_to_rest(outside: Outside, crowd: Crowd, engine: Engine, history: History) -> None:
    """Answer whatever still asks, and wait until nothing is left to do; what is left in the end is written down."""
    ends_at, quiet_since = time.monotonic() + RESTS_WITHIN_S, time.monotonic()
    left, still = dict[str, int](), threading.Event()  # never set: to wait
    while time.monotonic() < ends_at and (left or time.monotonic() - quiet_since < QUIET_S):
        for app in APPS:
            outside.clarifai.settled(app)
        left = {name: count for name, count in _counts(engine).items() if count}
        if left:
            quiet_since = time.monotonic()
        if not _answer_all(crowd):
            still.wait(0.3)
    history.note("rest", left=left)


def _counts(engine: Engine) -> dict[str, int]:
    with engine.begin() as connection:
        return {name: int(connection.execute(text(question)).scalar_one()) for name, question in LEFT.items()}


def _answer_all(crowd: Crowd) -> int:
    pressed = 0
    for channel in CHANNELS:
        for card in crowd.cards(channel):
            asked = [b for b in buttons(card, channel) if b.act in {"approve", "reject"}]
            if asked:
                crowd.press(OMAR, asked[-1])  # *all*, where there is one
                pressed += 1
    return pressed


def write_down(outside: Outside, stub: V2Stub, engine: Engine, history: History) -> None:
    """Write down what stands in Slack, in Clarifai and in the database."""
    for channel in CHANNELS:
        for top in outside.slack.messages(channel):
            for message in (top, *outside.slack.replies(channel, top["ts"])):
                if message.get("metadata"):
                    history.note("stands", channel=channel, ts=message["ts"], **_mark(message))
                elif message.get("bot_id"):
                    history.note("stands", channel=channel, ts=message["ts"], mark="", text=message["text"][:200])
    for app, channel in APPS.items():
        there = Holdings(stub, app, "demo-key")
        history.note("cuts", channel=channel, accept={c: cut for c, (_, cut) in there.in_force().items()})
        for one in _all(there, "ListInputs", "inputs"):
            history.note("input", app=app, channel=channel, input=one.id)
        for one in _all(there, "ListAnnotations", "annotations", user_ids=["demo"], list_all_annotations=True):
            if not one.input_level:
                history.note("holds", app=app, **said(one))
    _rows(engine, history, "review", "select id, annotation_id, input_id, concept_id, state, revision from review")
    _rows(
        engine, history, "decision", "select review_id, revision, verdict, final, decided_by from decision order by id"
    )


def _mark(message: dict[str, Any]) -> dict[str, Any]:
    metadata = message["metadata"]
    return {
        "mark": f"{metadata['event_type']} {metadata['event_payload']['subject']}",
        "kind": metadata["event_type"],
        "subject": metadata["event_payload"]["subject"],
        "thread": message.get("thread_ts", ""),
        "text": message["text"][:200] if metadata["event_type"] == "annotate_announcement" else "",
    }


def _all(there: Holdings, method: str, field: str, **asked: Any) -> list[Any]:  # noqa: ANN401 - messages of Clarifai's
    found: list[Any] = []
    for page in range(1, 100):
        more = getattr(there.ask(method, per_page=1000, page=page, **asked), field)
        found += more
        if len(more) < 1000:
            break
    return found


def _rows(engine: Engine, history: History, what: str, question: str) -> None:
    with engine.begin() as connection:
        for row in connection.execute(text(question)).mappings().all():
            history.note(what, **row)
