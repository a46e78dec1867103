"""The page itself: Chainlit's folder, made anew from ours at every start, and its index without a stranger's address.

Chainlit reads a folder (`CHAINLIT_APP_ROOT`) when it is imported. It lies in the data folder, is written by
`furnish` and holds nothing worth keeping: the settings below, our `public/`, and our words for its interface.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from importlib import resources, util
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from storage.errors import NotWritable
from tools.settings import Settings
from ui.web.access import LOOPBACK

CONFIG = """# Written by Easel at every start; changes are lost.
[project]
user_env = []
session_timeout = 3600
user_session_timeout = 1296000
cache = false
allow_origins = {origins}

[features]
unsafe_allow_html = false
latex = false
user_message_markdown = false
user_message_autoscroll = true
assistant_message_autoscroll = true
auto_tag_thread = false
edit_message = false
allow_thread_sharing = false
favorites = false

[features.spontaneous_file_upload]
enabled = true
accept = {{ "image/png" = [".png"], "image/jpeg" = [".jpg", ".jpeg"], "image/webp" = [".webp"] }}
max_files = {files}
max_size_mb = {megabytes}

[features.audio]
enabled = false

[features.mcp]
enabled = false

[features.mcp.user_servers]
enabled = false
allowed_urls = []

[UI]
name = "Easel"
description = "Make pictures by talking."
language = "en-US"
default_theme = "light"
layout = "default"
default_sidebar_state = "open"
confirm_new_chat = false
cot = "full"
alert_style = "modern"
custom_css = "/public/easel.css"
custom_js = "/public/easel.js"
custom_js_attributes = "defer"
custom_meta_url = "/"
custom_meta_image_url = "/public/logo_light.svg"

[meta]
generated_by = "2.12.0"
"""

WORDS: dict[str, Any] = {
    "chat": {
        "input": {"placeholder": "Say what you would like to see…", "actions": {"stop": "Stop"}},
        "messages": {"status": {"using": "", "used": ""}},
    },
    "threadHistory": {
        "sidebar": {
            "title": "Sessions",
            "filters": {"placeholder": "Search sessions…"},
            "empty": "No sessions found",
        },
        "thread": {
            "untitled": "New session",
            "actions": {
                "delete": {
                    "title": "Delete this session?",
                    "description": "It is deleted with its messages and pictures, for good.",
                    "success": "Session deleted",
                    "inProgress": "Deleting the session",
                },
                "rename": {
                    "title": "Rename session",
                    "description": "What it is called in the list",
                    "success": "Session renamed",
                    "inProgress": "Renaming the session",
                },
            },
        },
    },
    "common": {
        "status": {
            "error": {"serverConnection": "Easel cannot be reached; is it still running, and is this device online?"}
        }
    },
    "navigation": {
        "newChat": {"button": "New session", "dialog": {"tooltip": "New session"}},
        "header": {"readme": "Help"},
    },
}
"""Our words over Chainlit's English ones; the keys are those of its translation file."""


_HERE = LOOPBACK | {""}


def furnish(settings: Settings, origins: Sequence[str]) -> Path:
    """Writes Chainlit's folder and points Chainlit at it; gives the folder.

    Raises:
        NotWritable: The data folder may not be written.
    """
    root = settings.data / "web"
    try:
        _write(root, settings, origins)
        secret = _secret(settings.data / "web-secret")
    except OSError as error:
        raise NotWritable(
            f"The data folder {settings.data} cannot be written ({error.strerror}); set EASEL_DATA to another."
        ) from error
    os.environ["CHAINLIT_APP_ROOT"] = str(root)
    os.environ["CHAINLIT_AUTH_SECRET"] = secret
    return root


def _write(root: Path, settings: Settings, origins: Sequence[str]) -> None:
    words = root / ".chainlit" / "translations"
    words.mkdir(parents=True, exist_ok=True)
    config = CONFIG.format(
        origins=json.dumps(list(origins)),
        files=settings.limits.uploads_per_turn,
        megabytes=settings.limits.upload_bytes // 2**20,
    )
    (root / ".chainlit" / "config.toml").write_text(config, encoding="utf-8")
    promised = {"chat": {"watermark": promise(settings)}}
    english = json.loads((_chainlit() / "translations" / "en-US.json").read_text(encoding="utf-8"))
    (words / "en-US.json").write_text(
        json.dumps(_overlaid(_overlaid(english, WORDS), promised), indent=1), encoding="utf-8"
    )
    (root / "chainlit.md").write_text(
        (resources.files("ui.web") / "help.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    public = root / "public"
    shutil.rmtree(public, ignore_errors=True)
    with resources.as_file(resources.files("ui.web") / "public") as ours:
        shutil.copytree(ours, public)


def promise(settings: Settings) -> str:
    """What stays on this machine, and what goes to whom."""
    from agent.llm import stays_here

    away = [name for name in (settings.llm, settings.llm_fallback) if name and not stays_here(name)]
    database = urlsplit(settings.database.get_secret_value()).hostname or ""
    painters = settings.ray.address.rpartition(":")[0] if settings.workers == "ray" else ""
    where = "this machine" if settings.host in _HERE and not settings.origin else "the machine that runs Easel"
    told = [f"Pictures and sessions {'are kept' if away or painters not in _HERE else 'stay'} on {where}."]
    if database not in _HERE:
        told = [f"Pictures and sessions are kept in the database at {database}."]
    if painters not in _HERE:
        told.append(f"Pictures are painted at {painters}.")
    if away:
        previews = "" if settings.llm_sees is False else ", with small previews if it sees pictures,"
        told.append(f"What you write{previews} is sent to {' and '.join(away)}.")
    return " ".join(told)


def _overlaid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _overlaid(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _secret(path: Path) -> str:
    """The secret that signs the page's cookie, made once and readable by its owner only."""
    if not path.exists() or not path.stat().st_size:  # a full disk, or a kill, left it empty
        part = path.with_name(path.name + ".part")
        part.touch(0o600)
        part.write_text(secrets.token_urlsafe(48), encoding="ascii")
        part.replace(path)
    path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _chainlit() -> Path:
    """Where Chainlit is installed, without importing it: it must not be imported before its folder is ready."""
    found = util.find_spec("chainlit")
    assert found is not None and found.origin is not None, "chainlit is a dependency"
    return Path(found.origin).parent


_STRANGER = re.compile(r'\s*<link\b[^>]*\bhref="(?:https?:)?//[^"]*"[^>]*>', re.DOTALL)


_OURS = re.compile(r'<link\b[^>]*\bhref="/public/easel\.css"[^>]*>')


def index() -> str:
    """The page's HTML: Chainlit's, without what it would ask of other machines (fonts, a formula style sheet), and with
    our style sheet last, so that it has the last word."""
    from chainlit.server import get_html_template

    html = _STRANGER.sub("", get_html_template(""))
    ours = _OURS.search(html)
    assert ours is not None, "Chainlit links the style sheet that it was told of"
    return _OURS.sub("", html).replace("</head>", f"{ours.group()}</head>")
