"""CSV files of addresses: Clarifai fetches the pictures, and what cannot go on is said line by line in one file."""

from __future__ import annotations

import csv
import datetime as dt
import io
import logging
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Protocol

from bot.domain.addresses import harmless, input_id_of_address, name_of_address, read_list
from bot.domain.errors import ChatError, ChatRefused, PlatformUnavailable, Refused, WrongKey
from bot.domain.uploads import LARGEST_FILE
from bot.usecases.crashing import Checkpoint
from bot.usecases.ports import InputState, NewInput
from bot.usecases.waiting import wait_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.domain.addresses import AddressLine
    from bot.domain.projects import Project
    from bot.usecases.chat import Chat
    from bot.usecases.crashing import Reached
    from bot.usecases.ports import Clock, InputFacts, LabellingPlatform

log = logging.getLogger(__name__)

SENT_AT_ONCE = 128  # addresses in one request to Clarifai
LOOKED_AT_ONCE = 2048  # inputs whose state is asked in one pass
LONGEST_WAIT = dt.timedelta(minutes=10)
PATIENCE = dt.timedelta(hours=1)  # with an input that comes to no end, before the reasons are told without it
LOOKED_UP_AFTER = dt.timedelta(seconds=30)  # Slack shows late where a file was shared
MOST_TRIES = 150  # for a file at Slack: about a day


@dataclass(frozen=True)
class WaitingList:
    """A file of addresses that is not done yet."""

    id: int
    file_id: str
    name: str
    channel_id: str
    thread_ts: str
    reasons_file: str
    attempts: int


@dataclass(frozen=True)
class ListLine:
    """One line as it is kept; without a `reason` it is handed on."""

    line: int
    url: str
    input_id: str
    about: Mapping[str, str]
    reason: str


@dataclass(frozen=True)
class Address:
    """One line on its way to Clarifai, with the message it came in."""

    list_id: int
    line: int
    url: str
    input_id: str
    about: Mapping[str, str] | None
    channel_id: str
    message_ts: str
    uploaded_by: str
    attempts: int  # of its list


class ListStore(Protocol):
    """Lists and their lines. Each method is one transaction."""

    def unread(self, project_id: str, *, now: dt.datetime) -> Sequence[WaitingList]: ...

    def read(self, project: Project, waiting: WaitingList, lines: Iterable[ListLine]) -> None:
        """Keep the lines, all or (should `lines` raise) none."""

    def refused(self, waiting: WaitingList, reason: str) -> None: ...

    def give_up(self, waiting: WaitingList, reason: str) -> None:
        """Refuse it, until somebody has it taken up again."""

    def later(self, list_id: int, *, not_before: dt.datetime) -> None: ...

    def unsent(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[Address]:
        """The next lines in the order of their lists."""

    def intend(
        self, project: Project, addresses: Sequence[Address], permalinks: Sequence[str], *, now: dt.datetime
    ) -> Sequence[Address]:
        """Record the inputs before they are sent; return those that no list of the project brought before."""

    def sent(self, project: Project, done: Sequence[tuple[Address, str]], *, now: dt.datetime) -> None:
        """Record what Clarifai said of each: "" when it took it in, else why not."""

    def in_progress(self, project_id: str, *, now: dt.datetime, limit: int) -> Sequence[str]:
        """Ids of inputs whose end nobody knows yet, those first that were asked about longest ago."""

    def finished(self, project: Project, facts: Sequence[InputFacts]) -> int:
        """Record which inputs are READY, FAILED or GONE; return how many lines that are."""

    def ended(self, project_id: str, *, now: dt.datetime, sent_before: dt.datetime) -> Sequence[WaitingList]:
        """Lists whose lines all came to an end, or were sent before `sent_before`."""

    def reasons(self, list_id: int) -> Iterator[tuple[int, str, str]]:
        """(line, address, why it did not go on), in order."""

    def sharing(self, waiting: WaitingList, file_id: str, *, not_before: dt.datetime) -> None:
        """Remember the file before it is shared; should the process die, it is looked up after `not_before`."""

    def done(self, waiting: WaitingList) -> None: ...


@dataclass(frozen=True)
class ListWork:
    """What taking lists works with."""

    store: ListStore
    chat: Chat
    clock: Clock
    reached: Reached
    monotonic: Callable[[], float]


def take_lists(
    work: ListWork,
    platform: LabellingPlatform,
    project: Project,
    *,
    for_s: float,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Read new lists, hand lines on for at most `for_s` seconds, tell the reasons of those that ended; return how many.

    A crash while reading costs reading again, one while sending repeats a request, which the ids make harmless.
    """
    ends_at = work.monotonic() + for_s
    done = sum(_read(work, project, waiting) for waiting in work.store.unread(project.id, now=work.clock()))
    while project.takes_work and work.monotonic() < ends_at and go_on():
        sent = _send(work, platform, project)
        if not sent:
            break
        done += sent
    now = work.clock()
    for waiting in work.store.ended(project.id, now=now, sent_before=now - PATIENCE):
        if work.monotonic() > ends_at or not go_on():
            break
        done += _tell_reasons(work, waiting)
    return done


def ended_addresses(store: ListStore, platform: LabellingPlatform, project: Project, clock: Clock) -> list[InputFacts]:
    """Ask Clarifai which addresses it has fetched, or could not."""
    ids = store.in_progress(project.id, now=clock(), limit=LOOKED_AT_ONCE)
    facts = platform.read_inputs(ids) if ids else {}
    return [f for f in facts.values() if f.state is not InputState.WORKING]


def _read(work: ListWork, project: Project, waiting: WaitingList) -> int:
    try:
        work.store.read(project, waiting, _planned(project.id, read_list(_fetched(work.chat, waiting.file_id))))
    except Refused as reason:
        work.store.refused(waiting, str(reason))
    except ChatError as away:
        if waiting.attempts >= MOST_TRIES:
            work.store.give_up(waiting, f"could not be had from Slack: {away}")
            return 1
        _later(work, waiting.id, waiting.attempts, away)
        return 0
    return 1


def _fetched(chat: Chat, file_id: str) -> bytes:
    file = chat.file(file_id)
    if file.problem:
        raise Refused(file.problem)
    return chat.download(file, limit=LARGEST_FILE)


def _planned(project_id: str, lines: Iterable[AddressLine]) -> Iterator[ListLine]:
    """Give each address its id; one that stood above is not handed on again."""
    first: dict[str, int] = {}
    for line in lines:
        input_id = "" if line.reason else input_id_of_address(project_id, line.url)
        above = first.setdefault(input_id, line.line) if input_id else line.line
        reason = line.reason or (f"has the address of line {above:,}" if above != line.line else "")
        yield ListLine(line.line, line.url, input_id, line.about, reason)


def _send(work: ListWork, platform: LabellingPlatform, project: Project) -> int:
    """Hand the next lines on; return how many are through, 0 when there are none or Clarifai is away."""
    batch = work.store.unsent(project.id, now=work.clock(), limit=SENT_AT_ONCE)
    links = [work.chat.permalink(a.channel_id, a.message_ts) for a in batch]
    fresh = work.store.intend(project, batch, links, now=work.clock())
    link_of = {a.input_id: link for a, link in zip(batch, links, strict=True)}
    outcomes = platform.add_inputs([_new_input(a, link_of[a.input_id]) for a in fresh]) if fresh else {}
    work.reached(Checkpoint.INPUT_ADDED)
    away = [a for a in fresh if isinstance(outcomes[a.input_id], PlatformUnavailable | WrongKey)]
    through = [(a, _told(outcomes[a.input_id])) for a in fresh if a not in away]
    work.store.sent(project, through, now=work.clock())
    work.reached(Checkpoint.INPUT_RECORDED)
    for list_id, attempts in {(a.list_id, a.attempts) for a in away}:
        _later(work, list_id, attempts, "Clarifai is away or the key is wrong")
    return len(batch) - len(away)


def _told(outcome: Exception | None) -> str:
    return "" if outcome is None else f"was refused by Clarifai: {outcome}"


def _new_input(address: Address, permalink: str) -> NewInput:
    metadata: dict[str, Any] = {
        **(address.about or {}),
        "slack_permalink": permalink,
        "file_name": name_of_address(address.url),
        "uploaded_by": address.uploaded_by,
        "channel": address.channel_id,
    }
    return NewInput(address.input_id, None, url=address.url, metadata=metadata)


def _later(work: ListWork, list_id: int, attempts: int, why: object) -> None:
    wait = wait_after(attempts, LONGEST_WAIT)
    log.warning("lists: list %s waits %s: %s", list_id, wait, why)
    work.store.later(list_id, not_before=work.clock() + wait)


def _tell_reasons(work: ListWork, waiting: WaitingList) -> int:
    """Share one file with a reason per line that did not go on; a file in doubt is looked up before another is made."""
    data = _file(work.store.reasons(waiting.id))
    try:
        if data and not (waiting.reasons_file and work.chat.file_is_shared(waiting.reasons_file)):
            ticket = work.chat.reserve_file(f"{PurePath(waiting.name).stem or 'list'}-reasons.csv", len(data))
            work.store.sharing(waiting, ticket.id, not_before=work.clock() + LOOKED_UP_AFTER)
            work.chat.share_file(ticket, data, waiting.channel_id, thread_ts=waiting.thread_ts)
            work.reached(Checkpoint.REASONS_SHARED)
    except ChatRefused as refused:
        log.error("lists: the reasons of list %s cannot be shared: %s", waiting.id, refused)  # noqa: TRY400 - not our fault, no trace
    except ChatError as away:
        _later(work, waiting.id, max(waiting.attempts, 4), away)  # 32 s: longer than a file is in doubt
        return 0
    work.store.done(waiting)
    return 1


def _file(reasons: Iterable[tuple[int, str, str]]) -> bytes:
    """Write the reasons as CSV that a spreadsheet reads no formula in; empty when there are none."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("line", "url", "reason"))
    start = text.tell()
    writer.writerows((line, harmless(url), harmless(reason)) for line, url, reason in reasons)
    return text.getvalue().encode("utf-8-sig") if text.tell() > start else b""
