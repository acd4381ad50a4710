"""Working off the inputs that were added: off the request threads, resumable after any kill."""

import logging
import sqlite3
import threading
import time

from clarifai_grpc.grpc.api.resources_pb2 import Annotation, Input, User, Worker
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import Refusal, status
from bot.sandbox.clarifai.fetching import image_bytes, within_limit
from bot.sandbox.clarifai.naming import Scope, fresh_id
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.workflow.graph import run, writings

log = logging.getLogger(__name__)


class Ingest:
    """A small pool that takes each input from 30001 through 30003 to 30000 or 30002.

    The end of an input, its image and its annotations are one transaction: killed before it, the input starts over
    and nothing is written twice.
    """

    def __init__(self, platform: Platform, threads: int = 2) -> None:
        self._platform = platform
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._work, name=f"clarifai-ingest-{n}", daemon=True) for n in range(threads)
        ]

    def start(self) -> None:
        self._platform.inputs.restart_interrupted()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let the inputs in hand finish; the rest waits for the next start."""
        self._stopping = True
        self._platform.database.announce()
        for thread in self._threads:
            thread.join()

    def settled(self, app: str, timeout: float) -> None:
        """Wait until no input of the app is pending or about to be deleted.

        Raises:
            TimeoutError: after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        changed = self._platform.database.changed
        with changed:
            while self._platform.inputs.any_unfinished(app):
                if not changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"inputs of {app} are unfinished after {timeout} s")

    def _work(self) -> None:
        while (row := self._next()) is not None:
            try:
                self._finish(row)
            except RuntimeError:  # the recogniser was closed under it: the next start takes the input up again
                log.warning("ingest: input row %s left for the next start", row["seq"], exc_info=True)
            except Exception:  # the last resort of this loop: one bad input must not stop the others
                log.exception("ingest: input row %s failed", row["seq"])
                self._platform.inputs.mark(row["seq"], codes.INPUT_FAILED, "internal error")
            self._platform.database.announce()

    def _next(self) -> sqlite3.Row | None:
        """The next input, marked as in progress; None when stopping."""
        inputs, changed = self._platform.inputs, self._platform.database.changed
        with changed:
            while not self._stopping:
                if inputs.erase_doomed():
                    changed.notify_all()
                if (row := inputs.next_waiting()) is not None:
                    inputs.mark(row["seq"], codes.INPUT_IN_PROGRESS)
                    return row
                changed.wait()
        return None

    def _finish(self, row: sqlite3.Row) -> None:
        platform, number = self._platform, int(row["seq"])
        scope = Scope(row["user"], row["app"])
        added = platform.inputs.at(number)
        if added is None:
            return
        try:
            held = platform.inputs.image(number)
            image = within_limit(held) or image_bytes(added.data.image, platform.known_urls)
            platform.catalogue.examine(image)
            written = self._annotated(scope, image)
        except (ValueError, Refusal) as problem:
            platform.inputs.mark(number, codes.INPUT_FAILED, str(problem))
            return
        with platform.database.transaction():
            if platform.inputs.at(number) is None:
                return
            if not held:
                platform.inputs.keep_image(number, image)
            self._write(scope, number, added, written)
            platform.inputs.mark(number, codes.INPUT_SUCCESS)

    def _annotated(self, scope: Scope, image: bytes) -> list[Annotation]:
        workflow = self._platform.default_workflow(scope)
        if workflow is None:
            return []
        return writings(self._platform, scope, run(self._platform, scope, workflow, image))

    def _write(self, scope: Scope, row: int, added: Input, written: list[Annotation]) -> None:
        for annotation in written:
            now = self._platform.now()
            annotation.MergeFrom(Annotation(id=fresh_id(), input_id=added.id, created_at=now, modified_at=now))
            self._platform.annotations.add(scope, row, annotation)


def input_level_annotation(platform: Platform, user: str, added: Input) -> Annotation:
    """The annotation that every input has from the start and that cannot be deleted."""
    now = platform.now()
    made = Annotation(
        id=fresh_id(),
        input_id=added.id,
        user_id=user,
        worker=Worker(user=User(id=user)),
        status=status(codes.ANNOTATION_SUCCESS),
        created_at=now,
        modified_at=now,
        trusted=True,
        input_level=True,
    )
    made.data.concepts.extend(added.data.concepts)
    if added.data.HasField("metadata"):
        made.data.metadata.CopyFrom(added.data.metadata)
    return made
