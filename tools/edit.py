"""Change a stored picture as an instruction in plain words says; the old one stays.

An edit may take something from further pictures, where its preset looks at any. The preset sees pictures without their
handles, so a handle in such an instruction becomes the picture's place among those that it is shown.
"""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image
from pydantic import Field

from models.carried import layout_of
from models.presets import Preset
from models.recipe import Operation, Recipe
from storage.records import Picture
from tools.errors import BadArgument, JobFailed
from tools.shown import changes, left_out, moves, moves_beside, other_style
from tools.vary import description
from tools.verb import Args, Context, Doing, Outcome, Verb, cut_off, extent_of, made, short

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
_MUCH = re.compile(r"\b(slight|subtl|gentl|(a|little) bit|a little|strong|very|much|complete|total)", re.I)
_WHOLE = frozenset({"whole", "entire", "full", "all", "everything", "none"})
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
    references: list[int] = Field(
        default_factory=list[int],
        description="Handles of other pictures that the edit takes something from: a thing, a face, a style. For “put "
        "the cat from #2 into #5” image is 5 and references is [2]. Empty when only the picture itself is meant.",
    )
    preset: str = Field("", description="Only when the person names a model preset, one of those listed for it.")


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
    if name in _WHOLE:
        return None
    if name in REGIONS:
        return REGIONS[name]
    raise BadArgument(f"There is no region “{text}”; say one of {', '.join(REGIONS)}, or four fractions.")


async def edit_image(context: Context, args: EditImage) -> Outcome:
    line = await context.lineage(args.image)
    source = line[-1]
    instruction = args.instruction.strip()
    if not instruction:
        raise BadArgument(f"The instruction for #{args.image} is empty; say what to change, such as “make it night”.")
    if args.strength is not None and not 0 < args.strength <= 1:
        raise BadArgument(f"The strength {args.strength} is out of range; use more than 0 and at most 1.")
    preset = context.preset(Operation.EDIT, args.preset)
    shown = [source, *await _references(context, preset, args)]
    handles = [picture.handle for picture in shown]
    region = read_region(args.region)
    asked, strength = instruction, args.strength
    if strength is not None and not preset.weighs(part=region is not None and len(shown) == 1):
        asked, strength = _in_words(instruction, strength), None
    recipe = Recipe(
        operation=Operation.EDIT,
        prompt=by_place(asked, handles),
        preset=preset.name,
        weights=preset.weights_hash(),
        seed=next(context.seeds),
        extent=extent_of(source),
        steps=preset.steps_at(strength),
        guidance=preset.guidance,
        strength=strength,
        region=region,
        parents=tuple(picture.sha256 for picture in shown),
    )
    [picture] = pictures = await context.make([recipe], parents=handles, caption=instruction, source=description(line))
    before = source.shows or (await _seen(context, source, preset) if picture.shows else "")

    def told() -> tuple[list[str], str]:
        notes = [left_out(instruction, picture.shows, before), other_style(instruction) if preset.draws else ""]
        notes.append(cut_off(preset, recipe.prompt))
        if strength != args.strength:
            notes.append(f"{preset.name} takes no strength here, so it was told “{asked}”")
        was, now = map(_layout, (source, picture))
        other = changes(before, picture.shows)
        also = moves_beside(instruction, was, now) if other else moves(was, now)
        return notes, ", ".join(filter(None, (other, also)))

    def _layout(of: Picture) -> str:
        return layout_of(Image.open(io.BytesIO(context.library.pixels(of.sha256))))

    notes, changed = await asyncio.to_thread(told)
    return made(pictures, f"edited #{args.image} into", "; ".join(filter(None, notes)), changed)


def _in_words(instruction: str, strength: float) -> str:
    """An instruction that says how much may change, for who takes no number."""
    if _MUCH.search(instruction) or 0.4 < strength < 0.7:
        return instruction
    return f"{instruction.rstrip(' .,;')}, {'only slightly' if strength < 0.5 else 'strongly'}"


async def _seen(context: Context, picture: Picture, preset: Preset) -> str:
    """What an upload shows to the eye of the painter that changed it; "" where that sees nothing it knows."""
    if not preset.describes:
        return ""
    try:
        return await context.look(picture, "", preset.name)
    except JobFailed:  # the change is made; that it cannot be told is no failure
        return ""


async def _references(context: Context, preset: Preset, args: EditImage) -> list[Picture]:
    """The further pictures of an edit.

    Raises:
        UnknownHandle: One of them is not in the session.
        BadArgument: One is the picture itself, or the preset does not look at so many.
    """
    further = [await context.picture(handle) for handle in dict.fromkeys(args.references)]
    if args.image in args.references:
        raise BadArgument(f"#{args.image} is the picture that is changed; name only other pictures as references.")
    if further and not preset.references:
        able = dict.fromkeys(other.name for other in context.presets if other.references)
        raise BadArgument(
            f"{preset.name} looks at the picture that it changes and at no other, so nothing can be taken from "
            f"#{further[0].handle}; on a GPU these presets can: {', '.join(able)}."
        )
    if len(further) > preset.references:
        raise BadArgument(
            f"{len(further)} further pictures are too many: {preset.name} looks at {preset.references} at most."
        )
    return further


def by_place(instruction: str, handles: Sequence[int]) -> str:
    """An instruction for who sees several pictures in this order: “the cat from #2” is “the cat from image 2” if #2 is
    the second of them. With one picture nothing is replaced.
    """
    if len(handles) == 1:
        return instruction
    places = {handle: place for place, handle in enumerate(handles, 1)}
    return re.sub(
        r"#(\d+)\b", lambda found: f"image {places[n]}" if (n := int(found[1])) in places else found[0], instruction
    )


def doing(call: Mapping[str, Any]) -> Doing:
    part = "a part of " if call.get("region") else ""
    return Doing("Editing", "Edited", f"{part}#{call.get('image')}: “{short(call.get('instruction', ''))}”")


VERB = Verb("edit_image", EditImage, edit_image, doing)
