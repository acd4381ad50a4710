"""The model's own process: reads pictures from its standard input, answers on its standard output.

It ends by itself when its input ends, which the kernel sees to when its owner is gone, however that came about.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from bot.sandbox.recognition.frames import Kind, receive, send
from bot.sandbox.recognition.model import Model
from bot.sandbox.recognition.recogniser import UnreadableImage

if TYPE_CHECKING:
    from typing import IO

_NICENESS = 5  # a third of a busy core: clicks come first, labels still arrive


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    model = Model()
    send(answers, Kind.READY)
    while frame := receive(requests):
        try:
            kind, body = Kind.SIGHT, model.look(frame.body).packed()
        except UnreadableImage as error:
            kind, body = Kind.UNREADABLE, str(error).encode()
        send(answers, kind, body)


def main() -> None:
    os.nice(_NICENESS)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not end up among the answers
    with contextlib.suppress(BrokenPipeError), answers:
        serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
