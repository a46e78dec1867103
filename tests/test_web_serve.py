"""`easel serve` as a process: a taken port, an address that is not ours, a data folder that may not be written."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.errors import NotWritable
from tools.settings import Settings
from ui.web.page import furnish, promise
from ui.web.server import CannotListen, listen, open_to_others

ROOT = Path(__file__).parent.parent


def test_a_taken_port_gives_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = subprocess.run(
            [sys.executable, "-m", "ui.cli", "serve", "--port", port],
            cwd=ROOT,
            env=os.environ | {"EASEL_DATA": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert ran.returncode != 0
    assert ran.stdout == ""
    assert f"Port {port} is taken" in ran.stderr
    assert "--port" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_of_another_machine_gives_one_sentence() -> None:
    with pytest.raises(CannotListen, match=r"cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, ""),
        ({"host": "0.0.0.0"}, "no password: everybody who reaches this address"),
        ({"origin": "https://easel.example.org"}, "everybody whom the proxy of https://easel.example.org lets through"),
    ],
)
def test_whoever_lets_others_in_hears_that_there_is_no_sign_in(settings: dict[str, Any], says: str) -> None:
    warning = open_to_others(Settings(**settings))
    assert says in warning if says else not warning


def test_a_data_folder_that_may_not_be_written_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(NotWritable, match="EASEL_DATA"):
        furnish(Settings(data=tmp_path / "data"), [])


def test_chainlits_folder_is_made_anew_at_every_start(tmp_path: Path) -> None:
    before = dict(os.environ)
    try:
        root = furnish(Settings(data=tmp_path), ["http://127.0.0.1:8000"])
        secret = (tmp_path / "web-secret").read_text()
        (root / "public" / "elements" / "Stale.jsx").write_text("old")
        (root / ".chainlit" / "config.toml").write_text("[features]\nunsafe_allow_html = true\n")
        furnish(Settings(data=tmp_path), ["http://127.0.0.1:8000"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert not (root / "public" / "elements" / "Stale.jsx").exists()
    assert "unsafe_allow_html = false" in (root / ".chainlit" / "config.toml").read_text()
    assert (tmp_path / "web-secret").read_text() == secret
    words = json.loads((root / ".chainlit" / "translations" / "en-US.json").read_text(encoding="utf-8"))
    assert words["chat"]["watermark"] == "Pictures and sessions stay on this machine."


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"llm": "local:/models/qwen"}, "Pictures and sessions stay on this machine."),
        ({"llm": "openai:gpt", "llm_sees": False}, "What you write is sent to openai:gpt."),
        ({"llm": "openai:gpt"}, "What you write, with small previews if it sees pictures, is sent to openai:gpt."),
        (
            {"llm": "http://10.0.0.2/v1", "llm_fallback": "ollama:qwen3", "llm_sees": False},
            "What you write is sent to http://10.0.0.2/v1 and ollama:qwen3.",
        ),
        ({"database": "postgresql://easel@127.0.0.1/easel"}, "Pictures and sessions stay on this machine."),
        (
            {"database": "postgresql://easel:secret@db.example.org/easel"},
            "Pictures and sessions are kept in the database at db.example.org.",
        ),
        (
            {"workers": "ray", "ray": {"address": "gpu:6379"}},
            "Pictures and sessions are kept on this machine. Pictures are painted at gpu.",
        ),
        ({"host": "0.0.0.0"}, "Pictures and sessions stay on the machine that runs Easel."),
    ],
)
def test_the_page_says_where_words_go(settings: dict[str, Any], says: str) -> None:
    assert promise(Settings(**settings)).endswith(says)


AWAY = """
import asyncio, sys
from pathlib import Path
from types import SimpleNamespace

from storage.errors import Unreachable
from tools.settings import Settings
from ui.web.page import furnish

furnish(Settings(data=Path(sys.argv[1])), [])  # before Chainlit is imported
from ui.web import chat
from ui.web.data_layer import LibraryDataLayer

def ask(*key):
    raise Unreachable("The database is away.")

async def emit(event, data):
    print(event, data.get("easel", ""), data.get("text", ""))

library = SimpleNamespace(session=ask, activity=ask)
turns = SimpleNamespace(live=lambda session: None, generation=0)
user = SimpleNamespace(id="u", name="local")
page = SimpleNamespace(id="p", thread_id_to_resume="s", environ={}, emit=emit)
chat.WebsocketSession.require = lambda sid: page
pages = chat.Pages()
print(asyncio.run(LibraryDataLayer(library, Path(), user, turns).get_thread("s")))
asyncio.run(chat.Chat(library, Path(), user, turns, pages, None, lambda: None).connected("sid"))
print(pages.session_of(page))
"""


def test_a_page_that_connects_while_the_database_is_away_is_told_and_keeps_its_session(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", AWAY, str(tmp_path)], capture_output=True, text=True, timeout=100)
    told = ["None", "window_message away The database is away.", "task_end", "s"]
    assert [line.strip() for line in run.stdout.splitlines()] == told, run.stderr
