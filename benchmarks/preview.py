"""What a threshold would have done to a long past: the whole question, as `preview people 0.8` asks it."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from benchmarks.table import Row, middle
from bot.domain.thresholds import ConceptThreshold
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.storage.replay import SqlReplays
from tests.storage.planting import PROJECT, plant

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres
    from bot.usecases.replaying import Replay

MANY = 100_000
DRAWN = 0.05  # of the predictions are calibration reviews, after the first 300
NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)

_LEDGER = """insert into ledger (project_id, concept_id, model_version, mapper_version, started_at, why_ended, target,
    certified, figures, weighed) values (:p, 'people', 'm', 'm', now(), '', 0.95, '[]', '{}', 0)"""
_PAST = """update review r set ledger_id = l.id, kind = 'check', value = cast(random() * 0.8 + 0.2 as real),
    lane = case when d.drawn then 'calibration' else 'work' end,
    probability = case when r.id <= 300 then 1 else :drawn end,
    smallest = case when r.id <= 300 then 1 else :drawn end,
    state = case when d.drawn then 'settled' else 'unchecked' end,
    verdict = case when d.drawn then case when random() < 0.97 then 'approve' else 'reject' end end,
    decided_at = case when d.drawn then now() end
    from ledger l, (select id, id <= 300 or random() < :drawn as drawn from review) d where d.id = r.id"""
_COUNT = "select count(*) from review where value >= cast(0.8 as real)"


def previewing(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Preview a value over 100,000 predictions of one concept; the reference counts those above it and nothing else."""
    many, repeats = (10_000, 5) if quick else (MANY, 15)
    engine = make_engine(server.create_database("preview"))
    migrate(engine)
    _grow(engine, many)
    ours, bare = [], []
    for _ in range(repeats + 1):
        started = time.perf_counter()
        replay = previewed(engine)
        ours.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        with engine.begin() as connection:
            counted = connection.execute(text(_COUNT)).scalar_one()
        bare.append((time.perf_counter() - started) * 1000)
        assert (replay.predictions, replay.accepted) == (many, counted)
    engine.dispose()
    ratios = [one / other for one, other in zip(ours[1:], bare[1:], strict=True)]
    what = f"preview over {many:,} predictions, {replay.band.checks:,} checks: ms"
    return [Row(what, middle(ours[1:], 0), middle(bare[1:], 0), middle(ratios, 1), "< 300")]


def previewed(engine: Engine) -> Replay:
    replay = SqlReplays(engine).replay(PROJECT, ConceptThreshold("people"), ConceptThreshold("people", 0.8), now=NOW)
    assert replay is not None
    return replay


def _grow(engine: Engine, many: int) -> None:
    plant(engine, cards=many)
    with engine.begin() as connection:
        connection.execute(text(_LEDGER), {"p": PROJECT})
        connection.execute(text(_PAST), {"drawn": DRAWN})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
