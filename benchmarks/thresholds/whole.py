"""The same question put to the whole bot: pictures through the sandbox, a reviewer who never errs, real commands."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import text

from benchmarks.apart import Apart
from benchmarks.services import CHANNEL, OMAR, add_scored, say
from benchmarks.thresholds.pools import breast_cancer, digits
from benchmarks.thresholds.report import Table, percent
from benchmarks.whole_bot import WholeBot, whole_bot
from bot.domain.reviews import Verdict
from bot.domain.thresholds import narrow
from bot.sandbox.slack import SlackSandbox
from bot.storage.ballot import SqlBallot
from bot.storage.embedded import EmbeddedPostgres
from bot.storage.proofs import SqlProofs
from bot.usecases.deciding import Press
from bot.work import Pass

if TYPE_CHECKING:
    from benchmarks.thresholds.pools import Pool

ARRIVALS, BATCH = 2_000, 50
CONCEPT = "people"
_THRESHOLDS = "/annotate-thresholds"
_OPEN = "select id, input_id from review where state in ('queued', 'posted') order by lane, id"
_UNSEEN = "select input_id from review where kind = 'check' and state = 'unchecked'"


@dataclass(frozen=True)
class Run:
    """What became of one project: counts of pictures; `accept` is the cut in force at the end."""

    arrivals: int
    seen: int
    unseen: int
    unseen_right: int
    accept: float
    is_proven: bool
    first_proof: int | None  # reviews until something was proven


def through_the_bot(arrivals: int) -> Table:
    """Run one project per pool and target, and what three simpler rules make of the same pictures."""
    table = Table("pool", "target", "rule", "seen by people", "less work", "accepted unseen are right", "misses")
    folder = Path(tempfile.mkdtemp(prefix="annotate-bench-"))
    try:
        with EmbeddedPostgres(folder) as server:
            for target in (0.95, 0.99):
                for pool in (digits(), breast_cancer()):
                    scores, right = _drawn(pool, arrivals)
                    url = server.create_database(f"whole_{pool.name[:6]}_{100 * target:.0f}")
                    with Apart(whole_bot, url) as bot:
                        ran = bot.do(one_project, scores, right, target)
                    head = (pool.name, percent(target))
                    table.add(*head, "every picture labelled by people", "100 %", "1.0x", "-", "-")
                    table.add(*head, *_fixed(scores, right, target))
                    table.add(*head, *_naive(scores, right, target, pool))
                    table.add(*head, *_of(ran, target, pool))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return table


def one_project(bot: WholeBot, scores: list[float], right: list[bool], target: float) -> Run:
    """Feed the pictures in batches, answer everything that is asked, and use what is proven as soon as it is."""
    project = str(bot.ask("select id from project"))
    if target != 0.95:
        _type(bot, f"{CONCEPT} target {100 * target:.0f}%")
    accept, first, seen = 0.95, None, 0
    for begin in range(0, len(scores), BATCH):
        bot.there.do(add_scored, scores[begin : begin + BATCH], begin)
        bot.run(Pass.DISCOVER)
        seen += _answer(bot, right)
        bot.run(Pass.SETTLE, Pass.WEIGH)
        proof = SqlProofs(bot.parts.database.engine).proofs(project).get(CONCEPT)
        found = proof.recommended if proof else None
        if found is not None and narrow(found) != narrow(accept):
            first, accept = first or seen, found
            _type(bot, f"{CONCEPT} {found!r}")
    with bot.parts.database.engine.begin() as connection:
        unseen = [_number(one) for one in connection.execute(text(_UNSEEN)).scalars()]
    return Run(len(scores), seen, len(unseen), sum(right[n] for n in unseen), accept, first is not None, first)


def _type(bot: WholeBot, line: str) -> None:
    before = bot.ask("select revision from project")
    said = bot.there.do(say, line, _THRESHOLDS)
    assert bot.ask("select revision from project") != before, said
    bot.until("select applied_revision = revision from project", Pass.APPLY_CUTS)


def _answer(bot: WholeBot, right: list[bool]) -> int:
    """Press *Approve* or *Reject* as the truth is, in the order of the queue; return how many."""
    ballot = SqlBallot(bot.parts.clicks)
    with bot.parts.database.engine.begin() as connection:
        asked = connection.execute(text(_OPEN)).all()
    for review, input_id in asked:
        press = Press(f"press {review}", SlackSandbox.team_id, CHANNEL, OMAR, SlackSandbox.team_id)
        verdict = Verdict.APPROVE if right[_number(input_id)] else Verdict.REJECT
        now = dt.datetime.now(dt.UTC)
        ballot.decide(press, [review], verdict, at=now, draw_after=now)
    return len(asked)


def _number(input_id: str) -> int:
    return int(input_id.removeprefix("in"))


def _drawn(pool: Pool, arrivals: int) -> tuple[list[float], list[bool]]:
    rows = np.random.default_rng(7).integers(0, len(pool.scores), arrivals)
    return pool.scores[rows].tolist(), pool.right[rows].tolist()


def _of(ran: Run, target: float, pool: Pool) -> tuple[str, ...]:
    share = ran.seen / ran.arrivals
    accepted = percent(ran.unseen_right / ran.unseen, 1) if ran.unseen else "none accepted unseen"
    missed = "no proof" if not ran.is_proven else _missed(pool, ran.accept, target)
    first = f" (first proof after {ran.first_proof} answers)" if ran.first_proof else ""
    return f"the bot{first}", percent(share), f"{1 / share:.1f}x", accepted, missed


def _missed(pool: Pool, accept: float, target: float) -> str:
    return "yes" if float(pool.precision(accept)) < target else "no"


def _fixed(scores: list[float], right: list[bool], target: float) -> tuple[str, ...]:
    over = np.array(scores) >= 0.95
    share, correct = 1 - over.mean(), np.array(right)[over].mean()
    missed = "yes" if correct < target else "no"
    return "fixed 0.95, unchecked", percent(share), f"{1 / share:.1f}x", percent(correct, 1), missed


def _naive(scores: list[float], right: list[bool], target: float, pool: Pool) -> tuple[str, ...]:
    """Take the lowest cut with the target share approved among the first 300, and check nothing afterwards."""
    begun = 300
    order = np.argsort(-np.array(scores[:begun]), kind="stable")
    kept = np.cumsum(np.array(right[:begun])[order]) / np.arange(1, begun + 1) >= target
    if not kept.any():
        return "naive, from the first 300", "100 %", "1.0x", "none accepted", "-"
    accept = float(np.array(scores[:begun])[order][np.flatnonzero(kept)[-1]])
    over = np.array(scores[begun:]) >= accept
    share = (begun + int((~over).sum())) / len(scores)
    correct = percent(np.array(right[begun:])[over].mean(), 1)
    return "naive, from the first 300", percent(share), f"{1 / share:.1f}x", correct, _missed(pool, accept, target)
