"""Small real libraries for the tests of storage."""

from __future__ import annotations

import multiprocessing
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from multiprocessing.connection import Connection as Pipe
from multiprocessing.context import ForkProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storage.database import Place
from storage.library import Library
from storage.records import NewPicture, Session, Turn, TurnState, Verdict

ALLOW = Verdict("allow", "pixels", rule="pixels/1")
BLOCK = Verdict("block", "pixels", category="sexual", score=0.9, rule="pixels/1", reason="No.", rewording="A hat.")


@cache
def _newborn() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "easel.db"
        Library.open(path).close()
        return path.read_bytes()


def new_file(path: Path) -> Path:
    """A new library's file, without running every migration for every test."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(_newborn())
    path.chmod(0o600)
    return path


def new_picture(content: str, parents: tuple[int, ...] = (), size: int = 300) -> NewPicture:
    """Bytes that follow from `content` alone; storage never decodes them."""
    data = (sha256(content.encode()).digest() * (size // 32 + 1))[:size]
    return NewPicture(
        data=data,
        media_type="image/png",
        width=64,
        height=48,
        thumbnail=b"small " + data[:20],
        recipe={"operation": "generate", "prompt": content, "seed": 7},
        caption=content,
        parents=parents,
        verdicts=(ALLOW,),
    )


def new_session(library: Library, user: str = "me", title: str = "") -> Session:
    return library.create_session(library.user(user).id, title)


def turn_with_pictures(library: Library, session: Session, *contents: str) -> Turn:
    """A whole turn that makes a picture of each content, each from the one before it."""
    turn = library.begin_turn(session.id, f"draw {', '.join(contents)}")
    parents: tuple[int, ...] = ()
    for content in contents:
        parents = (library.add_picture(session.id, turn.id, new_picture(content, parents)).handle,)
    return library.finish_turn(turn.id, TurnState.DONE)


FORK = multiprocessing.get_context("fork")  # a new interpreter for each would take longer than what it is to do


def in_process(work: Callable[..., None], *arguments: Any) -> tuple[ForkProcess, Pipe]:
    """A process that does `work`, given a pipe to say what it did; it opens a library of its own."""
    mine, its = FORK.Pipe()
    process = FORK.Process(target=work, args=(its, *arguments), daemon=True)
    process.start()
    its.close()
    return process, mine


class Raw:
    """A library as another program sees it, without any of our settings: nothing checks references."""

    def __init__(self, place: Place) -> None:
        self._connection: Any
        if isinstance(place, Path):
            self._connection = sqlite3.connect(place, isolation_level=None)
        else:
            import psycopg

            self._connection = psycopg.connect(place, autocommit=True)
            self._connection.execute("SET session_replication_role = replica")

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> Any:
        return self._connection.execute(statement, parameters)

    def insert(self, table: str, **values: object) -> None:
        places = ", ".join(["?" if isinstance(self._connection, sqlite3.Connection) else "%s"] * len(values))
        statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})"
        self._connection.execute(statement, tuple(values.values()))

    def columns(self, table: str) -> list[str]:
        return [column[0] for column in self.execute(f"SELECT * FROM {table} LIMIT 0").description]

    def script(self, statements: str) -> None:
        """Several statements, in words that both databases know; bytes are written as `x'00'`."""
        if isinstance(self._connection, sqlite3.Connection):
            self._connection.executescript(statements)
        else:
            self._connection.execute(re.sub(r"\bx'([0-9a-f]*)'", r"'\\x\1'", statements))

    def close(self) -> None:
        self._connection.close()


@contextmanager
def raw(place: Place) -> Iterator[Raw]:
    connection = Raw(place)
    try:
        yield connection
    finally:
        connection.close()


def count(place: Place, table: str) -> int:
    with raw(place) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
