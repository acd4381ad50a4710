"""What the gateway promises the bot, whatever the Clarifai behind it is like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain import blueprint
from bot.domain.annotations import AnnotationStatus, LabelState
from bot.domain.blueprint import Branching
from bot.domain.customs import Customs, as_taken, same_labels
from bot.domain.errors import PlatformRefused
from bot.domain.reviews import Verdict, what_verdicts_write
from bot.domain.thresholds import ConceptThreshold
from bot.usecases.branching import ensure_thresholders
from bot.usecases.ports import NewInput
from bot.usecases.writing_back import Wish, write_back
from tests.contracts.worlds import over

if TYPE_CHECKING:
    from bot.domain.annotations import Annotation
    from tests.contracts.service import Service


@over("duplicate", "default_workflow")
def test_a_set_up_repeated_changes_nothing(service: Service) -> None:
    first = service.set_up()
    assert service.set_up() == first
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    assert service.platform.default_workflow() == (blueprint.WORKFLOW_ID, first)


@over("default_workflow")
def test_other_thresholds_are_in_force_once_the_default_is_named_again(service: Service) -> None:
    service.set_up()
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    newest = service.set_up([ConceptThreshold("people", 0.75), ConceptThreshold("man", 0.75)])
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    assert service.platform.default_workflow() == (blueprint.WORKFLOW_ID, newest)


@over("writer_shape", "writer_user", "greater_than", "unlisted_concept")
def test_a_picture_is_labelled_and_an_input_that_is_there_is_no_second_one(service: Service) -> None:
    service.set_up()
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    found = service.labelled()
    said = {s.concept_id: seen.annotation.status for seen in found for s in seen.annotation.suggestions}
    assert said == {"people": AnnotationStatus.SUCCESS, "man": AnnotationStatus.PENDING}
    assert {seen.annotation.user_id for seen in found} == {service.user_id}
    input_id = found[0].input.id
    assert service.platform.add_inputs([NewInput(input_id, service.picture)]) == {input_id: None}


@over("unlisted_concept", "hyponym")
def test_a_dry_run_shows_both_concepts_and_writes_nothing(service: Service) -> None:
    service.set_up()
    shown = service.platform.dry_run(blueprint.WORKFLOW_ID, image=service.picture)
    assert {"people", "man"} <= {suggestion.concept_id for suggestion in shown}


@over("review_denied", "value_zero", "writer_shape", "writers_on_patch", "all_failed")
def test_verdicts_stand_as_far_as_they_are_taken_and_undo_restores(service: Service) -> None:
    service.set_up([ConceptThreshold("people", 1.0, 1e-6), ConceptThreshold("man", 1.0, 1e-6)])
    service.platform.set_default_workflow(blueprint.WORKFLOW_ID)
    customs = Customs()
    for verdict in (Verdict.REJECT, Verdict.APPROVE):
        for seen in service.labelled():
            before = LabelState.of(seen.annotation)
            given = {s.concept_id: Verdict.REJECT for s in before.suggestions} | {"people": verdict}
            wanted = what_verdicts_write(before, given)
            assert wanted
            customs = written(service, seen.annotation, wanted, customs)
            customs = written(service, seen.annotation, before, customs)


def written(service: Service, annotation: Annotation, wanted: LabelState, customs: Customs) -> Customs:
    """Write what is wanted and read back that it stands; return what is known then."""
    before = LabelState.of(annotation)
    wish = Wish(annotation.id, annotation.input_id, wanted, before, {"means": wanted.status.value})
    [result], known = write_back(service.platform, customs, [wish])
    assert result.error is None
    there = service.platform.read_annotations([(annotation.id, annotation.input_id)])[annotation.id]
    assert same_labels(LabelState.of(there), as_taken(wanted, before, known))
    assert there.info["means"] == wanted.status.value
    return known


@over("threshold_above_one", "greater_than", "unlisted_concept")
def test_off_for_one_concept_lets_nothing_of_it_be_accepted_or_is_refused(service: Service) -> None:
    service.set_up()
    cuts = [ConceptThreshold("people").switched_off(), ConceptThreshold("man", 0.5)]
    try:
        branching, versions = ensure_thresholders(service.platform, cuts)
    except PlatformRefused as refused:
        if "no single concept" not in str(refused):
            raise
        return
    assert branching in {Branching.USUAL, Branching.WITHIN_ONE}
    accept, below = blueprint.ACCEPT_ID, blueprint.BELOW_ID
    assert service.run_model(accept, versions[accept], people=1.0, man=0.5) == {"man"}
    assert service.run_model(below, versions[below], people=1.0, man=0.5) == {"people"}


@over("threshold_above_one", "greater_than")
def test_everything_off_works_everywhere(service: Service) -> None:
    service.set_up()
    cuts = [ConceptThreshold(concept).switched_off() for concept in ("people", "man")]
    branching, versions = ensure_thresholders(service.platform, cuts)
    assert branching in {Branching.USUAL, Branching.ALL_OFF}
    assert blueprint.FLOOR_ID in versions
