"""A PostgreSQL server for the tests: a cluster in a temporary folder, which goes when the tests' process goes.

It runs as a user of its own when the tests run as root, whom PostgreSQL refuses, and takes no care of its files
(`fsync=off`): nothing in it is meant to last. Tests use one library after the other, emptied in between: that takes
milliseconds, a database of its own for each a good part of a second.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path

import psycopg

from storage.library import Library
from storage.postgres import RETURN_SECONDS
from storage.tables import metadata

PASSWORD = "right/@# 50%"
ESCAPED = "right%2F%40%23%2050%25"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, of the newest version that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    beside = shutil.which("initdb")
    return found[-1].parent if found else Path(beside).parent if beside else None


class Server:
    """A running server. `easel` may do everything and needs no password; `guest` needs one."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self._numbers = count(1)

    def address(self, database: str) -> str:
        """The address of a database, by the server's socket."""
        return f"postgresql://easel@/{database}?host={self.folder}&port={self.port}"

    def run(self, statement: str) -> None:
        """A superuser's statement."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def new_database(self) -> str:
        """The address of a new database that holds nothing."""
        name = f"test{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        return self.address(name)

    @cached_property
    def library(self) -> str:
        """The address of a library that tests share one after the other; `empty` it afterwards."""
        address = self.new_database()
        Library.open(address).close()
        return address

    def empty(self, address: str) -> None:
        """Takes everything out of a library, and cuts off whoever a test has left connected to it."""
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SET session_replication_role = replica")  # nothing looks at references
            connection.execute("; ".join(f"DELETE FROM {table}" for table in metadata.tables).encode())


@contextmanager
def running_server(binaries: Path) -> Generator[Server]:
    """A server of its own, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="easel-postgres-"))
    as_user: Sequence[str] = ()
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = (f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")
    data = folder / "data"
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "easel", "-A", "trust", "--no-sync"]
    subprocess.run(
        ["setpriv", *as_user, *initdb, "--encoding=UTF8", "--locale=C.UTF-8"], check=True, capture_output=True, cwd="/"
    )
    (data / "pg_hba.conf").write_text(
        "local all easel trust\nhost all guest 127.0.0.1/32 scram-sha-256\nhost all easel 127.0.0.1/32 trust\n"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = f"port={port} unix_socket_directories={folder} listen_addresses=127.0.0.1 max_connections=200"
    # What needs no care: the data are thrown away.
    settings += " fsync=off synchronous_commit=off full_page_writes=off shared_buffers=32MB autovacuum=off"
    chosen = [part for setting in settings.split() for part in ("-c", setting)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(  # a signal ends it even when the tests are killed
            ["setpriv", *as_user, "--pdeathsig=QUIT", str(binaries / "postgres"), "-D", str(data), *chosen],
            stdout=log,
            stderr=log,
            cwd="/",
        )
    try:
        server = Server(folder, port)
        _wait(server, process)
        server.run(f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'")
        yield server
    finally:
        process.send_signal(3)  # QUIT: without tidying up
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Until it takes connections, and is no longer so young that its programs may still be coming back."""
    until = time.monotonic() + 30
    while True:
        try:
            server.run(f"SELECT pg_sleep({RETURN_SECONDS})")
            return
        except psycopg.OperationalError:
            assert process.poll() is None and time.monotonic() < until, (server.folder / "log").read_text()
            time.sleep(0.02)
