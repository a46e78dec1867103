"""What is wrong with the settings, in one sentence: which one, its value, and what would do.

Pure but for `file_fault`, which looks at the settings file. The sentences are our own: what pydantic says of a value is
written for programmers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic_settings import SettingsError

from models.presets import Presets
from models.recipe import Operation
from tools.paths import expanded
from tools.settings import PresetChoice, Settings

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_WANTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "int": lambda _: "must be a whole number",
    "float": lambda _: "must be a number",
    "finite_number": lambda _: "must be a number",
    "bool": lambda _: "must be true or false",
    "string": lambda _: "must be text, in easel.toml between quotation marks",
    "path": lambda _: "must be a path, in easel.toml between quotation marks",
    "tuple": lambda _: "must be a list of names",
    "model": lambda _: "must be a table",
    "literal_error": lambda allowed: f"must be {allowed['expected'].replace(chr(39), '')}",
    "greater_than_equal": lambda allowed: f"must be {allowed['ge']:g} or more",
    "greater_than": lambda allowed: f"must be more than {allowed['gt']:g}",
    "less_than_equal": lambda allowed: f"must be {allowed['le']:g} or less",
}
"""By the kind of error, or how the kind begins."""

_SECRET = ("database", "llm_key")


def first_fault(error: ValidationError) -> str:
    """The first thing that is wrong with a value or a name."""
    fault = error.errors()[0]
    parts = [str(part) for part in fault["loc"]]
    if fault["type"] == "extra_forbidden":
        return _unknown(parts)
    if len(parts) == 1 and parts[0] in _tables() and os.environ.get(variable(parts)):
        return _holds_several(parts[0])
    value = "" if parts[0] in _SECRET else f"; it is “{fault['input']}”"
    return f"The setting {'.'.join(parts)} ({variable(parts)}) {_wanted(fault)}{value}."


def option_fault(option: str, error: ValidationError) -> str:
    """What is wrong with the value of a command's option."""
    fault = error.errors()[0]
    return f"{option} {_wanted(fault)}; it is “{fault['input']}”."


def _wanted(fault: ErrorDetails) -> str:
    """What a value must be."""
    context, kind = fault.get("ctx", {}), fault["type"]
    wanted = next((say(context) for name, say in _WANTED.items() if kind.startswith(name)), None)
    return str(context.get("error", fault["msg"])).rstrip(".") if wanted is None else wanted


def unreadable(error: SettingsError) -> str:
    """A variable that stands for a whole table, such as `EASEL_PRESET=crisp`, and holds no JSON."""
    name = next((field for field in _tables() if f'"{field}"' in str(error)), "")
    return _holds_several(name) if name else f"An EASEL_ variable cannot be read: {error}."


def _holds_several(name: str) -> str:
    """A table's variable that holds one value."""
    said, inner = os.environ.get(variable([name]), ""), list(_tables()[name].model_fields)
    able = [each for each in inner if said in Presets.load().serving(Operation(each))] if name == "preset" else []
    like = f"{variable([name, (able or inner)[0]])}={said if able else '…'}"
    return f"{variable([name])} holds several settings ({_listed(inner)}); write one at a time, such as {like}."


def nearest(name: str) -> str:
    """The setting that a mistyped name may stand for, "" where none is near."""
    bare = name.lower().removeprefix("easel_")
    return next(iter(get_close_matches(bare, Settings.model_fields, n=1)), "")


def strays(names: Iterable[str]) -> list[str]:
    """What to say of each `EASEL_` variable that nothing reads: usually a slip of the pen."""
    known = {f"EASEL_{field.upper()}" for field in Settings.model_fields} | {"EASEL_CONFIG"}
    told = list[str]()
    for name in sorted(names):
        bare = name.upper().partition("__")[0]
        if bare.startswith("EASEL_") and bare not in known:
            near = nearest(bare)
            meant = f"; did you mean EASEL_{near.upper()}?" if near else "."
            told.append(f"the variable {name} is set, but Easel has no such setting{meant}")
    return told


def file_fault(named: str) -> str:
    """Why the settings file that `EASEL_CONFIG` names, or that lies in the working folder, is none; "" where it is."""
    path = expanded(Path(named or "easel.toml"))
    if path.is_dir():
        what = f"EASEL_CONFIG={named}" if named else f"{path} in the working folder"
        return f"{what} is a folder, not a settings file; name a file such as {path / 'easel.toml'}."
    if named and not path.exists():
        return f"EASEL_CONFIG={named} names a settings file that is not there; correct the path, or leave it out."
    return ""


def _unknown(parts: Sequence[str]) -> str:
    unknown = f"There is no setting “{'.'.join(parts)}”"
    if (table := _tables().get(parts[0])) is not None:
        return f"{unknown} ({variable(parts)}); {parts[0]} has {_listed(list(table.model_fields))}."
    if near := nearest(parts[0]):
        return f"{unknown}; did you mean {near}?"
    if parts[0] in PresetChoice.model_fields:
        return f"{unknown}; write it below a line [preset]."
    return f"{unknown}; there are {_listed(list(Settings.model_fields))}."


def _tables() -> Mapping[str, type[BaseModel]]:
    fields = {name: field.annotation for name, field in Settings.model_fields.items()}
    return {name: kind for name, kind in fields.items() if isinstance(kind, type) and issubclass(kind, BaseModel)}


def variable(parts: Sequence[str]) -> str:
    """The variable of a setting, or of one in a table ("EASEL_LIMITS__MESSAGE_CHARS")."""
    return "EASEL_" + "__".join(parts).upper()


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
