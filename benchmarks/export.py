"""The labels of a project become a file: time and memory."""

from __future__ import annotations

import json
import os
import tempfile
import time
import tracemalloc
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from benchmarks.apart import Apart
from benchmarks.table import Row, middle
from benchmarks.whole_bot import resident_mib
from bot.app.parts import utc_now
from bot.domain.exports import Form
from bot.storage.engine import make_engine
from bot.storage.labelled import SqlLabelledData
from bot.storage.migrate import migrate
from bot.usecases.exporting.making import make_export

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from bot.storage.embedded import EmbeddedPostgres

LINES = 100_000
CONCEPTS = ("people", "man", "adult", "dog")
REPEATS = 3

_PLANTED = (
    """insert into project (id, team_id, channel_id, state, set_up_by, user_id, app_id, coin_secret, graph, model_id,
           model_version, zone, digest_at, digest_zone, digest_channel, digest_on, revision, applied_revision,
           older_pending, take_older, created_at)
       values ('p', 'T1', 'C1', 'live', 'U1', 'demo', 'team', '', '', '', '', 'UTC', '09:00', 'UTC', '', true, 1, 1,
           0, false, now())""",
    """insert into concept (project_id, id, name, position, relations)
       select 'p', c, c, n, '[]' from unnest(cast(:concepts as text[])) with ordinality as t (c, n)""",
    """insert into revision (project_id, number, asked_by, asked_at, words, state, attempts, problem, mapper_version)
       values ('p', 1, 'U1', now(), '', 'applied', 0, '', 'a6b97a9b5ee1497cb10c5a8a6ac4dbb6')""",
    """create temporary table told on commit drop as
       select 'in' || substr(encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), 1, 30) as id, n,
              encode(sha256(convert_to(n::text, 'UTF8')), 'hex') as sha from generate_series(1, :pictures) n""",
    """insert into upload (project_id, channel_id, message_ts, uploaded_by, taken_at)
       values ('p', 'C1', '1', 'U1', now())""",
    """insert into picture
           (upload_id, project_id, file_id, name, state, reason, input_id, sha256, seen_before, attempts)
       select (select id from upload), 'p', 'F' || n, 'IMG_' || n || '.jpg', 'ready', '', id, sha, false, 0
       from told""",
    """insert into input (project_id, id, source, name, uploaded_by, permalink, url, file_id, picture, created_at)
       select 'p', id, 'upload', 'IMG_' || n || '.jpg', 'U1', 'https://team.slack.com/archives/C0LABELS01/p1777' || n,
              '', 'F' || n, 'shown', now() from told""",
    """insert into annotation (project_id, id, input_id, status, snapshot, modified_at, revision, seen_at, dirty,
           settled, closed, closed_reason, attempts, problem)
       select 'p', 'a' || n, id, 'pending', '{"status": "pending", "concepts": [], "region": null}', now(), 1, now(),
              1, 1, false, '', 0, '' from told""",
    """insert into review (project_id, annotation_id, input_id, concept_id, kind, value, probability, state, revision,
           verdict, decided_by, decided_at, doubted_by, thresholds, created_at)
       select 'p', 'a' || n, id, c, case when n % 3 = 0 then 'check' else 'pending' end, (n % 1000) / 1000.0, 1,
              case when n % 10 = 0 then 'posted' else 'settled' end, 1,
              case when n % 10 = 0 then null when n % 4 = 0 then 'reject' else 'approve' end,
              'U0OMAR00001', now(), '', 1, now() from told, unnest(cast(:concepts as text[])) c""",
    """insert into decision (project_id, review_id, revision, verdict, final, decided_by, decided_at)
       select 'p', id, 1, verdict, true, decided_by, decided_at from review where verdict is not null""",
)


@dataclass(frozen=True)
class Exported:
    """What writing one file took: seconds, MB on disk, MiB of memory beyond what the process had."""

    seconds: float
    megabytes: float
    growth: float
    traced_peak: float


@contextmanager
def planted(url: str, lines: int) -> Iterator[Engine]:
    """Make a project of so many lines, four concepts a picture."""
    engine = make_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        for statement in _PLANTED:
            values = {"concepts": list(CONCEPTS), "pictures": lines // len(CONCEPTS)}
            connection.execute(text(statement), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    yield engine
    engine.dispose()


def exporting(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Export 100,000 lines in each form, against reading the same rows and writing them as bare JSON; memory twice."""
    rows, lines = [], LINES // 5 if quick else LINES
    with Apart(planted, server.create_database("export"), lines) as there:
        there.do(exported, Form.JSONL, False)  # what is loaded and planned once is not counted
        for form in Form:
            pairs = [(there.do(exported, form, False), there.do(bare)) for _ in range(1 if quick else REPEATS)]
            taken, reference = [made.seconds for made, _ in pairs], [seconds for _, seconds in pairs]
            ratios = [ours / theirs for ours, theirs in zip(taken, reference, strict=True)]
            what = f"{lines:,} lines exported as {form} ({pairs[0][0].megabytes:.0f} MB): seconds"
            rows.append(Row(what, middle(taken, 1), f"{middle(reference, 1)} bare", middle(ratios), "< 10"))
    for size in (lines // 5, lines):
        with Apart(planted, server.create_database(f"export_{size}"), size) as there:
            there.do(exported, Form.JSONL, False)
            timed = there.do(exported, Form.COCO, False)
            traced = there.do(exported, Form.COCO, True)
        memory = f"{timed.growth:+.1f} resident, {traced.traced_peak:.1f} traced peak"
        rows.append(Row(f"{size:,} lines exported as coco: memory, MiB", memory, target="flat"))
    return rows


def exported(engine: Engine, form: Form, traced: bool) -> Exported:
    """Write one file with its card to the disk."""
    if traced:
        tracemalloc.start()
    before, started = resident_mib(), time.perf_counter()
    with tempfile.TemporaryFile() as out:
        made = make_export(SqlLabelledData(engine), "p", form, out, made_at=utc_now())
        seconds, growth, size = time.perf_counter() - started, resident_mib() - before, os.fstat(out.fileno()).st_size
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    assert made.lines % 1000 == 0, made.lines
    return Exported(seconds, size / 1e6, growth, peak)


def bare(engine: Engine) -> float:
    """Read every review through a cursor of the server's and write each as a JSON object; seconds."""
    started = time.perf_counter()
    question = text("select to_jsonb(r)::text from review r where project_id = 'p' order by input_id, concept_id, id")
    with (
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "bare").open("wb") as out,
        engine.connect() as connection,
    ):
        rows = connection.execute(question, execution_options={"stream_results": True, "max_row_buffer": 2000})
        out.writelines(f"{json.dumps(json.loads(row))}\n".encode() for row in rows.scalars())
    return time.perf_counter() - started
