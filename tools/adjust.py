"""Exact operations on a stored picture: arithmetic, no network, the same every time."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from models.recipe import AdjustOperation
from tools.verb import Args, Context, Outcome, Verb, made


class AdjustImage(Args):
    """Exact changes without a model: crop, rotate, flip, resize, brightness, contrast, saturation, sharpen, blur,
    greyscale. Use it for these instead of edit_image."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    operation: AdjustOperation
    amount: str = Field(
        "",
        description="As a person says it: rotate 90, flip horizontal, brightness +20, crop square or top half, "
        "resize 64x64 or 50%. Empty: the usual amount.",
    )

    @field_validator("operation", mode="before")
    @classmethod
    def _spelt(cls, written: Any) -> Any:
        name = written.strip().lower() if isinstance(written, str) else written
        return "greyscale" if name in ("grayscale", "grey", "gray") else name


async def adjust_image(context: Context, args: AdjustImage) -> Outcome:
    source = await context.picture(args.image)
    picture = await context.studio.adjust(
        source, args.operation, args.amount, session_id=context.session_id, turn_id=context.turn_id
    )
    context.report.picture(context.call_id, picture)
    return made([picture], f"adjusted #{args.image} into")


VERB = Verb("adjust_image", AdjustImage, adjust_image)
