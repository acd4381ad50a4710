"""A Slack workspace on this computer, as one object that tests and the demo hold."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, TypeVar

from bot.sandbox.slack.acts.parts import PressAnswer, SlashAnswer, SubmitAnswer
from bot.sandbox.slack.assembly import Parts, assemble, serve
from bot.sandbox.slack.controls import BotControls
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.hands import Hands
from bot.sandbox.slack.journal import ApiCall
from bot.sandbox.slack.page_api import Sample
from bot.sandbox.slack.people import BOT_USER_ID, MEMBERS, TEAM_ID, Member
from bot.sandbox.slack.server import ServerThread
from bot.sandbox.slack.waiting import wait_until
from bot.sandbox.slack.wire import Json
from bot.sandbox.slack.workspace import Clock

if TYPE_CHECKING:
    from bot.sandbox.slack.page_stream import PageStream

T = TypeVar("T")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SlackSandbox(Hands):
    """The workspace: start it, point an app at `api_url`, act as its members, look at what happened.

    Args:
        manifest: of the app that is installed; what it does not subscribe to is not delivered.
        data: folder that outlives the process; None keeps everything in memory.
        port: to listen on at 127.0.0.1; 0 takes a free one.
        request_url: where to deliver by signed HTTP; None delivers over Socket Mode.
        rate_limits: whether calls and messages are limited as Slack does.
        samples: name and path of the photographs the page offers.
        holds: answers "What Clarifai now holds" with anything JSON can carry.
        clock: aware UTC time for timestamps, trigger ids and response addresses.
        controls: what the page may do to the bot: move its clock, stop its parts.
    """

    team_id = TEAM_ID
    bot_user_id = BOT_USER_ID
    members: tuple[Member, ...] = MEMBERS

    def __init__(
        self,
        *,
        manifest: Mapping[str, Any],
        data: Path | None = None,
        port: int = 0,
        request_url: str | None = None,
        rate_limits: bool = True,
        samples: Sequence[Sample] = (),
        holds: Callable[[], Any] | None = None,
        clock: Clock = _utc_now,
        controls: BotControls | None = None,
    ) -> None:
        self._parts = assemble(
            manifest, data, clock, rate_limits=rate_limits, on_sockets=self._do_to_sockets, bot=controls
        )
        self._port = port
        self._samples = samples
        self._holds = holds
        self._server: ServerThread | None = None
        self._stream: PageStream | None = None
        self._parts.delivery.request_url = request_url

    def start(self) -> Self:
        """Begin to answer.

        Raises:
            OSError: the port is taken.
        """
        self._server = ServerThread(self._port)
        self._stream = serve(self._parts, self._server, self._samples, self._holds)
        return self

    def stop(self) -> None:
        """End every connection and close the data folder. Stopping twice is harmless."""
        server, self._server = self._server, None
        if server is None or self._stream is None:
            return
        self._stream.end()
        self._parts.faults.clear()

        async def close() -> None:
            await self._parts.controls.close()
            await self._parts.delivery.close()
            await self._parts.sockets.close()
            await self._parts.door.close()

        server.stop(close)
        self._parts.archive.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return self._parts.world.workspace.base_url

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self._parts.world.workspace.app.bot_token

    @property
    def app_token(self) -> str:
        return self._parts.world.workspace.app.app_token

    @property
    def signing_secret(self) -> str:
        return self._parts.world.workspace.app.signing_secret

    @property
    def connected(self) -> bool:
        """Whether deliveries have somewhere to go."""
        return self._parts.delivery.connected

    @property
    def connections(self) -> int:
        """Open Socket Mode connections."""
        return self._parts.sockets.connected

    @property
    def faults(self) -> Faults:
        return self._parts.faults

    @property
    def calls(self) -> list[ApiCall]:
        """The last Web API calls (5,000 at most): method, arguments, answer; tokens masked."""
        return list(self._parts.journal.calls)

    @property
    def call_counts(self) -> Counter[str]:
        """Calls per method since the start."""
        return Counter(self._parts.journal.counts)

    @property
    def deliveries(self) -> list[Json]:
        """The last deliveries to the app, as the inspector shows them."""
        return [line for line in tuple(self._parts.journal.lines) if line["kind"] == "delivery"]

    def deliver_to(self, url: str | None) -> None:
        """Deliver by signed HTTP to `url` from now on; None goes back to Socket Mode."""
        self._parts.delivery.request_url = url
        self._parts.world.workspace.announce({"type": "delivery"})

    def verify_request_url(self) -> bool:
        """Whether the app's URL echoes Slack's challenge; False over Socket Mode."""
        parts, server = self._running()
        return server.run(parts.delivery.verify())

    def tune(
        self,
        *,
        retry_delays_s: tuple[float, ...] | None = None,
        ack_deadline_s: float | None = None,
        processing_time_s: float | None = None,
        rate_limits: bool | None = None,
    ) -> None:
        """Change waits (seconds) and limits that Slack fixes but a test may want otherwise."""
        if retry_delays_s is not None:
            self._parts.delivery.retry_delays_s = retry_delays_s
        if ack_deadline_s is not None:
            self._parts.delivery.ack_deadline_s = ack_deadline_s
        if processing_time_s is not None:
            self._parts.world.files.processing_time_s = processing_time_s
        if rate_limits is not None:
            self._parts.pace.on = rate_limits

    def wait(
        self, predicate: Callable[[], T | Literal[False] | None], timeout: float = 10.0, what: str = "something"
    ) -> T:
        """Return the first true answer of `predicate`, asked again after every change.

        Raises:
            TimeoutError: not within `timeout` seconds; names `what` and shows the last messages.
        """
        return wait_until(self._parts.world.workspace, self._parts.world.messages, predicate, timeout, what)

    def _running(self) -> tuple[Parts, ServerThread]:
        if self._server is None:
            raise RuntimeError("the sandbox is not running")
        return self._parts, self._server

    def _do_to_sockets(self, what: str) -> None:
        parts, server = self._running()
        server.run(parts.sockets.close() if what == "close" else parts.sockets.refresh())


__all__ = ["BotControls", "Member", "PressAnswer", "SlackSandbox", "SlashAnswer", "SubmitAnswer"]
