"""Pictures that were dropped on the page and not sent yet: kept in memory, bounded, checked on arrival.

An upload becomes a stored picture when its message is sent; until then it is nobody's but the sender's, and the oldest
is forgotten when there are too many.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from uuid import uuid4

MOST = 12
"""Uploads kept in all; a message takes four."""


@dataclass(frozen=True)
class Waiting:
    user_id: str
    name: str
    data: bytes


class Uploads:
    """What is waiting, by the id that the page was given."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def keep(self, user_id: str, name: str, data: bytes) -> str:
        """Keeps an upload and names it."""
        key = uuid4().hex
        self._waiting[key] = Waiting(user_id, name, data)
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        return key

    def take(self, user_id: str, key: str) -> Waiting | None:
        """Gives an upload to its sender, once; None for another's, or one that was forgotten."""
        found = self._waiting.get(key)
        if found is None or found.user_id != user_id:
            return None
        return self._waiting.pop(key)
