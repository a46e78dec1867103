"""Linear layers whose weights lie in memory as the processor multiplies with them.

Of a sentence's few tokens a linear layer's product takes less time than bringing the weights into the order that oneDNN
multiplies in, which torch does at every call. Done once, a network reads a sentence in half the time, with the same
numbers but for rounding (`tests/test_packed.py`).
"""

from __future__ import annotations

import platform

import torch
from torch import Tensor, nn


class PackedLinear(nn.Module):
    """What an `nn.Linear` in float32 computes, faster. Its weights are no parameters: they are neither saved nor moved.

    Args:
        linear: On the CPU; it may be dropped afterwards.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self._weights = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), None), linear.bias

    def forward(self, x: Tensor) -> Tensor:
        """… × inputs to … × outputs."""
        return torch.ops.mkldnn._linear_pointwise(x, *self._weights, "none", [], "")


def pack(network: nn.Module) -> None:
    """Replaces the linear layers of a network that only computes from now on, in float32 on the CPU.

    Where torch brings no oneDNN of this processor's kind, the network stays as it is.
    """
    if not _can_pack():
        return
    for name, part in network.named_children():
        if type(part) is nn.Linear:
            setattr(network, name, PackedLinear(part))
        else:
            pack(part)


def _can_pack() -> bool:
    there = torch.backends.mkldnn.is_available() and platform.machine() in ("x86_64", "AMD64")
    return there and hasattr(torch.ops.mkldnn, "_reorder_linear_weight")
