"""decisions on missed questions, and indexes of the turns that curation reads"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MISSED, JUDGED = sa.text("missed_question IS NOT NULL"), sa.text("helped IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "missed_decisions",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("answer_id", sa.String(length=80), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_missed_decisions_at", "missed_decisions", ["at"])
    op.create_index("missed_turns", "turns", ["at"], sqlite_where=MISSED, postgresql_where=MISSED)
    op.create_index("judged_turns", "turns", ["answer_id", "at"], sqlite_where=JUDGED, postgresql_where=JUDGED)


def downgrade() -> None:
    op.drop_index("judged_turns", table_name="turns")
    op.drop_index("missed_turns", table_name="turns")
    op.drop_table("missed_decisions")
