"""Networks that OpenVINO computes: the pictures that torch makes, converted once, and one sentence where it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from house import fox
from PIL import Image
from replicas import make_replicas
from safetensors.torch import save_file
from spandrel.architectures.ESRGAN.__arch.RRDB import RRDBNet
from spandrel.architectures.SwinIR.__arch.SwinIR import SwinIR

from models.compiled import Compiled, openvino_device
from models.engine import Engine
from models.errors import ModelError
from models.place import Place
from models.presets import Presets
from models.recipe import Extent, Operation, Recipe
from models.rendering.unet import UNet
from models.upscaler import Upscaler

OPENVINO = Place(torch.device("cpu"), torch.float32, openvino="CPU")
TORCH = Place(torch.device("cpu"), torch.float32)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "easel" / "openvino"


def network() -> UNet:
    torch.manual_seed(2)
    return UNet(6, 4, (32, 64)).eval().requires_grad_(False)


def close(one: torch.Tensor, other: torch.Tensor) -> bool:
    """Whether two answers are the same up to bfloat16, in which OpenVINO may compute."""
    return bool(((one - other).abs().mean() / other.abs().mean()) < 0.02)


def test_a_compiled_network_answers_as_torch_does_at_every_shape() -> None:
    net = network()
    compiled = Compiled(net, "CPU")
    for rows, columns in ((8, 8), (8, 12), (16, 4), (8, 8)):
        given = torch.randn(1, 6, rows, columns), torch.tensor([500.0]), torch.randn(1, 128)
        assert close(compiled(*given), net(*given))


def test_a_network_is_converted_once_and_another_one_beside_it(cache: Path) -> None:
    net, given = network(), (torch.randn(1, 6, 8, 8), torch.tensor([500.0]), torch.randn(1, 128))
    first = Compiled(net, "CPU")(*given)
    (file,) = cache.glob("*.xml")
    written = file.stat().st_mtime_ns
    assert torch.equal(Compiled(net, "CPU")(*given), first)
    assert file.stat().st_mtime_ns == written
    net.conv_out.weight.mul_(2)
    assert not close(Compiled(net, "CPU")(*given), first)
    assert sorted(path.suffix for path in cache.iterdir()) == [".bin", ".bin", ".xml", ".xml"]


def upscaler(folder: Path, net: torch.nn.Module, place: Place) -> Upscaler:
    save_file(net.state_dict(), folder / "net.safetensors")
    return Upscaler.load(folder / "net.safetensors", place)


def test_an_upscaler_gives_the_same_pixels_in_tiles_of_every_shape(tmp_path: Path) -> None:
    torch.manual_seed(4)
    net = RRDBNet(num_filters=8, num_blocks=1, scale=4)
    source = Image.fromarray(np.random.default_rng(1).integers(0, 255, (40, 300, 3), np.uint8))
    made = [
        np.asarray(upscaler(tmp_path, net, place).enlarge(source, Extent(1200, 160)), np.int16)
        for place in (OPENVINO, TORCH)
    ]
    assert np.abs(made[0] - made[1]).max() <= 3  # of 255; in bfloat16 where the processor has it


def test_a_network_that_would_be_right_for_one_size_only_is_left_to_torch(tmp_path: Path, cache: Path) -> None:
    net = SwinIR(
        img_size=16, depths=[2], embed_dim=12, num_heads=[2], window_size=8, upscale=2, upsampler="pixelshuffle"
    )
    torch.manual_seed(4)
    source = Image.fromarray(np.random.default_rng(1).integers(0, 255, (24, 32, 3), np.uint8))
    made = [upscaler(tmp_path, net, place).enlarge(source, Extent(64, 48)) for place in (OPENVINO, TORCH)]
    assert made[0].tobytes() == made[1].tobytes()
    assert not cache.exists()


def test_the_engine_paints_and_edits_with_openvino(tmp_path: Path, cache: Path) -> None:
    presets = Presets.load(make_replicas(tmp_path / "replicas"))
    pictures: list[np.ndarray] = []
    for device in ("openvino", "cpu"):
        engine = Engine(presets, device, threads=1)
        painted = engine.run(fox(steps=2), [], None, lambda *_: None, lambda: False)
        asked = Recipe(
            operation=Operation.EDIT, prompt="make it night", preset="embedded", steps=2, extent=Extent(*painted.size)
        )
        edited = engine.run(asked, [painted], None, lambda *_: None, lambda: False)
        pictures.append(np.asarray(painted, np.float32))
        assert edited.size == painted.size
    assert np.abs(pictures[0] - pictures[1]).mean() < 4
    assert len(list(cache.glob("*.xml"))) == 1


def test_an_unknown_device_is_refused_with_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"finds no device “tpu” for EASEL_DEVICE=openvino:tpu; it finds .*cpu"):
        openvino_device("openvino:tpu")
    assert openvino_device("cuda:0") == "" and openvino_device("openvino") == "CPU"


def test_without_the_package_a_sentence_says_what_to_install() -> None:
    program = """
import sys
sys.modules["openvino"] = None
from models.compiled import openvino_device
openvino_device("openvino")
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "EASEL_DEVICE=openvino needs a package that is not installed; run `pip install '.[openvino]'`" in ran.stderr


def test_nobody_is_told_that_openvino_is_used() -> None:
    program = """
import sys
from models.compiled import openvino_device
openvino_device("openvino")
told = [name for name in sys.modules if name.startswith("openvino_telemetry.")]
children = open(f"/proc/self/task/{__import__('os').getpid()}/children").read()
print(told, repr(children))
"""
    environment = {key: value for key, value in os.environ.items() if key != "CI"}  # where telemetry is silent anyway
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.strip() == "[] ''"


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(ModelError, match=r"keeps converted networks in .*openvino, which cannot be written"):
        Compiled(network(), "CPU")(torch.randn(1, 6, 8, 8), torch.tensor([500.0]), torch.randn(1, 128))
