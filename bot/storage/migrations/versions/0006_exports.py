"""Exports that people asked for; the mapper that each revision of the thresholds ran with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Of older revisions the version is known only if nothing but cuts was changed since.
_KNOWN = """
update revision v set mapper_version = s.result ->> 'version' from step s
where s.project_id = v.project_id and s.name = 'mapper' and s.result ->> 'version' is not null and v.state = 'applied'
  and not exists (select 1 from revision n where n.project_id = v.project_id and n.number > v.number
                  and n.about = 'concepts' and n.state = 'applied')
"""


def upgrade() -> None:
    op.create_table(
        "export",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("team_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("file_ids", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    wish = ["project_id", "channel_id", "thread_ts", "user_id", "form"]
    op.create_index("export_wish", "export", [*wish, "created_at"], unique=False)
    op.create_index(
        "export_once", "export", wish, unique=True, postgresql_where=sa.text("state in ('waiting', 'sharing')")
    )
    op.add_column("revision", sa.Column("mapper_version", sa.String(), server_default="", nullable=False))
    op.execute(_KNOWN)
