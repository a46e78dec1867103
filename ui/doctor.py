"""What Easel will use on this machine, and what is missing, a sentence each: `easel doctor`.

Every check is a function of the settings that gives `Finding`s and changes nothing: no folder is made, no table
altered, no provider asked (a language model's server is knocked at, no more). `ok` is fine, `note` is worth knowing,
`missing` keeps something from working.
"""

from __future__ import annotations

import errno
import importlib.util
import os
import re
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr

from models.errors import ModelError, UnknownPreset, WeightsMissing
from models.licences import Licences
from models.presets import Preset, Presets, missing
from models.recipe import Operation
from storage.errors import StorageError
from tools.errors import ToolError
from tools.settings import PresetChoice, Settings, config_path
from ui.settings_faults import strays, variable
from ui.terminal_input import reason

KNOCK_SECONDS = 2.0
"""How long a language model's server may take to open a connection."""

FULL, SCARCE = 50 * 2**20, 2**30
"""Free bytes of a disk with which pictures can no longer be kept for long, and with which they will soon not be."""

BRIEF = 160
"""Characters of a sentence that is told as it is, though it lists presets."""

State = Literal["ok", "note", "missing"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    state: State
    area: str
    sentence: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Looks at everything, the quick things first."""
    for check in CHECKS:
        try:
            yield from check(settings)
        except OSError as error:  # a folder that may not be looked into; the others are told all the same
            what = check.__name__.replace("_", " ").capitalize()
            yield Finding("missing", what, f"{error.filename or 'The system'}: {reason(error)}.")


def settings_file(settings: Settings) -> Iterator[Finding]:
    path = config_path()
    if path.exists():
        yield Finding("ok", "Settings", f"read from {path.resolve()} and EASEL_ variables.")
    else:
        yield Finding("ok", "Settings", "defaults and EASEL_ variables; there is no easel.toml.")
    if told := in_force(settings):
        yield Finding("ok", "Settings", f"in force, and not the default: {', '.join(told)}.")
    yield from (Finding("note", "Settings", stray) for stray in strays(os.environ))


def in_force(settings: Settings) -> list[str]:
    """The settings that are not the defaults, as variables and without secrets ("EASEL_PORT=8001")."""
    told = list[str]()
    usual = Settings.model_construct()  # which reads neither variables nor a file
    for name in Settings.model_fields:
        now, was = getattr(settings, name), getattr(usual, name)
        inner = type(now).model_fields if isinstance(now, BaseModel) else ()
        for parts in [[name, each] for each in inner] or [[name]]:
            one, other = (getattr(value, parts[-1]) if inner else value for value in (now, was))
            if one != other:
                told.append(f"{variable(parts)}={_shown(one)}")
    return told


def _shown(value: object) -> str:
    """A setting's value as a variable has it; of an address no password, of a secret nothing."""
    if isinstance(value, SecretStr):
        return "(secret)"
    if isinstance(value, bool):
        return str(int(value))
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return re.sub(r"(?<=//)[^/@]*@", "…@", text)


def data_folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.data
    there = next(place for place in [folder.absolute(), *folder.absolute().parents] if place.exists())
    if not there.is_dir():
        yield Finding("missing", "Data folder", f"{there} is a file, not a folder; choose another with EASEL_DATA.")
        return
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding("missing", "Data folder", f"{folder} may not be written; choose another with EASEL_DATA.")
        return
    free = shutil.disk_usage(there).free
    made = "" if folder.exists() else " (made when it is first needed)"
    if free < FULL:
        yield Finding(
            "missing", "Data folder", f"{folder}{made}; {free / 2**20:.1f} MiB are free on its disk: free some space."
        )
    else:
        state: State = "ok" if free > SCARCE else "note"
        yield Finding(state, "Data folder", f"{folder}{made}; {free / 2**30:.1f} GiB are free on its disk.")


def database(settings: Settings) -> Iterator[Finding]:
    from storage.database import open_database, opened_to_read
    from storage.migrate import HEAD, revision

    place = settings.library
    if isinstance(place, Path) and not place.exists():
        if any(finding.state == "missing" for finding in data_folder(settings)):  # which says why
            yield Finding("missing", "Database", f"{place} cannot be made.")
            return
        yield Finding("ok", "Database", f"{place} is made when it is first needed.")
        return
    try:
        if isinstance(place, Path):
            with opened_to_read(place, busy_timeout=2) as opened:
                opened.is_new()  # raises where another program wrote it
                name, found, bytes_ = opened.name, revision(opened), place.stat().st_size
        else:
            with closing(open_database(place, busy_timeout=2)) as server:
                server.is_new()
                name, found, bytes_ = server.name, revision(server), server.size()
    except StorageError as error:
        yield Finding("missing", "Database", str(error))
        return
    size = f"{bytes_ / 2**20:.1f} MiB"
    if found == HEAD:
        yield Finding("ok", "Database", f"{name}, {size}, tables of version {found}.")
    elif found is not None and found > HEAD:
        yield Finding("missing", "Database", f"{name} was written by a newer Easel (tables {found}); update Easel.")
    else:
        yield Finding(
            "note", "Database", f"{name}, {size}; its tables are made or brought up to date at the next start."
        )


def language_model(settings: Settings) -> Iterator[Finding]:
    """The one that talks, and the one that stands in; a server behind an address is knocked at, and asked nothing."""
    from agent.llm import FALLBACK, LLM

    yield _talks(settings, settings.llm, LLM)
    if settings.llm_fallback and settings.llm == "embedded":
        name = settings.llm_fallback
        yield Finding("note", "Language model", f"EASEL_LLM_FALLBACK={name} is not used: the small one needs no other.")
    elif settings.llm_fallback:
        yield _talks(settings, settings.llm_fallback, FALLBACK)


def _talks(settings: Settings, name: str, variable: str) -> Finding:
    from agent.llm import stays_here, voice

    if name == "embedded":
        return _embedded()
    try:
        voice(name, settings, variable)
        fault = _unreachable(name, variable) or _keyless(name, variable)
    except (ToolError, ModelError) as error:
        fault = str(error)
    if fault:
        return Finding("missing", "Language model", fault)
    if stays_here(name):
        return Finding("ok", "Language model", f"{name} is on this machine; what you write goes to no provider.")
    return Finding("note", "Language model", f"{name}: what you write is sent to that provider.")


def _embedded() -> Finding:
    from models.language import WEIGHTS
    from models.weights import verify

    try:
        verify(WEIGHTS)
    except ModelError as error:
        return Finding("missing", "Language model", str(error))
    return Finding("ok", "Language model", "the small one that ships with Easel; what you write goes to no provider.")


def _unreachable(name: str, variable: str) -> str:
    """That nobody listens where a language model's server should be; "" where somebody does, or it is none."""
    if name.startswith("ollama:") and not os.environ.get("OLLAMA_HOST"):
        name = "http://127.0.0.1:11434"
    if not name.startswith(("http://", "https://")):
        return ""
    address = urlsplit(name)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), KNOCK_SECONDS).close()
    except OSError as error:
        return f"nobody listens at {name} ({reason(error)}); start the server there, or name another in {variable}."
    return ""


def _keyless(name: str, setting: str) -> str:
    """That a provider's key is not set; "" where it is, or none is known to be needed."""
    from agent.failures import KEYS

    variable = KEYS.get(name.partition(":")[0], "EASEL_LLM_KEY")
    others = ("GEMINI_API_KEY",) if variable == "GOOGLE_API_KEY" else ()
    if variable == "EASEL_LLM_KEY" or any(os.environ.get(each) for each in (variable, *others)):
        return ""
    return f"{name} wants an API key; set {variable}, or {setting}=embedded."


def tier(settings: Settings) -> Iterator[Finding]:
    """What suits this machine, and what it would take to have it."""
    choice = settings.suited()
    if settings.tier == "auto":
        yield Finding("ok", "Tier", f"auto: {choice.why}.")
    elif settings.tier == "cpu" and choice.tier != "cpu":
        yield Finding("note", "Tier", f"{choice.why}; EASEL_TIER=auto uses of it what is on this machine.")
    else:
        return
    if choice.advice:
        yield Finding("note", "Tier", f"{choice.advice}.")


def presets(settings: Settings) -> Iterator[Finding]:
    """The preset that serves each operation, and whether its weights are whole."""
    known = Presets.load(folder=settings.models)
    yield from (Finding("note", "Models folder", stray) for stray in known.strays)
    for operation in PresetChoice.model_fields:
        name = getattr(settings.preset, operation)
        area = f"To {operation}"
        try:
            preset = known.named(Operation(operation), name)
            yield Finding("ok", area, f"{preset.title} (preset {preset.name}): {check_weights(preset)}.")
        except UnknownPreset as error:
            yield Finding("missing", area, _briefly(error, name, known))
        except ModelError as error:
            yield Finding("missing", area, str(error))


def _briefly(error: UnknownPreset, name: str, known: Presets) -> str:
    """Without the names of all presets that there are."""
    if name in known.names or len(str(error)) < BRIEF:
        return str(error)
    near = get_close_matches(name, known.names, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return f"There is no preset “{name}”; {meant}`easel models list` shows those there are."


def check_weights(preset: Preset) -> str:
    """Reads a preset's weights against their known hashes; gives what was found in a few words.

    Raises:
        WeightsMissing: They are not here, or not the known ones, or a person's own file is none.
    """
    from models.hub import damaged, unlinked
    from models.weights import refuse_broken, verify

    if preset.own and (file := preset.weights_file()):
        refuse_broken(file)
        return f"can be opened, with no known hash to compare it with ({preset.weights_hash()[:12]} of {file.name})"
    if preset.folder is None:
        known = preset.weights_hash()
        if not known:
            raise missing(preset)
        if wrong := damaged(preset):
            raise WeightsMissing(
                f"The weights file {wrong[0]} was changed or damaged; delete and fetch again: easel models rm and pull "
                f"{preset.name}"
            )
        if unlinked(preset):
            return f"weights here, in part with no known hash to compare them with ({known[:12]} of {preset.hub})"
        return f"weights whole ({known[:12]} of {preset.hub or preset.file})"
    verify(preset.folder)
    return f"weights whole ({preset.weights_hash()[:12]})"


def device(settings: Settings) -> Iterator[Finding]:
    from models.engine import describe_device

    try:
        preset = Presets.load(folder=settings.models).named(Operation.GENERATE, settings.preset.generate)
        device = describe_device(preset, settings.device, settings.threads, compiling=settings.compile)
        yield Finding("ok", "Device", f"{device}.")
    except UnknownPreset:  # which `presets` tells
        return
    except ModelError as error:
        yield Finding("missing", "Device", str(error))


def workers(settings: Settings) -> Iterator[Finding]:
    """Ray, where it is to run the painters; it is not started or asked."""
    if settings.workers != "ray":
        return
    where = f"the cluster at {settings.ray.address}" if settings.ray.address else "a Ray of their own on this machine"
    count = "1 replica" if settings.ray.widest == 1 else f"{settings.ray.widest} replicas"
    if importlib.util.find_spec("ray") is None:
        yield Finding("missing", "Workers", "EASEL_WORKERS=ray needs Ray Serve: pip install '.[ray]'.")
    else:
        yield Finding("ok", "Workers", f"{count} of each model family in {where}.")


def judges(settings: Settings) -> Iterator[Finding]:
    """What decides about words and pixels on this machine, what nobody looks for, and which judge cannot be loaded."""
    from models.weights import verify
    from models.words import FOLDER, minilm_folder
    from tools.safety import describe_judges, judge_named

    stages = {"words": "words, before anything is painted", "pixels": "pixels, before anything is shown"}
    for judge in describe_judges():
        yield Finding(
            "ok" if judge.active else "note", "Safety", f"{judge.name} for {stages[judge.stage]}: {judge.detail}."
        )
    try:
        minilm_folder()
        verify(FOLDER)
    except ModelError as error:
        yield Finding("missing", "Safety", str(error))
    known = Presets.load(folder=settings.models)
    for name in settings.judges:
        try:
            preset = judge_named(name, known)
            Licences(settings.models).require(preset)
            weights = check_weights(preset)
            yield Finding("ok", "Safety", f"{preset.title} ({name}) for {stages[preset.stage or 'pixels']}: {weights}.")
        except ModelError as error:
            yield Finding("missing", "Safety", f"As long as {name} cannot judge, nothing passes: {error}")


def port(settings: Settings) -> Iterator[Finding]:
    from ui.web.server import listen

    try:
        listen(settings.host, settings.port).close()
    except ToolError as error:
        taken = isinstance(error.__cause__, OSError) and error.__cause__.errno == errno.EADDRINUSE
        yield Finding("note" if taken else "missing", "Web app", str(error))
    else:
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        where = f"http://{host}:{settings.port}" if settings.port else f"a free port of http://{host}"
        yield Finding("ok", "Web app", f"will be at {where}.")


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    settings_file,
    data_folder,
    database,
    port,
    tier,
    presets,
    language_model,
    judges,
    workers,
    device,
)
