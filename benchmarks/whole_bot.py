"""The whole bot in this process, driven pass by pass between services that are not in this process."""

from __future__ import annotations

import resource
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet
from slack_bolt.adapter.wsgi import SlackRequestHandler
from sqlalchemy import text

from benchmarks.apart import Apart
from benchmarks.services import APP, KEY, USER, Services, addresses, deliver_to, say, services
from bot.app.database import Database
from bot.app.health import BotHealth
from bot.app.parts import Parts
from bot.settings import Settings
from bot.storage.engine import make_engine
from bot.storage.migrate import migrate
from bot.web import Server, edge
from bot.work import Pass

if TYPE_CHECKING:
    from collections.abc import Iterator

_GIVE_UP_S = 120.0


@dataclass(frozen=True)
class WholeBot:
    """The parts of a bot and the services it talks to."""

    parts: Parts
    there: Apart[Services]

    def run(self, *works: Pass) -> int:
        """Run passes for all they are due for, as the workers would; return how much they did."""
        done = 0
        for work in (self.parts.passes[name] for name in works):
            done += sum(work.run(key) for key in (work.keys() if work.keys else [""]))
        return done

    def until(self, question: str, *works: Pass) -> None:
        """Run passes (all without one) until `question` is answered by true.

        Raises:
            TimeoutError: after two minutes.
        """
        give_up = time.monotonic() + _GIVE_UP_S
        while not self.ask(question):
            if not self.run(*(works or Pass)):
                self.parts.stopping.wait(0.05)
            if time.monotonic() > give_up:
                raise TimeoutError(question)

    def ask(self, question: str) -> object:
        with self.parts.database.engine.begin() as connection:
            return connection.execute(text(question)).scalar()

    def go_live(self) -> None:
        """Set the channel up through the real commands."""
        self.there.do(say, "setup people man adult")
        self.until("select state = 'ready' from project")
        self.there.do(say, "live")
        self.until("select state = 'live' from project")


@contextmanager
def whole_bot(url: str) -> Iterator[WholeBot]:
    """Open a bot on a fresh database, with a live project in one channel. Clarifai is asked at the usual pace."""
    with ExitStack() as stack:
        there = stack.enter_context(Apart(services))
        reach = there.do(addresses)
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            clarifai_pat=KEY,
            clarifai_user_id=USER,
            clarifai_app_id=APP,
            bot_keys=Fernet.generate_key().decode(),
            bot_card_hours="always",
            database_url=url,
            port=0,
            **asdict(reach),
        )
        database = Database(url, make_engine(url))
        stack.callback(database.close)
        migrate(database.engine)
        parts = Parts.assemble(settings, database, pace_s=0.0)
        stack.callback(parts.close)
        slack = SlackRequestHandler(parts.app)
        web = edge(
            slack,
            signing_secret=reach.slack_signing_secret,
            health=BotHealth(parts),
            metrics=parts.metrics.render,
        )
        server = stack.enter_context(Server(web, "127.0.0.1", 0, 8))
        there.do(deliver_to, f"http://127.0.0.1:{server.port}/slack/events")
        bot = WholeBot(parts, there)
        bot.go_live()
        yield bot


def peak_mib() -> float:
    """Return the most memory this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def resident_mib() -> float:
    """Return the memory this process has now; its peak where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    except OSError:
        return peak_mib()
    return pages * resource.getpagesize() / 2**20
