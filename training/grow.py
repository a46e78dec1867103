"""Teaches the shipped weights things that came to the world's table after they were trained, and nothing else.

    python -m training.grow --minutes 60                   # grow models/embedded/painter to the world's things of now
    python -m training.grow --smoke --out FOLDER           # seconds, to see that all parts fit
    python -m training.grow --last 16                      # train nothing: measure pictures of the last so many things

What is learnt of a thing are its rows of a few tables: what it looks like (`models.rendering.renderer.Looks`), its
number among the planner's words, its score when the eye names a box. Everything else stays as it is to the bit, and so
do the rows of the things that were known: pictures of those do not change. A new training from nothing (`python -m
training`) learns all things alike and needs none of this.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from torch import nn
from torch.nn.utils import parametrize

from models.rendering.autoencoder import PATCH, PatchAutoencoder
from models.rendering.eye import Eye, tensor_of
from models.rendering.layout import draw
from models.rendering.renderer import Renderer
from models.scene.planner import Planner
from training import scenes
from training.eye import CROPS, Crops, crowd, naming_loss
from training.eye import Pool as Worn
from training.layouts import Lesson, layout_of, lesson, world
from training.loop import Loop, computing, options, ship
from training.painter import BATCH, BUSY, POOL, Busy, Pool, busy, flow_loss, paint
from training.planner import BATCH as LESSONS
from training.planner import Lessons, export, loss_of

CHECKPOINTS = Path("checkpoints/grow")
_NEAREST = 5  # known things of which a new one begins as the mean
_OLD = 0.3  # of lessons and boxes: without a new thing, so that what is known is not called by a new name
_SHARES = {"looks": 0.3, "paint": 0.3, "plan": 0.25, "name": 0.15}  # of the minutes
_TRIES = 400  # lessons drawn for one that has a new thing


class Rows(nn.Module):
    """A weight of which some rows are learnt and the others stay as they were.

    Args:
        whole: The weight as it is.
        learnt: Numbers of the rows that are learnt.
    """

    whole: torch.Tensor
    learnt: torch.Tensor

    def __init__(self, whole: torch.Tensor, learnt: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("whole", whole.detach().clone())
        self.register_buffer("learnt", learnt)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.whole.index_copy(0, self.learnt, rows)

    def right_inverse(self, whole: torch.Tensor) -> torch.Tensor:
        return whole[self.learnt]


def only(network: nn.Module, tables: Sequence[tuple[nn.Module, str, torch.Tensor]]) -> None:
    """Let some rows of some weights of a network be all that is learnt.

    Args:
        network: Whose weights they are.
        tables: The module that holds a weight, the weight's name, and the numbers of the rows.
    """
    network.requires_grad_(False)
    for module, name, learnt in tables:
        parametrize.register_parametrization(module, name, Rows(getattr(module, name), learnt))
    _learn(network)


def _learn(network: nn.Module) -> None:
    """Let the rows be learnt; an averaged network does not."""
    for name, weight in network.named_parameters():
        weight.requires_grad_(name.endswith(".original"))


def whole(network: nn.Module) -> None:
    """Make plain weights of those of which some rows were learnt."""
    for module in list(network.modules()):
        for name in list(getattr(module, "parametrizations", ())):
            parametrize.remove_parametrizations(module, name)


def known_of(shipped: Planner) -> int:
    """How many things the shipped weights know.

    Raises:
        ValueError: They are not the first of the world's table.
    """
    known, now = shipped.world.things, world().things
    if known != now[: len(known)]:
        raise ValueError("The shipped weights know other things than the first of training.scenes; train anew.")
    return len(known)


def _lengthened(shipped: nn.Module, grown: nn.Module) -> dict[str, torch.Tensor]:
    """The weights of a shipped network for one with longer tables: where these end, the grown one's own."""
    state = grown.state_dict()
    for name, weight in shipped.state_dict().items():
        state[name] = torch.cat([weight, state[name][len(weight) :]]) if weight.ndim else weight
    return state


# --- what things look like ---


def grown_renderer(shipped: Renderer, known: int) -> Renderer:
    """The renderer with room for the things of now."""
    count = len(world().things)
    grown = Renderer(**{**shipped.arguments, "things": count}).float()
    grown.load_state_dict(_lengthened(shipped, grown))
    looks = grown.looks
    only(
        grown,
        [
            (looks, name, torch.arange(len(table) // count * known, len(table)))
            for name, table in (("fine", looks.fine), ("coarse", looks.coarse), ("own", looks.own))
        ],
    )
    return grown


def new_in(scene: scenes.Scene, names: Sequence[str], rng: random.Random, stays: float = 0.0) -> scenes.Scene:
    """A scene with new things in the places of what is there; each old one stays as often as said."""
    new = (item if rng.random() < stays else replace(item, thing=rng.choice(names)) for item in scene.items)
    return replace(scene, items=tuple(new))


def learn_looks(renderer: Renderer, names: Sequence[str], folder: Path, minutes: float, smoke: bool) -> Renderer:
    """The renderer once what it lays over each other shows the new things as they are drawn."""
    loop = Loop(renderer, folder, minutes, 1e-2, hold=0.3)
    size, used = (8, 4) if smoke else BUSY
    pool = Busy(size, loop.step + 1, lambda rng: new_in(busy(rng), names, rng))
    seen, layouts = Busy(8 if smoke else 64, 7, lambda rng: new_in(busy(rng), names, rng)).draw(64)

    def loss() -> torch.Tensor:
        pool.ring.renew(8)
        patches, maps = pool.draw(used)
        with computing():
            canvas, _ = loop.network.collage(maps)
        here = (maps.ids[:, 0, 0] > 0)[..., None]
        return ((canvas - patches).square() * here).mean()

    @torch.no_grad()
    def check() -> str:
        here = layouts.ids[:, 0, 0] > 0
        error = (loop.average.collage(layouts)[0].clamp(-1, 1) - seen)[here].square().mean()
        return f"collages of new things {10 * torch.log10(4 / error):.1f} dB"

    loop.run(loss, check)
    return loop.average


def learn_painting(
    renderer: Renderer, vae: PatchAutoencoder, names: Sequence[str], folder: Path, minutes: float, smoke: bool
) -> Renderer:
    """The renderer once its pictures of the new things, not only the collages, are as they are drawn."""
    _learn(renderer)
    loop = Loop(renderer, folder, minutes, 2e-3, hold=0.2)
    pool = Pool(
        scenes.EXTENTS[0],
        vae,
        BATCH if smoke else POOL,
        loop.step + 1,
        lambda rng: new_in(scenes.invent(rng), names, rng),
    )

    def step() -> torch.Tensor:
        pool.ring.renew(3)
        return flow_loss(loop.network, *pool.draw(BATCH))

    loop.run(step)
    return loop.average


# --- which words mean them ---


@torch.no_grad()
def grown_planner(shipped: Planner, lessons: Lessons, known: int) -> Planner:
    """The planner with room for the things of now; a new one begins as the mean of those with the likest names."""
    now = world()
    grown = Planner(**{**shipped.arguments, **asdict(now)}).float()
    state = _lengthened(shipped, grown)
    rows = torch.tensor([_row(shipped, grown, number) for number in range(shipped.first[-1])])
    state["vocabulary.weight"][rows] = shipped.vocabulary.weight
    new = range(known, len(now.things))
    read = torch.stack([one[1:-1].float().mean(0) for one in lessons.states([now.things[n] for n in new])])
    first = grown.first[4] + 1
    old = nn.functional.normalize(state["names"][1 : known + 1], dim=-1)
    near = (nn.functional.normalize(read, dim=-1) @ old.T).topk(_NEAREST).indices
    state["names"][known + 1 :] = read
    numbers = torch.arange(first + known, first + len(now.things))
    state["vocabulary.weight"][numbers] = state["vocabulary.weight"][first + near].mean(1)
    grown.load_state_dict(state)
    only(grown, [(grown.vocabulary, "weight", numbers)])
    return grown


def _row(shipped: Planner, grown: Planner, number: int) -> int:
    """The number in the grown planner's vocabulary of a value of the shipped one's."""
    gone = shipped.first[5] - 1
    return number if number < gone else number - gone + grown.first[5] - 1


class NewLessons(Lessons):
    """Lessons of new things, mostly."""

    def __init__(self, seed: int, size: int, names: Sequence[str]) -> None:
        self._new = frozenset(world().things.index(name) for name in names)
        super().__init__(seed, size, ())

    def _lesson(self) -> Lesson:
        made = lesson(self.random)
        if self.random.random() < _OLD:
            return made
        for _ in range(_TRIES):
            if self._new & {one.thing for one in made.after.things}:
                break
            made = lesson(self.random)
        return made


def learn_names(shipped: Planner, names: Sequence[str], folder: Path, minutes: float, smoke: bool) -> Planner:
    """The planner once it writes the new things where words mean them."""
    lessons = NewLessons(1, LESSONS if smoke else 16 * LESSONS, names)
    loop = Loop(grown_planner(shipped, lessons, known_of(shipped)), folder, minutes, 2e-3, hold=0.2)
    loop.run(lambda: loss_of(loop.network, lessons.draw(LESSONS)))
    return loop.average


# --- how they are seen ---


@torch.no_grad()
def grown_eye(shipped: Eye, known: int) -> Eye:
    """The eye with scores for the things of now."""
    count = len(world().things)
    grown = Eye(**{**shipped.arguments, "things": count}).float()
    state = _lengthened(shipped, grown)
    state["namer.thing.bias"][known:] = state["namer.thing.bias"][:known].mean()
    grown.load_state_dict(state)
    new = torch.arange(known, count)
    only(grown, [(grown.namer.thing, "weight", new), (grown.namer.thing, "bias", new)])
    return grown


def learn_scores(
    shipped: Eye, vae: PatchAutoencoder, known: int, names: Sequence[str], folder: Path, minutes: float, smoke: bool
) -> Eye:
    """The eye once it tells the new things from each other and from what it knew."""
    loop = Loop(grown_eye(shipped, known), folder, minutes, 4e-3, hold=0.2)
    worn, size = Worn(scenes.EXTENTS[0], vae, 0, loop.step + 1), 64 if smoke else 1536

    boxes = Crops(worn, size, loop.step + 9, lambda rng: new_in(crowd(rng), names, rng, _OLD))
    loop.run(lambda: naming_loss(loop.network, *boxes.draw(CROPS)))
    return loop.average


@torch.no_grad()
def nearness(renderer: Renderer, vae: PatchAutoencoder, names: Sequence[str], count: int = 200) -> float:
    """How near painted pictures of things are to drawn ones where the things stand, in dB (PSNR): of scenes kept from
    training, but for the things in them, in the flat style."""
    rng, errors, squares = random.Random(3), 0.0, 0.0
    for _ in range(count):
        scene = replace(scenes.invent(rng, held=True, styles=0), style="plain")
        scene = new_in(scene, names, rng)
        layout = layout_of(scene)
        here = (draw([layout], 16, 16).ids[0, 0, 0] > 0).float().repeat_interleave(PATCH, 0).repeat_interleave(PATCH, 1)
        off = tensor_of(paint(renderer, vae, [layout])[0]) - tensor_of(scenes.render(scene))
        errors, squares = errors + float((off.square().mean(0) * here).sum()), squares + float(here.sum())
    return 10 * math.log10(4 / (errors / squares))


def main() -> None:
    parser = options(__doc__, 60, CHECKPOINTS)
    parser.add_argument("--last", type=int, help="train nothing: measure pictures of the last so many things")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(6)
    start, minutes = asked.start or asked.out, 0.1 if asked.smoke else asked.minutes
    if asked.last:
        renderer, vae = Renderer.load(start / "unet"), PatchAutoencoder.load(start / "vae")
        new, known = world().things[-asked.last :], world().things[: -asked.last]
        these, others = (nearness(renderer, vae, names) for names in (new, known))
        print(f"painted as drawn: these {these:.1f} dB, others {others:.1f} dB")
        return
    shipped = Planner.load(start / "planner")
    known = known_of(shipped)
    names = world().things[known:]
    if not names:
        print("The shipped weights know every thing of the world; nothing to learn.")
        return
    print(f"new: {', '.join(names)}", flush=True)
    part = {stage: (asked.folder / stage, share * minutes, asked.smoke) for stage, share in _SHARES.items()}
    vae = PatchAutoencoder.load(start / "vae").requires_grad_(False)
    renderer = learn_looks(grown_renderer(Renderer.load(start / "unet"), known), names, *part["looks"])
    renderer = learn_painting(renderer, vae, names, *part["paint"])
    planner = learn_names(shipped, names, *part["plan"])
    eye = learn_scores(Eye.load(start / "eye"), vae, known, names, *part["name"])
    for network in (renderer, planner, eye):
        whole(network)
    ship(renderer, asked.out, "unet")
    ship(eye, asked.out, "eye")
    export(planner, asked.out)


if __name__ == "__main__":
    main()
