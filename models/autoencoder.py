"""The autoencoder of the embedded painter: principal components of 16×16 patches, nothing learnt by descent.

A picture of H×W becomes a grid of H/16 × W/16 patches, and each patch the numbers of its strongest components: one
strided convolution in, one transposed convolution out. Components are scaled so that the strong ones stay stronger
but do not drown the weak ones, and so that the whole has unit variance; `scaling_factor` is 1. It takes the place of
`vae` in the stock Stable Diffusion pipelines, which ask for a `config` with `block_out_channels` (five of them: a
factor of 16), `latent_channels` and `scaling_factor`, and for `encode` and `decode`. It does not cover sampling: the
encoding is deterministic.
"""

from __future__ import annotations

from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.autoencoders.autoencoder_tiny import AutoencoderTinyOutput
from diffusers.models.autoencoders.vae import DecoderOutput
from diffusers.models.modeling_utils import ModelMixin
from PIL import Image
from torch import nn

PATCH = 16  # pixels a side


class PatchAutoencoder(ModelMixin, ConfigMixin):
    """Pictures (n, 3, H, W) in -1…1 to latents (n, latent_channels, H/16, W/16) of about unit variance, and back.

    H and W must be multiples of 16. Values outside -1…1 come back from `decode` unclipped, as diffusers' own
    autoencoders return them.
    """

    @register_to_config
    def __init__(
        self,
        latent_channels: int = 48,
        scaling_factor: float = 1.0,
        block_out_channels: tuple[int, ...] = (1, 1, 1, 1, 1),
        force_upcast: bool = False,
    ) -> None:
        super().__init__()
        self.analysis = nn.Conv2d(3, latent_channels, PATCH, stride=PATCH)
        self.synthesis = nn.ConvTranspose2d(latent_channels, 3, PATCH, stride=PATCH, bias=False)
        self.middle = nn.Parameter(torch.zeros(3, PATCH, PATCH))

    @torch.no_grad()
    def fit(self, pictures: torch.Tensor) -> None:
        """Set the components from pictures (n, 3, H, W) in -1…1."""
        patches = nn.functional.unfold(pictures.float(), PATCH, stride=PATCH).transpose(1, 2).flatten(0, 1)
        middle = patches.mean(0)
        values, vectors = torch.linalg.eigh(torch.cov((patches - middle).T))
        channels: int = self.analysis.out_channels
        values, vectors = values.flip(0)[:channels].clamp_min(1e-8), vectors.flip(1)[:, :channels]
        deviation = values.sqrt()
        scale = deviation.sqrt()
        scale = scale * ((deviation / scale).square().mean().sqrt())  # unit variance over all components
        shape = (channels, 3, PATCH, PATCH)
        self.analysis.weight.copy_((vectors / scale).T.reshape(shape))
        assert self.analysis.bias is not None
        self.analysis.bias.copy_(-(middle @ vectors) / scale)
        self.synthesis.weight.copy_((vectors * scale).T.reshape(shape))
        self.middle.copy_(middle.reshape(3, PATCH, PATCH))

    @torch.no_grad()
    def pictures(self, latents: torch.Tensor) -> list[Image.Image]:
        """The RGB pictures of latents (n, latent_channels, H/16, W/16)."""
        pixels = (self.decode(latents.to(self.middle)).sample / 2 + 0.5).clamp(0, 1) * 255
        return [Image.fromarray(one) for one in pixels.round().byte().permute(0, 2, 3, 1).cpu().numpy()]

    def encode(self, x: torch.Tensor, return_dict: bool = True) -> Any:
        """Latents of the pictures, as an output with `.latents` (or a tuple of one)."""
        latents = self.analysis(x)
        return AutoencoderTinyOutput(latents=latents) if return_dict else (latents,)

    def decode(self, z: torch.Tensor, generator: torch.Generator | None = None, return_dict: bool = True) -> Any:
        """Pictures of the latents, as an output with `.sample` (or a tuple of one); the `generator` is unused."""
        del generator
        rows, columns = z.shape[-2:]
        sample = self.synthesis(z) + self.middle.repeat(1, rows, columns)
        return DecoderOutput(sample=sample) if return_dict else (sample,)
