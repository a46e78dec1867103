"""The turns that are running, owned by the server and not by a socket: a closed or reloaded page loses nothing.

A turn runs as a task of this registry. What it shows goes to every page that has the session open (`publish`), and is
kept in its `TurnView` until the turn is stored, for pages that come in the middle. One turn runs in a session at a
time; a second one is refused with a sentence. What was refused before anything of it was stored is taken from the
pages again: they never show what a reload would not.
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
from storage.errors import NotFound, StorageError, TurnEnded
from storage.records import SELECTED, Picture, Session, TurnState
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
REMEMBERED = 10_000
"""Turns of which the name that pages know while they run is remembered: a page that is not reloaded gives thumbs."""

Publish = Callable[[str, Sequence[Change]], Awaitable[None]]


class Talker(Protocol):
    """What the page needs of the agent (`agent.turn.Agent`)."""

    def run_turn(
        self,
        session: Session,
        text: str,
        uploads: Sequence[UploadFile] = (),
        selection: int | None = None,
        *,
        turn_id: str | None = None,
    ) -> AsyncIterator[Event]: ...

    def act(
        self, session: Session, name: str, args: Mapping[str, Any], text: str = "", turn_id: str | None = None
    ) -> AsyncIterator[Event]: ...

    async def stop(self, session_id: str) -> None: ...


class Busy(Exception):
    """A turn is running in this session."""


@dataclass(frozen=True)
class _Running:
    view: TurnView
    task: asyncio.Task[bool]


class Turns:
    """All running turns of this process."""

    def __init__(self, agent: Talker, library: Library, publish: Publish) -> None:
        self._agent, self._library, self._publish = agent, library, publish
        self._running: dict[str, _Running] = {}
        self._served: set[str] = set()
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

    def served(self) -> set[str]:
        """The sessions of which a turn ran here since this was asked last: their pages were shown it as it went."""
        served, self._served = self._served | set(self._running), set()
        return served

    def turn_of(self, run_id: str) -> str:
        """The stored turn's id behind a run that pages were shown while it was live."""
        return self._stored.get(run_id, run_id)

    def say(
        self,
        session: Session,
        text: str,
        uploads: Sequence[UploadFile] = (),
        message_id: str = "",
        turn_id: str | None = None,
    ) -> asyncio.Task[bool]:
        """Begins a turn with the person's words. The task ends with the turn, and gives whether it was stored.

        Args:
            session, text, uploads: Where, and what the person sent.
            message_id: What the page calls the words.
            turn_id: As for `Library.begin_turn`.

        Raises:
            Busy: A turn is running in this session.
        """
        selection = session.settings.get(SELECTED)
        chosen = selection if isinstance(selection, int) else None
        stream = self._agent.run_turn(session, text, uploads, chosen, turn_id=turn_id)
        return self._begin(session, text, message_id, stream)

    def press(
        self, session: Session, name: str, args: Mapping[str, Any], text: str, turn_id: str | None = None
    ) -> asyncio.Task[bool]:
        """Begins a turn with a button: one tool, without the language model. Otherwise as `say`."""
        return self._begin(session, text, "", self._agent.act(session, name, args, text, turn_id))

    async def stop(self, session_id: str) -> None:
        """Stops the session's turn, if one runs, and waits until it is stored and the pages have its last events.

        A turn that another program runs is ended in the library; that program stops within a second.
        """
        running = self._running.get(session_id)
        if running is not None:
            await self._agent.stop(session_id)
            await asyncio.wait([running.task])
        else:
            await asyncio.to_thread(self._stop_elsewhere, session_id)

    def _stop_elsewhere(self, session_id: str) -> None:
        for turn in self._library.turns(session_id):
            if turn.state is TurnState.RUNNING:
                with contextlib.suppress(TurnEnded, NotFound):  # this very moment
                    self._library.finish_turn(turn.id, TurnState.STOPPED)

    async def gone(self, session_id: str) -> None:
        """Tells the pages that show a session that it was deleted: they go where another one can begin."""
        await self._publish(session_id, [Change("window_message", {"easel": "deleted", "session": session_id})])

    async def close(self) -> None:
        """Stops every turn and waits until each is stored, unless the database is away: the server is shutting down."""
        if stopping := [asyncio.create_task(self.stop(session_id)) for session_id in self._running]:
            await asyncio.wait(stopping, timeout=CLOSE_SECONDS)

    def _begin(self, session: Session, text: str, message_id: str, stream: AsyncIterator[Event]) -> asyncio.Task[bool]:
        if session.id in self._running:
            raise Busy(BUSY)
        run_id = uuid4().hex
        view = TurnView(session, message_id or uuid4().hex, run_id, text, datetime.now(UTC))
        task = asyncio.create_task(self._drive(session, view, run_id, stream))
        self._running[session.id] = _Running(view, task)
        self._beginnings += 1
        return task

    async def _drive(self, session: Session, view: TurnView, run_id: str, stream: AsyncIterator[Event]) -> bool:
        try:
            await self._publish(session.id, [Change("task_start", {}), *view.opening()])
            return await self._show(session, view, run_id, stream)
        except Exception as bug:
            log.exception("A turn of session %s failed", session.id)
            said = Failed(f"Something went wrong inside Easel ({type(bug).__name__}).")
            await self._publish(session.id, view.apply(said))
            await self._publish(session.id, view.apply(Done("", 0, "failed")))
            return True
        finally:
            del self._running[session.id]
            self._served.add(session.id)
            self._beginnings += 1
            await self._publish(session.id, [Change("task_end", {})])

    async def _show(self, session: Session, view: TurnView, run_id: str, events: AsyncIterator[Event]) -> bool:
        """Shows a turn as it goes; whether it was stored."""
        reported: dict[str, float] = {}
        shown: list[Picture] = []
        reason, stored = "", True
        loop = asyncio.get_running_loop()
        async for event in events:
            if isinstance(event, Progress):
                if 0 < event.fraction < 1 and loop.time() - reported.get(event.job_id, 0.0) < PROGRESS_EVERY:
                    continue
                reported[event.job_id] = loop.time()
            if isinstance(event, PictureReady):
                shown.append(event.picture)
            if isinstance(event, Failed):
                reason = event.reason
            if isinstance(event, Done):
                stored = bool(event.turn_id)
                if not stored:
                    told = [Change("toast", {"message": reason, "type": "warning"})] if reason else []
                    await self._publish(session.id, [*view.taken_back(), *told])
                    continue
                self._stored[run_id] = event.turn_id
                if len(self._stored) > REMEMBERED:
                    del self._stored[next(iter(self._stored))]
                if any(picture.turn_id == event.turn_id for picture in shown):  # not one that was found or looked at
                    await self._deselect(session)
            await self._publish(session.id, view.apply(event))
        await self._announce_title(session)
        return stored

    async def _announce_title(self, session: Session) -> None:
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
