"""What a person may set: what empty, mistyped, nested and out-of-range settings come to."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import ValidationError
from terminal import own_environment

from agent.failures import KEYS
from tools.settings import Settings
from ui import doctor
from ui.cli_base import UsageFault, load_settings


@pytest.fixture(autouse=True)
def place(tmp_path: Path) -> Iterator[Path]:
    """A working folder and an environment without settings."""
    with own_environment(tmp_path):
        yield tmp_path


def test_an_empty_variable_counts_as_unset_and_leaves_the_files_value(place: Path) -> None:
    plain = Settings().model_dump()
    names = [f"EASEL_{field.upper()}" for field in Settings.model_fields if field not in ("preset", "ray", "limits")]
    os.environ.update(dict.fromkeys([*names, "EASEL_LIMITS__MESSAGE_CHARS", "EASEL_PRESET__EDIT", "EASEL_CONFIG"], ""))
    assert load_settings().model_dump() == plain
    (place / "easel.toml").write_text('llm = "ollama:qwen3"\nhost = ""\n')
    assert (load_settings().llm, load_settings().host) == ("ollama:qwen3", "127.0.0.1")


@pytest.mark.parametrize("toml", [True, False])
def test_a_tilde_is_the_persons_own_folder(place: Path, toml: bool) -> None:
    os.environ["HOME"] = str(place)
    if toml:
        (place / "my.toml").write_text('data = "~/kept"\n')
        os.environ["EASEL_CONFIG"] = "~/my.toml"
    else:
        os.environ["EASEL_DATA"] = "~/kept"
    assert load_settings().data == place / "kept"


def test_a_tier_may_be_a_number(place: Path) -> None:
    (place / "easel.toml").write_text("tier = 24\n")
    assert load_settings().tier == "24"


@pytest.mark.parametrize(
    ("variables", "toml", "words"),
    [
        ({"EASEL_PRESET__PAINT": "x"}, "", "preset has generate, edit, vary, upscale and look"),
        ({"EASEL_LIMITS__FOO": "1"}, "", "“limits.foo” (EASEL_LIMITS__FOO)"),
        ({}, "[limits]\nfoo = 1", "limits has message_chars,"),
        ({}, "[ray]\nreplica = 1", "ray has address,"),
        ({}, "prot = 1", "did you mean port?"),
        ({}, "EASEL_PORT = 1", "did you mean port?"),
        ({}, 'generate = "x"', "write it below a line [preset]"),
        ({"EASEL_THREADS": "-1"}, "", "must be 0 or more; it is “-1”"),
        ({"EASEL_LIMITS__CALLS_PER_TURN": "0"}, "", "must be 1 or more"),
        ({"EASEL_LLM_TIMEOUT": "nan"}, "", "must be a number"),
        ({"EASEL_PORT": "1.5"}, "", "must be a whole number; it is “1.5”"),
        ({"EASEL_TIER": "25"}, "", "must be cpu, 8, 24, 80 or auto"),
        ({"EASEL_DATA": " "}, "", "(EASEL_DATA) must name a folder"),
        ({}, 'data = " "', "(EASEL_DATA) must name a folder"),
        ({"EASEL_LIMITS": "3"}, "", "write one at a time, such as EASEL_LIMITS__MESSAGE_CHARS=…"),
        ({"EASEL_RAY": "3"}, "", "write one at a time, such as EASEL_RAY__ADDRESS=…"),
        ({}, "limits = 3", "must be a table"),
        ({"EASEL_PRESET": "crisp"}, "", "such as EASEL_PRESET__UPSCALE=crisp"),
        ({"EASEL_JUDGES": "foo"}, "", "There is no judge “foo”"),
        ({"EASEL_DEVICE": "mps"}, "", "take auto, cpu or cuda:0"),
        ({}, "llm_key = 12345", "must be text, in easel.toml between quotation marks."),
        ({"EASEL_CONFIG": "nofile.toml"}, "", "names a settings file that is not there"),
        ({"EASEL_CONFIG": "."}, "", "is a folder"),
    ],
)
def test_what_is_set_wrongly_is_said_in_our_own_words(
    place: Path, variables: dict[str, str], toml: str, words: str
) -> None:
    os.environ.update(variables)
    if toml:
        (place / "easel.toml").write_text(toml)
    with pytest.raises(UsageFault) as fault:
        load_settings()
    assert words in str(fault.value) and "nput should" not in str(fault.value)


def test_a_folder_called_easel_toml_is_told(place: Path) -> None:
    (place / "easel.toml").mkdir()
    with pytest.raises(UsageFault, match="is a folder"):
        load_settings()


def test_the_doctor_says_which_variable_was_meant() -> None:
    os.environ["EASEL_PROT"] = "1"
    assert any("EASEL_PORT?" in finding.sentence for finding in doctor.settings_file(Settings()))


def test_settings_that_are_handed_on_are_refused_alike() -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({"limits": {"foo": 1}})


def doctors(check: Callable[[Settings], Iterator[doctor.Finding]], **settings: object) -> list[tuple[str, str]]:
    return [(finding.state, finding.sentence) for finding in check(Settings.model_validate(settings))]


def test_the_doctor_finds_a_database_of_another_program_and_leaves_nothing_beside_it(place: Path) -> None:
    with closing(sqlite3.connect(place / "easel.db")) as other, other:
        other.execute("CREATE TABLE theirs (number)")
    [(state, sentence)] = doctors(doctor.database, data=place)
    assert state == "missing" and "another program" in sentence
    assert [file.name for file in place.iterdir()] == ["easel.db"]


def test_the_doctor_goes_on_after_a_place_where_nothing_can_be_looked_for(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", [doctor.database, doctor.settings_file])
    first, second, *_ = doctor.examine(Settings(data=place / ("x" * 300)))
    assert (first.state, first.area, second.area) == ("missing", "Database", "Settings")
    assert "file name too long" in first.sentence


def test_the_doctor_tells_where_the_page_cannot_be() -> None:
    assert doctors(doctor.port, host="192.0.2.1")[0][0] == "missing"
    assert "a free port of http://127.0.0.1" in doctors(doctor.port, port=0)[0][1]
    with socket.create_server(("127.0.0.1", 0)) as other:
        assert doctors(doctor.port, port=other.getsockname()[1])[0][0] == "note"


def test_the_doctor_knocks_at_a_language_models_server_and_looks_for_keys() -> None:
    for variable in KEYS.values():
        os.environ.pop(variable, None)
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert doctors(doctor.language_model, llm=url)[0][0] == "note"
    [(state, sentence), (fine, _)] = doctors(doctor.language_model, llm=url, llm_fallback="embedded")
    assert state == "missing" and "nobody listens" in sentence and fine == "ok"
    [(state, sentence)] = doctors(doctor.language_model, llm="anthropic:claude")
    assert state == "missing" and "ANTHROPIC_API_KEY" in sentence


def test_the_doctor_names_a_wrong_preset_once_and_shortly() -> None:
    wrong = {"preset": {"generate": "embeded", "edit": "sdxl"}}
    told = {sentence for state, sentence in doctors(doctor.presets, **wrong) if state == "missing"}
    assert any("did you mean embedded?" in sentence for sentence in told) and all(len(one) < 160 for one in told)
    assert doctors(doctor.device, **wrong) == []
    [(_, sentence)] = [one for one in doctors(doctor.presets, preset={"generate": "sdxl"}) if one[0] == "missing"]
    assert "Several presets are called “sdxl”" in sentence


@pytest.mark.parametrize("origin", ["https://Easel.example.org/", "http://[::1]:8443", ""])
def test_the_pages_address_is_written_as_browsers_do(origin: str) -> None:
    assert Settings(origin=origin).origin == origin.lower().rstrip("/")


@pytest.mark.parametrize("origin", ["easel.example.org", "https://example.org/easel", "ftp://example.org", "https://"])
def test_what_is_no_address_of_a_page_is_refused(origin: str) -> None:
    with pytest.raises(ValidationError, match="no address of a page"):
        Settings(origin=origin)
