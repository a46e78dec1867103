"""What the Library asks of a database, and which one an address means: an SQLite file or a PostgreSQL server.

A change is a function that takes an open connection as its first argument, and is one transaction: `write` runs it,
commits what it did, and may run it again when it lost a race, so a change touches nothing but its connection. Three
ways of writing say who has to wait. On SQLite, which has one writer, they are the same; on PostgreSQL many programs
write at once, and the rules that keep them apart are told in `storage/postgres.py`. The fourth, `erase`, deletes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from storage.bell import Listener
from storage.errors import NotFound

P = ParamSpec("P")
T = TypeVar("T")

Place = Path | str
"""Where a library is: an SQLite file, or the address of a PostgreSQL database (`postgresql://user@host/name`)."""


class Presence(Protocol):
    """That this program is alive, for as long as it is, seen by every program on the same library."""

    name: str

    def alive(self, name: str) -> bool:
        """Whether the presence called `name` is held by any program, this one included."""
        ...

    def serve(self, *, alone: bool) -> bool:
        """Say that this program serves the queue, until it ends; False when those who do so must not be joined.

        On an SQLite file that is for the lock in its folder to say.
        """
        ...

    def has_company(self) -> bool:
        """Whether programs with other settings and other weights serve the queue too."""
        ...

    def keep_serving(self) -> None:
        """Nothing while what `serve` promised holds, or where it was never asked.

        Raises:
            StorageError: Somebody else serves the queue by now who must not be joined.
        """
        ...


class Source(Protocol):
    """A database to read from, which stays as it is. Safe to use from any thread.

    Attributes:
        name: What sentences call it; holds no password.
    """

    @property
    def name(self) -> str: ...

    def read(self) -> AbstractContextManager[Connection]:
        """A transaction that reads one snapshot, and waits for nobody."""
        ...

    def is_new(self) -> bool:
        """Whether it holds nothing yet.

        Raises:
            NotALibrary: It holds something that Easel did not write.
        """
        ...

    def scratch(self) -> AbstractContextManager[Connection]:
        """A transaction in which everything that is there may be changed, tables included, and nothing is kept."""
        ...

    def close(self) -> None: ...


class Database(Source, Protocol):
    """One open database. Safe to use from any thread."""

    def write(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that stays within one session: it waits for nobody but writers of that session."""
        ...

    def write_in_turn(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that other changes of this kind must not run beside: taking jobs from the queue."""
        ...

    def write_alone(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that touches what several sessions share, while nobody else writes."""
        ...

    def erase(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change as `write_alone`, whose deletions are for good: files and copies of older tables forget them."""
        ...

    def keep_to(self, check: Callable[[Connection], object]) -> None:
        """Have `check` run before every change from now on, and after a read that went wrong in a way of its own.

        It raises the `StorageError` that is to be told instead.
        """
        ...

    def listen(self) -> Listener:
        """Hears of changes as far as the database tells of them; a hint, no promise."""
        ...

    def appear(self, name: str) -> Presence:
        """Mark this program as alive under a name until the database is closed or the process dies."""
        ...

    def guarded(self, tx: Connection) -> AbstractContextManager[None]:
        """Turn the database's own complaints within a block into `StorageError`s that leave `tx` usable."""
        ...

    def integrity_faults(self, tx: Connection) -> list[str]:
        """What the database's own check of its files finds wrong, a sentence each."""
        ...

    def foreign_key_faults(self, tx: Connection) -> list[str]:
        """Rows that point to rows which do not exist, a sentence each."""
        ...

    def size(self) -> int:
        """How large it is, in bytes."""
        ...

    # For `storage.migrate`, in this order, with `is_new` after the first.

    def alone(self) -> AbstractContextManager[None]:
        """Keep other programs from opening the library, and from changing its tables, during a block."""
        ...

    def prepare(self) -> None:
        """Make and check the settings without which nothing would be safe. Call it `alone`.

        Raises:
            StorageError: One of them is not as it must be.
        """
        ...

    def back_up_before(self, revision: str) -> Path | None:
        """Copy everything to a file before its tables change; None where the server's own backups do that."""
        ...

    def migrating(self) -> AbstractContextManager[Connection]:
        """A transaction in which tables may change, while nobody else writes. Call it `alone`."""
        ...

    def copy_to(self, target: Path) -> None:
        """Write a complete, consistent copy into a file. It appears under its name only when it is whole.

        Raises:
            StorageError: A server is backed up by its own tools; the sentence names them.
        """
        ...


def open_database(place: Place, busy_timeout: float) -> Database:
    """Open the database that is meant; an SQLite file is made if need be, a server's database must exist.

    Args:
        place: Which one.
        busy_timeout: Seconds that a writer waits for others before `Busy`.

    Raises:
        Unreachable: The server does not answer, or does not let this user in.
        NoAddress: The address is not understood.
        StorageError: A package is missing.
    """
    if isinstance(place, Path):
        from storage.sqlite import open_file

        return open_file(place, busy_timeout)
    from storage.postgres import open_server

    return open_server(place, busy_timeout)


@contextmanager
def opened_to_read(place: Place, busy_timeout: float) -> Generator[Source]:
    """A database during a block, as far as it can be read without a trace; errors as by `open_database`.

    Raises:
        NotFound: There is no such file.
    """
    if isinstance(place, Path):
        if not place.exists():
            raise NotFound(f"There is no library {place}.")
        from storage import sqlite

        with sqlite.opened_to_read(place, busy_timeout) as file:
            yield file
    else:
        with closing(open_database(place, busy_timeout)) as database:
            yield database
