"""Paint variations of a stored picture: the same idea, other pixels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from models.recipe import MAX_COUNT, Operation, Recipe
from storage.records import Picture
from tools.errors import BadArgument
from tools.verb import Args, Context, Doing, Outcome, Verb, cut_off, extent_of, made, short, times

USUAL_STRENGTH = 0.6
DESCRIBED = 4000
"""The most characters of a description: as many as of a message, which the word filter reads whole."""


class VaryImage(Args):
    """Paint variations of a picture: alike, but not the same ("another take on #2", "three more like this")."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    count: int = Field(1, description=f"How many variations, 1 to {MAX_COUNT}.")
    strength: float | None = Field(None, description="0.3 subtle, 0.6 usual, 0.8 strong. Only when the person says so.")
    preset: str = Field("", description="Only when the person names a model preset, one of those listed for it.")


async def vary_image(context: Context, args: VaryImage) -> Outcome:
    line = await context.lineage(args.image)
    source = line[-1]
    if not 1 <= args.count <= MAX_COUNT:
        raise BadArgument(f"{args.count} variations at once is not possible; ask for 1 to {MAX_COUNT}.")
    strength = USUAL_STRENGTH if args.strength is None else args.strength
    if not 0 < strength <= 1:
        raise BadArgument(f"The strength {strength} is out of range; use more than 0 and at most 1.")
    preset = context.preset(Operation.VARY, args.preset)
    shown = short(description(line) or source.caption, 200)
    prompt, avoid = preset.worded(description(line), avoided(line))
    first = next(context.seeds)
    recipes = [
        Recipe(
            operation=Operation.VARY,
            prompt=prompt,
            negative_prompt=avoid,
            preset=preset.name,
            weights=preset.weights_hash(),
            seed=(first + index) % 2**32,
            extent=extent_of(source),
            steps=preset.steps_at(strength),
            guidance=preset.guidance,
            strength=strength,
            parents=(source.sha256,),
        )
        for index in range(args.count)
    ]
    pictures = await context.make(recipes, parents=[source.handle], caption=f"variation of {shown}")
    return made(pictures, f"varied #{args.image} into", cut_off(preset, prompt))


def description(line: Sequence[Picture]) -> str:
    """What a picture shows, in the words it was made from: its own prompt, or its forebears' with each edit behind it.

    At most `DESCRIBED` characters. The words that it began with are kept, as they say what it is a picture of, and of
    the edits the latest, as they hold where they gainsay earlier ones. Empty for an upload, of which nothing is known.

    Args:
        line: The picture, at the end, and all that it was made from.
    """
    recipe, edits = _said(line)
    beginning = recipe.prompt[:DESCRIBED]
    kept, room = list[str](), DESCRIBED - len(beginning)
    for edit in reversed(edits):
        room -= len(edit) + len(", ")
        if room < 0:
            break
        kept.append(edit)
    return ", ".join(filter(None, [beginning, *reversed(kept)]))


def avoided(line: Sequence[Picture]) -> str:
    """What must not appear in a picture, as it must not in the one that its line began with.

    Empty where an edit names some of it since ("add people" to a park without people).
    """
    recipe, edits = _said(line)
    avoid = recipe.negative_prompt
    return "" if _words(avoid) & _words(" ".join(edits)) else avoid


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]{3,}", text.lower()))


def _said(line: Sequence[Picture]) -> tuple[Recipe, list[str]]:
    """The recipe that a picture's line began with (an upload's has no words), and the words of each edit since."""
    by_handle, picture = {each.handle: each for each in line}, line[-1]
    edits = list[str]()
    while True:
        recipe = Recipe.model_validate(picture.recipe)
        if recipe.operation in (Operation.GENERATE, Operation.VARY) or not picture.parents:
            return recipe, edits[::-1]
        if recipe.operation in (Operation.EDIT, Operation.INPAINT):
            edits.append(recipe.prompt)
        picture = by_handle[picture.parents[0]]


def doing(call: Mapping[str, Any]) -> Doing:
    return Doing("Varying", "Varied", f"#{call.get('image')}{times(call)}")


VERB = Verb("vary_image", VaryImage, vary_image, doing)
