"""The house stands as drawn: imports point one way, each framework has one room, every tool is whole."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_IMPORT: dict[str, set[str]] = {
    "storage": set(),
    "models": set(),
    "tools": {"storage", "models"},
    "agent": {"tools", "storage", "models"},
    "ui": {"agent", "tools", "storage", "models"},
    "training": {"models", "tools", "agent", "storage"},
    "bench": {"training", "models", "tools", "agent", "storage", "ui"},
}
MAY_IMPORT_IN_MODELS: dict[str, set[str]] = {
    "english": set(),
    "rendering": set(),
    "scene": {"english", "rendering"},
    "chat": {"english", "scene"},
    "llm": set(),
}
"""The rooms of `models/`; all may import what stands beside them."""
ONLY_IN: dict[str, set[str]] = {
    "torch": {"models", "training", "bench"},
    "diffusers": {"models", "training", "bench"},
    "transformers": {"models", "training", "bench"},
    "spandrel": {"models", "training", "bench"},
    "sqlalchemy": {"storage"},
    "alembic": {"storage"},
    "psycopg": {"storage"},
    "chainlit": {"ui"},
    "ray": {"tools"},
    "langchain": {"agent"},
    "langgraph": {"agent"},
    "langchain_core": {"agent", "models", "bench"},
}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def sources() -> list[Path]:
    return sorted(path for folder in MAY_IMPORT for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    for module in imports(path):
        top = module.partition(".")[0]
        if top in MAY_IMPORT:
            assert top == room or top in MAY_IMPORT[room], f"{room} must not import {module}"
        if top in ONLY_IN:
            assert room in ONLY_IN[top], f"{top} is imported in {room}"


@pytest.mark.parametrize("room", MAY_IMPORT_IN_MODELS)
def test_imports_between_the_rooms_of_models_point_one_way(room: str) -> None:
    for path in (ROOT / "models" / room).glob("*.py"):
        named = {module.split(".")[1] for module in imports(path) if module.startswith("models.")}
        others = (named & set(MAY_IMPORT_IN_MODELS)) - {room} - MAY_IMPORT_IN_MODELS[room]
        assert not others, f"{path.name} must not import from models/{others}"


def test_values_are_free_of_frameworks() -> None:
    for path in (ROOT / "models/recipe.py", ROOT / "storage/records.py", ROOT / "agent/events.py"):
        assert not {module.partition(".")[0] for module in imports(path)} & set(ONLY_IN), path


def loaded(importing: str, heavy: set[str]) -> str:
    """Which heavy libraries a new process has loaded once it has run `importing`."""
    code = f"{importing}; import sys; print(','.join(sorted({heavy} & set(sys.modules))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_help_loads_no_heavy_library() -> None:
    assert loaded("import ui.cli", {"torch", "diffusers", "transformers", "chainlit", "langchain", "sqlalchemy"}) == ""


def test_a_command_that_only_calls_tools_loads_no_library_of_language_models() -> None:
    for opening in ("import agent.turn", "import ui.cli_make, ui.terminal_turns, ui.wiring, tools.safety"):
        assert loaded(opening, {"langchain_core", "langchain", "langgraph", "langsmith"}) == ""


def test_every_tool_file_defines_a_verb_of_the_catalog() -> None:
    from tools.catalog import VERBS

    names = {verb.name for verb in VERBS}
    assert len(names) == len(VERBS) == 10
    for verb in VERBS:
        assert (verb.args.__doc__ or "").strip(), f"{verb.name} does not say what it is for"
        assert verb.args.model_json_schema()["type"] == "object"


def test_no_file_of_the_page_shadows_a_package() -> None:
    names = {path.stem for path in (ROOT / "ui").glob("*.py")}
    assert not names & {"storage", "agent", "tools", "models"}
