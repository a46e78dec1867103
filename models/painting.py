"""What the engine asks of a loaded painter, whatever loads and runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from models.errors import Stopped
from models.recipe import Extent, Recipe

if TYPE_CHECKING:
    from torch import nn

PREVIEW_SIDE = 256
_PREVIEWS = 5  # of one picture, at most

Report = Callable[[float, str, Image.Image | None], None]
"""Called with the finished part (0 to 1), a few plain words, and now and then a small preview."""

Stop = Callable[[], bool]
"""Asked between steps; True stops the recipe."""

Watch = Callable[[int, int, Image.Image | None], bool]
"""Called after each step with (steps done, steps in all, a small preview or None); True asks to stop."""


@dataclass(frozen=True)
class Edited:
    """An edited picture, and a mask (L, white = changed) where the model knows that the rest stayed, else None."""

    picture: Image.Image
    changed: Image.Image | None


class Paints(Protocol):
    """One loaded model: `models.scenes.Scenes` or `models.diffusion.Diffusion`. One request at a time.

    The same seed gives the same picture (noise is drawn on the CPU), and the model is fit for the next request however
    this one ended. All raise `Stopped` within a step of `watch` answering True.
    """

    @property
    def networks(self) -> Sequence[nn.Module]:
        """What holds the weights that are on the device between requests."""
        ...

    def paint(self, recipe: Recipe, extent: Extent, watch: Watch) -> Image.Image:
        """A picture of `extent` from words alone."""
        ...

    def edit(
        self,
        recipe: Recipe,
        picture: Image.Image,
        mask: Image.Image | None,
        watch: Watch,
        references: Sequence[Image.Image] = (),
    ) -> Edited:
        """A picture changed as an instruction says; same size (sides are multiples of the preset's).

        The mask (L, as large as the picture, white = may change) is shown to models that read one. `references` are
        further pictures to look at, where the preset has some; the words may speak of them as image 2, image 3 and so
        on. Raises `BadRequest` where the model has no such option, or finds nothing to change.
        """
        ...

    def vary(self, recipe: Recipe, picture: Image.Image, watch: Watch) -> Image.Image:
        """A picture like the given one, by `recipe.strength`; same size."""
        ...

    def describe(self, picture: Image.Image) -> str:
        """What a picture shows, in words, if the preset says that its model can; "" where it is strange to it."""
        ...


class PaintsTogether(Paints, Protocol):
    """A painter whose network takes several pictures at once: `models.diffusion.Diffusion`."""

    def paint_batch(
        self, recipes: Sequence[Recipe], extent: Extent, watches: Sequence[Watch]
    ) -> list[Image.Image | Stopped]:
        """Pictures from words alone in one pass, each as `paint` would make it.

        Args:
            recipes: They differ in words and seeds only (`models.batches.alike`).
            extent: Of every picture.
            watches: One for each recipe; whose answers True ends as `Stopped`, and the others go on.
        """
        ...


def stepped(watch: Watch, step: int, steps: int, preview: Callable[[], Image.Image] | None) -> None:
    """Tells of `step` steps done of `steps`, with a preview now and then. Raises `Stopped` if that is wished."""
    shown = None
    if preview and step < steps and (step - 1) % max(1, steps // _PREVIEWS) == 0:
        shown = preview()
        shown.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    if watch(step, steps, shown):
        raise Stopped("Painting was stopped.")
