"""One question a screen. The answers travel in the address, so that Back, a bookmark and a phone without JavaScript
work; nothing is kept and no name is ever asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from lindung.core.ui import words
from lindung.core.ui.parts import Text
from lindung.web.calculator import activities, typed
from lindung.web.calculator.shown import Outcome

Answers = Mapping[str, Any]
MOST_RUPIAH = 10_000_000_000
CHANGE, SEARCH = "ubah", "cari"


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Asked:
    """One screen: a choice, one of grouped choices, a kind of business, an amount, a number, or months. `when` says
    whether the answers so far make it needed."""

    key: str
    title: Text
    hint: Text = ""
    kind: Literal["choice", "grouped", "activity", "rupiah", "number", "months"] = "choice"
    choices: Sequence[tuple[str, Text]] = ()
    groups: Sequence[tuple[Text, Sequence[tuple[str, Text]]]] = ()
    least: int = 0
    most: int = MOST_RUPIAH
    unit: Text = ""
    when: Callable[[Answers], bool] = _always

    @property
    def options(self) -> dict[str, Text]:
        """Every choice by its code."""
        return dict(self.choices) | {code: f"{head} {label}" for head, group in self.groups for code, label in group}

    def read(self, text: str) -> Any:
        """The answer; raises ValueError with what to write instead."""
        match self.kind:
            case "rupiah":
                return typed.rupiah(text, self.least, self.most)
            case "number":
                return typed.number(text, self.least, self.most, str(self.unit))
            case "months":
                return typed.months(text, self.least, self.most)
            case "activity":
                return activities.read(text)
        if text not in self.options:
            raise ValueError(_("Pilih salah satu."))
        return text

    def said(self, answer: Any) -> str:
        """The answer as people read it."""
        match self.kind:
            case "rupiah":
                return words.rupiah(answer)
            case "number" | "months":
                return f"{words.number(answer)} {self.unit}"
            case "activity":
                return activities.said(answer)
        return str(self.options[answer])


@dataclass(frozen=True)
class Calculator:
    """A common case: its screens, and what the law answers on a day (raises LawError)."""

    slug: str
    title: Text
    lead: Text
    icon: str
    asked: Sequence[Asked]
    work: Callable[[Answers, date], Outcome]


@dataclass(frozen=True)
class Given:
    """A question answered, and the address that asks it again and keeps the other answers."""

    asked: Asked
    answer: Any
    again: str

    @property
    def said(self) -> str:
        return self.asked.said(self.answer)

    @property
    def typed(self) -> str:
        """The answer as it stands in its field."""
        return words.number(self.answer) if isinstance(self.answer, int) else str(self.answer)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a calculator; `current` is None when everything is answered.

    `about` is how many screens there are if the rest is answered as usual; `later` are answers to screens after this
    one, as typed; `text` is what was typed here; `changing` that a given answer is asked again."""

    about: int
    given: Sequence[Given] = field(default_factory=tuple)
    later: Mapping[str, str] = field(default_factory=dict)
    current: Asked | None = None
    text: str = ""
    error: str = ""
    changing: bool = False

    @property
    def answers(self) -> dict[str, Any]:
        return {item.asked.key: item.answer for item in self.given}

    @property
    def kept(self) -> dict[str, Any]:
        """What the form of this screen sends along."""
        current = self.current.key if self.current else None
        return {key: answer for key, answer in {**self.later, **self.answers}.items() if key != current}

    @property
    def address(self) -> str:
        """The answers given, as the address of this page."""
        return f"?{urlencode(self.answers)}"

    @property
    def number(self) -> int:
        """Of the screen, from 1."""
        keys = [item.asked.key for item in self.given]
        return keys.index(self.current.key) + 1 if self.changing and self.current else len(keys) + 1

    @property
    def before(self) -> str:
        """The address of the screen before; empty on the first one."""
        return self.given[self.number - 2].again if self.number > 1 else ""


def stand(calculator: Calculator, told: Mapping[str, str]) -> Standing:
    """Follow the answers told as far as they reach; `ubah` asks one of them again."""
    answers: dict[str, Any] = {}
    passed: list[Asked] = []
    current, error = None, ""
    for asked in calculator.asked:
        if not asked.when(answers):
            continue
        if asked.key not in told:
            current = asked
            break
        try:
            answers[asked.key] = asked.read(told[asked.key])
        except ValueError as fault:
            current, error = asked, str(fault)
            break
        passed.append(asked)
    about = _screens(calculator, answers)
    given = [Given(asked, answers[asked.key], f"?{urlencode({**answers, CHANGE: asked.key})}") for asked in passed]
    keys = {asked.key for asked in calculator.asked} - answers.keys()
    later = {key: told[key][: typed.TOO_LONG] for key in told if key in keys}
    changed = next((item for item in given if item.asked.key == told.get(CHANGE)), None)
    if changed is not None:
        return Standing(about, given, later, changed.asked, changed.typed, changing=True)
    return Standing(about, given, later, current, later.get(current.key, "") if current else "", error)


def _screens(calculator: Calculator, answers: Answers) -> int:
    """How many screens these answers lead to, with the first choice wherever there is none yet."""
    assumed = dict(answers)
    count = 0
    for asked in calculator.asked:
        if asked.when(assumed):
            assumed.setdefault(asked.key, next(iter(asked.options), None))
            count += 1
    return count
