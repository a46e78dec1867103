"""What the Library promises about sessions, turns, messages and pictures, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from textwrap import dedent

import pytest
from keeping import ALLOW, BLOCK, Raw, count, in_process, new_file, new_picture, new_session, raw, turn_with_pictures

from storage import migrate, schema
from storage.database import Place
from storage.errors import (
    Busy,
    Damaged,
    DiskFull,
    NotALibrary,
    NotFound,
    NotWritable,
    TurnEnded,
    TurnRunning,
    UnknownHandle,
)
from storage.library import Library
from storage.locks import FilePresence, WriteLock
from storage.records import SELECTED, Feedback, Message, ToolCall, TurnState, Verdict, title_of
from storage.sqlite import open_file

ROOT = Path(__file__).parents[1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_file(tmp_path / "data" / "easel.db")


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    with Library.open(place) as opened:
        yield opened
        report = opened.verify()
        assert report.faults == ()


@pytest.fixture
def file(path: Path) -> Iterator[Library]:
    """What only a file can do."""
    with Library.open(path) as opened:
        yield opened
        assert opened.verify().faults == ()


# Users and sessions


def test_a_user_is_made_once_and_found_again(library: Library) -> None:
    assert library.user("me") == library.user("me")
    assert library.user("me") != library.user("you")


OTHER_USERS_WAYS: dict[str, Callable[[Library, str, str, str, str], object]] = {
    "session": lambda library, user, session, turn, picture: library.session(user, session),
    "rename_session": lambda library, user, session, turn, picture: library.rename_session(user, session, "mine"),
    "update_settings": lambda library, user, session, turn, picture: library.update_settings(user, session, {"a": 1}),
    "delete_session": lambda library, user, session, turn, picture: library.delete_session(user, session),
    "create_session": lambda library, user, session, turn, picture: library.create_session(user, "", session),
    "export_session": lambda library, user, session, turn, picture: library.export_session(user, session),
    "branch": lambda library, user, session, turn, picture: library.branch(user, turn),
    "picture_by_id": lambda library, user, session, turn, picture: library.picture_by_id(user, picture),
}


@pytest.mark.parametrize("way", OTHER_USERS_WAYS)
def test_what_belongs_to_another_user_is_not_found(library: Library, way: str) -> None:
    session = new_session(library)
    turn = turn_with_pictures(library, session, "fox")
    other = library.user("you")
    with pytest.raises(NotFound):
        OTHER_USERS_WAYS[way](library, other.id, session.id, turn.id, library.picture(session.id, 1).id)
    assert library.session(session.user_id, session.id).title == "draw fox"
    assert library.sessions(other.id) == []
    assert library.newest_pictures(other.id) == []


def test_a_session_made_twice_under_one_id_is_one_session(library: Library) -> None:
    user = library.user("me")
    first = library.create_session(user.id, "harbour", "thread-1")
    assert library.create_session(user.id, "other title", "thread-1") == first
    assert first.id == "thread-1"


def test_sessions_come_with_the_last_changed_first_and_page_by_time(library: Library) -> None:
    old, middle, new = (new_session(library, title=title) for title in ("old", "middle", "new"))
    turn_with_pictures(library, old, "fox")
    user = library.user("me")
    listed = library.sessions(user.id, limit=2)
    assert [session.id for session in listed] == [old.id, new.id]
    assert [session.id for session in library.sessions(user.id, before=listed[-1].updated)] == [middle.id]


def test_sessions_are_found_by_title_and_by_what_was_said(library: Library) -> None:
    titled, spoken, other = new_session(library, title="100% Harbour"), new_session(library), new_session(library)
    turn_with_pictures(library, spoken, "a harbour at dawn")
    turn_with_pictures(library, other, "fox")
    user = library.user("me")
    assert {session.id for session in library.sessions(user.id, search="harbour")} == {titled.id, spoken.id}
    assert [session.id for session in library.sessions(user.id, search="harbour  100%")] == [titled.id]
    assert [session.id for session in library.sessions(user.id, search="100%")] == [titled.id]
    assert library.sessions(user.id, search="%") == [library.session(user.id, titled.id)]
    assert library.sessions(user.id, search="a" * 60_000) == []


@pytest.mark.parametrize(
    ("kept", "search", "found"),
    [
        ("Äpfel am Bodensee", "äpfel AM", True),
        ("žluťoučký KŮŇ", "Žluťoučký kůň", True),
        ("ПЁС в снегу", "пёс", True),
        ("50 % Ärger_", "0 % ä", True),
        ("Ärger", "ar", False),
        ("Ärger", "ä%r", False),
        ("Ärger", "ä_ger", False),
    ],
)
def test_sessions_are_found_whatever_the_case_of_any_script(
    library: Library, kept: str, search: str, found: bool
) -> None:
    titled, spoken = new_session(library, title=kept), new_session(library)
    library.begin_turn(spoken.id, kept)
    there = {session.id for session in library.sessions(titled.user_id, search=search)}
    assert there == ({titled.id, spoken.id} if found else set())


def test_settings_are_merged_and_none_removes_one(library: Library) -> None:
    session = new_session(library)
    library.update_settings(session.user_id, session.id, {"preset": "small", "seed": 3})
    changed = library.update_settings(session.user_id, session.id, {"seed": None, "style": "ink"})
    assert changed.settings == {"preset": "small", "style": "ink"}


def test_deleting_a_session_deletes_its_pixels_from_the_file(file: Library, path: Path) -> None:
    session, kept = new_session(file), new_session(file)
    turn_with_pictures(file, session, "secret", "shared")
    turn_with_pictures(file, kept, "shared")
    secret, shared = new_picture("secret"), new_picture("shared")
    file.delete_session(session.user_id, session.id)
    assert file.pixels(file.picture(kept.id, 1).sha256) == shared.data
    for table, left in {"blobs": 1, "thumbnails": 1, "pictures": 1, "turns": 1, "messages": 1, "verdicts": 1}.items():
        assert count(path, table) == left, table
    assert not holding(secret.data, path)
    assert holding(shared.data, path)
    with Library.open(path) as again, pytest.raises(NotFound):
        again.session(session.user_id, session.id)


def holding(data: bytes, path: Path) -> list[str]:
    """Names of the files beside a library, its own included, in which these bytes are."""
    return [found.name for found in path.parent.iterdir() if found.is_file() and data in found.read_bytes()]


def test_a_reader_does_not_hinder_a_deletion_and_the_next_change_empties_the_log(file: Library, path: Path) -> None:
    session = new_session(file)
    turn_with_pictures(file, session, "secret")
    secret = new_picture("secret").data
    with raw(path) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM blobs").fetchone()[0] == 1
        began = time.monotonic()
        file.delete_session(session.user_id, session.id)
        assert time.monotonic() - began < 5
        assert holding(secret, path)
    new_session(file)
    assert not holding(secret, path)


def delete_and_die(pipe: Pipe, path: Path) -> None:
    library = Library.open(path)
    [session] = library.sessions(library.user("me").id)
    reader = Raw(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM blobs").fetchone()
    library.delete_session(session.user_id, session.id)
    pipe.send(holding(new_picture("secret").data, path))
    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_killed_program_had_deleted_is_gone_once_the_library_is_opened(path: Path) -> None:
    with Library.open(path) as library:
        turn_with_pictures(library, new_session(library), "secret")
    process, pipe = in_process(delete_and_die, path)
    assert pipe.recv()
    process.join()
    with Library.open(path):
        assert not holding(new_picture("secret").data, path)


# Turns and messages


def test_what_is_sent_twice_begins_one_turn(library: Library, place: Place) -> None:
    session = library.create_session(library.user("me").id)
    library.finish_turn(library.begin_turn(session.id, "draw a fox", "its own id").id, TurnState.DONE)
    with Library.open(place) as elsewhere, pytest.raises(TurnEnded, match="sent already"):
        elsewhere.begin_turn(session.id, "draw a fox", "its own id")
    assert [turn.id for turn in library.turns(session.id)] == ["its own id"]


def test_what_the_person_wrote_is_on_the_disk_when_the_turn_has_begun(library: Library, place: Place) -> None:
    session = new_session(library)
    library.begin_turn(session.id, "draw a fox")
    with Library.open(place) as other:
        assert [(m.role, m.text) for m in other.messages(session.id)] == [("person", "draw a fox")]
        assert [turn.state for turn in other.turns(session.id)] == [TurnState.RUNNING]


def test_messages_come_back_as_they_were_given(library: Library) -> None:
    session = new_session(library)
    library.add_picture(session.id, None, new_picture("upload"))
    turn = library.begin_turn(session.id, "make 它 night 🦊")
    given = [
        Message("assistant", "I will.", (ToolCall("call-1", "edit_image", {"image": 1, "instruction": "night"}),)),
        Message("tool", '{"image": 2}', tool_call_id="call-1", pictures=(1,)),
    ]
    library.append(turn.id, *given)
    library.finish_turn(turn.id, TurnState.DONE, messages=[Message("assistant", "Done.")])
    person, call, answer, end = library.messages(session.id)
    assert (person.role, person.text) == ("person", "make 它 night 🦊")
    assert (call.text, call.tool_calls, answer.tool_call_id, answer.pictures) == (
        given[0].text,
        given[0].tool_calls,
        "call-1",
        (1,),
    )
    assert end.text == "Done."
    assert [m.position for m in (person, call, answer, end)] == [1, 2, 3, 4]
    assert {m.turn_id for m in (person, call, answer, end)} == {turn.id}
    assert all(m.created is not None and m.created.tzinfo is UTC for m in (person, end))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("x" * 100_000, "x" * 100_000),
        ("'; DROP TABLE users; --", "'; DROP TABLE users; --"),
        ("a\0b", "a?b"),
        ("half a \ud83e emoji", "half a ? emoji"),
    ],
)
def test_any_text_can_be_kept(library: Library, given: str, kept: str) -> None:
    session = new_session(library)
    library.begin_turn(session.id, given)
    assert library.messages(session.id)[0].text == kept


def test_messages_are_appended_all_or_none(library: Library) -> None:
    session = new_session(library)
    turn = library.begin_turn(session.id, "hello")
    with pytest.raises(UnknownHandle):
        library.append(turn.id, Message("assistant", "one"), Message("assistant", "two", pictures=(9,)))
    assert len(library.messages(session.id)) == 1


ADDITIONS: dict[str, Callable[[Library, str, str], object]] = {
    "a message": lambda library, session, turn: library.append(turn, Message("assistant", "late")),
    "a picture": lambda library, session, turn: library.add_picture(session, turn, new_picture("late")),
    "a job": lambda library, session, turn: library.enqueue(session, turn, [{}], [], "late", "key"),
    "an end": lambda library, session, turn: library.finish_turn(turn, TurnState.FAILED, "late"),
}


@pytest.mark.parametrize("addition", ADDITIONS)
@pytest.mark.parametrize("state", [TurnState.DONE, TurnState.STOPPED, TurnState.FAILED])
def test_an_ended_turn_takes_nothing_more(library: Library, addition: str, state: TurnState) -> None:
    session = new_session(library)
    turn = library.begin_turn(session.id, "hello")
    ended = library.finish_turn(turn.id, state)
    with pytest.raises(TurnEnded, match=f"Turn 1 has ended \\({state}\\)"):
        ADDITIONS[addition](library, session.id, turn.id)
    assert library.turns(session.id) == [ended]
    assert len(library.messages(session.id)) == 1
    assert library.pictures(session.id) == []


def test_a_session_runs_one_turn_at_a_time(library: Library) -> None:
    session, other = new_session(library), new_session(library)
    turn = library.begin_turn(session.id, "draw a fox")
    library.begin_turn(other.id, "draw a hen")
    with pytest.raises(TurnRunning, match="turn 1"):
        library.begin_turn(session.id, "draw a dog")
    library.finish_turn(turn.id, TurnState.STOPPED)
    assert library.begin_turn(session.id, "draw a dog").number == 2


def test_a_turn_of_a_living_program_is_left_alone_and_one_of_a_dead_program_is_closed(
    library: Library, place: Place
) -> None:
    session = new_session(library)
    with Library.open(place) as other:
        turn = other.begin_turn(session.id, "draw a fox")
        [job] = other.enqueue(session.id, turn.id, [{}], [], "fox", "key")
        assert library.interrupted_turns() == []
        assert library.recover() == []
    assert [found.id for found in library.interrupted_turns()] == [turn.id]
    (closed,) = library.recover()
    assert (closed.id, closed.state) == (turn.id, TurnState.FAILED)
    assert "closed before this turn had finished" in (closed.error or "")
    assert library.recover() == []
    assert library.job(job.id).state == "stopped"


def test_a_dead_programs_turn_does_not_keep_the_session_busy(library: Library, place: Place) -> None:
    session = new_session(library)
    with Library.open(place) as other:
        other.begin_turn(session.id, "draw a fox")
    assert library.begin_turn(session.id, "draw a hen").number == 2
    assert [turn.state for turn in library.turns(session.id)] == [TurnState.FAILED, TurnState.RUNNING]


def test_programs_leave_no_marks_behind(file: Library, path: Path) -> None:
    for _ in range(3):
        Library.open(path).close()
    assert len(list(path.with_name("easel.db.live").iterdir())) == 1


# Pictures


def test_handles_count_from_one_and_an_unknown_one_is_answered_with_the_known_ones(library: Library) -> None:
    session = new_session(library)
    with pytest.raises(UnknownHandle, match=r"There is no picture #1 in this session; it has no pictures yet\."):
        library.picture(session.id, 1)
    turn_with_pictures(library, session, "fox", "hen", "dog")
    assert [(p.handle, p.caption, p.parents) for p in library.pictures(session.id)] == [
        (1, "fox", ()),
        (2, "hen", (1,)),
        (3, "dog", (2,)),
    ]
    for unknown in (0, -1, 4, 10**30):
        with pytest.raises(UnknownHandle, match=f"no picture #{unknown} in this session; it has #1 to #3") as raised:
            library.picture(session.id, unknown)
        assert raised.value.fixable


def test_a_picture_comes_back_whole(library: Library) -> None:
    session = new_session(library)
    turn = library.begin_turn(session.id, "draw")
    new = replace(new_picture("fox"), shows="red fox, hat; meadow, night")
    stored = library.add_picture(session.id, turn.id, new)
    assert stored == library.picture(session.id, 1) == library.picture_by_id(session.user_id, stored.id)
    assert (stored.width, stored.height, stored.media_type, stored.turn_id) == (64, 48, "image/png", turn.id)
    assert (stored.recipe, stored.shows) == (new.recipe, new.shows)
    assert stored.verdicts == (ALLOW,)
    assert library.pixels(stored.sha256) == new.data
    assert library.thumbnail(stored.sha256) == new.thumbnail


def test_a_picture_is_stored_whole_or_not_at_all(library: Library, place: Place) -> None:
    session = new_session(library)
    with pytest.raises(UnknownHandle):
        library.add_picture(session.id, None, new_picture("fox", parents=(7,)))
    for table in ("pictures", "blobs", "thumbnails", "verdicts", "session_pictures"):
        assert count(place, table) == 0, table
    assert library.add_picture(session.id, None, new_picture("fox")).handle == 1


def test_the_same_bytes_are_kept_once(library: Library, place: Place) -> None:
    one, two = new_session(library), new_session(library, "you")
    turn_with_pictures(library, one, "fox", "fox")
    turn_with_pictures(library, two, "fox")
    assert (count(place, "pictures"), count(place, "blobs")) == (3, 1)
    library.delete_session(one.user_id, one.id)
    assert library.pixels(library.picture(two.id, 1).sha256) == new_picture("fox").data


COPY_PICTURE_TWO_TO_500 = """
    CREATE TEMP TABLE copies AS
        WITH RECURSIVE handles(handle) AS (SELECT 3 UNION ALL SELECT handle + 1 FROM handles WHERE handle < 500)
        SELECT handles.handle, original.session_id, original.turn_number, original.picture_id AS original
        FROM handles, session_pictures AS original WHERE original.handle = 2;
    BEGIN;
    INSERT INTO pictures SELECT 'copy ' || handle, turn_id, sha256, media_type, width, height, recipe, caption, created,
        shows FROM copies JOIN pictures ON id = original;
    INSERT INTO session_pictures SELECT session_id, handle, 'copy ' || handle, turn_number FROM copies;
    INSERT INTO picture_parents SELECT 'copy ' || handle, position, parent_id FROM copies
        JOIN picture_parents ON picture_id = original;
    INSERT INTO verdicts SELECT 'verdict ' || handle, verdicts.session_id, turn_id, 'copy ' || handle, action, stage,
        category, score, rule, reason, rewording, subject, created FROM copies JOIN verdicts ON picture_id = original;
    UPDATE sessions SET next_handle = 501;
    COMMIT;
"""


def test_reading_the_shelf_of_500_pictures_reads_no_pixels(place: Place) -> None:
    with Library.open(place) as library:
        session = new_session(library)
        library.add_picture(session.id, None, new_picture("fox"))
        library.add_picture(session.id, None, new_picture("night fox", parents=(1,)))
        with raw(place) as connection:
            connection.script(COPY_PICTURE_TWO_TO_500)
        assert library.verify().faults == ()
        with raw(place) as connection:
            connection.script("DELETE FROM thumbnails; DELETE FROM blobs;")
        began = time.perf_counter()
        shelf = library.pictures(session.id)
        seconds = time.perf_counter() - began
    assert [p.handle for p in shelf] == list(range(1, 501))
    assert shelf[-1].parents == (1,)
    assert shelf[-1].verdicts == (ALLOW,)
    assert seconds < 1


def test_what_a_picture_was_made_from_is_read_at_once_and_each_once(library: Library) -> None:
    session = new_session(library)
    turn = library.begin_turn(session.id, "draw")
    for content, parents in (("a", ()), ("b", ()), ("c", (2,)), ("d", (1,)), ("e", (4, 1)), ("f", (5, 4))):
        library.add_picture(session.id, turn.id, new_picture(content, parents))
    library.finish_turn(turn.id, TurnState.DONE)
    assert [picture.handle for picture in library.ancestors(session.id, 6)] == [1, 4, 5, 6]
    assert library.ancestors(session.id, 6)[-1] == library.picture(session.id, 6)
    branch = library.branch(session.user_id, turn.id)
    assert [picture.parents for picture in library.ancestors(branch.id, 3)] == [(), (2,)]
    with pytest.raises(UnknownHandle):
        library.ancestors(session.id, 7)


def test_the_newest_pictures_of_a_user_come_first_and_once(library: Library) -> None:
    session, other = new_session(library), new_session(library, "you")
    turn = turn_with_pictures(library, session, "fox")
    turn_with_pictures(library, library.branch(session.user_id, turn.id), "hen")
    turn_with_pictures(library, other, "not mine")
    turn_with_pictures(library, session, "dog")
    assert [p.caption for p in library.newest_pictures(session.user_id)] == ["dog", "hen", "fox"]
    assert [p.caption for p in library.newest_pictures(session.user_id, limit=2)] == ["dog", "hen"]


def test_pictures_are_found_by_every_word_of_their_caption_and_of_what_was_seen_in_them(library: Library) -> None:
    session = new_session(library)
    for caption, shows in (("A Red fox, 100% wool", ""), ("a hen", "a red barn"), ("make it night", "a fox")):
        library.add_picture(session.id, None, replace(new_picture(caption), shows=shows))

    def found(*words: str) -> list[int]:
        return [picture.handle for picture in library.newest_pictures(session.user_id, words=words)]

    assert found("fox") == [3, 1] and found("RED", "fox") == [1] and found("barn", "hen") == [2]
    assert found("100%") == [1] and found("%") == [1] and found("unicorn") == []


# Branches


def test_a_title_is_cut_at_a_word() -> None:
    assert title_of("draw  a red fox\nin the snow") == "draw a red fox in the snow"
    long = title_of("a " + "very " * 30 + "long wish")
    assert len(long) <= 61 and long.endswith("very…")


def test_a_session_is_called_by_the_message_before_its_first_picture(library: Library) -> None:
    session = new_session(library, title="")
    for said, title in (("", ""), ("hi", "hi"), ("what can you do?", "what can you do?")):
        library.finish_turn(library.begin_turn(session.id, said).id, TurnState.DONE)
        assert library.session(session.user_id, session.id).title == title


def test_a_session_with_a_picture_or_a_name_of_the_persons_keeps_its_title(library: Library) -> None:
    painted, named = new_session(library, title=""), new_session(library, title="")
    turn_with_pictures(library, painted, "fox")
    library.finish_turn(library.begin_turn(named.id, "hi").id, TurnState.DONE)
    library.rename_session(named.user_id, named.id, "For mum")
    for session, title in ((painted, "draw fox"), (named, "For mum")):
        library.begin_turn(session.id, "now a hen")
        assert library.session(session.user_id, session.id).title == title


def test_a_branch_copies_no_pixels_and_shows_the_same_pictures_and_messages(library: Library, place: Place) -> None:
    session = new_session(library, title="foxes")
    library.update_settings(session.user_id, session.id, {"style": "ink", SELECTED: 3})
    turn = turn_with_pictures(library, session, "fox", "night fox")
    turn_with_pictures(library, session, "hen")
    before = {table: count(place, table) for table in ("blobs", "pictures", "turns", "messages", "verdicts")}
    branch = library.branch(session.user_id, turn.id)
    assert {table: count(place, table) for table in before} == before
    assert (branch.title, branch.branched_from, branch.settings) == ("foxes", turn.id, {"style": "ink"})
    assert [(p.handle, p.id, p.parents) for p in library.pictures(branch.id)] == [
        (p.handle, p.id, p.parents) for p in library.pictures(session.id)[:2]
    ]
    assert library.messages(branch.id) == library.messages(session.id)[:1]
    assert [(t.id, t.number, t.session_id) for t in library.turns(branch.id)] == [(turn.id, 1, branch.id)]
    assert library.verdicts(branch.id) == [ALLOW, ALLOW]


def test_both_sides_of_a_branch_go_on_alone_and_count_on_from_what_they_have(library: Library) -> None:
    session = new_session(library)
    turn = turn_with_pictures(library, session, "fox")
    turn_with_pictures(library, session, "hen")
    branch = library.branch(session.user_id, turn.id, "another way")
    again = turn_with_pictures(library, branch, "dog")
    assert (again.number, library.picture(branch.id, 2).caption) == (2, "dog")
    assert library.picture(session.id, 2).caption == "hen"
    deeper = library.branch(session.user_id, again.id)
    assert [p.caption for p in library.pictures(deeper.id)] == ["fox", "dog"]
    assert library.branch(session.user_id, turn.id, "x").title == "x"


@pytest.mark.parametrize("deleted", ["origin", "branch", "both"])
def test_deleting_one_side_of_a_branch_leaves_the_other_whole(library: Library, place: Place, deleted: str) -> None:
    session = new_session(library)
    turn = turn_with_pictures(library, session, "fox", "night fox")
    branch = library.branch(session.user_id, turn.id)
    turn_with_pictures(library, session, "hen")
    turn_with_pictures(library, branch, "dog")
    sides = {"origin": [session], "branch": [branch], "both": [session, branch]}[deleted]
    for shared, side in zip((2, 0), sides, strict=False):
        assert library.count_shared(side.id) == shared
        library.delete_session(side.user_id, side.id)
    for side, captions in ((session, ["fox", "night fox", "hen"]), (branch, ["fox", "night fox", "dog"])):
        if side not in sides:
            assert [p.caption for p in library.pictures(side.id)] == captions
            assert [library.pixels(p.sha256) for p in library.pictures(side.id)] == [
                new_picture(caption).data for caption in captions
            ]
            assert len(library.messages(side.id)) == 2
            assert library.picture_by_id(side.user_id, library.picture(side.id, 1).id).session_id == side.id
    assert count(place, "blobs") == (0 if deleted == "both" else 3)


def test_a_session_with_blocked_jobs_and_lineage_over_turns_can_be_deleted(library: Library, place: Place) -> None:
    session = new_session(library)
    library.enqueue(session.id, None, [{}], [], "fox", "key")
    job = library.claim("worker", 60)
    assert job is not None
    library.block(job.id, job.attempt, BLOCK)
    turn_with_pictures(library, session, "fox")
    turn = library.begin_turn(session.id, "night")
    library.add_picture(session.id, turn.id, new_picture("night fox", parents=(1,)))
    library.finish_turn(turn.id, TurnState.DONE)
    library.delete_session(session.user_id, session.id)
    for table in ("jobs", "verdicts", "pictures", "picture_parents", "turns", "blobs"):
        assert count(place, table) == 0, table


def test_what_goes_on_in_sessions_is_told_of_those_that_are_there(library: Library) -> None:
    user = library.user("me")
    quiet, busy = library.create_session(user.id), library.create_session(user.id)
    library.begin_turn(busy.id, "draw a fox")
    told = library.activity([quiet.id, busy.id, "nowhere"])
    assert {session_id: now.running for session_id, now in told.items()} == {quiet.id: False, busy.id: True}
    assert told[busy.id].updated == library.session(user.id, busy.id).updated


def test_a_running_turn_cannot_be_branched_from(library: Library) -> None:
    session = new_session(library)
    turn = library.begin_turn(session.id, "draw a fox")
    with pytest.raises(TurnRunning, match="still running"):
        library.branch(session.user_id, turn.id)
    assert len(library.sessions(session.user_id)) == 1


def test_an_upload_goes_with_the_turn_that_it_was_made_for(library: Library) -> None:
    session = new_session(library)
    library.add_picture(session.id, None, new_picture("first upload"))
    first = turn_with_pictures(library, session, "fox")
    library.add_picture(session.id, None, new_picture("between"))
    running = library.begin_turn(session.id, "and this")
    library.add_picture(session.id, None, new_picture("during"))
    library.add_picture(session.id, running.id, new_picture("made", parents=(4,)))
    second = library.finish_turn(running.id, TurnState.DONE)
    branched = {
        turn.id: [p.caption for p in library.pictures(library.branch(session.user_id, turn.id).id)]
        for turn in (first, second)
    }
    assert branched[first.id] == ["first upload", "fox"]
    assert branched[second.id] == ["first upload", "fox", "between", "during", "made"]


def test_what_is_deleted_gives_its_room_back_to_the_disk(file: Library, path: Path) -> None:
    session, kept = new_session(file), new_session(file)
    for number in range(30):
        of = session if number % 2 else kept
        file.add_picture(of.id, None, new_picture(f"{number}", size=10**6))
    file.delete_session(session.user_id, session.id)
    assert 15e6 < path.stat().st_size < 17e6
    assert len(file.pixels(file.picture(kept.id, 7).sha256)) == 10**6


def test_a_copy_of_a_file_that_keeps_its_room_gives_it_back(tmp_path: Path, path: Path) -> None:
    with raw(path) as old:
        old.script("PRAGMA journal_mode=DELETE; PRAGMA auto_vacuum=NONE; VACUUM")
    with Library.open(path) as library:
        session = new_session(library)
        library.add_picture(session.id, None, new_picture("fox", size=5 * 10**6))
        library.backup(tmp_path / "copy.db")
        library.delete_session(session.user_id, session.id)
        assert path.stat().st_size > 5e6
    with Library.open(tmp_path / "copy.db") as copy:
        copy.delete_session(session.user_id, session.id)
    assert (tmp_path / "copy.db").stat().st_size < 1e6


# Verdicts and feedback


def test_every_verdict_of_a_session_is_kept_in_order(library: Library) -> None:
    session = new_session(library)
    refused = Verdict("block", "words", "weapons", 0.8, "words/1", "Not that.", "Draw a toy.")
    library.add_verdict(session.id, None, refused, "draw a bomb")
    turn = library.begin_turn(session.id, "draw a fox")
    library.add_verdict(session.id, turn.id, BLOCK, "draw a fox")
    library.add_picture(session.id, turn.id, new_picture("fox"))
    library.finish_turn(turn.id, TurnState.DONE)
    assert library.verdicts(session.id) == [refused, BLOCK, ALLOW]
    branch = library.branch(session.user_id, turn.id)
    library.delete_session(session.user_id, session.id)
    assert library.verdicts(branch.id) == [BLOCK, ALLOW]


def test_a_thumb_can_be_changed_and_taken_back(library: Library) -> None:
    session = new_session(library)
    first = library.upsert_feedback(Feedback(session.id, "message-1", 1))
    other = library.upsert_feedback(Feedback(session.id, "message-2", 1))
    library.upsert_feedback(Feedback(session.id, "message-1", -1, "too dark"))
    assert library.feedback(session.id) == [Feedback(session.id, "message-1", -1, "too dark", first.id), other]
    library.delete_feedback(session.id, "message-1")
    assert library.feedback(session.id) == [other]
    with pytest.raises(NotFound):
        library.delete_feedback(session.id, "message-1")


@pytest.mark.parametrize(
    "ask",
    [
        lambda library: library.begin_turn("nowhere", "hello"),
        lambda library: library.append("nowhere", Message("assistant", "hello")),
        lambda library: library.finish_turn("nowhere", TurnState.DONE),
        lambda library: library.add_picture("nowhere", None, new_picture("fox")),
        lambda library: library.add_verdict("nowhere", None, ALLOW, "fox"),
        lambda library: library.add_verdict(new_session(library).id, "nowhere", ALLOW, "fox"),
        lambda library: library.upsert_feedback(Feedback("nowhere", "x", 1)),
        lambda library: library.create_session("nobody"),
        lambda library: library.enqueue("nowhere", None, [{}], [], "fox", "key"),
        lambda library: library.job("nowhere"),
        lambda library: library.request_stop("nowhere"),
        lambda library: library.pixels("0" * 64),
        lambda library: library.thumbnail("0" * 64),
    ],
)
def test_what_does_not_exist_is_not_found(library: Library, ask: Callable[[Library], object]) -> None:
    with pytest.raises(NotFound):
        ask(library)


# The whole


def test_an_export_holds_the_whole_session_and_names_its_files(library: Library) -> None:
    session = new_session(library, title="foxes")
    library.add_picture(session.id, None, new_picture("upload"))
    turn = library.begin_turn(session.id, "night")
    library.append(turn.id, Message("assistant", "", (ToolCall("c", "edit_image", {"image": 1}),)))
    made = library.add_picture(session.id, turn.id, new_picture("night", parents=(1,)))
    library.finish_turn(turn.id, TurnState.DONE, messages=[Message("assistant", "Done.", pictures=(2,))])
    library.upsert_feedback(Feedback(session.id, made.id, 1))
    exported = library.export_session(session.user_id, session.id)
    document = json.loads(json.dumps(exported.document))
    assert (document["format"], document["version"]) == ("easel-session", 1)
    assert document["session"]["title"] == "foxes"
    assert [m["role"] for m in document["turns"][0]["messages"]] == ["person", "assistant", "assistant"]
    assert document["turns"][0]["messages"][1]["tool_calls"] == [
        {"id": "c", "name": "edit_image", "args": {"image": 1}}
    ]
    upload, night = document["pictures"]
    assert (upload["turn"], night["turn"], night["parents"]) == (None, 1, [1])
    assert night["recipe"]["prompt"] == "night"
    assert night["verdicts"][0]["action"] == "allow"
    assert document["feedback"][0]["value"] == 1
    assert {file.path for file in exported.files} == {upload["file"], night["file"]}
    assert {library.pixels(file.sha256) for file in exported.files} == {
        new_picture("upload").data,
        new_picture("night").data,
    }
    assert datetime.fromisoformat(document["session"]["created"]) == session.created


def test_a_backup_is_a_whole_library_and_never_overwrites(file: Library, tmp_path: Path) -> None:
    session = new_session(file)
    turn_with_pictures(file, session, "fox")
    target = tmp_path / "copy.db"
    file.backup(target)
    turn_with_pictures(file, session, "later")
    with Library.open(target) as copy:
        assert copy.verify().faults == ()
        assert [p.caption for p in copy.pictures(session.id)] == ["fox"]
    with pytest.raises(NotWritable, match="exists already"):
        file.backup(target)
    with pytest.raises(NotWritable):
        file.backup(tmp_path / "nowhere" / "copy.db")
    assert sorted(tmp_path.glob("*.part")) == []


def test_the_page_about_the_tables_is_printed_from_the_tables() -> None:
    assert (ROOT / "docs" / "schema.md").read_text() == schema.markdown()


def test_each_database_is_known_to_its_own_modules_alone() -> None:
    for path in (ROOT / "storage").rglob("*.py"):
        if path.name not in ("sqlite.py", "locks.py", "postgres.py"):
            assert not re.search(
                r"PRAGMA|sqlite3|psycopg|dialects|\btext\(\"(?!SELECT version_num)", path.read_text()
            ), path


# Damage


def test_one_flipped_byte_of_a_picture_is_found_by_reading_and_by_verify(path: Path) -> None:
    with Library.open(path) as library:
        session = new_session(library)
        turn_with_pictures(library, session, "fox", "hen")
        fox = library.picture(session.id, 1)
    content = bytearray(path.read_bytes())
    at = content.index(new_picture("fox").data) + 150
    content[at] ^= 1
    path.write_bytes(content)
    with Library.open(path) as library:
        with pytest.raises(Damaged, match=fox.sha256):
            library.pixels(fox.sha256)
        assert library.thumbnail(fox.sha256) == new_picture("fox").thumbnail
        report = library.verify()
        sentence = f"The picture with the SHA-256 {fox.sha256} is damaged on the disk; restore a backup."
        assert report.faults == (f"{sentence} It is #1 of session {session.id}.",)
        assert (report.pictures, report.sessions, report.turns) == (2, 1, 1)


FAULTS = {
    "damaged thumbnail": ("UPDATE thumbnails SET data = x'00'", "thumbnail"),
    "missing bytes": ("DELETE FROM blobs; DELETE FROM thumbnails", "points to a missing row of blobs"),
    "missing thumbnail": ("DELETE FROM thumbnails", "no thumbnail"),
    "orphaned picture": ("DELETE FROM session_pictures WHERE handle = 2", "is in no session"),
    "missing parent": ("DELETE FROM session_pictures WHERE handle = 1", "lacks a parent of its picture #2"),
    "orphaned turn": ("DELETE FROM session_turns", "is in no session"),
    "missing turn": ("DELETE FROM session_turns", "lacks the turn that made its picture #1"),
    "handle out of order": ("UPDATE sessions SET next_handle = 2", "beyond its next number"),
    "a gap in the turns": ("UPDATE session_turns SET number = 5", "not numbered from 1"),
    "a gap in the messages": ("UPDATE messages SET position = 7", "not numbered from 1"),
    "an unknown picture shown": ("UPDATE messages SET pictures = '[9]'", "shows #9"),
    "a done job without picture": ("UPDATE jobs SET state = 'done'", "does not fit"),
    "a done look with a verdict": (
        "UPDATE jobs SET state = 'done', recipe = '{\"operation\": \"look\"}';"
        "UPDATE jobs SET verdict_id = (SELECT min(id) FROM verdicts)",
        "does not fit",
    ),
    "a recipe that is none": ("UPDATE jobs SET state = 'done', recipe = '[]'", "does not fit"),
    "a preview left over": ("INSERT INTO previews SELECT id, x'00' FROM jobs", "has a preview"),
    "bytes without a picture": ("INSERT INTO blobs VALUES ('0', 0, x'')", "belong to no picture"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_verify_tells_what_does_not_agree(place: Place, fault: str) -> None:
    with Library.open(place) as library:
        session = new_session(library)
        turn_with_pictures(library, session, "fox", "hen")
        library.enqueue(session.id, None, [{}], [], "dog", "key")
        assert library.verify().faults == ()
        damage, sentence = FAULTS[fault]
        with raw(place) as connection:
            connection.script(damage)
        assert any(sentence in told for told in library.verify().faults), library.verify().faults


@pytest.mark.parametrize("odd", ["a\0b", "half a \ud83e emoji"])
def test_a_question_about_a_picture_may_hold_anything_and_verify_reads_on(library: Library, odd: str) -> None:
    session = new_session(library)
    library.enqueue(session.id, None, [{"operation": "look", "prompt": odd}], [], odd, "key")
    job = library.claim("worker", 60)
    assert job is not None
    library.answer(job.id, job.attempt, odd)
    assert library.job(job.id).recipe["prompt"] == odd
    assert library.verify().faults == ()


def test_verify_reports_a_torn_file_and_does_not_raise(path: Path) -> None:
    with Library.open(path) as library:
        session = new_session(library)
        for number in range(20):
            library.add_picture(session.id, None, new_picture(f"fox {number}", size=20_000))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 40_000] = b"\xff" * 40_000
    path.write_bytes(content)
    with Library.open(path) as library:
        assert library.verify().faults


# Bad places


def limited(path: Path, pages: int) -> Library:
    """A library whose file may not grow beyond so many pages: a full disk, as SQLite sees it."""
    database = open_file(path, busy_timeout=1)
    migrate.bring_up_to_date(database)
    database.write(lambda tx: tx.exec_driver_sql(f"PRAGMA max_page_count={pages}"))
    return Library(database)


def test_a_full_disk_changes_nothing_and_says_so(path: Path) -> None:
    with limited(path, pages=100) as library:
        session = new_session(library)
        stored = 0
        with pytest.raises(DiskFull, match="is full; nothing was changed"):
            for stored in range(100):
                library.add_picture(session.id, None, new_picture(f"fox {stored}", size=50_000))
        assert 0 < stored < 10
        assert [p.handle for p in library.pictures(session.id)] == list(range(1, stored + 1))
        assert library.verify().faults == ()
        library.delete_session(session.user_id, session.id)
        assert library.add_picture(new_session(library).id, None, new_picture("fox", size=50_000)).handle == 1


SMALL_DISK = """
    import sys
    from pathlib import Path
    sys.path[:0] = ["tests"]
    from keeping import new_picture, new_session
    from storage.errors import DiskFull
    from storage.library import Library

    path = Path(sys.argv[1]) / "easel.db"
    with Library.open(path) as library:
        session = new_session(library)
        stored = 0
        try:
            while True:
                library.add_picture(session.id, None, new_picture(f"fox {stored}", size=100_000))
                stored += 1
        except DiskFull as error:
            print(error)
        assert stored and len(library.pictures(session.id)) == stored, stored
        assert library.verify().faults == ()
    with Library.open(path) as library:
        assert len(library.pictures(session.id)) == stored
        assert library.verify().faults == ()
    filler = path.with_name("filler")
    try:
        filler.write_bytes(b"x" * 5_000_000)
    except OSError:
        pass
    try:
        Library.open(path.with_name("second") / "easel.db")
    except DiskFull as error:
        print(error)
"""


def test_a_really_full_disk_loses_nothing(tmp_path: Path) -> None:
    with_small_disk = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
    mount_and_run = 'mount -t tmpfs -o size=4m none "$0" && exec "$@"'
    program = [sys.executable, "-c", dedent(SMALL_DISK), str(tmp_path)]
    done = subprocess.run(
        [*with_small_disk, mount_and_run, str(tmp_path), *program],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if "unshare" in done.stderr or "mount" in done.stderr.split("Traceback")[0]:
        pytest.skip("this machine lets nobody mount a small disk")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("is full") == 2, done.stdout


def test_a_folder_that_may_not_be_written_is_named() -> None:
    script = """
        import os
        import sys
        from pathlib import Path
        from storage.errors import NotWritable
        from storage.library import Library
        import storage.sqlite  # now: it may be in a folder of root's
        if os.geteuid() == 0:
            os.setuid(65534)  # root may write anywhere
        try:
            Library.open(Path(sys.argv[1]))
        except NotWritable as error:
            print(error)
    """
    with tempfile.TemporaryDirectory() as folder:
        readable = Path(folder) / "easel.db"
        with Library.open(readable) as library:
            new_session(library)
        Path(folder).chmod(0o555)
        readable.chmod(0o444)
        for path in (Path(folder) / "deeper" / "easel.db", readable):
            done = subprocess.run(
                [sys.executable, "-c", dedent(script), str(path)],
                capture_output=True,
                text=True,
                cwd=ROOT,
            )
            assert "may not be written" in done.stdout, done.stderr
            assert folder in done.stdout
        Path(folder).chmod(0o755)


def test_a_file_in_the_way_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(NotWritable, match=str(tmp_path)):
        Library.open(tmp_path / "data" / "easel.db")


@pytest.mark.parametrize("size", [10, 5000])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, size: int) -> None:
    path = tmp_path / "easel.db"
    path.write_bytes(b"my diary, " * (size // 10))
    with pytest.raises(NotALibrary, match="not a database"):
        Library.open(path)
    assert path.read_bytes() == b"my diary, " * (size // 10)


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "easel.db"
    with raw(path) as connection:
        connection.execute("CREATE TABLE recipes (soup)")
    before = path.read_bytes()
    with pytest.raises(NotALibrary, match="another program"):
        Library.open(path)
    assert path.read_bytes() == before


def test_a_database_held_by_another_program_is_busy_for_writing_and_can_still_be_read(path: Path) -> None:
    with Library.open(path, busy_timeout=0.2) as library:
        session = new_session(library)
        with raw(path) as other:
            other.execute("BEGIN EXCLUSIVE")
            began = time.monotonic()
            with pytest.raises(Busy, match="Another program holds the database"):
                library.begin_turn(session.id, "hello")
            assert 0.1 < time.monotonic() - began < 5
            assert library.messages(session.id) == []
        assert library.begin_turn(session.id, "hello").number == 1


def test_a_change_that_waits_for_one_of_the_same_program_is_not_told_of_another(path: Path) -> None:
    with closing(open_file(path, busy_timeout=0.05)) as database, ThreadPoolExecutor() as threads:
        begun, done = threading.Event(), threading.Event()
        deleting = threads.submit(database.write, lambda _: (begun.set(), done.wait(10)))
        assert begun.wait(10)
        with pytest.raises(Busy, match="Easel is busy with a long change"):
            database.write(lambda _: None)
        done.set()
        deleting.result()


def test_a_library_that_is_opened_while_another_program_writes_for_long_is_busy(path: Path) -> None:
    other = WriteLock(path.with_name("easel.db.lock"))
    with other.held(timeout=5), pytest.raises(Busy, match="Another program holds the database"):
        Library.open(path, busy_timeout=0.2)
    other.close()
    Library.open(path).close()


def ask_after(pipe: Pipe, folder: Path, names: list[str]) -> None:
    presence = FilePresence(folder, f"asks {os.getpid()}")
    pipe.send("ready")
    pipe.recv()
    pipe.send([name for name in names if presence.alive(name)])
    presence.close()


def test_programs_that_ask_at_one_instant_all_see_who_has_died(tmp_path: Path) -> None:
    names = [f"dead {number}" for number in range(5000)]
    for name in names:
        (tmp_path / name).touch()  # as after a kill: the file is there, and nobody holds it
    alive = FilePresence(tmp_path, "alive")
    asking = [in_process(ask_after, tmp_path, [*names, "alive"]) for _ in range(2)]
    assert [pipe.recv() for _, pipe in asking] == ["ready", "ready"]
    for _, pipe in asking:
        pipe.send("go")
    assert [pipe.recv() for _, pipe in asking] == [["alive"], ["alive"]]
    alive.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["alive"]
    alive.close()


def test_the_file_is_readable_by_its_owner_alone(file: Library, path: Path) -> None:
    for file in (path, path.with_name("easel.db-wal"), path.with_name("easel.db.lock")):
        assert file.stat().st_mode & 0o077 == 0, file


# Many at once


def test_eight_threads_write_at_once_and_none_is_turned_away(library: Library) -> None:
    session = new_session(library)
    failures: list[Exception] = []

    def write(thread: int) -> None:
        try:
            for number in range(15):
                library.add_picture(session.id, None, new_picture(f"fox {thread} {number}"))
                library.pictures(session.id)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [p.handle for p in library.pictures(session.id)] == list(range(1, 121))


def add_thirty(pipe: Pipe, place: Place, session: str, name: str) -> None:
    with Library.open(place) as library:
        for number in range(30):
            library.add_picture(session, None, new_picture(f"{name} {number}"))
    pipe.send("done")


def test_two_programs_write_at_once_and_none_is_turned_away(place: Place) -> None:
    with Library.open(place) as library:
        session = new_session(library)
    programs = [in_process(add_thirty, place, session.id, name) for name in ("fox", "hen")]
    assert [pipe.recv() for _, pipe in programs] == ["done", "done"]
    with Library.open(place) as library:
        assert [p.handle for p in library.pictures(session.id)] == list(range(1, 61))
        assert library.verify().faults == ()
