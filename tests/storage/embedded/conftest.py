import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.storage.embedded import EmbeddedPostgres, places
from bot.storage.embedded.account import Account
from bot.storage.embedded.binaries import wheel_binaries
from tests.folders import open_folder
from tests.storage.embedded.holding import Holder, processes


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A data folder whose database was made and stopped: a copy of it saves each test the second for `initdb`."""
    with open_folder("embedded-") as folder:
        with EmbeddedPostgres(folder / "data"):
            pass
        yield folder / "data"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of our own that everybody may enter; nothing in it is served afterwards."""
    with open_folder("embedded-") as folder:
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
