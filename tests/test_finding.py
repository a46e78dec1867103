"""Finding pictures by words: many captions and long ones, Stop, and a second search."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from models.errors import Stopped
from models.words import encoder
from tools.find import FindImages, find_images, rank
from tools.meaning import BATCH, sentence_vectors
from tools.verb import Context

WORDS = "red fox snow castle river under old wooden bridge soft morning light many birds over tall trees".split()


def captions(count: int, what: str) -> list[str]:
    return [f"{what} {number} {' '.join(WORDS[number % 7 :: 3])}" for number in range(count)]


class Reading:
    """What the encoder was given to read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.batches: list[list[str]] = []
        sentences = encoder().sentences

        def counted(texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
            self.batches.append(list(texts))
            return sentences(texts)

        monkeypatch.setattr(encoder(), "sentences", counted)


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    return Reading(monkeypatch)


def test_a_long_caption_does_not_make_short_ones_long(reading: Reading) -> None:
    texts = captions(100, "a drawing")
    texts.insert(3, "tree " * 300)
    sentence_vectors(texts)
    assert all(len(batch) <= BATCH for batch in reading.batches) and sum(map(len, reading.batches)) == len(texts)
    lengths = [len(text) for batch in reading.batches for text in batch]
    assert lengths == sorted(lengths)


def test_vectors_come_in_the_order_asked_and_are_those_of_each_text_alone() -> None:
    texts = [*captions(40, "a painting"), "tree " * 300, "a boat", "a boat"]
    alone = np.concatenate([encoder().sentences([text]) for text in texts])
    np.testing.assert_allclose(sentence_vectors(texts), alone, atol=5e-3)


def test_what_is_named_and_nowhere_shown_or_said_is_not_found() -> None:
    about = [("a horse", "horse; meadow"), ("a cat", "cat; room"), ("the elephant of my uncle", "")]
    assert rank("pictures of an elephant", about) == [2]
    assert rank("pictures of a giraffe", about) == []
    assert rank("a kitten", about) == [1]


def test_a_second_search_reads_its_query_alone(reading: Reading) -> None:
    about = [(text,) for text in captions(100, "a sketch")]
    rank("a sketch of a castle", about)
    reading.batches.clear()
    rank("a sketch of a bridge", about)
    assert reading.batches == [["a sketch of a bridge"]]


def test_stop_ends_a_search_within_a_batch_and_what_was_read_is_kept(reading: Reading) -> None:
    about = [(text,) for text in captions(100, "a photograph")]
    with pytest.raises(Stopped):
        rank("a castle by night", about, lambda: bool(reading.batches))
    assert len(reading.batches) == 1
    rank("a castle by night", about)
    assert sum(map(len, reading.batches)) == 101


async def test_a_picture_that_a_thousand_others_followed_is_found_by_its_words() -> None:
    pictures = [
        SimpleNamespace(id=f"{number}", caption="a green hill", shows="", session_id="") for number in range(2000)
    ]
    pictures.append(SimpleNamespace(id="first", caption="a Purple unicorn", shows="", session_id="", handle=1))

    def newest(_user: str, limit: int, words: Sequence[str] = ()) -> list[SimpleNamespace]:
        return [one for one in pictures if all(word in one.caption.lower() for word in words)][:limit]

    context = SimpleNamespace(
        library=SimpleNamespace(newest_pictures=newest, pictures=lambda _session: []),
        user_id="me",
        session_id="",
        call_id="",
        report=SimpleNamespace(picture=lambda *_: None),
    )
    found = await find_images(cast("Context", context), FindImages(query="purple unicorn"))
    assert found.pictures == (1,)


async def test_who_stops_a_search_does_not_leave_it_reading(reading: Reading) -> None:
    pictures = [SimpleNamespace(caption=text, shows="") for text in captions(600, "a woodcut")]
    context = SimpleNamespace(library=SimpleNamespace(newest_pictures=lambda *_: pictures), user_id="me")
    task = asyncio.create_task(find_images(cast("Context", context), FindImages(query="a castle in the fog")))
    while not reading.batches:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    begun = len(reading.batches)
    await asyncio.sleep(1)
    assert len(reading.batches) <= begun + 1 < 600 / BATCH


async def test_a_picture_of_a_branch_is_found_under_its_own_number_there() -> None:
    first, here = (
        SimpleNamespace(id="one", session_id=session, handle=handle, caption="a dog on a beach", shows="dog; beach")
        for session, handle in (("old", 7), ("branch", 2))
    )
    library = SimpleNamespace(newest_pictures=lambda *_: [first], pictures=lambda _session: [here])
    told = SimpleNamespace(picture=lambda _call, _picture: None)
    context = SimpleNamespace(library=library, user_id="me", session_id="branch", call_id="c", report=told)
    outcome = await find_images(cast("Context", context), FindImages(query="the dog"))
    assert outcome.data["images"] == [{"image": 2, "caption": "a dog on a beach"}]
    assert "other_sessions" not in outcome.data
