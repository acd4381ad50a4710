"""``python -m benchmarks [names] [--quick]``: measure, and print one table with the machine named."""

from __future__ import annotations

import argparse
import logging
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.burst import bursting
from benchmarks.clarifai import clarifai
from benchmarks.click import stored_clicks
from benchmarks.commands import commanding
from benchmarks.discover import discovering, syncing
from benchmarks.export import exporting
from benchmarks.machine import described
from benchmarks.page import at_the_page
from benchmarks.posting import posting
from benchmarks.preview import previewing
from benchmarks.questions import asking
from benchmarks.queue import queueing
from benchmarks.settle import settling
from benchmarks.table import Row, rendered
from benchmarks.uploads import uploading
from bot.storage.embedded import EmbeddedPostgres

if TYPE_CHECKING:
    from collections.abc import Callable

BENCHMARKS: dict[str, Callable[..., list[Row]]] = {
    "click": stored_clicks,
    "commands": commanding,
    "discover": discovering,
    "settle": settling,
    "uploads": uploading,
    "posting": posting,
    "queue": queueing,
    "questions": asking,
    "page": at_the_page,
    "clarifai": clarifai,
    "export": exporting,
    "preview": previewing,
}
# By name only: each takes a quarter of an hour and more.
LONG: dict[str, Callable[..., list[Row]]] = {"burst": bursting, "sync": syncing}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Each against its reference, one run.")
    parser.add_argument(
        "names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)} (all without one), {', '.join(LONG)}"
    )
    parser.add_argument("--quick", action="store_true", help="fewer repeats, for a first look")
    asked = parser.parse_args()
    known = {**BENCHMARKS, **LONG}
    unknown = set(asked.names) - known.keys()
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    logging.basicConfig(level=logging.ERROR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    folder = Path(tempfile.mkdtemp(prefix="annotate-bench-"))
    try:
        with EmbeddedPostgres(folder) as server:
            machine, rows = described(server), []
            for name in asked.names or BENCHMARKS:
                sys.stderr.write(f"{name} ...\n")
                rows += known[name](server, quick=asked.quick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{machine}\n\n{rendered(rows)}")


if __name__ == "__main__":
    main()
