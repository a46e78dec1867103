"""How a pipeline of diffusers that is larger than its device runs there in parts.

In every mode the same layers multiply the same numbers. But only a pipeline that is wholly on its device is sped up
(`models.speedups`), so that the others give its picture but for rounding, each of them the same bytes every time. Only
the autoencoder, a hundredth of the rest, stays on the device in all of them: previews would otherwise have the large
network swapped out for each.

diffusers' own `enable_model_cpu_offload` is not used: it belongs to one pipeline where several share their networks
here (`from_pipe`), swaps for each preview, and copies weights back that did not change. Its group offload is; that
needs accelerate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

import torch
from diffusers.hooks.group_offloading import apply_group_offloading
from torch import nn

from models.residence import Mode, Weights, align

KEPT = "vae"
"""The component that never leaves the device while a pipeline is loaded."""


class Turns:
    """Networks that take turns on the device: whichever is called is brought there, after the others have left."""

    def __init__(self, networks: Iterable[nn.Module], device: torch.device) -> None:
        self._weights: list[Weights] = []
        for network in networks:
            self._weights.append(weights := Weights([network], device))
            weights.park()
            network.register_forward_pre_hook(partial(self._begin, weights))

    @property
    def on_device(self) -> int:
        """Bytes of them that are on the device."""
        return sum(weights.size for weights in self._weights if not weights.parked)

    def end(self) -> None:
        """All leave the device."""
        for weights in self._weights:
            weights.park()

    def _begin(self, turn: Weights, *_: object) -> None:
        for weights in self._weights:
            if weights is not turn:
                weights.park()
        turn.fetch()


def place_networks(pipeline: Any, mode: Mode, device: torch.device) -> Turns | None:
    """Puts a pipeline of diffusers, just loaded into RAM, where a mode wants it.

    Pipelines made of the same networks later (`from_pipe`) run in the mode too.

    Args:
        pipeline: Changed in place.
        mode: `GROUP` moves single layers, on CUDA while the one before computes.
        device: Where it computes.

    Returns:
        For `MODEL` the networks' turns; who runs the pipeline ends them after each request.
    """
    networks = _networks(pipeline)
    if device.type == "cpu":
        align(networks.values())
    if mode is Mode.WHOLE:
        pipeline.to(device)
        return None
    kept = networks.pop(KEPT)
    kept.to(device)
    if mode is Mode.MODEL:
        for network in (kept, *networks.values()):
            # Where a pipeline computes, diffusers reads here of a network that may be elsewhere right now.
            network._hf_hook = SimpleNamespace(execution_device=device)  # pyright: ignore[reportArgumentType]
        return Turns(networks.values(), device)
    for network in networks.values():
        apply_group_offloading(
            network, onload_device=device, offload_type="leaf_level", use_stream=device.type == "cuda"
        )
    return None


def resting(pipeline: Any, mode: Mode) -> tuple[nn.Module, ...]:
    """The networks of a pipeline that are on the device between two requests."""
    networks = _networks(pipeline)
    return tuple(networks.values()) if mode is Mode.WHOLE else (networks[KEPT],)


def _networks(pipeline: Any) -> dict[str, nn.Module]:
    parts: Mapping[str, object] = pipeline.components
    return {name: part for name, part in parts.items() if isinstance(part, nn.Module)}
