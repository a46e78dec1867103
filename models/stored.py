"""Networks in folders: `config.json` says how to build one, safetensors hold its weights.

The layout is that of diffusers' models, so that a folder looks as people expect it to.
"""

from __future__ import annotations

import functools
import inspect
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from models.errors import WeightsMissing
from models.unfilled import Unfilled

_CONFIG, _WEIGHTS = "config.json", "diffusion_pytorch_model{suffix}.safetensors"
_SHARD = "12MB"
_MOST = 15 * 2**20  # bytes of weights in a file
_Network = TypeVar("_Network", bound="Stored")
_Arguments = ParamSpec("_Arguments")


class Stored(nn.Module):
    """A network that can be written to a folder and read back; `__init__` is marked with `remembered`.

    Attributes:
        arguments: What it was built with.
    """

    arguments: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write the network, its weights as they are, in files of about 12 MB.

        Where the folder already holds a network with weights of these names, each stays in the file where it is: a file
        of which nothing changed is the same to the byte, and a history of versions keeps it once.
        """
        from huggingface_hub import save_torch_state_dict

        folder.mkdir(parents=True, exist_ok=True)
        about = {"_class_name": type(self).__name__, **self.arguments}
        (folder / _CONFIG).write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        state = {name: tensor.contiguous() for name, tensor in self.state_dict().items()}
        if not _kept_apart(state, folder):
            save_torch_state_dict(state, folder, filename_pattern=_WEIGHTS, max_shard_size=_SHARD)
        for file in folder.glob("*.safetensors"):
            file.chmod(0o644)  # safetensors writes for the owner only

    @classmethod
    def load(cls, folder: Path, dtype: torch.dtype = torch.float32) -> Self:
        """Read a network, to compute, not to be trained: on the CPU, its weights in `dtype`.

        Raises:
            WeightsMissing: The folder lacks a file, or its weights are those of another network.
        """
        config = folder / _CONFIG
        if not config.exists():
            raise WeightsMissing(f"The file {config} is missing; install again.")
        about = json.loads(config.read_text(encoding="utf-8"))
        with Unfilled():
            network = cls(**{name: value for name, value in about.items() if not name.startswith("_")})
        weights: dict[str, Tensor] = {}
        for file in sorted(folder.glob("*.safetensors")):
            weights |= load_file(file)
        try:
            network.load_state_dict(
                {k: w.to(dtype) if w.is_floating_point() else w for k, w in weights.items()}, assign=True
            )
        except RuntimeError as error:  # what torch raises for names or shapes that do not fit
            raise WeightsMissing(f"The weights in {folder} are not those of a {cls.__name__}: {error}") from error
        return network.eval()


def _kept_apart(state: Mapping[str, Tensor], folder: Path) -> bool:
    """Write weights each into the file of a folder in which it is; False where they are not in several files there, or
    a file would be too large."""
    index = folder / f"{_WEIGHTS.format(suffix='')}.index.json"
    told = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {"weight_map": {}}
    files: dict[str, dict[str, Tensor]] = {}
    for name, file in told["weight_map"].items():
        files.setdefault(file, {})[name] = state.get(name, torch.empty(0))
    sizes = [sum(weight.nbytes for weight in weights.values()) for weights in files.values()]
    if told["weight_map"].keys() != state.keys() or max(sizes) > _MOST:
        return False
    for file, weights in files.items():
        save_file(weights, folder / file, {"format": "pt"})
    told["metadata"]["total_size"] = sum(sizes)
    index.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return True


def remembered(
    init: Callable[Concatenate[_Network, _Arguments], None],
) -> Callable[Concatenate[_Network, _Arguments], None]:
    """An `__init__` that keeps its arguments in `arguments`; they must be such as JSON can hold."""

    @functools.wraps(init)
    def keeping(self: _Network, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
        bound = inspect.signature(init).bind(self, *args, **kwargs)
        bound.apply_defaults()
        init(self, *args, **kwargs)
        self.arguments = dict(list(bound.arguments.items())[1:])

    return keeping
