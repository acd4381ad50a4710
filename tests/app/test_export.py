"""`annotate-bot export` as a script calls it: files in a folder, one line each, or one line that says what is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, text

from tests.storage.planting import plant

if TYPE_CHECKING:
    from collections.abc import Callable

    Export = Callable[..., subprocess.CompletedProcess[str]]

PROJECT = Path(__file__).parents[2]
WITHIN_S = 180.0  # for a machine that does other things besides


@pytest.fixture
def export(engine: Engine, database_url: str, tmp_path: Path) -> Export:
    """Runs the verb over a project of three pictures, in a folder of its own."""
    plant(engine, cards=3)
    with engine.begin() as connection:
        connection.execute(
            text("insert into concept (project_id, id, name, position, relations) values ('p1', :c, :c, 0, '[]')"),
            {"c": "people"},
        )
        connection.execute(text("update review set state = 'settled', verdict = 'approve', decided_by = 'U1'"))

    def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        given = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "bot", "export", *words],
            cwd=tmp_path,
            env={**given, "DATABASE_URL": database_url, **env},
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )

    return run


def test_it_writes_the_file_and_its_card_and_says_so(export: Export, tmp_path: Path) -> None:
    done = export("jsonl", "--out", "made/here")
    folder = tmp_path / "made" / "here"
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "Wrote 3 lines to made/here/labels-p1.jsonl.",
        "Wrote their data card to made/here/labels-p1.jsonl.card.md.",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["labels-p1.jsonl", "labels-p1.jsonl.card.md"]
    lines = [json.loads(line) for line in (folder / "labels-p1.jsonl").read_text("ascii").splitlines()]
    assert [line["label"] for line in lines] == [1, 1, 1]
    assert "3 lines about 3 pictures" in (folder / "labels-p1.jsonl.card.md").read_text("utf-8")


def test_a_channel_is_needed_only_where_there_are_several(export: Export, engine: Engine, tmp_path: Path) -> None:
    plant(engine, project="p2", channel="C2")
    several = export("csv")
    assert (several.returncode, several.stdout) == (2, "")
    assert several.stderr.splitlines() == [
        "annotate-bot: Several projects. There are: --channel C1 (p1); --channel C2 (p2)."
    ]
    assert export("coco", "--channel", "C1").returncode == 0
    assert json.loads((tmp_path / "labels-p1.coco.json").read_text())["categories"][0]["name"] == "people"
    with engine.begin() as connection:
        connection.execute(text("update project set state = 'left' where id = 'p2'"))
    assert "Wrote 0 lines to labels-p2.csv." in export("csv", "--project", "p2").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Say in which form."),
        (("json",), "“json” is no form of an export. Did you mean jsonl?"),
        (("jsonl", "--channel", "C9"), "No project of --channel C9. There are: --channel C1 (p1)."),
        (("jsonl", "--out", "/dev/null/x"), "--out /dev/null/x cannot be written: "),
    ],
)
def test_what_is_wrong_is_one_line_with_status_2(export: Export, words: tuple[str, ...], said: str) -> None:
    done = export(*words)
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"annotate-bot: {said}")


def test_without_a_database_it_makes_none(export: Export, tmp_path: Path) -> None:
    done = export("jsonl", DATABASE_URL="", BOT_DATA_DIR=str(tmp_path / "data"))
    assert done.returncode == 2
    assert "There is no database in" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_file_that_stood_there_is_replaced_whole_or_not_at_all(
    export: Export, engine: Engine, tmp_path: Path
) -> None:
    assert export("jsonl").returncode == 0
    before = (tmp_path / "labels-p1.jsonl").read_bytes()
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    failed = export("jsonl")
    assert failed.returncode == 2
    assert "annotate-bot migrate" in failed.stderr
    assert (tmp_path / "labels-p1.jsonl").read_bytes() == before
