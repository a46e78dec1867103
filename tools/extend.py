"""Show more around a stored picture: what lies beyond its edges is painted (outpainting)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from models.presets import Preset, working_extent
from models.recipe import Extent, Margins, Operation, Recipe
from tools.errors import BadArgument
from tools.shapes import Shape, near, shape_in, told
from tools.vary import avoided, description
from tools.verb import Args, Context, Doing, Outcome, Verb, cut_off, extent_of, made

_CAPTION = ", extended"
_USUAL = 0.5  # of a picture's width or height, added on one side, or half of it on each of two
_SIDES: dict[str, tuple[str, ...]] = {
    "left": ("left",), "right": ("right",), "sides": ("left", "right"),
    "top": ("top",), "up": ("top",), "upwards": ("top",), "above": ("top",),
    "bottom": ("bottom",), "down": ("bottom",), "downwards": ("bottom",), "below": ("bottom",),
}  # fmt: skip
_AROUND = re.compile(r"\b(?:all|around|every\w*|out|outwards)\b", re.IGNORECASE)


class ExtendImage(Args):
    """Show more around a picture: what lies beyond its edges is painted, and nothing of it is cut away ("make it
    wider", "show more to the left", "uncrop it", "make it 16:9")."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    to: str = Field(
        "all sides",
        description="Where there should be more: left, right, top, bottom, both sides, top and bottom, all sides; or "
        "the format that it should become: wide, tall, square, or a ratio such as 16:9.",
    )
    preset: str = Field("", description="Only when the person names a model preset, one of those listed for it.")


async def extend_image(context: Context, args: ExtendImage) -> Outcome:
    line = await context.lineage(args.image)
    source = line[-1]
    preset = context.preset(Operation.EXTEND, args.preset)
    extent = extent_of(source)
    margins = margins_for(args.to, extent, preset)
    larger = Extent(extent.width + margins.left + margins.right, extent.height + margins.top + margins.bottom)
    limit = context.settings.limits.result_pixels
    if larger.pixels > limit:
        raise BadArgument(
            f"#{args.image} would become {larger}, more than the {limit / 10**6:g} megapixels that are allowed; shrink "
            "it first."
        )
    if larger == extent:
        raise BadArgument(
            f"#{args.image} is {extent}, and {preset.name} paints no larger ones in that direction; extend it on "
            "another side, or choose another preset."
        )
    prompt, avoid = preset.worded(description(line), avoided(line))
    recipe = Recipe(
        operation=Operation.EXTEND,
        prompt=prompt,
        negative_prompt=avoid,
        preset=preset.name,
        weights=preset.weights_hash(),
        seed=next(context.seeds),
        extent=larger,
        steps=preset.steps,
        guidance=preset.guidance,
        margins=margins,
        parents=(source.sha256,),
    )
    caption = f"{source.caption.removesuffix(_CAPTION)}{_CAPTION}"
    pictures = await context.make([recipe], parents=[source.handle], caption=caption)
    editor = context.preset(Operation.EDIT).name
    instead = "" if args.preset.strip() or preset.name == editor else f"by {preset.name}, as {editor} cannot extend"
    notes = instead, short_of(args.to, larger, preset), cut_off(preset, prompt)
    return made(pictures, f"extended #{args.image} into", "; ".join(filter(None, notes)))


def margins_for(to: str, extent: Extent, preset: Preset) -> Margins:
    """What is added to a picture of `extent` to show more on some sides, or for it to become of some format; in steps
    that the preset paints.

    Raises:
        BadArgument: The words name neither, or the picture has that format.
    """
    sides, shape = sides_of(to), shape_in(to)
    if shape:
        return _reaching(to, shape, extent, preset)
    return _on(sides, _USUAL * extent.width, _USUAL * extent.height, extent, preset)


def sides_of(to: str) -> set[str]:
    """The sides on which there should be more; none where words name a format.

    Raises:
        BadArgument: The words name neither, or a format that no picture can have.
    """
    if shape_in(to):
        return set()
    sides = {side for word in re.findall(r"[a-z]+", to.lower()) for side in _SIDES.get(word, ())}
    if _AROUND.search(to) or not to.strip():
        sides = {"left", "right", "top", "bottom"}
    if not sides:
        raise BadArgument(
            f"It is not clear where “{to[:60]}” is; say left, right, top, bottom, both sides, all sides, or a format "
            "such as wide, tall, square or 16:9."
        )
    return sides


def short_of(to: str, larger: Extent, preset: Preset) -> str:
    """That a picture has become of another format than was asked for, in a clause; "" where it has that one.

    Args:
        to: What was asked for.
        larger: The size that it has now.
    """
    shape, now = shape_in(to), larger.width / larger.height
    if not shape:
        return ""
    beyond = (shape.ratio < 1) == (now < shape.ratio)
    if near(shape.ratio, now) or (shape.named and shape.ratio != 1 and beyond):  # what is to be wide may be wider
        return ""
    most = "nearest" if beyond else "widest" if shape.ratio > now else "tallest"
    return f"{shape.written} was asked for, {told(larger)} is the {most} that {preset.name} paints of it"


def _reaching(to: str, shape: Shape, extent: Extent, preset: Preset) -> Margins:
    """The margins with which a picture becomes of a format; what is to be wide, and is, becomes wider."""
    ratio, now = shape.ratio, extent.width / extent.height
    alike = near(ratio, now)
    if shape.named and ratio > 1 and (alike or now > ratio):
        return _on({"left", "right"}, _USUAL * extent.width, 0, extent, preset)
    if shape.named and ratio < 1 and (alike or now < ratio):
        return _on({"top", "bottom"}, 0, _USUAL * extent.height, extent, preset)
    if alike:
        raise BadArgument(
            f"The picture is {extent}, which is {to[:60]} already; say on which side there should be more."
        )
    if ratio > now:
        return _on({"left", "right"}, ratio * extent.height - extent.width, 0, extent, preset)
    return _on({"top", "bottom"}, 0, extent.width / ratio - extent.height, extent, preset)


def _on(sides: set[str], across: float, down: float, extent: Extent, preset: Preset) -> Margins:
    """So much more across and down on these sides, shared between two of them, in the preset's steps and as far as it
    paints."""
    margins = dict.fromkeys(Margins._fields, 0)
    works = working_extent(preset, extent)
    axes = (("left", "right", across, extent.width, works.width), ("top", "bottom", down, extent.height, works.height))
    for first, second, added, side, worked in axes:
        step = preset.multiple * side / worked
        steps = min(max(1, round(added / step)), (preset.max_side - worked) // preset.multiple)
        there = [each for each in (first, second) if each in sides]
        for number, each in enumerate(there, 1):
            margins[each] = round(steps * step * number / len(there)) - round(steps * step * (number - 1) / len(there))
    return Margins(**margins)


def doing(call: Mapping[str, Any]) -> Doing:
    return Doing("Extending", "Extended", f"#{call.get('image')}: {call.get('to') or 'all sides'}")


VERB = Verb("extend_image", ExtendImage, extend_image, doing)
