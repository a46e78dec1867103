"""Pictures that were dropped on the page and not sent yet: kept in memory, bounded, checked on arrival.

An upload becomes a stored picture when its message is sent; until then it is nobody's but the sender's, and the oldest
are forgotten when there are too many. A message whose upload was forgotten, here or by a restart, is not sent without.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from tools.errors import BadUpload

MOST = 256 * 2**20
"""Bytes of the uploads that are kept in all: a dozen of the largest, or a hundred photographs."""

DECODED_AT_ONCE = 2


@dataclass(frozen=True)
class Waiting:
    user_id: str
    name: str
    data: bytes


class Uploads:
    """What is waiting, by the id that the page was given.

    Attributes:
        checking: The threads that decode uploads, of which a few kilobytes may stand for hundreds of megabytes.
    """

    def __init__(self, most: int = MOST) -> None:
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()
        self._most = most
        self.checking = ThreadPoolExecutor(DECODED_AT_ONCE, "easel-uploads")

    def keep(self, user_id: str, name: str, data: bytes) -> str:
        """Keeps an upload and names it."""
        key = uuid4().hex
        self._waiting[key] = Waiting(user_id, name, data)
        size = sum(len(upload.data) for upload in self._waiting.values())
        while size > self._most and len(self._waiting) > 1:
            size -= len(self._waiting.popitem(last=False)[1].data)
        return key

    def sent(self, user_id: str, keys: Iterable[str]) -> list[Waiting]:
        """The uploads of a message of their sender; they stay until `drop`.

        Raises:
            BadUpload: One was forgotten, or is another's.
        """
        found = [self._waiting.get(key) for key in keys]
        mine = [upload for upload in found if upload is not None and upload.user_id == user_id]
        if len(mine) < len(found):
            raise BadUpload("A picture that came with this is no longer held, so nothing was done; attach it again.")
        return mine

    def drop(self, keys: Iterable[str]) -> None:
        """Forgets uploads that are stored with their message now."""
        for key in keys:
            self._waiting.pop(key, None)
