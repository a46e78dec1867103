"""`easel chat --script --json` from line to line: the events, the files, the turns that are kept.

The language model reads from a script and the engine paints flat; everything between is what people run.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import io
import json
import os
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from terminal import png, scripted_house

from agent.events import Done, Event
from models.chat.surprises import scene_of
from models.language import EmbeddedChat
from storage.library import Library
from storage.records import Session, TurnState
from ui.cli_base import Ended, ExitCode
from ui.cli_chat import Talk, recite, take
from ui.cli_sessions import find_session
from ui.terminal_console import SafeConsole
from ui.terminal_turns import Conversation, _Interrupt
from ui.wiring import LOCAL_USER, House


def events_of(output: str, kind: str | None = None) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in output.splitlines()]
    return [event for event in events if kind in (None, event["event"])]


def play(house: House, lines: list[str], beside: Path, folder: Path | None = None) -> None:
    with Conversation(house, None, folder) as conversation:
        recite(conversation, lines, True, beside)


def test_a_script_paints_changes_and_enlarges(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [
        ("generate_image", {"prompt": "a red fox in the snow"}),
        "Here is your fox.",
        ("edit_image", {"image": 1, "instruction": "make it night"}),
        "It is night now.",
        ("upscale_image", {"image": 2, "scale": 2}),
        "It is larger now.",
    ]
    with scripted_house(tmp_path / "data", answers) as house:
        play(house, ["draw a red fox in the snow", "make it night", "upscale it"], tmp_path, tmp_path / "out")
        library, session = house.library, house.library.sessions(house.user.id)[0]
        turns, pictures = library.turns(session.id), library.pictures(session.id)
        faults = library.verify().faults
    events = events_of(capsys.readouterr().out)
    assert [(event["turn"], event["event"]) for event in events] == [
        (turn, kind) for turn in (1, 2, 3) for kind in ("tool_call", "picture", "text", "turn_end")
    ]
    assert events[0] == {
        "event": "tool_call",
        "turn": 1,
        "name": "generate_image",
        "args": {"prompt": "a red fox in the snow"},
    }
    shown = [event for event in events if event["event"] == "picture"]
    assert [(each["image"], each["parents"]) for each in shown] == [(1, []), (2, [1]), (3, [2])]
    for event, picture in zip(shown, pictures, strict=True):
        data = Path(event["path"]).read_bytes()
        assert Path(event["path"]).parent == (tmp_path / "out").resolve()
        assert hashlib.sha256(data).hexdigest() == event["sha256"] == picture.sha256
        with Image.open(event["path"]) as image:
            assert image.size == (event["width"], event["height"])
    assert shown[2]["width"] == 2 * shown[1]["width"]
    assert events[2] == {"event": "text", "turn": 1, "text": "Here is your fox."}
    assert events[-1] == {"event": "turn_end", "turn": 3, "state": "done"}
    assert [turn.state for turn in turns] == [TurnState.DONE] * 3
    assert faults == ()


def test_an_upload_is_a_turn_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cat.png").write_bytes(png(40, 30))
    (tmp_path / "bad.png").write_bytes(b"<svg/>")
    (tmp_path / "empty.png").write_bytes(b"")
    lines = ["+upload cat.png", "+upload bad.png", "+upload empty.png", "+upload nowhere.png", "hello"]
    with scripted_house(tmp_path / "data", ["Hello."]) as house:
        play(house, lines, tmp_path)
        session = house.library.sessions(house.user.id)[0]
        kept = len(house.library.turns(session.id)), len(house.library.pictures(session.id))
    events = events_of(capsys.readouterr().out)
    assert [(event["turn"], event["event"]) for event in events] == [
        (1, "picture"),
        (1, "text"),
        (1, "turn_end"),
        (2, "failed"),
        (2, "turn_end"),
        (3, "failed"),
        (3, "turn_end"),
        (4, "failed"),
        (4, "turn_end"),
        (5, "text"),
        (5, "turn_end"),
    ]
    assert (events[0]["image"], events[0]["width"], events[0]["height"]) == (1, 40, 30)
    assert [events[at]["reason"] for at in (3, 5, 7)] == [
        "“bad.png” is an SVG drawing, not a PNG, JPEG or WebP picture; please convert it to one of these.",
        "“empty.png” is empty (0 bytes); please choose the picture again.",
        "“nowhere.png” cannot be read (no such file or directory); name a PNG, JPEG or WebP file.",
    ]
    assert kept == (2, 1), "what was refused left a trace"


@pytest.mark.parametrize(
    ("line", "reason"), [("", "empty"), ("   ", "empty"), ("x" * 100_000, "100,000 characters"), ("+upload", "needs")]
)
def test_a_message_that_cannot_be_taken_fails_and_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    with scripted_house(tmp_path, []) as house:
        play(house, [line], tmp_path)
        assert house.library.sessions(house.user.id) == []
    failed, end = events_of(capsys.readouterr().out)
    assert failed["event"] == "failed"
    assert reason in failed["reason"]
    assert end == {"event": "turn_end", "turn": 1, "state": "failed"}


def test_a_refusal_names_its_category_and_the_script_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [("generate_image", {"prompt": "forbidden"}), ("generate_image", {"prompt": "a fox"}), "Here."]
    with scripted_house(tmp_path, answers) as house:
        play(house, ["draw something forbidden", "draw a fox"], tmp_path)
    events = events_of(capsys.readouterr().out)
    refused = next(event for event in events if event["event"] == "refused")
    assert (refused["turn"], refused["category"], refused["rewording"]) == (1, "violence", "a red fox")
    assert refused["reason"]
    assert not [event for event in events if event["event"] == "picture" and event["turn"] == 1]
    assert events[-1]["turn"] == 2


def test_a_question_comes_with_its_choices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with scripted_house(
        tmp_path, [("ask_user", {"question": "What shall I draw?", "choices": ["a fox", "a cat"]})]
    ) as house:
        play(house, ["draw"], tmp_path)
    question = events_of(capsys.readouterr().out, "question")
    assert question == [{"event": "question", "turn": 1, "text": "What shall I draw?", "choices": ["a fox", "a cat"]}]


def test_pictures_go_beside_the_database_and_never_over_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "1.png").write_bytes(b"somebody else's")
    answers = [
        ("generate_image", {"prompt": "a fox", "seed": 1}),
        "One.",
        ("generate_image", {"prompt": "a fox"}),
        "Two.",
    ]
    with scripted_house(tmp_path / "data", answers) as house:
        play(house, ["draw a fox"], tmp_path, out)
        play(house, ["draw a fox"], tmp_path)
        session = house.library.sessions(house.user.id)[0]
    first, second = events_of(capsys.readouterr().out, "picture")
    assert (out / "1.png").read_bytes() == b"somebody else's"
    assert Path(first["path"]).name == f"1-{first['sha256'][:8]}.png"
    assert Path(second["path"]) == (tmp_path / "data" / "pictures" / session.id / "1.png").resolve()


def test_a_picture_that_cannot_be_written_is_told_of_and_its_turn_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file, not a folder")
    with scripted_house(tmp_path / "data", [("generate_image", {"prompt": "a fox"}), "Here.", "Hello."]) as house:
        play(house, ["draw a fox", "hello"], tmp_path, tmp_path / "out")
        session = house.library.sessions(house.user.id)[0]
        assert len(house.library.pictures(session.id)) == 1
    events = events_of(capsys.readouterr().out)
    [picture] = [event for event in events if event["event"] == "picture"]
    assert picture["path"] is None and "#1 is kept, but" in picture["problem"]
    assert [event["state"] for event in events if event["event"] == "turn_end"] == ["done", "done"]


def test_a_script_with_a_seed_paints_the_same_again_whatever_else_its_lines_came_to(tmp_path: Path) -> None:
    seeds = list[list[int]]()
    for number, second in enumerate(("Which one?", ("edit_image", {"image": 1, "instruction": "make it night"}))):
        answers = [("generate_image", {"prompt": "a fox", "count": 2}), "Here.", second]
        answers += ["It is night."] * (number > 0) + [("generate_image", {"prompt": "a cat"}), "Here."]
        with scripted_house(tmp_path / str(number), answers) as house, Conversation(house) as conversation:
            recite(conversation, ["two foxes", "make it night", "a cat"], True, tmp_path, seed=2**32 - 1)
            pictures = house.library.pictures(house.library.sessions(house.user.id)[0].id)
            seeds.append([picture.recipe["seed"] for picture in pictures if picture.recipe])
    assert seeds == [[2**32 - 1, 0, 1999], [2**32 - 1, 0, 999, 1999]]


def test_a_scripts_seed_decides_what_a_surprise_shows(tmp_path: Path) -> None:
    with scripted_house(tmp_path, [], model=EmbeddedChat()) as house, Conversation(house) as conversation:
        recite(conversation, ["hello", "surprise me"], True, tmp_path, seed=7)
        [picture] = house.library.pictures(house.library.sessions(house.user.id)[0].id)
    assert picture.recipe and picture.recipe["seed"] == 1007 and picture.caption == scene_of(1007)


def test_a_bug_ends_its_turn_alone_and_is_not_hidden(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def bug(messages: list[Any]) -> str:
        raise ZeroDivisionError("a scripted bug")

    with scripted_house(tmp_path, [bug, "Hello."]) as house:
        play(house, ["hello", "hello again"], tmp_path)
    said = capsys.readouterr()
    assert "a scripted bug" in said.err
    events = events_of(said.out)
    assert [event["state"] for event in events if event["event"] == "turn_end"] == ["failed", "done"]


def test_ctrl_c_stops_the_turn_keeps_what_there_is_and_the_session_resumes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [("generate_image", {"prompt": "a fox"}), "word " * 500, "Hello again."]
    with scripted_house(tmp_path, answers, pause=0.02) as house:
        threading.Thread(target=_press_when_a_picture_is_kept, args=(house.library,)).start()
        with Conversation(house) as conversation, pytest.raises(Ended) as ended:
            recite(conversation, ["draw a fox", "never reached"], True, tmp_path)
        assert ended.value.code == ExitCode.STOPPED
        session = house.library.sessions(house.user.id)[0]
        with Conversation(house, session) as conversation:
            recite(conversation, ["hello"], True, tmp_path)
        states = [turn.state for turn in house.library.turns(session.id)]
        assert house.library.verify().faults == ()
    ends = [event["state"] for event in events_of(capsys.readouterr().out, "turn_end")]
    assert ends == ["stopped", "done"]
    assert states == [TurnState.STOPPED, TurnState.DONE]


def test_ctrl_c_before_a_turn_has_begun_or_while_it_begins_leaves_no_turn_running(tmp_path: Path) -> None:
    async def not_begun(session: Session) -> AsyncIterator[Event]:
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.sleep(30)
        yield Done("", 0, "done")

    with scripted_house(tmp_path, ["never said"], pause=0.05) as house, Conversation(house) as conversation:
        assert conversation.follow(not_begun, print) == "stopped"

        async def beginning(session: Session) -> AsyncIterator[Event]:
            asyncio.get_running_loop().call_later(0, os.kill, os.getpid(), signal.SIGINT)
            async for event in house.agent.run_turn(session, "hello"):
                yield event

        for _ in range(5):
            assert conversation.follow(beginning, lambda event: None) == "stopped"
        states = {turn.state for turn in house.library.turns(conversation.session.id)}
        assert states <= {TurnState.STOPPED}


def test_who_lets_go_with_ctrl_c_does_not_wait_for_a_turn_that_cannot_be_closed(tmp_path: Path) -> None:
    async def stuck(session: Session) -> AsyncIterator[Event]:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(30)
            yield Done("", 0, "done")
        finally:
            await asyncio.sleep(5)  # as while another program holds the database

    with scripted_house(tmp_path, []) as house, Conversation(house) as conversation:
        began = time.monotonic()
        assert conversation.follow(stuck, print) == "stopped"
        assert time.monotonic() - began < 4


def _press_when_a_picture_is_kept(library: Library) -> None:
    user = library.user(LOCAL_USER)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if any(library.pictures(session.id) for session in library.sessions(user.id)):
            time.sleep(0.3)
            break
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGINT)


def test_a_talk_goes_on_after_every_mistake_and_takes_a_number_for_a_choice(tmp_path: Path) -> None:
    from rich.console import Console

    asked: list[str] = []

    def echo(messages: list[Any]) -> str:
        said = messages[-1].content.partition("\n\n[shelf]")[0]
        asked.append(said)
        return f"You said {said}."

    question = ("ask_user", {"question": "Which?", "choices": ["the fox", "the cat"]})
    with scripted_house(tmp_path, [question, echo]) as house, (tmp_path / "screen").open("w+") as file:
        with Conversation(house) as conversation:
            talk = Talk(Console(file=file, width=40), conversation)
            talk.greet()
            for line in ["/nothing", "+upload nowhere.png", "", "/pictures", "1" * 5000, "draw it", "2", "/help"]:
                assert talk.answer(line)
            assert not talk.answer("/quit")
        assert find_session(house.library, house.user, "last").title == "the cat"
        file.seek(0)
        screen = " ".join(file.read().split())
    assert asked == ["the cat"]
    for sentence in [
        "no command /nothing",
        "“nowhere.png” cannot be read",
        "There is no picture yet",
        "5,000 characters",
        "You said the cat.",
    ]:
        assert sentence in screen
    assert "Traceback" not in screen


@pytest.mark.parametrize("broken", [KeyboardInterrupt, OSError])
def test_an_own_turn_that_was_broken_off_is_not_taken_for_another_terminals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: type[BaseException]
) -> None:
    from rich.console import Console

    def break_off(*arguments: Any) -> None:
        take(*arguments)
        monkeypatch.setattr("ui.cli_chat.take", take)
        raise broken

    monkeypatch.setattr("ui.cli_chat.take", break_off)
    with scripted_house(tmp_path, ["A fox.", "A bear."]) as house, Conversation(house) as conversation:
        talk = Talk(Console(file=io.StringIO()), conversation)
        assert talk.answer("a fox") and talk.answer("a bear")
        assert len(house.library.turns(conversation.session.id)) == 2


def test_what_another_terminal_did_is_shown_before_it_is_changed(tmp_path: Path) -> None:
    from rich.console import Console

    fox, bear = ("generate_image", {"prompt": "a fox"}), ("generate_image", {"prompt": "a bear"})
    replies = [fox, "A fox.", bear, "A bear.", "Purple."]
    with scripted_house(tmp_path, replies) as house, (tmp_path / "screen").open("w+") as file:
        with Conversation(house) as here:
            talk = Talk(Console(file=file, width=80), here)
            assert talk.answer("draw a fox")
            with Conversation(house, here.session) as elsewhere:
                other = Talk(Console(file=io.StringIO()), elsewhere)
                other.greet()
                assert other.answer("draw a bear")
            assert talk.answer("make it purple") and len(house.library.turns(here.session.id)) == 2
            assert talk.answer("make it purple") and len(house.library.turns(here.session.id)) == 3
        file.seek(0)
        screen = file.read()
    assert screen.index("A bear.") < screen.index("done elsewhere meanwhile") < screen.index("Purple.")


def test_a_scripts_line_waits_for_the_turn_of_another_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted_house(tmp_path, ["Done."]) as house, Library.open(house.settings.library) as elsewhere:
        session = house.library.create_session(house.user.id)
        turn = elsewhere.begin_turn(session.id, "from the page")
        ending = threading.Timer(0.3, elsewhere.finish_turn, [turn.id, TurnState.DONE])
        ending.start()
        with Conversation(house, session) as conversation:
            recite(conversation, ["hello"], True, tmp_path)
        ending.join()
    told = capsys.readouterr()
    assert [event["state"] for event in events_of(told.out, "turn_end")] == ["done"]
    assert told.err.count("waiting until it has ended") == 1


class Overtaken(Conversation):
    """One in which another program's turn begins after it has looked, the first time."""

    looked = 0

    def wait_for_others(self, tell: Callable[[str], object]) -> None:
        self.looked += 1
        if self.looked > 1:
            super().wait_for_others(tell)


def test_a_scripts_line_that_was_overtaken_waits_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with scripted_house(tmp_path, ["Done."]) as house, Library.open(house.settings.library) as elsewhere:
        session = house.library.create_session(house.user.id)
        turn = elsewhere.begin_turn(session.id, "from the page")
        ending = threading.Timer(0.5, elsewhere.finish_turn, [turn.id, TurnState.DONE])
        ending.start()
        with Overtaken(house, session) as conversation:
            recite(conversation, ["hello"], True, tmp_path)
        ending.join()
    told = capsys.readouterr().out
    assert [event["state"] for event in events_of(told, "turn_end")] == ["done"] and not events_of(told, "failed")


def test_a_talk_whose_session_was_deleted_elsewhere_begins_a_new_one(tmp_path: Path) -> None:
    from rich.console import Console

    with scripted_house(tmp_path, ["One.", "Two."]) as house, (tmp_path / "screen").open("w+") as file:
        with Conversation(house) as conversation:
            talk = Talk(Console(file=file, width=80), conversation)
            assert talk.answer("first")
            old = conversation.session.id
            house.library.delete_session(house.user.id, old)
            assert talk.answer("second") and talk.answer("second again")
            assert conversation.session.id != old
        file.seek(0)
        assert file.read().count("This session was deleted elsewhere") == 1


def test_commands_of_a_script_work_as_typed_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with scripted_house(tmp_path, [("generate_image", {"prompt": "a fox"}), "Here it is."]) as house:
        play(house, ["/help", "/pictures", "draw a fox", "/pictures", "/nothing", "/quit", "never said"], tmp_path)
    events = events_of(capsys.readouterr().out)
    said = [event["text"] for event in events if event["event"] == "text"]
    assert "/quit" in said[0] and said[1] == "There is no picture yet." and said[3].startswith("#1")
    assert [event["state"] for event in events if event["event"] == "turn_end"] == ["done"] * 4 + ["failed"]


@pytest.fixture
def keyboard() -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A prompt on a terminal of its own, and the end that a person types at."""
    person, terminal = os.openpty()
    code = (  # Ctrl-C is heard even where the tests run in a shell's background
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})\n"
        "from ui.cli_base import console\nfrom ui.cli_chat import _typed\n"
        "for line in _typed(console()):\n    print(f'<{line}>', flush=True)\nprint('left')"
    )
    asked = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TERM": "xterm", "NO_COLOR": "1"},
    )
    os.close(terminal)
    yield asked, person
    asked.kill()
    asked.wait()
    os.close(person)


def test_ctrl_c_at_the_prompt_clears_the_line_and_ctrl_d_leaves(keyboard: tuple[subprocess.Popen[bytes], int]) -> None:
    asked, person = keyboard
    shown = b""

    def until(words: str) -> None:
        nonlocal shown
        while words.encode() not in shown:
            assert select.select([person], [], [], 20)[0], shown
            shown += os.read(person, 1000)
        shown = shown.partition(words.encode())[2]
        while Path(f"/proc/{asked.pid}/stat").read_text().rpartition(")")[2].split()[0] in "RD":
            time.sleep(0.01)  # Python's input() hears a Ctrl-C only while it waits for a key

    until("you › ")
    os.write(person, b"half a wish")
    until("wish")
    os.write(person, b"\x03")
    until("you › ")
    os.write(person, b"a fox\r")
    until("<a fox>")
    until("you › ")
    os.write(person, b"\x03")
    until("Ctrl-D leaves.")
    until("you › ")
    os.write(person, b"\x04")
    until("left")
    assert asked.wait(20) == 0


def test_ctrl_c_however_often_stops_the_turn_and_stays(tmp_path: Path) -> None:
    def impatient(messages: list[Any]) -> str:
        for _ in range(3):
            os.kill(os.getpid(), signal.SIGINT)
        return "word " * 500

    with scripted_house(tmp_path, [impatient, "Hello again."], pause=0.02) as house:
        with (tmp_path / "screen").open("w+") as file, Conversation(house) as conversation:
            talk = Talk(SafeConsole(file=file, width=80), conversation)
            assert talk.answer("draw a fox")
            assert talk.answer("hello")
        states = [turn.state for turn in house.library.turns(house.library.sessions(house.user.id)[0].id)]
    assert states == [TurnState.STOPPED, TurnState.DONE]


async def test_ctrl_c_leaves_a_turn_at_once_whose_end_cannot_be_written_down() -> None:
    never = asyncio.Event()
    house = SimpleNamespace(agent=SimpleNamespace(busy=lambda session: True, stop=lambda session: never.wait()))
    with _Interrupt(house, "session") as interrupt:  # type: ignore[arg-type]
        interrupt.leaves = True
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(asyncio.CancelledError):
            await never.wait()
