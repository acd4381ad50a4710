"""What must be true after any fault, asked of the services through their own protocols and of the record of presses.

The rules stand here a second time, on purpose: nothing of the bot's own is used but its tables.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2
from psycopg.rows import dict_row

from bot.storage.engine import libpq_dsn
from tests.app.outside import wait_until
from tests.faults.counting import ask_at, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.sandbox.clarifai import ClarifaiSandbox
    from bot.sandbox.slack import SlackSandbox
    from tests.app.outside import Outside
    from tests.journeys.lab import Lab

STATUS = {"success": "ANNOTATION_SUCCESS", "pending": "ANNOTATION_PENDING", "rejected": "ANNOTATION_REVIEW_DENIED"}

# One question per thing that may be left over; each must answer with no row. A card may wait for its turn or its hour.
LEFT_OVER = {
    "decisions not in Clarifai": "select id, problem from annotation where settled < dirty and not closed",
    "posts in doubt": "select id, kind, problem from post where state = 'posting'",
    "posts not posted": "select id, kind, problem from post where state = 'due' and kind <> 'card'",
    "images not taken": "select p.id, p.state from picture p join project j on j.id = p.project_id "
    "where p.state = 'new' or (p.state = 'kept' and j.state = 'live')",
    "private answers": "select id, state from note where state = 'due'",
    "commands": "select id from command where state = 'waiting'",
    "thresholds": "select project_id, number, problem from revision where state = 'wanted'",
    "jobs of dead workers": "select j.id, j.task_name from procrastinate_jobs j "
    "left join procrastinate_workers w on w.id = j.worker_id "
    "where j.status = 'doing' and (w.id is null or w.last_heartbeat < now() - interval '10 s')",
}

DECIDED = """
select a.project_id, a.id, a.snapshot, p.user_id, p.app_id, r.id as review, r.concept_id as concept, d.verdict, d.final
from decision d join review r on r.id = d.review_id
join annotation a on a.project_id = r.project_id and a.id = r.annotation_id join project p on p.id = a.project_id
where not a.closed and r.state not in ('closed', 'unchecked') order by d.id
"""
CONFIRMED = "select review_id from second_look where state = 'decided' and verdict = 'approve'"
OPEN = "select project_id, annotation_id from review where state in ('queued', 'posted')"


@dataclass
class World:
    """The two services and the database, as they are after a fault; `secrets` must be in none of the `logs`."""

    slack: SlackSandbox
    clarifai: ClarifaiSandbox
    dsn: str
    secrets: Sequence[str] = ()
    logs: Iterable[str] = ()
    _held: dict[tuple[str, str], dict[str, tuple[str, dict[str, float]]]] = field(default_factory=dict)

    def rows(self, question: str) -> list[dict[str, Any]]:
        with psycopg.connect(self.dsn, row_factory=dict_row) as connection:
            return list(connection.execute(question))

    def held(self, user_id: str, app_id: str) -> dict[str, tuple[str, dict[str, float]]]:
        """Every annotation of an app by id, as (status, value by concept)."""
        if (user_id, app_id) not in self._held:
            who = resources_pb2.UserAppIDSet(user_id=user_id, app_id=app_id)
            request = service_pb2.ListAnnotationsRequest(
                user_app_id=who, user_ids=[user_id], list_all_annotations=True, per_page=1000
            )
            self._held[user_id, app_id] = {
                a.id: (
                    status_code_pb2.StatusCode.Name(a.status.code),
                    {c.id: round(c.value, 3) for c in a.data.concepts},
                )
                for a in ask_at(self.clarifai.port, "ListAnnotations", request).annotations
            }
        return self._held[user_id, app_id]


def all_is_well(world: World) -> None:
    """The one oracle: every fault test ends with it.

    Each stored decision stands in Clarifai exactly; each thing stands at most once in Slack, so one digest per project
    and local date as well; nothing is left over, with dead workers least of all; no secret is in a log.
    """
    left = {what: world.rows(question) for what, question in LEFT_OVER.items()}
    assert not any(left.values()), {what: rows for what, rows in left.items() if rows}
    every_decision_stands(world)
    everything_stands_once(world)
    days = world.rows("select project_id, local_date from digest group by 1, 2 having count(*) > 1")
    assert days == []
    for log in world.logs:
        assert not any(secret in log for secret in world.secrets), "a secret is in a log"


def every_decision_stands(world: World) -> None:
    """Fold the record of presses, say what should stand by the product's table, and compare with Clarifai."""
    verdicts: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    about: dict[tuple[str, str], dict[str, Any]] = {}
    second = {row["review_id"] for row in world.rows(CONFIRMED)}
    for row in world.rows(DECIDED):
        key = row["project_id"], row["id"]
        about[key] = row
        if row["verdict"] == "undo":
            verdicts[key].pop(row["concept"], None)
        elif row["final"]:
            before = verdicts[key].get(row["concept"])
            looked_again = (before, row["verdict"]) == ("reject", "approve") and row["review"] in second
            assert before is None or looked_again, f"decided twice: {row}"
            verdicts[key][row["concept"]] = row["verdict"]
    still_open = {(row["project_id"], row["annotation_id"]) for row in world.rows(OPEN)}
    for key, row in about.items():
        wanted = _written(row["snapshot"], {} if key in still_open else verdicts[key])
        assert world.held(row["user_id"], row["app_id"]).get(row["id"]) == wanted, (row["id"], verdicts[key])


def _written(snapshot: dict[str, Any], verdicts: dict[str, str]) -> tuple[str, dict[str, float]]:
    """What a verdict writes, by the table of the product."""
    before = {c["id"]: round(c["value"], 3) for c in snapshot["concepts"]}
    given = set(verdicts.values())
    if snapshot["status"] == "pending":
        if not given & {"approve", "reject"}:
            return STATUS["pending"], before
        values = {"approve": 1.0, "reject": 0.0}
        after = {c: values.get(verdicts.get(c, ""), v) for c, v in before.items() if verdicts.get(c) != "unsure"}
        return STATUS["success" if "approve" in given else "rejected"], after
    after = {c: 0.0 if verdicts.get(c) == "reject" else v for c, v in before.items()}
    return STATUS["success" if any(after.values()) or "reject" not in given else "rejected"], after


def everything_stands_once(world: World) -> None:
    """Each card, answer, checklist, announcement and digest stands at most once in its channel, threads included."""
    for row in world.rows("select distinct channel_id from post"):
        channel = row["channel_id"]
        tops = world.slack.messages(channel)
        marks = Counter(mark_of(m) for top in tops for m in (top, *world.slack.replies(channel, top["ts"])))
        del marks[""]
        assert not {mark: n for mark, n in marks.items() if n > 1}, "something stands twice"


def well_in(lab: Lab) -> None:
    """Take every fault away, let time pass until nothing moves, and ask the oracle."""
    bring_to_rest(lab)
    all_is_well(World(lab.workspace, lab.clarifai, lab.parts.database.dsn))


def bring_to_rest(lab: Lab) -> None:
    lab.workspace.faults.clear()
    lab.clarifai.faults.clear()
    lab.parts.stopping.clear()
    for _ in range(2):
        lab.sql("update pace set next_post_at = clock_timestamp()")
        lab.sql("update post set intent_at = intent_at - interval '30 s' where intent_at is not null")
        lab.clock.advance(minutes=20)
        lab.settle_down()


def well_outside(outside: Outside, database_url: str) -> None:
    """Wait until the processes that run have nothing left to do, and ask the oracle."""
    secrets = [outside.env[n] for n in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "BOT_KEYS")]
    logs = [process.said for process in outside.processes]
    world = World(outside.slack, outside.clarifai, libpq_dsn(database_url), secrets, logs)

    def at_rest() -> bool:
        return not any(world.rows(question) for question in LEFT_OVER.values())

    if any(process.running for process in outside.processes):
        wait_until(at_rest, "the bot to come to rest", 90)
    all_is_well(world)
