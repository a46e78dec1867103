"""Everything that is PostgreSQL's own: connections, transactions, who waits for whom, presence, sentences for errors.

Many programs on many machines write at once. What one writer at a time gives SQLite is held here by locks, which end
with their transaction or their connection, taken always in this order, so that no two writers wait for each other:

1. The *library* (advisory): shared by every change, alone for one that touches what sessions share. Deleting a session
   drops turns, pictures and bytes that no session lists any more, and so may not run beside a branch that is just
   listing them; closing a dead program's turns locks several sessions.
2. The *queue* (advisory): claims and releases of jobs follow each other, so sessions are served strictly in turn.
3. The *session's row* (`storage.rows.held_session`): everything that numbers, adds to or ends something in a session.
4. *Jobs' rows*: the fence of an attempt. A claim takes 3 and 4 together and skips what is locked: it waits for neither.
5. *Bytes*: the unique key of a new blob; two pictures of the same bytes wait for each other.

Changes run as READ COMMITTED: after a lock, the next statement sees what its last holder left. Two programs that
insert the same key at once (a user's name, a session's given id, the bytes of a picture) make one of them fail; it is
run again from its beginning and finds the other's row, as is a deadlock's victim, should there ever be one. Reads are
one REPEATABLE READ, read-only snapshot, and wait for nobody.

Every change tells all programs that it was made (`NOTIFY`, at its commit); who waits is woken by the thread of the
presence, which listens. What gets lost with a connection costs a later look.

Programs on several machines have several clocks: where this one's is off, leases and times follow the server's.
"""

from __future__ import annotations

import math
import os
import random
import re
import select
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Concatenate

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy import select as select_rows
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from storage.bell import InnerBell, Listener
from storage.database import P, T
from storage.errors import Busy, Damaged, DiskFull, NoAddress, NotALibrary, NotWritable, StorageError, Unreachable
from storage.rows import CLOCK, Clock
from storage.tables import metadata

try:
    import psycopg
except ImportError as error:  # also where neither its binary package nor libpq is there
    raise StorageError(
        f"EASEL_DATABASE names a PostgreSQL database, which needs a package more ({error}): pip install '.[postgres]'."
    ) from error

MARK = "Easel"
"""The comment on `alembic_version`: these tables are Easel's."""
SPACE = 0x4561736C  # "Easl"; what other programs lock in the same database has another first number
LIBRARY, QUEUE, OPENING, WORKERS = 1, 2, 3, 4
CONNECTIONS = 8
RECYCLE_SECONDS = 600
TRIES = 5
LOST_RACES = ("40001", "40P01", "23505")  # serialization failure, deadlock, a key that another has just inserted
IDLE_SECONDS = 60
"""A program that stands still in the middle of a change loses its connection, and with it what it keeps others from."""
ANSWER_SECONDS = 60.0
"""How long any answer may take, but where tables change; a lock is waited for at most as long as `Busy` takes."""
CLOCK_SECONDS = 0.5
"""Clocks that agree this well are left alone, so that measuring them does not shuffle what comes shortly after."""
LOOK_SECONDS = 10.0
RETURN_SECONDS = 2.0
"""After a restart of the server, how long its programs have to appear again before they are taken for dead."""
RING_SECONDS = 0.05
"""Changes that follow each other quicker wake who waits once: it looks at everything each time."""
CHANNEL = "easel"
_RING = f"pg_notify('{CHANNEL}', '')"
_SHORT_IDLING = f"set_config('idle_in_transaction_session_timeout', '{IDLE_SECONDS * 1000}', true)"
CREATED = "createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0"
"""How a database is made; in locale C a search for "äpfel" would not find "ÄPFEL"."""
ADDRESS = "postgresql://USER:PASSWORD@HOST/DATABASE"


class Patient(psycopg.Connection[Any]):
    """A connection that counts as lost once a statement has had no answer for `ANSWER_SECONDS`.

    A server whose machine or disk stands still may hold the line open for ever.
    """

    endlessly = False
    """Whether any statement may take as long as it needs."""

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
        return super().wait(gen if self.endlessly else self._answered(gen), *args, **kwargs)

    def _answered(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        """What the driver waits for, which it looks at many times a second."""
        end = time.monotonic() + ANSWER_SECONDS
        try:
            state = next(gen)
            while True:
                ready = yield state
                if time.monotonic() > end:
                    self.pgconn.finish()
                    raise psycopg.OperationalError("the server does not answer")
                state = gen.send(ready)
        except StopIteration as done:
            return done.value


def _connect(dialect: Any, record: Any, address: Sequence[Any], options: Mapping[str, Any]) -> Patient:
    """Connects; what the driver itself does not take, an option that there is not for instance, is no connection."""
    del dialect, record
    try:
        return Patient.connect(*address, **options)
    except (psycopg.ProgrammingError, UnicodeError) as error:
        raise psycopg.OperationalError(str(error)) from error


class PostgresDatabase:
    """One database on a server. Safe to use from any thread.

    Attributes:
        told: What sentences call it. Its address, until it is open: later ones are read by people who use a page.
    """

    def __init__(self, url: URL, busy_timeout: float) -> None:
        self.name = self.told = _shown(url)
        self.bell = InnerBell()
        self._timeout = busy_timeout
        self._check: Callable[[Connection], object] = lambda _: None
        self._clock = Clock()
        self._closing = ExitStack()
        defaults: dict[str, Any] = {
            "application_name": "easel",
            "connect_timeout": max(2, math.ceil(busy_timeout)),
            # A cut cable is noticed within half a minute, on both ends (the server's half is set on connecting).
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,  # ms; the same while something that was sent is not confirmed
        }
        options: dict[str, Any] = {
            "isolation_level": "READ COMMITTED",
            # Plans that the server keeps by name would break when a newer program changes the tables.
            "connect_args": {key: value for key, value in defaults.items() if key not in url.query}
            | {"prepare_threshold": None},
            "use_native_hstore": False,
        }
        self._engine = create_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=busy_timeout * 2,
            pool_pre_ping=True,
            pool_recycle=RECYCLE_SECONDS,
            **options,
        )
        self._apart = create_engine(url, poolclass=NullPool, **options)
        for engine in (self._engine, self._apart):
            event.listen(engine, "do_connect", _connect)
            event.listen(engine, "connect", self._connected)
        self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._closing.callback(self._engine.dispose)

    def _connected(self, raw: psycopg.Connection[Any], record: Any) -> None:
        settings = {
            "lock_timeout": round(self._timeout * 1000),
            "idle_session_timeout": 0,
            "synchronous_commit": "on",  # a commit is on the server's disk, whatever the role's default is
            "tcp_keepalives_idle": 10,
            "tcp_keepalives_interval": 5,
            "tcp_keepalives_count": 3,
        }
        chosen = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in settings.items())
        began = datetime.now(UTC)
        row = raw.execute(f"SELECT clock_timestamp(), {chosen}".encode()).fetchone()
        raw.commit()
        assert row is not None
        ahead = row[0] - began - (datetime.now(UTC) - began) / 2
        self._clock.ahead = ahead if abs(ahead.total_seconds()) > CLOCK_SECONDS else timedelta()
        record.info[CLOCK] = self._clock

    def write(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that stays within one session: it waits for nobody but writers of that session."""
        return self._again(_shared(LIBRARY), lambda tx: change(tx, *args, **kwargs))

    def write_in_turn(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that other changes of this kind must not run beside: taking jobs from the queue."""
        locks = f"{_shared(LIBRARY)}, {_exclusive(QUEUE)}"
        return self._again(locks, lambda tx: change(tx, *args, **kwargs))

    def write_alone(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that touches what several sessions share, while nobody else writes."""
        return self._again(_exclusive(LIBRARY), lambda tx: change(tx, *args, **kwargs))

    def erase(self, change: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a change that deletes for good; when the server's files and archives forget it is for the server."""
        return self.write_alone(change, *args, **kwargs)

    def _again(self, locks: str, change: Callable[[Connection], T]) -> T:
        """Run a change until it loses no race, a few times at most."""
        with self.translated():
            for attempt in range(1, TRIES):
                try:
                    return self._once(locks, change)
                except DBAPIError as error:
                    if _state(error) not in LOST_RACES:
                        raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))
            return self._once(locks, change)

    def _once(self, locks: str, change: Callable[[Connection], T]) -> T:
        with self._patiently(self._engine.connect) as connection:
            with connection.begin() as transaction:
                connection.exec_driver_sql(f"SELECT {_SHORT_IDLING}, {locks}, {_RING}")
                self._check(connection)  # a statement of its own: it sees what the last holder of the locks left
                result = change(connection)
                try:
                    transaction.commit()
                except DBAPIError as error:
                    if error.connection_invalidated:  # whether the server had committed, nobody can say
                        raise Unreachable(
                            f"The connection to {self.told} broke while a change was being saved; look whether it is "
                            "there before you repeat it."
                        ) from error
                    raise
            return result

    @contextmanager
    def read(self) -> Generator[Connection]:
        """A transaction that reads one snapshot."""
        with self.translated(), self._patiently(self._reader.connect) as connection:
            connection.begin()  # undone on return to the pool: there is nothing to commit
            try:
                yield connection
            except StorageError:
                raise
            except Exception as error:
                with suppress(DBAPIError):  # the connection is lost, too
                    connection.rollback()
                    self._check(connection)
                raise error

    def _patiently(self, connect: Callable[[], T]) -> T:
        """Connects as soon as the server, or the pool, has a connection free; others may hold all for a while."""
        end = time.monotonic() + self._timeout
        while True:
            try:
                return connect()
            except (DBAPIError, psycopg.Error) as error:
                reason = error.orig if isinstance(error, DBAPIError) else error
                if not isinstance(reason, psycopg.Error) or not _crowded(reason) or time.monotonic() > end:
                    raise
            time.sleep(random.uniform(0.05, 0.15))

    def keep_to(self, check: Callable[[Connection], object]) -> None:
        self._check = check

    def listen(self) -> Listener:
        """Hears every change of every machine while the `Library` is open, but for what a lost connection misses."""
        return self.bell.listen()

    def appear(self, name: str) -> ServerPresence:
        """Mark this program as alive under a name until the database is closed or the process dies."""
        presence = ServerPresence(self, name)
        self._closing.callback(presence.close)
        self.told = "the database"
        return presence

    def lasting_connection(self) -> psycopg.Connection[Any]:
        """A connection of its own, outside of the pool and of any transaction; the caller closes it."""
        made = self._patiently(self._apart.raw_connection)
        raw: Any = made.driver_connection
        made.detach()
        raw.autocommit = True
        return raw

    @contextmanager
    def guarded(self, tx: Connection) -> Generator[None]:
        """Turn the server's complaints within a block into `StorageError`s, after which `tx` can be used."""
        with self.translated(), tx.begin_nested():  # a failed statement spoils everything up to the last savepoint
            yield

    def integrity_faults(self, tx: Connection) -> list[str]:
        """None: the server checks its pages by itself as they are read, where it was set up with checksums."""
        del tx
        return []

    def foreign_key_faults(self, tx: Connection) -> list[str]:
        """Rows that point to rows which do not exist, a sentence each."""
        faults: list[str] = []
        for table in metadata.sorted_tables:
            for key in sorted(table.foreign_keys, key=lambda key: key.parent.name):
                parent = select_rows(key.column).where(key.column == key.parent)
                broken = select_rows(key.parent).where(key.parent.is_not(None), ~parent.exists()).distinct()
                faults += [
                    f"A row of {table.name} points to a missing row of {key.column.table.name}, {found}."
                    for found in tx.execute(broken).scalars()
                ]
        return faults

    def size(self) -> int:
        with self.read() as tx:
            return tx.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()

    @contextmanager
    def alone(self) -> Generator[None]:
        """Keep other programs from opening the library, and from changing its tables, during a block."""
        with self.translated():
            connection = self.lasting_connection()
            try:
                connection.execute("SELECT pg_advisory_lock(%s, %s)", [SPACE, OPENING])
                yield
            finally:
                connection.close()

    def is_new(self) -> bool:
        """Whether the schema holds nothing yet.

        Raises:
            NotALibrary: It holds something that Easel did not write.
        """
        with self.read() as tx:
            schema, tables, mark = tx.exec_driver_sql(
                "SELECT current_schema(),"
                " (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(current_schema()))"
                "  AND relkind IN ('r', 'p', 'v', 'm', 'f')"
                "  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid"
                "   AND deptype = 'e')),"
                " obj_description(to_regclass(quote_ident(current_schema()) || '.alembic_version'), 'pg_class')"
            ).one()
        if schema is None:
            raise StorageError(f"{self.name} has none of the schemas in its search_path; make one of them.")
        if tables and mark != MARK:
            raise NotALibrary(
                f"{self.name} holds tables of another program (schema {schema}); name a database of Easel's own."
            )
        return not tables

    def prepare(self) -> None:
        """Check that the database can hold any text.

        Raises:
            StorageError: It cannot.
        """
        with self.read() as tx:
            encoding = tx.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise StorageError(
                f"{self.name} keeps text as {encoding}, which cannot hold every word; make it anew with: {CREATED}."
            )

    def back_up_before(self, revision: str) -> None:
        """Nothing: a server has backups of its own, and the change of its tables is one transaction."""

    @contextmanager
    def migrating(self) -> Generator[Connection]:
        """A transaction in which tables may change, while nobody else writes. Call it `alone`."""
        with self.translated(), self._patiently(self._engine.connect) as connection, connection.begin():
            raw: Any = connection.connection.driver_connection
            raw.endlessly = True
            try:
                connection.exec_driver_sql(f"SELECT {_exclusive(LIBRARY)}")
                yield connection
            finally:
                raw.endlessly = False
            connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{MARK}'")

    @contextmanager
    def scratch(self) -> Generator[Connection]:
        """A transaction in which tables may change, undone at its end; nobody else writes meanwhile."""
        with suppress(_Undone), self.alone(), self.migrating() as connection:
            yield connection
            raise _Undone

    def copy_to(self, target: Path) -> None:
        raise StorageError(
            f"{target} was not written: a PostgreSQL database is backed up by its server's own tools, such as "
            f"pg_dump --format=custom --file={target.name} …"
        )

    def close(self) -> None:
        self._closing.close()

    @contextmanager
    def translated(self) -> Generator[None]:
        """Turn what the driver raises into the errors of `storage.errors`."""
        try:
            yield
        except PoolTimeout:
            raise _taken(self.told) from None
        except DBAPIError as error:
            if isinstance(error.orig, psycopg.Error):
                raise _sentence(self.told, error.orig, error.connection_invalidated, error) from error
            raise
        except psycopg.Error as error:
            raise _sentence(self.told, error, False, error) from error


class _Undone(Exception):
    """Ends a transaction of which nothing is kept."""


class ServerPresence:
    """An advisory lock on a connection of its own; a thread takes it again should the connection be lost.

    The same thread hears of changes, and rings the database's bell.

    The server frees it when the process dies (at once), or its machine or the network between (within half a minute).
    Names are random, so that the 64 bits of a name's hash are nobody else's.
    """

    def __init__(self, database: PostgresDatabase, name: str) -> None:
        self.name = name
        self._database = database
        self._mutex = threading.Lock()  # one statement at a time on the connection
        self._serve = ""  # the statement that takes the lock of those who serve the queue, once it has been got
        self._serves = False  # whether it is held
        self._connection = self._appeared()
        self._leaving, self._leave = os.pipe()
        self._thread = threading.Thread(target=self._stay, name="easel-presence", daemon=True)
        self._thread.start()

    def alive(self, name: str) -> bool:
        """Whether the presence called `name` is held by any program, this one included."""
        if name == self.name:
            return True
        with self._database.translated(), self._mutex:
            if self._connection.closed:
                self._connection = self._appeared()
            row = self._connection.execute(
                "SELECT pg_try_advisory_xact_lock_shared(%s), clock_timestamp() - pg_postmaster_start_time()",
                [_number(name)],
            ).fetchone()
        assert row is not None
        free, running = row
        return not free or running < timedelta(seconds=RETURN_SECONDS)

    def serve(self, *, alone: bool) -> bool:
        """Say that this program serves the queue, until it ends; False when those who do so must not be joined."""
        kind = "pg_try_advisory_lock" if alone else "pg_try_advisory_lock_shared"
        statement = f"SELECT {kind}({SPACE}, {WORKERS})"
        with self._database.translated(), self._mutex:
            if serves := _told(self._connection, statement):
                self._serve, self._serves = statement, True
        return serves

    def has_company(self) -> bool:
        """Whether other programs hold the lock of those who serve the queue."""
        with self._database.translated(), self._mutex:
            return _told(
                self._connection,
                "SELECT count(*) > 1 FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                " WHERE datname = current_database() AND locktype = 'advisory' AND granted"
                f" AND classid = {SPACE} AND objid = {WORKERS} AND objsubid = 2",  # of two numbers
            )

    def keep_serving(self) -> None:
        """Raise `StorageError` where a lost connection let somebody else in with whom the queue is not shared.

        Each call tries to come back, so that this program goes on once the other has ended.
        """
        if not self._serve:
            return
        with self._database.translated(), self._mutex:
            if self._connection.closed:
                self._connection = self._appeared()
            self._serves = _told(self._connection, "SELECT true" if self._serves else self._serve)
        if not self._serves:
            raise StorageError(
                f"The connection to {self._database.told} was lost, and meanwhile another program began to serve its "
                "queue that does not share it; close that one, or this one."
            )

    def _appeared(self) -> psycopg.Connection[Any]:
        with self._database.translated():
            connection = self._database.lasting_connection()
            try:
                connection.execute("SELECT pg_advisory_lock(%s)", [_number(self.name)])
                self._serves = bool(self._serve) and _told(connection, self._serve)
                connection.add_notify_handler(lambda _: self._database.bell.ring())
                connection.execute(f"LISTEN {CHANNEL}".encode())
                self._database.bell.ring()  # for what was missed until now
            except BaseException:
                connection.close()
                raise
            return connection

    def _stay(self) -> None:
        """Waits for what comes on the connection: word of a change, or its own end, after which it appears again."""
        while not self._told_to_leave(0 if self._connection.closed else LOOK_SECONDS):
            with self._mutex:
                with suppress(psycopg.Error):
                    self._connection.execute("SELECT 1")  # reads what has come
                if self._connection.closed:
                    with suppress(StorageError, DBAPIError, psycopg.Error):  # whatever it is, the next try may succeed
                        self._connection = self._appeared()
                pause = 0.2 if self._connection.closed else RING_SECONDS
            if self._told_to_leave(pause, whatever_comes=True):
                return

    def _told_to_leave(self, seconds: float, *, whatever_comes: bool = False) -> bool:
        """Whether to leave, as soon as that, or something on the connection, is known; or only that."""
        watched = select.poll()
        watched.register(self._leaving, select.POLLIN)
        if not whatever_comes:
            with suppress(psycopg.Error):  # it is closed already
                watched.register(self._connection.fileno(), select.POLLIN)
        return self._leaving in [file for file, _ in watched.poll(seconds * 1000)]

    def close(self) -> None:
        os.write(self._leave, b"x")
        self._thread.join()
        with suppress(psycopg.Error):
            # The server frees the locks a moment after the connection's end; whoever asks next must see them free.
            self._connection.execute("SELECT pg_advisory_unlock_all()")
        self._connection.close()
        os.close(self._leave)
        os.close(self._leaving)


def open_server(address: str, busy_timeout: float) -> PostgresDatabase:
    """Open a database by its address; connections are made when they are needed.

    Raises:
        NoAddress: The address is not understood.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in ("postgresql", "postgres"):
        raise NoAddress(
            f"EASEL_DATABASE is no address that Easel knows; write {ADDRESS} (signs such as @, / or # in the password "
            "as %40, %2F, %23), or leave it empty for an SQLite file in the data folder."
        )
    return PostgresDatabase(url.set(drivername="postgresql+psycopg"), busy_timeout)


def _shown(url: URL) -> str:
    """The address without password and options."""
    host = url.host or url.query.get("host") or ""
    user = f"{url.username}@" if url.username else ""
    port = f":{url.port}" if url.port else ""
    return f"postgresql://{user}{host if isinstance(host, str) else ','.join(host)}{port}/{url.database or ''}"


def _shared(what: int) -> str:
    return f"pg_advisory_xact_lock_shared({SPACE}, {what})"


def _exclusive(what: int) -> str:
    return f"pg_advisory_xact_lock({SPACE}, {what})"


def _told(connection: psycopg.Connection[Any], question: str) -> bool:
    """What the server answers to a query for a truth."""
    row = connection.execute(question.encode()).fetchone()
    return row is not None and row[0]


def _number(name: str) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _sentence(name: str, error: psycopg.Error, lost: bool, otherwise: Exception) -> Exception:
    match error.sqlstate or "":
        case "40001" | "40P01" | "55P03" | "57014":  # in order: races, lock and statement timeouts
            return Busy(f"Other programs hold {name} for too long; try again in a moment.")
        case "53300":
            return _taken(name)
        case "53100":
            return DiskFull(f"The disk of {name} is full; nothing was changed. Free some space and try again.")
        case "58030":
            return StorageError(f"The disk of {name} could not be read or written ({_reason(error)}).")
        case "XX001" | "XX002":
            return Damaged(f"There is damage in {name} ({_reason(error)}); restore a backup of it.")
        case "42501" | "25006":
            return NotWritable(
                f"Nothing may be written to {name} ({_reason(error)}); make this user its owner, or name another one."
            )
        case "42704":
            return StorageError(
                f"The server of {name} is too old ({_reason(error)}); Easel needs PostgreSQL 14 or newer."
            )
        case "22001":
            return StorageError(f"That is too long to keep ({_reason(error)}).")
        case "54000" | "53200":
            return StorageError(f"That is too large to keep ({_reason(error)}).")
        case "57P01" | "57P02" | "57P05" | "25P03":  # shut down by an administrator, a crash, for standing idle
            return _lost(name)
        case "" if isinstance(error, psycopg.OperationalError):
            return _lost(name) if lost else _not_let_in(name, error)
        case _:
            return otherwise


def _lost(name: str) -> Unreachable:
    return Unreachable(f"The connection to {name} broke; nothing of that was saved. Try again.")


def _not_let_in(name: str, error: psycopg.Error) -> StorageError:
    """Why there is no connection. The server gives no code before one is let in, only words, most often English."""
    reason = _reason(error)
    if "password" in reason:
        return Unreachable(
            f"The server refused the password for {name}; correct it in the address, PGPASSWORD or ~/.pgpass."
        )
    if re.search(r'database ".*" does not exist', reason):
        return Unreachable(f"There is no database {name}; make it with: {CREATED}.")
    if _crowded(error):
        return _taken(name)
    return Unreachable(
        f"There is no connection to {name} ({reason}); see whether its server runs, or correct its address."
    )


def _reason(error: psycopg.Error) -> str:
    """The last of the driver's reasons, in its first line: of several addresses, or layers, it tells the most."""
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    told = [line for line in lines if "failed: " in line] or lines[:1]
    reason = re.sub(r'.*on socket "(.+?)" failed: +', r"\1: ", told[-1])
    return re.sub(r".*(?:failed|FATAL|ERROR): +", "", reason).strip().rstrip(".")


def _crowded(error: psycopg.Error) -> bool:
    """Whether the server has no connection left to give."""
    return error.sqlstate == "53300" or bool(re.search("too many|connection slots", _reason(error)))


def _taken(name: str) -> Busy:
    return Busy(
        f"All connections to {name} are in use; try again in a moment, or allow its server more (max_connections)."
    )
