"""Paint new pictures from words."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Literal

from pydantic import Field, field_validator

from models.english.naming import with_article
from models.presets import plan
from models.recipe import MAX_COUNT, Brief, Extent, Operation, Recipe
from tools.errors import BadArgument
from tools.shown import left_out, not_avoided, other_style, unasked
from tools.verb import Args, Context, Outcome, Verb, made


class GenerateImage(Args):
    """Paint one or more new pictures from a description. Use it when the person asks for a picture that does not exist
    yet, also for "the same, but…" when nothing of the old pixels has to stay."""

    prompt: str = Field(description="What to paint: subject, action, setting, light. The person's own words.")
    negative_prompt: str = Field("", description="What must not appear.")
    aspect: Literal["square", "wide", "tall"] = Field("square", description="Shape of the picture.")
    size: str = Field("", description="Exact size such as 640x480, only when the person names one.")
    count: int = Field(1, description=f"How many different pictures, 1 to {MAX_COUNT}.")
    seed: int | None = Field(None, description="Only when the person names one.")
    style: str = Field("", description="Style in a few words, such as watercolour or pixel art.")
    preset: str = Field("", description="Only when the person names a model preset, one of those listed.")

    @field_validator("aspect", mode="before")
    @classmethod
    def _shape(cls, written: Any) -> Any:
        """Also from a ratio such as 16:9, or what people call the three."""
        name = str(written).strip().lower()
        if ratio := re.fullmatch(r"(\d{1,3})\s*[:/x]\s*(\d{1,3})", name):
            wide, tall = int(ratio[1]), int(ratio[2])
            return "wide" if wide > tall else "tall" if tall > wide else "square"
        return {"landscape": "wide", "horizontal": "wide", "portrait": "tall", "vertical": "tall"}.get(name, name)


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
    preset = context.presets.named(Operation.GENERATE, args.preset.strip() or context.settings.preset.generate)
    brief = Brief(subject=prompt, style=args.style.strip(), avoid=args.negative_prompt.strip())
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
    limits: list[str] = []
    if preset.draws and _PHOTOGRAPH.search(prompt):
        limits.append(f"the small painter draws {preset.draws}, no photographs")
    if preset.draws and (told := other_style(prompt)):
        limits.append(told)
    pictures = await context.make(recipes, parents=(), caption=prompt)
    shown = [picture.shows for picture in pictures]
    lacking, strange = await asyncio.to_thread(lambda: (left_out(prompt, shown[0]), unasked(prompt, shown)))
    notes.append(lacking)
    if unwanted := not_avoided(brief.avoid, shown):
        notes.append(f"it shows {' and '.join(map(with_article, unwanted))} all the same")
    if strange:
        limits.append(f"it shows {' and '.join(map(with_article, strange))}, the nearest that the small painter knows")
    if limits:
        limits.append(_better(context))
    return made(pictures, "painted", "; ".join(filter(None, notes + limits)))


_PHOTOGRAPH = re.compile(r"\b(photo|photograph|photoreal|photorealistic|photo-?realistic|realistic|selfie)s?\b", re.I)


def _better(context: Context) -> str:
    """Which preset paints anything: the first of those that do, and where the others are named."""
    able = [p.name for p in context.presets if Operation.GENERATE in p.operations and not p.draws]
    others = f", or another of {len(able)} in `easel models list`," if len(able) > 1 else ""
    return f"with a GPU the preset {able[0]}{others} paints that" if able else ""


VERB = Verb("generate_image", GenerateImage, generate_image)
