"""A card appears because the clock ticked, and for no other reason."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.status import status_code_pb2

from bot.work import Work, WorkClock, Worker, WorkerTimes
from tests.journeys.opening import open_lab

if TYPE_CHECKING:
    from tests.journeys.lab import Lab


def add_in_the_portal(lab: Lab) -> None:
    """Add an input to the app without Slack, as somebody does at Clarifai's own page."""
    image = resources_pb2.Image(base64=lab.picture(people=0.5))
    request = service_pb2.PostInputsRequest(
        user_app_id=resources_pb2.UserAppIDSet(user_id="demo", app_id=lab.app_id),
        inputs=[resources_pb2.Input(id="from-the-portal", data=resources_pb2.Data(image=image))],
    )
    answer = lab.stub().PostInputs(request, metadata=(("authorization", "Key demo-key"),), timeout=10)
    assert answer.status.code == status_code_pb2.SUCCESS, answer.status
    lab.clarifai.settled(lab.app_id)


def test_a_card_appears_because_the_clock_ticked(database_url: str) -> None:
    with open_lab(database_url) as lab, ExitStack() as stack:
        lab.set_up("people")
        lab.clock.advance(minutes=1)
        add_in_the_portal(lab)  # nobody tells the bot: there is no event of Clarifai's
        passes = {name: Work(work.run, work.keys) for name, work in lab.parts.passes.items()}  # none wakes another
        queue = lab.parts.queue
        queue.open()
        stack.callback(queue.close)
        worker = Worker(lab.parts.database.dsn, queue, passes, times=WorkerTimes(poll_s=0.1))
        worker.start()
        stack.callback(worker.stop)
        assert worker.alive.wait(10)
        assert lab.cards() == []
        clock = WorkClock(queue, passes, tick_s=0.2)
        clock.start()
        stack.callback(clock.stop)
        [card] = lab.workspace.wait(lab.cards, 30, "the card")
        assert "Approve" in str(card["blocks"])
