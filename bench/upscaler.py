"""Measures the upscaler beside what a person would use instead: bicubic and Lanczos resampling.

    python -m bench.upscaler [FILE.safetensors ...]

Four photographs that ship with scikit-image (none was seen in training) are cut to multiples of four, shrunk four
times by area and by bicubic filter, and enlarged again. Printed for each: the peak signal-to-noise ratio of luma in
dB (BT.601, 4 pixels cut from every side, as the literature does; higher is nearer to the original), and *sharpness*,
the energy of the Laplacian relative to the original's (1 is as sharp as the original; resampling is far below). Then
three checks: tiles against the whole picture, the shift of mean colour, and time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models import upscaler as upscaling
from models.recipe import Extent
from models.upscaler import Upscaler

SHIPPED = Path(__file__).parents[1] / "models" / "embedded" / "upscaler" / "upscaler.safetensors"
PHOTOGRAPHS = ("astronaut", "coffee", "cat", "rocket")
SHRINKS = {"area": Image.Resampling.BOX, "bicubic": Image.Resampling.BICUBIC}
Enlarge = Callable[[Image.Image, Extent], Image.Image]


def photograph(name: str) -> Image.Image:
    """One of scikit-image's photographs, RGB, cut to multiples of 4."""
    from skimage import data

    picture = Image.fromarray(getattr(data, name)()).convert("RGB")
    return picture.crop((0, 0, picture.width // 4 * 4, picture.height // 4 * 4))


def luma(picture: Image.Image) -> np.ndarray:
    """BT.601 luma in 16..235 without the outermost 4 pixels."""
    pixels = np.asarray(picture, np.float64) / 255
    return (16 + pixels @ np.array([65.481, 128.553, 24.966]))[4:-4, 4:-4]


def psnr(made: Image.Image, original: Image.Image) -> float:
    error = np.mean((luma(made) - luma(original)) ** 2)
    return float(10 * np.log10(255**2 / error))


def sharpness(made: Image.Image, original: Image.Image) -> float:
    def laplacian(y: np.ndarray) -> float:
        inner = 4 * y[1:-1, 1:-1] - y[:-2, 1:-1] - y[2:, 1:-1] - y[1:-1, :-2] - y[1:-1, 2:]
        return float(np.mean(inner**2))

    return laplacian(luma(made)) / laplacian(luma(original))


def measure(methods: Mapping[str, Enlarge]) -> dict[str, dict[str, dict[str, float]]]:
    """PSNR and sharpness by photograph and shrinking, then by method."""
    results: dict[str, dict[str, dict[str, float]]] = {}
    for name in PHOTOGRAPHS:
        original = photograph(name)
        for shrink, kernel in SHRINKS.items():
            small = original.resize((original.width // 4, original.height // 4), kernel)
            row = results.setdefault(f"{name}, {shrink}", {})
            for method, enlarge in methods.items():
                made = enlarge(small, Extent(*original.size))
                row[method] = {
                    "psnr": round(psnr(made, original), 2),
                    "sharpness": round(sharpness(made, original), 2),
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


def colour_shift(upscaler: Upscaler, picture: Image.Image) -> list[float]:
    """Mean of red, green and blue after minus before, in 1/255."""
    made = upscaler.enlarge(picture, Extent(picture.width * 4, picture.height * 4))
    after, before = (np.asarray(p, np.float64).mean(axis=(0, 1)) for p in (made, picture))
    return [round(float(value), 2) for value in after - before]


def seconds(upscaler: Upscaler, side: int) -> float:
    picture = photograph("astronaut").resize((side, side), Image.Resampling.BOX)
    times: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        upscaler.enlarge(picture, Extent(side * 4, side * 4))
        times.append(time.perf_counter() - began)
    return round(min(times), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=[SHIPPED])
    parser.add_argument("--threads", type=int, default=0)
    asked = parser.parse_args()
    if asked.threads:
        torch.set_num_threads(asked.threads)
    networks = {path.stem: Upscaler.load(path) for path in asked.files}
    methods: dict[str, Enlarge] = {
        "bicubic": lambda picture, extent: picture.resize(extent, Image.Resampling.BICUBIC),
        "lanczos": lambda picture, extent: picture.resize(extent, Image.Resampling.LANCZOS),
    }
    methods |= {name: network.enlarge for name, network in networks.items()}
    for row, figures in measure(methods).items():
        print(row, json.dumps(figures))
    small = photograph("coffee").resize((150, 100), Image.Resampling.BOX)
    for name, network in networks.items():
        checks = {
            "seams": seams(network, small),
            "colour shift": colour_shift(network, small),
            "seconds 128→512": seconds(network, 128),
        }
        print(name, json.dumps(checks, ensure_ascii=False))


if __name__ == "__main__":
    main()
