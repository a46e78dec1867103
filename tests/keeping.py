"""Small real libraries for the tests of storage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

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


@contextmanager
def raw(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as another program sees it, without any of our settings."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def count(path: Path, table: str) -> int:
    with raw(path) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
