"""An index of the rejections that a second look may be asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    first = sa.text("verdict = 'reject' and lane = 'calibration' and revision = 1")
    op.create_index("review_rejected", "review", ["project_id", "id"], postgresql_where=first)


def downgrade() -> None:
    op.drop_index("review_rejected", "review")
