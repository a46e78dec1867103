"""Every preset that diffusers runs, on a tiny replica of its exact pipeline class: all that it serves."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import diffusers
import numpy as np
import pytest
import torch
from diffusers import CacheMixin
from PIL import Image
from replica_pipelines import BUILDERS, build, tiny
from safetensors.torch import load_file, save_file
from transformers import Qwen2VLProcessor

from models.carried import carrying, layout_of
from models.engine import Engine, load_model
from models.errors import BadRequest, Stopped, WeightsMissing
from models.hub import complete
from models.presets import Preset, Presets
from models.recipe import Extent, Margins, Operation, Recipe
from models.region import surrounded
from models.weights import seal

PRESETS = [preset for preset in Presets.load() if preset.loader == "diffusers"]
MEGAPIXEL = "QwenImageEditPlusPipeline"
SIZE = Extent(256, 64)  # as many pixels as the replicas paint, so that nothing is shrunk


def labels(presets: list[Preset]) -> list[str]:
    """What is tried one by one. Qwen-Image-Edit always reads a megapixel, which takes seconds: it has one test."""
    return [preset.label for preset in presets if preset.pipeline != MEGAPIXEL]


def serving(operation: Operation) -> list[str]:
    return labels([preset for preset in PRESETS if operation in preset.operations])


@pytest.fixture(scope="session")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Preset]:
    """The shipped presets by label, each with a replica for its weights."""
    folder = tmp_path_factory.mktemp("replicas")
    built = {name: build(name, folder) for name in dict.fromkeys(preset.pipeline for preset in PRESETS)}
    return {preset.label: tiny(preset, built[preset.pipeline]) for preset in PRESETS}


@pytest.fixture(scope="module")
def engine(replicas: dict[str, Preset]) -> Iterator[Engine]:
    yield Engine(Presets(replicas), "cpu", threads=1, memory=10.0)


def picture(extent: Extent = SIZE, tint: int = 0) -> Image.Image:
    x, y = np.meshgrid(np.linspace(0, 255, extent.width), np.linspace(0, 255, extent.height))
    return Image.fromarray(np.stack([x, y, np.full_like(x, tint)], axis=2).astype(np.uint8))


def mask() -> Image.Image:
    """The left half may change."""
    made = Image.new("L", SIZE)
    made.paste(255, (0, 0, SIZE.width // 2, SIZE.height))
    return made


class Log:
    """Keeps steps and previews, and asks to stop after a number of steps."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.steps: list[str] = []
        self.previews: list[Image.Image] = []
        self._stop_after = stop_after

    def report(self, fraction: float, text: str, preview: Image.Image | None) -> None:
        del fraction
        if text.startswith("step"):
            self.steps.append(text)
        if preview is not None:
            self.previews.append(preview)

    def stop(self) -> bool:
        return len(self.steps) >= self._stop_after


def wish(preset: Preset, operation: Operation, **fields: object) -> Recipe:
    usual = {"prompt": "a red fox", "steps": 2, "seed": 1, "guidance": preset.guidance, "extent": SIZE}
    if operation is Operation.VARY:
        usual["strength"] = preset.strength
    return Recipe.model_validate({"operation": operation, "preset": preset.name} | usual | fields)


def run(engine: Engine, recipe: Recipe, *inputs: Image.Image, log: Log | None = None) -> Image.Image:
    log = log or Log()
    shown = mask() if recipe.operation is Operation.INPAINT else None
    return engine.run(recipe, inputs, shown, log.report, log.stop)


def arrays(*pictures: Image.Image) -> list[np.ndarray]:
    return [np.asarray(one).astype(int) for one in pictures]


def test_every_preset_names_classes_that_diffusers_has_and_a_replica_stands_for_labels() -> None:
    for preset in PRESETS:
        for name in (preset.pipeline, preset.inpaints_with or preset.pipeline, preset.varies_with or preset.pipeline):
            assert hasattr(diffusers, name), f"{preset.label}: {name}"
    assert {preset.pipeline for preset in PRESETS} == set(BUILDERS)


def test_a_preset_says_how_long_a_prompt_its_class_reads() -> None:
    for preset in PRESETS:
        read = inspect.signature(getattr(diffusers, preset.pipeline).__call__).parameters.get("max_sequence_length")
        shorter = preset.name == "flux-schnell"  # as its card has it
        assert preset.prompt_tokens == (256 if shorter else read.default if read else 75), preset.label


def test_a_preset_names_caching_only_where_its_network_can_cache(replicas: dict[str, Preset]) -> None:
    for preset in replicas.values():
        parts = json.loads(((preset.folder or Path()) / "model_index.json").read_text())
        network = getattr(diffusers, parts.get("transformer", parts.get("unet"))[1])
        assert "cache" not in preset.speed_ups or issubclass(network, CacheMixin), preset.label


@pytest.mark.parametrize("label", serving(Operation.GENERATE))
def test_the_same_recipe_gives_the_same_bytes_and_another_seed_or_prompt_others(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    first, again, seed, words = (
        run(engine, wish(preset, Operation.GENERATE, **fields))
        for fields in ({}, {}, {"seed": 2}, {"prompt": "blue rain over the harbour"})
    )
    assert first.size == SIZE and first.mode == "RGB"
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != seed.tobytes()
    assert first.tobytes() != words.tobytes()


@pytest.mark.parametrize(
    "label", [f"{name}.painter" for name in ("sd-turbo", "sdxl-turbo", "flux2-klein", "z-image-turbo", "sana-sprint")]
)
def test_in_its_own_numbers_a_preset_paints_the_picture_that_it_paints_in_float32(
    replicas: dict[str, Preset], label: str
) -> None:
    [shipped] = [preset for preset in PRESETS if preset.label == label]
    assert shipped.dtype == ("half" if label == "sd-turbo.painter" else "bfloat16")
    preset = replicas[label]
    own = preset.model_copy(update={"dtype": shipped.dtype})

    def painted(preset: Preset, seed: int = 1) -> np.ndarray:
        engine = Engine(Presets({preset.label: preset}), "cpu", threads=1)
        return np.asarray(run(engine, wish(preset, Operation.GENERATE, seed=seed))).astype(int)

    made, exact, other = painted(own), painted(preset), painted(preset, seed=2)
    assert made.std() > 1 and np.abs(made - exact).mean() < 0.25 * np.abs(other - exact).mean()


@pytest.mark.usefixtures("every_preview")
@pytest.mark.parametrize("label", serving(Operation.GENERATE))
def test_a_pictures_last_preview_is_the_picture_itself_but_for_the_last_step(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    log = Log()
    made = run(engine, wish(replicas[label], Operation.GENERATE, steps=4), log=log)
    assert log.steps == [f"step {n} of 4" for n in range(1, 5)]
    assert log.previews and all(preview.size == SIZE for preview in log.previews)
    last, whole, other = arrays(log.previews[-1], made, picture())
    near = np.abs(last - whole).mean()
    assert near < 0.75 * np.abs(last - other).mean(), near  # wrongly unpacked latents look like any other picture


@pytest.mark.parametrize("label", serving(Operation.EDIT))
def test_an_edit_keeps_the_size_and_looks_at_picture_and_words(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    if preset.pipeline == "StableDiffusionXLInpaintPipeline":
        with pytest.raises(BadRequest, match="only repaints a marked part; name a region"):
            run(engine, wish(preset, Operation.EDIT), picture())
        return
    recipe = wish(preset, Operation.EDIT, steps=1)
    made, other = run(engine, recipe, picture()), run(engine, recipe, picture(tint=255))
    assert made.size == SIZE
    assert made.tobytes() != other.tobytes()
    words = wish(preset, Operation.EDIT, steps=1, prompt="blue rain over the harbour")
    assert run(engine, words, picture()).tobytes() != made.tobytes() == run(engine, recipe, picture()).tobytes()


@pytest.mark.parametrize("label", labels([p for p in PRESETS if p.references]))
def test_a_further_picture_changes_what_an_edit_makes_and_too_many_are_refused(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    recipe = wish(preset, Operation.EDIT, steps=1)
    alone, two = run(engine, recipe, picture()), run(engine, recipe, picture(), picture(Extent(64, 64), 255))
    assert two.size == SIZE and alone.tobytes() != two.tobytes()
    with pytest.raises(BadRequest, match=f"at most {preset.references} further"):
        run(engine, recipe, *[picture()] * (preset.references + 2))


@pytest.mark.parametrize("label", serving(Operation.INPAINT))
def test_inpainting_changes_the_marked_part_alone(engine: Engine, replicas: dict[str, Preset], label: str) -> None:
    original = carrying(picture(), "a layout that no longer holds")
    made = run(engine, wish(replicas[label], Operation.INPAINT, steps=1), original)
    before, after = arrays(original, made)
    assert np.array_equal(before[:, SIZE.width // 2 :], after[:, SIZE.width // 2 :])
    assert (before[:, : SIZE.width // 2 - 12] != after[:, : SIZE.width // 2 - 12]).any(axis=2).mean() > 0.9
    assert layout_of(made) == ""


@pytest.mark.parametrize("label", serving(Operation.EXTEND))
def test_extending_paints_around_the_very_pixels(engine: Engine, replicas: dict[str, Preset], label: str) -> None:
    original, wide = picture(Extent(128, 128)), Extent(192, 128)
    recipe = wish(replicas[label], Operation.EXTEND, steps=1, extent=wide, margins=(32, 0, 32, 0))
    made = run(engine, recipe, original)
    before, after = arrays(surrounded(original, Margins(32, 0, 32, 0))[0], made)
    assert made.size == wide and np.array_equal(before[:, 32:-32], after[:, 32:-32])
    assert (before[:, :20] != after[:, :20]).any(axis=2).mean() > 0.9
    assert (before[:, -20:] != after[:, -20:]).any(axis=2).mean() > 0.9


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("flux2-dev.painter", "Continue the picture in the middle .* shows: a red fox"),
        ("flux2-klein.painter", "a red fox"),
    ],
)
def test_who_repaints_no_marked_part_is_told_to_extend(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, replicas: dict[str, Preset], label: str, says: str
) -> None:
    kind, told = getattr(diffusers, replicas[label].inpaints_with or replicas[label].pipeline), list[str]()
    own = kind.encode_prompt
    monkeypatch.setattr(kind, "encode_prompt", lambda self, *a, **k: told.append(k["prompt"]) or own(self, *a, **k))
    wider = wish(replicas[label], Operation.EXTEND, steps=1, extent=Extent(192, 128), margins=(32, 0, 32, 0))
    run(engine, wider, picture(Extent(128, 128)))
    assert re.fullmatch(says, told[0])


@pytest.mark.parametrize("label", serving(Operation.VARY))
def test_a_variation_of_small_strength_stays_nearer_than_one_of_full_strength(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    small, large = (run(engine, wish(preset, Operation.VARY, strength=s, steps=4), picture()) for s in (0.1, 1.0))
    assert small.size == large.size == SIZE
    assert small.tobytes() != large.tobytes()


@pytest.mark.parametrize("label", serving(Operation.VARY))
def test_the_presets_own_steps_do_for_a_variation_of_any_strength(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    steps = min(replicas[label].steps or 1, 4)
    for strength in (0.3, 0.45, 0.6):
        recipe = wish(replicas[label], Operation.VARY, strength=strength, steps=steps)
        assert run(engine, recipe, picture()).size == SIZE


@pytest.mark.parametrize("label", serving(Operation.VARY))
def test_a_strong_variation_still_sees_its_picture_and_is_no_weaker_one(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    steps = min(preset.steps or 1, 4)
    black, white = (Image.new("RGB", SIZE, colour) for colour in ("black", "white"))
    strong = wish(preset, Operation.VARY, strength=0.9, steps=steps)
    made, other = arrays(run(engine, strong, black), run(engine, strong, white))
    assert not np.array_equal(made, other)
    usual = wish(preset, Operation.VARY, strength=0.6, steps=steps)
    assert not np.array_equal(made, arrays(run(engine, usual, black))[0])


def test_a_preset_says_whether_its_edits_take_a_strength(replicas: dict[str, Preset]) -> None:
    for preset in (each for each in replicas.values() if Operation.EDIT in each.operations):
        for part in (False, True):
            name = preset.inpaints_with if part and preset.inpaints_with else preset.pipeline
            takes = "strength" in inspect.signature(getattr(diffusers, name).__call__).parameters
            assert preset.weighs(part=part) == (takes or preset.image_guidance is not None), preset.label


@pytest.mark.parametrize("label", labels(PRESETS))
def test_stop_comes_within_one_step_and_the_next_recipe_is_painted_as_ever(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    operation = Operation.GENERATE if Operation.GENERATE in preset.operations else Operation.INPAINT
    inputs = () if operation is Operation.GENERATE else (picture(),)
    before = run(engine, wish(preset, operation), *inputs)
    log = Log(stop_after=1)
    with pytest.raises(Stopped):
        run(engine, wish(preset, operation, steps=30), *inputs, log=log)
    assert len(log.steps) == 1
    assert run(engine, wish(preset, operation), *inputs).tobytes() == before.tobytes()


@pytest.mark.parametrize("label", labels(PRESETS))
def test_what_must_not_appear_changes_the_picture_or_is_refused(
    engine: Engine, replicas: dict[str, Preset], label: str
) -> None:
    preset = replicas[label]
    operation = Operation.GENERATE if Operation.GENERATE in preset.operations else Operation.INPAINT
    inputs = () if operation is Operation.GENERATE else (picture(),)
    recipe = wish(preset, operation, negative_prompt="clouds")
    if (preset.guidance or 0) > 1 and not preset.guidance_distilled:
        plain = run(engine, wish(preset, operation), *inputs)
        assert run(engine, recipe, *inputs).tobytes() != plain.tobytes()
    else:
        with pytest.raises(BadRequest, match="cannot avoid things"):
            run(engine, recipe, *inputs)


@pytest.mark.slow
@pytest.mark.usefixtures("small_qwen")
def test_qwen_image_edit_reads_words_pictures_mask_and_stop(engine: Engine, replicas: dict[str, Preset]) -> None:
    preset = replicas["qwen-image.editor"]

    def edited(*pictures: Image.Image, log: Log | None = None, **fields: object) -> bytes:
        return run(engine, wish(preset, Operation.EDIT, **{"steps": 1} | fields), *pictures, log=log).tobytes()

    first = edited(picture())
    others = [
        edited(picture(), prompt="blue rain over the harbour"),
        edited(picture(), negative_prompt="clouds"),
        edited(picture(tint=255)),
        edited(picture(), picture(Extent(64, 64), 255)),
    ]
    assert len({first, *others}) == 5
    log = Log(stop_after=1)
    with pytest.raises(Stopped):
        edited(picture(), steps=30, log=log)
    assert len(log.steps) == 1
    assert edited(picture()) == first
    inpainted = run(engine, wish(preset, Operation.INPAINT, steps=1), picture())
    before, after = arrays(picture(), inpainted)
    assert np.array_equal(before[:, SIZE.width // 2 :], after[:, SIZE.width // 2 :]) and (before != after).any()
    quick = wish(replicas["qwen-image-lightning.editor"], Operation.EDIT, steps=1)
    assert run(engine, quick, picture()).size == SIZE


@pytest.mark.usefixtures("small_qwen")
def test_qwen_image_edit_reads_the_same_words_about_a_whole_picture_and_a_part(
    monkeypatch: pytest.MonkeyPatch, engine: Engine, replicas: dict[str, Preset]
) -> None:
    own, read = Qwen2VLProcessor.__call__, list[str]()
    monkeypatch.setattr(
        Qwen2VLProcessor, "__call__", lambda self, *a, **k: read.append(k["text"]) or own(self, *a, **k)
    )
    for operation in (Operation.EDIT, Operation.INPAINT):
        run(engine, wish(replicas["qwen-image.editor"], operation, steps=1, guidance=1.0), picture())
    [whole, part] = read
    assert whole == part and "Picture 1: <|vision_start|>" in whole[0]


def without(part: str) -> Callable[[Path], None]:
    """Takes the first weight out of a network's file."""

    def spoil(folder: Path) -> None:
        [file] = (folder / part).glob("*.safetensors")
        state = load_file(file)
        del state[min(name for name in state if name.endswith("weight"))]
        file.unlink()  # what was read may lie in it still
        save_file(state, file, {"format": "pt"})

    return spoil


def cut_off(part: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        [file] = (folder / part).glob("*.safetensors")
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without("text_encoder"), r"text_encoder are not complete: embeddings\..*weight is missing"),
        (without("unet"), r"not complete: unet\.conv_in\.weight is missing"),
        (without("vae"), r"not complete: vae\..*weight is missing"),
        (cut_off("unet"), r"cannot be read .*easel models rm and pull sd-turbo"),
        (cut_off("text_encoder"), "cannot be read"),
    ],
)
def test_a_pipeline_in_part_is_refused_in_a_sentence(
    replicas: dict[str, Preset], tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    preset = replicas["sd-turbo.painter"]
    shutil.copytree(preset.folder or "", tmp_path / "part")
    spoil(tmp_path / "part")
    seal(tmp_path / "part")
    with pytest.raises(WeightsMissing, match=said) as refused:
        load_model(preset.model_copy(update={"folder": tmp_path / "part"}), torch.device("cpu"))
    assert str(refused.value).count("\n") == 0


def in_the_hubs_cache(preset: Preset, home: Path) -> tuple[Preset, Path]:
    """The preset as if it had been fetched, and the folder with its snapshot."""
    repository, commit = home / "models--some--thing", "a" * 40
    shutil.copytree(preset.folder or "", repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    return preset.model_copy(update={"hub": "some/thing", "folder": None}), repository / "snapshots" / commit


@pytest.mark.parametrize(
    ("label", "lacking"),
    [
        ("sd-turbo.painter", "tokenizer"),
        ("sd-turbo.painter", "tokenizer/tokenizer.json"),
        ("flux-schnell.painter", "tokenizer_2"),
        ("flux2-klein.painter", "text_encoder/model.safetensors"),
        ("z-image-turbo.painter", "transformer"),
    ],
)
def test_a_pipeline_that_was_fetched_in_part_is_not_on_this_machine(
    replicas: dict[str, Preset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, label: str, lacking: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    preset, snapshot = in_the_hubs_cache(replicas[label], tmp_path)
    load_model(preset, torch.device("cpu"))
    lost = snapshot / lacking
    shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    with pytest.raises(WeightsMissing, match=f"not on this machine; fetch .* easel models pull {preset.name}"):
        load_model(preset, torch.device("cpu"))


def test_weights_in_another_variant_than_the_presets_are_not_its_own(
    replicas: dict[str, Preset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    preset, snapshot = in_the_hubs_cache(replicas["sd-turbo.painter"], tmp_path)
    halved = preset.model_copy(update={"variant": "fp16"})
    assert complete(preset) and not complete(halved)
    for file in snapshot.rglob("*.safetensors"):
        file.rename(file.with_suffix(".fp16.safetensors"))
    assert not complete(preset) and complete(halved)
    load_model(halved, torch.device("cpu"))
    with pytest.raises(WeightsMissing, match="easel models pull sd-turbo"):
        load_model(preset, torch.device("cpu"))


def test_a_folder_that_brings_its_own_code_is_refused(replicas: dict[str, Preset], tmp_path: Path) -> None:
    preset = replicas["sd-turbo.painter"]
    shutil.copytree(preset.folder or "", tmp_path / "own")
    index = tmp_path / "own" / "model_index.json"
    index.write_text(index.read_text().replace('"diffusers",\n    "UNet2DConditionModel"', '"my_unet",\n    "MyUNet"'))
    seal(tmp_path / "own")
    strange = preset.model_copy(update={"folder": tmp_path / "own"})
    with pytest.raises(WeightsMissing, match=r"code of its own \(my_unet: MyUNet\)"):
        run(Engine(Presets({strange.label: strange}), "cpu", threads=1), wish(strange, Operation.GENERATE))
