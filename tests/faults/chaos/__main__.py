"""``make chaos``: ten minutes (CHAOS_S seconds) of kills, pauses and failures; then what was lost or doubled."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.storage.embedded import EmbeddedPostgres
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from tests.faults.chaos.run import chaos

TEN_MINUTES_S = 600.0


def main() -> int:
    for_s = float(os.environ.get("CHAOS_S", TEN_MINUTES_S))
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    _say(f"seed {seed}, {for_s:g} s (again: CHAOS_SEED={seed} CHAOS_S={for_s:g} make chaos)")
    path = Path(tempfile.gettempdir()) / f"chaos-{seed}-{time.strftime('%H%M%S')}.jsonl"
    folder = Path(tempfile.mkdtemp(prefix="annotate-chaos-"))
    try:
        with EmbeddedPostgres(folder) as server:
            url = server.create_database("chaos")
            engine = make_engine(url)
            migrate(engine)
            engine.dispose()
            chaos(url, path, for_s=for_s, seed=seed)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _say(f"history: {path}")
    checker = [sys.executable, "-m", "tests.faults.chaos.checker", str(path)]
    return subprocess.run(checker, check=False).returncode


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
