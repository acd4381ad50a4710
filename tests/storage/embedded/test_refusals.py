import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.storage.embedded import EmbeddedPostgres, EmbeddedPostgresError, binaries, postmaster
from bot.storage.embedded.errors import from_output
from tests.storage.embedded.holding import ask, tell


def test_without_the_wheel_the_way_out_is_named(new_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
    with pytest.raises(EmbeddedPostgresError, match=r"for this platform.*DATABASE_URL"):
        EmbeddedPostgres(new_dir).start()


def test_binaries_that_do_not_run_here_are_told_so(data_dir: Path, place: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="do not run on this machine"):
        EmbeddedPostgres(data_dir, binaries=place / "nothing").start()


def test_data_of_another_major_version_is_left_alone(data_dir: Path) -> None:
    version = data_dir / "postgresql/cluster/PG_VERSION"
    version.write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 16; this version brings 18.*Back it up"):
        EmbeddedPostgres(data_dir).start()
    version.write_text("18\n")
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


def test_a_file_in_the_place_of_the_folder_is_named(place: Path) -> None:
    (place / "file").touch()
    with pytest.raises(EmbeddedPostgresError, match=r"file is not a folder.*BOT_DATA_DIR"):
        EmbeddedPostgres(place / "file").start()


def test_a_name_no_file_system_takes_is_told_so(place: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="too long"):
        EmbeddedPostgres(place / ("d" * 300)).start()


def test_a_server_that_does_not_come_up_gives_its_own_reason(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postmaster, "_RETRY_S", 0.0)
    configuration = data_dir / "postgresql/cluster/postgresql.conf"
    whole = configuration.read_text()
    configuration.write_text("nonsense = 1\n")
    with pytest.raises(EmbeddedPostgresError, match=r"postgresql\.log.*configuration file .* contains errors"):
        EmbeddedPostgres(data_dir).start()
    configuration.write_text(whole)
    with EmbeddedPostgres(data_dir) as postgres:
        assert ask(postgres.dsn, "SELECT 1") == 1


@pytest.fixture
def small_disk(place: Path) -> Iterator[Path]:
    disk = place / "disk"
    disk.mkdir()
    mount: list[str | Path] = ["mount", "-t", "tmpfs", "-o", "size=90m,mode=755", "none", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a small disk to fill")
    yield disk
    subprocess.run(["umount", disk], check=True)


def _fill(disk: Path) -> Path:
    filling = disk / "filling"
    with suppress(OSError), filling.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    return filling


def test_a_full_disk_is_told_at_the_first_start(small_disk: Path) -> None:
    filling = _fill(small_disk)
    os.truncate(filling, filling.stat().st_size - 10_000_000)
    with pytest.raises(EmbeddedPostgresError, match=r"is full\. Free about 200 MB"):
        EmbeddedPostgres(small_disk / "data").start()


@pytest.mark.fault(46)
def test_a_full_disk_is_told_at_a_later_start_and_nothing_is_lost(small_disk: Path) -> None:
    with EmbeddedPostgres(small_disk / "data") as postgres:
        tell(postgres.dsn, "CREATE TABLE label (name text)", "INSERT INTO label VALUES ('man')")
    filling = _fill(small_disk)
    with pytest.raises(EmbeddedPostgresError, match=r"is full\. Free about 200 MB"):
        EmbeddedPostgres(small_disk / "data").start()
    filling.unlink()
    with EmbeddedPostgres(small_disk / "data") as postgres:
        assert ask(postgres.dsn, "SELECT name FROM label") == "man"


@pytest.mark.parametrize(
    ("output", "advice"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "Free about 200 MB"),
        ("initdb: error: could not look up effective user ID 4711: user does not exist", "named user"),
        ("FATAL:  could not open file: Read-only file system", "Make it writable"),
        ("", "said: nothing"),
    ],
)
def test_what_postgresql_prints_becomes_advice(output: str, advice: str) -> None:
    assert advice in str(from_output(output, Path("data"), "Starting"))
