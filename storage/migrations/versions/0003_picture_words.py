"""Pictures carry the words of their caption and prompt, so that they can be found by them.

Revision ID: 0003
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TOKEN = re.compile(r"[\u3040-\u9fff]|[^\W_\u3040-\u9fff]+")


def upgrade() -> None:
    op.add_column("pictures", sa.Column("words", sa.Text, nullable=False, server_default=""))
    pictures = sa.table(
        "pictures", sa.column("id"), sa.column("caption"), sa.column("recipe", sa.JSON), sa.column("words")
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(pictures.c.id, pictures.c.caption, pictures.c.recipe)).all():
        tokens = TOKEN.findall(f"{row.caption} {row.recipe.get('prompt', '')}".casefold())
        words = f" {' '.join(tokens)} "
        connection.execute(pictures.update().where(pictures.c.id == row.id).values(words=words))
