"""One run: set up, rage, come to rest, write down."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub

from bot.storage.engine import make_engine
from tests.app.outside import DANA, Outside, open_outside, wait_until
from tests.faults.chaos.closing import come_to_rest, write_down
from tests.faults.chaos.crowd import CHANNELS, CONCEPTS, SECOND, Crowd
from tests.faults.chaos.door import Door
from tests.faults.chaos.fleet import Fleet
from tests.faults.chaos.history import History
from tests.faults.chaos.recording import record
from tests.faults.chaos.storm import Storm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sandbox.clarifai import ClarifaiSandbox

STALLED_S = "1"
SLACK_TRIES_AGAIN_S = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0)  # as Slack does within minutes, only sooner


def chaos(database_url: str, path: Path, *, for_s: float, seed: int) -> None:
    """Let a bot of five processes through a storm of `for_s` seconds; `path` is written for the checker."""
    engine = make_engine(database_url, connections=4, name="chaos")
    with History(path) as history, open_outside() as outside, Door(history, seed=seed) as door:
        history.note("begin", seed=seed, for_s=for_s)
        outside.env |= {"DATABASE_URL": database_url, "BOT_STALLED_S": STALLED_S}
        outside.slack.tune(retry_delays_s=SLACK_TRIES_AGAIN_S)
        outside.slack.deliver_to(door.url)
        record(outside.clarifai, history)
        fleet = Fleet(outside, door, history)
        fleet.start()
        _go_live(outside)
        crowd = Crowd(outside, history, seed=seed)
        crowd.start()
        Storm(outside, fleet, door, engine, history, seed=seed).rage(for_s)
        crowd.stop()
        fleet.mend()
        come_to_rest(outside, crowd, engine, history)
        with _client(outside.clarifai) as stub:
            write_down(outside, stub, engine, history)
        fleet.end()
    engine.dispose()


def _go_live(outside: Outside) -> None:
    outside.slack.join(SECOND)
    for channel in CHANNELS:
        answer = outside.slack.slash(DANA, channel, "/annotate", f"setup {' '.join(CONCEPTS)}")
        assert answer.status == "ok", answer
    for channel in CHANNELS:
        _until_it_says(outside, channel, "Go live")
        outside.slack.slash(DANA, channel, "/annotate", "live")
        _until_it_says(outside, channel, "This channel is live")


def _until_it_says(outside: Outside, channel: str, words: str) -> None:
    def says() -> bool:
        return any(words in str(message["blocks"]) for message in outside.messages("checklist", channel))

    wait_until(says, f"the checklist of {channel} to say {words}")


@contextmanager
def _client(clarifai: ClarifaiSandbox) -> Iterator[V2Stub]:
    channel = ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=clarifai.port)
    try:
        yield V2Stub(channel)
    finally:
        channel.close()
