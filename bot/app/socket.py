"""Socket Mode: one connection, kept up by Slack's own client."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5  # whole seconds between two looks at the connection, and between two pings
WAIT_FOR_FIRST_S = 5.0


def close_socket(handler: SocketModeHandler) -> None:
    """Disconnect without waiting for the client's reader, which can sit in a select for 10 s.

    It mostly wakes up by this; on a busy machine an end of 13 s was still seen.
    """
    client = handler.client
    client.auto_reconnect_enabled = False
    client.logger.setLevel(logging.CRITICAL)  # the end we make is no error
    connection = client.current_session.sock if client.current_session else None
    if connection is not None and connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
    handler.close()


def open_socket(app: App, app_token: str) -> SocketModeHandler:
    """Connect, wait some seconds for it, and go on: while Slack is away the client tries again by itself.

    Only the client's watch over its connection is started, and that connects. Calling `connect` first makes it connect
    twice: its watch starts along and finds no connection yet.
    """
    sdk_log = logging.getLogger("slack_sdk.socket_mode")
    handler = SocketModeHandler(app, app_token, logger=sdk_log, ping_interval=LOOK_EVERY_S)
    client = handler.client
    client.current_app_monitor_started = True
    client.current_app_monitor.start()
    give_up = time.monotonic() + WAIT_FOR_FIRST_S
    while not client.is_connected() and time.monotonic() < give_up:
        time.sleep(0.02)
    if not client.is_connected():
        log.warning("slack: not connected yet; trying again every %d s", LOOK_EVERY_S)
    return handler
