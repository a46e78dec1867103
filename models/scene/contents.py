"""What is in what: "a basket of apples" is heard as "a basket; three apples in the basket", and "fill the bowl with
eggs" as "put three eggs in the bowl".
"""

from __future__ import annotations

from models.english.naming import JOINS, Names, Said
from models.english.patterns import NUMERALS, any_of, regex
from models.english.trades import trade_in
from models.kinds import ALIVE, HANDY, PEOPLE, SORTS
from models.things import what_is

_LIGHT = 2  # the rank of things, up to which they are put on a table: chairs stand around it
_FULL = regex(
    r",? (?:full of|filled with|of|with|holding|containing) (?!the\b)(?:(?:some|lots of|many|several|a few) )?"
    rf"(?P<what>(?:(?P<number>an?|{NUMERALS}|\d+) )?(?:[\w-]+ )?)",
)
_IN_IT = any_of("(?:in|inside|on) (?:it|there|top)")
_FILL = regex(r"\bfill (?P<what>(?:the|his|her|my|that) [\w ]+?) (?:with|up with) ")
_SITS_IN = regex(r"\s+(?:\w+ing )?(?:in|inside|on) (?:(?:an?|the|his|her|its|their) )?(?:[\w-]+ )?")
_FILLED = regex(r"^put (?:the|his|her|my|that) (?=[\w ]+$)")
_MANY = "three "


def contained(text: str, names: Names, *, changes: bool) -> str:
    """A text with what one thing is full of put into it, in a clause of its own.

    Args:
        text: A request or an instruction.
        names: Of the painter's things.
        changes: Whether it is an instruction.
    """
    text = _FILL.sub(lambda found: f"put {found['what']} with ", text)
    said, trade = names.said(text), trade_in(text) if changes else None
    for n, one in enumerate(said[:-1]):
        first = said[n + 1]
        full = _FULL.fullmatch(text[one.end : first.start])
        own, content = names.own_of(one.thing), names.own_of(first.thing)
        it, put = what_is(own), what_is(content)
        bears = it.bears and content != own and (content == "lamp" or (put.rank or 0) <= _LIGHT)
        grows = own in SORTS["tree"] and content in SORTS["fruit"]
        pulls = content in ALIVE - PEOPLE and (put.rank or 0) > (it.rank or 0)  # a sled with a reindeer
        sits = n and names.own_of(said[n - 1].thing) in ALIVE and _SITS_IN.fullmatch(text[said[n - 1].end : one.start])
        held = sits and content in HANDY  # by the hippo of "a hippo in a bathtub with a toothbrush"
        if not full or pulls or held or one.many or not (it.holds or bears or grows) or put.beside:
            continue
        if trade and text[one.start : one.end] in trade.old:  # "replace the vase with roses"
            continue
        last = _last_of(text, said[n + 1 :])
        number = _MANY if first.many and not full["number"] else ""
        what = f"{number}{full['what']}{text[first.start : last.end]} {'on' if bears else 'in'} the {own}"
        rest = (text[: one.end] + _IN_IT.sub("", text[last.end :], count=1)).strip()
        if not changes:
            return f"{rest}; {what}"
        return f"put {what}" if _FILLED.match(rest) else f"{rest}. put {what}"
    return text


def _last_of(text: str, said: list[Said]) -> Said:
    """The last of the names that make one list with the first ("apples and two pears")."""
    last = said[0]
    for other in said[1:]:
        if not JOINS.fullmatch(text[last.end : other.start]):
            break
        last = other
    return last
