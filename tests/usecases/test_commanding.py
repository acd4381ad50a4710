"""Which command line reaches what, who may, and what a typo is answered."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING
from unittest.mock import create_autospec

import pytest

from bot.domain.annotations import Suggestion
from bot.domain.errors import ChatUnavailable, PlatformRefused, PlatformUnavailable
from bot.domain.projects import ProjectState
from bot.domain.roles import Person
from bot.domain.thresholds import ConceptThreshold
from bot.usecases.chat import Chat
from bot.usecases.commanding import (
    ANNOTATE,
    HELP,
    MOST_TRIES,
    NO_PROJECT,
    THRESHOLDS,
    BelowFloors,
    Dossiers,
    Line,
    LineStore,
    Lookups,
    Office,
    Proofs,
    answer,
    finish_lines,
)
from bot.usecases.cutting import CutStore
from bot.usecases.digesting import DigestStore
from bot.usecases.directing import Account, ProjectStore
from bot.usecases.exporting.ports import ExportAsks
from bot.usecases.ports import LabellingPlatform
from tests.usecases.projects import live_project

if TYPE_CHECKING:
    from unittest.mock import Mock

    from bot.domain.projects import Project

NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)
HOME = "T0HOME0001"
DANA = Person("U0DANA0001", HOME, standing_known=True)  # set up the live project
MIA = Person("U0MIA00001", HOME, standing_known=True)
NEW = Person("U0NEW00001", HOME)
CUTS = [ConceptThreshold("people"), ConceptThreshold("man")]


class Case:
    """An office whose stores are autospecs, and one person in one channel."""

    def __init__(self, person: Person = DANA, project: Project | None = None) -> None:
        self.lines: Mock = create_autospec(LineStore, instance=True)
        self.projects: Mock = create_autospec(ProjectStore, instance=True)
        self.cuts: Mock = create_autospec(CutStore, instance=True)
        self.digests: Mock = create_autospec(DigestStore, instance=True)
        self.lookups: Mock = create_autospec(Lookups, instance=True)
        self.exports: Mock = create_autospec(ExportAsks, instance=True)
        self.proofs: Mock = create_autospec(Proofs, instance=True)
        self.proofs.proofs.return_value = {}
        self.dossiers: Mock = create_autospec(Dossiers, instance=True)
        self.dossiers.with_checks.return_value = frozenset()
        self.below: Mock = create_autospec(BelowFloors, instance=True)
        self.below.below_floor_lines.return_value = ("Below the floor of people: unknown",)
        self.platform: Mock = create_autospec(LabellingPlatform, instance=True)
        self.chat: Mock = create_autospec(Chat, instance=True)
        self.person = person
        self.lines.person.return_value = person
        self.chat.person.return_value = dataclasses.replace(person, standing_known=True)
        self.chat.team_id.return_value = HOME
        self.projects.in_channel.return_value = project
        self.cuts.cuts.return_value = CUTS
        self.lookups.names.return_value = {"people": "people", "man": "man"}
        self.office = Office(
            self.lines,
            self.projects,
            self.cuts,
            self.digests,
            self.lookups,
            self.proofs,
            self.dossiers,
            self.below,
            self.exports,
            Account("demo", "team"),
            lambda: NOW,
        )

    def line(self, text: str, command: str = ANNOTATE) -> Line:
        return Line(HOME, "C0LABELS01", self.person.id, command, text)

    def say(self, text: str, command: str = ANNOTATE) -> str:
        return "\n".join(answer(self.office, self.line(text, command)).lines)

    def finish(self, text: str, tries: int = 1) -> int:
        """Finish one line that waited, as a job would."""
        self.lines.claim_line.side_effect = [(7, tries, self.line(text)), None]
        office = dataclasses.replace(self.office, platform_of=lambda _project: self.platform)
        return finish_lines(office, self.chat)

    def finished(self) -> str:
        return "\n".join(self.lines.finish_line.call_args.args[2].lines)


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP", "help me"])
def test_bare_and_help_show_examples(text: str) -> None:
    assert Case(MIA).say(text) == "\n".join(HELP.lines)
    assert Case(MIA).say("help", THRESHOLDS) == "\n".join(HELP.lines)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("setpu people", "setup"),
        ("stauts", "status"),
        ("LIFE", "live"),
        ("puase", "pause"),
        ("resum", "resume"),
        ("digset", "digest"),
        ("treshholds", "thresholds"),
        ("tyr", "try"),
    ],
)
def test_a_typo_gets_a_did_you_mean(typed: str, meant: str) -> None:
    case = Case(project=live_project())
    assert f"Did you mean `/annotate {meant}`?" in case.say(typed)
    assert case.projects.method_calls == []


def test_nonsense_is_answered_without_a_guess() -> None:
    said = Case().say("x" * 4000)
    assert "Did you mean" not in said
    assert "help" in said
    assert len(said) < 200


@pytest.mark.parametrize("text", ["live", "pause", "resume", "status", "digest", "digest off", "try", "thresholds"])
def test_a_channel_without_a_project_says_how_to_set_up(text: str) -> None:
    assert Case().say(text) == NO_PROJECT


def test_any_full_member_may_set_up_a_fresh_channel() -> None:
    case = Case(MIA)
    assert "label: people, man" in case.say("setup people man")
    case.projects.found.assert_called_once()


def test_the_thresholds_can_be_asked_for_with_either_command() -> None:
    case = Case(project=live_project())
    table = case.say("", THRESHOLDS)
    assert case.say("thresholds") == case.say("Thresholds  ") == table
    assert "people: accept 0.95, floor 0.20" in table
    case.cuts.want.return_value = 2
    assert case.say("people 0.9", THRESHOLDS) == case.say("thresholds people 0.9")


@pytest.mark.parametrize("text", ["live", "pause", "resume", "setup people", "digest off", "thresholds people 0.9"])
def test_only_who_set_up_or_an_admin_may_change_and_others_are_told_who_can(text: str) -> None:
    case = Case(MIA, live_project())
    assert "<@U0DANA0001>, who set this channel up, or a workspace admin" in case.say(text)
    case.projects.set_state.assert_not_called()
    case.projects.set_digest.assert_not_called()
    case.cuts.want.assert_not_called()
    case.lines.defer.assert_not_called()


@pytest.mark.parametrize("text", ["pause", "setup people", "thresholds people 0.9"])
def test_a_line_of_an_unknown_person_waits_for_their_standing(text: str) -> None:
    case = Case(NEW, live_project())
    assert case.say(text).startswith("One moment")
    case.lines.defer.assert_called_once_with(case.line(text), now=NOW)
    case.projects.set_state.assert_not_called()
    case.cuts.want.assert_not_called()


def test_a_line_that_waited_is_finished_once_slack_said_who_it_is() -> None:
    case = Case(NEW, live_project())
    case.chat.person.return_value = dataclasses.replace(NEW, is_admin=True, standing_known=True)
    assert case.finish("pause") == 1
    assert case.finished().startswith("Paused")
    case.lines.learn.assert_called_once()
    case.projects.set_state.assert_called_once()


def test_a_line_that_waited_for_somebody_who_may_not_is_refused() -> None:
    case = Case(NEW, live_project())
    assert case.finish("pause") == 1
    assert "workspace admin" in case.finished()
    case.projects.set_state.assert_not_called()


@pytest.mark.parametrize("trouble", [ChatUnavailable("Slack is away"), PlatformUnavailable("Clarifai is away")])
def test_a_line_waits_for_an_outage_to_end_and_is_given_up_in_words(trouble: Exception) -> None:
    case = Case(DANA, live_project())
    case.chat.person.side_effect = trouble
    assert case.finish("pause") == 0
    case.lines.finish_line.assert_not_called()
    assert case.finish("pause", tries=MOST_TRIES) == 1
    assert str(trouble) in case.finished()


def test_a_dry_run_of_an_address_is_left_to_a_job() -> None:
    case = Case(MIA, live_project())
    assert case.say("try https://example.com/a.jpg").startswith("One moment")
    case.platform.dry_run.return_value = [Suggestion("people", 0.98), Suggestion("man", 0.5)]
    case.finish("try <https://example.com/a.jpg|a.jpg>")
    case.platform.dry_run.assert_called_once_with("annotate-bot", url="https://example.com/a.jpg")
    assert "people 0.98: labelled\nman 0.50: to review" in case.finished()
    assert [name for name, _, _ in case.platform.method_calls] == ["dry_run"]


def test_a_dry_run_that_clarifai_refuses_says_why() -> None:
    case = Case(MIA, live_project())
    case.platform.dry_run.side_effect = PlatformRefused("the address is no image")
    case.finish("try https://example.com/a.txt")
    assert "the address is no image" in case.finished()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("try ftp://example.com/a.jpg", "address of an image"),
        ("digest 25:00", "not a time of day"),
        ("digest 09:00 Nowhere/Land", "not a time zone"),
        ("digest 09:00 UTC #team", "Pick it from the list"),
        ("setup", "Name the concepts"),
        ("setup people off", "word of the commands"),
        ("thresholds people 2", "above 1"),
        ("thresholds pepole 0.9", "Did you mean people?"),
    ],
)
def test_bad_input_is_one_clear_sentence_and_changes_nothing(text: str, said: str) -> None:
    case = Case(DANA, live_project())
    heard = case.say(text)
    assert said in heard
    assert "\n" not in heard
    case.projects.set_digest.assert_not_called()
    case.projects.found.assert_not_called()
    case.cuts.want.assert_not_called()


@pytest.mark.parametrize("text", ["live", "try", "thresholds people 0.9"])
def test_while_the_set_up_runs_it_says_so(text: str) -> None:
    case = Case(DANA, live_project(state=ProjectState.SETTING_UP, live_since=None))
    assert "finished" in case.say(text)
    case.projects.add_live_steps.assert_not_called()
    case.cuts.want.assert_not_called()


def test_the_digest_so_far_can_be_asked_for_by_anybody() -> None:
    case = Case(MIA, live_project())
    case.office = dataclasses.replace(case.office, platform_of=lambda _project: case.platform)
    case.say("digest")
    case.say("digest")
    assert case.digests.post_asked.call_count == 2


@pytest.mark.parametrize(
    "text", ["digest <#C0TEAM0001|team>", "digest 09:00 Europe/Berlin <#C0TEAM0001|team>", "digest off"]
)
def test_the_daily_digest_can_be_directed_by_who_set_up(text: str) -> None:
    case = Case(DANA, live_project())
    assert "digest" in case.say(text)
    case.projects.set_digest.assert_called_once()


def test_two_changes_of_thresholds_at_once_lose_one_in_words() -> None:
    case = Case(DANA, live_project())
    case.cuts.want.return_value = None
    assert "Somebody changed the thresholds at this moment" in case.say("thresholds people 0.9")
