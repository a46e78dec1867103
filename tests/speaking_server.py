"""A server on this machine that speaks OpenAI's chat completions, and misbehaves as its script says.

Real sockets, real server-sent events: the provider's package, its HTTP client and its parser are all in the way. The
script is a list of answers, one for each request; what was asked is kept in `asked`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Says:
    """Words, one event each. `pause` is in seconds before every event; `cut` ends the stream before its last one:
    "line" drops the connection, "quiet" ends it as if nothing were missing. `reason` is why it ends."""

    text: str
    pause: float = 0.0
    cut: str = ""
    reason: str = "stop"

    def events(self) -> Iterator[dict[str, Any]]:
        for word in self.text.split(" "):
            yield {"content": f"{word} "}


@dataclass(frozen=True)
class Calls:
    """Tool calls, as (identifier, name, arguments as text); the arguments come in pieces of seven characters. `step` 0
    gives all of them the same number, as some servers do."""

    calls: Sequence[tuple[str | None, str, str]]
    text: str = ""
    pause: float = 0.0
    cut: str = ""
    step: int = 1
    reason = "tool_calls"

    def events(self) -> Iterator[dict[str, Any]]:
        if self.text:
            yield {"content": self.text}
        for number, (identifier, name, args) in enumerate(self.calls):
            index = number * self.step
            head = {"index": index, "id": identifier, "type": "function", "function": {"name": name, "arguments": ""}}
            yield {"tool_calls": [head]}
            for start in range(0, len(args), 7):
                piece = {"index": index, "function": {"arguments": args[start : start + 7]}}
                yield {"tool_calls": [piece]}


@dataclass(frozen=True)
class Status:
    """An error instead of an answer, in the provider's words; `after` is its `Retry-After` in seconds."""

    code: int
    after: float = 0.0
    words: str = "as the script says"


@dataclass(frozen=True)
class Declines:
    """A refusal in OpenAI's own form, a word an event."""

    text: str
    pause: float = 0.0
    cut: str = ""
    reason = "stop"

    def events(self) -> Iterator[dict[str, Any]]:
        for word in self.text.split(" "):
            yield {"refusal": f"{word} "}


def calls(name: str, identifier: str | None = "call_1", **args: Any) -> Calls:
    """One well-formed call."""
    return Calls([(identifier, name, json.dumps(args))])


@dataclass
class Speaking:
    """A server at work: its address, what it was asked, and what it has yet to answer."""

    url: str
    script: list[Says | Calls | Declines | Status]
    models: tuple[str, ...]
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    keys: list[str] = field(default_factory=list[str])
    times: list[float] = field(default_factory=list[float])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    speaking: Speaking

    def log_message(self, format: str, *args: Any) -> None:
        del format, args

    def do_GET(self) -> None:
        listed = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.speaking.models]}
        self._json(200 if self.path == "/v1/models" else 404, listed, {})

    def do_POST(self) -> None:
        speaking = self.speaking
        speaking.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        speaking.keys.append(self.headers.get("Authorization", ""))
        speaking.times.append(time.monotonic())
        answer = speaking.script.pop(0) if speaking.script else Status(418)
        if isinstance(answer, Status):
            self._json(answer.code, {"error": {"message": answer.words}}, {"Retry-After": str(answer.after)})
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self._stream(answer)
        except (BrokenPipeError, ConnectionResetError):  # the asker has gone: a timeout, or Stop
            self.close_connection = True

    def _stream(self, answer: Says | Calls | Declines) -> None:
        for delta in answer.events():
            time.sleep(answer.pause)
            self._event(self._chunk(delta))
        if answer.cut == "line":
            self.close_connection = True
            return
        if not answer.cut:
            self._event(self._chunk({}, answer.reason))
            self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": reason}
        return json.dumps(
            {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "tiny", "choices": [choice]}
        )

    def _event(self, data: str) -> None:
        line = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        self.wfile.flush()

    def _json(self, code: int, value: Any, headers: Mapping[str, str]) -> None:
        body = json.dumps(value).encode()
        self.send_response(code)
        for name, content in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, content)
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def speaking(*script: Says | Calls | Declines | Status, models: tuple[str, ...] = ("tiny",)) -> Iterator[Speaking]:
    """A server on a free port of this machine, with its answers in order; when they run out it answers 418."""
    state = Speaking("", list(script), models)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"speaking": state}))
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
