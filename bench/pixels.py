"""How often the pixel filter refuses harmless pictures, and how long it takes.

    python -m bench.pixels [--scenes 300] [--json FILE]

Harmless pictures are the photographs of scikit-image (whole, and crops of them, people among them) and scenes that the
painter is trained on, as large as a preview, a small picture and an upload. There is no set of unsafe pictures here and
none is fetched, so recall is not measured; the detector's own card has figures for photographs. Without
`easel[nudenet]` only the rules judge.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from skimage import data

from bench.words import share
from tools.safety import PixelFilter, describe_judges

PHOTOGRAPHS = (
    "astronaut",
    "camera",
    "cat",
    "coffee",
    "rocket",
    "brick",
    "coins",
    "grass",
    "gravel",
    "page",
    "text",
    "moon",
)


def photographs(crops: int) -> Iterator[Image.Image]:
    """Each photograph, and random crops of it."""
    chance = random.Random(7)
    for name in PHOTOGRAPHS:
        try:
            picture = Image.fromarray(getattr(data, name)()).convert("RGB")
        except Exception as error:  # some are fetched on demand; what is not in the package is passed over, and said
            print(f"without {name}: {type(error).__name__}")
            continue
        yield picture
        for _ in range(crops):
            width, height = (chance.randint(side // 3, side) for side in picture.size)
            left, top = chance.randint(0, picture.width - width), chance.randint(0, picture.height - height)
            yield picture.crop((left, top, left + width, top + height))


def scenes(count: int) -> Iterator[Image.Image]:
    from training.scenes import invent, render

    chance = random.Random(11)
    for _ in range(count):
        yield render(invent(chance), (256, 256))


def milliseconds(size: tuple[int, int], rounds: int = 15) -> float:
    """Median processor time of one judgement, loading not counted; it runs on one thread."""
    judge, image = PixelFilter(painted=True), Image.effect_noise(size, 60).convert("RGB")
    judge.check(image)
    times: list[float] = []
    for _ in range(rounds):
        began = time.process_time()
        judge.check(image)
        times.append(1000 * (time.process_time() - began))
    return sorted(times)[rounds // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=300)
    parser.add_argument("--crops", type=int, default=15)
    parser.add_argument("--json", type=Path, help="also write the counts to this file")
    args = parser.parse_args()
    active = [judge.name for judge in describe_judges() if judge.stage == "pixels" and judge.active]
    print("judges:", ", ".join(active))
    judge, result = PixelFilter(painted=True), dict[str, object](judges=active)
    for name, pictures in (("photographs", photographs(args.crops)), ("scenes", scenes(args.scenes))):
        verdicts = [judge.check(picture) for picture in pictures]
        actions = {action: sum(verdict.action == action for verdict in verdicts) for action in ("block", "review")}
        refused, marked = (share(actions[action], len(verdicts)) for action in ("block", "review"))
        print(f"{name}: refused {refused}, marked {marked}")
        result[name] = {**actions, "count": len(verdicts)}
    for side in (64, 128, 512, 2048):
        result[f"milliseconds {side}"] = milliseconds((side, side))
        print(f"{side}×{side}: {result[f'milliseconds {side}']:.1f} ms of processor time")
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
