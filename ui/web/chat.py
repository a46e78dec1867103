"""The chat: Chainlit's socket on one side, the server's own turns on the other.

Chainlit's handlers for messages, Stop and connecting are replaced by ours (python-socketio keeps one handler for an
event, the last one named). So a message begins a turn of `Turns` instead of a task of the socket, Stop goes to the
agent, and a page that connects, reloads or comes back is given the whole session as it is at that moment, the running
turn included. What is shown goes to every page that has the session open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import chainlit as cl
from chainlit.config import config
from chainlit.server import sio
from chainlit.session import WebsocketSession

from agent.turn import UploadFile
from storage.errors import NotFound
from storage.library import Library
from storage.records import Session, User, title_of
from tools.errors import EXPECTED
from ui.web.data_layer import LibraryDataLayer, stored_thread
from ui.web.turns import BUSY, Busy, Turns, selection_change
from ui.web.uploads import Uploads
from ui.web.view import Change

THREAD = "/thread/"  # Chainlit's address of a session
STARTERS = (
    ("A red fox in the snow", "draw a red fox in the snow"),
    ("A boat at sunset", "paint a sailboat on the sea at sunset"),
    ("Two cats, one apple", "draw two cats and an apple on a table"),
    ("A cactus in the desert", "draw a green cactus in the desert at night"),
)


class Pages:
    """The open pages (tabs) and the session that each shows."""

    def __init__(self) -> None:
        self._shows: dict[str, str] = {}

    def show(self, page: WebsocketSession, session_id: str) -> None:
        self._shows[page.id] = session_id

    def session_of(self, page: WebsocketSession) -> str | None:
        return self._shows.get(page.id)

    def close(self, page: WebsocketSession) -> None:
        self._shows.pop(page.id, None)

    async def publish(self, session_id: str, changes: Sequence[Change]) -> None:
        """Sends the changes, in order, to every page that shows the session."""
        for page_id in [page_id for page_id, shown in self._shows.items() if shown == session_id]:
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
        self._opening = asyncio.Lock()
        self._waiting: set[asyncio.Task[None]] = set()  # pages that may come back

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
        for unused in ("edit_message", "message_favorite", "fetch_favorites", "window_message"):
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
            thread = await self._whole(session_id)
        except NotFound:
            await _send(page, "resume_thread_error", "there is no such session.")
            return
        running = self._turns.live(session_id) is not None
        self._attach(page, session_id)
        await _send(page, "first_interaction", {"interaction": "resume", "thread_id": session_id})
        await _send(page, "resume_thread", thread)
        chosen = selection_change(session_id, thread["metadata"]["selected"])
        await _send(page, chosen.event, chosen.data)
        await _send(page, "task_start" if running else "task_end", {})

    async def said(self, sid: str, payload: dict[str, Any]) -> None:
        """The person sent a message, perhaps with pictures."""
        page = WebsocketSession.require(sid)
        message = payload.get("message") or {}
        message_id, text = str(message.get("id") or uuid4()), str(message.get("output") or "")
        names = [str(ref.get("id")) for ref in payload.get("fileReferences") or []]
        try:
            uploads = self._take(names)
            async with self._opening:  # two quick messages of a new page belong to one session
                session = await self._session(page, text or (uploads[0].name if uploads else ""))
            self._turns.say(session, text, uploads, message_id)
        except (Busy, *EXPECTED) as error:
            await self._refuse(page, message_id, str(error))

    async def stop(self, sid: str) -> None:
        session_id = self._pages.session_of(WebsocketSession.require(sid))
        if session_id is not None:
            await self._turns.stop(session_id)

    async def disconnected(self, sid: str, *reason: Any) -> None:
        """A page is gone, for good or for a moment. Its turn goes on."""
        page = WebsocketSession.get(sid)
        if page is None:
            return
        if page.to_clear:  # the page went to another session, or closed this one
            self._pages.close(page)
            await page.delete()
            return
        waiting = asyncio.create_task(self._forget(page, sid))
        self._waiting.add(waiting)
        waiting.add_done_callback(self._waiting.discard)

    async def _forget(self, page: WebsocketSession, sid: str) -> None:
        await asyncio.sleep(config.project.session_timeout)
        if page.socket_id == sid:  # it has not come back under another socket
            self._pages.close(page)
            await page.delete()

    # Helpers.

    def _attach(self, page: WebsocketSession, session_id: str) -> None:
        page.thread_id = session_id
        page.has_first_interaction = True
        self._pages.show(page, session_id)

    async def _whole(self, session_id: str) -> Any:
        """The session with its running turn, read until both belong together: a turn may end while rows are read."""
        while True:
            generation = self._turns.generation
            live = self._turns.live(session_id)
            thread = await asyncio.to_thread(stored_thread, self._library, self._user, session_id, live)
            if generation == self._turns.generation:
                return thread

    async def _session(self, page: WebsocketSession, text: str) -> Session:
        """The page's session; made when the first message is sent, so that empty ones do not pile up."""
        session_id = self._pages.session_of(page)
        if session_id is not None:
            return await asyncio.to_thread(self._library.session, self._user.id, session_id)
        session = await asyncio.to_thread(self._library.create_session, self._user.id, title_of(text))
        self._attach(page, session.id)
        await _send(page, "first_interaction", {"interaction": text or "picture", "thread_id": session.id})
        return session

    def _take(self, names: Sequence[str]) -> list[UploadFile]:
        found = [self._uploads.take(self._user.id, name) for name in names]
        return [UploadFile(upload.name, upload.data) for upload in found if upload is not None]

    async def _refuse(self, page: WebsocketSession, message_id: str, reason: str) -> None:
        """A message that begins no turn is taken back from the page that sent it, with the reason."""
        await _send(page, "delete_message", {"id": message_id})
        await _send(page, "toast", {"message": reason, "type": "warning"})
        running = self._turns.live(self._pages.session_of(page) or "") is not None
        await _send(page, "task_start" if running and reason == BUSY else "task_end", {})


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
