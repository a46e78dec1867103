"""What a pipeline is sped up with leaves its pictures what they were, on a tiny replica of every class."""

from __future__ import annotations

import platform
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
from PIL import Image
from replica_pipelines import BUILDERS, build
from safetensors.torch import save_file
from torch import nn
from torch._dynamo.mutation_guard import GenerationTracker

from bench.pipelines import build as build_shape
from models import latents
from models.lora import fuse
from models.packed import cpu_has_bfloat16
from models.place import Place
from models.presets import Preset, Presets
from models.recipe import Extent
from models.residence import Weights
from models.speedups import compile_networks, drop_unread_layers, fuse_projections, speed_up

CPU = torch.device("cpu")
PAINTS = [name for name in BUILDERS if "Inpaint" not in name and "Edit" not in name and "Kontext" not in name]
SDXL = "StableDiffusionXLPipeline"
UNFUSED = {"QwenImagePipeline", "SanaSprintPipeline"}  # classes of attention that diffusers cannot fuse
NEAR = 2.0  # mean difference of a channel, of 255: other kernels round differently, and each step goes on from there


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("speed")


def opened(name: str, folder: Path) -> Any:
    place = folder / name if (folder / name).exists() else build(name, folder)
    pipeline = getattr(diffusers, name).from_pretrained(place, use_safetensors=True, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def painted(pipeline: Any, place: Place | None = None, seed: int = 1) -> np.ndarray:
    named = type(pipeline).__name__
    edits = "Pix2Pix" in named
    options: dict[str, Any] = {"image": Image.new("RGB", (64, 64), "teal")} if edits else {"height": 64, "width": 64}
    options |= {"use_resolution_binning": False} if "Sana" in named else {}
    with torch.no_grad(), (place or Place(CPU, torch.float32)).computing():
        made = pipeline(
            prompt="a red fox",
            num_inference_steps=2,
            generator=torch.Generator().manual_seed(seed),
            output_type="np",
            **options,
        )
    return np.asarray(made.images[0]) * 255


def apart(a: np.ndarray, b: np.ndarray) -> float:
    assert np.isfinite(a).all() and np.isfinite(b).all() and a.std() > 1
    return float(np.abs(a - b).mean())


@pytest.mark.parametrize("name", PAINTS)
def test_fused_projections_paint_the_same_picture_from_no_more_memory(folder: Path, name: str) -> None:
    pipeline = opened(name, folder)
    networks = [part for part in pipeline.components.values() if isinstance(part, nn.Module)]
    before, held, counted = painted(pipeline), sum(map(memory, networks)), Weights(networks, CPU).size
    fused = [type(network).__name__ for network in networks if fuse_projections(network)]
    assert apart(painted(pipeline), before) < 0.1
    weights = Weights(networks, CPU)
    assert (sum(map(memory, networks)), weights.size) == (held, counted)
    weights.park()
    weights.fetch()
    assert sum(map(memory, networks)) == held and apart(painted(pipeline), before) < 0.1
    assert bool(fused) == (name not in UNFUSED), fused


def memory(network: nn.Module) -> int:
    """Bytes of all weights, those that are views of one another once."""
    stores = {one.untyped_storage().data_ptr(): one.untyped_storage().nbytes() for one in network.parameters()}
    return sum(stores.values())


@pytest.mark.parametrize("name", PAINTS)
def test_a_sped_up_pipeline_paints_nearly_the_same_and_repeats_itself_to_the_byte(folder: Path, name: str) -> None:
    place = Place(CPU, torch.float32, torch.bfloat16)
    pipeline = opened(name, folder)
    before, other = painted(pipeline, place), painted(pipeline, place, seed=2)
    speed_up(pipeline, place)
    after = painted(pipeline, place)
    assert apart(after, before) < min(NEAR, 0.5 * apart(other, before))
    assert np.array_equal(after, painted(pipeline, place))


@pytest.mark.usefixtures("unpacked")
def test_convolutions_in_half_precision_are_laid_out_by_channels(folder: Path) -> None:
    for numbers, wanted in ((torch.bfloat16, True), (None, False)):
        pipeline = opened("StableDiffusionPipeline", folder)
        speed_up(pipeline, Place(CPU, torch.float32, numbers))
        for network in (pipeline.unet, pipeline.vae):
            weights = [part.weight for part in network.modules() if isinstance(part, nn.Conv2d)]
            weights = [one for one in weights if not one.is_contiguous()]
            assert bool(weights) == wanted


@pytest.mark.parametrize(
    "name",
    ["ZImagePipeline", *(pytest.param(n, marks=pytest.mark.slow) for n in ("Flux2KleinPipeline", SDXL))],
)
def test_compiled_networks_paint_the_same_picture_at_every_size(folder: Path, name: str) -> None:
    pipeline = opened(name, folder)
    before = painted(pipeline)
    networks = [part for part in pipeline.components.values() if isinstance(part, nn.Module)]
    compile_networks(pipeline, networks, **({"mode": None} if hasattr(pipeline, "unet") else {}), backend="eager")
    assert [part for network in networks for part in network.modules() if part._compiled_call_impl is not None]
    assert apart(painted(pipeline), before) < 0.1
    with torch.no_grad():
        small = pipeline(prompt="fox", num_inference_steps=1, height=32, width=32, output_type="pil").images[0]
    assert small.size == (32, 32)


class Graphs:
    """A backend of `torch.compile` whose graphs answer in memory of their own, as CUDA graphs do on a GPU.

    What a graph answered turns into NaN once another compiled network is called.
    """

    def __init__(self) -> None:
        self._answers: list[weakref.ref[torch.Tensor]] = []
        self._turn = GenerationTracker.generation
        self.captured = 0

    def __call__(self, graph: torch.fx.GraphModule, _example: Any, mode: str | None = None) -> Callable[..., Any]:
        self.captured += mode is not None

        def run(*inputs: Any) -> Any:
            if self._turn != GenerationTracker.generation:
                self._turn = GenerationTracker.generation
                for kept in self._answers:
                    if (answer := kept()) is not None:
                        answer.detach().fill_(torch.nan)
                self._answers.clear()
            made = graph(*inputs)
            if mode is None:
                return made
            own = [one.clone() if isinstance(one, torch.Tensor) and one.is_floating_point() else one for one in made]
            self._answers += [weakref.ref(one) for one in own if isinstance(one, torch.Tensor)]
            return tuple(own)

        return run


@pytest.mark.parametrize("tiled", [False, True])
def test_nothing_that_a_cuda_graph_answered_is_read_after_the_next_ones_call(folder: Path, tiled: bool) -> None:
    pipeline = opened(SDXL, folder)
    if tiled:
        pipeline.vae.enable_tiling()
        pipeline.vae.tile_sample_min_size, pipeline.vae.tile_latent_min_size = 32, 16
    before = painted(pipeline)
    networks = [part for part in pipeline.components.values() if isinstance(part, nn.Module)]
    compile_networks(pipeline, networks, backend=(graphs := Graphs()))
    assert apart(painted(pipeline), before) < 0.1 and graphs.captured


def test_a_lora_stays_in_the_weights_that_are_fused(folder: Path, tmp_path: Path) -> None:
    layer = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
    plain, styled = opened("StableDiffusionPipeline", folder), opened("StableDiffusionPipeline", folder)
    weight = styled.unet.get_submodule(layer.removeprefix("unet.")).weight
    torch.manual_seed(5)
    down, up = torch.randn(4, weight.shape[1]), torch.randn(weight.shape[0], 4)
    save_file({f"{layer}.lora_A.weight": down, f"{layer}.lora_B.weight": up}, tmp_path / "style.safetensors")
    fuse(styled, tmp_path / "style.safetensors", 1.0)
    wanted, without = painted(styled), painted(plain)
    assert fuse_projections(styled.unet)
    assert apart(painted(styled), wanted) < 0.1 < apart(wanted, without)


def test_layers_of_a_text_encoder_that_nothing_reads_are_left_out_and_the_bytes_stay() -> None:
    pipeline = build_shape("flux2-klein", "tiny", CPU, torch.float32)
    before = painted(pipeline)
    assert drop_unread_layers(pipeline) == 8 and len(pipeline.text_encoder.model.layers) == 28
    assert np.array_equal(painted(pipeline), before)
    assert drop_unread_layers(pipeline) == 0


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="elsewhere layers stay as they are")
def test_on_a_processor_every_layer_is_packed_unless_its_weights_move(folder: Path) -> None:
    numbers = torch.bfloat16 if cpu_has_bfloat16() else None
    for name in ("StableDiffusionPipeline", "ZImagePipeline"):
        pipeline = opened(name, folder)
        networks = [part for part in pipeline.components.values() if isinstance(part, nn.Module)]
        held = Weights(networks, CPU).size
        moving = pipeline.vae
        moving.enable_group_offload(onload_device=CPU, offload_device=CPU, offload_type="leaf_level")
        speed_up(pipeline, Place(CPU, torch.float32, numbers))
        for network in networks:
            plain = [part for part in network.modules() if type(part) in (nn.Linear, nn.Conv2d)]
            assert bool(plain) == (network is moving)
        assert Weights(networks, CPU).size < (held if numbers else 1.05 * held)


@pytest.mark.usefixtures("unpacked")
def test_a_network_whose_parts_wait_elsewhere_is_left_as_it_is(folder: Path) -> None:
    pipeline = opened("StableDiffusionPipeline", folder)
    pipeline.unet.enable_group_offload(onload_device=CPU, offload_device=CPU, offload_type="leaf_level")
    speed_up(pipeline, Place(CPU, torch.bfloat16, compiles=True))
    for network, left in ((pipeline.unet, True), (pipeline.vae.decoder, False)):
        assert all(part._compiled_call_impl is None for part in network.modules()) == left
        assert network.conv_in.weight.is_contiguous() == left


@pytest.mark.parametrize(
    ("preset", "device", "compiling", "expected"),
    [
        ("flux2-klein.painter", "cuda", True, True),
        ("flux2-klein.painter", "cuda", False, False),
        ("flux2-klein.painter", "cpu", True, False),
        ("embedded.painter", "cuda", True, False),
    ],
)
def test_only_what_gains_by_it_is_compiled_and_only_for_a_gpu(
    monkeypatch: pytest.MonkeyPatch, preset: str, device: str, compiling: bool, expected: bool
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (9, 0))
    named: dict[str, Preset] = {one.label: one for one in Presets.load()}
    place = Place.for_preset(named[preset], torch.device(device), compiling=compiling)
    assert place.compiles == expected


@pytest.mark.parametrize(
    ("preset", "turing", "ampere"),
    [
        ("embedded.painter", torch.float32, torch.bfloat16),
        ("instruct-pix2pix.editor", torch.float16, torch.bfloat16),
        ("flux2-klein.painter", torch.bfloat16, torch.bfloat16),  # in float16 it would overflow
        ("realesrgan.upscaler", torch.float32, torch.float32),
    ],
)
def test_a_gpu_that_emulates_bfloat16_is_spared_it(
    monkeypatch: pytest.MonkeyPatch, preset: str, turing: torch.dtype, ampere: torch.dtype
) -> None:
    named: dict[str, Preset] = {one.label: one for one in Presets.load()}
    for capability, numbers in (((7, 5), turing), ((8, 6), ampere)):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _, it=capability: it)
        assert Place.for_preset(named[preset], torch.device("cuda")).weights == numbers


def test_a_preview_is_decoded_from_latents_made_small() -> None:
    pipeline = build_shape("sdxl", "tiny", CPU, torch.float32)
    noise = torch.randn(1, 4, 64, 128, generator=torch.Generator().manual_seed(0))
    [small] = latents.pictures(pipeline, torch.nn.functional.avg_pool2d(noise, 4), Extent(256, 128))
    made = latents.preview(pipeline, noise, Extent(1024, 512))
    assert made.size == small.size == (256, 128)
    assert np.abs(np.asarray(made, int) - np.asarray(small, int)).max() <= 1
    as_it_is = torch.randn(1, 4, 32, 32, generator=torch.Generator().manual_seed(0))
    shown = latents.preview(pipeline, as_it_is, Extent(256, 256))
    [whole] = latents.pictures(pipeline, as_it_is, Extent(256, 256))
    assert shown.tobytes() == whole.tobytes()


def test_packed_latents_are_shrunk_in_their_own_shape() -> None:
    pipeline = build_shape("flux2-klein", "tiny", CPU, torch.float32)
    packed = torch.randn(1, 32 * 64, 128, generator=torch.Generator().manual_seed(0))
    assert latents.preview(pipeline, packed, Extent(1024, 512)).size == (256, 128)
