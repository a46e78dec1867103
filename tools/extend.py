"""Show more around a stored picture: what lies beyond its edges is painted (outpainting)."""

from __future__ import annotations

import re
from fractions import Fraction

from pydantic import Field

from models.presets import Preset, working_extent
from models.recipe import Extent, Margins, Operation, Recipe
from tools.errors import BadArgument
from tools.vary import avoided, description
from tools.verb import Args, Context, Outcome, Verb, extent_of, made

_CAPTION = ", extended"
_USUAL = 0.5  # of a picture's width or height, added on one side, or half of it on each of two
_NEAR = 1.03  # two formats that differ by less are one
_SIDES: dict[str, tuple[str, ...]] = {
    "left": ("left",), "right": ("right",), "sides": ("left", "right"),
    "top": ("top",), "up": ("top",), "upwards": ("top",), "above": ("top",),
    "bottom": ("bottom",), "down": ("bottom",), "downwards": ("bottom",), "below": ("bottom",),
}  # fmt: skip
_FORMATS = {
    "wide": "3:2", "wider": "3:2", "landscape": "3:2", "horizontal": "3:2", "widescreen": "16:9",
    "tall": "2:3", "taller": "2:3", "portrait": "2:3", "vertical": "2:3", "square": "1:1",
}  # fmt: skip
_AROUND = re.compile(r"\b(?:all|around|every\w*|out|outwards)\b", re.IGNORECASE)
_RATIO = re.compile(r"\b(\d{1,3}(?:\.\d+)?)\s*[:/]\s*(\d{1,3}(?:\.\d+)?)\b")


class ExtendImage(Args):
    """Show more around a picture: what lies beyond its edges is painted, and nothing of it is cut away ("make it
    wider", "show more to the left", "uncrop it", "make it 16:9")."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    to: str = Field(
        "all sides",
        description="Where there should be more: left, right, top, bottom, both sides, top and bottom, all sides; or "
        "the format that it should become: wide, tall, square, or a ratio such as 16:9.",
    )


async def extend_image(context: Context, args: ExtendImage) -> Outcome:
    line = await context.lineage(args.image)
    source = line[-1]
    preset = context.presets.for_operation(Operation.EXTEND, context.settings.preset.edit)
    extent = extent_of(source)
    margins = margins_for(args.to, extent, preset)
    larger = Extent(extent.width + margins.left + margins.right, extent.height + margins.top + margins.bottom)
    limit = context.settings.limits.result_pixels
    if larger.pixels > limit:
        raise BadArgument(
            f"#{args.image} would become {larger}, more than the {limit // 10**6} megapixels that are allowed; shrink "
            "it first."
        )
    if larger == extent:
        raise BadArgument(
            f"#{args.image} is {extent}, and {preset.name} paints no larger ones in that direction; extend it on "
            "another side, or choose another preset."
        )
    recipe = Recipe(
        operation=Operation.EXTEND,
        prompt=description(line),
        negative_prompt=avoided(line, preset),
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
    return made(pictures, f"extended #{args.image} into", short_of(args.to, larger, preset))


def margins_for(to: str, extent: Extent, preset: Preset) -> Margins:
    """What is added to a picture of `extent` to show more on some sides, or for it to become of some format; in steps
    that the preset paints.

    Raises:
        BadArgument: The words name neither, or the picture has that format.
    """
    sides, (named, found) = sides_of(to), _format(to)
    if found:
        return _reaching(to, float(found[1]), float(found[2]), bool(named), extent, preset)
    return _on(sides, _USUAL * extent.width, _USUAL * extent.height, extent, preset)


def sides_of(to: str) -> set[str]:
    """The sides on which there should be more; none where words name a format.

    Raises:
        BadArgument: The words name neither, or a format that no picture can have.
    """
    if found := _format(to)[1]:
        across, down = float(found[1]), float(found[2])
        if not (0 < across <= 10 * down and 0 < down <= 10 * across):
            raise BadArgument(f"A format of “{to[:60]}” is not possible; ask for one between 1:10 and 10:1.")
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
    named, found = _format(to)
    if not found:
        return ""
    asked, now = float(found[1]) / float(found[2]), larger.width / larger.height
    beyond = (asked < 1) == (now < asked)
    if 1 / _NEAR < asked / now < _NEAR or (named and asked != 1 and beyond):  # what is to be wide may be wider
        return ""
    reached = Fraction(larger.width, larger.height).limit_denominator(20)
    most = "nearest" if beyond else "widest" if asked > now else "tallest"
    return (
        f"{found[0]} was asked for, {reached.numerator}:{reached.denominator} is the {most} that {preset.name} paints "
        "of it"
    )


def _format(to: str) -> tuple[str, re.Match[str] | None]:
    """The format that words ask for by its name, and in numbers."""
    named = next((word for word in re.findall(r"[a-z]+", to.lower()) if word in _FORMATS), "")
    return named, _RATIO.search(_FORMATS.get(named, to))


def _reaching(to: str, across: float, down: float, named: bool, extent: Extent, preset: Preset) -> Margins:
    """The margins with which a picture becomes of a format; what is to be wide, and is, becomes wider."""
    ratio, now = across / down, extent.width / extent.height
    if named and ratio > 1 and now * _NEAR >= ratio:
        return _on({"left", "right"}, _USUAL * extent.width, 0, extent, preset)
    if named and ratio < 1 and now <= ratio * _NEAR:
        return _on({"top", "bottom"}, 0, _USUAL * extent.height, extent, preset)
    if 1 / _NEAR < ratio / now < _NEAR:
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


VERB = Verb("extend_image", ExtendImage, extend_image)
