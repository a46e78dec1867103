"""Trains everything that ships with Easel, stage by stage, from nothing but this repository and its dependencies.

    python -m training                       # all stages; a stage that was stopped goes on where it was
    python -m training --only planner eye    # some of them
    python -m training --smoke               # all in about two minutes, into a temporary folder: do the parts fit?

Every stage is a module of its own with its own options and help (`python -m training.planner --help`); the budgets here
are those the shipped weights had or more, on two cores. Loss goes to TensorBoard in `checkpoints/*/log`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time

from models.weights import EMBEDDED

# Module, options of each of its real runs, options of a run of seconds; {out} is a temporary folder.
STAGES: dict[str, tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]] = {
    "words": (((),), ("--sentences", "300", "--epochs", "1", "--out", "{out}/words")),
    "language": ((("--resume", "--minutes", "240"),), ("--smoke",)),
    "upscaler": (
        ((), ("--export",)),
        ("--faithful", "1", "--restoring", "1", "--adversarial", "1", "--canvases", "2", "--out", "{out}/upscaler"),
    ),
    "painter": (((),), ("--smoke", "--folder", "{out}/renderer", "--out", "{out}/painter")),
    "refiner": (((),), ("--smoke", "--folder", "{out}/refiner", "--out", "{out}/painter")),
    "hours": (((),), ("--smoke", "--folder", "{out}/hours", "--out", "{out}/painter")),
    "planner": (((),), ("--smoke", "--folder", "{out}/planner", "--out", "{out}/painter")),
    "eye": (((),), ("--smoke", "--folder", "{out}/eye", "--out", "{out}/painter", "--vae", "{out}/painter/vae")),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=tuple(STAGES), default=tuple(STAGES))
    parser.add_argument("--smoke", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as out:
        for number, stage in enumerate(asked.only, 1):
            began = time.monotonic()
            print(f"[{number}/{len(asked.only)}] {stage}", flush=True)
            real, smoke = STAGES[stage]
            for options in (smoke,) if asked.smoke else real:
                command = [sys.executable, "-m", f"training.{stage}", *(option.format(out=out) for option in options)]
                ended = subprocess.run(command, check=False).returncode
                if ended:
                    print(f"The stage {stage} ended with {ended}; see above why. The same command goes on from there.")
                    return ended
            print(f"[{number}/{len(asked.only)}] {stage} done in {(time.monotonic() - began) / 60:.1f} minutes")
    if not asked.smoke:
        print(f"The weights are in {EMBEDDED}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
