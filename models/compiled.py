"""Networks compiled by OpenVINO, which computes them on processors faster than torch does.

`EASEL_DEVICE=openvino` chooses it, `openvino:gpu` an Intel GPU; the package comes with the extra `openvino`. A
network is converted once, which takes seconds, and kept in the user's cache folder under the hash of its weights; for
each shape that it is called with it is compiled anew, in a fraction of a second, because with fixed shapes it is
fastest. In which numbers it computes OpenVINO decides: bfloat16 where the processor has it, float32 elsewhere.
"""

from __future__ import annotations

import hashlib
import importlib
import sys
import tempfile
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any, cast

import platformdirs
import torch
from torch import Tensor, nn

from models.errors import ModelError

_SHAPES = 12  # for which a network is kept compiled: the tiles of a picture have up to nine


def openvino_device(setting: str) -> str:
    """OpenVINO's name of the device for `EASEL_DEVICE`: "CPU" for `openvino`, "" where torch is to compute.

    Raises:
        ModelError: The package is not installed, or finds no such device.
    """
    name, _, device = setting.lower().partition(":")
    if name != "openvino":
        return ""
    try:
        known: list[str] = _openvino().Core().available_devices
    except ImportError as error:
        raise ModelError(
            f"EASEL_DEVICE={setting} needs a package that is not installed; run `pip install '.[openvino]'`."
        ) from error
    if (wanted := device.upper() or "CPU") not in known:
        raise ModelError(
            f"OpenVINO finds no device “{device}” for EASEL_DEVICE={setting}; it finds "
            f"{', '.join(each.lower() for each in known)}."
        )
    return wanted


class Compiled(nn.Module):
    """A network that OpenVINO computes: called with float tensors as the network is, it answers one tensor.

    Args:
        network: In float32, on the CPU, in evaluation mode; its shapes may depend on its inputs' only.
        device: As `openvino_device` gives it.
    """

    def __init__(self, network: nn.Module, device: str) -> None:
        super().__init__()
        self._network, self._device = [network], device  # in a list: its weights are not this module's parameters
        self._threads = torch.get_num_threads()  # now: where it is called, torch may be held to one (`models.threads`)
        self._file: Path | None = None
        self._made: OrderedDict[tuple[torch.Size, ...], Any] = OrderedDict()

    def forward(self, *inputs: Tensor) -> Tensor:
        shapes = tuple(each.shape for each in inputs)
        if shapes not in self._made:
            self._made[shapes] = self._compiled(inputs)
            while len(self._made) > _SHAPES:
                self._made.popitem(last=False)
        self._made.move_to_end(shapes)
        return torch.from_numpy(self._made[shapes]([each.float().numpy() for each in inputs])[0])

    def _compiled(self, inputs: tuple[Tensor, ...]) -> Any:
        if self._file is None:  # its hash is of all weights: found once, not for each shape
            self._file = _converted(self._network[0], inputs)
        core = _openvino().Core()
        model = core.read_model(self._file)
        model.reshape({number: list(each.shape) for number, each in enumerate(inputs)})
        threads = {"INFERENCE_NUM_THREADS": self._threads} if self._device == "CPU" else {}
        return core.compile_model(model, self._device, threads)


def _converted(network: nn.Module, inputs: tuple[Tensor, ...]) -> Path:
    """The file with the network in OpenVINO's form for any shapes, made where it is not there yet."""
    openvino = _openvino()
    home = Path(platformdirs.user_cache_dir("easel", appauthor=False)) / "openvino"
    file = home / f"{_hash(network, openvino.get_version())}.xml"
    if not file.exists():
        try:
            home.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=home) as folder:
                openvino.save_model(_convert(network, inputs), Path(folder) / "network.xml", compress_to_fp16=False)
                (Path(folder) / "network.bin").replace(file.with_suffix(".bin"))
                (Path(folder) / "network.xml").replace(file)  # last: where it stands, all does
        except OSError as error:
            raise ModelError(
                f"EASEL_DEVICE=openvino keeps converted networks in {home}, which cannot be written "
                f"({error.strerror}); name another folder with XDG_CACHE_HOME."
            ) from error
    return file


def _convert(network: nn.Module, inputs: tuple[Tensor, ...]) -> Any:
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    with warnings.catch_warnings(), torch.no_grad(), torch.autocast("cpu", enabled=False):
        warnings.simplefilter("ignore")  # of tracing, that shapes become constants: no shape here decides anything
        front = FrontEndManager().load_by_framework("pytorch")
        decoder = TorchScriptPythonDecoder(network, example_input=inputs)  # named: nothing else keeps it alive
        return front.convert(front.load(decoder))


def _openvino() -> Any:
    """The package, but not its telemetry, which would tell its makers of every import, out of a process of its own."""
    sys.modules.setdefault("openvino_telemetry", cast(Any, None))  # so that importing it fails, and a stub stands in
    return importlib.import_module("openvino")


def _hash(network: nn.Module, version: str) -> str:
    """What names a network's class and weights, and the version of what converts it."""
    found = hashlib.sha256(f"{type(network).__qualname__} {version}".encode())
    for name, tensor in network.state_dict().items():
        found.update(name.encode())
        found.update(tensor.detach().float().contiguous().numpy().tobytes())
    return found.hexdigest()[:32]
