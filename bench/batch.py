"""How many more pictures a second come out when requests of one model that wait together are painted in one pass.

    python -m bench.batch [--device auto] [--threads N] [--rounds 20] [--quick] [--json FILE]

The pipeline is diffusers' `StableDiffusionPipeline` with random weights, called as the engine calls it. On a GPU its
network is as wide as Stable Diffusion's and paints 512×512; on a processor it is a small one at 128×128, since with the
wide one a round takes minutes. How quick a pass is does not depend on what the weights are. Each round paints one, two,
four and eight pictures together and the same pictures singly, one after the other in the same process, so that whatever
else the machine does slows both. Printed are medians of the rounds' ratios, and how far the pictures are apart.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import diffusers
import numpy as np
import torch
from PIL import Image
from transformers import BertModel, BertTokenizer
from transformers.utils import logging

from models.diffusion import Diffusion
from models.minilm import minilm_folder
from models.place import Place, pick_device
from models.presets import Preset, Presets
from models.recipe import Extent, Operation, Recipe

COUNTS = (1, 2, 4, 8)
WORDS = ("a red fox in the snow", "a harbour at dawn", "two dogs", "a lighthouse", "rain", "a tram", "hills", "an owl")


def pipeline(wide: bool) -> Any:
    """Random weights of a fixed seed in diffusers' classes; MiniLM reads the words."""
    torch.manual_seed(7)
    widths = (320, 640, 1280, 1280) if wide else (64, 128, 256, 256)
    unet = diffusers.UNet2DConditionModel(
        sample_size=64,
        block_out_channels=widths,
        layers_per_block=2 if wide else 1,
        cross_attention_dim=384,
        attention_head_dim=8,
    )
    vae = diffusers.AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(128, 256, 512, 512) if wide else (16, 32, 64, 64),
        layers_per_block=2 if wide else 1,
        norm_num_groups=32 if wide else 8,
    )
    return diffusers.StableDiffusionPipeline(
        vae=vae,
        text_encoder=BertModel.from_pretrained(minilm_folder(), add_pooling_layer=False),
        tokenizer=BertTokenizer.from_pretrained(minilm_folder(), model_max_length=77),
        unet=unet,
        scheduler=diffusers.EulerDiscreteScheduler(timestep_spacing="trailing"),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


class Bench:
    """A loaded pipeline, and what it paints together and singly."""

    def __init__(self, device: torch.device) -> None:
        wide = device.type != "cpu"
        preset: Preset = Presets.load().for_operation(Operation.GENERATE, "sd-turbo")
        place = Place.for_preset(preset.model_copy(update={"dtype": "auto"}), device)
        self._model = Diffusion(pipeline(wide).to(dtype=place.weights), place, preset)
        self.extent = Extent(512, 512) if wide else Extent(128, 128)
        self.about = f"{self.extent}, {str(place.autocast or place.weights).removeprefix('torch.')} on {device}"
        self._recipes = [
            Recipe(
                operation=Operation.GENERATE,
                prompt=words,
                preset=preset.name,
                extent=self.extent,
                seed=seed,
                steps=preset.steps,
                guidance=preset.guidance,
            )
            for seed, words in enumerate(WORDS)
        ]

    def singly(self, count: int) -> list[Image.Image]:
        return [self._model.paint(recipe, self.extent, _unwatched) for recipe in self._recipes[:count]]

    def together(self, count: int) -> list[Image.Image]:
        made = self._model.paint_batch(self._recipes[:count], self.extent, [_unwatched] * count)
        return [picture for picture in made if isinstance(picture, Image.Image)]

    def round(self) -> dict[int, float]:
        """For each count, how many times as many pictures a second come out together as singly."""
        return {count: _seconds(self.singly, count) / _seconds(self.together, count) for count in COUNTS}


def apart(one: Sequence[Image.Image], other: Sequence[Image.Image]) -> int:
    """The largest difference of two pictures' values, of 255."""
    pairs = ((np.asarray(a).astype(int), np.asarray(b).astype(int)) for a, b in zip(one, other, strict=True))
    return max(int(np.abs(a - b).max()) for a, b in pairs)


def _unwatched(step: int, steps: int, preview: Image.Image | None) -> bool:
    del step, steps, preview
    return False


def _seconds(paint: Any, count: int) -> float:
    began = time.perf_counter()
    paint(count)  # pictures are in RAM then, so a GPU has finished
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    logging.set_verbosity_error()
    bench = Bench(torch.device(pick_device(asked.device)))
    difference = apart(bench.singly(max(COUNTS)), bench.together(max(COUNTS)))  # which warms it up, too
    rounds = [bench.round() for _ in range(3 if asked.quick else asked.rounds)]
    ratios = {count: median(one[count] for one in rounds) for count in COUNTS}
    print(f"{bench.about}; medians of {len(rounds)} rounds; a picture differs by {difference} of 255 at most\n")
    print("| together | pictures a second, singly = 1 |\n|---|---|")
    for count, ratio in ratios.items():
        print(f"| {count} | {ratio:.2f} |")
    if asked.json:
        figures = {"about": bench.about, "rounds": len(rounds), "difference": difference, "ratios": ratios}
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
