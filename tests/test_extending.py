"""More of a picture: the wishes for it, what is added where, and what the painter makes of it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from PIL import Image, ImageOps, PngImagePlugin

from models.carried import LAYOUT, carrying, cropped, in_a_mirror, layout_of
from models.chat.conversation import Action, Scene, ShelfPicture, Step, shelf_of, used_in
from models.chat.corrections import corrected
from models.engine import Engine
from models.errors import BadRequest
from models.presets import Presets
from models.recipe import Extent, Margins, Operation, Recipe
from models.rendering.layout import Layout, Placed, Window
from tools.errors import BadArgument
from tools.extend import margins_for, short_of

SHELF = (ShelfPicture(1, "a fox at a lighthouse", size="256×256"), ShelfPicture(2, "the sea", size="384×256"))
CUT = Action("adjust_image", {"image": 1, "operation": "crop", "amount": "landscape"})
EMBEDDED = Presets.load().for_operation(Operation.EXTEND, "embedded")


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("make it wider", "wide"),
        ("#1 please, wider", "wide"),
        ("can you make it a bit wider please", "wide"),
        ("widen the picture", "wide"),
        ("make the picture taller", "tall"),
        ("extend it to the left", "left"),
        ("expand the image on the right side a bit", "right"),
        ("extend this downwards", "bottom"),
        ("expand it", "all sides"),
        ("uncrop it", "all sides"),
        ("outpaint on both sides", "both sides"),
        ("show more to the right", "right"),
        ("show a bit more on the left side", "left"),
        ("show me more of the scene", "all sides"),
        ("can we see more of what's around it", "all sides"),
        ("leave some space at the top for text", "top"),
        ("add more room on the left", "left"),
        ("i need a bit of space at the bottom where i can write something", "bottom"),
        ("more sky", "top"),
        ("show more sky please", "top"),
        ("more ground", "bottom"),
        ("make it 16:9", "16:9"),
        ("i need it in 16 by 9", "16:9"),
        ("in landscape format", "landscape"),
        ("make the picture portrait", "portrait"),
    ],
)
def test_who_wants_more_of_a_picture_gets_it_and_no_cut(said: str, to: str) -> None:
    assert corrected(Scene(said, SHELF[:1]), CUT) == Action("extend_image", {"image": 1, "to": to})


@pytest.mark.parametrize(
    ("said", "decided"),
    [
        ("crop it to 16:9", {"operation": "crop", "amount": "16:9"}),
        ("cut it to landscape", {"operation": "crop", "amount": "landscape"}),
        ("make it square", {"operation": "crop", "amount": "square"}),
        ("keep the left half", {"operation": "crop", "amount": "left half"}),
        ("now the first one too", {"operation": "crop", "amount": "4:3"}),
    ],
)
def test_a_cut_stays_a_cut(said: str, decided: dict[str, str]) -> None:
    action = Action("adjust_image", {"image": 1, **decided})
    assert corrected(Scene(said, SHELF[:1]), action) == action


@pytest.mark.parametrize(
    "said", ["zoom out", "make the river wider", "extend the fence", "make it taller", "a landscape"]
)
def test_what_a_picture_shows_is_edited(said: str) -> None:
    action = Action.edit(1, said)
    assert corrected(Scene(said, SHELF[:1]), action).name != "extend_image"


def test_without_a_cut_is_no_cut() -> None:
    scene = Scene("i'd like it in landscape, without cropping anything", SHELF[:1])
    assert corrected(scene, CUT) == Action("extend_image", {"image": 1, "to": "landscape"})


def test_a_wide_picture_becomes_tall_by_more_of_it_and_an_upload_by_a_cut() -> None:
    more, cut = {"image": 2, "to": "portrait"}, {"image": 2, "operation": "crop", "amount": "portrait"}
    assert corrected(Scene("make it portrait", SHELF), Action.edit(2, "portrait")) == Action("extend_image", more)
    uploaded = (SHELF[0], ShelfPicture(2, "sea.jpg", "upload", size="384×256"))
    assert corrected(Scene("make it portrait", uploaded), Action.edit(2, "portrait")) == Action("adjust_image", cut)


def test_the_first_of_two_wishes_is_known_to_be_done() -> None:
    chain = Scene("make it wider and add a tent", SHELF[:1])
    first = corrected(chain, Action("adjust_image", {"image": 1, "operation": "crop", "amount": "16:9"}))
    assert first == Action("extend_image", {"image": 1, "to": "wide"})
    ((start, end),) = used_in(chain.said, [Step(first.name, first.args, (2,))])
    assert chain.said[start:end] == "wider"


def test_an_extension_stands_on_the_shelf_with_what_it_was_made_from() -> None:
    (picture,) = shelf_of('[shelf]#2 384×256 "a fox, extended", extension of #1, shows fox; sea[/shelf]')
    assert (picture.parents, picture.kind, picture.shows) == ((1,), "adjustment", "fox; sea")


@pytest.mark.parametrize(
    ("to", "extent", "margins"),
    [
        ("left", Extent(256, 256), (128, 0, 0, 0)),
        ("the top", Extent(256, 256), (0, 128, 0, 0)),
        ("both sides", Extent(256, 256), (64, 0, 64, 0)),
        ("top and bottom", Extent(256, 256), (0, 64, 0, 64)),
        ("all sides", Extent(256, 256), (64, 64, 64, 64)),
        ("", Extent(256, 256), (64, 64, 64, 64)),
        ("wide", Extent(256, 256), (64, 0, 64, 0)),
        ("16:9", Extent(256, 256), (96, 0, 96, 0)),
        ("portrait", Extent(256, 256), (0, 64, 0, 64)),
        ("square", Extent(320, 192), (0, 64, 0, 64)),
        ("wider", Extent(384, 256), (32, 0, 32, 0)),  # as far as the painter paints
        ("left", Extent(448, 256), (0, 0, 0, 0)),
        ("left", Extent(1024, 1024), (512, 0, 0, 0)),
    ],
)
def test_what_is_added_where(to: str, extent: Extent, margins: tuple[int, ...]) -> None:
    assert margins_for(to, extent, EMBEDDED) == Margins(*margins)


@pytest.mark.parametrize(
    ("to", "extent", "told"),
    [
        ("16:9", Extent(448, 256), ""),
        ("left", Extent(384, 256), ""),
        ("wide", Extent(384, 256), ""),
        ("wider", Extent(448, 256), ""),
        ("square", Extent(256, 256), ""),
        ("2.35:1", Extent(448, 256), "2.35:1 was asked for, 7:4 is the widest that embedded paints of it"),
        ("make it 10:1", Extent(448, 256), "10:1 was asked for, 7:4 is the widest that embedded paints of it"),
        ("1:3", Extent(256, 448), "1:3 was asked for, 4:7 is the tallest that embedded paints of it"),
        ("widescreen", Extent(384, 256), "16:9 was asked for, 3:2 is the widest that embedded paints of it"),
        ("1.1:1", Extent(320, 256), "1.1:1 was asked for, 5:4 is the nearest that embedded paints of it"),
    ],
)
def test_a_format_that_is_not_reached_is_told(to: str, extent: Extent, told: str) -> None:
    assert short_of(to, extent, EMBEDDED) == told


@pytest.mark.parametrize(
    ("to", "sentence"), [("elsewhere", "not clear where"), ("1:1", "is 1:1 already"), ("1:99", "not possible")]
)
def test_where_nothing_can_be_added_it_is_said(to: str, sentence: str) -> None:
    with pytest.raises(BadArgument, match=sentence):
        margins_for(to, Extent(256, 256), EMBEDDED)


def test_things_stay_as_large_and_as_far_down_the_ground_with_more_around() -> None:
    layout = Layout((0, 0, 0, 0), (Placed(0, 0, 8, 4, 6), Placed(1, 0, 4, 4, 2)), 3, mirrored=True)
    wider, squares = layout.extended((16, 16), (0.25, 0, 0.25, 0))
    assert squares == (24, 16) and (wider.view, wider.mirrored) == (3, True)
    assert wider.things == (Placed(0, 0, 8, 8, 6), Placed(1, 0, 4, 8, 2))
    taller, squares = layout.extended((16, 16), (0, 0.5, 0, 0))
    assert squares == (16, 24)
    assert taller.things == (Placed(0, 0, 8, 4, 13), Placed(1, 0, 4, 4, 9))  # together, the lower one's feet at 7/8


def test_what_a_crop_took_comes_back_where_there_is_room() -> None:
    window = Window((16, 16), (8, 0, 16, 16))
    layout = Layout((0, 0, 0, 0), (Placed(0, 0, 4, 2, 8), Placed(1, 0, 4, 10, 8)), window=window)
    right, _ = layout.extended((8, 16), (0, 0, 0.5, 0))
    assert [one.thing for one in right.things] == [1] and right.window is None
    left, squares = layout.extended((8, 16), (1, 0, 0, 0))
    assert squares == (16, 16) and left.things == (Placed(0, 0, 4, 2, 8), Placed(1, 0, 4, 10, 8))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    yield Engine(Presets.load(), "cpu", threads=1)


def made(engine: Engine, operation: Operation, source: Image.Image | None = None, **fields: object) -> Image.Image:
    recipe = Recipe.model_validate({"operation": operation, "preset": "embedded", "seed": 4, "steps": 1} | fields)
    picture = engine.run(recipe, [source] if source else [], None, lambda *_: None, lambda: False)
    text = PngImagePlugin.PngInfo()
    text.add_text(LAYOUT, layout_of(picture))
    picture.save(kept := io.BytesIO(), "PNG", pnginfo=text)
    return Image.open(kept)


def shown(engine: Engine, picture: Image.Image) -> str:
    return engine.describe(Recipe(operation=Operation.EXTEND, preset="embedded", extent=Extent(*picture.size)), picture)


@pytest.fixture(scope="module")
def painted(engine: Engine) -> Image.Image:
    return made(engine, Operation.GENERATE, prompt="a fox and a lighthouse at the beach", extent=Extent(256, 256))


def extended(engine: Engine, source: Image.Image, margins: tuple[int, int, int, int]) -> Image.Image:
    left, top, right, bottom = margins
    extent = Extent(source.width + left + right, source.height + top + bottom)
    return made(engine, Operation.EXTEND, source, extent=extent, margins=margins)


def test_an_extended_picture_shows_the_same_and_is_edited_like_any_other(engine: Engine, painted: Image.Image) -> None:
    wide = extended(engine, painted, (64, 0, 64, 0))
    assert wide.size == (384, 256) and shown(engine, wide) == shown(engine, painted)
    boat = made(engine, Operation.EDIT, wide, prompt="add a boat", extent=Extent(384, 256))
    assert shown(engine, boat).count("boat") == 1 and "lighthouse" in shown(engine, boat)
    there = [t[:3] for t in json.loads(layout_of(boat))["things"]]
    assert all(t[:3] in there for t in json.loads(layout_of(painted))["things"])


def test_what_was_darkened_is_dark_around_too(engine: Engine, painted: Image.Image) -> None:
    dark = carrying(painted.convert("RGB").point(lambda value: value // 3), layout_of(painted))
    wide = extended(engine, dark, (128, 0, 0, 0)).convert("L")
    assert wide.crop((0, 0, 128, 256)).resize((1, 1)).getpixel((0, 0)) < 90  # type: ignore[operator]


def test_mirrored_cropped_and_enlarged_pictures_are_extended_too(engine: Engine, painted: Image.Image) -> None:
    before, plain = shown(engine, painted), painted.convert("RGB")
    mirrored = carrying(ImageOps.mirror(plain), in_a_mirror(layout_of(painted)))
    right = extended(engine, mirrored, (128, 0, 0, 0))
    assert shown(engine, right) == before
    assert [x - 8 for *_, x, _ in json.loads(layout_of(right))["things"]] == [
        x for *_, x, _ in json.loads(layout_of(mirrored))["things"]
    ]
    box = (0, 64, 256, 256)
    cut = carrying(plain.crop(box), cropped(layout_of(painted), box, painted.size))
    assert shown(engine, extended(engine, cut, (64, 0, 64, 0))) == before
    large = made(engine, Operation.UPSCALE, painted, extent=Extent(512, 512), scale=2, steps=None)
    assert shown(engine, extended(engine, large, (128, 0, 128, 0))) == before


def test_a_photograph_is_not_guessed_at(engine: Engine) -> None:
    photograph = Image.effect_noise((256, 256), 90).convert("RGB")
    with pytest.raises(BadRequest, match="own world only"):
        extended(engine, photograph, (64, 0, 64, 0))


@pytest.mark.parametrize(
    ("margins", "extent", "sentence"),
    [
        ((0, 0, 0, 0), Extent(256, 256), "add nothing"),
        ((-64, 0, 128, 0), Extent(320, 256), "add nothing"),
        ((64, 0, 64, 0), Extent(256, 256), "it makes 384×256"),
        ((256, 0, 256, 0), Extent(768, 256), "too large to be painted"),
    ],
)
def test_margins_that_make_no_sense_are_refused(
    engine: Engine, painted: Image.Image, margins: tuple[int, ...], extent: Extent, sentence: str
) -> None:
    with pytest.raises(BadRequest, match=sentence):
        made(engine, Operation.EXTEND, painted, extent=extent, margins=margins)
