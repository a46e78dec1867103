"""`EASEL_TIER=auto`: the presets that suit a GPU and whose weights are here, told by the driver and the hub's cache."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models.gpu import Gpu
from models.presets import PRESETS_FILE, Presets, tier_for, tiers
from tools.settings import PresetChoice
from tools.tiers import choose

ROOT = Path(__file__).parents[1]
SHIPPED = PresetChoice().model_dump()
FLUX = next(preset for preset in Presets.load() if preset.name == "flux2-klein")
DRIVER = r"""
#include <string.h>
typedef struct { unsigned long long total, free, used; } memory_t;
static const unsigned long long GIB[] = {48, 24};
int nvmlInit_v2(void) { return 0; }
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned number, void **handle) { *handle = (void *)&GIB[number]; return 0; }
int nvmlDeviceGetMemoryInfo(void *handle, memory_t *memory) {
    memory->total = *(unsigned long long *)handle << 30; return 0; }
int nvmlDeviceGetName(void *handle, char *name, unsigned length) { strncpy(name, "Some GPU", length); return 0; }
"""
TOLD = """
import json
from dataclasses import asdict
from tools.settings import Settings
settings = Settings(tier="auto")
choice = settings.suited()
print(json.dumps({"presets": settings.preset.model_dump(), "why": choice.why, "advice": choice.advice}))
"""


@pytest.mark.parametrize(
    ("memory", "tier"), [(0.0, "cpu"), (4.0, "cpu"), (8.0, "8"), (10.0, "8"), (23.6, "24"), (79.6, "80"), (141.0, "80")]
)
def test_a_gpu_is_of_the_largest_tier_that_fits_its_memory(memory: float, tier: str) -> None:
    assert tier_for(memory) == tier


def test_without_a_gpu_the_presets_that_ship_are_chosen_and_nothing_would_be_better() -> None:
    choice = choose([], Presets.load(), offline=False)
    assert (choice.tier, choice.presets, choice.advice) == ("cpu", SHIPPED, "")


def test_presets_that_may_be_fetched_are_those_of_the_tier_of_the_smallest_gpu() -> None:
    choice = choose([Gpu("large", 80.0), Gpu("small", 24.0)], Presets.load(), offline=False)
    assert (choice.tier, choice.presets, choice.advice) == ("24", tiers()["24"], "")


def test_a_preset_without_weights_is_not_chosen_but_the_next_smaller_one_that_has_them(tmp_path: Path) -> None:
    hub = next(preset.hub for preset in Presets.load() if preset.name == "realesrgan")
    text = PRESETS_FILE.read_text(encoding="utf-8").replace(f'hub = "{hub}"', 'folder = "enlarging"')
    (tmp_path / "enlarging").mkdir()
    (tmp_path / "embedded").symlink_to(PRESETS_FILE.parent / "embedded")
    file = tmp_path / "presets.toml"
    file.write_text(text, encoding="utf-8")
    choice = choose([Gpu("large", 80.0)], Presets.load(file), offline=True)
    assert choice.presets == SHIPPED | {"upscale": "realesrgan"}
    assert choice.advice == (
        "better would be qwen-image to generate, edit, vary; hat to upscale; qwen3-vl to look; "
        "fetch with: easel models pull qwen-image, easel models pull hat, easel models pull qwen3-vl"
    )


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a driver's library that knows two GPUs."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("driver")
    (folder / "nvml.c").write_text(DRIVER)
    made = folder / "libnvidia-ml.so.1"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(made), str(folder / "nvml.c")], check=True)
    return folder


def told(driver: Path, home: Path, **settings: str) -> dict[str, Any]:
    """What a process on a machine with that driver and that home of the hub's cache says of `auto`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("EASEL_", "HF_", "CUDA_"))}
    there = {"LD_LIBRARY_PATH": str(driver), "HF_HOME": str(home), "EASEL_DATA": str(home), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", TOLD], cwd=home, env=kept | there | settings, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def fetched(home: Path, shards: int) -> None:
    """The hub's cache with a pipeline of two networks, one of them in two shards, of which so many are there."""
    repository = home / "hub" / f"models--{(FLUX.hub or '').replace('/', '--')}"
    commit = FLUX.revision or "0" * 40
    snapshot = repository / "snapshots" / commit
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit)
    parts = {"vae": ["diffusers", "AutoencoderKL"], "transformer": ["diffusers", "X"], "scheduler": ["diffusers", "Y"]}
    for part in parts:
        (snapshot / part).mkdir(parents=True)
    (snapshot / "model_index.json").write_text(json.dumps({"_class_name": "Flux2KleinPipeline", **parts}))
    (snapshot / "scheduler" / "scheduler_config.json").write_text("{}")
    (snapshot / "vae" / "config.json").write_text("{}")
    (snapshot / "vae" / "diffusion_pytorch_model.safetensors").touch()
    (snapshot / "transformer" / "config.json").write_text("{}")
    names = [f"diffusion_pytorch_model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    index = snapshot / "transformer" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": names[0], "b": names[1]}}))
    for name in names[:shards]:
        (snapshot / "transformer" / name).touch()


def test_only_weights_that_are_all_here_are_chosen(driver: Path, tmp_path: Path) -> None:
    (tmp_path / "partly").mkdir()
    fetched(tmp_path / "partly", shards=1)
    partly = told(driver, tmp_path / "partly")
    assert partly["presets"] == SHIPPED and partly["why"] == "Some GPU has 24.0 GiB, which tier 24 is for"
    assert partly["advice"].startswith("better would be flux2-klein to generate, edit, vary; realesrgan to upscale;")
    (tmp_path / "whole").mkdir()
    fetched(tmp_path / "whole", shards=2)
    whole = told(driver, tmp_path / "whole", EASEL_PRESET__VARY="crisp")
    assert whole["presets"] == dict.fromkeys(("generate", "edit"), "flux2-klein") | {
        "vary": "crisp",
        "upscale": "embedded",
        "look": "embedded",
    }
    assert whole["advice"] == (
        "better would be realesrgan to upscale; florence-2 to look; "
        "fetch with: easel models pull realesrgan, easel models pull florence-2"
    )


def test_a_network_that_stands_alone_is_chosen_when_its_weights_are_here(driver: Path, tmp_path: Path) -> None:
    looker = next(preset for preset in Presets.load() if preset.name == "florence-2")
    repository = tmp_path / "hub" / f"models--{(looker.hub or '').replace('/', '--')}"
    commit = looker.revision or "0" * 40
    snapshot = repository / "snapshots" / commit
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    (snapshot / "config.json").write_text("{}")
    assert told(driver, tmp_path)["presets"]["look"] == "embedded"
    (snapshot / "model.safetensors").touch()
    assert told(driver, tmp_path)["presets"]["look"] == "florence-2"


@pytest.mark.parametrize("hidden", [{"CUDA_VISIBLE_DEVICES": ""}, {"EASEL_DEVICE": "cpu"}])
def test_a_gpu_that_is_hidden_or_not_to_be_used_chooses_nothing(
    driver: Path, tmp_path: Path, hidden: dict[str, str]
) -> None:
    assert told(driver, tmp_path, EASEL_OFFLINE="0", **hidden)["presets"] == SHIPPED
