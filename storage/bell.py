"""A bell beside the database file: who writes rings, who waits for a change is woken at once, not at its next look.

A waiting program makes a named pipe in the folder `<database>.bell`; ringing puts a byte into every pipe there. It
carries no message and promises nothing: who is woken looks into the database, and who is not (a folder that holds no
pipes, a change from another machine) looks again soon anyway. A pipe that nobody reads any more is removed by the next
ring.
"""

from __future__ import annotations

import os
import select
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
        """A listener to close, or to use as a context manager; changes from now on are heard."""
        return Listener(self._folder)


class Listener:
    """One who waits, for one thread. Without a folder that can hold a pipe it hears nothing, and `wait` is a sleep."""

    def __init__(self, folder: Path | None) -> None:
        self._pipe: int | None = None
        if folder is None:
            return
        self._path = folder / uuid4().hex
        with suppress(OSError):
            folder.mkdir(mode=0o700, exist_ok=True)
            unheard = self._path.with_name(f".{self._path.name}")  # who rings would take it for a dead program's
            os.mkfifo(unheard, 0o600)
            # For reading and writing: a pipe whose last writer has closed it would else wake its reader for ever.
            self._pipe = os.open(unheard, os.O_RDWR | os.O_NONBLOCK)
            unheard.rename(self._path)

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
            self._path.unlink()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
