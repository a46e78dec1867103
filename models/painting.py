"""What the engine asks of a loaded painter, whatever loads and runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from PIL import Image

from models.errors import Stopped
from models.recipe import Extent, Recipe
from models.region import Fractions

if TYPE_CHECKING:
    from torch import nn

PREVIEW_SIDE = 256
PREVIEW_FROM = 0.5  # seconds after the beginning
PREVIEW_SHARE = 0.03  # of the time so far, for the next preview and those before it

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

    def extend(self, recipe: Recipe, picture: Image.Image, margins: Fractions, watch: Watch) -> Edited:
        """A picture with more around it: margins (left, top, right, bottom) in fractions of its sides.

        As large as the model makes it, nearly of that shape. Where the model paints around the very pixels, the mask
        is white around them; None where it paints all anew. Raises `BadRequest` where the model cannot.
        """
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


class Steps:
    """Tells of the steps of one request, or of several painted together, with previews now and then.

    Previews cost time: decoding, and in the watch judging and sending. So who gets the picture within half a second of
    when this is made gets none before it, and all after the first take 3 % of the time at most.
    """

    def __init__(self) -> None:
        self._began, self._spent, self._last = monotonic(), 0.0, 0.0

    def shows(self, step: int, steps: int) -> bool:
        """Whether there is time for a preview after `step` steps of `steps`, of every picture."""
        passed = monotonic() - self._began
        shows = step < steps and passed >= max(PREVIEW_FROM, (self._spent + self._last) / PREVIEW_SHARE)
        if shows:
            self._last = 0.0
        return shows

    def tell(self, watch: Watch, step: int, steps: int, preview: Callable[[], Image.Image] | None) -> None:
        """Tells one watch of a step, with a preview if one is given. Raises `Stopped` if that is wished."""
        began = monotonic()
        shown = preview() if preview else None
        if shown:
            shown.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        wished = watch(step, steps, shown)
        if shown:
            self._last += (took := monotonic() - began)
            self._spent += took
        if wished:
            raise Stopped("Painting was stopped.")
