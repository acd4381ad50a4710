"""The first tables."""

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.columns import (
    counts,
    dates,
    documents,
    flags,
    ids,
    moments,
    secrets,
    serial,
    table,
    texts,
    times,
    values,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _commands_and_notes()
    _people_and_pace()
    _projects()
    _thresholds()
    _uploads()
    _labels()
    _reviews()
    _posts()


def _commands_and_notes() -> None:
    """What people typed, and what one person is told."""
    table(
        "command",
        serial(),
        *texts("team_id", "channel_id", "user_id", "command", "text", "thread_ts", "state"),
        *counts("attempts"),
        *moments("not_before", empty=True),
        *moments("created_at"),
        key=("id",),
        of_project=False,
    )
    op.create_index("command_waiting", "command", ["id"], postgresql_where=sa.text("state = 'waiting'"))
    table(
        "note",
        serial(),
        *texts("team_id", "channel_id", "user_id", "thread_ts"),
        *documents("body"),
        *texts("state"),
        *counts("attempts"),
        *moments("not_before", empty=True),
        *moments("created_at"),
        key=("id",),
        of_project=False,
    )
    op.create_index("note_due", "note", ["id"], postgresql_where=sa.text("state = 'due'"))


def _people_and_pace() -> None:
    """Who is who in Slack, what it delivered, how fast a channel may be posted to."""
    table(
        "person",
        *texts("team_id", "user_id", "name", "zone"),
        *flags("is_admin", "is_guest"),
        *moments("asked_at"),
        key=("team_id", "user_id"),
        of_project=False,
    )
    table("processed", *texts("key"), *moments("at"), key=("key",), of_project=False)
    op.create_index("processed_at", "processed", ["at"])
    table("pace", *texts("channel_id"), *moments("next_post_at"), key=("channel_id",), of_project=False)
    table("queue_schema", *texts("version"), key=("version",), of_project=False)


def _projects() -> None:
    """Channels that were set up."""
    table(
        "project",
        *texts("id", "team_id", "channel_id", "state", "set_up_by", "user_id", "app_id"),
        *secrets("sealed_key", empty=True),
        *secrets("coin_secret"),
        *texts("graph", "model_id", "model_version", "zone"),
        *times("digest_at"),
        *texts("digest_zone", "digest_channel"),
        *flags("digest_on"),
        *counts("revision", "applied_revision"),
        *moments("live_since", "seen_until", "swept_at", empty=True),
        *texts("previous_workflow", empty=True),
        *documents("found", empty=True),
        *counts("older_pending"),
        *flags("take_older"),
        *moments("created_at"),
        key=("id",),
        of_project=False,
    )
    op.create_index(
        "project_app", "project", ["user_id", "app_id"], unique=True, postgresql_where=sa.text("state <> 'left'")
    )
    op.create_index(
        "project_channel",
        "project",
        ["team_id", "channel_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'left'"),
    )
    table(
        "concept",
        *texts("project_id", "id", "name"),
        *counts("position"),
        *documents("relations"),
        key=("project_id", "id"),
    )
    table(
        "step",
        *texts("project_id"),
        *counts("position"),
        *texts("name", "state"),
        *documents("result", empty=True),
        *counts("attempts"),
        *moments("not_before", empty=True),
        *texts("problem"),
        key=("project_id", "position"),
    )


def _thresholds() -> None:
    """Every change of the thresholds."""
    table(
        "revision",
        *texts("project_id"),
        *counts("number"),
        *texts("asked_by"),
        *moments("asked_at"),
        *texts("words"),
        *counts("undoes", empty=True),
        *texts("state"),
        *counts("attempts"),
        *moments("not_before", empty=True),
        *texts("problem"),
        key=("project_id", "number"),
    )
    table(
        "cut",
        *texts("project_id"),
        *counts("number"),
        *texts("concept_id"),
        *values("accept", "floor"),
        *values("before_off", empty=True),
        key=("project_id", "number", "concept_id"),
    )


def _uploads() -> None:
    """Images on their way from Slack to Clarifai."""
    table(
        "upload",
        serial(),
        *texts("project_id", "channel_id", "message_ts", "uploaded_by"),
        *moments("taken_at"),
        key=("id",),
    )
    op.create_index("upload_message", "upload", ["channel_id", "message_ts"], unique=True)
    table(
        "picture",
        serial(),
        *ids("upload_id"),
        *texts("project_id", "file_id", "name", "state", "reason", "input_id", "sha256"),
        *flags("seen_before"),
        *documents("expected", empty=True),
        *counts("attempts"),
        *moments("not_before", empty=True),
        key=("id",),
    )
    op.create_index("picture_file", "picture", ["upload_id", "file_id"], unique=True)
    op.create_index("picture_input", "picture", ["project_id", "input_id"])
    op.create_index("picture_sent", "picture", ["project_id", "id"], postgresql_where=sa.text("state = 'sent'"))
    op.create_index(
        "picture_waiting", "picture", ["project_id", "id"], postgresql_where=sa.text("state in ('new', 'kept')")
    )


def _labels() -> None:
    """What Clarifai holds."""
    table(
        "input",
        *texts("project_id", "id", "source", "name", "uploaded_by", "permalink", "url", "file_id", "picture"),
        *moments("created_at"),
        key=("project_id", "id"),
    )
    table(
        "annotation",
        *texts("project_id", "id", "input_id", "status"),
        *documents("snapshot"),
        *documents("stands", empty=True),
        *moments("modified_at"),
        *counts("revision"),
        *moments("seen_at"),
        *counts("dirty", "settled"),
        *flags("closed"),
        *texts("closed_reason"),
        *counts("attempts"),
        *moments("not_before", empty=True),
        *texts("problem"),
        key=("project_id", "id"),
    )
    op.create_index("annotation_input", "annotation", ["project_id", "input_id"])
    op.create_index(
        "annotation_unsettled",
        "annotation",
        ["project_id", "id"],
        postgresql_where=sa.text("settled < dirty AND NOT closed"),
    )


def _reviews() -> None:
    """What people are asked, and what they said."""
    table(
        "review",
        serial(),
        *texts("project_id", "annotation_id", "input_id", "concept_id", "kind"),
        *values("value", "probability"),
        *texts("state"),
        *counts("revision"),
        *texts("verdict", empty=True),
        *texts("decided_by"),
        *moments("decided_at", empty=True),
        *texts("doubted_by"),
        *counts("thresholds"),
        *moments("created_at"),
        key=("id",),
    )
    op.create_index("review_concept", "review", ["project_id", "concept_id"])
    op.create_index(
        "review_decided", "review", ["project_id", "decided_at"], postgresql_where=sa.text("decided_at is not null")
    )
    op.create_index("review_input", "review", ["project_id", "input_id"])
    op.create_index(
        "review_open", "review", ["project_id", "id"], postgresql_where=sa.text("state in ('queued', 'posted')")
    )
    op.create_index("review_suggestion", "review", ["project_id", "annotation_id", "concept_id"], unique=True)
    table(
        "decision",
        serial(),
        *texts("project_id"),
        *ids("review_id"),
        *counts("revision"),
        *texts("verdict"),
        *flags("final"),
        *texts("decided_by"),
        *moments("decided_at"),
        key=("id",),
    )
    op.create_index("decision_day", "decision", ["project_id", "decided_at"])
    op.create_index("decision_review", "decision", ["review_id"])


def _posts() -> None:
    """Messages in channels."""
    table(
        "post",
        serial(),
        *texts("project_id", "team_id", "channel_id", "kind", "subject", "thread_ts"),
        *counts("rank"),
        *texts("state", "attempt"),
        *moments("intent_at", empty=True),
        *texts("ts"),
        *counts("wanted", "shown"),
        *moments("draw_after", "drawn_at", "not_before", empty=True),
        *flags("own_upload"),
        *counts("attempts"),
        *documents("body"),
        *texts("problem"),
        *moments("created_at"),
        key=("id",),
    )
    op.create_index(
        "post_behind", "post", ["draw_after"], postgresql_where=sa.text("state = 'posted' AND shown < wanted")
    )
    op.create_index("post_due", "post", ["channel_id", "rank", "id"], postgresql_where=sa.text("state = 'due'"))
    op.create_index("post_posting", "post", ["intent_at"], postgresql_where=sa.text("state = 'posting'"))
    op.create_index("post_project", "post", ["project_id", "kind", "subject"])
    op.create_index("post_subject", "post", ["channel_id", "kind", "subject"], unique=True)
    table(
        "digest",
        *texts("project_id"),
        *dates("local_date"),
        *moments("since", "until"),
        *flags("late", "silent"),
        *documents("figures", empty=True),
        key=("project_id", "local_date"),
    )
