"""Locks that the operating system takes back when a process dies: who may write, and who is alive.

SQLite knows neither. `WriteLock` is held around every write transaction and every checkpoint, so that of all Easel
processes on one file only one writes at an instant: SQLite before 3.51.3 can damage a database when two connections
write and checkpoint at once. `Presence` marks one open `Library` as alive; a turn names the presence that runs it,
and a turn whose presence is gone was interrupted. Both use `flock`, which is released by `kill -9` and by a power
cut alike, needs no clock and no heartbeat, and works between containers that share a folder on one machine.

PostgreSQL has locks of its own (`storage/postgres.py`); nothing outside `storage/sqlite.py` uses this module.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL_SECONDS = 0.001


class LockTimeout(Exception):
    """The lock was not free in time."""


class WriteLock:
    """One lock file; `held` waits for it. Not reentrant.

    Args:
        path: The file; made if need be, unless it is `shared`.
        shared: Only keep writers out, beside others who do; the file may be one that cannot be written.
    """

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        self._file = os.open(path, os.O_RDONLY if shared else os.O_RDWR | os.O_CREAT, 0o600)

    @contextmanager
    def held(self, timeout: float) -> Generator[None]:
        """Hold the lock for a `with` block.

        Args:
            timeout: Seconds to wait.

        Raises:
            LockTimeout: Another process held it all that time.
        """
        deadline = time.monotonic() + timeout
        while not _try_lock(self._file, self._kind):
            if time.monotonic() >= deadline:
                raise LockTimeout
            time.sleep(POLL_SECONDS)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._file)


class FilePresence:
    """A locked file in `folder`, named `name`, for as long as this process lives or until `close`.

    Who makes one or sweeps must keep others from both meanwhile; to ask who is `alive` needs nothing.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._folder = folder
        self.name = name
        self._file = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def alive(self, name: str) -> bool:
        """Whether the presence called `name` is held by any process, this one included."""
        if name == self.name:
            return True
        try:
            file = os.open(self._folder / name, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            return not _try_lock(file, fcntl.LOCK_SH)  # shared: two who ask at once are not each other's sign of life
        finally:
            os.close(file)

    def serve(self, *, alone: bool) -> bool:
        """True: who shares a file shares its folder, where workers have a lock of their own (`tools/worker.py`)."""
        del alone
        return True

    def has_company(self) -> bool:
        """False: who shares a file shares its folder, and so the weights."""
        return False

    def keep_serving(self) -> None:
        """Nothing: that lock is not lost before its program ends."""

    def sweep(self) -> None:
        """Remove the files that dead processes left behind."""
        for path in self._folder.iterdir():
            if not self.alive(path.name):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        with suppress(FileNotFoundError):
            (self._folder / self.name).unlink()
        os.close(self._file)


def _try_lock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
