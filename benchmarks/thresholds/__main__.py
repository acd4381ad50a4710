"""``python -m benchmarks.thresholds [--quick]``: simulate projects, and print what the promise is worth."""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from benchmarks.machine import hardware
from benchmarks.thresholds.guards import guards
from benchmarks.thresholds.plans import PLANS
from benchmarks.thresholds.promises import ARRIVALS, allowed_share, compared, one_look, promises
from benchmarks.thresholds.shares import shares
from benchmarks.thresholds.speed import speed
from benchmarks.thresholds.whole import ARRIVALS as THROUGH_THE_BOT
from benchmarks.thresholds.whole import through_the_bot

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.thresholds.report import Table

PROJECTS = 200


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.thresholds", description="Thresholds with a guarantee.")
    parser.add_argument(
        "--quick", action="store_true", help="a tenth of the projects and short feeds, for a first look"
    )
    parser.add_argument("--whole", action="store_true", help="only what goes through the whole bot")
    asked = parser.parse_args()
    projects = PROJECTS // 10 if asked.quick else PROJECTS
    began = time.perf_counter()
    print(f"{hardware()}, load of the machine before the start {os.getloadavg()[0]:.1f}\n")
    if not asked.whole:
        same, compared_with = compared(projects // 10, PLANS)
        print(f"The simulation and `recommend` gave the same answer in {same} of {compared_with} projects.\n")
        _print(_simulated(projects, quick=asked.quick))
    arrivals = THROUGH_THE_BOT // 5 if asked.quick else THROUGH_THE_BOT
    _print({f"Through the whole bot: {arrivals:,} pictures a project": lambda: through_the_bot(arrivals)})
    print(f"took {time.perf_counter() - began:.0f} s")


def _simulated(projects: int, *, quick: bool) -> dict[str, Callable[[], Table]]:
    return {
        f"Promises: {projects} projects of {ARRIVALS:,} inputs, looked at after every one; "
        f"chance explains {100 * allowed_share(projects):.1f} % broken": lambda: promises(projects, PLANS),
        "One look, 2,000 reviews": lambda: one_look(projects),
        f"People: {projects} projects": lambda: shares(projects, (2_000,) if quick else (2_000, 20_000)),
        "Guard: medians": lambda: guards(projects * 2),
        "Time": lambda: speed(5 if quick else 25),
    }


def _print(parts: dict[str, Callable[[], Table]]) -> None:
    for title, part in parts.items():
        sys.stderr.write(f"{title} ...\n")
        print(f"{title}\n\n{part()}\n", flush=True)


if __name__ == "__main__":
    main()
