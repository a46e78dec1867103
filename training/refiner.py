"""Trains the refiner of the painter's autoencoder, `models.rendering.autoencoder.Refiner`, on painted and drawn
pictures.

    python -m training.refiner --minutes 25            # train (or go on), then export into models/embedded/painter
    python -m training.refiner --export                # export the last checkpoint
    python -m training.refiner --smoke --out FOLDER    # seconds, to see that all parts fit

The renderer in the same folder, which is trained before, paints the layouts of scenes of `training.scenes`; these are
drawn as well, and what is between the two is learnt on pieces of both.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from torch import nn

from models.painter import noise_times
from models.rendering.autoencoder import PATCH, PatchAutoencoder, Refiner
from models.rendering.eye import tensor_of
from models.rendering.layout import draw
from models.rendering.renderer import LATENT_CHANNELS, Renderer
from models.weights import seal
from training import scenes
from training.layouts import layout_of
from training.loop import DEVICE, Loop, Ring, computing, options

CHECKPOINTS = Path("checkpoints/refiner")
BATCH, PIECE, POOL = 8, 128, 768  # pieces a step, pixels a side of each, pictures kept


class Pairs:
    """Pictures (3, H, W) in -1…1 as the renderer paints them in one step and as they are drawn, renewed in turn."""

    def __init__(self, renderer: Renderer, vae: PatchAutoencoder, size: int, seed: int, *, held: bool = False) -> None:
        self.renderer, self.vae, self.held, self.random = renderer.to(DEVICE), vae.to(DEVICE), held, random.Random(seed)
        self.noise = torch.Generator().manual_seed(seed)
        self.ring = Ring(lambda: [self.pair()], size)

    @torch.no_grad()
    def pair(self) -> tuple[torch.Tensor, torch.Tensor]:
        scene = scenes.invent(self.random, held=self.held, styles=0.3)
        size = self.random.choices(scenes.EXTENTS, (8, 1, 1))[0]
        maps = draw([layout_of(scene, size)], size[0] // PATCH, size[1] // PATCH).to(DEVICE)
        noise = torch.randn(1, LATENT_CHANNELS, *maps.ids.shape[-2:], generator=self.noise).to(DEVICE)
        time, nothing = torch.full((1,), noise_times(1)[0], device=DEVICE), torch.zeros_like(noise)
        with computing():
            latents = self.renderer(noise, time, maps, nothing, nothing[:, :1]).float()
        painted = self.vae.decode(latents)[0]
        return painted.to(torch.bfloat16).cpu(), tensor_of(scenes.render(scene, size)).to(torch.bfloat16)

    def draw(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Pieces at random, whole patches, painted and drawn; one pair is renewed first."""
        self.ring.renew()
        pieces: list[torch.Tensor] = []
        for both in self.random.choices(self.ring.samples, k=count):
            rows, columns = ((side - PIECE) // PATCH for side in both[0].shape[-2:])
            top, left = (self.random.randint(0, most) * PATCH for most in (rows, columns))
            pieces.append(torch.stack(both)[..., top : top + PIECE, left : left + PIECE])
        painted, drawn = torch.stack(pieces, 1).float().to(DEVICE)
        return painted, drawn


def loss_of(refiner: nn.Module, painted: torch.Tensor, drawn: torch.Tensor) -> torch.Tensor:
    """How far refined pictures are from drawn ones: as much for edges as for surfaces."""
    with computing():
        added = refiner(painted)
    off = painted + added.float() - drawn
    return off.abs().mean() + off.square().mean()


@torch.no_grad()
def right(refiner: Refiner, pairs: Pairs, count: int = 60) -> str:
    """The PSNR of painted pictures of kept-out scenes, before and after."""
    errors: list[list[float]] = []
    for _ in range(count):
        painted, drawn = (one.float().to(DEVICE)[None] for one in pairs.pair())
        with computing():
            refined = painted + refiner(painted).float()
        errors.append([float((one.clamp(-1, 1) - drawn).square().mean()) for one in (painted, refined)])
    before, after = (10 * torch.log10(4 / torch.tensor(errors))).mean(0).tolist()
    return f"PSNR {before:.2f} dB as painted, {after:.2f} dB refined"


def export(refiner: Refiner, vae: PatchAutoencoder, folder: Path) -> None:
    """Write the autoencoder with this refiner as the part `vae` of the pipeline in `folder`."""
    vae.refiner.load_state_dict(refiner.state_dict())
    vae.cpu().save(folder / "vae")
    seal(folder)


def main() -> None:
    asked = options(__doc__, 25, CHECKPOINTS).parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(4)
    start = asked.start or asked.out
    vae = PatchAutoencoder.load(start / "vae").requires_grad_(False)
    refiner = Refiner().to(memory_format=torch.channels_last)
    loop = Loop(
        refiner, asked.folder, 0.02 if asked.smoke else asked.minutes, 2e-3, hold=0.1, accumulate=asked.accumulate
    )
    if not asked.export:
        renderer = Renderer.load(start / "unet").requires_grad_(False)
        pairs = Pairs(renderer, vae, BATCH if asked.smoke else POOL, loop.step + 1)
        held = Pairs(renderer, vae, 0, 9, held=True)
        loop.run(lambda: loss_of(loop.network, *pairs.draw(BATCH)), lambda: right(loop.average, held))
    export(loop.average, vae, asked.out)


if __name__ == "__main__":
    main()
