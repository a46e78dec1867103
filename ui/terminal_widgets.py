"""A turn's events as what a person sees in the terminal: pure functions from value to rich text.

`widget` says what one event looks like. `Wrapped` breaks streamed text between words. `preview` draws a small picture
with half blocks, two pixels to a character. What moves on the screen is `ui.terminal_screen`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text

from agent.events import Done, Event, Failed, PictureReady, Question, Refused, TextDelta, ToolStarted
from storage.library import Library
from storage.records import Picture, Session
from ui.phrases import doing, origin
from ui.replay import told
from ui.terminal_text import one_line

HALF = "▀"
"""The upper half of a character's place."""


def widget(event: Event) -> Text | None:
    """What the event looks like, or None when it shows nothing of its own."""
    match event:
        case ToolStarted(name=name, args=args) if name != "ask_user":  # there the question itself is shown
            return Text(f"· {doing(name, args)}", "dim")
        case PictureReady(picture=picture):
            return picture_line(picture)
        case Question(text=text, choices=choices):
            return _question(text, choices)
        case Refused(category=category, reason=reason, rewording=rewording):
            return _refusal(category, reason, rewording)
        case Failed(reason=reason):
            return Text(reason, "red")
        case Done(state="stopped"):
            return Text("Stopped; what was finished is kept.", "yellow")
        case _:
            return None


def said(text: str, number: int) -> Text:
    """What the person wrote, when a saved chat is shown again."""
    return Text(f"\n{number}  ", "dim").append(text, "not dim bold cyan")


def retold(library: Library, session: Session, since: int = 0) -> Iterator[Text]:
    """A saved chat as it went after turn number `since`, line by line."""
    rows = (library.turns(session.id), library.messages(session.id), library.pictures(session.id))
    for story in told(*rows, library.verdicts(session.id)):
        if story.turn.number <= since:
            continue
        yield said(story.text or "(upload)", story.turn.number)
        for event in story.events:
            shown = Text(event.text) if isinstance(event, TextDelta) else widget(event)
            if shown is not None:
                yield shown


def picture_line(picture: Picture) -> Text:
    """`#3  512×512  edit of #2  make it night`."""
    line = Text(f"#{picture.handle}", "bold green").append(f"  {picture.width}×{picture.height}", "not bold default")
    if origin(picture):
        line.append(f"  {origin(picture)}", "dim")
    return line.append(f"  {one_line(picture.caption)}", "not bold default")


def _question(text: str, choices: Sequence[str]) -> Text:
    asked = Text(text, "bold")
    for number, choice in enumerate(choices, 1):
        asked.append(f"\n  {number}  {choice}", "not bold")
    return asked


def _refusal(category: str, reason: str, rewording: str) -> Text:
    line = Text(f"Refused ({category.replace('_', ' ')}). ", "bold yellow").append(reason, "not bold")
    return line.append(f"\nYou could say: {rewording}", "not bold default") if rewording else line


class Wrapped:
    """Streamed text, broken between words at `width` columns; a word longer than that is left to the terminal."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = 0
        self._word = ""

    def feed(self, text: str) -> str:
        """What may be printed now: all complete words so far."""
        out: list[str] = []
        for character in text:
            if character == "\n":
                out.append(self.end() + "\n")
                self._column = 0
            elif character.isspace():
                out.append(self.end())
                if 0 < self._column < self._width:
                    out.append(" ")
                    self._column += 1
            else:
                self._word += character
        return "".join(out)

    def end(self) -> str:
        """The word that was held back, with a line break before it where it needs one."""
        word, self._word = self._word, ""
        cells = cell_len(word)
        broken = "\n" if word and self._column and self._column + cells > self._width else ""
        self._column = cells if broken else self._column + cells
        return broken + word


def preview(data: bytes, columns: int = 32) -> Text:
    """A small picture of half blocks: upper pixel as the character's colour, lower pixel as its background.

    Args:
        data: An encoded picture, such as a thumbnail.
        columns: Its width in characters; wide pictures keep it, tall ones become narrower.
    """
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB")
    small.thumbnail((columns, columns))
    width, height = small.size[0], small.size[1] // 2 * 2
    small = small.resize((width, max(2, height)))
    pixels = small.tobytes()
    drawn = Text(end="")
    for top in range(0, small.size[1], 2):
        for x in range(width):
            upper, lower = (_colour(pixels, (row * width + x) * 3) for row in (top, top + 1))
            drawn.append(HALF, Style(color=upper, bgcolor=lower))
        drawn.append("\n")
    return drawn


def _colour(pixels: bytes, at: int) -> str:
    return f"#{pixels[at]:02x}{pixels[at + 1]:02x}{pixels[at + 2]:02x}"
