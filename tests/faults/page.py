"""Writes `docs/faults.md` from the tests: each one that carries `@pytest.mark.fault(n)` proves fault n."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.catalogue import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "faults.md"
HEAD = """# Faults

What was made to go wrong, what must become of it, and the tests that prove it. This page is generated from the tests by
`make faults-page`; `make faults` runs them all, `make test` those that are not slow. Each test ends with the same
[oracle](../tests/faults/oracle.py): every stored decision stands in Clarifai exactly, a message stands at most once,
one digest for each project and local date, nothing is left over, with dead workers least of all, and no secret is in a
log. A test that has no Slack and no Clarifai asserts the part of it that it can see.

What no test can close: a process that is paused between its last look at the time and the send of a message, for longer
than another one takes to find no such message and to post it, posts it a second time. Slack has no idempotency key.
"""


def proofs() -> Mapping[int, Sequence[tuple[str, str]]]:
    """Return the tests of each fault as (path, name of the function), in the order of the paths."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(TOP.glob("tests/**/test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for number in _numbers(node):
                    found[number].append((str(path.relative_to(TOP)), node.name))
    return found


def _numbers(function: ast.FunctionDef) -> Iterator[int]:
    for mark in function.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.fault":
            yield from (int(ast.literal_eval(argument)) for argument in mark.args)


def page() -> str:
    """Return the page as it should stand."""
    found = proofs()
    rows = [
        f"| {number} | {what} | {outcome} | {_links(found[number])} |" for number, (what, outcome) in FAULTS.items()
    ]
    return "\n".join([HEAD, "| | fault | what becomes of it | proof |", "|---|---|---|---|", *rows, ""])


def _links(tests: Sequence[tuple[str, str]]) -> str:
    return "<br>".join(f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})" for path, name in tests)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
