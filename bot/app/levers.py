"""What the demo's page may do to the bot: move its clock, stop a part of it and let it come back."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from bot.app.clock import MovableClock
    from bot.app.serving import Serving
    from bot.sandbox.clarifai import ClarifaiSandbox

PARTS = {
    "web": "takes clicks, commands and uploads from Slack",
    "worker": "posts cards, writes answers to Clarifai, sends the digest",
    "clarifai": "the platform that labels the pictures",
}


class Levers:
    """The two callbacks of the page; they do nothing until `take` has handed over what they move."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._serving: Serving | None = None
        self._clarifai: ClarifaiSandbox | None = None
        self._outage = ExitStack()

    def take(self, serving: Serving, clarifai: ClarifaiSandbox) -> None:
        """Hand over what is moved, once it runs."""
        self._serving, self._clarifai = serving, clarifai

    def advance(self, by: dt.timedelta) -> None:
        """Move the clock; what is due by then is looked for at once instead of at the next tick."""
        self._clock.advance(by)
        if self._serving is not None:
            self._serving.parts.waker.wake(*self._serving.parts.passes)

    def switch(self, part: str, *, on: bool) -> None:
        """Stop a part, or let it come back; returns when it has.

        Raises:
            KeyError: there is no such part.
        """
        if self._serving is None or self._clarifai is None:
            return
        if part == "clarifai":
            self._outage.close()
            if not on:
                self._outage.enter_context(self._clarifai.faults.outage())
        elif on:
            self._serving.halves[part].start()
        else:
            self._serving.halves[part].stop()
