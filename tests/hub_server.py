"""A hub on this machine: enough of the Hugging Face hub's protocol for its own client, over a real socket.

It lists repositories with sizes and hashes, and gives files whole or from a byte on. It can be told to cut connections,
to fall silent, to refuse, and to give or claim what is not so, once or for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 100_000
"""Files from this size on are named by their SHA-256, smaller ones by git's hash."""


@dataclass
class Hub:
    """Repositories by id (folders), what was asked for, and how the hub misbehaves."""

    repositories: dict[str, Path] = field(default_factory=dict[str, Path])
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])  # file, its Range header
    cut_after: int = 0
    """Bytes of a large file after which the next connection is cut; 0 for none."""
    silent_after: int = 0
    """Bytes of a large file after which nothing more comes until `speak` is set; 0 for never."""
    speak: threading.Event = field(default_factory=threading.Event)
    refusing: bool = False
    spoilt: bool = False
    claimed: int = 0
    """Bytes that large files are said to have."""

    def files_given(self) -> list[str]:
        return [name for name, _ in self.asked]

    def listing(self, name: str) -> dict[str, object]:
        folder = self.repositories[name]
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        siblings = [{"rfilename": path.relative_to(folder).as_posix()} | self._facts(path) for path in files]
        return {"_id": "1", "id": name, "modelId": name, "sha": COMMIT, "siblings": siblings, "private": False}

    def _facts(self, path: Path) -> dict[str, object]:
        data = path.read_bytes()
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        if len(data) < LARGE:
            return {"size": len(data), "blobId": blob}
        size = self.claimed or len(data)
        lfs = {"sha256": hashlib.sha256(data).hexdigest(), "size": size, "pointerSize": 130}
        return {"size": size, "blobId": blob, "lfs": lfs}


@contextmanager
def serving(hub: Hub) -> Iterator[str]:
    """The hub's address while it is open."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/\w+", path):
                self._list(match[1])
            elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/\w+/(.+)", path):
                self._give(match[1], match[2])
            else:
                self._answer(404, b"{}")

        def _list(self, name: str) -> None:
            if name not in hub.repositories:
                self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
            else:
                self._answer(200, json.dumps(hub.listing(name)).encode(), {"Content-Type": "application/json"})

        def _give(self, name: str, file: str) -> None:
            hub.asked.append((file, self.headers.get("Range", "")))
            if hub.refusing:
                self._answer(503, b"closed")
                return
            data = (hub.repositories[name] / file).read_bytes()
            large = len(data) >= LARGE
            if hub.spoilt and large:
                data = bytes(len(data))
            start = int((re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", "")) or ["", "0"])[1])
            cut = (hub.cut_after or hub.silent_after) if large else 0
            hub.cut_after = 0 if cut else hub.cut_after
            self._answer(206 if start else 200, data[start:], cut=cut)

        def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None, cut: int = 0) -> None:
            self.send_response(status)
            for key, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body[:cut] if cut else body)
            if cut:
                self.wfile.flush()
                if hub.silent_after:
                    hub.speak.wait()
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        hub.speak.set()
        server.shutdown()
        server.server_close()
        thread.join()
