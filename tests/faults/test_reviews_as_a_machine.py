"""Whatever happens to a review in whatever order, what stands in Clarifai is what ten lines of rules say."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2, status_pb2
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.usecases.crashing import Checkpoint
from tests.journeys.opening import open_lab
from tests.journeys.sessions import answer, fields, open_session, picture

if TYPE_CHECKING:
    from bot.usecases.crashing import Reached
    from tests.databases import Databases

VERDICTS = {"Approve": "approve", "Reject": "reject", "Not sure": "unsure"}
PENDING, CHECKED = ("people", "man"), ("adult",)  # the model is in doubt about these, and sure of that
VALUES = {"people": 0.5, "man": 0.4, "adult": 0.97}
MOST_PICTURES = 2
IN_PASSES = [c for c in Checkpoint if c.value.split(":")[0] in {"ingest", "discover", "post", "settle", "check_off"}]
MOST_ROUNDS = 10  # a call that took too long on a busy machine is made once more, later
LEFT = """select (select count(*) from post where state in ('due', 'posting') or (state = 'posted' and shown < wanted)),
                 (select count(*) from annotation where settled < dirty and not closed)"""
PASSES = ("take_uploads", "discover", "show_pictures", "post_cards", "recover_posts", "redraw_cards", "settle", "tell")


@dataclass
class Model:
    """One picture by the rules: (verdict, whose, who doubted first) by concept, and what somebody wrote elsewhere."""

    questions: dict[str, tuple[str, str, str]] = field(default_factory=lambda: dict.fromkeys(VALUES, ("", "", "")))
    elsewhere: bool = False

    def press(self, concept: str, verdict: str, by: str) -> None:
        given, _, doubter = self.questions[concept]
        if not given and not (self.elsewhere and concept in PENDING):
            first_doubt = verdict == "unsure" and doubter in {"", by}
            self.questions[concept] = ("", "", by) if first_doubt else (verdict, by, doubter)

    def undo(self, by: str) -> None:
        mine = [c for c, (_, whose, _) in self.questions.items() if whose == by]
        self.questions |= dict.fromkeys(mine, ("", "", ""))

    def holds(self) -> dict[str, tuple[str, dict[str, float]]]:
        return {"pending": self._pending(), "check": self._check()}

    def _pending(self) -> tuple[str, dict[str, float]]:
        if self.elsewhere:
            return ("ANNOTATION_SUCCESS", {"people": 0.6})
        said = {c: self.questions[c][0] for c in PENDING}
        if "" in said.values() or set(said.values()) == {"unsure"}:
            return ("ANNOTATION_PENDING", {c: VALUES[c] for c in PENDING})
        status = "ANNOTATION_SUCCESS" if "approve" in said.values() else "ANNOTATION_REVIEW_DENIED"
        return (status, {c: float(v == "approve") for c, v in said.items() if v != "unsure"})

    def _check(self) -> tuple[str, dict[str, float]]:
        rejected = self.questions["adult"][0] == "reject"
        return ("ANNOTATION_REVIEW_DENIED", {"adult": 0.0}) if rejected else ("ANNOTATION_SUCCESS", {"adult": 0.97})


class _Crashed(BaseException):
    """As kill -9 does, nothing that catches errors catches it."""


class Reviews(RuleBasedStateMachine):
    """Pictures in a lab; people press what stands on the cards as they saw them, which may be long ago."""

    databases: ClassVar[Databases]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        lent = self.databases.lend()
        self.opened.callback(self.databases.take_back, lent)
        self.lab = self.opened.enter_context(open_lab(lent.url, engine=lent.engine))
        self.lab.set_up()  # its own for each example: what people reject counts against the model
        self.models: dict[str, Model] = {}  # by file name
        self.drawings: list[tuple[str, dict[str, Any]]] = []  # every card as it once looked

    @initialize()
    def begin(self) -> None:
        """Nothing can be pressed before there is a card."""
        self.upload()
        self.flow()

    # -- the river ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.models) < MOST_PICTURES)
    @rule()
    def upload(self) -> None:
        name = f"{len(self.models)}.png"
        self.lab.upload((name, self.lab.picture(shape=(64, 48), kind="PNG", **VALUES)))
        self.models[name] = Model()

    @rule(work=st.sampled_from(PASSES))
    def run(self, work: str) -> None:
        self.lab.clarifai.settled(self.lab.app_id)
        self.lab.run(work)
        self._look()

    @rule()
    def flow(self) -> None:
        """Every pass once, as the clock has it in a good hour."""
        for work in PASSES:
            self.run(work)

    @rule(checkpoint=st.sampled_from(IN_PASSES))
    def crash_and_restart(self, checkpoint: Checkpoint) -> None:
        self.lab.restart(_crashing(checkpoint))
        self.lab.clarifai.settled(self.lab.app_id)
        with suppress(_Crashed):
            self.lab.run(*PASSES)
        self.lab.restart()
        self._look()

    @rule()
    def time_passes(self) -> None:
        """Leases end, and what is in doubt is old enough to be looked up."""
        self.lab.clock.advance(minutes=4)
        self.lab.sql("update post set intent_at = intent_at - interval '11 s' where intent_at is not null")

    # -- people ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.drawings)
    @rule(data=st.data(), label=st.sampled_from([*VERDICTS]), by=st.sampled_from(["omar", "mia"]))
    def press(self, data: st.DataObject, label: str, by: str) -> None:
        name, seen = data.draw(st.sampled_from(self.drawings))
        concept = data.draw(st.sampled_from([*VALUES]))
        if self._pressed(seen, label, concept, by):
            self.models[name].press(concept, VERDICTS[label], by)

    @precondition(lambda self: self.drawings)
    @rule(data=st.data(), label=st.sampled_from(["Approve", "Reject"]), by=st.sampled_from(["omar", "mia"]))
    def press_all(self, data: st.DataObject, label: str, by: str) -> None:
        name, seen = data.draw(st.sampled_from(self.drawings))
        asked = [c for c in VALUES if f"decide:{VERDICTS[label]}" in str(seen["blocks"]) and _button(seen, label, c)]
        if self.lab.workspace.press(self.lab.member(by), self.lab.channel, seen["ts"], f"{label} all", seen=seen).ok:
            for concept in asked:
                self.models[name].press(concept, VERDICTS[label], by)

    @precondition(lambda self: any("'Undo'" in str(seen["blocks"]) for _, seen in self.drawings))
    @rule(data=st.data(), by=st.sampled_from(["omar", "mia"]))
    def undo(self, data: st.DataObject, by: str) -> None:
        name, seen = data.draw(st.sampled_from([d for d in self.drawings if "'Undo'" in str(d[1]["blocks"])]))
        assert self.lab.workspace.press(self.lab.member(by), self.lab.channel, seen["ts"], "Undo", seen=seen).ok
        self.models[name].undo(by)

    @precondition(lambda self: self.drawings)
    @rule(label=st.sampled_from([*VERDICTS]), late=st.booleans(), first=st.sampled_from([*VERDICTS]))
    def review_in_a_session(self, label: str, late: bool, first: str) -> None:
        """Omar has a picture before him; when his lease is over, Mia gets the same one and may be faster."""
        omar, mia = self.lab.omar, self.lab.mia
        shown = open_session(self.lab, omar)
        name, concepts = picture(shown), list(fields(shown))
        if not name:
            return
        if late:
            self.lab.clock.advance(minutes=4)
            if picture(open_session(self.lab, mia)) == name:
                self._answered(mia, name, concepts[0], first)
        self._answered(omar, name, concepts[0], label)

    def _answered(self, by: str, name: str, concept: str, label: str) -> None:
        answer(self.lab, by, **{concept: VERDICTS[label]})
        who = "omar" if by == self.lab.omar else "mia"
        if name in self.models:
            self.models[name].press(concept, VERDICTS[label], who)

    @precondition(lambda self: self.drawings)
    @rule(data=st.data())
    def decide_elsewhere(self, data: st.DataObject) -> None:
        """Somebody changes the pending annotation of a picture in Clarifai itself."""
        name, _ = data.draw(st.sampled_from(self.drawings))
        self.lab.clock.advance(seconds=5)
        pending = self._held(name)["pending"]
        changed = resources_pb2.Annotation(
            id=pending.id,
            input_id=pending.input_id,
            status=status_pb2.Status(code=status_code_pb2.ANNOTATION_SUCCESS),
            data=resources_pb2.Data(concepts=[resources_pb2.Concept(id="people", value=0.6)]),
        )
        self.lab.ask("PatchAnnotations", service_pb2.PatchAnnotationsRequest(annotations=[changed], action="overwrite"))
        self.models[name].elsewhere = True

    # -- what must be true -------------------------------------------------------------------------------------------

    @invariant()
    def one_card_for_each_picture(self) -> None:
        subjects = [card["metadata"]["event_payload"]["subject"] for card in self.lab.cards()]
        assert len(set(subjects)) == len(subjects)

    @rule()
    def rest(self) -> None:
        """Everything comes to rest, and Clarifai holds what the rules say."""
        for _ in range(MOST_ROUNDS):
            self.time_passes()
            self.lab.settle_down()
            if self.lab.rows(LEFT) == [(0, 0)]:
                break
        self._look()
        for name, model in self.models.items():
            held = {route: _said(annotation) for route, annotation in self._held(name).items()}
            assert held == model.holds(), name
            open_there = {c for c, (v, _, _) in model.questions.items() if not v} - (
                set(PENDING) if model.elsewhere else set()
            )
            [card] = [seen for n, seen in self.drawings if n == name][-1:]
            assert bool(open_there) == ("decide:" in str(card["blocks"])), (name, open_there)

    def teardown(self) -> None:
        try:
            self.rest()
        finally:
            self.opened.close()

    # -- looking -----------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Remember the cards as people see them now."""
        for card in self.lab.cards():
            name = next((n for n in self.models if f"*{n}*" in str(card["blocks"])), "")
            if name and (name, card) not in self.drawings:
                self.drawings.append((name, card))

    def _pressed(self, seen: dict[str, Any], label: str, concept: str, by: str) -> bool:
        button = _button(seen, label, concept)
        if not button:
            return False
        answer_ = self.lab.workspace.press(
            self.lab.member(by), self.lab.channel, seen["ts"], action_id=button, seen=seen
        )
        assert answer_.ok, answer_
        return True

    def _held(self, name: str) -> dict[str, resources_pb2.Annotation]:
        """The two annotations of a picture, by the route they came."""
        [(input_id,)] = self.lab.rows("select id from input where name = :name", name=name)
        ours = [a for a in self.lab.annotations() if a.input_id == input_id]
        return {("check" if a.data.concepts[0].id == "adult" else "pending"): a for a in ours if a.data.concepts}


def _button(seen: dict[str, Any], label: str, concept: str) -> str:
    """The action id of the button of one concept; empty where the card has none."""
    names = (f"{label} {concept}", f"{label} {concept}".strip())
    for block in seen["blocks"]:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["text"]["text"] in names:
                return str(element["action_id"])
    return ""


def _said(annotation: resources_pb2.Annotation) -> tuple[str, dict[str, float]]:
    status = status_code_pb2.StatusCode.Name(annotation.status.code)
    return status, {c.id: round(c.value, 4) for c in annotation.data.concepts}


def _crashing(at: Checkpoint) -> Reached:
    def reached(checkpoint: Checkpoint) -> None:
        if checkpoint is at:
            raise _Crashed

    return reached


def test_reviews_end_as_the_rules_say(databases: Databases) -> None:
    Reviews.databases = databases
    run_state_machine_as_test(
        Reviews,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
