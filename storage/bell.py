"""A bell beside the database file: who writes rings, who waits for a change is woken at once, not at its next look.

A waiting program makes a named pipe in the folder `<database>.bell`; ringing puts a byte into every pipe there. It
carries no message and promises nothing: who is woken looks into the database, and who is not (a folder that holds no
pipes) looks again soon anyway. A pipe that nobody reads any more is removed by the next ring.

Where a server tells of changes, on whichever machine they are made, one thread of a program hears it and rings an
`InnerBell` for all who wait in it.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4


class Bell:
    """The bell of one folder. Safe to ring from any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ring(self) -> None:
        """Wakes everybody who listens, in any process of this machine. Never fails and never waits."""
        try:
            pipes = list(os.scandir(self._folder))
        except OSError:  # nobody has listened here yet
            return
        for pipe in pipes:
            if pipe.name.startswith("."):  # is being made
                continue
            try:
                end = os.open(pipe.path, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads it: its program has died
                with suppress(OSError):
                    Path(pipe.path).unlink()
                continue
            with suppress(BlockingIOError, BrokenPipeError):  # a full pipe has rung often enough
                os.write(end, b"!")
            os.close(end)

    def listen(self) -> Listener:
        """A listener to close, or to use as a context manager; changes from now on are heard.

        Where the folder can hold no pipe, it hears nothing.
        """
        path = self._folder / uuid4().hex
        unheard = path.with_name(f".{path.name}")  # who rings would take it for a dead program's
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            os.mkfifo(unheard, 0o600)
            # For reading and writing: a pipe whose last writer has closed it would else wake its reader for ever.
            pipe = os.open(unheard, os.O_RDWR | os.O_NONBLOCK)
            unheard.rename(path)
            return Listener(pipe, lambda: path.unlink(missing_ok=True))
        return Listener(None)


class InnerBell:
    """A bell within this process. Safe to ring and to hear from any thread."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._ends: set[int] = set()

    def ring(self) -> None:
        """Wakes everybody who listens. Never fails and never waits."""
        with self._mutex:
            for end in self._ends:
                with suppress(BlockingIOError, BrokenPipeError):  # full, or just being closed
                    os.write(end, b"!")

    def listen(self) -> Listener:
        """A listener to close, or to use as a context manager."""
        pipe, end = os.pipe()
        for each in (pipe, end):
            os.set_blocking(each, False)
        with self._mutex:
            self._ends.add(end)
        return Listener(pipe, lambda: self._forget(end))

    def _forget(self, end: int) -> None:
        with self._mutex:
            self._ends.remove(end)
            os.close(end)


class Listener:
    """One who waits, for one thread. Without a pipe it hears nothing, and `wait` is a sleep.

    Args:
        pipe: What a ring can be read from.
        leave: Called once, when the listener is closed.
    """

    def __init__(self, pipe: int | None, leave: Callable[[], None] = lambda: None) -> None:
        self._pipe, self._leave = pipe, leave

    def fileno(self) -> int | None:
        """What an event loop may watch for reading; None where nothing will come."""
        return self._pipe

    def wait(self, seconds: float) -> bool:
        """Waits for the bell, for at most so long; gives whether it rang since the last wait."""
        waiting = select.poll()
        if self._pipe is not None:
            waiting.register(self._pipe, select.POLLIN)
        return bool(waiting.poll(1000 * seconds)) and self.heard()

    def heard(self) -> bool:
        """Whether the bell rang since this was asked last."""
        if self._pipe is None:
            return False
        with suppress(BlockingIOError):
            return bool(os.read(self._pipe, 65536))
        return False

    def close(self) -> None:
        if self._pipe is None:
            return
        os.close(self._pipe)
        self._pipe = None
        with suppress(OSError):
            self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
