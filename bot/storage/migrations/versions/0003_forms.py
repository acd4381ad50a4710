"""Forms that somebody has open; concepts that come and go; troubles."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("about", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    waiting = sa.text("state in ('opened', 'submitted')")
    op.create_index("form_waiting", "form", ["state", "created_at"], unique=False, postgresql_where=waiting)
    op.create_table(
        "vocabulary",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "trouble",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("project_id", "kind"),
    )
    op.add_column("concept", sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("revision", sa.Column("about", sa.String(), server_default="cuts", nullable=False))
    op.drop_index("post_subject", table_name="post")  # a channel may be left and set up anew
    op.create_index("post_subject", "post", ["project_id", "channel_id", "kind", "subject"], unique=True)
    op.create_index("form_age", "form", ["created_at"], unique=False)
