"""Folders for the databases of tests."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEMORY = Path("/dev/shm")  # noqa: S108 - the folders in it have random names
_ROOM_BYTES = 4_000_000_000  # two servers of a whole run, and nobody else's memory taken


@contextmanager
def open_folder(prefix: str) -> Iterator[Path]:
    """A folder that everybody may enter, gone afterwards; pytest's own are closed to the account that root lends.

    It lies in memory where that has room, so that no commit waits for a disk that others keep busy.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=_MEMORY if in_memory else None, ignore_cleanup_errors=True
    ) as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder
