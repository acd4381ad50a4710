"""Lists of addresses of pictures: which lines of a CSV file can be handed on, and why the others cannot.

The bot asks no name server and fetches nothing itself: an address is judged by how it is written, Clarifai fetches it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.domain.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from urllib.parse import SplitResult

MOST_LINES = 50_000  # with an address, in one file
MOST_COLUMNS = 30
LONGEST_ADDRESS = 2_000  # characters
LONGEST_CELL = 1_000  # characters of a further column
COLUMN = "url"
OURS = frozenset({"slack_permalink", "file_name", "uploaded_by", "channel", "sha256"})  # metadata the bot itself gives
_ONE_COLUMN = "\x1f"  # separates nothing, so that a comma stays part of an address
_INTERNAL = ("localhost", ".localhost", ".local", ".internal", ".intranet", ".lan", ".home", ".corp", ".arpa")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class LineOutcome(StrEnum):
    """What became of one line; the value is what is said of it."""

    LABELLED = "labelled"
    TO_REVIEW = "to review"
    NONE = "with none of your concepts"
    KEPT = "kept for later"
    WORKING = "being looked at"
    KNOWN = "known already"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class AddressLine:
    """One line of a list; `line` counts from 1 for the header, as a spreadsheet does."""

    line: int
    url: str
    about: Mapping[str, str] = field(default_factory=dict)  # further columns, by name; empty cells are left out
    reason: str = ""  # why it cannot be handed on; completes "line 7 ..."


def read_list(data: bytes) -> Iterator[AddressLine]:
    """Yield the lines of a CSV file, each with the reason why it cannot be handed on, if there is one.

    UTF-8 with or without a byte order mark; columns divided by comma or semicolon; blank lines are left out. The first
    line names the columns, one of them `url`.

    Raises:
        Refused: nothing in the file can be used; the message completes "<name> ...".
    """
    rows = _rows(data)
    try:
        names = [cell.strip() for cell in next(rows, [])]
        place = _place(names)
        lines = 0
        for number, cells in enumerate(rows, start=2):
            if any(cell.strip() for cell in cells):
                lines += 1
                if lines > MOST_LINES:
                    raise Refused(f"has more than {MOST_LINES:,} lines: split it into several files")
                yield _line(number, names, place, cells)
    except csv.Error as broken:
        raise Refused(f"cannot be read as CSV: {broken}") from broken
    except UnicodeDecodeError as broken:
        raise Refused("is not UTF-8 text: save it as CSV UTF-8") from broken
    if not lines:
        raise Refused("has no lines below its header")


def _rows(data: bytes) -> Iterator[list[str]]:
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    try:
        header = text.readline()
    except UnicodeDecodeError as broken:
        raise Refused("is not UTF-8 text: save it as CSV UTF-8") from broken
    text.seek(0)
    return csv.reader(text, delimiter=_delimiter(header))


def _delimiter(header: str) -> str:
    """Take what divides the header so that one of its columns is `url`; nothing where that is the only one."""
    for delimiter in (",", ";"):
        names = [name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter), [])]
        if COLUMN in names and len(names) > 1:
            return delimiter
    return _ONE_COLUMN


def _place(names: Sequence[str]) -> int:
    folded = [name.casefold() for name in names]
    if folded.count(COLUMN) != 1:
        raise Refused("has no column called url: its first line must name the columns, one of them url")
    if len(names) > MOST_COLUMNS:
        raise Refused(f"has more than {MOST_COLUMNS} columns")
    taken = next((name for name in folded if name in OURS), "")
    if taken:
        raise Refused(f"has a column called {taken}, a name the bot itself uses: call it something else")
    double = next((name for name in folded if name and folded.count(name) > 1), "")
    if double:
        raise Refused(f"has two columns called {double[:60]}")
    return folded.index(COLUMN)


def _line(number: int, names: Sequence[str], place: int, cells: Sequence[str]) -> AddressLine:
    given = cells[place].strip() if place < len(cells) else ""
    if any("\x00" in cell for cell in cells):
        return AddressLine(number, given.replace("\x00", ""), reason="holds characters that are no text")
    if any(cell.strip() for cell in cells[len(names) :]):
        return AddressLine(number, given[:LONGEST_ADDRESS], reason="has more columns than the header")
    about = {
        name[:60]: cell.strip()
        for at, (name, cell) in enumerate(zip(names, cells, strict=False))
        if at != place and name and cell.strip()
    }
    if any(len(cell) > LONGEST_CELL for cell in about.values()):
        return AddressLine(number, given[:LONGEST_ADDRESS], reason=f"has a cell of over {LONGEST_CELL:,} characters")
    try:
        return AddressLine(number, clean_address(given), about)
    except Refused as refused:
        return AddressLine(number, given[:LONGEST_ADDRESS], reason=str(refused))


def clean_address(given: str) -> str:
    """Return `given` in its plain form: scheme and host in lower case, without a fragment.

    Raises:
        Refused: it is no address of the public web; the message completes "line 7 ...".
    """
    if not given:
        raise Refused("has no address")
    if len(given) > LONGEST_ADDRESS:
        raise Refused(f"has an address of over {LONGEST_ADDRESS:,} characters")
    try:
        parts = urlsplit(given)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused("has no address of the web") from None
    if parts.scheme.casefold() not in {"http", "https"} or not host or re.search(r"[\s\\<>|]", given):
        raise Refused("has no address of the web: it must begin with http:// or https://")
    if "@" in parts.netloc:
        raise Refused("has an address with a name or password in it")
    if not _is_public(host):
        raise Refused("has a private address, which Clarifai cannot reach")
    return urlunsplit((parts.scheme.casefold(), _netloc(parts, host), parts.path or "/", parts.query, ""))


def _netloc(parts: SplitResult, host: str) -> str:
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{parts.port}" if parts.port else shown


@lru_cache(maxsize=1024)  # the addresses of a list mostly share their hosts
def _is_public(host: str) -> bool:
    """Judge a host as it is written. Browsers read a last part that is a number as an IPv4 address in any notation."""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2]
        named = "." in host and not _NUMBER.fullmatch(last) and ":" not in host
        return named and not any(host == end.lstrip(".") or host.endswith(end) for end in _INTERNAL)
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)


def list_sentence(name: str, counts: Mapping[LineOutcome, int]) -> str:
    """Say what became of a list: "photos.csv, 12 lines: 2 labelled, 9 to review, 1 skipped."."""
    total = sum(counts.values())
    parts = [f"{counts[outcome]:,} {outcome.value}" for outcome in LineOutcome if counts.get(outcome)]
    return f"{name}, {total:,} line{'' if total == 1 else 's'}: {', '.join(parts)}."


def input_id_of_address(project_id: str, url: str) -> str:
    """Make the id of an input that is known by its address: the same one in a project is always the same input."""
    return f"in{hashlib.sha256(f'{project_id} {url}'.encode()).hexdigest()[:30]}"


def name_of_address(url: str) -> str:
    """Name a picture by the end of its address's path, or by its host."""
    parts = urlsplit(url)
    return unquote(parts.path.rpartition("/")[2])[:200] or parts.netloc


def harmless(cell: str) -> str:
    """Keep a spreadsheet from reading `cell` as a formula. Source: OWASP, "CSV Injection"."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
