"""The steps of a set-up: their order, what they are called, and what a project being set up carries through them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.domain.concepts import ModelRef

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.domain.concepts import Concept
    from bot.domain.projects import Project
    from bot.domain.thresholds import ConceptThreshold

Result = dict[str, Any]


class Step(StrEnum):
    """The steps of a set-up and of going live, in their order."""

    PROVE = "prove"
    READ = "read"
    APP = "app"
    FIND = "find"
    CONCEPTS = "concepts"
    RELATIONS = "relations"
    MAPPER = "mapper"
    FLOOR = "floor"
    ACCEPT = "accept"
    BELOW = "below"
    WRITE_SUCCESS = "write-success"
    WRITE_PENDING = "write-pending"
    WORKFLOW = "workflow"
    REMEMBER = "remember"
    DEFAULT = "default"
    RESTORE = "restore"


GOING_LIVE = (Step.REMEMBER, Step.DEFAULT)
LEAVING = (Step.RESTORE,)
SETTING_UP = tuple(s for s in Step if s not in {*GOING_LIVE, *LEAVING})
CHANGING = (Step.FIND, Step.CONCEPTS, Step.RELATIONS)  # done again when the concepts of a running project change

TITLES: Mapping[Step, str] = {
    Step.PROVE: "The key belongs to the app's owner",
    Step.READ: "Read what stands in the app",
    Step.APP: "The app",
    Step.FIND: "Find the model's concepts",
    Step.CONCEPTS: "Create your concepts",
    Step.RELATIONS: "Link them with the model's",
    Step.MAPPER: "Mapper: the model's concepts to yours",
    Step.FLOOR: "Thresholder: discard below the floor",
    Step.ACCEPT: "Thresholder: accept",
    Step.BELOW: "Thresholder: ask people",
    Step.WRITE_SUCCESS: "Writer: labelled",
    Step.WRITE_PENDING: "Writer: waits for review",
    Step.WORKFLOW: "The workflow of all of these",
    Step.REMEMBER: "Remember the app's old default workflow",
    Step.DEFAULT: "Make ours the app's default: every added image is annotated",
    Step.RESTORE: "Leave: give the app its old default workflow back",
}


@dataclass(frozen=True)
class SetUp:
    """A project being set up: what was asked for, and what the finished steps found and made."""

    project: Project
    concepts: Sequence[Concept]
    cuts: Sequence[ConceptThreshold]
    results: Mapping[Step, Result] = field(default_factory=dict)
    removed: Sequence[str] = ()  # ids of concepts that are labelled no longer

    @property
    def model(self) -> ModelRef | None:
        return ModelRef(self.project.model_id, self.project.model_version) if self.project.model_id else None
