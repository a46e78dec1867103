"""Which requests may be painted in one pass of the network: a rule on recipes and presets alone, free of torch.

A network that paints small pictures leaves most of a device idle; several of them in one pass cost little more than
one. They must agree in everything that the pass has only once: the weights, the size, the steps, the guidance. Words
and seeds are each picture's own.
"""

from __future__ import annotations

from models.errors import UnknownPreset
from models.presets import Presets
from models.recipe import Operation, Recipe

LARGEST = 512 * 512
"""Pixels of a picture; larger ones keep a device busy alone, and together take memory for each."""

_OWN = {"prompt": "", "negative_prompt": "", "seed": 0}


def alike(one: Recipe, other: Recipe) -> bool:
    """Whether two recipes differ only in what each picture of a batch has of its own, and are small enough.

    Both or neither must name things to avoid: some classes compute otherwise where nothing is to be avoided.
    """
    return (
        one.operation is Operation.GENERATE
        and one.extent.pixels <= LARGEST
        and bool(one.negative_prompt) == bool(other.negative_prompt)
        and one.model_copy(update=_OWN) == other.model_copy(update=_OWN)
    )


def together(presets: Presets, one: Recipe, other: Recipe) -> bool:
    """Whether an engine makes both in one pass: pictures of a preset of diffusers that are `alike`.

    Easel's small painter is left alone: most of its time goes into planning each picture, so that eight together would
    take four fifths of the time and the first would wait for the last.
    """
    try:
        preset = presets.for_operation(one.operation, one.preset)
    except UnknownPreset:
        return False
    return preset.loader == "diffusers" and alike(one, other)
