"""Rejected calibration reviews are shown to somebody else, a few at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.domain.second_looks import MOST_OPEN

if TYPE_CHECKING:
    import datetime as dt

    from bot.domain.projects import Project
    from bot.usecases.ports import Clock


class SecondLookStore(Protocol):
    """Second looks and the messages that ask for them."""

    def close_moot(self, project: Project) -> int:
        """Close what is open and has nothing left to ask; its message says why. Return how many."""

    def ask(self, project: Project, *, most: int, now: dt.datetime) -> int:
        """Ask for second looks, oldest review first, until `most` messages stand open; return how many are new."""


def look_again(store: SecondLookStore, clock: Clock, project: Project) -> int:
    """Bring second looks up to date: those that are moot are closed, and others are asked for in their place.

    A review gets one second look in its life, and only while its first verdict is the only one it ever had: after an
    *Undo* the model's value has been seen. Each half is one transaction; a crash between them costs nothing.
    """
    return store.close_moot(project) + store.ask(project, most=MOST_OPEN, now=clock())
