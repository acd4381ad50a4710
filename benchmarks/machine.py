"""Which machine the figures are of."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.storage.engine import make_engine

if TYPE_CHECKING:
    from bot.storage.embedded import EmbeddedPostgres


def described(server: EmbeddedPostgres) -> str:
    """Name cores, memory, system, Python, PostgreSQL, and how busy the machine is with other things."""
    engine = make_engine(server.url, connections=1)
    with engine.connect() as connection:
        version = connection.execute(text("show server_version")).scalar()
        durable = connection.execute(text("show fsync")).scalar()
    engine.dispose()
    return (
        f"{hardware()}, PostgreSQL {version} (fsync {durable}), "
        f"load of the machine before the start {os.getloadavg()[0]:.1f}"
    )


def hardware() -> str:
    """Name cores, memory, system and Python."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores "
        f"({_processor()}), {memory_gib:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unnamed"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unnamed")
