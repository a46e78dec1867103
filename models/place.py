"""Where a loaded model computes, and in which numbers."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.packed import cpu_has_bfloat16
from models.presets import Preset

_ATTENTION = [
    SDPBackend.CUDNN_ATTENTION,
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]


def pick_device(device: str) -> str:
    """The torch device for a setting; `auto` is the first GPU, else the CPU, and what OpenVINO leaves is the CPU's."""
    if device.lower().partition(":")[0] == "openvino":
        return "cpu"
    if device != "auto":
        return device
    return "cuda" if torch.cuda.is_available() else "cpu"


@dataclass(frozen=True)
class Place:
    """Where a model computes: the device, the dtype of its weights, and the context its network runs in.

    `openvino` is the device on which OpenVINO computes the large networks of Easel's own models and of upscalers
    instead of torch, "" for none. `compiles` says that networks are compiled for the device before they first run.
    """

    device: torch.device
    weights: torch.dtype
    autocast: torch.dtype | None = None
    openvino: str = ""
    compiles: bool = False

    @classmethod
    def for_preset(cls, preset: Preset, device: torch.device, openvino: str = "", *, compiling: bool = False) -> Place:
        """Where a preset computes; with `compiling`, its networks are compiled where the preset and a GPU allow it."""
        if openvino and preset.loader in ("easel", "spandrel"):
            return cls(torch.device("cpu"), torch.float32, openvino=openvino)
        compiles = compiling and "compile" in preset.speed_ups and device.type == "cuda" and _can_compile()
        if preset.dtype not in ("auto", "half"):
            return cls(device, getattr(torch, preset.dtype), compiles=compiles)
        if _emulates_bfloat16(device):
            return cls(device, torch.float16 if preset.dtype == "half" else torch.float32, compiles=compiles)
        if device.type != "cpu" or preset.dtype == "half":
            return cls(device, torch.bfloat16, compiles=compiles)
        return cls(device, torch.float32, torch.bfloat16 if cpu_has_bfloat16() else None)

    @contextmanager
    def computing(self) -> Generator[None]:
        """What a network runs in: its numbers, and on a GPU the quickest kernel for attention that can serve it."""
        numbers = torch.autocast(self.device.type, self.autocast) if self.autocast else nullcontext()
        attention = sdpa_kernel(_ATTENTION, set_priority=True) if _prefers_cudnn(self.device) else nullcontext()
        with numbers, attention:
            yield


def _can_compile() -> bool:
    """Whether torch can compile for a GPU here: it writes Triton's code, and Triton has C compiled."""
    return find_spec("triton") is not None and any(shutil.which(name) for name in ("cc", "gcc", "clang"))


def _emulates_bfloat16(device: torch.device) -> bool:
    """Before Ampere: slower than any other numbers."""
    return device.type == "cuda" and torch.cuda.get_device_capability(device) < (8, 0)


def _prefers_cudnn(device: torch.device) -> bool:
    """Hopper and later: torch's own order tries FlashAttention 2 first, which was written for the GPUs before."""
    return device.type == "cuda" and torch.cuda.get_device_capability(device) >= (9, 0)
