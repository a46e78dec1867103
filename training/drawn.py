"""Things that fonts-noto-color-emoji lacks and people ask for, drawn here in its manner: flat shapes, a few shades of
one colour each, no outlines. They are drawn with four points to a pixel and then made smaller, so their edges are soft.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

SIDE = 256  # pixels of a drawing
_FINE = 4  # points of a pixel, across and down

Rgb = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]

_WOOD: tuple[Rgb, Rgb, Rgb] = ((200, 140, 86), (168, 110, 62), (126, 78, 42))  # light, middle, dark
_METAL: tuple[Rgb, Rgb, Rgb] = ((176, 180, 188), (128, 132, 140), (84, 88, 96))


class _Pen:
    """Draws shapes, in pixels of a transparent picture."""

    def __init__(self) -> None:
        self._picture = Image.new("RGBA", (SIDE * _FINE, SIDE * _FINE))
        self._draw = ImageDraw.Draw(self._picture)

    def picture(self) -> Image.Image:
        return self._picture.resize((SIDE, SIDE), Image.Resampling.BOX)

    def polygon(self, points: Sequence[Point], fill: Rgb) -> None:
        self._draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=(*fill, 255))

    def rectangle(self, box: Box, fill: Rgb, radius: float = 0) -> None:
        self._draw.rounded_rectangle([edge * _FINE for edge in box], radius * _FINE, fill=(*fill, 255))

    def ellipse(self, box: Box, fill: Rgb) -> None:
        self._draw.ellipse([edge * _FINE for edge in box], fill=(*fill, 255))

    def pie(self, box: Box, start: float, end: float, fill: Rgb) -> None:
        """A part of an ellipse, in degrees clockwise from the right."""
        self._draw.pieslice([edge * _FINE for edge in box], start, end, fill=(*fill, 255))

    def line(self, points: Sequence[Point], width: float, fill: Rgb) -> None:
        """A line with round ends."""
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self._draw.line(fine, fill=(*fill, 255), width=round(width * _FINE), joint="curve")
        half = width * _FINE / 2
        for x, y in (fine[0], fine[-1]):
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill=(*fill, 255))

    def arc(self, box: Box, start: float, end: float, width: float, fill: Rgb) -> None:
        self._draw.arc([edge * _FINE for edge in box], start, end, fill=(*fill, 255), width=round(width * _FINE))


def _lighthouse(pen: _Pen) -> None:
    for i in range(5):  # the tower, in red and white bands that narrow upwards
        top, bottom = 216 - (i + 1) * 30, 216 - i * 30
        low, high = 44 - i * 5, 44 - (i + 1) * 5
        colour = (214, 48, 48) if i % 2 == 0 else (246, 246, 246)
        pen.polygon([(128 - low, bottom), (128 + low, bottom), (128 + high, top), (128 - high, top)], colour)
    pen.rectangle((100, 40, 156, 68), (255, 226, 110))
    pen.rectangle((94, 62, 162, 70), (60, 60, 68))
    pen.polygon([(94, 42), (162, 42), (128, 8)], (190, 40, 40))
    pen.ellipse((40, 196, 216, 250), (120, 116, 110))
    pen.rectangle((116, 176, 140, 208), (70, 60, 60))


def _table(pen: _Pen) -> None:
    light, middle, dark = _WOOD
    for x in (52, 190):  # the legs behind
        pen.rectangle((x, 110, x + 14, 216), dark)
    pen.polygon([(40, 92), (216, 92), (250, 124), (6, 124)], light)
    for n in range(1, 4):  # its boards
        top, low = 40 + n * 44, 6 + n * 61
        pen.line([(top, 93), (low, 123)], 1.6, middle)
    pen.rectangle((6, 124, 250, 138), middle)
    pen.rectangle((22, 138, 234, 152), dark)
    for x in (16, 220):
        pen.rectangle((x, 138, x + 20, 248), middle)
        pen.rectangle((x, 138, x + 6, 248), light)


def _bench(pen: _Pen) -> None:
    light, middle, dark = _WOOD
    iron = _METAL[2]
    for x in (30, 216):
        pen.rectangle((x, 80, x + 10, 190), iron)
    for n in range(3):  # the back
        pen.rectangle((10, 84 + n * 27, 246, 104 + n * 27), light if n % 2 == 0 else middle, 5)
    pen.polygon([(22, 168), (234, 168), (252, 194), (4, 194)], light)
    pen.line([(14, 181), (242, 181)], 2, middle)
    pen.rectangle((4, 194, 252, 204), dark, 3)
    for x in (22, 222):
        pen.rectangle((x, 204, x + 12, 246), iron)
        pen.rectangle((x - 8, 240, x + 20, 250), iron, 4)
    for x in (6, 238):  # arms
        pen.rectangle((x, 140, x + 12, 150), iron, 4)
        pen.rectangle((x + 3, 148, x + 9, 196), iron)


def _pond(pen: _Pen) -> None:
    pen.ellipse((2, 150, 254, 252), (120, 106, 84))
    pen.ellipse((6, 150, 250, 246), (150, 134, 106))
    pen.ellipse((16, 158, 240, 242), (56, 130, 196))
    pen.ellipse((24, 168, 232, 242), (78, 158, 222))
    for x, y, long in ((70, 190, 46), (138, 214, 60), (150, 184, 34), (84, 222, 30)):
        pen.rectangle((x, y, x + long, y + 4), (168, 214, 246), 2)
    for x, y, r in ((18, 178, 11), (40, 162, 9), (214, 160, 10), (236, 182, 12), (226, 226, 10), (30, 222, 12)):
        pen.ellipse((x - r, y - r * 0.7, x + r, y + r * 0.7), (142, 146, 150))
        pen.ellipse((x - r * 0.7, y - r * 0.6, x + r * 0.5, y + r * 0.1), (186, 190, 194))
    for x, tall in ((196, 62), (206, 80), (216, 54)):  # reeds
        pen.line([(x, 166), (x + 3, 166 - tall)], 3.4, (74, 138, 60))
        pen.line([(x + 3, 150 - tall), (x + 3, 166 - tall)], 7, (112, 70, 38))


def _grill(pen: _Pen) -> None:
    light, middle, dark = _METAL
    black, shine = (58, 60, 66), (98, 102, 110)
    for x, foot in ((92, 52), (164, 204)):
        pen.line([(x, 160), (foot, 242)], 9, middle)
    pen.line([(128, 170), (128, 236)], 9, dark)
    pen.line([(76, 206), (180, 206)], 6, dark)
    for x in (52, 204):
        pen.ellipse((x - 13, 226, x + 13, 252), black)
        pen.ellipse((x - 5, 234, x + 5, 244), light)
    pen.pie((36, 20, 220, 196), 0, 180, black)
    pen.pie((52, 40, 150, 180), 90, 180, shine)
    pen.rectangle((28, 98, 228, 112), light, 6)
    for n in range(8):  # the bars, with what lies on them
        pen.rectangle((40 + n * 24, 100, 44 + n * 24, 110), dark)
    for x, colour in ((50, (196, 92, 50)), (108, (140, 70, 40)), (166, (196, 92, 50))):
        pen.rectangle((x, 82, x + 44, 99), colour, 8)
        pen.rectangle((x + 6, 85, x + 36, 89), (226, 140, 92), 2)
    for x in (74, 128, 182):  # smoke
        pen.arc((x - 12, 46, x + 6, 74), 270, 90, 4, (206, 208, 212))
        pen.arc((x - 6, 18, x + 12, 46), 90, 270, 4, (206, 208, 212))


def _treasure_chest(pen: _Pen) -> None:
    light, middle, dark = _WOOD
    gold, bright, deep = (244, 190, 44), (255, 226, 110), (196, 138, 20)
    pen.rectangle((22, 26, 234, 120), middle, 34)  # the lid, open
    pen.rectangle((36, 42, 220, 122), (84, 48, 26), 22)
    pen.rectangle((22, 104, 234, 116), dark)
    for x in (40, 200):
        pen.rectangle((x, 26, x + 16, 110), gold)
    for x, y, r in ((60, 116, 19), (98, 100, 22), (140, 94, 24), (178, 104, 21), (204, 118, 17), (120, 118, 22)):
        pen.ellipse((x - r, y - r, x + r, y + r), deep)
        pen.ellipse((x - r + 3, y - r, x + r - 3, y + r - 5), gold)
        pen.ellipse((x - r * 0.55, y - r * 0.6, x + r * 0.2, y + r * 0.1), bright)
    pen.polygon([(156, 104), (168, 92), (180, 104), (168, 118)], (226, 48, 74))
    pen.polygon([(76, 106), (86, 96), (96, 106), (86, 118)], (64, 132, 236))
    pen.rectangle((14, 124, 242, 246), middle, 10)
    pen.rectangle((14, 124, 242, 150), light, 10)
    for y in (176, 206):
        pen.rectangle((14, y, 242, y + 4), dark)
    for x in (34, 204):
        pen.rectangle((x, 124, x + 18, 246), gold)
        pen.rectangle((x, 124, x + 5, 246), bright)
    pen.rectangle((104, 136, 152, 188), deep, 8)
    pen.rectangle((106, 136, 150, 184), gold, 8)
    pen.ellipse((120, 148, 136, 164), (70, 44, 24))
    pen.polygon([(124, 158), (132, 158), (136, 176), (120, 176)], (70, 44, 24))


def _lamp(pen: _Pen) -> None:
    pen.ellipse((78, 232, 178, 252), _METAL[2])
    pen.ellipse((84, 228, 172, 244), _METAL[1])
    pen.rectangle((123, 84, 133, 238), _METAL[1])
    pen.rectangle((123, 84, 126, 238), _METAL[0])
    pen.ellipse((108, 84, 148, 112), (255, 246, 190))
    pen.polygon([(92, 6), (164, 6), (206, 96), (50, 96)], (250, 196, 70))
    pen.polygon([(92, 6), (118, 6), (98, 96), (50, 96)], (255, 222, 126))
    pen.polygon([(148, 6), (164, 6), (206, 96), (172, 96)], (226, 164, 44))
    pen.rectangle((48, 92, 208, 102), (206, 144, 34), 4)
    pen.line([(176, 102), (176, 134)], 2.4, _METAL[2])
    pen.ellipse((171, 132, 181, 144), (250, 196, 70))


def _fence(pen: _Pen) -> None:
    light, middle, dark = _WOOD
    for y in (136, 202):
        pen.rectangle((0, y, 256, y + 16), dark)
    for n in range(6):
        left = 3 + n * 43
        pen.polygon([(left, 110), (left + 17.5, 84), (left + 35, 110), (left + 35, 250), (left, 250)], middle)
        pen.polygon([(left, 110), (left + 17.5, 84), (left + 17.5, 250), (left, 250)], light)
        for y in (144, 210):
            pen.ellipse((left + 14, y - 4, left + 21, y + 3), dark)


def _party_hat(pen: _Pen) -> None:
    pen.polygon([(128, 34), (206, 236), (50, 236)], (232, 62, 140))
    pen.polygon([(128, 34), (104, 236), (50, 236)], (246, 112, 174))
    for x, y, r, colour in (
        (128, 104, 10, (255, 218, 60)),
        (108, 150, 12, (90, 200, 250)),
        (152, 158, 11, (255, 255, 255)),
        (90, 204, 12, (255, 218, 60)),
        (134, 206, 12, (120, 214, 110)),
        (176, 208, 11, (90, 200, 250)),
    ):
        pen.ellipse((x - r, y - r, x + r, y + r), colour)
    pen.ellipse((46, 224, 210, 250), (190, 40, 110))
    pen.ellipse((46, 218, 210, 242), (255, 226, 110))
    for n in range(10):  # the tuft
        angle = n * math.pi / 5
        pen.line([(128, 30), (128 + 26 * math.cos(angle), 30 + 24 * math.sin(angle))], 7, (255, 218, 60))
    pen.ellipse((114, 16, 142, 44), (255, 236, 130))


def _cowboy_hat(pen: _Pen) -> None:
    light, middle, dark = (200, 146, 90), (168, 112, 62), (112, 68, 34)
    along = [n / 24 for n in range(25)]
    upper = [(2 + 252 * t, 136 + 74 * math.sin(math.pi * t) ** 0.8) for t in along]
    inner = [(2 + 252 * t, 136 + 92 * math.sin(math.pi * t) ** 0.7) for t in along]
    lower = [(2 + 252 * t, 136 + 112 * math.sin(math.pi * t) ** 0.6) for t in along]
    pen.polygon([*upper, *reversed(lower)], dark)
    left, right = [(64, 202), (70, 104), (84, 74), (108, 62)], [(148, 62), (172, 74), (186, 104), (192, 202)]
    pen.polygon([*left, (128, 78), *right], middle)
    pen.polygon([*left, (118, 70), (104, 202)], light)
    pen.polygon([(63, 176), (193, 176), (194, 206), (128, 216), (62, 206)], dark)
    pen.polygon([(63, 176), (106, 176), (104, 213), (62, 206)], (142, 92, 50))
    pen.polygon([*inner, *reversed(lower)], middle)
    pen.polygon([*inner[:9], *reversed(lower[:9])], light)


def _witch_hat(pen: _Pen) -> None:
    light, middle, dark = (104, 74, 156), (76, 50, 122), (52, 32, 90)
    pen.ellipse((2, 194, 254, 250), dark)
    pen.ellipse((2, 188, 254, 240), middle)
    pen.polygon([(66, 214), (112, 80), (164, 10), (202, 30), (172, 58), (168, 96), (196, 214)], middle)
    pen.polygon([(66, 214), (112, 80), (164, 10), (140, 80), (116, 222)], light)
    pen.pie((66, 196, 196, 232), 0, 180, middle)
    pen.polygon([(72, 196), (84, 164), (182, 164), (192, 196), (130, 212)], (240, 150, 40))
    pen.rectangle((112, 166, 152, 204), (255, 214, 70), 6)
    pen.rectangle((122, 176, 142, 195), dark, 3)


def _fireplace(pen: _Pen) -> None:
    brick, light, joint = (178, 82, 62), (204, 110, 84), (226, 206, 190)
    pen.rectangle((28, 56, 228, 250), joint)
    for row in range(12):  # bricks
        y, shift = 58 + row * 16, (row % 2) * 18
        for n in range(-1, 6):
            left, right = max(28, 30 + n * 36 + shift), min(228, 62 + n * 36 + shift)
            if left < right:
                pen.rectangle((left, y, right, y + 13), light if (n + row) % 3 == 0 else brick)
    pen.rectangle((12, 32, 244, 58), _WOOD[1], 5)
    pen.rectangle((12, 32, 244, 42), _WOOD[0], 5)
    pen.rectangle((74, 124, 182, 250), (52, 36, 34))
    pen.pie((74, 92, 182, 160), 180, 360, (52, 36, 34))
    pen.polygon([(88, 236), (94, 186), (108, 204), (124, 146), (140, 188), (152, 172), (168, 236)], (240, 96, 34))
    pen.polygon([(102, 236), (110, 206), (126, 176), (138, 206), (146, 200), (156, 236)], (255, 176, 50))
    pen.polygon([(114, 238), (126, 206), (140, 238)], (255, 232, 130))
    pen.line([(92, 238), (164, 232)], 12, _WOOD[2])
    pen.line([(92, 230), (164, 240)], 12, (106, 64, 34))
    pen.rectangle((8, 240, 248, 252), (150, 148, 146), 4)


_DRAW: dict[str, Callable[[_Pen], None]] = {
    "lighthouse": _lighthouse,
    "table": _table,
    "bench": _bench,
    "pond": _pond,
    "grill": _grill,
    "treasure chest": _treasure_chest,
    "lamp": _lamp,
    "fence": _fence,
    "fireplace": _fireplace,
    "party hat": _party_hat,
    "cowboy hat": _cowboy_hat,
    "witch hat": _witch_hat,
}


def drawing(name: str) -> Image.Image:
    """What is drawn here, as an RGBA picture of SIDE pixels a side.

    Raises:
        KeyError: It is not drawn here.
    """
    pen = _Pen()
    _DRAW[name](pen)
    return pen.picture()
