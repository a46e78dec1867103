"""Draws how the trainings went: `python -m training.plots` turns the logs in `checkpoints/` into `docs/models/*.svg`.

Every plot is a loss over the steps of a run: the mean of a minute, or of some batches.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

# Title, log, what is drawn of it, and the mean of how many points a point is.
RUNS = {
    "painter-layers": ("painter: what things and places look like", "renderer/layers/log", "loss", 1),
    "painter": ("painter: the renderer", "renderer/log", "loss", 1),
    "refiner": ("painter: what mends the edges of patches", "refiner/log", "loss", 1),
    "planner": ("painter: the planner", "planner/log", "loss", 1),
    "eye": ("painter: the eye", "eye/log", "loss", 1),
    "language": ("language: the loss over decisions", "language/log", "loss", 1),
    "upscaler": ("upscaler: squared error of the first stages", "upscaler/log", "error", 8),
    "upscaler-adversarial": ("upscaler: matching of features in the last stage", "upscaler/log", "matching", 4),
}
_WIDTH, _HEIGHT, _EDGE = 640, 320, 56  # of a plot, and what is around its axes, in pixels


def points(log: Path, tag: str, each: int) -> list[tuple[int, float]]:
    """Steps and values of a TensorBoard log in the order of steps, means of `each`; empty where there is none."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    if not log.exists():
        return []
    events = EventAccumulator(str(log), size_guidance={"scalars": 0})
    events.Reload()
    if tag not in events.Tags()["scalars"]:
        return []
    found = sorted((event.step, event.value) for event in events.Scalars(tag))
    groups = [found[start : start + each] for start in range(0, len(found), each)]
    return [(group[-1][0], mean(value for _, value in group)) for group in groups]


def plot(title: str, line: Sequence[tuple[int, float]]) -> str:
    """An SVG of a line that falls, the loss on a logarithmic axis."""
    last = max(step for step, _ in line)
    low, high = (math.log10(bound(value for _, value in line)) for bound in (min, max))
    high = max(high, low + 0.05)

    def spot(step: int, value: float) -> tuple[float, float]:
        across = _EDGE + (_WIDTH - 2 * _EDGE) * step / last
        down = _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * (math.log10(value) - low) / (high - low)
        return round(across, 1), round(down, 1)

    path = " ".join(f"{x},{y}" for x, y in (spot(*one) for one in line))
    marks = [10 ** (low + (high - low) * part / 4) for part in range(5)]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        f'<text x="{_EDGE}" y="28" font-size="15">{title}</text>',
    ]
    for mark in marks:
        y = spot(last, mark)[1]
        lines.append(f'<line x1="{_EDGE}" y1="{y}" x2="{_WIDTH - _EDGE}" y2="{y}" stroke="#ddd"/>')
        lines.append(f'<text x="{_EDGE - 6}" y="{y + 4}" font-size="11" text-anchor="end">{mark:.3g}</text>')
    for part in range(5):
        step = round(last * part / 4)
        x, y = spot(step, marks[0])
        lines.append(f'<text x="{x}" y="{y + 18}" font-size="11" text-anchor="middle">{step:,}</text>')
    lines.append(f'<text x="{_WIDTH / 2}" y="{_HEIGHT - 12}" font-size="12" text-anchor="middle">steps</text>')
    lines.append(f'<polyline points="{path}" fill="none" stroke="#2563eb" stroke-width="1.5"/>')
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"))
    parser.add_argument("--out", type=Path, default=Path("docs/models"))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, (title, log, tag, each) in RUNS.items():
        line = points(asked.checkpoints / log, tag, each)
        if line:
            (asked.out / f"{name}.svg").write_text(plot(title, line))
            print(f"{asked.out / name}.svg: {len(line)} points")
        else:
            print(f"{name}: no log in {asked.checkpoints / log}; nothing is drawn")


if __name__ == "__main__":
    main()
