"""Sentences that only go back, or choose: "undo", "the one before was better", "back to the castle", "undo the hat",
"keep the sunny one".

What is shown again is the next "it". The shelf decides which picture that is: what "it" was made from, where a line of
pictures began, or the newest that shows what the sentence names (`models/chat/lines.py`). What a sentence wants of a
picture that it calls so ("take the beach one and make it night", "enlarge the cave picture") is decided as if that
picture were selected and only the rest were said (`of_the_called`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from models.chat.called import called_at, pointed_at_in
from models.chat.conversation import Scene, ShelfPicture, called_in, it_of, named, telling
from models.chat.lines import called_by, describes, line_of, newest_of, newest_showing
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, regex
from models.english.pictures import PICTURE
from models.english.politeness import BEFORE, MAY_I, OPENERS, POLITE, bare

_IT = "(?:it|that|this)"
_BAD = "(?:a mistake|an? accident|wrong|bad|worse|ugly|awful|terrible|not right)"
_FIRST = (
    rf"\W*(?:(?:{OPENERS}|no|nah|nope|oops|ugh|uh oh|my bad|mistake"
    r"|(?:none|neither|not (?:any|one)) of (?:them|those|these)|not (?:that|this) one"
    rf"|{_IT} (?:is|was|looks?|looked) {_BAD}|that'?s (?:{_BAD}|(?:way |far |a bit )?too \w+)"
    rf"|(?:i )?(?:(?:don'?t|do not|didn'?t|did not) like|hated?) {_IT}"
    r"|(?:(?:the|that|my) )?[\w' ]{2,25} (?:was|is|looked) (?:just )?"
    r"(?:fine|ok|okay|good|nice|nicer|better|right|great|perfect)"
    r"|i (?:made a mistake|messed (?:it )?up|screwed (?:it )?up|changed my mind))\W+)*"
)
_CAN = rf"(?:let'?s |let me |lemme |i wanna |i(?:'d| would)? (?:want|like) (?:to )?|(?:i|we)(?:'ll| will) |{MAY_I})"
_LAST = (
    rf"(?:\W+(?:{POLITE}|again|then|instead|now|one more time|once more|back|go back"
    r"|show (?:it|that|me that|it again|that again))\b)*\W*"
)
_PICTURE = f"(?:one|{PICTURE})"
_BETTER = (
    "(?: (?:was|is|looked|looks) (?:much |way |a lot |so much |actually )?"
    "(?:better|best|nicer|nicest|stronger|cooler|cuter))?"
)
_GIVE = (
    "(?:show me |see |give me |restore |use |keep |take |choose |(?:go|stick|stay) with |(?:go )?back to |bring back "
    "|have |i (?:liked|preferred|prefer|want) )?"
)
_WHAT = "(?P<what>[\\w' -]{2,40}?)"
_OTHER = "(?P<other>[\\w' -]{2,40}?)"


def _whole(*forms: str) -> re.Pattern[str]:
    return regex(f"{_FIRST}{_CAN}(?:{'|'.join(forms)}){_LAST}")


_IN_COLOUR = _whole(
    r"(?:(?:(?:go|turn it|make it|put it|change it) )?back (?:to|in|into) |in |with )(?:the )?(?:full )?colou?rs?"
    r"(?: again)?"
    r"|colou?rs?(?: back)?(?: again)?|(?:bring|give me|i want) (?:the |its )?colou?rs? back"
)
_GREY = regex(r"grey|gray|black (?:and|&|n) white|b ?& ?w|bw\b|monochrome|colou?rless")
_UNDO = _whole(
    r"(?:undo+|revert|reverse|take back|roll ?back|cancel|scrap|discard)"
    rf"(?: (?:back|{_IT}|(?:the|that|your|my) (?:last |latest )?(?:edit|changes?|step|one|thing)"
    r"|what (?:i|you) (?:just )?did))?",
    rf"(?:take|change|put|set|turn|switch|bring|roll) {_IT} back(?: (?:how|as|to (?:how|what)) it was)?",
    rf"make {_IT} (?:(?:like|as)(?: it was)? before|the way it was|how it was)(?: before)?",
    r"(?:bring|put|get|give|i want|want) (?:it|that|him|her|them) back",
    r"go back to how it was|(?:like it|as it) was(?: before)?|as before|back to before",
    r"(?:go |step |a step |one step )?(?:one step |a step )?back(?: one(?: step)?| to (?:the )?before)?",
    r"go back (?:a|one) step|(?:ctrl|cmd|control|command)[ +-]?z|previous state|(?:have )?it back(?: as it was)?",
    r"(?:i (?:liked|preferred|prefer|like) )?(?:it|that)(?: was| looked)?"
    r"(?: (?:much |way |a lot )?(?:better|nicer|more))? before|before was (?:better|nicer)",
    r"i (?:prefer|preferred|liked) how it was(?: (?:better|more))?(?: before)?",
    rf"{_GIVE}(?:the|my) (?:old|older|previous|earlier|prior) {_PICTURE}{_BETTER}",
    rf"{_GIVE}(?:the one before|previous {_PICTURE}){_BETTER}",
    r"(?:(?:go )?back to )?the (?:full|whole|entire|uncropped) (?:thing|picture|image|pic|photo|one|size|version)",
)
_MANY = rf"(?:{NUMERALS}|\d)"
_UNDO_MANY = _whole(
    r"(?P<row>undo+(?:[\s,.!]+(?:and |then )?undo+)+)",
    r"(?:undo|revert|cancel|scrap|discard|roll ?back|take back|go back)"
    rf" (?:{_IT} )?(?P<times>twice|thrice|{_MANY} times)",
    rf"undo(?: {_IT})?[ ,]*(?:x ?(?P<by>\d)|(?P<fold>\d) ?x)",
    r"(?:undo|revert|cancel|scrap|discard|roll ?back|take back) (?:the |my |your |those |these )?(?:last |latest )?"
    rf"(?P<changes>{_MANY}|both|couple(?: of)?)(?: (?:things|changes|edits|steps))?",
    rf"(?:go |step |roll |take {_IT} )?back (?:by )?(?P<steps>{_MANY}) (?:steps|changes|edits)",
    rf"(?:(?:go )?(?:back )?to )?(?:the (?:one|picture|version) )?(?P<ago>{_MANY}|an?) (?:steps?|changes?|edits?)"
    r" (?:ago|before|back|earlier)",
)
_REDO = _whole(
    r"(?:redo|re-do)(?: (?:it|that|(?:the|my|that) (?:last )?(?:edit|change|step)))?",
    r"undo (?:the|that|my) (?:last )?undo(?:ing)?",
    r"(?:ctrl|cmd|control|command)[ +-]?(?:y|shift[ +-]?z)|(?:go |step |one step )?forward(?: (?:a|one) step)?",
)
_ORIGINAL = _whole(
    rf"(?:(?:go |take me |switch |reset )?(?:back )?to |{_GIVE})"
    rf"(?:the|my) (?:very )?original(?: {_PICTURE}| upload| file)?{_BETTER}"
)
_UNDONE = _whole(
    rf"(?:undo|revert|cancel|scrap|discard) (?:the|that|my|your) {_WHAT}(?: (?:edit|change|thing))?",
    rf"(?:bring|put|get|give|i want|want) (?:me )?(?:the|that|my|his|her) {_OTHER} back",
)
_TURNED_BACK = _whole(rf"(?P<what>flip|mirror|rotate|turn) {_IT} back(?: again)?")
_EARLIER = _whole(
    rf"(?:(?:go )?(?:back )?to )?(?:how it was |(?:the )?{_PICTURE} |when it was )?(?:right |just )?before"
    rf" (?:(?:you|i) added )?(?:the |that |any )?{_WHAT}",
    rf"{_GIVE}(?:(?:go|back|to|with|in) )*the {_PICTURE} (?:right |just )?(?:before|without)"
    rf" (?:(?:you|i) added )?(?:the |that |any )?{_OTHER}{_BETTER}",
)
_BEFORE_IT_WAS = _whole(
    rf"(?:{_GIVE}(?:(?:the|that|my) )?[\w' -]{{2,25}}? |(?:(?:go )?(?:back )?to )?)"
    rf"(?:right |just )?before (?:it|he|she|they|that) (?:was|were|got|became|turned) (?:all )?{_WHAT}"
)
_WHEN = _whole(
    rf"(?:(?:go |get )?back to |{_GIVE})(?:the time |how it was )?when (?:the |my |his |her )?{_WHAT} (?:was"
    rf"|were) (?:still )?"
    rf"(?:in )?(?:the |an? )?{_OTHER}"
)
_ORIGINAL_OF = _whole(rf"{_GIVE}the original (?:of|for|behind) (?P<what>(?:the|that|my) [\w' -]{{2,40}})")
_AGAIN = _whole(r"(?:and )?(?:again|once more|one more time|another (?:time|step)|further back)")
_LIKED_SO = _whole(
    r"(?:i )?(?:(?:liked|preferred|prefer) it(?: better| more| best)?|like it (?:better|more|best))"
    r" (?:in|at|with|as|by|when it was) (?:the |an? )?"
    rf"{_WHAT}",
    rf"it (?:was|looked) (?:much |way |a lot )?(?:better|nicer) (?:in|at|with|as|when it was) (?:the |an? )?{_OTHER}",
)
_WITHOUT = _whole(rf"{_GIVE}(?:it|that) (?:better |more )?without (?:the |any )?{_WHAT}{_BETTER}")
_SEEN_AGAIN = _whole(
    r"(?:show|see|display|view)(?: me| us)? (?:(?:it|this|that|him|her) )?(?:again|once more|one more time)"
)
_NAMED = _whole(
    r"(?:show(?: me)?|see|look at|display|view|pull up|(?:go|switch|return) to"
    rf"|(?:(?:go|get|jump|move|switch|return|come|take me|take us) )?back to)"
    r" (?!.*\b(?:before|versions|too|as well|and (?!(?:the|an?|my)\b))\b)(?:the|my|that) "
    rf"{_WHAT}(?: {_PICTURE})?",
    rf"(?!.*\b(?:too|as well)\b){_GIVE}the {_PICTURE} (?:with|in|on|at) (?:the |an? )?{_OTHER}{_BETTER}",
)
_PREFERRED = _whole(
    r"(?:keep|use|take|have|choose|pick|prefer|(?:go|stick|stay) with|i(?:'d| would)? (?:rather have|prefer(?:red)?)"
    r"|(?=.*\b(?:better|best|more|most)\b)i (?:really )?(?:like|love)d?)"
    rf" (?!.*\b(?:off|out|from|away|into|onto|and|but)\b)(?:the|that|my) {_WHAT} {_PICTURE}"
    "(?: (?:the )?(?:better|best|more|most))?",
    rf"(?:the|that|my) {_OTHER} {_PICTURE}[\s,;:.!-]+(?:(?:that|it|this)(?:'?s| is| was) |is |was |looks )?"
    r"(?:(?:much|way|so|by far|definitely|just|actually) )*(?:(?:the|my|a|our) )?"
    r"(?:winner|keeper|favou?rite|best|better|nicest|nicer|prettiest|cutest|perfect|great|lovely)"
    r"(?: (?:one|so far|(?:of )?(?:them )?all|by far))*",
)
_EXCLAIMED = regex(
    rf"^\W*(?!\w*\d)(?:(?:{OPENERS}|no)\W+)*(?!(?:make|add|put|place|give|take|remove|delete|turn|change|paint"
    rf"|draw|colou?r"
    r"|swap|replace|move|crop|cut|flip|rotate|zoom|show|look|enlarge|upscale)\b)"
    r"[a-z' ]{1,40}[!.,]+\s+(?=(?:no |pls |please |now |so |then )*(?:undo|revert|go back)\b)",
)
"""A clause before "undo" that orders nothing itself."""
_AND = regex(r"\s*[,;:.]\s*(?:(?:and|but|then|now|only) )*|\s(?:and|but|then)\s+(?:(?:then|now|also) )?")
_BACK = regex(r"\b(?:back$|back to|go back|undo|revert|before|previous|earlier|original)\b")
_TAKE = (
    r"(?:(?:i(?:'d| would)? (?:really )?(?:want|like|love|need|prefer)(?:red|d)?"
    r"|(?:let'?s )?(?:take|use|keep|have|choose|pick|try|open|get)|(?:go|stick|stay|work|continue) with|give me"
    r"|show me"
    r"|in|with|on|to|for|(?:(?:go|get|switch|return|come) )?(?:back )?to)\s+)"
)
_CALLED = regex(
    rf"(?:(?:and|now|then)\W+)*{_CAN}(?:can i have )?{_TAKE}?(?:the|that|my) {_WHAT} {_PICTURE}{_BETTER}"
    r"(?: (?P<again>again|once more|back)| better| best| more| most| instead)*",
)
_ORDERS_OF = regex(
    r"(?:enlarge|upscale|blow up|scale|crop|cut|trim|rotate|turn|flip|mirror|brighten|darken|lighten|sharpen|blur"
    r"|resize|shrink|make|add|put|place|draw|paint|write|give|move|remove|delete|erase|take|replace|swap|change"
    r"|vary|print"
    r"|in|on|to|i (?:want|need)|(?:(?:three|two|four|some|a few|[2-8]|a) )?variations? of|what(?:'s| is| are)|how many"
    r"|describe)\b",
)
_ASKS = regex(r"(?:what|how)\b")
_TAKES_OUT = regex(r"(?:remove|delete|erase|take)\b")
_OF_A_PICTURE = regex(
    r"(?<!like )(?<!than )(?<!as )(?<!into )(?<!style of )(?<!instead of )(?:\b(?P<at>in|on|to|onto|from) )?"
    r"\b(?:the|that|my) (?P<what>(?!(?:one|picture|image)\b)[\w'-]+(?: [\w'-]+){0,2}?)"
    rf" {_PICTURE}\b(?! (?:of|with|from|before))",
)
_POINTED = regex(
    rf"{BEFORE}(?:(?:none of (?:them|those|these)|not (?:that|this) one)\W+)?(?:(?:not|no) (?:the|that"
    rf"|my) [\w' -]{{2,30}}?"
    rf"(?: but|,) )?{_TAKE}?(?:find |where(?:'s| is) )?(?:i (?:said|meant|mean) )?(?P<one>[\w'& -]{{3,60}}?(?:,? "
    rf"(?:and|but) (?:no|without) [\w' -]+?)?){_BETTER}(?: after all| again| instead)*(?:,? (?:and )?not (?:the"
    rf"|that|my) [\w' -]{{2,30}})?{_LAST}"
)
_GOES_ON = regex(
    r"(?:[,.;:]\s*|\s+)(?:(?:please|pls|again|and|but|now|only|instead|then)\b[\s,]*)*"
    r"(?P<then>(?:in|on|at|as|with|without|by|under|during|no|bigger|larger|smaller|darker|brighter|lighter"
    r"|warmer|sharper"
    r"|wider|\d ?x|make|turn|add|put|give|paint|remove|take|crop|flip|mirror|rotate|enlarge|upscale|blur|sharpen)\b.*"
    r"|(?P<should>should|must|needs?|wants?|gets?) .*)",
    re.IGNORECASE | re.DOTALL,
)
"""What is wanted of a picture that was called just before."""
_TWO_OF_THEM = regex(r"\b(?:both|each|all)\b")
_NO_SUCH = regex(r"There is no (#\d+)\. Which one")
_NUMBER_ASKED = regex(r"Is (\d+) the number of a picture\b")
_A_PICTURES = regex(
    r"\W*(?:(?:it['’]?s|it is|yes|yeah|the|a|of|show|i (?:mean|meant|want)|that of)\W+)*"
    r"(?:(?:number of (?:a|the) )?(?:picture|image|pic|photo)(?:['’]?s number)?(?: (?:number )?#?\d+)?|number"
    r"|#?(?P<number>\d{1,4}))\W*"
)
_SO_MANY_OF_IT = regex(
    r"\W*(?:(?:it['’]?s|it is|the|i (?:mean|meant|want))\W+)*"
    r"(?:how many\b.*|(?:so|that|as) many(?: of (?:them|something))?|of (?:them|something)|amount|count|things?)\W*"
)
_THIS_AND = regex(
    rf"{BEFORE}(?:i (?:meant|mean) )?(?:#|number |no\.? |picture |the )?(?P<this>\d{{1,2}}),?\s+(?:and|plus"
    rf"|but)\s+(?P<then>.+)",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = regex(r"\b(?:page|panel) (?P<page>[1-9])\b")
_ON_PAGE = regex(
    rf"(?:on |in |for )?{_PAGE.pattern}[\s,.:;-]+(?P<then>\w.+)|(?P<first>.+?),? (?:on|in|to|onto) (?:page|panel) "
    rf"(?P<last>[1-9])",
    re.IGNORECASE | re.DOTALL,
)
_TAKEN = regex(rf"(?:(?:and|now|then)\W+)*{_CAN}(?:can i have )?{_TAKE}")
_THE = regex(
    r"(?P<other>\b(?:like|than|as|into|style of|instead of|from) )?(?P<at>\b(?:in|on|to|onto) )?(?=\b(?:the|that|my) )"
)
_NO_THING = regex(rf"(?:ones?|try|attempt|{PICTURE}|sketch|watercolou?r|upload|original|enlargement)")
_FEW = {"a": 1, "an": 1, "twice": 2, "thrice": 3, "both": 2, "couple": 2}
_UPLOADED = frozenset({"upload", "uploaded", "file"})
_OPERATIONS = {
    "brightness": "brightness brighter bright darker dark darkening brightening".split(),
    "contrast": ["contrast"],
    "saturation": "saturation colours colors colour color".split(),
    "greyscale": "greyscale grayscale grey gray bw monochrome white".split(),
    "crop": "crop cropping cut".split(),
    "rotate": "rotate rotation rotating turn".split(),
    "flip": "flip mirror mirroring".split(),
    "blur": "blur blurring".split(),
    "sharpen": "sharpen sharpening".split(),
    "times larger": "upscale enlargement upscaling".split(),
}


def undoes(said: str) -> bool:
    """Whether a sentence asks for the picture before the last change, or the last few, and for nothing else."""
    return _steps_back(said) > 0


def _steps_back(said: str) -> int:
    """How many changes a sentence takes back: 0 where it asks for anything else."""
    plain = _EXCLAIMED.sub("", said)
    if not (found := _UNDO_MANY.fullmatch(said) or _UNDO_MANY.fullmatch(plain)):
        return 1 if _UNDO.fullmatch(plain) else 0
    if found["row"]:
        return len(re.findall("undo", found["row"], re.IGNORECASE))
    many = next(filter(None, found.groups())).lower().split()[0]
    return _FEW.get(many) or number_of(many)


def as_answered(scene: Scene) -> Scene:
    """The scene with what was asked for before a question of which picture, and what an answer adds to that: "i meant
    2, and add a knife" after "make #9 darker" says "make #2 darker and add a knife"."""
    before = scene.past[-1] if scene.past else None
    asked = str(before.steps[-1].args.get("question", "")) if before and before.steps else ""
    if before and (number := _NUMBER_ASKED.match(asked)):
        said = _of_the_number(number[1], scene.said)
        return replace(scene, said=said, past=(*scene.past[:-1], replace(before, steps=()))) if said else scene
    none, found = _NO_SUCH.match(asked), _THIS_AND.fullmatch(scene.said)
    if before is None or not none or not found or scene.on_shelf(int(found["this"])) is None:
        return scene
    said = before.said.replace(none[1], f"#{found['this']}")
    return replace(scene, said=f"{said} and {found['then']}") if said != before.said else scene


def _of_the_number(number: str, answer: str) -> str:
    """What an answer says of a number of which it was asked whether it is a picture's; "" where it says none of it."""
    if _SO_MANY_OF_IT.fullmatch(answer):
        return f"{number} of them"
    found = _A_PICTURES.fullmatch(answer)
    return f"show #{found['number'] or number}" if found else ""


def _pages(scene: Scene) -> dict[str, int]:
    """The pictures that were asked for as pages, or panels, by their numbers."""
    pages = dict[str, int]()
    for turn in scene.past:
        made = [step.pictures[0] for step in turn.steps if step.name == "generate_image" and step.pictures]
        if made and (found := _PAGE.search(turn.said)) and scene.on_shelf(made[0]):
            pages.setdefault(found["page"], made[0])
    return pages


def _on_a_page(scene: Scene) -> tuple[int, str] | None:
    """ "On page 2 the fox should wear a hat": the newest picture of that page, and the rest."""
    found = _ON_PAGE.fullmatch(bare(scene.said))
    handle = _pages(scene).get(found["page"] or found["last"], 0) if found else 0
    return (newest_of(scene, handle), found["then"] or found["first"]) if found and handle else None


def further_page(scene: Scene) -> str:
    """What the next page is to show, where a sentence numbers one that is not there: "page 5, he is back home"."""
    found, pages = _ON_PAGE.fullmatch(bare(scene.said)), _pages(scene)
    return found["then"] if found and found["then"] and pages and found["page"] not in pages else ""


def pointed_at(scene: Scene) -> int:
    """The picture that a sentence only points at in words ("the sketch", "not the fox but the snowy one", "find the one
    with the dog"); 0 where it asks for more, or only its number or place is said."""
    found = _POINTED.fullmatch(scene.said)
    return pointed_at_in(scene, found["one"]) if found else 0


def chooses(said: str) -> bool:
    """Whether a sentence only goes back to a picture or chooses one, be it plain or not which."""
    return undoes(said) or any(form.fullmatch(said) for form in (_ORIGINAL, _EARLIER, _LIKED_SO, _PREFERRED))


def returned_to(scene: Scene) -> int:
    """The picture that a sentence only goes back to; 0 where it asks for anything else, or no picture is meant."""
    it = scene.on_shelf(it_of(scene))
    if it is None:
        return 0
    if scene.past and undoes(scene.past[-1].said) and _REDO.fullmatch(scene.said):
        return max((one.handle for one in scene.shelf if one.parents[:1] == (it.handle,)), default=0)
    if steps := _steps_back(scene.said):
        line = _back_from(scene, it)
        return line[min(steps, len(line) - 1)].handle if len(line) > 1 else 0
    if _SEEN_AGAIN.fullmatch(scene.said):
        return it.handle
    if _IN_COLOUR.fullmatch(scene.said) and it.parents and _GREY.search(it.caption):
        return it.parents[0]
    if scene.past and undoes(scene.past[-1].said) and _AGAIN.fullmatch(scene.said):
        return it.parents[0] if it.parents else 0
    if _ORIGINAL.fullmatch(scene.said):
        first = _back_from(scene, it)[-1]
        return first.handle if first != it else 0
    if found := _UNDONE.fullmatch(scene.said) or _WITHOUT.fullmatch(scene.said):
        what, back = found["what"], found.groupdict().get("other")
        if _changed(it, what or back or ""):
            return it.parents[0]
        if back:
            return 0 if describes(scene, back, it) else _only_showing(scene, back)
        return _undone_elsewhere(scene, what)
    if found := _TURNED_BACK.fullmatch(scene.said):
        return it.parents[0] if _changed(it, found["what"]) else _undone_elsewhere(scene, found["what"])
    if found := _ORIGINAL_OF.fullmatch(scene.said):
        of = scene.on_shelf(pointed_at_in(scene, found["what"]))
        return _back_from(scene, of)[-1].handle if of else 0
    if found := _BEFORE_IT_WAS.fullmatch(scene.said) or _EARLIER.fullmatch(scene.said):
        what = found["what"] or found["other"]
        return _before(scene, it, what) or _undone_elsewhere(scene, what)
    if found := _WHEN.fullmatch(scene.said):
        return _only_showing(scene, f"{found['other']} {found['what']}")
    if found := _LIKED_SO.fullmatch(scene.said):
        what, line = found["what"] or found["other"], _back_from(scene, it)[1:]
        seen = (one.handle for one in line if one.shows and telling(what) and describes(scene, what, one))
        so = (one.handle for one in line if telling(what) & telling(one.caption))
        return next(seen, 0) or next(so, it.parents[0] if it.parents else 0)
    if found := _NAMED.fullmatch(scene.said) or _PREFERRED.fullmatch(scene.said):
        if any(number or place for number, place, _ in named(scene).values()):
            return 0
        words = telling(found["what"] or found["other"])
        uploads = [picture.handle for picture in scene.shelf if picture.kind == "upload"]
        if words and words <= _UPLOADED:
            return uploads[0] if len(uploads) == 1 else 0
        return newest_showing(scene, words)
    return 0


def of_the_called(scene: Scene) -> Scene:
    """The scene with the picture selected that a sentence calls by what it shows, or goes back to, on a shelf with only
    that and what it was made from, and with what is wanted of it ("take the cave one and make the dragon blue", "back
    to the one in bed but with a rabbit", "enlarge the beach one"); the same scene where no such thing is asked."""
    handle, wanted = _on_a_page(scene) or _called_first(scene) or _called_ahead(scene) or _called_within(scene)
    if not handle:
        return scene
    line = line_of(scene, handle)
    further = called_in(replace(scene, said=wanted))  # what else it may be about
    shelf = (replace(one, selected=one.handle == handle) for one in scene.shelf if further or one.handle in line)
    return replace(scene, said=wanted, shelf=tuple(shelf))


def _called_first(scene: Scene) -> tuple[int, str] | None:
    """What the first clause calls, and the rest."""
    said = bare(scene.said)
    for joint in _AND.finditer(said):
        first, then = said[: joint.start()], said[joint.end() :]
        alone = replace(scene, said=first)
        if then and _BACK.search(first) and (handle := returned_to(alone)):
            return handle, then
        found = _CALLED.fullmatch(first) if then and not called_in(alone) else None
        handle = called_by(scene, found["what"]) if found else 0
        if not found or not handle or (_TWO_OF_THEM.search(then) and next(called_at(scene, then), None)):
            continue
        it = scene.on_shelf(it_of(scene))
        if it is not None and it.handle == handle and found["again"]:
            line = tuple(reversed(_back_from(scene, it)[1:]))
            handle = called_by(replace(scene, shelf=line), found["what"]) or handle
        return handle, then
    return None


def _called_ahead(scene: Scene) -> tuple[int, str] | None:
    """What a sentence calls at its head, and the rest: "the big dragon picture, flip it"."""
    said = bare(scene.said)
    if found := _TAKEN.match(said):
        said = said[found.end() :]
    for handle, end in called_at(scene, said):
        goes_on = _GOES_ON.fullmatch(said[end:])
        if goes_on and not (_TWO_OF_THEM.search(said[end:]) or called_anywhere(scene, goes_on["then"])):
            thing = _thing_called(scene, handle, said[:end])
            whose = f"the {thing} " if thing else "it "
            return handle, f"{whose if goes_on['should'] else ''}{goes_on['then']}"
    return None


def _thing_called(scene: Scene, handle: int, said: str) -> str:
    """What words that call a picture end with, where that is a thing in it ("cake", of "the last cake"); else ""."""
    noun, it = said.split()[-1], scene.on_shelf(handle)
    return noun if it and not _NO_THING.fullmatch(noun) and describes(scene, noun, it) else ""


def called_anywhere(scene: Scene, said: str) -> set[int]:
    """The pictures that words call somewhere, but by number or place."""
    return {call[0] for the in _THE.finditer(said) if (call := next(called_at(scene, said, the.end()), None))}


def _called_within(scene: Scene) -> tuple[int, str]:
    """What an order calls somewhere, and the order with "it" for that; (0, "") where it calls none, or two."""
    said = bare(scene.said)
    every = [*_OF_A_PICTURE.finditer(said)] if _ORDERS_OF.match(said) and not called_in(scene) else []
    if len(every) != 1 or not (handle := called_by(scene, every[0]["what"])):
        return _called_by_more(scene, said) if _ORDERS_OF.match(said) else (0, "")
    [found], asks = every, _ASKS.match(said)
    if found["at"] == "from" and not _TAKES_OUT.match(said):
        return 0, ""
    called = "" if found["at"] and not asks else f"{found['at'] or ''} it".strip()
    return handle, " ".join(filter(None, (said[: found.start()].strip(), called, said[found.end() :].strip())))


def _called_by_more(scene: Scene, said: str) -> tuple[int, str]:
    """As `_called_within`, of what is called by its kind, by its place among others, or by what it shows or lacks."""
    every = [(the, *call) for the in _THE.finditer(said) if (call := next(called_at(scene, said, the.end()), None))]
    if len(every) != 1 or every[0][0]["other"] or len(_OF_A_PICTURE.findall(said)) > 1:
        return 0, ""
    [(the, handle, end)] = every
    asked = f"{the['at']}it" if _ASKS.match(said) else "" if the["at"] else "it"
    if thing := _thing_called(scene, handle, said[:end]):
        asked = f"{the['at'] or ''}the {thing}"
    return handle, " ".join(filter(None, (said[: the.start()].strip(), asked, said[end:].strip())))


def _back_from(scene: Scene, picture: ShelfPicture) -> list[ShelfPicture]:
    """A picture, the one that it was made from, and so on to where its line began."""
    pictures, line = {one.handle: one for one in scene.shelf}, [picture]
    while line[-1].parents and line[-1].parents[0] in pictures:
        line.append(pictures[line[-1].parents[0]])
    return line


def _changed(picture: ShelfPicture, what: str) -> bool:
    """Whether a picture's own change is the one that is spoken of ("the hat", "the crop")."""
    if picture.kind in ("adjustment", "upscale"):
        own = picture.caption.rpartition(", ")[2]
        return any(name in own and what.lower().split()[-1] in words for name, words in _OPERATIONS.items())
    return bool(picture.parents and telling(what)) and telling(what) <= telling(picture.caption)


def _undone_elsewhere(scene: Scene, what: str) -> int:
    """The picture before the newest change that is spoken of, if "it" came from another: else what came after would be
    lost."""
    newest = max((one for one in scene.shelf if one.parents and _changed(one, what)), key=_handle, default=None)
    return newest.parents[0] if newest and newest.handle not in line_of(scene, it_of(scene)) else 0


def _only_showing(scene: Scene, what: str) -> int:
    """The newest picture that shows something, if only one line has it."""
    so = [one.handle for one in scene.shelf if telling(what) and describes(scene, what, one)]
    return max(so) if len({min(line_of(scene, handle)) for handle in so}) == 1 else 0


def _handle(picture: ShelfPicture) -> int:
    return picture.handle


def _before(scene: Scene, it: ShelfPicture, what: str) -> int:
    """The picture before the first change that is spoken of, along the line of "it"; 0 where none is."""
    line = reversed(_back_from(scene, it))
    return next((one.parents[0] for one in line if one.parents and _changed(one, what)), 0)
