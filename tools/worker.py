"""The worker: a process of its own that owns the device, and the supervisor that keeps one running.

A `Worker` claims jobs from the Library by lease, runs each on its engine, has the pixels judged, and saves picture,
verdict and end of the job in one transaction; a job that looks at a picture ends with words instead. While a job runs,
a thread beside it renews the lease, writes progress and judged previews, and reads whether the person pressed Stop; so
a long sampling step or the loading of a model neither loses the lease nor delays anyone.

Among the jobs that wait it prefers one whose model is loaded, as far as the queue allows, and it takes along, up to
`BATCH`, those that its engine makes in the same pass. Each of these still has its own progress, Stop, verdict and end;
where the pass fails as a whole, each is made alone. What is made is not thrown away because the library is busy
or away for a moment: its end is written again for up to `SAVE_SECONDS`, while the lease is renewed.

A `Supervisor` lives in the process that serves people. It starts `python -m tools.worker`, hands the settings over its
standard input, starts it again when it dies, and gives the dead worker's job back to the queue, which tries it once
more. A worker that finds the library busy or away is started again until the library is there; that is no death. When
the supervisor's process dies, however it dies, the worker reads the end of its input and leaves within one sampling
step.

One worker per data folder and device: it holds a lock file (`flock`, so a kill frees it). A second Easel on the same
folder starts a worker too, which waits for the lock without loading anything and takes over when the first one goes;
meanwhile the first one paints for both. Where many machines share a PostgreSQL database, each has a data folder of its
own and so its own workers. Dry runs paint flat colours for everyone, so they never share a folder, whatever the device,
or a database: a second lock file is the folder's, shared by all workers that paint and held alone by a dry run.
"""

from __future__ import annotations

import argparse
import fcntl
import gc
import io
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle
from pathlib import Path
from types import FrameType, TracebackType
from typing import IO, TYPE_CHECKING, Any, Literal, NoReturn, Protocol, Self
from uuid import uuid4

from pydantic import ValidationError

from models.errors import ModelError, Stopped, UnknownPreset
from models.hub import FETCHING
from models.presets import PRESETS_FILE, Presets
from models.recipe import Operation, Recipe
from models.waiting import WAITING
from storage.errors import Busy, DiskFull, LostLease, NotFound, StorageError, Unreachable
from storage.library import Library
from storage.records import Job, NewPicture, Verdict
from tools.errors import NoWorker
from tools.intake import MEDIA_TYPE, encode_png, thumbnail
from tools.settings import Settings

if TYPE_CHECKING:
    from PIL import Image

    from models.engine import Runs

LEASE_SECONDS = 30.0
RENEW_SECONDS = 5.0
LOOK_SECONDS = 0.05
"""How often an idle worker looks for a job where the library's bell is not heard, and a busy one for Stop."""
HEARD_SECONDS = 0.5
"""How often one looks where the bell is heard: for what no change tells, such as a lease that has run out."""
BATCH = 8
"""The most jobs that are made in one pass."""
SAVE_SECONDS = 60.0
"""How long a job's end is written again while the library cannot be written."""
SAVE_AGAIN_SECONDS = 0.5
BEAT_SECONDS = 2.0
SILENT_SECONDS = 15.0
"""How often the one that paints for a folder shows that it runs, and after how long without that others say so."""
LEAVE_SECONDS = 15.0
"""How long a worker that should leave may take for its current step before it is cut off."""
BACKOFF_SECONDS = (0.1, 0.5, 2.0, 5.0)
"""Waits before the next start, after one, two, … deaths in a row; one more death and the supervisor gives up. For a
library that is away it waits as long, and goes on waiting."""
HEALTHY_SECONDS = 3.0
PASSING = (Busy, DiskFull, Unreachable)
"""What may keep the library from being written for a moment."""
FINAL_EXIT = 3
AWAY_EXIT = 4
"""A worker's exit code when the library is busy or away: the next one may find it."""
LOG_BYTES = 2**20
LOG_AGAIN_SECONDS = 60.0


class Judge(Protocol):
    """What decides whether pixels may be shown; `tools.safety.PixelFilter` is one. It never raises.

    `also` names judges of the one who asked for the picture, who may have others than the machine that paints it.
    """

    def check(self, image: Image.Image, also: Sequence[str] = ()) -> Verdict: ...


# --- the jobs of one pass --------------------------------------------------------------------------------------------


class _Watch:
    """What is told of a running job, and to it."""

    def __init__(self, library: Library, job: Job, judge: Judge, leave: threading.Event) -> None:
        self.job = job
        self.ended = False
        self._library, self._judge, self._leave = library, judge, leave
        self._seconds = self._deadline = float("inf")
        self._latest = (0.0, "starting")
        self._preview: Image.Image | None = None
        self._changed = threading.Event()
        self._unwanted = threading.Event()
        self._held_back = False
        self._logged = ""
        self._written = 0.0

    def begin(self, seconds: float) -> None:
        """Gives the job so much time from now on, or from when its weights are fetched."""
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self.report(0.0, "starting")

    @property
    def leaving(self) -> bool:
        """Whether the whole worker should end."""
        return self._leave.is_set()

    def leaving_within(self, seconds: float) -> bool:
        """Waits so long, or until the whole worker should end; gives whether it should."""
        return self._leave.wait(seconds)

    @property
    def overdue(self) -> bool:
        return time.monotonic() > self._deadline

    def report(self, fraction: float, text: str, preview: Image.Image | None = None) -> None:
        """The engine's report; returns at once."""
        fetching, fetched = text.startswith(FETCHING), self._latest[1].startswith(FETCHING)
        if fetching:
            self._deadline = float("inf")
        elif fetched:
            self._deadline = time.monotonic() + self._seconds
        self._latest = fraction, text
        if preview is not None:
            self._preview = preview
        self._changed.set()

    def stop(self) -> bool:
        """The engine's question; answered from memory."""
        return self._unwanted.is_set() or self.leaving or self.overdue

    def look(self) -> None:
        """Writes what is new, or renews the lease if it is time to, and reads whether the job is still wanted."""
        try:
            if self._changed.is_set() or time.monotonic() - self._written > RENEW_SECONDS:
                self._changed.clear()
                unwanted = self._write()
                self._written = time.monotonic()
            else:
                unwanted = self._library.job(self.job.id).stop_requested
        except (LostLease, NotFound):  # somebody else has it, or its session was deleted
            unwanted = True
        except Exception as error:  # busy or full for a moment, or a fault: the lease is long enough to try again
            if repr(error) != self._logged:
                self._logged = repr(error)
                why = str(error) if isinstance(error, StorageError) else traceback.format_exc()
                _log(f"job {self.job.id}: {why}")
            return
        if unwanted:
            self._unwanted.set()

    def _write(self) -> bool:
        fraction, text = self._latest
        preview, self._preview = self._preview, None
        return self._library.report(
            self.job.id,
            self.job.attempt,
            fraction,
            text,
            None if preview is None else self._judged(preview),
            lease_seconds=LEASE_SECONDS,
        )

    def _judged(self, preview: Image.Image) -> bytes | None:
        """A half-painted picture as PNG, or None when it may not be shown; only the finished one decides the job.

        The first verdict that holds one back is stored: the others of the job say the same of much the same picture.
        """
        verdict = self._judge.check(preview, self.job.recipe.get("judges", ()))
        if verdict.action != "block":
            return encode_png(preview)
        if not self._held_back:
            subject = f"{self.job.caption} (half painted)".lstrip()
            self._library.add_verdict(self.job.session_id, self.job.turn_id, verdict, subject)
            self._held_back = True
        return None


class _Watching:
    """The thread beside the jobs of one pass: one of them is looked at every `LOOK_SECONDS`, in turn.

    So eight jobs write to the database no more often than one does.
    """

    def __init__(self, watches: Sequence[_Watch]) -> None:
        self._watches = watches
        self._finished = threading.Event()
        self._thread = threading.Thread(target=self._run, name="easel-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finished.set()
        self._thread.join()

    def _run(self) -> None:
        for watch in cycle(self._watches):
            if self._finished.wait(LOOK_SECONDS):
                return
            if not watch.ended:
                watch.look()


class Worker:
    """Serves jobs one pass after the other, in whichever process it is made."""

    def __init__(
        self,
        library: Library,
        engine: Runs,
        judge: Judge,
        owner: str,
        seconds_per_job: float,
        able: Callable[[Mapping[str, Any]], bool] | None = None,
    ) -> None:
        """
        Args:
            library, engine, judge, owner: Whose queue, what makes and judges pictures, and how its claims are signed.
            seconds_per_job: How long a picture may take.
            able: Whether it can make what a recipe says, as for `Library.claim`; None tries everything.
        """
        self._library, self._engine, self._judge = library, engine, judge
        self._owner, self._seconds, self._able = owner, seconds_per_job, able

    def serve(self, leave: threading.Event) -> None:
        """Works until `leave` is set, then gives its jobs back. A database that is busy is waited for."""
        with self._library.listen() as bell:
            while not leave.is_set():
                try:
                    job = self._library.claim(self._owner, LEASE_SECONDS, self._warm(), self._able)
                    if job is not None:
                        self._serve([job, *self._along(job)], leave)
                        continue
                except StorageError as error:
                    _log(str(error))
                    leave.wait(1.0)
                bell.wait(LOOK_SECONDS if bell.fileno() is None else HEARD_SECONDS)
        self._library.release(self._owner)

    def _warm(self) -> set[str]:
        """The presets of which something is loaded."""
        return {label.rpartition(".")[0] for label in self._engine.loaded}

    def _along(self, job: Job) -> list[Job]:
        """Further jobs for the pass in which a claimed one is made; and tells the engine what is wanted after it."""
        recipe = _recipe(job.recipe)

        def like(other: Mapping[str, Any]) -> bool:
            read = _recipe(other)
            return recipe is not None and read is not None and self._engine.together(recipe, read)

        try:
            self._engine.expect(self._library.wanted_presets())
            if job.attempt > 1 or not like(job.recipe):  # what ended its worker before must not end others' jobs too
                return []
            return self._library.claim_alike(self._owner, LEASE_SECONDS, like, BATCH - 1)
        except StorageError as error:  # the one that is claimed can be made all the same
            _log(str(error))
            return []

    def _serve(self, jobs: Sequence[Job], leave: threading.Event) -> None:
        """Ends each of the jobs, or leaves it to `release`."""
        watches = [_Watch(self._library, job, self._judge, leave) for job in jobs]
        with _Watching(watches):
            together = self._paint_together(watches) if len(watches) > 1 else None
            for watch, made in zip(watches, together or [None] * len(watches), strict=True):
                if made is None:
                    watch.begin(self._seconds)
                try:
                    self._end(watch, made)
                except StorageError as error:  # its lease runs out; the others of the pass are not to suffer for it
                    _log(f"job {watch.job.id}: {error}")
                watch.ended = True

    def _paint_together(self, watches: Sequence[_Watch]) -> list[Image.Image | Stopped] | None:
        """The pictures of a batch, or `Stopped` for each that is not wanted; None where the pass failed."""
        for watch in watches:
            watch.begin(self._seconds * len(watches))  # as long as they might take one after the other
        recipes = [Recipe.model_validate(watch.job.recipe) for watch in watches]
        try:
            return self._engine.run_batch(recipes, [watch.report for watch in watches], [w.stop for w in watches])
        except Exception:  # one of them may be at fault, or all together too large: each alone shows which
            _log(traceback.format_exc())
            return None

    def _end(self, watch: _Watch, made: Image.Image | Stopped | None) -> None:
        """Ends a job in one of its ways, or leaves it to `release`.

        Args:
            watch: The job's.
            made: What came of it in a batch; None where it is still to be made.
        """
        library = self._library
        with suppress(LostLease):  # stopped, or taken over: somebody else has ended it
            try:
                result = self._make(watch, made)
                if isinstance(result, Verdict):
                    self._write(watch, library.block, result)
                elif isinstance(result, str):
                    self._write(watch, library.answer, result)
                else:
                    self._write(watch, library.complete, result)
            except Stopped as error:
                if watch.leaving:
                    return
                if watch.overdue:
                    why = f"The picture took longer than the {self._seconds:g} seconds that are allowed. {error}"
                    self._write(watch, library.fail, why)
                else:
                    self._write(watch, library.stopped)
            except LostLease:
                raise
            except (ModelError, StorageError) as error:
                self._write(watch, library.fail, str(error), error.fixable)
            except Exception as error:
                _log(traceback.format_exc())
                why = next(iter(str(error).splitlines()), "")[:200]  # torch's go on for pages; the log has them whole
                why = f"The painter met an unexpected fault ({type(error).__name__}: {why})."
                self._write(watch, library.fail, why)

    def _write(self, watch: _Watch, end: Callable[..., object], *values: object) -> None:
        """Writes a job's end, or leaves it to `release`.

        Tried again where the library cannot be written for a moment, for at most `SAVE_SECONDS`: whoever waits for the
        picture reads why. Where the disk is full, that is the job's end. The job's attempt fences it, so an end that
        was written though the answer was lost is not written twice.

        Args:
            watch: The job's.
            end: The library's method.
            values: What it takes beside the job and its attempt.
        """
        until = time.monotonic() + SAVE_SECONDS
        while True:
            try:
                end(watch.job.id, watch.job.attempt, *values)
                return
            except PASSING as error:
                if time.monotonic() > until:
                    raise
                _log(f"job {watch.job.id}: {error}")
                watch.report(1.0, str(error))
                if isinstance(error, DiskFull) and end != self._library.fail:  # for which there is room
                    self._write(watch, self._library.fail, str(error))
                    return
            if watch.leaving_within(SAVE_AGAIN_SECONDS):
                return

    def _make(self, watch: _Watch, made: Image.Image | Stopped | None) -> NewPicture | Verdict | str:
        """The judged picture, or the verdict that blocks it, or what was seen in one that is there."""
        job = watch.job
        recipe = Recipe.model_validate(job.recipe)
        if recipe.operation is Operation.LOOK:
            [looked_at] = (self._pixels(sha256) for sha256 in recipe.parents)
            return self._engine.look(recipe, looked_at.convert("RGB"), watch.report, watch.stop)
        image = self._paint(recipe, watch) if made is None else made
        if isinstance(image, Stopped):
            raise image
        watch.report(1.0, "checking")
        with ThreadPoolExecutor(2) as beside:  # as long as judging and describing take, it costs nothing
            # In this order: encoding a thumbnail lets other threads run, encoding a PNG does not.
            shrunk, encoded = beside.submit(thumbnail, image), beside.submit(encode_png, image)
            verdict = self._judge.check(image, recipe.judges)
            if verdict.action == "block":
                return verdict
            watch.report(1.0, "saving")
            shows = described(self._engine, recipe, image)
            data, small = encoded.result(), shrunk.result()
        return NewPicture(
            data=data,
            media_type=MEDIA_TYPE,
            width=image.width,
            height=image.height,
            thumbnail=small,
            recipe=self._engine.signed(recipe).model_dump(mode="json"),
            caption=job.caption,
            parents=job.parents,
            verdicts=(verdict,),
            shows=shows,
        )

    def _paint(self, recipe: Recipe, watch: _Watch) -> Image.Image:
        inputs = [self._pixels(sha256).convert("RGB") for sha256 in recipe.parents]
        mask = self._pixels(recipe.mask).convert("L") if recipe.mask else None
        return self._engine.run(recipe, inputs, mask, watch.report, watch.stop)

    def _pixels(self, sha256: str) -> Image.Image:
        from PIL import Image

        return Image.open(io.BytesIO(self._library.pixels(sha256)))


def _recipe(stored: Mapping[str, Any]) -> Recipe | None:
    """The recipe of a job, or None where it is not one that this program can read; it fails when it is made."""
    try:
        return Recipe.model_validate(stored)
    except ValidationError:
        return None


def described(engine: Runs, recipe: Recipe, image: Image.Image) -> str:
    """What the picture shows; a fault there is logged, and does not cost the picture that is made already."""
    try:
        return engine.describe(recipe, image)
    except Exception:
        _log(traceback.format_exc())
        return ""


# --- the process -----------------------------------------------------------------------------------------------------


class _Lock:
    """A lock file in the data folder; it is free when its holder is gone, however it went."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # new where the library is elsewhere
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False) -> bool:
        """True when it is held now; `shared` with all who ask for it so."""
        try:
            fcntl.flock(self._file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def owner(self) -> tuple[str, str]:
        """Who signed it last, and as which process; empty when nobody ever did."""
        name, _, process = os.pread(self._file, 1000, 0).decode("utf-8", "replace").partition(" ")
        return name, process

    def sign(self, owner: str, process: int) -> None:
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{owner} {process}".encode(), 0)

    def beat(self) -> None:
        """Shows, for as long as this process runs, that it does."""
        while True:
            os.utime(self._file)
            time.sleep(BEAT_SECONDS)

    def silent(self) -> bool:
        """Whether its holder has shown nothing for long: it was put aside (Ctrl-Z), or hangs."""
        return time.time() - os.fstat(self._file).st_mtime > SILENT_SECONDS


def _folder_lock(settings: Settings) -> _Lock:
    """Shared by all workers that paint with the folder's library; a dry run holds it alone."""
    return _Lock(settings.data / "workers.lock")


def _device_lock(settings: Settings) -> _Lock:
    """Held by the one that works on the folder's jobs with the device, and signed with its owner's name."""
    device = "".join(c if c.isalnum() else "-" for c in settings.device)
    return _Lock(settings.data / f"worker-{device}.lock")


def main(arguments: list[str] | None = None) -> None:
    """Runs one worker until it is told to leave (see the module's text)."""
    asked = _parser().parse_args(arguments)
    tell = _channel()
    leave = threading.Event()
    _leave_on_signals(leave, supervised=asked.supervised)
    try:
        settings = Settings.model_validate_json(sys.stdin.readline()) if asked.supervised else Settings()
        if asked.data is not None:
            settings = settings.model_copy(update={"data": asked.data})
        if asked.supervised:
            threading.Thread(target=_leave_with_parent, args=(leave,), daemon=True).start()
        with Library.open(settings.library) as library:
            folder = _folder_lock(settings)  # held until the process ends
            if not folder.take(shared=not asked.dry_run):
                raise NoWorker(_NOT_SHARED)
            if _wait_for_lock(_device_lock(settings), library, asked, leave, tell):
                serve = _serve_with_ray if settings.workers == "ray" else _serve_here
                serve(library, settings, asked, leave, lambda: tell("ready"))
    except (Busy, Unreachable) as error:
        tell(f"away {error}")
        _log(str(error))
        sys.exit(AWAY_EXIT)
    except (NoWorker, ModelError, StorageError, OSError) as error:
        tell(f"failed {error}")
        _log(str(error))
        sys.exit(FINAL_EXIT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.worker", description="Paint the jobs of a data folder.")
    parser.add_argument("--data", type=Path, help="the data folder (default: from the settings)")
    parser.add_argument("--dry-run", action="store_true", help="paint flat colours instead of pictures")
    parser.add_argument("--presets", type=Path, default=PRESETS_FILE, help="the presets file")
    parser.add_argument("--owner", default=f"worker-{uuid4().hex}", help=argparse.SUPPRESS)
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
    return parser


def _channel() -> Callable[[str], None]:
    """Where the supervisor listens: the standard output. Whatever else is printed goes to the log instead."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(line: str) -> None:
        with suppress(OSError):  # nobody listens any more
            print(" ".join(line.split()), file=lines, flush=True)

    return tell


def _leave_on_signals(leave: threading.Event, supervised: bool) -> None:
    def leave_soon(_number: int, _frame: FrameType | None) -> None:
        _leave(leave)

    signal.signal(signal.SIGTERM, leave_soon)
    # Ctrl-C reaches the whole terminal; the supervisor decides then, because it may still want the picture.
    signal.signal(signal.SIGINT, signal.SIG_IGN if supervised else leave_soon)


def _leave_with_parent(leave: threading.Event) -> None:
    """Leaves when the supervisor closes our input, or is gone."""
    while sys.stdin.readline():
        pass
    _leave(leave)


def _leave(leave: threading.Event) -> None:
    leave.set()
    cut = threading.Timer(LEAVE_SECONDS, os._exit, args=(1,))
    cut.daemon = True
    cut.start()


_NOT_SHARED = (
    "Another Easel uses this library, and a dry run cannot share one; give it a data folder of its own (EASEL_DATA, "
    "with EASEL_DATABASE empty), or wait until the other has ended."
)


def _silent(process: str) -> str:
    return (
        f"another Easel{process and f' (process {process})'} paints for this folder and does not answer; go on with it "
        "(fg, if it was put aside with Ctrl-Z), or end it"
    )


def _wait_for_lock(
    lock: _Lock, library: Library, asked: argparse.Namespace, leave: threading.Event, tell: Callable[[str], None]
) -> bool:
    """True when this is the one worker; False when it should leave instead.

    Raises:
        NoWorker: A dry run would have to share the database.
    """
    told = ""
    while not leave.is_set():
        if lock.take():
            before, _ = lock.owner()
            if before:
                library.release(before)  # it is dead, or it would hold the lock
            lock.sign(asked.owner, os.getppid() if asked.supervised else os.getpid())
            threading.Thread(target=lock.beat, name="easel-beat", daemon=True).start()
            if not library.serve(alone=asked.dry_run):
                raise NoWorker(_NOT_SHARED)
            return True
        if (state := f"waiting {_silent(lock.owner()[1])}" if lock.silent() else "waiting") != told:
            tell(state)
            told = state
        leave.wait(0.25)
    return False


def _serve_here(
    library: Library,
    settings: Settings,
    asked: argparse.Namespace,
    leave: threading.Event,
    ready: Callable[[], None],
) -> None:
    """One engine, in this process."""
    gc.disable()  # what is imported stays: looking for garbage in it takes a fifth of a second
    engine = make_engine(settings, asked.presets, dry_run=asked.dry_run)
    judge = _pixel_filter(settings, asked)
    gc.freeze()
    gc.enable()
    ready()
    able = None if asked.dry_run else makes_here(Presets.load(asked.presets, settings.models), settings.offline)
    Worker(library, engine, judge, asked.owner, settings.limits.seconds_per_job, able).serve(leave)


def makes_here(presets: Presets, offline: bool) -> Callable[[Mapping[str, Any]], bool]:
    """Whether this machine has the preset of a recipe, and its weights or where to fetch them."""

    def able(recipe: Mapping[str, Any]) -> bool:
        try:
            preset = presets.for_operation(Operation(recipe["operation"]), recipe["preset"])
        except (UnknownPreset, ValueError):  # the second: an operation of a newer program
            return False
        return bool(preset.weights_hash()) or (preset.hub is not None and not offline)

    return able


def _serve_with_ray(
    library: Library,
    settings: Settings,
    asked: argparse.Namespace,
    leave: threading.Event,
    ready: Callable[[], None],
) -> None:
    """Many engines, in Ray's processes."""
    # Read when Ray is imported: it would report to its makers, and start itself whenever a late call finds it ended.
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_AUTO_CONNECT": "0"}
    try:
        from tools.fleet import serve_fleet
    except ImportError as error:
        raise NoWorker(
            f"EASEL_WORKERS=ray needs Ray Serve, which cannot be imported here ({error}); "
            "pip install '.[ray]', or take the setting away."
        ) from error
    judge = _pixel_filter(settings, asked)
    serve_fleet(library, settings, judge, asked.owner, leave, ready, presets=asked.presets, dry_run=asked.dry_run)


def make_engine(settings: Settings, presets: Path, *, dry_run: bool) -> Runs:
    """The engine that a worker process runs; torch is imported here.

    Raises:
        ModelError: There is no such device here, or the presets file is wrong.
    """
    if dry_run:
        from models.flat import FlatEngine

        return FlatEngine()
    known = Presets.load(presets, settings.models)
    from models.engine import Engine, memory_on

    memory = memory_on(settings.device, known.memory_of(settings.judges))
    return Engine(
        known, settings.device, settings.threads, memory, offline=settings.offline, compiling=settings.compile
    )


def _pixel_filter(settings: Settings, asked: argparse.Namespace) -> Judge:
    from tools.safety import pixel_filter

    made = pixel_filter(settings, Presets.load(asked.presets, settings.models), painted=not asked.dry_run)
    made.load()  # else the thread that renews the lease would wait for it, at the first preview
    return made


_logged: dict[str, float] = {}  # when each line was written that may come again


def _log(text: str) -> None:
    """Writes a line to the log, the same one once in `LOG_AGAIN_SECONDS`: a worker tries many times a second."""
    now = time.monotonic()
    for line in [line for line, when in [*_logged.items()] if now - when > LOG_AGAIN_SECONDS]:
        _logged.pop(line, None)
    if text in _logged:
        return
    _logged[text] = now
    with suppress(OSError):  # a full disk ends no worker
        print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", file=sys.stderr, flush=True)


# --- the supervisor --------------------------------------------------------------------------------------------------

State = Literal["starting", "waiting", "away", "ready", "dead", "stopped"]


class Supervisor:
    """Keeps one worker process running; a context manager, or `start` and `stop`.

    Attributes:
        state: starting; waiting (another Easel's worker paints for this folder); away (the library is, for now: see
            `awaited`); ready; dead (see `failure`); stopped.
        awaited: Why nothing can be painted for now, one sentence (the library is away, or the Easel that paints does
            not answer); None while it can.
        failure: Why there is no worker and none will be started again, one sentence; None while there is hope.
        restarts: How often a worker died and was started again.
    """

    def __init__(
        self, library: Library, settings: Settings, *, dry_run: bool = False, presets: Path = PRESETS_FILE
    ) -> None:
        self._library, self._settings = library, settings
        self._dry_run, self._presets = dry_run, presets
        self._process: subprocess.Popen[str] | None = None
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None
        self.state: State = "stopped"
        self.awaited: str | None = None
        self.failure: str | None = None
        self.restarts = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The worker's process id, while there is one."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def log(self) -> Path:
        """Where the worker's messages go."""
        return self._settings.data / "worker.log"

    def start(self) -> None:
        """Starts the worker and returns at once; it is ready a few seconds later."""
        self._leaving.clear()
        self.state, self.awaited, self.failure = "starting", None, None
        self._thread = threading.Thread(target=self._keep_running, name="easel-supervisor", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the worker within a sampling step; its job goes back to the queue."""
        self._leaving.set()
        process = self._process
        if process is not None:
            _end(process)
        if self._thread is not None:
            self._thread.join(LEAVE_SECONDS)
        if self.state != "dead":
            self.state = "stopped"

    def check(self) -> None:
        """Raises `NoWorker` when there is no worker and none will come. One that is awaited will."""
        if self.failure is not None:
            raise NoWorker(self.failure)

    def _keep_running(self) -> None:
        deaths = absences = 0
        while not self._leaving.is_set():
            owner = f"worker-{uuid4().hex}"
            began = time.monotonic()
            try:
                last_words, code = self._run_once(owner)
            except OSError as error:
                self._give_up(f"The worker process cannot be started: {error}.")
                return
            self._give_back(owner)
            if self._leaving.is_set():
                return
            if code == FINAL_EXIT:
                self._give_up(last_words or "The worker process could not start.")
                return
            # A worker that had come up and was then killed is simply replaced; one that cannot come up is not.
            healthy = self.state == "ready" and time.monotonic() - began > HEALTHY_SECONDS
            if code == AWAY_EXIT:
                absences = 1 if healthy else absences + 1
                self.state, self.awaited = "away", last_words
                self._leaving.wait(_backoff(absences))
                continue
            deaths, absences = 0 if healthy else deaths + 1, 0
            if deaths > len(BACKOFF_SECONDS):
                self._give_up(f"The worker process died {deaths} times in a row ({_cause(code)}); see {self.log}.")
                return
            self.state, self.awaited = "starting", None
            self.restarts += 1
            self._leaving.wait(_backoff(deaths))

    def _give_up(self, failure: str) -> None:
        self.state, self.awaited, self.failure = "dead", None, failure

    def _give_back(self, owner: str) -> None:
        try:
            self._library.release(owner)
        except StorageError as error:  # the lease runs out by itself
            _log(str(error))

    def _run_once(self, owner: str) -> tuple[str, int]:
        """Runs one worker to its end. Gives its last words, if it had any, and its exit code."""
        self._settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        command = [sys.executable, "-m", "tools.worker", "--supervised", "--owner", owner]
        command += ["--presets", str(self._presets), *(["--dry-run"] if self._dry_run else [])]
        with _log_file(self.log) as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=WAITING | os.environ | {"PYTHONPATH": _python_path()},
            )
        self._process = process
        assert process.stdin and process.stdout
        last_words = ""
        with suppress(BrokenPipeError):
            process.stdin.write(self._settings.model_dump_json() + "\n")
            process.stdin.flush()
        if self._leaving.is_set():  # stop() may have come before there was a process to end
            _end(process)
        for line in process.stdout:
            word, _, rest = line.strip().partition(" ")
            if word in ("waiting", "ready"):
                self.state, self.awaited = word, rest or None
            elif word in ("away", "failed"):
                last_words = rest
        code = process.wait()
        with suppress(BrokenPipeError):
            process.stdin.close()
        process.stdout.close()
        return last_words, code


def _backoff(times: int) -> float:
    """Seconds before the next start, after so many in a row that came to nothing."""
    return BACKOFF_SECONDS[min(max(times, 1), len(BACKOFF_SECONDS)) - 1]


def _end(process: subprocess.Popen[str]) -> None:
    """Asks a worker to leave, and makes it after a while."""
    process.terminate()
    try:
        process.wait(LEAVE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _log_file(path: Path) -> IO[str]:
    """The log, begun anew when it has grown large."""
    mode = "w" if path.exists() and path.stat().st_size > LOG_BYTES else "a"
    return path.open(mode, encoding="utf-8")


def _python_path() -> str:
    """Finds this package in the worker too, from wherever Easel was started."""
    home = str(Path(__file__).parents[1])
    return os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))


def _cause(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _main() -> NoReturn:
    code = 1
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        traceback.print_exc()
    # Python would wait here for threads of the libraries underneath, and for the one that reads our input, for ever;
    # everything is saved by now.
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _main()
