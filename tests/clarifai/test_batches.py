from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.clarifai.batches import MOST_SPLITS, cut, deliver
from bot.domain.errors import PlatformError, PlatformRefused, PlatformUnavailable, WrongKey

if TYPE_CHECKING:
    from collections.abc import Sequence

Result = tuple[int, str]


def failed(item: int, error: PlatformError) -> Result:
    return item, type(error).__name__


@given(amount=st.integers(0, 300), bad=st.sets(st.integers(0, 299), max_size=2))
def test_up_to_two_bad_items_are_found_and_the_rest_goes_through(amount: int, bad: set[int]) -> None:
    def send(items: Sequence[int]) -> list[Result]:
        if bad.intersection(items):
            raise PlatformRefused("no")
        return [(item, "done") for item in items]

    results = deliver(cut(range(amount), 128), send, failed)
    assert results == [(item, "PlatformRefused" if item in bad else "done") for item in range(amount)]


def test_a_request_that_is_refused_whatever_it_carries_is_not_split_for_ever() -> None:
    asked: list[int] = []

    def send(items: Sequence[int]) -> list[Result]:
        asked.append(len(items))
        raise PlatformRefused("never")

    assert deliver([range(128)], send, failed) == [(item, "PlatformRefused") for item in range(128)]
    assert len(asked) <= 2 * MOST_SPLITS + 1


def test_nothing_is_sent_once_clarifai_is_away_or_the_key_is_wrong() -> None:
    for error in (PlatformUnavailable("later"), WrongKey("no")):
        asked: list[int] = []

        def send(items: Sequence[int], error: PlatformError = error, asked: list[int] = asked) -> list[Result]:
            asked.append(len(items))
            if len(asked) == 2:
                raise error
            return [(item, "done") for item in items]

        results = deliver(cut(range(6), 2), send, failed)
        assert [word for _, word in results] == ["done"] * 2 + [type(error).__name__] * 4
        assert len(asked) == 2
