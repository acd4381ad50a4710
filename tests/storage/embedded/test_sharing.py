import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError
from tests.storage.embedded.holding import Holder, alive, ask, postmaster_of, tell, wait_until


@pytest.mark.usefixtures("data_dir")
def test_two_users_have_one_server_and_the_last_one_out_stops_it(hold: Callable[..., Holder]) -> None:
    first, second = hold(), hold()
    server = postmaster_of(first.dsn())
    dsn = second.dsn()
    assert postmaster_of(dsn) == server
    assert first.leave() == 0
    assert ask(dsn, "SELECT 1") == 1
    assert second.leave() == 0
    assert not alive(server)


def test_two_users_in_one_process_count_as_two(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as first:
        server = postmaster_of(first.dsn)
        with EmbeddedPostgres(data_dir) as second:
            assert postmaster_of(second.dsn) == server
        assert ask(first.dsn, "SELECT 1") == 1
    assert not alive(server)


@pytest.mark.skipif(shutil.which("ps") is None, reason="there is no ps to ask, as there is on macOS")
def test_where_there_is_no_proc_folder_the_server_is_found_through_ps(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.embedded.postmaster.sys.platform", "darwin")
    with EmbeddedPostgres(data_dir) as first:
        server = postmaster_of(first.dsn)
        with EmbeddedPostgres(data_dir) as second:
            assert postmaster_of(second.dsn) == server
    monkeypatch.undo()
    assert not alive(server)


def test_five_first_starts_at_once_make_one_server(new_dir: Path, hold: Callable[..., Holder]) -> None:
    holders = [hold(new_dir) for _ in range(5)]
    [server] = {postmaster_of(holder.dsn()) for holder in holders}
    assert [holder.leave() for holder in holders] == [0] * 5
    assert not alive(server)


@pytest.mark.usefixtures("data_dir")
def test_five_starts_at_once_beside_a_leaving_user_all_get_a_server(hold: Callable[..., Holder]) -> None:
    leaving = hold()
    leaving.dsn()
    leaving.begin_to_leave()
    holders = [hold() for _ in range(5)]
    [server] = {postmaster_of(holder.dsn()) for holder in holders}
    assert [holder.leave() for holder in holders] == [0] * 5
    assert not alive(server)


def test_a_server_left_by_a_killed_user_is_adopted_and_stopped_by_the_next(
    data_dir: Path, hold: Callable[..., Holder]
) -> None:
    killed = hold()
    dsn = killed.dsn()
    server = postmaster_of(dsn)
    tell(dsn, "CREATE TABLE label (name text)", "INSERT INTO label VALUES ('man')")
    killed.kill()
    assert alive(server)
    with EmbeddedPostgres(data_dir) as next_one:
        assert postmaster_of(next_one.dsn) == server
        assert next_one.dsn == dsn
        assert ask(dsn, "SELECT name FROM label") == "man"
    assert not alive(server)


@pytest.mark.usefixtures("data_dir")
def test_a_killed_user_does_not_keep_the_server_from_stopping(hold: Callable[..., Holder]) -> None:
    killed, staying = hold(), hold()
    server = postmaster_of(killed.dsn())
    staying.dsn()
    killed.kill()
    assert staying.leave() == 0
    assert not alive(server)


def test_a_forked_child_that_stops_leaves_the_server_to_its_parent(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.start()
    child = multiprocessing.get_context("fork").Process(target=postgres.stop)
    child.start()
    child.join()
    assert child.exitcode == 0
    server = postmaster_of(postgres.dsn)
    postgres.stop()
    assert not alive(server)


def test_a_server_that_is_ending_is_replaced(data_dir: Path, hold: Callable[..., Holder]) -> None:
    killed = hold()
    dsn = killed.dsn()
    server = postmaster_of(dsn)
    with closing(psycopg.connect(dsn)) as staying:
        killed.kill()
        os.kill(server, signal.SIGTERM)
        folder = Path(str(staying.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]
        wait_until(lambda: "stopping" in (folder / "postmaster.pid").read_text(), "the server to begin its end")
        with EmbeddedPostgres(data_dir) as postgres:
            assert postmaster_of(postgres.dsn) != server
            assert postgres.dsn == dsn


def test_a_lost_socket_folder_is_made_again_when_nobody_else_is_there(
    data_dir: Path, hold: Callable[..., Holder]
) -> None:
    killed = hold()
    dsn = killed.dsn()
    sockets = Path(ask(dsn, "SHOW unix_socket_directories"))
    killed.kill()
    for entry in sockets.iterdir():
        entry.unlink()
    sockets.rmdir()
    with EmbeddedPostgres(data_dir) as postgres:
        assert postgres.dsn == dsn
        assert ask(dsn, "SELECT 1") == 1


def test_a_server_whose_socket_is_out_of_sight_is_not_taken_from_its_user(
    data_dir: Path, hold: Callable[..., Holder]
) -> None:
    holder = hold()
    dsn = holder.dsn()
    server = postmaster_of(dsn)
    socket = Path(ask(dsn, "SHOW unix_socket_directories")) / ".s.PGSQL.5432"
    hidden = socket.rename(socket.with_name("hidden"))
    with pytest.raises(EmbeddedPostgresError, match="End the other process"):
        EmbeddedPostgres(data_dir).start()
    hidden.rename(socket)
    assert postmaster_of(dsn) == server


def test_a_folder_moved_under_a_running_server_gets_no_second_one(
    data_dir: Path, hold: Callable[..., Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.embedded.postmaster._RETRY_S", 0.0)
    holder = hold()
    dsn = holder.dsn()
    moved = data_dir.rename(data_dir.with_name("moved"))
    with pytest.raises(EmbeddedPostgresError, match="pre-existing shared memory block"):
        EmbeddedPostgres(moved).start()
    assert ask(dsn, "SELECT 1") == 1
    holder.leave()
    with EmbeddedPostgres(moved) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


def test_a_data_folder_removed_under_the_server_still_lets_it_stop(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        server = postmaster_of(postgres.dsn)
        data_dir.rename(data_dir.with_name("moved"))
    assert not alive(server)
