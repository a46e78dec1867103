"""A turn names the program that runs it, so that an interrupted one is told from a running one. And indexes.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INDEXES = (
    ("sessions", ("user_id", "updated")),
    ("turns", ("state",)),
    ("session_turns", ("turn_id",)),
    ("pictures", ("sha256",)),
    ("pictures", ("turn_id",)),
    ("session_pictures", ("picture_id",)),
    ("picture_parents", ("parent_id",)),
    ("verdicts", ("session_id",)),
    ("verdicts", ("turn_id",)),
    ("verdicts", ("picture_id",)),
    ("jobs", ("state",)),
    ("jobs", ("turn_id",)),
    ("jobs", ("picture_id",)),
    ("jobs", ("verdict_id",)),
    ("feedback", ("session_id",)),
)


def upgrade() -> None:
    op.add_column("turns", sa.Column("owner", sa.String(64)))
    for table, columns in INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
