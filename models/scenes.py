"""The painter that ships with Easel, as the engine asks for it: recipes to `models.painter.ScenePipeline`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import torch
from PIL import Image
from torch import nn

from models.compiled import Compiled
from models.errors import BadRequest
from models.packed import pack
from models.painter import AfterStep, ScenePipeline
from models.painting import Edited, Steps, Watch
from models.place import Place
from models.presets import Preset
from models.recipe import Extent, Recipe
from models.region import Fractions
from models.weights import verify


class Scenes:
    """One loaded pipeline; see `models.painting.Paints`.

    On a CPU the layers are packed, in bfloat16 where it multiplies in that; all between them, and the planner, stays in
    float32. With OpenVINO it computes the network that takes the noise out, the largest.
    """

    def __init__(self, pipeline: ScenePipeline, place: Place) -> None:
        self._pipeline, self._place = pipeline, place

    @classmethod
    def load(cls, preset: Preset, place: Place) -> Scenes:
        """Raises `WeightsMissing` when weights are missing, are damaged, or come as pickle."""
        assert preset.folder is not None, preset.label
        verify(preset.folder)
        pipeline = ScenePipeline.load(preset.folder, place.weights).to(place.device)
        if place.openvino:
            pipeline.renderer.unet = Compiled(pipeline.renderer.unet, place.openvino)
        if place.device.type == "cpu":
            numbers = place.autocast or place.weights
            for network in (pipeline.composer.hear.captions, pipeline.eye, pipeline.renderer):
                pack(network, numbers)
            pipeline.vae.refiner.to(numbers)  # what takes long there is to pass whole pictures on, not the weights
            place = replace(place, autocast=None)
        return cls(pipeline, place)

    @property
    def networks(self) -> Sequence[nn.Module]:
        return (self._pipeline,)

    def paint(self, recipe: Recipe, extent: Extent, watch: Watch) -> Image.Image:
        options = self._options(recipe, watch)
        with self._place.computing():
            return self._pipeline.paint(recipe.prompt, width=extent.width, height=extent.height, **options).picture

    def edit(
        self,
        recipe: Recipe,
        picture: Image.Image,
        mask: Image.Image | None,
        watch: Watch,
        references: Sequence[Image.Image] = (),
    ) -> Edited:
        assert not references, "its preset has none, so the engine lets none pass"
        options = self._options(recipe, watch)
        with self._place.computing():
            made = self._pipeline.edit(recipe.prompt, picture, mask, recipe.strength, **options)
        if made.changed is not None and not made.changed.getbbox():
            raise BadRequest(self._pipeline.why_unchanged(recipe.prompt, picture))
        return Edited(made.picture, made.changed)

    def vary(self, recipe: Recipe, picture: Image.Image, watch: Watch) -> Image.Image:
        options = self._options(recipe, watch)
        strength = 0.6 if recipe.strength is None else recipe.strength
        with self._place.computing():
            return self._pipeline.vary(recipe.prompt, picture, strength, **options).picture

    def extend(self, recipe: Recipe, picture: Image.Image, margins: Fractions, watch: Watch) -> Edited:
        options = self._options(recipe, watch)
        del options["negative_prompt"]  # nothing new comes in
        with self._place.computing():
            made = self._pipeline.extend(picture, margins, **options)
        if made is None:
            raise BadRequest(
                f"{recipe.preset} knows what is around pictures of its own world only, and this is none; a preset for "
                "a GPU can extend any picture (`easel models list`)."
            )
        return Edited(made.picture, None)

    def describe(self, picture: Image.Image) -> str:
        with self._place.computing():
            return self._pipeline.describe(picture)

    def _options(self, recipe: Recipe, watch: Watch) -> dict[str, Any]:
        if recipe.guidance is not None:
            raise BadRequest(f"The preset “{recipe.preset}” has no guidance; leave it out.")
        return {
            "negative_prompt": recipe.negative_prompt,
            "steps": recipe.steps,
            "generator": torch.Generator("cpu").manual_seed(recipe.seed),
            "after_step": self._told(watch),
        }

    def _told(self, watch: Watch) -> AfterStep:
        following = Steps()

        def after_step(step: int, steps: int, latents: torch.Tensor) -> None:
            shows = following.shows(step, steps)
            following.tell(watch, step, steps, (lambda: self._pipeline.picture(latents)) if shows else None)

        return after_step
