"""What is kept of a conversation: what an unanswered call came to, and what a session is called."""

from __future__ import annotations

import json

UNANSWERED = "stopped before it finished"
STOPPED = json.dumps({"error": UNANSWERED, "fixable": False})


def title_of(text: str, most: int = 60) -> str:
    """A session's title from its first sentence, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0] + "…"
