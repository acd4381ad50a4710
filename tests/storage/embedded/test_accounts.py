import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError, account, places
from bot.storage.embedded.binaries import wheel_binaries
from tests.storage.embedded.holding import Holder, ask, postmaster_of


def _mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


@pytest.mark.usefixtures("as_root")
def test_root_lends_the_server_an_account_and_opens_the_data_folder_only(place: Path) -> None:
    (place / "parent").mkdir(mode=0o711)
    with EmbeddedPostgres(place / "parent/data") as postgres:
        server = postmaster_of(postgres.dsn)
        assert Path(f"/proc/{server}").stat().st_uid != 0
        assert (place / "parent/data").stat().st_uid == 0
    assert _mode(place / "parent") == 0o711
    assert _mode(place / "parent/data") == 0o711
    assert _mode(place / "parent/data/postgresql") == 0o700
    assert not (place / "system").exists()


@pytest.mark.usefixtures("as_root")
def test_below_a_closed_folder_roots_cluster_moves_to_the_systems_folder(place: Path, system_home: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "data") as postgres:
        assert ask(postgres.dsn, "SHOW data_directory").startswith(str(system_home))
    assert _mode(closed) == 0o700
    assert _mode(closed / "data") == 0o700
    closed.chmod(0o755)
    with EmbeddedPostgres(closed / "data") as postgres:
        assert ask(postgres.dsn, "SHOW data_directory").startswith(str(system_home)), "and it stays there"


@pytest.mark.usefixtures("as_root")
def test_a_database_whose_parent_was_closed_is_not_replaced_by_an_empty_one(data_dir: Path, place: Path) -> None:
    place.chmod(0o700)
    with pytest.raises(EmbeddedPostgresError, match="Open it again"):
        EmbeddedPostgres(data_dir).start()
    place.chmod(0o755)
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


@pytest.mark.usefixtures("as_root")
def test_binaries_in_a_closed_home_are_copied_once(data_dir: Path, place: Path, system_home: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel_binaries().parent, closed / "install")
    with EmbeddedPostgres(data_dir, binaries=closed / "install/bin") as postgres:
        server = postmaster_of(postgres.dsn)
        assert Path(f"/proc/{server}/exe").readlink().is_relative_to(system_home)
    [copy] = system_home.iterdir()
    made = copy.stat().st_ino
    with EmbeddedPostgres(data_dir, binaries=closed / "install/bin"):
        pass
    assert [entry.stat().st_ino for entry in system_home.iterdir()] == [made]
    assert _mode(closed) == 0o700


@pytest.mark.usefixtures("as_root")
def test_binaries_copied_from_a_closed_home_can_make_a_new_database(new_dir: Path, place: Path) -> None:
    site = wheel_binaries().parents[2]
    package, closed = wheel_binaries().parents[1].name, place / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(wheel_binaries().parent, closed / wheel_binaries().parent.relative_to(site))
    for libraries in site.glob(f"{package}.libs"):
        shutil.copytree(libraries, closed / libraries.name)
    with EmbeddedPostgres(new_dir, binaries=closed / wheel_binaries().relative_to(site)) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


def test_an_ordinary_user_serves_a_folder_of_its_own(place: Path, nobody: int, hold: Callable[..., Holder]) -> None:
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody, -1)
    holder = hold(home / "with blank" / ("d" * 140), nobody)
    server = postmaster_of(holder.dsn())
    assert Path(f"/proc/{server}").stat().st_uid == nobody


def test_after_root_served_an_ordinary_users_folder_the_user_still_can(
    place: Path, nobody: int, hold: Callable[..., Holder]
) -> None:
    folder = place / "theirs"
    folder.mkdir(mode=0o700)
    os.chown(folder, nobody, -1)
    with EmbeddedPostgres(folder) as postgres:
        assert Path(f"/proc/{postmaster_of(postgres.dsn)}").stat().st_uid == nobody
    holder = hold(folder, nobody)
    assert ask(holder.dsn(), "SELECT 1") == 1
    assert _mode(folder) == 0o700


def test_two_ordinary_users_do_not_meet(place: Path, nobody: int, data_dir: Path, hold: Callable[..., Holder]) -> None:
    home = place / "home"
    home.mkdir(mode=0o700)
    os.chown(home, nobody, -1)
    theirs = hold(home / "data", nobody).dsn()
    with EmbeddedPostgres(data_dir) as ours:
        assert postmaster_of(ours.dsn) != postmaster_of(theirs)


@pytest.mark.fault(46)
def test_a_folder_the_user_may_not_write_is_named(place: Path, nobody: int, hold: Callable[..., Holder]) -> None:
    said = hold(place / "not theirs", nobody).said()
    assert "not writable" in said["error"]
    assert "BOT_DATA_DIR" in said["error"]


def test_a_socket_folder_prepared_by_somebody_else_is_not_used(data_dir: Path, place: Path, monkeypatch) -> None:
    shared = place / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    taken = shared / f"annotate-bot-{places.folder_hash(data_dir / 'postgresql')}"
    taken.mkdir()
    taken.chmod(0o777)
    with EmbeddedPostgres(data_dir) as postgres:
        sockets = Path(ask(postgres.dsn, "SHOW unix_socket_directories"))
        assert sockets != taken
        assert _mode(sockets) == 0o700
    assert not list(taken.iterdir())


def test_a_socket_folder_that_is_a_link_is_not_followed(data_dir: Path, place: Path, monkeypatch) -> None:
    shared, trap = place / "tmp", place / "trap"
    shared.mkdir()
    trap.mkdir(mode=0o700)
    shared.chmod(0o1777)
    monkeypatch.setattr("tempfile.tempdir", str(shared))
    (shared / f"annotate-bot-{places.folder_hash(data_dir / 'postgresql')}").symlink_to(trap)
    before = trap.stat()
    with EmbeddedPostgres(data_dir):
        assert not list(trap.iterdir())
        assert trap.stat().st_uid == before.st_uid


@pytest.mark.usefixtures("as_root")
def test_root_without_an_account_to_lend_is_told_what_to_do(new_dir: Path, monkeypatch) -> None:
    monkeypatch.setattr(account, "LENT_ACCOUNTS", ("no-such-account",))
    with pytest.raises(EmbeddedPostgresError, match="useradd --system annotate-bot"):
        EmbeddedPostgres(new_dir).start()
