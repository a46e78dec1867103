"""Where a loaded model's weights are: on the device, or in RAM until they are wanted there again.

Nothing changes weights while pictures are made, so a copy in RAM, pinned where the device is CUDA's, is right for as
long as it is kept: to leave the device is to point at the copy, and to return is one transfer without a disk.

Torch rounds each pinned allocation up to a power of two, which for a large model's own tensors would be half as much
again. So the copies of a model lie together in a few chunks, which are such powers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import chain

import torch
from torch import nn

from models.packed import packed_size

LINE = 64
"""Bytes at whose multiples torch's own allocations begin."""
CHUNK = 2**30
"""Bytes of pinned RAM that are asked for at a time, where no tensor is larger and so many are left to copy."""


class Mode(StrEnum):
    """How a model lives on its device, from the fastest to the leanest."""

    WHOLE = "whole"
    MODEL = "model offload"
    GROUP = "group offload"


class Weights:
    """The tensors of networks, on the device or in RAM."""

    def __init__(
        self, networks: Iterable[nn.Module], device: torch.device, pin: Callable[[int], torch.Tensor] | None = None
    ) -> None:
        """
        Args:
            networks: What holds the tensors; parameters that several share are moved once.
            device: Where they compute.
            pin: Gives so many bytes of RAM for copies; None is torch's pinned RAM for CUDA, and for others any RAM.
        """
        networks = tuple(networks)
        self._packed = sum(packed_size(one) for one in networks)  # in RAM, whatever the device
        tensors = (tensor for one in networks for tensor in chain(one.parameters(), one.buffers()))
        self._tensors = tuple({id(tensor): tensor for tensor in tensors}.values())
        self._device = device
        self._pin = _pinned if pin is None and device.type == "cuda" else pin
        self._copies: tuple[torch.Tensor, ...] = ()
        self._parked = False

    @property
    def size(self) -> int:
        """In bytes."""
        return self._packed + sum(tensor.nbytes for tensor in self._tensors)

    @property
    def copy_size(self) -> int:
        """Bytes of RAM that a copy takes."""
        return self.size if self._pin is None else sum(laid_out([tensor.nbytes for tensor in self._tensors])[1])

    @property
    def parked(self) -> bool:
        """Whether they are in RAM alone."""
        return self._parked

    @property
    def copied(self) -> bool:
        """Whether RAM holds a copy, be they on the device or not."""
        return bool(self._copies)

    def park(self) -> None:
        """Takes them off the device. If there is no RAM for the copy, they stay and torch's error is raised."""
        if self._parked:
            return
        if not self._copies:
            for tensor, copy in zip(self._tensors, copies := self._unfilled(), strict=True):
                copy.copy_(tensor.data)
            self._copies = copies
        for tensor, copy in zip(self._tensors, self._copies, strict=True):
            tensor.data = copy
        self._parked = True

    def fetch(self) -> None:
        """Brings them onto the device; the copy in RAM is kept for the next time."""
        if not self._parked:
            return
        for tensor, copy in zip(self._tensors, self._copies, strict=True):
            tensor.data = copy.to(self._device, non_blocking=True, copy=True)
        self._parked = False

    def forget(self) -> None:
        """Lets go of the copy of weights that are on the device."""
        if not self._parked:
            self._copies = ()

    def _unfilled(self) -> tuple[torch.Tensor, ...]:
        """RAM for the copies, each in its tensor's shape and order."""
        if self._pin is None:
            return tuple(torch.empty_like(tensor.data, device="cpu") for tensor in self._tensors)
        places, sizes = laid_out([tensor.nbytes for tensor in self._tensors])
        chunks = [self._pin(size) for size in sizes]
        return tuple(
            _shaped(chunks[chunk][start : start + tensor.nbytes], tensor.data)
            for tensor, (chunk, start) in zip(self._tensors, places, strict=True)
        )


def laid_out(sizes: Sequence[int]) -> tuple[list[tuple[int, int]], list[int]]:
    """Where tensors of so many bytes lie in chunks of RAM, each whole in one of them.

    Returns:
        For each its chunk and where it begins there, at a multiple of `LINE`; and each chunk's size, a power of two.
    """
    places = [(0, 0)] * len(sizes)
    filled: list[int] = []
    limits: list[int] = []
    for index in sorted(range(len(sizes)), key=lambda index: -sizes[index]):
        size = -(-sizes[index] // LINE) * LINE
        chunk = next((n for n, limit in enumerate(limits) if filled[n] + size <= limit), len(limits))
        if chunk == len(limits):
            filled.append(0)
            limits.append(max(CHUNK, _power(size)))
        places[index] = chunk, filled[chunk]
        filled[chunk] += size
    return places, [_power(size) for size in filled]


def _power(size: int) -> int:
    """The least power of two that is not less, or 0."""
    return 1 << (size - 1).bit_length() if size else 0


def _shaped(ram: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
    """Bytes in RAM as a tensor of another's kind and shape, in the order that a copy of it has."""
    like = torch.empty_like(tensor, device="meta")
    return ram.view(tensor.dtype).as_strided(like.size(), like.stride())


def _pinned(size: int) -> torch.Tensor:
    return torch.empty(size, dtype=torch.uint8, pin_memory=True)


def align(networks: Iterable[nn.Module]) -> None:
    """Copies tensors in RAM that begin elsewhere than torch would have them, as those mapped from a weights file do.

    A processor's kernels add up in another order there, so that a copy of the weights would give another picture.
    """
    for network in networks:
        for tensor in chain(network.parameters(), network.buffers()):
            if tensor.data_ptr() % LINE:
                tensor.data = torch.empty_like(tensor.data).copy_(tensor.data)
