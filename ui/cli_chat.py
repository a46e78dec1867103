"""`easel chat`: talk in the terminal, or run a script of messages and get one JSON object a line.

Both take the same turns through the same agent; they differ in who writes the messages and in how events are shown.
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.paths import expanded
from ui.cli_base import (
    SEEDS,
    Ended,
    ExitCode,
    UsageFault,
    check_folder,
    check_seed,
    console,
    load_settings,
    say,
    sentence_for,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from agent.events import Event
    from ui.terminal_input import Command, Say, Upload
    from ui.terminal_turns import Conversation, State
    from ui.wiring import House

    Show = Callable[[Event], None]

_SEEDS_OF_A_LINE = 1000


def chat(
    session: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="Go on with this session: its id or the beginning of it, its title, or `last`."
        ),
    ] = None,
    script: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Take the messages from a text file, one a line; each line is a turn, also `+upload PATH`. "
            "/help, /pictures and /quit work as typed ones do. `-` reads standard input.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="With --script: print one JSON object a line.")] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="With --script: decide and check, but fill pictures with one flat colour, and keep nothing.",
        ),
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="With --script: pictures for which no seed is said get N, N+1, … on the first line, N+1000, … on the "
            "second, so that the script can be repeated.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where pictures are written. (default: pictures/SESSION in the data folder)"),
    ] = None,
) -> None:
    """Talks with you about pictures.

    Say what you would like to see, and what to change.
    +upload FILE adds a picture of your own, as does its path alone (drop the file on the terminal); /pictures lists
    them, /help shows all commands. Ctrl-C stops what is being made, Ctrl-D leaves. A script exits with 0 once all its
    turns were taken, whatever came of them.
    """
    folder = expanded(out) if out else None
    if folder:
        check_folder(folder)
    if script is None:
        if json or dry_run or seed is not None:
            raise UsageFault("--json, --dry-run and --seed belong to a script; add --script FILE.")
        _talk(session, folder)
    else:
        check_seed(seed)
        _recite(session, script, json, dry_run, seed, folder)


def _converse(house: House, name: str | None, folder: Path | None) -> Conversation:
    from ui.cli_sessions import find_session
    from ui.terminal_turns import Conversation

    found = find_session(house.library, house.user, name) if name is not None else None
    return Conversation(house, found, folder)


def take(
    conversation: Conversation,
    meant: Say | Upload,
    show: Show,
    folders: Sequence[Path] = (),
    seeds: Iterator[int] | None = None,
) -> State:
    """Takes one turn: the person's words, or a picture of their own; `seeds` as in `Agent.run_turn`.

    Raises:
        BadUpload: The file cannot be read; there was no turn.
    """
    from agent.turn import UploadFile
    from ui.terminal_input import Say, read_upload_file
    from ui.terminal_text import readable

    agent = conversation.house.agent
    if isinstance(meant, Say):
        return conversation.follow(lambda session: agent.run_turn(session, readable(meant.text), seeds=seeds), show)
    most = conversation.house.settings.limits.upload_bytes
    upload = UploadFile(readable(meant.path.name), read_upload_file(meant.path, most, folders))
    return conversation.follow(lambda session: agent.run_turn(session, "", [upload]), show)


# A person at the keyboard.


def _talk(name: str | None, folder: Path | None) -> None:
    screen, settings = console(), load_settings(paints=True)
    with ExitStack() as stack:
        with screen.status("starting", spinner_style="dim"):  # libraries take a few seconds to load
            from ui.wiring import open_house, warm

            house = stack.enter_context(open_house(settings))
        conversation = stack.enter_context(_converse(house, name, folder))
        ahead = threading.Thread(target=warm, args=(settings,), daemon=True)  # while the first message is being typed
        ahead.start()
        stack.callback(ahead.join)  # a program that ends while torch loads crashes
        talk = Talk(screen, conversation)
        talk.greet()
        for line in _typed(screen):
            if not talk.answer(line):
                break
        if conversation.begun:
            screen.print(f"Kept. Go on with: easel chat --session {conversation.session.id[:8]}", style="dim")


def _typed(screen: Console) -> Iterator[str]:
    """What the person types, line by line, until Ctrl-D; Ctrl-C takes back what is half typed."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    readline = import_module("readline")  # gives input() line editing and a history
    coloured = screen.color_system and not screen.no_color
    prompt = "\n\001\033[1;36m\002you ›\001\033[0m\002 " if coloured else "\nyou › "
    while True:
        try:
            yield input(prompt)
        except EOFError:
            print()
            return
        except KeyboardInterrupt:
            print("" if readline.get_line_buffer() else "\nCtrl-D leaves.")


class Talk:
    """What is typed, answered on the screen; remembers the choices of the agent's last question, and up to which turn
    the person has read."""

    def __init__(self, screen: Console, conversation: Conversation) -> None:
        self._screen = screen
        self._conversation = conversation
        self._choices: tuple[str, ...] = ()
        self._read = 0

    def greet(self) -> None:
        """What a newcomer should know; of a resumed session, how it went."""
        self._screen.print("Say what you would like to see. /help for commands, Ctrl-D to leave.", style="dim")
        self._retell()

    def _retell(self) -> bool:
        """Shows the turns that the person has not read yet; whether there were any."""
        from ui.terminal_widgets import retold

        since, self._read = self._read, self._conversation.catch_up()
        if self._read <= since:
            return False
        for line in retold(self._conversation.house.library, self._conversation.session, since):
            self._screen.print(line)
        return True

    def answer(self, line: str) -> bool:
        """Does what a typed line says; False to leave. What goes wrong is a sentence, and the chat goes on."""
        from storage.errors import StorageError
        from ui.terminal_input import Command, understand

        if not line.strip():
            return True
        try:
            meant = understand(self._chosen(line))
            if not isinstance(meant, Command):
                if self._retell():
                    self._screen.print(
                        "That was done elsewhere meanwhile; say it again if you mean it still.", style="yellow"
                    )
                else:
                    self._turn(meant)
            elif meant.name == "/quit":
                return False
            else:
                self._command(meant)
        except KeyboardInterrupt:  # pressed once more while a turn that was stopped is being closed
            self._screen.print("Stopped.", style="yellow")
            with suppress(StorageError):  # the next words tell of it
                self._read = self._conversation.catch_up(running=True)
        except Exception as error:
            self._screen.print(sentence_for(error), style="red")
        return True

    def _chosen(self, line: str) -> str:
        """A bare number after a question stands for the choice of that number."""
        number = line.strip()
        if number.isdecimal() and len(number) < 4 and 1 <= int(number) <= len(self._choices):
            return self._choices[int(number) - 1]
        return line

    def _turn(self, meant: Say | Upload) -> None:
        from agent.events import Question
        from ui.terminal_screen import Screen

        library = self._conversation.house.library
        self._choices = ()
        with Screen(self._screen, self._conversation.save, lambda picture: library.thumbnail(picture.sha256)) as screen:

            def show(event: Event) -> None:
                screen.show(event)
                if isinstance(event, Question):
                    self._choices = event.choices

            try:
                take(self._conversation, meant, show)
            finally:
                self._read = self._conversation.catch_up()

    def _command(self, meant: Command) -> None:
        for line in answer_to(meant, self._conversation):
            self._screen.print(line, style="" if meant.name == "/pictures" else "dim")


def answer_to(command: Command, conversation: Conversation) -> list[Text]:
    """What `/help` and `/pictures` say, line by line."""
    from rich.text import Text

    from ui.terminal_input import commands
    from ui.terminal_widgets import picture_line

    if command.name == "/help":
        return [Text(line) for line in commands()]
    pictures = conversation.house.library.pictures(conversation.session.id) if conversation.begun else []
    return [picture_line(picture) for picture in pictures] or [Text("There is no picture yet.")]


# A script.


def _recite(
    name: str | None, script: Path, as_json: bool, dry_run: bool, seed: int | None, folder: Path | None
) -> None:
    from ui.terminal_input import read_script
    from ui.wiring import open_house

    settings = load_settings(paints=True)
    lines = read_script(expanded(script))
    with ExitStack() as stack:
        if dry_run:
            if name is not None:
                raise UsageFault("A dry run keeps nothing, so it cannot go on with a session; leave out --session.")
            kept_nowhere = stack.enter_context(tempfile.TemporaryDirectory(prefix="easel-dry-run-"))
            settings = settings.with_library_in(Path(kept_nowhere))
            folder = folder or Path(tempfile.mkdtemp(prefix="easel-dry-run-pictures-"))
        house = stack.enter_context(open_house(settings, dry_run=dry_run))
        conversation = stack.enter_context(_converse(house, name, folder))
        recite(conversation, lines, as_json, script.parent, seed)


def recite(
    conversation: Conversation, lines: Sequence[str], as_json: bool, beside: Path, seed: int | None = None
) -> None:
    """Takes every line as a turn, in order, up to `/quit`; Ctrl-C stops the running one and ends the script.

    Args:
        conversation: Whose turns they are.
        lines: One message, `+upload PATH` or command each.
        as_json: Print lines of JSON; otherwise what a person would see.
        beside: Where a relative path of an upload is looked for, after the working folder.
        seed: The first line's first seed; None leaves seeds to chance.
    """
    turn = _json_turn if as_json else _plain_turn
    for number, line in enumerate(lines, 1):
        if line.strip() == "/quit":
            return
        seeds = None if seed is None else _seeds_of_line(seed, number)
        if turn(conversation, number, line, beside, seeds) == "stopped":
            raise Ended(ExitCode.STOPPED)


def _seeds_of_line(seed: int, number: int) -> Iterator[int]:
    """The seeds of a script's line, whatever the lines before it came to."""
    return ((seed + _SEEDS_OF_A_LINE * (number - 1) + more) % SEEDS for more in count())


def _json_turn(conversation: Conversation, number: int, line: str, beside: Path, seeds: Iterator[int] | None) -> State:
    """One turn as lines of JSON, each written out at once."""
    from ui.terminal_lines import Lines, encode

    lines = Lines(number, conversation.save)

    def show(event: Event) -> None:
        for told in lines.feed(event):
            print(encode(told), flush=True)

    return _recited(conversation, line, beside, show, seeds)


def _plain_turn(conversation: Conversation, number: int, line: str, beside: Path, seeds: Iterator[int] | None) -> State:
    """One turn as a person would see it."""
    from ui.terminal_screen import Screen
    from ui.terminal_widgets import said

    screen = console()
    screen.print(said(line, number))
    with Screen(screen, conversation.save) as shown:
        return _recited(conversation, line, beside, shown.show, seeds)


def _taken_in_turn(
    conversation: Conversation, meant: Say | Upload, show: Show, beside: Path, seeds: Iterator[int] | None
) -> State:
    """Takes a turn once no other program's runs; one that comes in between is waited for as well."""
    from agent.events import Failed

    while True:
        conversation.wait_for_others(say)
        busy = False

        def heard(event: Event) -> None:
            nonlocal busy
            busy = busy or (isinstance(event, Failed) and event.busy)
            if not busy:
                show(event)

        state = take(conversation, meant, heard, [beside], seeds)
        if not busy:
            return state


def _recited(conversation: Conversation, line: str, beside: Path, show: Show, seeds: Iterator[int] | None) -> State:
    """Takes a script's line as a turn; one that cannot even begin fails like any other, and the script goes on."""
    from agent.events import Done, Failed, TextDelta
    from ui.terminal_input import Command, understand

    try:
        meant = understand(line, drops=False)
        if not isinstance(meant, Command):
            return _taken_in_turn(conversation, meant, show, beside, seeds)
        show(TextDelta(meant.name, "\n".join(each.plain for each in answer_to(meant, conversation))))
        show(Done("", 0, "done"))
        return "done"
    except BrokenPipeError:  # nobody reads on
        raise
    except Exception as error:
        show(Failed(sentence_for(error)))
        show(Done("", 0, "failed"))
        return "failed"
