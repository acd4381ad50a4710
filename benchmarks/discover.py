"""Pending annotations that wait in the app become reviews: requests, time, memory."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.apart import Apart
from benchmarks.services import add_inputs, calls, forget_calls
from benchmarks.table import Row
from benchmarks.whole_bot import WholeBot, resident_mib, whole_bot
from bot.work import Pass

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

SIZES = (1000, 5000)


SYNCED, QUICK_SYNCED = (20_000, 100_000), (500, 2000)


@dataclass(frozen=True)
class Discovered:
    """What discovering took: requests by method, seconds, and MiB beyond what the bot had before."""

    requests: dict[str, int]
    seconds: float
    growth: float
    traced_peak: float


def discovering(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Discover 1,000 and 5,000 annotations, each in a bot of its own; once more with memory traced, which is slow."""
    rows = []
    for size in SIZES[:1] if quick else SIZES:
        with Apart(whole_bot, server.create_database(f"discover_{size}")) as bot:
            timed = bot.do(discovered, size, False)
        with Apart(whole_bot, server.create_database(f"discover_{size}_traced")) as bot:
            traced = bot.do(discovered, size, True)
        what = f"{size:,} pending annotations discovered"
        memory = f"{timed.growth:+.1f} resident, {traced.traced_peak:.1f} traced peak"
        rows += [
            Row(f"{what}: requests", requested(timed.requests), target="<= 10" if size == SIZES[0] else ""),
            Row(f"{what}: seconds", f"{timed.seconds:.1f}"),
            Row(f"{what}: memory, MiB", memory, target="flat"),
        ]
    return rows


def syncing(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Discover 20,000 and 100,000 annotations (quick: 500 and 2,000); filling the app takes most of the time."""
    sizes = QUICK_SYNCED if quick else SYNCED
    found = []
    for size in sizes:
        with Apart(whole_bot, server.create_database(f"sync_{size}")) as bot:
            found.append(bot.do(discovered, size, False))
    each = [one.seconds / size * 1000 for one, size in zip(found, sizes, strict=True)]
    what = f"{sizes[1]:,} pending annotations synced"
    few = f"with {sizes[0]:,}"
    grown = [one.growth for one in found]
    return [
        Row(f"{what}: seconds", f"{found[1].seconds:.0f}", f"{found[0].seconds:.0f} {few}"),
        Row(f"{what}: ms for each", f"{each[1]:.2f}", f"{each[0]:.2f} {few}", f"{each[1] / each[0]:.2f}", "linear: 1"),
        Row(f"{what}: memory, MiB more", f"{grown[1]:+.1f}", f"{grown[0]:+.1f} {few}", target="flat"),
    ]


def discovered(bot: WholeBot, size: int, traced: bool) -> Discovered:
    """Have `size` annotations written by the workflow, then discover them in one pass."""
    bot.there.do(add_inputs, size)
    bot.there.do(forget_calls)
    if traced:
        tracemalloc.start()
    before, started = resident_mib(), time.perf_counter()
    bot.run(Pass.DISCOVER)
    seconds, growth = time.perf_counter() - started, resident_mib() - before
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    reviews = bot.ask("select count(*) from review where state = 'queued'")
    assert reviews == size, f"{reviews} reviews of {size}"
    return Discovered(bot.there.do(calls), seconds, growth, peak)


def requested(counts: dict[str, int]) -> str:
    """Write the sum of the requests and what they were."""
    return f"{sum(counts.values())} ({', '.join(f'{n} {rpc}' for rpc, n in sorted(counts.items()))})"
