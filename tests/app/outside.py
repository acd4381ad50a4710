"""Real processes of the bot between both stand-ins: what is outside them, and how they are started and ended."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from PIL import Image

from bot.pictures import Pictures
from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.recognition import PlantedModel
from bot.sandbox.slack import SlackSandbox
from bot.slack.manifest import manifest
from tests.folders import open_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PROJECT = Path(__file__).parents[2]
LABELS = "C0LABELS01"
DANA, OMAR, MIA = "U0DANA00001", "U0OMAR00001", "U0MIA000001"
APP_ID = "team"
DEADLINE_S = 60.0  # for a machine that does other things besides


def wait_until(
    fact: Callable[[], object], what: str, within_s: float = DEADLINE_S, said: Callable[[], str] = str
) -> None:
    """Ask again until it is so; in vain, tell what was `said` meanwhile."""
    deadline = time.monotonic() + within_s
    while not fact():
        assert time.monotonic() < deadline, f"waited in vain for: {what}\n{said()}"
        threading.Event().wait(0.02)


class BotProcess:
    """One process of the bot; what it says on standard error is kept in a file."""

    def __init__(self, *verb: str, env: Mapping[str, str], folder: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="process-", dir=folder))
        with (self._folder / "stderr").open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "error", "-X", "faulthandler", "-m", "bot", *verb],
                stdout=subprocess.PIPE,
                stderr=said,
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(PROJECT), **env},
                cwd=folder,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """Standard error so far."""
        return (self._folder / "stderr").read_text()

    @property
    def killed(self) -> bool:
        return self.process.poll() == -signal.SIGKILL

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def ready(self, within_s: float = DEADLINE_S) -> dict[str, Any]:
        """Wait for the line that says it can serve; give what it says. Empty when the process ended before."""
        patience = threading.Timer(within_s, self.process.kill)
        patience.start()
        try:
            assert self.process.stdout
            line = self.process.stdout.readline().decode()
        finally:
            patience.cancel()
            patience.join()
        if not line:
            self.process.wait()
            return {}
        assert line.startswith("ready "), line
        ready: dict[str, Any] = json.loads(line.removeprefix("ready "))
        return ready

    def end(self, how: signal.Signals = signal.SIGTERM, within_s: float = 30.0) -> int:
        """Send a signal, wait for the end, give the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)  # it says where each of its threads stands
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            raise AssertionError(f"did not end within {within_s:g} s:\n{self.said}") from None
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.close()

    def wait(self, within_s: float = DEADLINE_S) -> int:
        """Wait for an end that comes by itself."""
        try:
            return self.process.wait(within_s)
        finally:
            self.end(signal.SIGKILL)

    def printed(self) -> str:
        """What is left on standard output."""
        assert self.process.stdout
        return self.process.stdout.read().decode()

    def close(self) -> None:
        assert self.process.stdout
        self.process.stdout.close()


class Outside:
    """A Slack and a Clarifai in this process, and the environment with which a bot finds them."""

    def __init__(self, slack: SlackSandbox, clarifai: ClarifaiSandbox, model: PlantedModel, folder: Path) -> None:
        self.slack, self.clarifai, self.model = slack, clarifai, model
        self.folder = folder
        self.processes: list[BotProcess] = []
        self.env: dict[str, str] = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
            "CLARIFAI_PAT": "demo-key",
            "CLARIFAI_USER_ID": "demo",
            "CLARIFAI_APP_ID": APP_ID,
            "CLARIFAI_API_BASE": clarifai.base,
            "BOT_KEYS": Fernet.generate_key().decode(),
            "BOT_DATA_DIR": str(folder / "data"),
            "BOT_CARD_HOURS": "always",
            "BOT_TICK_S": "0.2",
            "BOT_PROBES": "0",  # else one picture in fifty asks more than its test expects
            "PORT": "0",
        }
        self._pictures = 0

    def start(self, *verb: str, **env: str) -> BotProcess:
        """Start a process; do not wait for it."""
        self.processes.append(BotProcess(*verb, env={**self.env, **env}, folder=self.folder))
        return self.processes[-1]

    def run(self, **env: str) -> BotProcess:
        """Start `run`, wait until it serves, and have Slack deliver to it."""
        process = self.start("run", **env)
        ready = process.ready()
        if ready:
            self.slack.deliver_to(f"{ready['http']}/slack/events")
        return process

    def picture(self, **values: float) -> bytes:
        """Make an image nobody has seen; `values` is what the model says of it."""
        self._pictures += 1
        seed = hashlib.sha256(str(self._pictures).encode()).digest()
        out = io.BytesIO()
        Image.new("RGB", (64, 48), (seed[0], seed[1], seed[2])).save(out, "PNG")
        data = out.getvalue()
        self.model.plant(Pictures().prepare(data).data, values)
        return data

    def messages(self, kind: str, channel: str = LABELS) -> list[dict[str, Any]]:
        """Messages of one kind (card, checklist, announcement) in the channel."""
        shown = self.slack.messages(channel)
        return [m for m in shown if (m.get("metadata") or {}).get("event_type") == f"annotate_{kind}"]

    def answers(self, upload_ts: str) -> list[dict[str, Any]]:
        """What the bot said in the thread of an upload."""
        return [r for r in self.slack.replies(LABELS, upload_ts) if r.get("bot_id")]


@contextmanager
def open_outside(**slack_options: Any) -> Iterator[Outside]:  # noqa: ANN401 - the stand-in's own options
    """Open both stand-ins; whatever processes are left at the end are killed."""
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder("outside-"))
        model = PlantedModel()
        clarifai = stack.enter_context(ClarifaiSandbox(model, rate_limit=None))
        slack = stack.enter_context(SlackSandbox(manifest=manifest(), rate_limits=False, **slack_options))
        outside = Outside(slack, clarifai, model, folder)
        try:
            yield outside
        finally:
            for process in outside.processes:
                process.end(signal.SIGKILL)


def get(url: str) -> tuple[int, bytes]:
    """Fetch over HTTP; an error is an answer as well."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own process on loopback
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
