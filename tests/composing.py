"""What tests of layouts share: a picture's size, seeds, sessions played by the composer alone, things by name."""

from __future__ import annotations

import torch

from models.rendering.layout import Layout, Placed
from models.scene.composer import Composer

SQUARES = (16, 16)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def played(composer: Composer, seed: int, first: str, *changes: str) -> list[Layout]:
    layouts = [composer.plan(first, SQUARES, seeded(seed))]
    for change in changes:
        layouts.append(composer.plan_edit(change, layouts[-1], SQUARES, seeded(seed)))
    return layouts


def of(composer: Composer, layout: Layout, name: str) -> list[Placed]:
    return [one for one in layout.things if composer.planner.world.things[one.thing] == name]


def names(composer: Composer, layout: Layout) -> list[str]:
    return sorted(composer.planner.world.things[one.thing] for one in layout.things)
