"""A real Chromium and a web server process of ours, for tests that look at the page. No request may leave this machine:
every context watches. The fixtures are found by pytest where a test module's folder has them in `conftest.py`."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Page, expect

ROOT = Path(__file__).parent.parent
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=60_000)


class Server:
    """A web server process of ours and where it listens."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said: list[str] = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line)
            if found := re.search(r"http://[\d.]+:\d+", line):
                self.address = found.group()
                return
        raise AssertionError("the server does not start:\n" + "".join(self.said))

    def stop(self) -> str:
        """Ctrl-C; gives what it printed."""
        self._process.send_signal(signal.SIGINT)
        rest, _ = self._process.communicate(timeout=60)
        return "".join(self.said) + rest

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def visit(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)


def settle(page: Page) -> None:
    """Waits until the page is connected: what is typed before is swallowed."""
    page.wait_for_selector("#chat-input")
    page.wait_for_timeout(1500)


def say(page: Page, text: str) -> None:
    page.locator("#chat-input").click()
    page.keyboard.type(text)
    page.wait_for_selector("#chat-submit:not([disabled])")
    page.keyboard.press("Enter")


def idle(page: Page) -> None:
    expect(page.locator("#chat-submit")).to_be_visible(timeout=120_000)


def keep(page: Page, name: str) -> None:
    """Keeps a screenshot where `EASEL_SHOTS` says, for people to look at."""
    if folder := os.environ.get("EASEL_SHOTS"):
        page.wait_for_timeout(400)
        page.screenshot(path=f"{folder}/{name}.png")
