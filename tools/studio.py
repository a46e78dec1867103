"""The studio: recipes go in, saved pictures come out, and nothing unjudged in between.

`make` checks the words, queues one job for every recipe, follows the jobs while the worker paints them, and yields each
picture the moment it is saved. Exact adjustments and uploads need no worker: they run here, in a thread, through the
same judgement and the same single transaction. Every decision of a filter is stored, whatever it says (of those about
a picture's previews the first that blocks).

Cancelling the task that iterates `make` asks the worker to stop its jobs and waits until they have ended (for at most
`STOP_SECONDS`), so that afterwards nothing of it can still appear. A repeated call with the same key follows the jobs
that are there already instead of queueing new ones.
"""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Mapping, Sequence, Set
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar

from PIL import Image

from models.presets import Presets
from models.recipe import AdjustOperation, Extent, Operation, Recipe
from storage.bell import Listener
from storage.library import Library
from storage.records import Job, JobState, NewPicture, Picture, Verdict
from tools.adjustments import IDLE, adjust
from tools.errors import BadArgument, JobFailed, JobStopped, Refusal, ToolError
from tools.intake import MEDIA_TYPE, Upload, encode_png, read_upload, thumbnail
from tools.settings import Settings
from tools.worker import HEARD_SECONDS, LOOK_SECONDS, PASSING, SAVE_AGAIN_SECONDS, Judge, Supervisor

LINE_SECONDS = 0.5
"""How old the place in the queue may be that people are told."""
LONG_SECONDS = 15.0
"""After so long a job that is the next and that nobody takes is said to want what those who paint have not."""
STOP_SECONDS = 20.0

T = TypeVar("T")
OnProgress = Callable[[Job, float, str], None]
"""Called with the job, the finished part (0 to 1) and plain words, whenever one of them changed."""


class Words(Protocol):
    """What decides whether words may be painted; `tools.safety.WordFilter` is one. It never raises."""

    def check(self, text: str, context: Sequence[str] = (), *, source: str = "", without: str = "") -> Verdict: ...


def _ignore(_job: Job, _fraction: float, _text: str) -> None:
    pass


class Studio:
    """One for a process; safe for many sessions at once.

    Attributes:
        words: The filter for words.
        pixels: The filter for pixels.
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        presets: Presets,
        words: Words,
        pixels: Judge | None = None,
        supervisor: Supervisor | None = None,
    ) -> None:
        """
        Args:
            library, settings, presets: What it works with.
            words: The filter for words.
            pixels: The filter for pixels; None takes `tools.safety.pixel_filter`.
            supervisor: Asked whether there is a worker at all; None trusts that somebody runs one.
        """
        self._library, self._settings, self._presets = library, settings, presets
        self.words = words
        self.pixels: Judge = pixels or _pixel_filter(settings, presets)
        self._judges = _judges_of_pixels(settings, presets)
        self._supervisor = supervisor
        self._line_lock = threading.Lock()
        self._line_seen: tuple[float, Mapping[str, int]] = (-LINE_SECONDS, {})

    async def make(
        self,
        recipes: Sequence[Recipe],
        *,
        session_id: str,
        turn_id: str | None,
        parents: Sequence[int],
        caption: str,
        key: str,
        sentences: Sequence[str] = (),
        source: str = "",
        on_progress: OnProgress = _ignore,
    ) -> AsyncIterator[tuple[Job, Picture]]:
        """Makes one picture for each recipe and yields it, with its job, once it is saved: whichever is ready first.

        Args:
            recipes: What to make; several pictures of one request differ in their seeds.
            session_id, turn_id: Where the pictures belong.
            parents: Handles of the pictures they start from.
            caption: The shelf's short line for them.
            key: Names the request; the same key again queues nothing new.
            sentences: What the person wrote in this session, for the word filter.
            source: What the picture that is changed was made from, for the word filter too.
            on_progress: Told how the jobs go on, on the event loop's thread.

        Raises:
            Refusal: The filter blocked the words (nothing was queued) or a picture's pixels.
            JobFailed, JobStopped: A picture could not be made. Raised like a refusal of pixels when all jobs of the
                request have ended: pictures that could be made are saved and were yielded.
            BadArgument: A picture would be larger than is allowed; nothing was queued.
            UnknownPreset: A recipe names a preset that does not exist or does not serve it; nothing was queued.
            NoWorker: There is no worker process and none will come.
        """
        limit = self._settings.limits.result_pixels
        for recipe in recipes:
            self._presets.for_operation(recipe.operation, recipe.preset)
            if recipe.extent.pixels > limit:
                raise BadArgument(f"The picture would be {recipe.extent}, more than the {limit:,} pixels allowed.")

        def queued() -> list[Job]:
            judged = self._judged_words(recipes, sentences, source, session_id, turn_id)
            named = {"judges": self._judges}  # another machine may paint it, or a worker with other settings
            asked = [recipe.model_copy(update=named).model_dump(mode="json") for recipe in recipes]
            return self._library.enqueue(session_id, turn_id, asked, parents, caption, key, judged)

        jobs = await asyncio.to_thread(queued)
        trouble: ToolError | None = None
        async with aclosing(self._ended(jobs, on_progress)) as ended:
            async for job in ended:
                if job.state is JobState.DONE and job.picture is not None:
                    yield job, await _awaited(partial(self._library.picture, session_id, job.picture))
                else:
                    trouble = trouble or _trouble(job)
        if trouble is not None:
            raise trouble

    async def look(
        self,
        picture: Picture,
        question: str,
        preset: str,
        *,
        session_id: str,
        turn_id: str | None,
        key: str,
        on_progress: OnProgress = _ignore,
    ) -> str:
        """Has the worker answer a question about a stored picture: its device has the room for what looks.

        Args:
            picture: Which.
            question: What somebody wants to know; empty asks for a description.
            preset: Who looks.
            session_id, turn_id, key, on_progress: As for `make`.

        Returns:
            Plain words; "" where the preset has nothing to say.

        Raises:
            JobFailed, JobStopped, UnknownPreset, NoWorker: As `make`.
        """
        self._presets.for_operation(Operation.LOOK, preset)
        extent = Extent(picture.width, picture.height)
        recipe = Recipe(
            operation=Operation.LOOK, prompt=question, preset=preset, extent=extent, parents=(picture.sha256,)
        )
        asked = [recipe.model_dump(mode="json")]
        jobs = await asyncio.to_thread(
            self._library.enqueue, session_id, turn_id, asked, [picture.handle], picture.caption, key
        )
        async with aclosing(self._ended(jobs, on_progress)) as ended:
            job = await anext(ended)
        if job.state is not JobState.DONE:
            raise _trouble(job)
        return job.progress_text

    async def _ended(self, jobs: Sequence[Job], on_progress: OnProgress) -> AsyncGenerator[Job]:
        """Follows jobs and gives each once it has ended. Whoever goes before that stops the others."""
        running, said = {job.id: job for job in jobs}, dict[str, str]()
        long = time.monotonic() + LONG_SECONDS

        def tell(job: Job, text: str) -> None:
            if said.get(job.id) != (now := f"{job.progress:.4f} {text}"):
                said[job.id] = now
                on_progress(job, job.progress, text)

        def away(error: Exception) -> None:
            for job in running.values():
                tell(job, f"waiting: {error}")

        bell = self._library.listen()
        try:
            while running:
                if self._supervisor is not None:
                    self._supervisor.check()
                for job, ahead in await _awaited(lambda: self._look(list(running)), away):
                    if job.state in (JobState.QUEUED, JobState.RUNNING):
                        running[job.id] = job
                        tell(job, self._words_for(job, ahead, jobs, time.monotonic() > long))
                        continue
                    del running[job.id]
                    yield job
                if running:
                    await woken(bell, LOOK_SECONDS if bell.fileno() is None else HEARD_SECONDS)
        finally:
            bell.close()
            if running:
                await asyncio.shield(self._stop(list(running)))

    async def _stop(self, job_ids: Sequence[str]) -> None:
        """Asks for the end of jobs and waits for it; a step that takes longer than `STOP_SECONDS` is not waited for.

        Threads serve its queries only: many people may wait for a long step to end, and others go on meanwhile. Where
        the library is away for as long, the end of the turn stops them.
        """

        def ask() -> None:
            for job_id in job_ids:
                self._library.request_stop(job_id)

        def going_on() -> bool:
            return any(self._library.job(i).state in (JobState.QUEUED, JobState.RUNNING) for i in job_ids)

        with self._library.listen() as bell, suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await _awaited(ask)
                while await _awaited(going_on):
                    await woken(bell, LOOK_SECONDS)

    async def adjust(
        self, source: Picture, operation: AdjustOperation, amount: str, *, session_id: str, turn_id: str | None
    ) -> Picture:
        """An exact change of a stored picture (`tools.adjustments`), judged and saved as a new one.

        Raises:
            BadArgument: The amount makes no sense for this picture, or changes nothing.
            Refusal: The filter blocked the result.
        """
        return await _saved(asyncio.to_thread(self._adjust, source, operation, amount, session_id, turn_id))

    def check_upload(self, data: bytes, name: str) -> Upload:
        """Reads uploaded bytes without storing anything; blocks for as long as decoding takes. Raises `BadUpload`."""
        return read_upload(data, name, self._settings.limits)

    async def add_upload(self, session_id: str, turn_id: str | None, upload: Upload) -> Picture:
        """Stores an upload that was read as the session's next picture, re-encoded and judged.

        Raises:
            Refusal: The filter blocked it. The reason names it, and no rewording is offered for it.
        """
        recipe = Recipe(operation=Operation.IMPORT, extent=upload.extent)
        return await _saved(asyncio.to_thread(self._save, upload.image, recipe, upload.name, (), session_id, turn_id))

    async def judge(self, picture: Picture) -> Verdict:
        """What the pixel filter says of a stored picture; stores nothing."""
        return await asyncio.to_thread(lambda: self.pixels.check(self._open(picture.sha256)))

    # What follows runs in threads.

    def _judged_words(
        self, recipes: Sequence[Recipe], sentences: Sequence[str], source: str, session_id: str, turn_id: str | None
    ) -> list[tuple[Verdict, str]]:
        """The decisions that let requests pass; one that does not is stored with those before it, and raised."""
        judged: list[tuple[Verdict, str]] = []
        for prompt, negative in dict.fromkeys((recipe.prompt, recipe.negative_prompt) for recipe in recipes):
            if not prompt:
                continue
            verdict = self.words.check(prompt, sentences, source=source, without=negative)
            judged.append((verdict, f"{prompt}, without {negative}" if negative else prompt))
            if verdict.action == "block":
                for decided, subject in judged:
                    self._library.add_verdict(session_id, turn_id, decided, subject)
                raise Refusal(verdict)
        return judged

    def _look(self, job_ids: Sequence[str]) -> list[tuple[Job, int]]:
        """Each job, and how many are before it in the queue."""
        looked = [self._library.job(job_id) for job_id in job_ids]
        waiting = {job.id for job in looked if job.state is JobState.QUEUED}
        places = self._line(waiting) if waiting else {}
        return [(job, places.get(job.id, 0) if job.id in waiting else 0) for job in looked]

    def _line(self, waiting: Set[str]) -> Mapping[str, int]:
        """The places in the queue, as they were at most `LINE_SECONDS` ago: all who wait share one look, as each takes
        as long as the line is."""
        with self._line_lock:
            seen, places = self._line_seen
            if time.monotonic() - seen > LINE_SECONDS or not waiting <= places.keys():
                places = self._library.places()
                self._line_seen = time.monotonic(), places
            return places

    def _words_for(self, job: Job, ahead: int, siblings: Sequence[Job], long: bool) -> str:
        if job.state is JobState.RUNNING:
            return job.progress_text or "starting"
        if self._supervisor is not None and (awaited := self._supervisor.awaited):
            name = self._library.name  # the worker's log has it; who waits need not read an address
            return f"waiting: {awaited.replace(f'database {name}', 'database').replace(name, 'the database')}"
        if ahead:
            return f"waiting, {ahead} before you" if len(siblings) == 1 else f"waiting, {ahead} before this one"
        if self._supervisor is not None and self._supervisor.state == "starting":
            return "starting the painter"
        if long:  # nobody takes the next in line: who paints has not what it needs
            return f"waiting for a worker that has “{job.recipe.get('preset', '')}”"
        return "waiting"

    def _adjust(
        self, source: Picture, operation: AdjustOperation, amount: str, session_id: str, turn_id: str | None
    ) -> Picture:
        image, canonical = adjust(self._open(source.sha256), operation, amount, self._settings.limits.result_pixels)
        if canonical in IDLE:
            said = amount.strip() or canonical
            raise BadArgument(f"The amount “{said}” for {operation} changes nothing in #{source.handle}; say another.")
        recipe = Recipe(
            operation=Operation.ADJUST,
            extent=Extent(*image.size),
            adjust=operation,
            amount=canonical,
            parents=(source.sha256,),
        )
        how = amount.strip() if operation == "crop" and amount.strip() else canonical  # "square", not 256x256+0+0
        caption = f"{source.caption}, {operation} {how}".strip()
        shows = "" if operation in ("crop", "greyscale") else source.shows
        return self._save(image, recipe, caption, (source.handle,), session_id, turn_id, shows)

    def _save(
        self,
        image: Image.Image,
        recipe: Recipe,
        caption: str,
        parents: tuple[int, ...],
        session_id: str,
        turn_id: str | None,
        shows: str = "",
    ) -> Picture:
        """Judges a picture and stores it with its verdict, or stores the verdict alone."""
        verdict = self.pixels.check(image)
        if verdict.action == "block":
            if recipe.operation is Operation.IMPORT:
                verdict = replace(verdict, reason=f"{caption}: {verdict.reason}", rewording="")
            self._library.add_verdict(session_id, turn_id, verdict, caption)
            raise Refusal(verdict)
        new = NewPicture(
            data=encode_png(image),
            media_type=MEDIA_TYPE,
            width=image.width,
            height=image.height,
            thumbnail=thumbnail(image),
            recipe=recipe.model_dump(mode="json"),
            caption=caption,
            parents=parents,
            verdicts=(verdict,),
            shows=shows,
        )
        return self._library.add_picture(session_id, turn_id, new)

    def _open(self, sha256: str) -> Image.Image:
        return Image.open(io.BytesIO(self._library.pixels(sha256))).convert("RGB")


async def _awaited(read: Callable[[], T], away: Callable[[Exception], None] = lambda _: None) -> T:
    """What a thread reads in the library; one that is away is waited for, and `away` is told why."""
    while True:
        try:
            return await asyncio.to_thread(read)
        except PASSING as error:
            away(error)
        await asyncio.sleep(SAVE_AGAIN_SECONDS)


async def _saved(work: Coroutine[Any, Any, Picture]) -> Picture:
    """The picture that a thread saves; whoever stops waits for the thread, as nothing can break it off."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def woken(bell: Listener, seconds: float) -> None:
    """Waits for the bell, for at most so long."""
    pipe = bell.fileno()
    if pipe is None:
        await asyncio.sleep(seconds)
        return
    loop = asyncio.get_running_loop()
    rung = asyncio.Event()
    loop.add_reader(pipe, rung.set)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # `wait_for` loses a Stop that comes with the bell (Python 3.11)
                await rung.wait()
    finally:
        loop.remove_reader(pipe)
    bell.heard()


def _trouble(job: Job) -> ToolError:
    """Why an ended job gave nothing."""
    if job.state is JobState.BLOCKED and job.verdict is not None:
        return Refusal(job.verdict)
    if job.state is JobState.STOPPED:
        return JobStopped("Painting was stopped.")
    return JobFailed(job.error or "The picture could not be made.", job.fixable)


def _pixel_filter(settings: Settings, presets: Presets) -> Judge:
    from tools.safety import pixel_filter

    return pixel_filter(settings, presets, painted=False)


def _judges_of_pixels(settings: Settings, presets: Presets) -> tuple[str, ...]:
    from tools.safety import judges_of_pixels

    return judges_of_pixels(settings, presets)
