"""Lists of addresses, and the check-mark on settled uploads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _uploads()
    _lists()
    _addresses()


def _uploads() -> None:
    op.add_column("upload", sa.Column("checked", sa.String(), nullable=True))
    op.add_column("upload", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update upload set checked = 'left'")  # no check-marks on what is long over
    op.drop_index("upload_message", table_name="upload")
    # a channel that was left and is set up again may take old messages in once more
    op.create_index("upload_message", "upload", ["project_id", "channel_id", "message_ts"], unique=True)
    unchecked, refused = sa.text("checked is null"), sa.text("checked = 'refused'")
    op.create_index("upload_unchecked", "upload", ["project_id", "id"], unique=False, postgresql_where=unchecked)
    op.create_index("upload_check_refused", "upload", ["checked_at"], unique=False, postgresql_where=refused)


def _lists() -> None:
    op.create_table(
        "address_list",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("message_ts", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uploaded_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reasons_file", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    file = ["project_id", "message_ts", "file_id"]
    op.create_index("address_list_file", "address_list", file, unique=True)
    working = sa.text("state in ('new', 'read')")
    op.create_index(
        "address_list_working", "address_list", ["project_id", "id"], unique=False, postgresql_where=working
    )


def _addresses() -> None:
    op.create_table(
        "address",
        sa.Column("list_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("input_id", sa.String(), nullable=False),
        sa.Column("about", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("list_id", "line"),
    )
    waiting, sent = sa.text("state = 'new'"), sa.text("state = 'sent'")
    op.create_index(
        "address_waiting", "address", ["project_id", "list_id", "line"], unique=False, postgresql_where=waiting
    )
    op.create_index("address_sent", "address", ["project_id", "looked_at"], unique=False, postgresql_where=sent)
    op.create_index("address_input", "address", ["project_id", "input_id"], unique=False)
