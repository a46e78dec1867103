"""What a bench measured, kept: one JSON line for each figure, in `bench/results/NAME.jsonl`, and a table to read.

A line says what was measured, the value and its unit, and where it comes from: the day, the machine, the versions of
what computed, the command, and how busy the machine was when it began (`load`, processes that want to run). Lines are
only ever added, each the moment it is known, so that a bench that is cut off leaves what it had. Figures of one run
share their `date`; figures of different runs compare only where they stand side by side in one.
"""

from __future__ import annotations

import json
import math
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("torch", "diffusers", "transformers", "pillow")


class Figures:
    """The figures of one run of a bench.

    Args:
        bench: Its name, which names the file too.
        folder: Where the file is; None is `bench/results` of this repository.
    """

    def __init__(self, bench: str, folder: Path | None = None) -> None:
        self.file = (folder or RESULTS) / f"{bench}.jsonl"
        self._common = {
            "bench": bench,
            "date": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": versions(),
            "command": command(),
            "load": _short(os.getloadavg()[0]),
        }
        self._lines: list[dict[str, Any]] = []

    def add(self, what: str, value: float, unit: str, **about: Any) -> None:
        """Keeps one figure.

        Args:
            what: What was measured, in words that mean the same in every run.
            value: A finite number.
            unit: `s`, `ms`, `%`, `GiB`, `dB`, `pictures/s` …
            about: Whatever else belongs to it, such as `p95`, `runs`, `goal`.
        """
        if not math.isfinite(value):
            raise ValueError(f"{what} is {value}, which is no figure; leave it out and say why.")
        line = {"what": what, "value": _short(value), "unit": unit}
        line |= {name: _short(one) if isinstance(one, float) else one for name, one in about.items()}
        self._lines.append(line)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line | self._common, ensure_ascii=False) + "\n")

    def timed(self, what: str, seconds: Sequence[float], unit: str = "ms", **about: Any) -> float:
        """Keeps the median and the 95th percentile of several runs; gives the median, in seconds."""
        scale = {"s": 1.0, "ms": 1000.0}[unit]
        middle = percentile(seconds, 50)
        self.add(what, middle * scale, unit, p95=percentile(seconds, 95) * scale, runs=len(seconds), **about)
        return middle

    def table(self) -> str:
        """All figures of this run as Markdown."""
        rows = ["| | | p95 | |", "|---|---:|---:|---|"]
        for line in self._lines:
            rest = {name: one for name, one in line.items() if name not in ("what", "value", "unit", "p95")}
            said = ", ".join(f"{name} {one}" for name, one in rest.items())
            rows.append(f"| {line['what']} | {line['value']:g} {line['unit']} | {line.get('p95', '')} | {said} |")
        return "\n".join(rows)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of the values lie, between neighbours in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@cache
def machine() -> str:
    """The processor and its cores, and the GPU where torch finds one."""
    found = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        found = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), found)
    except OSError:  # not Linux
        pass
    told = f"{found}, {os.cpu_count()} cores"
    import torch

    return f"{torch.cuda.get_device_name()}, {told}" if torch.cuda.is_available() else told


@cache
def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:  # it did not compute, then
            continue
    return found


def command() -> str:
    """What was typed, as `python -m …`."""
    module = Path(sys.argv[0])
    named = f"-m bench.{module.stem}" if module.parent.name == "bench" else module.name
    words = sys.argv[1:]
    if "--results" in words:  # where the figures go says nothing about them
        at = words.index("--results")
        words = words[:at] + words[at + 2 :]
    words = [Path(word).name if Path(word).is_absolute() else word for word in words]  # no machine's folders
    return " ".join(["python", named, *words])


def _short(value: float) -> float:
    """Four digits: more are noise."""
    return float(f"{value:.4g}")
