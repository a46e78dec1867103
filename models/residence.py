"""Where a loaded model's weights are: on the device, or in RAM until they are wanted there again.

Nothing changes weights while pictures are made, so a copy in RAM, pinned where the device is CUDA's, is right for as
long as it is kept: to leave the device is to point at the copy, and to return is one transfer without a disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import chain

import torch
from torch import nn

from models.packed import packed_size

LINE = 64
"""Bytes at whose multiples torch's own allocations begin."""


class Mode(StrEnum):
    """How a model lives on its device, from the fastest to the leanest."""

    WHOLE = "whole"
    MODEL = "model offload"
    GROUP = "group offload"


class Weights:
    """The tensors of networks, on the device or in RAM."""

    def __init__(self, networks: Iterable[nn.Module], device: torch.device) -> None:
        """
        Args:
            networks: What holds the tensors; parameters that several share are moved once.
            device: Where they compute.
        """
        networks = tuple(networks)
        self._packed = sum(packed_size(one) for one in networks)  # in RAM, whatever the device
        tensors = (tensor for one in networks for tensor in chain(one.parameters(), one.buffers()))
        self._tensors = tuple({id(tensor): tensor for tensor in tensors}.values())
        self._device = device
        self._copies: tuple[torch.Tensor, ...] = ()
        self._parked = False

    @property
    def size(self) -> int:
        """In bytes."""
        return self._packed + sum(tensor.nbytes for tensor in self._tensors)

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
            pinned = self._device.type == "cuda"
            self._copies = tuple(
                torch.empty_like(tensor.data, device="cpu", pin_memory=pinned).copy_(tensor.data)
                for tensor in self._tensors
            )
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


def align(networks: Iterable[nn.Module]) -> None:
    """Copies tensors in RAM that begin elsewhere than torch would have them, as those mapped from a weights file do.

    A processor's kernels add up in another order there, so that a copy of the weights would give another picture.
    """
    for network in networks:
        for tensor in chain(network.parameters(), network.buffers()):
            if tensor.data_ptr() % LINE:
                tensor.data = torch.empty_like(tensor.data).copy_(tensor.data)
