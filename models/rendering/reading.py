"""Reads the layout of a picture: the eye proposes, and what the renderer would show decides (analysis by synthesis).

The eye's guesses are laid over each other as the renderer lays its layers, and compared with the picture pixel by
pixel: first for place, light, weather, style and view, then thing by thing, the largest first. How much of the picture
the layers explain in the end says whether it is one of this world at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

import torch
from torch.nn import functional

from models.rendering.autoencoder import PATCH
from models.rendering.eye import Box, Eye, Glance, beside
from models.rendering.layout import SIDES, Layout, Placed, draw
from models.rendering.renderer import Renderer, laid

_AROUND = 6  # surroundings that are compared, each in all its views
_NEAREST = 4  # guesses that are tried in all colours
_GOOD, _LEAST = 0.6, 0.25  # of the error in its box a thing must explain to be surely there, or to be there at all
_MISSED = 2  # things that are looked for where the picture is not explained
_FLAT = 0.01  # of values in -1…1
_CLEAR, _FEWEST = 0.04, 4  # mean squared error from which a square is not explained, and so many of them may be a thing


@dataclass(frozen=True)
class Reading:
    """What a picture shows, and how much of it that does not explain.

    Attributes:
        layout: What was found.
        error: The mean squared error of its layers, as a share of the picture's variance about its mean colour, which
            is taken to be `_FLAT` at least.
        unlike: The share of the squares at the things that were found which these do not explain: a red disc is nearly
            a ball, but for its edge.
    """

    layout: Layout
    error: float
    unlike: float = 0.0


@torch.no_grad()
def read(eye: Eye, renderer: Renderer, picture: torch.Tensor) -> Reading:
    """Read a picture (3, H, W) in -1…1, sides multiples of 64."""
    glance, patches = eye.look(picture), patches_of(picture)
    layout = _surroundings(renderer, glance, patches)
    canvas = _Canvas(renderer, layout, patches)
    for guesses in glance.things:
        first = guesses[0]
        if not canvas.explain(guesses, _GOOD):
            wider = beside((first.side, first.column, first.row), 2)
            canvas.explain([*guesses, *eye.guesses(picture, wider)], _LEAST)
    for _ in range(_MISSED):
        box = canvas.unlike()
        if box is None or not canvas.explain(eye.guesses(picture, beside(box)), _GOOD):
            break
    variance = (picture - picture.mean((1, 2), keepdim=True)).square().mean().clamp(min=_FLAT)
    things = replace(layout, things=tuple(canvas.things))
    return Reading(things, float(canvas.error.mean() / variance), canvas.unexplained())


def patches_of(picture: torch.Tensor) -> torch.Tensor:
    """A picture (3, H, W) as patches (rows, columns, 3 × 64), in the order of `Renderer.collage`."""
    patches = picture.float().unflatten(1, (-1, PATCH)).unflatten(3, (-1, PATCH))
    return patches.permute(1, 3, 0, 2, 4).flatten(2)


def _surroundings(renderer: Renderer, glance: Glance, patches: torch.Tensor) -> Layout:
    """An empty layout with the surroundings and the view that are nearest to a picture, with what is seen at first."""
    rows, columns = patches.shape[:2]
    seen = glance.layout.things
    tried = [
        Layout((place, light, weather, style), seen, view)
        for place, light, weather, style in islice(product(*glance.around), _AROUND)
        for view in range(renderer.views)
    ]
    canvas, _ = renderer.collage(draw(tried, columns, rows).to(patches.device))
    errors = (canvas.clamp(-1, 1) - patches).square().mean((1, 2, 3))
    return replace(tried[int(errors.argmin())], things=())


class _Canvas:
    """A picture that is explained bit by bit.

    Attributes:
        things: What was found, the first behind.
        error: The mean square of what is not explained yet (rows, columns).
    """

    def __init__(self, renderer: Renderer, layout: Layout, patches: torch.Tensor) -> None:
        self._renderer, self._layout, self._patches = renderer, layout, patches
        rows, columns = patches.shape[:2]
        canvas, _, (colours, opacity) = renderer.backdrop(draw([layout], columns, rows).to(patches.device))
        self._canvas, self._veil = canvas[0], (colours[0], opacity[0])
        self._near = torch.zeros(rows, columns, device=patches.device)  # 1 where a thing was found, or close to it
        self.things: list[Placed] = []
        everywhere = torch.ones(rows, columns, device=patches.device).nonzero().unbind(1)
        self.error = self._errors(self._canvas.flatten(0, 1), everywhere).reshape(rows, columns)

    def _errors(self, shown: torch.Tensor, where: Sequence[torch.Tensor]) -> torch.Tensor:
        """How far squares (m, 3 × 256) are from the picture's, at m rows and columns."""
        veiled = laid(shown, *(part[*where] for part in self._veil))
        return (veiled.clamp(-1, 1) - self._patches[*where]).square().mean(-1)

    def explain(self, guesses: Sequence[Placed], least: float) -> bool:
        """Add the guess that explains most of what is not yet explained, in its best colour, if that is at least such a
        part of the error in its box."""
        errors, *_ = self._tried(guesses)
        nearest = [guesses[number] for number in errors.argsort()[:_NEAREST].tolist()]
        dyed = [replace(thing, colour=colour) for thing in nearest for colour in range(self._renderer.colours)]
        errors, squares, shown, left = self._tried(dyed)
        best = int(errors.argmin())
        chosen = squares[0] == best
        row, column = squares[1][chosen], squares[2][chosen]
        if float(-errors[best]) < least * float(self.error[row, column].sum()):
            return False
        self.things.append(dyed[best])
        self._canvas[row, column], self.error[row, column] = shown[chosen], left[chosen]
        box = torch.zeros_like(self._near).index_put((row, column), torch.ones_like(row, dtype=torch.float))
        self._near = self._near.maximum(functional.max_pool2d(box[None], 3, 1, 1)[0])
        return True

    def _tried(
        self, things: Sequence[Placed]
    ) -> tuple[torch.Tensor, Sequence[torch.Tensor], torch.Tensor, torch.Tensor]:
        """By how much each thing changes what is not explained (n,); then of the squares of all of them whose they are,
        their rows and columns, what they show with the thing (m, 3 × 256) and what of that is not explained (m,)."""
        rows, columns = self._patches.shape[:2]
        maps = draw([replace(self._layout, things=(thing,)) for thing in things], columns, rows)
        maps = maps.to(self._patches.device)
        squares = (maps.ids[:, 0, 0] > 0).nonzero().unbind(1)
        colours, opacity, _ = self._renderer.things(maps, 0)
        shown = laid(self._canvas[*squares[1:]], colours, opacity)
        left = self._errors(shown, squares[1:])
        changes = torch.zeros(len(things), device=left.device)
        return changes.index_add(0, squares[0], left - self.error[*squares[1:]]), squares, shown, left

    def unexplained(self) -> float:
        """The share of the squares at what was found that are not explained; 0 where nothing was."""
        found = self.error[self._near > 0]
        return float((found > _CLEAR).float().mean()) if found.numel() else 0.0

    def unlike(self) -> Box | None:
        """A box about the squares that are least explained, away from all that was found: there the eye may have missed
        a thing. (A thing's shadow is not explained, but near to it.)"""
        error = self.error * (1 - self._near)
        rows, columns = error.shape
        peak = divmod(int(functional.avg_pool2d(error[None], 3, 1, 1).argmax()), columns)
        level = max(_CLEAR, 0.3 * float(error[peak]))
        region, edge = {peak}, [peak]
        while edge:
            row, column = edge.pop()
            for spot in ((row - 1, column), (row + 1, column), (row, column - 1), (row, column + 1)):
                inside = 0 <= spot[0] < rows and 0 <= spot[1] < columns
                if inside and spot not in region and float(error[spot]) > level:
                    region.add(spot)
                    edge.append(spot)
        if len(region) < _FEWEST:
            return None
        (top, bottom), (left, right) = ((min(spots), max(spots) + 1) for spots in zip(*region, strict=True))
        side = min(SIDES, key=lambda side: abs(side - max(bottom - top, right - left)))
        return side, round((left + right - side) / 2), round((top + bottom - side) / 2)
