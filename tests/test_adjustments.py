"""What `tools.adjustments` promises: what a person says becomes exact numbers, and those give the same bytes again."""

from __future__ import annotations

import json
import random

import pytest
from PIL import Image

from models.carried import carrying, layout_of
from tools.adjustments import OPERATIONS, adjust
from tools.errors import BadArgument


def speckled(width: int = 200, height: int = 100) -> Image.Image:
    return Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))


UNDERSTOOD = [
    ("crop", "square", "100x100+50+0"),
    ("crop", "Square left", "100x100+0+0"),
    ("crop", "16:9", "178x100+11+0"),
    ("crop", "1/2", "50x100+75+0"),
    ("crop", "portrait", "67x100+66+0"),
    ("crop", "top half", "200x50+0+0"),
    ("crop", "the bottom half", "200x50+0+50"),
    ("crop", "left third", "67x100+0+0"),
    ("crop", "middle third", "67x100+66+0"),
    ("crop", "right two thirds", "133x100+67+0"),
    ("crop", "top left corner", "100x50+0+0"),
    ("crop", "bottom-right quarter", "100x50+100+50"),
    ("crop", "middle half", "100x50+50+25"),
    ("crop", "centre 80%", "160x80+20+10"),
    ("crop", "left 30%", "60x100+0+0"),
    ("crop", "remove the top 10%", "200x90+0+10"),
    ("crop", "without the left third", "133x100+67+0"),
    ("crop", "10%", "160x80+20+10"),
    ("crop", "10 % off every side", "160x80+20+10"),
    ("crop", "100x80", "100x80+50+10"),
    ("crop", "100 × 80 px", "100x80+50+10"),
    ("crop", "100x80+10+20", "100x80+10+20"),
    ("rotate", "90", "90"),
    ("rotate", "", "90"),
    ("rotate", "right", "90"),
    ("rotate", "to the left", "-90"),
    ("rotate", "270", "-90"),
    ("rotate", "180 degrees", "180"),
    ("rotate", "-180", "180"),
    ("rotate", "upside down", "180"),
    ("rotate", "-15", "-15"),
    ("rotate", "15° left", "-15"),
    ("rotate", "clockwise by 7.5 degrees", "7.5"),
    ("rotate", "360", "0"),
    ("flip", "", "horizontal"),
    ("flip", "Horizontally", "horizontal"),
    ("flip", "vertical", "vertical"),
    ("resize", "64x64", "64x64"),
    ("resize", "50%", "100x50"),
    ("resize", "width 100", "100x50"),
    ("resize", "100 px wide", "100x50"),
    ("resize", "height 50", "100x50"),
    ("resize", "400", "400x200"),
    ("resize", "2x", "400x200"),
    ("resize", "half", "100x50"),
    ("resize", "0.1%", "1x1"),
    ("brightness", "+20", "+20%"),
    ("brightness", "20%", "+20%"),
    ("brightness", "-30%", "-30%"),
    ("brightness", "−30 %", "-30%"),
    ("brightness", "1.2x", "+20%"),
    ("brightness", "120%", "+20%"),
    ("brightness", "a bit", "+15%"),
    ("brightness", "a bit darker", "-15%"),
    ("brightness", "brighter", "+30%"),
    ("brightness", "", "+30%"),
    ("brightness", "much brighter", "+60%"),
    ("brightness", "20% darker", "-20%"),
    ("contrast", "more", "+30%"),
    ("contrast", "less", "-30%"),
    ("contrast", "a lot more", "+60%"),
    ("saturation", "double", "+100%"),
    ("saturation", "-100", "-100%"),
    ("sharpen", "", "100%"),
    ("sharpen", "a bit", "50%"),
    ("sharpen", "150%", "150%"),
    ("sharpen", "2x", "200%"),
    ("sharpen", "2 times", "200%"),
    ("sharpen", "50", "50%"),
    ("brightness", "100%", "+0%"),
    ("brightness", "100% brighter", "+100%"),
    ("contrast", "0 down", "+0%"),
    ("blur", "2", "2"),
    ("blur", "1.5 px", "1.5"),
    ("blur", "a bit", "1"),
    ("blur", "a lot", "6"),
    ("blur", "2%", "4"),
    ("greyscale", "", ""),
]


@pytest.mark.parametrize(("operation", "amount", "canonical"), UNDERSTOOD)
def test_what_a_person_says_becomes_exact_and_repeats_byte_for_byte(
    operation: str, amount: str, canonical: str
) -> None:
    image = speckled()
    result, said = adjust(image, operation, amount)
    assert said == canonical
    again, same = adjust(image, operation, canonical)
    assert same == canonical and again.tobytes() == result.tobytes() and again.size == result.size
    assert result.mode == "RGB" and image.tobytes() == speckled().tobytes()


def test_every_operation_is_understood_with_some_amount() -> None:
    assert {operation for operation, _, _ in UNDERSTOOD} == set(OPERATIONS)


@pytest.mark.parametrize(
    ("operation", "amount", "part"),
    [
        ("explode", "", "greyscale"),
        ("crop", "", "“square”"),
        ("crop", "nicely", "“nicely”"),
        ("crop", "300x50", "200×100"),
        ("crop", "100x80+150+0", "200×100"),
        ("crop", "0x10", "within"),
        ("crop", "50%", "1% to 49%"),
        ("crop", "0:5", "0:5"),
        ("crop", "1:1000", "1:100"),
        ("crop", "1.2.3:4", "“16:9”"),
        ("crop", "left 0%", "1% to 100%"),
        ("crop", "remove the top 100%", "1% to 100%"),
        ("rotate", "sometimes", "“-15”"),
        ("rotate", "99999", "“-15”"),
        ("rotate", "nan", "“-15”"),
        ("flip", "diagonal", "“horizontal”"),
        ("resize", "0x0", "0×0"),
        ("resize", "100000x100000", "40 megapixels"),
        ("resize", "1000x", "40 megapixels"),
        ("resize", "", "“64x64”"),
        ("resize", "1e9%", "“50%”"),
        ("brightness", "+400", "-100% to +300%"),
        ("brightness", "-101%", "-100% to +300%"),
        ("contrast", "purple", "“purple”"),
        ("sharpen", "600%", "0% to 500%"),
        ("sharpen", "6x", "not 600%"),
        ("sharpen", "less", "“50%”"),
        ("blur", "501", "0 to 500"),
        ("blur", "-3", "“2”"),
        ("greyscale", "50%", "saturation"),
        ("blur", "x" * 101, "101 characters"),
    ],
)
def test_an_amount_that_makes_no_sense_is_answered_with_one_that_does(operation: str, amount: str, part: str) -> None:
    with pytest.raises(BadArgument) as caught:
        adjust(speckled(), operation, amount)
    sentence = str(caught.value)
    assert part in sentence and sentence.endswith(".") and "\n" not in sentence and caught.value.fixable


def test_right_angles_move_pixels_without_resampling() -> None:
    image = speckled()
    right, _ = adjust(image, "rotate", "right")
    back, _ = adjust(right, "rotate", "left")
    assert right.size == (100, 200) and back.tobytes() == image.tobytes()
    assert right.getpixel((99, 0)) == image.getpixel((0, 0))  # clockwise: the top left corner goes to the top right


def test_other_angles_grow_the_canvas_and_fill_it_white() -> None:
    result, _ = adjust(Image.new("RGB", (100, 100)), "rotate", "45")
    assert result.size[0] > 135 and result.getpixel((0, 0)) == (255, 255, 255)
    assert result.getpixel((result.width // 2, result.height // 2)) == (0, 0, 0)


def test_rotate_counts_degrees_clockwise() -> None:
    image = Image.new("RGB", (101, 101))
    image.paste("red", (45, 0, 56, 20))  # at twelve o'clock
    turned, _ = adjust(image, "rotate", "89.9999")
    pixel = turned.getpixel((turned.width - 8, turned.height // 2))
    assert isinstance(pixel, tuple) and pixel[0] > 200 and pixel[1] < 60  # at three o'clock


def test_the_bound_on_the_result_is_the_callers() -> None:
    with pytest.raises(BadArgument, match="400×200"):
        adjust(speckled(), "resize", "2x", max_pixels=79_999)
    assert adjust(speckled(), "resize", "2x", max_pixels=80_000)[0].size == (400, 200)
    with pytest.raises(BadArgument, match="rotation"):
        adjust(speckled(), "rotate", "45", max_pixels=30_000)


def test_brightness_contrast_and_saturation_move_the_way_that_was_said() -> None:
    image = Image.new("RGB", (2, 1), (100, 60, 20))
    image.putpixel((1, 0), (200, 160, 120))
    assert adjust(image, "brightness", "+50%")[0].getpixel((0, 0)) == (150, 90, 30)
    assert adjust(image, "brightness", "-100%")[0].getextrema() == ((0, 0), (0, 0), (0, 0))
    low, high = adjust(image, "contrast", "more")[0].getextrema()[0]
    assert low < 100 and high > 200
    grey, _ = adjust(image, "saturation", "-100%")
    assert grey.tobytes() == adjust(image, "greyscale", "")[0].tobytes()


@pytest.mark.parametrize(("operation", "amount", "_canonical"), UNDERSTOOD)
def test_a_layout_is_carried_on_unless_things_are_elsewhere(operation: str, amount: str, _canonical: str) -> None:
    adjusted, _ = adjust(carrying(speckled(), "where"), operation, amount)
    assert layout_of(adjusted) == ("" if operation in ("crop", "rotate", "flip") else "where")  # which is no layout


def test_a_mirrored_layout_says_where_things_are_now_and_mirrored_again_is_as_it_was() -> None:
    written = json.dumps({"squares": [16, 16], "things": [["red", "fox", 4, 1, 9]]})
    once, _ = adjust(carrying(speckled(), written), "flip", "horizontal")
    assert json.loads(layout_of(once))["things"] == [["red", "fox", 4, 11, 9]]
    twice, _ = adjust(once, "flip", "")
    assert json.loads(layout_of(twice)) == json.loads(written) | {"mirrored": False}
    assert not layout_of(adjust(once, "flip", "vertical")[0])


def test_a_crop_of_a_crop_says_what_is_left_of_the_whole() -> None:
    written = json.dumps({"squares": [16, 16], "things": [["red", "fox", 4, 1, 9]]})
    half, _ = adjust(carrying(Image.new("RGB", (64, 64)), written), "crop", "left half")
    assert json.loads(layout_of(half))["window"] == [0, 0, 8, 16]
    quarter, _ = adjust(adjust(half, "flip", "")[0], "crop", "top half")
    assert json.loads(layout_of(quarter))["window"] == [8, 0, 16, 8]


def test_blur_lowers_and_sharpen_raises_local_differences() -> None:
    image = Image.new("RGB", (40, 40), (80, 80, 80))
    image.paste((160, 160, 160), (20, 0, 40, 40))
    blurred, sharp = adjust(image, "blur", "3")[0], adjust(image, "sharpen", "200%")[0]
    assert 80 < blurred.getpixel((19, 20))[0] < 120 < blurred.getpixel((20, 20))[0] < 160  # type: ignore[index]
    assert sharp.getpixel((19, 20))[0] < 80 and sharp.getpixel((20, 20))[0] > 160  # type: ignore[index]
