"""The painter that ships with Easel: words to a layout, a layout to a picture, by diffusion.

`ScenePipeline` is a diffusers pipeline in two stages. The planner (`models.planner`) says what is where; for an edit
the eye (`models.eye`, `models.reading`) first reads the layout off the given picture. Then `models.renderer.Renderer`
lays what it learnt of places and things over each other, and takes the noise out of latents around that:

    tokenizer, text_encoder = text_parts()
    pipeline = ScenePipeline.from_pretrained(EMBEDDED / "painter", tokenizer=tokenizer, text_encoder=text_encoder)
    picture = pipeline("a red fox in the snow", generator=torch.Generator().manual_seed(1)).images[0]

With so few parameters one network cannot both learn from words how many dogs stand where and how a dog looks; two can,
and what the planner decided can be looked at. What words leave open, the view of a place among others, the generator
decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from diffusers.models.modeling_utils import ModelMixin
from diffusers.pipelines.pipeline_utils import DiffusionPipeline, StableDiffusionMixin
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.utils.outputs import BaseOutput
from PIL import Image
from transformers import BertModel, BertTokenizer

from models.autoencoder import PATCH, PatchAutoencoder
from models.eye import Eye, tensor_of
from models.layout import Layout, Maps, draw, kept
from models.planner import Planner, Region
from models.reading import Reading, read
from models.renderer import LATENT_CHANNELS, Renderer

# diffusers builds a part from a module of ours only if that module was imported before and holds the name ModelMixin:
# so who imports this module can load the folder.
__all__ = [
    "EMBEDDED",
    "LATENT_CHANNELS",
    "MAX_TOKENS",
    "CaptionEncoder",
    "ModelMixin",
    "Renderer",
    "ScenePipeline",
    "SceneVariationPipeline",
    "text_parts",
]

EMBEDDED = Path(__file__).parent / "embedded"
KNOWN = 0.1  # mean squared error of the layers below which a picture is one of the painter's world
MAX_TOKENS = 32  # longer prompts are cut, as they were in training
WORD_SCALE, STATE_SCALE = 2.0, 2.5  # times MiniLM's first and last states, whose root mean squares are 0.5 and 0.4


class CaptionEncoder(BertModel):
    """MiniLM, whose token states (n, tokens, 768) hold each word as it is and as it reads here, both of about unit
    variance; zeros where padding stands."""

    def forward(self, input_ids: Any = None, attention_mask: Any = None, **others: Any) -> Any:  # type: ignore[override]
        answer: Any = super().forward(input_ids, attention_mask=attention_mask, output_hidden_states=True, **others)
        words = WORD_SCALE * answer.hidden_states[0]
        answer.last_hidden_state = torch.cat([words, STATE_SCALE * answer.last_hidden_state], -1)
        if attention_mask is not None:
            answer.last_hidden_state = answer.last_hidden_state * attention_mask[..., None]
        return answer


def text_parts() -> tuple[Any, Any]:
    """MiniLM's tokenizer and encoder as the planner was trained with them: 32 tokens, see `CaptionEncoder`.

    Raises:
        WeightsMissing: The package is not installed, or its weights are not the published ones.
    """
    from models.words import minilm_folder

    folder = minilm_folder()
    tokenizer = BertTokenizer.from_pretrained(folder, model_max_length=MAX_TOKENS)
    return tokenizer, CaptionEncoder.from_pretrained(folder, add_pooling_layer=False).eval()


@dataclass
class SceneOutput(BaseOutput):
    """What `ScenePipeline` answers: pictures, their layouts, and for edits the masks (L) of what changed, or None where
    that is the whole picture."""

    images: Any
    layouts: list[Layout]
    changed: list[Image.Image | None]


class ScenePipeline(DiffusionPipeline, StableDiffusionMixin):
    """See the module's text. Paints from words; edits a picture as an instruction says; fills a mask from words."""

    vae: PatchAutoencoder
    text_encoder: CaptionEncoder
    tokenizer: Any
    planner: Planner
    eye: Eye
    unet: Renderer
    scheduler: Any

    def __init__(
        self,
        vae: PatchAutoencoder,
        text_encoder: CaptionEncoder,
        tokenizer: BertTokenizer,
        planner: Planner,
        eye: Eye,
        unet: Renderer,
        scheduler: DPMSolverMultistepScheduler,
    ) -> None:
        super().__init__()
        self.register_modules(
            vae=vae,
            text_encoder=text_encoder,
            tokenizer=tokenizer,
            planner=planner,
            eye=eye,
            unet=unet,
            scheduler=scheduler,
        )
        self.num_timesteps = 0

    @torch.no_grad()
    def __call__(
        self,
        prompt: str,
        image: Image.Image | None = None,
        mask_image: Image.Image | None = None,
        strength: float | None = None,
        negative_prompt: str = "",
        width: int = 256,
        height: int = 256,
        num_inference_steps: int = 2,
        generator: torch.Generator | None = None,
        output_type: str = "pil",
        callback_on_step_end: Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]] | None = None,
    ) -> SceneOutput:
        """Paint one picture, or edit one.

        Args:
            prompt: What to paint, or what to change in `image`, or what should stand where `mask_image` is white.
            image: The picture to edit, RGB, sides multiples of 64; its size is the result's.
            mask_image: L, as large as the picture. Things whose middle is not in its box stay as they are, and what is
                new fits into it.
            strength: How much noise an edit starts from, 0–1; None is all.
            negative_prompt: Things named here do not appear.
            width, height: Of a painting, multiples of 64.
            num_inference_steps: Steps of the scheduler.
            generator: On the CPU; the same one gives the same picture.
            output_type: "pil" or "latent".
            callback_on_step_end: As in diffusers: called with the pipeline, the step, the time and {"latents": …}.
        """
        extent = (width, height) if image is None else image.size
        squares = (extent[0] // PATCH, extent[1] // PATCH)
        states, avoided = self._states(prompt), self._avoided(negative_prompt)
        before = None if image is None else self._read(image).layout
        region = None if mask_image is None else _region(mask_image)
        boldness = 0.7 if before is None else 0.3
        shunned = self._shunned(prompt) if before is None else frozenset[int]()
        layout = self.planner.plan(states, squares, before, region, avoided, shunned, generator, boldness)
        if before is not None and region is not None:
            layout = self._filled(layout, before, region, states, squares, avoided, generator)
        layout = replace(layout, view=before.view if before else self._some_view(generator))
        maps = draw([layout], *squares).to(self.device)
        edited = None
        if image is not None and before is not None:
            edited = self._encoded(image), kept(draw([before], *squares).to(self.device), maps)
        latents = self._sample(maps, edited, strength or 1.0, num_inference_steps, generator, callback_on_step_end)
        mask = None if edited is None else _changed(edited[1][0, 0])
        return SceneOutput(self._decoded(latents, output_type), [layout], [mask])

    def _filled(
        self,
        planned: Layout,
        before: Layout,
        region: Region,
        states: torch.Tensor,
        squares: tuple[int, int],
        avoided: frozenset[int],
        generator: torch.Generator | None,
    ) -> Layout:
        """The layout before, and in the region what was planned there.

        Where that is nothing of a new kind, the words are planned on their own. "Make it blue" names no thing, or now
        this one and now that; what is named twice alike should stand here.
        """
        new = [thing for thing in planned.things if region.holds(thing)]
        if {thing.thing for thing in new} <= {thing.thing for thing in before.things if region.holds(thing)}:
            alone = [self.planner.plan(states, squares, avoided=avoided, generator=generator) for _ in range(2)]
            first, second = (layout.things[:1] for layout in alone)
            if [(t.thing, t.colour) for t in first] == [(t.thing, t.colour) for t in second]:
                new = list(first) or new
        rest = (thing for thing in before.things if not region.holds(thing))
        old = {(thing.side, thing.column, thing.row) for thing in before.things}
        new = [t if (t.side, t.column, t.row) in old else region.fitted(t) for t in new]  # a repainted thing stays put
        return replace(before, things=(*rest, *new))

    @torch.no_grad()
    def describe(self, picture: Image.Image) -> str:
        """What a picture shows, in words: "red fox, hat; meadow, night". "" if it is not one of this world.

        Args:
            picture: RGB, sides multiples of 64.
        """
        reading = self._read(picture)
        return self.planner.world.said(reading.layout) if reading.error < KNOWN else ""

    def _sample(
        self,
        maps: Maps,
        edited: tuple[torch.Tensor, torch.Tensor] | None,
        strength: float,
        steps: int,
        generator: torch.Generator | None,
        after_step: Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]] | None,
    ) -> torch.Tensor:
        """Latents of a picture with this layout; `edited` are those of the picture to edit, and where that stays."""
        noise = torch.randn(1, LATENT_CHANNELS, *maps.ids.shape[-2:], generator=generator).to(self.device)
        given, stays = edited or (torch.zeros_like(noise), torch.zeros_like(noise[:, :1]))
        self.scheduler.set_timesteps(steps, device=self.device)
        first = min(steps - 1, round((1 - strength) * steps))
        times = self.scheduler.timesteps[first:]
        self.scheduler.set_begin_index(first)
        latents = self.scheduler.add_noise(given, noise, times[:1]) if first else noise
        self.num_timesteps = len(times)
        for step, time in enumerate(times):
            clean = self.unet(latents, time.reshape(1) / 1000, maps, given, stays)
            latents = self.scheduler.step(clean, time, latents, generator=generator).prev_sample
            if after_step is not None:
                latents = after_step(self, step, time, {"latents": latents})["latents"]
        return latents

    def _read(self, picture: Image.Image) -> Reading:
        """What a picture shows, and how surely."""
        return read(self.eye, self.unet, tensor_of(picture).to(self.device))

    def _some_view(self, generator: torch.Generator | None) -> int:
        return int(torch.randint(self.unet.views, (), generator=generator))

    def _encoded(self, picture: Image.Image) -> torch.Tensor:
        return self.vae.encode(tensor_of(picture)[None].to(self.device, self.vae.dtype)).latents.float()

    def _decoded(self, latents: torch.Tensor, output_type: str) -> Any:
        return latents if output_type == "latent" else self.vae.pictures(latents)

    def _states(self, text: str) -> torch.Tensor:
        read = self.tokenizer([text], truncation=True, max_length=MAX_TOKENS, return_tensors="pt").to(self.device)
        return self.text_encoder(read.input_ids, attention_mask=read.attention_mask).last_hidden_state

    def _shunned(self, prompt: str) -> frozenset[int]:
        """The plain backgrounds, for who does not ask for one: a place is nicer."""
        if "background" in prompt.lower():
            return frozenset()
        places = self.planner.world.places
        return frozenset(number for number, name in enumerate(places) if name.endswith("background"))

    def _avoided(self, text: str) -> frozenset[int]:
        """The things that words to avoid name, in the singular or the plural."""
        return frozenset(
            number
            for number, name in enumerate(self.planner.world.things)
            if re.search(rf"\b{re.escape(name)}(s|es)?\b", text, re.IGNORECASE)
        )


class SceneVariationPipeline(ScenePipeline):
    """The same networks: a picture like the given one, with what the eye sees in it, or else what the words say."""

    @torch.no_grad()
    def __call__(  # type: ignore[override]
        self,
        prompt: str,
        image: Image.Image,
        strength: float = 0.6,
        negative_prompt: str = "",
        num_inference_steps: int = 2,
        generator: torch.Generator | None = None,
        output_type: str = "pil",
        callback_on_step_end: Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]] | None = None,
    ) -> SceneOutput:
        """Arguments as those of `ScenePipeline`; `strength` is how far things may move, 1 being four squares, and from
        0.25 on the place has another view."""
        squares = (image.width // PATCH, image.height // PATCH)
        reading = self._read(image)
        layout = reading.layout
        if not layout.things and reading.error >= KNOWN:
            layout = self.planner.plan(
                self._states(prompt),
                squares,
                avoided=self._avoided(negative_prompt),
                shunned=self._shunned(prompt),
                generator=generator,
            )
        layout = _moved(layout, round(4 * strength), squares, generator)
        if strength >= 0.25:
            layout = replace(layout, view=self._some_view(generator))
        maps = draw([layout], *squares).to(self.device)
        latents = self._sample(maps, None, 1.0, num_inference_steps, generator, callback_on_step_end)
        return SceneOutput(self._decoded(latents, output_type), [layout], [None])


def _moved(layout: Layout, reach: int, squares: tuple[int, int], generator: torch.Generator | None) -> Layout:
    """The layout with its things up to `reach` squares elsewhere but not farther outside; together if they overlap."""
    offsets = torch.randint(-reach, reach + 1, (len(layout.things), 2), generator=generator).tolist()
    if any(one.over(other) for n, one in enumerate(layout.things) for other in layout.things[:n]):
        offsets = offsets[:1] * len(offsets)
    things = tuple(
        replace(
            one,
            column=min(max(one.column + right, min(one.column, 0)), max(one.column, squares[0] - one.side)),
            row=min(max(one.row + down, min(one.row, 0)), max(one.row, squares[1] - one.side)),
        )
        for one, (right, down) in zip(layout.things, offsets, strict=True)
    )
    return replace(layout, things=things)


def _region(mask: Image.Image) -> Region | None:
    """The squares around all that is white in a mask; None where nothing is."""
    box = mask.convert("L").point([0] * 128 + [255] * 128).getbbox()
    return Region(box[0] // PATCH, box[1] // PATCH, -(-box[2] // PATCH), -(-box[3] // PATCH)) if box else None


def _changed(stays: torch.Tensor) -> Image.Image | None:
    """A mask of the squares (rows, columns) that an edit changes; None where it is all of them."""
    if not stays.any():
        return None
    mask = Image.fromarray(((1 - stays) * 255).byte().cpu().numpy())
    return mask.resize((mask.width * PATCH, mask.height * PATCH), Image.Resampling.NEAREST)
