"""The passes: small loops that ask "what is in state X?" and move it on. Each is idempotent and bounded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Pass(StrEnum):
    """Everything the workers do, by name; the value is what logs and jobs say."""

    SET_UP = "set_up"
    APPLY_CUTS = "apply_thresholds"
    TAKE_UPLOADS = "take_uploads"
    TAKE_LISTS = "take_lists"
    DISCOVER = "discover"
    PROBE = "probe"
    SHOW_PICTURES = "show_pictures"
    SETTLE = "settle"
    SECOND_LOOKS = "second_looks"
    WEIGH = "weigh"
    CHECK_OFF = "check_off"
    POST = "post_cards"
    REDRAW = "redraw_cards"
    RECOVER = "recover_posts"
    TELL = "tell"
    COMMANDS = "finish_commands"
    FORMS = "show_forms"
    HOMES = "publish_homes"
    DIGESTS = "post_digests"
    EXPORT = "export_labels"
    FORGET_SEEN = "forget_seen"


@dataclass(frozen=True)
class Work:
    """One pass as the composition root provides it.

    `run` takes a key (a project id, or "" for a pass over everything) and returns how much it did. `keys` lists those
    it may be due for now; None for a pass over everything. `then` are woken when it did something; `look_again` run
    for the same key after each of `look_again_s` seconds besides.
    """

    run: Callable[[str], int]
    keys: Callable[[], list[str]] | None = None
    then: tuple[Pass, ...] = ()
    look_again: tuple[Pass, ...] = ()
    look_again_s: tuple[float, ...] = ()


Passes = Mapping[Pass, Work]

LONGEST_PASS_S = 15.0  # what a pass may take before it stops at its next unit of work
