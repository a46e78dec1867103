"""Presets: the list is whole, sizes are rounded or refused in a sentence, weights are what their manifest says."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.engine import Engine
from models.errors import BadRequest, LicenceUnaccepted, UnknownPreset, WeightsMissing
from models.licences import Licences
from models.presets import Preset, Presets, begun, plan, tiers
from models.recipe import Brief, Extent, Operation, Recipe
from models.weights import manifest_hash, seal, verify
from tools.safety import PictureScores
from tools.settings import PresetChoice, Settings
from tools.verb import cut_off

PRESETS = Presets.load()
PAINTER = PRESETS.for_operation(Operation.GENERATE, "embedded")
EDITOR = PRESETS.for_operation(Operation.EDIT, "embedded")


@pytest.mark.parametrize("operation", ["generate", "edit", "inpaint", "vary", "upscale"])
def test_the_embedded_preset_serves_every_operation(operation: str) -> None:
    assert PRESETS.for_operation(Operation(operation), "embedded").folder


@pytest.mark.parametrize(
    ("aspect", "embedded", "klein"),
    [("4:3", (256, 192), (1168, 880)), ("9:16", (192, 320), (768, 1360)), ("21:9", (448, 192), (1568, 672))],
)
def test_a_shape_in_numbers_is_the_size_of_nearly_that_shape(
    aspect: str, embedded: tuple[int, int], klein: tuple[int, int]
) -> None:
    assert PRESETS.for_operation(Operation.GENERATE, "embedded").extent(aspect) == embedded
    assert PRESETS.for_operation(Operation.GENERATE, "flux2-klein").extent(aspect) == klein


@pytest.mark.parametrize("preset", list(PRESETS), ids=lambda preset: preset.label)
def test_every_preset_is_whole(preset: Preset) -> None:
    for aspect, extent in preset.extents.items():
        assert plan(preset, Operation.GENERATE, extent) == extent, aspect
    assert preset.licence and preset.memory > 0
    assert preset.part not in ("painter", "editor") or {"square", "wide", "tall"} <= preset.extents.keys()
    assert (preset.part == "judge") == ("judge" in preset.operations) == bool(preset.stage)
    assert bool(preset.thresholds) == (preset.stage == "pixels")
    assert bool(preset.network) == (preset.loader == "transformers")
    for threshold in preset.thresholds.values():
        assert threshold.category in PictureScores.seen
        assert threshold.review is None or threshold.review < threshold.block
    assert (
        ("vary" in preset.operations)
        == (preset.strength is not None)
        == bool(preset.varies_with or preset.loader == "easel")
    )
    if {"edit", "vary"} & set(preset.operations):
        PRESETS.for_operation(Operation.UPSCALE, preset.enlarge_with)


def test_an_unknown_preset_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownPreset, match=r"“dall-e”.*embedded.*flux2-klein"):
        PRESETS.for_operation(Operation.GENERATE, "dall-e")
    with pytest.raises(UnknownPreset, match=r"cannot upscale.*embedded"):
        PRESETS.for_operation(Operation.UPSCALE, "flux2-klein")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("klein", "flux2-klein"),
        ("FLUX.2 klein", "flux2-klein"),
        ("sdxl lightning", "sdxl-lightning"),
        ("qwen", "qwen-image"),
        ("embedded", "embedded"),
    ],
)
def test_a_person_may_call_a_preset_by_some_of_its_name(said: str, name: str) -> None:
    assert PRESETS.named(Operation.GENERATE, said).name == name


def test_whatever_a_preset_does_it_may_be_called_by_some_of_its_name() -> None:
    assert PRESETS.named(Operation.EDIT, "klein").name == "flux2-klein"
    assert PRESETS.named(Operation.UPSCALE, "Crisp").name == "crisp"


def test_a_name_that_several_presets_or_none_have_is_told() -> None:
    with pytest.raises(UnknownPreset, match=r"Several.*“flux”.*flux2-klein, flux-schnell"):
        PRESETS.named(Operation.GENERATE, "flux")
    with pytest.raises(UnknownPreset, match="no preset “dall-e”"):
        PRESETS.named(Operation.GENERATE, "dall-e")


@pytest.mark.parametrize(
    ("wanted", "planned"),
    [
        (Extent(256, 256), Extent(256, 256)),
        (Extent(200, 260), Extent(192, 256)),
        (Extent(130, 383), Extent(128, 384)),
        ("square", Extent(256, 256)),
        ("wide", Extent(320, 192)),
        ("2:3", Extent(256, 384)),
    ],
)
def test_painting_sizes_are_rounded(wanted: Extent | str, planned: Extent) -> None:
    assert plan(PAINTER, Operation.GENERATE, wanted) == planned


@pytest.mark.parametrize(
    "wanted", [Extent(0, 0), Extent(17, 4099), Extent(100_000, 100_000), Extent(-5, 64), "0:3", "oblong"]
)
def test_impossible_painting_sizes_are_refused_in_a_sentence(wanted: Extent | str) -> None:
    with pytest.raises(BadRequest) as refused:
        plan(PAINTER, Operation.GENERATE, wanted)
    assert len(str(refused.value)) > 30 and refused.value.fixable


def test_an_edit_keeps_the_pictures_size_unless_it_is_too_narrow() -> None:
    assert plan(EDITOR, Operation.EDIT, Extent(777, 513)) == Extent(777, 513)
    with pytest.raises(BadRequest, match="17×4099 is too narrow"):
        plan(EDITOR, Operation.EDIT, Extent(17, 4099))


@pytest.mark.parametrize("steps", [1, 2, 4, 8, 20, 50])
def test_the_strength_that_is_run_is_the_one_that_was_asked_for(steps: int) -> None:
    for strength in (each / 100 for each in range(1, 100)):
        number, taken = begun(steps, strength)
        assert number >= steps and 1 <= taken < number and abs(taken / number - strength) <= 0.02
        assert int(number * (taken / number)) == taken == number - int(number - number * (taken / number))
        assert begun(number, strength) == (number, taken)
    assert begun(steps, 1.0) == (steps, steps) and begun(4, 0.6) == (5, 3)


def test_what_of_a_prompt_is_not_read_is_told() -> None:
    preset = PRESETS.for_operation(Operation.GENERATE, "sdxl-lightning")
    prompt = "a red barn in the snow " * 13
    assert preset.unread(prompt[: 6 * 75]).startswith("in the snow") and preset.unread(prompt[:200]) == ""
    assert cut_off(preset, prompt).startswith("sdxl-lightning reads about 75 words and signs, so “in the snow")
    assert PAINTER.unread(prompt * 9) == cut_off(PAINTER, prompt) == ""


@pytest.mark.parametrize(
    "words", ["これは雪の中に座っている赤い狐の絵です", "一只红狐狸坐在雪地里", "눈속에앉아있는붉은여우"]
)
def test_what_is_not_read_is_told_also_of_words_without_spaces(words: str) -> None:
    preset = PRESETS.for_operation(Operation.GENERATE, "sdxl-lightning")
    prompt = words * 20
    assert preset.unread(prompt) == prompt[75:] and preset.unread(prompt[:75]) == ""
    assert preset.unread("Η κόκκινη αλεπού. Красная лиса. Một con cáo đỏ. " * 4) == ""


def test_a_brief_becomes_a_prompt_without_empty_parts() -> None:
    assert PAINTER.render(Brief(subject="a fox")) == "a fox"
    assert PAINTER.render(Brief(subject="a fox", style="pixel art")) == "a fox, pixel art"


def sealed(folder: Path) -> Path:
    (folder / "unet").mkdir(parents=True)
    (folder / "unet" / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("a card")
    seal(folder)
    return folder


def test_a_sealed_folder_passes_and_its_card_may_change(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "painter")
    before = manifest_hash(folder)
    (folder / "README.md").write_text("another card")
    verify(folder)
    assert manifest_hash(folder) == before and len(before) == 64


def test_a_changed_missing_or_strange_weights_file_is_named(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "painter")
    weights = folder / "unet" / "model.safetensors"
    weights.write_bytes(b"Weights")
    with pytest.raises(WeightsMissing, match=r"model.safetensors has the SHA-256"):
        verify(folder)
    weights.unlink()
    with pytest.raises(WeightsMissing, match=r"model.safetensors is missing"):
        verify(folder)
    weights.write_bytes(b"weights")
    (folder / "extra.json").write_text("{}")
    with pytest.raises(WeightsMissing, match=r"extra.json is not listed"):
        verify(folder)


def test_a_pickle_is_refused(tmp_path: Path) -> None:
    folder = sealed(tmp_path / "painter")
    (folder / "model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(WeightsMissing, match="is a pickle"):
        verify(folder)


def test_weights_that_are_not_here_have_no_hash(tmp_path: Path) -> None:
    assert manifest_hash(tmp_path / "nothing") == ""
    with pytest.raises(WeightsMissing, match="not on this machine"):
        verify(tmp_path / "nothing")


def test_every_tier_names_presets_that_serve_the_operation_and_fit_its_memory() -> None:
    assert list(tiers()) == ["cpu", "8", "24", "80"]
    for tier, chosen in tiers().items():
        assert set(chosen) == set(PresetChoice.model_fields)
        for operation, name in chosen.items():
            preset = PRESETS.for_operation(Operation(operation), name)
            assert not preset.accept_licence and preset.commercial, f"{tier}: {name}"
            assert tier == "cpu" or preset.memory <= 0.9 * int(tier) * 1e9 / 2**30, f"{tier}: {name}"


def test_a_tier_chooses_for_the_operations_that_name_no_preset() -> None:
    settings = Settings.model_validate({"tier": "24", "preset": {"edit": "instruct-pix2pix"}})
    assert settings.preset.generate == "flux2-klein" and settings.preset.edit == "instruct-pix2pix"
    assert Settings.model_validate_json(settings.model_dump_json()).preset == settings.preset
    assert Settings().preset.generate == "embedded"


def test_nobody_named_to_look_is_the_small_painters_eye() -> None:
    assert Settings.model_validate({"preset": {"look": ""}}).preset.look == "embedded"


def test_a_licence_is_agreed_to_once_and_again_when_it_is_another(tmp_path: Path) -> None:
    preset = PRESETS.for_operation(Operation.GENERATE, "flux2-dev")
    with pytest.raises(LicenceUnaccepted, match=r"no commercial use.*pull flux2-dev --accept-licence"):
        Licences(tmp_path / "models").require(preset)
    Licences(tmp_path / "models").accept(preset)
    Licences(tmp_path / "models").require(preset)
    with pytest.raises(LicenceUnaccepted, match="Something else"):
        Licences(tmp_path / "models").require(preset.model_copy(update={"licence": "Something else"}))
    assert Licences(None).accepted(PAINTER) and not Licences(None).accepted(preset)


def test_a_damaged_note_of_licences_is_one_that_nobody_agreed_to(tmp_path: Path) -> None:
    preset = PRESETS.for_operation(Operation.GENERATE, "flux2-dev")
    (tmp_path / "licences.json").write_text('{"a":')
    assert not Licences(tmp_path).accepted(preset)
    Licences(tmp_path).accept(preset)
    assert Licences(tmp_path).accepted(preset)
    assert [path.name for path in tmp_path.iterdir()] == ["licences.json"]


def test_an_engine_runs_nothing_under_a_licence_that_nobody_agreed_to(tmp_path: Path) -> None:
    recipe = Recipe(operation=Operation.GENERATE, prompt="fox", preset="sd-turbo", extent=Extent(512, 512), steps=1)
    engine = Engine(Presets.load(folder=tmp_path), "cpu", threads=1, memory=99.0)
    with pytest.raises(LicenceUnaccepted, match="SAI-NC-Community"):
        engine.run(recipe, (), None, lambda *_: None, lambda: False)
