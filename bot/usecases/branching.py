"""The workflow's thresholders in a form that this Clarifai takes: the one place that knows of cuts above 1."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.domain import blueprint
from bot.domain.blueprint import Branching
from bot.domain.errors import NotFound, PlatformRefused, WrongKey

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.thresholds import ConceptThreshold
    from bot.usecases.ports import LabellingPlatform

log = logging.getLogger(__name__)

NO_SINGLE_OFF = (
    "This Clarifai takes no threshold above 1, and one of 1 lets a value of 1 pass. So no single concept can be "
    "switched off here; “all off” works."
)


class OnlyAllOff(PlatformRefused):
    """Nothing this Clarifai takes switches off one concept alone."""

    def __init__(self) -> None:
        super().__init__(NO_SINGLE_OFF)


def ensure_thresholders(
    platform: LabellingPlatform, cuts: Sequence[ConceptThreshold]
) -> tuple[Branching, Mapping[str, str]]:
    """Have thresholders of exactly these cuts; return how they divide and the version of each by model id.

    A cut above 1, for a concept that is off, is asked for first; only where that is refused something else is tried.

    Raises:
        OnlyAllOff: some concepts are off and others are not.
    """
    try:
        return Branching.USUAL, _ensured(platform, cuts, Branching.USUAL)
    except (NotFound, WrongKey):
        raise
    except PlatformRefused as refused:
        if not any(cut.is_off for cut in cuts):
            raise
        log.info("thresholds: no cut above 1 here: %s", refused)
    if all(cut.is_off for cut in cuts):
        return Branching.ALL_OFF, _ensured(platform, cuts, Branching.ALL_OFF)
    versions = _ensured(platform, cuts, Branching.WITHIN_ONE)
    accept = blueprint.thresholders(cuts, Branching.WITHIN_ONE)[1]
    if platform.passes_equal(accept, versions[accept.id]):
        raise OnlyAllOff
    return Branching.WITHIN_ONE, versions


def _ensured(platform: LabellingPlatform, cuts: Sequence[ConceptThreshold], branching: Branching) -> Mapping[str, str]:
    plans = blueprint.thresholders(cuts, branching)
    used = plans[:1] if branching is Branching.ALL_OFF else plans
    return {plan.id: platform.ensure_model(plan) for plan in used}
