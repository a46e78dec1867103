"""What a loaded diffusers pipeline is sped up with, by itself, before it paints.

`drop_unread_layers` leaves out layers of the text encoder that nothing reads. `speed_up` is called once, when a
pipeline is on its device and its LoRAs are in its weights. Where convolutions run in bfloat16 or float16 they get the
layout of pixels that suits those (channels last). On a CPU weights lie as it multiplies with them (`models.packed`). On
a GPU the projections of an attention become one product, and with `place.compiles` the networks are compiled:
transformers block by block, so that equal blocks are compiled once; UNets whole and as CUDA graphs, because at their
size a GPU waits for Python; their decoders whole. Which kernel computes attention is `models.place`'s choice.

Pictures stay what they were but for rounding, and the same recipe keeps giving the same bytes, on one machine with one
set of versions. A network that is not wholly on the device, because its parts wait in the machine's own memory, is left
as it is: its weights move, and whatever was built on their place would be wrong.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import torch
from torch import nn

from models.packed import pack
from models.place import Place

_HALF = {torch.bfloat16, torch.float16}
_GRAPHS = {"mode": "reduce-overhead"}
"""How UNets are compiled. Not `max-autotune`: it picks kernels by their time, and another pick is another picture.

What a graph answers is overwritten by the next call of any. So only a network whose answer is used up by then may be
one: not SDXL's two text encoders, whose answers are joined, nor a decoder, which is called for each tile of a picture.
"""

_JOINED = {
    "to_qkv": ("to_q", "to_k", "to_v"),
    "to_kv": ("to_k", "to_v"),
    "to_added_qkv": ("add_q_proj", "add_k_proj", "add_v_proj"),
}
"""What diffusers calls a joined projection, and those that are in it."""


def speed_up(pipeline: Any, place: Place) -> None:
    """Speeds up a diffusers pipeline in place. Takes a second; what is compiled is compiled while it first paints."""
    here = [network for network in _networks(pipeline) if _is_on(network, place.device)]
    if (place.autocast or place.weights) in _HALF:
        for network in here:
            if _convolves_pictures(network):
                network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub lacks it
    if place.device.type == "cpu":
        for network in here:
            pack(network, place.autocast or place.weights)
    if place.device.type == "cuda":
        for network in here:
            fuse_projections(network)
    if place.compiles:
        compile_networks(pipeline, here)


def drop_unread_layers(pipeline: Any) -> int:
    """Leaves out the last layers of a text encoder whose pipeline reads earlier ones; gives how many.

    FLUX.2's classes name the layers that they read, of which the last is layer 27 of klein's 36 and 30 of dev's 40. One
    layer more stays, because the output of the very last one is normalised.
    """
    read = inspect.signature(pipeline.__call__).parameters.get("text_encoder_out_layers")
    decoder = getattr(getattr(pipeline, "text_encoder", None), "model", None)
    decoder = getattr(decoder, "language_model", decoder)
    if read is None or decoder is None:
        return 0
    dropped = len(decoder.layers) - (max(read.default) + 1)
    if dropped > 0:
        decoder.layers = decoder.layers[: max(read.default) + 1]
        decoder.config.num_hidden_layers = len(decoder.layers)
    return max(dropped, 0)


def fuse_projections(network: Any) -> bool:
    """Makes query, key and value of each attention one product, where the network's class can; gives whether it did.

    The separate layers stay for their names alone: nothing calls them any more, and they hold no numbers.
    """
    fuse = getattr(network, "fuse_qkv_projections", None)
    if fuse is None or any("Added" in type(one).__name__ for one in network.attn_processors.values()):
        return False
    fuse()
    fused = [part for part in network.modules() if getattr(part, "fused_projections", False)]
    for part in fused:
        for joined, singles in _JOINED.items():
            if getattr(part, joined, None) is not None:
                for single in singles:
                    for parameter in getattr(part, single).parameters():
                        parameter.data = parameter.data.new_empty(0)
    return bool(fused)


def compile_networks(pipeline: Any, networks: list[nn.Module], **how: Any) -> None:
    """Has `networks` of the pipeline compiled when they are first called.

    Args:
        pipeline: Whose networks they are.
        networks: Those that may be compiled.
        how: Further words for `torch.compile`, such as `backend`.
    """
    by_blocks = getattr(pipeline, "transformer", None)
    if by_blocks is not None:
        if any(network is by_blocks for network in networks):
            _compile_blocks(by_blocks, how)
        return
    if any(pipeline.unet is network for network in networks):
        pipeline.unet.compile(**(_GRAPHS | how))
    if any(pipeline.vae is network for network in networks):
        pipeline.vae.decoder.compile(**how)


def _compile_blocks(network: Any, how: dict[str, Any]) -> None:
    if network._repeated_blocks:
        network.compile_repeated_blocks(**how)
    else:  # SANA's class names none
        network.compile(**how)


def _networks(pipeline: Any) -> Iterator[nn.Module]:
    yield from (part for part in pipeline.components.values() if isinstance(part, nn.Module))


def _convolves_pictures(network: nn.Module) -> bool:
    """Whether it has two-dimensional convolutions and none in three, which know no such layout."""
    kinds = {type(part) for part in network.modules()}
    return any(issubclass(one, nn.Conv2d) for one in kinds) and not any(issubclass(one, nn.Conv3d) for one in kinds)


def _is_on(network: nn.Module, device: torch.device) -> bool:
    """Whether a network is on the device with all its weights, and stays there."""
    moved = any(hasattr(part, "_diffusers_hook") or hasattr(part, "_hf_hook") for part in network.modules())
    return not moved and all(one.device.type == device.type for one in network.parameters())
