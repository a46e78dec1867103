"""Paint variations of a stored picture: the same idea, other pixels."""

from __future__ import annotations

from pydantic import Field

from models.recipe import MAX_COUNT, Operation, Recipe
from tools.errors import BadArgument
from tools.verb import Args, Context, Outcome, Verb, extent_of, made

USUAL_STRENGTH = 0.6


class VaryImage(Args):
    """Paint variations of a picture: alike, but not the same ("another take on #2", "three more like this")."""

    image: int = Field(description="Handle of the picture, as on the shelf.")
    count: int = Field(1, description=f"How many variations, 1 to {MAX_COUNT}.")
    strength: float | None = Field(None, description="0.3 subtle, 0.6 usual, 0.8 strong. Only when the person says so.")


async def vary_image(context: Context, args: VaryImage) -> Outcome:
    source = context.picture(args.image)
    if not 1 <= args.count <= MAX_COUNT:
        raise BadArgument(f"{args.count} variations at once is not possible; ask for 1 to {MAX_COUNT}.")
    strength = USUAL_STRENGTH if args.strength is None else args.strength
    if not 0 < strength <= 1:
        raise BadArgument(f"The strength {strength} is out of range; use more than 0 and at most 1.")
    preset = context.presets.for_operation(Operation.VARY, context.settings.preset.vary)
    first = next(context.seeds)
    recipes = [
        Recipe(
            operation=Operation.VARY,
            prompt=description(context, source.handle),
            preset=preset.name,
            weights=preset.weights_hash(),
            seed=(first + index) % 2**32,
            extent=extent_of(source),
            steps=preset.steps,
            guidance=preset.guidance,
            strength=strength,
            parents=(source.sha256,),
        )
        for index in range(args.count)
    ]
    pictures = await context.make(recipes, parents=[source.handle], caption=f"variation of {source.caption}")
    return made(pictures, f"varied #{args.image} into")


def description(context: Context, handle: int) -> str:
    """What a picture shows, in the words it was made from: its own prompt, or its forebears' with each edit behind it.

    Empty for an upload, of which nothing is known.
    """
    picture = context.picture(handle)
    recipe = Recipe.model_validate(picture.recipe)
    match recipe.operation:
        case Operation.GENERATE | Operation.VARY:
            return recipe.prompt
        case Operation.IMPORT:
            return ""
        case Operation.EDIT | Operation.INPAINT:
            before = description(context, picture.parents[0])
            return f"{before}, {recipe.prompt}" if before else recipe.prompt
        case _:
            return description(context, picture.parents[0]) if picture.parents else ""


VERB = Verb("vary_image", VaryImage, vary_image)
