"""The turns that are running, owned by the server and not by a socket: a closed or reloaded page loses nothing.

A turn runs as a task of this registry. What it shows goes to every page that has the session open (`publish`), and is
kept in its `TurnView` until the turn is stored, for pages that come in the middle. One turn runs in a session at a
time; a second one is refused with a sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from agent.events import Done, Event, Failed, PictureReady, Progress
from storage.errors import StorageError
from storage.records import SELECTED, Picture, Session
from ui.web.view import Change, TurnView

if TYPE_CHECKING:
    from agent.turn import UploadFile
    from storage.library import Library

log = logging.getLogger("easel.web")

BUSY = "Easel is still working in this session; wait for it, or press Stop."
CLOSE_SECONDS = 30.0
"""How long a server that ends waits for its turns; what is not stored by then is closed at the next start."""
PROGRESS_EVERY = 0.1
"""Seconds between two reports of one job that are passed on; pages draw no faster."""

Publish = Callable[[str, Sequence[Change]], Awaitable[None]]


class Talker(Protocol):
    """What the page needs of the agent (`agent.turn.Agent`)."""

    def run_turn(
        self, session: Session, text: str, uploads: Sequence[UploadFile] = (), selection: int | None = None
    ) -> AsyncIterator[Event]: ...

    def act(self, session: Session, name: str, args: Mapping[str, Any], text: str = "") -> AsyncIterator[Event]: ...

    async def stop(self, session_id: str) -> None: ...


class Busy(Exception):
    """A turn is running in this session."""


@dataclass(frozen=True)
class _Running:
    view: TurnView
    task: asyncio.Task[None]


class Turns:
    """All running turns of this process."""

    def __init__(self, agent: Talker, library: Library, publish: Publish) -> None:
        self._agent, self._library, self._publish = agent, library, publish
        self._running: dict[str, _Running] = {}
        self._beginnings = 0
        self._stored: dict[str, str] = {}

    def live(self, session_id: str) -> TurnView | None:
        """What the session's running turn has shown so far."""
        running = self._running.get(session_id)
        return running.view if running else None

    @property
    def generation(self) -> int:
        """Grows when a turn begins or ends: who reads rows and live views together compares it before and after."""
        return self._beginnings

    def turn_of(self, run_id: str) -> str:
        """The stored turn's id behind a run that pages were shown while it was live."""
        return self._stored.get(run_id, run_id)

    def say(self, session: Session, text: str, uploads: Sequence[UploadFile] = (), message_id: str = "") -> None:
        """Begins a turn with the person's words.

        Raises:
            Busy: A turn is running in this session.
        """
        selection = session.settings.get(SELECTED)
        stream = self._agent.run_turn(session, text, uploads, selection if isinstance(selection, int) else None)
        self._begin(session, text, message_id, stream)

    def press(self, session: Session, name: str, args: Mapping[str, Any], text: str) -> None:
        """Begins a turn with a button: one tool, without the language model.

        Raises:
            Busy: A turn is running in this session.
        """
        self._begin(session, text, "", self._agent.act(session, name, args, text))

    async def stop(self, session_id: str) -> None:
        """Stops the session's turn, if one runs, and waits until it is stored and the pages have its last events."""
        running = self._running.get(session_id)
        if running is not None:
            await self._agent.stop(session_id)
            await asyncio.wait([running.task])

    async def gone(self, session_id: str) -> None:
        """Tells the pages that show a session that it was deleted: they go where another one can begin."""
        await self._publish(session_id, [Change("window_message", {"easel": "deleted", "session": session_id})])

    async def close(self) -> None:
        """Stops every turn and waits until each is stored, unless the database is away: the server is shutting down."""
        if stopping := [asyncio.create_task(self.stop(session_id)) for session_id in self._running]:
            await asyncio.wait(stopping, timeout=CLOSE_SECONDS)

    def _begin(self, session: Session, text: str, message_id: str, stream: AsyncIterator[Event]) -> None:
        if session.id in self._running:
            raise Busy(BUSY)
        run_id = uuid4().hex
        view = TurnView(session, message_id or uuid4().hex, run_id, text, datetime.now(UTC))
        task = asyncio.create_task(self._drive(session, view, run_id, stream))
        self._running[session.id] = _Running(view, task)
        self._beginnings += 1

    async def _drive(self, session: Session, view: TurnView, run_id: str, stream: AsyncIterator[Event]) -> None:
        await self._publish(session.id, [Change("task_start", {}), *view.opening()])
        try:
            await self._show(session, view, run_id, stream)
        except Exception as bug:
            log.exception("A turn of session %s failed", session.id)
            said = Failed(f"Something went wrong inside Easel ({type(bug).__name__}).")
            await self._publish(session.id, view.apply(said))
            await self._publish(session.id, view.apply(Done("", 0, "failed")))
        finally:
            del self._running[session.id]
            self._beginnings += 1
            await self._publish(session.id, [Change("task_end", {})])

    async def _show(self, session: Session, view: TurnView, run_id: str, events: AsyncIterator[Event]) -> None:
        reported: dict[str, float] = {}
        shown: list[Picture] = []
        loop = asyncio.get_running_loop()
        async for event in events:
            if isinstance(event, Progress):
                if 0 < event.fraction < 1 and loop.time() - reported.get(event.job_id, 0.0) < PROGRESS_EVERY:
                    continue
                reported[event.job_id] = loop.time()
            if isinstance(event, PictureReady):
                shown.append(event.picture)
            if isinstance(event, Done):
                self._stored[run_id] = event.turn_id
                if any(picture.turn_id == event.turn_id for picture in shown):  # not one that was found or looked at
                    await self._deselect(session)
            await self._publish(session.id, view.apply(event))
        await self._call(session)

    async def _call(self, session: Session) -> None:
        """The list of sessions is read again by the pages if the turn gave its session another title."""
        with contextlib.suppress(StorageError):  # the session was deleted meanwhile
            title = (await asyncio.to_thread(self._library.session, session.user_id, session.id)).title
            if title != session.title:
                named = Change("first_interaction", {"interaction": title, "thread_id": session.id})
                await self._publish(session.id, [named])

    async def _deselect(self, session: Session) -> None:
        """A new picture is what "it" means now; the selection that the turn began with has served."""
        chosen = session.settings.get(SELECTED)
        if chosen is None:
            return
        with contextlib.suppress(StorageError):  # the session was deleted meanwhile
            now = await asyncio.to_thread(self._library.session, session.user_id, session.id)
            if now.settings.get(SELECTED) == chosen:
                await asyncio.to_thread(self._library.update_settings, session.user_id, session.id, {SELECTED: None})
                await self._publish(session.id, [selection_change(session.id, None)])


def selection_change(session_id: str, handle: int | None) -> Change:
    """Tells the open pages which picture "it" means; `public/easel.js` listens."""
    return Change("window_message", {"easel": "selected", "session": session_id, "handle": handle})
