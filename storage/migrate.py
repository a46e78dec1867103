"""Bring a database up to the tables of this program: numbered migrations, run by alembic.

All missing migrations and the version row are one transaction, so a kill at any moment leaves the old tables or the
new ones, never half. A file that already holds something is copied first, next to it. What a newer program wrote is
refused untouched. A migration never imports `storage.tables`: it must go on working when the tables have moved on.
"""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from storage.database import Database, Source
from storage.errors import NewerSchema

HEAD = "0007"
"""The newest migration; a test holds it equal to what `migrations/versions/` says."""

SCRIPTS = Path(__file__).parent / "migrations"
_VERSION = text("SELECT version_num FROM alembic_version")
_alembic_is_global = threading.Lock()


def bring_up_to_date(database: Database, target: str = HEAD) -> Path | None:
    """Run the missing migrations.

    Returns:
        The backup that was made first, or None when there was nothing to migrate or nothing to lose.

    Raises:
        NewerSchema: The library was written by a newer program; it is left as it is.
    """
    with database.alone():
        is_new = database.is_new()
        found = None if is_new else _revision_up_to(target, database)
        database.prepare()
        if found == target:
            return None
        backup = None if is_new else database.back_up_before(target)
        with database.migrating() as connection:
            upgrade(connection, target)
        return backup


@contextmanager
def as_of_today(source: Source) -> Generator[Connection]:
    """A snapshot of a library with the tables of this program, whatever it has itself; it stays as it is.

    Raises:
        NotALibrary: It holds something that Easel did not write.
        NewerSchema: It was written by a newer program.
    """
    if not source.is_new() and _revision_up_to(HEAD, source) == HEAD:
        with source.read() as connection:
            yield connection
    else:
        with source.scratch() as connection:
            upgrade(connection, HEAD)
            yield connection


def _revision_up_to(target: str, source: Source) -> str | None:
    found = revision(source)
    if found is not None and found > target:
        raise NewerSchema(
            f"{source.name} was written by a newer Easel (tables {found}, this program knows {target}); "
            "update Easel, or choose another library."
        )
    return found


def revision(source: Source) -> str | None:
    """The newest migration that the library has had, or None where there are no tables."""
    with source.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(_VERSION).scalar()


def refuse_newer(connection: Connection) -> None:
    """Raise `NewerSchema` where a newer program has changed the tables since the library was opened."""
    found = connection.execute(_VERSION).scalar()
    if found is not None and found > HEAD:
        raise NewerSchema(
            f"A newer Easel has changed this library (tables {found}, this program knows {HEAD}); end this one "
            "and start the newer one."
        )


def upgrade(connection: Connection, target: str) -> None:
    """Run the missing migrations within the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    with _alembic_is_global:  # alembic's `op` and `context` are module-wide
        command.upgrade(config, target)
