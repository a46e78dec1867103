"""Which presets suit this machine: what `EASEL_TIER=auto` chooses, and why.

The GPU's memory decides the tier. Of that tier, and of the smaller ones after it, each operation gets the first preset
whose weights are on this machine, or may be fetched; in the end the one that ships. So choosing never makes an
operation refuse that worked, and what would be better is said in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.gpu import Gpu, nvidia_gpus
from models.hub import complete
from models.presets import Presets, tier_for, tiers
from models.recipe import Operation


@dataclass(frozen=True)
class Choice:
    """What was chosen.

    Attributes:
        gpu: The GPU it was chosen for: the smallest, as any may be the one that paints; None without one.
        tier: The largest tier that fits it.
        presets: The preset for each operation.
        better: What the tier has for operations whose weights are not here.
    """

    gpu: Gpu | None
    tier: str
    presets: Mapping[str, str]
    better: Mapping[str, str]

    @property
    def why(self) -> str:
        if self.gpu is None:
            return "no NVIDIA GPU is found or to be used, so the presets that ship are right"
        return f"{self.gpu.name} has {self.gpu.memory:.1f} GiB, which tier {self.tier} is for"

    @property
    def advice(self) -> str:
        """What would be better, and how to get it; empty where nothing would."""
        if not self.better:
            return ""
        names = dict.fromkeys(self.better.values())
        what = [f"{name} to {', '.join(o for o, n in self.better.items() if n == name)}" for name in names]
        return f"better would be {'; '.join(what)}; fetch with: " + ", ".join(f"easel models pull {n}" for n in names)


def choose(gpus: Sequence[Gpu], presets: Presets, *, offline: bool) -> Choice:
    """The presets for a machine.

    Args:
        gpus: Its GPUs, as far as they may be used.
        presets: What there is, and whose weights are here.
        offline: Whether what is not here may not be fetched when it is needed.
    """
    gpu = min(gpus, key=lambda one: one.memory, default=None)
    tier = tier_for(gpu.memory if gpu else 0.0)
    names = list(tiers())
    fitting = [tiers()[name] for name in reversed(names[: names.index(tier) + 1])]  # the largest first, `cpu` last
    chosen = {
        operation: next(fit[operation] for fit in fitting if _usable(presets, operation, fit[operation], offline))
        for operation in fitting[0]
    }
    better = {operation: name for operation, name in fitting[0].items() if name != chosen[operation]}
    return Choice(gpu, tier, chosen, better)


def usable_gpus(device: str) -> list[Gpu]:
    """The GPUs that a setting of `device` leaves to use."""
    return nvidia_gpus() if device == "auto" or device.startswith("cuda") else []


def _usable(presets: Presets, operation: str, name: str, offline: bool) -> bool:
    preset = presets.for_operation(Operation(operation), name)
    return complete(preset) or (preset.hub is not None and not offline)
