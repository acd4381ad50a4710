"""A whole bot between both stand-ins, driven pass by pass: no clock, no worker, no sleep.

Slack is reached over signed HTTP, Clarifai over gRPC, the database is PostgreSQL. What the model says is planted.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2, service_pb2
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from clarifai_grpc.grpc.api.status import status_code_pb2
from PIL import Image
from sqlalchemy import text

from bot.app.parts import Parts
from bot.pictures import Pictures
from bot.work import Pass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.clarifai import ClarifaiSandbox
    from bot.sandbox.recognition import PlantedModel
    from bot.sandbox.slack import SlackSandbox
    from bot.usecases.crashing import Reached

LABELS = "C0LABELS01"
START = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)  # a Monday, inside the hours of cards


class LabClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += dt.timedelta(**by)


@dataclass
class Lab:
    """The bot, its two services, and the hands of the people who use it."""

    workspace: SlackSandbox
    clarifai: ClarifaiSandbox
    model: PlantedModel
    parts: Parts
    clock: LabClock
    channel: str = LABELS
    address: str = ""  # where Slack delivers to
    _pictures: int = field(default=0)

    @property
    def dana(self) -> str:
        """The workspace's admin; sets up in these tests."""
        return self.member("dana")

    @property
    def omar(self) -> str:
        return self.member("omar")

    @property
    def mia(self) -> str:
        return self.member("mia")

    @property
    def gus(self) -> str:
        """A guest."""
        return self.member("gus")

    @property
    def zone(self) -> str:
        """Dana's time zone, and so the project's."""
        return next(m.tz for m in self.workspace.members if m.name == "dana")

    def member(self, name: str) -> str:
        return next(m.id for m in self.workspace.members if m.name == name)

    # -- what the bot does ---------------------------------------------------------------------------------------

    def run(self, *passes: str) -> int:
        """Run passes by name, for every key they are due for, and say how much they did."""
        done = 0
        for name in passes:
            work = self.parts.passes[Pass(name)]
            done += sum(work.run(key) for key in (work.keys() if work.keys else [""]))
        return done

    def settle_down(self, *, rounds: int = 30) -> None:
        """Run every pass until nothing moves any more, as clock and workers would."""
        self.clock.advance(seconds=2)  # clicks made just before are past their gathering time
        names = [p.value for p in Pass if p is not Pass.FORGET_SEEN]
        for _ in range(rounds):
            self.clarifai.settled(self.app_id)
            if not self.run(*names):
                return
            self.clock.advance(seconds=2)
        raise AssertionError("the bot does not come to rest")

    def restart(self, reached: Reached | None = None) -> None:
        """Put a new bot beside the same database and services, as after a kill; passes are run by it from now on."""
        old = self.parts
        self.parts = Parts.assemble(
            old.settings, old.database, clock=self.clock, pace_s=0.0, reached=reached, clarifai=old.clarifai
        )

    @property
    def app_id(self) -> str:
        return self.parts.settings.clarifai_app_id

    # -- what people do ------------------------------------------------------------------------------------------

    def say(self, text: str, by: str = "", command: str = "/annotate", channel: str = "") -> str:
        """Type a command; returns what Slack shows at once."""
        answer = self.workspace.slash(by or self.dana, channel or self.channel, command, text)
        assert answer.status == "ok", answer
        return answer.text

    def set_up(self, what: str = "people man adult", *, live: bool = True) -> None:
        """Set the channel up and, if asked, go live, through the real command lines."""
        self.say(f"setup {what}")
        self.settle_down()
        if live:
            self.say("live")
            self.settle_down()

    def picture(self, *, shape: tuple[int, int] = (64, 48), kind: str = "PNG", **values: float) -> bytes:
        """Make an image nobody has seen before; `values` is what the model says of it, by concept name."""
        self._pictures += 1
        seed = hashlib.sha256(str(self._pictures).encode()).digest()
        image = Image.new("RGB", shape, (seed[0], seed[1], seed[2]))
        image.putpixel((0, 0), (seed[3], seed[4], seed[5]))
        out = io.BytesIO()
        image.save(out, kind)
        data = out.getvalue()
        self.model.plant(Pictures().prepare(data).data, {k.replace("_", " "): v for k, v in values.items()})
        return data

    def upload(self, *files: tuple[str, bytes], by: str = "", thread_ts: str | None = None) -> str:
        """Drop files into the channel in one message; returns its ts."""
        return self.workspace.upload(by or self.omar, self.channel, list(files), thread_ts=thread_ts)

    def card_of(self, *, by: str = "", name: str = "photo.png", **values: float) -> dict[str, Any]:
        """Upload one image of these values and return the card that people see for it."""
        self.upload((name, self.picture(shape=(64, 48), kind="PNG", **values)), by=by)
        self.settle_down()
        return self.cards()[-1]

    def press(self, message: Mapping[str, Any], label: str, by: str = "") -> None:
        """Press a button by its visible text, on the message as it was really posted."""
        answer = self.workspace.press(by or self.omar, self.channel, message["ts"], label)
        assert answer.ok, answer

    def open_form(self, text: str, by: str = "", command: str = "/annotate") -> dict[str, Any]:
        """Type a line that opens a form, let the bot fill it, and return what the person sees."""
        self.say(text, by, command)
        self.run("show_forms")
        return self.form(by)

    def form(self, by: str = "") -> dict[str, Any]:
        """The form in front of somebody."""
        views = self.workspace.open_views(by or self.dana)
        assert views, "no form is open"
        return views[-1]

    def send_form(self, by: str = "", **fields: object) -> dict[str, str]:
        """Fill fields in (dashes as underscores) and send the form; what is wrong, by field."""
        values = {name.replace("_", "-"): {f"field:{name.replace('_', '-')}": v} for name, v in fields.items()}
        answer = self.workspace.submit_view(by or self.dana, self.form(by)["id"], values)
        assert answer.ok or answer.errors, answer
        return answer.errors

    def forget_people(self) -> None:
        """As if the bot had asked Slack about nobody yet."""
        self.sql("delete from person")

    def sql(self, statement: str, **values: object) -> None:
        """Change the database behind the bot's back."""
        with self.parts.database.engine.begin() as connection:
            connection.execute(text(statement), values)

    def rows(self, question: str, **values: object) -> list[tuple[Any, ...]]:
        """Look into the database: what no message shows."""
        with self.parts.database.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(question), values)]

    # -- what people see -----------------------------------------------------------------------------------------

    def messages(self, kind: str = "", channel: str = "") -> list[dict[str, Any]]:
        """The messages of the channel; of one kind (card, digest, checklist, announcement) if asked."""
        shown = self.workspace.messages(channel or self.channel)
        wanted = f"annotate_{kind}"
        return [m for m in shown if not kind or (m.get("metadata") or {}).get("event_type") == wanted]

    def cards(self) -> list[dict[str, Any]]:
        return self._of_kind("card")

    def second_looks(self) -> list[dict[str, Any]]:
        """Cards to the outside; the payload tells them apart."""
        return self._of_kind("second_look")

    def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [m for m in self.messages("card") if m["metadata"]["event_payload"]["kind"] == kind]

    def again(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """The message as it looks now."""
        found = self.workspace.message(self.channel, message["ts"])
        assert found is not None, "the message was deleted"
        return found

    def answer_to(self, upload_ts: str) -> str:
        """The one answer in the thread of an upload."""
        replies = [r for r in self.workspace.replies(self.channel, upload_ts) if r.get("bot_id")]
        assert len(replies) == 1, replies
        return str(replies[0]["text"])

    def whispers(self, user: str) -> list[str]:
        """What only this person sees in the channel, oldest first."""
        return [str(e["text"]) for e in self.workspace.ephemerals(user, self.channel)]

    # -- what Clarifai holds, through Clarifai's own client ------------------------------------------------------

    def stub(self) -> V2Stub:
        return V2Stub(ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=self.clarifai.port))

    def ask(self, rpc: str, request: Any) -> Any:  # noqa: ANN401 - messages of Clarifai's own client
        """Call Clarifai as the app's owner, through its own client; `request` is filled with the app."""
        request.user_app_id.CopyFrom(resources_pb2.UserAppIDSet(user_id="demo", app_id=self.app_id))
        answer = getattr(self.stub(), rpc)(request, metadata=(("authorization", "Key demo-key"),), timeout=10)
        assert answer.status.code == status_code_pb2.SUCCESS, answer.status
        return answer

    def inputs(self) -> list[resources_pb2.Input]:
        """Every input of the app, oldest first."""
        found = self.ask("ListInputs", service_pb2.ListInputsRequest(per_page=1000)).inputs
        return sorted(found, key=lambda i: i.created_at.ToNanoseconds())

    def annotations(self) -> list[resources_pb2.Annotation]:
        """Every annotation of the app's owner, oldest first, without the input-level ones."""
        request = service_pb2.ListAnnotationsRequest(user_ids=["demo"], list_all_annotations=True, per_page=1000)
        return [a for a in self.ask("ListAnnotations", request).annotations if not a.input_level]

    def held(self) -> list[tuple[str, dict[str, float]]]:
        """What stands there as (status name, value by concept id), oldest annotation first."""
        return [
            (
                status_code_pb2.StatusCode.Name(a.status.code),
                {c.id: round(c.value, 4) for c in a.data.concepts},
            )
            for a in self.annotations()
        ]
