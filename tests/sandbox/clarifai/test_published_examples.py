"""The published auto-annotation examples against the real command, over TLS, with nothing but the account filled in."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.app.outside import DEADLINE_S, PROJECT, BotProcess, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PROGRAM = Path(__file__).parent / "programs" / "auto_annotation.py"
THROTTLED = "11005 Making too many requests"


@dataclass
class Command:
    """A running `annotate-bot sandbox clarifai`, and the environment in which the examples find it."""

    ready: dict[str, Any]
    env: Mapping[str, str]

    def example(self, *arguments: str) -> str:
        ran = self._ran(*arguments)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def listed(self) -> list[dict[str, Any]]:
        """What stands by now; nothing in a second whose 15 requests are used up."""
        ran = self._ran("list")
        if THROTTLED in ran.stderr:
            return []
        assert ran.returncode == 0, ran.stderr
        found: list[dict[str, Any]] = json.loads(ran.stdout)
        return found

    def _ran(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, PROGRAM, *arguments], env=self.env, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def command(tmp_path: Path) -> Iterator[Command]:
    verb = ("sandbox", "clarifai", "--port", "0", "--tls-port", "0", "--cert-dir", str(tmp_path / "certificates"))
    process = BotProcess(*verb, "--account", "walker:a-key", "--app", "walk", env={}, folder=tmp_path)
    ready = process.ready()["clarifai"]
    env = {
        "PATH": "",
        "PYTHONPATH": str(PROJECT),
        "CLARIFAI_GRPC_BASE": ready["tls_base"].removeprefix("https://"),
        "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": ready["cert"],
        "CLARIFAI_USER_ID": "walker",
        "CLARIFAI_PAT": "a-key",
        "CLARIFAI_APP_ID": "walk",
    }
    yield Command(ready, env)
    assert process.end() == 0, process.said


def test_all_eleven_steps_run_and_the_annotations_of_the_walkthrough_stand(command: Command) -> None:
    assert (command.ready["user_id"], command.ready["app_id"]) == ("walker", "walk")
    command.example()
    found: list[dict[str, Any]] = []

    def both_stand() -> bool:
        found[:] = command.listed()
        return len(found) == 2

    wait_until(both_stand, "the default workflow to run", DEADLINE_S)
    success, pending = found
    assert (success["status"], pending["status"]) == ("ANNOTATION_SUCCESS", "ANNOTATION_PENDING")
    assert set(success["concepts"]) == {"peopleID", "adultID"}
    assert set(pending["concepts"]) == {"manID"}
    assert pending["concepts"]["manID"] < 0.5
    assert {success["user_id"], pending["user_id"]} == {"walker"}
