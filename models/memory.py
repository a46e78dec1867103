"""The one owner of a device's memory: what is loaded there, what waits in RAM, and what goes when room is needed.

A preset's stated size is only the first guess. Once loaded it counts with the bytes of its tensors, and on CUDA with
the most that a run took above them. Only one model runs at a time, so what a run takes is needed once, for the model
whose turn it is. Where room is short, models leave in the order of their last use, those last that waiting jobs want
(`Memory.expect`). On a GPU they leave into RAM as long as that has room, and come back without the disk; on a CPU
memory is RAM already, so to leave is to be dropped.

A pipeline that does not fit whole is loaded in a leaner mode (`models.offload`), chosen by size before it is loaded. If
memory runs out nonetheless, everything else is moved away and the work is tried once more: as it was where others were
there, and if that is not enough, or nobody was, in the next leaner mode. That a mode failed alone is remembered as a
size, until the device has more room than it had then.

Not thread-safe: it belongs to the engine of one worker.
"""

from __future__ import annotations

import gc
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch

from models.errors import OutOfMemory
from models.painting import Report
from models.presets import Preset
from models.residence import Mode, Weights

GIB = 2**30
T = TypeVar("T")


@dataclass
class Size:
    """What a preset takes in one mode, in bytes.

    Attributes:
        held: Of the device while it is loaded and does nothing.
        working: Above that while it runs, for one picture; None until it was measured.
    """

    held: int
    working: int | None = None


@dataclass(frozen=True)
class _Resident:
    preset: Preset
    model: Any
    mode: Mode
    weights: Weights


class Memory:
    """Loads, keeps, parks and drops the models of one device."""

    def __init__(
        self,
        device: torch.device,
        budget: float | None = None,
        ram: float | None = None,
        modes: Sequence[Mode] | None = None,
        reserved: float = 0.0,
    ) -> None:
        """
        Args:
            device: Where models compute.
            budget: For models, in GiB; None is `device_memory`. On CUDA never more than other programs leave.
            ram: For copies of models that left the device, in GiB; None is half of the free RAM for a GPU, none for a
                CPU.
            modes: How pipelines of diffusers may live on the device; None is every mode for a GPU, only whole for a
                CPU, where nothing would be gained.
            reserved: GiB of the device for what this process holds there besides, loaded or still to be.
        """
        on_gpu = device.type != "cpu"
        self._device = device
        self._budget = int((device_memory(device) if budget is None else budget) * GIB)
        self._reserved = int(reserved * GIB)
        self._ram = None if ram is None and on_gpu else int((ram or 0.0) * GIB)
        self._modes = tuple(modes or (Mode if on_gpu else (Mode.WHOLE,)))
        self._residents: OrderedDict[str, _Resident] = OrderedDict()
        self._sizes: dict[tuple[str, Mode], Size] = {}
        self._too_large: dict[tuple[str, Mode], int] = {}
        self._expected: frozenset[str] = frozenset()

    @property
    def loaded(self) -> tuple[str, ...]:
        """Labels of the presets on the device, the one unused for longest first."""
        return tuple(label for label, one in self._residents.items() if not one.weights.parked)

    @property
    def parked(self) -> tuple[str, ...]:
        """Labels of those that wait in RAM alone, likewise."""
        return tuple(label for label, one in self._residents.items() if one.weights.parked)

    def mode(self, label: str) -> Mode:
        """How a preset that is loaded or parked lives on the device."""
        return self._residents[label].mode

    def size(self, label: str, mode: Mode = Mode.WHOLE) -> Size | None:
        """What was measured of a preset since the start; None before its first load."""
        return self._sizes.get((label, mode))

    def expect(self, names: Sequence[str]) -> None:
        """Tells which presets waiting jobs want, by name or label; these leave last."""
        self._expected = frozenset(names)

    @property
    def room(self) -> float:
        """GiB that all models together may take at this moment."""
        return self._room() / GIB

    def fitting(self, preset: Preset) -> Mode | None:
        """The fastest mode in which a preset could be loaded, if nothing else were; None where there is none."""
        room = self._room()
        return next((mode for mode in self._modes_of(preset) if self._need(preset, mode) <= room), None)

    def use(
        self,
        preset: Preset,
        load: Callable[[Mode], Any],
        work: Callable[[Any], T],
        report: Report,
        pictures: int = 1,
    ) -> T:
        """Has a model do something, once it is on the device.

        Args:
            preset: Which one.
            load: Loads it onto the device in a mode; the model has `networks`, those that stay there between uses.
            work: What is done with it. Done anew from the beginning if memory runs out.
            report: Told of loading and bringing back.
            pictures: That the work makes at once: what one takes is measured.

        Returns:
            What `work` answers.

        Raises:
            OutOfMemory: It does not fit, or memory ran out twice while nothing else was on the device, or once and
                there is no leaner mode; then nothing is on the device.
        """
        tries_alone = 0
        while True:
            mode = self._mode_of(preset)
            try:
                resident = self._brought(preset, mode, load, report)
                return self._measured(resident, work, pictures)
            except (MemoryError, RuntimeError) as error:
                if not is_out_of_memory(error):
                    raise
                said = str(error).partition("\n")[0]
            # Only now, out of the clause above, are the frames gone that held the failed run's tensors.
            failure = OutOfMemory(f"{self._device} ran out of memory with {preset.title}{_in_mode(mode)}.")
            failure.add_note(said)
            if self._cleared(preset):
                continue
            tries_alone += 1
            if not self._has_leaner(preset, mode) or tries_alone > 1:
                raise failure

    def keep(self, preset: Preset, model: Any) -> None:
        """Takes a model that was loaded or made elsewhere, whole and on this device."""
        weights = Weights(model.networks, self._device)
        self._residents[preset.label] = _Resident(preset, model, Mode.WHOLE, weights)
        self._sizes[preset.label, Mode.WHOLE] = Size(weights.size)

    def holds(self, label: str) -> bool:
        """Whether a preset is loaded or parked."""
        return label in self._residents

    def drop(self, label: str) -> None:
        """Lets go of a preset, loaded or parked; its next use loads it anew."""
        if self._residents.pop(label, None) is not None:
            self._free()

    def _brought(self, preset: Preset, mode: Mode, load: Callable[[Mode], Any], report: Report) -> _Resident:
        """A preset's model, on the device and with room to work."""
        self._make_room(preset, mode)
        resident = self._residents.get(preset.label)
        if resident is None:
            report(0.0, f"loading the {preset.part}", None)
            model = load(mode)
            resident = _Resident(preset, model, mode, Weights(model.networks, self._device))
            self._residents[preset.label] = resident
            known = self._sizes.get((preset.label, mode))
            self._sizes[preset.label, mode] = Size(resident.weights.size, known and known.working)
        elif resident.weights.parked:
            report(0.0, f"bringing back the {preset.part}", None)
            resident.weights.fetch()
        self._residents.move_to_end(preset.label)
        return resident

    def _measured(self, resident: _Resident, work: Callable[[Any], T], pictures: int) -> T:
        if self._device.type != "cuda":  # a processor's memory has no such count
            return work(resident.model)
        torch.cuda.reset_peak_memory_stats(self._device)
        before = torch.cuda.memory_allocated(self._device)
        made = work(resident.model)
        took = (torch.cuda.max_memory_allocated(self._device) - before) // pictures
        size = self._sizes[resident.preset.label, resident.mode]
        size.working = max(size.working or 0, took)
        return made

    def _mode_of(self, preset: Preset) -> Mode:
        """The mode a preset is in, or else the fastest that fits."""
        if preset.label in self._residents:
            return self._residents[preset.label].mode
        mode = self.fitting(preset)
        if mode is None:
            least = min(self._need(preset, mode) for mode in self._modes_of(preset))
            raise OutOfMemory(
                f"{preset.title} needs about {least / GIB:.3g} GiB of memory on {self._device}, and "
                f"{self.room:.1f} GiB may be used."
            )
        return mode

    def _modes_of(self, preset: Preset) -> tuple[Mode, ...]:
        return self._modes if preset.loader == "diffusers" else (Mode.WHOLE,)

    def _need(self, preset: Preset, mode: Mode) -> int:
        """Bytes that a preset takes while it runs: as measured, as far as it was, and else as stated."""
        least = self._too_large.get((preset.label, mode), 0)
        size = self._sizes.get((preset.label, mode))
        stated = _stated(preset, mode)
        if size is None:
            return max(stated, least)
        return max(size.held + (max(stated - size.held, 0) if size.working is None else size.working), least)

    def _room(self) -> int:
        """Bytes of the device that its models may take, all together, at this moment."""
        room = self._budget
        if self._device.type == "cuda":
            free, _ = torch.cuda.mem_get_info(self._device)  # what other programs hold is not in it
            room = min(room, free + torch.cuda.memory_reserved(self._device))
        return max(0, room - self._reserved)

    def _make_room(self, preset: Preset, mode: Mode) -> None:
        """Others leave the device until a preset has room to work there."""
        others = [one for one in self._leaving() if one.preset.label != preset.label]
        need, room = self._need(preset, mode), self._room()
        crowded = bool(others) and need + sum(one.weights.size for one in others) > room
        while others and need + sum(one.weights.size for one in others) > room:
            self._evict(others.pop(0), preset)
        if crowded:
            self._free()

    def _leaving(self) -> list[_Resident]:
        """What is on the device, in the order in which it leaves."""
        return [one for one in self._in_order() if not one.weights.parked]

    def _in_order(self) -> Iterator[_Resident]:
        yield from sorted(self._residents.values(), key=lambda one: self._is_expected(one.preset))

    def _is_expected(self, preset: Preset) -> bool:
        return not self._expected.isdisjoint((preset.name, preset.label))

    def _evict(self, resident: _Resident, coming: Preset) -> None:
        """Into RAM if that has room beside what comes from there, else out of memory."""
        if not self._has_ram(resident, coming):
            del self._residents[resident.preset.label]
            return
        try:
            resident.weights.park()
        except (MemoryError, RuntimeError):  # RAM that is free can still be refused, pinned pages above all
            del self._residents[resident.preset.label]

    def _has_ram(self, resident: _Resident, coming: Preset) -> bool:
        """Whether RAM has room for a copy, once older ones went if need be."""
        if resident.weights.copied:
            return True
        while self._copied() + resident.weights.copy_size > self._ram_room():
            if not self._forgot(coming):
                return False
            self._free()  # else what torch keeps of it would count as taken
        return True

    def _forgot(self, coming: Preset) -> bool:
        """Lets go of the copy that is missed least; whether there was one."""
        copied = [one for one in self._in_order() if one.weights.copied and one.preset.label != coming.label]
        if not copied:
            return False
        oldest = min(copied, key=lambda one: one.weights.parked)  # copies of what is on the device cost least
        oldest.weights.forget()
        if oldest.weights.parked:
            del self._residents[oldest.preset.label]
        return True

    def _copied(self) -> int:
        return sum(one.weights.copy_size for one in self._residents.values() if one.weights.copied)

    def _ram_room(self) -> int:
        """Bytes of RAM that all copies may take."""
        return (_free_ram() + self._copied()) // 2 if self._ram is None else self._ram

    def _cleared(self, preset: Preset) -> bool:
        """Has everything leave the device after memory ran out; whether others than the preset were there."""
        self._residents.pop(preset.label, None)
        others = self._leaving()
        for one in others:
            self._evict(one, preset)
        self._free()
        return bool(others)

    def _has_leaner(self, preset: Preset, mode: Mode) -> bool:
        """Whether there is a leaner mode than one that ran out alone, which is remembered then as too large."""
        modes = self._modes_of(preset)
        if mode is modes[-1]:
            return False
        self._too_large[preset.label, mode] = self._room() + 1
        return True

    def _free(self) -> None:
        """Gives the device and RAM back what torch keeps of what was let go of."""
        gc.collect()  # diffusers' hooks and their networks refer to each other
        if self._device.type == "cuda":
            torch.cuda.empty_cache()
            torch.accelerator.empty_host_cache()


def device_memory(device: torch.device) -> float:
    """GiB that loaded models may take: nine tenths of a GPU's memory, or half of the machine's."""
    if device.type == "cuda":
        return 0.9 * torch.cuda.get_device_properties(device).total_memory / GIB
    return 0.5 * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error is torch's or Python's for exhausted memory: on a CPU torch has no class for it."""
    text = str(error).lower()
    told = "can't allocate memory" in text or "not enough memory" in text or "out of memory" in text
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (isinstance(error, RuntimeError) and told)


def _stated(preset: Preset, mode: Mode) -> int:
    """What a preset's fields say that it takes."""
    if mode is Mode.WHOLE:
        return int(preset.memory * GIB)
    if mode is Mode.MODEL:
        return int((preset.memory_offloaded or preset.memory) * GIB)
    return max(int(preset.memory * GIB - 2e9 * preset.parameters), GIB)  # without any weights, in two bytes each


def _in_mode(mode: Mode) -> str:
    return {Mode.WHOLE: "", Mode.MODEL: ", one network at a time", Mode.GROUP: ", layer by layer"}[mode]


def _free_ram() -> int:
    """Bytes of RAM that can be had without swapping."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:  # not Linux
        pass
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4
