"""Sentences whose form alone says what they ask for, so that the network need not be asked.

"Show me the first one", "back to the castle", "the second was better", "start over", "what's the seed of #2", "put the
cat from #2 into #5": each form has to fit the whole sentence, but for politeness around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from textwrap import shorten

from models.chat.called import pointed_at_in
from models.chat.conversation import SAVED, Action, Scene, called_in, it_of, named, telling, unlike
from models.chat.gathered import is_a_name
from models.chat.lines import around_in, called_by, counts_in, shown_in
from models.chat.reasons import reason
from models.chat.requested import STYLES
from models.chat.returning import called_anywhere, further_page, pointed_at, returned_to, undoes
from models.chat.surprises import WHAT_TO_SHOW, surprise
from models.english.naming import Names, with_article
from models.english.numbers import number_of
from models.english.patterns import NUMERALS, regex
from models.english.pictures import PICTURE
from models.english.politeness import BEFORE, MAY_I, POLITE
from models.english.weathers import says, weathers_in

_PLACES = "first|second|third|fourth|fifth|sixth|seventh|eighth"
_ONE = (
    r"(?:#\s*\d+|(?:picture|image|pic|photo|number|version|drawing|no\.?) ?#?\d+"
    rf"|(?:the|that|my) (?:very )?(?:{_PLACES})"
    r"(?: (?:one|picture|image|pic|photo|version|drawing|painting|variation))?)"
)
_NUMBER = r"(?:#\s*|(?:picture|image|pic|photo|number|no\.?) ?#?)"
_NTH = rf"(?:the |that )?(?:{_PLACES}|last|latest|newest)(?: (?:one|{PICTURE}))?"
_THIS = rf"(?:{_NUMBER}?\d+|{_NTH}|(?:the|that|my) [\w'-]+(?: [\w'-]+)? (?:one|{PICTURE}))"
_BEHIND = rf"(?:\W+(?:{POLITE}|again|then|instead|more|better|best|now)\b)*\W*"


def _form(pattern: str) -> re.Pattern[str]:
    return regex(f"{BEFORE}{MAY_I}(?:{pattern}){_BEHIND}")


_CHOSEN = _form(
    r"(?:(?:show|give|send)(?: me)?|revert to|display|view|open|see|let me see|bring (?:up|back)|pick|choose|select"
    r"|use|take"
    r"|keep|(?:let'?s )?go with|let'?s (?:use|take)|i(?:'ll| will) (?:take|use|keep|pick|go with)"
    r"|i(?:'d)? (?:prefer|preferred)) "
    rf"(?:{_ONE}|(?P<newest>the (?:last|latest|newest))(?: (?:one|picture|image|pic|photo))?)"
)
_BETTER = _form(
    rf"(?:{_ONE}|\d{{1,2}}|(?:{_PLACES})(?: one)?) (?:was|is|looks?|looked) (?:the |much |way |a lot |actually )?"
    "(?:better|best|nicer|nicest)"
    rf"|i (?:really )?(?:liked?|loved?|preferr?e?d?) {_ONE} (?:the )?(?:most|best|more|better)"
    rf"|(?:{_ONE}|\d{{1,2}}) (?:was|is) (?:my |the |our )?(?:favou?rite|winner|best)"
    r"(?:\W+(?:(?:let'?s|so|i'?ll|please) )*(?:go|stick|continue) with (?:that|it)(?: one)?)?"
)
_BY_NUMBER = regex(r"\W*#(?P<number>\d{1,4})\W*")
_NUMBER_AHEAD = regex(rf"{BEFORE}(\d{{1,2}}) ")
_OVER = _form(
    r"(?:(?:let'?s )?(?:start|begin) (?:over|again|anew|afresh|from scratch)|from scratch|reset|(?:a )?new picture"
    r"|(?:let'?s (?:do|make|try|draw) )?something (?:new|(?:completely |entirely )?different))"
)
_ASKED = _form(
    r"(?:what(?:'?s| is| was)|which is|tell me|show me|give me) (?:the|its) "
    r"(?:seed|prompt|recipe|size|resolution|dimensions|settings)"
    rf"(?: (?:of|for|from|in) (?:it|this|that|this one|this picture|{_ONE}))?"
    r"|what(?:'?s| has| is)? (?:changed|different)(?: here| now)?|what did you change"
)
_OF_ANOTHER = _form(
    r"(?:(?:do|make|paint|draw|some|even) )?more(?: of (?:it|that|them|those|this|the same))?|another(?: one)?"
    r"|(?:the|that) (?:one|picture|image|pic|version) before\b[^.!?]*"
    r"|the same(?: (?:one|picture|thing))?(?: but\b[^.!?]*)?"
    r"|the (?:previous|last) (?:one|picture|image|pic|version)\b[^.!?]*"
)
_WHAT_CHANGED = _form(
    r"what(?:['’]?s| has| is)? (?:changed|different)(?: here| now)?"
    r"|what (?:did|have) you (?:just )?changed?(?: here| now)?"
)
_PICTURES = r"(?:pictures|pics|images|photos|drawings|paintings)"
_SO_FAR = (
    r"(?: (?:did|have|do|has|are|were|is)(?: (?:i|we|you|there))?"
    r"(?: (?:make|made|drawn?|painted?|got|have|been made))?)?"
    r"(?: (?:so far|already|here|now|in total|altogether|in this session|till now|until now|today|on the shelf))*"
)
_HOW_MANY_PICTURES = _form(rf"how many {_PICTURES}(?: in total)?{_SO_FAR}")
_WHICH_PICTURES = _form(
    rf"(?:which|what) {_PICTURES}{_SO_FAR}|what(?:['’]s| is) on the shelf"
    rf"|(?:list|show)(?: me)? (?:all|(?:all (?:of )?)?(?:the|my|our)) {_PICTURES}{_SO_FAR}"
)
_LISTED = 8  # pictures, of which more are too many for a sentence
_SO_FEW = _form(
    rf"(?:that|those|there|these|it)(?:['’]?s| is| are|['’]?re)? (?:only|just) "
    rf"(?P<many>\d|one|{NUMERALS}) (?P<what>[\w' -]+)"
)
_TEXT = _form(
    r"(?:with |and )?(?P<words>(?:(?!(?:the|no|not|without|remove|delete|erase|change|make|add|put|write|bigger|smaller"
    r"|larger|more|less|is|are|what|which|how|read|see|show|your|this|that|any)\b)[\w'’!-]+ ){1,5})"
    r"(?:text|lettering|caption)"
)
_JOINED = _form(
    r"(?:merge|combine|blend|mix|fuse|join|put together"
    r"|(?:put|place|set|bring)(?=.* (?:side by side|next to each|beside each|together|into one))) "
    r"(?:(?P<two>both|them|the two|these two|those two)"
    rf"|(?P<one>{_THIS}) (?:and|&|with|into) (?P<other>{_THIS}))"
    r"(?: (?:of them|pictures|images|together|into one|side by side|(?:next to|beside) each other))*"
)
_WITH_IT = r"(?:(?:the|that|my|his|her) )?[\w'-]+(?: [\w'-]+)?"
_FROM = [
    regex(
        rf".*\b(?:put|add|place|take|use|copy|move|bring)\b.* (?:(?:of|in) (?!\d)|from )(?P<other>{_THIS}) "
        rf"(?:and (?:put|add|place) (?:it|him|her|them) )?(?:in|into|onto|on|to) (?P<one>(?!\d){_THIS})\b.*",
    ),
    _form(rf"put {_WITH_IT} from (?P<other>{_THIS}) (?:in|into|onto|on|to) (?:(?:the|my|that) )(?P<one>[\w'-]+)"),
    _form(rf"(?:like )?(?P<one>{_THIS}),? (?:but )?with {_WITH_IT} (?:from|of|in) (?P<other>{_THIS})"),
    _form(rf"{_WITH_IT} (?:from|of) (?P<other>{_THIS}) (?:in|into|on|onto|for) (?:{_WITH_IT} of )?(?P<one>{_THIS})"),
]
_STYLE_OF = _form(
    rf"(?:(?:in|use|with|have) )?(?:the )?(?:same )?style (?:as|of|from|like) (?P<other>{_THIS}) (?:for|on|in|to"
    rf"|onto) "
    rf"(?P<one>{_THIS})"
)
_BEST = _form(
    r"which (?:one |picture |version |of (?:them|these|those|the two) )?"
    r"(?:(?:do|would|did) you (?:like|prefer|choose|pick)(?: (?:the )?(?:best|most|better|more))?"
    r"|(?:is|looks|do you think (?:is|looks)) (?:the )?(?:better|best|nicer|nicest|prettier|prettiest)"
    r"|is your favou?rite)"
    r"|what(?:'?s| is) your favou?rite(?: one| picture)?"
)
_NO_TASTE = "I have no taste of my own: say which one you like, and I go on from it."
_SAVE = _form(
    rf"(?:save|download|export)(?: (?:it|this|that|(?:the|my) (?:[\w'-]+ ){{0,2}}(?:one|{PICTURE})))?(?: (?:as"
    rf"|to) (?:a )?[\w.-]+)?"
)
_LEAVES = (
    r"(?:gtg|g2g|(?:i )?(?:have to|got to|gotta|need to|must) go(?: now)?|i'?m off|bye(?:[ -]?bye)?|good ?bye|cya"
    r"|ttyl)"
)
_MEETS = (
    r"(?:(?:see|talk to|speak to) (?:you|ya|u)|good ?night)"
    r"(?: (?:later|soon|tomorrow|tonight|next (?:week|time)|again))*"
)
_BYE = _form(rf"(?:{_LEAVES}|(?:{_LEAVES}\W+)?{_MEETS})(?:,? easel)?[^\w.!?]*")
_NOTHING_AFTER_ALL = regex(
    r".*\w.*?[\s,.;:!?…-]+(?:never ?mind(?: (?:that|it|me))?|nvm|forget (?:it|that|about it)"
    r"|(?:no|nah|nope|actually|wait|sorry)\b(?:(?! (?:add|put|give|make|draw|paint)\b)[^.!?]){0,30}?[\s,.;:!?…-]+"
    r"(?:leave it|scrap (?:it|that)|scratch that|ignore that|cancel that))(?: then)?\W*",
    re.IGNORECASE | re.DOTALL,
)
"""A wish that is taken back with the last words."""
_RENAME = _form(r"rename (?:this|the|my) (?:session|chat|conversation)(?: (?:to|as) .+)?")
_IDEAS = _form(
    r"what (?:else )?(?:can|could|should|do) (?:i|we|you)(?: know how to)? (?:else )?"
    r"(?:add|change|draw|paint|do (?:with|to) (?:it|this|that))(?: (?:to|in) (?:it|this|that|the picture))?(?: else)?"
    r"|(?:(?:do you have|have you|got|give me|i need) )?(?:any|some|a few|more) (?:ideas?|suggestions?|inspiration)"
    r"(?: for (?:it|this|me|a picture))?|what (?:do|would) you (?:suggest|recommend)|(?:suggest|recommend) something"
    r"|i have no ideas?(?: what to (?:draw|paint|add))?"
)
_OF_WHAT_TO_DRAW = (
    "Animals, people, vehicles, food, plants, buildings: say what and where, such as “a fox in the snow” or “two cats "
    "on a sofa at night”."
)
_OF_WHAT_TO_CHANGE = "Try “add a hat”, “make it night”, “in the rain”, “on a beach” or “as a watercolour”."
_TO_DRAW = regex(r"\b(?:draw|paint)\b")
_COMPARED = _form(
    r"compare\b.*|(?:what(?:'?s| is| are)?|tell me|show me)(?: the)? (?:differen(?:ces?|t)|changed)"
    r" (?:between|from|to|with|since|in)\b.*"
)
_KEPT = _form(
    r"(?:keep|leave) (?:it|this|that|everything|them)(?: (?:(?:exactly|just) )?(?:like|as) (?:this|that|it is"
    r"|it'?s|is|they are)|"
    r" so| now| that way)*"
    r"|(?:that['’]?s (?:it|all)\W+)?(?:nothing|no more) (?:else|more)"
    r"|(?:i['’]?m |i was )?(?:just|only) (?:kidding|joking)"
)
_MISSES = _form(
    r"(?:everything|all|it|the rest)(?: else)?(?:['’]?s| is| looks?| seems?) (?:all |just |really |quite |so |very )*"
    r"(?:fine|good|great|nice|ok|okay|right|perfect|lovely)\W+(?:but|only|except(?: that)?|just) "
    r"(?P<what>(?:the|my|his|her) [\w' -]+?) (?:is|are|has|have)(?: been)? (?:gone|missing|disappeared|vanished|lost)"
)
_FINE = (
    r"(?:\W+(?:(?:but|though|and|still|yet|so|oh|well|anyway|just|pls|please|it|its|that|thats|this|i|let|us|we|you|can"
    r"|will|ll|s|is|my \w+|lol|haha)\W+)*"
    r"(?:ok(?:ay)?|fine|alright|all right|good enough|nice enough|works?|(?:will|it'?ll) do|whatever|(?:i )?like it"
    r"|(?:keep|leave) (?:it|this|that|him|her|them)(?: (?:like|as) (?:this|that|it is|is)| so| there)?)"
    r"(?:\W+(?:enough|though|anyway|for me|too|then|i guess))*)"
)
_UNSURE = r"(?:i(?:['’]?m| am) )?not (?:so |too |quite |really |entirely )*(?:sure|convinced) (?:about|of|by) [\w' -]+?"
_NO_GEM = (
    r"(?:(?:that|this|it|s?he|they)(?:['’]?s| is| was| are) )?not (?:the (?:best|nicest|greatest|prettiest|cutest)"
    r"|an? (?:very |really |particularly )?(?:good|great|nice|pretty|bad)|my favou?rite) [\w' -]+?"
)
_NO_SUCH_ONE = r"(?:that|this|it|s?he)(?:['’]?s| is| was)? (?:not|isn['’]?t|wasn['’]?t) (?:an?|the|my) [\w' -]+?"
_DOUBTED = _form(
    rf"(?:{_UNSURE}|{_NO_GEM}|{_NO_SUCH_ONE})(?P<fine>{_FINE})"
    rf"|(?:{_UNSURE}|{_NO_GEM})(?:\W+what do you think)?"
    r"|i (?:really )?(?:love|like) (?:all of it|everything|it all)(?: about it)?,? (?:except|but|apart from|besides)"
    r"(?: for)? (?:the|his|her|its|their) [\w' -]+"
    r"|(?:make|do) (?:it|this|that) (?:\d+|ten|a (?:hundred|thousand|million)) times (?:better|nicer|cooler)"
    r"|(?P<praised>(?:it|that)(?:['’]?s| is) not only .+ (?:that|which) .+)"
)
"""Doubt and faint praise, which ask for nothing."""
_SAY_WHAT = "Say what should be different about it, and I change it."
_TO_WRITE = _form(
    r"(?:(?:can|could|should|may) it say|(?:have|make|let) it say|write|print(?= *[\"“'‘])"
    r"|(?:add|put|include) (?:the )?(?:words?|text))"
    r":? (?P<words>[\"“'‘].+|(?!(?:an?|me|us|down|code)\b)[\w'’!-]+(?: [\w'’!-]+){0,4})"
)
_BY_DAY = _form(r"(?:(?:go |turn it )?back to|make it) (?:the )?(?:day(?:time|light)?|morning)(?: again)?")
_BOTH_AFTER_ALL = regex(
    r"\W*(?:(?:or|no|well|actually|maybe|perhaps|why not|let'?s have"
    r"|i(?:'d)? (?:want|like)|can i have)\W+)*both(?: of (?:them|those))?(?: (?:then|after all|instead))*\W*"
)
_EXCHANGED = regex(r"(?P<gone>[\w' -]+) gone, [\w' -]+ added")
_LACKS = regex(r"\b(?:but|and) (?:no|without|w/o|not)\b")
_RETRY = _form(r"(?:(?:and )?(?:once more|again)|(?:re)?try(?: (?:it|that))?(?: again| once more)?|redo it)")
_NOT_DRAWN = _form(
    r"(?:please )?(?:do not|don['’]?t|never) (?:ever )?(?:draw|paint|add|put|include|show)(?: (?:me|us|it))?(?: in)? "
    r"(?:an?|any|some|the) (?P<what>[\w'-]+(?: [\w'-]+)?)"
)
_RENAMED = (
    "A session is renamed in the sidebar of the page: open the menu beside its name. In a terminal there is “easel "
    "sessions rename”."
)


_UNDO_BUT_KEEP = regex(
    r"(?:undo|revert|take back|lose|drop) (?:only |just )?(?:the |that )?(?P<what>[\w' -]+?)"
    r"(?: (?:thing|part|bit|change))?\s*(?:,|\bbut\b|\band\b)[\s,]*(?:but |and )?(?:still )?keep (?!#)[^\d,.;!?]+\W*"
)


def wish_of(scene: Scene) -> Action | None:
    """What a sentence asks for by its form; None where the network has to be asked."""
    said = scene.said
    if surprised := surprise(scene):
        return surprised
    if _OVER.fullmatch(said):
        return WHAT_TO_SHOW
    if _RETRY.fullmatch(said) and not returned_to(scene) and (wish := _tried_again(scene)):
        return wish
    if _BYE.fullmatch(said):
        return Action(text="All right.")
    if _NOTHING_AFTER_ALL.fullmatch(said):
        return Action(text="All right, nothing is changed.")
    if (found := _NOT_DRAWN.fullmatch(said)) and is_a_name(found["what"]):
        there = scene.shelf and telling(found["what"]) <= shown_in(scene, it_of(scene))
        if there:
            return Action.edit(it_of(scene), f"remove the {found['what']}")
        return Action(text="All right, nothing is changed.")
    if _SAVE.fullmatch(said):
        return Action(text=SAVED)
    if _RENAME.fullmatch(said):
        return Action(text=_RENAMED)
    if _KEPT.fullmatch(said):
        return Action(text="All right.")
    if found := _DOUBTED.fullmatch(said):
        return Action(text="All right." if found["fine"] or found["praised"] else _SAY_WHAT)
    if _BEST.fullmatch(said):
        return Action(text=_NO_TASTE)
    if _IDEAS.fullmatch(said):
        new = not scene.shelf or _TO_DRAW.search(said)
        return Action(text=_OF_WHAT_TO_DRAW if new else _OF_WHAT_TO_CHANGE)
    if not scene.shelf and _OF_ANOTHER.fullmatch(said):
        return Action(
            "ask_user", WHAT_TO_SHOW.args | {"question": "There is no picture yet. What should I draw first?"}
        )
    if not scene.shelf or _pending(scene):
        return None
    if (found := _CHOSEN.fullmatch(said)) and found["newest"]:
        return Action("look_at_image", {"image": max(picture.handle for picture in scene.shelf)})
    if missed := _MISSES.fullmatch(said):
        return _brought_back(scene, missed["what"])
    if (undone := _UNDO_BUT_KEEP.fullmatch(said)) and (wish := _undone(scene, undone["what"])):
        return wish
    if (alone := _BY_NUMBER.fullmatch(said)) and scene.on_shelf(int(alone["number"])):
        return Action("look_at_image", {"image": int(alone["number"])})
    if found or _BETTER.fullmatch(said):
        number = _NUMBER_AHEAD.match(said)
        image = _called(scene) or (int(number[1]) if number and scene.on_shelf(int(number[1])) else 0)
        return Action("look_at_image", {"image": image}) if image else None
    if why := reason(scene):
        return Action(text=why)
    if (what := unlike(said)) and is_a_name(what) and telling(what) <= shown_in(scene, it_of(scene)):
        return Action("vary_image", {"image": it_of(scene)})
    if (found := _SO_FEW.fullmatch(said)) and _miscounts(scene, found["many"], found["what"]):
        return Action("look_at_image", {"image": it_of(scene), "question": f"how many {found['what']}"})
    if _HOW_MANY_PICTURES.fullmatch(said):
        many = max(picture.handle for picture in scene.shelf)  # the shelf has the newest ones
        return Action(text=f"{many} pictures: #1 to #{many}." if many > 1 else "One picture: #1.")
    if _WHICH_PICTURES.fullmatch(said):
        return Action(text=_listed(scene))
    if (found := _TO_WRITE.fullmatch(said)) and not (_TO_DRAW.search(said) or called_in(scene)):
        return Action.edit(it_of(scene), f"write {found['words'].rstrip(' .?!')}")
    if found := _TEXT.fullmatch(said):
        return Action.edit(it_of(scene), f"add the text “{found['words'].strip()}”")
    if _WHAT_CHANGED.fullmatch(said) and (told := _changed_last(scene)):
        return Action(text=told)
    if _ASKED.fullmatch(said):
        return Action("look_at_image", {"image": _called(scene) or it_of(scene), "question": said.strip(" .!?")})
    if _COMPARED.fullmatch(said) and (told := _side_by_side(scene)):
        return Action(text=told)
    if _BY_DAY.fullmatch(said) and shown_in(scene, it_of(scene)) & {"night", "sunset"}:
        return Action.edit(it_of(scene), "make it day")
    if _BOTH_AFTER_ALL.fullmatch(said) and (gone := _gone_last(scene)):
        return Action.edit(it_of(scene), f"add {gone}")
    if (kept := _nothing_to_undo(scene)) is not None:
        return kept
    if page := further_page(scene):
        return Action("generate_image", {"prompt": page})
    if image := (_LACKS.search(said) and pointed_at(scene)) or returned_to(scene) or pointed_at(scene):
        return Action("look_at_image", {"image": image})
    return _together(scene)


def _undone(scene: Scene, what: str) -> Action | None:
    """ "Undo the night thing, keep the green parrot": of what was done last a part goes, so it goes by a change."""
    it = it_of(scene)
    if weathers_in(what) or any(says(what, hour) for hour in ("night", "sunset")):
        return Action.edit(it, f"no {what}")
    return Action.edit(it, f"remove the {what}") if telling(what) <= shown_in(scene, it) else None


def _listed(scene: Scene) -> str:
    """How many pictures there are, and what the newest are called."""
    newest = sorted(scene.shelf, key=lambda one: one.handle)[-_LISTED:]
    many = newest[-1].handle
    named = ", ".join(f"#{one.handle} “{shorten(one.caption, 60, placeholder='…')}”" for one in newest)
    if many <= len(newest):
        return f"{many} pictures: {named}." if many > 1 else f"One picture: {named}."
    return f"{many} pictures: #1 to #{many}. The newest are {named}."


def _gone_last(scene: Scene) -> str:
    """What the change before exchanged for something else ("a cat"); "" where it did not."""
    changed = next((step.changed for turn in scene.past[-1:] for step in turn.steps[-1:] if step.pictures), "")
    found = _EXCHANGED.fullmatch(changed)
    if not found or not Names.shipped().said(found["gone"]):
        return ""
    return found["gone"] if found["gone"][0].isdigit() else with_article(found["gone"])


def _nothing_to_undo(scene: Scene) -> Action | None:
    """The answer to "undo" after what was refused: the change before that is not what is to be taken back."""
    steps = scene.past[-1].steps if scene.past else ()
    if not undoes(scene.said) or not steps or any(step.pictures or not step.failed for step in steps):
        return None
    return Action(
        text=f"The last sentence changed nothing, so #{it_of(scene)} stays; say “undo” again to go back further."
    )


def _miscounts(scene: Scene, many: str, what: str) -> bool:
    """Whether "it" shows another number of things than a sentence finds there."""
    it, names = scene.on_shelf(it_of(scene)), Names.shipped()
    kinds = {names.own_of(one.thing) for one in names.said(what)}
    there = sum(number for kind, number in counts_in(it).items() if kind in kinds) if it else 0
    return there > 0 and there != number_of(many)


def _changed_last(scene: Scene) -> str:
    """What became of "it" in the change that made it; "" where that is not known."""
    it = scene.on_shelf(it_of(scene))
    if it is not None and it.kind == "variation":
        return f"Nothing that you asked for: #{it.handle} is another try at #{it.parents[0]}." if it.parents else ""
    steps = (step for turn in scene.past for step in turn.steps if it and it.handle in step.pictures and step.changed)
    step = next(steps, None)
    return f"#{step.pictures[0]} was made from #{step.args.get('image')}: {step.changed}." if step else ""


def _side_by_side(scene: Scene) -> str:
    """What the pictures show that a sentence compares, one with "it" where it calls no other; "" where that is not
    known."""
    called = [*called_in(scene), *called_anywhere(scene, scene.said)]
    handles = sorted({*called} if len(called) > 1 else {*called, it_of(scene)})
    pictures = [one for handle in handles if (one := scene.on_shelf(handle)) is not None and one.shows]
    if len(pictures) < 2 or len(pictures) < len(handles):
        return ""
    return " ".join(f"#{one.handle} shows {one.shows.replace('; ', ' – ')}." for one in pictures)


def _tried_again(scene: Scene) -> Action | None:
    """What is tried again: the call that came to nothing, an adjustment of what that made ("flip it", "again"); where
    nothing was made yet, what to make is asked."""
    last = scene.past[-1].steps[-1:] if scene.past else ()
    it = scene.on_shelf(it_of(scene))
    if last and last[0].failed:
        return Action(last[0].name, dict(last[0].args))
    if it and last and last[0].name == "adjust_image" and last[0].pictures == (it.handle,):
        return Action(last[0].name, {**last[0].args, "image": it.handle})
    if it is None:
        return WHAT_TO_SHOW
    if it.kind != "upload":
        return None
    choices = ["make it brighter", "crop it square", "enlarge it"]
    return Action("ask_user", {"question": f"What should change in #{it.handle}?", "choices": choices})


def _brought_back(scene: Scene, what: str) -> Action:
    """What is missed comes again, or is there."""
    it = it_of(scene)
    picture = scene.on_shelf(it)
    seen = telling(picture.shows) if picture and picture.shows else shown_in(scene, it)
    if telling(what) <= seen:
        return Action(text=f"#{it} shows {what}; say what should be different about it.")
    return Action.edit(it, f"add {what}")


def _pending(scene: Scene) -> bool:
    """Whether the sentence may be the answer to a question about what to do it to."""
    last = scene.past[-1] if scene.past else None
    return last is not None and (any(step.name == "ask_user" for step in last.steps) or "Which one" in last.answered)


def _called(scene: Scene) -> int:
    """The one picture that is called by number or place, else 0."""
    called = [handle for handle, (number, place, _) in named(scene).items() if number or place]
    return called[0] if len(called) == 1 else 0


def _together(scene: Scene) -> Action | None:
    """An edit that takes something from another picture."""
    known, said = sorted(picture.handle for picture in scene.shelf), scene.said.strip(" .!?")
    if (found := _JOINED.fullmatch(scene.said)) and found["two"]:
        if len(known) < 2:
            return None
        one, other = known[-2:]
    elif found := found or _STYLE_OF.fullmatch(scene.said) or _first(form.fullmatch(scene.said) for form in _FROM):
        one, other = _this(scene, found["one"]), _this(scene, found["other"])
    else:
        return None
    if one == other or not {one, other} <= set(known):
        return None
    if found.re.pattern == _STYLE_OF.pattern:
        style = around_in(next(picture for picture in scene.shelf if picture.handle == other)) & set(STYLES)
        return Action.edit(one, f"in {min(style)} style") if style else None
    return Action("edit_image", {"image": one, "instruction": said, "references": [other]})


def _first(found: Iterable[re.Match[str] | None]) -> re.Match[str] | None:
    return next(filter(None, found), None)


def _this(scene: Scene, words: str) -> int:
    """The picture that words call, by number, place or what it shows; 0 for none."""
    if number := re.search(r"\d+", words):
        return int(number[0])
    if re.match(r"(?:the |that )?(?:last|latest|newest)", words, re.IGNORECASE):
        return max(picture.handle for picture in scene.shelf)
    return _called(replace(scene, said=words)) or pointed_at_in(scene, words) or called_by(scene, words)
