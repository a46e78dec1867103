"""The command line from end to end, nothing replaced: the shipped weights decide, paint, enlarge and judge."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def easel(place: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs the command in `place` with a data folder there; fails unless it ends with `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EASEL_")}
    return {**kept, "EASEL_DATA": str(place / "data"), "PYTHONPATH": str(ROOT)}


def read(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_script_paints_changes_enlarges_and_can_be_exported_and_verified(tmp_path: Path) -> None:
    (tmp_path / "script.txt").write_text("draw a red fox in the snow\nmake it night\nupscale it\n")
    events = read(easel(tmp_path, "chat", "--script", "script.txt", "--json").stdout)
    calls = [(event["turn"], event["name"]) for event in events if event["event"] == "tool_call"]
    assert calls == [(1, "generate_image"), (2, "edit_image"), (3, "upscale_image")]
    shown = [event for event in events if event["event"] == "picture"]
    assert [(each["turn"], each["image"], each["parents"]) for each in shown] == [(1, 1, []), (2, 2, [1]), (3, 3, [2])]
    assert [event["state"] for event in events if event["event"] == "turn_end"] == ["done"] * 3
    for each in shown:
        data = Path(each["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == each["sha256"]
        with Image.open(each["path"]) as image:
            assert image.size == (each["width"], each["height"])
            assert len(image.convert("RGB").resize((16, 16)).getcolors() or ()) > 20, "flat: nobody painted it"
    assert shown[2]["width"] in (2 * shown[1]["width"], 4 * shown[1]["width"])

    easel(tmp_path, "sessions", "export", "last", "--out", "kept")
    story = json.loads((tmp_path / "kept" / "session.json").read_text())
    assert [picture["sha256"] for picture in story["pictures"]] == [each["sha256"] for each in shown]
    assert "all is well" in easel(tmp_path, "sessions", "verify").stdout


def test_a_dry_run_decides_the_same_paints_nothing_and_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "script.txt").write_text("draw a red fox in the snow\nupscale #1\n")
    events = read(easel(tmp_path, "chat", "--script", "script.txt", "--json", "--dry-run", "--out", "out").stdout)
    calls = [(event["turn"], event["name"]) for event in events if event["event"] == "tool_call"]
    assert calls == [(1, "generate_image"), (2, "upscale_image")]
    for each in (event for event in events if event["event"] == "picture"):
        with Image.open(each["path"]) as image:
            assert len(image.getcolors() or ()) == 1
    assert not (tmp_path / "data").exists()


def test_the_same_seed_draws_the_same_bytes_and_the_shell_sees_them(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        done = easel(tmp_path, "draw", "a red fox in the snow", "--out", name, "--seed", "7")
        assert done.stdout == f"{name}\n"
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    easel(tmp_path, "upscale", "one.png", "--out", "big.png", "--scale", "2")
    with Image.open(tmp_path / "one.png") as small, Image.open(tmp_path / "big.png") as big:
        assert big.size == (2 * small.width, 2 * small.height)


def test_a_refused_wish_exits_with_3_and_paints_nothing(tmp_path: Path) -> None:
    done = easel(tmp_path, "draw", "a naked woman", "--out", "no.png", code=3)
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "no.png").exists()


def test_ctrl_c_ends_a_drawing_with_130_and_leaves_no_process(tmp_path: Path) -> None:
    drawing = subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "draw", "a red fox", "--out", "fox.png", "--count", "8"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    end = time.monotonic() + 300
    while time.monotonic() < end and not (tmp_path / "data" / "worker.log").exists():
        time.sleep(0.1)
    time.sleep(2)
    os.killpg(drawing.pid, signal.SIGINT)  # as a terminal does: everybody in the foreground hears it
    _, said = drawing.communicate(timeout=300)
    assert drawing.returncode == 130, said
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        os.killpg(drawing.pid, 0)
    assert "all is well" in easel(tmp_path, "sessions", "verify").stdout
