"""A chat that never ends, to be killed: real library, worker process, studio and agent; scripted words, flat pictures.

Prints one JSON object a line the moment something is acknowledged to a person: `worker` (its process id), `picture`
(handle and SHA-256) and `turn` (number and state). Run as `python tests/chatting_program.py FOLDER`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from house import FixedPixels, FixedWords

from agent.events import Done, PictureReady
from agent.scripted import ScriptedChat
from agent.turn import Agent
from models.presets import Presets
from storage.library import Library
from tools.settings import Settings
from tools.studio import Studio
from tools.worker import Supervisor


def say(**line: Any) -> None:
    print(json.dumps(line), flush=True)


async def chat(library: Library, settings: Settings, supervisor: Supervisor) -> None:
    user = library.user("me")
    known = library.sessions(user.id)
    session = known[0] if known else library.create_session(user.id, "killed")
    studio = Studio(library, settings, Presets.load(), FixedWords(), FixedPixels(), supervisor)
    while True:
        newest = max((picture.handle for picture in library.pictures(session.id)), default=0)
        script: list[Any] = [("generate_image", {"prompt": f"fox {newest}", "count": 2})]
        if newest:
            script.append(("edit_image", {"image": newest, "instruction": "make it night"}))
        script.append([("upscale_image", {"image": newest + 1, "scale": 2}), ("adjust_image", _adjust(newest + 1))])
        agent = Agent(library, studio, Presets.load(), settings, ScriptedChat(script=[*script, "Here they are."]))
        async for event in agent.run_turn(session, f"go on after {newest}"):
            if isinstance(event, PictureReady):
                say(picture=event.picture.handle, sha256=event.picture.sha256)
            elif isinstance(event, Done):
                say(turn=event.number, state=event.state)
            say(worker=supervisor.pid or 0)


def _adjust(handle: int) -> dict[str, Any]:
    return {"image": handle, "operation": "rotate", "amount": "90"}


def main() -> None:
    settings = Settings(data=Path(sys.argv[1]))
    with Library.open(settings.library) as library:
        library.recover()
        with Supervisor(library, settings, dry_run=True) as supervisor:
            asyncio.run(chat(library, settings, supervisor))


if __name__ == "__main__":
    main()
