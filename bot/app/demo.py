"""The whole thing on one laptop: PostgreSQL, a Clarifai, a Slack and the bot, in one process and one folder."""

from __future__ import annotations

import fcntl
import logging
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.app.clock import MovableClock
from bot.app.levers import PARTS, Levers
from bot.app.serving import held_open, listen_for_signals, say_ready, serving, wait_for_signal
from bot.domain.errors import BotError, PlatformError
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.storage.secrets import Sealer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.app.parts import Parts
    from bot.sandbox.clarifai import ClarifaiSandbox
    from bot.sandbox.slack import SlackSandbox
    from bot.usecases.ports import Seen

log = logging.getLogger(__name__)

APP_ID = "labels"
PORTS_TRIED = 20


class DemoRuns(BotError):
    """Another demo works in this data folder."""


@dataclass
class Demo:
    """A running demo."""

    slack: SlackSandbox
    clarifai: ClarifaiSandbox
    parts: Parts

    @property
    def ready(self) -> dict[str, Any]:
        """What the `ready` line says."""
        [(user_id, key)] = self.clarifai.accounts.items()
        return {
            "page": self.slack.url,
            "slack": slack_ready(self.slack),
            "clarifai": {"base": self.clarifai.base, "user_id": user_id, "pat": key, "app_id": APP_ID},
        }


def slack_ready(slack: SlackSandbox) -> dict[str, str]:
    """The sandbox Slack's part of the `ready` line."""
    return {
        "api_url": slack.api_url,
        "bot_token": slack.bot_token,
        "app_token": slack.app_token,
        "signing_secret": slack.signing_secret,
    }


def demo(data: Path, *, port: int, browser: bool, samples: bool) -> None:
    """Run until Ctrl-C; a second start goes on where this one was, also after a kill -9."""
    with running_demo(data, port=port, samples=samples) as running:
        asked = listen_for_signals()
        say_ready(running.ready)
        sys.stdout.write(f"\n  Open {running.slack.url} in your browser. Ctrl-C stops everything.\n\n")
        sys.stdout.flush()
        if browser:
            import webbrowser  # noqa: PLC0415 - only a demo with a screen needs it

            webbrowser.open(running.slack.url)
        wait_for_signal(asked)


@contextmanager
def running_demo(data: Path, *, port: int = 0, samples: bool = True) -> Iterator[Demo]:
    """Start all parts in one folder and stop them in the reverse order.

    Raises:
        DemoRuns: another demo works in this folder.
    """
    with ExitStack() as stack:
        stack.enter_context(_only_one(data))
        holds: list[Callable[[], Any]] = []
        clock = MovableClock(data / "clock")
        levers = Levers(clock)
        stage = _Stage(data, samples, lambda: holds[0]() if holds else [], clock, levers)
        slack = _first_free(port, stage.slack)
        stack.callback(slack.stop)
        clarifai = stack.enter_context(_clarifai(data, clock))
        settings = _settings(data, slack, clarifai)
        database = stack.enter_context(held_open(settings, name="demo"))
        running = stack.enter_context(serving(settings, database, web=True, worker=True, clock=clock))
        levers.take(running, clarifai)
        holds.append(lambda: what_clarifai_holds(running.parts, settings))
        yield Demo(slack, clarifai, running.parts)


def what_clarifai_holds(parts: Parts, settings: Settings) -> list[dict[str, Any]]:
    """List the annotations of our user in the demo's app through the same gateway the bot uses, newest first."""
    user, app, key = settings.clarifai_user_id, settings.clarifai_app_id, settings.clarifai_pat
    latest: dict[str, Seen] = {}
    try:
        for page in parts.clarifai.platform(user, app, key).changed_annotations(user, None):
            latest |= {seen.annotation.id: seen for seen in page}
    except PlatformError as away:
        log.warning("demo: what Clarifai holds cannot be read: %s", away)
    return [
        {
            "picture": seen.input.metadata.get("file_name", seen.input.id),
            "concept": s.name or s.concept_id,
            "value": round(s.value, 2),
            "status": seen.annotation.status.value,
        }
        for seen in reversed(latest.values())
        for s in reversed(seen.annotation.suggestions)
    ]


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    data.mkdir(parents=True, exist_ok=True)
    with (data / "demo.lock").open("w") as door:
        try:
            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kernel drops it on kill -9
        except BlockingIOError:
            raise DemoRuns(
                f"A demo runs in {data} already: open its page, stop it, or give this one a folder of its own (--data)."
            ) from None
        yield


@dataclass(frozen=True)
class _Stage:
    """What the sandbox Slack is given."""

    data: Path
    samples: bool
    holds: Callable[[], Any]
    clock: MovableClock
    levers: Levers

    def slack(self, port: int) -> SlackSandbox:
        from bot.sandbox.photographs import sample_photographs  # noqa: PLC0415 - the sandbox is an optional extra
        from bot.sandbox.slack import BotControls, SlackSandbox  # noqa: PLC0415 - the sandbox is an optional extra

        return SlackSandbox(
            manifest=manifest(),
            data=self.data / "sandbox" / "slack",
            port=port,
            samples=[(p.name, p.path) for p in sample_photographs()] if self.samples else [],
            holds=self.holds,
            clock=self.clock,
            controls=BotControls(self.levers.advance, self.levers.switch, PARTS),
        ).start()


@contextmanager
def _clarifai(data: Path, clock: MovableClock) -> Iterator[ClarifaiSandbox]:
    from bot.sandbox.clarifai import ClarifaiSandbox  # noqa: PLC0415 - the sandbox is an optional extra
    from bot.sandbox.example_images import example_images  # noqa: PLC0415 - the sandbox is an optional extra
    from bot.sandbox.recognition import GeneralModel  # noqa: PLC0415 - the sandbox is an optional extra

    model, known = GeneralModel(), example_images()
    try:
        folder = data / "sandbox" / "clarifai"
        with ClarifaiSandbox(model, data=folder, apps=[APP_ID], clock=clock, known_urls=known) as clarifai:
            yield clarifai
    finally:
        model.close()


def _first_free(port: int, start: Callable[[int], SlackSandbox]) -> SlackSandbox:
    """Start on `port`, or on the next one that is free; 0 lets the system choose."""
    for tried in range(port, port + PORTS_TRIED if port else 1):
        try:
            return start(tried)
        except OSError:
            log.info("demo: port %d is taken", tried)
    raise DemoRuns(f"The ports {port} to {port + PORTS_TRIED - 1} are all taken: choose another with --port.")


def _settings(data: Path, slack: SlackSandbox, clarifai: ClarifaiSandbox) -> Settings:
    [(user_id, key)] = clarifai.accounts.items()
    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # the demo is complete in itself
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        clarifai_pat=key,
        clarifai_user_id=user_id,
        clarifai_app_id=APP_ID,
        clarifai_api_base=clarifai.base,
        bot_data_dir=data,
        bot_keys=_keys(data),
        host="127.0.0.1",
        port=0,
        database_url="",
    )


def _keys(data: Path) -> str:
    """Read the demo's own sealing key, or make it."""
    path = data / "keys"
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(Sealer.new_key())
        fresh.replace(path)
    return path.read_text().strip()
