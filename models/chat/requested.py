"""What the form of a whole sentence asks for, whatever the network took it for: a new picture, a change, an answer.

Each rule gives the action that a sentence means instead of the one that was decided, or None.
"""

from __future__ import annotations

from models.chat.conversation import Action, Scene, it_of
from models.english.naming import with_article
from models.english.patterns import regex
from models.english.politeness import bare
from models.english.subjects import is_subject

_QUESTION = regex(
    r"(?:what|how|why|who|when|where|which|whose|are|is|does|did|have you|do you (?!have|do\b|draw|make|paint))\b",
)
OTHER_WORK = regex(
    r"(?:compose|book|order|buy|call|phone|play|sing|translate|calculate|cook|drive|open|close|delete|print"
    r"|write(?! on\b))\b"
)
"""What begins a sentence that asks for something other than pictures."""
_FOND_OF = regex(
    r"\s*[,.;?!-]+\s*(?:and |because |cos )?(?:s?he|they|it|my \w+|who)(?:'s| is| are|s)? (?:really |just |so )*"
    r"(?:loves?|likes?|adores?|enjoys?|into|mad about|crazy about|obsessed with|fond of|a (?:big |huge )?fan of)\b",
)
_ASKS = regex(
    r"^(?:(?:can|could|would|will) (?:you|u) |please |pls |(?:i(?:'d| would)? (?:need|want|like)|gimme|give me"
    r"|(?:to )?(?:make|draw|paint|create|do|design|show|get))(?: (?:me|us))? |to see |to have )+",
)
_NO_SUCH = regex(
    r"(?:(?:hey|but|wait|um+|hm+|oh|ok)\W+)*"
    r"(?:(?:there(?:['’]?s| is| are|re)|i (?:see|can see)) no|where(?:['’]?s| is| are) (?:the|my|his|her|our)) "
    r"(?P<what>[\w' -]{2,25}?)(?: yet| here| there| in it)?[!.,;?]+\s*"
    r"(?:(?:so|please|pls|can you|could you|now)\W+)*(?:add|put|draw|include|paint)(?: in)? (?:him|her|it|them|one)\b"
    r"(?P<rest>[^.,!?]*(?:, (?:\w+ing|with|in|on|at|by)\b[^.!?]*)?)[^.!?]*",
)
_SHOULD_BE = regex(
    r"(?:(?:but|and|hmm+|oh|also|um+)\W+)*there (?:should|needs? to|must|ought to|has to|could|can) (?:also )?be "
    r"[^.!?]+",
)
_MAY_I_HAVE = regex(
    r"\W*(?:(?:but|and|hmm+|oh|also|um+|please)\W+)*(?:may|might|could) i (?:also |please )?(?:ask for|have"
    r"|trouble you for) "
    r"(?P<what>(?!.*\b(?:new|fresh|other|another (?:one|picture)|pictures?|images?|photos?|paintings?|drawings?"
    r"|logos?|posters?|illustrations?|sketch(?:es)?|renders?)\b)[^.!?]+)\W*",
)
_IN_THE_PLACE = regex(
    r"(?:(?:and|but|now|ok|so)\W+)*(?:in|at|on) (?:the|a|my|his|her|their) [\w' -]{2,25},? "
    r"(?:\w+ing\b|with\b|holding\b)[^.;!?]*",
)
_NEW_WITH = regex(
    r"(?:(?:ok|now|please|pls|so|and|then|next|great|thanks|nice|cool)\W+)*"
    r"(?:(?:in|make|do|draw|i want|i'd like|give me)\W+)*"
    r"an? (?:new|fresh|different|separate) (?:one|picture|image|drawing|pic|painting)(?: please| pls)?"
    r"(?:\s*[:,]\s*|\s+)(?:(?:with|of|showing|where|that shows)\s+)?(?:(?:only|just)\s+)?(?P<what>.+)",
)
_WHAT_LAST = regex(r"(?:and |so )?(?:the|he|she|it|they|his|her)\b[\w' ]* (?:is|are|has|have|was)\b[\w' ]* what\s*\?+")
_SAME_STYLE = regex(r"\b(?:in )?(?:the |that |this )?same style\b|\bin (?:that|this) style\b")
_STYLES = ("pixel art", "sketch", "black and white", "watercolour", "neon")


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


def no_such(scene: Scene, action: Action) -> Action | None:
    """ "There is no farmer! Please add him": who is to be added was said before."""
    found = _NO_SUCH.match(bare(scene.said))
    if not found or action.name not in ("edit_image", "ask_user", "look_at_image"):
        return None
    return Action.edit(it_of(scene), f"add {with_article(found['what'])}{found['rest']}")


def should_be(scene: Scene, action: Action) -> Action | None:
    """ "There should be a wizard in front", "may I ask for a hunter": one more in the picture that there is."""
    if action.name != "generate_image":
        return None
    if found := _MAY_I_HAVE.fullmatch(scene.said):
        return Action.edit(it_of(scene), found["what"])
    return Action.edit(it_of(scene), bare(scene.said)) if _SHOULD_BE.fullmatch(bare(scene.said)) else None


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


def in_the_place(scene: Scene, action: Action) -> Action | None:
    """ "In the kitchen, baking a pie", said of a picture: it goes there, and no other is made."""
    if action.name != "generate_image" or not _IN_THE_PLACE.fullmatch(bare(scene.said)):
        return None
    return Action.edit(it_of(scene), bare(scene.said))


def asks_what(scene: Scene, action: Action) -> Action | None:
    """ "The man is holding what?" is a question, wherever the word stands."""
    if action.name != "edit_image" or not _WHAT_LAST.fullmatch(scene.said.strip()):
        return None
    return Action("look_at_image", {"image": it_of(scene), "question": scene.said.strip()})


def in_the_same_style(scene: Scene, action: Action) -> Action | None:
    """ "A sword too, same style" after pixel art: in that style, which the words do not name."""
    it = scene.on_shelf(it_of(scene))
    if action.name != "generate_image" or not it or not _SAME_STYLE.search(scene.said) or action.args.get("style"):
        return None
    style = next((style for style in _STYLES if style in it.shows), "")
    prompt = _SAME_STYLE.sub("", str(action.args["prompt"])).strip(" ,.;")
    return Action(action.name, {**action.args, "prompt": prompt, "style": style}) if style else None
