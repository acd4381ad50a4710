"""The database: reached, at head, its queue moving, its secrets open."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from bot.usecases.doctoring.finding import Finding, counted, fine, wrong

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.usecases.doctoring.ports import Server, Waiting

OLDEST_SERVER = 130_000  # PostgreSQL 13, as procrastinate asks for
LONGEST_WAIT = dt.timedelta(minutes=15)  # of a decision: outages shorter than this mend themselves
LONGEST_LATE = dt.timedelta(minutes=5)  # of a job; workers look every half second
START = "Start `annotate-bot run`, or a worker beside `web`; if one runs, its log says what it is at."


def unreachable(why: str) -> Finding:
    return wrong(
        "database",
        f"The database cannot be asked: {why}",
        "See that PostgreSQL runs and that DATABASE_URL names its host, port, user and database; without DATABASE_URL, "
        "that BOT_DATA_DIR is a folder this user may write to.",
    )


def not_made(folder: str) -> Finding:
    return fine("database", f"no DATABASE_URL; the bot makes its own in {folder} at its first start")


def server(facts: Server) -> Finding:
    said = f"PostgreSQL {facts.version}"
    if facts.number >= OLDEST_SERVER:
        return fine("database", said)
    return wrong("database", said, "Move to PostgreSQL 13 or newer; the queue needs it.")


def schema(stands: str, needed: str) -> Finding:
    """Judge the schema's revision; a database that nobody has used yet has none."""
    if stands == needed:
        return fine("schema", f"at head ({needed})")
    said = f"The database stands at {stands or 'no revision'}; this version needs {needed}."
    return wrong("schema", said, "Run `annotate-bot migrate`; if it refuses, start the newer version that made it.")


def queue(waiting: Waiting, now: dt.datetime) -> Iterator[Finding]:
    """Judge what waits and what was given up."""
    yield _jobs(waiting, now)
    yield _decisions(waiting, now)
    if not waiting.dead:
        yield fine("dead letters", "nothing was given up")
    else:
        given_up = ", ".join(f"{what} ({count})" for what, count in waiting.dead)
        yield wrong(
            "dead letters",
            f"Given up: {given_up}",
            "See that the bot is in each channel and may post there, and that Clarifai takes its calls (checks below). "
            "Then `annotate-bot retry` takes all of it up again. Decisions are kept whatever happens.",
        )


def secrets(shut: Sequence[str]) -> Finding:
    """Judge whether what is sealed opens; `shut` names channels."""
    if not shut:
        return fine("secrets", "every stored secret opens with BOT_KEYS")
    return wrong(
        "secrets",
        f"Secrets of {', '.join(shut)} do not open with BOT_KEYS.",
        "Put the key they were sealed with back into BOT_KEYS, behind the newest one, separated by a comma.",
    )


def _jobs(waiting: Waiting, now: dt.datetime) -> Finding:
    if waiting.stalled:
        return wrong("queue", f"{counted(waiting.stalled, 'job')} of workers that give no sign of life", START)
    if waiting.late_since is not None and now - waiting.late_since > LONGEST_LATE:
        return wrong("queue", f"Work waits since {_moment(waiting.late_since)} and nobody does it.", START)
    return fine("queue", "nothing waits for long")


def _decisions(waiting: Waiting, now: dt.datetime) -> Finding:
    if not waiting.unwritten:
        return fine("decisions", "every decision is in Clarifai")
    since = waiting.unwritten_since or now
    why = f": {waiting.problem}" if waiting.problem else ""
    said = f"{counted(waiting.unwritten, 'annotation')} with decisions on their way since {_moment(since)}{why}"
    if now - since <= LONGEST_WAIT:
        return fine("decisions", said)
    return wrong(
        "decisions", said, f"They are safe and are written once Clarifai takes them: see clarifai below. {START}"
    )


def _moment(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
