"""Small things set right in a decision: small talk left behind words, a preset called by name, gaps in descriptions, an
hour that was said first."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from models.chat.conversation import Action, Scene, it_of
from models.chat.wholeness import SEVERAL
from models.english.naming import Names
from models.english.patterns import NUMERALS, regex
from models.english.pictures import PICTURE
from models.english.politeness import ENDING, OPENING, without_chatter, without_fillers

_CAN_YOU = regex(r"^(?:can|could|would|will) (?:you|u) (?=\w)")
_HIM = {"he": "him", "she": "her", "it": "it", "they": "them"}
_MAY_HAVE = regex(r"^(?P<who>he|she|it|they) have (?=an?\b|some\b|two\b|the\b)")
_MAKE_THE_WITH = regex(r"^make the (?=(?:with|without|in|at|on) )")
_FOR_WHOM = regex(
    r"(?: (?:for|to) (?:my|our|the|a|an|his|her|their) [\w' -]{2,40}?)?(?:,| who| that| which)? ?"
    r"\b(?:who|that|which|s?he|they|it)(?:'s| is| are)? (?:really |just |absolutely )*"
    r"(?:loves?|likes?|adores?|into|mad about|crazy about|obsessed with|a (?:big |huge )?fan of) [^.;!?]+",
)
_FOR_WHAT = regex(r" for (?:my|our|the|an?|his|her|their) [\w' -]{2,60}")
_MEANT_FOR = regex(
    r"\b(?:card|logo|mascot|poster|flyer|banner|sign|sticker|cover|invitation|badge|emblem|t-?shirt|icon|leaflet)$",
)
_FRAME = regex(
    r"(?:(?:(?:an?|another|quick|little|the) )*(?:go|crack|stab|shot|bash|whirl) at"
    r"|an? (?:favou?r|solid|dear|star|darling|love|good sport) and"
    r"(?: (?:draw|paint|make|create|do|show(?: me)?|rustle up|whip up|knock up|sketch|give me))?"
    rf"|(?:(?:an?|another|one|the|(?P<many>some|{NUMERALS}|[2-8]|a (?:couple|few|pair) of|several)) )?"
    r"(?:(?:quick|nice|new|pretty|single) )?(?:picture|image|pic|visual|render|rendering|artwork)s?"
    r" (?:of|for|showing|with))\s+(?=\w)",
)
"""What stands before a description and is none of it: "have [a crack at] an owl", "[a dear and rustle up] an owl"."""
_ITS_NUMBER = regex(rf"(?:an? (?:couple|few|pair) of|some|several|{NUMERALS}|[2-8])\s+$")
_GRUMBLED = regex(r"(?P<order>\S+ \S.*?) +- (?:it'?s |a bit |way |far |much |still )?too [a-z]+")
_ON_ITS_HEAD = regex(r"(?:,| and)(?: (?:then|please|pls))* (?:stand|turn|put|flip)(?: (?:it|this|that))? on its head$")
"""An order for the whole picture behind one for a thing."""
_LONG = 12
"""Words of a description from which on nothing is left out in the middle."""
_ASKING = regex(
    r"\b(?:i|i'\w+|you|u|me|my|us|please|pls|draw\w*|paint|make|show|sketch|create|generate|illustrate|need|want|like|gimme"
    r"|picture|image|photo|pic|scene|style|seed|preset|model|size|wide|tall|square|landscape|portrait"
    r"|no(?!\. \d)|not|without|visuali[sz]e)\b",
)
_MADE_SO = regex(
    r"[\s,.;]*\bbut (?:please |pls )?(?:make|keep|let) (?:it|them|that|him|her|everything) "
    r"(?P<so>(?:(?!\b(?:wide|tall|square|portrait|landscape|bigger|larger|big|brighter|darker|pictures?)\b)[^,.;!?])+)",
)
_STYLED = (
    r"\b(?P<style>black(?: and | & | n |-and-)white|b ?& ?w|b/w|bw|gr[ea]y ?scale|monochrome|pixel[ -]art|neon"
    rf"|watercolou?r|(?:pencil |charcoal |ink )?sketch|pencil|charcoal|ink|crayon) (?:{PICTURE}|illustration|artwork)s?"
)
_PICTURE_AHEAD = regex(rf"{_STYLED}(?: (?:of|with|showing)\b|:)\s*$")
_PICTURE_BEHIND = regex(rf",? (?:as |in )?(?:an? )?{_STYLED}(?=\W*$)")
_HOUR_FIRST = regex(
    r"(?:(?:make|turn|have|do|set) (?:it|this) (?:to |into |in )?|(?:at|in the|in|with)\s+)?(?:an? )?"
    r"(?:night|nite|nighttime|day|daytime|sunset|sunrise|dawn|dusk|evening|morning|midnight|noon|winter\w*|summer\w*"
    r"|autumn\w*|fall|spring|rain\w*|snow\w*|fog\w*|mist\w*|storm\w*|sunny|cloudy|wet|dark)(?: ?time)?"
    r"\s*(?:,|\band\b|\bn\b|&|\+|\bplus\b|\bwith\b)[\s,]*(?:also |then |please |pls )?",
)
_NUMBERED = regex(r"[\s,;]*(?<![\w#])\d[).:](?=\s)\s*")
_PICTURES = regex(
    r"\b(?:pictures?|pics?|images?|versions?|variations?|variants?|options?|takes|times|different|alternatives?|each|x|twice|thrice)\b",
)
_FORMAT = regex(
    r"\b(?:(?:ultra)?wide\w*|broad|landscape|horizontal\w*|panoram\w*|banner|headers?|cover|desktop|wallpapers?|laptop"
    r"|monitor|tv|cinema\w*|thumbnail|tall\w*|portrait|vertical\w*|upright|high|long|narrow|slim|(?:smart)?phones?|mobile"
    r"|iphone|android|lock ?screen|screen\w*|bookmark|pin|posters?|squared?|avatar|profile|album|tile|icons?|insta\w*"
    r"|tiktok|reels?|stories|(?:\w+ )?story (?:picture|format)|format|orientation|aspect|ratio)\b|\d+ ?[:x×] ?\d+"
)
"""What speaks of a picture's format."""
_FOR_SOMETHING = regex(r"\bfor (?:my|our|an?|the|this|his|her)\b")
_OWN_NAME = regex(r"[a-z.]+[\d-][\w.-]*")
"""Of a preset, such as no other word is written: "gupsy2", "z-image"."""
_POLITE = frozenset("tho though now asap quick quickly go ok okay then too again x".split())
_ENGLISH = frozenset("big crisp dev embedded fast hat image inpaint instruct lightning span sprint turbo".split())
_IT_WITH = regex(r"\b(?:it|this|that|#?\d+x?|times|picture|image)$")
_ENDS = regex(r"[\s.,!]*")
_BEHIND_A_NAME = regex(r"(?:\s+[-–—]\s|\s*[,;]|\s+(?:no|not|without)\b).*")
_UNKNOWN = regex(rf"[\s,]*\b(?:using|via)\s+(?:the\s+)?(?P<name>{_OWN_NAME.pattern})(?:\s+(?:preset|model)\b)?")

CHANGING = {"edit_image": "edit", "extend_image": "edit", "vary_image": "vary", "upscale_image": "upscale"}
"""What the tools that change a picture do with a preset."""
_OTHER_SEED = regex(r"[\s,]*\bwith (?:an?other|a (?:new|different|random|fresh)|different) seed$")
_WHICH = regex(r"\bwhich one do you mean, #[^?]*\?")


def tidied(scene: Scene, action: Action) -> Action:
    """The action without the small talk behind its words, and with the preset that the sentence names; a question which
    picture is meant names those that can be chosen."""
    args = dict(action.args)
    if action.name == "ask_user" and (handles := [one for one in args.get("choices", ()) if one.startswith("#")]):
        args["question"] = _WHICH.sub(f"Which one do you mean, {_or(handles)}?", str(args["question"]))
    if action.name == "edit_image":
        args["instruction"] = _MAY_HAVE.sub(lambda f: f"give {_HIM[f['who'].lower()]} ", str(args["instruction"]))
    if action.name == "edit_image" and not scene.steps and len(_NUMBERED.findall(scene.said)) > 1:
        args["instruction"] = ", ".join(_NUMBERED.split(scene.said)[1:]).strip(" ,;")  # "1) box red 2) cat black"
    elif action.name == "edit_image" and not scene.steps:
        if action.args["image"] == it_of(scene):  # else the hour may say which picture is meant
            args["instruction"] = _with_the_hour(scene.said, str(args["instruction"]))
        args["instruction"] = _MAKE_THE_WITH.sub("", args["instruction"])
    for name in ("prompt", "instruction"):
        if name in args:
            args[name] = _whole_names(scene.said, str(args[name]))
    if action.name == "generate_image":
        count = int(args.get("count", 1))
        if count > 1 and not _PICTURES.search(scene.said) and _counts_things(scene.said, count):
            del args["count"]
            args["prompt"] = _with_its_number(scene.said, str(args["prompt"]))
        spoken = any(_FORMAT.search(said) for said in (scene.said, *_just_said(scene)))
        if "aspect" in args and _FOR_SOMETHING.search(scene.said) and not spoken:  # "a robot for my game"
            del args["aspect"]
        if "preset" in args:
            args["preset"] = _BEHIND_A_NAME.sub("", str(args["preset"]))
        if scene.presets and "preset" in args and not _is_preset(scene, str(args["preset"])):
            del args["preset"]
        args["prompt"] = _OTHER_SEED.sub("", str(args["prompt"]))
        args["prompt"] = _for_whom(scene.said, args)
        args["prompt"] = _made_so(scene.said, args)
        args = _styled(scene.said, _made_of(scene.said, args))
    one = action.name == "generate_image" and not scene.steps and not SEVERAL.search(scene.said)
    if one and not set(args) - {"prompt", "aspect", "count"}:
        args["prompt"] = _unbroken(scene.said, args["prompt"])
    found = _called(scene.said, _calls(scene.presets)) if action.name == "generate_image" else None
    if found is None or not found["name"].startswith(args.get("preset", "")):
        return Action(action.name, args, action.text)
    args["preset"] = found["name"]
    if args.get("style", "").lower() == found["name"].lower():
        del args["style"]
    if args.get("negative_prompt", "").lower() in (found["name"].lower(), *found["name"].lower().split("+")):
        args.pop("negative_prompt", None)
    for name in ("prompt", "negative_prompt", "style"):
        if name in args and (said := args[name].replace(found[0].strip(), "").strip(" ,.;")):
            args[name] = re.sub(r"\s+", " ", said)
    return Action(action.name, args, action.text)


def unpadded(scene: Scene, action: Action) -> Action:
    """The action without what is said around its words to be kind: "[have a crack at] a bear[, you gem]"."""
    args = dict(action.args)
    for name in ("prompt", "instruction", "negative_prompt", "style"):
        if name in args and (said := without_chatter(str(args[name]))):
            args[name] = said
    if action.name == "generate_image":
        args["prompt"] = _unframed(args)
    if action.name == "edit_image":
        grumbled = _GRUMBLED.fullmatch(str(args["instruction"]))
        args["instruction"] = grumbled["order"] if grumbled else args["instruction"]
        args["instruction"] = _CAN_YOU.sub("", without_fillers(str(args["instruction"])))
        args["instruction"] = _ON_ITS_HEAD.sub("", args["instruction"])
    return Action(action.name, args, action.text)


def _unframed(args: Mapping[str, Any]) -> str:
    """A description without the words of the request around it that were taken for a part of it."""
    prompt = str(args["prompt"])
    frame = _FRAME.match(prompt)
    if not frame or (frame["many"] and "count" not in args):
        return prompt
    return prompt[len(frame[0]) :]


def _with_its_number(said: str, prompt: str) -> str:
    """ "4 cookies with icing", of which "cookies with icing" was pointed at: the number says how many cookies."""
    number = _ITS_NUMBER.search(said[: said.find(prompt)]) if prompt in said else None
    return number[0] + prompt if number else prompt


def _or(choices: Sequence[str]) -> str:
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def _whole_names(said: str, part: str) -> str:
    """ "A fork and knife", of which "a fork" was pointed at: no name ends in its middle."""
    start = said.find(part)
    end = start + len(part)
    if start < 0:
        return part
    for name in Names.shipped().said(said):
        if name.start < start < name.end or name.start < end < name.end:
            start, end = min(start, name.start), max(end, name.end)
    return said[start:end]


def _is_preset(scene: Scene, preset: str) -> bool:
    """Whether a preset is one of those that there are, or a sentence asks for it by a name that can be no other word's
    or as one asks for a preset, so that the person hears that there is none."""
    name = re.escape(preset)
    ahead = (
        r"(?:using|use|via|with|load|select|pick|choose|(?:leave|give|try|run) it (?:on|to|with)"
        r"|(?:preset|model)(?: is|'s| (?:should|must|ought to) be)?(?: set)?(?: to)?)"
    )
    called = re.search(rf"\b{ahead}\W+(?:the )?{name}|\b{name}\W+(?:preset|model)\b", scene.said, re.IGNORECASE)
    return preset in scene.presets or called is not None or _OWN_NAME.fullmatch(preset) is not None


def _just_said(scene: Scene) -> list[str]:
    """The sentences before, which a short answer goes on with."""
    return [exchange.said for exchange in scene.past[-2:]]


def _counts_things(said: str, count: int) -> bool:
    """Whether a number says how many of a thing there are ("a juggler with 3 balls"), or of all things together ("3
    apples and 2 pears, so that kids count 5"), and not how many pictures."""
    every = [pair for counted in Names.shipped().counted(said).values() for pair in counted]
    many = [number for one, number in every if one.many]
    return count in many or (len(many) > 1 and count == sum(many))


def _unbroken(said: str, prompt: str) -> str:
    """A long description without gaps: words between two parts of it that ask for nothing belong to it."""
    whole = said.split()
    bare, words = ([word.strip(".,;:!?") for word in text.split()] for text in (said, prompt))
    if len(words) < _LONG:
        return prompt
    starts = range(len(bare))
    if prompt in said:
        starts = [n for n in starts if bare[n : n + len(words)] == words]
    for start in starts:
        first = next((n for n, (a, b) in enumerate(zip(bare[start:], words, strict=False)) if a != b), len(words))
        last = len(words) - first
        behind = range(start + first + 1, len(bare) - last + 1) if 0 < first < len(words) else range(0)
        end = next((n for n in behind if bare[n : n + last] == words[first:]), 0)
        one_more = first == len(words) and start + first == len(bare) - 1
        if one_more and Names.shipped().said(bare[-1]) and bare[-1].lower() not in _POLITE:
            return " ".join(whole[start:]).rstrip(".,;:!? ")
        if end and not _ASKING.search(" ".join(whole[start + first : end])):
            return " ".join(whole[start : end + last]).rstrip(".,;:!? ")
    return prompt


def _with_the_hour(said: str, instruction: str) -> str:
    """ "Night n put a crown on the wizard": an hour, season or weather said first is part of the change."""
    start = max(said.find(instruction), 0)
    ahead = OPENING.sub("", said[:start])
    return ahead + instruction if _HOUR_FIRST.fullmatch(ahead) else instruction


def _for_whom(said: str, args: Mapping[str, Any]) -> str:
    """ "A card for my niece who loves unicorns", "a mascot for our chess club": what it is for is all it says."""
    prompt = str(args["prompt"])
    behind = ENDING.sub("", said[said.find(prompt) + len(prompt) :]) if prompt in said else ""
    whom = _FOR_WHOM.fullmatch(behind) or (_MEANT_FOR.search(prompt) and _FOR_WHAT.fullmatch(behind))
    return prompt + behind if whom else prompt


def _made_so(said: str, args: Mapping[str, Any]) -> str:
    """ "A knight fighting a dragon but make it cute": how it is to be is part of the description."""
    prompt = str(args["prompt"])
    found = _MADE_SO.match(said, said.find(prompt) + len(prompt)) if prompt in said else None
    so = ENDING.sub("", found["so"]).strip() if found else ""
    return f"{prompt}, {so}" if so and so not in args.values() else prompt


def _made_of(said: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """ "A tower made of lego", "in red and gold tones": that is no style, but part of the description."""
    prompt, style = str(args["prompt"]), re.escape(str(args.get("style", "")))
    found = re.search(rf"made of {style}\b|painted in {style} tones\b", said, re.IGNORECASE) if style else None
    if not found:
        return dict(args)
    start, rest = said.find(prompt), {name: value for name, value in args.items() if name != "style"}
    end = start + len(prompt)
    if start < 0 or found.end() <= end or _ASKING.search(said[end : found.start()]):
        return rest
    return rest | {"prompt": said[start : found.end()]}


def _styled(said: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """ "A black and white picture of a horse", of which "a horse" was pointed at: what kind of picture it is was said
    around it."""
    prompt, (before, there, behind) = str(args["prompt"]), said.partition(str(args["prompt"]))
    found = (_PICTURE_AHEAD.search(before) or _PICTURE_BEHIND.match(behind)) if there else None
    return dict(args) if not found or "style" in args else {**args, "prompt": prompt, "style": found["style"].lower()}


def preset_for(scene: Scene, action: Action) -> re.Match[str] | None:
    """Where a sentence names the preset for a change that it asks for; one that cannot make it is told by the tool."""
    if action.name not in CHANGING or any(step.args.get("preset") for step in scene.steps):
        return None
    enlarges = action.name == "upscale_image"
    able = scene.changing.get(CHANGING[action.name], ())
    found = _called(scene.said, _calls(able), with_it=enlarges)
    if found or not able or SEVERAL.search(scene.said):
        return found
    every = {name for names in (scene.presets, *scene.changing.values()) for name in names}
    return _called(scene.said, _calls(every) - _ENGLISH) or (enlarges and _UNKNOWN.search(scene.said)) or None


def _calls(presets: Iterable[str]) -> set[str]:
    """How presets are called: by their names, or a word of one that means nothing else."""
    whole = {name.lower() for name in presets}
    return whole | ({word for name in whole for word in name.split("-")} - _ENGLISH)


def _called(said: str, names: Collection[str], *, with_it: bool = False) -> re.Match[str] | None:
    """Where one of the names is said as one says which preset to take, LoRAs behind it included.

    Args:
        with_it: Whether "upscale it with crisp" says so too.
    """
    if not names:
        return None
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    named = regex(
        r"[\s,.;(]*\b(?:(?P<by>using|via|use|preset:?|model:?)|with|on|by)\s+(?:the\s+)?(?P<kind>preset\s+|model\s+)?"
        rf"(?P<name>(?:{either})(?:\+[\w.-]*\w)*)(?![\w-])(?P<what>\s+(?:preset|model)\b|:)?\)?",
    )
    for found in named.finditer(said):
        if found["by"] or found["kind"] or found["what"] or re.search(r"[\d-]", found["name"]):
            return found
        if with_it and _IT_WITH.search(said[: found.start()]) and _ENDS.fullmatch(said[found.end() :]):
            return found
    return None
