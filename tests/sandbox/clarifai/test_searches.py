from typing import Any

import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

Fields = Any  # whatever the message takes
SUCCESS, PENDING = codes.ANNOTATION_SUCCESS, codes.ANNOTATION_PENDING


@pytest.fixture
def three(sandbox, client, vision) -> None:
    """Three inputs: in1 all sure, in2 all unsure, in3 mixed."""
    client.walkthrough()
    vision.plant(b"1", {"people": 0.99, "man": 0.98, "adult": 0.97})
    vision.plant(b"2", {"people": 0.1, "man": 0.2, "adult": 0.3})
    vision.plant(b"3", {"people": 0.9, "man": 0.2, "adult": 0.96})
    for number in (1, 2, 3):
        wanted = client.image_input(f"in{number}", f"{number}".encode())
        wanted.data.metadata.update({"file": f"{number}.png", "odd": number % 2 == 1})
        client.ask("PostInputs", inputs=[wanted])
        sandbox.settled("app", 5)


def hits(client, *filters: r.Filter, rpc="PostAnnotationsSearches", **pagination: int) -> list[r.Hit]:
    search = r.Search(query=r.Query(filters=filters))
    reply = client.ask(rpc, searches=[search], pagination=pagination)
    return list(reply.hits)


def about(**fields: Fields) -> r.Filter:
    return r.Filter(annotation=r.Annotation(**fields))


def inputs_of(found) -> list[str]:
    return [hit.annotation.input_id for hit in found]


@pytest.mark.usefixtures("three")
def test_a_hit_carries_the_input_and_the_annotation(client) -> None:
    [first, second] = hits(client, about(status={"code": PENDING}, user_id="demo"))
    assert inputs_of([first, second]) == ["in2", "in3"]
    for hit in (first, second):
        assert hit.input.id == hit.annotation.input_id
        assert hit.input.data.image.url
        assert hit.input.data.metadata["file"] == f"{hit.input.id[2:]}.png"
        assert hit.input.status.code == codes.INPUT_SUCCESS
        assert hit.annotation.status.code == PENDING


@pytest.mark.usefixtures("three")
def test_filters_and_their_fields_are_all_to_hold(client) -> None:
    people = r.Data(concepts=[r.Concept(id="peopleID", value=1)])
    assert inputs_of(hits(client, about(data=people))) == ["in1", "in2", "in3"]
    assert inputs_of(hits(client, about(data=people, status={"code": SUCCESS}))) == ["in1", "in3"]
    assert inputs_of(hits(client, about(data=people), about(status={"code": PENDING}))) == ["in2"]
    both = [about(data=people), about(data=r.Data(concepts=[r.Concept(name="man", value=1)]))]
    assert inputs_of(hits(client, *both)) == ["in1", "in2"]


@pytest.mark.usefixtures("three")
def test_each_field_filters(client) -> None:
    every = hits(client, about(user_id="demo"), r.Filter(negate=True, annotation=r.Annotation(input_level=True)))
    assert inputs_of(every) == ["in1", "in2", "in3", "in3"]
    one = every[1].annotation
    assert inputs_of(hits(client, about(id=one.id))) == ["in2"]
    assert inputs_of(hits(client, about(input_id="in2", worker={"user": {"id": "demo"}}))) == ["in2", "in2"]
    assert inputs_of(hits(client, about(input_level=True))) == ["in1", "in2", "in3"]
    for nobody in ({"user_id": "x"}, {"model_version_id": "x"}, {"task_id": "x"}, {"worker": {"user": {"id": "x"}}}):
        assert hits(client, about(**nobody)) == []


@pytest.mark.usefixtures("three")
def test_a_negated_filter_is_flipped(client) -> None:
    pending = r.Annotation(status={"code": PENDING})
    found = hits(client, r.Filter(annotation=pending, negate=True), about(user_id="demo"))
    assert {hit.annotation.status.code for hit in found} == {SUCCESS}


@pytest.mark.usefixtures("three")
def test_a_time_range_sees_what_changed_last_both_ends_included(client) -> None:
    found = hits(client, about(status={"code": PENDING}))
    first = found[0].annotation
    client.ask(
        "PatchAnnotations",
        annotations=[r.Annotation(id=first.id, input_id="in2", status={"code": SUCCESS})],
        action="merge",
    )
    changed = client.ask("GetAnnotation", annotation_id=first.id, input_id="in2").annotation.modified_at
    since = hits(client, r.Filter(last_updated_time_range=r.TimeRange(start_time=changed)))
    assert [hit.annotation.id for hit in since] == [first.id]
    until = hits(client, r.Filter(last_updated_time_range=r.TimeRange(end_time=changed)))
    assert first.id in {hit.annotation.id for hit in until}
    before = r.TimeRange(end_time=found[1].annotation.modified_at)
    assert first.id not in {hit.annotation.id for hit in hits(client, r.Filter(last_updated_time_range=before))}


@pytest.mark.usefixtures("three")
def test_input_fields_filter_too(client) -> None:
    done = r.Filter(input=r.Input(status={"code": codes.INPUT_SUCCESS}, data=r.Data(image=r.Image())))
    assert inputs_of(hits(client, done, about(status={"code": PENDING}))) == ["in2", "in3"]
    failed = r.Filter(input=r.Input(status={"code": codes.INPUT_FAILED}))
    assert hits(client, failed) == []
    assert hits(client, r.Filter(input=r.Input(data=r.Data(video=r.Video())))) == []


@pytest.mark.usefixtures("three")
def test_metadata_keys_are_or_ed(client) -> None:
    wanted = r.Annotation()
    wanted.data.metadata.update({"file": "2.png", "odd": True})
    found = hits(client, r.Filter(annotation=wanted), about(input_level=True))
    assert inputs_of(found) == ["in1", "in2", "in3"]
    wanted.data.metadata.Clear()
    wanted.data.metadata.update({"odd": False})
    assert inputs_of(hits(client, r.Filter(annotation=wanted), about(input_level=True))) == ["in2"]


@pytest.mark.usefixtures("three")
def test_annotation_info_can_be_asked_for(client) -> None:
    one = hits(client, about(status={"code": PENDING}))[0].annotation
    marked = r.Annotation(id=one.id, input_id=one.input_id)
    marked.annotation_info.update({"lane": "check"})
    client.ask("PatchAnnotations", annotations=[marked], action="merge")
    wanted = r.Annotation()
    wanted.annotation_info.update({"lane": "check"})
    assert [hit.annotation.id for hit in hits(client, r.Filter(annotation=wanted))] == [one.id]


@pytest.mark.usefixtures("three")
def test_pages_of_a_search_meet_without_a_gap(client) -> None:
    everything = [hit.annotation.id for hit in hits(client, per_page=1000)]
    paged = [hits(client, page=page, per_page=2) for page in (1, 2, 3, 4, 5)]
    assert [hit.annotation.id for page in paged for hit in page] == everything
    assert paged[4] == []


@pytest.mark.usefixtures("three")
def test_inputs_are_found_by_concept_status_and_metadata(client) -> None:
    def found(*filters: r.Filter) -> list[str]:
        return [hit.input.id for hit in hits(client, *filters, rpc="PostInputsSearches")]

    man = about(data=r.Data(concepts=[r.Concept(id="manID", value=1)]))
    assert found() == ["in1", "in2", "in3"]
    assert found(man) == ["in1", "in2", "in3"]
    assert found(man, about(status={"code": PENDING})) == ["in2", "in3"]
    of_file = r.Annotation()
    of_file.data.metadata.update({"file": "3.png"})
    assert found(r.Filter(annotation=of_file)) == ["in3"]
    assert found(about(data=r.Data(concepts=[r.Concept(id="manID", value=1)]), status={"code": SUCCESS})) == ["in1"]


def test_what_is_not_built_is_refused_and_not_ignored(client) -> None:
    ranked = r.Search(query=r.Query(ranks=[r.Rank(annotation=r.Annotation(id="x"))]))
    client.ask("PostInputsSearches", expect=codes.CONN_INVALID_REQUEST, searches=[ranked])
    client.ask("PostAnnotationsSearches", expect=codes.CONN_INVALID_REQUEST, searches=[])
