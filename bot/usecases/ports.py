"""What the use cases need of the outside, in the team's words. Adapters on floor 3 provide it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.annotations import Annotation, AnnotationStatus, LabelState, Suggestion
    from bot.domain.blueprint import ModelPlan, NodePlan
    from bot.domain.concepts import Concept, ModelRef, Predicate

    Clock = Callable[[], datetime]  # aware UTC


@dataclass(frozen=True)
class AppFacts:
    """What stands in a Clarifai app before anything is changed; the counts are Clarifai's own."""

    default_workflow: str  # id, empty when there is none
    inputs: int
    pending: int  # annotations of the owner that wait


@dataclass(frozen=True)
class ModelConcept:
    """A concept of the recognition model, as it can be the object of a relation."""

    id: str
    name: str
    app_id: str = "main"


@dataclass(frozen=True)
class RelationPlan:
    """One relation to create: the app's concept (subject), the model's concept (object), the predicate, the graph."""

    subject_id: str
    object: ModelConcept
    predicate: Predicate
    graph: str = ""


@dataclass(frozen=True)
class NewInput:
    """An image on its way to Clarifai: bytes or, if there are none, a URL that Clarifai fetches itself."""

    id: str
    image: bytes | None
    url: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


class InputState(StrEnum):
    """How far Clarifai is with an input."""

    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class InputFacts:
    """An input as Clarifai knows it. `reason` says why it failed."""

    id: str
    state: InputState
    created_at: datetime | None = None
    url: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Seen:
    """An annotation together with its input, as one page of a search brings them."""

    annotation: Annotation
    input: InputFacts


@dataclass(frozen=True)
class Holding:
    """What to look up, a page at a time: annotations of one status (None: any) about one concept ("": any)."""

    status: AnnotationStatus | None = None
    concept_id: str = ""
    page: int = 1
    per_page: int = 6


@dataclass(frozen=True)
class AnnotationWrite:
    """One annotation to be overwritten: all concepts with explicit values, region kept, provenance beside it."""

    id: str
    input_id: str
    state: LabelState
    info: Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """What became of one write: the annotation as it stands now, or why it does not (`error`)."""

    id: str
    annotation: Annotation | None = None
    error: Exception | None = None


class LabellingPlatform(Protocol):
    """One Clarifai app, reached with one key. Every call has a deadline and raises PlatformError only."""

    def prove_ownership(self) -> str:
        """Return the id of the user whose key this is; raise WrongKey unless that user owns the app."""

    def read_app(self) -> AppFacts | None:
        """Say what stands in the app; None when there is no such app."""

    def create_app(self) -> None:
        """Create the app unless it exists."""

    def find_concepts(self, names: Sequence[str], model: ModelRef | None) -> Mapping[str, ModelConcept | None]:
        """Find the model's concept of each name (any case); None where the model does not know it."""

    def nearest_names(self, name: str, model: ModelRef | None, *, limit: int = 5) -> Sequence[str]:
        """The names of the model's vocabulary most like `name`, nearest first."""

    def resolve_model(self, model: ModelRef) -> ModelRef:
        """Return `model` with a version that exists; raise NotFound when it does not."""

    def ensure_concepts(self, concepts: Sequence[Concept]) -> None:
        """Create those of `concepts` that are not there yet."""

    def ensure_graph(self, graph: str) -> None:
        """Create the knowledge graph unless it exists."""

    def ensure_relations(self, relations: Sequence[RelationPlan]) -> None:
        """Create those of `relations` that are not there yet."""

    def remove_relations(self, subject_ids: Sequence[str]) -> None:
        """Take away every relation of these concepts of the app, so that nothing is mapped to them any more."""

    def ensure_model(self, plan: ModelPlan) -> str:
        """Return the id of a version that is exactly `plan`, made anew only when no version is."""

    def passes_equal(self, plan: ModelPlan, version: str) -> bool:
        """Say whether the thresholder lets a value equal to its cut pass, or may do so for all we can find out."""

    def ensure_workflow(self, workflow_id: str, nodes: Sequence[NodePlan]) -> str:
        """Make the workflow consist of exactly `nodes` in one call; return the id of its newest version."""

    def set_default_workflow(self, workflow_id: str) -> None:
        """Make it the workflow that annotates every added input."""

    def default_workflow(self) -> tuple[str, str]:
        """Return (workflow id, version id) of what annotates every added input now; empty strings for none."""

    def dry_run(self, workflow_id: str, *, image: bytes | None = None, url: str = "") -> Sequence[Suggestion]:
        """Run the workflow without writing; return the app's concepts with their values."""

    def add_inputs(self, inputs: Sequence[NewInput]) -> Mapping[str, PlatformOutcome]:
        """Add up to 128 inputs; per id None when it was taken in (or stood there already), else the error."""

    def read_inputs(self, ids: Sequence[str]) -> Mapping[str, InputFacts]:
        """Say how far Clarifai is with each input; GONE for those it does not know."""

    def changed_annotations(self, user_id: str, since: datetime | None) -> Iterator[Sequence[Seen]]:
        """Page through the annotations of `user_id` (no input-level ones) modified at or after `since`, to the end.

        None is missed, also when pages shift while they are read: whole pages come again, and what comes later holds.
        """

    def read_annotations(self, keys: Sequence[tuple[str, str]]) -> Mapping[str, Annotation]:
        """Read annotations by (annotation id, input id), any number; those that are gone are left out."""

    def holdings(self, user_id: str, wanted: Holding) -> Sequence[Seen]:
        """One page of the annotations of `user_id` (no input-level ones), oldest first; empty past the end."""

    def pictures_of(self, wanted: Holding) -> Sequence[InputFacts]:
        """One page of the inputs that are labelled with a concept, oldest first; empty past the end."""

    def add_annotations(self, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
        """Add annotations under the ids given, any number; one result each, in order (AlreadyExists for a repeat)."""

    def write_annotations(self, writes: Sequence[AnnotationWrite]) -> Sequence[Written]:
        """Overwrite annotations, any number, in batches of up to 128; one result each, in order."""

    def fetch_picture(self, facts: InputFacts) -> bytes:
        """Download an input's picture from Clarifai itself, at most 20,000,000 bytes."""


PlatformOutcome = Exception | None


@dataclass(frozen=True)
class PreparedPicture:
    """An image ready to be sent: re-encoded, upright, without EXIF."""

    data: bytes
    content_type: str  # image/jpeg or image/png
    width: int  # pixels
    height: int


class PictureDesk(Protocol):
    """Turns the bytes of a file into a picture that may leave the house, or says why not."""

    def prepare(self, data: bytes) -> PreparedPicture:
        """Decode (JPEG, PNG, WEBP, GIF by content), turn upright, drop metadata, re-encode.

        At most 50 megapixels; the first frame of an animation.

        Raises:
            UnreadFormat: a picture in another format.
            NotAPhotograph: the reason, as it is told to the person.
        """

    def for_card(self, data: bytes, boxes: Sequence[tuple[float, float, float, float]] = ()) -> PreparedPicture:
        """Make the picture small enough for a card (at most 1,600 pixels a side), with `boxes` drawn.

        A box is (top, left, bottom, right) in shares of height and width.
        """
