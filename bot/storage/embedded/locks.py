"""Who is at the server: one door for starting and stopping, one shared lock per user, which a kill -9 drops."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.storage.embedded.errors import EmbeddedPostgresError
from bot.storage.embedded.places import open_private

_DOOR_S = 180.0  # longer than the slowest start or stop of another process
_POLL_S = 0.02


class Users:
    """One user's place among all processes that use the server of a data folder.

    The locks belong to open files: other processes, and other `Users` of this process, count apart;
    programs started from here do not inherit them.

    Raises:
        OSError: the data folder is not writable.
    """

    def __init__(self, data_dir: Path) -> None:
        self._door = open_private(data_dir / "postgresql.door", os.O_RDWR)
        try:
            self._users = open_private(data_dir / "postgresql.users", os.O_RDWR)
        except OSError:
            os.close(self._door)
            raise

    @contextmanager
    def door(self) -> Iterator[None]:
        """Be the only one who starts or stops the server.

        Raises:
            EmbeddedPostgresError: somebody else has been at it for three minutes.
        """
        deadline = time.monotonic() + _DOOR_S
        while not _lock(self._door, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    "Another process has been starting or stopping the embedded PostgreSQL for three minutes. "
                    "Look for a stopped or hanging annotate-bot process and end it."
                )
            time.sleep(_POLL_S)
        try:
            yield
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def join(self) -> None:
        """Count as a user from now on; only inside the door."""
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Say whether there is no other user; only inside the door. Keeps the place."""
        alone = _lock(self._users, fcntl.LOCK_EX)
        fcntl.flock(self._users, fcntl.LOCK_SH)
        return alone

    def close(self) -> None:
        """Give the place up. Closing, not unlocking: a forked child may still hold the same open file."""
        os.close(self._users)
        os.close(self._door)


def _lock(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
