"""Tiny models with random weights in the layout of the shipped ones, made on the spot: real classes, real code paths.

What they paint is noise; that they load, run, stop and repeat is what tests look at.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file
from spandrel.architectures.Compact import Compact

from models.presets import PRESETS_FILE
from models.rendering.autoencoder import PatchAutoencoder
from models.rendering.eye import Eye
from models.rendering.renderer import LATENT_CHANNELS, Renderer
from models.scene.planner import Planner
from models.weights import seal
from training import eye, painter, planner

THINGS, COLOURS, ABOUT = ("fox", "dog"), ("", "red"), (("meadow", "beach"), ("day", "night"), ("clear",), ("plain",))


def make_replicas(folder: Path, steps: int = 4) -> Path:
    """Writes a painter and an upscaler below `folder`, and a presets file that names them `embedded`.

    Returns:
        The presets file: the shipped one with `steps` sampling steps.
    """
    torch.manual_seed(3)
    home = folder / "embedded"
    vae = PatchAutoencoder(latent_channels=LATENT_CHANNELS)
    vae.fit(torch.rand(4, 3, 64, 64) * 2 - 1)
    counts = tuple(len(names) for names in ABOUT)
    renderer = Renderer(len(THINGS), len(COLOURS), counts, 16, (32, 32, 32)).eval()
    painter.export(renderer, vae.eval(), home / "painter")
    planner.export(Planner(THINGS, COLOURS, *ABOUT, width=32, readers=1, writers=1).eval(), home / "painter")
    eye.export(Eye(len(THINGS), len(COLOURS), counts, (32, 32, 32)).eval(), home / "painter")
    (home / "upscaler").mkdir(parents=True)
    for name in ("adversarial", "faithful"):
        save_file(Compact(num_feat=8, num_conv=1, upscale=4).state_dict(), home / "upscaler" / f"{name}.safetensors")
    seal(home / "upscaler")
    presets = folder / "presets.toml"
    text = PRESETS_FILE.read_text(encoding="utf-8")
    presets.write_text(text.replace("steps = 1\n", f"steps = {steps}\n"), encoding="utf-8")
    return presets
