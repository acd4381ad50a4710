import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.storage.embedded import EmbeddedPostgres, places
from bot.storage.embedded.account import Account
from bot.storage.embedded.binaries import wheel_binaries
from tests.storage.embedded.holding import Holder, processes

_ROOM_BYTES = 1_000_000_000  # some clusters of 40 MB each, and nobody else's memory taken


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data folder whose database was made and stopped: a copy of it saves each test the second for `initdb`."""
    with _open_folder() as folder:
        with EmbeddedPostgres(folder / "data"):
            pass
        yield folder / "data"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of our own that everybody may enter; nothing in it is served afterwards."""
    with _open_folder() as folder:
        yield folder
        left = [pid for pid, command in processes().items() if str(folder) in command]
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert not left, "a test left processes behind"


@pytest.fixture(autouse=True)
def system_home(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "SYSTEM_HOME", place / "system")
    return place / "system"


@pytest.fixture
def new_dir(place: Path) -> Path:
    """A data folder before its first start."""
    return place / "new"


@pytest.fixture
def data_dir(place: Path, made: Path) -> Path:
    """A data folder with a stopped database."""
    subprocess.run(["cp", "-a", made, place / "data"], check=True)
    return place / "data"


@pytest.fixture
def hold(data_dir: Path, system_home: Path) -> Iterator[Callable[..., Holder]]:
    holders: list[Holder] = []

    def start(folder: Path = data_dir, user: int | None = None) -> Holder:
        holders.append(Holder(folder, system_home, user))
        return holders[-1]

    yield start
    for holder in holders:
        holder.leave()


@pytest.fixture
def as_root() -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root: the account PostgreSQL is lent is another one only then")


@pytest.fixture
def nobody(request: pytest.FixtureRequest) -> int:
    request.getfixturevalue("as_root")
    user = pwd.getpwnam("nobody")
    if not Account(user.pw_uid, user.pw_gid, lent=True).may_enter(wheel_binaries()):
        pytest.skip("an ordinary user cannot reach the PostgreSQL binaries: they lie in a closed folder")
    return user.pw_uid


@contextmanager
def _open_folder() -> Iterator[Path]:
    # pytest's own temporary folder is closed to the account that root lends; memory spares the disk's fsyncs
    memory = Path("/dev/shm")  # noqa: S108 - the folder in it has a random name
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES
    with tempfile.TemporaryDirectory(prefix="embedded-", dir=memory if roomy else None) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
