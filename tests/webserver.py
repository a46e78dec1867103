"""A real web server with a scripted agent, for tests of the page: real Library, real jobs and rows, simple drawings.

`ScriptedAgent` decides by keywords instead of a language model and draws discs instead of painting, slowly enough to
be watched and stopped, and slower still when asked to draw slowly. Run as
`python tests/webserver.py --data FOLDER --port PORT`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image, ImageDraw

from agent.events import (
    Done,
    Event,
    Failed,
    PictureReady,
    Progress,
    Question,
    Refused,
    TextDelta,
    ToolFinished,
    ToolStarted,
)
from agent.turn import UploadFile
from models.recipe import Extent, Operation, Recipe
from storage.errors import StorageError
from storage.library import Library
from storage.records import Message, NewPicture, Picture, Session, ToolCall, Turn, TurnState, Verdict
from tools.intake import encode_png, read_upload, thumbnail
from tools.settings import Limits, Settings

STEPS = 10


class ScriptedAgent:
    """Talks like `agent.turn.Agent`, by keywords."""

    def __init__(self, library: Library, step_seconds: float = 0.08) -> None:
        self._library, self._step_seconds = library, step_seconds
        self._stops: dict[str, asyncio.Event] = {}
        self._ended: dict[str, asyncio.Event] = {}

    async def run_turn(
        self,
        session: Session,
        text: str,
        uploads: Sequence[UploadFile] = (),
        selection: int | None = None,
        *,
        turn_id: str | None = None,
    ) -> AsyncIterator[Event]:
        if not uploads and not 0 < len(text) <= Limits().message_chars:
            yield Failed(f"The message has {len(text)} characters; please say it otherwise.")
            yield Done("", 0, "failed")
            return
        async for event in self._turn(
            session, text, uploads, lambda turn: self._decide(session, turn, text, selection), turn_id
        ):
            yield event

    async def act(
        self, session: Session, name: str, args: Mapping[str, Any], text: str = "", turn_id: str | None = None
    ) -> AsyncIterator[Event]:
        async for event in self._turn(
            session, text, (), lambda turn: self._call(session, turn, name, dict(args)), turn_id
        ):
            yield event

    async def stop(self, session_id: str) -> None:
        if session_id in self._stops:
            self._stops[session_id].set()
            await self._ended[session_id].wait()

    async def _turn(
        self, session: Session, text: str, uploads: Sequence[UploadFile], serve: Any, turn_id: str | None
    ) -> AsyncIterator[Event]:
        stop = self._stops[session.id] = asyncio.Event()
        ended = self._ended[session.id] = asyncio.Event()
        try:
            turn = await asyncio.to_thread(self._library.begin_turn, session.id, text, turn_id)
        except StorageError as trouble:
            del self._stops[session.id]
            ended.set()
            yield Failed(str(trouble))
            yield Done("", 0, "failed")
            return
        state = TurnState.DONE
        error: str | None = None
        try:
            for upload in uploads:
                yield PictureReady("", self._store_upload(session, turn, upload))
            async for event in serve(turn):
                if isinstance(event, Failed):
                    state, error = TurnState.FAILED, event.reason
                yield event
                if stop.is_set():
                    state = TurnState.STOPPED
                    break
        finally:
            self._library.finish_turn(turn.id, state, error)
            del self._stops[session.id]
            ended.set()
        yield Done(turn.id, turn.number, state.value)  # type: ignore[arg-type]

    async def _decide(self, session: Session, turn: Turn, text: str, selection: int | None) -> AsyncIterator[Event]:
        pictures = self._library.pictures(session.id)
        last = selection or (pictures[-1].handle if pictures else 0)
        low = text.lower()
        if "boom" in low:
            raise RuntimeError("a scripted fault")
        if "naked" in low:
            async for event in self._refuse(session, turn):
                yield event
        elif "what should" in low:
            async for event in self._ask(turn):
                yield event
        elif "upscale" in low or "larger" in low:
            async for event in self._call(session, turn, "upscale_image", {"image": last, "scale": 4}):
                yield event
        elif "make it" in low:
            async for event in self._call(session, turn, "edit_image", {"image": last, "instruction": text}):
                yield event
        elif "show it" in low:
            async for event in self._show(turn, self._library.picture(session.id, last)):
                yield event
        elif "draw" in low or "paint" in low:
            count = int(found.group()) if (found := re.search(r"\d", low)) else 1
            async for event in self._call(session, turn, "generate_image", {"prompt": text, "count": count}):
                yield event
        else:
            async for event in self._say(turn, f"You said “{text}”. I can *draw* things."):
                yield event

    async def _say(self, turn: Turn, text: str) -> AsyncIterator[Event]:
        key = uuid4().hex
        for word in text.split(" "):
            yield TextDelta(key, word + " ")
            await asyncio.sleep(0.01)
        self._library.append(turn.id, Message("assistant", text))

    async def _refuse(self, session: Session, turn: Turn) -> AsyncIterator[Event]:
        verdict = Verdict(
            "block", "words", "sexual", 0.99, "scripted/1", "I do not draw naked people.", "draw a person in a coat"
        )
        self._library.add_verdict(session.id, turn.id, verdict, "a naked person")
        self._library.append(turn.id, Message("assistant", f"{verdict.reason} You could say: {verdict.rewording}"))
        yield Refused(verdict.category, verdict.reason, verdict.rewording)

    async def _ask(self, turn: Turn) -> AsyncIterator[Event]:
        question, choices = "Which animal?", ["draw a fox", "draw a cat"]
        call = ToolCall(uuid4().hex, "ask_user", {"question": question, "choices": choices})
        self._library.append(turn.id, Message("assistant", "", tool_calls=(call,)))
        yield ToolStarted(call.id, call.name, call.args)
        yield Question(question, tuple(choices))
        self._library.append(turn.id, Message("tool", json.dumps({"asked": True}), tool_call_id=call.id))
        yield ToolFinished(call.id, call.name, "asked")

    async def _show(self, turn: Turn, picture: Picture) -> AsyncIterator[Event]:
        call = ToolCall(uuid4().hex, "look_at_image", {"image": picture.handle})
        self._library.append(turn.id, Message("assistant", "", tool_calls=(call,)))
        yield ToolStarted(call.id, call.name, call.args)
        yield PictureReady(call.id, picture)
        self._library.append(turn.id, Message("tool", "{}", tool_call_id=call.id, pictures=(picture.handle,)))
        yield ToolFinished(call.id, call.name, "shown")

    async def _call(self, session: Session, turn: Turn, name: str, args: dict[str, Any]) -> AsyncIterator[Event]:
        call = ToolCall(f"call-{uuid4().hex}", name, args)
        self._library.append(turn.id, Message("assistant", "", tool_calls=(call,)))
        yield ToolStarted(call.id, name, args)
        made: list[int] = []
        source = self._library.picture(session.id, args["image"]) if "image" in args else None
        for index in range(int(args.get("count", 1))):
            recipe = _recipe(name, args, source, index)
            parents = [source.handle] if source else []
            words = args.get("prompt") or args.get("instruction") or f"{source.caption if source else ''}, again"
            [job] = self._library.enqueue(
                session.id, turn.id, [recipe.model_dump(mode="json")], parents, words, f"{call.id}{index}"
            )
            claimed = self._library.claim("scripted", 30)
            assert claimed is not None
            assert claimed.id == job.id
            image = _drawing(words, index, recipe.extent, source is not None)
            for step in range(STEPS):
                small = image.resize((64, 64)).quantize(2 + step).convert("RGB")
                text = f"step {step + 1} of {STEPS}"
                self._library.report(job.id, claimed.attempt, step / STEPS, text, encode_png(small))
                yield Progress(call.id, job.id, step / STEPS, text)
                await asyncio.sleep(self._step_seconds * (6 if "slowly" in words else 1))
            new = NewPicture(
                encode_png(image), "image/png", *image.size, thumbnail(image), recipe.model_dump(mode="json"), words
            )
            picture = self._library.picture(job.session_id, self._library.complete(job.id, claimed.attempt, new))
            made.append(picture.handle)
            yield PictureReady(call.id, picture, job.id)
        images = [{"image": handle} for handle in made]
        line = json.dumps({"images": images})
        self._library.append(turn.id, Message("tool", line, tool_call_id=call.id, pictures=tuple(made)))
        yield ToolFinished(call.id, name, f"made {', '.join(f'#{handle}' for handle in made)}")
        async for event in self._say(turn, f"Here is {' and '.join(f'#{handle}' for handle in made)}."):
            yield event

    def _store_upload(self, session: Session, turn: Turn, upload: UploadFile) -> Picture:
        read = read_upload(upload.data, upload.name, Limits())
        recipe = Recipe(operation=Operation.IMPORT, extent=read.extent).model_dump(mode="json")
        new = NewPicture(encode_png(read.image), "image/png", *read.extent, thumbnail(read.image), recipe, read.name)
        return self._library.add_picture(session.id, turn.id, new)


def _recipe(name: str, args: Mapping[str, Any], source: Picture | None, index: int) -> Recipe:
    side = (source.width if source else 128) * (args.get("scale", 1) if name == "upscale_image" else 1)
    operation = {
        "generate_image": Operation.GENERATE,
        "edit_image": Operation.EDIT,
        "upscale_image": Operation.UPSCALE,
        "vary_image": Operation.VARY,
    }[name]
    region = tuple(float(edge) for edge in args["region"].split(",")) if args.get("region") else None
    return Recipe(
        operation=operation,
        prompt=args.get("prompt") or args.get("instruction") or "",
        preset="scripted",
        seed=zlib.crc32(str(args).encode()) + index,
        extent=Extent(side, side),
        steps=None if operation is Operation.UPSCALE else STEPS,
        scale=args.get("scale"),
        region=region,  # type: ignore[arg-type]
        parents=(source.sha256,) if source else (),
    )


def _drawing(words: str, index: int, extent: Extent, dark: bool) -> Image.Image:
    """Discs whose colours and places the words decide."""
    noise = zlib.crc32(f"{words}{index}".encode())
    image = Image.new("RGB", extent, (28, 32, 60) if dark else (205, 225, 240))
    draw = ImageDraw.Draw(image)
    side = extent.width
    draw.rectangle((0, side * 0.7, side, side), fill=(70, 80, 110) if dark else (250, 250, 252))
    for step in range(3):
        noise = (noise * 1103515245 + 12345) % 2**31
        x, radius = noise % side, side // 8 + (noise >> 8) % (side // 6)
        colour = (200 - 40 * step, 90 + (noise >> 16) % 80, 40 + 30 * step)
        draw.ellipse((x - radius, side * 0.6 - radius, x + radius, side * 0.6 + radius), fill=colour)
    return image


def walk(routes: Sequence[Any]) -> list[str]:
    """Every "METHOD path" of an app, the mounted and included ones too."""
    found: list[str] = []
    for route in routes:
        inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        methods = set(getattr(route, "methods", None) or ()) - {"HEAD", "OPTIONS"}
        found += walk(inner) if inner else [f"{method} {route.path}" for method in methods]
    return found


def main() -> None:
    from ui.web.app import create_app
    from ui.web.server import listen, run
    from ui.wiring import LOCAL_USER

    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--step", type=float, default=0.08)
    parser.add_argument("--routes", action="store_true", help="print the app's routes instead of serving")
    chosen = parser.parse_args()
    logging.basicConfig(level="WARNING")
    with listen("127.0.0.1", chosen.port) as listening:
        settings = Settings(data=chosen.data, port=listening.getsockname()[1], log_level="warning")
        with Library.open(settings.library) as library:
            agent = ScriptedAgent(library, chosen.step)
            app = create_app(settings, library, agent, library.user(LOCAL_USER))
            if chosen.routes:
                print(*walk(app.routes), sep="\n")
                return
            run(app, settings, listening, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
