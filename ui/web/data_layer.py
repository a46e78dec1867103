"""Chainlit's view of the Library: threads are sessions, steps are messages and tool calls, elements are pictures.

The Library is the only store. What Chainlit would write (steps, elements, thread metadata) is stored already by the
turn that caused it, so those methods do nothing; reading, renaming, deleting and feedback are mapped.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chainlit.data.base import BaseDataLayer
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback as PageFeedback
from chainlit.types import PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser
from chainlit.user import User as PageUser
from fastapi import HTTPException

from storage.errors import NotFound, Unreachable
from storage.library import Library
from storage.records import LONGEST_NAME, SELECTED, Feedback, Session, Turn, TurnState, User, Verdict
from ui.replay import Told, told
from ui.terminal_files import delete_session
from ui.web.turns import Turns
from ui.web.view import NEWEST, TurnView, earlier, iso, stored_view

UNTITLED = "New session"
FEW = 5
"""No button stands for so few turns."""
MOST_LISTED = 200
"""Sessions on one page of the list."""


class LibraryDataLayer(BaseDataLayer):
    """One person's sessions as Chainlit's threads; other people's do not exist here."""

    def __init__(self, library: Library, data: Path, user: User, turns: Turns) -> None:
        self._library, self._data, self._user, self._turns = library, data, user, turns

    # Reading.

    async def get_user(self, identifier: str) -> PersistedUser | None:
        return persisted(self._user) if identifier == self._user.name else None

    async def create_user(self, user: PageUser) -> PersistedUser | None:
        return await self.get_user(user.identifier)

    async def get_thread_author(self, thread_id: str) -> str:
        with contextlib.suppress(NotFound):
            await asyncio.to_thread(self._library.session, self._user.id, thread_id)
            return self._user.name
        return ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        # Chainlit asks while a page connects, and would leave that of a database which is away without a word.
        with contextlib.suppress(NotFound, Unreachable):
            return await asyncio.to_thread(stored_thread, self._library, self._user, thread_id)
        return None

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        thread = await self.get_thread(thread_id)
        elements = (thread or {}).get("elements") or []
        return next((element for element in elements if element.get("id") == element_id), None)

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        most = min(max(pagination.first, 1), MOST_LISTED)
        found = await asyncio.to_thread(
            self._library.sessions, self._user.id, filters.search or "", most + 1, _read_cursor(pagination.cursor)
        )
        shown = found[:most]
        return PaginatedResponse(
            pageInfo=PageInfo(
                hasNextPage=len(found) > len(shown),
                startCursor=shown[0].updated.isoformat() if shown else None,
                endCursor=shown[-1].updated.isoformat() if shown else None,
            ),
            data=[thread_head(session, self._user) for session in shown],
        )

    # Changing what the person may change.

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        if name is None:
            return
        if not name.strip():
            raise HTTPException(400, "A session's name has at least one letter; nothing was renamed.")
        if len(name.strip()) > LONGEST_NAME:
            raise HTTPException(
                400, f"A name has at most {LONGEST_NAME} characters, this one {len(name.strip())}; nothing was renamed."
            )
        await asyncio.to_thread(self._library.rename_session, self._user.id, thread_id, name.strip())

    async def delete_thread(self, thread_id: str) -> None:
        await asyncio.to_thread(self._library.session, self._user.id, thread_id)
        await self._turns.stop(thread_id)
        await asyncio.to_thread(delete_session, self._library, self._data, self._user.id, thread_id)
        await self._turns.gone(thread_id)

    async def upsert_feedback(self, feedback: PageFeedback) -> str:
        session_id, turn_id = feedback.threadId or "", self._turns.turn_of(feedback.forId)
        await asyncio.to_thread(self._library.session, self._user.id, session_id)
        if turn_id not in [turn.id for turn in await asyncio.to_thread(self._library.turns, session_id)]:
            raise NotFound("There is no such turn in this session, so it can have no thumb.")
        value = 1 if feedback.value else -1
        thumb = Feedback(session_id, turn_id, value, feedback.comment or "")
        return _thumb_id(await asyncio.to_thread(self._library.upsert_feedback, thumb))

    async def delete_feedback(self, feedback_id: str) -> bool:
        session_id, _, turn_id = feedback_id.partition(":")
        await asyncio.to_thread(self._library.session, self._user.id, session_id)
        await asyncio.to_thread(self._library.delete_feedback, session_id, turn_id)
        return True

    # What the turns have stored already.

    async def create_step(self, step_dict: StepDict) -> None: ...

    async def update_step(self, step_dict: StepDict) -> None: ...

    async def delete_step(self, step_id: str) -> None: ...

    async def create_element(self, element: Element) -> None: ...

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None: ...

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        return []

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None: ...


def _read_cursor(cursor: str | None) -> datetime | None:
    """Where a page of the list of sessions begins, as the page before it told."""
    if not cursor:
        return None
    with contextlib.suppress(ValueError, OverflowError):
        time = datetime.fromisoformat(cursor)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    raise HTTPException(400, "That is no place in the list of sessions; begin at its top.")


def persisted(user: User) -> PersistedUser:
    return PersistedUser(id=user.id, createdAt=iso(datetime.fromtimestamp(0, UTC)), identifier=user.name)


def stored_thread(
    library: Library, user: User, session_id: str, live: TurnView | None = None, since: int | None = 1
) -> ThreadDict:
    """A session for the page, its running turn (`live`) last.

    It begins with the turn of the number `since`, None for the newest ones; what is before is behind a button.

    Raises:
        NotFound: No such session, or someone else's.
    """
    session = library.session(user.id, session_id)
    verdicts: list[Verdict] = library.verdicts(session_id)
    turns = [turn for turn in library.turns(session_id) if live is None or turn.state is not TurnState.RUNNING]
    if since is None:
        since = turns[-NEWEST].number if len(turns) > NEWEST + FEW else 1
    shown = [turn for turn in turns if turn.number >= since]
    stories = told(shown, library.messages(session_id), library.pictures(session_id), verdicts)
    views = [stored_view(session, story) for story in stories]
    thread = thread_head(session, user)
    thread["metadata"]["since"] = since  # type: ignore[index]
    if before := len(turns) - len(shown):
        step, element = earlier(session, before, turns[0].created)
        thread["steps"], thread["elements"] = [step], [element]  # type: ignore[list-item]
    thumbs = {feedback.target_id: feedback for feedback in library.feedback(session_id)}
    for view, story in zip(views, stories, strict=True):
        _add_feedback(view, story, thumbs)
    for view in [*views, live] if live else views:
        thread["steps"] += [dict(step) for step in view.steps.values()]  # type: ignore[list-item, misc]
        thread["elements"] += [dict(element) for element in view.elements.values()]  # type: ignore[operator, misc]
    return thread


def _add_feedback(view: TurnView, story: Told, thumbs: dict[str, Feedback]) -> None:
    turn: Turn = story.turn
    if thumb := thumbs.get(turn.id):
        view.steps[turn.id]["feedback"] = {
            "id": _thumb_id(thumb),
            "forId": turn.id,
            "value": 1 if thumb.value > 0 else 0,
            "comment": thumb.comment or None,
        }


def thread_head(session: Session, user: User) -> ThreadDict:
    return {
        "id": session.id,
        # The sidebar groups and sorts by this time; a session's place is its last change.
        "createdAt": iso(session.updated),
        "name": session.title or UNTITLED,
        "userId": user.id,
        "userIdentifier": user.name,
        "tags": [],
        "metadata": {"selected": session.settings.get(SELECTED)},
        "steps": [],
        "elements": [],
    }


def _thumb_id(thumb: Feedback) -> str:
    """What the page calls a thumb: only with its session can it be told whose it is."""
    return f"{thumb.session_id}:{thumb.target_id}"
