"""Previews come where there is time for them."""

from __future__ import annotations

from PIL import Image
from pytest import MonkeyPatch

from models import painting
from models.painting import Steps


class Painter:
    """Paints steps on a clock that only it moves; `shown` are the steps that had a preview, once for each picture."""

    def __init__(self, monkeypatch: MonkeyPatch, *, preview: float, judging: float = 0.0, pictures: int = 1) -> None:
        self.now, self.shown, self.spent = 0.0, list[int](), 0.0
        self._preview, self._judging, self._pictures = preview, judging, pictures
        monkeypatch.setattr(painting, "monotonic", lambda: self.now)

    def paint(self, steps: int, seconds: float) -> None:
        following = Steps()
        for step in range(1, steps + 1):
            self.now += seconds
            shows = following.shows(step, steps)
            for _ in range(self._pictures):
                following.tell(self._watch, step, steps, self._half_painted if shows else None)

    def _half_painted(self) -> Image.Image:
        self._takes(self._preview)
        return Image.new("RGB", (512, 384))

    def _watch(self, step: int, steps: int, shown: Image.Image | None) -> bool:
        del steps
        if shown:
            assert shown.size == (256, 192)
            self._takes(self._judging)
            self.shown.append(step)
        return False

    def _takes(self, seconds: float) -> None:
        self.now += seconds
        self.spent += seconds


def test_a_picture_that_comes_at_once_has_no_previews(monkeypatch: MonkeyPatch) -> None:
    painter = Painter(monkeypatch, preview=0.02)
    painter.paint(4, 0.1)
    assert painter.shown == []


def test_the_first_preview_comes_after_half_a_second_whatever_it_costs(monkeypatch: MonkeyPatch) -> None:
    painter = Painter(monkeypatch, preview=2.0)
    painter.paint(4, 20.0)
    assert painter.shown == [1]


def test_all_previews_after_the_first_take_3_percent_of_the_time_judging_included(monkeypatch: MonkeyPatch) -> None:
    painter = Painter(monkeypatch, preview=1 / 64, judging=1 / 32)
    painter.paint(100, 1 / 8)
    assert painter.shown == [4, 25, 37, 49, 61, 74, 86, 98]
    assert painter.spent <= 0.03 * (12.5 + painter.spent)


def test_of_pictures_that_are_painted_together_all_are_shown_or_none(monkeypatch: MonkeyPatch) -> None:
    painter = Painter(monkeypatch, preview=1 / 128, pictures=3)
    painter.paint(30, 1 / 8)
    assert painter.shown == [step for step in (4, 13, 19, 25) for _ in range(3)]


def test_the_last_step_has_no_preview_as_the_picture_follows(monkeypatch: MonkeyPatch) -> None:
    painter = Painter(monkeypatch, preview=0.0)
    painter.paint(3, 1.0)
    assert painter.shown == [1, 2]
