"""Plurals of English nouns."""

from __future__ import annotations


def plural_of(name: str) -> str:
    """The plural of a noun, or of one that others follow ("slice of cake"), as the rules of English make it."""
    for joint in (" of ", " with "):
        head, found, tail = name.partition(joint)
        if found:
            return plural_of(head) + joint + tail
    if name.endswith("fish"):
        return name
    if name.endswith("man"):
        return name[:-3] + "men"
    if name.endswith("child"):
        return name + "ren"
    if name.endswith(("knife", "wife")):
        return name[:-2] + "ves"
    if name.endswith("leaf"):
        return name[:-1] + "ves"
    if name.endswith(("mouse", "louse")):
        return name[:-4] + "ice"
    if name.endswith("y") and name[-2] not in "aeo":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def learners_plural_of(name: str) -> str:
    """The plural of a noun as who learns English makes it ("mouses", "butterflys", "fishes")."""
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")
