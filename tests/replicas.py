"""Tiny models with random weights in the layout of the shipped ones, made on the spot: real classes, real code paths.

What they paint is noise; that they load, run, stop and repeat is what tests look at.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import save_file
from spandrel.architectures.Compact import Compact

from models.autoencoder import PatchAutoencoder
from models.presets import PRESETS_FILE
from models.weights import seal
from training.painter import build_unet, export


def make_replicas(folder: Path, steps: int = 4) -> Path:
    """Writes a painter, an editor and an upscaler below `folder`, and a presets file that names them `embedded`.

    Returns:
        The presets file: the shipped one with `steps` sampling steps.
    """
    torch.manual_seed(0)
    home = folder / "embedded"
    unet: UNet2DConditionModel = build_unet((32, 32, 32))
    vae = PatchAutoencoder()
    vae.fit(torch.rand(4, 3, 64, 64) * 2 - 1)
    export(cast(Any, SimpleNamespace(vae=vae.eval(), average=unet.eval())), home)
    (home / "upscaler").mkdir(parents=True)
    save_file(Compact(num_feat=8, num_conv=1, upscale=4).state_dict(), home / "upscaler" / "upscaler.safetensors")
    for part in ("painter", "editor", "upscaler"):
        seal(home / part)
    presets = folder / "presets.toml"
    text = PRESETS_FILE.read_text(encoding="utf-8")
    presets.write_text(text.replace("steps = 20", f"steps = {steps}"), encoding="utf-8")
    return presets
