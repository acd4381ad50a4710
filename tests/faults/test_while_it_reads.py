"""Things change while a page of annotations is read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.journeys.test_thresholds import cut

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


@pytest.mark.fault(33)
def test_thresholds_that_change_while_a_page_is_read_are_not_mixed_into_it(lab: Lab) -> None:
    lab.set_up("people")
    lab.upload(*[(f"{n}.png", lab.picture(people=0.5)) for n in range(3)])
    lab.run("take_uploads")
    lab.clarifai.settled(lab.app_id)
    gate, asked = threading.Event(), lab.clarifai.faults.calls["PostAnnotationsSearches"]
    lab.clarifai.faults.delay("PostAnnotationsSearches", gate)
    lab.clarifai.faults.delay("ListAnnotations", gate)
    reading = threading.Thread(target=lab.run, args=("discover",))
    reading.start()
    before = lab.rows("select applied_revision from project")[0][0]
    lab.workspace.wait(lambda: _asked(lab) > asked, 20, "the page to be asked for")
    cut(lab, "people 0.9")
    lab.run("apply_thresholds")
    gate.set()
    reading.join()
    assert lab.rows("select distinct thresholds from review") == [(before,)]
    assert lab.rows("select applied_revision > :b from project", b=before) == [(True,)]
    lab.clarifai.faults.clear()
    lab.settle_down()
    assert len(lab.cards()) == 3


def _asked(lab: Lab) -> int:
    calls = lab.clarifai.faults.calls
    return calls["PostAnnotationsSearches"] + calls["ListAnnotations"]
