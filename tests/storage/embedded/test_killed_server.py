import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.storage.embedded import EmbeddedPostgres
from tests.storage.embedded.holding import Holder, alive, ask, postmaster_of, tell, wait_until


@pytest.fixture
def stranger(data_dir: Path) -> Iterator[int]:
    """A process that has nothing to do with us, of the account PostgreSQL runs under: the kind it would wait for."""
    owner = (data_dir / "postgresql").stat()
    other = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, **other) as process:  # type: ignore[call-overload]
        yield process.pid
        assert process.poll() is None, "the stranger came to harm"
        process.communicate()


def _kill_server(postgres: EmbeddedPostgres) -> int:
    server = postmaster_of(postgres.dsn)
    os.kill(server, signal.SIGKILL)
    wait_until(lambda: not alive(server), "the server's death")
    return server


def _recycle(pid_file: Path, pid: int) -> None:
    lines = pid_file.read_text().splitlines(keepends=True)
    pid_file.write_text("".join([f"{pid}\n", *lines[1:]]))


@pytest.mark.fault(46)
def test_after_the_server_was_killed_a_new_start_has_all_that_was_committed(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        tell(postgres.dsn, "CREATE TABLE label (name text)", "INSERT INTO label VALUES ('man')")
        dsn, server = postgres.dsn, _kill_server(postgres)
        postgres.start()
        assert postgres.dsn == dsn
        assert postmaster_of(dsn) != server
        assert ask(dsn, "SELECT name FROM label") == "man"


@pytest.mark.fault(46)
def test_one_of_two_users_brings_a_killed_server_back_for_both(data_dir: Path, hold: Callable[..., Holder]) -> None:
    other = hold()
    dsn = other.dsn()
    with EmbeddedPostgres(data_dir) as postgres:
        _kill_server(postgres)
        postgres.start()
    assert ask(dsn, "SELECT 1") == 1


def test_stopping_after_the_server_was_killed_is_harmless(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        sockets = Path(ask(postgres.dsn, "SHOW unix_socket_directories"))
        _kill_server(postgres)
    assert not sockets.exists()
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


def test_user_and_server_killed_together_start_again(data_dir: Path, hold: Callable[..., Holder]) -> None:
    holder = hold()
    server = postmaster_of(holder.dsn())
    os.kill(server, signal.SIGKILL)
    holder.kill()
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


def test_a_stranger_with_the_servers_old_process_id_is_let_be(data_dir: Path, stranger: int) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.start()
    sockets = Path(ask(postgres.dsn, "SHOW unix_socket_directories"))
    _kill_server(postgres)
    _recycle(data_dir / "postgresql/cluster/postmaster.pid", stranger)
    _recycle(sockets / ".s.PGSQL.5432.lock", stranger)
    postgres.stop()
    with EmbeddedPostgres(data_dir) as again:
        assert ask(again.dsn, "SELECT 1") == 1
        assert postmaster_of(again.dsn) != stranger


def test_the_server_of_another_folder_with_our_old_process_id_is_let_be(place: Path, data_dir: Path) -> None:
    subprocess.run(["cp", "-a", data_dir, place / "another"], check=True)
    with EmbeddedPostgres(place / "another") as another:
        theirs = postmaster_of(another.dsn)
        postgres = EmbeddedPostgres(data_dir)
        postgres.start()
        _kill_server(postgres)
        _recycle(data_dir / "postgresql/cluster/postmaster.pid", theirs)
        postgres.stop()
        with EmbeddedPostgres(data_dir) as again:
            assert postmaster_of(again.dsn) != theirs
        assert ask(another.dsn, "SELECT 1") == 1


def test_rubbish_in_the_pid_file_is_survived_by_saying_so(data_dir: Path) -> None:
    pid_file = data_dir / "postgresql/cluster/postmaster.pid"
    pid_file.write_text("2147483646\n")
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1
