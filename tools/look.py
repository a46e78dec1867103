"""Show a stored picture again, or say what is known about it: how it was made, what its pixels measure, what it shows.

The story comes from the recipes, size, light and colours from the pixels, and what it shows is what the painter's eye
saw when it was made (`Picture.shows`). Where a person names a preset that looks (`EASEL_PRESET__LOOK`), that is asked
the question, on the worker's device; without one, an upload is known by its file name and its measurements only. A
language model that has the picture before it is told to look itself: what looks here is weaker.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image
from pydantic import Field

from models.carried import layout_of, things_in
from models.english.patterns import any_of
from models.recipe import Operation, Recipe
from storage.records import Picture
from tools.verb import Args, Context, Doing, Outcome, Verb

# Named colours in sRGB, spread over the colour solid so that the nearest one is what most people would say.
COLOURS: dict[str, tuple[int, int, int]] = {
    "black": (16, 16, 16),
    "dark grey": (72, 72, 72),
    "grey": (136, 136, 136),
    "light grey": (200, 200, 200),
    "white": (245, 245, 245),
    "red": (208, 36, 36),
    "dark red": (110, 20, 24),
    "orange": (240, 140, 40),
    "brown": (120, 76, 40),
    "beige": (226, 204, 164),
    "yellow": (246, 222, 60),
    "light green": (150, 214, 120),
    "green": (52, 150, 60),
    "dark green": (22, 72, 36),
    "turquoise": (60, 190, 184),
    "light blue": (150, 204, 240),
    "blue": (44, 96, 208),
    "dark blue": (22, 34, 88),
    "purple": (124, 60, 164),
    "pink": (240, 150, 186),
}


_OF_PLACES = any_of("where|left|right|middle|order")
"""What in a question is about where things are."""

OURS = "embedded"
"""The preset whose eye has looked already, when the picture was made."""


class LookAtImage(Args):
    """Answer a question about a picture: how it was made, from which one, its size, light and main colours, and what it
    shows as far as that is known. Without a question the person is shown the picture again."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    question: str = Field("", description="What the person wants to know; empty shows the picture again.")


def main_colours(image: Image.Image, most: int = 4) -> list[str]:
    """The names of the colours that cover most of an RGB picture, largest first, those under 8 % left out."""
    pixels = np.asarray(image.convert("RGB").resize((48, 48), Image.Resampling.BOX), dtype=np.int32).reshape(-1, 3)
    palette = np.array(list(COLOURS.values()), dtype=np.int32)
    nearest = ((pixels[:, None, :] - palette[None]) ** 2).sum(-1).argmin(-1)
    share = np.bincount(nearest, minlength=len(palette)) / len(pixels)
    order = [int(index) for index in np.argsort(-share)[:most] if share[index] >= 0.08]
    return [list(COLOURS)[index] for index in order]


def light(image: Image.Image) -> str:
    """`dark`, `bright` or `medium`, by the mean of the luma (0 to 255)."""
    mean = float(np.asarray(image.convert("L"), dtype=np.float32).mean())
    return "dark" if mean < 80 else "bright" if mean > 175 else "medium"


def how_made(picture: Picture) -> str:
    """How the picture came to be, in a line."""
    recipe = Recipe.model_validate(picture.recipe)
    others = " and ".join(f"#{handle}" for handle in picture.parents[1:])
    how = {
        Operation.GENERATE: f"#{picture.handle} was painted from “{recipe.prompt}”",
        Operation.EDIT: f"#{picture.handle} was edited by “{picture.caption}”" + (f" with {others}" if others else ""),
        Operation.INPAINT: f"#{picture.handle} was filled in by “{recipe.prompt}”",
        Operation.EXTEND: f"#{picture.handle} shows more around it",
        Operation.VARY: f"#{picture.handle} is a variation",
        Operation.UPSCALE: f"#{picture.handle} was enlarged {recipe.scale} times",
        Operation.ADJUST: f"#{picture.handle} was adjusted: {recipe.adjust} {recipe.amount}".rstrip(),
        Operation.IMPORT: f"#{picture.handle} was uploaded as “{picture.caption}”",
    }[recipe.operation]
    made_by = f" by {recipe.preset}, seed {recipe.seed}" if recipe.operation in SEEDED else ""
    return how + made_by


SEEDED = (Operation.GENERATE, Operation.EDIT, Operation.INPAINT, Operation.EXTEND, Operation.VARY)


async def look_at_image(context: Context, args: LookAtImage) -> Outcome:
    line = await context.lineage(args.image)
    picture = line[-1]

    def measured() -> tuple[list[str], str, list[str]]:
        with Image.open(io.BytesIO(context.library.pixels(picture.sha256))) as opened:
            image, layout = opened.convert("RGB"), layout_of(opened)
        row = sorted(things_in(layout), key=lambda one: 2 * one[2] + one[1])  # by their middles
        return main_colours(image), light(image), [name for name, *_ in row]

    colours, tone, row = await asyncio.to_thread(measured)
    steps = await asyncio.to_thread(lambda: [how_made(each) for each in line])
    facts: dict[str, Any] = {
        "image": picture.handle,
        "size": f"{picture.width}x{picture.height}",
        "story": steps,
        "light": tone,
        "colours": colours,
    }
    if picture.shows:
        facts["shows"] = picture.shows
    if len(row) > 1 and _OF_PLACES.search(args.question):
        facts["row"] = row
    answer, looker = "", context.preset(Operation.LOOK).name
    if picture.handle in context.seen:
        facts["note"] = f"you have #{picture.handle} before you: what it shows, see for yourself"
    elif args.question and looker != OURS:
        answer = await context.look(picture, args.question, looker)
    if not args.question:
        context.report.picture(context.call_id, picture)
    if answer:
        facts["answer"] = answer
    shown = f"; it shows {picture.shows.replace(';', ' –')}" if picture.shows else ""
    summary = (
        f"{answer} {'; '.join(steps)}{shown}; {picture.width}×{picture.height}, {tone}, "
        f"mostly {' and '.join(colours[:2])}."
    ).strip()
    return Outcome(facts, summary, () if args.question else (picture.handle,))


def doing(call: Mapping[str, Any]) -> Doing:
    if call.get("question"):
        return Doing("Looking at", "Looked at", f"#{call.get('image')}")
    return Doing("Showing", "Showed", f"#{call.get('image')} again")


VERB = Verb("look_at_image", LookAtImage, look_at_image, doing, makes=False)
