"""The stand-in as one thing to start and stop."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import grpc
from clarifai_grpc.grpc.api.service_pb2_grpc import add_V2Servicer_to_server

from bot.sandbox.clarifai.catalogue import Catalogue
from bot.sandbox.clarifai.certificate import certificate_in
from bot.sandbox.clarifai.faults import Faults
from bot.sandbox.clarifai.hosting import ImageHost
from bot.sandbox.clarifai.ingest import Ingest
from bot.sandbox.clarifai.naming import checked_id
from bot.sandbox.clarifai.orders import Orders
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.protocol.annotations import Annotations
from bot.sandbox.clarifai.protocol.apps import Apps
from bot.sandbox.clarifai.protocol.concepts import Concepts
from bot.sandbox.clarifai.protocol.gate import Gate, RateLimit
from bot.sandbox.clarifai.protocol.inputs import Inputs
from bot.sandbox.clarifai.protocol.keys import Keys
from bot.sandbox.clarifai.protocol.model_types import ModelTypes
from bot.sandbox.clarifai.protocol.models import Models
from bot.sandbox.clarifai.protocol.predictions import Predictions
from bot.sandbox.clarifai.protocol.relations import Relations
from bot.sandbox.clarifai.protocol.searches import Searches
from bot.sandbox.clarifai.protocol.workflows import Workflows
from bot.sandbox.clarifai.recognising import Recogniser
from bot.sandbox.clarifai.state.database import Database
from bot.sandbox.clarifai.switches import Switches

REQUESTS_AT_ONCE: Final = 24
GRACE_S: Final = 1.0  # for the calls in hand when the server stops
LARGEST_MESSAGE: Final = 1024**3  # bytes, as the official channel allows
DEMO_ACCOUNT: Final = {"demo": "demo-key"}


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ClarifaiSandbox:
    """A Clarifai on loopback: plaintext gRPC, TLS on demand, and the images over HTTP.

    `accounts` maps user ids to keys; `apps` are made for the first account at start. `data` is a folder that keeps
    everything across restarts and kills; None keeps it in memory. Ports of 0 are chosen by the system.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        data: Path | None = None,
        accounts: Mapping[str, str] | None = None,
        apps: Sequence[str] = (),
        port: int = 0,
        tls_port: int | None = None,
        cert_dir: Path | None = None,
        images_port: int = 0,
        rate_limit: int | None = 15,
        switches: Switches | None = None,
        clock: Callable[[], datetime] = _utc_now,
        known_urls: Mapping[str, Path] | None = None,
    ) -> None:
        self.accounts = dict(accounts or DEMO_ACCOUNT)
        self.faults = Faults()
        self._apps, self._asked_port, self._asked_tls_port = apps, port, tls_port
        self._rate_limit, self._images_port, self._data, self._cert_dir = rate_limit, images_port, data, cert_dir
        self._recogniser, self._switches, self._clock = recogniser, switches or Switches(), clock
        self._known_urls = known_urls or {}
        self.port, self.tls_port, self.cert, self.control = 0, 0, Path(), ""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_base(self) -> str:
        return f"https://localhost:{self.tls_port}"

    def start(self) -> None:
        """Open the ports and go on with what was unfinished.

        Raises:
            OSError: a port is taken.
        """
        with ExitStack() as opened:
            self.faults.server_runs(True)
            self.platform = self._opened_platform(opened)
            images = ImageHost(
                self.platform.inputs, self.accounts, self._images_port, Orders(self.faults, self.platform)
            )
            self.control = f"{images.base}/faults"
            images.start()
            opened.callback(images.stop)
            server = self._opened_server(images, opened)
            self._ingest = Ingest(self.platform)
            self._ingest.start()
            opened.callback(self._ingest.stop)
            server.start()
            opened.callback(lambda: server.stop(GRACE_S).wait())
            opened.callback(self.faults.server_runs, False)
            self._opened = opened.pop_all()

    def stop(self) -> None:
        """Answer what is in hand, then close everything."""
        self._opened.close()

    def order(self, line: str) -> None:
        """Plant a fault described in words (`bot.sandbox.clarifai.orders`).

        Raises:
            NoSuchFault: the words are none of the known ones.
            Refusal: what they name is not there.
        """
        Orders(self.faults, self.platform)(line)

    def settled(self, app_id: str, timeout: float = 10) -> None:
        """Wait until no input of the app is unfinished.

        Raises:
            TimeoutError: after `timeout` seconds.
        """
        self._ingest.settled(app_id, timeout)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _opened_platform(self, opened: ExitStack) -> Platform:
        database = Database(self._data)
        opened.callback(database.close)
        platform = Platform(
            database=database,
            catalogue=Catalogue(self._recogniser),
            accounts=self.accounts,
            switches=self._switches,
            clock=self._clock,
            known_urls=self._known_urls,
        )
        for app in self._apps:
            platform.add_app(next(iter(self.accounts)), checked_id("app", app))
        return platform

    def _opened_server(self, images: ImageHost, opened: ExitStack) -> grpc.Server:
        pool = opened.enter_context(ThreadPoolExecutor(REQUESTS_AT_ONCE, thread_name_prefix="clarifai-rpc"))
        options = [
            ("grpc.max_receive_message_length", LARGEST_MESSAGE),
            ("grpc.max_send_message_length", LARGEST_MESSAGE),
            ("grpc.so_reuseport", 0),  # a taken port is to be noticed
        ]
        server = grpc.server(pool, options=options)
        inputs = Inputs(self.platform, images.url_of)
        kinds = (Apps, Keys, Concepts, Relations, Models, ModelTypes, Workflows, Annotations, Predictions)
        areas = [*(kind(self.platform) for kind in kinds), inputs, Searches(self.platform, inputs)]
        gate = Gate(areas, self.accounts, self.faults, RateLimit(self._rate_limit))
        add_V2Servicer_to_server(gate, server)
        self.port = _bound(lambda: server.add_insecure_port(f"127.0.0.1:{self._asked_port}"))
        if self._asked_tls_port is not None:
            credentials = self._credentials(opened)
            asked = f"127.0.0.1:{self._asked_tls_port}"
            self.tls_port = _bound(lambda: server.add_secure_port(asked, credentials))
        return server

    def _credentials(self, opened: ExitStack) -> grpc.ServerCredentials:
        folder = self._cert_dir or self._data
        if folder is None:
            folder = Path(opened.enter_context(tempfile.TemporaryDirectory()))
        self.cert, key = certificate_in(folder)
        return grpc.ssl_server_credentials([(key.read_bytes(), self.cert.read_bytes())])


def _bound(bind: Callable[[], int]) -> int:
    try:
        return bind()
    except RuntimeError as error:
        raise OSError(str(error)) from error
