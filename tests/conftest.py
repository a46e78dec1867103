"""The order of the tests; fixtures for those that open pages in Chromium, and for those that run on every database."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Playwright
    from server import Server

    from models.chat.decider import Decider
    from models.painter import ScenePipeline
    from models.scene.composer import Composer

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as the product does, before torch is imported
if "PYTEST_XDIST_WORKER" in os.environ:  # tests beside each other take turns on the processor anyway
    os.environ.setdefault("OMP_NUM_THREADS", "1")
if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it in the background, for programs too


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests come first, so that none of these begins when the other workers are nearly done.

    pytest-xdist gives each worker a part of the list and lets who is done take half of what another has left. Modules
    stay whole, as their tests share fixtures.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A seed of 1 to 3, by the test's name: each case has one of its own, the same in every run."""
    return crc32(request.node.name.encode()) % 3 + 1


@pytest.fixture
def every_preview(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview of every step but the last, however quickly the picture comes."""
    monkeypatch.setattr("models.painting.PREVIEW_FROM", 0.0)
    monkeypatch.setattr("models.painting.PREVIEW_SHARE", float("inf"))


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers of diffusers' pipelines stay as they are, as on a GPU, for which the processor stands in."""

    monkeypatch.setattr("models.speedups.pack", lambda network, numbers: None)


@pytest.fixture
def small_qwen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qwen-Image's editors, which repaint at a size of their own, do so at a sixteenth of it."""
    for name in ("edit_inpaint", "edit_plus"):
        module = import_module(f"diffusers.pipelines.qwenimage.pipeline_qwenimage_{name}")
        own = module.calculate_dimensions
        monkeypatch.setattr(module, "calculate_dimensions", lambda area, ratio, own=own: own(area / 16, ratio))


@pytest.fixture(scope="session")
def decider() -> Decider:
    """What decides each step of a chat, with the network that ships."""
    from models.chat.decider import Decider

    return Decider.load()


@pytest.fixture(scope="session")
def pipeline() -> ScenePipeline:
    """The painter that ships."""
    from models.painter import ScenePipeline
    from models.weights import EMBEDDED

    return ScenePipeline.load(EMBEDDED / "painter")


@pytest.fixture(scope="session")
def composer(pipeline: ScenePipeline) -> Composer:
    """What plans the pictures of the painter that ships."""
    return pipeline.composer


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    from chromium import CHROMIUM
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    from chromium import CHROMIUM, SWITCHES

    launched = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
    yield launched
    launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1200, "height": 900})
    opened.set_default_timeout(120_000)  # a machine that trains beside the tests is slow to load a page
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    opened.close()
    strangers = [url for url in asked if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))]
    assert strangers == []


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server, started when the first test needs one."""
    pytest.importorskip("psycopg", reason="psycopg is not installed (the extra `postgres`)")
    from server import programs, running_server

    binaries = programs()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed (the Debian package `postgresql`)")
    with running_server(binaries) as started:
        yield started


@pytest.fixture
def address(server: Server) -> Iterator[str]:
    """An empty library on the server."""
    yield server.library
    server.empty(server.library)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """A new library: a test that asks for it runs on every database."""
    from keeping import new_file

    return new_file(tmp_path / "data" / "easel.db") if request.param == "sqlite" else request.getfixturevalue("address")
