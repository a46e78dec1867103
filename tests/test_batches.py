"""Pictures that are painted in one pass: the rule, and that each is as if painted alone, watched and stopped alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from house import fox
from PIL import Image
from replica_pipelines import build, tiny
from replicas import make_replicas

from models.batches import alike
from models.diffusion import Diffusion
from models.engine import Engine
from models.errors import BadRequest, Stopped
from models.flat import FlatEngine
from models.memory import Memory
from models.presets import Preset, Presets
from models.recipe import Extent, Operation, Recipe

SIZE = Extent(128, 64)
PAINTERS = [
    one for one in Presets.load() if one.loader == "diffusers" and Operation.GENERATE in one.operations
]  # every class that paints from words
WORDS = ("a red fox", "blue rain over the harbour, seen from a hill", "x")
TOLERANCE = 2  # of 255: kernels add up a batch in another order


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Preset]:
    folder = tmp_path_factory.mktemp("replicas")
    built = {name: build(name, folder) for name in dict.fromkeys(preset.pipeline for preset in PAINTERS)}
    return {preset.label: tiny(preset, built[preset.pipeline]) for preset in PAINTERS}


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory(torch.device("cpu"), 10.0)


@pytest.fixture(scope="module")
def engine(replicas: dict[str, Preset], memory: Memory) -> Iterator[Engine]:
    yield Engine(Presets(replicas), "cpu", 1, memory)


class Log:
    """One picture's reports; asks to stop after a number of steps."""

    def __init__(self, stop_after: int = 10**9) -> None:
        self.steps: list[str] = []
        self.previews: list[Image.Image] = []
        self._stop_after = stop_after

    def report(self, fraction: float, words: str, preview: Image.Image | None) -> None:
        del fraction
        if words.startswith("step"):
            self.steps.append(words)
        if preview is not None:
            self.previews.append(preview)

    def stop(self) -> bool:
        return len(self.steps) >= self._stop_after


def wishes(preset: Preset, **fields: object) -> list[Recipe]:
    usual = {"steps": 2, "guidance": preset.guidance, "extent": SIZE} | fields
    return [
        Recipe.model_validate(
            {"operation": Operation.GENERATE, "preset": preset.name, "prompt": words, "seed": seed} | usual
        )
        for seed, words in enumerate(WORDS)
    ]


def together(engine: Engine, recipes: Sequence[Recipe], logs: Sequence[Log]) -> list[Image.Image | Stopped]:
    return engine.run_batch(recipes, [log.report for log in logs], [log.stop for log in logs])


def alone(engine: Engine, recipe: Recipe, log: Log) -> Image.Image:
    return engine.run(recipe, (), None, log.report, log.stop)


def assert_near(made: Image.Image | Stopped, single: Image.Image) -> None:
    assert isinstance(made, Image.Image) and made.size == single.size
    difference = np.abs(np.asarray(made).astype(int) - np.asarray(single).astype(int)).max()
    assert difference <= TOLERANCE, difference


ONE = fox()


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"seed": 9, "prompt": "a house"}, True),
        ({"negative_prompt": "rain"}, False),
        ({"preset": "other"}, False),
        ({"weights": "a" * 64}, False),
        ({"extent": Extent(256, 320)}, False),
        ({"steps": 3}, False),
        ({"guidance": 2.0}, False),
        ({"operation": Operation.VARY}, False),
    ],
)
def test_only_words_and_seed_may_differ(fields: dict[str, object], expected: bool) -> None:
    assert alike(ONE, ONE.model_copy(update=fields)) is expected
    assert alike(ONE.model_copy(update=fields), ONE) is expected


def test_two_things_to_avoid_may_differ_and_large_pictures_are_painted_singly() -> None:
    clouds, rain = (ONE.model_copy(update={"negative_prompt": words}) for words in ("clouds", "rain"))
    assert alike(clouds, rain)
    for extent, expected in ((Extent(512, 512), True), (Extent(576, 512), False)):
        large = ONE.model_copy(update={"extent": extent})
        assert alike(large, large) is expected


def test_an_engine_takes_together_what_its_painter_can(
    engine: Engine, replicas: dict[str, Preset], tmp_path: Path
) -> None:
    first, second, _ = wishes(replicas["sd-turbo.painter"])
    assert engine.together(first, second)
    assert not engine.together(first, second.model_copy(update={"steps": 1}))
    unknown = first.model_copy(update={"preset": "nothing"})
    assert not engine.together(unknown, unknown)
    small = Engine(Presets.load(make_replicas(tmp_path)), "cpu", 1)
    assert not small.together(fox(1), fox(2)) and FlatEngine().together(fox(1), fox(2))


@pytest.mark.usefixtures("every_preview")
@pytest.mark.parametrize("label", [preset.label for preset in PAINTERS])
def test_a_picture_of_a_batch_is_the_one_painted_alone(engine: Engine, replicas: dict[str, Preset], label: str) -> None:
    preset = replicas[label]
    recipes, logs, single = wishes(preset), [Log() for _ in WORDS], [Log() for _ in WORDS]
    made = together(engine, recipes, logs)
    for recipe, picture, log, own in zip(recipes, made, logs, single, strict=True):
        assert_near(picture, alone(engine, recipe, own))
        assert log.steps == own.steps == ["step 1 of 2", "step 2 of 2"]
        for preview, expected in zip(log.previews, own.previews, strict=True):
            assert_near(preview, expected)


@pytest.mark.parametrize(
    "label", [one.label for one in PAINTERS if (one.guidance or 0) > 1 and not one.guidance_distilled]
)
def test_each_picture_avoids_its_own_things(engine: Engine, replicas: dict[str, Preset], label: str) -> None:
    recipes = [
        recipe.model_copy(update={"negative_prompt": words})
        for recipe, words in zip(wishes(replicas[label]), ("clouds", "a very long list of things", "y"), strict=True)
    ]
    for recipe, picture in zip(recipes, together(engine, recipes, [Log() for _ in recipes]), strict=True):
        assert_near(picture, alone(engine, recipe, Log()))


def test_who_stops_ends_alone_and_the_others_get_their_pictures(engine: Engine, replicas: dict[str, Preset]) -> None:
    recipes = wishes(replicas["sd-turbo.painter"], steps=4)
    logs = [Log(), Log(stop_after=1), Log()]
    made = together(engine, recipes, logs)
    assert isinstance(made[1], Stopped) and [len(log.steps) for log in logs] == [4, 1, 4]
    assert_near(made[0], alone(engine, recipes[0], Log()))
    assert_near(made[2], alone(engine, recipes[2], Log()))


def test_the_pass_ends_when_all_have_stopped(engine: Engine, replicas: dict[str, Preset]) -> None:
    recipes = wishes(replicas["sd-turbo.painter"], steps=30)
    logs = [Log(stop_after=steps) for steps in (2, 1, 3)]
    assert all(isinstance(one, Stopped) for one in together(engine, recipes, logs))
    assert [len(log.steps) for log in logs] == [2, 1, 3]


def test_one_that_cannot_be_painted_is_refused_before_any_is(engine: Engine, replicas: dict[str, Preset]) -> None:
    logs = [Log() for _ in WORDS]
    with pytest.raises(BadRequest, match="cannot paint 16×16"):
        together(engine, wishes(replicas["sd-turbo.painter"], extent=Extent(16, 16)), logs)
    assert not any(log.steps for log in logs)


def test_a_batch_that_does_not_fit_is_painted_one_by_one(
    engine: Engine, memory: Memory, replicas: dict[str, Preset]
) -> None:
    preset = replicas["sdxl-turbo.painter"]
    recipes = wishes(preset)
    singly = [alone(engine, recipe, Log()) for recipe in recipes]

    def exhaust(network: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        del network
        if len(inputs[0]) > 1:
            torch.empty(2**50)

    def limit(model: Diffusion) -> None:
        unet = next(one for one in model.networks if "UNet" in type(one).__name__)
        unet.register_forward_pre_hook(exhaust)

    loaded = engine.loaded
    memory.use(preset, lambda mode: None, limit, lambda *_: None)
    made = together(engine, recipes, [Log() for _ in recipes])
    assert [one.tobytes() for one in made if isinstance(one, Image.Image)] == [one.tobytes() for one in singly]
    assert set(engine.loaded) == set(loaded), "nothing had to be loaded anew"


def test_an_engine_without_a_network_makes_and_stops_each_on_its_own() -> None:
    first, second = FlatEngine().run_batch([fox(1), fox(2)], [lambda *_: None] * 2, [lambda: False, lambda: True])
    assert isinstance(first, Image.Image) and isinstance(second, Stopped)
