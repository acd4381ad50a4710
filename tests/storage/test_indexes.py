"""Each pass's main question is answered from an index, however long the tables have become."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, event, text

from bot.domain.reviews import Verdict
from bot.domain.thresholds import ConceptThreshold
from bot.storage import labelled
from bot.storage.ballot import SqlBallot
from bot.storage.below import SqlBelowFloor
from bot.storage.checks import SqlChecks
from bot.storage.dead_letters import dead_letters, take_up_again
from bot.storage.dossiers import SqlDossiers
from bot.storage.due import Due
from bot.storage.engine import by_itself
from bot.storage.exports import SqlExports
from bot.storage.home import SqlHomes
from bot.storage.labelled import SqlLabelledData
from bot.storage.labels import SqlLabels
from bot.storage.lists import SqlLists
from bot.storage.notes import SqlLines, SqlNotes
from bot.storage.posts import SqlPosts
from bot.storage.probes import SqlProbes
from bot.storage.replay import SqlReplays
from bot.storage.second_looks import SqlSecondLooks
from bot.storage.secrets import Sealer
from bot.storage.sessions import SqlSessions
from bot.storage.uploads import SqlUploads
from bot.storage.weighing import SqlWeighing
from bot.usecases.deciding import Press
from bot.usecases.reviewing import LEASE, Hold
from tests.storage.planting import CHANNEL, NOW, PROJECT, TEAM, plant
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.databases import Databases

MANY = 5000
LONG = ("address", "upload", "annotation", "review", "post", "input", "note", "command", "picture", "processed",
        "lease", "home", "export", "decision", "ledger", "second_look", "probe")  # fmt: skip

GROWTH = (
    "update review set state = 'settled', verdict = 'approve', decided_by = 'U1', decided_at = now() where id > 20",
    "update post set state = 'due' where id <= 3",
    "update post set wanted = 2 where id in (4, 5)",
    "update annotation set dirty = 1 where id in ('a6', 'a7')",
    """insert into upload (project_id, channel_id, message_ts, uploaded_by, taken_at)
       select 'p1', 'C1', n::text, 'U1', now() from generate_series(1, :many) n""",
    """insert into picture
       (upload_id, project_id, file_id, name, state, reason, input_id, sha256, seen_before, attempts)
       select n, 'p1', 'F' || n, 'x', 'ready', '', 'in' || n, '', false, 0 from generate_series(1, :many) n""",
    """insert into note (team_id, channel_id, user_id, thread_ts, body, state, attempts, created_at)
       select 'T1', 'C1', 'U1', '', '{}', 'told', 0, now() from generate_series(1, :many) n""",
    """insert into command (team_id, channel_id, user_id, command, text, thread_ts, state, attempts, created_at)
       select 'T1', 'C1', 'U1', '', '', '', 'done', 0, now() from generate_series(1, :many) n""",
    """insert into lease (project_id, input_id, held_by, until)
       select 'p1', 'in' || n, 'U2', '2027-01-01' from generate_series(15, :many) n""",
    """insert into home (team_id, user_id, wanted, shown, draw_after, said)
       select 'T1', 'U' || n, 2, case when n < 3 then 1 else 2 end, '2026-01-01', '[]'
       from generate_series(1, :many) n""",
    """insert into membership (team_id, channel_id, members, asked_at) values ('T1', 'C1', '["U1"]', '2026-05-04')""",
    "update upload set checked = 'added' where id > 20",
    """insert into address_list (project_id, channel_id, message_ts, thread_ts, file_id, name, uploaded_by, state,
       reason, reasons_file, attempts, taken_at)
       values ('p1', 'C1', '1', '1', 'F1', 'x.csv', 'U1', 'done', '', '', 0, now()),
              ('p1', 'C1', '1', '1', 'F2', 'y.csv', 'U1', 'read', '', '', 0, now())""",
    """insert into address (list_id, line, project_id, url, input_id, state, reason)
       select 1, n, 'p1', 'https://a.example.com/' || n, 'in' || n, 'ready', '' from generate_series(1, :many) n""",
    """insert into address (list_id, line, project_id, url, input_id, state, reason)
       values (2, 2, 'p1', 'https://a.example.com/a', 'inx', 'new', ''),
              (2, 3, 'p1', 'https://a.example.com/b', 'iny', 'sent', '')""",
    """insert into export
       (project_id, team_id, channel_id, thread_ts, user_id, form, state, file_ids, attempts, created_at)
       select 'p1', 'T1', 'C1', '', 'U1', 'csv', 'done', '[]', 0, now() from generate_series(1, :many) n""",
    """insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
       select 'p1', id, 1, 'approve', true, 'U1', now() - id * interval '1 hour' from review""",
    """insert into second_look (project_id, review_id, input_id, concept_id, first_by, state, decided_by, doubted_by,
       created_at) select 'p1', id, input_id, concept_id, 'U1', 'decided', 'U2', '', now() from review""",
    """insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, ended_at, why_ended,
       target, certified, figures, weighed)
       select 'p1', case when n = 1 then 'people' else 'old' end, 'v', 'm', now(), case when n > 1 then now() end, '',
           0.95, '[]', '{}', 0 from generate_series(1, :many) n""",
    "update review set ledger_id = 1 + id / 100, lane = 'calibration'",
    "insert into concept values ('p1', 'people', 'people', 1, '[]', false)",
    "insert into cut (project_id, number, concept_id, accept, floor) values ('p1', 1, 'people', 0.9, 0.2)",
    """insert into probe (project_id, input_id, thrown_at, state, attempts, problem)
       select 'p1', 'in' || n, now(), case when n < 3 then 'waiting' else 'read' end, 0, ''
       from generate_series(1, :many) n""",
    """insert into probed_value (project_id, input_id, concept_id, value, floor, ledger_id)
       select 'p1', 'in' || n, 'people', 0.1, 0.2, 1 from generate_series(3, 20) n""",
    "update review set verdict = 'reject' where id % 50 = 0 and id > 20",
    "delete from second_look where review_id % 50 = 0",
    "update second_look set state = 'open' where review_id > :many - 9",
    """insert into post (project_id, team_id, channel_id, kind, subject, thread_ts, rank, state, attempt, ts, wanted,
       shown, own_upload, attempts, body, problem, created_at) select project_id, 'T1', 'C1', 'second_look', id::text,
       '', 3, 'posted', '', 's' || id, 1, 1, false, 0, '{}', '', now() from second_look""",
    "insert into processed (key, at) select n::text, '2027-01-01' from generate_series(1, :many) n",
)


def _first_rows(engine: Engine) -> None:
    """A file is written while it is read, a part of the pictures at a time; here few of them, as in a long table."""
    few = patch.object(labelled, "PICTURES_AT_ONCE", 10)
    with few, SqlLabelledData(engine).opened(PROJECT) as snapshot:
        next(snapshot.told(), None)


def _dead_letters(engine: Engine) -> None:
    with engine.begin() as connection:
        dead_letters(connection, now=NOW)


QUESTIONS: dict[str, Callable[[Engine], object]] = {
    "discover: what is known": lambda e: SqlLabels(e).known(PROJECT, ["a1", "a2"]),
    "discover: own inputs": lambda e: SqlLabels(e).own_inputs(PROJECT, ["in1"]),
    "discover: what is probed": lambda e: SqlLabels(e).probed(PROJECT, ["in1"]),
    "probe: what waits": lambda e: SqlProbes(e).waiting(PROJECT, now=NOW, limit=10),
    "probe: what was asked": lambda e: SqlProbes(e).asked(PROJECT, ["in1"]),
    "below the floor: what is known": lambda e: SqlBelowFloor(e).below_floors(PROJECT),
    "clock: who probes": lambda e: Due(e).looks("probe")(),
    "discover: what the workflow wrote": lambda e: SqlLabels(e).snapshots(PROJECT, ["a1", "a2"]),
    "settle: what is unsettled": lambda e: SqlLabels(e).unsettled(PROJECT, now=NOW, limit=10),
    "post: claim what is due": lambda e: SqlPosts(e, pace_s=0.0).claim_due(now=NOW),
    "post: when is the next due": lambda e: SqlPosts(e).next_due_in_s(now=NOW),
    "post: how many cards wait": lambda e: SqlPosts(e).count_waiting(now=NOW),
    "check off: what is settled": lambda e: SqlChecks(e).settled(limit=10),
    "check off: whether we may": lambda e: SqlChecks(e).refused_since(NOW),
    "lists: what is unread": lambda e: SqlLists(e).unread(PROJECT, now=NOW),
    "lists: what is unsent": lambda e: SqlLists(e).unsent(PROJECT, now=NOW, limit=10),
    "lists: what is in progress": lambda e: SqlLists(e).in_progress(PROJECT, now=NOW, limit=10),
    "lists: what has ended": lambda e: SqlLists(e).ended(PROJECT, now=NOW, sent_before=NOW),
    "clock: who takes lists": lambda e: Due(e).looks("lists")(),
    "redraw: claim what is behind": lambda e: SqlPosts(e).claim_behind(now=NOW),
    "uploads: what waits": lambda e: SqlUploads(e, Sealer([Sealer.new_key()])).waiting(
        PROJECT, now=NOW, kept=False, limit=10
    ),
    "uploads: what is in progress": lambda e: SqlUploads(e, Sealer([Sealer.new_key()])).in_progress(PROJECT, limit=10),
    "tell: claim notes": lambda e: SqlNotes(e).claim_notes(now=NOW, limit=10),
    "commands: claim a line": lambda e: SqlLines(e).claim_line(now=NOW),
    "clock: who may settle": lambda e: Due(e).looks("settle")(),
    "clock: who takes uploads": lambda e: Due(e).looks("uploads")(),
    "clock: who shows pictures": lambda e: Due(e).looks("pictures")(),
    "session: take the next picture": lambda e: SqlSessions(e).take(PROJECT, Hold("U1", NOW, NOW + LEASE)),
    "clock: who weighs": lambda e: Due(e).looks("weigh")(),
    "weigh: which ledgers": lambda e: SqlWeighing(e).with_news(live_project(id=PROJECT)),
    "weigh: what was predicted": lambda e: SqlWeighing(e).predictions(1),
    "homes: claim one": lambda e: SqlHomes(e).claim(now=NOW),
    "homes: what one says": lambda e: SqlHomes(e).view("T1", "U1", now=NOW + dt.timedelta(days=900)),
    "second looks: whose": lambda e: SqlSecondLooks(e).projects(),
    "second looks: what is moot": lambda e: SqlSecondLooks(e).close_moot(live_project(id=PROJECT)),
    "second looks: which are next": lambda e: SqlSecondLooks(e).ask(live_project(id=PROJECT), most=9, now=NOW),
    "second looks: the press": lambda e: SqlBallot(e).look_again(
        Press("k", TEAM, CHANNEL, "U2"), MANY // 2, Verdict.APPROVE, at=NOW
    ),
    "clock: who exports": lambda e: SqlExports(e).projects(),
    "export: what waits": lambda e: SqlExports(e).waiting(PROJECT, now=NOW),
    "export: the first rows": _first_rows,
    "thresholds: which curves there are": lambda e: SqlDossiers(e).with_checks(PROJECT, 20),
    "thresholds: what a day accepts": lambda e: SqlReplays(e).accepted_a_day(
        PROJECT, ConceptThreshold("people"), now=NOW
    ),
    "dead letters: what there is": _dead_letters,
    "dead letters: take up again": lambda e: take_up_again(e, now=NOW),
    "forget what was seen": lambda e: Due(e).forget_seen(before=NOW),
}


@pytest.fixture(scope="module")
def full(databases: Databases) -> Iterator[str]:
    """A database to copy: a project with thousands of answered cards, a few that wait, and as much of all else."""
    with databases.made() as original:
        plant(original.engine, cards=MANY)
        with original.engine.begin() as connection:
            for statement in GROWTH:
                connection.execute(text(statement), {"many": MANY})
        with by_itself(original.engine) as connection:
            connection.execute(text("vacuum analyze"))
        original.engine.dispose()
        yield original.name


@pytest.fixture
def grown(databases: Databases, full: str) -> Iterator[Engine]:
    with databases.made(full) as copy:
        yield copy.engine


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_pass_reads_a_long_table_from_end_to_end(grown: Engine, question: str) -> None:
    plans: list[str] = []

    def explain(connection, _cursor, statement, parameters, _context, _many):  # noqa: ANN202 - an event
        if not statement.lower().startswith("explain"):
            driver = connection.connection.driver_connection
            plans.extend(row[0] for row in driver.execute(f"explain {statement}", parameters))

    event.listen(grown, "before_cursor_execute", explain)
    QUESTIONS[question](grown)
    event.remove(grown, "before_cursor_execute", explain)
    assert plans
    end_to_end = [line.strip() for line in plans for table in LONG if f"Seq Scan on {table} " in line]
    assert end_to_end == [], "\n".join(plans)
