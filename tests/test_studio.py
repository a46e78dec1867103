"""The studio: words first, then jobs, then judged pictures; cancelling leaves nothing behind."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest
from house import NUDE, FixedPixels, FixedWords, Place, ended, fox, open_place, working
from PIL import Image
from terminal import png

from models.errors import UnknownPreset
from models.flat import FlatEngine
from models.presets import Presets
from models.recipe import Extent, Recipe
from storage.errors import StorageError, Unreachable
from storage.library import Library
from storage.records import Job, Picture, Verdict
from tools.errors import BadArgument, BadUpload, JobFailed, JobStopped, NoWorker, Refusal
from tools.settings import Settings
from tools.studio import LINE_SECONDS, Studio
from tools.worker import Supervisor


class Slow(FlatEngine):
    """Paints only when allowed to, and asks about Stop meanwhile."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def run(
        self,
        recipe: Recipe,
        inputs: Sequence[Image.Image],
        mask: Image.Image | None,
        report: Callable[[float, str, Image.Image | None], None],
        stop: Callable[[], bool],
    ) -> Image.Image:
        report(0.5, "step 1 of 2", None)
        while not self.go.wait(0.01) and not stop():
            pass
        return super().run(recipe, inputs, mask, report, stop)


@pytest.fixture
def place(tmp_path: Path) -> Generator[Place]:
    opened = open_place(tmp_path / "data")
    yield opened
    opened.library.close()


def studio_for(place: Place, verdict: Verdict | None = None, supervisor: Supervisor | None = None) -> Studio:
    settings = Settings(data=place.data)
    return Studio(place.library, settings, Presets.load(), FixedWords(), FixedPixels(verdict), supervisor)


async def make(
    studio: Studio,
    place: Place,
    *recipes: Recipe,
    key: str = "one",
    sentences: Sequence[str] = (),
    on_progress: Callable[[Job, float, str], None] = lambda *_: None,
) -> list[Picture]:
    pictures = studio.make(
        recipes,
        session_id=place.session.id,
        turn_id=None,
        parents=(),
        caption="a red fox",
        key=key,
        sentences=sentences,
        on_progress=on_progress,
    )
    return [picture async for _, picture in pictures]


async def test_three_pictures_get_three_handles_and_one_caption(place: Place) -> None:
    with working(place, FlatEngine()):
        made = await make(studio_for(place), place, fox(1), fox(2), fox(3))
    assert sorted(picture.handle for picture in made) == [1, 2, 3]
    assert {picture.caption for picture in made} == {"a red fox"}
    assert [Recipe.model_validate(picture.recipe).seed for picture in made] == [1, 2, 3]


async def test_the_same_key_queues_nothing_new(place: Place) -> None:
    studio = studio_for(place)
    with working(place, FlatEngine()):
        first = await make(studio, place, fox(1), fox(2))
        again = await make(studio, place, fox(1), fox(2))
    assert [picture.id for picture in first] == [picture.id for picture in again]
    assert len(place.library.pictures(place.session.id)) == 2


async def test_refused_words_queue_nothing_and_the_verdict_is_stored(place: Place) -> None:
    recipe = fox().model_copy(update={"prompt": "a forbidden thing"})
    with pytest.raises(Refusal) as refused:
        await make(studio_for(place), place, recipe)
    assert refused.value.verdict.rewording == "a red fox"
    assert place.library.verdicts(place.session.id) == [refused.value.verdict]
    assert place.library.claim("anyone", 1) is None


async def test_words_are_judged_with_what_was_said_before(place: Place) -> None:
    with pytest.raises(Refusal):
        await make(studio_for(place), place, fox(), sentences=["something forbidden"])


async def test_blocked_pixels_are_a_refusal_and_no_picture(place: Place) -> None:
    with working(place, FlatEngine(), NUDE), pytest.raises(Refusal) as refused:
        await make(studio_for(place), place, fox())
    assert refused.value.verdict == NUDE
    assert place.library.pictures(place.session.id) == []
    assert NUDE in place.library.verdicts(place.session.id)


async def test_pictures_that_could_be_made_are_given_before_the_one_that_failed_is_raised(place: Place) -> None:
    class FailsOnTwo(FlatEngine):
        def run(self, recipe: Recipe, *others: object) -> Image.Image:
            if recipe.seed == 2:
                raise ZeroDivisionError
            return super().run(recipe, *others)  # type: ignore[arg-type]

    seen: list[int] = []
    pictures = studio_for(place).make(
        [fox(1), fox(2), fox(3)], session_id=place.session.id, turn_id=None, parents=(), caption="", key="one"
    )
    with working(place, FailsOnTwo()), pytest.raises(JobFailed):
        async for _, picture in pictures:
            seen.append(Recipe.model_validate(picture.recipe).seed)
    assert seen == [1, 3]


async def test_progress_is_told_in_plain_words(place: Place) -> None:
    slow, texts = Slow(), list[str]()

    def told(_job: Job, _fraction: float, text: str) -> None:
        texts.append(text)
        if text == "step 1 of 2":
            slow.go.set()

    place.enqueue(fox(9))
    task = asyncio.create_task(make(studio_for(place), place, fox(1), on_progress=told))
    await asyncio.sleep(0.3)
    with working(place, slow):
        await asyncio.sleep(0.3)
        slow.go.set()
        await task
    assert texts[0] == "waiting, 1 before you"


async def test_who_waits_long_for_what_nobody_takes_reads_what_is_lacking(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.studio.LONG_SECONDS", 0.1)
    texts = list[str]()
    task = asyncio.create_task(make(studio_for(place), place, fox(1), on_progress=lambda *told: texts.append(told[2])))
    async with asyncio.timeout(5):
        while len(texts) < 2:
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    assert texts == ["waiting", "waiting for a worker that has “embedded”"]


async def test_all_who_wait_share_one_look_at_the_line(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, places = list[int](), place.library.places
    monkeypatch.setattr(place.library, "places", lambda: (looks.append(1), places())[1])
    studio, heard = studio_for(place), list[str]()
    waiting = [
        asyncio.create_task(
            make(studio, place, fox(1), key=f"{n}", on_progress=lambda _j, _f, text: heard.append(text))
        )
        for n in range(6)
    ]
    began = asyncio.get_running_loop().time()
    while not {"waiting", "waiting, 5 before you"} <= set(heard):
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)
    seconds = asyncio.get_running_loop().time() - began
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert len(looks) <= 6 + 1 + seconds / LINE_SECONDS  # when each is first seen, and every half second


async def test_cancelling_stops_the_jobs_before_it_returns(place: Place) -> None:
    with working(place, Slow()):
        seen = asyncio.Event()
        task = asyncio.create_task(make(studio_for(place), place, fox(1), fox(2), on_progress=lambda *_: seen.set()))
        await seen.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert place.library.claim("anyone", 1) is None  # none is left in the queue
        assert place.library.pictures(place.session.id) == []


async def test_who_waits_for_a_long_step_to_stop_takes_no_thread_from_others(place: Place) -> None:
    loop, studio = asyncio.get_running_loop(), studio_for(place)
    loop.set_default_executor(ThreadPoolExecutor(2))
    tasks = [asyncio.create_task(make(studio, place, fox(n), key=f"{n}")) for n in range(3)]
    jobs = list[Job]()
    while len(jobs) < 3:
        await asyncio.sleep(0.05)
        jobs += filter(None, [place.library.claim("in a long step", 60)])
    for task in tasks:
        task.cancel()
    while not all(place.library.job(job.id).stop_requested for job in jobs):
        await asyncio.sleep(0.01)
    async with asyncio.timeout(2):
        await asyncio.to_thread(place.library.user, "somebody else")
    assert not any(task.done() for task in tasks)
    place.library.release("in a long step")
    await asyncio.gather(*tasks, return_exceptions=True)
    assert all(task.cancelled() for task in tasks) and all(ended(place.library.job(job.id)) for job in jobs)


@pytest.mark.parametrize("later", range(6))
async def test_stop_is_not_lost_where_it_comes_with_the_bell(
    place: Place, later: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.studio.HEARD_SECONDS", 60)
    waiting = asyncio.Event()
    task = asyncio.create_task(make(studio_for(place), place, fox(), on_progress=lambda *_: waiting.set()))
    await waiting.wait()
    await asyncio.sleep(0.2)  # nobody paints: it waits for the bell
    place.library.create_session(place.session.user_id)  # which rings now
    for _ in range(later):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=5)
    assert task.cancelled()


class Away(Library):
    """Cannot be asked as often as it is told."""

    troubles: list[StorageError]

    def job(self, job_id: str) -> Job:
        if self.troubles:
            raise self.troubles.pop()
        return super().job(job_id)

    def picture(self, session_id: str, handle: int) -> Picture:
        if self.troubles:
            raise self.troubles.pop()
        return super().picture(session_id, handle)


@pytest.fixture
def away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[Place, Away]]:
    monkeypatch.setattr("tools.studio.SAVE_AGAIN_SECONDS", 0.01)
    with Away.open(tmp_path / "easel.db") as library:
        assert isinstance(library, Away)
        library.troubles = []
        yield Place(library, library.create_session(library.user("me").id), tmp_path), library


async def test_a_picture_is_awaited_while_the_library_is_away_and_who_waits_reads_why(
    away: tuple[Place, Away],
) -> None:
    (place, library), told, engine = away, list[str](), Slow()

    def go_away(_job: Job, _fraction: float, text: str) -> None:
        if text == "step 1 of 2":
            library.troubles = [Unreachable("The connection broke.")] * 3
            engine.go.set()
        told.append(text)

    other = Library.open(place.data / "easel.db")
    with other, working(replace(place, library=other), engine):
        [picture] = await make(studio_for(place), place, fox(), on_progress=go_away)
    assert picture.handle == 1 and "waiting: The connection broke." in told and not library.troubles


async def test_stop_is_asked_for_again_where_the_library_is_away(away: tuple[Place, Away]) -> None:
    place, library = away
    waiting = asyncio.Event()
    task = asyncio.create_task(make(studio_for(place), place, fox(), on_progress=lambda *_: waiting.set()))
    await waiting.wait()
    library.troubles = [Unreachable("The connection broke.")] * 3
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert library.claim("anyone", 1) is None


async def test_leaving_the_pictures_early_stops_the_rest(place: Place) -> None:
    studio, jobs = studio_for(place), set[str]()

    def told(job: Job, _fraction: float, _text: str) -> None:
        jobs.add(job.id)

    async with aclosing(
        studio.make(
            [fox(1), fox(2)],
            session_id=place.session.id,
            turn_id=None,
            parents=(),
            caption="",
            key="one",
            on_progress=told,
        )
    ) as pictures:
        with working(place, FlatEngine()):
            _, first = await anext(pictures)
    assert first.handle == 1 and all(ended(place.library.job(job)) for job in jobs)


async def test_a_job_stopped_elsewhere_says_so(place: Place) -> None:
    def told(job: Job, _fraction: float, _text: str) -> None:
        place.library.request_stop(job.id)

    with pytest.raises(JobStopped):
        await make(studio_for(place), place, fox(), on_progress=told)


async def test_an_unknown_preset_is_refused_before_anything_is_queued(place: Place) -> None:
    with pytest.raises(UnknownPreset):
        await make(studio_for(place), place, fox().model_copy(update={"preset": "dall-e"}))
    assert place.library.verdicts(place.session.id) == []


async def test_without_a_worker_the_wait_ends_with_a_reason(place: Place, tmp_path: Path) -> None:
    settings = Settings(data=place.data, device="cpu")
    supervisor = Supervisor(place.library, settings, presets=tmp_path / "none.toml")
    with supervisor, pytest.raises(NoWorker, match=r"none\.toml"):
        await make(studio_for(place, supervisor=supervisor), place, fox())
    assert place.library.claim("anyone", 1) is None


async def test_who_waits_for_a_library_that_is_away_reads_so(place: Place) -> None:
    supervisor = Supervisor(place.library, Settings(data=place.data))
    supervisor.state, supervisor.awaited = "away", "The database's server does not answer."
    heard = asyncio.Queue[str]()
    studio = studio_for(place, supervisor=supervisor)
    task = asyncio.create_task(make(studio, place, fox(), on_progress=lambda _j, _f, text: heard.put_nowait(text)))
    assert await heard.get() == "waiting: The database's server does not answer."
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_adjustment_is_judged_and_saved_with_its_canonical_amount(place: Place) -> None:
    studio = studio_for(place)
    source = await studio.add_upload(place.session.id, None, studio.check_upload(png(60, 40), "sea.png"))
    made = await studio.adjust(source, "rotate", "90", session_id=place.session.id, turn_id=None)
    recipe = Recipe.model_validate(made.recipe)
    assert (made.handle, made.parents, made.width, made.height) == (2, (1,), 40, 60)
    assert recipe.adjust == "rotate" and recipe.extent == Extent(40, 60) and recipe.parents == (source.sha256,)
    assert [verdict.rule for verdict in made.verdicts] == ["fixed/1"]
    with pytest.raises(BadArgument):
        await studio.adjust(source, "rotate", "purple", session_id=place.session.id, turn_id=None)
    for operation, amount in (("rotate", "360"), ("rotate", "-0"), ("brightness", "+0"), ("blur", "0")):
        with pytest.raises(BadArgument, match=re.escape(f"“{amount}” for {operation} changes nothing in #1")):
            await studio.adjust(source, operation, amount, session_id=place.session.id, turn_id=None)


async def test_a_cut_picture_is_called_by_what_the_person_asked_for(place: Place) -> None:
    studio = studio_for(place)
    source = await studio.add_upload(place.session.id, None, studio.check_upload(png(60, 40), "tree.png"))
    made = await studio.adjust(source, "crop", "square", session_id=place.session.id, turn_id=None)
    assert made.caption == "tree.png, crop square"
    assert made.recipe["amount"] == "40x40+10+0"


async def test_an_upload_that_is_no_picture_or_is_blocked_stores_no_picture(place: Place) -> None:
    with pytest.raises(BadUpload):
        studio_for(place).check_upload(b"<svg/>", "a.png")
    with pytest.raises(Refusal):
        upload = studio_for(place).check_upload(png(9, 9), "a.png")
        await studio_for(place, NUDE).add_upload(place.session.id, None, upload)
    assert place.library.pictures(place.session.id) == []
    [verdict] = place.library.verdicts(place.session.id)
    assert (verdict.category, verdict.reason, verdict.rewording) == (NUDE.category, f"a.png: {NUDE.reason}", "")


async def test_judging_stores_nothing(place: Place) -> None:
    studio = studio_for(place)
    picture = await studio.add_upload(place.session.id, None, studio.check_upload(png(9, 9), "a.png"))
    assert (await studio.judge(picture)).action == "allow"
    assert len(place.library.verdicts(place.session.id)) == 1


async def test_a_queued_job_survives_a_worker_that_comes_late(place: Place) -> None:
    task = asyncio.create_task(make(studio_for(place), place, fox()))
    await asyncio.sleep(0.3)
    with working(place, FlatEngine()):
        assert [picture.handle for picture in await task] == [1]
    assert place.library.pictures(place.session.id)[0].recipe["preset"] == "flat"
