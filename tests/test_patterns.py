"""Regular expressions that are compiled when they are first used."""

import importlib
import pkgutil
import re

import pytest

import models.chat
import models.english
import models.scene
from models.english.patterns import any_of, regex


def test_every_regular_expression_of_the_rooms_compiles():
    compiled = 0
    for room in (models.english, models.scene, models.chat):
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for name, one in vars(importlib.import_module(module.name)).items():
                if type(one) is type(regex("")):
                    try:
                        compiled += one.groups >= 0
                    except re.error as error:
                        raise AssertionError(f"{module.name}.{name}: {error}") from error
    assert compiled > 300


def test_nothing_is_compiled_before_it_is_used():
    unfinished = regex("(")
    assert unfinished.pattern == "("
    with pytest.raises(re.error):
        unfinished.search("(")


def test_letters_of_any_case_match_unless_the_flags_say_otherwise():
    assert regex("fox").search("FOX") and not regex("fox", re.NOFLAG).search("FOX")
    assert any_of("fox|owl").fullmatch("Owl")
