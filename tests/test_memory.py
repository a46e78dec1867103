"""Who owns the device's memory: measured sizes, who leaves and returns, leaner modes, and what comes when it runs out.

Everything runs on the processor with replicas of real pipelines. Memory is a processor's too: copies "in RAM" are
other tensors beside those "on the device", and running out is torch's own error for an allocation that no machine has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from house import fox
from PIL import Image
from replica_pipelines import build, tiny
from replicas import make_replicas
from safetensors.torch import save_file

from models import latents
from models.diffusion import Diffusion
from models.engine import Engine, load_model
from models.errors import OutOfMemory, Stopped
from models.memory import GIB, Memory
from models.offload import place_networks
from models.place import Place
from models.presets import Lora, Preset, Presets
from models.recipe import Extent, Operation, Recipe
from models.residence import Mode, Weights, laid_out

pytestmark = pytest.mark.usefixtures("unpacked", "small_qwen")
CPU = torch.device("cpu")
SIZE = Extent(64, 64)
NO_MACHINE_HAS_IT = 2**50  # numbers of four bytes each


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("replicas")


@pytest.fixture(scope="module")
def preset(folder: Path) -> Preset:
    """SD-Turbo's class with two networks beside the autoencoder, stated at 3 GiB, 2 offloaded, some 1.1 without any."""
    shipped = Presets.load().for_operation(Operation.GENERATE, "sd-turbo")
    stated = {"memory": 3.0, "memory_offloaded": 2.0, "parameters": 1.0}
    return tiny(shipped, build(shipped.pipeline, folder)).model_copy(update=stated)


def named(preset: Preset, *names: str) -> list[Preset]:
    return [preset.model_copy(update={"name": name}) for name in names]


def test_what_others_leave_is_for_models_but_for_what_the_judges_need(monkeypatch: pytest.MonkeyPatch) -> None:
    free = 20.0
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (int(free * GIB), int(80 * GIB)))
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: int(4 * GIB))
    memory = Memory(torch.device("cuda", 0), 72.0, 0.0, reserved=3.0)
    assert memory.room == 21.0
    free = 76.0  # another program has ended since: its memory is not lost for good
    assert memory.room == 69.0
    free = -3.0
    assert memory.room == 0.0
    presets = Presets.load()
    both = presets.memory_of(["falconsai", "clip-safety"])
    assert both > presets.memory_of(["falconsai"]) > presets.memory_of(["qwen3guard"]) == 0.0  # that one reads words


class Desk:
    """A memory, what it reports, and how often something was loaded from disk."""

    def __init__(self, budget: float, **settings: Any) -> None:
        self.memory = Memory(CPU, budget, **settings)
        self.words: list[str] = []
        self.loads: list[str] = []

    def use(self, preset: Preset, work: Callable[[Diffusion], Any] = lambda model: None) -> Any:
        def load(mode: Mode) -> Any:
            self.loads.append(f"{preset.name}, {mode}")
            return load_model(preset, CPU, mode=mode)

        return self.memory.use(preset, load, work, lambda part, words, preview: self.words.append(words))


def wish(preset: Preset, operation: Operation = Operation.GENERATE, **fields: object) -> Recipe:
    usual: dict[str, object] = {"prompt": "a red fox", "steps": 2, "seed": 1, "extent": SIZE}
    usual |= {"guidance": preset.guidance, "strength": preset.strength if operation is Operation.VARY else None}
    return Recipe.model_validate({"operation": operation, "preset": preset.name} | usual | fields)


def painted(preset: Preset, **fields: object) -> Callable[[Diffusion], bytes]:
    return lambda model: model.paint(wish(preset, **fields), SIZE, lambda *_: False).tobytes()


def bytes_of(preset: Preset) -> int:
    """What all networks of a pipeline hold, counted anew."""
    pipeline: Any = getattr(diffusers, preset.pipeline).from_pretrained(preset.folder, safety_checker=None)
    networks = [part for part in pipeline.components.values() if isinstance(part, torch.nn.Module)]
    return sum(value.nbytes for network in networks for value in [*network.parameters(), *network.buffers()])


def unet_of(model: Diffusion) -> torch.nn.Module:
    return next(one for one in model.networks if isinstance(one, diffusers.UNet2DConditionModel))


def exhaust(*_: object) -> None:
    torch.empty(NO_MACHINE_HAS_IT)


def test_a_loaded_model_counts_with_what_it_was_measured_to_hold(preset: Preset) -> None:
    desk = Desk(3.5)
    for each in named(preset, "a", "b", "c"):
        desk.use(each)  # stated at 3 GiB each
    assert desk.memory.loaded == ("a.painter", "b.painter", "c.painter")
    size = desk.memory.size("a.painter")
    assert size is not None and size.held == bytes_of(preset) and desk.memory.size("d.painter") is None


def test_the_model_unused_for_longest_leaves_first(preset: Preset) -> None:
    desk, (a, b, c) = Desk(3.0 + 1.5 * bytes_of(preset) / GIB), named(preset, "a", "b", "c")
    for each in (a, b, a, c):
        desk.use(each)
    assert desk.memory.loaded == ("a.painter", "c.painter")


@pytest.mark.parametrize("expected", [["a"], ["a.painter"]])
def test_what_waiting_jobs_want_leaves_last(preset: Preset, expected: list[str]) -> None:
    desk, (a, b, c) = Desk(3.0 + 1.5 * bytes_of(preset) / GIB), named(preset, "a", "b", "c")
    desk.use(a)
    desk.use(b)
    desk.memory.expect(expected)
    desk.use(c)
    assert desk.memory.loaded == ("a.painter", "c.painter")


def test_a_model_in_ram_comes_back_without_the_disk_and_paints_the_same(preset: Preset, tmp_path: Path) -> None:
    moved = preset.model_copy(update={"folder": build(preset.pipeline, tmp_path), "name": "moved"})
    desk, (other,) = Desk(3.0, ram=1.0), named(preset, "other")
    before = desk.use(moved, painted(moved))
    desk.use(other)
    assert (desk.memory.loaded, desk.memory.parked) == (("other.painter",), ("moved.painter",))
    for file in tmp_path.rglob("*.safetensors"):
        file.unlink()
    assert desk.use(moved, painted(moved)) == before
    assert desk.words == ["loading the painter", "loading the painter", "bringing back the painter"]
    assert (desk.memory.loaded, desk.memory.parked) == (("moved.painter",), ("other.painter",))


def test_ram_for_one_copy_keeps_the_one_used_last_and_a_processor_keeps_none(preset: Preset) -> None:
    one = 1.5 * bytes_of(preset) / GIB
    desk, presets = Desk(3.0, ram=one), named(preset, "a", "b", "c")
    for each in presets:
        desk.use(each)
    assert (desk.memory.loaded, desk.memory.parked) == (("c.painter",), ("b.painter",))
    desk = Desk(3.0)
    for each in presets:
        desk.use(each)
    assert (desk.memory.loaded, desk.memory.parked) == (("c.painter",), ())


def test_weights_off_the_device_are_the_copy_and_back_on_it_equal_ones() -> None:
    layer = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.BatchNorm1d(3))
    layer[0].weight.data = layer[0].weight.data.t()  # not in the order of its numbers
    before, strides = {n: v.clone() for n, v in layer.state_dict().items()}, layer[0].weight.stride()
    weights = Weights([layer, layer], CPU)
    assert weights.size == sum(value.nbytes for value in layer.state_dict().values())
    weights.park()
    parked = layer[0].weight.data_ptr()
    weights.fetch()
    assert layer[0].weight.data_ptr() != parked and layer[0].weight.stride() == strides
    assert all(torch.equal(before[name], value) for name, value in layer.state_dict().items())
    weights.park()
    assert layer[0].weight.data_ptr() == parked
    weights.forget()
    assert weights.copied, "the only ones there are"


@pytest.mark.parametrize(
    ("sizes", "chunks"),
    [
        ([], []),
        ([0, 100, 0], [128]),
        ([100, 100, 100], [512]),  # each begins at a multiple of 64
        ([GIB // 2] * 5, [GIB, GIB, GIB // 2]),
        ([GIB // 8, GIB * 9 // 8, GIB * 3 // 4], [2 * GIB]),  # what the largest leaves of its chunk is filled
        ([GIB * 3 // 4] * 2 + [GIB // 4] * 2, [GIB, GIB]),
    ],
)
def test_copies_lie_side_by_side_in_chunks_of_powers_of_two(sizes: list[int], chunks: list[int]) -> None:
    places, made = laid_out(sizes)
    assert made == chunks
    ends = {place: place[1] + size for place, size in zip(places, sizes, strict=True) if size}
    assert all(end <= chunks[chunk] and start % 64 == 0 for (chunk, start), end in ends.items())
    assert len(ends) == sum(map(bool, sizes)), "no two begin at one place"
    for (chunk, start), end in ends.items():
        assert not [other for other in ends if other[0] == chunk and start < other[1] < end]


def test_weights_in_chunks_come_back_the_same_in_shape_order_and_numbers(preset: Preset) -> None:
    given: list[int] = []

    def pin(size: int) -> torch.Tensor:
        given.append(size)
        return torch.empty(size, dtype=torch.uint8)

    unet = unet_of(Diffusion.load(preset, Place(CPU, torch.bfloat16))).to(memory_format=torch.channels_last)
    unet.register_buffer("mask", torch.tensor([True, False, True]))
    before = {name: (value.clone(), value.stride()) for name, value in unet.state_dict().items()}
    weights = Weights([unet], CPU, pin)
    for _ in range(2):
        weights.park()
        assert len({value.untyped_storage().data_ptr() for value in unet.state_dict().values()}) == len(given) == 1
        weights.fetch()
        for name, value in unet.state_dict().items():
            assert torch.equal(value, before[name][0]) and value.stride() == before[name][1], name
    assert weights.copy_size == sum(given) and weights.size <= sum(given) < 2 * weights.size + 64 * len(before)
    assert Weights([unet], CPU).copy_size == weights.size, "a processor's copies are not pinned"


@pytest.mark.parametrize(("budget", "mode"), [(3.0, Mode.WHOLE), (2.5, Mode.MODEL), (1.5, Mode.GROUP)])
def test_the_fastest_mode_that_fits_is_chosen_before_anything_is_loaded(
    preset: Preset, budget: float, mode: Mode
) -> None:
    desk = Desk(budget, modes=tuple(Mode))
    desk.use(preset)
    assert desk.memory.mode(preset.label) is mode and desk.loads == [f"{preset.name}, {mode}"]


def test_on_a_processor_there_is_no_leaner_mode_and_small_models_have_none_anywhere(
    preset: Preset, tmp_path: Path
) -> None:
    with pytest.raises(OutOfMemory, match=r"needs about 3 GiB of memory on cpu, and 2\.5 GiB may be used"):
        Desk(2.5).use(preset)
    embedded = next(iter(Presets.load(make_replicas(tmp_path))))
    with pytest.raises(OutOfMemory, match=r"needs about 0\.5 GiB"):
        Desk(0.4, modes=tuple(Mode)).use(embedded)


def test_running_out_in_a_crowd_has_the_others_leave_and_changes_no_mode(preset: Preset) -> None:
    desk, (other,) = Desk(4.0, ram=1.0, modes=tuple(Mode)), named(preset, "other")
    whole = desk.use(preset, painted(preset))
    desk.use(other)

    def work(model: Diffusion) -> bytes:
        if other.label in desk.memory.loaded:
            exhaust()
        return painted(preset)(model)

    assert desk.use(preset, work) == whole
    assert (desk.memory.loaded, desk.memory.parked) == ((preset.label,), (other.label,))
    for each in (other.model_copy(update={"name": "third", "memory": 4.0}), preset):  # the first drops the others
        desk.use(each)
    assert desk.memory.mode(preset.label) is Mode.WHOLE


def test_running_out_frees_everything_and_tries_once_more_in_the_next_leaner_mode(preset: Preset) -> None:
    desk, (other,) = Desk(4.0, modes=tuple(Mode)), named(preset, "other")
    whole = desk.use(preset, painted(preset))
    desk.use(other)

    def work(model: Diffusion) -> bytes:
        if desk.memory.mode(preset.label) is Mode.WHOLE:
            exhaust()
        assert desk.memory.loaded == (preset.label,)
        return painted(preset)(model)

    assert desk.use(preset, work) == whole
    assert desk.memory.mode(preset.label) is Mode.MODEL
    assert desk.loads[-2:] == ["sd-turbo, whole", "sd-turbo, model offload"]
    desk.use(other)
    desk.use(other.model_copy(update={"name": "third", "memory": 4.0}))  # drops both
    desk.use(preset)
    assert desk.memory.mode(preset.label) is Mode.MODEL, "the mode that ran out is not tried again"


def test_running_out_twice_is_the_end_and_the_next_request_is_served(preset: Preset) -> None:
    desk = Desk(4.0, modes=tuple(Mode))
    with pytest.raises(OutOfMemory, match="cpu ran out of memory with SD-Turbo, one network at a time") as failed:
        desk.use(preset, exhaust)
    assert "allocate" in "".join(failed.value.__notes__)
    assert desk.loads == ["sd-turbo, whole", "sd-turbo, model offload"] and desk.memory.loaded == ()
    assert desk.use(preset, painted(preset))


def test_with_no_leaner_mode_it_is_tried_again_only_where_others_made_room(preset: Preset) -> None:
    desk, (other,) = Desk(4.0), named(preset, "other")
    for tries in (1, 2):
        desk.loads.clear()
        with pytest.raises(OutOfMemory, match=r"ran out of memory with SD-Turbo\."):
            desk.use(preset, exhaust)
        assert len(desk.loads) == tries
        desk.use(other)


def test_an_error_that_is_not_about_memory_is_not_tried_again(preset: Preset) -> None:
    desk = Desk(4.0, modes=tuple(Mode))
    with pytest.raises(RuntimeError, match="must match the size"):
        desk.use(preset, lambda model: torch.zeros(2) + torch.zeros(3))
    assert len(desk.loads) == 1 and desk.memory.loaded == (preset.label,)


def test_what_is_advised_serves_the_request_and_what_is_here_comes_first(preset: Preset) -> None:
    shared: dict[str, object] = {"part": "editor", "operations": (Operation.EDIT,), "memory": 1.0}
    away = {"hub": "some/thing", "folder": None, "memory": 2.0, "commercial": False}
    parts, here, there, large = (
        preset.model_copy(update=shared | fields)
        for fields in (
            {"name": "parts", "pipeline": "StableDiffusionXLInpaintPipeline"},
            {"name": "here", "commercial": True},
            {"name": "there", **away},
            {"name": "large", "memory": 50.0, "memory_offloaded": 40.0, "parameters": 5.0},
        )
    )
    engine = Engine(Presets({one.label: one for one in (there, parts, here, large)}), "cpu", 1, 4.0)
    fits = r"choose the preset here or there \(to be pulled, no commercial use\)\."
    with pytest.raises(OutOfMemory, match=fits):
        engine.run(wish(large, Operation.EDIT), [Image.new("RGB", (64, 64))], None, lambda *_: None, lambda: False)


def test_the_engine_retries_and_says_what_would_fit(preset: Preset) -> None:
    smaller = preset.model_copy(update={"name": "smaller", "memory": 1.0})
    large = preset.model_copy(update={"name": "large", "memory": 50.0, "memory_offloaded": 40.0, "parameters": 5.0})
    memory = Memory(CPU, 4.0, modes=tuple(Mode))
    engine = Engine(Presets({one.label: one for one in (preset, smaller, large)}), "cpu", 1, memory)

    def run(of: Preset) -> Image.Image:
        return engine.run(wish(of), (), None, lambda *_: None, lambda: False)

    def break_(model: Diffusion) -> None:
        unet_of(model).register_forward_pre_hook(exhaust)

    def unloaded(mode: Mode) -> Any:
        raise AssertionError(mode)

    whole = run(preset)
    memory.use(preset, unloaded, break_, lambda *_: None)
    assert run(preset).tobytes() == whole.tobytes()
    assert memory.mode(preset.label) is Mode.MODEL
    with pytest.raises(OutOfMemory, match=r"SD-Turbo needs about .* GiB.*; choose the preset sd-turbo .* or smaller"):
        run(large)
    with pytest.raises(
        OutOfMemory, match=r"ran out .*; ask for 32×32 or choose the preset smaller \(no commercial use\)\."
    ):
        greedy = preset.model_copy(update={"scheduler": {"num_train_timesteps": NO_MACHINE_HAS_IT}})
        presets = Presets({one.label: one for one in (greedy, smaller)})
        Engine(presets, "cpu", 1, 4.0).run(wish(greedy), (), None, lambda *_: None, lambda: False)


QUICK = {"StableDiffusionPipeline", "StableDiffusionXLInpaintPipeline", "ZImagePipeline"}
CLASSES = sorted({one.pipeline for one in Presets.load() if one.loader == "diffusers"})


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in CLASSES]
)
def test_every_mode_gives_the_same_bytes_also_in_classes_that_share_the_networks(folder: Path, name: str) -> None:
    shipped = next(one for one in Presets.load() if one.pipeline == name)
    small = tiny(shipped, folder / name if (folder / name).exists() else build(name, folder))
    picture, mask = Image.linear_gradient("L").resize(SIZE).convert("RGB"), Image.new("L", SIZE, 255)

    def everything(mode: Mode) -> dict[str, bytes]:
        model = Diffusion.load(small, Place(CPU, torch.float32), mode)
        made: dict[str, bytes] = {}
        if Operation.GENERATE in small.operations:
            made["generate"] = model.paint(wish(small), SIZE, lambda *_: False).tobytes()
        if Operation.VARY in small.operations:
            made["vary"] = model.vary(wish(small, Operation.VARY), picture, lambda *_: False).tobytes()
        if Operation.EDIT in small.operations and "Inpaint" not in name:
            made["edit"] = model.edit(wish(small, Operation.EDIT), picture, None, lambda *_: False).picture.tobytes()
        if Operation.INPAINT in small.operations:
            recipe = wish(small, Operation.INPAINT)
            made["inpaint"] = model.edit(recipe, picture, mask, lambda *_: False).picture.tobytes()
        return made

    whole = everything(Mode.WHOLE)
    assert whole
    for mode in (Mode.MODEL, Mode.GROUP):
        different = [operation for operation, pixels in everything(mode).items() if pixels != whole[operation]]
        assert not different, mode


def test_offloaded_networks_take_turns_and_leave_when_the_request_is_over(preset: Preset) -> None:
    pipeline: Any = getattr(diffusers, preset.pipeline).from_pretrained(preset.folder, safety_checker=None)
    parts = {name: Weights([pipeline.components[name]], CPU).size for name in ("text_encoder", "unet")}
    turns = place_networks(pipeline, Mode.MODEL, CPU)
    assert turns is not None and turns.on_device == 0
    pipeline.text_encoder(torch.tensor([[1]]))
    assert turns.on_device == parts["text_encoder"]
    seen: list[int] = []

    def after_step(running: Any, step: int, timestep: Any, values: dict[str, Any]) -> dict[str, Any]:
        seen.append(turns.on_device)
        latents.pictures(running, values["latents"], SIZE)
        return values

    pipeline("fox", num_inference_steps=2, width=64, height=64, callback_on_step_end=after_step)
    assert seen == [parts["unet"]] * 2
    turns.end()
    assert turns.on_device == 0


def test_a_pipeline_whose_networks_take_turns_computes_on_the_device_wherever_they_are(preset: Preset) -> None:
    pipeline: Any = getattr(diffusers, preset.pipeline).from_pretrained(preset.folder, safety_checker=None)
    device = torch.device("meta")  # a device that is not the processor, and that every machine has
    place_networks(pipeline, Mode.MODEL, device)
    relative: Any = getattr(diffusers, preset.varies_with).from_pipe(pipeline, dtype=torch.float32)
    assert pipeline._execution_device == relative._execution_device == device
    assert relative.unet is pipeline.unet and pipeline.unet.conv_in.weight.device == CPU


def test_after_a_request_also_a_stopped_one_offloaded_networks_are_in_ram_again(preset: Preset) -> None:
    pipeline: Any = getattr(diffusers, preset.pipeline).from_pretrained(preset.folder, safety_checker=None)
    model = Diffusion(pipeline, Place(CPU, torch.float32), preset, Mode.MODEL)
    weight = pipeline.unet.conv_in.weight
    in_ram, seen = weight.data_ptr(), set[bool]()

    def watch(step: int, *_: object) -> bool:
        seen.add(weight.data_ptr() == in_ram)
        return step == 3

    painted(preset)(model)
    assert weight.data_ptr() == in_ram
    with pytest.raises(Stopped):
        model.paint(wish(preset, steps=9), SIZE, watch)
    assert weight.data_ptr() == in_ram and seen == {False}


@pytest.mark.parametrize("mode", [Mode.MODEL, Mode.GROUP])
def test_a_stopped_request_leaves_an_offloaded_model_fit_for_the_next(preset: Preset, mode: Mode) -> None:
    model = Diffusion.load(preset, Place(CPU, torch.float32), mode)
    before, held = painted(preset)(model), Weights(model.networks, CPU).size
    with pytest.raises(Stopped):
        model.paint(wish(preset, steps=9), SIZE, lambda step, *_: step == 2)
    assert painted(preset)(model) == before and 0 < held < bytes_of(preset) / 2


@pytest.mark.parametrize("mode", [Mode.MODEL, Mode.GROUP])
def test_a_lora_is_fused_in_every_mode(preset: Preset, tmp_path: Path, mode: Mode) -> None:
    layer = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q"
    unet = unet_of(Diffusion.load(preset, Place(CPU, torch.float32)))
    rows, columns = unet.get_parameter(f"{layer.removeprefix('unet.')}.weight").shape
    generator = torch.Generator().manual_seed(1)
    down, up = torch.randn(4, columns, generator=generator), torch.randn(rows, 4, generator=generator)
    save_file({f"{layer}.lora_A.weight": down, f"{layer}.lora_B.weight": up}, tmp_path / "ink.safetensors")
    styled = preset.model_copy(update={"lora": (Lora(file=str(tmp_path / "ink.safetensors")),)})
    plain, whole, lean = (
        painted(preset)(Diffusion.load(one, Place(CPU, torch.float32), how))
        for one, how in ((preset, Mode.WHOLE), (styled, Mode.WHOLE), (styled, mode))
    )
    assert plain != whole == lean


def test_only_pictures_beyond_every_presets_own_sizes_are_decoded_in_tiles(preset: Preset) -> None:
    pipeline: Any = getattr(diffusers, preset.pipeline).from_pretrained(preset.folder, safety_checker=None)
    for extent, count, tiled, sliced in (
        (Extent(1536, 1024), 1, False, False),
        (Extent(2048, 1024), 1, True, False),
        (Extent(512, 512), 8, False, False),
        (Extent(512, 512), 9, False, True),
        (SIZE, 1, False, False),
    ):
        latents.spare(pipeline.vae, extent, count)
        assert (pipeline.vae.use_tiling, pipeline.vae.use_slicing) == (tiled, sliced)
    own = [extent for one in Presets.load() for extent in one.extents.values()]
    assert max(extent.pixels for extent in own) < latents.TILED_FROM


def test_the_small_painter_comes_back_from_ram_too(tmp_path: Path) -> None:
    presets = Presets.load(make_replicas(tmp_path))
    twin = next(iter(presets)).model_copy(update={"name": "twin"})
    memory = Memory(CPU, 0.5, ram=1.0)
    engine = Engine(Presets({one.label: one for one in (*presets, twin)}), "cpu", 1, memory)
    words: list[str] = []

    def run(name: str) -> bytes:
        recipe = fox(1).model_copy(update={"preset": name})
        return engine.run(recipe, (), None, lambda part, said, preview: words.append(said), lambda: False).tobytes()

    first = run("embedded")
    run("twin")
    assert engine.loaded == ("twin.painter",)
    assert run("embedded") == first and "bringing back the painter" in words
