"""A channel that is shared with another workspace: its people may look, and set nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.journeys.signed import deliver_command

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def test_somebody_of_another_workspace_sets_nothing_up_however_often_they_try(lab: Lab) -> None:
    for _ in range(2):
        assert deliver_command(lab, "setup people", by=lab.omar, team_id="T0FOREIGN1") == 200
        lab.settle_down()
        assert "Only members of the workspace" in lab.whispers(lab.omar)[-1]
    assert lab.messages("checklist") == []
    assert lab.rows("select id from project") == []
