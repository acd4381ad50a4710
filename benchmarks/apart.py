"""A part of a benchmark in a process of its own, so that neither its time nor its memory is counted with ours."""

from __future__ import annotations

import multiprocessing
import signal
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from multiprocessing.connection import Connection

S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")

_END_S = 30.0  # until a part that does not end by itself is killed


class Apart(Generic[S]):
    """Opens what `opens` opens in a new process; `do` calls functions of a module with it, there."""

    def __init__(self, opens: Callable[..., AbstractContextManager[S]], *args: object) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, opens, args))
        self._process.start()
        there.close()

    def do(self, task: Callable[Concatenate[S, P], T], *args: P.args, **_: P.kwargs) -> T:
        """Have ``task(opened, *args)`` done over there and return its answer.

        Raises:
            RuntimeError: the other process could not do it; its own traceback is on standard error.
        """
        self._here.send((task, args))
        try:
            done, answer = self._here.recv()
        except (EOFError, ConnectionError):
            done, answer = False, "the process ended"
        if not done:
            raise RuntimeError(f"{task.__name__}: {answer}")
        return cast("T", answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._here.close()  # ends the loop over there
        self._process.join(_END_S)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def _serve(pipe: Connection, opens: Callable[..., AbstractContextManager[object]], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, whose end closes the pipe
    with opens(*args) as opened:
        while True:
            try:
                task, values = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send((True, task(opened, *values)))
            except BaseException as error:
                pipe.send((False, repr(error)))
                raise
