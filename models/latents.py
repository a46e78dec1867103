"""What a half-painted picture looks like: a pipeline's latents to pixels, whatever its family packs into them.

Stable Diffusion, Z-Image and SANA keep latents as (1, channels, height, width). FLUX and Qwen-Image pack squares of two
by two into tokens (1, tokens, 4 × channels), and FLUX.2 normalises each of those channels besides. `pictures` undoes
that by the autoencoder's own statistics. `Guess` remembers what a scheduler takes for the finished picture in each
step, which shows far more than the noisy latents do.
"""

from __future__ import annotations

import functools
import math
from typing import Any

import torch
import torch.nn.functional as F
from PIL import Image

from models.painting import PREVIEW_SIDE
from models.recipe import Extent

TILED_FROM = 2 * 1024 * 1024
"""Pixels from which a picture is decoded in tiles.

A decoder's last layers hold some four times 256 channels for each pixel (`AutoencoderKL`): in two bytes each 2 GiB at
a megapixel, which is what a preset's `memory` has to work in, and twice that here. No preset's own sizes reach it.
"""


class Guess:
    """What a scheduler, watched from now on, last took for the finished latents.

    A scheduler that is watched must not serve another request.
    """

    def __init__(self, scheduler: Any) -> None:
        self.latents: torch.Tensor | None = None
        self._scheduler = scheduler
        step = scheduler.step

        @functools.wraps(step)  # pipelines look at its parameters
        def watched(model_output: Any, timestep: Any, sample: Any, *args: Any, **kwargs: Any) -> Any:
            result = step(model_output, timestep, sample, *args, **kwargs)
            self.latents = self._of(model_output, sample, result)
            return result

        scheduler.step = watched

    def _of(self, model_output: torch.Tensor, sample: torch.Tensor, result: Any) -> torch.Tensor | None:
        if isinstance(result, tuple) and len(result) > 1:  # Euler and consistency schedulers say it
            return result[1]
        if type(self._scheduler).__name__ == "FlowMatchEulerDiscreteScheduler":  # x = (1 - σ) picture + σ noise
            sigma = self._scheduler.sigmas[self._scheduler.step_index - 1]
            return (sample.float() - sigma * model_output.float()).to(sample.dtype)
        kept = getattr(self._scheduler, "model_outputs", None)  # the solvers of DPM
        return kept[-1] if kept else None


def spare(vae: Any, extent: Extent, count: int = 1) -> None:
    """Has an autoencoder decode a picture in tiles if it is large, and one at a time if all together are larger."""
    if hasattr(vae, "enable_slicing"):
        (vae.enable_slicing if extent.pixels * count > TILED_FROM else vae.disable_slicing)()
    if hasattr(vae, "enable_tiling"):
        (vae.enable_tiling if extent.pixels >= TILED_FROM else vae.disable_tiling)()


def preview(pipeline: Any, latents: torch.Tensor, extent: Extent) -> Image.Image:
    """The first of what `pictures` would give, not larger than a preview: the latents are shrunk before decoding.

    Decoding is the dearest part of a step after the network itself, and costs by area: a preview of a picture of
    1024 × 1024 takes a sixteenth of it.
    """
    # Compiled for full pictures, the decoder would be compiled again for this size.
    with torch.compiler.set_stance("force_eager"):
        return _decoded(pipeline, latents[:1], extent, PREVIEW_SIDE)[0]


def pictures(pipeline: Any, latents: torch.Tensor, extent: Extent) -> list[Image.Image]:
    """Decodes a pipeline's latents to RGB.

    Args:
        pipeline: A diffusers pipeline with `vae` and `vae_scale_factor`.
        latents: As the pipeline keeps them while sampling, on the autoencoder's device; one or several.
        extent: Size of each picture in pixels: packed latents do not tell their shape.
    """
    return _decoded(pipeline, latents, extent)


def _decoded(pipeline: Any, latents: torch.Tensor, extent: Extent, side: int | None = None) -> list[Image.Image]:
    """The pictures; of latents shrunk so that its longer side is about `side` pixels at most, if that is given."""
    vae = pipeline.vae
    with torch.no_grad():
        unpacked = _unpacked(pipeline, latents.float(), extent)
        if side is not None and max(extent) > side:
            rows, columns = (max(1, round(length * side / max(extent))) for length in unpacked.shape[-2:])
            unpacked = F.interpolate(unpacked, (*unpacked.shape[2:-2], rows, columns), mode="area")
        sample = vae.decode(unpacked.to(vae.dtype), return_dict=False)[0]
    if sample.dim() == 5:  # Qwen-Image's autoencoder is one for films: a picture is its only frame
        sample = sample[:, :, 0]
    pixels = (sample.float() / 2 + 0.5).clamp(0, 1).mul(255).round().to(torch.uint8)
    return [Image.fromarray(one) for one in pixels.permute(0, 2, 3, 1).cpu().numpy()]


def _unpacked(pipeline: Any, latents: torch.Tensor, extent: Extent) -> torch.Tensor:
    """Latents as the autoencoder reads them."""
    vae, factor = pipeline.vae, pipeline.vae_scale_factor
    if hasattr(vae, "bn"):
        return _flux2(pipeline, latents, extent)
    if latents.dim() == 3:
        rows, columns = _grid(latents.shape[1], extent)
        latents = pipeline._unpack_latents(latents, rows * 2 * factor, columns * 2 * factor, factor)
    config = vae.config
    if getattr(config, "latents_mean", None) is not None:
        mean, std = (
            torch.tensor(values, device=latents.device).view(1, -1, *[1] * (latents.dim() - 2))
            for values in (config.latents_mean, config.latents_std)
        )
        return latents * std / getattr(config, "scaling_factor", 1.0) + mean
    spread = getattr(pipeline.scheduler.config, "sigma_data", None) or 1.0
    return latents / spread / config.scaling_factor + (getattr(config, "shift_factor", None) or 0.0)


def _grid(tokens: int, extent: Extent) -> tuple[int, int]:
    """Rows and columns of so many tokens, in the shape nearest to the picture's: some classes choose their own size."""
    shape = extent.width / extent.height
    sides = [rows for rows in range(1, tokens + 1) if tokens % rows == 0]
    rows = min(sides, key=lambda rows: abs(math.log(tokens / rows / rows / shape)))
    return rows, tokens // rows


def _flux2(pipeline: Any, latents: torch.Tensor, extent: Extent) -> torch.Tensor:
    vae = pipeline.vae
    rows, columns = _grid(latents.shape[1], extent)
    grid = latents.transpose(1, 2).reshape(len(latents), -1, rows, columns)
    std = torch.sqrt(vae.bn.running_var.float().view(1, -1, 1, 1) + vae.config.batch_norm_eps)
    return pipeline._unpatchify_latents(grid * std + vae.bn.running_mean.float().view(1, -1, 1, 1))
