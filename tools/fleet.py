"""The fleet: painters as Ray Serve replicas, on this machine or on many, for `EASEL_WORKERS=ray`.

The queue stays where it is. The process that else paints (`python -m tools.worker`) becomes the *dispatcher*: it runs
as many ordinary `Worker`s as there may be replicas, each in a thread, so that claims, leases, fairness, judgement and
storage are the same code. A worker's engine is here a `RemoteEngine`, which has each recipe painted by a `Replica`: an
ordinary engine in a process of Ray's. Only recipes, pixels and progress travel; replicas know no database.

There is one Serve application a model family (a preset with all its LoRAs), opened when it is first asked for. Serve
starts dead replicas again, adds some when there is much to do, and sends a recipe where its model is warm.

What it promises: a replica that dies gives its job back to the queue, which tries it once more; a picture is saved by
the dispatcher alone and fenced by the job's attempt, so none is lost or made twice; Stop reaches a replica at once and
ends it within a sampling step; what a replica refuses arrives as the same error. When the dispatcher dies, a Ray that
it started dies with it. On a cluster that ran already the replicas stay, warm, for whoever comes next with the same
settings; nobody ends those that another began, and `serve shutdown` ends them all.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import signal
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import ray
from ray import serve
from ray.exceptions import RayError, RayTaskError
from ray.serve.exceptions import RayServeException, RequestCancelledError
from ray.serve.schema import ApplicationStatus

from models.batches import alike, together
from models.errors import ModelError, Stopped
from models.presets import PRESETS_FILE, Presets
from models.recipe import Operation, Recipe
from storage.errors import LostLease
from storage.library import Library
from tools.errors import NoWorker
from tools.settings import RayCluster, Settings
from tools.worker import LOOK_SECONDS, Judge, Worker, described, make_engine

if TYPE_CHECKING:
    from PIL import Image
    from ray.serve.handle import DeploymentHandle

    from models.engine import Report, Stop

START_SECONDS = 300.0
"""How long a family may take until its first replica runs; a cluster may have to start a machine for it."""
STOPPED = "Painting was stopped."
WARM = 4
"""How many presets of its family Serve remembers to be loaded in a replica; the engine drops them by memory."""


class Progress(NamedTuple):
    """What an engine reports on its way, of one recipe of the request."""

    number: int
    fraction: float
    text: str
    preview: Image.Image | None = None


class Painted(NamedTuple):
    """What a recipe became: the picture, what it shows, and the recipe signed with the weights that made it.

    The picture travels as raw pixels. PNG is smaller, but packing and unpacking it takes longer than a local copy or a
    fast network (`bench/fleet.py` has the ratio).
    """

    picture: Image.Image
    shows: str
    signed: Recipe


class Seen(NamedTuple):
    """What a recipe that looks at a picture found."""

    answer: str


Result = list[Painted | Seen | Stopped]
"""One for each recipe of the request; at the end of the stream, unless a `ModelError` is."""


# --- on the machines that paint --------------------------------------------------------------------------------------


def told(settings: Settings) -> str:
    """What a replica learns of the dispatcher's settings, as JSON: no key, no password, no database."""
    if settings.device.startswith("cuda"):  # it sees no GPU but its own
        settings = settings.model_copy(update={"device": "cuda:0"})
    return settings.model_dump_json(include={"data", "device", "threads", "offline", "compile"})


class Replica:
    """One engine in a process of Ray's. Serves one request at a time; the rest of the replica only passes on.

    What an engine refuses is an answer like others and travels as such: raised, Ray would log each as a fault.
    """

    def __init__(self, settings: str, presets: Path | None, dry_run: bool) -> None:
        """
        Args:
            settings: What it is `told`.
            presets: The presets file on this machine; None is the one that ships.
            dry_run: Flat colours instead of pictures.
        """
        self._hand = ThreadPoolExecutor(1, "easel-engine")  # an engine is not thread-safe
        known = Settings.model_validate_json(settings)
        self._engine = self._hand.submit(make_engine, known, presets or PRESETS_FILE, dry_run=dry_run)

    async def ready(self) -> ModelError | None:
        """Waits until the engine is made; gives the reason where it cannot be."""
        try:
            await asyncio.wrap_future(self._engine)
        except ModelError as error:
            return error
        return None

    @serve.multiplexed(max_num_models_per_replica=WARM)
    async def _warm(self, preset: str) -> str:
        """Tells Serve that recipes of this preset had better come here; the engine itself loads and evicts."""
        return preset

    async def paint(
        self, recipes: Sequence[Recipe], inputs: Sequence[Image.Image], mask: Image.Image | None
    ) -> AsyncIterator[Progress | Result | ModelError]:
        """Streams progress, and at last the pictures. Cancelling it stops the engine within one step.

        Args:
            recipes: One, or several that the engine makes together.
            inputs, mask: As for `Engine.run`, where there is one recipe.
        """
        await self._warm(serve.get_multiplexed_model_id())  # pyright: ignore[reportCallIssue] -- Serve's own hints
        loop = asyncio.get_running_loop()
        reports: asyncio.Queue[Progress | None] = asyncio.Queue()
        unwanted = threading.Event()

        def tell(progress: Progress) -> None:
            loop.call_soon_threadsafe(reports.put_nowait, progress)

        making = loop.run_in_executor(self._hand, self._make, recipes, inputs, mask, tell, unwanted.is_set)
        making.add_done_callback(lambda _: reports.put_nowait(None))
        try:
            while newest := await _newest(reports):
                for progress in newest:
                    yield progress
            yield await making
        finally:
            unwanted.set()
            await asyncio.wait([making])  # until then this replica is not free for the next one

    def _make(
        self,
        recipes: Sequence[Recipe],
        inputs: Sequence[Image.Image],
        mask: Image.Image | None,
        tell: Callable[[Progress], None],
        stop: Stop,
    ) -> Result | ModelError:
        def report(number: int) -> Report:
            return lambda fraction, text, preview: tell(Progress(number, fraction, text, preview))

        reports = [report(number) for number in range(len(recipes))]
        try:
            engine = self._engine.result()
            if recipes[0].operation is Operation.LOOK:
                return [Seen(engine.look(recipes[0], inputs[0], reports[0], stop))]
            if len(recipes) == 1:
                made = [engine.run(recipes[0], inputs, mask, reports[0], stop)]
            else:
                made = engine.run_batch(recipes, reports, [stop] * len(recipes))
        except ModelError as error:
            return error
        return [
            one if isinstance(one, Stopped) else Painted(one, described(engine, recipe, one), engine.signed(recipe))
            for recipe, one in zip(recipes, made, strict=True)
        ]


async def _newest(reports: asyncio.Queue[Progress | None]) -> list[Progress]:
    """The newest report of each recipe, with its newest preview, once there is one; none when the engine has ended."""
    newest: dict[int, Progress] = {}
    while not newest or not reports.empty():
        report = await reports.get()
        if report is None:
            return []
        before = newest.get(report.number)
        newest[report.number] = report._replace(preview=report.preview or (before and before.preview))
    return list(newest.values())


# --- in the dispatcher -----------------------------------------------------------------------------------------------


class RemoteEngine:
    """One worker's engine: has its recipes painted by whichever replica is free; `models.engine.Runs`.

    Args:
        fleet: Where the replicas are.
        lost: Called when a replica died, before `run` says so: it gives the worker's jobs back to the queue.
    """

    def __init__(self, fleet: Fleet, lost: Callable[[], None]) -> None:
        self._fleet, self._lost = fleet, lost
        self._painted: dict[Recipe, Painted] = {}

    @property
    def loaded(self) -> tuple[str, ...]:
        """Labels of all families that have replicas: each keeps its own models."""
        return self._fleet.loaded

    def expect(self, names: Sequence[str]) -> None:
        """No family pushes another out of memory."""
        del names

    def together(self, one: Recipe, other: Recipe) -> bool:
        """As the replicas' engines would say."""
        return self._fleet.together(one, other)

    def run(
        self, recipe: Recipe, inputs: Sequence[Image.Image], mask: Image.Image | None, report: Report, stop: Stop
    ) -> Image.Image:
        """As `Engine.run`, somewhere else.

        Raises:
            ModelError: The replica's own, or no replica starts.
            LostLease: The replica died, and the job is given back.
        """
        [made] = self._paint([recipe], inputs, mask, [report], stop)
        if isinstance(made, Stopped):
            raise made
        assert isinstance(made, Painted)
        return made.picture

    def look(self, recipe: Recipe, picture: Image.Image, report: Report, stop: Stop) -> str:
        """As `Engine.look`, somewhere else. Raises as `run`."""
        [seen] = self._paint([recipe], [picture], None, [report], stop)
        if isinstance(seen, Stopped):
            raise seen
        assert isinstance(seen, Seen)
        return seen.answer

    def run_batch(
        self, recipes: Sequence[Recipe], reports: Sequence[Report], stops: Sequence[Stop]
    ) -> list[Image.Image | Stopped]:
        """As `Engine.run_batch`, somewhere else, except that the replica stops when none of them is wanted any more."""
        made = self._paint(recipes, (), None, reports, lambda: all(stop() for stop in stops))
        return [
            one.picture if isinstance(one, Painted) and not stop() else Stopped(STOPPED)
            for one, stop in zip(made, stops, strict=True)
        ]

    def describe(self, recipe: Recipe, picture: Image.Image) -> str:
        """What the replica said of a picture of its last request."""
        del picture
        return self._painted[recipe].shows

    def signed(self, recipe: Recipe) -> Recipe:
        """The recipe as the replica signed it in its last request: its machine has the weights."""
        return self._painted[recipe].signed

    def _paint(
        self,
        recipes: Sequence[Recipe],
        inputs: Sequence[Image.Image],
        mask: Image.Image | None,
        reports: Sequence[Report],
        stop: Stop,
    ) -> Result:
        preset = recipes[0].preset
        try:
            family = self._fleet.family(preset, reports[0], stop)
            streaming = family.options(stream=True, multiplexed_model_id=preset)
            result = self._received(streaming.paint.remote(recipes, inputs, mask), reports, stop)
        except RequestCancelledError:
            return [Stopped(STOPPED) for _ in recipes]
        except RayTaskError as error:
            raise error.cause from None
        except (RayError, RayServeException) as error:
            self._lost()
            raise LostLease(f"A replica of {preset} was lost ({type(error).__name__}).") from error
        self._painted = {r: one for r, one in zip(recipes, result, strict=True) if isinstance(one, Painted)}
        return result

    def _received(self, response: Any, reports: Sequence[Report], stop: Stop) -> Result:
        """Passes the stream's progress on; gives its end."""
        result: Result = []
        with _cancelled_by(stop, response):
            for message in response:
                if isinstance(message, ModelError):
                    raise message
                if isinstance(message, Progress):
                    reports[message.number](message.fraction, message.text, message.preview)
                else:
                    result = message
        return result


@contextmanager
def _cancelled_by(stop: Stop, response: Any) -> Generator[None]:
    """Cancels a response as soon as `stop` says so, even while a long step brings no message."""
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_SECONDS):
            if stop():
                response.cancel()
                return

    thread = threading.Thread(target=look, name="easel-stop", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


class Fleet:
    """The model families' applications in a Ray that is connected; for any thread."""

    def __init__(self, settings: Settings, presets: Path = PRESETS_FILE, *, dry_run: bool = False) -> None:
        """
        Args:
            settings: Which Ray, how many replicas, and what engines need.
            presets: The presets file; one that does not ship must be at the same place on every machine.
            dry_run: Flat colours instead of pictures.
        """
        self._settings, self._dry_run = settings, dry_run
        self._presets = Presets.load(presets, settings.models)
        self._file = None if presets == PRESETS_FILE else presets
        self._lock = threading.Lock()
        self._handles: dict[str, DeploymentHandle[Any]] = {}
        self._running: set[str] = set()
        self._ours: set[str] = set()

    @property
    def loaded(self) -> tuple[str, ...]:
        """Labels of the families that have replicas."""
        return tuple(part.label for family in list(self._running) for part in self._presets.get(family))

    def together(self, one: Recipe, other: Recipe) -> bool:
        """Whether an engine makes both in one pass; if it does not, it makes them one after the other."""
        return alike(one, other) if self._dry_run else together(self._presets, one, other)

    def open(self, preset: str) -> DeploymentHandle[Any]:
        """The family's application, begun if it is not there; does not wait for its replicas.

        Raises:
            UnknownPreset: There is no such preset.
            ModelError: No painter will ever fit on this machine.
        """
        self._presets.get(preset)
        family = _family(preset)
        with self._lock:
            if family not in self._handles:
                if not self._settings.ray.address and not self._room_here():
                    raise ModelError(self._no_room(family))
                self._handles[family] = self._shared(family) or self._begun(family)
            return self._handles[family]

    def family(self, preset: str, report: Report, stop: Stop) -> DeploymentHandle[Any]:
        """The family's application once a replica of it has an engine.

        Raises:
            UnknownPreset: There is no such preset.
            ModelError: No replica starts, or its engine cannot be made.
            Stopped: `stop` said so meanwhile.
        """
        handle = self.open(preset)
        family = _family(preset)
        if family not in self._running:
            until = time.monotonic() + START_SECONDS
            while not self._started(family):
                if stop():
                    raise Stopped(STOPPED)
                if time.monotonic() > until:
                    self._close(family)
                    raise ModelError(self._no_room(family))
                report(0.0, f"starting a painter of {family}", None)
                time.sleep(0.2)
            if refused := self._refused(handle, family, report, stop):
                self._close(family)
                raise refused
            self._running.add(family)
        return handle

    def _refused(self, handle: DeploymentHandle[Any], family: str, report: Report, stop: Stop) -> ModelError | None:
        """Why there is no engine, or None once a replica has one. Where all are at work, it answers after that."""
        until = time.monotonic() + START_SECONDS
        response = handle.ready.remote()
        while True:
            try:
                return response.result(timeout_s=0.2)
            except TimeoutError:
                if stop():
                    response.cancel()
                    raise Stopped(STOPPED) from None
                if time.monotonic() > until and not self._has_replica(family):
                    response.cancel()
                    return ModelError(self._no_room(family))
                report(0.0, f"waiting for a painter of {family}", None)

    def _shared(self, family: str) -> DeploymentHandle[Any] | None:
        """The application of these settings that is on the cluster already; run again, its replicas would restart."""
        there = serve.status().applications.get(self._name(family))
        if there and there.status in (ApplicationStatus.RUNNING, ApplicationStatus.DEPLOYING):
            return serve.get_app_handle(self._name(family))
        return None

    def _begun(self, family: str) -> DeploymentHandle[Any]:
        deployment = serve.deployment(name="painter", **self._options())(Replica)
        application = deployment.bind(told(self._settings), self._file, self._dry_run)
        self._ours.add(family)
        target = serve.RunTarget(application, name=self._name(family), route_prefix=None)
        return serve.run_many([target], wait_for_applications_running=False)[0]

    def _options(self) -> dict[str, Any]:
        """How wide a family is, as Serve takes it."""
        ray_ = self._settings.ray
        asked: dict[str, Any] = {
            "max_ongoing_requests": 1,
            "logging_config": {"enable_access_log": False},
            "ray_actor_options": {"num_cpus": ray_.cpus, "num_gpus": self._gpus()},
        }
        if ray_.widest > ray_.replicas:
            asked["autoscaling_config"] = {
                "min_replicas": ray_.replicas,
                "max_replicas": ray_.most,
                "target_ongoing_requests": 1,
            }
        else:
            asked["num_replicas"] = ray_.replicas
        return asked

    def _gpus(self) -> float:
        """GPUs of one replica; for flat colours none."""
        if self._settings.ray.gpus is not None:
            return self._settings.ray.gpus
        wanted = not self._dry_run and self._settings.device.partition(":")[0] in ("auto", "cuda")
        return float(wanted and ray.cluster_resources().get("GPU", 0) > 0)

    def _name(self, family: str) -> str:
        """The same for the same settings only, so that nobody gets replicas of others, or ends theirs."""
        what = repr((told(self._settings), self._file, self._dry_run, self._options()))
        return f"easel-{family}-{hashlib.sha256(what.encode()).hexdigest()[:8]}"

    def _started(self, family: str) -> bool:
        """Whether a replica runs, or none has to, because Serve starts one when it is asked."""
        application = serve.status().applications.get(self._name(family))
        if application is None or application.status is ApplicationStatus.DEPLOY_FAILED:
            self._close(family)
            why = _last_line(application.message) if application else "somebody else has ended it"
            raise ModelError(f"Ray cannot start a painter of {family}: {why}.")
        return application.status is ApplicationStatus.RUNNING or self._has_replica(family)

    def _has_replica(self, family: str) -> bool:
        """Whether a replica runs, perhaps at work."""
        application = serve.status().applications.get(self._name(family))
        deployments = application.deployments.values() if application else ()
        return any("RUNNING" in one.replica_states for one in deployments)

    def _close(self, family: str) -> None:
        """Lets go of a family's application, and ends it if this fleet began it: others may paint with theirs."""
        with self._lock:
            self._handles.pop(family, None)
            if family in self._ours:
                self._ours.remove(family)
                serve.delete(self._name(family), _blocking=False)

    def _room_here(self) -> bool:
        """Whether one more painter fits beside all replicas of the families that are open."""
        there, painters = ray.cluster_resources(), self._settings.ray.replicas * len(self._handles) + 1
        return (
            there.get("CPU", 0) >= painters * self._settings.ray.cpus and there.get("GPU", 0) >= painters * self._gpus()
        )

    def _no_room(self, family: str) -> str:
        asked, there, free = self._settings.ray, ray.cluster_resources(), ray.available_resources()
        has = " and ".join(
            f"{free.get(kind, 0):g} of {there.get(kind, 0):g} {words}"
            for kind, words in (("CPU", "processors"), ("GPU", "GPUs"))
        )
        return (
            f"Ray has no room for a painter of {family}: it asks for {asked.cpus:g} processors and {self._gpus():g} "
            f"GPUs, and free are {has}; add a machine, lower EASEL_RAY__CPUS, EASEL_RAY__GPUS or EASEL_RAY__REPLICAS, "
            "or end on a cluster what earlier settings left: serve shutdown."
        )


def serve_fleet(
    library: Library,
    settings: Settings,
    judge: Judge,
    owner: str,
    leave: threading.Event,
    ready: Callable[[], None],
    *,
    presets: Path = PRESETS_FILE,
    dry_run: bool = False,
) -> None:
    """Has the library's jobs painted by Ray until `leave` is set, then gives them back. Call it on the main thread.

    Args:
        library: Whose queue.
        settings: Which Ray, and what engines need.
        judge: Decides about pixels, in this process; from many threads.
        owner: Names the claims; each worker adds a number.
        leave: Set by whoever wants it to end.
        ready: Called when every family of the settings has a replica that can paint.
        presets, dry_run: As for `Fleet`.

    Raises:
        NoWorker: There is no such Ray.
        ModelError: A family of the settings cannot be started.
    """
    with _connected(settings.ray):
        fleet = Fleet(settings, presets, dry_run=dry_run)
        families = list(dict.fromkeys(_family(preset) for preset in settings.preset.model_dump().values()))
        for family in families:
            fleet.open(family)
        try:
            for family in families:
                fleet.family(family, _unheard, leave.is_set)
        except Stopped:
            return
        ready()
        _work(library, fleet, judge, owner, leave, settings, settings.ray.widest * len(families))


def _work(
    library: Library, fleet: Fleet, judge: Judge, owner: str, leave: threading.Event, settings: Settings, hands: int
) -> None:
    """Ordinary workers side by side, until they shall leave or one of them meets a bug."""

    def work(name: str) -> None:
        engine = RemoteEngine(fleet, lambda: library.release(name))
        Worker(library, engine, judge, name, settings.limits.seconds_per_job).serve(leave)

    with ThreadPoolExecutor(hands, "easel-worker") as pool:
        working = [pool.submit(work, f"{owner}/{number}") for number in range(hands)]
        wait(working, return_when=FIRST_EXCEPTION)
        leave.set()
    for one in working:
        one.result()


@contextmanager
def _connected(asked: RayCluster) -> Generator[None]:
    """A Ray with Serve: one of this process alone, or one that runs already."""
    ours = signal.getsignal(signal.SIGTERM)
    try:
        if asked.address:
            _answers(asked.address)
            ray.init(asked.address, logging_level=logging.WARNING)
        else:
            ray.init(
                "local",
                include_dashboard=False,
                object_store_memory=asked.store * 2**20,
                _node_ip_address="127.0.0.1",
                logging_level=logging.WARNING,
            )
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        where = f"at {asked.address}" if asked.address else "on this machine"
        raise NoWorker(
            f"Ray {where} cannot be used ({_last_line(str(error))}); check EASEL_RAY__ADDRESS, or take "
            "EASEL_WORKERS away."
        ) from error
    finally:
        signal.signal(signal.SIGTERM, ours)  # Ray's own handler ends the process where it stands
    try:
        serve.start(proxy_location="Disabled")
        yield
    finally:
        ray.shutdown()


def _answers(address: str) -> None:
    """Raises `OSError` or `ValueError` where nobody listens at `host:port`: Ray itself tries for minutes."""
    host, _, port = address.rpartition(":")
    socket.create_connection((host, int(port)), timeout=10.0).close()


def _family(preset: str) -> str:
    """A preset without its LoRAs."""
    return preset.partition("+")[0]


def _unheard(fraction: float, text: str, preview: Image.Image | None) -> None:
    """Nobody is told."""


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2][:300]
