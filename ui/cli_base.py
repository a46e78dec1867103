"""What every command of the terminal shares: exit codes, one sentence for every expected failure, the settings.

`explain` is the one place where an exception becomes a sentence. What it does not know is a bug and is shown as one,
with its traceback.
"""

from __future__ import annotations

import errno
import sys
import tomllib
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NoReturn

from ui.terminal_input import reason

if TYPE_CHECKING:
    from pydantic import ValidationError
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
    print(" ".join(sentence.split()), file=sys.stderr)


class UsageFault(Exception):
    """An option or argument makes no sense; `str(error)` says which, its value and what would do."""


def check_seed(seed: int | None) -> None:
    """Raises `UsageFault` for what is no seed; None is none."""
    if seed is not None and not 0 <= seed < SEEDS:
        raise UsageFault(f"The seed {seed} is out of range; --seed is 0 to {SEEDS - 1}.")


def explain(error: BaseException) -> Complaint | None:
    """The sentence for an expected failure, None for a bug."""
    from tools.errors import EXPECTED, Refusal

    if isinstance(error, Refusal):
        return Complaint(refusal(error.verdict.reason, error.verdict.rewording), ExitCode.REFUSED)
    if isinstance(error, UsageFault):
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
    if error.filename is not None:
        return Complaint(f"{error.filename}: {reason(error)}.", ExitCode.FAILED)
    return None


def load_settings() -> Settings:
    """The settings, or `UsageFault` with the one thing that is wrong in `easel.toml` or an `EASEL_*` variable."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from tools.settings import Settings, config_path

    try:
        return Settings()
    except ValidationError as error:
        raise UsageFault(_first_fault(error)) from error
    except SettingsError as error:
        raise UsageFault(
            f"An EASEL_ variable cannot be read: {error}; nested settings are written as "
            "EASEL_LIMITS__MESSAGE_CHARS=4000."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageFault(f"{config_path()} is not valid TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise UsageFault(f"{config_path()} is not UTF-8 text; save it as UTF-8.") from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    variable = "EASEL_" + "__".join(str(part) for part in fault["loc"]).upper()
    if fault["type"] == "extra_forbidden":
        return f"There is no setting “{where}”; take it out of easel.toml, or see `easel doctor` for those there are."
    problem = fault["msg"][0].lower() + fault["msg"][1:]
    return f"The setting {where} ({variable}) is wrong: {problem}; it is “{fault['input']}”."


@contextmanager
def open_library(settings: Settings) -> Generator[Library]:
    """The library that the settings name, closed again at the end."""
    from storage.library import Library

    library = Library.open(settings.library)
    try:
        yield library
    finally:
        library.close()


def console(stderr: bool = False) -> Console:
    """A rich console on the present standard output or error."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, highlight=False, soft_wrap=not stream.isatty())
