from __future__ import annotations

import http.client
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from bot.web import Server

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

DEADLINE_S = 10


def hello(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]


def fetched(port: int, host: str = "127.0.0.1") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(host, port, timeout=DEADLINE_S)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_after_the_end_no_thread_and_no_open_port_is_left() -> None:
    before = set(threading.enumerate())
    with Server(hello, "127.0.0.1", 0, threads=3) as server:
        port = server.port
        assert fetched(port) == (200, b"hello")
    assert not [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]
    with pytest.raises(ConnectionRefusedError):
        fetched(port)


def test_it_ends_although_a_connection_stays_open() -> None:
    with Server(hello, "127.0.0.1", 0, threads=1) as server:
        silent = socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE_S)
        assert fetched(server.port)[0] == 200  # so the silent one has been taken, too
    with silent:
        assert silent.recv(1) == b""


def test_what_is_being_answered_is_finished_before_the_end() -> None:
    asked, may_answer = threading.Event(), threading.Event()

    def slow(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked.set()
        may_answer.wait(DEADLINE_S)
        return hello(environ, start_response)

    heard: list[tuple[int, bytes]] = []
    server = Server(slow, "127.0.0.1", 0, threads=1).start()
    client = threading.Thread(target=lambda: heard.append(fetched(server.port)))
    client.start()
    assert asked.wait(DEADLINE_S)
    ending = threading.Thread(target=server.stop)
    ending.start()
    may_answer.set()
    ending.join(DEADLINE_S)
    client.join(DEADLINE_S)
    assert heard == [(200, b"hello")]


def test_a_taken_port_is_an_os_error() -> None:
    with Server(hello, "127.0.0.1", 0, threads=1) as first, pytest.raises(OSError, match="in use"):
        Server(hello, "127.0.0.1", first.port, threads=1).start()


def test_the_same_port_can_be_had_again_at_once() -> None:
    with Server(hello, "127.0.0.1", 0, threads=1) as first:
        port = first.port
        assert fetched(port)[0] == 200
    with Server(hello, "127.0.0.1", port, threads=1) as second:
        assert (second.port, fetched(port)[0]) == (port, 200)


def test_a_server_can_be_stopped_twice_and_before_its_start() -> None:
    server = Server(hello, "127.0.0.1", 0, threads=1)
    server.stop()
    server.start()
    server.stop()
    server.stop()


def test_the_port_is_unknown_before_the_start() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = Server(hello, "127.0.0.1", 0, threads=1).port


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0"])  # noqa: S104  the address a Procfile sets
def test_it_listens_where_it_is_told_to(host: str) -> None:
    with Server(hello, host, 0, threads=1) as server:
        assert fetched(server.port)[0] == 200


def test_a_broken_app_answers_500_without_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_environ: WSGIEnvironment, _start_response: StartResponse) -> Iterable[bytes]:
        raise ValueError("the password is swordfish")

    with Server(broken, "127.0.0.1", 0, threads=1) as server:
        status, body = fetched(server.port)
    assert status == 500
    assert b"swordfish" not in body
    assert b"Traceback" not in body
    assert "swordfish" in caplog.text


def test_many_at_once_are_all_answered() -> None:
    heard: list[tuple[int, bytes]] = []
    with Server(hello, "127.0.0.1", 0, threads=4) as server:
        clients = [threading.Thread(target=lambda: heard.append(fetched(server.port))) for _ in range(50)]
        for client in clients:
            client.start()
        for client in clients:
            client.join(DEADLINE_S)
    assert heard == [(200, b"hello")] * 50
