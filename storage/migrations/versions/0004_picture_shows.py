"""Pictures carry what was seen in them, in words; in those made before, nothing was.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("pictures", sa.Column("shows", sa.Text, nullable=False, server_default=""))
