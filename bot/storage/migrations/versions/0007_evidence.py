"""What people's answers prove: ledgers, lanes, second looks, and what is read below the floor."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_OPEN = sa.text("state in ('queued', 'posted')")


def upgrade() -> None:
    _columns()
    _ledgers()
    _second_looks()
    _probes()


def _columns() -> None:
    op.add_column("cut", sa.Column("target", sa.Float(), server_default="0.95", nullable=False))
    op.add_column("cut", sa.Column("checks", sa.Float(), server_default="0.05", nullable=False))
    op.add_column("input", sa.Column("probed", sa.Boolean(), nullable=True))
    op.add_column("review", sa.Column("smallest", sa.Float(), server_default="1", nullable=False))
    op.add_column("review", sa.Column("coin", sa.Float(), nullable=True))
    op.add_column("review", sa.Column("lane", sa.String(), server_default="work", nullable=False))
    op.add_column("review", sa.Column("ledger_id", sa.BigInteger(), nullable=True))
    op.add_column("review", sa.Column("applied", sa.Integer(), nullable=True))
    op.drop_index("review_open", "review")
    op.create_index("review_open", "review", ["project_id", "lane", "id"], unique=False, postgresql_where=_OPEN)
    kept = sa.text("ledger_id is not null")
    op.create_index("review_ledger", "review", ["ledger_id", "id"], unique=False, postgresql_where=kept)


def _ledgers() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("concept_id", sa.String(), nullable=False),
        sa.Column("model_version", sa.String(), nullable=False),
        sa.Column("mapper_version", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_ended", sa.String(), nullable=False),
        sa.Column("grid", _json(), nullable=True),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("certified", _json(), nullable=False),
        sa.Column("figures", _json(), nullable=False),
        sa.Column("weighed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    still = sa.text("ended_at is null")
    op.create_index("ledger_open", "ledger", ["project_id", "concept_id"], unique=True, postgresql_where=still)


def _second_looks() -> None:
    op.create_table(
        "second_look",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("input_id", sa.String(), nullable=False),
        sa.Column("concept_id", sa.String(), nullable=False),
        sa.Column("first_by", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("doubted_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("second_look_review", "second_look", ["review_id"], unique=True)
    still = sa.text("state = 'open'")
    op.create_index("second_look_open", "second_look", ["project_id", "id"], unique=False, postgresql_where=still)
    op.create_index("second_look_input", "second_look", ["project_id", "input_id"], unique=False)


def _probes() -> None:
    op.create_table(
        "probe",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("input_id", sa.String(), nullable=False),
        sa.Column("thrown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("project_id", "input_id"),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("probe_waiting", "probe", ["project_id", "input_id"], unique=False, postgresql_where=waiting)
    op.create_table(
        "probed_value",
        sa.Column("project_id", sa.String(), nullable=False),
        sa.Column("input_id", sa.String(), nullable=False),
        sa.Column("concept_id", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("floor", sa.Float(), nullable=False),
        sa.Column("ledger_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("project_id", "input_id", "concept_id"),
    )


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
