"""Find pictures by words, in this session and in the person's other ones.

Captions, and what was seen in the pictures when they were made, are compared with the query by meaning (MiniLM
sentence vectors) as well as by their words, so that "kitten" finds the cat, and finds it after "make it night" too.
Of pictures older than the newest thousand only those that have every word of the query are compared.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from pydantic import Field

from models.english.naming import Names
from models.kinds import sort_of
from models.scene.figures import drawn
from storage.records import Picture
from tools.errors import BadArgument
from tools.meaning import sentence_vectors
from tools.shown import kinds_shown
from tools.verb import Args, Context, Doing, Outcome, Verb, short

CLOSE = 0.35
"""Cosine under which a caption does not mean the query; chosen on the test's pairs."""
MOST = 6
RECENT = 1000
"""How many pictures, the newest, are compared with the query by meaning; older ones must have its words."""
WORDS = 20
"""How many words of a query older pictures must have."""


class FindImages(Args):
    """Search the person's pictures by words ("the one with the boat", "my fox pictures")."""

    query: str = Field(description="What the picture shows.")


def rank(query: str, about: Sequence[Sequence[str]], stop: Callable[[], bool] = lambda: False) -> list[int]:
    """Indices of the pictures that are meant, the closest first.

    Args:
        query: What is looked for.
        about: Texts about each picture, empty ones among them: one that means the query is enough. A picture whose
            texts hold every word of it comes first. Where it names things, and some show these by their last text,
            only those are found, and where it says how many, and some show just so many, only these. Where none
            shows them, only those whose texts name one are.
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
    for wanted in filter(None, (_counted(query), dict.fromkeys(_named(query), 0))):
        fits = [_has(each[-1], wanted) for each in about]
        if any(fits):
            score = np.where(fits, score + 1, -1.0)
            break
    else:
        if kinds := {kind for name in _named(query) for kind in sort_of(name)}:
            score = np.where([any(kinds & _named(text) for text in each) for each in about], score, -1.0)
    score += [all(word in " ".join(each).lower() for word in words) for each in about]
    return [int(index) for index in np.argsort(-score, kind="stable") if score[index] >= CLOSE]


def _counted(query: str) -> dict[str, int]:
    """How many of things a query asks for, where that is more than one."""
    names = Names.shipped()
    counted = names.counted(drawn(query, names)[0])
    return {names.own_of(thing): many for thing, [(_, many), *_] in counted.items() if many > 1}


def _named(query: str) -> set[str]:
    """The things that a query names."""
    names = Names.shipped()
    return {names.own_of(one.thing) for one in names.said(query)}


def _has(shows: str, wanted: Mapping[str, int]) -> bool:
    """Whether a picture shows just so many; with 0 any number will do."""
    there = kinds_shown(shows)
    counts = {name: sum(there[kind] for kind in sort_of(name)) for name in wanted}
    return all(counts[name] == many if many else counts[name] for name, many in wanted.items())


async def find_images(context: Context, args: FindImages) -> Outcome:
    query = args.query.strip()
    if not query:
        raise BadArgument("The query is empty; say what the picture shows, such as “the boat at sunset”.")
    pictures = await asyncio.to_thread(_searched, context, query)
    about = [(picture.caption, picture.shows) for picture in pictures]
    stopped = threading.Event()
    try:
        order = await asyncio.to_thread(rank, query, about, stopped.is_set)
    finally:  # a thread goes on when nobody waits for it any more
        stopped.set()
    shelf = {picture.id: picture for picture in await asyncio.to_thread(context.library.pictures, context.session_id)}
    here = [shelf.get(pictures[index].id, pictures[index]) for index in order]  # one may be in several branches
    found, more = here[:MOST], here[MOST:]
    here = [picture for picture in found if picture.session_id == context.session_id]
    for picture in here:
        context.report.picture(context.call_id, picture)
    elsewhere = [picture for picture in found if picture.session_id != context.session_id]
    data: dict[str, Any] = {"images": [{"image": p.handle, "caption": p.caption} for p in here]}
    if elsewhere:  # without their handles, which are other pictures' in this session
        by_session = await asyncio.to_thread(_by_session, context, elsewhere)
        data["other_sessions"] = [f"{session}: {' and '.join(called)}" for session, called in by_session.items()]
        data["note"] = f"those cannot be used in this session; open {' or '.join(by_session)} for them"
    if more_here := [picture.handle for picture in more if picture.session_id == context.session_id]:
        data["more"] = [f"#{handle}" for handle in sorted(more_here)]
    summary = f"Found {len(found)} for “{query}”." if found else f"Nothing found for “{query}”."
    return Outcome(data, summary, tuple(picture.handle for picture in here))


def _searched(context: Context, query: str) -> list[Picture]:
    """The newest pictures, whatever they show, and of older ones those that have every word of the query."""
    pictures = context.library.newest_pictures(context.user_id, RECENT)
    if len(pictures) == RECENT:
        named = context.library.newest_pictures(context.user_id, RECENT, query.split()[:WORDS])
        pictures = list({picture.id: picture for picture in (*pictures, *named)}.values())
    return pictures


def _by_session(context: Context, pictures: Sequence[Picture]) -> dict[str, list[str]]:
    """What pictures are called, each once, by their session's title and the beginning of its id."""
    called = dict[str, list[str]]()
    for picture in pictures:
        title = context.library.session(context.user_id, picture.session_id).title
        captions = called.setdefault(f"“{title}” ({picture.session_id[:8]})", [])
        captions += [picture.caption] if picture.caption not in captions else []
    return called


def doing(call: Mapping[str, Any]) -> Doing:
    return Doing("Searching", "Searched", f"the pictures for “{short(call.get('query', ''))}”")


VERB = Verb("find_images", FindImages, find_images, doing, makes=False)
