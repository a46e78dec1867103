"""The terminal's pure parts, as input → expected tables: events to JSON lines, events to text, lines to meanings."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text
from terminal import a_picture, png

from agent.events import (
    Done,
    Event,
    Failed,
    PictureReady,
    Progress,
    Question,
    Refused,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from tools.errors import BadArgument, BadUpload
from ui.terminal_console import SafeConsole
from ui.terminal_input import Command, Say, Upload, read_script, read_upload_file, understand
from ui.terminal_lines import Lines, encode
from ui.terminal_screen import Screen
from ui.terminal_widgets import Wrapped, picture_line, preview, widget


def told(events: Sequence[Event], turn: int = 2) -> list[Any]:
    lines = Lines(turn, lambda picture: Path(f"/out/{picture.handle}.png"))
    return [json.loads(encode(line)) for event in events for line in lines.feed(event)]


END = {"event": "turn_end", "turn": 2, "state": "done"}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        (
            [ToolStarted("c", "generate_image", {"prompt": "a red fox", "count": 1})],
            [{"event": "tool_call", "turn": 2, "name": "generate_image", "args": {"prompt": "a red fox", "count": 1}}],
        ),
        (
            [PictureReady("c", a_picture(3, (1, 2), "edit"))],
            [
                {
                    "event": "picture",
                    "turn": 2,
                    "image": 3,
                    "parents": [1, 2],
                    "width": 128,
                    "height": 96,
                    "sha256": "ab" * 32,
                    "path": "/out/3.png",
                }
            ],
        ),
        (
            [TextDelta("m", "Here "), TextDelta("m", "it is.\n"), Done("t", 7, "done")],
            [{"event": "text", "turn": 2, "text": "Here it is."}, END],
        ),
        (
            [TextDelta("m", "A thought. "), TextDelta("m", "Hello.", anew=True), Done("t", 7, "done")],
            [{"event": "text", "turn": 2, "text": "Hello."}, END],
        ),
        (
            [TextDelta("m", "First."), TextDelta("n", "Second."), Done("t", 7, "done")],
            [{"event": "text", "turn": 2, "text": "First."}, {"event": "text", "turn": 2, "text": "Second."}, END],
        ),
        (
            [
                TextDelta("m", "One "),
                Progress("c", "j", 0.5, "step 1 of 2"),
                TextDelta("m", "message."),
                Done("t", 1, "done"),
            ],
            [{"event": "text", "turn": 2, "text": "One message."}, END],
        ),
        (
            [TextDelta("m", "Painting."), ToolStarted("c", "look_at_image", {"image": 1})],
            [
                {"event": "text", "turn": 2, "text": "Painting."},
                {"event": "tool_call", "turn": 2, "name": "look_at_image", "args": {"image": 1}},
            ],
        ),
        (
            [Question("Which one?", ("#1", "#2"))],
            [{"event": "question", "turn": 2, "text": "Which one?", "choices": ["#1", "#2"]}],
        ),
        (
            [Refused("sexual", "That is not painted.", "a portrait")],
            [
                {
                    "event": "refused",
                    "turn": 2,
                    "category": "sexual",
                    "reason": "That is not painted.",
                    "rewording": "a portrait",
                }
            ],
        ),
        ([Failed("The disk is full.")], [{"event": "failed", "turn": 2, "reason": "The disk is full."}]),
        ([ToolFinished("c", "generate_image", "painted #1")], []),
        ([Progress("c", "j", 0.5, "step 1 of 2")], []),
        ([Done("t", 7, "stopped")], [{"event": "turn_end", "turn": 2, "state": "stopped"}]),
    ],
)
def test_events_become_the_lines_that_scripts_read(events: list[Event], expected: list[Any]) -> None:
    assert told(events) == expected


def test_a_line_of_json_stays_one_line_and_readable() -> None:
    line = encode({"event": "text", "turn": 1, "text": "雪中\n狐"})
    assert "\n" not in line
    assert "雪中" in line


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (ToolStarted("c", "generate_image", {"prompt": "a fox"}), "· Painting “a fox”"),
        (ToolStarted("c", "ask_user", {"question": "Which?"}), None),
        (PictureReady("c", a_picture(3)), "#3  128×96  a fox"),
        (PictureReady("c", a_picture(4, (3,), "edit", "make it night")), "#4  128×96  edit of #3  make it night"),
        (PictureReady("c", a_picture(5, (), "import", "cat.png")), "#5  128×96  uploaded  cat.png"),
        (Question("Which one?", ("the fox", "the cat")), "Which one?\n  1  the fox\n  2  the cat"),
        (Refused("self_harm", "No.", ""), "Refused (self harm). No."),
        (Refused("violence", "No.", "a sunset"), "Refused (violence). No.\nYou could say: a sunset"),
        (Failed("The disk is full."), "The disk is full."),
        (Done("t", 1, "stopped"), "Stopped; what was finished is kept."),
        (Done("t", 1, "done"), None),
        (ToolFinished("c", "generate_image", "painted #1"), None),
    ],
)
def test_events_become_the_words_that_people_read(event: Event, expected: str | None) -> None:
    shown = widget(event)
    assert (None if shown is None else shown.plain) == expected


@pytest.mark.parametrize(
    ("pieces", "width", "expected"),
    [
        (["a red fox in the snow"], 10, "a red fox\nin the\nsnow"),
        (["a r", "ed f", "ox"], 80, "a red fox"),
        (["one\ntwo three"], 8, "one\ntwo\nthree"),
        (["extraordinarily long"], 6, "extraordinarily\nlong"),
        (["雪中的狐狸 雪"], 10, "雪中的狐狸\n雪"),
    ],
)
def test_streamed_text_breaks_between_words(pieces: list[str], width: int, expected: str) -> None:
    wrapped = Wrapped(width)
    printed = "".join(wrapped.feed(piece) for piece in pieces) + wrapped.end()
    assert [line.rstrip() for line in printed.split("\n")] == expected.split("\n")


def test_a_preview_has_two_pixels_to_a_character_and_the_pictures_colours() -> None:
    drawn = preview(png(64, 32, "#102030"), columns=16)
    lines = drawn.plain.splitlines()
    assert lines == ["▀" * 16] * 4
    assert {str(span.style) for span in drawn.spans} == {"#102030 on #102030"}


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("draw a fox", Say("draw a fox")),
        ("/quit", Command("/quit")),
        ("  /help ", Command("/help")),
        ("+upload cat.png", Upload(Path("cat.png"))),
        ("+upload  my cat.png ", Upload(Path("my cat.png"))),
        ("+upload 'my cat.png'", Upload(Path("my cat.png"))),
        ("+uploads are nice", Say("+uploads are nice")),
        ("", Say("")),
    ],
)
def test_a_typed_line_is_words_an_upload_or_a_command(line: str, meaning: Say | Upload | Command) -> None:
    assert understand(line) == meaning


@pytest.mark.parametrize("line", ["/exit", "+upload", "+upload   "])
def test_a_command_that_does_not_exist_or_lacks_its_file_is_one_sentence(line: str) -> None:
    with pytest.raises(BadArgument, match=r"^[^.]+(\.\w+)?\.$"):
        understand(line)


@pytest.mark.parametrize(
    "line",
    [
        "{folder}/my cat.png",
        "'{folder}/my cat.png' ",
        '"{folder}/my cat.png"',
        "{folder}/my\\ cat.png",
        "my cat.png",
        "my\\ cat.png",
        "~/my cat.png",
        "+upload my\\ cat.png",
        "+upload '{folder}/my cat.png'",
        "{folder}/no\\ending",
    ],
)
def test_a_dropped_picture_is_uploaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("my cat.png", "no\\ending"):
        (tmp_path / name).write_bytes(png())
    meant = understand(line.format(folder=tmp_path))
    assert isinstance(meant, Upload) and meant.path.is_file()


@pytest.mark.parametrize("line", ["cat.png", "a cat", "draw cat.txt", "notes", "x" * 5000, '"', "~"])
def test_words_are_no_dropped_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes").write_text("words")
    assert understand(line) == Say(line)


def test_a_line_of_a_script_that_is_a_path_stays_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cat.png").write_bytes(png())
    assert understand("cat.png", drops=False) == Say("cat.png")
    assert understand("/help", drops=False) == Command("/help")


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"a\nb\n", ["a", "b"]),
        (b"a\r\nb", ["a", "b"]),
        (b"a\n\nb\n", ["a", "", "b"]),
        (b"\xef\xbb\xbfa\n", ["a"]),
        ("a\u2028b\n".encode(), ["a\u2028b"]),
    ],
)
def test_every_line_of_a_script_is_a_turn(tmp_path: Path, data: bytes, lines: list[str]) -> None:
    script = tmp_path / "script.txt"
    script.write_bytes(data)
    assert read_script(script) == lines


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00"])
def test_a_script_that_is_no_text_is_one_sentence(tmp_path: Path, data: bytes) -> None:
    script = tmp_path / "script.txt"
    script.write_bytes(data)
    with pytest.raises(BadArgument, match="script"):
        read_script(script)
    with pytest.raises(BadArgument, match="no such file"):
        read_script(tmp_path / "missing.txt")


def test_an_upload_is_looked_for_beside_the_script_too(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"cat")
    assert read_upload_file(Path("cat.png"), 9, [tmp_path]) == b"cat"
    for name in ("dog.png", "x" * 300):
        with pytest.raises(BadUpload, match=rf"“{name}” cannot be read"):
            read_upload_file(Path(name), 9, [tmp_path])


def test_of_an_endless_file_no_more_is_read_than_is_taken() -> None:
    assert len(read_upload_file(Path("/dev/zero"), 20)) == 21


def test_a_preview_of_a_tall_picture_stays_within_its_columns() -> None:
    lines = preview(png(10, 400), columns=20).plain.splitlines()
    assert max(map(len, lines)) <= 20
    assert len(lines) <= 10


NASTY = "a\x1b[31mred\x07 \x9bfox\r\n\u202ecat\u2066 é雪"


def test_words_of_others_move_no_cursor_and_hide_nothing() -> None:
    file = io.StringIO()
    console = SafeConsole(file=file, force_terminal=True, width=60, color_system="truecolor")
    console.print(Text(f"{NASTY} [bold]", "red"))
    console.print(f"{NASTY} [/]")
    shown = file.getvalue()
    assert not set("\x07\x9b\u202e\u2066") & set(shown) and "[bold]" in shown and "[/]" in shown
    assert shown.replace("\x1b[31m", "").replace("\x1b[0m", "").count("\x1b") == 0
    assert "é雪" in shown


def test_a_caption_stays_on_its_line() -> None:
    line = picture_line(a_picture(caption=NASTY))
    assert "\n" not in line.plain and "\x1b" not in line.plain and "fox" in line.plain


def test_streamed_words_are_made_harmless() -> None:
    file = io.StringIO()
    with Screen(SafeConsole(file=file)) as screen:
        screen.show(TextDelta("m", NASTY))
    assert "\x1b" not in file.getvalue() and "fox" in file.getvalue()


def test_words_that_are_taken_back_stand_apart_from_the_answer() -> None:
    file = io.StringIO()
    with Screen(SafeConsole(file=file)) as screen:
        screen.show(TextDelta("m", "A thought. "))
        screen.show(TextDelta("m", "\n\nHello.", anew=True))
    assert "Hello." in file.getvalue().splitlines()


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_without_colours_no_picture_is_drawn(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    for colourful in (True, False):
        monkeypatch.setenv("TERM", "xterm-256color")
        if not colourful:
            monkeypatch.setenv(variable, value)
        file = io.StringIO()
        with Screen(SafeConsole(file=file, force_terminal=True), lambda _: Path("/a/3.png"), lambda _: png()) as screen:
            screen.show(PictureReady("c", a_picture(3)))
        assert "3.png" in file.getvalue() and "128×96" in file.getvalue().replace("\x1b[0m", "")
        assert ("▀" in file.getvalue()) == colourful


def test_where_half_blocks_cannot_be_written_no_picture_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    written = io.BytesIO()
    file = io.TextIOWrapper(written, "latin-1", "replace", write_through=True)
    with Screen(SafeConsole(file=file, force_terminal=True), lambda _: Path("/a/3.png"), lambda _: png()) as screen:
        screen.show(PictureReady("c", a_picture(3)))
    assert b"3.png" in written.getvalue() and b"48;" not in written.getvalue()  # no background colour
