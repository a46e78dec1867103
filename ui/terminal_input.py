"""What a person types in `easel chat`, or writes on a line of a script, told apart: words, an upload or a command.

Pure but for `read_upload_file` and `read_script`, which read files, and that `understand` looks whether there is one.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.errors import BadArgument, BadUpload
from tools.paths import expanded

COMMANDS = {
    "/help": "these commands",
    "/pictures": "the pictures of this session",
    "/quit": "leave (so does Ctrl-D)",
}
UPLOAD = "+upload"
ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
"""Endings of pictures."""


@dataclass(frozen=True)
class Say:
    """Words for the agent."""

    text: str


@dataclass(frozen=True)
class Upload:
    """A file of the person's own, the session's next picture."""

    path: Path


@dataclass(frozen=True)
class Command:
    """A word to the terminal itself, one of `COMMANDS`."""

    name: str


def understand(line: str, *, drops: bool = True) -> Say | Upload | Command:
    """What a line means, typed or of a script.

    Args:
        line: As it was written.
        drops: Whether a line that is nothing but the path of a picture uploads it, as terminals paste a file that is
            dropped on them.

    Raises:
        BadArgument: It starts like a command that does not exist, or `+upload` names no file.
    """
    first = line.split(maxsplit=1)[0] if line.strip() else ""
    if first in COMMANDS:
        return Command(first)
    if drops and (file := _dropped(line.strip())):
        return Upload(file)
    if first.startswith("/"):
        raise BadArgument(f"There is no command {first}; there are {', '.join([*COMMANDS, UPLOAD + ' FILE'])}.")
    return message(line)


def commands() -> list[str]:
    """What may be written besides words, a line each."""
    told = {f"{UPLOAD} FILE": "add a picture of your own; its path alone does so too", **COMMANDS}
    return [f"{name:14} {what}" for name, what in told.items()]


def message(line: str) -> Say | Upload:
    """What a line means that is no command: words, or a file to upload.

    Raises:
        BadArgument: `+upload` names no file.
    """
    first, _, rest = line.strip().partition(" ")
    if first != UPLOAD:
        return Say(line)
    if not rest.strip():
        raise BadArgument("+upload needs the path of a picture, such as +upload photos/cat.png.")
    return Upload(_path(rest.strip()))


def _dropped(line: str) -> Path | None:
    """The file that a line names and does nothing else: one that is there, and ends like a picture if it is beside."""
    if not line:
        return None
    path = _path(line)
    near = path.is_absolute() or path.suffix.lower() in ENDINGS
    return path if near and os.path.isfile(path) else None  # noqa: PTH113  (it raises for no line, however odd)


def _path(text: str) -> Path:
    """A path as people and terminals write it: with or without quotes, with spaces or `\\ ` for them, `~` for their own
    folder."""
    if text[0] in "\"'":
        try:
            return expanded(Path(" ".join(shlex.split(text))))
        except ValueError:
            return expanded(Path(text.strip("\"'")))
    typed = expanded(Path(text))
    if "\\" not in text or os.sep != "/" or os.path.exists(typed):  # noqa: PTH110  (as above)
        return typed
    return expanded(Path(re.sub(r"\\(.)", r"\1", text)))


def read_upload_file(path: Path, most: int, folders: Sequence[Path] = ()) -> bytes:
    """The bytes of a file to upload; of one with more than `most` as many and one more, by which it is refused.

    A relative path is looked for in the working folder, then in `folders`.

    Raises:
        BadUpload: There is no such file, or it cannot be read.
    """
    candidates = [path, *(folder / path for folder in folders if not path.is_absolute())]
    try:
        found = next((candidate for candidate in candidates if candidate.exists()), path)
        with found.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise BadUpload(f"“{path}” cannot be read ({reason(error)}); name a PNG, JPEG or WebP file.") from error


def read_script(path: Path) -> list[str]:
    """The lines of a script, one message each; a last line break starts no further line. `-` is standard input.

    Raises:
        BadArgument: There is no such file, it cannot be read, it is no UTF-8 text, or it is empty.
    """
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise BadArgument(f"The script {path} cannot be read ({reason(error)}); name a text file.") from error
    except UnicodeDecodeError as error:
        raise BadArgument(f"The script {path} is not UTF-8 text; save it as UTF-8, one message a line.") from error
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise BadArgument(f"The script {path} is empty; write one message a line.")
    return lines


def reason(error: OSError) -> str:
    """Why the system said no, in its own words: "no such file or directory"."""
    return (error.strerror or type(error).__name__).lower()
