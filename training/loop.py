"""What the painter's trainings share: samples, a budget of minutes, a falling rate, averaged weights, a log.

A run that was stopped goes on from its checkpoint; the budget counts the time of all its parts. On a processor with
bfloat16 and on a GPU the networks compute in it; a GPU runs those compiled that are called as a whole, all but the
planner.
"""

from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import torch
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from torch import nn

from models.stored import Stored
from models.weights import EMBEDDED, seal

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def computing() -> AbstractContextManager[Any]:
    """The context in which networks compute while they are trained."""
    return torch.autocast(DEVICE.type, torch.bfloat16)


class Bar:
    """How far a training has come: a bar with what is left on a terminal, lines alone elsewhere. A context manager.

    Args:
        name: Of the training.
        total: When it is done, in whatever `at` counts.
        shown: False for one of several processes that do the same.
    """

    def __init__(self, name: str, total: float, *, shown: bool = True) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(None), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, disable=not (shown and sys.stdout.isatty()))
        self._task = self._bar.add_task(name, total=total)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def at(self, done: float) -> None:
        """So much is done."""
        self._bar.update(self._task, completed=done)

    def tell(self, line: str) -> None:
        """Print a line, above the bar where there is one."""
        self._bar.console.print(line, soft_wrap=True, markup=False, highlight=False)


def options(text: str | None, minutes: float, folder: Path) -> argparse.ArgumentParser:
    """The options that the painter's trainings share.

    Args:
        text: The module's own, for its help.
        minutes: The budget if none is named.
        folder: For checkpoint and log if none is named.
    """
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--minutes", type=float, default=minutes, help="budget of all runs together (default: %(default)s)"
    )
    parser.add_argument("--folder", type=Path, default=folder, help="of checkpoint and log (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=EMBEDDED / "painter", help="the pipeline's folder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--accumulate", type=int, default=1, help="batches a step (default: %(default)s)")
    parser.add_argument("--start", type=Path, help="the folder of a shipped pipeline to begin with")
    parser.add_argument("--export", action="store_true", help="train nothing: export the last checkpoint")
    parser.add_argument("--smoke", action="store_true", help="seconds, to see that all parts fit")
    return parser


Made = TypeVar("Made")
Network = TypeVar("Network", bound=nn.Module)


class Ring(Generic[Made]):
    """Samples to draw from at random; the oldest are replaced in turn, so that each is used a few times.

    Args:
        make: Makes some samples.
        size: How many are kept.
    """

    def __init__(self, make: Callable[[], Sequence[Made]], size: int) -> None:
        self.make, self.samples, self.next = make, list[Made](), 0
        while len(self.samples) < size:
            self.samples += make()[: size - len(self.samples)]

    def renew(self, times: int = 1) -> None:
        """Replace the oldest by what is made, so many times."""
        for _ in range(times):
            for one in self.make():
                self.samples[self.next] = one
                self.next = (self.next + 1) % len(self.samples)


class Loop(Generic[Network]):
    """Trains a network until its minutes are used.

    Args:
        network: What is trained, on `DEVICE`; `average` holds its averaged weights.
        folder: For checkpoint and log.
        minutes: Wall-clock budget of all runs in this folder together.
        rate: The learning rate at its height.
        hold: The part of the budget after which the rate falls, to a fiftieth at the end.
        decay: Of the averaged weights, a step.
        accumulate: How many batches a step takes the mean gradient of.
    """

    def __init__(
        self, network: Network, folder: Path, minutes: float, rate: float, hold: float = 0.5, decay: float = 0.996,
        accumulate: int = 1,
    ) -> None:  # fmt: skip
        self.network, self.folder, self.accumulate = network.to(DEVICE), folder, accumulate
        self.minutes, self.rate, self.hold, self.decay = minutes, rate, hold, decay
        self.average = copy.deepcopy(network).eval().requires_grad_(False)
        self.optimiser = torch.optim.AdamW(network.parameters(), rate, (0.9, 0.99), weight_decay=0.01, fused=True)
        self.step, self.seconds = 0, 0.0
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            kept: dict[str, Any] = torch.load(folder / "last.pt", map_location=DEVICE, weights_only=True)
            network.load_state_dict(kept["network"])
            self.average.load_state_dict(kept["average"])
            self.optimiser.load_state_dict(kept["optimiser"])
            self.step, self.seconds = kept["step"], kept["seconds"]
        if DEVICE.type == "cuda":
            network.compile()

    def begin(self, shipped: nn.Module) -> None:
        """Go on from shipped weights, where there is no checkpoint."""
        if self.step == 0:
            self.network.load_state_dict(shipped.float().state_dict())
            self.average.load_state_dict(self.network.state_dict())

    def run(self, loss_of: Callable[[], torch.Tensor], check: Callable[[], str] | None = None) -> None:
        """Take steps on the losses.

        Args:
            loss_of: A batch's loss; its mean is told every minute.
            check: Says how good the averaged weights are; told every ten minutes and at the end.
        """
        from torch.utils.tensorboard import SummaryWriter

        with Bar(self.folder.name, self.minutes * 60) as bar, SummaryWriter(str(self.folder / "log")) as log:
            self._run(loss_of, check, bar, log)
        self.save()
        if check:
            print(check(), flush=True)

    def _run(self, loss_of: Callable[[], torch.Tensor], check: Callable[[], str] | None, bar: Bar, log: Any) -> None:
        before, began = self.seconds, time.monotonic()
        bar.tell(f"{sum(p.numel() for p in self.network.parameters()) / 1e6:.1f} M parameters, from step {self.step}")
        told = kept = checked = began
        losses: list[float] = []
        while self.seconds < self.minutes * 60:
            self.optimiser.param_groups[0]["lr"] = self._rate()
            loss = torch.zeros((), device=DEVICE)
            for _ in range(self.accumulate):
                one = loss_of() / self.accumulate
                one.backward()
                loss += one.detach()
            nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
            self.optimiser.step()
            self.optimiser.zero_grad(set_to_none=True)
            self.step += 1
            decay = min(self.decay, (1 + self.step) / (10 + self.step))
            for mean, value in zip(self.average.parameters(), self.network.parameters(), strict=True):
                if value.requires_grad:  # what is not learnt stays as it is to the bit, its negative zeros too
                    mean.lerp_(value.detach(), 1 - decay)
            losses.append(float(loss))
            now = time.monotonic()
            self.seconds = before + now - began
            bar.at(self.seconds)
            if now - told > 60:
                mean_loss = sum(losses) / len(losses)
                log.add_scalar("loss", mean_loss, self.step)
                bar.tell(f"{self.seconds / 60:6.1f} min  step {self.step}  loss {mean_loss:.4f}")
                told, losses = now, []
            if now - kept > 240:
                self.save()
                kept = now
            if check and now - checked > 600:
                bar.tell(check())
                checked = now

    def _rate(self) -> float:
        gone = self.seconds / (self.minutes * 60)
        falling = max(0.0, (gone - self.hold) / (1 - self.hold))
        return self.rate * min(1.0, (self.step + 1) / 200) * (0.51 + 0.49 * math.cos(math.pi * falling))

    def save(self) -> None:
        """Write the checkpoint beside the old one, then put it in its place."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        torch.save(state, self.folder / "next.pt")
        (self.folder / "next.pt").replace(self.folder / "last.pt")


def ship(network: Stored, pipeline: Path, part: str) -> None:
    """Write a network in 16-bit floats, in files of at most 12 MB, as a part of the pipeline in a folder."""
    network.half().save(pipeline / part)
    seal(pipeline)
