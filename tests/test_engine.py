"""The engine on tiny replicas of the shipped models: real pipelines, real sampling, noise for pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from house import fox
from PIL import Image
from replicas import make_replicas

from models.carried import carrying, layout_of
from models.engine import Engine, working_extent
from models.errors import BadRequest, OutOfMemory, Stopped, WeightsMissing
from models.memory import Memory
from models.presets import Presets
from models.recipe import Extent, Operation, Recipe
from models.region import paste, region_mask
from models.rendering.layout import Layout, Placed


@pytest.fixture(scope="module")
def presets(tmp_path_factory: pytest.TempPathFactory) -> Presets:
    return Presets.load(make_replicas(tmp_path_factory.mktemp("replicas")))


@pytest.fixture(scope="module")
def engine(presets: Presets) -> Engine:
    return Engine(presets, "cpu", threads=1)


class Log:
    """Keeps what the engine reports, and asks to stop after a number of reports."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.lines: list[tuple[float, str]] = []
        self.previews: list[Image.Image] = []
        self._stop_after = stop_after

    def report(self, fraction: float, text: str, preview: Image.Image | None) -> None:
        self.lines.append((fraction, text))
        if preview is not None:
            self.previews.append(preview)

    def stop(self) -> bool:
        return len([text for _, text in self.lines if text.startswith("step")]) >= self._stop_after


def run(engine: Engine, recipe: Recipe, *inputs: Image.Image, mask: Image.Image | None = None) -> Image.Image:
    log = Log()
    return engine.run(recipe, inputs, mask, log.report, log.stop)


def picture(width: int, height: int) -> Image.Image:
    """A smooth, colourful picture."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return Image.fromarray(np.stack([x, y, 255 - x], axis=2).astype(np.uint8))


def change(operation: Operation, extent: Extent, **fields: object) -> Recipe:
    fields = {"prompt": "a fox", "preset": "embedded", "steps": 3, "seed": 5} | fields
    return Recipe.model_validate({"operation": operation, "extent": extent} | fields)


def test_the_same_recipe_gives_the_same_bytes_and_another_seed_others(engine: Engine) -> None:
    first, again, other = (run(engine, fox(seed)) for seed in (1, 1, 2))
    assert first.mode == "RGB" and first.size == (256, 256)
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_a_new_engine_gives_the_same_bytes(engine: Engine, presets: Presets) -> None:
    assert run(Engine(presets, "cpu", threads=1), fox(3)).tobytes() == run(engine, fox(3)).tobytes()


@pytest.mark.usefixtures("every_preview")
def test_progress_counts_steps_and_shows_small_previews(engine: Engine) -> None:
    log = Log()
    engine.run(fox(steps=6), (), None, log.report, log.stop)
    steps = [(round(part, 3), text) for part, text in log.lines if text.startswith("step")]
    assert steps == [(round(n / 6, 3), f"step {n} of 6") for n in range(1, 7)]
    assert log.previews and all(max(preview.size) <= 256 for preview in log.previews)


def test_stop_comes_within_one_step_and_the_engine_serves_the_next_recipe(engine: Engine) -> None:
    before = run(engine, fox(7))
    log = Log(stop_after=2)
    with pytest.raises(Stopped):
        engine.run(fox(8, steps=50), (), None, log.report, log.stop)
    assert [text for _, text in log.lines if text.startswith("step")] == ["step 1 of 50", "step 2 of 50"]
    assert run(engine, fox(7)).tobytes() == before.tobytes()


def always(monkeypatch: pytest.MonkeyPatch, *things: Placed) -> None:
    """The planner of random weights would now and then plan nothing in the part that may change."""
    monkeypatch.setattr("models.scene.planner.Planner.plan", lambda *_, **__: Layout((0, 0, 0, 0), things))


@pytest.mark.parametrize("operation", [Operation.EDIT, Operation.VARY])
@pytest.mark.parametrize("extent", [Extent(128, 128), Extent(301, 200), Extent(40, 50), Extent(512, 512)])
def test_a_change_keeps_the_pictures_size(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, operation: Operation, extent: Extent
) -> None:
    always(monkeypatch, Placed(0, 1, 3, 0, 0))
    monkeypatch.setattr("models.painter.KNOWN", float("inf"))  # random weights read nothing right
    made = run(engine, change(operation, extent, strength=0.6), picture(*extent))
    assert made.size == tuple(extent)


def test_nothing_outside_of_an_edited_region_changes(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch, Placed(0, 1, 4, 1, 1))
    original = picture(200, 160)
    made = run(engine, change(Operation.EDIT, Extent(200, 160), region=(0.0, 0.0, 0.5, 0.5)), original)
    before, after = np.asarray(original), np.asarray(made)
    assert np.array_equal(before[80:], after[80:]) and np.array_equal(before[:, 100:], after[:, 100:])
    assert not np.array_equal(before[:70, :90], after[:70, :90])


def test_inpainting_changes_only_what_the_mask_marks(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch, Placed(0, 1, 8, 4, 4))
    original, mask = picture(128, 128), Image.new("L", (128, 128))
    mask.paste(255, (32, 32, 96, 96))
    made = run(engine, change(Operation.INPAINT, Extent(128, 128)), original, mask=mask)
    changed = (np.asarray(made) != np.asarray(original)).any(axis=2)
    assert changed[40:88, 40:88].mean() > 0.9
    assert not changed[np.asarray(mask) == 0].any()


def test_what_a_change_made_of_a_layout_goes_with_the_picture(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch, Placed(0, 1, 4, 1, 1))
    painted = run(engine, fox(1))
    assert layout_of(painted) and layout_of(run(engine, change(Operation.VARY, Extent(256, 256)), painted))
    large = run(engine, change(Operation.UPSCALE, Extent(512, 512), scale=2, steps=None), painted)
    assert layout_of(large) == layout_of(painted)
    region = change(Operation.EDIT, Extent(512, 512), region=(0.0, 0.0, 0.5, 0.5))
    always(monkeypatch, Placed(0, 1, 4, 2, 2))
    edited = run(engine, region, large)
    assert layout_of(edited) not in ("", layout_of(large))
    strange = run(engine, region, carrying(picture(512, 512), ""))  # a photograph: what was guessed of it is not kept
    assert layout_of(strange) == ""


def test_a_region_at_the_border_does_not_fade_there() -> None:
    black, white = Image.new("RGB", (100, 100)), Image.new("RGB", (100, 100), "white")
    half = region_mask((0.0, 0.0, 1.0, 0.5), Extent(100, 100))
    made = np.asarray(paste(white, black, half))[:, 50, 0]
    assert made[0] == 255 and made[50] == 0 and 0 < made[49] < 255
    assert np.asarray(paste(white, black, region_mask((0, 0, 1, 1), Extent(100, 100)))).min() == 255


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize("extent", [Extent(128, 128), Extent(37, 91), Extent(1, 1)])
def test_enlarging_works_for_any_size(engine: Engine, scale: int, extent: Extent) -> None:
    wanted = Extent(extent.width * scale, extent.height * scale)
    recipe = Recipe(operation=Operation.UPSCALE, preset="embedded", extent=wanted, scale=scale)
    assert run(engine, recipe, picture(*extent)).size == tuple(wanted)


@pytest.mark.parametrize(
    ("recipe", "inputs", "sentence"),
    [
        (fox(extent=Extent(100_000, 100_000)), 0, "cannot paint 100000×100000"),
        (fox(extent=Extent(150, 150)), 0, "it makes 128×128"),
        (fox(), 1, "takes 0 pictures, not 1"),
        (change(Operation.EDIT, Extent(64, 64)), 0, "takes 1 picture, not 0"),
        (change(Operation.EDIT, Extent(65, 64)), 1, "it makes 64×64"),
        (change(Operation.INPAINT, Extent(64, 64)), 1, "needs a mask or a region"),
        (change(Operation.EDIT, Extent(64, 64), region=(0.5, 0.0, 0.2, 1.0)), 1, "does not fit"),
        (
            Recipe(operation=Operation.UPSCALE, preset="embedded", extent=Extent(192, 192), scale=3),
            1,
            "scale is 2 or 4",
        ),
    ],
)
def test_what_cannot_be_made_is_refused_in_a_sentence(
    engine: Engine, recipe: Recipe, inputs: int, sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence):
        run(engine, recipe, *[picture(64, 64)] * inputs)


def test_a_recipe_made_with_other_weights_is_not_replayed(engine: Engine) -> None:
    signed = engine.signed(fox())
    assert len(signed.weights) == 64
    run(engine, signed)
    with pytest.raises(WeightsMissing, match="other weights"):
        run(engine, fox().model_copy(update={"weights": "0" * 64}))


def test_a_recipe_names_the_upscaler_that_brought_its_picture_back_to_its_size(
    engine: Engine, presets: Presets, monkeypatch: pytest.MonkeyPatch
) -> None:
    always(monkeypatch, Placed(0, 1, 3, 0, 0))
    monkeypatch.setattr("models.painter.KNOWN", float("inf"))  # random weights read nothing right
    upscaler = presets.for_operation(Operation.UPSCALE, "embedded").weights_hash()
    for side, named in ((512, upscaler), (256, "")):
        recipe = change(Operation.VARY, Extent(side, side), strength=0.6)
        run(engine, recipe, picture(side, side))
        assert engine.signed(recipe).enlarged_with == named


def test_the_model_unused_for_longest_makes_room(presets: Presets) -> None:
    painter, upscaler = (presets.for_operation(each, "embedded") for each in (Operation.GENERATE, Operation.UPSCALE))
    twin = painter.model_copy(update={"name": "twin"})
    # Loaded, a replica holds some megabytes; the stated gibibyte of the twin leaves room for no other.
    memory = Memory(torch.device("cpu"), 1.0)
    engine = Engine(Presets({p.label: p for p in (painter, upscaler, twin)}), "cpu", 1, memory)
    run(engine, fox(steps=1))
    large = Recipe(operation=Operation.UPSCALE, preset="embedded", extent=Extent(64, 64), scale=2)
    run(engine, large, picture(32, 32))
    run(engine, fox(steps=1))
    assert engine.loaded == ("embedded.upscaler", "embedded.painter")
    engine.expect(["embedded"])
    greedy = Presets({twin.label: twin.model_copy(update={"memory": 1.0})})
    run(Engine(greedy, "cpu", 1, memory), fox(steps=1).model_copy(update={"preset": "twin"}))
    assert engine.loaded == ("twin.painter",)


def test_a_quick_painter_shows_a_draft_before_the_slow_one_is_loaded(presets: Presets) -> None:
    slow = next(iter(presets)).model_copy(update={"name": "slow", "draft_with": "embedded"})
    log = Log()
    engine = Engine(Presets({p.label: p for p in (*presets, slow)}), "cpu", threads=1)
    wide = fox(steps=1, extent=Extent(320, 192)).model_copy(update={"preset": "slow"})
    made = engine.run(wide, (), None, log.report, log.stop)
    assert [text for _, text in log.lines[:3]] == ["loading the painter", "a quick draft", "loading the painter"]
    assert log.previews[0].size == made.size == (320, 192)


def test_a_draft_that_finds_no_room_does_not_cost_the_picture(presets: Presets) -> None:
    quick = next(iter(presets)).model_copy(update={"name": "quick", "memory": 99.0})
    slow = quick.model_copy(update={"name": "slow", "draft_with": "quick", "memory": 0.5})
    engine = Engine(Presets({p.label: p for p in (*presets, quick, slow)}), "cpu", threads=1, memory=2.0)
    assert run(engine, fox(steps=1).model_copy(update={"preset": "slow"})).size == (256, 256)


def test_a_model_that_cannot_fit_is_refused_in_a_sentence(presets: Presets) -> None:
    with pytest.raises(OutOfMemory, match=r"needs about 0.5 GiB.*0.1 GiB may be used"):
        run(Engine(presets, "cpu", threads=1, memory=0.1), fox())


def test_damaged_weights_are_named_before_anything_runs(tmp_path: Path) -> None:
    presets = Presets.load(make_replicas(tmp_path))
    weights = next((tmp_path / "embedded" / "painter" / "unet").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    with pytest.raises(WeightsMissing, match=r"painter/unet/.*was changed or damaged"):
        run(Engine(presets, "cpu", threads=1), fox())


def test_a_model_that_is_not_here_says_how_to_get_it(engine: Engine) -> None:
    recipe = fox(extent=Extent(1024, 1024)).model_copy(update={"preset": "flux2-klein", "guidance": None})
    with pytest.raises(WeightsMissing, match=r"FLUX.2 klein 4B are not on this machine.*easel models pull flux2-klein"):
        run(Engine(Presets.load(), "cpu", threads=1, memory=100.0), recipe)


@pytest.mark.parametrize("extent", [Extent(512, 512), Extent(30, 30), Extent(300, 200), Extent(200, 1600)])
def test_pictures_are_changed_at_a_size_that_the_model_knows(presets: Presets, extent: Extent) -> None:
    preset = presets.for_operation(Operation.EDIT, "embedded")
    small = working_extent(preset, extent)
    assert all(side % preset.multiple == 0 and preset.min_side <= side <= preset.max_side for side in small)


def test_the_engine_says_what_a_picture_shows_if_it_is_one_of_the_painters_world(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine.describe(fox(1), picture(300, 200)) == ""
    monkeypatch.setattr("models.painter.KNOWN", 1e9)
    assert "meadow" in (said := engine.describe(fox(1), picture(300, 200))) or "beach" in said
    assert engine.describe(fox(1).model_copy(update={"preset": "flux2-klein"}), picture(128, 128)) == ""
