"""The images of inputs over HTTP, for those who bring a key: as with Clarifai's secure data hosting, else 401.

The same door takes orders for faults, as lines of text posted to /faults.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import quote, unquote

from clarifai_grpc.grpc.api.resources_pb2 import HostedURL, Input

from bot.sandbox.clarifai.answers import Refusal
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.orders import NoSuchFault
from bot.sandbox.clarifai.state.inputs import Inputs

LONGEST_ORDER: Final = 4096  # bytes
SIZES: Final = ("orig", "tiny", "small", "large")  # all of them answer the original


class _Door(ThreadingHTTPServer):
    """What the answers need to know."""

    def __init__(self, port: int, inputs: Inputs, keys: Collection[str], order: Callable[[str], None]) -> None:
        super().__init__(("127.0.0.1", port), _Answer)
        self.inputs, self.keys, self.order = inputs, keys, order


class _Answer(BaseHTTPRequestHandler):
    server: _Door

    def do_GET(self) -> None:
        if self._is_known():
            image = _image_at(self.server.inputs, self.path)
            self._answer(HTTPStatus.OK if image else HTTPStatus.NOT_FOUND, image)

    def do_POST(self) -> None:
        if not self._is_known():
            return
        length = self.headers.get("content-length", "")
        if self.path != "/faults" or not length.isdecimal() or int(length) > LONGEST_ORDER:
            self._answer(HTTPStatus.NOT_FOUND)
            return
        try:
            for line in self.rfile.read(int(length)).decode(errors="replace").splitlines():
                self.server.order(line)
        except (NoSuchFault, Refusal) as wrong:
            self._answer(HTTPStatus.BAD_REQUEST, f"{wrong}\n".encode())
        else:
            self._answer(HTTPStatus.NO_CONTENT)

    def log_message(self, *_: object) -> None:
        """Say nothing: requests are no news."""

    def _is_known(self) -> bool:
        known = self.headers.get("authorization") in self.server.keys
        if not known:
            self.send_error(HTTPStatus.UNAUTHORIZED)
        return known

    def _answer(self, code: HTTPStatus, body: bytes = b"") -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class ImageHost:
    def __init__(self, inputs: Inputs, accounts: Mapping[str, str], port: int, order: Callable[[str], None]) -> None:
        self._server = _Door(port, inputs, {f"Key {key}" for key in accounts.values()}, order)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="clarifai-images", daemon=True
        )

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url_of(self, scope: Scope, found: Input) -> HostedURL:
        """Where the image is: prefix / size / suffix."""
        suffix = "/".join(quote(part, safe="") for part in ("users", scope.user, "apps", scope.app, "inputs", found.id))
        return HostedURL(prefix=self.base, suffix=suffix, sizes=SIZES)


def _image_at(inputs: Inputs, path: str) -> bytes:
    match [unquote(part) for part in path.strip("/").split("/")]:
        case [size, "users", user, "apps", app, "inputs", identifier] if size in SIZES:
            row = inputs.row_of(Scope(user, app), identifier)
            return inputs.image(row) if row is not None else b""
        case _:
            return b""
