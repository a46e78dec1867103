"""kill -9 of the real web app or of its worker in the middle of real chats, watched from a real page.

Whatever the page has shown as done (a picture with its handle, a turn that was answered) must be there after every
kill, `verify` must be clean, and the next start must carry on in the same session, on the same open page.
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api")
from chromium import Server, idle, say, settle, visit
from playwright.sync_api import BrowserContext, Error, Page, expect

from storage.library import Library
from storage.records import TurnState

LIVES = int(os.environ.get("EASEL_LIVES", "0"))  # two kills each, about a minute

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LIVES, reason="takes a minute a life: run it with EASEL_LIVES=25 for fifty kills"),
]
SENTENCES = (
    "draw a red fox in the snow",
    "make it night",
    "two blue cars in the city please",
    "upscale it",
    "put it on the beach",
    "thanks!",
)


MOMENTS = ("sent", "painting", "pictured", "answered")  # a kill comes up to two seconds after one of them


def wait_for(page: Page, moment: str) -> bool:
    """Waits for a moment of the turn that has begun, or for its end; whether it is answered."""
    cards = page.locator(".easel-card[data-handle]").count()
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if page.locator("#chat-submit").is_visible():
            return True
        if (
            moment == "sent"
            or (moment == "painting" and page.locator(".easel-working").count())
            or (moment == "pictured" and page.locator(".easel-card[data-handle]").count() > cards)
        ):
            return False
        page.wait_for_timeout(50)
    raise AssertionError(f"the turn did not come to “{moment}” in two minutes")


def serve(data: Path, port: int = 0) -> Server:
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(port)]
    return Server(command, {"EASEL_DATA": str(data), "OMP_NUM_THREADS": "2"})


def workers(server: Server) -> list[int]:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return [int(pid) for pid in children.read_text().split()] if children.exists() else []


def shown(page: Page) -> dict[str, str]:
    """Handle to picture id of every card on the page."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll(".easel-card[data-handle] img")].map(image =>
            [image.closest("[data-handle]").dataset.handle, image.getAttribute("src").split("/").pop()]))"""
    )


@pytest.mark.timeout(3000)
def test_kills_of_web_app_and_worker_lose_nothing_that_was_shown(context: BrowserContext, tmp_path: Path) -> None:
    rng, seen = random.Random(9), dict[str, str]()
    server, page, said, answered = serve(tmp_path), context.new_page(), 0, 0
    port = int(server.address.rsplit(":", 1)[1])
    heard: list[str] = []
    page.on("console", lambda message: heard.append(f"{time.monotonic():.1f} {message.type}: {message.text}"))
    page.on("framenavigated", lambda frame: heard.append(f"{time.monotonic():.1f} at {frame.url}"))
    page.on("requestfailed", lambda request: heard.append(f"{time.monotonic():.1f} {request.url}: {request.failure}"))
    try:
        visit(page, server.address)
        for _ in range(LIVES):
            for victim in ("worker", "web app"):
                if page.locator("#chat-submit").is_visible():
                    say(page, SENTENCES[said % len(SENTENCES)])
                    said += 1
                    expect(page.locator("#stop-button")).to_be_visible()
                    answered += wait_for(page, rng.choice(MOMENTS))
                    time.sleep(rng.uniform(0, 2))
                seen |= shown(page)
                if victim == "worker":
                    for pid in workers(server):
                        os.kill(pid, signal.SIGKILL)
                    time.sleep(rng.uniform(0, 8))
                    seen |= shown(page)
            server.kill()
            check(tmp_path, seen)
            server = serve(tmp_path, port)
            with suppress(Error):  # the page may be coming back by itself already
                page.reload()
            settle(page)
            for handle, picture in seen.items():  # they come one by one, slowly on a busy machine
                card = page.locator(f'.easel-card[data-handle="{handle}"] img')
                expect(card).to_have_attribute("src", re.compile(picture))
        idle(page)
        before = len(shown(page))
        say(page, "draw a cat on the beach")
        expect(page.locator(".easel-card[data-handle]")).to_have_count(before + 1, timeout=240_000)
        idle(page)
    except BaseException:  # what the page looked like, for whoever reads the failure
        page.screenshot(path=tmp_path / "page.png")
        (tmp_path / "page.txt").write_text("\n".join(heard) + "\n" + page.content())
        raise
    finally:
        page.close()
        output = server.stop()
    assert "Traceback" not in output, output
    assert len(seen) >= LIVES // 2, "the lives were too short to prove anything"
    check(tmp_path, seen)
    with Library.open(tmp_path / "easel.db") as library:
        [session] = library.sessions(library.user("local").id)
        states = [turn.state for turn in library.turns(session.id)]
    assert TurnState.RUNNING not in states and states.count(TurnState.DONE) >= answered


def check(folder: Path, seen: dict[str, str]) -> None:
    """Nothing is damaged, and every picture that the page has shown is still there under its handle."""
    with Library.open(folder / "easel.db") as library:
        assert library.verify().faults == ()
        [session] = library.sessions(library.user("local").id)
        pictures = {str(picture.handle): picture.id for picture in library.pictures(session.id)}
    assert seen.items() <= pictures.items()
