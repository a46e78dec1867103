"""Easel's own routes, registered before Chainlit's: pictures, previews, buttons and uploads.

Every handler asks the Library with the signed-in person's id; what is another's is as absent as what never was (404).
Buttons begin a turn and answer at once: what happens is shown through the socket, to every open page.

Imported after `ui.web.page.furnish`, because Chainlit reads its folder when it is imported.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import NAMESPACE_OID, uuid4, uuid5

from chainlit.auth import create_jwt, get_current_user, get_token_from_cookies, set_auth_cookie
from chainlit.auth.jwt import decode_jwt
from chainlit.data import get_data_layer
from chainlit.session import WebsocketSession
from chainlit.types import UpdateFeedbackRequest
from chainlit.user import User as PageUser
from fastapi import APIRouter, Depends, File, HTTPException, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse
from jwt import InvalidTokenError
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from agent.events import Failed, Refused
from storage.errors import NotFound
from storage.library import Library
from storage.records import SELECTED, Job, Picture, Session, Turn, TurnState, User
from tools.catalog import BY_NAME
from tools.errors import BadArgument, BadUpload
from tools.intake import read_upload
from tools.settings import Limits, Settings
from tools.verb import validated
from ui.phrases import wished
from ui.replay import told
from ui.web.turns import BUSY, Busy, Turns, selection_change
from ui.web.uploads import Uploads
from ui.web.view import Change

FOREVER = "private, max-age=31536000, immutable"

LOOK_SECONDS = 0.05
"""How often one looks whether a turn that begins is stored."""

BRANCH = "Branch: "
"""What the name of a branch begins with: the end of a long one is not seen in the list."""

NOTE = (
    "The models that ship with Easel are small: they paint flat little pictures of up to ten everyday things (animals, "
    "food, vehicles, plants, people's heads) in a place, with colours, times of day, weather and styles. Writing, fine "
    "detail and photographs are beyond them. A larger model is one setting away."
)


@dataclass(frozen=True)
class Web:
    """What the routes need; the app's state holds it."""

    settings: Settings
    library: Library
    turns: Turns
    uploads: Uploads
    user: User
    page: str
    publish: Callable[[str, Sequence[Change]], Any]


def web_of(request: Request) -> Web:
    web: Web = request.app.state.web
    return web


Here = Annotated[Web, Depends(web_of)]


async def person(web: Here, page_user: Annotated[PageUser | None, Depends(get_current_user)]) -> User:
    """The signed-in person; 401 without one."""
    if page_user is None or page_user.identifier != web.user.name:
        raise HTTPException(401, "Sign in first.")
    return web.user


Person = Annotated[User, Depends(person)]
router = APIRouter()


def signed_in(headers: Headers, user: User) -> bool:
    """Whether these headers carry the person's cookie, as Easel signed it."""
    try:
        return (
            decode_jwt(get_token_from_cookies(cookie_parser(headers.get("cookie", ""))) or "").identifier == user.name
        )
    except (InvalidTokenError, KeyError, TypeError):  # nothing, or something else
        return False


async def trouble(request: Request, error: Exception) -> Response:
    """What the Library cannot do, as a sentence: what is not there, or another's, is 404, all else may pass (503)."""
    del request
    return JSONResponse({"detail": _clipped(str(error))}, 404 if isinstance(error, NotFound) else 503)


def _clipped(sentence: str, most: int = 300) -> str:
    """A sentence may repeat an id, and so whatever somebody wrote as one."""
    return sentence if len(sentence) <= most else f"{sentence[:most]}…"


async def find(read: Callable[..., Any], *key: Any) -> Any:
    """Reads from the Library in a thread; its errors are answered by `trouble`."""
    return await asyncio.to_thread(read, *key)


# The page.


@router.get("/")
@router.head("/")
@router.get("/thread")
@router.get("/thread/{thread_id}")
@router.get("/login")
@router.get("/login/callback")
async def page(request: Request, web: Here) -> HTMLResponse:
    """The page, which signs its person in: Chainlit's own way would lead through `/login` and forget the address."""
    answer = HTMLResponse(web.page, headers={"cache-control": "no-cache"})
    set_auth_cookie(request, answer, create_jwt(PageUser(identifier=web.user.name, display_name="You")))
    return answer


@router.get("/api/about")
async def about(web: Here) -> dict[str, str | int]:
    """What the welcome says about the models that paint, and how many pictures go with a message."""
    note = NOTE if web.settings.preset.generate == "embedded" else ""
    return {"note": note, "uploads": web.settings.limits.uploads_per_turn}


# Pictures.


@router.get("/api/pictures/{picture_id}")
async def picture(picture_id: str, request: Request, web: Here, user: Person, download: bool = False) -> Response:
    found: Picture = await find(web.library.picture_by_id, user.id, picture_id)
    caption = re.sub(r"\.(png|jpe?g|webp)$", "", found.caption.lower())
    words = re.sub(r"[^\w-]+", "-", caption).strip("-")[:40] or "picture"
    ending = found.media_type.partition("/")[2]
    kind = "attachment" if download else "inline"
    name = quote(f"easel-{found.handle}-{words}.{ending}")
    headers = {"content-disposition": f"{kind}; filename=\"easel-{found.handle}.{ending}\"; filename*=UTF-8''{name}"}
    return await _bytes(request, found.sha256, web.library.pixels, found.media_type, headers)


@router.get("/api/pictures/{picture_id}/thumbnail")
async def thumbnail(picture_id: str, request: Request, web: Here, user: Person) -> Response:
    found: Picture = await find(web.library.picture_by_id, user.id, picture_id)
    return await _bytes(request, found.sha256, web.library.thumbnail, "image/webp", {})


async def _bytes(
    request: Request, sha256: str, read: Callable[[str], bytes], media_type: str, headers: dict[str, str]
) -> Response:
    """A picture's bytes, which never change: the browser may keep them, and nobody between."""
    headers |= {"etag": f'"{sha256}"', "cache-control": FOREVER}
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    return Response(await find(read, sha256), media_type=media_type, headers=headers)


@router.get("/api/jobs/{job_id}/preview")
async def preview(job_id: str, web: Here, user: Person) -> Response:
    """The picture that is being painted, as far as it is; 404 where there is none (yet, or any more)."""
    try:
        job: Job = await find(web.library.job, job_id)
        await find(web.library.session, user.id, job.session_id)
    except NotFound as error:  # another's is as absent as what never was: the same words for both
        raise HTTPException(404, f"There is no job {_clipped(job_id)}.") from error
    data: bytes | None = await find(web.library.preview, job_id)
    if data is None:
        raise HTTPException(404, "There is no preview now.")
    media_type = "image/png" if data.startswith(b"\x89PNG") else "image/webp" if data[8:12] == b"WEBP" else "image/jpeg"
    return Response(data, media_type=media_type, headers={"cache-control": "no-store"})


# What the cards' buttons do.


class Waited(BaseModel):
    """What waited for its session; `behind` a turn that has to have ended well, as it may speak of what that made.

    Its `id` is the page's own: two tabs that send the same thing at once begin one turn.
    """

    id: str = Field("", max_length=60)
    behind: bool = False


class Said(Waited):
    """A sentence that waited or that a button says for the person: a choice, a rewording."""

    text: str


class Pressed(Waited):
    """A tool that a button calls."""

    name: Literal["upscale_image", "vary_image", "edit_image", "adjust_image"]
    args: dict[str, Any]


class Selected(BaseModel):
    """The picture that "it" means; None for the newest."""

    handle: int | None


class Contents(BaseModel):
    """What goes with a session when it is deleted, and how many of its pictures stay in others."""

    title: str
    pictures: int
    shared: int


class Start(BaseModel):
    """The turn that a branch starts from."""

    turn: str


@router.get("/api/sessions/{session_id}")
async def contents(session_id: str, web: Here, user: Person) -> Contents:
    session: Session = await find(web.library.session, user.id, session_id)
    every, shared = len(await find(web.library.pictures, session_id)), await find(web.library.count_shared, session_id)
    return Contents(title=session.title, pictures=every - shared, shared=shared)


@router.post("/api/sessions/{session_id}/say", status_code=202)
async def say(session_id: str, said: Said, web: Here, user: Person) -> dict[str, bool]:
    _hold_to(web.settings.limits, said.text)
    session: Session = await find(web.library.session, user.id, session_id)
    return await _begun(web, session_id, said, lambda turn_id: web.turns.say(session, said.text, turn_id=turn_id))


@router.post("/api/sessions/{session_id}/act", status_code=202)
async def act(session_id: str, pressed: Pressed, web: Here, user: Person) -> dict[str, bool]:
    _hold_to(web.settings.limits, *pressed.args.values())
    session: Session = await find(web.library.session, user.id, session_id)
    name, args = pressed.name, pressed.args
    try:
        validated(BY_NAME[name], args)
    except BadArgument as error:
        raise HTTPException(400, str(error)) from error
    text = wished(name, args)
    return await _begun(web, session_id, pressed, lambda turn_id: web.turns.press(session, name, args, text, turn_id))


def _hold_to(limits: Limits, *words: object) -> None:
    """Refuses words that are too long for a message: there are no more in a button."""
    longest = max((len(each) for each in words if isinstance(each, str)), default=0)
    if longest > limits.message_chars:
        raise HTTPException(
            400, f"That has {longest:,} characters; at most {limits.message_chars:,} are read, so please shorten it."
        )


def _ending(library: Library, session_id: str, last: Sequence[Turn]) -> TurnState:
    """How the session's last turn, of which there may be none, ended; one that was refused has failed."""
    tales = told(last, library.messages(session_id), library.pictures(session_id), library.verdicts(session_id))
    if any(isinstance(event, Refused | Failed) for tale in tales for event in tale.events):
        return TurnState.FAILED
    return last[0].state if last else TurnState.DONE


async def _begun(
    web: Web, session_id: str, waited: Waited, begin: Callable[[str], asyncio.Task[bool]]
) -> dict[str, bool]:
    """Begins a turn with what waited, and answers once that is stored; the same begins one turn, at whichever server.

    Refuses what waits for a turn that still runs (409), or that was stopped, failed or was refused (412), and what
    cannot be stored (503): the page keeps it.
    """
    turn_id = uuid5(NAMESPACE_OID, f"{session_id} {waited.id}").hex if waited.id else uuid4().hex
    turns: list[Turn] = await find(web.library.turns, session_id)
    if any(turn.id == turn_id for turn in turns):
        return {"begun": False}
    if turns and turns[-1].state is TurnState.RUNNING:
        raise HTTPException(409, BUSY)
    if waited.behind and await find(_ending, web.library, session_id, turns[-1:]) is not TurnState.DONE:
        raise HTTPException(412, "What went before did not end well, so this was not sent.")
    try:
        turn = begin(turn_id)
    except Busy as error:
        raise HTTPException(409, str(error)) from error
    while not turn.done():
        if await find(web.library.running, turn_id):
            return {"begun": True}
        await asyncio.wait([turn], timeout=LOOK_SECONDS)
    if not turn.result():
        raise HTTPException(503, "That could not be begun; send it again.")
    return {"begun": True}


@router.put("/api/sessions/{session_id}/selection")
async def select(session_id: str, chosen: Selected, web: Here, user: Person) -> dict[str, int | None]:
    await find(web.library.session, user.id, session_id)
    if chosen.handle is not None:
        await find(web.library.picture, session_id, chosen.handle)
    await find(web.library.update_settings, user.id, session_id, {SELECTED: chosen.handle})
    await web.publish(session_id, [selection_change(session_id, chosen.handle)])
    return {"handle": chosen.handle}


@router.post("/api/sessions/{session_id}/branch")
async def branch(session_id: str, start: Start, web: Here, user: Person) -> dict[str, str]:
    origin: Session = await find(web.library.session, user.id, session_id)
    made: Session = await find(web.library.branch, user.id, start.turn, f"{BRANCH}{origin.title.removeprefix(BRANCH)}")
    return {"session": made.id}


@router.post("/project/file")
async def upload(web: Here, user: Person, file: Annotated[UploadFile, File()], session_id: str = "") -> dict[str, str]:
    """Takes a dropped picture, or says at once why it is none. In place of Chainlit's, which believes the browser.

    Args:
        session_id: The page's socket, as Chainlit names it: it is told what was changed on the way.
    """
    limit = web.settings.limits.upload_bytes
    data = await file.read(limit + 1)
    name = (file.filename or "picture").replace("%22", '"')  # so browsers write a quotation mark
    try:
        loop = asyncio.get_running_loop()
        read = await loop.run_in_executor(web.uploads.checking, read_upload, data, name, web.settings.limits)
    except BadUpload as error:
        raise HTTPException(400, str(error)) from error
    if page := WebsocketSession.get_by_id(session_id):
        emit: Any = page.emit  # Chainlit types it as a plain function; it gives an awaitable
        for note in read.notes:
            await emit("toast", {"message": note, "type": "info"})
    return {"id": web.uploads.keep(user.id, name, data)}


# Thumbs, in place of Chainlit's, to which every trouble is a fault of its own (500).


@router.put("/feedback")
async def thumb(update: UpdateFeedbackRequest, user: Person) -> dict[str, Any]:
    layer = get_data_layer()
    assert layer is not None, "the chat registers one"
    return {"success": True, "feedbackId": await layer.upsert_feedback(update.feedback)}
