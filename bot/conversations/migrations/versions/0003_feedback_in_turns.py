"""whether an answer helped is kept among the statistics, as the feedback itself goes with its conversation"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("turns", sa.Column("helped", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("turns", "helped")
