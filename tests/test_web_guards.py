"""Who may ask the page for what: every route of the app, the Host, the Origin (of the socket too), uploads, pictures.

One real server for the whole file, on a free port, over a real Library; the agent is scripted.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from socketio import AsyncClient
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from models.recipe import Extent, Operation, Recipe
from storage.library import Library
from storage.locks import WriteLock
from storage.records import NewPicture, TurnState
from tools.intake import encode_png, thumbnail
from ui.web.access import ROUTES, Access, access_of
from ui.web.guards import Guard, trusted_hosts
from ui.web.page import _secret  # pyright: ignore[reportPrivateUsage]

ROOT = Path(__file__).parent.parent
SOCKET = "/ws/socket.io/?EIO=4&transport="
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


class House:
    """The server, its Library as another process sees it, and a signed-in client."""

    def __init__(self, address: str, data: Path) -> None:
        self.address, self.data = address, data
        self.host = urlsplit(address).netloc
        self.library = Library.open(data / "easel.db")
        self.client = httpx.Client(base_url=address, headers={"origin": address})
        self.client.post("/auth/header").raise_for_status()
        self.stranger = httpx.Client(base_url=address, headers={"origin": address})

    def picture(self, user: str) -> tuple[str, str]:
        """A session of that person with one picture: the ids of both."""
        session = self.library.create_session(self.library.user(user).id, "a session")
        image = Image.new("RGB", (40, 30), (200, 60, 20))
        recipe = Recipe(operation=Operation.IMPORT, extent=Extent(40, 30)).model_dump(mode="json")
        new = NewPicture(encode_png(image), "image/png", 40, 30, thumbnail(image), recipe, "Ein Füchslein/../x")
        return session.id, self.library.add_picture(session.id, None, new).id


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("data")
    process = subprocess.Popen(
        [sys.executable, "tests/webserver.py", "--data", str(data), "--port", "0", "--step", "0.02"],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"http://[\d.]+:\d+", line):
            opened = House(found.group(), data)
            break
    else:
        raise AssertionError("the server does not start:\n" + "".join(said))
    yield opened
    opened.library.close()
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert "Traceback" not in rest, rest
    assert process.returncode == 0


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def filled(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "x", path)


def test_every_route_of_the_app_has_an_authorisation_entry(house: House) -> None:
    command = [sys.executable, "tests/webserver.py", "--routes", "--data", str(house.data / "other")]
    listed = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
    found = {(line.split()[0], line.split()[1]) for line in listed.stdout.splitlines() if line.startswith(METHODS)}
    assert len(found) > 30
    assert found - set(ROUTES) == set()
    assert set(ROUTES) - found - SOCKETS == set(), "the table names a route that is not there"


METHODS = ("GET ", "POST ", "PUT ", "DELETE ", "PATCH ")
SOCKETS = {(method, f"/ws/socket.io{end}") for method in ("GET", "POST") for end in ("", "/")} | {("HEAD", "/")}


@pytest.mark.parametrize(("method", "path"), [key for key, access in ROUTES.items() if access is Access.CLOSED])
def test_what_is_closed_does_not_exist(house: House, method: str, path: str) -> None:
    assert house.client.request(method, filled(path), json={}).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [key for key, access in ROUTES.items() if access in (Access.USER, Access.OWNER) and not key[1].startswith("/ws/")],
)
def test_without_signing_in_nothing_is_given(house: House, method: str, path: str) -> None:
    assert house.stranger.request(method, filled(path), json={}).status_code == 401


@pytest.mark.parametrize("path", ["/nothing", "/element/x", "/share/x", "/public/../easel.db", "/docs", "/env"])
def test_an_unknown_path_is_not_found(house: House, path: str) -> None:
    assert house.client.get(path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""])
def test_a_foreign_host_is_refused(house: House, host: str) -> None:
    answer = house.client.get("/", headers={"host": host})
    assert answer.status_code in (400, 421)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "file://", "http://"]
)
def test_a_foreign_origin_may_neither_write_nor_read_nor_open_the_socket(house: House, origin: str) -> None:
    foreign = {"origin": origin}
    assert house.client.post("/project/threads", json={}, headers=foreign).status_code == 403
    assert house.client.get("/api/about", headers=foreign).status_code == 403
    assert house.client.get(f"{SOCKET}polling", headers=foreign).status_code == 403
    assert house.client.options("/api/about", headers=foreign).status_code == 403
    with pytest.raises(InvalidStatus), connect(f"ws://{house.host}{SOCKET}websocket", origin=origin):  # type: ignore[arg-type]
        pass


def test_a_socket_without_an_origin_is_refused(house: House) -> None:
    with pytest.raises(InvalidStatus), connect(f"ws://{house.host}{SOCKET}websocket"):
        pass


def test_our_own_origin_opens_the_socket(house: House) -> None:
    with connect(f"ws://{house.host}{SOCKET}websocket", origin=house.address) as opened:  # type: ignore[arg-type]
        assert str(opened.recv()).startswith("0{")


def test_a_write_without_an_origin_is_refused(house: House) -> None:
    bare = httpx.Client(base_url=house.address, cookies=house.client.cookies)
    assert bare.post("/project/threads", json={}).status_code == 403
    assert bare.get("/api/about", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert bare.get("/", headers=link).status_code == 200


def test_no_origin_is_echoed(house: House) -> None:
    answer = house.client.get("/user")
    assert answer.headers.get("access-control-allow-origin") in (None, house.address)


def test_a_picture_is_served_with_its_type_and_kept_by_the_browser_alone(house: House) -> None:
    _, picture = house.picture("local")
    answer = house.client.get(f"/api/pictures/{picture}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"].startswith("private")
    named = "inline; filename=\"easel-1.png\"; filename*=UTF-8''easel-1-ein-f%C3%BCchslein-x.png"
    assert answer.headers["content-disposition"] == named
    assert Image.open(io.BytesIO(answer.content)).size == (40, 30)
    again = house.client.get(f"/api/pictures/{picture}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    saved = house.client.get(f"/api/pictures/{picture}?download=true")
    assert saved.headers["content-disposition"].startswith("attachment;")
    small = house.client.get(f"/api/pictures/{picture}/thumbnail")
    assert small.headers["content-type"] == "image/webp"
    assert small.content[8:12] == b"WEBP"


def test_what_belongs_to_someone_else_is_not_found(house: House) -> None:
    session, picture = house.picture("someone else")
    turn = house.library.begin_turn(session, "hello")
    recipe = Recipe(operation=Operation.GENERATE, extent=Extent(8, 8)).model_dump(mode="json")
    [job] = house.library.enqueue(session, turn.id, [recipe], (), "x", "key")
    asked = [
        ("GET", f"/api/pictures/{picture}", None),
        ("GET", f"/api/pictures/{picture}/thumbnail", None),
        ("GET", f"/api/jobs/{job.id}/preview", None),
        ("GET", f"/api/sessions/{session}", None),
        ("POST", f"/api/sessions/{session}/say", {"text": "hello"}),
        ("POST", f"/api/sessions/{session}/act", {"name": "vary_image", "args": {"image": 1}}),
        ("PUT", f"/api/sessions/{session}/selection", {"handle": 1}),
        ("POST", f"/api/sessions/{session}/branch", {"turn": turn.id}),
        ("GET", f"/project/thread/{session}", None),
        ("PUT", "/project/thread", {"threadId": session, "name": "mine"}),
        ("DELETE", "/project/thread", {"threadId": session}),
    ]
    for method, path, body in asked:
        assert house.client.request(method, path, json=body).status_code == 404, path
    absent = house.client.get(f"/api/jobs/{turn.id}/preview").json()["detail"]
    theirs = house.client.get(f"/api/jobs/{job.id}/preview").json()["detail"]
    assert theirs.replace(job.id, turn.id) == absent
    assert house.library.session(house.library.user("someone else").id, session).title == "a session"
    own, _ = house.picture("local")
    taken = house.client.post(f"/api/sessions/{own}/branch", json={"turn": turn.id})
    assert taken.status_code == 404
    house.library.finish_turn(turn.id, TurnState.DONE)


def test_a_thumb_is_kept_with_its_turn_and_taken_back(house: House) -> None:
    session, _ = house.picture("local")
    turn = house.library.begin_turn(session, "hello")
    house.library.finish_turn(turn.id, TurnState.DONE)
    body = {"feedback": {"forId": turn.id, "threadId": session, "value": 0, "comment": "blurred"}, "sessionId": "x"}
    for _ in range(2):  # the same thumb twice is one thumb
        kept = house.client.put("/feedback", json=body).json()["feedbackId"]
    assert [(f.target_id, f.value, f.comment) for f in house.library.feedback(session)] == [(turn.id, -1, "blurred")]
    run = next(step for step in house.client.get(f"/project/thread/{session}").json()["steps"] if step["id"] == turn.id)
    assert run["feedback"] == {"id": kept, "forId": turn.id, "value": 0, "comment": "blurred"}
    assert house.client.request("DELETE", "/feedback", json={"feedbackId": kept}).status_code == 200
    assert house.library.feedback(session) == []


def test_sessions_are_listed_page_by_page_and_searched(house: House) -> None:
    user = house.library.user("local").id
    made = [house.library.create_session(user, f"walrus {number}").id for number in range(5)]
    ask = {"pagination": {"first": 2}, "filter": {"search": "walrus"}}
    seen: list[str] = []
    while True:
        page = house.client.post("/project/threads", json=ask).json()
        seen += [thread["id"] for thread in page["data"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        ask["pagination"]["cursor"] = page["pageInfo"]["endCursor"]
    assert seen == made[::-1]


@pytest.mark.parametrize("user", ["someone else", "local"])
def test_feedback_for_someone_elses_session_or_for_no_turn_is_refused(house: House, user: str) -> None:
    session, _ = house.picture(user)
    body = {"feedback": {"forId": "x", "threadId": session, "value": 1}, "sessionId": "x"}
    assert house.client.put("/feedback", json=body).status_code == 404
    assert house.library.feedback(session) == []
    gone = {"feedbackId": f"{session}:x"}
    assert house.client.request("DELETE", "/feedback", json=gone).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [("cat.png", SVG), ("cat.png", b""), ("cat.jpg", b"\xff\xd8\xff\xe0" + b"0" * 40), ("page.html", b"<html>")],
)
def test_an_upload_that_is_no_picture_is_refused_with_a_sentence(house: House, name: str, data: bytes) -> None:
    answer = house.client.post("/project/file?session_id=x", files={"file": (name, data, "image/png")})
    assert answer.status_code == 400
    assert name in answer.json()["detail"]


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    with contextlib.closing(socket.create_connection(urlsplit(house.address).netloc.split(":"))) as raw:  # type: ignore[arg-type]
        raw.sendall(
            f"POST /project/file?session_id=x HTTP/1.1\r\nHost: {house.host}\r\nOrigin: {house.address}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 999999999\r\n\r\n".encode()
        )
        assert b" 413 " in raw.recv(100)


def test_a_stranger_is_refused_before_the_body_is_read(house: House) -> None:
    with contextlib.closing(socket.create_connection(urlsplit(house.address).netloc.split(":"))) as raw:  # type: ignore[arg-type]
        raw.sendall(
            f"POST /project/file HTTP/1.1\r\nHost: {house.host}\r\nOrigin: {house.address}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000000\r\n\r\n".encode()
        )
        assert b" 401 " in raw.recv(100)


def test_a_body_of_unsaid_length_is_refused(house: House) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = house.client.post("/project/file", content=iter([b"--x"]), headers=headers)
    assert answer.status_code == 411


def test_a_picture_upload_is_kept_for_its_sender(house: House) -> None:
    data = encode_png(Image.new("RGB", (20, 20), (1, 2, 3)))
    answer = house.client.post("/project/file?session_id=x", files={"file": ("cat.svg", data, "image/svg+xml")})
    assert answer.status_code == 200  # the bytes decide, not the name
    assert house.client.get(f"/project/file/{answer.json()['id']}").status_code == 404


def test_the_page_signs_its_person_in_at_every_address(house: House) -> None:
    for address in ("/", f"/thread/{'0' * 32}"):
        with httpx.Client(base_url=house.address) as newcomer:
            assert newcomer.get("/user").status_code == 401
            newcomer.get(address)
            assert newcomer.get("/user").status_code == 200


def test_a_button_calls_only_the_tools_of_buttons(house: House) -> None:
    session, _ = house.picture("local")
    answer = house.client.post(f"/api/sessions/{session}/act", json={"name": "generate_image", "args": {}})
    assert answer.status_code == 422


class Talking:
    """A page that talks over its socket."""

    def __init__(self, house: House, session: str = "") -> None:
        self._house, self._session = house, session
        self._socket = AsyncClient(reconnection=False)
        self.told: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        for event in ("task_start", "task_end", "new_message", "delete_message", "toast", "window_message"):
            self._socket.on(event, partial(self._hear, event))

    async def _hear(self, event: str, data: Any) -> None:
        self.told.put_nowait((event, data))

    async def __aenter__(self) -> Self:
        cookies = "; ".join(f"{name}={value}" for name, value in self._house.client.cookies.items())
        headers = {"Cookie": cookies, "Origin": self._house.address}
        auth = {"sessionId": uuid4().hex, "clientType": "webapp", "userEnv": "{}", "threadId": self._session}
        path = "/ws/socket.io"
        address = self._house.address
        await self._socket.connect(address, headers, auth, transports=["websocket"], socketio_path=path)
        await self._socket.emit("connection_successful")
        await self.hears("task_end")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.disconnect()

    async def say(self, text: str) -> None:
        message = {"id": uuid4().hex, "name": "local", "type": "user_message", "output": text}
        await self._socket.emit("client_message", {"message": message, "fileReferences": []})

    async def stop(self) -> None:
        await self._socket.emit("stop")

    async def hears(self, wanted: str) -> Any:
        async with asyncio.timeout(8):  # less than a change waits for the database
            while True:
                event, data = await self.told.get()
                if event == wanted:
                    return data


@contextlib.contextmanager
def held(house: House) -> Iterator[None]:
    """Another program writes to the database, and goes on doing so."""
    with contextlib.closing(WriteLock(house.data / "easel.db.lock")) as lock, lock.held(5):
        yield


async def test_a_message_that_waits_for_the_database_shows_so_and_is_stopped_with_its_words_kept(house: House) -> None:
    async with Talking(house) as page:
        with held(house):
            await page.say("draw a fox")
            await page.hears("task_start")
            assert (await page.hears("window_message"))["easel"] == "slow"
            await page.stop()
            assert (await page.hears("window_message"))["text"] == "draw a fox"


async def test_stop_that_has_to_wait_for_the_database_says_so(house: House) -> None:
    session, _ = house.picture("local")
    async with Talking(house, session) as page:
        with held(house):
            await page.say("hello")
            await page.hears("new_message")
            await page.stop()
            assert (await page.hears("toast"))["message"].startswith("Easel stops as soon as")
        await page.hears("task_end")
    assert [turn.state for turn in house.library.turns(session)] == [TurnState.STOPPED]


async def test_a_first_message_that_waits_holds_up_nobody_elses(house: House) -> None:
    session, _ = house.picture("local")
    async with Talking(house) as newcomer, Talking(house, session) as other:
        with held(house):
            await newcomer.say("draw a fox")
            await newcomer.hears("task_start")
            await other.say("hello")
            await other.hears("new_message")


def test_what_two_tabs_send_at_once_begins_one_turn(house: House) -> None:
    session, _ = house.picture("local")
    sent = {"text": "hello", "id": "one and the same"}
    answers = [house.client.post(f"/api/sessions/{session}/say", json=sent).json() for _ in range(2)]
    assert answers == [{"begun": True}, {"begun": False}]
    assert len(house.library.turns(session)) == 1


@pytest.mark.parametrize(
    ("path", "body"), [("say", {"text": "hello"}), ("act", {"name": "vary_image", "args": {"image": 1}})]
)
def test_what_waits_for_a_turn_of_another_program_stays_waiting(house: House, path: str, body: dict[str, Any]) -> None:
    session, _ = house.picture("local")
    turn = house.library.begin_turn(session, "in a terminal")

    def send() -> tuple[int, Any]:
        answer = house.client.post(f"/api/sessions/{session}/{path}", json={"id": "waits", **body})
        return answer.status_code, answer.json()

    assert send()[0] == 409 and len(house.library.turns(session)) == 1
    house.library.finish_turn(turn.id, TurnState.DONE)
    assert send() == (202, {"begun": True}) and len(house.library.turns(session)) == 2


def test_what_cannot_be_begun_is_not_told_to_be(house: House) -> None:
    session, _ = house.picture("local")
    sent = {"text": "", "id": "nothing is kept of it"}
    answers = [house.client.post(f"/api/sessions/{session}/say", json=sent).status_code for _ in range(2)]
    assert answers == [503, 503] and house.library.turns(session) == []


def test_the_words_of_a_button_are_held_to_the_length_of_a_message(house: House) -> None:
    session, _ = house.picture("local")
    long = {"name": "edit_image", "args": {"image": 1, "instruction": "blue " * 1000}}
    for path, body in (("act", long), ("say", {"text": "blue " * 1000})):
        answer = house.client.post(f"/api/sessions/{session}/{path}", json=body)
        assert (answer.status_code, "at most 4,000" in answer.json()["detail"]) == (400, True)
    assert house.library.turns(session) == []


def test_what_the_library_cannot_do_is_told_in_a_sentence(house: House) -> None:
    session, picture = house.picture("local")
    with contextlib.closing(sqlite3.connect(house.data / "easel.db")) as file, file:
        kept = file.execute("SELECT data FROM blobs").fetchall()
        file.execute("UPDATE blobs SET data = x'00'")
    answer = house.client.get(f"/api/pictures/{picture}")
    assert (answer.status_code, "restore a backup" in answer.json()["detail"]) == (503, True)
    with contextlib.closing(sqlite3.connect(house.data / "easel.db")) as file, file:
        file.execute("UPDATE blobs SET data = ?", kept[0])
    answer = house.client.get(f"/api/pictures/{'x' * 9000}")
    assert answer.status_code == 404
    assert len(answer.json()["detail"]) < 400
    del session


@pytest.mark.parametrize(
    "cursor", ["abc", "2026-01-01T00:00:00+99", "2026-01-01T00:00:00", "9999-12-31T23:59:59-12:00"]
)
def test_a_place_that_the_list_of_sessions_does_not_have_is_refused(house: House, cursor: str) -> None:
    asked = {"pagination": {"first": 10**30, "cursor": cursor}, "filter": {}}
    assert house.client.post("/project/threads", json=asked).status_code == 400
    asked["pagination"].pop("cursor")
    assert house.client.post("/project/threads", json=asked).status_code == 200


def test_a_persons_own_is_kept_by_no_cache(house: House) -> None:
    session, _ = house.picture("local")
    for path in ("/user", f"/project/thread/{session}"):
        assert house.client.get(path).headers["cache-control"] == "no-store"


def test_the_page_names_no_other_machine(house: House) -> None:
    answer = house.client.get("/")
    assert answer.status_code == 200
    assert re.findall(r"""(?:href|src)=["'](?:https?:)?//""", answer.text) == []
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "<title>Easel</title>" in answer.text
    assert re.findall(r'rel="stylesheet"[^>]*href="([^"]*)', answer.text)[-1] == "/public/easel.css"


def test_the_settings_that_chainlit_gives_are_ours(house: House) -> None:
    given = house.client.get("/project/settings").json()
    features = given["features"]
    assert features["mcp"]["enabled"] is False
    assert features["unsafe_allow_html"] is False
    assert features["edit_message"] is False
    upload = features["spontaneous_file_upload"]
    assert set(upload["accept"]) == {"image/png", "image/jpeg", "image/webp"}
    assert (upload["max_files"], upload["max_size_mb"]) == (4, 20)
    assert given["threadResumable"] is True
    assert len(given["starters"]) >= 3


def test_the_secret_is_readable_by_its_owner_only(house: House) -> None:
    secret = house.data / "web-secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text()) >= 40


def test_a_secret_that_a_full_disk_left_empty_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "web-secret"
    path.touch()
    assert len(_secret(path)) >= 40 and _secret(path) == path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and list(tmp_path.iterdir()) == [path]


def test_a_cookie_signed_with_another_secret_is_worthless(house: House) -> None:
    forged = httpx.Client(base_url=house.address, cookies={"access_token": "eyJhbGciOiJub25lIn0.e30."})
    assert forged.get("/user").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "access"),
    [
        ("GET", "/api/pictures/abc", Access.OWNER),
        ("HEAD", "/api/pictures/abc", Access.OWNER),
        ("GET", "/api/pictures/abc/thumbnail", Access.OWNER),
        ("GET", "/api/pictures/abc/other", Access.CLOSED),
        ("POST", "/api/pictures/abc", Access.CLOSED),
        ("GET", "/assets/a/b.js", Access.OPEN),
        ("PATCH", "/", Access.CLOSED),
        ("POST", "/mcp", Access.CLOSED),
        ("POST", "/mcp/", Access.CLOSED),
        ("GET", "/project/share/x", Access.CLOSED),
    ],
)
def test_a_request_is_matched_to_its_entry(method: str, path: str, access: Access) -> None:
    assert access_of(method, path) is access


async def taken(scope: Scope, receive: Receive, send: Send) -> None:
    """An app that reads the body and says how it ended."""
    message = await receive()
    while message["type"] == "http.request" and message["more_body"]:
        message = await receive()
    await PlainTextResponse(message["type"])(scope, receive, send)


def guard(origin: str = "") -> Guard:
    return Guard(taken, trusted_hosts("127.0.0.1", origin), origin, 1000, lambda _: True)


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("easel.example.org", "https://easel.example.org", 200),
        ("127.0.0.1:8000", "https://easel.example.org", 200),  # a proxy that writes its own
        ("127.0.0.1:8000", "http://127.0.0.1:8000", 200),
        ("127.0.0.1:8000", "https://evil.example.org", 403),
        ("evil.example.org", "https://easel.example.org", 421),
    ],
)
async def test_behind_a_proxy_the_page_has_another_address(host: str, origin: str, status: int) -> None:
    transport = httpx.ASGITransport(guard("https://easel.example.org"))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.post("/project/file", headers={"host": host, "origin": origin}, content=b"x")
    assert answer.status_code == status


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.web.guards.STALL_SECONDS", 0.05)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(30)

    headers = {"host": "127.0.0.1", "origin": "http://127.0.0.1", "content-length": "100"}
    scope = {"type": "http", "method": "POST", "path": "/project/file"}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    answered: list[Message] = []
    body = slowly()

    async def receive() -> Message:
        return {"type": "http.request", "body": await anext(body), "more_body": True}

    async def send(message: Message) -> None:
        answered.append(message)

    async with asyncio.timeout(5):
        await guard()(scope, receive, send)
    assert answered[-1]["body"] == b"http.disconnect"


def test_the_hosts_of_a_listening_address() -> None:
    assert trusted_hosts("127.0.0.1") == {"127.0.0.1", "localhost", "::1"}
    assert "studio.local" in trusted_hosts("Studio.local")
    assert "evil.example" not in trusted_hosts("0.0.0.0")


def test_a_machine_whose_own_name_leads_nowhere_is_trusted_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "nowhere.invalid")
    assert trusted_hosts("0.0.0.0") == {"127.0.0.1", "localhost", "::1", "nowhere.invalid"}
