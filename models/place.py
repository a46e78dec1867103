"""Where a loaded model computes, and in which numbers."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from models.presets import Preset


@dataclass(frozen=True)
class Place:
    """Where a model computes: the device, the dtype of its weights, and the context its network runs in.

    `openvino` is the device on which OpenVINO computes the large networks of Easel's own models and of upscalers
    instead of torch, "" for none.
    """

    device: torch.device
    weights: torch.dtype
    autocast: torch.dtype | None = None
    openvino: str = ""

    @classmethod
    def for_preset(cls, preset: Preset, device: torch.device, openvino: str = "") -> Place:
        if openvino and preset.loader != "diffusers":
            return cls(torch.device("cpu"), torch.float32, openvino=openvino)
        if preset.dtype != "auto":
            return cls(device, getattr(torch, preset.dtype))
        if device.type != "cpu":
            return cls(device, torch.bfloat16)
        return cls(device, torch.float32, torch.bfloat16 if _cpu_has_bfloat16() else None)

    def computing(self) -> AbstractContextManager[Any]:
        return torch.autocast(self.device.type, self.autocast) if self.autocast else nullcontext()


def _cpu_has_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16; elsewhere it would be emulated, and slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
