"""Low-rank adapters (LoRA), added to a pipeline's weights when it is loaded.

A LoRA file holds two thin matrices for each layer that it changes; their product times a scale is added to the layer's
weights, once, so that painting costs nothing more. diffusers translates the formats that are about (its own, PEFT's,
kohya's) to one naming; nothing else of it is used, so no further package is needed. What a file holds besides (the
magnitudes of DoRA, biases, other kinds of adapters) is refused: without it the pictures would be other ones.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from models.errors import WeightsMissing

_DOWN = re.compile(r"[._](?:lora_A|lora\.down|lora_down|lora_linear_layer\.down)(?:\.default)?\.weight$")
_READ = re.compile(r"(?:lora_[AB]|(?:lora_|\.)(?:down|up))(?:\.default)?\.weight$|\.alpha$")
"""What is read of a file, in any of its formats; some converters only warn of the rest, and drop it."""
_UP = {"lora_A": "lora_B", "lora.down": "lora.up", "lora_down": "lora_up", "layer.down": "layer.up"}


def fuse(pipeline: Any, file: Path, scale: float = 1.0) -> int:
    """Adds a LoRA to the weights of a loaded pipeline.

    Args:
        pipeline: A diffusers pipeline.
        file: A safetensors file.
        scale: 1 is as trained, 0 leaves the weights as they are.

    Returns:
        How many layers were changed.

    Raises:
        WeightsMissing: No such file, no LoRA in it, half of one, more than that, or one for another model. Then no
            weight was changed.
    """
    state, alphas = _read(pipeline, file)
    changes: list[tuple[nn.Parameter, Tensor]] = []
    used = set[str]()
    for name, down in state.items():
        if match := _DOWN.search(name):
            partner = _partner(name)
            if partner not in state:
                raise WeightsMissing(f"The LoRA {file} is not whole: {partner} is missing; fetch it again.")
            used |= {name, partner}
            up = state[partner]
            layer = name[: match.start()]
            alpha = alphas.get(f"{name}.alpha", alphas.get(f"{layer}.alpha", down.shape[0]))
            weight = _weight(pipeline, layer, file)
            changes.append((weight, _product(up, down, weight, file) * (scale * float(alpha) / down.shape[0])))
    if not changes:
        raise WeightsMissing(f"{file} holds no LoRA that this model's class reads; take another file.")
    if unread := sorted(state.keys() - used):
        raise WeightsMissing(
            f"The LoRA {file} holds more than is read here, {unread[0]}; take one without magnitudes and biases."
        )
    with torch.no_grad():
        for weight, change in changes:
            weight.add_(change.to(weight.device, weight.dtype))
    return len(changes)


def _read(pipeline: Any, file: Path) -> tuple[dict[str, Tensor], dict[str, float]]:
    """The file's matrices under diffusers' names, with what is not read under its own, and how they are scaled."""
    if file.suffix != ".safetensors" or not file.is_file():
        raise WeightsMissing(f"The LoRA {file} is not a safetensors file on this machine; put it there.")
    if not hasattr(pipeline, "lora_state_dict"):
        raise WeightsMissing(f"{type(pipeline).__name__} takes no LoRA; leave {file.stem} out.")
    options = {"unet_config": pipeline.unet.config} if "unet" in pipeline.components else {}
    try:
        held = load_file(file)
        read: Any = pipeline.lora_state_dict(dict(held), **options)
    except (SafetensorError, ValueError, KeyError, IndexError) as error:  # how its converters fail on a strange file
        raise WeightsMissing(f"{file} holds no LoRA that this model's class reads: {error}.") from error
    state, alphas = read if isinstance(read, tuple) else (read, None)
    state |= {name: value for name, value in held.items() if not _READ.search(name) and value.any()}
    scales = {name: value for name, value in state.items() if name.endswith(".alpha")} | (alphas or {})
    matrices = {name: value for name, value in state.items() if name not in scales}
    return matrices, {name: float(value) for name, value in scales.items()}


def _partner(name: str) -> str:
    for down, up in _UP.items():
        name = name.replace(down, up)
    return name


def _weight(pipeline: Any, name: str, file: Path) -> nn.Parameter:
    """The weight that a layer's name means, `unet.…` or `transformer.…`."""
    name = re.sub(r"\.processor\.(to_\w+)$", r".\1", name)  # old files name the attention's processor
    name = re.sub(r"\.self_attn\.to_(q|k|v|out)$", r".self_attn.\1_proj", name)  # and CLIP's layers as diffusers' own
    name = re.sub(r"\.to_out$", ".to_out.0", name)
    part, _, path = name.partition(".")
    if path.startswith("text_model.") and not hasattr(pipeline.components.get(part), "text_model"):
        path = path.removeprefix("text_model.")  # a layer that newer transformers left out
    try:
        return pipeline.components[part].get_submodule(path).get_parameter("weight")
    except (KeyError, AttributeError) as error:
        raise WeightsMissing(f"The LoRA {file} was made for another model: there is no layer {name}.") from error


def _product(up: Tensor, down: Tensor, weight: Tensor, file: Path) -> Tensor:
    change = up.float().flatten(1) @ down.float().flatten(1)
    if change.numel() != weight.numel() or change.shape[0] != weight.shape[0]:
        raise WeightsMissing(f"The LoRA {file} was made for a model of another size; take one for this model.")
    return change.reshape(weight.shape)
