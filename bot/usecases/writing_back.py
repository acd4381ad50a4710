"""Verdicts are written in the nearest form that a project's Clarifai takes, which its first writes find out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.domain.annotations import AnnotationStatus, LabelState
from bot.domain.customs import as_taken, keeps_zero
from bot.domain.errors import NotFound, PlatformError, PlatformRefused, WrongKey
from bot.usecases.ports import AnnotationWrite, Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.domain.customs import Customs
    from bot.usecases.ports import LabellingPlatform


@dataclass(frozen=True)
class Wish:
    """What should stand for one annotation, and what the workflow had written."""

    id: str
    input_id: str
    wanted: LabelState
    before: LabelState
    info: Mapping[str, Any]


def write_back(
    platform: LabellingPlatform, customs: Customs, wishes: Sequence[Wish]
) -> tuple[Sequence[Written], Customs]:
    """Write `wishes` as far as Clarifai takes them; return one result each, in order, and what is known of it now.

    A refused rejection is written once more the other way, and believed to be refused in general only if that way
    works and no other rejection was taken. The first value of 0 is read back. A crash in between costs the repetition:
    what stands then is not what is wanted, so `settle` writes it again.
    """
    results = dict(enumerate(_written(platform, customs, wishes)))
    customs = _with_rejections(platform, customs, wishes, results)
    customs = _with_zeros(platform, customs, wishes, results)
    return [results[place] for place in range(len(wishes))], customs


def _with_rejections(
    platform: LabellingPlatform, customs: Customs, wishes: Sequence[Wish], results: dict[int, Written]
) -> Customs:
    rejections = [place for place, wish in enumerate(wishes) if wish.wanted.status is AnnotationStatus.REJECTED]
    refused = [place for place in rejections if customs.takes_rejected and _is_refusal(results[place].error)]
    if not refused:
        return customs
    otherwise = replace(customs, takes_rejected=False)
    taken = _again(platform, otherwise, wishes, results, refused)
    taken_as_asked = any(results[place].annotation for place in rejections if place not in refused)
    return otherwise if taken and not taken_as_asked else customs


def _with_zeros(
    platform: LabellingPlatform, customs: Customs, wishes: Sequence[Wish], results: dict[int, Written]
) -> Customs:
    """Read the annotations back that were given a 0, as long as nobody knows what becomes of it."""
    if customs.keeps_zero is not None:
        return customs
    asked = {
        place: as_taken(wish.wanted, wish.before, customs)
        for place, wish in enumerate(wishes)
        if results[place].annotation
    }
    first = [place for place, state in asked.items() if any(s.value == 0 for s in state.suggestions)]
    if not first:
        return customs
    try:
        there = platform.read_annotations([(wishes[place].id, wishes[place].input_id) for place in first])
    except PlatformError as away:
        results.update({place: Written(wishes[place].id, error=away) for place in first})
        return customs
    found = {place: there.get(wishes[place].id) for place in first}
    kept = all(keeps_zero(asked[place], LabelState.of(one)) for place, one in found.items() if one)
    known = replace(customs, keeps_zero=kept)
    if not kept:
        _again(platform, known, wishes, results, first)
    return known if any(found.values()) else customs


def _again(
    platform: LabellingPlatform,
    customs: Customs,
    wishes: Sequence[Wish],
    results: dict[int, Written],
    places: Sequence[int],
) -> bool:
    """Write those at `places` once more; say whether any was taken. One that fails again keeps its first error."""
    written = _written(platform, customs, [wishes[place] for place in places])
    for place, result in zip(places, written, strict=True):
        if result.annotation or not _is_refusal(results[place].error):
            results[place] = result
    return any(result.annotation for result in written)


def _written(platform: LabellingPlatform, customs: Customs, wishes: Iterable[Wish]) -> Sequence[Written]:
    return platform.write_annotations(
        [AnnotationWrite(w.id, w.input_id, as_taken(w.wanted, w.before, customs), w.info) for w in wishes]
    )


def _is_refusal(error: Exception | None) -> bool:
    return isinstance(error, PlatformRefused) and not isinstance(error, (NotFound, WrongKey))
