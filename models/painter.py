"""The painter that ships with Easel: words to a layout, a layout to a picture, by diffusion.

`ScenePipeline` is a diffusers pipeline in two stages. The planner (`models.planner`) says what is where; for an edit
the eye (`models.eye`) first reads the layout off the given picture. Then `Renderer`, a network of convolutions,
takes the noise out of the latents of `PatchAutoencoder`, and sees for each square which part of which thing is there:

    tokenizer, text_encoder = text_parts()
    pipeline = ScenePipeline.from_pretrained(EMBEDDED / "painter", tokenizer=tokenizer, text_encoder=text_encoder)
    picture = pipeline("a red fox in the snow", generator=torch.Generator().manual_seed(1)).images[0]

With so few parameters one network cannot both learn from words how many dogs stand where and how a dog looks; two can,
and what the planner decided can be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.models.unets.unet_2d import UNet2DModel
from diffusers.pipelines.pipeline_utils import DiffusionPipeline, StableDiffusionMixin
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.utils.outputs import BaseOutput
from PIL import Image
from torch import nn
from transformers import BertModel, BertTokenizer

from models.autoencoder import PATCH, PatchAutoencoder
from models.eye import Eye, tensor_of
from models.layout import SIDES, Layout, Maps, draw, kept
from models.planner import Planner, Region

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
MAX_TOKENS = 32  # longer prompts are cut, as they were in training
LATENT_CHANNELS = 64
STATE_SCALE = 2.5  # times MiniLM's token states, whose root mean square is 0.4
_FINE, _COARSE = 12, 6  # texels a side of a thing's two looks: for sides from 6 squares, and for smaller ones
_LOOK = 16  # numbers in a texel
_QUICK = 8.0  # times a texel's numbers as they are kept: each is met rarely, so it should learn in larger steps


class Looks(nn.Module):
    """What each thing looks like, learnt: a small grid of numbers for every thing, read where the layout places it.

    (Neural textures, after Thies et al. 2019, arXiv 1904.12356.) Every thing has a fine grid and a coarse one; a
    square is read at four points and joined with colour, side, place within the thing, light, weather and style.
    """

    def __init__(self, things: int, colours: int, about: Sequence[int], width: int) -> None:
        super().__init__()
        self.fine = nn.Parameter(torch.randn(things * _FINE**2, _LOOK) / _QUICK)
        self.coarse = nn.Parameter(torch.randn(things * _COARSE**2, _LOOK) / _QUICK)
        self.colour = nn.Embedding(colours, 32)
        self.side = nn.Embedding(len(SIDES), 16)
        self.about = nn.ModuleList(nn.Embedding(count, 32) for count in about)
        self.mix = nn.Sequential(
            nn.Linear(4 * _LOOK + 48 + 10 + 32, 256), nn.SiLU(), nn.Linear(256, 256), nn.SiLU(), nn.Linear(256, width)
        )
        self.width = width

    def forward(self, ids: torch.Tensor, parts: torch.Tensor, about: torch.Tensor) -> torch.Tensor:
        """Numbers (n, width, rows, columns) for one depth of maps: ids (n, 3, rows, columns), parts (n, 2, …)."""
        where = ids[:, 0] > 0
        out = torch.zeros(*where.shape, self.width, device=ids.device, dtype=self.fine.dtype)
        if where.any():
            thing, colour, side = (ids.permute(0, 2, 3, 1)[where] - 1).unbind(1)
            part = parts.permute(0, 2, 3, 1)[where]
            sides = torch.tensor(SIDES, device=ids.device)[side]
            read = torch.where(
                (sides >= 6)[:, None],
                self._texels(self.fine, _FINE, thing, part, sides),
                self._texels(self.coarse, _COARSE, thing, part, sides),
            )
            waves = torch.cat([part, *((part * 6.2832 * k + o).sin() for k in (0.5, 1) for o in (0, 1.5708))], 1)
            around = torch.stack([table(about[:, i]) for i, table in enumerate(self.about)]).sum(0)
            around = around[where.nonzero()[:, 0]]
            joined = torch.cat([read, self.colour(colour), self.side(side), around, waves], 1)
            out[where] = self.mix(joined.to(out.dtype)).to(out.dtype)
        return out.permute(0, 3, 1, 2)

    @staticmethod
    def _texels(
        looks: torch.Tensor, size: int, thing: torch.Tensor, part: torch.Tensor, sides: torch.Tensor
    ) -> torch.Tensor:
        """Four points of each square, a quarter of a square from its middle, between their nearest texels."""
        quarter = 0.25 / sides
        corners = torch.tensor(((-1, -1), (1, -1), (-1, 1), (1, 1)), device=part.device)
        spots = (part[:, None] + corners * quarter[:, None, None]) * size - 0.5
        low = spots.floor().clamp(0, size - 2)
        rest = (spots - low).clamp(0, 1)
        chosen, weights = list[torch.Tensor](), list[torch.Tensor]()
        for x, y in ((0, 0), (1, 0), (0, 1), (1, 1)):
            chosen.append((thing[:, None] * size + low[..., 1].long() + y) * size + low[..., 0].long() + x)
            weights.append((rest[..., 0] if x else 1 - rest[..., 0]) * (rest[..., 1] if y else 1 - rest[..., 1]))
        index, weight = torch.stack(chosen, -1).flatten(0, 1), torch.stack(weights, -1).flatten(0, 1)
        read = nn.functional.embedding_bag(index, looks, mode="sum", per_sample_weights=weight.to(looks.dtype))
        return _QUICK * read.reshape(len(part), -1)


class Renderer(ModelMixin, ConfigMixin):
    """A UNet that takes noise out of latents, told by a layout what they should show.

    A good guess is built in, so that it need only learn what that guess misses: a Wiener filter of every latent
    number around an expected picture; that is the mean of all pictures, or the picture to edit, or where things stand
    what `Looks` says of them. `spread` and `change` hold how far latents and edits usually are from what is expected,
    one number a channel (preconditioning as in Karras et al. 2022, arXiv 2206.00364, here a channel at a time). The
    network answers with two numbers for each latent: what to add to the guess, and by which factor (as a logarithm)
    the usual deviation is to be taken smaller or larger at this place. So it can say "nothing is here but flat sky" or
    "nothing changes here" without copying noise through all its layers.

    Args:
        things, colours: How many the world has.
        about: How many places, lights, weathers and styles.
        channels: Of the UNet's levels.
        layers: Blocks a level.
    """

    @register_to_config
    def __init__(
        self,
        things: int,
        colours: int,
        about: Sequence[int],
        channels: Sequence[int] = (96, 128, 192),
        layers: int = 1,
    ) -> None:
        super().__init__()
        # Of the thing in front also what its squares should show, and how far to believe that.
        self.looks = nn.ModuleList(Looks(things, colours, about, width) for width in (64 + LATENT_CHANNELS + 1, 32))
        self.unet = UNet2DModel(
            in_channels=2 * LATENT_CHANNELS + 64 + 32 + 3,
            out_channels=2 * LATENT_CHANNELS,
            layers_per_block=layers,
            block_out_channels=tuple(channels),
            down_block_types=("DownBlock2D",) * len(channels),
            up_block_types=("UpBlock2D",) * len(channels),
            mid_block_type=None,
            add_attention=False,
            class_embed_type="identity",
        )
        nn.init.zeros_(self.unet.conv_out.weight)  # so that the first answer is the built-in guess
        self.surroundings = nn.ModuleList(nn.Embedding(count, 4 * channels[0]) for count in about)
        self.register_buffer("spread", torch.ones(LATENT_CHANNELS))
        self.register_buffer("change", torch.ones(LATENT_CHANNELS))

    def forward(
        self, noisy: torch.Tensor, time: torch.Tensor, maps: Maps, source: torch.Tensor, stays: torch.Tensor
    ) -> torch.Tensor:
        """The clean latents (n, 64, rows, columns).

        Args:
            noisy: Latents of that shape on the straight way from picture (time 0) to noise (time 1).
            time: (n,).
            maps: What the picture should show.
            source: Latents of the picture to edit, or zeros where there is none.
            stays: (n, 1, rows, columns), 1 where that picture should stay as it is.
        """
        noisy, source = noisy.float(), source.float()
        part = time.float().reshape(-1, 1, 1, 1)
        overall = self.spread.float().reshape(1, -1, 1, 1)
        given = source.abs().amax((1, 2, 3), keepdim=True) > 0
        deviation = torch.where(given, self.change.float().reshape(1, -1, 1, 1), overall)
        total = ((1 - part).square() * deviation.square() + part.square()).sqrt()
        front, expected, belief = self.expected(maps)
        guess = source + belief * (1 - stays) * (expected - source)
        behind = self.looks[1](maps.ids[:, 1], maps.parts[:, 1], maps.about)
        off = noisy - (1 - part) * guess
        rows, columns = noisy.shape[-2:]
        down = torch.linspace(-1, 1, rows, device=noisy.device)[:, None].expand(rows, columns)
        across = torch.linspace(-1, 1, columns, device=noisy.device).expand(rows, columns)
        spots = torch.stack([down, across]).expand(len(noisy), 2, rows, columns)
        # Noise comes in as small as what it tells: at time 1 the network sees the layout alone.
        heard = (1 - part) * deviation / total * (off / total)
        inputs = torch.cat([heard, source / overall, front, behind, stays, spots], 1)
        about = torch.stack([table(maps.about[:, i]) for i, table in enumerate(self.surroundings)]).sum(0)
        said = self.unet(inputs.to(self.unet.conv_in.weight.dtype), time * 1000, class_labels=about, return_dict=False)[
            0
        ]
        added, factor = said.float().chunk(2, 1)
        local = (deviation * factor.clamp(-5, 2).exp()).square()
        filtered = local * (1 - part) / ((1 - part).square() * local + part.square() + 1e-8) * off
        return guess + filtered + deviation * part / total * added

    def expected(self, maps: Maps) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What the things in front look like: numbers for the network (n, 64, rows, columns), the latents that are
        expected (n, 64, …), and how far to believe these (n, 1, …), 0 where no thing stands."""
        said: torch.Tensor = self.looks[0](maps.ids[:, 0], maps.parts[:, 0], maps.about).float()
        front, expected, belief = said.split((64, LATENT_CHANNELS, 1), 1)
        there = (maps.ids[:, 0, :1] > 0).float()
        return front, expected * self.spread.float().reshape(1, -1, 1, 1), belief.sigmoid() * there


class CaptionEncoder(BertModel):
    """MiniLM with token states of about unit variance, and zeros where padding stands."""

    def forward(self, input_ids: Any = None, attention_mask: Any = None, **others: Any) -> Any:  # type: ignore[override]
        answer: Any = super().forward(input_ids, attention_mask=attention_mask, **others)
        if attention_mask is not None:
            answer.last_hidden_state = answer.last_hidden_state * attention_mask[..., None] * STATE_SCALE
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
        width: int = 128,
        height: int = 128,
        num_inference_steps: int = 2,
        generator: torch.Generator | None = None,
        output_type: str = "pil",
        callback_on_step_end: Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]] | None = None,
    ) -> SceneOutput:
        """Paint one picture, or edit one.

        Args:
            prompt: What to paint, or what to change in `image`, or what should stand where `mask_image` is white.
            image: The picture to edit, RGB, sides multiples of 32; its size is the result's.
            mask_image: L, as large as the picture.
            strength: How much noise an edit starts from, 0–1; None is all.
            negative_prompt: Things named here do not appear.
            width, height: Of a painting, multiples of 32.
            num_inference_steps: Steps of the scheduler.
            generator: On the CPU; the same one gives the same picture.
            output_type: "pil" or "latent".
            callback_on_step_end: As in diffusers: called with the pipeline, the step, the time and {"latents": …}.
        """
        extent = (width, height) if image is None else image.size
        squares = (extent[0] // PATCH, extent[1] // PATCH)
        states, avoided = self._states(prompt), self._avoided(negative_prompt)
        before = None if image is None else self.eye.layout(tensor_of(image)[None].to(self.device))[0]
        region = None if mask_image is None else _region(mask_image)
        boldness = 0.7 if before is None else 0.3
        shunned = self._shunned(prompt) if before is None else frozenset[int]()
        layout = self.planner.plan(states, squares, before, region, avoided, shunned, generator, boldness)
        maps = draw([layout], *squares).to(self.device)
        stays = None if before is None else kept(draw([before], *squares).to(self.device), maps)
        source = None if image is None else self._encoded(image)
        latents = self._sample(
            maps, stays, source, strength or 1.0, num_inference_steps, generator, callback_on_step_end
        )
        mask = None if stays is None else _changed(stays[0, 0])
        return SceneOutput(self._decoded(latents, output_type), [layout], [mask])

    def _sample(
        self,
        maps: Maps,
        stays: torch.Tensor | None,
        source: torch.Tensor | None,
        strength: float,
        steps: int,
        generator: torch.Generator | None,
        after_step: Callable[[Any, int, Any, dict[str, Any]], dict[str, Any]] | None,
    ) -> torch.Tensor:
        """Latents of a picture with this layout. `source` are those to begin with; where some stay, those to edit."""
        noise = torch.randn(1, LATENT_CHANNELS, *maps.ids.shape[-2:], generator=generator).to(self.device)
        given = torch.zeros_like(noise) if source is None or stays is None else source
        stays = torch.zeros_like(noise[:, :1]) if stays is None else stays
        self.scheduler.set_timesteps(steps, device=self.device)
        first = min(steps - 1, round((1 - strength) * steps))
        times = self.scheduler.timesteps[first:]
        self.scheduler.set_begin_index(first)
        latents = noise if source is None or not first else self.scheduler.add_noise(source, noise, times[:1])
        self.num_timesteps = len(times)
        for step, time in enumerate(times):
            clean = self.unet(latents, time.reshape(1) / 1000, maps, given, stays)
            latents = self.scheduler.step(clean, time, latents, generator=generator).prev_sample
            if after_step is not None:
                latents = after_step(self, step, time, {"latents": latents})["latents"]
        return latents

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
        """Arguments as those of `ScenePipeline`; `strength` is how much noise the given picture is mixed with."""
        squares = (image.width // PATCH, image.height // PATCH)
        layout = self.eye.layout(tensor_of(image)[None].to(self.device))[0]
        if not layout.things:
            layout = self.planner.plan(
                self._states(prompt),
                squares,
                avoided=self._avoided(negative_prompt),
                shunned=self._shunned(prompt),
                generator=generator,
            )
        maps = draw([layout], *squares).to(self.device)
        source = self._encoded(image)
        latents = self._sample(maps, None, source, strength, num_inference_steps, generator, callback_on_step_end)
        return SceneOutput(self._decoded(latents, output_type), [layout], [None])


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
