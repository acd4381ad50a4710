"""Faults ordered in words, from a command line or over HTTP: one line each, as `docs/operations.md` lists them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import grpc
from clarifai_grpc.grpc.api.resources_pb2 import Annotation
from clarifai_grpc.grpc.api.status import status_code_pb2 as codes

from bot.sandbox.clarifai.answers import missing, status
from bot.sandbox.clarifai.faults import Faults
from bot.sandbox.clarifai.naming import Scope
from bot.sandbox.clarifai.platform import Platform
from bot.sandbox.clarifai.protocol.gate import METHODS
from bot.sandbox.clarifai.state.conditions import equal
from bot.sandbox.clarifai.state.paging import EVERYTHING

TIMES_UNSEEN: Final = 5  # so often the official channel asks again by itself when a call is UNAVAILABLE


class NoSuchFault(ValueError):
    """The words are none of the known ones; the text says which there are."""


@dataclass(frozen=True)
class Orders:
    faults: Faults
    platform: Platform

    def __call__(self, line: str) -> None:
        """Plant what the line says.

        Raises:
            NoSuchFault: it says nothing that can be planted.
            Refusal: what it names is not there.
        """
        kind, *words = line.split() or [""]
        act = self._acts.get(kind)
        if act is None:
            raise NoSuchFault(f"there is no fault '{kind}'; there are: {', '.join(FORMS.values())}")
        try:
            act(*words)
        except (TypeError, ValueError) as wrong:
            raise NoSuchFault(f"write it so: {FORMS[kind]}") from wrong

    @property
    def _acts(self) -> Mapping[str, Callable[..., None]]:
        return {
            "outage": self.faults.go_down,
            "latency": self._latency,
            "unavailable": self._unavailable,
            "lost-answer": self._lost_answer,
            "throttle": self._throttle,
            "item": self._item,
            "expired-key": self.faults.expire,
            "shifting-pages": self._shifting_pages,
            "delete-version": self._delete_version,
            "change": self._change,
            "delete": self._delete,
            "clear": self.faults.clear,
        }

    def _latency(self, seconds: str, rpc: str = "") -> None:
        self.faults.slow(float(seconds), _known(rpc) if rpc else "")

    def _unavailable(self, rpc: str, times: str = "1") -> None:
        self.faults.fail_next(_known(rpc), grpc.StatusCode.UNAVAILABLE, int(times) * TIMES_UNSEEN)

    def _lost_answer(self, rpc: str, times: str = "1") -> None:
        self.faults.apply_then_fail(_known(rpc), int(times))

    def _throttle(self, rpc: str, times: str = "1") -> None:
        self.faults.fail_next(_known(rpc), codes.CONN_THROTTLED, int(times))

    def _item(self, rpc: str, item: str, code: str) -> None:
        self.faults.item_failure(_known(rpc), item, int(code))

    def _shifting_pages(self, by: str = "1", times: str = "1") -> None:
        self.faults.shift_pages(int(by), int(times))

    def _delete_version(self, app: str, model: str) -> None:
        """Delete the newest version of a model, as its owner could elsewhere."""
        scope = self._scope(app)
        newest = self.platform.model_versions.latest(scope, model) or missing("version of model", model)
        self.platform.model_versions.remove(scope, newest.id, model)

    def _change(self, app: str, annotation_id: str) -> None:
        """Have an annotation accepted, as somebody in the portal could."""
        found = self._annotation(app, annotation_id)
        found.status.CopyFrom(status(codes.ANNOTATION_SUCCESS))
        found.modified_at.CopyFrom(self.platform.now())
        self.platform.annotations.replace(self._scope(app), found)

    def _delete(self, app: str, annotation_id: str) -> None:
        found = self._annotation(app, annotation_id)
        self.platform.annotations.remove(self._scope(app), found.input_id, found.id)

    def _annotation(self, app: str, annotation_id: str) -> Annotation:
        [condition] = equal("a.id", annotation_id)
        found = self.platform.annotations.page(self._scope(app), condition, EVERYTHING)
        return found[0] if found else missing("annotation", annotation_id)

    def _scope(self, app: str) -> Scope:
        """The app of that id, of whichever account."""
        owners = [user for user in self.platform.accounts if self.platform.apps.get(Scope(user, ""), app) is not None]
        return Scope(owners[0], app) if owners else missing("app", app)


FORMS: Final = {
    "outage": "outage",
    "latency": "latency SECONDS [RPC]",
    "unavailable": "unavailable RPC [TIMES]",
    "lost-answer": "lost-answer RPC [TIMES]",
    "throttle": "throttle RPC [TIMES]",
    "item": "item RPC ITEM CODE",
    "expired-key": "expired-key USER",
    "shifting-pages": "shifting-pages [ROWS] [TIMES]",
    "delete-version": "delete-version APP MODEL",
    "change": "change APP ANNOTATION",
    "delete": "delete APP ANNOTATION",
    "clear": "clear",
}


def _known(rpc: str) -> str:
    if rpc not in METHODS:
        raise NoSuchFault(f"there is no RPC '{rpc}'")
    return rpc
