"""Foreign text made fit for Slack: nothing a person typed becomes a mention, a link or a line of its own.

Three kinds of text leave the house. *mrkdwn* (also every message's top-level text) is escaped; *plain* text is shown as
it stands and only tidied; both are cut to a length. Source: Slack, "Formatting text for app surfaces", "Escaping text".
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

ELLIPSIS = "\u2026"
LONGEST_ADDRESS = 1000  # characters; far above any permalink, and its entities still fit a block
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# These turn the reading direction around, so that "gpj.exe" can look like "exe.jpg"; marks within words stay.
_TURNERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MENTION = re.compile(r"&lt;(@[UW][A-Z0-9]{2,}|#[CG][A-Z0-9]{2,})&gt;")
_MARKED = re.compile("\ue000(\\d{1,11})\ue001")
_ADDRESS = re.compile(r"https?://[^\s<>|]+")


def tidy(text: str) -> str:
    """Put `text` on one line: runs of blanks and line ends become one blank, what cannot be shown is left out.

    Characters without width stay within words, where emoji and some scripts need them; alone they are nothing.
    """
    line = " ".join("".join(c for c in " ".join(text.split()) if _is_shown(c)).split())
    return line if any(unicodedata.category(c) not in {"Cf", "Zs"} for c in line) else ""


def _is_shown(char: str) -> bool:
    return char not in _TURNERS and unicodedata.category(char) not in {"Cc", "Cs"}


def plain(text: str, limit: int, *, otherwise: str = "unnamed") -> str:
    """Return one line of plain text of 1 to `limit` characters; `otherwise` where nothing is left to show."""
    line = tidy(text) or otherwise
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def mrkdwn(text: str, limit: int = 300, *, otherwise: str = "unnamed") -> str:
    """Return one escaped line of at most `limit` characters, cut between characters and never within an entity."""
    line = tidy(text) or otherwise
    whole = escaped(line)
    if len(whole) <= limit:
        return whole
    room, kept = limit - 1, 0
    for char in line:
        room -= len(_ENTITIES.get(char, char))
        if room < 0:
            break
        kept += 1
    return escaped(line[:kept].rstrip()) + ELLIPSIS


def escaped(text: str) -> str:
    """Escape the three characters that Slack reads as its own."""
    return "".join(_ENTITIES.get(c, c) for c in text)


def with_mentions(text: str) -> str:
    """Bring mentions of single people and channels in escaped text back to life; only for text that no channel sees."""
    return _MENTION.sub(r"<\1>", text)


def with_moments(text: str) -> str:
    """Draw the moments that `domain.views.at` marked."""
    return _MARKED.sub(lambda marked: moment(dt.datetime.fromtimestamp(int(marked[1]), dt.UTC)), text)


def mention(user_id: str) -> str:
    """Name somebody by id; anything that is no id of Slack's is shown as plain text."""
    return f"<@{user_id}>" if re.fullmatch(r"[UW][A-Z0-9]{2,}", user_id) else mrkdwn(user_id, otherwise="somebody")


def channel(channel_id: str) -> str:
    """Name a channel by id; anything that is no id of Slack's is shown as plain text."""
    return with_mentions(mrkdwn(f"<#{channel_id}>"))


def link(address: str, words: str) -> str:
    """Return `words` (already fit for mrkdwn) as a link; without one where `address` is no clean web address."""
    clean = _ADDRESS.fullmatch(address) and address.isascii() and len(address) <= LONGEST_ADDRESS
    return f"<{escaped(address)}|{words}>" if clean else words


def moment(at: dt.datetime) -> str:
    """Show an aware time in each reader's own zone, with the time in UTC for clients that cannot."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%d %b %Y %H:%M} UTC>"
