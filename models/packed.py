"""Linear layers and convolutions whose weights lie in memory as the processor multiplies with them.

Of a sentence's few tokens, or a grid's few squares, a layer's product takes less time than bringing the weights into
the order that oneDNN multiplies in, which torch does at every call, and than reading them. Packed once, and in bfloat16
where the processor multiplies in it, a network reads a sentence in a half to a quarter of the time, with the same
numbers but for rounding (`tests/test_packed.py`).
"""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn


class PackedLinear(nn.Module):
    """What an `nn.Linear` computes, faster. Its weights are no parameters: they are neither saved nor moved.

    Args:
        linear: On the CPU; it may be dropped afterwards.
        numbers: What it multiplies in; what comes out has the numbers of what goes in.
    """

    def __init__(self, linear: nn.Linear, numbers: torch.dtype) -> None:
        super().__init__()
        self._numbers = numbers
        bias = cast(Tensor | None, linear.bias)
        weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach().to(numbers), None)
        self._weights = weight, None if bias is None else bias.detach().to(numbers)

    def forward(self, x: Tensor) -> Tensor:
        """… × inputs to … × outputs."""
        return torch.ops.mkldnn._linear_pointwise(x.to(self._numbers), *self._weights, "none", [], "").to(x.dtype)


class PackedConv2d(nn.Module):
    """What an `nn.Conv2d` with zeros around the picture computes, faster; otherwise as `PackedLinear`."""

    def __init__(self, conv: nn.Conv2d, numbers: torch.dtype) -> None:
        super().__init__()
        assert conv.padding_mode == "zeros" and not isinstance(conv.padding, str)
        self._numbers = numbers
        self._moves = list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups
        weight = torch.ops.mkldnn._reorder_convolution_weight(conv.weight.detach().to(numbers), *self._moves, None)
        self._weights = weight, None if conv.bias is None else conv.bias.detach().to(numbers)

    def forward(self, x: Tensor) -> Tensor:
        """n × channels × height × width."""
        made = torch.ops.mkldnn._convolution_pointwise(
            x.to(self._numbers), *self._weights, *self._moves, "none", [], ""
        )
        return made.to(x.dtype)


def pack(network: nn.Module, numbers: torch.dtype | None = None) -> None:
    """Replaces the linear layers and convolutions of a network that only computes from now on, on the CPU.

    Where torch brings no oneDNN of this processor's kind, the network stays as it is.

    Args:
        network: With weights in float32.
        numbers: What to multiply in; None takes bfloat16 where the processor does, else float32.
    """
    if not _can_pack():
        return
    numbers = numbers or (torch.bfloat16 if cpu_has_bfloat16() else torch.float32)
    for name, part in network.named_children():
        if type(part) is nn.Linear:
            setattr(network, name, PackedLinear(part, numbers))
        elif type(part) is nn.Conv2d:
            setattr(network, name, PackedConv2d(part, numbers))
        else:
            pack(part, numbers)


def _can_pack() -> bool:
    there = torch.backends.mkldnn.is_available() and platform.machine() in ("x86_64", "AMD64")
    return there and hasattr(torch.ops.mkldnn, "_reorder_linear_weight")


@cache
def cpu_has_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16; elsewhere it would be emulated, and slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
