"""Everything that is SQLite's own: opening the file, transactions, sentences for its errors, backup, integrity.

`SqliteDatabase` gives two kinds of transaction. `write` is a `BEGIN IMMEDIATE` on the process's one writer connection,
under a lock that all Easel processes on the file share, so writers wait for each other instead of failing.
`read()` is a deferred transaction on one of several read-only connections: one consistent snapshot, never blocked by
writers. Every connection runs with WAL, `synchronous=FULL`, foreign keys and a busy timeout, and opening fails
unless the settings took effect.

All that is SQLite's own is in this module and in `storage/locks.py`; `storage/postgres.py` is the other database.
"""

from __future__ import annotations

import errno
import glob
import os
import shutil
import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Concatenate

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from storage.bell import Bell, Listener
from storage.database import P, T
from storage.errors import Busy, Damaged, DiskFull, NotALibrary, NotWritable, StorageError
from storage.locks import FilePresence, LockTimeout, WriteLock

APPLICATION_ID = 0x4561736C  # "Easl", in the file's header: this database is Easel's
READERS = 8
FULL = 2  # of PRAGMA synchronous: a commit is on the disk, not only with the operating system
INCREMENTAL = 2  # of PRAGMA auto_vacuum: empty pages are given back to the disk when that is asked for
SHRUNK_PAGES = 2000
"""How many pages are given back at once: 8 MB, during which nobody else writes."""
SPARE_BYTES = 1 << 20
LOCK = ".lock"
ERASE_SECONDS = 1.0
"""How long a deletion waits for readers, before it leaves the log to be emptied by a later write."""
BEFORE = ".before-"
"""Copies that migrations made are named after the file, this, and the migration."""


class SqliteFile:
    """One file that is read, and nothing more. Safe to use from any thread.

    Args:
        path: The database file.
        busy_timeout: Seconds to wait for others before `Busy`.
        parameters: What SQLite is told of it, as in an address: `mode=ro`.
    """

    def __init__(self, path: Path, busy_timeout: float, parameters: Mapping[str, str] | None = None) -> None:
        self.name = str(path)
        self.path = path
        self._timeout = busy_timeout
        self._parameters = parameters or {}
        self._check: Callable[[Connection], object] = lambda _: None
        self._readers = self._engine(begin="BEGIN", pool_size=READERS, query_only=True)

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that reads one snapshot."""
        with translated(self.path), self._readers.connect() as connection:
            connection.begin()  # undone on return to the pool: there is nothing to commit
            try:
                yield connection
            except StorageError:
                raise
            except Exception:
                self._check(connection)
                raise

    def is_new(self) -> bool:
        """Whether the file holds nothing yet.

        Raises:
            NotALibrary: It holds something that Easel did not write.
        """
        with self.read() as connection:
            tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            owner = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if tables and owner != APPLICATION_ID:
            raise NotALibrary(
                f"{self.path} is a database of another program; move it away or choose another data folder."
            )
        return not tables

    def copy_to(self, target: Path) -> None:
        """Write a compact, consistent copy. It appears under its name only when it is whole and on the disk."""
        part = target.with_name(target.name + ".part")
        with translated(target):
            part.unlink(missing_ok=True)
            try:
                with translated(self.path), self._readers.connect() as connection:
                    raw = _raw(connection)
                    raw.execute("PRAGMA query_only=OFF")
                    try:
                        with suppress(sqlite3.OperationalError):  # a file that is only read gives its own way on
                            raw.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")  # of the copy
                        raw.execute("VACUUM INTO ?", (str(part),))
                    finally:
                        raw.execute("PRAGMA query_only=ON")
                part.chmod(0o600)
                _sync(part)
                part.replace(target)
                _sync(target.parent)
            finally:
                part.unlink(missing_ok=True)

    @contextmanager
    def scratch(self) -> Generator[Connection]:
        """A transaction in which tables may change, on a copy that is gone afterwards."""
        with TemporaryDirectory(prefix="easel-") as folder:
            self.copy_to(Path(folder) / "easel.db")
            with closing(open_file(Path(folder) / "easel.db", self._timeout)) as copy, copy.alone():
                copy.prepare()
                with copy.migrating() as connection:
                    yield connection

    def close(self) -> None:
        self._readers.dispose()

    def _engine(self, begin: str, pool_size: int, query_only: bool = False) -> Engine:
        engine = create_engine(
            URL.create("sqlite", database=self.path.as_uri(), query={**self._parameters, "uri": "true"}),
            # isolation_level None: the driver begins nothing by itself, not even before DDL.
            connect_args={"timeout": self._timeout, "isolation_level": None, "check_same_thread": False},
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=self._timeout * 2,
        )

        def connect(raw: sqlite3.Connection, _: object) -> None:
            raw.execute(f"PRAGMA busy_timeout={round(self._timeout * 1000)}")
            raw.execute(f"PRAGMA synchronous={FULL}")
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute("PRAGMA secure_delete=ON")  # what was deleted does not linger in free pages
            raw.execute(f"PRAGMA query_only={'ON' if query_only else 'OFF'}")
            raw.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows a to z alone

        def begin_transaction(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        event.listen(engine, "connect", connect)
        event.listen(engine, "begin", begin_transaction)
        return engine


class SqliteDatabase(SqliteFile):
    """One open file. Safe to use from any thread.

    Args:
        path: The database file; its folder exists.
        busy_timeout: Seconds that a writer waits for others before `Busy`.
    """

    def __init__(self, path: Path, busy_timeout: float) -> None:
        super().__init__(path, busy_timeout)
        self._bell = Bell(path.with_name(path.name + ".bell"))
        self._erased = False  # whether the log may still hold what was erased
        self._closing = ExitStack()
        with translated(path), self._closing:
            self._lock = WriteLock(path.with_name(path.name + LOCK))
            self._closing.callback(self._lock.close)
            self._writer = self._engine(begin="BEGIN IMMEDIATE", pool_size=1)
            self._closing.callback(self._writer.dispose)
            self._closing.callback(super().close)
            self._closing = self._closing.pop_all()

    def appear(self, name: str) -> FilePresence:
        """Mark this program as alive under a name until the presence is closed or the process dies."""
        with translated(self.path), self.alone():  # nobody sweeps a file away that another has not locked yet
            presence = FilePresence(self.path.with_name(self.path.name + ".live"), name)
            presence.sweep()
        self._closing.callback(presence.close)
        return presence

    def keep_to(self, check: Callable[[Connection], object]) -> None:
        self._check = check

    def listen(self) -> Listener:
        return self._bell.listen()

    def write(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change as the only writer: committed when it returns, undone if it raises."""
        return self._write(lambda tx: change(tx, *args, **kwargs))

    def _write(self, change: Callable[[Connection], T], patience: float = 0.0) -> T:
        """Run a change; `patience` is how many seconds readers may hinder the log from being emptied after it."""
        with translated(self.path), self._writer.connect() as connection, self.alone():
            with connection.begin():
                self._check(connection)
                made = change(connection)
            if self._erased:
                self._empty_log(_raw(connection), patience)
        self._bell.ring()
        return made

    def write_in_turn(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.write(change, *args, **kwargs)  # no other write runs beside any

    def write_alone(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        return self.write(change, *args, **kwargs)

    def erase(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that deletes for good: from the log too, and with the copies of older tables.

        A program that goes on reading what was there before needs the log; then a later write empties it.
        """

        def erase(tx: Connection) -> T:
            made = change(tx, *args, **kwargs)
            for copy in self.path.parent.glob(f"{glob.escape(self.path.name)}{BEFORE}*"):
                copy.unlink()  # before the commit: whoever is told that it is gone can rely on that
            self._erased = True
            return made

        made = self._write(erase, ERASE_SECONDS)
        with suppress(StorageError):  # it is deleted, whatever hinders the file from becoming smaller
            while self._shrink():
                pass
        return made

    def _shrink(self) -> bool:
        """Give some of the file's empty pages back to the disk, so that others may write in between; gives whether
        there are more. Files that were made before `prepare` chose how keep theirs, and fill them again."""
        with translated(self.path), self._writer.connect() as connection, self.alone():
            raw = _raw(connection)
            [(before,)] = raw.execute("PRAGMA freelist_count")
            raw.executescript(f"PRAGMA incremental_vacuum({SHRUNK_PAGES})")  # `execute` would stop after one page
            self._empty_log(raw)
            [(empty,)] = raw.execute("PRAGMA freelist_count")
        return 0 < empty < before

    def _empty_log(self, raw: sqlite3.Connection, patience: float = 0.0) -> None:
        """Bring the log into the file, where nothing lingers, and empty it, unless a reader needs it. Call it `alone`.

        That is no part of a change: whatever hinders it hinders no change, and the next one tries again.
        """
        with suppress(sqlite3.Error):
            raw.execute(f"PRAGMA busy_timeout={round(patience * 1000)}")
            [(hindered, _, _)] = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._erased = bool(hindered)
        raw.execute(f"PRAGMA busy_timeout={round(self._timeout * 1000)}")

    @contextmanager
    def alone(self) -> Generator[None]:
        """Keep every other Easel process from writing and checkpointing."""
        with translated(self.path), self._lock.held(self._timeout):
            yield

    def prepare(self) -> None:
        """Switch a new file to WAL, and check that every setting took effect. Call it `alone`.

        Raises:
            StorageError: The file system or another connection did not let a setting take effect.
        """
        with translated(self.path), self._writer.connect() as connection:
            raw = _raw(connection)
            raw.execute(f"PRAGMA auto_vacuum={INCREMENTAL}")  # of a new file; others stay as they are
            raw.execute("PRAGMA journal_mode=WAL")
            self._empty_log(raw)  # a program may have been killed before it did
            self._check_settings(raw)
        self._readers.dispose()  # a connection from before the switch still believes in the old journal
        with translated(self.path), self._readers.connect() as connection:
            self._check_settings(_raw(connection))

    def _check_settings(self, raw: sqlite3.Connection) -> None:
        wanted = {
            "journal_mode": "wal",
            "synchronous": FULL,
            "foreign_keys": 1,
            "busy_timeout": round(self._timeout * 1000),
        }
        for name, expected in wanted.items():
            if (found := raw.execute(f"PRAGMA {name}").fetchone()[0]) != expected:
                raise StorageError(
                    f"The database {self.path} cannot be kept safe: {name} is {found!r} instead of {expected!r}; "
                    "keep the data folder on a local disk."
                )

    @contextmanager
    def migrating(self) -> Generator[Connection]:
        """A write transaction with foreign keys off, for changes of tables; references are checked at its end.

        Call it `alone`. (SQLite checks references while a table is rebuilt otherwise, and the setting cannot be
        changed inside a transaction.)
        """
        with translated(self.path), self._writer.connect() as connection:
            raw = _raw(connection)
            raw.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
                    if broken := self.foreign_key_faults(connection):
                        raise Damaged(f"The database {self.path} could not be brought up to date: {broken[0]}")
            finally:
                raw.execute("PRAGMA foreign_keys=ON")

    def back_up_before(self, revision: str) -> Path:
        """Copy the file beside itself before its tables change."""
        backup = self.path.with_name(f"{self.path.name}{BEFORE}{revision}.backup")
        self.copy_to(backup)
        return backup

    @contextmanager
    def guarded(self, tx: Connection) -> Generator[None]:
        """Turn SQLite's own complaints within a block into `StorageError`s."""
        del tx  # a failed statement does not spoil the transaction
        with translated(self.path):
            yield

    def integrity_faults(self, tx: Connection) -> list[str]:
        """What SQLite's own check finds wrong with the file, a sentence each."""
        rows = tx.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        return [f"The database file is damaged: {row}." for row in rows if row != "ok"]

    def foreign_key_faults(self, tx: Connection) -> list[str]:
        """Rows that point to rows which do not exist, a sentence each."""
        rows = tx.exec_driver_sql("PRAGMA foreign_key_check").all()
        return [f"Row {row} of {table} points to a missing row of {parent}." for table, row, parent, _ in rows]

    def size(self) -> int:
        return self.path.stat().st_size

    def close(self) -> None:
        self._closing.close()


def open_file(path: Path, busy_timeout: float) -> SqliteDatabase:
    """Open or create the file, readable by its owner alone, in a folder that is made if need be."""
    path = path.absolute()  # the working folder may change later
    if path.parent.is_symlink() and not path.parent.exists():
        raise NotWritable(f"{path.parent} is a link to {path.parent.readlink()}, which is not there.")
    with translated(path):
        above = next(place for place in path.parents if place.exists())
        if not above.is_dir():
            raise NotWritable(f"{above} is a file, not a folder; choose another data folder.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    return SqliteDatabase(path, busy_timeout)


@contextmanager
def opened_to_read(path: Path, busy_timeout: float) -> Generator[SqliteFile]:
    """A file to read during a block, as it is left, with all around it; nothing there need be writable.

    Raises:
        Busy: Another program writes to it for too long.
    """
    path = path.absolute()
    log = path.with_name(path.name + "-wal")
    with ExitStack() as closed:
        with translated(path), suppress(FileNotFoundError):  # who has never written left no lock
            lock = WriteLock(path.with_name(path.name + LOCK), shared=True)
            closed.callback(lock.close)
            if not log.exists():  # nobody has it open: whoever comes waits, as this reader would not see him
                closed.enter_context(lock.held(busy_timeout))
        # Read along with others, SQLite leaves files behind, or fails where it cannot make them.
        how = {"mode": "ro"} if log.exists() else {"immutable": "1"}
        yield closed.enter_context(closing(SqliteFile(path, busy_timeout, how)))


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Turn what SQLite and the file system raise into the errors of `storage.errors`."""
    try:
        yield
    except LockTimeout:
        raise _busy(path) from None
    except PoolTimeout:  # this very program holds it
        raise Busy(
            "Easel is busy with a long change of its database, such as a deletion; try again in a moment."
        ) from None
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise _sentence(path, error.orig, error) from error
        raise
    except sqlite3.Error as error:
        raise _sentence(path, error, error) from error
    except UnicodeDecodeError as error:  # a damaged text
        raise Damaged(f"The database {path} is damaged ({error}); restore a backup of it.") from error
    except OSError as error:
        raise _not_writable(path, error) from error


def _sentence(path: Path, error: sqlite3.Error, otherwise: Exception) -> Exception:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    match code and code & 0xFF:  # the low byte is the kind, the rest says more
        case sqlite3.SQLITE_FULL:
            return _disk_full(path)
        case sqlite3.SQLITE_IOERR if _no_space_left(path):  # what a full disk looks like in the files beside it
            return _disk_full(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return _busy(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return _not_writable(path, error)
        case sqlite3.SQLITE_NOTADB:
            return NotALibrary(f"{path} is not a database; move it away or choose another data folder.")
        case sqlite3.SQLITE_CORRUPT:
            return Damaged(f"The database {path} is damaged ({error}); restore a backup of it.")
        case sqlite3.SQLITE_IOERR:
            return StorageError(f"The disk that holds {path} could not be read or written ({error}).")
        case sqlite3.SQLITE_TOOBIG:
            return StorageError("That is too large to keep: one value may have 1,000,000,000 bytes.")
        case _:
            return otherwise


def _busy(path: Path) -> Busy:
    return Busy(f"Another program holds the database {path}; close it, or try again in a moment.")


def _disk_full(path: Path) -> DiskFull:
    return DiskFull(f"The disk that holds {path} is full; nothing was changed. Free some space and try again.")


def _no_space_left(path: Path) -> bool:
    with suppress(OSError):
        return shutil.disk_usage(path.parent).free < SPARE_BYTES
    return False


def _not_writable(path: Path, error: Exception) -> StorageError:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _disk_full(path)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return NotWritable(
        f"{path} may not be written ({reason}); give yourself the right to write there or choose another data folder."
    )


def _lower(words: str | None) -> str | None:
    return words and words.lower()


def _raw(connection: Connection) -> sqlite3.Connection:
    """The driver's connection, for statements that must run outside a transaction."""
    raw: Any = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    with suppress(OSError):  # some file systems cannot sync a folder
        os.fsync(file)
    os.close(file)
