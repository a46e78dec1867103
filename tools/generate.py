"""Paint new pictures from words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from models.english.naming import with_article
from models.english.patterns import regex
from models.english.pictures import PICTURE, PICTURES
from models.presets import plan
from models.recipe import MAX_COUNT, Brief, Extent, Operation, Recipe
from tools import shapes
from tools.errors import BadArgument
from tools.shapes import near, shape_in
from tools.shown import left_out, not_avoided, other_style, unasked
from tools.verb import Args, Context, Doing, Outcome, Verb, cut_off, made, short, times


class GenerateImage(Args):
    """Paint one or more new pictures from a description. Use it when the person asks for a picture that does not exist
    yet, also for "the same, but…" when nothing of the old pixels has to stay."""

    prompt: str = Field(description="What to paint: subject, action, setting, light. The person's own words.")
    negative_prompt: str = Field("", description="What must not appear.")
    aspect: str = Field("square", description="Shape of the picture: square, wide, tall, or a ratio such as 16:9.")
    size: str = Field("", description="Exact size such as 640x480, only when the person names one.")
    count: int = Field(1, description=f"How many different pictures, 1 to {MAX_COUNT}.")
    seed: int | None = Field(None, description="Only when the person names one.")
    style: str = Field("", description="Style in a few words, such as watercolour or pixel art.")
    preset: str = Field("", description="Only when the person names a model preset, one of those listed.")

    @field_validator("aspect", mode="before")
    @classmethod
    def _shape(cls, written: Any) -> Any:
        """Also by what people call the three."""
        shape = shape_in(str(written))
        if not shape:
            raise BadArgument(
                f"generate_image: aspect is “{written}”, which is no shape; say square, wide, tall or a ratio such "
                "as 16:9."
            )
        near_three = shape.named and shape.written != "16:9"
        name = "wide" if shape.ratio > 1 else "tall" if shape.ratio < 1 else "square"
        return name if near_three or shape.ratio == 1 else shape.written


def read_size(text: str) -> Extent:
    """A size as people write it: `640x480`, `640×480`, `640 x 480`, `512` (square).

    Raises:
        BadArgument: The text is no size.
    """
    numbers = re.fullmatch(r"\s*(\d{1,7})(?:\s*[x×*,]\s*(\d{1,7}))?\s*", text.lower())
    if not numbers:
        raise BadArgument(f"“{text}” is no size; write width x height in pixels, such as 128x128.")
    return Extent(int(numbers[1]), int(numbers[2] or numbers[1]))


async def generate_image(context: Context, args: GenerateImage) -> Outcome:
    prompt = args.prompt.strip()
    if not prompt:
        raise BadArgument("The prompt is empty; say what to paint, such as “a red fox in the snow”.")
    if not 1 <= args.count <= MAX_COUNT:
        raise BadArgument(f"{args.count} pictures at once is not possible; ask for 1 to {MAX_COUNT}.")
    if args.seed is not None and not 0 <= args.seed < 2**32:
        raise BadArgument(f"The seed {args.seed} is out of range; use a whole number from 0 to 4294967295.")
    preset = context.preset(Operation.GENERATE, args.preset)
    unwished = args.negative_prompt.strip()
    subject, avoid = preset.worded(prompt, unwished)
    brief = Brief(subject=subject, style=args.style.strip(), avoid=avoid)
    wanted = read_size(args.size) if args.size.strip() else args.aspect
    extent = plan(preset, Operation.GENERATE, wanted)
    rounded = isinstance(wanted, Extent) and extent != wanted
    first = next(context.seeds) if args.seed is None else args.seed
    recipes = [
        Recipe(
            operation=Operation.GENERATE,
            prompt=preset.render(brief),
            negative_prompt=brief.avoid,
            preset=preset.name,
            weights=preset.weights_hash(),
            seed=(first + index) % 2**32,
            extent=extent,
            steps=preset.steps,
            guidance=preset.guidance,
        )
        for index in range(args.count)
    ]
    notes = [f"{wanted} was rounded to {extent}, which {preset.name} paints"] if rounded else []
    shape = shape_in(wanted) if isinstance(wanted, str) else None
    if shape and not shape.named and not near(shape.ratio, extent.width / extent.height):
        notes.append(f"{wanted} was asked for, {shapes.told(extent)} is the nearest that {preset.name} paints")
    if unwished and not avoid:
        notes.append(f"{preset.name} takes no list of what to avoid, so it was asked for “{subject}”")
    notes.append(cut_off(preset, recipes[0].prompt))
    limits: list[str] = []
    if preset.draws and _PHOTOGRAPH.search(prompt):
        limits.append(f"the small painter draws {preset.draws}, no photographs")
    if preset.draws and (told := other_style(prompt)):
        limits.append(told)
    if unseen := await _pointed_at(context):
        notes.append(f"{unseen} was not looked at, as a new picture is painted from words alone")
    pictures = await context.make(recipes, parents=(), caption=prompt)
    shown = [picture.shows for picture in pictures]
    lacking, strange = await asyncio.to_thread(lambda: (left_out(prompt, shown[0]), unasked(prompt, shown)))
    notes.append(lacking)
    if unwanted := not_avoided(unwished, shown):
        there = (one if one.endswith("s") else with_article(one) for one in unwanted)
        notes.append(f"it shows {' and '.join(there)} all the same")
    if strange:
        limits.append(f"it shows {' and '.join(map(with_article, strange))}, the nearest that the small painter knows")
    if limits:
        limits.append(_better(context))
    return made(pictures, "painted", "; ".join(filter(None, notes + limits)))


_PHOTOGRAPH = re.compile(r"\b(photo|photograph|photoreal|photorealistic|photo-?realistic|realistic|selfie)s?\b", re.I)


_LIKE_THIS = regex(
    r"\b(?:like|as|after|from|of|with|to|using|based on|inspired by) "
    rf"(?:(?:in|on) )?(?:this|that|these|those|the|my|it|th?em)\b(?: (?:one|{PICTURE}|{PICTURES})\b|(?=\W*$))"
)
"""What speaks of a picture as of one that a new one is to be like."""


async def _pointed_at(context: Context) -> str:
    """The uploads ("#7 and #8") that a new picture is to be like, where nobody has seen them; "" for none."""
    if not context.sentences or not _LIKE_THIS.search(context.sentences[-1]):
        return ""
    pictures = await asyncio.to_thread(context.library.pictures, context.session_id)
    mine = (one for one in pictures if one.turn_id == context.turn_id and one.handle not in context.seen)
    return " and ".join(f"#{one.handle}" for one in mine if one.recipe.get("operation") == Operation.IMPORT)


def _better(context: Context) -> str:
    """Which preset paints anything: the first of those that do, and where the others are named."""
    able = [p.name for p in context.presets if Operation.GENERATE in p.operations and not p.draws]
    others = f", or another of {len(able)} in `easel models list`," if len(able) > 1 else ""
    return f"with a GPU the preset {able[0]}{others} paints that" if able else ""


def doing(call: Mapping[str, Any]) -> Doing:
    return Doing("Painting", "Painted", f"“{short(call.get('prompt', ''))}”{times(call)}")


VERB = Verb("generate_image", GenerateImage, generate_image, doing)
