"""`easel models pull`, `check` and `rm` against a hub on this machine: the real command, client, sockets and cache."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from hub_server import COMMIT, LARGE, Hub, serving
from PIL import Image
from replica_judges import falconsai
from replica_pipelines import build
from safetensors.torch import save_file
from spandrel.architectures.SPAN import SPAN

ROOT = Path(__file__).parents[1]
SPAN_HUB, SPAN_FILE = "Phips/4xNomosUni_span_multijpg", "4xNomosUni_span_multijpg.safetensors"


class Machine:
    """A machine with its own data folder and cache, and a hub that it knows."""

    def __init__(self, folder: Path, address: str, hub: Hub) -> None:
        self.hub, self.cache = hub, folder / "hf" / "hub"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("EASEL_", "HF_"))} | {
            "HF_ENDPOINT": address,
            "HF_HOME": str(folder / "hf"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "EASEL_DATA": str(folder / "data"),
            "EASEL_DEVICE": "cpu",
            "OMP_NUM_THREADS": "1",
            "NO_PROXY": "127.0.0.1",
        }

    def easel(self, *arguments: str, **settings: str) -> tuple[int, str]:
        """The exit code and all that was said."""
        done = subprocess.run(
            [sys.executable, "-m", "ui.cli", *arguments], cwd=ROOT, env=self.environment | settings, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
        )  # fmt: skip
        return done.returncode, done.stdout

    @contextmanager
    def begun(self, *arguments: str) -> Generator[subprocess.Popen[str]]:
        """A command at work."""
        process = subprocess.Popen(
            [sys.executable, "-m", "ui.cli", *arguments], cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def waits(self, process: subprocess.Popen[str]) -> bool:
        """Whether a process has opened a file that is being fetched."""
        open_files = Path(f"/proc/{process.pid}/fd").iterdir() if process.poll() is None else ()
        return any(each.readlink().suffix == ".easel-part" for each in open_files if each.is_symlink())

    def python(self, program: str, *arguments: str) -> str:
        """What a program says that is run on the machine."""
        return subprocess.run(
            [sys.executable, "-c", program, *arguments], cwd=ROOT, env=self.environment | {"PYTHONPATH": str(ROOT)},
            text=True, stdout=subprocess.PIPE, timeout=240, check=True,
        ).stdout  # fmt: skip

    def blobs(self) -> list[Path]:
        return sorted(path for path in self.cache.rglob("blobs/*") if path.is_file())


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    repository = tmp_path / "span"
    repository.mkdir()
    torch.manual_seed(4)
    network = SPAN(num_in_ch=3, num_out_ch=3, feature_channels=16, upscale=4)
    state = {key: value.contiguous().clone() for key, value in network.eval().state_dict().items()}
    save_file(state, repository / SPAN_FILE)
    assert (repository / SPAN_FILE).stat().st_size > 2 * LARGE
    hub = Hub({SPAN_HUB: repository})
    with serving(hub) as address:
        yield Machine(tmp_path, address, hub)


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_weights_are_fetched_whole_and_deleted(machine: Machine) -> None:
    assert machine.easel("models", "rm", "span") == (1, "The weights of span.upscaler are not on this machine.\n")
    code, said = machine.easel("models", "pull", "span")
    assert code == 0 and "every byte is as the hub says" in said, said
    code, said = machine.easel("models", "pull", "span")
    assert code == 0 and machine.hub.files_given() == [SPAN_FILE]  # nothing is fetched twice
    assert machine.easel("models", "rm", "span")[0] == 0
    assert not machine.blobs()


def test_a_cut_connection_goes_on_by_itself_and_in_another_process(machine: Machine) -> None:
    machine.hub.cut_after = LARGE
    code, said = machine.easel("models", "pull", "span")
    assert code == 0, said
    assert [bool(rest) for _, rest in machine.hub.asked] == [False, True]
    machine.easel("models", "rm", "span")

    part = machine.cache / f"models--{SPAN_HUB.replace('/', '--')}" / "blobs"
    whole = (machine.hub.repositories[SPAN_HUB] / SPAN_FILE).read_bytes()
    part.mkdir(parents=True)
    key = machine.hub.listing(SPAN_HUB)["siblings"][0]["lfs"]["sha256"]  # pyright: ignore
    (part / f"{key}.easel-part").write_bytes(whole[:1234])  # what a killed pull leaves
    machine.hub.refusing = True
    code, said = machine.easel("models", "pull", "span")
    assert code == 1 and "The hub refuses" in said and said.count("\n") == 1
    machine.hub.refusing = False
    assert machine.easel("models", "pull", "span")[0] == 0
    assert machine.hub.asked[-1] == (SPAN_FILE, "bytes=1234-")
    assert [blob.read_bytes() for blob in machine.blobs()] == [whole]


def test_two_pulls_at_once_fetch_once_and_both_have_it(machine: Machine) -> None:
    machine.hub.silent_after = LARGE
    with machine.begun("models", "pull", "span") as first:
        wait_for(lambda: bool(machine.hub.asked))
        with machine.begun("models", "pull", "span") as second:
            wait_for(lambda: machine.waits(second))
            machine.hub.silent_after = 0
            machine.hub.speak.set()
            for one in (first, second):
                said, _ = one.communicate(timeout=120)
                assert one.returncode == 0 and "every byte is as the hub says" in said, said
    assert sum(not rest for _, rest in machine.hub.asked) == len(machine.blobs()) == 1


def test_a_pull_that_is_stopped_by_hand_says_that_it_goes_on(machine: Machine) -> None:
    machine.hub.silent_after = LARGE
    with machine.begun("models", "pull", "span") as pulling:
        wait_for(lambda: any(path.stat().st_size for path in machine.blobs()))
        pulling.send_signal(signal.SIGINT)
        said, _ = pulling.communicate(timeout=60)
    assert pulling.returncode == 130 and said.startswith("Stopped; what is here already stays"), said


def test_a_cache_of_copies_instead_of_links_is_not_called_damaged(machine: Machine) -> None:
    assert machine.easel("models", "pull", "span")[0] == 0
    [link] = machine.cache.rglob(f"snapshots/*/{SPAN_FILE}")
    bytes_there = link.read_bytes()
    link.unlink()
    link.write_bytes(bytes_there)
    code, said = machine.easel("models", "check", "span")
    assert code == 0 and "no known hash to compare them with" in said, said


STOPPED = """
import sys
from models.errors import Stopped
from models.hub import complete, pull
from models.presets import Presets
preset = Presets.load().get(sys.argv[1])[0]
here, asked = [0], []
def stop():
    asked.append(here[-1])
    return here[-1] >= 100_000 and asked.count(here[-1]) > 3
try:
    pull(preset, lambda name, now, whole: here.append(now), stop)
except Stopped as stopped:
    print(stopped)
print(complete(preset))
"""
SAID = "Fetching was stopped; what is here already stays, and the next try goes on from there.\n"


def test_a_stop_is_obeyed_while_the_hub_is_silent_and_the_next_try_goes_on(machine: Machine) -> None:
    machine.hub.silent_after = LARGE
    assert machine.python(STOPPED, "span") == f"{SAID}False\n"
    assert not machine.hub.speak.is_set()  # it was silent all the time
    machine.hub.silent_after = 0
    assert machine.python(STOPPED, "span") == "True\n"
    assert machine.hub.asked[-1] == (SPAN_FILE, f"bytes={LARGE}-")


def test_a_pipeline_of_which_only_a_part_was_fetched_is_not_complete(machine: Machine, tmp_path: Path) -> None:
    folder, network = tmp_path / "made", tmp_path / "made" / "unet"
    network.mkdir(parents=True)
    (folder / "model_index.json").write_text('{"unet": ["diffusers", "UNet2DConditionModel"]}')
    (network / "config.json").write_text("{}")
    (network / "diffusion_pytorch_model.safetensors").write_bytes(bytes(2 * LARGE))
    machine.hub.repositories["timbrooks/instruct-pix2pix"] = folder
    machine.hub.silent_after = LARGE
    assert machine.python(STOPPED, "instruct-pix2pix") == f"{SAID}False\n"
    machine.hub.silent_after = 0
    assert machine.python(STOPPED, "instruct-pix2pix") == "True\n"


def test_bytes_that_are_not_the_hubs_are_thrown_away(machine: Machine) -> None:
    machine.hub.spoilt = True
    code, said = machine.easel("models", "pull", "span")
    assert code == 1 and "arrived with other bytes than the hub says" in said
    assert not machine.blobs()


def test_what_does_not_fit_on_the_disk_is_not_begun(machine: Machine) -> None:
    machine.hub.claimed = 10**16
    code, said = machine.easel("models", "pull", "span")
    assert code == 1 and "needs 9313225.7 GiB more on the disk" in said and "HF_HOME" in said
    assert not machine.hub.asked


def test_a_hub_that_has_no_such_repository_or_does_not_answer_is_told_in_a_sentence(machine: Machine) -> None:
    code, said = machine.easel("models", "pull", "realesrgan")
    assert code == 1 and "Comfy-Org/Real-ESRGAN_repackaged" in said and said.count("\n") == 1
    code, said = machine.easel("models", "pull", "span", HF_ENDPOINT="http://127.0.0.1:9")
    assert code == 1 and "The hub does not answer" in said and said.count("\n") == 1
    assert machine.easel("models", "pull", "embedded")[0] == 0


def test_a_judge_that_the_hub_has_only_as_a_pickle_is_not_fetched(machine: Machine, tmp_path: Path) -> None:
    folder = falconsai(tmp_path / "made")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    machine.hub.repositories["Falconsai/nsfw_image_detection"] = folder
    code, said = machine.easel("models", "pull", "falconsai")
    assert code == 1 and "only as a pickle, which can run code" in said and not machine.hub.asked


@pytest.mark.slow
def test_a_judge_is_fetched_without_its_pickles_tried_and_deleted(machine: Machine, tmp_path: Path) -> None:
    folder = falconsai(tmp_path / "made", nsfw=0.05)
    for name in ("pytorch_model.bin", "optimizer.pt", "modeling_evil.py"):
        (folder / name).write_bytes(b"\x80\x04.")
    machine.hub.repositories["Falconsai/nsfw_image_detection"] = folder
    assert machine.easel("models", "pull", "falconsai")[0] == 0
    assert sorted(machine.hub.files_given()) == ["config.json", "model.safetensors", "preprocessor_config.json"]
    code, said = machine.easel("models", "check", "falconsai", HF_ENDPOINT="http://127.0.0.1:9")
    assert code == 0 and f"({COMMIT[:12]} of Falconsai/nsfw_image_detection)" in said, said
    assert "loaded, and said allow" in said, said
    snapshot = next(machine.cache.rglob("model.safetensors"))
    snapshot.rename(snapshot.with_name("pytorch_model.bin"))
    code, said = machine.easel("models", "check", "falconsai")
    assert code == 1 and "is a pickle, which can run code" in said, said
    assert machine.easel("models", "rm", "falconsai")[0] == 0 and not machine.blobs()


@pytest.mark.slow
def test_a_pipeline_is_fetched_after_its_licence_was_agreed_to_once_then_runs_without_the_hub(
    machine: Machine, tmp_path: Path
) -> None:
    folder = build("StableDiffusionPipeline", tmp_path / "made", variant="fp16")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"\x80\x04.")
    (folder / "unet" / "diffusion_pytorch_model.non_ema.safetensors").write_bytes(b"other" * LARGE)
    machine.hub.repositories["stabilityai/sd-turbo"] = folder
    code, said = machine.easel("models", "pull", "sd-turbo")
    assert code == 2 and "SAI-NC-Community, which allows no commercial use" in said and "--accept-licence" in said
    assert not machine.hub.asked
    assert machine.easel("models", "pull", "sd-turbo", "--accept-licence")[0] == 0
    given = machine.hub.files_given()
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in given and "scheduler/scheduler_config.json" in given
    assert not [name for name in given if name.endswith(".bin") or "non_ema" in name]
    code, said = machine.easel("models", "pull", "sd-turbo")
    assert code == 0 and "licence" not in said  # agreed once
    code, said = machine.easel("models", "check", "sd-turbo", HF_ENDPOINT="http://127.0.0.1:9")
    assert code == 0 and f"({COMMIT[:12]} of stabilityai/sd-turbo)" in said and "made 512×512" in said
    large = max(machine.blobs(), key=lambda path: path.stat().st_size)
    large.write_bytes(b"\0" + large.read_bytes()[1:])
    code, said = machine.easel("models", "check", "sd-turbo")
    assert code == 1 and "changed or damaged" in said


@pytest.mark.slow
def test_weights_come_when_they_are_first_needed_only_if_a_person_says_so(machine: Machine, tmp_path: Path) -> None:
    Image.new("RGB", (16, 16), "teal").save(tmp_path / "small.png")
    wish = ("upscale", str(tmp_path / "small.png"), "--out", str(tmp_path / "large.png"))
    code, said = machine.easel(*wish, EASEL_PRESET__UPSCALE="span")
    assert code == 1 and "easel models pull span" in said and not machine.hub.asked
    code, said = machine.easel(*wish, EASEL_PRESET__UPSCALE="span", EASEL_OFFLINE="0")
    assert code == 0 and Image.open(tmp_path / "large.png").size == (64, 64), said


ENGINE = """
from PIL import Image
from models.engine import Engine
from models.errors import Stopped
from models.presets import Presets
from models.recipe import Extent, Operation, Recipe
engine = Engine(Presets.load(), "cpu", 1, offline=False)
recipe = Recipe(operation=Operation.UPSCALE, preset="span", extent=Extent(64, 64), scale=4)
heard = []
def make(stop):
    report = lambda fraction, text, preview: heard.append(text)
    return engine.run(recipe, [Image.new("RGB", (16, 16), "teal")], None, report, stop)
try:
    make(lambda: any("of all" in text for text in heard))
except Stopped as stopped:
    print(heard[-1].partition(",")[0], "|", stopped)
print(input(), make(lambda: False).size)
"""


@pytest.mark.slow
def test_a_picture_that_is_stopped_while_its_weights_are_fetched_leaves_them_for_the_next_one(machine: Machine) -> None:
    machine.hub.silent_after = LARGE
    program = subprocess.Popen(
        [sys.executable, "-c", ENGINE], cwd=ROOT, env=machine.environment | {"PYTHONPATH": str(ROOT)},
        text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert program.stdin is not None and program.stdout is not None
    said = program.stdout.readline()
    assert said.startswith(f"fetching {SPAN_FILE} | Fetching was stopped"), said
    assert not machine.hub.speak.is_set()
    machine.hub.silent_after = 0
    said, _ = program.communicate("again\n", timeout=240)
    assert said == "again (64, 64)\n"
    assert re.fullmatch(r"bytes=\d+-", machine.hub.asked[-1][1])
