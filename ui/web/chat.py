"""The chat: Chainlit's socket on one side, the server's own turns on the other.

Chainlit's handlers for messages, Stop and connecting are replaced by ours (python-socketio keeps one handler for an
event, the last one named). So a message begins a turn of `Turns` instead of a task of the socket, Stop goes to the
agent, and a page that connects, reloads or comes back is given the whole session as it is at that moment, the running
turn included. What is shown goes to every page that has the session open.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from weakref import WeakKeyDictionary

import chainlit as cl
from chainlit.config import config
from chainlit.server import sio
from chainlit.session import WebsocketSession

from agent.turn import UploadFile
from storage.errors import NotFound, StorageError
from storage.library import Library
from storage.records import Activity, Session, User, title_of
from tools.errors import EXPECTED, JobStopped
from tools.studio import woken
from ui.web.data_layer import LibraryDataLayer, stored_thread
from ui.web.turns import BUSY, Busy, Turns, selection_change
from ui.web.uploads import Uploads
from ui.web.view import EARLIER, Change, TurnView

log = logging.getLogger("easel.web")

THREAD = "/thread/"  # Chainlit's address of a session
DELETED = "This session was deleted; begin a new one."
SLOW = "Easel waits for its library; press Stop to have your words back."
SLOW_SECONDS = 0.5
"""After so long it is told that a first message, or Stop, has to wait."""
STOPPING = "Easel stops as soon as the step that runs, or its library, lets it."
LOOK_SECONDS = 5.0
"""How often one looks for turns whose program has died, and for changes of which no bell told."""
PAUSE_SECONDS = 1.0
"""A page is brought up to date with what other programs do at most this often."""
STARTERS = (
    ("A red fox in the snow", "draw a red fox in the snow"),
    ("A boat at sunset", "paint a sailboat on the sea at sunset"),
    ("Two cats, one apple", "draw two cats and an apple on a table"),
    ("A cactus in the desert", "draw a green cactus in the desert at night"),
)


@dataclass
class _Shown:
    """What a page shows: a session, as it was when it was shown; None where that is not known or it was deleted.

    `since` is the number of the first turn that is shown, None where the page has not been given any.
    """

    session_id: str
    activity: Activity | None
    since: int | None


class Pages:
    """The open pages (tabs) and the session that each shows."""

    def __init__(self) -> None:
        self._shows: dict[str, _Shown] = {}

    def show(
        self, page: WebsocketSession, session_id: str, activity: Activity | None = None, since: int | None = None
    ) -> None:
        self._shows[page.id] = _Shown(session_id, activity, since or self.since(page, session_id))

    def since(self, page: WebsocketSession, session_id: str) -> int | None:
        """The number of the session's first turn that the page shows."""
        shown = self._shows.get(page.id)
        return shown.since if shown and shown.session_id == session_id else None

    def session_of(self, page: WebsocketSession) -> str | None:
        shown = self._shows.get(page.id)
        return shown.session_id if shown else None

    def sessions(self) -> set[str]:
        """Those that any page shows."""
        return {shown.session_id for shown in self._shows.values()}

    def behind(self, activity: Mapping[str, Activity], served: Collection[str]) -> list[WebsocketSession]:
        """The pages that show a session as it no longer is, `served` ones aside: these were shown all as it went."""
        late: list[WebsocketSession] = []
        for page_id, shown in self._shows.items():
            now, page = activity.get(shown.session_id), WebsocketSession.get_by_id(page_id)
            if now is not None and (shown.activity is None or shown.session_id in served):
                shown.activity = now
            elif now != shown.activity and page is not None:
                late.append(page)
        return late

    def close(self, page: WebsocketSession) -> None:
        self._shows.pop(page.id, None)

    async def publish(self, session_id: str, changes: Sequence[Change]) -> None:
        """Sends the changes, in order, to every page that shows the session."""
        for page_id in [page_id for page_id, shown in self._shows.items() if shown.session_id == session_id]:
            page = WebsocketSession.get_by_id(page_id)
            if page is None:  # closed for good
                self._shows.pop(page_id, None)
                continue
            for change in changes:
                await _send(page, change.event, change.data)


class Chat:
    """Everything that happens on the socket."""

    def __init__(
        self,
        library: Library,
        data: Path,
        user: User,
        turns: Turns,
        pages: Pages,
        uploads: Uploads,
        greet: Callable[[], None],
    ) -> None:
        self._library, self._data, self._user, self._turns = library, data, user, turns
        self._pages, self._uploads = pages, uploads
        self._greet: Callable[[], None] | None = greet
        self._opening: WeakKeyDictionary[WebsocketSession, asyncio.Lock] = WeakKeyDictionary()
        self._arriving = set[tuple[str, asyncio.Task[Session]]]()  # a page, and the session for its message
        self._dropped = set[str]()  # sessions whose first message was refused
        self._waiting: set[asyncio.Task[None]] = set()  # for pages that may come back, and the like

    def register(self) -> None:
        """Hands Chainlit the person, the Library and our handlers."""
        layer = LibraryDataLayer(self._library, self._data, self._user, self._turns)
        cl.data_layer(lambda: layer)
        cl.header_auth_callback(self._sign_in)
        cl.set_starters(self._starters)
        cl.on_chat_resume(self._resumable)
        sio.on("connection_successful", self.connected)
        sio.on("client_message", self.said)
        sio.on("stop", self.stop)
        sio.on("disconnect", self.disconnected)
        sio.on("window_message", self.asked)
        for unused in ("edit_message", "message_favorite", "fetch_favorites"):
            sio.on(unused, self._nothing)
        for unused in ("audio_start", "audio_chunk", "audio_end", "chat_settings_change", "chat_settings_edit"):
            sio.on(unused, self._nothing)

    # Chainlit's callbacks.

    async def _sign_in(self, headers: Any) -> cl.User:
        """One person, no password: whoever reaches the page is that person. The guard decides who reaches it."""
        return cl.User(identifier=self._user.name, display_name="You")

    async def _starters(self, user: cl.User | None) -> list[cl.Starter]:
        return [cl.Starter(label=label, message=message) for label, message in STARTERS]

    async def _resumable(self, thread: Any) -> None:
        """Chainlit lets sessions be opened again only where this callback exists; `connected` does the work."""

    async def _nothing(self, sid: str, *data: Any) -> None:
        """What Chainlit offers and Easel does not."""

    # The socket's events.

    async def connected(self, sid: str) -> None:
        """A page is open, open again, or back after a lost connection: it is given the session that it shows."""
        page = WebsocketSession.require(sid)
        if self._greet is not None:
            greet, self._greet = self._greet, None
            greet()
        session_id = self._pages.session_of(page) or page.thread_id_to_resume or _named_by_address(page)
        if session_id is None:
            await _send(page, "task_end", {})
            return
        try:
            await self._show(page, session_id)
        except NotFound:
            if _named_by_address(page) is None:  # it was deleted, and the page has left it already
                self._pages.close(page)
                await _send(page, "task_end", {})
                return
            await _send(page, "resume_thread_error", "there is no such session.")
            await _send(page, "task_end", {})
        except StorageError as error:  # the page waits, and is opened anew
            self._pages.show(page, session_id)
            await _send(page, "window_message", {"easel": "away", "session": session_id, "text": str(error)})
            await _send(page, "task_end", {})

    async def said(self, sid: str, payload: dict[str, Any]) -> None:
        """The person sent a message, perhaps with pictures."""
        page = WebsocketSession.require(sid)
        message = payload.get("message") or {}
        message_id, text = str(message.get("id") or uuid4()), str(message.get("output") or "")
        names = [str(ref.get("id")) for ref in payload.get("fileReferences") or []]
        await _send(page, "task_start", {})  # the library may let it wait
        try:
            uploads = [UploadFile(one.name, one.data) for one in self._uploads.sent(self._user.id, names)]
            session = await self._arrived(page, text or (uploads[0].name if uploads else ""))
            turn = self._turns.say(session, text, uploads, message_id)
        except (Busy, *EXPECTED) as error:
            waits = isinstance(error, Busy) and not names
            await self._refuse(page, message_id, error, quietly=waits)
            await self._give_back(page, text, waits=waits)
            return
        except Exception as bug:  # the page must not wait for an answer for ever
            log.exception("A message could not be taken")
            told = RuntimeError(f"Something went wrong inside Easel ({type(bug).__name__}).")
            await self._refuse(page, message_id, told, quietly=False)
            await self._give_back(page, text)
            return
        if await turn:
            self._uploads.drop(names)
        else:
            await self._give_back(page, text)
            await self._drop_empty(page, session)

    async def asked(self, sid: str, message: Any) -> None:
        """The page asks for earlier turns (`public/easel.js`); Chainlit's page also repeats here what it was told."""
        page = WebsocketSession.require(sid)
        session_id = self._pages.session_of(page)
        if session_id is None or message != {"easel": "earlier"}:
            return
        since = self._pages.since(page, session_id) or 1
        try:
            await self._show(page, session_id, max(1, since - EARLIER))
        except StorageError as error:
            await _send(page, "toast", {"message": str(error), "type": "warning"})

    async def stop(self, sid: str) -> None:
        page = WebsocketSession.require(sid)
        session_id = self._pages.session_of(page)
        if arriving := [task for page_id, task in self._arriving if page_id == page.id]:  # no turn has begun yet
            for task in arriving:
                task.cancel()
        elif session_id is not None:
            stopping = asyncio.ensure_future(self._turns.stop(session_id))
            try:
                if not (await asyncio.wait([stopping], timeout=SLOW_SECONDS))[0]:
                    await _send(page, "toast", {"message": STOPPING, "type": "info"})
                await stopping
            except StorageError as error:
                await _send(page, "toast", {"message": str(error), "type": "warning"})

    async def disconnected(self, sid: str, *reason: Any) -> None:
        """A page is gone, for good or for a moment. Its turn goes on."""
        page = WebsocketSession.get(sid)
        if page is None:
            return
        if page.to_clear:  # the page went to another session, or closed this one
            self._pages.close(page)
            await page.delete()
            return
        self._later(self._forget(page, sid))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _forget(self, page: WebsocketSession, sid: str) -> None:
        await asyncio.sleep(config.project.session_timeout)
        if page.socket_id == sid:  # it has not come back under another socket
            self._pages.close(page)
            await page.delete()

    # What happens elsewhere: at another server, in a terminal, to a program that was killed.

    async def follow(self) -> None:
        """Keeps pages up to date with what other programs do to their sessions, for as long as the server runs."""
        recovered = 0.0
        with self._library.listen() as bell:
            while True:
                await woken(bell, LOOK_SECONDS)
                try:
                    if time.monotonic() - recovered > LOOK_SECONDS:
                        recovered = time.monotonic()
                        await asyncio.to_thread(self._library.recover)
                    await self.catch_up()
                except StorageError:  # the database is away; what the pages ask for says so
                    pass
                except Exception:  # the next look may go well
                    log.exception("What other programs did could not be followed")
                await asyncio.sleep(PAUSE_SECONDS)

    async def catch_up(self) -> None:
        """Shows the session anew on every page that is behind; the page of a deleted one is led away."""
        served, shown = self._turns.served(), self._pages.sessions()
        activity = await asyncio.to_thread(self._library.activity, shown) if shown else {}
        for page in self._pages.behind(activity, served):
            session_id = self._pages.session_of(page) or ""
            try:
                await self._show(page, session_id)
            except NotFound:
                self._pages.show(page, session_id)  # told once
                if session_id not in self._dropped:
                    await self._turns.gone(session_id)

    # Helpers.

    async def _show(self, page: WebsocketSession, session_id: str, since: int | None = None) -> None:
        """Gives a page the session as it is, from the turn `since` on, else from the first that it shows, else the
        newest ones; `NotFound` where there is none."""
        activity, thread = await self._whole(session_id, since or self._pages.since(page, session_id))
        live = self._turns.live(session_id)
        self._attach(page, session_id, activity, thread["metadata"]["since"])
        await _send(page, "first_interaction", {"interaction": "resume", "thread_id": session_id})
        await _send(page, "resume_thread", thread)
        chosen = selection_change(session_id, thread["metadata"]["selected"])
        await _send(page, chosen.event, chosen.data)
        if self._turns.live(session_id) is not live:  # one began or ended meanwhile
            await self._show(page, session_id)
            return
        await _send(page, "task_start" if live or (activity and activity.running) else "task_end", {})

    def _attach(
        self, page: WebsocketSession, session_id: str, activity: Activity | None = None, since: int = 1
    ) -> None:
        page.thread_id = session_id
        page.has_first_interaction = True
        self._pages.show(page, session_id, activity, since)

    async def _whole(self, session_id: str, since: int | None) -> tuple[Activity | None, Any]:
        """The session with its running turn, read until both belong together: a turn may end while rows are read."""

        def read(live: TurnView | None) -> tuple[Activity | None, Any]:
            activity = self._library.activity([session_id]).get(session_id)
            return activity, stored_thread(self._library, self._user, session_id, live, since)

        while True:
            generation = self._turns.generation
            live = self._turns.live(session_id)
            found = await asyncio.to_thread(read, live)
            if generation == self._turns.generation:
                return found

    async def _arrived(self, page: WebsocketSession, text: str) -> Session:
        """The session that a message is for; `JobStopped` where Stop was pressed before it was to be had."""

        async def find() -> Session:
            async with self._opening.setdefault(page, asyncio.Lock()):  # two quick messages of a new page are of one
                return await self._session(page, text)

        task = asyncio.create_task(find())
        self._arriving.add((page.id, task))
        try:
            await asyncio.wait([task])
        finally:
            self._arriving.discard((page.id, task))
        if task.cancelled():
            raise JobStopped("It was stopped before it was sent.")
        return task.result()

    async def _session(self, page: WebsocketSession, text: str) -> Session:
        """The page's session; made when the first message is sent, so that empty ones do not pile up, and made anew
        where that was refused."""
        session_id = self._pages.session_of(page)
        if session_id is not None and session_id not in self._dropped:
            return await asyncio.to_thread(self._library.session, self._user.id, session_id)
        make = asyncio.to_thread(self._library.create_session, self._user.id, title_of(text), session_id)
        making = asyncio.ensure_future(make)
        try:
            done, _ = await asyncio.wait([making], timeout=SLOW_SECONDS)
            if not done:  # Chainlit shows Stop once something was said, and the session is not its own yet
                await _send(page, "first_interaction", {"interaction": "resume", "thread_id": session_id})
                await _send(page, "window_message", {"easel": "slow", "text": SLOW})
                await asyncio.wait([making])
        except asyncio.CancelledError:  # nothing breaks the thread off
            self._later(self._unmake(making))
            raise
        session = making.result()
        self._dropped.discard(session.id)
        self._attach(page, session.id)
        await _send(page, "first_interaction", {"interaction": text or "picture", "thread_id": session.id})
        return session

    async def _unmake(self, making: asyncio.Future[Session]) -> None:
        """Takes a session away once it is made, for which there is no message any more."""
        with contextlib.suppress(StorageError):
            await asyncio.to_thread(self._library.drop_empty_session, self._user.id, (await making).id)

    async def _drop_empty(self, page: WebsocketSession, session: Session) -> None:
        """Takes a session away whose first message was refused; the page may go on with it."""
        with contextlib.suppress(StorageError):
            async with self._opening.setdefault(page, asyncio.Lock()):
                if self._turns.live(session.id) is None and await asyncio.to_thread(
                    self._library.drop_empty_session, self._user.id, session.id
                ):
                    self._dropped.add(session.id)
                    # The list of sessions is read again by the page.
                    await _send(page, "first_interaction", {"interaction": session.id, "thread_id": session.id})

    async def _refuse(self, page: WebsocketSession, message_id: str, error: Exception, *, quietly: bool) -> None:
        """A message that begins no turn is taken back from the page that sent it, with the reason unless `quietly`."""
        session_id = self._pages.session_of(page) or ""
        reason = DELETED if isinstance(error, NotFound) else str(error)
        await _send(page, "delete_message", {"id": message_id})
        if not quietly:
            await _send(page, "toast", {"message": reason, "type": "warning"})
        running = self._turns.live(session_id) is not None
        await _send(page, "task_start" if running and reason == BUSY else "task_end", {})

    async def _give_back(self, page: WebsocketSession, text: str, *, waits: bool = False) -> None:
        """Puts words of which nothing was kept into the page's box again, or among those that wait for the session;
        `public/easel.js` listens."""
        await _send(page, "window_message", {"easel": "unsent", "text": text, "waits": waits})


def _named_by_address(page: WebsocketSession) -> str | None:
    """The session in the address of the page that opened the socket, if there is one.

    A page that loads slowly connects twice, first without a session and then with it, and whichever of the two comes
    last stays. Where that was the first, only the address still says what the page waits for.
    """
    path = urlsplit((page.environ or {}).get("HTTP_REFERER", "")).path
    return path.removeprefix(THREAD) or None if path.startswith(THREAD) else None


async def _send(page: WebsocketSession, event: str, data: Any) -> None:
    emit: Any = page.emit  # Chainlit types it as a plain function; it gives an awaitable
    await emit(event, data)
