import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError
from tests.storage.embedded.holding import Holder, alive, ask, postmaster_of, tell


def test_a_first_start_serves_a_database_in_utf8_and_utc(new_dir: Path) -> None:
    with EmbeddedPostgres(new_dir) as postgres:
        assert ask(postgres.dsn, "SELECT current_database()") == "annotate_bot"
        assert ask(postgres.dsn, "SHOW server_encoding") == "UTF8"
        assert ask(postgres.dsn, "SHOW timezone") == "UTC"
        assert ask(postgres.dsn, "SELECT upper('ä🐈')") == "Ä🐈"
        assert ask(postgres.dsn, "SHOW server_version").startswith("18.")


def test_what_was_committed_is_on_disk_before_the_answer(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SHOW fsync") == "on"
        assert ask(postgres.dsn, "SHOW synchronous_commit") == "on"


def test_the_url_is_one_for_sqlalchemy(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        engine = create_engine(postgres.url)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT current_user")).scalar_one() == "annotate_bot"
        engine.dispose()


def test_state_survives_a_stop_and_a_start_under_the_same_url(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as first:
        tell(first.dsn, "CREATE TABLE label (name text)", "INSERT INTO label VALUES ('man')")
    with EmbeddedPostgres(data_dir) as second:
        assert ask(second.dsn, "SELECT name FROM label") == "man"
        assert second.url == first.url


def test_the_last_one_out_leaves_no_process_and_no_socket_folder(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        server = postmaster_of(postgres.dsn)
        sockets = Path(ask(postgres.dsn, "SHOW unix_socket_directories"))
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not alive(server)
    assert not sockets.exists()


def test_the_server_listens_on_no_network_address(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        assert not ask(postgres.dsn, "SHOW listen_addresses")


@pytest.mark.parametrize(
    "name",
    [
        "Application Support/with  blanks",
        "d" * 140,
        "a,b'c\"d$e;f&g ünï",
        "-D -c fsync=off",
    ],
)
def test_any_name_of_a_data_folder_will_do(data_dir: Path, place: Path, name: str) -> None:
    (place / name).parent.mkdir(exist_ok=True)
    data_dir.rename(place / name)
    with EmbeddedPostgres(place / name) as postgres:
        assert ask(postgres.dsn, "SHOW data_directory").endswith(f"{name}/postgresql/cluster")
        assert ask(postgres.dsn, "SHOW fsync") == "on"


@pytest.mark.parametrize("name", ["t" * 90, "a,b"])
def test_an_awkward_temporary_folder_is_not_used_for_the_socket(
    data_dir: Path, place: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / name).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place / name))
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1
    assert not list((place / name).iterdir())


def test_a_relative_folder_and_a_link_lead_to_the_same_server(
    data_dir: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "link").symlink_to(data_dir)
    monkeypatch.chdir(place)
    with EmbeddedPostgres(data_dir) as straight, EmbeddedPostgres(Path("link")) as linked:
        assert postmaster_of(linked.dsn) == postmaster_of(straight.dsn)


def test_starting_and_stopping_twice_does_no_harm(data_dir: Path) -> None:
    postgres = EmbeddedPostgres(data_dir)
    postgres.stop()
    postgres.start()
    server = postmaster_of(postgres.dsn)
    postgres.start()
    assert postmaster_of(postgres.dsn) == server
    postgres.stop()
    postgres.stop()
    assert not alive(server)


def test_asking_for_the_url_before_the_start_says_so(data_dir: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match=r"call start\(\) first"):
        _ = EmbeddedPostgres(data_dir).url


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(hold: Callable[..., Holder]) -> None:
    holder = hold()
    dsn = holder.dsn()
    with psycopg.connect(dsn) as connection:
        server = postmaster_of(dsn)
        assert os.getsid(server) not in {os.getsid(0), os.getsid(holder.process.pid)}
        os.killpg(holder.process.pid, signal.SIGINT)
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert holder.leave() == 0
    assert not alive(server)


def test_the_wheel_is_never_imported_and_nothing_is_warned_about(hold: Callable[..., Holder]) -> None:
    assert hold().said()["wheel_imported"] is False


def test_the_shell_of_a_postgresql_user_does_not_steer_us(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "elsewhere", "PGDATA": "/", "PGUSER": "x", "PGDATABASE": "y"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LC_ALL", "xx_XX.nonsense")
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT current_user || ' ' || current_database()") == "annotate_bot annotate_bot"


def test_a_fresh_database_is_a_copy_of_its_template(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres:
        tell(postgres.dsn, "CREATE TABLE label (name text)")
        url = postgres.create_database("copy", template="annotate_bot")
        assert url == postgres.url_of("copy")
        with psycopg.connect(postgres.dsn_of("copy")) as connection:
            assert connection.execute("SELECT count(*) FROM label").fetchone() == (0,)
            postgres.drop_database("copy")
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")


def test_an_interrupted_first_start_is_begun_anew(new_dir: Path, hold: Callable[..., Holder]) -> None:
    home = new_dir / "postgresql"
    if os.geteuid() == 0:
        new_dir.mkdir(mode=0o711)
    holder = hold(new_dir)
    while not list(home.glob("new-*")):
        assert holder.process.poll() is None
    holder.kill()
    with EmbeddedPostgres(new_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1
        assert [entry.name for entry in home.iterdir()] == ["cluster"]


def test_the_log_stays_in_the_data_folder_and_is_private(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as postgres, pytest.raises(psycopg.errors.UndefinedTable):
        ask(postgres.dsn, "SELECT * FROM nowhere")
    log = data_dir / "postgresql.log"
    assert "nowhere" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_long_log_is_turned_over(data_dir: Path) -> None:
    (data_dir / "postgresql.log").write_bytes(b"x" * 5_000_001)
    with EmbeddedPostgres(data_dir):
        assert (data_dir / "postgresql.log").stat().st_size < 10_000
        assert (data_dir / "postgresql.log.1").exists()


def test_postgresql_programs_take_the_connection_string(data_dir: Path) -> None:
    from bot.storage.embedded.binaries import wheel_binaries  # noqa: PLC0415 - only this test looks at the programs

    with EmbeddedPostgres(data_dir) as postgres:
        tell(postgres.dsn, "CREATE TABLE label (name text)")
        dump = subprocess.run([wheel_binaries() / "pg_dump", postgres.dsn], capture_output=True, text=True, check=True)
    assert "CREATE TABLE public.label" in dump.stdout
