"""Why a picture is as it is, from the record: a question "why …" asks for an answer and orders nothing.

What was asked for is in the captions of the picture's line, and what there is in what was seen in it.
"""

from __future__ import annotations

from models.chat.conversation import Scene, ShelfPicture, called_in, it_of, telling
from models.chat.lines import around_in, kinds_in, line_of
from models.english.naming import Names
from models.english.patterns import any_of, regex
from models.english.weathers import says, weathers_in
from models.kinds import sort_of

_WHY = regex(
    r"\W*(?:(?:so|but|and|wait|no)\W+)*"
    r"(?:why (?:would|should) (?P<there>there be [^.,;!?]+)(?:, (?:it|that|there|s?he|they)(?:['’]?s| is| are)\b.+)?"
    r"|(?:why|how come)(?:['’]?s)? (?:(?:is|are|was|were|(?P<did>did)|does|do|has|have)(?P<lacks>n['’]?t)? )?"
    r"(?P<what>[^.,;!?]+)"
    r"|what(?:['’]?s| has| is)? happened (?:to|with) (?P<lost>[^.,;!?]+))\W*",
)
_NO_QUESTION = any_of(r"""
    no|any|don['’]?t|do not|cannot|can(?:['’]?t)?|could\w*|would\w*|should\w*|won['’]?t|bother|i|we|me
    pictures|images|picture|image|pixel\w*|quality|blur\w*|fuzzy|rough|slow\w*|long|work\w*|fail\w*|block\w*|refus\w*
    seed|error
""")
"""What makes it a wish, or a question about Easel."""
_OF_YOU = regex(r".*\b(?:why|how come) (?:are|do|were)(?:n['’]?t)? you\b")
_PARTS = any_of(
    r"eyes?|ears?|noses?|mouths?|faces?|hands?|arms?|legs?|feet|paws?|tails?|hair|heads?|wings?|beaks?|teeth|smiles?"
)
_GONE = any_of(r"gone|away|missing|remov\w*|delet\w*|eras\w*|disappear\w*|vanish\w*|lost|left out")
_FILLING = frozenset(
    "you did does still only just really very always suddenly paint painted drawn drew gone away missing remove removed"
    " delete deleted erase disappear disappeared vanish vanished lost left out like happened thing way here your"
    " because been being become went".split()
)
_HOURS = ("night", "sunset")
_ALSO = {"dark": "night", "darker": "night", "bright": "day"}
_HOW = {"picture": "painted from", "edit": "edited by", "upload": "uploaded as"}


def reason(scene: Scene) -> str:
    """The answer to a question why the picture is so, or what became of something in it; "" where none is asked."""
    found, called = _WHY.fullmatch(scene.said), called_in(scene)
    picture = scene.on_shelf(called[0] if called else it_of(scene))
    what = (found["what"] or found["there"] or found["lost"]) if found else ""
    if not found or picture is None or len(called) > 1 or _NO_QUESTION.search(what):
        return ""
    if _OF_YOU.match(scene.said) or what.startswith("not "):
        return ""
    if found["lacks"] or " not " in what:
        return f"Nothing in #{picture.handle} was painted so yet. Say what it should be, and I change it."
    gone = found["lost"] is not None or _GONE.search(what) is not None
    return _otherwise(picture, what, gone=gone) or _asked_for(
        scene, picture, what, gone=gone, did=found["did"] is not None
    )


def _otherwise(picture: ShelfPicture, what: str, *, gone: bool) -> str:
    """That a picture is not as the question has it; "" where it is, or nobody has looked."""
    if not picture.shows:
        return ""
    kinds, shown = {*kinds_in(picture)}, _shown(picture)
    said, names = Names.shipped().said(what), Names.shipped()
    there = [bool(sort_of(names.own_of(one.thing)) & kinds) for one in said]
    if gone:
        return f"It is there: {shown}" if said and all(there) else ""
    lacking = [what[one.start : one.end] for one, shows in zip(said, there, strict=True) if not shows]
    lacking = [thing for thing in lacking if not _PARTS.search(thing)]
    dark = "dark" in what.lower()
    hours = [*(hour for hour in _HOURS if not dark and says(what, hour)), *weathers_in(what)]
    lacking += [hour for hour in hours if hour not in around_in(picture)]
    return f"There is no {lacking[0]}: {shown}" if lacking else ""


def _shown(picture: ShelfPicture) -> str:
    return f"#{picture.handle} shows {picture.shows.replace('; ', ' – ')}."


def _asked_for(scene: Scene, picture: ShelfPicture, what: str, *, gone: bool, did: bool) -> str:
    """By which words it was asked for, or that nobody did; that what something `did` is not to be seen."""
    words = telling(what) - _FILLING
    words |= {_ALSO[word] for word in words & _ALSO.keys()}
    names = telling(" ".join(what[one.start : one.end] for one in Names.shipped().said(what)))
    line = sorted((one for one in scene.shelf if one.handle in line_of(scene, picture.handle)), key=lambda p: p.handle)

    def shared(one: ShelfPicture, wanted: frozenset[str]) -> int:
        caption = telling(one.caption)
        return sum(any(word.startswith(said) or said.startswith(word) for said in caption) for word in wanted)

    fits = [one for one in line if shared(one, words - names or words) and not (gone and one.kind == "picture")]
    if did and names and words > names and not (gone or fits or (words - names) & telling(picture.shows)):
        return f"That is not to be seen: {_shown(picture)}" if picture.shows else ""
    told = max(fits, key=lambda one: (shared(one, words), one.handle), default=None if words else picture)
    if told is not None:
        return f"That is from your words: #{told.handle} was {_HOW.get(told.kind, 'made by')} “{told.caption}”."
    if line[0].kind == "upload":
        return f"I did not paint that: #{line[0].handle} was uploaded."
    return "Nobody asked for it: the painter chooses what your words leave open. Say how it should be, and I change it."
