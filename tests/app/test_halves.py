"""Parts that stop and come back."""

from contextlib import ExitStack

import pytest

from bot.app.halves import Half


def noting(said: list[str]) -> Half[str]:
    def begin(stack: ExitStack) -> str:
        said.append("begun")
        stack.callback(said.append, "ended")
        return "port 1"

    return Half(begin)


def test_a_half_stops_and_comes_back() -> None:
    said: list[str] = []
    half = noting(said)
    assert half.start() == "port 1"
    assert half.start() is None
    half.stop()
    half.stop()
    half.start()
    assert said == ["begun", "ended", "begun"]


def test_what_ended_for_good_stays_ended() -> None:
    said: list[str] = []
    half = noting(said)
    half.start()
    half.end()
    assert half.start() is None
    assert said == ["begun", "ended"]


def test_a_start_that_fails_takes_back_what_it_began() -> None:
    said: list[str] = []

    def begin(stack: ExitStack) -> None:
        stack.callback(said.append, "taken back")
        raise OSError("the port is taken")

    half = Half(begin)
    with pytest.raises(OSError, match="port"):
        half.start()
    assert said == ["taken back"]
