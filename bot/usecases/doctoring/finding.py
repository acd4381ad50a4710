"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One check: its name, whether all is well, what was found and, when it is not well, what to do next."""

    name: str
    ok: bool
    said: str
    cure: str = ""


def fine(name: str, said: str) -> Finding:
    return Finding(name, ok=True, said=said)


def wrong(name: str, said: str, cure: str) -> Finding:
    """Report a failure; one without a cure would leave its reader alone."""
    return Finding(name, ok=False, said=said, cure=cure)


def counted(number: int, thing: str) -> str:
    """Say for example "1 message" or "12 messages"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
