"""Linear layers and convolutions whose weights lie in memory as the processor multiplies with them.

Of a sentence's few tokens, or a grid's few squares, a layer's product takes less time than bringing the weights into
the order that oneDNN multiplies in, which torch does at every call, and than reading them. Packed, and in bfloat16
where the processor multiplies in it, a network reads a sentence in a half to a quarter of the time, and a pipeline of
SDXL's class paints in three quarters of it, with the same numbers but for rounding (`tests/test_packed.py`).

Under autocast a packed layer answers in the numbers that it multiplies in, as torch's own layers do; else in those that
it is given.
"""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn


class _Packed(nn.Module):
    """A layer whose weights are no parameters: they are neither saved nor moved.

    Its `weight` is empty, for those who ask a layer for its device or its numbers; they are what they were.
    """

    def __init__(self, layer: nn.Linear | nn.Conv2d, numbers: torch.dtype) -> None:
        super().__init__()
        bias = cast(Tensor | None, layer.bias)
        self._numbers = numbers
        self._bias = None if bias is None else bias.detach().to(numbers)
        self.weight = nn.Parameter(layer.weight.detach().new_empty(0), requires_grad=False)

    @property
    def size(self) -> int:
        """Of the weights, in bytes."""
        raise NotImplementedError

    def _answered(self, made: Tensor, x: Tensor) -> Tensor:
        return made if torch.is_autocast_enabled("cpu") else made.to(x.dtype)


class PackedLinear(_Packed):
    """What an `nn.Linear` computes, faster.

    Args:
        linear: On the CPU; it may be dropped afterwards.
        numbers: What it multiplies in.
    """

    def __init__(self, linear: nn.Linear, numbers: torch.dtype) -> None:
        super().__init__(linear, numbers)
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self._packed = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach().to(numbers), None)

    @property
    def size(self) -> int:
        return self._packed.nbytes

    def forward(self, x: Tensor) -> Tensor:
        """… × inputs to … × outputs."""
        made = torch.ops.mkldnn._linear_pointwise(x.to(self._numbers), self._packed, self._bias, "none", [], "")
        return self._answered(made, x)


class PackedConv2d(_Packed):
    """What an `nn.Conv2d` with zeros around the picture computes, faster; otherwise as `PackedLinear`.

    Which order suits depends on how large and how many the pictures are: in another's a layer may take many times
    as long. So weights are packed for the size that came last.
    """

    def __init__(self, conv: nn.Conv2d, numbers: torch.dtype) -> None:
        assert _has_zeros_around(conv)
        super().__init__(conv, numbers)
        self.in_channels, self.out_channels = conv.in_channels, conv.out_channels
        self._moves = list(conv.padding), list(conv.stride), list(conv.dilation), conv.groups
        self._plain, self._size = conv.weight.detach().to(numbers), torch.Size()
        self._packed = self._plain

    @property
    def size(self) -> int:
        return 2 * self._plain.nbytes

    def forward(self, x: Tensor) -> Tensor:
        """n × channels × height × width."""
        if x.shape != self._size:
            self._size = x.shape
            self._packed = torch.ops.mkldnn._reorder_convolution_weight(self._plain, *self._moves, list(x.shape))
        made = torch.ops.mkldnn._convolution_pointwise(
            x.to(self._numbers), self._packed, self._bias, *self._moves, "none", [], ""
        )
        return self._answered(made, x)


def pack(network: nn.Module, numbers: torch.dtype | None = None) -> None:
    """Replaces the linear layers and convolutions of a network that only computes from now on, on the CPU.

    Where torch brings no oneDNN of this processor's kind, or the processor does not multiply in these numbers, the
    network stays as it is.

    Args:
        network: With weights on the CPU.
        numbers: What to multiply in; None takes bfloat16 where the processor does, else float32.
    """
    numbers = numbers or (torch.bfloat16 if cpu_has_bfloat16() else torch.float32)
    if not _can_pack(numbers):
        return
    for name, part in network.named_children():
        if type(part) is nn.Linear:
            setattr(network, name, PackedLinear(part, numbers))
        elif type(part) is nn.Conv2d and _has_zeros_around(part):
            setattr(network, name, PackedConv2d(part, numbers))
        else:
            pack(part, numbers)


def packed_size(network: nn.Module) -> int:
    """Bytes of the weights that are packed in a network, which are not among its parameters."""
    return sum(part.size for part in network.modules() if isinstance(part, _Packed))


def _has_zeros_around(conv: nn.Conv2d) -> bool:
    return conv.padding_mode == "zeros" and not isinstance(conv.padding, str)


def _can_pack(numbers: torch.dtype) -> bool:
    there = torch.backends.mkldnn.is_available() and platform.machine() in ("x86_64", "AMD64")
    multiplies = numbers == torch.float32 or (numbers == torch.bfloat16 and cpu_has_bfloat16())
    return there and multiplies and hasattr(torch.ops.mkldnn, "_reorder_linear_weight")


@cache
def cpu_has_bfloat16() -> bool:
    """Whether this CPU multiplies in bfloat16; elsewhere it would be emulated, and slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:  # not Linux
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags
