"""A waiting job counts how often it was passed over for one whose model was loaded, so that this has an end.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("passed", sa.Integer, nullable=False, server_default="0"))
