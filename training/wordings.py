"""How people type changes, beside the wordings of `training.scenes`: fragments, wishes, complaints.

The bench asks in the wordings of `training.scenes`, about scenes kept from training; these are only trained on, so that
a planner that has heard "make it night" also knows what "darker sky" wants.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from models.english.plurals import plural_of
from training import scenes
from training.scenes import Item, Scene


def _read_called() -> dict[str, tuple[str, ...]]:
    lines = (Path(__file__).parent / "called.txt").read_text("utf-8").splitlines()
    entries = (line.partition(" = ") for line in lines)
    return {name: tuple(others.split(" / ")) for name, _, others in entries}


ALSO_CALLED = _read_called()
"""What else people call a thing, beside its names in `training.scenes`; the captions there do not use these."""


_LIGHT = {
    "night": """pitch dark|night falls|let night fall|the moon is out|back to night|full night|darker sky|darker
much darker|make the sky darker|a darker sky|the sky should be darker|darken the sky
darken it|dark sky|it should be dark|too bright, make it dark|nighttime|night time|night|in the night|by night
as a night scene|like it is night|after sunset|under the stars|starry sky|a starry night|with a starry sky|moonlight
in moonlight|lit by the moon|turn off the sun|late at night|midnight|black sky|switch to night|i want it at night
can it be night|can we see it at night|the same at night|the same but at night|what about at night|nightfall""",
    "day": """noon|midday|at midday|ordinary daylight|back to daylight|back to day|normal light|sunlight|can it be noon
can it be morning|it is morning now|let the sun come up|sun up|wake up, it is morning|brighter|brighter sky
a brighter sky|make the sky brighter|lighter sky|lighten the sky|lighten it up
it is too dark|too dark|not so dark|less dark|daytime|day|by day|in the daytime|daylight|broad daylight|in the morning
morning|noon|blue sky|a blue sky|switch to day|i want it in the day|can it be daytime|the same by day
the same but in daylight|not at night|no more night|turn the lights on""",
    "sunset": """sunset|a sunset|sunset sky|sunset please|an orange sky|orange sky|evening sky|evening|in the evening
a warm evening sky|dusk|at dusk|at dawn|dawn|sunrise|at sunrise|golden hour|at golden hour|with the sun going down
the sun should be setting|sun going down|with a sunset behind|with a red sky|red sky|twilight|the same at sunset
the same but at sunset|can it be sunset|i want a sunset|switch to sunset|what about at sunset""",
}
_WEATHER = {
    "rain": """raining cats and dogs|bucketing down|it is pouring|a downpour|rain|rainy|some rain|a bit of rain
with rain|add some rain|rain please|pouring rain|raining|it is raining
it should rain|it should be raining|wet weather|a rainy day|on a rainy day|rainy weather|drizzle|a shower|let it pour
i want rain|can it rain|the same in the rain|make it wet""",
    "snow": """snow|snowy|some snow|a bit of snow|more snow|with snow|add some snow|snow please|snowing|it is snowing
it should snow|it should be snowing|winter|in winter|wintry|a winter scene|a snowy day|snowy weather|snowfall
snow everywhere|falling snow|snowflakes|with snowflakes|a blizzard|i want snow|can it snow|make it cold and snowy""",
    "fog": """cover it in fog|cover everything in mist|murky|murky air|fog|foggy|some fog|a bit of fog|with fog
fog please|mist|misty|some mist|add mist|add some mist|hazy|haze
a foggy day|foggy weather|make it hazy|i want fog|covered in fog|thick fog|everything in mist""",
    "storm": """a hurricane|hurricane weather|a tempest|a gale|storm|a storm|stormy|storm please|stormy sky
a thunderstorm|thunderstorm|thunder and lightning|lightning
thunder|with lightning|with a storm|add a storm|some lightning|bad weather|stormy weather|a stormy day|dark clouds
with dark storm clouds|make it thunder|i want a storm|an angry sky""",
    "clear": """dry weather|a dry day|clear it up|clear sky|a clear sky|clear skies|nice weather|good weather
better weather|fine weather|no clouds
clear weather|stop the bad weather|calm weather|i want good weather|without the bad weather""",
}
_GONE = {  # said where a weather should end
    "rain": "no rain|no more rain|stop the rain|without the rain|without rain|the rain should stop|dry weather",
    "snow": "no snow|no more snow|stop the snow|without the snow|without snow|the snow should melt|summer",
    "fog": "no fog|no more fog|without the fog|without fog|clear the fog|lift the fog|too foggy|no mist",
    "storm": "no storm|stop the storm|without the storm|no lightning|no more thunder|end the storm|calm the storm",
}
_STYLE = {
    "pixel art": """pixel art|pixels|pixelated|as pixel art|in pixel art|pixel style|8 bit
like an old video game|retro game
8-bit style|make it pixely""",
    "sketch": """sketch|a sketch|as a sketch|pencil|pencil sketch|pencil drawing|as a pencil drawing|drawn with a pencil
in pencil|sketchy|like a sketch|hand drawn""",
    "black and white": """black and white|b&w|bw|in black and white|greyscale|grayscale|no colours|no color
without colours
monochrome|like an old film|old photo""",
    "watercolour": """watercolour|watercolor|watercolors|in watercolor|in watercolours|as a watercolor|watercolor style
watercolour painting|painted with watercolours|like a watercolor""",
    "neon": """neon|neon lights|neon sign|like a neon sign|as a neon sign|neon look|glowing neon|in neon|neon colours
glowing lines""",
}
_PLACE = """{where}|{where} instead|but {where}|now {where}|{where} please|same but {where}|{bare} instead|{bare}
put {who} {where}|take {who} to {bare}|i want {who} {where}|{who} should be {where}|with {bare} behind
{bare} in the background|change the place to {bare}|what about {where}|how about {where}|another place: {bare}"""
_COLOUR = """{hue}|{hue} please|{hue} instead|in {hue}|make {who} {hue}|{who} in {hue}|{who} should be {hue}
i want {who} {hue}|a {hue} {noun}|{hue} {noun}|{hue} {noun} please|can {who} be {hue}|color {who} {hue}
colour {who} {hue}|recolor {who} {hue}|dye {who} {hue}|{who}: {hue}|{who} needs to be {hue}|turn {who} {hue}"""
_OTHERS_COLOUR = """make {who} {hue}|{who} in {hue}|{who} should be {hue}|i want {who} {hue}|{hue} {noun}
{hue} {noun} please|can {who} be {hue}|color {who} {hue}|colour {who} {hue}|dye {who} {hue}|{who}: {hue}
a {hue} {noun}"""
_REPLACE = """put {other} where {old} is|drop {old} and use {other}|i meant {other}|oops i meant {other}|rather {other}
show {other} there|{old} ought to be {other}|use {other} for {old}|actually {other}|{other} where {old} is
{other} instead|{other} instead of {old}|i want {other} instead|make {old} {other}|make it {other}
not {old} but {other}|{other}, not {old}|{other} rather than {old}|swap {old} with {other}|switch {old} to {other}
change {old} into {other}|i would rather have {other}|it should be {other}|{old} should be {other}|let it be {other}
exchange {old} for {other}|{old} becomes {other}|trade {old} for {other}"""
_OTHERS_REPLACE = """put {other} where {old} is|drop {old} and use {other}|{old} ought to be {other}
use {other} for {old}
{other} where {old} is|i do not like {old}, show {other}|no {old}, {other}|replace {old}: {other}
{other} instead of {old}|make {old} {other}|not {old} but {other}|{other}, not {old}
swap {old} with {other}|switch {old} to {other}|change {old} into {other}|{old} should be {other}
exchange {old} for {other}|{old} becomes {other}|{other} in place of {old}"""
_ADD = """stick {what} beside {who}|{what} behind {who}|{what} in front of {who}|i wanna see {what} too
show {what} as well
id love {what} in here|there should be {what} as well|{what} following {who}|{who} gets {what}|place {what} by {who}
{what} with {who}|{who} next to {what}|draw {what} there too|{what} would be nice|i miss {what}
with {what}|also {what}|and {what}|plus {what}|{what} too|{what} as well|i want {what} too|add {what} too
add {what} as well|throw in {what}|can there be {what}|there should be {what}|include {what}|give {who} {what}
{what} next to {who}|{what} beside {who}|put {what} next to {who}|{what} by {who}|{who} and {what}|i also want {what}
{who} needs {what}|bring in {what}|let {what} join {who}|could you put {what} in there"""
_WEAR = """wearing {what}|with {what} on|with {what}|{what} on its head|{what} on {who}|put {what} on its head
put {what} on {who}|it should wear {what}|{who} should wear {what}|{who} with {what}|{who} wearing {what}
let it wear {what}|give it {what}|give him {what}|give her {what}|add {what}|he needs {what}|it needs {what}
dress {who} up with {what}|{what} for {who}|now with {what}|can it have {what}|{who} wants {what} on"""
_REMOVE = """get rid of {who}|get rid of that {noun}|remove that {noun}|{noun} gone|hold the {noun}
nobody needs that {noun}
delete the {noun} please|{who} is in the way|the picture does not need {who}|make {who} disappear|{who} can leave
erase that {noun}|put {who} away|send {who} away|throw out {who}|no need for {who}|{who} out|minus {who}
no {noun}|no {noun} please|no more {noun}|lose {who}|drop {who}|take {who} out|take {who} away
take off {who}|take {who} off|i do not want {who}|{who} should go|{who} must go|hide {who}|cut {who} out
get {who} out of there|{who} has to go|leave out {who}|leave {who} out|skip {who}|without {who}|without {noun}
kick out {who}|clear away {who}|{who} is too much|ditch {who}"""
_BIGGER = """bigger|larger|bigger please|much bigger|a bit bigger|a bigger {noun}|bigger {noun}|larger {noun}
{who} bigger|{who} should be bigger|scale {who} up|grow {who}|too small|{who} is too small|zoom in on {who}|closer
i want {who} bigger|increase the size of {who}"""
_SMALLER = """smaller|tinier|smaller please|much smaller|a bit smaller|a smaller {noun}|smaller {noun}|{who} smaller
{who} should be smaller|scale {who} down|shrink {who}|too big|{who} is too big|farther away|further away
i want {who} smaller|reduce the size of {who}"""
_MOVE = """{side}|more to the {side}|further {side}|farther to the {side}|to the {side}|to the {side} please
a bit to the {side}|{who} to the {side}|{who} on the {side}|{who} more {side}|move {side}|move {who} {side}
slide {who} {side}|push {who} to the {side}|{who} should be on the {side}|on the {side} side
bring {who} to the {side}"""
_ANOTHER = """another {noun}|one more {noun}|a second {noun}|add another {noun}|add one more {noun}|duplicate {who}
copy {who}|twice {who}|a twin for {who}|clone {who}|and another {noun}|can i have another {noun}|double {who}|two {many}
make it two {many}|there should be two {many}"""
_ONLY = """just {who}|only {who}|keep only {who}|nothing but {who}|{who} alone|only keep {who}|leave just {who}
remove everything but {who}|remove everything except {who}|{who} and nothing else|i only want {who}|just {who} please"""
_COUNT = """{number} of them|{number} of those|make that {number}|{number}|{number} {many} please
i meant {number} {many}|there should be {number}|{number} instead|give me {number} {many}
let there be {number} {many}"""
_BEFORE = ("now ", "ok ", "but ", "and ", "please ", "pls ", "can you ", "could you ", "ok now ", "hmm ", "actually ")
_AFTER = (" please", " pls", " now", " instead", " thanks", "!", ".", " if you can", " this time")


def otherwise(before: Scene, after: Scene, rng: random.Random) -> str | None:
    """Other words for the change from one scene to the other; None where nothing here says it."""
    for say in (_about, _coloured, _replaced, _added, _removed, _counted, _resized_or_moved):
        if words := say(before, after, rng):
            return _framed(words, rng)
    return None


_CHANGES = {
    "colour": _OTHERS_COLOUR, "replace": _OTHERS_REPLACE, "add": _ADD, "remove": _REMOVE, "bigger": _BIGGER,
    "smaller": _SMALLER, "move": _MOVE, "another": _ANOTHER, "only": _ONLY,
}  # fmt: skip


def asked_of_one(kind: str, rng: random.Random, **words: str) -> str:
    """Words for a change to one thing among others: a key of `_CHANGES`.

    `words` are `who` ("the cat"), `noun`, `many` (its plural), and what the change needs: `hue`, `what`, `other`
    (both with an article), `side`.
    """
    choices = _choices(_CHANGES[kind])
    if kind in ("bigger", "smaller", "move"):
        choices = [each for each in choices if "{who}" in each or "{noun}" in each]
    return _framed(rng.choice(choices).format(old=words["who"], **words), rng)


def _choices(wordings: str) -> list[str]:
    return wordings.replace("\n", "|").split("|")


def _pick(wordings: str, rng: random.Random) -> str:
    return rng.choice(_choices(wordings))


def _framed(words: str, rng: random.Random) -> str:
    if rng.random() < 0.2:
        words = rng.choice(_BEFORE) + words
    return words + rng.choice(_AFTER) if rng.random() < 0.2 else words


def _same(before: Scene, after: Scene, *but: str) -> bool:
    """Whether scenes differ in nothing but the named."""
    names = {"place", "items", "light", "weather", "style"} - set(but)
    return all(getattr(before, name) == getattr(after, name) for name in names)


def _about(before: Scene, after: Scene, rng: random.Random) -> str | None:
    if before.place != after.place:
        told = (before.light, before.weather) if before.outdoors and after.outdoors else ("day", "clear")
        if (after.light, after.weather) != told or after.place not in scenes.PLACES:
            return None
        if before.items != after.items or before.style != after.style:
            return None
        where, alone, bare = scenes.PLACES[after.place]
        if rng.random() < 0.2:
            return rng.choice(("{}", "{} please", "now {}", "{} instead")).format(_pick(_WHERE[after.place], rng))
        who = f"the {_noun(before.items[0], rng)}" if len(before.items) == 1 and rng.random() < 0.5 else ""
        template = _pick(_PLACE, rng)
        return template.format(
            where=rng.choice(where), bare=rng.choice((*alone, bare)), who=who or rng.choice(("it", "them"))
        )
    if _same(before, after, "light"):
        return _pick(_LIGHT[after.light], rng)
    if _same(before, after, "weather", "light") and after.weather != before.weather:
        if after.weather == "clear" and after.light == "day" != before.light:
            return rng.choice(
                ("sunny", "sunny please", "sunshine", "a sunny day", "sunny weather", "let the sun shine")
            )
        if before.light != after.light:
            return None
        if after.weather == "clear" and rng.random() < 0.7:
            return _pick(_GONE[before.weather], rng)
        return _pick(_WEATHER[after.weather], rng)
    return _pick(_STYLE[after.style], rng) if _same(before, after, "style") else None


def _noun(item: Item, rng: random.Random, count: int = 1) -> str:
    return called(item.thing, rng, many=count > 1)


def called(name: str, rng: random.Random, *, many: bool = False) -> str:
    """A thing as somebody may call it, or several of it."""
    thing, others = scenes.things()[name], ALSO_CALLED.get(name, ())
    if others and rng.random() < 0.35:
        other = rng.choice(others)
        return plural_of(other) if many and not re.search("[^s]s$", other) else other
    return rng.choice((thing.plural, thing.plural, *thing.plurals) if many else (thing.name, thing.name, *thing.names))


def _who(item: Item, alone: bool, rng: random.Random) -> str:
    return "it" if alone and rng.random() < 0.35 else f"the {_noun(item, rng)}"


def _with_colour(item: Item, rng: random.Random) -> str:
    return scenes.article(f"{item.colour or ''} {_noun(item, rng)}".strip())


def _changed(before: Scene, after: Scene) -> list[tuple[Item, Item]]:
    """The items that differ where scenes have as many of them and agree in all else, else none."""
    if not _same(before, after, "items") or len(before.items) != len(after.items):
        return []
    return [(old, new) for old, new in zip(before.items, after.items, strict=True) if old != new]


def _coloured(before: Scene, after: Scene, rng: random.Random) -> str | None:
    changed = _changed(before, after)
    if len(changed) != 1 or changed[0][0].thing != changed[0][1].thing or not changed[0][1].colour:
        return None
    old, new = changed[0]
    if old.colour == new.colour:
        return None
    alone = len(before.items) == 1
    template = _pick(_COLOUR if alone else _OTHERS_COLOUR, rng)
    hue = (
        rng.choice(scenes.COLOURS_SAID.get(new.colour, ()))
        if rng.random() < 0.1 and new.colour in scenes.COLOURS_SAID
        else new.colour
    )
    return template.format(hue=hue, who=_who(old, alone, rng), noun=_noun(old, rng))


def _replaced(before: Scene, after: Scene, rng: random.Random) -> str | None:
    changed = _changed(before, after)
    if len(changed) != 1 or changed[0][0].thing == changed[0][1].thing:
        return None
    alone = len(before.items) == 1
    other, old = _with_colour(changed[0][1], rng), f"the {_noun(changed[0][0], rng)}"
    return _pick(_REPLACE if alone else _OTHERS_REPLACE, rng).format(other=other, old=old)


def _added(before: Scene, after: Scene, rng: random.Random) -> str | None:
    if not _same(before, after, "items") or len(before.items) != 1 or len(after.items) != 2:
        return None
    new = [item for item in after.items if item not in before.items]
    if len(new) != 1 or new[0].thing == before.items[0].thing:
        return None
    if after.arrangement != "wears" and scenes.things()[new[0].thing].kind == "hat":
        return None  # "with a hat" asks for one that is worn
    what, who = _with_colour(new[0], rng), _who(before.items[0], True, rng)
    templates = {"wears": _WEAR, "above": _ABOVE}.get(after.arrangement, _ADD)
    return _pick(templates, rng).format(what=what, who=who)


def _removed(before: Scene, after: Scene, rng: random.Random) -> str | None:
    if not _same(before, after, "items") or before.arrangement == "count":
        return None
    gone = [item for item in before.items if item not in after.items]
    if len(gone) != 1 or len(after.items) != len(before.items) - 1:
        return None
    noun = _noun(gone[0], rng)
    return _pick(_REMOVE, rng).format(noun=noun, who=f"the {noun}")


def _counted(before: Scene, after: Scene, rng: random.Random) -> str | None:
    kinds = {(item.thing, item.colour) for item in (*before.items, *after.items)}
    if not _same(before, after, "items") or len(kinds) != 1 or len(before.items) == len(after.items):
        return None
    number = rng.choice((str(len(after.items)), ("one", "two", "three", "four")[len(after.items) - 1]))
    return _pick(_COUNT, rng).format(number=number, many=_noun(after.items[0], rng, len(after.items)))


_PLAIN = """plain style|normal style|ordinary style|back to normal|back to plain|no style|no {style}
lose the {style}|no more {style}
without {style}|remove the {style} effect|the normal look|ordinary look|not {style}|flat style|as a normal picture
undo the {style}|stop the {style}|in the usual style|regular style"""
_ABOVE = """{what} over {who}|{what} above {who}|{what} up there|{what} in the air|{what} hovering over {who}
{what} up high
add {what} above {who}|put {what} over {who}|{what} flying above|{who} under {what}"""


def plainly(style: str, rng: random.Random) -> str:
    """Words that ask for a picture without the style it has."""
    return _framed(_pick(_PLAIN, rng).format(style=style), rng)


def _resized_or_moved(before: Scene, after: Scene, rng: random.Random) -> str | None:
    changed = _changed(before, after)
    if len(changed) != 1 or len(before.items) != 1:
        return None
    old, new = changed[0]
    if (old.thing, old.colour) != (new.thing, new.colour):
        return None
    who, noun = _who(old, True, rng), _noun(old, rng)
    if abs(old.size - new.size) > 0.02:
        return _pick(_BIGGER if new.size > old.size else _SMALLER, rng).format(who=who, noun=noun)
    return _pick(_MOVE, rng).format(side="left" if new.x < old.x else "right", who=who)


_WEARING = """{who} wearing {hat}|{who} wearing {hat}|{who} with {hat}|{who} in {hat}|{who} with {hat} on
{who} with {hat} on its head|{who} that wears {hat}|{who} who wears {hat}|{who} who is wearing {hat}|{who} has {hat} on
{who}, {hat} on the head|{hat} on the head of {who}|{hat} on {who}|{who} having {hat} on|{who} sporting {hat}
{who} dressed in {hat}|{who} under {hat}|{who} wears {hat}|{who} puts on {hat}|{who} showing off {hat}|{who} + {hat}
{who} and {hat} on top|{who}, {hat} and all|{who}, {hat} on|make {who} and put {hat} on it|give {who} {hat}
{hat} worn by {who}|{who} proud of {hat}|{who}, wearing {hat}"""
_BESIDE = """{a} in {b}|{a} inside {b}|{a} out of {b}|{a} at {b}|{a} for {b}|one {a} and one {b}|here {a}, there {b}
{a} and {b}|{a} and {b}|{a} with {b}|{a} with {b}|{a}, {b}|{a} + {b}|{a} & {b}|{a} w/ {b}|{a} near {b}
{a} next to {b}|{a} beside {b}|{a} by {b}|{a} close to {b}|{a} in front of {b}|{a} behind {b}|{a} around {b}
{a} together with {b}|{a} meets {b}|{a} who has {b}|{a} that found {b}|{a} plus {b}|{a} alongside {b}
both {a} and {b}"""
_VERBS = """look at stare at watch eye admire guard protect chase follow hunt catch grab steal carry hold bring take hug
kiss love like hate fight attack scare greet call meet visit find lose drop throw kick push pull lift paint draw eat
nibble bite lick taste cook bake cut slice smell sniff drink pour wash clean fix break build open close read study buy
sell sell deliver use play with dance with sing to talk to laugh at bark at run after run from jump over walk past
wait for wait by stand by stand near sit by sit beside sleep beside sleep near rest by lean on hide behind hide from
drive ride raid pick need want dream of share own need land near cook with argue with point at show juggle polish
water feed pet tickle repair sketch copy borrow collect count inspect discover
howl at climb climb on crawl behind fly past gaze at glance at wave at lead steer empty fill wrap unwrap polish paint
sing for roar at sniff at peck at chew chew on munch on feast on dig for reach for leap over hop over balance on nap by
rest near swim with swim past float past march past sneak past hide near tiptoe by sell guard lift swing spin test fly
""".replace("\n", " ")
_ON = """{a} on {b}|{a} on {b}|{a} on top of {b}|{a} sitting on {b}|{a} standing on {b}|{a} sits on {b}
{a} sleeping on {b}
{a} lying on {b}|{a} riding {b}|{a} riding on {b}|{b} with {a} on it|{b} and on it {a}|{a} perched on {b}
{a} stands on {b}
{b} under {a}|{a} jumping on {b}|{a} balanced on {b}"""
_OVER = """{a} over {b}|{a} above {b}|{a} flying over {b}|{a} high above {b}|{a} hovering over {b}|{b} under {a}
{b} below {a}|{b} and {a} above it|{b} beneath {a}|{a} up above {b}|{b} with {a} over it|under {a}, {b}"""
_ALONE = """{a}|{a}|{a}|{a}|just {a}|one {a}|{a} all alone|only {a}|a picture with {a}|{a} doing nothing|{a} being happy
{a} looking at us|{a} having fun|{a} posing|{a} relaxing|{a} in action|close up of {a}|portrait of {a}
{a} minding its business
{a} on a trip|{a} on holiday|{a}!|{a}..."""
_MANY = """{n} {many}|{n} {many}|{n} {many}|{many}, {n} of them|{many}! {n} of them|some {many}, {n} of them
a group of {n} {many}
exactly {n} {many}|{n} {many} together|{n} {many} in a row|i want {n} {many}|{n}x {many}"""
_WHERE = {  # beside those of `scenes.PLACES`
    "meadow": "in the countryside|on a lawn|in a grassy field|grassland|on a green hill|pasture",
    "beach": "at the seaside|on the sand|seaside|on the shore|by the ocean|on the coast|beach",
    "forest": "deep in the forest|in the wood|woodland|forest|among pine trees|between the trees",
    "desert": "in the sahara|in the hot sand|desert|among dunes",
    "city": "downtown|in the big city|in new york|city|on the skyline|between skyscrapers|in an urban area",
    "sea": "out at sea|on open water|in the ocean|on the waves|in the water|on the lake",
    "mountains": "up in the mountains|in the alps|on a mountain|mountains|high in the hills",
    "road": "on the highway|down the road|on the motorway|along the street|driving down a road|street",
    "farm": "on the farmyard|in the barnyard|farm|by the barn|out on the farm",
    "sky": "high in the sky|up in the air|in the blue sky|sky|above the clouds",
    "space": "in orbit|in the galaxy|space|floating in space|out in the universe|in the cosmos",
    "underwater": "under the ocean|deep under water|beneath the waves|on the sea bed|in the deep sea",
    "room": "at home|in my living room|in the lounge|room|in a cosy room|inside a house",
    "arctic": "in antarctica|on a glacier|arctic|at the south pole|in the ice|on the frozen sea",
    "jungle": "in the rainforest|jungle|deep in the jungle|in a tropical forest",
    "garden": "in the back yard|in my garden|garden|among flowers|in the flower garden",
    "savanna": "in africa|on safari|savannah|in the savannah|on the african plains",
    "lava": "by a volcano|on lava|at the volcano|between rivers of lava|in hell",
    "harbour": "in port|at the docks|in the harbor|harbor|by the pier|at the marina",
    "park": "in a park|park|on the playground|in central park|by the park bench",
    "moon": "on the moon|moon surface|walking on the moon|on the lunar surface",
    "kitchen": "in my kitchen|kitchen|at the stove|on the kitchen counter",
    "cave": "in a dark cave|cave|inside a cavern|deep in a cave|underground",
    "stage": "on the stage|stage|in the theater|in a show|in the spotlight|performing on stage",
    "library": "in a library|library|among books|between bookshelves",
    "castle hall": "in the castle|in a throne room|castle|in a palace|in the great hall",
}
_HOURS = {
    "day": "in the daytime|by day|at noon|in daylight|on a sunny day|daytime|in the morning",
    "night": """at night|at night|night|nighttime|by night|in the moonlight|under the stars|in the dark|at midnight
on a starry night|late at night|during the night|night scene|after dark""",
    "sunset": """at sunset|at sunset|sunset|at dusk|at dawn|in the evening|evening|golden hour|at golden hour
at twilight
while the sun goes down|at sunrise|with a sunset behind|sunset sky""",
}
_SKIES = {
    "rain": """in the rain|rainy|raining|rain|its raining|it is raining|on a rainy day|while it rains|in pouring rain
rainy weather|with rain|rainy day""",
    "snow": """in the snow|snowy|snow|snowing|its snowing|in winter|winter|on a snowy day|while it snows|snowfall
with snow falling|winter scene|in a blizzard|covered in snow""",
    "fog": "in the fog|foggy|fog|in the mist|misty|mist|on a foggy day|with fog|hazy|thick fog|foggy day",
    "storm": """in a storm|stormy|storm|in a thunderstorm|with lightning|thunderstorm|stormy sky|under a stormy sky
thunder and lightning|during a storm|bad weather""",
}
_ASKED = """draw|paint|make|show me|i want|i would like|can you draw|could you paint|please draw|give me|create
lets see|sketch me
i need|how about|what about|do|generate|imagine|a picture of|picture of|an image of|a scene with|a drawing of"""


def described(scene: Scene, rng: random.Random) -> str:
    """A first request as people type it, beside the captions of `training.scenes`; what it says is true."""
    words = _subject(scene, rng)
    around = _around(scene, rng)
    if around and rng.random() < 0.15:
        words = rng.choice(("{1}, {0}", "{1}: {0}", "{1} and {0}", "{1} with {0}")).format(words, around)
    elif around:
        joined = rng.choice(("{0} {1}", "{0} {1}", "{0} {1}", "{0}, {1}", "{0}, {1}", "{0} - {1}"))
        words = joined.format(words, around)
    if scene.style != "plain":
        words = rng.choice(("{0}, {1}", "{0} {1}", "{1}: {0}", "{0} - {1}")).format(
            words, _pick(_STYLE[scene.style], rng)
        )
    if rng.random() < 0.2:
        words = f"{_pick(_ASKED, rng)} {words}"
    return words + rng.choice(_AFTER) if rng.random() < 0.08 else words


def _subject(scene: Scene, rng: random.Random) -> str:
    items = scene.items
    if not items:
        return rng.choice(("a view", "just the place", "nobody", "the landscape", "an empty scene", "scenery"))
    if scene.arrangement == "count":
        number = rng.choice((str(len(items)), ("one", "two", "three", "four")[len(items) - 1]))
        if len(items) == 2 and rng.random() < 0.2:
            number = rng.choice(("a couple of", "a pair of"))
        return _pick(_MANY, rng).format(n=number, many=f"{items[0].colour or ''} {_noun(items[0], rng, 2)}".strip())
    if scene.arrangement == "one":
        return _pick(_ALONE, rng).format(a=_asked(items[0], rng))
    first, second = (_asked(item, rng) for item in items)
    if scene.arrangement == "wears":
        return _pick(_WEARING, rng).format(hat=first, who=second)
    if scene.arrangement == "on":
        return _pick(_ON, rng).format(a=first, b=second)
    if scene.arrangement in ("above", "below"):
        over, under = (first, second) if scene.arrangement == "above" else (second, first)
        return _pick(_OVER, rng).format(a=over, b=under)
    if rng.random() < 0.5:
        first, second = second, first
    if rng.random() < 0.5:
        return f"{first} {_doing(rng)} {second}"
    return _pick(_BESIDE, rng).format(a=first, b=second)


def _doing(rng: random.Random) -> str:
    """Something that one does to another: "chasing", "chases", "is chasing", "that chases"."""
    verb, *rest = rng.choice(_DEEDS)
    stem = verb[:-1] if verb.endswith("e") else verb
    form = rng.choice((f"{stem}ing", f"{stem}ing", f"{stem}ing", f"{verb}s", f"is {stem}ing", f"that {verb}s"))
    return " ".join((form, *rest, *((rng.choice(("his", "her", "its")),) if rng.random() < 0.08 else ())))


_PREPOSITIONS = "at with to after from over past for by near beside on behind of".split()


def _deeds() -> list[tuple[str, ...]]:
    """The verbs of `_VERBS`, each with the preposition behind it."""
    deeds: list[tuple[str, ...]] = []
    for word in _VERBS.split():
        if word in _PREPOSITIONS:
            deeds[-1] = (*deeds[-1], word)
        else:
            deeds.append((word,))
    return deeds


_DEEDS = _deeds()


def _asked(item: Item, rng: random.Random) -> str:
    """A thing in words, mostly with an article."""
    words = f"{item.colour or ''} {_noun(item, rng)}".strip()
    r = rng.random()
    if r < 0.25:
        return words
    return f"{rng.choice(('the', 'my', 'some', 'that', 'his', 'one'))} {words}" if r < 0.35 else scenes.article(words)


def _around(scene: Scene, rng: random.Random) -> str:
    """Place, light and weather in words, or nothing; what differs from a clear day is always said."""
    parts: list[str] = []
    if scene.place in scenes.BACKDROPS:
        return rng.choice((f"{scene.place} background", f"on a {scene.place} background", f"on plain {scene.place}",
                           f"{scene.place} backdrop", f"against {scene.place}"))  # fmt: skip
    where, alone, bare = scenes.PLACES[scene.place]
    weather, light = (scene.weather, scene.light) if scene.outdoors else ("clear", "day")
    if rng.random() < 0.8:
        parts.append(
            _pick(_WHERE[scene.place], rng) if rng.random() < 0.35 else rng.choice((*where, *where, bare, *alone))
        )
    if weather != "clear":
        parts.append(_pick(_SKIES[weather], rng))
    if light != "day" or (scene.outdoors and weather == "clear" and rng.random() < 0.06):
        parts.append(_pick(_HOURS[light], rng))
    if len(parts) > 1 and rng.random() < 0.3:
        rng.shuffle(parts)
    return rng.choice((" ", " ", ", ")).join(parts)


def wearing(scene: Scene, rng: random.Random) -> str:
    """Other words for a scene whose second thing wears the first, in the surroundings that its caption tells."""
    hat, who = (_asked(item, rng) for item in scene.items)
    return scenes.caption(scene, rng, _pick(_WEARING, rng).format(hat=hat, who=who))
