"""Words for sizes, as parts of regular expressions that ignore case."""

from __future__ import annotations

TINY = r"tiny|tee+n(?:y|sy)|ween(?:y|sy)|wee|titchy|smol|mini(?:ature)?|minuscule|microscopic|itty[- ]bitty|dinky"
SMALL = "small|little|lil"
LARGE = "big|large|tall"
HUGE = (
    "hu+ge+|giant|gigantic|enormous|massive|colossal|humongous|ginormous|gargantuan|oversized?|towering|immense|titanic"
)
