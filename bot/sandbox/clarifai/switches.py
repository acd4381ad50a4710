"""What nobody outside Clarifai knows for certain: every open question is one field with its possible answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_type_hints

DuplicateCode = Literal["40003", "40010", "22100"]


@dataclass(frozen=True)
class Switches:
    """One possible Clarifai; the defaults are the likeliest one.

    The letters are those of the list of unknowns that the stand-in was built from. The defaults follow
    the proto comments where they speak, otherwise what the documentation shows.
    """

    review_denied: Literal["accepted", "refused"] = "accepted"  # (a) PatchAnnotations outside a task
    writer_shape: Literal["one with all", "one each"] = "one with all"  # (b) concepts per written annotation
    writer_user: Literal["both", "user_id", "worker"] = "both"  # (b) which field names who wrote
    greater_than: Literal["strict", "inclusive"] = "strict"  # (c) GREATER_THAN at exact equality
    default_workflow: Literal["follows", "stays"] = "follows"  # (d) after PatchWorkflows
    all_failed: Literal["FAILURE", "MIXED"] = "FAILURE"  # (e) overall code of a bulk call
    duplicate: DuplicateCode = "40003"  # (f) a model or workflow id that is taken
    value_zero: Literal["kept", "leaves the old", "becomes one"] = "kept"  # (g) concept value 0 in a patch
    writers_on_patch: bool = False  # (h) adding or patching an annotation runs the default workflow again
    threshold_above_one: Literal["accepted", "refused"] = "accepted"  # (i)
    unlisted_concept: Literal["dropped", "passed"] = "dropped"  # (j) by a thresholder that does not name it
    hyponym: Literal["mapped", "ignored"] = "mapped"  # see workflow/operators.py: mapped()


def switched(pairs: Iterable[str]) -> Switches:
    """The usual Clarifai but for what the pairs say, each as NAME=ANSWER.

    Raises:
        ValueError: there is no such unknown, or no such answer; the text says which there are.
    """
    chosen: dict[str, Any] = {}
    kinds = get_type_hints(Switches)
    for pair in pairs:
        name, _, answer = pair.partition("=")
        if name not in kinds:
            raise ValueError(f"there is no unknown '{name}'; there are: {', '.join(kinds)}")
        answers = {"no": False, "yes": True} if kinds[name] is bool else {one: one for one in get_args(kinds[name])}
        if answer not in answers:
            raise ValueError(f"'{name}' is one of: {', '.join(answers)}")
        chosen[name] = answers[answer]
    return Switches(**chosen)
