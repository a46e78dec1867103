"""Every route of the page with who may use it: the table that the guard enforces and a test walks.

A route that is not in the table is closed. `OPEN` gives nothing of anybody's; `USER` asks for the signed-in person;
`OWNER` asks also that the session, turn, picture or job is that person's; `CLOSED` is what Chainlit offers and Easel
does not.
"""

from __future__ import annotations

import re
from enum import StrEnum

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this machine by which no other can reach it."""


class Access(StrEnum):
    OPEN = "open"
    USER = "user"
    OWNER = "owner"
    CLOSED = "closed"


ROUTES: dict[tuple[str, str], Access] = {
    # The page and its parts.
    ("GET", "/"): Access.OPEN,
    ("HEAD", "/"): Access.OPEN,
    ("GET", "/thread"): Access.OPEN,
    ("GET", "/thread/{thread_id}"): Access.OPEN,
    ("GET", "/login"): Access.OPEN,
    ("GET", "/login/callback"): Access.OPEN,
    ("GET", "/assets/{filename:path}"): Access.OPEN,
    ("GET", "/public/{filename:path}"): Access.OPEN,
    ("GET", "/favicon"): Access.OPEN,
    ("GET", "/logo"): Access.OPEN,
    ("GET", "/avatars/{avatar_id:str}"): Access.OPEN,
    ("GET", "/health"): Access.OPEN,
    ("GET", "/project/translations"): Access.OPEN,
    # Signing in: one person, so the page signs in by itself.
    ("GET", "/auth/config"): Access.OPEN,
    ("POST", "/auth/header"): Access.OPEN,
    ("POST", "/logout"): Access.OPEN,
    ("POST", "/set-session-cookie"): Access.OPEN,
    # Easel's own.
    ("GET", "/api/about"): Access.OPEN,
    ("GET", "/api/pictures/{picture_id}"): Access.OWNER,
    ("GET", "/api/pictures/{picture_id}/thumbnail"): Access.OWNER,
    ("GET", "/api/jobs/{job_id}/preview"): Access.OWNER,
    ("GET", "/api/sessions/{session_id}"): Access.OWNER,
    ("POST", "/api/sessions/{session_id}/say"): Access.OWNER,
    ("POST", "/api/sessions/{session_id}/act"): Access.OWNER,
    ("PUT", "/api/sessions/{session_id}/selection"): Access.OWNER,
    ("POST", "/api/sessions/{session_id}/branch"): Access.OWNER,
    ("POST", "/project/file"): Access.USER,
    # Chainlit's, over the Library.
    ("GET", "/user"): Access.USER,
    ("GET", "/project/settings"): Access.USER,
    ("POST", "/project/threads"): Access.USER,
    ("GET", "/project/thread/{thread_id}"): Access.OWNER,
    ("PUT", "/project/thread"): Access.OWNER,
    ("DELETE", "/project/thread"): Access.OWNER,
    ("PUT", "/feedback"): Access.OWNER,
    ("DELETE", "/feedback"): Access.OWNER,
    # The socket signs in with the page's cookie when it connects.
    ("GET", "/ws/socket.io"): Access.USER,
    ("POST", "/ws/socket.io"): Access.USER,
    ("GET", "/ws/socket.io/"): Access.USER,
    ("POST", "/ws/socket.io/"): Access.USER,
    # What Chainlit offers and Easel does not.
    ("POST", "/login"): Access.CLOSED,
    ("POST", "/auth/jwt"): Access.CLOSED,
    ("GET", "/auth/oauth/{provider_id}"): Access.CLOSED,
    ("GET", "/auth/oauth/{provider_id}/callback"): Access.CLOSED,
    ("POST", "/auth/oauth/azure-ad-hybrid/callback"): Access.CLOSED,
    ("GET", "/copilot/{filename:path}"): Access.CLOSED,
    ("GET", "/project/share/{thread_id}"): Access.CLOSED,
    ("PUT", "/project/thread/share"): Access.CLOSED,
    ("GET", "/project/thread/{thread_id}/element/{element_id}"): Access.CLOSED,
    ("PUT", "/project/element"): Access.CLOSED,
    ("DELETE", "/project/element"): Access.CLOSED,
    ("POST", "/project/action"): Access.CLOSED,
    ("GET", "/project/file/{file_id}"): Access.CLOSED,
    ("POST", "/mcp"): Access.CLOSED,
    ("DELETE", "/mcp"): Access.CLOSED,
    ("GET", "/openapi.json"): Access.CLOSED,
    ("GET", "/docs"): Access.CLOSED,
    ("GET", "/docs/oauth2-redirect"): Access.CLOSED,
    ("GET", "/redoc"): Access.CLOSED,
    ("GET", "/{full_path:path}"): Access.CLOSED,
}

_PARAMETER = re.compile(r"\{\w+(:path|:str)?\}")


def _pattern(path: str) -> re.Pattern[str]:
    parts = [re.escape(path[start:end]) for start, end in _between(path)]
    holes = [".+" if hole.group(1) == ":path" else "[^/]+" for hole in _PARAMETER.finditer(path)]
    return re.compile("".join(part + hole for part, hole in zip(parts, [*holes, ""], strict=True)))


def _between(path: str) -> list[tuple[int, int]]:
    """The stretches of a path outside its parameters."""
    edges = [0, *(edge for hole in _PARAMETER.finditer(path) for edge in hole.span()), len(path)]
    return list(zip(edges[::2], edges[1::2], strict=True))


_MATCHERS = [(method, _pattern(path), access) for (method, path), access in ROUTES.items()]


def access_of(method: str, path: str) -> Access:
    """Who may use the route that serves this request; `CLOSED` where no route is named. HEAD is read as GET."""
    method = "GET" if method == "HEAD" and path != "/" else method
    if path != "/" and path.endswith("/") and not path.startswith("/ws/"):
        path = path.rstrip("/")
    for known, pattern, access in _MATCHERS:
        if known == method and pattern.fullmatch(path):
            return access
    return Access.CLOSED
