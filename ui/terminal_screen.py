"""The moving part of `easel chat`: text as it streams, progress bars that come and go, pictures as they are saved.

A `Screen` lives for one turn: `with Screen(…) as screen: screen.show(event)`. On a terminal a live line at the bottom
says what is going on; elsewhere (a pipe, a file) only what stays is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from agent import events
from agent.events import Event, PictureReady, TextDelta
from storage.errors import NotWritable
from storage.records import Picture
from ui.terminal_text import harmless, shown_in
from ui.terminal_widgets import HALF, Wrapped, preview, widget


class Screen:
    """Shows the events of one turn.

    Args:
        console: Where to.
        save: Writes a picture to a file and gives its path; None shows no path.
        thumbnail: The small encoded picture, for the preview on terminals that can show it; None draws none.
    """

    def __init__(
        self,
        console: Console,
        save: Callable[[Picture], Path] | None = None,
        thumbnail: Callable[[Picture], bytes] | None = None,
    ) -> None:
        self._console = console
        self._save = save
        coloured = console.color_system in ("256", "truecolor") and not console.no_color
        self._thumbnail = thumbnail if coloured and shown_in(HALF, console.encoding) else None
        self._live: Progress | None = None
        self._jobs: dict[str, TaskID] = {}
        self._wrapped: Wrapped | None = None

    def __enter__(self) -> Screen:
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_text()
        self._stop()

    def show(self, event: Event) -> None:
        """Prints what the event adds, and moves the live line."""
        if isinstance(event, TextDelta):
            if event.anew:  # what is printed stays
                self._end_text()
            self._stream(event.text)
            return
        if isinstance(event, events.Progress):
            self._advance(event)
            return
        self._end_text()
        shown = widget(event)
        if shown is not None:
            self._console.print(shown)
        if isinstance(event, PictureReady):
            self._picture(event.picture)
        if isinstance(event, events.Done):
            self._stop()
        else:
            self._wait("working" if isinstance(event, events.ToolStarted) else "thinking")

    # Text.

    def _stream(self, text: str) -> None:
        if self._wrapped is None:
            text = text.lstrip()
            if not text:
                return
            self._stop()
            self._wrapped = Wrapped(self._console.width if self._console.is_terminal else 10**9)
        self._write(self._wrapped.feed(harmless(text)))

    def _end_text(self) -> None:
        if self._wrapped is not None:
            self._write(self._wrapped.end() + "\n")
            self._wrapped = None

    def _write(self, text: str) -> None:
        """Already wrapped text, passed through rich only so that it appears where rich thinks it is."""
        self._console.out(text, end="", highlight=False)

    # Pictures.

    def _picture(self, picture: Picture) -> None:
        if self._save is not None:
            try:
                self._console.print(Text(str(self._save(picture)), "dim"), soft_wrap=True)
            except NotWritable as error:  # the picture is kept, and the turn goes on
                self._console.print(Text(str(error), "yellow"), soft_wrap=True)
        if self._thumbnail is not None:
            self._console.print(preview(self._thumbnail(picture), min(32, self._console.width - 1)), end="")

    # The live line.

    def _wait(self, doing: str = "thinking") -> None:
        """Says that something is going on, before the first job and between steps."""
        if self._console.is_terminal:
            self._relabel(doing, None)
            self._jobs.clear()

    def _advance(self, event: events.Progress) -> None:
        if not self._console.is_terminal:
            return
        self._end_text()
        if event.job_id not in self._jobs:
            self._jobs = {event.job_id: self._relabel("", 1.0)}
        self._running().update(self._jobs[event.job_id], completed=event.fraction, description=event.text)

    def _relabel(self, text: str, total: float | None) -> TaskID:
        """Replaces what the live line says; `total` None pulses instead of filling up."""
        live = self._running()
        for task in live.tasks:
            live.remove_task(task.id)
        return live.add_task(text, total=total)

    def _running(self) -> Progress:
        if self._live is None:
            self._live = Progress(
                SpinnerColumn(),
                BarColumn(bar_width=min(30, max(8, self._console.width // 3))),
                TextColumn("{task.description}", style="dim"),
                console=self._console,
                transient=True,
            )
            self._live.start()
        return self._live

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
            self._jobs.clear()
