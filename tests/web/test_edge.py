from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.web import Server, edge
from tests.web.front import Health, Slack

if TYPE_CHECKING:
    from tests.web.front import Front


def test_live_says_only_that_the_process_runs(front: Front) -> None:
    front.health.is_ready = False
    assert front.ask("GET", "/health/live").status == 200


@pytest.mark.parametrize(("is_ready", "status", "database"), [(True, 200, "at head"), (False, 503, "away")])
def test_ready_answers_with_what_is_known(front: Front, is_ready: bool, status: int, database: str) -> None:
    front.health.is_ready = is_ready
    answer = front.ask("GET", "/health/ready")
    assert answer.status == status
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(answer.body) == {"ready": is_ready, "database": database}


def test_metrics_are_prometheus_text(front: Front) -> None:
    front.metrics.clicks.labels("won").inc()
    answer = front.ask("GET", "/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert b'bot_clicks_total{outcome="won"} 1.0' in answer.body


@pytest.mark.parametrize("path", ["/", "/slack", "/slack/events/", "/health", "/health/ready/", "/metrics?", "/.env"])
def test_only_what_is_named_exists(front: Front, path: str) -> None:
    expected = 200 if path == "/metrics?" else 404
    assert front.ask("GET", path).status == expected


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/slack/events"), ("PUT", "/slack/events"), ("POST", "/health/ready"), ("DELETE", "/metrics")],
)
def test_the_wrong_method_is_405(front: Front, method: str, path: str) -> None:
    assert front.ask(method, path).status == 405


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_head_answers_without_a_body(front: Front, path: str) -> None:
    answer = front.ask("HEAD", path)
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 0


def test_without_a_signing_secret_no_events_are_taken(front: Front) -> None:
    slack = Slack()
    socket_mode = edge(slack, signing_secret=None, health=Health(), metrics=bytes)
    with Server(socket_mode, "127.0.0.1", 0, threads=1) as server:
        front.port = server.port
        assert front.deliver(b"{}").status == 404
        assert front.ask("GET", "/health/live").status == 200
    assert slack.bodies == []


def test_an_empty_signing_secret_opens_nothing(front: Front) -> None:
    with Server(edge(Slack(), signing_secret="", health=Health(), metrics=bytes), "127.0.0.1", 0, threads=1) as server:
        front.port = server.port
        assert front.deliver(b"{}").status == 404
