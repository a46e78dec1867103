"""A diffusion model as diffusers loads it, behind one call: words, perhaps a picture, to a picture.

`Diffusion.load` reads any folder in diffusers' layout, such as a snapshot from the hub, with whatever pipeline class it
names; Easel's own painter has a door of its own (`models.scenes`). Three things are made certain here for all of them:
the same seed gives the same picture (noise is drawn on the CPU, every request gets a scheduler of its own), a request
can be watched and stopped after any sampling step, and the pipeline is fit for the next request afterwards, however
this one ended.

On a CPU that multiplies in bfloat16 the network computes in it while weights and latents stay in float32, and the
picture is decoded in float32, because bfloat16 has fewer steps between two values than a picture has shades.
"""

from __future__ import annotations

import inspect
import json
import warnings
from functools import partial
from pathlib import Path
from typing import Any

import diffusers
import torch
from diffusers.pipelines.pipeline_utils import DiffusionPipeline, StableDiffusionMixin
from diffusers.utils import logging as diffusers_logging
from PIL import Image

from models.errors import BadRequest, WeightsMissing
from models.painting import Edited, Watch, stepped
from models.place import Place
from models.presets import Preset
from models.recipe import Extent, Recipe
from models.weights import verify


class Diffusion:
    """One loaded diffusers pipeline. Not thread-safe: one request at a time."""

    def __init__(self, pipeline: Any, place: Place, preset: Preset) -> None:
        self._pipeline = pipeline
        self._place = place
        self._image_guidance = preset.image_guidance
        self._varies_with = preset.varies_with
        self._scheduler = pipeline.scheduler
        self._from_picture: Any = None
        pipeline.set_progress_bar_config(disable=True)

    @classmethod
    def load(cls, preset: Preset, device: torch.device) -> Diffusion:
        """Loads a preset's pipeline from this machine; nothing is fetched.

        Raises:
            WeightsMissing: Weights are not here, are damaged, or come only as pickle.
        """
        diffusers_logging.set_verbosity_error()
        diffusers_logging.disable_progress_bar()
        folder = _folder(preset)
        place = Place.for_preset(preset, device)
        index: dict[str, Any] = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
        parts: dict[str, Any] = {}
        if "safety_checker" in index:  # Easel judges every picture itself, whatever model made it
            parts |= {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
        try:
            with warnings.catch_warnings():
                # The stock pipelines advise a `steps_offset` that our schedulers' spacing does not use.
                warnings.simplefilter("ignore", FutureWarning)
                pipeline: Any = DiffusionPipeline.from_pretrained(
                    str(folder), dtype=place.weights, use_safetensors=True, local_files_only=True, **parts
                )
        except OSError as error:  # what diffusers raises for a file that is not there
            raise WeightsMissing(f"The weights of {preset.label} in {folder} are not complete: {error}") from error
        return cls(pipeline.to(place.device), place, preset)

    def paint(self, recipe: Recipe, extent: Extent, watch: Watch) -> Image.Image:
        """A picture of `extent` from words alone. Raises `Stopped` within a step of `watch` answering True."""
        return self._call(self._pipeline, recipe, watch, width=extent.width, height=extent.height)

    def edit(self, recipe: Recipe, picture: Image.Image, mask: Image.Image | None, watch: Watch) -> Edited:
        """A picture changed as an instruction says; same size (sides are multiples of the preset's).

        Where the model weighs the given picture (InstructPix2Pix), strength 0.5 is the preset's own weight, 1 ignores
        most of the picture and values near 0 keep most of it. The mask (L, as large as the picture, white = may change)
        is shown to models that read one.

        Raises:
            BadRequest: A strength is given and the model has none; or the model finds nothing to change.
            Stopped: Within a step of `watch` answering True.
        """
        options: dict[str, Any] = {"image": picture}
        known = inspect.signature(self._pipeline.__call__).parameters.keys()
        if self._image_guidance is not None:
            away = 1 - (0.5 if recipe.strength is None else recipe.strength)
            options["image_guidance_scale"] = 1 + 2 * (self._image_guidance - 1) * away
        elif recipe.strength is not None:
            if "strength" not in known:
                raise BadRequest(f"The preset “{recipe.preset}” edits without a strength; leave it out.")
            options["strength"] = recipe.strength
        if mask is not None and "mask_image" in known:
            options["mask_image"] = mask
        if "mask_image" not in known and {"width", "height"} <= known:
            options |= {"width": picture.width, "height": picture.height}
        return Edited(self._call(self._pipeline, recipe, watch, **options), None)

    def vary(self, recipe: Recipe, picture: Image.Image, watch: Watch) -> Image.Image:
        """A picture painted over with `recipe.strength` of noise; same size. Raises `Stopped` like `paint`."""
        if self._from_picture is None:
            self._from_picture = getattr(diffusers, self._varies_with)(**self._pipeline.components)
            self._from_picture.set_progress_bar_config(disable=True)
        return self._call(self._from_picture, recipe, watch, image=picture, strength=recipe.strength)

    def describe(self, picture: Image.Image) -> str:
        """None of these pipelines can say what a picture shows."""
        del picture
        return ""

    def _call(self, pipeline: Any, recipe: Recipe, watch: Watch, **options: Any) -> Image.Image:
        # A scheduler keeps the last request's state; config alone makes a fresh one.
        pipeline.scheduler = type(self._scheduler).from_config(self._scheduler.config)
        known = inspect.signature(pipeline.__call__).parameters.keys()
        if recipe.guidance is not None:
            if "guidance_scale" not in known:
                raise BadRequest(f"The preset “{recipe.preset}” has no guidance; leave it out.")
            options["guidance_scale"] = recipe.guidance
        if recipe.negative_prompt:
            if "negative_prompt" not in known:
                raise BadRequest(f"The preset “{recipe.preset}” cannot avoid things; leave out the negative prompt.")
            options["negative_prompt"] = recipe.negative_prompt
        decodable = isinstance(pipeline, StableDiffusionMixin)

        def after_step(running: Any, step: int, _timestep: Any, values: dict[str, Any]) -> dict[str, Any]:
            preview = partial(self._preview, running, values["latents"]) if decodable else None
            stepped(watch, step + 1, int(running.num_timesteps), preview)
            return values

        with torch.no_grad(), self._place.computing():
            made = pipeline(
                prompt=recipe.prompt,
                num_inference_steps=recipe.steps,
                generator=torch.Generator("cpu").manual_seed(recipe.seed),
                output_type="latent" if decodable else "pil",
                callback_on_step_end=after_step,
                **options,
            )
        return self._decode(pipeline, made.images) if decodable else made.images[0]

    def _preview(self, pipeline: Any, latents: torch.Tensor) -> Image.Image:
        """What the picture will be, as far as is known: the scheduler's own guess where it keeps one."""
        guesses = getattr(pipeline.scheduler, "model_outputs", None)
        return self._decode(pipeline, latents if not guesses or guesses[-1] is None else guesses[-1])

    def _decode(self, pipeline: Any, latents: torch.Tensor) -> Image.Image:
        """Latents (1, c, h, w) to an RGB picture, outside of autocast."""
        vae = pipeline.vae
        shift = getattr(vae.config, "shift_factor", None) or 0.0
        with torch.no_grad(), torch.autocast(self._place.device.type, enabled=False):
            sample = vae.decode(latents[:1].to(vae.dtype) / vae.config.scaling_factor + shift, return_dict=False)[0]
        pixels = (sample[0].float() / 2 + 0.5).clamp(0, 1).mul(255).round().to(torch.uint8)
        return Image.fromarray(pixels.permute(1, 2, 0).cpu().numpy())


def _folder(preset: Preset) -> Path:
    """The preset's folder in diffusers' layout, its shipped weights verified."""
    if preset.folder is not None:
        verify(preset.folder)
        return preset.folder
    snapshot = preset.snapshot()
    if snapshot is None:
        raise WeightsMissing(
            f"The weights of {preset.title} are not on this machine; fetch them once with: hf download {preset.hub}"
        )
    return snapshot
