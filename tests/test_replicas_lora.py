"""LoRAs: each format that people share is added to the weights exactly, and one for another model changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from PIL import Image
from replica_pipelines import build, tiny
from safetensors.torch import save_file
from torch import Tensor

from models.engine import Engine
from models.errors import UnknownPreset, WeightsMissing
from models.lora import fuse
from models.presets import LORAS, Lora, Presets
from models.recipe import Extent, Operation, Recipe

RANK, ALPHA = 4, 2.0
LAYERS = {
    "FluxPipeline": "transformer.transformer_blocks.0.attn.to_q",
    "Flux2KleinPipeline": "transformer.transformer_blocks.0.attn.to_q",
    "ZImagePipeline": "transformer.layers.0.attention.to_q",
    "QwenImagePipeline": "transformer.transformer_blocks.0.attn.to_q",
    "SanaSprintPipeline": "transformer.transformer_blocks.0.attn1.to_q",
    "StableDiffusionPipeline": "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
    "StableDiffusionXLPipeline": "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lora")


def opened(name: str, folder: Path) -> Any:
    """A replica, freshly loaded."""
    place = folder / name if (folder / name).exists() else build(name, folder)
    return getattr(diffusers, name).from_pretrained(place, use_safetensors=True, local_files_only=True)


def weight_of(pipeline: Any, layer: str) -> Tensor:
    part, _, path = layer.partition(".")
    return pipeline.components[part].get_submodule(path).weight


def matrices(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Down (rank, inputs) and up (outputs, rank)."""
    torch.manual_seed(5)
    rows, columns = weight.shape[0], weight[0].numel()
    return torch.randn(RANK, columns) * 0.2, torch.randn(rows, RANK) * 0.2


@pytest.mark.parametrize("name", LAYERS)
def test_a_lora_of_pefts_format_is_added_to_the_layer_it_names(folder: Path, tmp_path: Path, name: str) -> None:
    pipeline, layer = opened(name, folder), LAYERS[name]
    weight = weight_of(pipeline, layer)
    before = weight.detach().clone()
    down, up = matrices(weight)
    save_file({f"{layer}.lora_A.weight": down, f"{layer}.lora_B.weight": up}, tmp_path / "style.safetensors")
    assert fuse(pipeline, tmp_path / "style.safetensors", scale=0.5) == 1
    torch.testing.assert_close(weight, before + 0.5 * (up @ down).reshape(before.shape))


SDXL = "StableDiffusionXLPipeline"


@pytest.mark.parametrize(
    ("name", "layer", "called"),
    [
        (SDXL, LAYERS[SDXL], "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q"),
        (SDXL, "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_out.0", "lora_unet_{}"),
        (SDXL, "unet.down_blocks.0.resnets.0.conv1", "lora_unet_{}"),
        (SDXL, "text_encoder.encoder.layers.0.self_attn.q_proj", "lora_te1_text_model_{}"),
        (SDXL, "text_encoder_2.text_model.encoder.layers.0.self_attn.q_proj", "lora_te2_{}"),
        ("QwenImagePipeline", LAYERS["QwenImagePipeline"], "transformer_blocks.0.attn.to_q"),
    ],
)
def test_a_lora_of_kohyas_format_is_scaled_by_its_alpha(
    folder: Path, tmp_path: Path, name: str, layer: str, called: str
) -> None:
    pipeline = opened(name, folder)
    weight = weight_of(pipeline, layer)
    before = weight.detach().clone()
    down, up = matrices(weight)
    thin = (down.reshape(RANK, *before.shape[1:]), up[..., None, None]) if before.dim() == 4 else (down, up)
    called = called.format(layer.partition(".")[2].replace(".", "_"))
    state = {f"{called}.lora_down.weight": thin[0], f"{called}.lora_up.weight": thin[1]}
    save_file(state | {f"{called}.alpha": torch.tensor(ALPHA)}, tmp_path / "style.safetensors")
    assert fuse(pipeline, tmp_path / "style.safetensors") == 1
    torch.testing.assert_close(weight, before + ALPHA / RANK * (up @ down).reshape(before.shape))


WHOLE = {"{layer}.lora_A.weight": (4, 32), "{layer}.lora_B.weight": (32, 4)}


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ({"transformer.none.lora_A.weight": (4, 32), "transformer.none.lora_B.weight": (32, 4)}, "made for another"),
        ({"{layer}.lora_A.weight": (4, 7), "{layer}.lora_B.weight": (9, 4)}, "a model of another size"),
        ({"{layer}.weight": (32, 32)}, "holds no LoRA"),
        ({"{layer}.lora_A.weight": (4, 32)}, r"not whole: .*to_q\.lora_B\.weight is missing"),
        (WHOLE | {"{layer}.lora_magnitude_vector": (32,)}, r"more than is read here, .*to_q\.lora_magnitude_vector"),
        (WHOLE | {"{layer}.lora_B.bias": (32,)}, r"more than is read here, .*lora_B\.bias"),
        (WHOLE | {"{layer}.diff_b": (32,)}, r"more than is read here, .*diff_b"),
    ],
)  # fmt: skip
def test_a_lora_for_another_model_is_refused_and_changes_nothing(
    folder: Path, tmp_path: Path, state: dict[str, tuple[int, int]], sentence: str
) -> None:
    pipeline, layer = opened("FluxPipeline", folder), LAYERS["FluxPipeline"]
    before = {name: value.clone() for name, value in pipeline.transformer.state_dict().items()}
    file = tmp_path / "wrong.safetensors"
    save_file({name.format(layer=layer): torch.ones(shape) for name, shape in state.items()}, file)
    with pytest.raises(WeightsMissing, match=sentence):
        fuse(pipeline, file)
    for name, value in pipeline.transformer.state_dict().items():
        assert torch.equal(value, before[name])


@pytest.mark.parametrize("name", ["StableDiffusionPipeline", SDXL, "QwenImagePipeline"])
def test_the_magnitudes_of_kohyas_dora_are_not_left_out_silently(folder: Path, tmp_path: Path, name: str) -> None:
    pipeline, layer = opened(name, folder), LAYERS[name]
    weight = weight_of(pipeline, layer)
    before = weight.detach().clone()
    down, up = matrices(weight)
    called = f"lora_unet_{layer.partition('.')[2].replace('.', '_')}"
    state = {f"{called}.lora_down.weight": down, f"{called}.lora_up.weight": up, f"{called}.alpha": torch.tensor(ALPHA)}
    save_file(state | {f"{called}.dora_scale": torch.ones(len(up), 1)}, tmp_path / "style.safetensors")
    with pytest.raises(WeightsMissing):
        fuse(pipeline, tmp_path / "style.safetensors")
    assert torch.equal(weight, before)


def test_a_pickle_is_no_lora(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "style.pt").write_bytes(b"\x80\x04.")
    with pytest.raises(WeightsMissing, match="not a safetensors file"):
        fuse(opened("FluxPipeline", folder), tmp_path / "style.pt")


def test_a_lora_in_the_models_folder_is_named_behind_a_preset(folder: Path, tmp_path: Path) -> None:
    pipeline, layer = opened("FluxPipeline", folder), LAYERS["FluxPipeline"]
    down, up = matrices(weight_of(pipeline, layer))
    (tmp_path / LORAS).mkdir()
    save_file(
        {f"{layer}.lora_A.weight": 9 * down, f"{layer}.lora_B.weight": 9 * up}, tmp_path / LORAS / "ink.safetensors"
    )
    shipped = Presets.load().for_operation(Operation.GENERATE, "flux-schnell")
    preset = tiny(shipped, folder / "FluxPipeline")
    presets = Presets({preset.label: preset}, tmp_path)
    engine = Engine(presets, "cpu", threads=1)

    def painted(name: str) -> tuple[Image.Image, str]:
        recipe = Recipe(operation=Operation.GENERATE, prompt="fox", preset=name, extent=Extent(128, 128), steps=1)
        made = engine.run(recipe, (), None, lambda *_: None, lambda: False)
        return made, engine.signed(recipe).weights

    (plain, plain_hash), (styled, styled_hash) = painted("flux-schnell"), painted("flux-schnell+ink")
    assert plain.tobytes() != styled.tobytes() and plain_hash != styled_hash
    assert painted("flux-schnell")[0].tobytes() == plain.tobytes()
    assert presets.loras == ("ink",)
    with pytest.raises(UnknownPreset, match="no LoRA “oil”; there are ink"):
        presets.get("flux-schnell+oil")
    with pytest.raises(UnknownPreset, match="“embedded” takes no LoRA"):
        Presets.load(folder=tmp_path).get("embedded+ink")


def test_a_presets_own_lora_is_part_of_what_names_its_weights(folder: Path, tmp_path: Path) -> None:
    build("FluxPipeline", tmp_path)
    preset = tiny(Presets.load().for_operation(Operation.GENERATE, "flux-schnell"), tmp_path / "FluxPipeline")
    file = tmp_path / "fast.safetensors"
    save_file({"a": torch.zeros(1)}, file)
    with_it = preset.model_copy(update={"lora": (Lora(file=str(file)),)})
    weaker = preset.model_copy(update={"lora": (Lora(file=str(file), scale=0.5),)})
    assert len({preset.weights_hash(), with_it.weights_hash(), weaker.weights_hash()}) == 3
    file.unlink()
    assert with_it.weights_hash() == ""
