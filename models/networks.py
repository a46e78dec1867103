"""A network as transformers reads it, found on this machine, refused where it is not what its preset says, and loaded.

What looks at pictures (`models.looking`) and what judges pictures and words (`models.judges`) is loaded here, in the
layout in which the hub has it. Only safetensors are opened and no code that comes with a model is run. A folder that
holds another network, or a part of one, is refused: a judge that guesses is worse than none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import diffusers.pipelines.stable_diffusion.safety_checker as safety_checker
import torch
import transformers
from safetensors import SafetensorError
from transformers import StoppingCriteria, StoppingCriteriaList
from transformers.utils import logging as transformers_logging

from models.errors import Stopped, WeightsMissing
from models.hub import complete, pull
from models.licences import Licences
from models.memory import is_out_of_memory
from models.place import Place, pick_device
from models.presets import Preset, missing
from models.weights import PICKLES, refuse_pickles, verify, whole

_UNREADABLE = (OSError, ValueError, KeyError, TypeError, ImportError, SafetensorError)


def obtain(preset: Preset, models: Path | None, *, offline: bool) -> None:
    """Makes sure that a preset may be loaded: its licence is agreed to, and its weights are here.

    Args:
        preset: Which.
        models: The person's models folder, which knows what was agreed to.
        offline: Whether weights that are not here are refused; else they are fetched now.

    Raises:
        LicenceUnaccepted, Unfetched: As they say. Weights that are still missing are told by `load`.
    """
    Licences(models).require(preset)
    if not offline and preset.hub and not complete(preset):
        pull(preset, lambda _name, _here, _all: None)


def place_for(preset: Preset, device: str) -> Place:
    """Where a preset computes on the device of a setting (`models.place.pick_device`)."""
    return Place.for_preset(preset, torch.device(pick_device(device)))


def load(preset: Preset, place: Place) -> tuple[Any, Path]:
    """The network that a preset names, ready to compute, and the folder with its processor.

    Raises:
        WeightsMissing: It is not here, or not whole, is a pickle, another network, or wants code of its own.
        MemoryError, RuntimeError: The device is too small for it (`models.memory.is_out_of_memory`).
    """
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    folder = _folder(preset)
    _admit(preset, folder)
    kind: Any = getattr(transformers, preset.network, None) or getattr(safety_checker, preset.network)
    with read(preset, folder):
        return whole(kind, folder, preset.label, dtype=place.weights).to(place.device).eval(), folder


@contextmanager
def read(preset: Preset, folder: Path) -> Generator[None]:
    """Turns what transformers and diffusers raise over a file that they cannot read into one sentence."""
    try:
        yield
    except _UNREADABLE as error:
        raise _unreadable(preset, folder, error) from error
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise
        raise _unreadable(preset, folder, error) from error  # shapes that do not fit


def written(network: Any, inputs: Any, most_tokens: int, stop: Callable[[], bool] | None = None) -> Any:
    """The tokens (1, n) that a network writes, the likeliest one each time, so that it always writes the same.

    Raises:
        Stopped: `stop` answered True; it is asked at every token.
    """
    halts = _Halts(stop) if stop else None
    tokens = network.generate(
        **inputs,
        max_new_tokens=most_tokens,
        do_sample=False,
        num_beams=1,
        stopping_criteria=StoppingCriteriaList([halts] if halts else []),
    )
    if halts and halts.stopped:
        raise Stopped("Looking was stopped.")
    return tokens


class _Halts(StoppingCriteria):
    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop, self.stopped = stop, False

    def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        del scores, kwargs
        self.stopped = self.stopped or self._stop()
        return torch.full((input_ids.shape[0],), self.stopped, dtype=torch.bool, device=input_ids.device)


def _folder(preset: Preset) -> Path:
    if preset.folder is not None:
        refuse_pickles(preset.folder)
        verify(preset.folder)
        return preset.folder
    snapshot = preset.snapshot()
    if snapshot is None:
        raise missing(preset)
    return snapshot


def _admit(preset: Preset, folder: Path) -> None:
    """Refuses a folder that transformers should not even be asked to read."""
    if not any(folder.glob("*.safetensors")):
        if pickle := next((path for path in sorted(folder.iterdir()) if path.suffix in PICKLES), None):
            raise WeightsMissing(f"{pickle} is a pickle, which can run code when opened; convert it to safetensors.")
        raise missing(preset)
    with read(preset, folder):
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    if "auto_map" in config:
        raise WeightsMissing(f"{folder} brings code of its own ({config['auto_map']}), and no such code is run.")
    if preset.network not in (named := config.get("architectures") or []):
        raise WeightsMissing(f"{folder} holds no {preset.network} but {', '.join(named) or 'an unnamed network'}.")


def _unreadable(preset: Preset, folder: Path, error: Exception) -> WeightsMissing:
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return WeightsMissing(
        f"{preset.label} in {folder} cannot be read ({first.rstrip('.')}); delete and fetch it again with easel models "
        f"rm and pull {preset.name}."
    )
