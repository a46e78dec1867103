"""Change a stored picture as an instruction in plain words says; the old one stays."""

from __future__ import annotations

import re

from pydantic import Field

from models.recipe import Operation, Recipe
from tools.errors import BadArgument
from tools.verb import Args, Context, Outcome, Verb, extent_of, made, new_seed

Region = tuple[float, float, float, float]

REGIONS: dict[str, Region] = {
    "top": (0.0, 0.0, 1.0, 0.5),
    "bottom": (0.0, 0.5, 1.0, 1.0),
    "left": (0.0, 0.0, 0.5, 1.0),
    "right": (0.5, 0.0, 1.0, 1.0),
    "top left": (0.0, 0.0, 0.5, 0.5),
    "top right": (0.5, 0.0, 1.0, 0.5),
    "bottom left": (0.0, 0.5, 0.5, 1.0),
    "bottom right": (0.5, 0.5, 1.0, 1.0),
    "centre": (0.25, 0.25, 0.75, 0.75),
    "top third": (0.0, 0.0, 1.0, 1 / 3),
    "bottom third": (0.0, 2 / 3, 1.0, 1.0),
    "left third": (0.0, 0.0, 1 / 3, 1.0),
    "right third": (2 / 3, 0.0, 1.0, 1.0),
}
_NOISE = re.compile(r"\b(the|just|only|half|part|side|corner|quarter|bit|edge|of|picture|image|area|in|at|on)\b|[,\-]")
_SYNONYMS = {"center": "centre", "middle": "centre", "upper": "top", "lower": "bottom"}


class EditImage(Args):
    """Change a picture as an instruction says ("make it night", "add a hat"); what is not mentioned stays. Makes a new
    picture and keeps the old one."""

    image: int = Field(description="Handle of the picture to change, as on the shelf.")
    instruction: str = Field(description="What to change, in the person's own words.")
    region: str = Field(
        "",
        description="Only this part may change: top, bottom, left, right, a corner such as “top left”, centre, or "
        "left,top,right,bottom in fractions from 0 to 1. Empty: the whole picture.",
    )
    strength: float | None = Field(None, description="0 to 1: how much may change. Only when the person says so.")


def read_region(text: str) -> Region | None:
    """A region in words or fractions as (left, top, right, bottom), each 0 to 1; None for the whole picture.

    Raises:
        BadArgument: The text names no region, or its edges are out of order or out of the picture.
    """
    if not text.strip():
        return None
    numbers = re.findall(r"-?\d*\.?\d+", text)
    if len(numbers) == 4:
        left, top, right, bottom = (float(number) for number in numbers)
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise BadArgument(
                f"The region {text} does not fit; give left,top,right,bottom from 0 to 1, such as 0,0,1,0.5."
            )
        return left, top, right, bottom
    words = [_SYNONYMS.get(word, word) for word in _NOISE.sub(" ", text.lower()).split()]
    name = " ".join(sorted(words, key=lambda word: word in ("left", "right")))
    if name in REGIONS:
        return REGIONS[name]
    raise BadArgument(f"There is no region “{text}”; say one of {', '.join(REGIONS)}, or four fractions.")


async def edit_image(context: Context, args: EditImage) -> Outcome:
    source = context.picture(args.image)
    instruction = args.instruction.strip()
    if not instruction:
        raise BadArgument(f"The instruction for #{args.image} is empty; say what to change, such as “make it night”.")
    if args.strength is not None and not 0 < args.strength <= 1:
        raise BadArgument(f"The strength {args.strength} is out of range; use more than 0 and at most 1.")
    preset = context.presets.for_operation(Operation.EDIT, context.settings.preset.edit)
    recipe = Recipe(
        operation=Operation.EDIT,
        prompt=instruction,
        preset=preset.name,
        weights=preset.weights_hash(),
        seed=new_seed(),
        extent=extent_of(source),
        steps=preset.steps,
        guidance=preset.guidance,
        strength=args.strength,
        region=read_region(args.region),
        parents=(source.sha256,),
    )
    return made(
        await context.make([recipe], parents=[source.handle], caption=instruction), f"edited #{args.image} into"
    )


VERB = Verb("edit_image", EditImage, edit_image)
