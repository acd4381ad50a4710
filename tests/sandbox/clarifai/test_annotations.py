import pytest
from clarifai_grpc.grpc.api import resources_pb2 as r
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai import ClarifaiSandbox

PENDING, SUCCESS, DENIED = codes.ANNOTATION_PENDING, codes.ANNOTATION_SUCCESS, codes.ANNOTATION_REVIEW_DENIED


@pytest.fixture
def pending(sandbox, client) -> r.Annotation:
    """The one the workflow left pending: man 0.4."""
    client.walkthrough()
    client.add("in1", b"a photograph")
    sandbox.settled("app", 5)
    found: list[r.Annotation] = client.written(PENDING)
    return found[0]


def test_a_status_alone_is_merged_and_the_concepts_stay(client, pending) -> None:
    patched = patch(client, pending, "merge", status=SUCCESS)
    assert patched.status.code == SUCCESS
    assert client.shown(patched.data.concepts) == {"manID": 0.4}
    assert patched.created_at == pending.created_at
    assert patched.modified_at.ToMicroseconds() > pending.modified_at.ToMicroseconds()
    assert client.ask("GetAnnotation", annotation_id=pending.id, input_id="in1").annotation == patched


def test_rejected_is_review_denied(client, pending) -> None:
    assert patch(client, pending, "merge", status=DENIED).status.code == DENIED


def test_overwrite_keeps_only_what_is_sent(client, pending) -> None:
    concepts = [r.Concept(id="peopleID", value=1), r.Concept(id="adultID")]
    patched = patch(client, pending, "overwrite", status=SUCCESS, concepts=concepts)
    assert client.shown(patched.data.concepts) == {"peopleID": 1, "adultID": 0}
    assert [concept.name for concept in patched.data.concepts] == ["people", "adult"]


def test_merge_sets_one_concept_and_keeps_the_others(client, pending) -> None:
    patched = patch(client, pending, "merge", concepts=[r.Concept(id="peopleID", value=0.5)])
    assert client.shown(patched.data.concepts) == {"manID": 0.4, "peopleID": 0.5}
    patched = patch(client, pending, "merge", concepts=[r.Concept(id="manID")])
    assert client.shown(patched.data.concepts) == {"manID": 0, "peopleID": 0.5}


def test_remove_takes_concepts_away_and_the_annotation_with_the_last_one_if_asked(client, pending) -> None:
    wanted = [r.Annotation(id=pending.id, input_id="in1", data=r.Data(concepts=[r.Concept(id="manID")]))]
    client.ask("PatchAnnotations", annotations=wanted, action="remove", delete_if_empty_data=True)
    client.ask("GetAnnotation", expect=codes.CONN_DOES_NOT_EXIST, annotation_id=pending.id, input_id="in1")


def test_where_it_came_from_can_be_kept_in_annotation_info(client, pending) -> None:
    wanted = r.Annotation(id=pending.id, input_id="in1")
    wanted.annotation_info.update({"decided_by": "dana", "values": {"man": 0.4}})
    client.ask("PatchAnnotations", annotations=[wanted], action="merge")
    found = client.ask("GetAnnotation", annotation_id=pending.id, input_id="in1").annotation
    assert found.annotation_info["decided_by"] == "dana"
    assert found.status.code == PENDING
    assert client.shown(found.data.concepts) == {"manID": 0.4}


def test_a_region_stays_with_its_concepts_and_an_overwrite_must_send_it_again(client, pending) -> None:
    box = r.RegionInfo(bounding_box=r.BoundingBox(top_row=0.1, left_col=0.2, bottom_row=0.3, right_col=0.4))
    region = r.Region(id="face", region_info=box, data=r.Data(concepts=[r.Concept(id="manID", value=0.4)]))
    with_region = r.Annotation(id=pending.id, input_id="in1", data=r.Data(regions=[region]))
    client.ask("PatchAnnotations", annotations=[with_region], action="overwrite")
    changed = r.Region(id="face", data=r.Data(concepts=[r.Concept(id="manID", value=1)]))
    merged = r.Annotation(id=pending.id, input_id="in1", data=r.Data(regions=[changed]))
    [kept] = client.ask("PatchAnnotations", annotations=[merged], action="merge").annotations
    assert kept.data.regions[0].region_info == box
    assert client.shown(kept.data.regions[0].data.concepts) == {"manID": 1}
    assert patch(client, pending, "overwrite", concepts=[r.Concept(id="manID", value=1)]).data.regions == []


def test_each_item_of_a_patch_has_a_status_of_its_own(client, pending) -> None:
    wanted = [
        r.Annotation(id=pending.id, input_id="in1", status={"code": SUCCESS}),
        r.Annotation(id="nobody", input_id="in1", status={"code": SUCCESS}),
        r.Annotation(id=pending.id, input_id="nowhere", status={"code": SUCCESS}),
        r.Annotation(id=pending.id, input_id="in1", status={"code": codes.INPUT_SUCCESS}),
        r.Annotation(id=pending.id, input_id="in1", data=r.Data(concepts=[r.Concept(id="nobody")])),
    ]
    reply = client.ask("PatchAnnotations", expect=codes.MIXED_STATUS, annotations=wanted, action="merge")
    assert reply.status.description == "Mixed Success"
    assert [item.status.code for item in reply.annotations] == [
        SUCCESS,
        codes.CONN_DOES_NOT_EXIST,
        codes.CONN_DOES_NOT_EXIST,
        codes.ANNOTATION_INVALID_ARGUMENT,
        codes.ANNOTATION_INVALID_ARGUMENT,
    ]
    client.ask("PatchAnnotations", expect=codes.FAILURE, annotations=wanted[1:], action="merge")
    assert client.shown(client.written(SUCCESS)[1].data.concepts) == {"manID": 0.4}


@pytest.mark.parametrize("action", ["", "replace"])
def test_an_unknown_action_is_refused(client, pending, action) -> None:
    wanted = [r.Annotation(id=pending.id, input_id="in1", status={"code": SUCCESS})]
    client.ask("PatchAnnotations", expect=codes.CONN_INVALID_REQUEST, annotations=wanted, action=action)


def test_more_than_128_in_one_patch_are_refused(client, pending) -> None:
    wanted = [r.Annotation(id=pending.id, input_id="in1")] * 129
    client.ask("PatchAnnotations", expect=codes.CONN_INVALID_REQUEST, annotations=wanted, action="merge")


def test_a_person_s_annotation_is_success_and_theirs_unless_said_otherwise(client, pending) -> None:
    wanted = r.Annotation(input_id="in1", data=r.Data(concepts=[r.Concept(id="manID", value=1)]))
    [made] = client.ask("PostAnnotations", annotations=[wanted]).annotations
    assert (made.status.code, made.user_id, made.worker.user.id, made.input_level) == (SUCCESS, "demo", "demo", False)
    assert made.input_id == pending.input_id


def test_a_second_annotation_of_the_same_id_is_a_duplicate(client, pending) -> None:
    wanted = [r.Annotation(id="own", input_id=pending.input_id)]
    client.ask("PostAnnotations", annotations=wanted)
    reply = client.ask("PostAnnotations", expect=codes.FAILURE, annotations=wanted)
    assert reply.annotations[0].status.code == codes.DATABASE_DUPLICATE_KEY


def test_deleting_the_annotations_of_an_input_leaves_the_input_level_one(client, pending) -> None:
    client.ask("DeleteAnnotations", input_ids=["in1"], ids=[pending.id])
    assert client.written(PENDING) == []
    client.ask("DeleteAnnotations", input_ids=["in1"])
    assert [one.input_level for one in client.ask("ListAnnotations", list_all_annotations=True).annotations] == [True]


def test_a_collaborator_changes_their_own_annotations_only_and_the_owner_anybody_s(vision, connect) -> None:
    accounts = {"demo": "demo-key", "other": "other-key"}
    with ClarifaiSandbox(vision, accounts=accounts, apps=["app"], rate_limit=None) as sandbox:
        owner, other = connect(sandbox), connect(sandbox, key="other-key", user="demo")
        owner.add("in1", b"a photograph")
        [mine] = owner.ask("PostAnnotations", annotations=[r.Annotation(input_id="in1")]).annotations
        [theirs] = other.ask("PostAnnotations", annotations=[r.Annotation(input_id="in1")]).annotations
        assert theirs.user_id == "other"
        patch(other, theirs, "merge", status=PENDING)
        patch(owner, theirs, "merge", status=SUCCESS)
        with pytest.raises(AssertionError, match="FAILURE"):
            patch(other, mine, "merge", status=PENDING)
        as_demo = [r.Annotation(input_id="in1", user_id="demo")]
        reply = other.ask("PostAnnotations", expect=codes.FAILURE, annotations=as_demo)
        assert reply.annotations[0].status.code == codes.ANNOTATION_PERMISSION_DENIED
        with pytest.raises(AssertionError, match="INSUFFICIENT_SCOPES"):
            other.model("writer", "annotation-writer", annotation_status=24150, annotation_user_id="demo")


def test_lists_are_filtered_by_status_user_input_and_id(client, pending) -> None:
    client.add("in2", b"a photograph")

    def listed(**about: object) -> list[str]:
        return [one.id for one in client.ask("ListAnnotations", **about).annotations if not one.input_level]

    assert listed(statuses=[{"code": PENDING}], input_ids=["in1"]) == [pending.id]
    assert listed(ids=[pending.id], input_ids=["in1"]) == [pending.id]
    assert listed(ids=[pending.id], input_ids=["in2"]) == []
    assert listed(user_ids=["nobody"]) == []
    assert listed(model_version_ids=["none"], user_ids=["demo"], input_ids=["in1"], statuses=[{"code": PENDING}]) == [
        pending.id
    ]
    client.ask("ListAnnotations", expect=codes.CONN_INVALID_REQUEST, ids=[pending.id])


def test_lists_are_oldest_first_and_stay_in_place_when_something_is_patched(sandbox, client, pending) -> None:
    for number in range(2, 6):
        client.add(f"in{number}", b"a photograph")
        sandbox.settled("app", 5)
    before = [(one.id, one.input_id) for one in client.written()]
    assert [input_id for _, input_id in before] == [f"in{number}" for number in range(1, 6) for _ in range(2)]
    patch(client, pending, "merge", status=SUCCESS)
    assert [(one.id, one.input_id) for one in client.written()] == before


def test_a_list_without_a_page_size_shows_128(client) -> None:
    client.add("in1", b"a photograph")
    for _ in range(2):
        client.ask("PostAnnotations", annotations=[r.Annotation(input_id="in1")] * 100)
    assert len(client.ask("ListAnnotations").annotations) == 128
    assert len(client.ask("ListAnnotations", page=2).annotations) == 73


def patch(client, annotation, action, status=0, concepts=()) -> r.Annotation:
    wanted = r.Annotation(id=annotation.id, input_id=annotation.input_id)
    if status:
        wanted.status.code = status
    if concepts:
        wanted.data.concepts.extend(concepts)
    [patched] = client.ask("PatchAnnotations", annotations=[wanted], action=action).annotations
    assert isinstance(patched, r.Annotation)
    return patched
