"""Photographs dropped into the channel become inputs: the bot's CPU for each, and how many a second."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from benchmarks.apart import Apart
from benchmarks.services import labelled, photograph, upload
from benchmarks.table import Row
from benchmarks.whole_bot import WholeBot, whole_bot
from bot.clarifai.account import REQUESTS_PER_S
from bot.pictures import Pictures
from bot.work import Pass

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

PHOTOGRAPHS, IN_ONE_MESSAGE = 200, 10


def uploading(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Take 200 photographs (quick: 40) of 1 megapixel in; preparing their pixels alone is the reference."""
    count = 40 if quick else PHOTOGRAPHS
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as painters:
        photographs = list(painters.map(photograph, range(count)))
    with Apart(whole_bot, server.create_database("uploads")) as bot:
        pixels = bot.do(prepared, photographs)
        cpu, seconds = bot.do(taken, photographs)
    what, size = f"{count} uploads of 1 megapixel", sum(map(len, photographs)) / count / 1000
    return [
        Row(
            f"{what} ({size:.0f} kB): CPU ms/image",
            f"{cpu / count * 1000:.1f}",
            f"{pixels / count * 1000:.1f} for the pixels alone",
            f"{cpu / pixels:.2f}",
        ),
        Row(
            f"{what}: images/s",
            f"{count / seconds:.1f}",
            f"{REQUESTS_PER_S} requests/s to Clarifai are the bot's own limit",
            f"{count / seconds / REQUESTS_PER_S:.2f}",
        ),
    ]


def prepared(_: WholeBot, photographs: list[bytes]) -> float:
    """Return the CPU seconds it takes to decode, turn upright and encode again what was uploaded."""
    pictures, started = Pictures(), time.process_time()
    for data in photographs:
        pictures.prepare(data)
    return time.process_time() - started


def taken(bot: WholeBot, photographs: list[bytes]) -> tuple[float, float]:
    """Return CPU seconds and seconds from the first upload to the last input that is labelled."""
    started, cpu_started = time.perf_counter(), time.process_time()
    for first in range(0, len(photographs), IN_ONE_MESSAGE):
        bot.there.do(upload, photographs[first : first + IN_ONE_MESSAGE])
        bot.run(Pass.TAKE_UPLOADS, Pass.POST)
    bot.until("select not exists (select 1 from picture where state = 'new')", Pass.TAKE_UPLOADS, Pass.POST)
    bot.there.do(labelled)
    bot.until("select not exists (select 1 from picture where state <> 'ready')", Pass.DISCOVER, Pass.REDRAW)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    ready = bot.ask("select count(*) from review where state in ('queued', 'posted')")
    assert ready == len(photographs), f"{ready} of {len(photographs)} are to be reviewed"
    return cpu, seconds
