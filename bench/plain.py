"""The painter as anybody would write it with diffusers and transformers, on the same weights, to be measured beside.

MiniLM is transformers' `BertModel`, the network of the renderer diffusers' `UNet2DModel`, the sampler its
`DPMSolverMultistepScheduler`; only what no library has, the planner and the layers that were learnt, is Easel's own.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from diffusers import DPMSolverMultistepScheduler, UNet2DModel
from PIL import Image
from torch import nn
from transformers import BertModel, BertTokenizer

from models.minilm import minilm_folder
from models.rendering.autoencoder import PATCH, PatchAutoencoder
from models.rendering.layout import draw
from models.rendering.renderer import LATENT_CHANNELS, Renderer
from models.rendering.unet import UNet
from models.scene.captions import MAX_TOKENS
from models.scene.planner import Planner


class DiffusersUNet(nn.Module):
    """diffusers' network with the weights of ours, called as ours is."""

    def __init__(self, own: UNet) -> None:
        super().__init__()
        levels = len(own.channels)
        self.unet = UNet2DModel(
            in_channels=own.conv_in.in_channels,
            out_channels=own.conv_out.out_channels,
            layers_per_block=1,
            block_out_channels=own.channels,
            down_block_types=("DownBlock2D",) * levels,
            up_block_types=("UpBlock2D",) * levels,
            mid_block_type=None,
            add_attention=False,
            class_embed_type="identity",
        )
        self.unet.load_state_dict(own.state_dict())

    def forward(self, x: torch.Tensor, time: torch.Tensor, about: torch.Tensor) -> torch.Tensor:
        return self.unet(x, time, class_labels=about, return_dict=False)[0]


class PlainPainter:
    """Paints from words, 256×256, in float32."""

    def __init__(self, folder: Path) -> None:
        self.tokenizer = BertTokenizer.from_pretrained(minilm_folder())
        self.encoder: Any = BertModel.from_pretrained(minilm_folder(), add_pooling_layer=False).eval()
        self.planner, self.vae = Planner.load(folder / "planner"), PatchAutoencoder.load(folder / "vae")
        self.renderer = Renderer.load(folder / "unet")
        self.renderer.unet = DiffusersUNet(self.renderer.unet).eval()
        self.scheduler = DPMSolverMultistepScheduler(prediction_type="sample", use_flow_sigmas=True, flow_shift=3.0)

    @torch.no_grad()
    def paint(self, words: str, steps: int, seed: int) -> Image.Image:
        generator = torch.Generator().manual_seed(seed)
        tokens = self.tokenizer([words], truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
        read = self.encoder(**tokens, output_hidden_states=True)
        states = torch.cat([2.0 * read.hidden_states[0], 2.5 * read.last_hidden_state], -1)
        places = self.planner.world.places
        shunned = frozenset(number for number, name in enumerate(places) if name.endswith("background"))
        layout = self.planner.plan(states, (256 // PATCH, 256 // PATCH), shunned=shunned, generator=generator)
        layout = replace(layout, view=int(torch.randint(self.renderer.views, (), generator=generator)))
        maps = draw([layout], 256 // PATCH, 256 // PATCH)
        latents = torch.randn(1, LATENT_CHANNELS, 256 // PATCH, 256 // PATCH, generator=generator)
        nothing, stays = torch.zeros_like(latents), torch.zeros_like(latents[:, :1])
        self.scheduler.set_timesteps(steps)
        for time in self.scheduler.timesteps:
            clean = self.renderer(latents, time.reshape(1) / 1000, maps, nothing, stays)
            latents = self.scheduler.step(clean, time, latents).prev_sample
        return self.vae.pictures(latents)[0]
