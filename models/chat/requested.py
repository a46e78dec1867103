"""What the form of a whole sentence asks for, whatever the network took it for: a new picture, a change, an answer.

Each rule gives the action that a sentence means instead of the one that was decided, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from models.chat.conversation import Action, Scene, it_of, telling
from models.chat.lines import around_in, called_by, counts_in, shown_in
from models.english.naming import COLOUR_WORDS, Names, with_article
from models.english.numbers import NUMBER, number_of
from models.english.patterns import regex
from models.english.pictures import PICTURES
from models.english.politeness import ENDING, bare
from models.english.subjects import is_subject
from models.kinds import ALIVE, MOST

_QUESTION = regex(
    r"(?:what|how|why|who|when|where|which|whose|are|is|does|did|have you|do you (?!have|do\b|draw|make|paint))\b",
)
OTHER_WORK = regex(
    r"(?:compose|book|order|buy|call|phone|play|sing|translate|calculate|cook|drive|open|close|delete|print"
    r"|write(?! on\b))\b"
)
"""What begins a sentence that asks for something other than pictures."""
_FOND_OF = regex(
    r"(?: for (?:my|our|the|an?) [\w' -]{2,30}?)?\s*[,.;?!-]+\s*(?:and |because |cos )?"
    r"(?:s?he|they|it|my \w+|who)(?:'s| is| are|s)? (?:turn(?:s|ing) \w+ and |really |just |so )*"
    r"(?:loves?|likes?|adores?|enjoys?|into|mad about|crazy about|obsessed with|fond of|a (?:big |huge )?fan of)\b",
)
_ASKS = regex(
    r"^(?:(?:can|could|would|will) (?:you|u) |please |pls |(?:i(?:'d| would)? (?:need|want|like)|gimme|give me"
    r"|(?:to )?(?:make|draw|paint|create|do|design|show|get))(?: (?:me|us))? |to see |to have )+",
)
_NO_SUCH = regex(
    r"(?:(?:but|wait)\W+)*"
    r"(?:(?:there(?:['’]?s| is| are|re)|i (?:see|can see)) no|where(?:['’]?s| is| are) (?:the|my|his|her|our)) "
    r"(?P<what>[\w' -]{2,25}?)(?: yet| here| there| in it)?[!.,;?]+\s*"
    r"(?:(?:so|please|pls|can you|could you|now)\W+)*(?:add|put|draw|include|paint)(?: in)? (?:him|her|it|them|one)\b"
    r"(?P<rest>[^.,!?]*(?:, (?:\w+ing|with|in|on|at|by)\b[^.!?]*)?)[^.!?]*",
)
_SHOULD_BE = regex(
    r"(?:(?:but|and|also)\W+)*there (?:should|needs? to|must|ought to|has to|could|can) (?:also )?be "
    r"[^.!?]+",
)
_MAY_I_HAVE = regex(
    r"\W*(?:(?:but|and|also)\W+)*(?:may|might|could) i (?:also |please )?(?:ask for|have"
    r"|trouble you for) "
    r"(?P<what>(?!.*\b(?:new|fresh|other|another (?:one|picture)|pictures?|images?|photos?|paintings?|drawings?"
    r"|logos?|posters?|illustrations?|sketch(?:es)?|renders?)\b)[^.!?]+)\W*",
)
_IN_THE_PLACE = regex(
    r"(?:(?:and|but|now|so)\W+)*(?:in|at|on) (?:the|a|my|his|her|their) [\w' -]{2,25},? "
    r"(?:\w+ing\b|with\b|holding\b)[^.;!?]*",
)
_NEW_WITH = regex(
    r"(?:(?:now|so|and|then|next|great|nice|cool)\W+)*"
    r"(?:(?:in|make|do|draw|i want|i'd like|give me)\W+)*"
    r"an? (?:new|fresh|different|separate) (?:one|picture|image|drawing|pic|painting)(?: please| pls)?"
    r"(?:\s*[:,]\s*|\s+)(?:(?:with|of|showing|where|that shows)\s+)?(?:(?:only|just)\s+)?(?P<what>.+)",
)
_WHAT_LAST = regex(r"(?:and |so )?(?:the|he|she|it|they|his|her)\b[\w' ]* (?:is|are|has|have|was)\b[\w' ]* what\s*\?+")
_SO_MANY = regex(
    rf"(?:draw|paint|sketch)(?: me| us)? (?P<what>(?P<number>{NUMBER}) (?!(?:more|other|of)\b)[\w' -]+)"
    r"(?<!pictures)(?<!images)(?<!pics)(?<!photos)(?<!versions)(?<!variations)"
)
_WHICH_HAS = regex(
    r"\W*(?:(?:and|so|but)\W+)*which (?:ones?|(?:of (?:them|these|those|the) ?)?(?:pictures?|images?|pics?)?) "
    r"(?:has|have|shows?|got|contains?) (?:the |an? )?(?P<what>[\w' -]+?)(?: (?:in (?:it|them)|on (?:it|them)))?\W*"
)
_NAMED_BEHIND = regex(
    r"(?P<verb>make|paint|turn|colou?r) (?:it|him|her) (?P<how>(?:(?:a bit|much|even) )?[\w'-]+)[\s.!,…-]+"
    r"(?:i mean(?:t)? )?(?P<what>the (?:[\w'-]+ )?[\w'-]+)"
)
_OTHER_WAY = regex(
    r"(?:(?:the )?same(?: [\w'-]+){0,2},? (?:but |just )?(?:is )?|(?:make|let|have) (?:it|him|her|the [\w'-]+) )"
    r"(?:facing|looking|face|look|turned|turn) (?:in )?(?:the other|the opposite) (?:way|direction)(?: round| around)?"
)
_SAME_STYLE = regex(
    r"\b(?:(?:but |also )?(?:in|with|using) )?(?:the |that |this )?(?:exact )?same (?:art )?style"
    r"(?: as (?:before|last time|above|(?:the )?(?:last|previous)(?: one| picture)?"
    r"|(?P<one>(?:the|that|my) [\w' -]+)))?\b"
    r"|\bin (?:that|this) style\b"
)
_NEW_ONE = regex(r"(?:(?:draw|paint|make|create|do) (?:me )?)?(?:an?|two|three|some) (?!bit|little\b)\w")
_NO_KIND = (
    r"(?!(?:\d+|the|this|that|it|him|her|them|my|his|their|in|on|as|with|into|to|put|add|change|turn|hang|hold\w*|no|not"
    r"|write|swap|replace|remove|is|are|bigger|smaller|larger|simpler|brighter|darker|nicer|better|different|other)\b)"
)
_KINDS = "card|icon|logo|poster|sprite|flyer|invitation|mascot|emblem"
_KIND_OF_PICTURE = regex(
    r"\W*(?:(?:and|now|then|next|also|so|make|draw|do|create|paint|design|give"
    r"|get(?! well)|me|us|(?:i|we)(?:['’]?d| would)?(?: also)? (?:need|want|like)|(?:can|could|would) you)\W+)*"
    r"(?:another (?=\w+))?(?!.*\b(?:versions|variations|pictures|images)\b)"
    rf"(?P<what>(?:{_NO_KIND}[\w'’-]+ ){{0,5}}?(?P<kind>{_KINDS})(?:\s*:\s*| (?:of|for) )"
    r"(?!.*(?:#|\b(?:it|him|her|his|its|them|their|there|wall)\b))[^.!?;]+)",
)
_OF_A_KIND = regex(rf"^(?P<kind>[^:]*\b(?:{_KINDS}))\s*:\s*")
STYLES = ("pixel art", "sketch", "black and white", "watercolour", "neon")
_BACK_TO_A_HUE = regex(
    r"(?:(?:no|nah|actually|sorry|ok)\W+)*(?:put|change|turn|make|set|switch) (?:it|that|him|her) back to "
    rf"(?P<hue>{COLOUR_WORDS})(?: (?:sorry|again|instead|now))*",
)
_STYLE_AGAIN = regex(r".*(?:\bback to the (?:plain|normal|usual|flat|ordinary|first) (?:style|look|colou?rs?)\b).*")
_IN_PIXELS = regex(r".*(?:\b(?:in|all|as) (?:chunky |big )?pixels\b|\bpixel(?:y|ated|[ -]?art|[ -]style)\b).*")
_SEED_OF_IT = regex(
    r"(?:what|which)(?:'?s| is| was)?(?: the)? seed(?: (?:was|is|did))?(?: (?:that|it|this|you use\w*))?"
)
_FOR_IT = regex(r"(?:it'?s|this is|it is|they'?re) (?:just )?for .+")
_ALL_PRAISE = regex(
    r"(?:(?:hell|fuck|oh|omg|wow|yes|yeah|yep|yay|woo+|haha+|lol|so|very|that'?s|it'?s|i|love|it|this|looks|damn|man)\W+)*"
    r"(?:yeah?s*|yep|yes+|yay|woo+(?:hoo)?|nice+|great|good|cool|cute|perfect|awesome|amazing|beautiful|brilliant|lovely"
    r"|excellent|superb|gorgeous|fire|wicked|sick|love it|wow)",
)
_WHO = regex(r".*(?:\b(?:who|what)(?:'?s| is| are| was)\b).*")
_YOU = regex(r"\b(?:you\w*|ya|u|ur|easel|model|ai|bot|program|app|this|ma[dk]e\w*|dr[ae]w\w*|paint\w*|creat\w*)\b")
_SCENE = regex(
    r"(?:an?|two|three|four|five|some) (?!.*\b(?:the|it|its|him|his|her|them|their|that|this|those|these)\b)[\w' -]+"
    r" (?:on|in|at|by|under|near|through|across) (?:an?|some) (?:[\w'-]+ ){0,2}"
    r"(?:beach|forest|woods?|jungle|city|street|village|town|park|garden|meadow|field|farm|desert|mountain|hill|lake|river"
    r"|sea|ocean|island|room|kitchen|library|caf[eé]|bar|castle|cave|station|market|stage|school|office|bridge|harbour"
    r"|harbor|swamp|road|square|stadium|museum|church|factory|shop|train|ship|spaceship|planet)",
)
_DRAWN = regex(
    r"(?:show|give|draw|make) me (?P<what>an? (?!(?:look|glimpse|peek|moment|second|version|variation)\b).+)",
)
_MADE_OF_IT = regex(
    r"(?:make|do|create|turn|draw|paint) (?:an?|some) (?:[\w-]+ ){1,3}(?:of|from|out of) (?:it|this|that|#\d+)",
)
_ADDED = regex(
    r"(?:make (?:it|this) \S.*|(?:turn|switch|put) (?:on |off )?(?:the |a )?lights?(?: (?:on|off))?"
    r"|add (?:my|an?|the|some|more|text|two|three) .+|(?:put|write|paint|draw) [\"“'‘].+"
    r"|(?:put|write|paint|draw) .+ (?:on|onto|at|in|under|above|across|over)"
    r" (?:it|the|this|that|her|his|top|bottom)\b.*)",
)
_DRAWABLE = regex(
    r"(?:i(?:'d| would)? (?:need|want|like)|make(?: me)?|gimme|give me|need|want|design|create|do) (?:me )?"
    r"(?P<what>(?:an?|some|another) (?:[\w'-]+ ){0,3}(?:card|postcard|invitation|invite|poster|flyer|leaflet|banner"
    r"|logo|icon|sticker|cover|wallpaper|backdrop|avatar|illustration|cartoon|comic|meme|map|pattern|sign|label|mascot|tattoo"
    r"|t-?shirt|mural|stamp|emblem|badge|coat of arms|bookmark|calendar|storyboard|mockup)\b.*)",
)
_NO_PICTURE = regex(
    r"\b(?:gifs?|videos?|film|movie|animat\w+|3-?d|stl|svg|pdf|psd|facebook|instagram|insta|twitter|tiktok|whatsapp|e-?mail"
    r"|website|online|internet|the web)\b"
)
_A_HAT_THEN = regex(
    r"(?:(?:fine|alright|well|ok|then)\W+)*(?P<what>(?:an?|some|two|three) [\w'-]+(?: [\w'-]+)?) (?:then|too|as well)",
)
_WRITTEN_NUMBER = regex(r".*(?:\b(?:a |the )?number \d+ (?:on|across|over|in|under) (?:the|his|her|its|their|my)\b).*")
_THE_SAME_ONES = regex(
    r"(?:.*[:,;]\s*)?(?:and |now |with )*the same (?:team|people|guys|crew|family|kids|characters|animals|friends|group"
    r"|gang|folks|pair|couple)(?: again)?,? (?:but )?(?P<rest>(?:at|in|on|by|with|having|wearing) .+)",
)
_EIGHT_BITS = regex(r".*\b8[ -]?bits?\b.*")
_PICTURES = regex(rf"\b(?:{PICTURES}|variations)\b")
_AGAIN = regex(r"\bagain\b")


class _Form(NamedTuple):
    """A whole sentence that the network takes for something else than it asks for."""

    taken: tuple[str, ...]  # how that begins, as `_taken_for` tells it
    said: re.Pattern[str]
    means: Callable[[int, str], Action]
    what: str = "{said}"
    but: re.Pattern[str] | None = None  # what the sentence must not say


def _drawn(_it: int, prompt: str) -> Action:
    return Action("generate_image", {"prompt": prompt})


def _asked(it: int, question: str) -> Action:
    return Action("look_at_image", {"image": it, "question": question})


def _told(_it: int, text: str) -> Action:
    return Action(text=text)


_REFUSED = ("I only make and change pictures", "Yes: drop a PNG")
_NEW = ("generate_image",)
_FORMS = (
    _Form(_REFUSED, _MADE_OF_IT, Action.edit, but=_NO_PICTURE),
    _Form(_REFUSED, _ADDED, Action.edit, but=_NO_PICTURE),
    _Form(_REFUSED, _DRAWABLE, _drawn, "{what}", but=_NO_PICTURE),
    _Form(_NEW, _MAY_I_HAVE, Action.edit, "{what}"),
    _Form(_NEW, _SHOULD_BE, Action.edit),
    _Form(_NEW, _IN_THE_PLACE, Action.edit),
    _Form(_NEW, _A_HAT_THEN, Action.edit, "add {what}"),
    _Form(_NEW, _THE_SAME_ONES, Action.edit, "{rest}"),
    _Form(("look_at_image: shown",), _DRAWN, _drawn, "{what}", but=_AGAIN),
    _Form(("edit_image",), _SCENE, _drawn),
    _Form(("edit_image",), _WHAT_LAST, _asked),
    _Form(("edit_image", "look_at_image"), _BACK_TO_A_HUE, Action.edit, "make it {hue}"),
    _Form(("upscale_image", "adjust_image"), _IN_PIXELS, Action.edit),
    _Form(("vary_image: 8",), _EIGHT_BITS, Action.edit, but=_PICTURES),
    _Form(("ask_user",), _WRITTEN_NUMBER, Action.edit),
    _Form(("Nothing is lost",), _STYLE_AGAIN, Action.edit),
    _Form(("A seed is",), _SEED_OF_IT, _asked),
    _Form(("I am Easel",), _WHO, _asked, but=_YOU),
    _Form(("I am glad",), _FOR_IT, _told, "All right."),
    _Form(("I am sorry",), _ALL_PRAISE, _told, "I am glad you like it."),
)


def by_form(scene: Scene, action: Action) -> Action | None:
    """What a sentence of one of `_FORMS` asks for: of the picture that there is, unless it asks for a new one."""
    taken = _taken_for(action)
    for form in _FORMS:
        if not taken.startswith(form.taken) or (form.but and form.but.search(scene.said)):
            continue
        for said in (bare(scene.said), scene.said.strip()):
            if (scene.shelf or form.means is _drawn) and (found := form.said.fullmatch(said)):
                return form.means(it_of(scene), form.what.format(said=said, **found.groupdict()))
    return None


def _taken_for(action: Action) -> str:
    """What a decision takes a sentence for: a tool (and how many variations), or the words of a reply."""
    if "count" in action.args:
        return f"{action.name}: {action.args['count']}"
    shown = action.name == "look_at_image" and not action.args.get("question")
    return f"{action.name}: shown" if shown else action.name or action.text


def by_occasion(scene: Scene, action: Action) -> Action | None:
    """ "It's my grandpa's birthday, he loves fishing", "something spooky": the first sentence says what to show, whole,
    where it names what a picture can be of."""
    said = bare(scene.said)
    if scene.shelf or scene.steps or _QUESTION.match(said) or OTHER_WORK.match(said) or not is_subject(said):
        return None
    prompt = str(action.args["prompt"]) if action.name == "generate_image" else ""
    if prompt:
        behind = said.partition(prompt)[2]
        return Action(action.name, {**action.args, "prompt": prompt + behind}) if _FOND_OF.match(behind) else None
    return Action("generate_image", {"prompt": _ASKS.sub("", said).strip()})


def made_for(scene: Scene, action: Action) -> Action | None:
    """ "Birthday card for my dad", "icon: phone": who says what kind of picture it is wants one of its own, whole."""
    said = ENDING.sub("", scene.said)
    asks = _QUESTION.match(said) or OTHER_WORK.match(said) or action.text.startswith("I am glad")
    found = None if scene.steps or asks else _KIND_OF_PICTURE.fullmatch(said)
    prompt = str(action.args.get("prompt", ""))
    if not found or (prompt and (found["kind"].lower() != "card" or "card" in prompt.lower())):
        return None
    kept = action.args if action.name == "generate_image" else {}
    return Action("generate_image", {**kept, "prompt": _OF_A_KIND.sub(r"\g<kind> of ", found["what"])})


def no_such(scene: Scene, action: Action) -> Action | None:
    """ "There is no farmer! Please add him": who is to be added was said before."""
    found = _NO_SUCH.match(bare(scene.said))
    if not found or action.name not in ("edit_image", "ask_user", "look_at_image"):
        return None
    return Action.edit(it_of(scene), f"add {with_article(found['what'])}{found['rest']}")


def afresh(scene: Scene, action: Action) -> Action | None:
    """ "Now a new one with only boats" is made of these words alone."""
    found = _NEW_WITH.fullmatch(bare(scene.said))
    if not found or action.name not in ("generate_image", "edit_image", "ask_user"):
        return None
    prompt = str(action.args.get("prompt", ""))
    if action.name == "generate_image" and prompt in found["what"] and prompt.split()[:2] != found["what"].split()[:2]:
        return None
    kept = {key: value for key, value in action.args.items() if key in ("aspect", "count", "seed", "style", "size")}
    return Action("generate_image", {"prompt": found["what"], **kept})


def so_many(scene: Scene, action: Action) -> Action | None:
    """ "Draw twenty dogs": more than a picture has room for are no change of one, and not so many pictures."""
    found = None if scene.steps else _SO_MANY.fullmatch(bare(scene.said))
    many = number_of(found["number"]) if found else 0
    if not found or many <= MOST:
        return None
    things = [number for places in Names.shipped().counted(found["what"]).values() for _, number in places]
    whole = action.name == "generate_image" and found["number"] in str(action.args["prompt"])
    return Action("generate_image", {"prompt": found["what"]}) if many in things and not whole else None


def which_has(scene: Scene, action: Action) -> Action | None:
    """ "Which one has the blue balloons?", "which of them shows a dog" ask for pictures, not for what one shows."""
    found = _WHICH_HAS.fullmatch(scene.said)
    if not found or action.name not in ("look_at_image", "find_images"):
        return None
    wanted = [telling(what) for what in re.split(r" (?:and|with) ", found["what"])]
    rows = {picture.handle: [telling(row) for row in re.split(r"[,;] ", picture.shows)] for picture in scene.shelf}
    having = [n for n, shown in sorted(rows.items()) if all(any(what <= row for row in shown) for what in wanted)]
    if len(having) == 1:
        return Action("look_at_image", {"image": having[0], "question": bare(scene.said)})
    *others, last = [f"#{handle}" for handle in having] or [""]
    return Action(text=f"{', '.join(others)} and {last} show that.") if last else None


def named_behind(scene: Scene, action: Action) -> Action | None:
    """ "Make it bigger!!! the cat": what is meant is said at the end."""
    found = _NAMED_BEHIND.fullmatch(bare(scene.said))
    if not found or not telling(found["what"]) <= shown_in(scene, it_of(scene)):
        return None
    return Action.edit(it_of(scene), f"{found['verb']} {found['what']} {found['how']}")


def facing_away(scene: Scene, action: Action) -> Action | None:
    """ "Same knight but facing the other way" is the same picture mirrored, where nobody else is in it."""
    it = scene.on_shelf(it_of(scene))
    if it is None or not _OTHER_WAY.fullmatch(bare(scene.said)):
        return None
    there = counts_in(it)
    if there.total() > 2 or sum(there[kind] for kind in there.keys() & ALIVE) != 1:
        return None
    return Action("adjust_image", {"image": it.handle, "operation": "flip", "amount": "horizontal"})


def in_the_same_style(scene: Scene, action: Action) -> Action | None:
    """ "A sword too, same style", "a dog in the same style as the cat": in that of the picture that is called, or of
    the newest one up to "it" that has one."""
    found = _SAME_STYLE.search(scene.said)
    called = called_by(scene, found["one"]) if found and found["one"] else 0
    if not found or (action.name != "generate_image" and not (called and _NEW_ONE.match(bare(scene.said)))):
        return None
    styles = [
        style
        for picture in sorted(scene.shelf, key=lambda one: one.handle, reverse=True)
        if picture.handle == called or (not called and picture.handle <= it_of(scene))
        for style in sorted(around_in(picture) & set(STYLES))
    ]
    made = action.args if action.name == "generate_image" else {"prompt": bare(scene.said)}
    prompt = " ".join(_SAME_STYLE.sub("", str(made["prompt"])).split()).strip(" ,.;")
    known = any(style in str(made.get("style", "")).lower() for style in STYLES)
    kept = {name: value for name, value in made.items() if name != "style" or known}
    style = {"style": styles[0]} if styles and not known else {}
    return Action("generate_image", {**kept, "prompt": prompt, **style}) if prompt else None
