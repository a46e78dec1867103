"""Every tool the agent has, in one list; and their LangChain face, which only describes them.

The list is the truth: prompts, docs, buttons and tests read it.
"""

from __future__ import annotations

from typing import Any

from tools import adjust, ask, check, edit, extend, find, generate, look, upscale, vary
from tools.verb import Verb

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
