"""What each project's Clarifai turned out to take."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
    op.add_column("project", sa.Column("customs", kind, nullable=False, server_default=sa.text("'{}'::jsonb")))
