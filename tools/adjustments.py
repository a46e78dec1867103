"""Exact changes to a picture, by arithmetic alone: crop, rotate, flip, resize, light, colour, sharpness.

The one idea: `amount` is what a person says ("square", "top half", "a bit", "-30%"), and every operation first turns
it into a *canonical* amount that says the same in numbers for this picture ("100x80+10+20", "-30%"). The canonical
amount is what the recipe keeps: adjusting the same picture by it again gives the same bytes. Pure functions; the
picture given is never changed. No model is asked and nothing is guessed: an amount that is not understood is a
`BadArgument` naming the amount and one that would do.

    crop        WxH+X+Y          rotate      degrees clockwise, -180 to 180 (new corners are white)
    flip        horizontal (left and right change places) or vertical
    resize      WxH (Lanczos)    brightness, contrast, saturation   -100% to +300%
    sharpen     0% to 500%       blur        radius in pixels
    greyscale   (no amount)
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Protocol, get_args

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from models.carried import carrying, cropped, in_a_mirror, layout_of
from models.recipe import AdjustOperation, Extent
from tools.errors import BadArgument
from tools.settings import PIXELS
from tools.shapes import NAMED, shape_in

OPERATIONS: tuple[str, ...] = get_args(AdjustOperation)


IDLE = frozenset({"0", "+0%", "0%"})
"""Canonical amounts that leave a picture as it is."""
_NUMBER = r"\d{1,6}(?:\.\d{1,4})?"


def adjust(image: Image.Image, operation: str, amount: str = "", max_pixels: int = PIXELS) -> tuple[Image.Image, str]:
    """Applies one exact operation.

    Args:
        image: Any mode; RGB is worked on.
        operation: One of `OPERATIONS`.
        amount: What a person says, or a canonical amount; upper and lower case and spaces do not matter.
        max_pixels: Bound on the result's size.

    Returns:
        A new RGB picture, which carries the layout of the given one unless things are turned in it, and the canonical
        amount.

    Raises:
        BadArgument: Operation or amount is not understood, or the result would be empty or too large.
    """
    work = _WORKS.get(operation)
    if work is None:
        raise BadArgument(f"There is no operation “{operation[:60]}”; use one of {', '.join(OPERATIONS)}.")
    if len(amount) > 100:
        raise BadArgument(f"The amount for {operation} has {len(amount)} characters; say it in a few words.")
    try:
        adjusted, canonical = work(image.convert("RGB"), _plain(amount), max_pixels)
    except _NotUnderstood as error:
        raise BadArgument(f"{operation} does not know the amount “{amount[:60]}”; say for example {error}.") from None
    return carrying(adjusted, _layout_after(operation, canonical, image)), canonical


def _layout_after(operation: str, amount: str, image: Image.Image) -> str:
    """The layout that a picture carries after it was adjusted."""
    layout = layout_of(image)
    match operation:
        case "rotate":
            return ""
        case "flip":
            return in_a_mirror(layout) if amount == "horizontal" else ""
        case "crop":
            width, height, left, top = map(int, re.split(r"[x+]", amount))
            return cropped(layout, (left, top, left + width, top + height), image.size)
        case _:
            return layout


class _NotUnderstood(Exception):
    """Carries the examples of what would do."""


def _plain(amount: str) -> str:
    """Lower case, one kind of ×, % and minus, without the words that carry no amount."""
    text = unicodedata.normalize("NFKC", amount).lower()
    for old, new in (("×", "x"), ("−", "-"), ("–", "-"), ("°", " "), ("percent", "%"), ("per cent", "%"), (",", ".")):
        text = text.replace(old, new)
    text = re.sub(r"\b(the|of|by|to|a|an|it|its|degrees?|deg|pixels?|please|picture|image|factor)\b", " ", text)
    text = re.sub(r"(?<=\d)\s*px\b", "", text)
    text = re.sub(r"\s+%", "%", text)
    text = re.sub(r"(?<=\d)\s*x\s*(?=\d)", "x", text)
    return " ".join(text.split())


def _bounded(extent: Extent, max_pixels: int, what: str) -> Extent:
    if extent.width < 1 or extent.height < 1:
        raise BadArgument(f"{what} would give {extent} pixels, which is no picture; ask for at least 1×1.")
    if extent.pixels > max_pixels:
        raise BadArgument(
            f"{what} would give {extent} pixels, more than the {max_pixels / 1e6:.0f} megapixels that are allowed; "
            "ask for a smaller size."
        )
    return extent


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


# ── Crop ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_CROPS = "“square”, “16:9”, “top half”, “left third”, “10%” (off every side), “100x80” or “100x80+10+20”"
_SIDES = "left|right|top|bottom|upper|lower|middle|centre|center"
_PARTS = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "two thirds": 2 / 3, "three quarters": 3 / 4}
_CUT = r"(?:remove|cut(?: off)?|without|trim|drop) "
_PLACE = rf"(?P<place>(?:{_SIDES})(?:[ -](?:{_SIDES}))?)"
_PART = re.compile(
    rf"(?P<cut>{_CUT})?{_PLACE}(?: (?P<part>{'|'.join(_PARTS)}|corner|part|side)| (?P<percent>{_NUMBER})%)?"
)


def _crop(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    box = _crop_box(Extent(*image.size), amount)
    left, top, right, bottom = box
    extent = _bounded(Extent(right - left, bottom - top), max_pixels, "This crop")
    return image.crop(box), f"{extent.width}x{extent.height}+{left}+{top}"


def _crop_box(size: Extent, amount: str) -> tuple[int, int, int, int]:
    if exact := re.fullmatch(r"(\d{1,6})x(\d{1,6})(?:\s*\+\s*(\d{1,6})\s*\+\s*(\d{1,6}))?", amount):
        return _exact_box(size, exact)
    if border := re.fullmatch(rf"({_NUMBER})%(?: (?:off|from) (?:every|each|all) (?:sides?|edges?))?", amount):
        return _without_border(size, float(border[1]))
    if part := _PART.fullmatch(amount):
        return _part_box(size, part)
    shape = re.fullmatch(rf"(?P<ratio>\d+(?:\.\d+)?\s*[:/]\s*\d+(?:\.\d+)?|{'|'.join(NAMED)})(?: {_PLACE})?", amount)
    if shape is None:
        raise _NotUnderstood(_CROPS)
    return _ratio_box(size, shape["ratio"], shape["place"] or "")


def _exact_box(size: Extent, match: re.Match[str]) -> tuple[int, int, int, int]:
    width, height = int(match[1]), int(match[2])
    left = int(match[3]) if match[3] else (size.width - width) // 2
    top = int(match[4]) if match[4] else (size.height - height) // 2
    if min(width, height) < 1 or min(left, top) < 0 or left + width > size.width or top + height > size.height:
        raise BadArgument(f"A crop of “{match[0]}” does not lie within the picture, which has {size} pixels.")
    return left, top, left + width, top + height


def _without_border(size: Extent, percent: float) -> tuple[int, int, int, int]:
    dx, dy = round(size.width * percent / 100), round(size.height * percent / 100)
    if not 0 < percent < 50 or size.width - 2 * dx < 1 or size.height - 2 * dy < 1:
        raise BadArgument(f"Cropping “{_number(percent)}%” off every side leaves nothing; ask for 1% to 49%.")
    return dx, dy, size.width - dx, size.height - dy


def _ratio_box(size: Extent, ratio: str, place: str) -> tuple[int, int, int, int]:
    shape = shape_in(ratio, longest=100)
    if shape is None:
        raise _NotUnderstood(_CROPS)
    width = min(size.width, max(1, round(size.height * shape.ratio)))
    height = min(size.height, max(1, round(size.width / shape.ratio)))
    x, y = _anchor(place)
    left, top = round((size.width - width) * x), round((size.height - height) * y)
    return left, top, left + width, top + height


def _anchor(place: str) -> tuple[float, float]:
    """Where a smaller box sits: 0 at the left or top, 1 at the right or bottom, 0.5 where nothing is said."""
    x = 0.0 if "left" in place else 1.0 if "right" in place else 0.5
    y = 0.0 if re.search("top|upper", place) else 1.0 if re.search("bottom|lower", place) else 0.5
    return x, y


def _part_box(size: Extent, match: re.Match[str]) -> tuple[int, int, int, int]:
    """Keeps the named part, or with "remove …" all but it. A side alone means its half, a corner its quarter."""
    x, y = _anchor(match["place"])
    share = float(match["percent"]) / 100 if match["percent"] else _PARTS.get(match["part"] or "", 1 / 2)
    corner, middle = x != 0.5 and y != 0.5, x == y == 0.5
    if corner and match["part"] == "quarter":
        share = 1 / 2  # a quarter of the picture is half of either side
    if match["cut"]:
        if corner or middle:
            raise _NotUnderstood("“remove top 10%” or “without left third”")
        share, x, y = 1 - share, 1 - x, 1 - y
    if not 0 < share <= 1:
        raise BadArgument(f"A crop of “{match[0]}” keeps nothing of the picture; ask for 1% to 100%.")
    width = size.width if x == 0.5 and not middle else max(1, round(size.width * share))
    height = (
        size.height if y == 0.5 and not (middle and match["part"] != "third") else max(1, round(size.height * share))
    )
    left, top = round((size.width - width) * x), round((size.height - height) * y)
    return left, top, left + width, top + height


# ── Rotate, flip, resize ────────────────────────────────────────────────────────────────────────────────────────────

_TURNS = {
    **dict.fromkeys(("", "right", "clockwise", "quarter turn", "cw"), 90.0),
    **dict.fromkeys(("left", "counterclockwise", "counter-clockwise", "anticlockwise", "anti-clockwise", "ccw"), -90.0),
    **dict.fromkeys(("upside down", "half turn", "around", "half"), 180.0),
}
_RIGHT_ANGLES = {
    90.0: Image.Transpose.ROTATE_270,
    -90.0: Image.Transpose.ROTATE_90,
    180.0: Image.Transpose.ROTATE_180,
}


def _rotate(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    """Right angles move pixels only; others resample (bicubic) onto a larger canvas whose new corners are white."""
    degrees = _degrees(amount)
    if degrees in _RIGHT_ANGLES:
        return image.transpose(_RIGHT_ANGLES[degrees]), _number(degrees)
    if degrees:
        cosine, sine = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
        turned = (image.width * cosine + image.height * sine, image.width * sine + image.height * cosine)
        _bounded(Extent(*(math.ceil(side) for side in turned)), max_pixels, "This rotation")
        image = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    return image, _number(degrees)


def _degrees(amount: str) -> float:
    if amount in _TURNS:
        return _TURNS[amount]
    direction = rf"(?P<way>{'|'.join(re.escape(name) for name in _TURNS if name)})"
    match = re.fullmatch(rf"(?P<sign>[+-]?)\s*(?P<number>{_NUMBER})(?:\s+{direction})?", amount)
    if match is None:
        match = re.fullmatch(rf"{direction}\s+(?P<sign>)(?P<number>{_NUMBER})", amount)
    if match is None or float(match["number"]) > 3600:
        raise _NotUnderstood("“90”, “left”, “right”, “180” or “-15” (degrees, clockwise)")
    degrees = float(match["number"])
    if match["sign"] == "-" or _TURNS.get(match["way"] or "", 0) < 0:
        degrees = -degrees
    degrees = (degrees + 180) % 360 - 180
    return 180.0 if degrees == -180 else degrees


_FLIPS = {
    **dict.fromkeys(("", "horizontal", "horizontally", "left-right", "left right", "mirror", "sideways"), "horizontal"),
    **dict.fromkeys(("vertical", "vertically", "top-bottom", "upside down", "up down"), "vertical"),
}


def _flip(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    way = _FLIPS.get(amount)
    if way is None:
        raise _NotUnderstood("“horizontal” or “vertical”")
    return (ImageOps.mirror(image) if way == "horizontal" else ImageOps.flip(image)), way


_SCALES = {"half": 0.5, "half size": 0.5, "double": 2.0, "twice": 2.0, "double size": 2.0, "quarter": 0.25}


def _resize(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    """Both sides given: exactly that, even where it stretches. One side given: the other follows the aspect."""
    extent = _bounded(_resized(Extent(*image.size), amount), max_pixels, "This size")
    return image.resize(extent, Image.Resampling.LANCZOS), f"{extent.width}x{extent.height}"


def _resized(size: Extent, amount: str) -> Extent:
    if exact := re.fullmatch(r"(\d{1,6})x(\d{1,6})", amount):
        return Extent(int(exact[1]), int(exact[2]))
    side = re.fullmatch(r"(width|height)[ =:]*(\d{1,6})", amount) or re.fullmatch(r"(\d{1,6}) (wide|high|tall)", amount)
    if side is not None:
        name, value = (side[1], side[2]) if side[2].isdigit() else (side[2], side[1])
        scale = int(value) / (size.width if name in {"width", "wide"} else size.height)
    elif longest := re.fullmatch(r"\d{1,6}", amount):
        scale = int(longest[0]) / max(size)
    elif percent := re.fullmatch(rf"({_NUMBER})%", amount):
        scale = float(percent[1]) / 100
    elif times := re.fullmatch(rf"x?({_NUMBER})(?: times|x)|x({_NUMBER})", amount):
        scale = float(times[1] or times[2])
    elif amount in _SCALES:
        scale = _SCALES[amount]
    else:
        raise _NotUnderstood("“64x64”, “50%”, “2x”, “width 200” or “height 100”")
    if scale == 0:
        return Extent(0, 0)
    return Extent(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


# ── Light, colour, sharpness ────────────────────────────────────────────────────────────────────────────────────────

_LESS = r"less|down|lower|darker|darken|dim|dimmer|softer|soften|weaker|duller|reduce|decrease|fade|faded|muted"
_MORE = r"more|up|higher|brighter|brighten|lighter|lighten|stronger|vivid|increase|richer|boost|punchier"
_LITTLE = r"bit|little|slightly|little bit|tad|touch|some|gently|subtly|subtle"
_MUCH = r"lot|much|strongly|far|very|strong|way|hard|heavily"
_SAID = re.compile(rf"(?:(?P<size>{_LITTLE}|{_MUCH}) ?)?(?P<way>{_LESS}|{_MORE})?(?: (?P<after>{_LITTLE}|{_MUCH}))?")


def _said(amount: str) -> tuple[int, int] | None:
    """How much (-1 a bit, 0, 1 a lot) and which way (1 more, -1 less) the words say; None where they say nothing."""
    match = _SAID.fullmatch(amount)
    if match is None:
        return None
    size = match["size"] or match["after"] or ""
    much = -1 if re.fullmatch(_LITTLE, size) else 1 if size else 0
    return much, -1 if match["way"] and re.fullmatch(_LESS, match["way"]) else 1


def _percent_change(operation: str, amount: str) -> float:
    """The change in percent: "+20", "20%" and "1.2x" all mean 20; an unsigned percentage from 100 on is the factor."""
    if said := _said(amount):
        much, way = said
        return way * {-1: 15.0, 0: 30.0, 1: 60.0}[much]
    if times := re.fullmatch(rf"x?({_NUMBER})x|x({_NUMBER})|({_NUMBER}) times", amount):
        percent = (float(times[1] or times[2] or times[3]) - 1) * 100
    elif amount in _SCALES:
        percent = (_SCALES[amount] - 1) * 100
    elif match := re.fullmatch(rf"([+-]?)\s*({_NUMBER})(%?)(?: ({_LESS}|{_MORE}))?", amount):
        sign, number, unit, way = match.groups()
        less = sign == "-" or (way is not None and re.fullmatch(_LESS, way) is not None)
        percent = -float(number) if less else float(number)
        if unit and not sign and way is None and percent >= 100:
            percent -= 100
    else:
        raise _NotUnderstood("“+20%”, “-30%”, “1.2x”, “a bit”, “more” or “less”")
    if not -100 <= percent <= 300:
        raise BadArgument(f"{operation} can change by -100% to +300%, not by {percent:+.0f}%; ask for “+50%”.")
    return percent + 0.0  # nothing less is nothing, not -0


class _Enhancer(Protocol):
    def enhance(self, factor: float) -> Image.Image: ...


def _enhance(operation: str, enhancer: Callable[[Image.Image], _Enhancer]) -> _Work:
    def work(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
        percent = _percent_change(operation, amount)
        sign = "" if percent < 0 else "+"
        return enhancer(image).enhance(round(1 + percent / 100, 6)), f"{sign}{_number(percent)}%"

    return work


def _sharpen(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    """An unsharp mask of 2 pixels; 100% doubles the local difference."""
    said = _said(amount)
    if said is not None and said[1] > 0:
        percent = {-1: 50.0, 0: 100.0, 1: 200.0}[said[0]]
    elif times := re.fullmatch(rf"({_NUMBER})(?:x| times)|x({_NUMBER})", amount):
        percent = float(times[1] or times[2]) * 100
    elif re.fullmatch(_NUMBER, amount):
        percent = float(amount) * (100 if float(amount) <= 5 else 1)
    elif exact := re.fullmatch(rf"\+?\s*({_NUMBER})%", amount):
        percent = float(exact[1])
    else:
        raise _NotUnderstood("“a bit”, “more”, “50%” or “200%”")
    if not 0 <= percent <= 500:
        raise BadArgument(f"sharpen takes 0% to 500%, not {_number(percent)}%; ask for “100%”.")
    percent = round(percent)
    return image.filter(ImageFilter.UnsharpMask(radius=2, percent=percent, threshold=0)), f"{percent}%"


def _blur(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    """Gaussian; "a bit" is 0.5 % of the longer side (1 % when nothing is said, 3 % for "a lot"), at least 1 pixel."""
    longest = max(image.size)
    said = _said(amount)
    if said is not None and said[1] > 0:
        radius = max(1.0, longest * {-1: 0.005, 0: 0.01, 1: 0.03}[said[0]])
    elif match := re.fullmatch(rf"(?:radius )?\+?({_NUMBER})(%?)", amount):
        radius = float(match[1]) * (longest / 100 if match[2] else 1)
    else:
        raise _NotUnderstood("“2” (pixels), “1%” (of the longer side), “a bit” or “a lot”")
    radius = round(radius, 2)
    if not 0 <= radius <= 500:
        raise BadArgument(f"blur takes a radius of 0 to 500 pixels, not {_number(radius)}; ask for “2”.")
    return image.filter(ImageFilter.GaussianBlur(radius)), _number(radius)


def _greyscale(image: Image.Image, amount: str, max_pixels: int) -> tuple[Image.Image, str]:
    if amount not in {"", "on", "full", "100%", "yes", "all"}:
        raise _NotUnderstood("nothing at all, or use saturation “-50%” to take only some colour away")
    return ImageOps.grayscale(image).convert("RGB"), ""


_Work = Callable[[Image.Image, str, int], tuple[Image.Image, str]]

_WORKS: Mapping[str, _Work] = {
    "crop": _crop,
    "rotate": _rotate,
    "flip": _flip,
    "resize": _resize,
    "brightness": _enhance("brightness", ImageEnhance.Brightness),
    "contrast": _enhance("contrast", ImageEnhance.Contrast),
    "saturation": _enhance("saturation", ImageEnhance.Color),
    "sharpen": _sharpen,
    "blur": _blur,
    "greyscale": _greyscale,
}
