"""What was given up, and may be taken up again: decisions, images, lists; found by indexes, as are posts and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("annotation", sa.Column("given_up", sa.Integer(), server_default="0", nullable=False))
    for table in ("picture", "address_list"):
        op.add_column(table, sa.Column("given_up", sa.Boolean(), server_default=sa.false(), nullable=False))
    # a message that somebody deleted was not refused by anybody
    op.execute("update post set problem = '' where state = 'gone' and attempts = 100")
    refused = sa.text("state in ('gone', 'posted') and problem not in ('', 'nothing to say')")
    op.create_index("picture_given_up", "picture", ["project_id"], unique=False, postgresql_where=sa.text("given_up"))
    op.create_index("post_given_up", "post", ["project_id"], unique=False, postgresql_where=refused)
    failed = sa.text("state = 'failed'")
    op.create_index("note_failed", "note", ["id"], unique=False, postgresql_where=failed)
