"""What every command of the terminal shares: exit codes, one sentence for every expected failure, the settings.

`explain` is the one place where an exception becomes a sentence. What it does not know is a bug and is shown as one,
with its traceback.
"""

from __future__ import annotations

import errno
import os
import sys
import tomllib
import traceback
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from ui.terminal_input import reason

if TYPE_CHECKING:
    from rich.console import Console

    from storage.library import Library
    from tools.settings import Settings


class ExitCode(IntEnum):
    """What `easel` answers to the shell."""

    FINE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    STOPPED = 130


SEEDS = 2**32
EXIT_CODES = (
    "Exit codes: 0 fine, 1 failed, 2 wrong usage or settings, 3 refused by the safety filter, 130 stopped (Ctrl-C)."
)


@dataclass(frozen=True)
class Complaint:
    """One sentence for the person, and the exit code."""

    sentence: str
    code: ExitCode


class Ended(Exception):
    """A command is over with this exit code; what there was to say has been said."""

    def __init__(self, code: ExitCode) -> None:
        super().__init__(code)
        self.code = code


def complain(sentence: str, code: ExitCode) -> NoReturn:
    """Says what went wrong on standard error and ends the command."""
    say(sentence)
    raise Ended(code)


def sentence_for(error: Exception) -> str:
    """What to say of an error that ended a turn but not the chat; a bug's traceback goes to standard error first."""
    complaint = explain(error)
    if complaint is not None:
        return complaint.sentence
    traceback.print_exception(error)
    return f"Something went wrong inside Easel ({type(error).__name__}); that is a bug, and the chat goes on."


def say(sentence: str) -> None:
    """One line on standard error, whatever line breaks the sentence carries."""
    from ui.terminal_text import one_line

    print(one_line(sentence), file=sys.stderr)


class UsageFault(Exception):
    """An option or argument makes no sense; `str(error)` says which, its value and what would do."""


def may_delete(what: str, yes: bool) -> bool:
    """Asks whether something may be deleted for good, and says so where it may not.

    Raises:
        UsageFault: Nobody can be asked, and `yes` was not given.
    """
    if yes:
        return True
    if not sys.stdin.isatty():
        raise UsageFault(f"Nobody can be asked here whether to delete {what}; confirm it with --yes.")
    import typer

    if typer.confirm(f"Delete {what} for good?"):
        return True
    typer.echo("Nothing was deleted.")
    return False


def check_seed(seed: int | None) -> None:
    """Raises `UsageFault` for what is no seed; None is none."""
    if seed is not None and not 0 <= seed < SEEDS:
        raise UsageFault(f"The seed {seed} is out of range; --seed is 0 to {SEEDS - 1}.")


def check_folder(folder: Path) -> None:
    """Raises `UsageFault` where nothing can be written into a folder, which may have to be made."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not there.is_dir():
        raise UsageFault(f"{there} is a file, and nothing can be written into it; choose another folder with --out.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageFault(f"{there} may not be written; choose another folder with --out.")


def explain(error: BaseException) -> Complaint | None:
    """The sentence for an expected failure, None for a bug."""
    from models.errors import UnknownPreset
    from storage.errors import NoAddress
    from tools.errors import EXPECTED, BadArgument, BadUpload, Refusal

    if isinstance(error, Refusal):
        return Complaint(refusal(error.verdict.reason, error.verdict.rewording), ExitCode.REFUSED)
    if isinstance(error, (UsageFault, BadArgument, BadUpload, UnknownPreset, NoAddress)):
        return Complaint(str(error), ExitCode.USAGE)
    if isinstance(error, EXPECTED):
        return Complaint(str(error), ExitCode.FAILED)
    if isinstance(error, KeyboardInterrupt):
        return Complaint("Stopped.", ExitCode.STOPPED)
    if isinstance(error, OSError):
        return _explain_os(error)
    return None


def refusal(reason: str, rewording: str) -> str:
    """A refusal as one line: why, and what would pass."""
    return f"{reason} You could say: {rewording}" if rewording else reason


def _explain_os(error: OSError) -> Complaint | None:
    if error.errno == errno.ENOSPC:
        return Complaint("The disk is full; free some space and try again.", ExitCode.FAILED)
    if error.errno == errno.ENAMETOOLONG:
        return Complaint(f"The name {error.filename} is too long for a file; choose a shorter one.", ExitCode.USAGE)
    if error.filename is not None:
        return Complaint(f"{error.filename}: {reason(error)}.", ExitCode.FAILED)
    return None


def load_settings(*, paints: bool = False) -> Settings:
    """The settings, for a command that paints only with presets that exist.

    Raises:
        UsageFault: The one thing that is wrong in `easel.toml` or an `EASEL_*` variable.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from tools.settings import Settings, config_path
    from ui.settings_faults import file_fault, first_fault, strays, unreadable

    if fault := file_fault(os.environ.get("EASEL_CONFIG", "")):
        raise UsageFault(fault)
    try:
        settings = Settings()
    except ValidationError as error:
        raise UsageFault(first_fault(error)) from error
    except SettingsError as error:
        raise UsageFault(unreadable(error)) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageFault(f"{config_path()} is not valid TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise UsageFault(f"{config_path()} is not UTF-8 text; save it as UTF-8.") from error
    if settings.judges or paints:
        _check_names(settings, paints)
    for stray in strays(os.environ) if paints else ():
        say(f"Note: {stray}")
    return settings


def _check_names(settings: Settings, paints: bool) -> None:
    """Raises `UsageFault` for a judge or a preset that does not exist: as nothing would pass, it is told at once."""
    from models.errors import UnknownPreset
    from models.presets import Presets
    from models.recipe import Operation
    from tools.safety import judge_named

    known = Presets.load(folder=settings.models)
    try:
        for name in settings.judges:
            judge_named(name, known)
        for operation, name in settings.preset if paints else ():
            known.named(Operation(operation), name)
    except UnknownPreset as error:
        raise UsageFault(str(error)) from error


@contextmanager
def open_library(settings: Settings) -> Generator[Library]:
    """The library that the settings name, closed again at the end."""
    from storage.errors import NotWritable, StorageError
    from storage.library import Library

    place = settings.library
    try:
        library = Library.open(place)
    except NotWritable as error:
        if not isinstance(place, Path) or not os.access(place, os.R_OK):
            raise
        elsewhere = f"read a copy of it: EASEL_DATA=FOLDER easel sessions import {place}"
        raise NotWritable(f"{str(error).rstrip('.')}, or {elsewhere}") from error
    try:
        with suppress(StorageError):  # of a full disk is read all the same
            library.recover()  # a turn whose program was killed is not still running
        yield library
    finally:
        library.close()


def console(stderr: bool = False) -> Console:
    """A rich console on the present standard output or error."""
    from ui.terminal_console import SafeConsole

    stream = sys.stderr if stderr else sys.stdout
    screen = SafeConsole(file=stream, soft_wrap=not stream.isatty())
    if stream.isatty() and screen.is_dumb_terminal and (size := os.get_terminal_size(stream.fileno())).columns:
        screen.size = size  # rich takes 80 columns without asking
    return screen
