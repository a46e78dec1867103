"""The autoencoder of the embedded painter: principal components of 16×16 patches, nothing learnt by descent.

A picture of H×W becomes a grid of H/16 × W/16 patches, and each patch the numbers of its strongest components: one
strided convolution in, one transposed convolution out. Components are scaled so that the strong ones stay stronger
but do not drown the weak ones, and so that the whole has unit variance.
"""

from __future__ import annotations

import torch
from PIL import Image
from torch import nn

from models.stored import Stored, remembered

PATCH = 16  # pixels a side


class PatchAutoencoder(Stored):
    """Pictures (n, 3, H, W) in -1…1 to latents (n, latent_channels, H/16, W/16) of about unit variance, and back.

    H and W must be multiples of 16. Values outside -1…1 come back from `decode` unclipped.
    """

    @remembered
    def __init__(self, latent_channels: int = 48) -> None:
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
        pixels = (self.decode(latents.to(self.middle)) / 2 + 0.5).clamp(0, 1) * 255
        return [Image.fromarray(one) for one in pixels.round().byte().permute(0, 2, 3, 1).cpu().numpy()]

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """The latents of pictures."""
        return self.analysis(pictures)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """The pictures of latents."""
        rows, columns = latents.shape[-2:]
        return self.synthesis(latents) + self.middle.repeat(1, rows, columns)
