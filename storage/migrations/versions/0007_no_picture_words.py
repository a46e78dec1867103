"""Pictures carry no words of their own to search in: they are found by their caption, their prompt and what they show.

Revision ID: 0007
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.drop_column("pictures", "words")
