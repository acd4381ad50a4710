"""The points at which a crash is interesting: tests kill the process after each of them (CRASH_AT)."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Checkpoint(StrEnum):
    """Named for what has just happened and is not recorded yet (or has just been recorded)."""

    STEP_DONE_REMOTELY = "set_up:step_done_remotely"
    STEP_RECORDED = "set_up:step_recorded"
    PICTURE_DOWNLOADED = "ingest:picture_downloaded"
    INPUT_ADDED = "ingest:input_added"
    INPUT_RECORDED = "ingest:input_recorded"
    REASONS_SHARED = "lists:reasons_shared"
    ANNOTATIONS_RECORDED = "discover:annotations_recorded"
    PROBE_READ = "probe:read"
    PROBE_WRITTEN = "probe:written"
    POST_CLAIMED = "post:claimed"
    POST_SENT = "post:sent"
    DECISION_STORED = "decide:stored"
    ANNOTATIONS_WRITTEN = "settle:written"
    REACTED = "check_off:reacted"
    SETTLED = "settle:recorded"
    EXPORT_SHARED = "export:shared"


Reached = Callable[[Checkpoint], None]
