"""Enlarge a stored picture with a network that adds detail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from models.recipe import Extent, Operation, Recipe
from tools.errors import BadArgument
from tools.verb import Args, Context, Doing, Outcome, Verb, made

SCALES = (2, 4)


class UpscaleImage(Args):
    """Enlarge a picture 2 or 4 times with more detail ("upscale it", "make it bigger", "higher resolution")."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    scale: int = Field(4, description="2 or 4. Left out: 4, or 2 where 4 would be too large.")
    preset: str = Field("", description="Only when the person names a model preset, one of those listed for it.")


async def upscale_image(context: Context, args: UpscaleImage) -> Outcome:
    source = await context.picture(args.image)
    if args.scale not in SCALES:
        raise BadArgument(f"{args.scale} times is not possible; the scale is 2 or 4.")
    limit = context.settings.limits.result_pixels

    def enlarged(scale: int) -> Extent:
        return Extent(source.width * scale, source.height * scale)

    scale, note = args.scale, ""
    if "scale" not in args.model_fields_set and enlarged(scale).pixels > limit >= enlarged(SCALES[0]).pixels:
        scale, note = SCALES[0], f"four times would be more than the {limit / 10**6:g} megapixels that are allowed"
    extent = enlarged(scale)
    if extent.pixels > limit:
        raise BadArgument(
            f"#{args.image} enlarged {scale} times would be {extent}, more than the {limit / 10**6:g} megapixels "
            "that are allowed; crop or shrink it first."
        )
    preset = context.preset(Operation.UPSCALE, args.preset)
    recipe = Recipe(
        operation=Operation.UPSCALE,
        preset=preset.name,
        weights=preset.weights_hash(),
        extent=extent,
        scale=scale,
        parents=(source.sha256,),
    )
    caption = f"{source.caption}, {scale} times larger"
    pictures = await context.make([recipe], parents=[source.handle], caption=caption)
    larger = f"{'two' if scale == SCALES[0] else 'four'} times larger"
    return made(pictures, f"enlarged #{args.image} into", note, larger)


def doing(call: Mapping[str, Any]) -> Doing:
    scale = call.get("scale")
    return Doing("Enlarging", "Enlarged", f"#{call.get('image')}" + (f" {scale} times" if scale else ""))


VERB = Verb("upscale_image", UpscaleImage, upscale_image, doing)
