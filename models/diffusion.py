"""A diffusion model as diffusers loads it, behind one call: words, perhaps a picture, to a picture.

`Diffusion.load` reads any folder in diffusers' layout, such as a snapshot from the hub, as the pipeline class that the
preset names; further classes of the same family (repainting a marked part, starting from a picture) share its
networks. Easel's own painter has a door of its own (`models.scenes`). Three things are made certain here for all of
them: the same seed gives the same picture (noise is drawn on the CPU, every request gets a scheduler of its own), a
request can be watched and stopped after any sampling step, and the pipeline is fit for the next request afterwards,
however this one ended. What a class cannot do (a negative prompt, a strength) is refused, never left out.

On a CPU that multiplies in bfloat16 networks compute in it while weights and latents stay in float32.
"""

from __future__ import annotations

import inspect
import json
import math
import warnings
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from diffusers.pipelines.pipeline_utils import StableDiffusionMixin
from diffusers.utils import logging as diffusers_logging
from PIL import Image
from torch import nn
from transformers.utils import logging as transformers_logging

from models import latents
from models.errors import BadRequest, Stopped, WeightsMissing
from models.hub import complete
from models.lora import fuse
from models.networks import read
from models.offload import place_networks, resting
from models.painting import Edited, Steps, Watch
from models.place import Place
from models.presets import Preset, begun, missing
from models.recipe import Extent, Margins, Recipe
from models.region import Fractions, surrounded
from models.residence import Mode
from models.speedups import drop_unread_layers, speed_up
from models.upscaler import shrink
from models.weights import verify, whole

_LIBRARIES = {"diffusers", "transformers"}
_BEYOND = (
    "Continue the picture in the middle beyond its edges, in place of its mirror image and without a seam. Keep the "
    "middle as it is. All of it shows: {}"
)
_SHOWN = "<|vision_start|>"
"""Behind it stands a picture, in the words that are sent to Qwen-Image-Edit."""


class Diffusion:
    """One loaded diffusers pipeline. Not thread-safe: one request at a time."""

    def __init__(self, pipeline: Any, place: Place, preset: Preset, mode: Mode = Mode.WHOLE) -> None:
        """
        Args:
            pipeline: Its networks are in RAM; it is changed in place.
            place: Where it computes.
            preset: What it was loaded for.
            mode: How it lives on the place's device.
        """
        self._turns = place_networks(pipeline, mode, place.device)
        speed_up(pipeline, place)
        self._mode = mode
        self._pipeline = pipeline
        self._place = place
        self._preset = preset
        self._scheduler = pipeline.scheduler
        self._relatives: dict[str, Any] = {}
        pipeline.set_progress_bar_config(disable=True)

    @classmethod
    def load(cls, preset: Preset, place: Place, mode: Mode = Mode.WHOLE) -> Diffusion:
        """Loads a preset's pipeline from this machine, its LoRAs included; nothing is fetched.

        Raises:
            WeightsMissing: Weights are not here, are damaged, come only as pickle, or want code of their own to run.
        """
        diffusers_logging.set_verbosity_error()
        diffusers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()
        transformers_logging.disable_progress_bar()
        folder = _folder(preset)
        index = _index(folder)
        options: dict[str, Any] = {"variant": preset.variant} if preset.variant else {}
        if "safety_checker" in index:  # Easel judges every picture itself, whatever model made it
            options |= {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
        with read(preset, folder), warnings.catch_warnings():
            # The stock pipelines advise a `steps_offset` that our schedulers' spacing does not use.
            warnings.simplefilter("ignore", FutureWarning)
            options |= _text_encoders(preset, folder, index, place)
            pipeline: Any = getattr(diffusers, preset.pipeline or index["_class_name"]).from_pretrained(
                str(folder), dtype=place.weights, use_safetensors=True, local_files_only=True, **options
            )
        _refuse_gaps(preset, folder, pipeline)
        for lora in preset.lora:
            fuse(pipeline, lora.here(), lora.scale)
        if preset.scheduler:
            pipeline.scheduler = type(pipeline.scheduler).from_config(pipeline.scheduler.config, **preset.scheduler)
        drop_unread_layers(pipeline)
        return cls(pipeline, place, preset, mode)

    @property
    def networks(self) -> Sequence[nn.Module]:
        """What holds the weights that are on the device between requests."""
        return resting(self._pipeline, self._mode)

    def paint(self, recipe: Recipe, extent: Extent, watch: Watch) -> Image.Image:
        """A picture of `extent` from words alone. Raises `Stopped` within a step of `watch` answering True."""
        return self._call(self._pipeline, recipe, extent, watch)

    def paint_batch(
        self, recipes: Sequence[Recipe], extent: Extent, watches: Sequence[Watch]
    ) -> list[Image.Image | Stopped]:
        """Pictures of `extent` from words alone, in one pass; see `models.painting.Paints`.

        Noise is drawn for each from its own seed. A picture differs from the one painted alone, since kernels add up a
        batch in another order and some classes pad shorter prompts: in float32 by 2 of 255 at most; in bfloat16, which
        has fewer steps, tiny replicas differ by 1 on average and by up to 24 in single values (Qwen-Image's class).
        """
        return self._pass(self._pipeline, recipes, extent, watches)

    def edit(
        self,
        recipe: Recipe,
        picture: Image.Image,
        mask: Image.Image | None,
        watch: Watch,
        references: Sequence[Image.Image] = (),
    ) -> Edited:
        """A picture changed as an instruction says; same size (sides are multiples of the preset's).

        Where the model weighs the given picture (InstructPix2Pix), strength 0.5 is the preset's own weight, 1 ignores
        most of the picture and values near 0 keep most of it. With a mask (L, as large as the picture, white = may
        change) the family's own class for repainting is used where the preset names one. Further pictures may be
        shown to models that read several.

        Raises:
            BadRequest: A strength is given and the model has none; a mask is missing that it needs.
            Stopped: Within a step of `watch` answering True.
        """
        pipeline = self._pipeline
        if mask is not None and self._preset.inpaints_with and not references:
            pipeline = self._relative(self._preset.inpaints_with)
        known = _parameters(pipeline)
        options: dict[str, Any] = {"image": [picture, *references] if references else picture}
        if "mask_image" in known:
            if mask is None:
                raise BadRequest(
                    f"The preset “{recipe.preset}” only repaints a marked part; name a region, such as “top left”."
                )
            options["mask_image"] = mask
            options["strength"] = self._preset.inpaint_strength if recipe.strength is None else recipe.strength
        elif self._preset.image_guidance is not None:
            away = 1 - (0.5 if recipe.strength is None else recipe.strength)
            options["image_guidance_scale"] = 1 + 2 * (self._preset.image_guidance - 1) * away
        elif recipe.strength is not None:
            if "strength" not in known:
                raise BadRequest(f"The preset “{recipe.preset}” edits without a strength; leave it out.")
            options["strength"] = recipe.strength
        return Edited(self._call(pipeline, recipe, Extent(*picture.size), watch, **options), None)

    def vary(self, recipe: Recipe, picture: Image.Image, watch: Watch) -> Image.Image:
        """A picture painted over with `recipe.strength` of noise; same size. Raises `Stopped` like `paint`."""
        pipeline = self._relative(self._preset.varies_with)
        options: dict[str, Any] = {"image": picture, "strength": recipe.strength}
        if "mask_image" in _parameters(pipeline):  # a class that repaints may repaint everything
            options["mask_image"] = Image.new("L", picture.size, 255)
        return self._call(pipeline, recipe, Extent(*picture.size), watch, **options)

    def extend(self, recipe: Recipe, picture: Image.Image, margins: Fractions, watch: Watch) -> Edited:
        """Repaints what is around a picture, beginning from its mirror image; see `models.painting.Paints`.

        Who repaints no marked part, but edits as it is told, is told so: the words of the recipe describe a picture."""
        left, right = self._added(picture.width, margins[0], margins[2])
        top, bottom = self._added(picture.height, margins[1], margins[3])
        larger, mask = surrounded(picture, Margins(left, top, right, bottom))
        if self._preset.edits_whole and not self._preset.inpaints_with:
            recipe = recipe.model_copy(update={"prompt": _BEYOND.format(recipe.prompt)})
        return Edited(self.edit(recipe, larger, mask, watch).picture, mask)

    def _added(self, side: int, before: float, after: float) -> tuple[int, int]:
        """The pixels before and after a side of a picture, for margins in fractions of it."""
        added = max(0, self._preset.rounded(side * (1 + before + after)) - side)
        first = round(added * before / (before + after)) if added else 0
        return first, added - first

    def describe(self, picture: Image.Image) -> str:
        """None of these pipelines can say what a picture shows."""
        del picture
        return ""

    def _relative(self, name: str) -> Any:
        """A pipeline of another class on the same networks."""
        if name not in self._relatives:
            # Without its dtype every network would be turned into float32.
            made = getattr(diffusers, name).from_pipe(self._pipeline, dtype=self._place.weights)
            made.set_progress_bar_config(disable=True)
            if self._preset.pipeline == "QwenImageEditPlusPipeline":  # whose networks learnt to read numbered pictures
                made.prompt_template_encode = made.prompt_template_encode.replace(_SHOWN, f"Picture 1: {_SHOWN}")
            self._relatives[name] = made
        return self._relatives[name]

    def _call(self, pipeline: Any, recipe: Recipe, extent: Extent, watch: Watch, **options: Any) -> Image.Image:
        made = self._pass(pipeline, [recipe], extent, [watch], **options)[0]
        if isinstance(made, Stopped):
            raise made
        return made

    def _pass(
        self, pipeline: Any, recipes: Sequence[Recipe], extent: Extent, watches: Sequence[Watch], **options: Any
    ) -> list[Image.Image | Stopped]:
        """Runs a pipeline once, for one recipe or several that are alike."""
        recipe = recipes[0]
        # A scheduler keeps the last request's state; config alone makes a fresh one.
        pipeline.scheduler = type(self._scheduler).from_config(self._scheduler.config)
        known = _parameters(pipeline)
        steps = recipe.steps
        if "strength" in options and steps and recipe.strength is not None:
            steps, taken = begun(steps, recipe.strength)
            options["strength"] = taken / steps
        elif "strength" in options and steps:  # a part of the steps is taken, and that must be one at least
            steps = max(steps, math.ceil(1 / options["strength"]))
        options |= self._guidance(recipe, known) | _particular(extent, steps, known)
        if self._preset.prompt_tokens is not None and "max_sequence_length" in known:
            options["max_sequence_length"] = self._preset.prompt_tokens
        options |= _words_and_noise(recipes, options)
        decoded_here = isinstance(pipeline, StableDiffusionMixin)
        following = _Following(pipeline, extent, watches)
        latents.spare(pipeline.vae, extent, len(recipes))
        try:
            with torch.no_grad(), self._place.computing():
                made = pipeline(
                    output_type="latent" if decoded_here else "pil",
                    callback_on_step_end=following.after_step,
                    num_inference_steps=steps,
                    **options,
                )
                painted = latents.pictures(pipeline, made.images, extent) if decoded_here else made.images
            # The classes of Qwen-Image-Edit repaint at a size of their own.
            return [following.stopped.get(number) or shrink(one, extent) for number, one in enumerate(painted)]
        except _AllStopped:
            return [following.stopped[number] for number in range(len(recipes))]
        finally:
            if self._turns is not None:
                self._turns.end()

    def _guidance(self, recipe: Recipe, known: Sequence[str]) -> dict[str, Any]:
        """How strongly the words lead, and what is to be avoided, in the words of the pipeline's class."""
        options: dict[str, Any] = {}
        name = self._preset.guided_by
        if recipe.guidance is not None:
            if name not in known:
                raise BadRequest(f"The preset “{recipe.preset}” has no guidance; leave it out.")
            options[name] = recipe.guidance
        free = self._preset.avoids(recipe.guidance)
        if recipe.negative_prompt and ("negative_prompt" not in known or not free):
            raise BadRequest(f"The preset “{recipe.preset}” cannot avoid things; leave out the negative prompt.")
        if recipe.negative_prompt:
            options["negative_prompt"] = recipe.negative_prompt
        elif name == "true_cfg_scale" and free:
            options["negative_prompt"] = " "  # these classes guide only if there is one
        return options


class _AllStopped(Exception):
    """Nobody waits for any picture of a pass."""


class _Following:
    """Tells each picture's watch of each step, with a preview of that picture, and ends the pass when all stopped."""

    def __init__(self, pipeline: Any, extent: Extent, watches: Sequence[Watch]) -> None:
        self.stopped: dict[int, Stopped] = {}
        self._guess = latents.Guess(pipeline.scheduler)
        self._steps = Steps()
        self._extent = extent
        self._watches = watches

    def after_step(self, running: Any, step: int, _timestep: Any, values: dict[str, Any]) -> dict[str, Any]:
        """What a pipeline takes as `callback_on_step_end`."""
        now = values["latents"] if self._guess.latents is None else self._guess.latents
        done, steps = step + 1, int(running.num_timesteps)
        shows = self._steps.shows(done, steps)
        for number, watch in enumerate(self._watches):
            if number in self.stopped:
                continue
            try:
                preview = partial(self._preview, running, now[number : number + 1])
                self._steps.tell(watch, done, steps, preview if shows else None)
            except Stopped as stopped:
                self.stopped[number] = stopped
        if len(self.stopped) == len(self._watches):
            raise _AllStopped
        return values

    def _preview(self, running: Any, now: torch.Tensor) -> Image.Image:
        return latents.preview(running, now, self._extent)


def _words_and_noise(recipes: Sequence[Recipe], options: Mapping[str, Any]) -> dict[str, Any]:
    """What each picture has of its own; for one alone as diffusers takes it for one."""
    noise = [torch.Generator("cpu").manual_seed(recipe.seed) for recipe in recipes]
    if len(recipes) == 1:
        return {"prompt": recipes[0].prompt, "generator": noise[0]}
    own: dict[str, Any] = {"prompt": [recipe.prompt for recipe in recipes], "generator": noise}
    if "negative_prompt" in options:
        own["negative_prompt"] = [recipe.negative_prompt or options["negative_prompt"] for recipe in recipes]
    return own


def _parameters(pipeline: Any) -> Sequence[str]:
    return tuple(inspect.signature(pipeline.__call__).parameters)


def _particular(extent: Extent, steps: int | None, known: Sequence[str]) -> dict[str, Any]:
    """What single classes want to be told so that they paint `extent` and no size of their own choice."""
    wanted = {
        "width": extent.width,
        "height": extent.height,
        "use_resolution_binning": False,
        "_auto_resize": False,
        "max_area": extent.pixels,
        "intermediate_timesteps": 1.3 if steps == 2 else None,  # SANA-Sprint knows that point for two steps only
    }
    return {name: value for name, value in wanted.items() if name in known}


def _index(folder: Path) -> dict[str, Any]:
    """The pipeline's table of contents.

    Raises:
        WeightsMissing: It names a class that is in neither diffusers nor transformers: its code would come with it.
    """
    index: dict[str, Any] = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    named: list[Any] = [["diffusers", index.get("_class_name")], *(v for v in index.values() if isinstance(v, list))]
    for library, name in named:
        inside = library in _LIBRARIES or hasattr(diffusers.pipelines, str(library)) or library is None
        if not inside or (library == "diffusers" and not (isinstance(name, str) and hasattr(diffusers, name))):
            raise WeightsMissing(f"{folder} brings code of its own ({library}: {name}), and no such code is run.")
    return index


def _text_encoders(preset: Preset, folder: Path, index: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The networks of transformers in a pipeline's folder, whole: diffusers would not look whether they are."""
    made: dict[str, Any] = {}
    for part, named in index.items():
        kind = getattr(transformers, named[1], None) if isinstance(named, list) and named[0] == "transformers" else None
        if isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel) and (folder / part).is_dir():
            varied = preset.variant and any((folder / part).glob(f"*.{preset.variant}*.safetensors"))
            options = {"variant": preset.variant} if varied else {}
            made[part] = whole(kind, folder / part, preset.label, dtype=place.weights, **options)
    return made


def _refuse_gaps(preset: Preset, folder: Path, pipeline: Any) -> None:
    """Refuses networks of which diffusers found only a part: it leaves the rest on a device without memory."""
    for part, network in pipeline.components.items():
        for name, tensor in network.state_dict().items() if isinstance(network, nn.Module) else ():
            if tensor.is_meta:
                raise WeightsMissing(
                    f"The weights of {preset.label} in {folder} are not complete: {part}.{name} is missing."
                )


def _folder(preset: Preset) -> Path:
    """The preset's folder in diffusers' layout, its shipped weights verified."""
    if preset.folder is not None:
        verify(preset.folder)
        return preset.folder
    snapshot = preset.snapshot()
    if snapshot is None or not complete(preset.model_copy(update={"lora": ()})):  # a LoRA says itself what it lacks
        raise missing(preset)
    return snapshot
