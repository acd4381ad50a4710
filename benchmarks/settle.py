"""Decisions are carried over to Clarifai: requests and time."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from benchmarks.apart import Apart
from benchmarks.discover import requested
from benchmarks.services import CHANNEL, OMAR, add_inputs, calls, forget_calls
from benchmarks.table import Row
from benchmarks.whole_bot import WholeBot, whole_bot
from bot.domain.reviews import Verdict
from bot.sandbox.slack import SlackSandbox
from bot.storage.ballot import SqlBallot
from bot.usecases.deciding import Press
from bot.work import Pass

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

DECISIONS = 1000


def settling(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Settle 1,000 decisions (quick: 200)."""
    count = 200 if quick else DECISIONS
    with Apart(whole_bot, server.create_database("settle")) as bot:
        requests, seconds = bot.do(settled, count)
    what = f"{count:,} decisions settled"
    return [
        Row(f"{what}: requests", requested(requests), target="<= 10"),
        Row(f"{what}: seconds", f"{seconds:.1f}"),
    ]


def settled(bot: WholeBot, count: int) -> tuple[dict[str, int], float]:
    """Decide `count` reviews, every third one against the model, and carry them over."""
    bot.there.do(add_inputs, count)
    bot.run(Pass.DISCOVER)
    _decide(bot)
    bot.there.do(forget_calls)
    started = time.perf_counter()
    while bot.run(Pass.SETTLE):
        pass
    seconds = time.perf_counter() - started
    left = bot.ask("select count(*) from review where state <> 'settled'")
    assert not left, f"{left} of {count} were not settled"
    return bot.there.do(calls), seconds


def _decide(bot: WholeBot) -> None:
    """Press *Approve* or *Reject* for every review; posting that many cards would take a quarter of an hour."""
    ballot = SqlBallot(bot.parts.clicks)
    with bot.parts.database.engine.begin() as connection:
        ids = connection.execute(text("update review set state = 'posted' returning id")).scalars().all()
    for review in ids:
        press = Press(f"press {review}", SlackSandbox.team_id, CHANNEL, OMAR, SlackSandbox.team_id)
        verdict = Verdict.REJECT if review % 3 == 0 else Verdict.APPROVE
        now = dt.datetime.now(dt.UTC)
        ballot.decide(press, [review], verdict, at=now, draw_after=now)
