"""Upscalers of the kinds people share, tiny and with random weights: tiles join to what the whole picture gives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from spandrel.architectures.Compact import Compact
from spandrel.architectures.ESRGAN import ESRGAN
from spandrel.architectures.SPAN import SPAN
from spandrel.architectures.SwinIR import SwinIR

from models.engine import Engine
from models.errors import BadRequest, UnknownPreset, WeightsMissing
from models.hub import remove
from models.place import Place
from models.presets import LORAS, Presets
from models.recipe import Extent, Operation, Recipe
from models.upscaler import Upscaler

NETWORKS: dict[str, Callable[[], torch.nn.Module]] = {
    "rrdb": lambda: ESRGAN(num_filters=8, num_blocks=1, scale=4, plus=False),
    "srvgg": lambda: Compact(num_feat=8, num_conv=4, upscale=4),
    "span-tiny": lambda: SPAN(num_in_ch=3, num_out_ch=3, feature_channels=8, upscale=4),
    "swinir": lambda: SwinIR(
        img_size=16, embed_dim=12, depths=[2], num_heads=[2], window_size=8, mlp_ratio=2, upscale=4,
        upsampler="pixelshuffle", resi_connection="1conv",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder with one file of each network."""
    torch.manual_seed(4)
    made = tmp_path_factory.mktemp("models")
    for name, network in NETWORKS.items():
        state = {key: value.contiguous().clone() for key, value in network().eval().state_dict().items()}
        save_file(state, made / f"{name}.safetensors")
    return made


def picture(width: int, height: int) -> Image.Image:
    noise = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)


def enlarged(folder: Path, name: str, source: Image.Image) -> Image.Image:
    extent = Extent(source.width * 4, source.height * 4)
    recipe = Recipe(operation=Operation.UPSCALE, preset=name, extent=extent, scale=4)
    return run(Engine(Presets.load(folder=folder), "cpu", threads=1, memory=50.0), recipe, source)


def run(engine: Engine, recipe: Recipe, source: Image.Image) -> Image.Image:
    return engine.run(recipe, [source], None, lambda *_: None, lambda: False)


def own(file: Path) -> Path:
    """Writes a new network to a person's models folder; gives the folder."""
    save_file(Compact(num_feat=8, num_conv=1, upscale=4).state_dict(), file)
    return file.parent


@pytest.mark.parametrize("name", NETWORKS)
def test_tiles_give_what_the_whole_gives_to_one_255th(folder: Path, name: str) -> None:
    from spandrel import ModelLoader

    source = picture(288, 264)  # 2 × 2 tiles of at most 256
    tiled = np.asarray(enlarged(folder, name, source)).astype(int)
    network = ModelLoader("cpu").load_from_file(folder / f"{name}.safetensors").eval()
    pixels = torch.from_numpy(np.asarray(source).copy()).permute(2, 0, 1)[None].float() / 255
    with torch.inference_mode():
        whole = (network(pixels)[0] * 255).round().clamp(0, 255).permute(1, 2, 0).numpy().astype(int)
    assert tiled.shape == whole.shape == (1056, 1152, 3)
    assert whole.std() > 1  # a network that says nothing would pass
    assert np.abs(tiled - whole).max() <= 1


def test_a_network_that_looks_far_is_shown_as_much_around_each_tile(tmp_path: Path) -> None:
    from spandrel import ModelLoader

    network = Compact(num_feat=4, num_conv=40, upscale=4)
    with torch.no_grad():  # each layer hands on what is one pixel to the left, so that the last one looks 42 pixels far
        for part in network.modules():
            if isinstance(part, torch.nn.Conv2d):
                torch.nn.init.zeros_(part.weight)
                torch.nn.init.zeros_(part.bias)
                for channel in range(part.out_channels):
                    part.weight[channel, channel % min(3, part.in_channels), 1, 0] = 0.5 if channel > 3 else 1
    save_file(network.state_dict(), tmp_path / "far.safetensors")
    source = picture(288, 24)
    tiled = np.asarray(enlarged(tmp_path, "far", source)).astype(int)
    pixels = torch.from_numpy(np.asarray(source).copy()).permute(2, 0, 1)[None].float() / 255
    with torch.inference_mode():
        answer = ModelLoader("cpu").load_from_file(tmp_path / "far.safetensors").eval()(pixels)
    assert np.abs(tiled - (answer[0] * 255).round().permute(1, 2, 0).numpy().astype(int)).max() <= 1


def test_several_passes_share_the_progress_and_it_never_goes_back(tmp_path: Path) -> None:
    save_file(Compact(num_feat=8, num_conv=1, upscale=2).state_dict(), tmp_path / "twice.safetensors")
    upscaler = Upscaler.load(tmp_path / "twice.safetensors", Place(torch.device("cpu"), torch.float32))
    told: list[float] = []
    upscaler.enlarge(Image.new("RGB", (300, 300)), Extent(1200, 1200), told.append)
    assert told == [done / 13 for done in range(1, 14)]  # four tiles, then nine


def test_a_file_in_the_models_folder_is_an_upscaler_by_its_name(folder: Path) -> None:
    presets = Presets.load(folder=folder)
    assert set(NETWORKS) <= set(presets.names)
    preset = presets.for_operation(Operation.UPSCALE, "span")
    assert preset.title.startswith("SPAN 4x Nomos")  # a shipped name is not taken over
    own = presets.for_operation(Operation.UPSCALE, "srvgg")
    assert own.own and len(own.weights_hash()) == 64
    with pytest.raises(UnknownPreset, match="no preset “srvgg”"):
        Presets.load().get("srvgg")


def test_weights_that_were_replaced_are_read_anew_and_what_made_a_picture_is_what_its_recipe_names(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mine.safetensors"
    presets = Presets.load(folder=own(file))
    recipe = Recipe(operation=Operation.UPSCALE, preset="mine", extent=Extent(64, 64), scale=4)
    engine = Engine(presets, "cpu", threads=1, memory=50.0)

    def made(by: Engine) -> tuple[bytes, str]:
        return run(by, recipe, picture(16, 16)).tobytes(), by.signed(recipe).weights

    first, again = made(engine), made(engine)
    own(file)
    assert engine.signed(recipe).weights == first[1]  # until it is read, the old one is at work
    second = made(engine)
    assert first == again and first[0] != second[0] and first[1] != second[1]
    assert second == made(Engine(presets, "cpu", threads=1, memory=50.0))
    file.unlink()
    with pytest.raises(WeightsMissing):
        made(engine)


def test_what_is_no_upscaler_in_the_models_folder_is_told_and_stops_nothing(tmp_path: Path) -> None:
    one = torch.zeros(1)
    for name, tensor in {
        "style": "transformer.layer.lora_A.weight",
        "kohya": "lora_unet_down_blocks_1_attn_to_q.lora_down.weight",
        "base": "model.diffusion_model.input_blocks.0.0.weight",
        "flux": "double_blocks.0.img_attn.norm.key_norm.scale",
        "clip": "text_model.embeddings.token_embedding.weight",
        "realesrgan": "conv_first.weight",
    }.items():
        save_file({tensor: one}, tmp_path / f"{name}.safetensors")
    (tmp_path / "empty.safetensors").touch()
    (tmp_path / "gone.safetensors").symlink_to("/nowhere/x.safetensors")
    (tmp_path / "folder.safetensors").mkdir()
    (tmp_path / "LOUD.SAFETENSORS").touch()
    (tmp_path / "more").mkdir()
    own(tmp_path / "more" / "deep.safetensors")
    presets = Presets.load(folder=own(tmp_path / "good.safetensors"))
    assert set(presets.names) - set(Presets.load().names) == {"good"}
    told = {Path(sentence.split()[0]).stem: sentence for sentence in presets.strays}
    said = {
        "style": "is a LoRA; move it to loras/", "kohya": "is a LoRA", "base": "is a checkpoint",
        "flux": "is a checkpoint", "clip": "is a text encoder", "realesrgan": "is called like the preset",
        "empty": "is empty; copy it again", "gone": "points to a file that is not there", "folder": "is no file",
        "LOUD": "must end in .safetensors", "deep": "where nothing is looked for",
    }  # fmt: skip
    assert told.keys() == said.keys() and all(said[name] in told[name] for name in said)
    with pytest.raises(UnknownPreset, match=r"style\.safetensors is a LoRA; move it to loras/"):
        presets.named(Operation.UPSCALE, "style")
    assert presets.for_operation(Operation.UPSCALE, "realesrgan").hub


def test_own_names_may_hold_a_plus(tmp_path: Path) -> None:
    (tmp_path / LORAS).mkdir()
    for file in ("4x+sharp", f"{LORAS}/ink", f"{LORAS}/ink+wash"):
        own(tmp_path / f"{file}.safetensors")
    presets = Presets.load(folder=tmp_path)
    assert presets.named(Operation.UPSCALE, "4x+sharp").own
    for said, loras in {
        "klein+ink+wash": ["ink+wash"],
        "klein+ink+wash+ink": ["ink", "ink+wash"],
        "klein+ink": ["ink"],
    }.items():
        assert [Path(lora.file).stem for lora in presets.named(Operation.GENERATE, said).lora] == loras


def test_the_order_of_loras_means_nothing_and_each_is_named_once(tmp_path: Path) -> None:
    (tmp_path / LORAS).mkdir()
    for name in ("ink", "oil"):
        own(tmp_path / LORAS / f"{name}.safetensors")
    presets = Presets.load(folder=tmp_path)
    assert presets.get("flux2-klein+oil+ink") == presets.get("flux2-klein+ink+oil")
    with pytest.raises(UnknownPreset, match="“ink” is named twice"):
        presets.get("flux2-klein+ink+oil+ink")
    with pytest.raises(BadRequest, match=r"name flux2-klein alone, or delete .*ink\.safetensors"):
        remove(presets.get("flux2-klein+ink")[0], presets)


def test_a_file_that_is_no_upscaler_is_told_when_it_is_used(tmp_path: Path) -> None:
    save_file({"weight": torch.zeros(3)}, tmp_path / "odd.safetensors")
    (tmp_path / "cut.safetensors").write_bytes(b"\x00" * 20)
    (tmp_path / "old.pth").write_bytes(b"\x80\x04.")
    for name in ("odd", "cut"):
        with pytest.raises(WeightsMissing, match=f"{name}.safetensors holds no network"):
            enlarged(tmp_path, name, picture(16, 16))
    with pytest.raises(UnknownPreset, match=r"old.pth is a pickle, which can run code; convert it to safetensors"):
        enlarged(tmp_path, "old", picture(16, 16))
