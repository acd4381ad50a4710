"""Indexes that answer `status` and `history` however long the record has become."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("review_unwritten", "review", ["project_id"], postgresql_where=sa.text("state = 'decided'"))
    op.create_index("decision_person", "decision", ["project_id", "decided_by", "decided_at"])
    op.create_index("input_name", "input", ["project_id", sa.text("lower(name)")])


def downgrade() -> None:
    op.drop_index("input_name", "input")
    op.drop_index("decision_person", "decision")
    op.drop_index("review_unwritten", "review")
