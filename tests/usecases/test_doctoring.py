"""The doctor's own judgements: what a machine that works cannot show a test."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.usecases.doctoring import chat, machine, store
from bot.usecases.doctoring.ports import Server, Waiting

if TYPE_CHECKING:
    from bot.usecases.doctoring import Finding

NOW = dt.datetime(2026, 5, 4, 10, tzinfo=dt.UTC)


def seconds(count: float) -> dt.timedelta:
    return dt.timedelta(seconds=count)


@pytest.mark.parametrize(("skew", "ok"), [(0, True), (60, True), (-60, True), (61, False), (-61, False), (9000, False)])
def test_a_clock_may_be_a_minute_off(skew: float, ok: bool) -> None:
    found = machine.clock("slack", seconds(skew))
    assert found.ok is ok
    assert ("network time" in found.cure) is not ok
    assert f"{abs(skew)} s {'ahead of' if skew > 0 else 'behind'} ours" in found.said


@pytest.mark.parametrize(("free", "ok"), [(0, False), (999_999_999, False), (1_000_000_000, True), (10**13, True)])
def test_a_disk_needs_a_gigabyte(free: int, ok: bool) -> None:
    found = machine.disk("the folder", free)
    assert found.ok is ok
    assert ("BOT_DATA_DIR" in found.cure) is not ok


@pytest.mark.parametrize(("number", "ok"), [(120_022, False), (130_000, True), (180_001, True)])
def test_a_server_must_be_new_enough_for_the_queue(number: int, ok: bool) -> None:
    assert store.server(Server("x", number, NOW)).ok is ok


def test_a_database_of_a_newer_version_is_not_migrated_blindly() -> None:
    found = store.schema("0009", "0001")
    assert (found.ok, found.said) == (False, "The database stands at 0009; this version needs 0001.")
    assert "start the newer version" in found.cure


def failed(waiting: Waiting) -> list[str]:
    return [found.name for found in store.queue(waiting, NOW) if not found.ok]


def test_waiting_becomes_a_failure_after_a_while() -> None:
    waiting = Waiting(unwritten=2, unwritten_since=NOW - seconds(900), late_since=NOW - seconds(300))
    assert failed(waiting) == []
    assert failed(replace(waiting, unwritten_since=NOW - seconds(901))) == ["decisions"]
    assert failed(replace(waiting, late_since=NOW - seconds(301))) == ["queue"]
    assert failed(replace(waiting, stalled=1)) == ["queue"]
    assert failed(replace(waiting, dead=(("note", 1),))) == ["dead letters"]


def test_undone_decisions_on_their_way_have_no_age() -> None:
    [found] = [f for f in store.queue(Waiting(unwritten=1), NOW) if f.name == "decisions"]
    assert found.ok


def scopes(granted: set[str] | None) -> Finding:
    told = None if granted is None else frozenset(granted)
    return chat.scopes(told, frozenset({"chat:write", "commands"}), frozenset({"reactions:write"}))


def test_scopes_are_judged_against_the_manifest() -> None:
    assert scopes({"chat:write", "commands", "reactions:write"}).said == "all 2 that are needed are granted"
    assert scopes({"chat:write", "commands"}).said.endswith("; without the optional reactions:write")
    assert scopes({"chat:write", "commands", "admin"}).said.endswith("; not needed: admin")
    assert scopes({"commands", "admin"}).said == "Not granted: chat:write"
    assert scopes(None).ok
