"""Turns belong to the server: they run without a page, one at a time in a session, and end when the server does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from webserver import ScriptedAgent

from storage.library import Library
from storage.records import Session, TurnState
from tools.errors import BadUpload
from ui.web.turns import Busy, Turns
from ui.web.uploads import Uploads
from ui.web.view import Change


class Page:
    """Keeps what it was sent."""

    def __init__(self) -> None:
        self.sent: list[Change] = []

    async def publish(self, session_id: str, changes: Sequence[Change]) -> None:
        self.sent += changes

    def events(self) -> list[str]:
        return [change.event for change in self.sent]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "easel.db") as opened:
        yield opened


@pytest.fixture
def session(library: Library) -> Session:
    return library.create_session(library.user("local").id, "a session")


async def ended(turns: Turns, session: Session) -> None:
    while turns.live(session.id) is not None:
        await asyncio.sleep(0.01)


async def test_a_turn_goes_on_without_a_page_and_is_stored(library: Library, session: Session) -> None:
    page = Page()
    turns = Turns(ScriptedAgent(library, 0.001), library, page.publish)
    turns.say(session, "draw a fox")
    await ended(turns, session)
    assert [turn.state for turn in library.turns(session.id)] == [TurnState.DONE]
    assert page.events()[0] == "task_start"
    assert page.events()[-1] == "task_end"
    run = next(change.data["id"] for change in page.sent if change.data.get("type") == "run")
    assert turns.turn_of(run) == library.turns(session.id)[0].id


async def test_a_second_turn_in_a_session_is_refused_with_a_sentence(library: Library, session: Session) -> None:
    turns = Turns(ScriptedAgent(library, 0.01), library, Page().publish)
    turns.say(session, "draw a fox")
    with pytest.raises(Busy, match=r"still working.*Stop"):
        turns.press(session, "vary_image", {"image": 1}, "Varying #1")
    other = library.create_session(session.user_id, "another")
    turns.say(other, "hello")
    await ended(turns, other)
    await ended(turns, session)


async def test_closing_stops_every_turn_and_stores_it(library: Library, session: Session) -> None:
    turns = Turns(ScriptedAgent(library, 0.05), library, Page().publish)
    turns.say(session, "draw 8 foxes")
    await asyncio.sleep(0.1)
    await turns.close()
    assert [turn.state for turn in library.turns(session.id)] == [TurnState.STOPPED]
    assert turns.live(session.id) is None


async def test_a_turn_that_cannot_be_stored_keeps_no_server_from_ending(
    library: Library, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Waiting(ScriptedAgent):
        async def stop(self, session_id: str) -> None:
            del session_id
            await asyncio.Event().wait()  # as while the database is away

    monkeypatch.setattr("ui.web.turns.CLOSE_SECONDS", 0.05)
    turns = Turns(Waiting(library, 0.01), library, Page().publish)
    turns.say(session, "hello")
    async with asyncio.timeout(5):
        await turns.close()
    await ended(turns, session)


async def test_a_fault_is_told_and_the_session_goes_on(library: Library, session: Session) -> None:
    page = Page()
    turns = Turns(ScriptedAgent(library, 0), library, page.publish)
    turns.say(session, "boom")
    await ended(turns, session)
    assert any("Something went wrong inside Easel" in str(change.data) for change in page.sent)
    turns.say(session, "hello")
    await ended(turns, session)


async def test_a_page_that_cannot_be_sent_to_keeps_no_session_busy(library: Library, session: Session) -> None:
    class Broken(Page):
        broken = True

        async def publish(self, session_id: str, changes: Sequence[Change]) -> None:
            if self.broken:
                self.broken = False
                raise OSError("The page is gone.")
            await super().publish(session_id, changes)

    turns = Turns(ScriptedAgent(library, 0), library, Broken().publish)
    await turns.say(session, "hello")
    await turns.say(session, "hello again")
    assert [turn.state for turn in library.turns(session.id)] == [TurnState.DONE]


async def test_a_selection_is_used_once_and_then_it_means_the_newest(library: Library, session: Session) -> None:
    turns = Turns(ScriptedAgent(library, 0), library, Page().publish)
    for text in ("draw a fox", "draw a boat"):
        turns.say(session, text)
        await ended(turns, session)
    session = library.update_settings(session.user_id, session.id, {"selected": 1, "other": "kept"})
    turns.say(session, "show it")  # makes no picture, so that the selection stays
    await ended(turns, session)
    session = library.session(session.user_id, session.id)
    turns.say(session, "make it night")
    await ended(turns, session)
    assert library.picture(session.id, 3).parents == (1,)
    assert library.session(session.user_id, session.id).settings == {"other": "kept"}


async def test_what_was_refused_before_it_was_stored_is_taken_from_the_pages_and_told(
    library: Library, session: Session
) -> None:
    page = Page()
    turns = Turns(ScriptedAgent(library, 0), library, page.publish)
    assert not await turns.say(session, "x" * 5000)
    shown = {change.data["id"] for change in page.sent if change.event == "new_message"}
    assert shown == {change.data["id"] for change in page.sent if change.event == "delete_message"}
    assert [change.data["message"][:16] for change in page.sent if change.event == "toast"] == ["The message has "]
    assert await turns.say(session, "hello")


async def test_stop_ends_the_turn_of_another_program(library: Library, session: Session, tmp_path: Path) -> None:
    with Library.open(tmp_path / "easel.db") as other:
        turn = other.begin_turn(session.id, "draw a fox")
        await Turns(ScriptedAgent(library, 0), library, Page().publish).stop(session.id)
        assert [(one.id, one.state) for one in other.turns(session.id)] == [(turn.id, TurnState.STOPPED)]


async def test_sessions_served_here_are_told_once(library: Library, session: Session) -> None:
    turns = Turns(ScriptedAgent(library, 0), library, Page().publish)
    turn = turns.say(session, "hello")
    assert turns.served() == {session.id}
    await turn
    assert turns.served() == {session.id}
    assert turns.served() == set()


def test_an_upload_stays_its_senders_until_it_is_stored() -> None:
    uploads = Uploads()
    key = uploads.keep("me", "cat.png", b"1")
    with pytest.raises(BadUpload):
        uploads.sent("you", [key])
    assert [upload.data for upload in uploads.sent("me", [key])] == [b"1"]
    assert uploads.sent("me", [key])
    uploads.drop([key])
    with pytest.raises(BadUpload, match="attach it again"):
        uploads.sent("me", [key])


def test_the_oldest_waiting_uploads_are_forgotten_by_their_bytes() -> None:
    uploads = Uploads(most=10)
    keys = [uploads.keep("me", "cat.png", b"1234") for _ in range(3)]
    assert len(uploads.sent("me", keys[1:])) == 2
    with pytest.raises(BadUpload):
        uploads.sent("me", keys[:2])  # not one of the two alone
    assert uploads.sent("me", [uploads.keep("me", "large.png", b"1" * 20)])
