"""An engine without a network: it paints one flat colour, at once.

For `--dry-run` (decisions and checks are measured, painting is not) and for tests of everything around the engine. It
takes and refuses the same recipes as `models.engine.Engine` as far as sizes go, and needs neither weights nor torch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from PIL import Image

from models.batches import alike
from models.errors import Stopped
from models.painting import Report, Stop
from models.recipe import Recipe


class FlatEngine:
    """Paints `recipe.extent` in a colour that the recipe decides; the same recipe gives the same bytes."""

    @property
    def loaded(self) -> tuple[str, ...]:
        """Nothing is ever loaded."""
        return ()

    def expect(self, names: Sequence[str]) -> None:
        """It keeps nothing that could be kept."""
        del names

    def together(self, one: Recipe, other: Recipe) -> bool:
        """As `Engine.together` for a preset that takes batches."""
        return alike(one, other)

    def run_batch(
        self, recipes: Sequence[Recipe], reports: Sequence[Report], stops: Sequence[Stop]
    ) -> list[Image.Image | Stopped]:
        """As `Engine.run_batch`."""
        made: list[Image.Image | Stopped] = []
        for recipe, report, stop in zip(recipes, reports, stops, strict=True):
            try:
                made.append(self.run(recipe, (), None, report, stop))
            except Stopped as stopped:
                made.append(stopped)
        return made

    def run(
        self,
        recipe: Recipe,
        inputs: Sequence[Image.Image],
        mask: Image.Image | None,
        report: Report,
        stop: Stop,
    ) -> Image.Image:
        """As `Engine.run`, in one step."""
        del inputs, mask
        if stop():
            raise Stopped("Painting was stopped.")
        red, green, blue = hashlib.sha256(recipe.model_dump_json().encode()).digest()[:3]
        report(1.0, "step 1 of 1", None)
        return Image.new("RGB", recipe.extent, (red, green, blue))

    def describe(self, recipe: Recipe, picture: Image.Image) -> str:
        """Nothing: a flat colour shows nothing."""
        del recipe, picture
        return ""

    def look(
        self,
        recipe: Recipe,
        picture: Image.Image,
        report: Report,
        stop: Stop,
    ) -> str:
        """Nothing either."""
        del recipe, picture, report, stop
        return ""

    def signed(self, recipe: Recipe) -> Recipe:
        """The recipe as it is kept: what was asked for, and that no preset made it."""
        return recipe.model_copy(update={"preset": "flat", "weights": ""})
