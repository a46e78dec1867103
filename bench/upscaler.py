"""Measures the upscalers beside what a person would use instead: bicubic and Lanczos resampling.

    python -m bench.upscaler [FILE.safetensors ...] [--threads N]

Four photographs that ship with scikit-image (none was seen in training) are cut to multiples of four, shrunk four
times by bicubic or area filter, and enlarged again. Printed, as means over the four unless a photograph is named:

- *decibels*: peak signal-to-noise ratio of luma (BT.601, 4 pixels cut from every side, as the literature does);
- *features*: how far two pictures are apart for a network, measured like LPIPS (Zhang et al. 2018): the channels of
  each of five stages made unit length, squared differences averaged. LPIPS' own trained network is not here; this one
  is an untrained VGG of a fixed seed, which follows people's judgement less well;
- *GMSD*: gradient magnitude similarity deviation of luma (Xue et al. 2014), which needs no training;
- *sharpness*: energy of the Laplacian relative to the original's (1 is as sharp; resampling is far below).

Lower features and GMSD are nearer to the original. The same for small pictures that were blurred (a Gaussian of 0.8
pixels) or kept as JPEG of quality 60. Then checks: tiles against the whole, the shift of colour (mean CIEDE2000 between
the small picture and the large one shrunk back), and time.
"""

from __future__ import annotations

import argparse
import io
import json
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from statistics import mean

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageFilter
from skimage import color, data
from torch import Tensor, nn

from bench.figures import Figures
from models import upscaler as upscaling
from models.compiled import openvino_device
from models.place import Place, pick_device
from models.presets import Presets
from models.recipe import Extent, Operation
from models.upscaler import Upscaler

PHOTOGRAPHS = ("astronaut", "coffee", "cat", "rocket")
SHRINKS = {"bicubic": Image.Resampling.BICUBIC, "area": Image.Resampling.BOX}
FIGURES = ("decibels", "features", "GMSD", "sharpness")
Enlarge = Callable[[Image.Image, Extent], Image.Image]


def photograph(name: str) -> Image.Image:
    """One of scikit-image's photographs, RGB, cut to multiples of 4."""
    picture = Image.fromarray(getattr(data, name)()).convert("RGB")
    return picture.crop((0, 0, picture.width // 4 * 4, picture.height // 4 * 4))


def shrunk(picture: Image.Image, kernel: Image.Resampling) -> Image.Image:
    return picture.resize((picture.width // 4, picture.height // 4), kernel)


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


INPUTS: dict[str, Callable[[Image.Image], Image.Image]] = {
    **{f"shrunk by {name} filter": lambda p, k=kernel: shrunk(p, k) for name, kernel in SHRINKS.items()},
    "blurred": lambda p: shrunk(p, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.8)),
    "JPEG of quality 60": lambda p: as_jpeg(shrunk(p, Image.Resampling.BICUBIC), 60),
}


def luma(picture: Image.Image) -> np.ndarray:
    """BT.601 luma in 16..235 without the outermost 4 pixels."""
    pixels = np.asarray(picture, np.float64) / 255
    return (16 + pixels @ np.array([65.481, 128.553, 24.966]))[4:-4, 4:-4]


def decibels(made: Image.Image, original: Image.Image) -> float:
    error = np.mean((luma(made) - luma(original)) ** 2)
    return float(10 * np.log10(255**2 / error))


def sharpness(made: Image.Image, original: Image.Image) -> float:
    def laplacian(y: np.ndarray) -> float:
        inner = 4 * y[1:-1, 1:-1] - y[:-2, 1:-1] - y[2:, 1:-1] - y[1:-1, :-2] - y[1:-1, 2:]
        return float(np.mean(inner**2))

    return laplacian(luma(made)) / laplacian(luma(original))


def gmsd(made: Image.Image, original: Image.Image) -> float:
    """As published: Prewitt gradients of luma averaged over 2 × 2 pixels, constant 170; 0 for equal pictures."""
    prewitt = torch.tensor([[1.0, 0, -1], [1, 0, -1], [1, 0, -1]]) / 3
    kernels = torch.stack((prewitt, prewitt.T))[:, None]

    def gradient(picture: Image.Image) -> Tensor:
        y = F.avg_pool2d(torch.from_numpy(luma(picture)).float()[None, None], 2)
        return F.conv2d(y, kernels).square().sum(1).sqrt()

    a, b = gradient(made), gradient(original)
    return float(((2 * a * b + 170) / (a**2 + b**2 + 170)).std())


@cache
def untrained_vgg() -> tuple[nn.Sequential, ...]:
    """The convolutions of VGG-16 in its five stages, orthogonal weights of a fixed seed."""
    state = torch.random.get_rng_state()
    torch.manual_seed(0)
    stages: list[nn.Sequential] = []
    before = 3
    for number, (width, depth) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))):
        layers: list[nn.Module] = [nn.MaxPool2d(2)] if number else []
        for _ in range(depth):
            layer = nn.Conv2d(before, width, 3, padding=1)
            nn.init.orthogonal_(layer.weight, 2**0.5)
            nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
            layers += [layer, nn.ReLU()]
            before = width
        stages.append(nn.Sequential(*layers).eval().requires_grad_(False))
    torch.random.set_rng_state(state)
    return tuple(stages)


@torch.inference_mode()
def features(made: Image.Image, original: Image.Image) -> float:
    """The distance described above; 0 for equal pictures."""
    pixels = np.stack([np.asarray(p, np.float32) for p in (made, original)]) / 127.5 - 1
    x = torch.from_numpy(pixels).permute(0, 3, 1, 2)
    distances: list[float] = []
    for stage in untrained_vgg():
        x = stage(x)
        a, b = F.normalize(x, dim=1)
        distances.append(float((a - b).square().sum(0).mean()))
    return mean(distances)


def measure(methods: Mapping[str, Enlarge]) -> dict[str, dict[str, dict[str, dict[str, float]]]]:
    """The figures of one picture by kind of input, photograph and method."""
    results: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for kind, spoilt in INPUTS.items():
        for name in PHOTOGRAPHS:
            original = photograph(name)
            small = spoilt(original)
            row = results.setdefault(kind, {}).setdefault(name, {})
            for method, enlarge in methods.items():
                made = enlarge(small, Extent(*original.size))
                row[method] = {
                    "decibels": decibels(made, original),
                    "features": features(made, original),
                    "GMSD": gmsd(made, original),
                    "sharpness": sharpness(made, original),
                }
    return results


def seams(upscaler: Upscaler, picture: Image.Image) -> int:
    """The largest difference between enlarging in small tiles and whole, in 1/255."""
    extent = Extent(picture.width * 4, picture.height * 4)
    whole = np.asarray(upscaler.enlarge(picture, extent), np.int16)
    kept, upscaling.TILE = upscaling.TILE, 48
    try:
        tiled = np.asarray(upscaler.enlarge(picture, extent), np.int16)
    finally:
        upscaling.TILE = kept
    return int(np.abs(whole - tiled).max())


def colour_shift(upscaler: Upscaler) -> float:
    """Mean CIEDE2000 between small photographs and what is made of them, shrunk back by area."""
    shifts: list[float] = []
    for name in PHOTOGRAPHS:
        small = shrunk(photograph(name), Image.Resampling.BOX)
        made = upscaler.enlarge(small, Extent(small.width * 4, small.height * 4)).resize(
            small.size, Image.Resampling.BOX
        )
        lab = [color.rgb2lab(np.asarray(p)) for p in (small, made)]
        shifts.append(float(color.deltaE_ciede2000(*lab).mean()))
    return mean(shifts)


def seconds(upscaler: Upscaler, side: int) -> float:
    """The median of five, after one that is not counted."""
    picture = photograph("astronaut").resize((side, side), Image.Resampling.BOX)
    times: list[float] = []
    for _ in range(6):
        began = time.perf_counter()
        upscaler.enlarge(picture, Extent(side * 4, side * 4))
        times.append(time.perf_counter() - began)
    return sorted(times[1:])[2]


def _report(results: Mapping[str, Mapping[str, Mapping[str, Mapping[str, float]]]], methods: list[str]) -> None:
    for kind, photographs in results.items():
        print(kind)
        for name, row in photographs.items():
            over = {m: round(row[m]["decibels"] - row["bicubic"]["decibels"], 2) for m in methods}
            print(f"  {name}, decibels over bicubic's {row['bicubic']['decibels']:.2f}:", json.dumps(over))
        for method in methods:
            means = {f: mean(row[method][f] for row in photographs.values()) for f in FIGURES}
            over = means["decibels"] - mean(row["bicubic"]["decibels"] for row in photographs.values())
            told = ", ".join(f"{figure} {means[figure]:.3f}" for figure in FIGURES[1:])
            print(f"  {method}: {over:+.2f} decibels over bicubic, {told}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", help="networks; without any, those that ship")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--device", default="cpu", help="as EASEL_DEVICE (default: %(default)s)")
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    shipped = [p for p in Presets.load() if p.folder and Operation.UPSCALE in p.operations]
    place = Place.for_preset(shipped[0], torch.device(pick_device(asked.device)), openvino_device(asked.device))
    files: list[Path] = asked.files or [preset.folder / preset.file for preset in shipped if preset.folder]
    networks = {path.stem: Upscaler.load(path, place) for path in files}
    methods: dict[str, Enlarge] = {
        "bicubic": lambda picture, extent: picture.resize(extent, Image.Resampling.BICUBIC),
        "lanczos": lambda picture, extent: picture.resize(extent, Image.Resampling.LANCZOS),
    }
    methods |= {name: network.enlarge for name, network in networks.items()}
    _report(measure(methods), list(methods))
    small = photograph("coffee").resize((150, 100), Image.Resampling.BOX)
    figures = Figures("upscaler")
    for name, network in networks.items():
        took = seconds(network, 256)
        figures.add(f"{name}, 256×256 to 1024×1024", 1000 * took, "ms")
        print(
            f"{name}: tiles differ from the whole by at most {seams(network, small)}/255, colours shift by "
            f"{colour_shift(network):.2f} (CIEDE2000), 256×256 to 1024×1024 takes {took:.2f} s on "
            f"{torch.get_num_threads()} threads computing in "
            f"{'OpenVINO' if place.openvino else str(place.autocast or place.weights)[6:]}"
        )


if __name__ == "__main__":
    main()
