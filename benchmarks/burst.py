"""Ten thousand files are dropped into a channel while people go on clicking: how long clicks take, how much memory."""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from sqlalchemy import Engine, text

from benchmarks.apart import Apart
from benchmarks.services import (
    APP,
    CHANNEL,
    KEY,
    OMAR,
    USER,
    Services,
    addresses,
    deliver_to,
    inputs_held,
    photograph,
    say,
    services,
)
from benchmarks.table import Row
from bot.clarifai.account import REQUESTS_PER_S
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from tests.app.outside import BotProcess

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres

FILES, QUICK_FILES, IN_ONE_MESSAGE = 10_000, 100, 10
SIDE = 300  # pixels: ten thousand larger ones do not fit into the memory of the workspace
CLICK_EVERY_S = 0.1
ANSWER_WITHIN_S = 1.5  # Slack takes one message a second in a channel
_GIVE_UP_S = 3600.0
_CARD = """select c.ts from post c where c.kind = 'card' and c.state = 'posted'
           order by (select count(*) from review r where r.input_id = c.subject and r.state = 'posted') desc, c.id desc
           limit 1"""
_READY = "select count(*) from picture where state = 'ready'"


def bursting(server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Drop 10,000 files (quick: 100), ten to a message, and click until each is labelled; takes some forty minutes."""
    files = QUICK_FILES if quick else FILES
    url = server.create_database("burst")
    engine = make_engine(url, connections=2)
    migrate(engine)
    with ExitStack() as stack:
        there = stack.enter_context(Apart(services))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="burst-", ignore_cleanup_errors=True)))
        processes = _begun(there, url, folder, stack)
        _go_live(engine, there)
        begun = time.monotonic()
        clicks, first_card = _clicked(engine, there, files)
        seconds = time.monotonic() - begun
        peaks = {verb: peak_mib(process) for verb, process in processes.items()}
        held, answered = there.do(inputs_held), _answered(there, files // IN_ONE_MESSAGE)
    engine.dispose()
    ordered, what = sorted(clicks), f"a burst of {files:,} files"
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    most = f"{ordered[len(ordered) // 2]:.0f}, {p99:.0f}, {ordered[-1]:.0f}"
    limit = f"{REQUESTS_PER_S} requests/s to Clarifai are the bot's own limit"
    return [
        Row(f"{what}: {len(clicks):,} clicks meanwhile, p50, p99, greatest ms", most, target="p99 < 1000"),
        Row(f"{what}: seconds until the first card", "none came" if first_card is None else f"{first_card:.0f}"),
        Row(f"{what}: inputs at Clarifai, messages with one answer", f"{held:,}, {answered:,}", target=_aim(files)),
        Row(f"{what}: files/s", f"{files / seconds:.1f}", limit, f"{files / seconds / REQUESTS_PER_S:.2f}"),
        *(Row(f"{what}: memory of `{v}` at its peak, MiB", f"{p:.0f}", target="< 400") for v, p in peaks.items()),
    ]


def _begun(there: Apart[Services], url: str, folder: Path, stack: ExitStack) -> dict[str, BotProcess]:
    """Begin one `web` and one `worker`."""
    reach = {name.upper(): value for name, value in asdict(there.do(addresses)).items()}
    clarifai = {"CLARIFAI_PAT": KEY, "CLARIFAI_USER_ID": USER, "CLARIFAI_APP_ID": APP}
    env = {**reach, **clarifai, "BOT_KEYS": Fernet.generate_key().decode(), "DATABASE_URL": url, "PORT": "0"}
    env |= {"BOT_CARD_HOURS": "always"}
    begun = {verb: BotProcess(verb, env=env, folder=folder) for verb in ("web", "worker")}
    for process in begun.values():
        stack.callback(process.end, signal.SIGKILL)
    there.do(deliver_to, f"{begun['web'].ready()['http']}/slack/events")
    begun["worker"].ready()
    return begun


def _go_live(engine: Engine, there: Apart[Services]) -> None:
    there.do(say, "setup people man adult")
    _until(engine, "select count(*) from project where state = 'ready'")
    there.do(say, "live")
    _until(engine, "select count(*) from project where state = 'live'")


def _until(engine: Engine, question: str) -> None:
    give_up = time.monotonic() + 120
    while not _count(engine, question):
        threading.Event().wait(0.1)
        if time.monotonic() > give_up:
            raise TimeoutError(question)


def _clicked(engine: Engine, there: Apart[Services], files: int) -> tuple[list[float], float | None]:
    """Upload and click by turns, then only click; return ms of each click, and seconds until there was a card."""
    clicks: list[float] = []
    first_card: float | None = None
    started, sent = time.monotonic(), 0
    while _count(engine, _READY) < files:
        if sent < files:
            there.do(drop, sent, IN_ONE_MESSAGE)
            sent += IN_ONE_MESSAGE
        else:
            threading.Event().wait(CLICK_EVERY_S)
        for ts in _cards(engine):
            first_card = time.monotonic() - started if first_card is None else first_card
            clicks += there.do(click, ts)
        if time.monotonic() - started > _GIVE_UP_S:
            raise TimeoutError(f"{_count(engine, _READY)} of {files} files are labelled")
    return clicks, first_card


def _cards(engine: Engine) -> list[str]:
    """Find the card to press next: one that asks, else the newest."""
    with engine.begin() as connection:
        return list(connection.execute(text(_CARD)).scalars())


def _aim(files: int) -> str:
    return f"{files:,}, {files // IN_ONE_MESSAGE:,}"


def _answered(there: Apart[Services], messages: int) -> int:
    """Wait until each of so many messages of uploads is answered; return how many have exactly one answer."""
    give_up = time.monotonic() + messages * ANSWER_WITHIN_S + 60
    while 0 in (answers := there.do(answers_each)) and time.monotonic() < give_up:
        threading.Event().wait(1.0)
    return answers.count(1)


def answers_each(there: Services) -> list[int]:
    """Count the bot's answers below each message of uploads."""
    uploads = [m["ts"] for m in there.slack.messages(CHANNEL) if m.get("files")]
    return [sum(bool(r.get("bot_id")) for r in there.slack.replies(CHANNEL, ts)) for ts in uploads]


def _count(engine: Engine, question: str) -> int:
    with engine.begin() as connection:
        return int(connection.execute(text(question)).scalar_one())


_photographs: list[bytes] = []  # over there, drawn once


def drop(there: Services, first: int, count: int) -> None:
    """Drop files nobody has seen: one photograph, with another number behind its end."""
    if not _photographs:
        _photographs.append(photograph(0, SIDE))
    names = [(f"photo {n}.jpg", _photographs[0] + n.to_bytes(8, "big")) for n in range(first, first + count)]
    there.slack.upload(OMAR, CHANNEL, names)


def click(there: Services, ts: str) -> list[float]:
    """Answer the card, else take an answer back; return the milliseconds, nothing where it has no such button."""
    card = there.slack.message(CHANNEL, ts) or {"blocks": []}
    label = next((label for word in ("Approve", "Undo") for label in _labels(card, word)), None)
    if label is None:
        return []
    started = time.perf_counter()
    answer = there.slack.press(OMAR, CHANNEL, ts, label, seen=card)
    assert answer.ok, answer
    return [(time.perf_counter() - started) * 1000]


def _labels(card: dict[str, Any], word: str) -> list[str]:
    """Return the texts of its buttons that begin with the word."""
    rows = [block["elements"] for block in card["blocks"] if block["type"] == "actions"]
    texts = [str(element["text"]["text"]) for row in rows for element in row if "text" in element]
    return [text for text in texts if text.startswith(word)]


def peak_mib(process: BotProcess) -> float:
    """Read the most that a process ever had resident (Linux only)."""
    lines = Path(f"/proc/{process.process.pid}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
