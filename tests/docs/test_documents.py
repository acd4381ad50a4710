"""The documents are true where a program can tell: links, names, and the commands that need no account."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
LONGEST_S = 60.0


def said(*command: str) -> str:
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=LONGEST_S, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_links_verbs_variables_and_numbers_are_right() -> None:
    assert "0 faults" in said(sys.executable, "docs/check.py")


@pytest.mark.parametrize("line", [["manifest"], ["manifest", "--http", "https://your.host"], ["--help"]])
def test_commands_that_need_no_account_do_what_the_readme_says(line: list[str]) -> None:
    printed = said(sys.executable, "-m", "bot", *line)
    assert ("https://your.host/slack/events" in printed) == ("--http" in line)


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
def test_make_knows_the_commands_of_the_readme() -> None:
    assert "annotate-bot demo" in said("make", "--dry-run", "demo")
