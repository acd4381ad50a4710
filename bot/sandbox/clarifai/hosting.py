"""The images of inputs over HTTP, for those who bring a key: as with Clarifai's secure data hosting, else 401."""

import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import quote, unquote

from clarifai_grpc.grpc.api.resources_pb2 import HostedURL, Input

from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.state.inputs import Inputs

SIZES: Final = ("orig", "tiny", "small", "large")  # all of them answer the original


class ImageHost:
    def __init__(self, inputs: Inputs, accounts: Mapping[str, str], port: int) -> None:
        keys = {f"Key {key}" for key in accounts.values()}

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.headers.get("authorization") not in keys:
                    self.send_error(HTTPStatus.UNAUTHORIZED)
                    return
                image = _image_at(inputs, self.path)
                if not image:
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Length", str(len(image)))
                self.end_headers()
                self.wfile.write(image)

            def log_message(self, *_: object) -> None:
                """Say nothing: requests are no news."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
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
