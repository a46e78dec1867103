"""The wishes of an instruction: "shrink the dino and put him more left" holds two.

A network that hears both at once mixes them up at times, so they are done one after the other. Only what is plainly an
order of its own counts as a wish; a reason stays with the wish that it stands before or behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from models.english.naming import COLOUR_WORDS, Names, colours_in
from models.english.patterns import STATES, any_of, regex
from models.scene.flanks import sided
from models.scene.orders import order_of
from models.scene.pushes import Resize, Shift

_POLITE = any_of(
    r"""
    ok(?:ay)?|so|and|now|also|then|please|pls|plz|but|oh|hey|nice|cool|great|perfect|lovely|thanks|well|um|uh|maybe|just
    actually|(?:could|can|would|will) (?:you|we|u|ya)|i want you to|let'?s|while you'?re at it|n
    """,
    end=r"\b[\s,!]*",
).pattern
_ORDER = any_of(r"""
    make|turn|put|give|add|remove|lose|delete|get|take|swap|replace|change|switch|paint|(?:re)?colou?r|dye|move|shift|push
    pull|slide|scoot|nudge|drag|shrink|enlarge|grow|set|bring|drop|ditch|erase|hide|crown|dress|stick|throw|chuck|pop
    place|kick|scrap|bin|let|write|print|(?:stop|end|clear)(?= (?:the|all|it|this|away)\b)|i (?:want|need|wanna)
    i'?d like|we (?:want|need)|there (?:should|must)|no [\w-]+(?= any ?more\b)
    (?:the|my|his|her|our) [\w-]+ (?:has|holds|gets|wears)(?= an?\b)
    (?:he|she|it|they) (?:can|could) (?:have|ride|hold|wear|carry|drive|sit)
    (?:the|both|all|my|our|his|her|that|this|it)\b[\w ']{0,25} (?:should|needs?|must|has to|have to|ought|can go)
""").pattern
_WISH = regex(rf"\W*(?:{_POLITE})*{_ORDER}")
_BORDER = regex(
    rf"\s*[.;!?]+\s+(?=\w)|\s*[,;]?\s+(?P<joins>and|n|&|then|also|plus|but)\s+(?=(?:{_POLITE})*{_ORDER})"
    rf"|\s*,\s*(?=(?:{_POLITE})*{_ORDER})",
)
_SIZED = "(?:much |way |a bit )?(?:bigger|larger|taller|smaller|tinier|shorter)"
_TWO_SIZES = regex(rf"\W*({_SIZED} [\w ]{{2,25}}?)(?:\s*,\s*|\s+and\s+|\s+)({_SIZED} [\w ]{{2,25}})\W*")
_INSTEAD = any_of("inste?ad", end=r"\W*$")
_NO_WAIT = any_of(r"(?:no|oh|ah|hmm|sorry)?\W*(?:wait|scratch that|i mean|make that|actually)(?: no)?", end=r"\b\W*")
_HOUR = any_of("night|daytime|day|sunset|sunrise|dawn|dusk|morning|evening|noon|midday|midnight")
_WEATHER = any_of("rain(?:y|ing)?|snow(?:y|ing)?|fog(?:gy)?|storm(?:y)?|sunny|clear skies|thunderstorm")
_LIST = regex(r"\s*[;\n]\s*(?:and |then )?|\s*,\s*(?:and |then )?|\s+(?:\+|plus|and)\s+")
_SO = regex(
    r"\W*(?:the |that |his |her |its |both )?\s+(?:(?:is|are|should be|to be|in|goes|turns) )?"
    rf"(?:(?:all|much|way|a bit|too) )*(?:{COLOUR_WORDS}|bigger|smaller|larger|taller|tiny|huge"
    r"|gone|out|away|off|(?:further |more |to the )?(?:left|right)"
    r"|higher|lower|up|down)\W*(?:please|pls|too)?\W*",
)
_SKY = regex(rf"\W*(?:make )?the sky (?:{COLOUR_WORDS}|dark|bright|cloudy|stormy)\W*")
_THE = regex(rf"\W*(?:and )?(?:(?:an?|the|his|her|one|another) )?(?:(?:{COLOUR_WORDS}) )?")
_BY = regex(
    r" (?:for|on|onto|above|below|under|over|beside|next to|by|with|(?:to the )?(?:left|right) (?:of|from)) "
    r"(?:(?:the|an?|his|her|that) )?",
)  # "donut for the vampire", "crown on the skull"
_LABEL = regex(r"\W*\w+(?: \w+){0,2}:\s+(?=\w)")
_ALL_OF_IT = regex(
    rf"\W*(?:(?:at|in)(?: the)? )?(?:{_HOUR.pattern}|(?:no(?: more)? )?{_WEATHER.pattern}"
    r"|pixel art|watercolou?r|neon|sketch)(?: time)?\W*(?:please|pls)?\W*",
)
_WHO = any_of(
    r"him|he|she|them|they"
    rf"|her(?= (?:an?|the|some|to|in|on|at|over|up|down|more|further|left|right|{_SIZED}|huge|tiny)\b"
    rf"| (?:{COLOUR_WORDS})\W*$|$)"
)
_IT = any_of("it")


def wishes(text: str, names: Names) -> list[str]:
    """The wishes of an instruction in order; the whole of it where it holds but one, or none can be told apart."""
    if two := _TWO_SIZES.fullmatch(text):
        return [*two.groups()]
    if sided(text, names.said(text)):  # both at once, or the first is in the second's way
        return [text]
    label = _LABEL.match(text)
    text = text[label.end() :] if label and not names.said(label.group()) else text  # "party food: a donut"
    listed = [part for part in _LIST.split(text) if part.strip()]
    states = [_is_so(part, names) for part in listed]
    if len(listed) > 1 and any(states) and all(so or _WISH.match(one) for so, one in zip(states, listed, strict=True)):
        return [f"{one}{_goes_on(one, then, names)}" for one, then in pairwise([*listed, ""])]
    found, reason, spelled = list[str](), "", False
    for clause, joined in _clauses(text):
        wish = _WISH.match(clause) or (joined and _names_only(clause, names))
        if wish and not (found and _INSTEAD.search(clause)):
            about = names.said(reason)
            if len(about) == 1 and _WHO.search(clause) and not names.said(clause):  # "the cat is sad, move her"
                clause, spelled = spelled_out(clause, reason[about[0].start : about[0].end], ()), True
            found.append(reason + clause)
            reason = ""
        elif found:
            found[-1] += f". {clause}"
        else:
            reason += f"{clause}. "
    return found if len(found) > 1 or spelled else [text]


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """The clauses of a text, each with whether an "and" or the like joins it to the next."""
    begins = 0
    for border in _BORDER.finditer(text):
        if border.start() > begins:
            yield text[begins : border.start()], border["joins"] is not None
        begins = border.end()
    yield text[begins:], False


def _is_so(part: str, names: Names) -> bool:
    """Whether a part of a list says how a thing, or everything, is to be, or where: "boat blue", "hat for the boy"."""
    if _ALL_OF_IT.fullmatch(part) or _SKY.fullmatch(part):
        return True
    said = names.said(part)
    if len(said) == 2 and _BY.fullmatch(part[said[0].end : said[1].start]):
        return _THE.fullmatch(part[: said[0].start]) is not None and not part[said[1].end :].strip(" .!")
    rest = "".join(part[one.start : one.end] for one in said[:1])
    return len(said) == 1 and _SO.fullmatch(part.replace(rest, "", 1)) is not None


def _goes_on(part: str, then: str, names: Names) -> str:
    """What the next part of a list says of this one too: " on the table", of "put a cup" and "an ice cream on the
    table"; "" where it says nothing of it."""
    said, by = names.said(part), names.said(then)
    ends = len(said) == 1 and not part[said[0].end :].strip(" .,") and _WISH.match(part) is not None
    goes_on = ends and len(by) == 2 and _BY.fullmatch(then[by[0].end : by[1].start])
    return then[by[0].end : by[1].end] if goes_on else ""


def _names_only(clause: str, names: Names) -> bool:
    """Whether a clause is a wish without a verb: "both balloons gold please"."""
    return len(clause.split()) > 1 and not STATES.search(clause) and bool(names.said(clause))


def spelled_out(wish: str, name: str, colours: Sequence[str]) -> str:
    """A wish with the name of a thing for the word that stands for it: "put him more left" with "put the dino …".

    "It" is the thing only where a size, a place or a colour is wanted: what "make it night" is about is the picture.
    """
    if _WHO.search(wish):
        return _WHO.sub(f"the {name}", wish, count=1)
    if isinstance(order_of(wish), Resize | Shift) or colours_in(wish, colours):
        return _IT.sub(f"the {name}", wish, count=1)
    return wish


def taken_back(text: str, colours: Sequence[str]) -> str:
    """A text in which one colour, hour or weather is taken back for another ("make it blue. no wait, green") with that
    one only."""
    found = _NO_WAIT.search(text)
    if not found:
        return text
    first, then = text[: found.start()], text[found.end() :]
    for pattern in (_HOUR, _WEATHER):
        old, new = pattern.findall(first), pattern.findall(then)
        if len(old) == len(new) == 1 and len(then.split()) <= 4:
            return pattern.sub(new[0], first).rstrip(" ,.;")
    meant = colours_in(then, colours)
    words = [word for word in re.findall(r"\w+", first) if colours_in(word, colours)]
    if len(meant) != 1 or len(words) != 1 or not colours[meant[0]]:
        return text
    return re.sub(rf"\b{words[0]}\b", colours[meant[0]], first).rstrip(" ,.;")
