"""who has the form of an answer open at the desk"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "open_forms",
        sa.Column("answer_id", sa.String(length=80), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("answer_id", "account_id"),
    )
    op.create_index("ix_open_forms_seen_at", "open_forms", ["seen_at"])


def downgrade() -> None:
    op.drop_table("open_forms")
