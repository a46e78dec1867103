"""The autoencoder of the embedded painter: principal components of 16×16 patches, and what mends their edges.

A picture of H×W becomes a grid of H/16 × W/16 patches, and each patch the numbers of its strongest components: one
strided convolution in, one transposed convolution out. Components are scaled so that the strong ones stay stronger
but do not drown the weak ones, and so that the whole has unit variance. Each patch is decoded by itself, so that its
edges and the faults of painted latents show; a small network, learnt from painted pictures, takes them away (as Dong et
al. 2015, arXiv 1504.06993, do with those of JPEG).
"""

from __future__ import annotations

import torch
from PIL import Image
from torch import nn

from models.stored import Stored, remembered

PATCH = 16  # pixels a side


class Refiner(nn.Module):
    """What is to be added to decoded pictures (n, 3, H, W) in -1…1, sides multiples of 16, in the numbers of its
    weights; at first nothing.

    It works on squares of 2×2 pixels, and knows where in its patch each of them lies.
    """

    def __init__(self, width: int = 40, layers: int = 3) -> None:
        super().__init__()
        self.first = nn.Conv2d(12, width, 3, padding=1)
        self.places = nn.Parameter(torch.zeros(width, PATCH // 2, PATCH // 2))
        self.layers = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(layers))
        self.last = nn.Conv2d(width, 12, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        assert self.last.bias is not None
        nn.init.zeros_(self.last.bias)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        x = nn.functional.pixel_unshuffle(pictures.to(self.places.dtype), 2).contiguous(
            memory_format=torch.channels_last
        )
        rows, columns = (side * 2 // PATCH for side in x.shape[-2:])
        x = nn.functional.gelu(self.first(x) + self.places.repeat(1, rows, columns))
        for layer in self.layers:
            x = x + nn.functional.gelu(layer(x))
        return nn.functional.pixel_shuffle(self.last(x), 2)


class PatchAutoencoder(Stored):
    """Pictures (n, 3, H, W) in -1…1 to latents (n, latent_channels, H/16, W/16) of about unit variance, and back.

    H and W must be multiples of 16. Values outside -1…1 come back from `decode` unclipped, and unrefined.
    """

    @remembered
    def __init__(self, latent_channels: int = 48) -> None:
        super().__init__()
        self.analysis = nn.Conv2d(3, latent_channels, PATCH, stride=PATCH)
        self.synthesis = nn.ConvTranspose2d(latent_channels, 3, PATCH, stride=PATCH, bias=False)
        self.middle = nn.Parameter(torch.zeros(3, PATCH, PATCH))
        self.refiner = Refiner()

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
        """The RGB pictures of latents (n, latent_channels, H/16, W/16), refined."""
        with torch.autocast(latents.device.type, enabled=False):  # bfloat16 has fewer steps than a picture has shades
            pixels = self.decode(latents.to(self.middle))
        pixels = pixels + self.refiner(pixels)
        pixels = (pixels / 2 + 0.5).clamp(0, 1) * 255
        return [Image.fromarray(one) for one in pixels.round().byte().permute(0, 2, 3, 1).cpu().numpy()]

    def encode(self, pictures: torch.Tensor) -> torch.Tensor:
        """The latents of pictures."""
        return self.analysis(pictures)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """The pictures of latents."""
        rows, columns = latents.shape[-2:]
        patches = latents.movedim(1, -1) @ self.synthesis.weight.flatten(1)  # several times faster than the convolution
        patches = patches.unflatten(-1, (3, PATCH, PATCH)).permute(0, 3, 1, 4, 2, 5).flatten(4, 5).flatten(2, 3)
        return patches + self.middle.repeat(1, rows, columns)
