"""A channel remembers whether it was a card that went last: cards that have waited take turns with what goes before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pace", sa.Column("card_last", sa.Boolean(), server_default=sa.false(), nullable=False))
