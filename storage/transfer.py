"""Everything of one library into another, whatever databases they are in: all of it and alike, or nothing.

The copy is one transaction, so a kill leaves the target as empty as it was. Before it is kept, both sides are read and
compared: every row as Python sees it, and with the rows of `blobs` and `thumbnails` every byte, which must have its
SHA-256 besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from storage import shelf
from storage.errors import Damaged, NotEmpty
from storage.tables import blobs, finite, metadata, previews, sessions, thumbnails, users

ROWS, PICTURES = 500, 4
"""Rows that are in memory at once: small ones, and those with pixels."""


@dataclass
class Fingerprint:
    """How many rows, and a number that is the same for the same rows in any order: databases sort text differently."""

    rows: int = 0
    total: int = 0

    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for row in rows:
            text = repr([(name, finite(value)) for name, value in row.items()])
            digest = sha256(text.encode("utf-8", "backslashreplace")).digest()
            self.rows, self.total = self.rows + 1, (self.total + int.from_bytes(digest)) % 2**256


def copy(target: Connection, source: Connection) -> dict[str, int]:
    """Fill the target; gives how many rows each table has. Users without sessions make way: who looks in becomes one.

    Raises:
        NotEmpty: The target holds something.
        Damaged: A picture does not have its SHA-256, or the two sides do not agree.
    """
    for table in set(metadata.sorted_tables) - {users}:
        if found := target.execute(select(func.count()).select_from(table)).scalar_one():
            chats = target.execute(select(func.count()).select_from(sessions)).scalar_one()
            what = ("1 session" if chats == 1 else f"{chats:,} sessions") if chats else f"{found} in {table.name}"
            raise NotEmpty(f"The library to fill is not empty ({what}); name a database that nothing is kept in.")
    target.execute(delete(users))
    counts: dict[str, int] = {}
    for table in metadata.sorted_tables:
        taken = Fingerprint()
        for rows in _batches(source, table):
            taken.add(rows)
            target.execute(insert(table), rows)
        kept = Fingerprint()
        for rows in _batches(target, table):
            kept.add(rows)
        if kept != taken:
            raise Damaged(f"The copy of {table.name} is not like the original; nothing was copied.")
        counts[table.name] = kept.rows
    for digest in target.execute(select(blobs.c.sha256)).scalars().all():
        shelf.pixels(target, digest)
        shelf.thumbnail(target, digest)
    return counts


def _batches(tx: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    size = PICTURES if table in (blobs, thumbnails, previews) else ROWS
    found = tx.execute(select(table), execution_options={"yield_per": size})
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]
