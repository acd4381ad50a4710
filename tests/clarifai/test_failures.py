"""Every way Clarifai fails, and what it becomes: which error, how often it is asked, how long it takes."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

import grpc
import pytest
from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.status.status_pb2 import Status

from bot.clarifai import ClarifaiAccount, Patience, workflows
from bot.clarifai.reactions import REACTIONS, error_for, reaction_to_status, reaction_to_transport
from bot.domain import blueprint
from bot.domain.errors import AlreadyExists, NotFound, PlatformError, PlatformRefused, PlatformUnavailable, WrongKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.clarifai import ClarifaiPlatform

LATER = [10030, 40030, 40031, 40032, 40011, 40013, 40015, 40016, *range(41000, 41008)]
LATER += [98004, 98009, 98013, 98014, 99009, 21354]
REFUSED = [11000, 11004, 11006, 11100, 11102, 11103, 11104, 21201, 21202, 21203, 22101, *range(22103, 22109), 22999]
REFUSED += [24155, 24156, 30002, 30101, *range(30103, 30107), 30300, 39996, 39999, 40001, 40002, 40003, 40017, 40033]
CODES: dict[type[PlatformError], list[int]] = {
    PlatformUnavailable: LATER,
    WrongKey: [11001, 11002, 11007, 11008, 11009],
    NotFound: [11101, 21200, 22102, 30102],
    AlreadyExists: [40010, 22100, 30100],
    PlatformRefused: [*REFUSED, 123456],
}
TRANSPORT: dict[grpc.StatusCode, type[PlatformError]] = {
    grpc.StatusCode.UNAVAILABLE: PlatformUnavailable,
    grpc.StatusCode.DEADLINE_EXCEEDED: PlatformUnavailable,
    grpc.StatusCode.RESOURCE_EXHAUSTED: PlatformUnavailable,
    grpc.StatusCode.ABORTED: PlatformUnavailable,
    grpc.StatusCode.INTERNAL: PlatformUnavailable,
    grpc.StatusCode.UNAUTHENTICATED: WrongKey,
    grpc.StatusCode.PERMISSION_DENIED: WrongKey,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.ALREADY_EXISTS: AlreadyExists,
    grpc.StatusCode.INVALID_ARGUMENT: PlatformRefused,
    grpc.StatusCode.UNIMPLEMENTED: PlatformRefused,
    grpc.StatusCode.OUT_OF_RANGE: PlatformRefused,
}


@contextmanager
def asking(base: str, patience: Patience, per_second: int = 1000) -> Iterator[ClarifaiPlatform]:
    with ClarifaiAccount(base, patience=patience, requests_per_s=per_second) as account:
        yield account.platform("demo", "team", "demo-key")


def raised(platform: ClarifaiPlatform) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        platform.prove_ownership()
    return caught.value


@pytest.mark.parametrize(("expected", "codes"), CODES.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_every_status_code_becomes_its_error(sandbox, expected: type, codes: list[int]) -> None:
    with asking(sandbox.base, Patience(attempts=1)) as platform:
        for code in codes:
            sandbox.faults.fail_next("GetUser", code)
            error = raised(platform)
            assert type(error) is expected, code
            assert getattr(error, "code", code) == code


@pytest.mark.parametrize("code", TRANSPORT, ids=lambda code: code.name)
def test_every_code_of_the_transport_becomes_its_error(sandbox, code: grpc.StatusCode) -> None:
    with asking(sandbox.base, Patience(attempts=1)) as platform:
        sandbox.faults.fail_next("GetUser", code, times=5)
        assert type(raised(platform)) is TRANSPORT[code]


def test_taken_ids_are_told_from_invalid_concepts_by_the_text() -> None:
    taken = Status(code=40003, description="Invalid request", details="duplicate concept id 'people'")
    assert reaction_to_status(taken).error is AlreadyExists
    assert reaction_to_status(Status(code=40003, details="a concept needs an id")).error is PlatformRefused


def test_a_message_that_is_too_large_is_not_sent_again() -> None:
    too_large = reaction_to_transport(grpc.StatusCode.RESOURCE_EXHAUSTED, "Received message larger than max (5 vs. 4)")
    assert too_large.error is PlatformRefused


def test_every_row_of_the_table_makes_an_error() -> None:
    for reaction in REACTIONS.values():
        assert type(error_for(reaction, "words", 7)) is reaction.error


def test_throttling_is_told_at_once_with_the_seconds_to_wait(sandbox) -> None:
    with asking(sandbox.base, Patience()) as platform:
        sandbox.faults.fail_next("GetUser", 11005)
        error = raised(platform)
    assert isinstance(error, PlatformUnavailable)
    assert error.retry_after_s == 15
    assert sandbox.faults.calls["GetUser"] == 1


@pytest.mark.parametrize("code", [11003, 39997, 39998])
def test_an_hourly_limit_and_maintenance_are_for_much_later(sandbox, code: int) -> None:
    with asking(sandbox.base, Patience()) as platform:
        sandbox.faults.fail_next("GetUser", code)
        error = raised(platform)
    assert isinstance(error, PlatformUnavailable)
    assert error.retry_after_s >= 600
    assert sandbox.faults.calls["GetUser"] == 1


def test_an_outage_longer_than_the_channels_own_repeats_is_bridged(sandbox, platform) -> None:
    sandbox.faults.fail_next("GetUser", grpc.StatusCode.UNAVAILABLE, times=5)
    assert platform.prove_ownership() == "demo"
    assert sandbox.faults.calls["GetUser"] == 6


def test_a_busy_clarifai_is_asked_again(sandbox, platform) -> None:
    sandbox.faults.fail_next("GetUser", 10030, times=2)
    assert platform.prove_ownership() == "demo"
    assert sandbox.faults.calls["GetUser"] == 3


def test_a_refusal_is_not_asked_again(sandbox, platform) -> None:
    sandbox.faults.fail_next("GetUser", 11102)
    raised(platform)
    assert sandbox.faults.calls["GetUser"] == 1


def test_attempts_have_an_end(sandbox) -> None:
    with asking(sandbox.base, Patience(attempts=3, first_pause_s=0.01)) as platform, sandbox.faults.outage():
        assert type(raised(platform)) is PlatformUnavailable
    assert sandbox.faults.calls["GetUser"] == 3 * 5


def test_a_cold_model_is_waited_for_in_a_dry_run(lab) -> None:
    lab.set_up()
    lab.sandbox.faults.fail_next("PostWorkflowResults", 21351, times=2)
    assert lab.mapped()


def test_what_failed_inside_a_dry_run_decides() -> None:
    cold = res.Output(status=Status(code=21351))
    reply = api.PostWorkflowResultsResponse(status=Status(code=10020))
    reply.results.add(status=Status(code=10010), outputs=[res.Output(status=Status(code=10000)), cold])
    assert workflows._first_failure(reply).code == 21351
    reply.results[0].outputs.pop()
    assert workflows._first_failure(reply).code == 10020


def test_a_model_that_stays_cold_is_for_later(lab) -> None:
    lab.set_up()
    lab.sandbox.faults.fail_next("PostWorkflowResults", 21355, times=9)
    with pytest.raises(PlatformUnavailable) as caught:
        lab.mapped()
    assert caught.value.retry_after_s == 15


def test_a_new_version_is_never_sent_twice_blindly(lab) -> None:
    lab.platform.ensure_model(blueprint.mapper(""))
    lab.sandbox.faults.apply_then_fail("PostModelVersions", code=grpc.StatusCode.UNAVAILABLE)
    assert lab.platform.ensure_model(blueprint.mapper("small"))
    assert lab.sandbox.faults.calls["PostModelVersions"] == 1


def test_a_hung_server_costs_no_more_than_the_patience(sandbox) -> None:
    release = Event()
    sandbox.faults.delay("GetUser", release)
    with asking(sandbox.base, Patience(total_s=0.4)) as platform:
        begun = time.monotonic()
        assert type(raised(platform)) is PlatformUnavailable
        assert time.monotonic() - begun < 2
    release.set()


def test_a_server_that_is_down_is_unavailable() -> None:
    with asking("http://127.0.0.1:1", Patience(attempts=1)) as platform:
        assert type(raised(platform)) is PlatformUnavailable


def test_closing_ends_the_wait_for_another_attempt(sandbox) -> None:
    account = ClarifaiAccount(sandbox.base, patience=Patience(total_s=60, first_pause_s=50))
    platform = account.platform("demo", "team", "demo-key")
    errors: list[PlatformError] = []
    with sandbox.faults.outage():
        waiting = Thread(target=lambda: errors.append(raised(platform)))
        waiting.start()
        deadline = time.monotonic() + 5
        while sandbox.faults.calls["GetUser"] < 5 and time.monotonic() < deadline:
            Event().wait(0.005)
        account.close()
        waiting.join(5)
    assert [type(error) for error in errors] == [PlatformUnavailable]
    assert type(raised(platform)) is PlatformUnavailable


@pytest.mark.parametrize("key", ["", "demo-key\n", "clé", "two words"])
def test_a_key_that_no_header_can_carry_is_a_wrong_key(account, key: str) -> None:
    assert type(raised(account.platform("demo", "team", key))) is WrongKey


def test_the_log_names_call_code_and_request_but_never_the_key(account, caplog) -> None:
    secret = "planted-secret-key"
    with caplog.at_level(logging.DEBUG):
        error = raised(account.platform("demo", "team", secret))
    assert isinstance(error, WrongKey)
    assert error.code == 11008
    assert "GetUser" in caplog.text
    assert "11008" in caplog.text
    assert "req_id" in caplog.text
    assert secret not in caplog.text + str(error)
