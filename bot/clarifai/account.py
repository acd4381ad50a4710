"""The connections to one Clarifai, shared by every app and key that is reached through it."""

from __future__ import annotations

from threading import Event, Lock
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import grpc
from clarifai_grpc.channel.clarifai_channel import MAX_MESSAGE_LENGTH, ClarifaiChannel
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

from bot.clarifai.calls import Calls, Line
from bot.clarifai.fetching import PictureSource
from bot.clarifai.limiter import Limiter
from bot.clarifai.patience import Patience
from bot.clarifai.platform import ClarifaiPlatform

if TYPE_CHECKING:
    from pathlib import Path

REQUESTS_PER_S = 10  # per key; Clarifai takes 15 per user, and other programs of the same user want some too


class ClarifaiAccount:
    """Holds the channels to `base`; safe to share between threads, to be closed once.

    ``http://host:port`` is plaintext gRPC, ``https://host[:port]`` is TLS, trusting `root_certificates` when given.
    `patience` bounds one call with its repeats; `requests_per_s` holds for each key.
    """

    def __init__(
        self,
        base: str = "https://api.clarifai.com",
        root_certificates: Path | None = None,
        *,
        patience: Patience | None = None,
        requests_per_s: int = REQUESTS_PER_S,
    ) -> None:
        self._patience = patience or Patience()
        self._requests_per_s = requests_per_s
        self._closing = Event()
        self._lock = Lock()
        self._limiters: dict[str, Limiter] = {}
        self._channels = _open(base, root_certificates)
        self._stubs = tuple(V2Stub(channel) for channel in self._channels)
        self._pictures = PictureSource(urlsplit(base).hostname or "", root_certificates)

    def platform(self, user_id: str, app_id: str, key: str) -> ClarifaiPlatform:
        """Reach the app `app_id` of `user_id` with `key`; nothing is sent yet."""
        with self._lock:
            limiter = self._limiters.setdefault(key, Limiter(self._requests_per_s))
        repeating, single = self._stubs
        line = Line(repeating, single, limiter, self._patience, self._closing)
        return ClarifaiPlatform(Calls(line, user_id, app_id, key), self._pictures)

    def close(self) -> None:
        """Wake whoever waits for a repeat, and close the channels; calls that run now fail as unavailable."""
        self._closing.set()
        for channel in self._channels:
            channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _open(base: str, root_certificates: Path | None) -> tuple[grpc.Channel, grpc.Channel]:
    """Open Clarifai's channel and a second one that never repeats a call by itself.

    Clarifai's repeats any call up to five times when the connection breaks. For a call that makes something new
    each time (a model version) that could make two, and gRPC can switch repeats off for a whole channel only.

    Raises:
        ValueError: `base` is neither ``http://host:port`` nor ``https://host[:port]``.
    """
    parts = urlsplit(base)
    if not parts.hostname or parts.scheme not in {"http", "https"}:
        raise ValueError(f"{base} is not an address like https://api.clarifai.com or http://127.0.0.1:18080")
    options: list[tuple[str, Any]] = [
        ("grpc.enable_retries", 0),
        ("grpc.max_receive_message_length", MAX_MESSAGE_LENGTH),
        ("grpc.max_send_message_length", MAX_MESSAGE_LENGTH),
    ]
    if parts.scheme == "http":
        port = parts.port or 80
        plain = ClarifaiChannel.get_insecure_grpc_channel(base=parts.hostname, port=port)
        return plain, grpc.insecure_channel(f"{parts.hostname}:{port}", options=options)
    trusted = root_certificates.read_bytes() if root_certificates else None
    secure = ClarifaiChannel.get_grpc_channel(base=parts.netloc, root_certificates_path=root_certificates)
    return secure, grpc.secure_channel(parts.netloc, grpc.ssl_channel_credentials(trusted), options=options)
