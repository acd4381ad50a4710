"""The stand-in Clarifai: pages of a large app, ten thousand inputs annotated, and the model that recognises."""

from __future__ import annotations

import os
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clarifai_grpc.channel.clarifai_channel import ClarifaiChannel
from clarifai_grpc.grpc.api import resources_pb2 as res
from clarifai_grpc.grpc.api import service_pb2 as api
from clarifai_grpc.grpc.api.service_pb2_grpc import V2Stub
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from benchmarks.apart import Apart
from benchmarks.table import Row, middle
from bot.clarifai import ClarifaiAccount
from bot.domain import blueprint
from bot.domain.annotations import AnnotationStatus
from bot.domain.concepts import Concept, Predicate
from bot.domain.thresholds import ConceptThreshold
from bot.sandbox.clarifai import ClarifaiSandbox
from bot.sandbox.photographs import sample_photographs
from bot.sandbox.recognition import PlantedModel
from bot.sandbox.recognition.process import ModelProcess
from bot.usecases.ports import Holding, RelationPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.storage.embedded import EmbeddedPostgres

USER, KEY, APP = "demo", "demo-key", "bench"
INPUTS, HELD, PAGE, BATCH = 10_000, 100_000, 100, 128
TICK_S = 0.01  # of the timer that shows whether the model leaves its owner time


def clarifai(_server: EmbeddedPostgres, *, quick: bool) -> list[Row]:
    """Everything the stand-in promises about speed; it runs in a process of its own here."""
    share = 10 if quick else 1
    with (
        Apart(alone) as there,
        ClarifaiChannel.get_insecure_grpc_channel(base="127.0.0.1", port=there.do(port)) as channel,
    ):
        bench = Bench(V2Stub(channel))
        rows = [*annotated(bench, there, INPUTS // share), *paged(bench, HELD // share)]
        rows += looked_up(there, HELD // share)
    return [*rows, *recognised(rounds=1 if quick else 3)]


@contextmanager
def alone() -> Iterator[ClarifaiSandbox]:
    model = PlantedModel(["people", "man"], default={"people": 0.97, "man": 0.5})
    with ClarifaiSandbox(model, apps=[APP], rate_limit=None) as sandbox:
        set_up(sandbox)
        yield sandbox


def set_up(sandbox: ClarifaiSandbox) -> None:
    """Make the bot's own workflow the default, through the bot's own gateway."""
    with ClarifaiAccount(sandbox.base, requests_per_s=1000) as account:
        platform = account.platform(USER, APP, KEY)
        names = ("people", "man")
        platform.ensure_concepts([Concept(name, name, ()) for name in names])
        found = platform.find_concepts(names, None)
        platform.ensure_relations([RelationPlan(n, known, Predicate.SYNONYM) for n in names if (known := found[n])])
        cuts = [ConceptThreshold(name) for name in names]
        plans = (blueprint.mapper(""), *blueprint.thresholders(cuts), *blueprint.writers(USER))
        versions = {plan.id: platform.ensure_model(plan) for plan in plans}
        platform.ensure_workflow(blueprint.WORKFLOW_ID, blueprint.nodes(versions, None))
        platform.set_default_workflow(blueprint.WORKFLOW_ID)


def port(sandbox: ClarifaiSandbox) -> int:
    return sandbox.port


def settled(sandbox: ClarifaiSandbox) -> None:
    sandbox.settled(APP, timeout=600)


class Bench:
    """Clarifai's own client, as another program would use it."""

    def __init__(self, stub: V2Stub) -> None:
        self._stub = stub

    def ask(self, rpc: str, **fields: Any) -> Any:  # noqa: ANN401 - messages of Clarifai's own client
        scope = res.UserAppIDSet(user_id=USER, app_id=APP)
        request = getattr(api, f"{rpc}Request")(user_app_id=scope, **fields)
        reply = getattr(self._stub, rpc)(request, metadata=(("authorization", f"Key {KEY}"),), timeout=60)
        assert reply.status.code == codes.SUCCESS, reply.status
        return reply

    def page(self, number: int) -> tuple[float, int]:
        """Read a page; return the seconds it took and how many annotations it held."""
        started = time.perf_counter()
        found = self.ask("ListAnnotations", list_all_annotations=True, page=number, per_page=PAGE).annotations
        return time.perf_counter() - started, len(found)


def annotated(bench: Bench, there: Apart[ClarifaiSandbox], many: int) -> list[Row]:
    """Add inputs and wait until the default workflow has run on the last one."""
    started = time.perf_counter()
    for numbers in batches(many):
        pictures = [(f"in{number}", b"picture %d" % number) for number in numbers]
        images = [res.Input(id=one, data=res.Data(image=res.Image(base64=image))) for one, image in pictures]
        bench.ask("PostInputs", inputs=images)
    there.do(settled)
    seconds = time.perf_counter() - started
    what = f"{many:,} planted inputs annotated end to end: seconds"
    return [Row(what, f"{seconds:.1f}", f"{many / seconds:.0f} inputs/s", target="< 60" if many == INPUTS else "")]


def paged(bench: Bench, many: int) -> list[Row]:
    """Fill the app up to `many` annotations, then read them to the end, page by page and out of turn."""
    held = bench.ask("GetInputCount").counts.processed * 3  # one of the whole input, one accepted, one pending
    for numbers in batches(max(0, many - held)):
        concept = [res.Concept(id="people", value=1.0)]
        bench.ask(
            "PostAnnotations",
            annotations=[res.Annotation(input_id=f"in{n % 500}", data=res.Data(concepts=concept)) for n in numbers],
        )
    last = many // PAGE
    started = time.perf_counter()
    turns = [bench.page(number) for number in range(1, last + 1)]
    rate = last / (time.perf_counter() - started)
    assert all(size == PAGE for _, size in turns)
    straight = []
    for _ in range(9):
        bench.ask("PatchConcepts", concepts=[res.Concept(id="people", name="people")], action="overwrite")
        straight.append((bench.page(1)[0], bench.page(last)[0]))
    first, end = [t * 1000 for t, _ in turns[:50]], [t * 1000 for t, _ in turns[-50:]]
    far = [at * 1000 for _, at in straight]
    near = [at * 1000 for at, _ in straight]
    return [
        Row(f"{many:,} annotations held: pages of {PAGE} a second, read to the end", f"{rate:.0f}"),
        Row(f"the last 50 pages in their turn, ms (page {last:,} is the last)", *beside(end, first), target="<= 2"),
        Row(f"page {last:,} asked for at once after a change, ms", *beside(far, near), target="<= 2"),
    ]


def looked_up(there: Apart[ClarifaiSandbox], many: int) -> list[Row]:
    """Ask for the first page of `list success` and of `search people`, through the bot's own gateway."""
    listed, searched = [], []
    with ClarifaiAccount(f"http://127.0.0.1:{there.do(port)}", requests_per_s=1000) as account:
        platform = account.platform(USER, APP, KEY)
        for _ in range(9):
            listed.append(ms_of(lambda: platform.holdings(USER, Holding(status=AnnotationStatus.SUCCESS))))
            searched.append(ms_of(lambda: platform.pictures_of(Holding(concept_id="people"))))
    return [
        Row(f"{many:,} annotations held: `list success`, the first page, ms", middle(listed, 1), target="< 1000"),
        Row(f"{many:,} annotations held: `search people`, the first page, ms", middle(searched, 1), target="< 1000"),
    ]


def ms_of(ask: Callable[[], Sequence[object]]) -> float:
    """Return the milliseconds a page took that held something."""
    started = time.perf_counter()
    assert ask()
    return (time.perf_counter() - started) * 1000


def beside(values: Sequence[float], reference: Sequence[float]) -> tuple[str, str, str]:
    ratio = statistics.median(values) / statistics.median(reference)
    return middle(values, 1), f"{middle(reference, 1)} for the first", f"{ratio:.2f}"


def recognised(rounds: int) -> list[Row]:
    """Start the real model, have it look at the sample photographs, one at a time and several at once."""
    photographs = [one.path.read_bytes() for one in sample_photographs()]
    started = time.perf_counter()
    model = ModelProcess()
    try:
        model.look(photographs[0])
        loaded = time.perf_counter() - started
        took, before = [], cpu_s(model)
        for photograph in photographs * rounds:
            begun = time.perf_counter()
            model.look(photograph)
            took.append((time.perf_counter() - begun) * 1000)
        worked = (cpu_s(model) - before) * 1000 / len(took)
        late = lateness(model, photographs * rounds)
        memory = peak_mib(model)
    finally:
        model.close()
    return [
        Row("recognition: start until the first photograph is answered, seconds", f"{loaded:.1f}", target="< 3"),
        Row("recognition: seconds of CPU until then", f"{before:.1f}"),
        Row("recognition: ms for a photograph", middle(took, 0), target="<= 300"),
        Row("recognition: ms of CPU for a photograph", f"{worked:.0f}", target="<= 300"),
        Row("recognition: memory of its process at its peak, MiB", memory, target="< 350"),
        Row("four threads ask at once: ms a 10 ms timer beside them is late, median and p99", late),
    ]


def lateness(model: ModelProcess, photographs: Sequence[bytes]) -> str:
    """Let four threads ask for photographs while this one only wakes every 10 ms."""
    nap, late = threading.Event(), []
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(model.look, photograph) for photograph in photographs]
        while not all(one.done() for one in asked):
            begun = time.perf_counter()
            nap.wait(TICK_S)
            late.append((time.perf_counter() - begun - TICK_S) * 1000)
        for one in asked:
            one.result()
    return f"{statistics.median(late):.1f}, {statistics.quantiles(late, n=100)[-1]:.1f}"


def peak_mib(model: ModelProcess) -> str:
    """Read the most that the model's process ever had resident."""
    lines = told(model, "status").splitlines()
    return f"{int(next(line for line in lines if line.startswith('VmHWM')).split()[1]) / 1024:.0f}"


def cpu_s(model: ModelProcess) -> float:
    """Read the CPU seconds of the model's process, its own and the system's for it."""
    fields = told(model, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(model: ModelProcess, what: str) -> str:
    """Read what Linux tells of the model's process."""
    child = model._child  # noqa: SLF001 - nobody but a measurement needs its number
    return Path(f"/proc/{child.pid if child else 0}/{what}").read_text(encoding="utf-8")


def batches(many: int) -> Iterator[range]:
    return (range(first, min(first + BATCH, many)) for first in range(0, many, BATCH))
