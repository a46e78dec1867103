"""Exact operations on a stored picture: arithmetic, no network, the same every time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field, field_validator

from models.recipe import AdjustOperation
from tools.verb import Args, Context, Doing, Outcome, Verb, made


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


_CHANGE = re.compile(r"\s*[+-]\s*\d+(\.\d+)?\s*")


def doing(call: Mapping[str, Any]) -> Doing:
    operation, amount = call.get("operation", ""), str(call.get("amount", ""))
    if operation in ("brightness", "contrast", "saturation") and _CHANGE.fullmatch(amount):
        amount = f"{amount.strip()}%"  # as the picture's caption has it
    return Doing("Adjusting", "Adjusted", f"#{call.get('image')}: {operation} {amount}".rstrip())


VERB = Verb("adjust_image", AdjustImage, adjust_image, doing)
