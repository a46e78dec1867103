"""The word filter's rules: what `rules.toml` says, compiled once.

A rule names groups of terms that must occur together. `Rules.find(text)` reads the plain form of a text
(`tools.normalise`), takes innocent phrases out and gives the first rule that fires. With a `context` (earlier
sentences) a rule may find some of its groups there, but at least one in the text itself, so that a request split over
turns is found and a harmless sentence after a refused one is not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from tools.normalise import Plain

PATH = Path(__file__).with_name("rules.toml")

_HANZI = re.compile("[\u3400-\u9fff]")
_ENDINGS = ("", *"s es ed d ing e ion ic y er ity al ize ised led ling ted ting graphy graphic o".split())

_THEM = re.compile(r"\b(?:they|them|their)\b")


class Rule(BaseModel):
    """Fires when every group of `all` occurs, at most `near` words apart (0: anywhere), and none of `unless` does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: str
    all: tuple[str, ...]
    near: int = 0
    unless: tuple[str, ...] = ()
    short: int = 0


class Category(BaseModel):
    """What a refusal says, and a request that would pass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    rewording: str


class Rules:
    """The compiled file.

    Attributes:
        version: Its name and version, for verdicts.
        categories: What a refusal says, by category.
        guard: Our category for each of Qwen3Guard's; "" for one that Easel does not refuse.
        rules: In the order in which they are tried.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.version: str = data["version"]
        self.categories = {name: Category.model_validate(entry) for name, entry in data["categories"].items()}
        self.guard: Mapping[str, str] = data["guard"]
        self.rules = tuple(Rule.model_validate(entry) for entry in data["rules"])
        groups = _unfolded(data["groups"])
        self._groups = {name: _pattern(terms, pinyin=name.endswith("_pinyin")) for name, terms in groups.items()}
        self._innocent, self._sweeping = _pattern(data["innocent"]), _pattern(data["sweeping"])
        self._soften = {
            category: [(re.compile(rf"\b(?:{expression})\b", re.IGNORECASE), new) for expression, new in entries]
            for category, entries in data["soften"].items()
        }
        alone = {rule.all[0] for rule in self.rules if len(rule.all) == 1}
        self._plain = Plain(
            {word for terms in groups.values() for term in terms for word in _words(term)},
            {
                word
                for name in alone | {"nudity", "sexualised", "undressed"}
                for term in groups.get(name, ())
                for word in _single(term)
            },
        )
        self._check()

    @classmethod
    def load(cls, path: Path = PATH) -> Rules:
        """Reads and compiles the file; a mistake in it raises with the place."""
        return cls(tomllib.loads(path.read_text(encoding="utf-8")))

    def _check(self) -> None:
        named = {name for rule in self.rules for name in (*rule.all, *rule.unless)}
        if unknown := named - set(self._groups):
            raise ValueError(f"rules.toml names groups that it does not define: {', '.join(sorted(unknown))}")
        if unknown := {*(rule.category for rule in self.rules), *self.guard.values()} - {*self.categories, ""}:
            raise ValueError(f"rules.toml names categories that it does not define: {', '.join(sorted(unknown))}")

    def plain(self, text: str) -> str:
        """The text in plain words, disguises undone."""
        return self._plain.read(text)

    def find(self, text: str, context: str = "") -> Rule | None:
        """The first rule that fires on a plain text, or None.

        Args:
            text: Plain words, as `plain` gives them.
            context: Plain words said before; a rule with several groups may find some of them there.
        """
        text, context = self._innocent.sub(" ¦ ", text), self._innocent.sub(" ¦ ", context)
        return next((rule for rule in self.rules if self._fires(rule, text, context)), None)

    def swept(self, text: str, context: str = "") -> str:
        """A plain text for the classifier: without innocent phrases, and with orders about a whole picture as they
        are meant ("remove everything except the house") where neither it nor what was said before speaks of anybody
        or anything worn."""
        somebody = (self._groups[name] for name in ("person", "minor", "worn"))
        spoken = _THEM.sub("", f"{context} {text}")  # two foxes are they as well
        if self._sweeping.search(text) and not any(group.search(spoken) for group in somebody):
            text = self._sweeping.sub("keep", text)
        return " ".join(self._innocent.sub(" ", text).split())

    def soften(self, category: str, text: str) -> str:
        """The text with what is not wanted replaced, or the text unchanged where the file knows no replacement."""
        for expression, new in self._soften.get(category, []):
            text = expression.sub(new, text)
        return " ".join(text.split())

    def _fires(self, rule: Rule, text: str, context: str) -> bool:
        if rule.short and len(text.replace("¦", " ").split()) > rule.short:
            return False
        here = [_places(self._groups[name], text) for name in rule.all]
        if not any(here) or any(self._groups[name].search(text) for name in rule.unless):
            return False
        if all(here):
            return not rule.near or _close(here, rule.near)
        if not context or len(rule.all) == 1:
            return False
        return all(found or self._groups[name].search(context) for name, found in zip(rule.all, here, strict=True))


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where a group occurs: first and last word of each occurrence."""
    return [
        (text.count(" ", 0, match.start()), text.count(" ", 0, max(match.start(), match.end() - 1)))
        for match in pattern.finditer(text)
    ]


def _close(groups: Sequence[Sequence[tuple[int, int]]], near: int) -> bool:
    """Whether one occurrence of each group lies within `near` words of the others."""
    few = [group[:12] for group in groups]
    return any(max(a for a, _ in choice) - min(b for _, b in choice) <= near for choice in product(*few))


def _unfolded(groups: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The groups with the terms of the group above in place of its name, `<name>`."""
    found: dict[str, list[str]] = {}

    def terms(name: re.Match[str]) -> str:
        if name[1] not in found:
            raise ValueError(f"rules.toml has <{name[1]}> in a term, but no group of that name above it.")
        return f"({'|'.join(term for term in found[name[1]] if not _HANZI.search(term))})"

    for group, listed in groups.items():
        found[group] = [re.sub(r"<(\w+)>", terms, term) for term in listed]
    return found


def _pattern(terms: Sequence[str], pinyin: bool = False) -> re.Pattern[str]:
    words = [_expression(term, pinyin) for term in terms if not _HANZI.search(term)]
    hanzi = [term for term in terms if _HANZI.search(term)]
    parts = [rf"(?<![^\s])(?:{'|'.join(words)})(?![^\s])"] if words else []
    return re.compile("|".join(parts + hanzi) or r"(?!)")


def _expression(term: str, pinyin: bool) -> str:
    if pinyin:
        return r"[1-5]?\s?".join(term.split()) + "[1-5]?"
    expression = term.replace(" … ", r" (?:[^\s]+ ){0,3}").replace(" …", r"(?: [^\s]+){0,3}")
    # A star after a word or alone is the rest of the word; after a bracket or \S it repeats that.
    return re.sub(r"(?<![)S])\*", r"[^\\s]*", expression)


@lru_cache(maxsize=4096)
def _words(term: str) -> tuple[str, ...]:
    """Every word that a term contains, the usual endings put for a star."""
    if _HANZI.search(term):
        return ()
    found: list[str] = []
    for word, optional, star in re.findall(r"([a-z]{2,})(\?)?(\*)?", term):
        found += [word + ending for ending in _ENDINGS] if star else [word]
        if optional:
            found.append(word[:-1])
    return tuple(found)


def _single(term: str) -> tuple[str, ...]:
    """The words of a term that is one word, else none."""
    return () if re.search(r"[ (]", term) else _words(term)
