"""Every tool the agent has, in one list; and their LangChain face, which only describes them.

The list is the truth: prompts, docs, buttons and tests read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools import adjust, ask, check, edit, extend, find, generate, look, upscale, vary
from tools.verb import Doing, Verb

VERBS: tuple[Verb[Any], ...] = (
    generate.VERB,
    edit.VERB,
    extend.VERB,
    upscale.VERB,
    vary.VERB,
    adjust.VERB,
    look.VERB,
    find.VERB,
    check.VERB,
    ask.VERB,
)

BY_NAME: dict[str, Verb[Any]] = {verb.name: verb for verb in VERBS}


def doing(name: str, args: Mapping[str, Any]) -> Doing:
    """A call in plain words, also of a tool that there is no more: a stored turn may have called it."""
    if verb := BY_NAME.get(name):
        return verb.doing(args)
    words = name.replace("_", " ").capitalize()
    return Doing(words, words)
