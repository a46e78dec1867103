"""Prints `docs/schema.md` from the tables: `python -m storage.schema > docs/schema.md`. A test holds them equal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Table

from storage import tables
from storage.migrate import HEAD

KINDS = {
    "String": "text",
    "Text": "text",
    "Words": "text",
    "Name": "text",
    "Values": "json",
    "LargeBinary": "bytes",
    "UtcTime": "UTC time",
}


def markdown() -> str:
    """The whole page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# The tables"
    yield ""
    yield f"Printed from `storage/tables.py` by `python -m storage.schema`; newest migration {HEAD}."
    yield ""
    yield (tables.__doc__ or "").split("\n\n", 1)[1].strip()
    for table in tables.metadata.tables.values():
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"\n## {table.name}\n"
    yield f"{table.comment}\n"
    yield "| column | type | | |"
    yield "|---|---|---|---|"
    for column in table.columns:
        yield f"| {column.name} | {_kind(column)} | {_role(column)} | {column.comment or ''} |"


def _kind(column: Column[Any]) -> str:
    name = type(column.type).__name__
    return KINDS.get(name, name.lower()) + (", may be empty" if column.nullable else "")


def _role(column: Column[Any]) -> str:
    parts = ["key"] if column.primary_key else []
    parts += [f"→ {target.column.table.name}" for target in column.foreign_keys]
    parts += ["unique"] if column.unique else []
    return ", ".join(parts)


if __name__ == "__main__":
    print(markdown(), end="")
