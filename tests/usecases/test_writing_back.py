"""What is written where Clarifai takes less than we ask for, and how that is found out."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from unittest.mock import create_autospec

import pytest

from bot.domain.annotations import Annotation, AnnotationStatus, LabelState, Suggestion
from bot.domain.customs import Customs
from bot.domain.errors import NotFound, PlatformRefused, PlatformUnavailable, WrongKey
from bot.usecases.ports import AnnotationWrite, LabellingPlatform, Written
from bot.usecases.writing_back import Wish, write_back

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from unittest.mock import Mock

AT = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
PENDING, SUCCESS, REJECTED = AnnotationStatus.PENDING, AnnotationStatus.SUCCESS, AnnotationStatus.REJECTED
BEFORE = LabelState(PENDING, (Suggestion("people", 0.5), Suggestion("man", 0.25)))
NOTHING = LabelState(REJECTED, (Suggestion("people", 0.0), Suggestion("man", 0.0)))
ONE = LabelState(SUCCESS, (Suggestion("people", 1.0), Suggestion("man", 0.0)))
NEGATIVE = LabelState(SUCCESS, NOTHING.suggestions)
REFUSED = PlatformRefused("no such status", code=24155)


class Held:
    """What stands there: it may refuse a status, and make something else of 0."""

    def __init__(self, refuses: AnnotationStatus | None = None, zero: float = 0.0) -> None:
        self.refuses, self.zero = refuses, zero
        self.asked: list[LabelState] = []
        self.there: dict[str, LabelState] = {}

    def write(self, writes: Sequence[AnnotationWrite]) -> list[Written]:
        return [self._one(one) for one in writes]

    def _one(self, one: AnnotationWrite) -> Written:
        self.asked.append(one.state)
        if one.state.status is self.refuses:
            return Written(one.id, error=REFUSED)
        values = tuple(Suggestion(s.concept_id, s.value or self.zero) for s in one.state.suggestions)
        self.there[one.id] = LabelState(one.state.status, values)
        return Written(one.id, self.annotation(one.id))

    def annotation(self, key: str) -> Annotation:
        state = self.there[key]
        return Annotation(key, "in", "demo", state.status, state.suggestions, AT, AT)

    @property
    def platform(self) -> Mock:
        made: Mock = create_autospec(LabellingPlatform, instance=True)
        made.write_annotations.side_effect = self.write
        made.read_annotations.side_effect = lambda keys: {k: self.annotation(k) for k, _ in keys if k in self.there}
        return made


def wish(wanted: LabelState, key: str = "a1") -> Wish:
    return Wish(key, "in", wanted, BEFORE, {})


def test_a_clarifai_that_takes_everything_is_read_back_once() -> None:
    held = Held()
    platform = held.platform
    _, customs = write_back(platform, Customs(), [wish(ONE), wish(NOTHING, "a2")])
    assert held.there == {"a1": ONE, "a2": NOTHING}
    assert customs == Customs(keeps_zero=True)
    write_back(platform, customs, [wish(ONE)])
    assert platform.read_annotations.call_count == 1


def test_a_refused_rejection_becomes_negative_labels() -> None:
    held = Held(refuses=REJECTED)
    [result], customs = write_back(held.platform, Customs(), [wish(NOTHING)])
    assert result.annotation
    assert held.there == {"a1": NEGATIVE}
    assert customs == Customs(takes_rejected=False, keeps_zero=True)
    write_back(held.platform, customs, [wish(NOTHING)])
    assert held.asked == [NOTHING, NEGATIVE, NEGATIVE]


@pytest.mark.parametrize("zero", [0.5, 1.0])
def test_where_0_is_not_kept_the_approved_concepts_stand_alone(zero: float) -> None:
    held = Held(zero=zero)
    _, customs = write_back(held.platform, Customs(), [wish(ONE)])
    assert held.there == {"a1": LabelState(SUCCESS, (Suggestion("people", 1.0),))}
    assert customs == Customs(keeps_zero=False)


@pytest.mark.parametrize("zero", [0.5, 1.0])
def test_where_0_is_not_kept_a_rejection_has_its_status_and_the_models_values(zero: float) -> None:
    held = Held(zero=zero)
    write_back(held.platform, Customs(), [wish(NOTHING)])
    assert held.there == {"a1": LabelState(REJECTED, BEFORE.suggestions)}


@pytest.mark.parametrize("zero", [0.5, 1.0])
def test_where_neither_is_taken_the_annotation_is_pending_as_it_was(zero: float) -> None:
    held = Held(refuses=REJECTED, zero=zero)
    [result], customs = write_back(held.platform, Customs(), [wish(NOTHING)])
    assert result.annotation
    assert held.there == {"a1": BEFORE}
    assert customs == Customs(takes_rejected=False, keeps_zero=False)


def test_undo_writes_the_snapshot_in_every_clarifai() -> None:
    for customs in (Customs(), Customs(takes_rejected=False, keeps_zero=False)):
        held = Held()
        write_back(held.platform, customs, [wish(BEFORE)])
        assert held.asked == [BEFORE]


def refusing(first: Exception) -> Callable[[Sequence[AnnotationWrite]], list[Written]]:
    return lambda writes: [Written(one.id, error=first) for one in writes]


@pytest.mark.parametrize("error", [NotFound("gone"), WrongKey("expired"), PlatformUnavailable("away")])
def test_other_failures_teach_nothing(error: Exception) -> None:
    platform = Held().platform
    platform.write_annotations.side_effect = refusing(error)
    [result], customs = write_back(platform, Customs(), [wish(NOTHING)])
    assert result.error is error
    assert customs == Customs()
    assert platform.write_annotations.call_count == 1


def test_a_refusal_that_is_not_about_the_status_keeps_its_reason() -> None:
    platform = Held().platform
    platform.write_annotations.side_effect = refusing(REFUSED)
    [result], customs = write_back(platform, Customs(), [wish(NOTHING)])
    assert result.error is REFUSED
    assert customs == Customs()


def test_what_cannot_be_read_back_is_not_called_written() -> None:
    platform = Held().platform
    platform.read_annotations.side_effect = away = PlatformUnavailable("away")
    [result], customs = write_back(platform, Customs(), [wish(ONE)])
    assert result.error is away
    assert customs == Customs()


def test_one_annotation_that_refuses_does_not_speak_for_the_others() -> None:
    held = Held()
    platform = held.platform

    def write(writes: Sequence[AnnotationWrite]) -> list[Written]:
        return [
            Written(w.id, error=REFUSED) if w.id == "a2" and w.state.status is REJECTED else held.write([w])[0]
            for w in writes
        ]

    platform.write_annotations.side_effect = write
    _, customs = write_back(platform, Customs(), [wish(NOTHING), wish(NOTHING, "a2")])
    assert customs.takes_rejected
    assert held.there == {"a1": NOTHING, "a2": NEGATIVE}
