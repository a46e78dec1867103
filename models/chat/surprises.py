"""Scenes for who leaves it to Easel what a picture shows: "surprise me", "paint whatever you like"."""

from __future__ import annotations

import random

from models.chat.conversation import Action, Scene
from models.english.patterns import regex
from models.english.politeness import BEFORE, MAY_I, POLITE
from models.english.subjects import SUBJECTS

WHAT_TO_SHOW = Action(
    "ask_user", {"question": "What should the picture show?", "choices": ["an animal", "a place", "a person"]}
)
_SEEDS = 2**32
_SCENES = sorted({f"{one.things} {one.around}" for one in SUBJECTS.values() if ", " in one.things})
_BEHIND = rf"(?:\W+(?:{POLITE}|again|then|now|with (?:something|anything|a (?:picture|scene)))\b)*\W*"
_SURPRISE = regex(
    rf"{BEFORE}{MAY_I}(?:(?:(?:an?|another|one more|give me a|i want a) )?surprise(?: (?:me|us|picture))?"
    r"|(?:(?:draw|paint|make|show|create|do|pick)(?: me| us)? )?(?:an? )?"
    r"random(?: (?:picture|scene|image|thing|one))?"
    r"|(?:draw|paint|make|show|create|do|pick|choose)(?: me| us)? (?:just )?"
    r"(?:(?:any|some)thing|what(?:ever)?|any picture|a picture)(?: (?:that )?you (?:like|want|wish|choose|fancy|prefer)"
    rf"| random| of your (?:own )?choice)){_BEHIND}"
)
_UP_TO_YOU = regex(
    rf"{BEFORE}{MAY_I}(?:you (?:can )?(?:choose|decide|pick)|(?:your|dealer['’]?s) choice|(?:it['’]?s )?up to you"
    r"|(?:i )?(?:do not|don['’]?t) (?:mind|care)|(?:(?:any|some)thing|whatever)(?: you (?:like|want))?)"
    rf"{_BEHIND}"
)


def surprise(scene: Scene) -> Action | None:
    """A picture of something that the small painter knows, where a sentence leaves it to Easel what that is. The seed
    decides which; the call has both."""
    asked = [step.args for exchange in scene.past[-1:] for step in exchange.steps if step.name == "ask_user"]
    free = WHAT_TO_SHOW.args["question"] in [args.get("question") for args in asked] or not (asked or scene.shelf)
    if not (_SURPRISE.fullmatch(scene.said) or (free and _UP_TO_YOU.fullmatch(scene.said))):
        return None
    seed = next(scene.seeds) if scene.seeds else random.SystemRandom().randrange(_SEEDS)
    return Action("generate_image", {"prompt": scene_of(seed), "seed": seed})


def scene_of(seed: int) -> str:
    """The words of the scene that a seed decides on."""
    return random.Random(seed).choice(_SCENES)
