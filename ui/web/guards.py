"""Who may knock at all: pure ASGI middleware that runs before any route, for HTTP and for the socket alike.

Easel listens on this machine and has no password, so the danger is another page in the same browser. Three rules close
it: the `Host` is one of ours (a foreign name that points here is refused), the `Origin` of everything that is not a
plain page load is exactly the page's own, and what Chainlit offers beside what Easel needs does not exist.

Who has not signed in is refused before a body is read, bodies come in time, and few uploads come at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.web.access import LOOPBACK, Access, access_of

SAFE = ("GET", "HEAD", "OPTIONS")

POLICY = "; ".join(
    (
        "default-src 'self'",
        # The page's cards are compiled in the browser, which takes eval; scripts still come from here alone.
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


UPLOAD = "/project/file"
UPLOADS_AT_ONCE = 8
"""Bodies of uploads that are received at once; they lie in the temporary folder until they are checked."""
STALL_SECONDS = 20.0
"""How long a body may pause."""
BODY_SECONDS = 180.0
"""How long a body may take: the largest upload over a slow line."""


def trusted_hosts(host: str, origin: str = "") -> frozenset[str]:
    """Names under which this machine may be addressed when it listens on `host`, and is known by `origin`."""
    names = set(LOOPBACK)
    if origin:
        names.add(_name(urlsplit(origin).netloc))
    if host in ("", "0.0.0.0", "::"):
        names |= {socket.gethostname().lower(), *_addresses()}
    else:
        names.add(host.lower().strip("[]"))
    return frozenset(names)


def origins(hosts: Iterable[str], port: int) -> list[str]:
    """The page's own addresses, as browsers write them in `Origin`."""
    return sorted(f"http://{f'[{host}]' if ':' in host else host}:{port}" for host in hosts)


class Guard:
    """The outermost middleware: refuses what may not knock, and adds the headers that every answer carries.

    Args:
        hosts: Names by which Easel may be called.
        origin: The page's own address where it is not that of the `Host` that arrives here; empty for none.
        upload_bytes: The most of one upload.
        signed_in: Whether a request with these headers comes from a signed-in person.
    """

    def __init__(
        self, app: ASGIApp, hosts: frozenset[str], origin: str, upload_bytes: int, signed_in: Callable[[Headers], bool]
    ) -> None:
        self._app, self._hosts, self._origin, self._upload_bytes = app, hosts, origin, upload_bytes
        self._signed_in = signed_in
        self._uploading = asyncio.Semaphore(UPLOADS_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket" and refusal is not None:
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": bytes(refusal.body).decode()})
        elif scope["type"] == "websocket":
            await self._app(scope, receive, _with_headers(send, scope["path"]))
        elif refusal is not None:
            await refusal(scope, receive, _with_headers(send, scope["path"]))
        else:
            async with self._uploading if scope["path"].rstrip("/") == UPLOAD else contextlib.nullcontext():
                await self._app(scope, _in_time(receive), _with_headers(send, scope["path"]))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._hosts:
            return PlainTextResponse("This address is not Easel's.", 421)
        method = scope.get("method", "GET")
        if not self._own_origin(scope, headers, host, method):
            return PlainTextResponse("Another page may not use Easel.", 403)
        access = access_of(method, scope["path"])
        if access is Access.CLOSED:
            return PlainTextResponse("Not found.", 404)
        if "transfer-encoding" in headers:  # browsers say how much they send
            return PlainTextResponse("Say the length of what you send.", 411)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._upload_bytes + 2**20:
            return PlainTextResponse(f"At most {self._upload_bytes // 2**20} MB are accepted.", 413)
        if access is not Access.OPEN and scope["type"] == "http" and not self._signed_in(headers):
            return JSONResponse({"detail": "Sign in first."}, 401)  # a socket signs in as it connects
        return None

    def _own_origin(self, scope: Scope, headers: Headers, host: str, method: str) -> bool:
        """True where the request comes from Easel's own page (or is a page load, which has no origin)."""
        origin = headers.get("origin")
        if origin is not None:
            scheme, _, rest = origin.partition("://")
            return origin == self._origin or (scheme in ("http", "https") and rest == host)
        if scope["type"] == "websocket" or method not in SAFE:
            return False
        # Old browsers send no Sec-Fetch-Site; a page load or a typed address sends "none" or "same-origin". A link from
        # another page ("cross-site", mode "navigate") only opens Easel's page.
        site = headers.get("sec-fetch-site", "none")
        return site in ("none", "same-origin") or headers.get("sec-fetch-mode") == "navigate"


def _in_time(receive: Receive) -> Receive:
    """The body of a request; who sends it too slowly is taken for gone."""
    end = asyncio.get_running_loop().time() + BODY_SECONDS
    whole = False

    async def wrapped() -> Message:
        nonlocal whole
        if whole:  # what comes now is the end of the connection, whenever that is
            return await receive()
        try:
            async with asyncio.timeout_at(min(end, asyncio.get_running_loop().time() + STALL_SECONDS)):
                message = await receive()
        except TimeoutError:
            message: Message = {"type": "http.disconnect"}
        whole = not message.get("more_body", False)
        return message

    return wrapped


def _with_headers(send: Send, path: str) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            headers["x-content-type-options"] = "nosniff"
            headers["referrer-policy"] = "same-origin"
            headers["content-security-policy"] = POLICY
            headers["cross-origin-resource-policy"] = "same-origin"
            if path.startswith("/assets/"):  # named after their contents
                headers["cache-control"] = "public, max-age=31536000, immutable"
            elif path.startswith("/public/"):  # ours: a new version must be seen at once
                headers["cache-control"] = "no-cache"
            elif headers.get("content-type", "").startswith("application/json"):  # a person's own
                headers["cache-control"] = "no-store"
        await send(message)

    return wrapped


def _name(host: str) -> str:
    """The host's name without its port: `localhost:8000` → `localhost`, `[::1]:8000` → `::1`."""
    if host.startswith("["):
        return host[1:].split("]", 1)[0].lower()
    return host.rsplit(":", 1)[0].lower() if ":" in host else host.lower()


def _addresses() -> set[str]:
    try:
        found = {str(info[4][0]).split("%")[0] for info in socket.getaddrinfo(socket.gethostname(), None)}
    except OSError:  # nothing knows the machine's own name
        return set()
    return {str(ipaddress.ip_address(address)) for address in found}
