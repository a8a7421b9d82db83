"""The form of a rule: a plain function over whole numbers that carries its citation and says what it does.

The names of its arguments are facts, parameters or other rules; that is how the rules link up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from .units import SHOW

Function = TypeVar("Function", bound=Callable[..., Any])

CONFIDENCE = "TCSM"
"""From best to worst: read in a legal text, computed, secondary source, memory."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of law, as registered by `rule`."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[str, ...]
    cites: str
    says_id: str
    says_en: str
    unit: str
    choice: str | None
    confidence: str


RULES: dict[str, Rule] = {}


def rule(
    *,
    cites: str,
    says_id: str,
    says_en: str,
    unit: str = "rupiah",
    choice: str | None = None,
    confidence: str = "T",
) -> Callable[[Function], Function]:
    """Register a function as a rule of law and return it unchanged.

    `choice` states, in Indonesian, what we decided where the text is silent or open, and why.
    `confidence` is that of the wording the rule was written from; its parameters have their own.
    """

    def register(function: Function) -> Function:
        name = function.__name__
        if name in RULES:
            raise ValueError(f"aturan “{name}” ditulis dua kali")
        if unit not in SHOW or confidence not in CONFIDENCE:
            raise ValueError(f"aturan “{name}”: satuan atau tingkat keyakinan tidak dikenal")
        code = function.__code__
        arguments = code.co_varnames[: code.co_argcount]
        RULES[name] = Rule(name, function, arguments, cites, says_id, says_en, unit, choice, confidence)
        return function

    return register


def worst(levels: list[str]) -> str:
    """The weakest of some confidence levels."""
    return max(levels, key=CONFIDENCE.index)
