"""What things cover of their boxes, read off the layers that the renderer lays: where one can sit or stand on them.

A bed fills the lower third of its box, a horse's back is a third down: who is put on them by their boxes hovers.
"""

from __future__ import annotations

import torch

from models.rendering.autoencoder import PATCH
from models.rendering.layout import SIDES
from models.rendering.renderer import Renderer

_SIDE = 8  # squares at which a thing is looked at
_MIDDLE = slice(round(0.3 * _SIDE * PATCH), round(0.7 * _SIDE * PATCH))  # of its width


class Silhouettes:
    """The outlines of a renderer's things; each is worked out when it is first asked for.

    Args:
        renderer: Its looks say how far each pixel of a thing hides what is behind (neural textures, see
            `models.rendering.renderer.Looks`).
    """

    def __init__(self, renderer: Renderer) -> None:
        self._renderer, self._known = renderer, dict[int, tuple[float, float]]()

    def upright(self, thing: int) -> tuple[float, float]:
        """Where the middle of a thing begins and ends, in fractions of its side from above (0–1)."""
        if thing not in self._known:
            hides = self._of(thing)[:, _MIDDLE]
            columns = hides.any(0)
            tops = hides[:, columns].float().argmax(0)
            rows = hides.any(1).nonzero()
            whole = _SIDE * PATCH
            self._known[thing] = (
                (float(tops.float().median()) / whole, (int(rows.max()) + 1) / whole) if len(rows) else (0.0, 1.0)
            )
        return self._known[thing]

    @torch.no_grad()
    def _of(self, thing: int) -> torch.Tensor:
        """Which pixels of a thing hide what is behind it (rows, columns)."""
        looks = self._renderer.looks
        device = looks.fine.device
        count = torch.arange(_SIDE, device=device)
        part = (torch.stack(torch.meshgrid(count, count, indexing="ij")[::-1], -1).reshape(-1, 2) + 0.5) / _SIDE
        numbers = (torch.full((len(part),), number, device=device) for number in (thing, 0, SIDES.index(_SIDE)))
        about = torch.zeros(len(part), 5, dtype=torch.long, device=device)
        opacity = looks(*numbers, part, about)[:, 3 * PATCH**2 : 4 * PATCH**2]
        pixels = opacity.reshape(_SIDE, _SIDE, PATCH, PATCH).transpose(1, 2).reshape(_SIDE * PATCH, _SIDE * PATCH)
        return pixels > 0  # a logit
