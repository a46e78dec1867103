"""Words of others on the terminal: titles, captions and sentences must not move the cursor, ring or hide what follows.

`harmless` is for text of any length, `one_line` for what stands in a line of its own. `ui.terminal_console` makes all
harmless that it prints. `readable` is for words that come from the shell or are typed.
"""

from __future__ import annotations

import os
import re

_CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing, and Unicode's own line breaks: none is seen, all change what is."""

MARK = "\ufffd"
"""Stands in the place of each, so that a text keeps its length and nothing is hidden."""


def harmless(text: str) -> str:
    """The text with `MARK` for each control and invisible mark; line breaks and tabs stay."""
    return _DIRECTIONS.sub(MARK, _CONTROLS.sub(MARK, text))


def one_line(text: str) -> str:
    """The text on one line, harmless."""
    return harmless(" ".join(text.split()))


def readable(text: str) -> str:
    """Words from outside as text: what the locale could not read is read as UTF-8, with `MARK` for what is none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return os.fsencode(text).decode("utf-8", "replace")
    return text


def shown_in(text: str, encoding: str) -> bool:
    """Whether a terminal of that encoding has all characters of the text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
