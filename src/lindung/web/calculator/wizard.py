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
from lindung.web.calculator.shown import Part

Answers = Mapping[str, Any]
MOST_RUPIAH = 10_000_000_000


def _always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Asked:
    """One screen: a choice, an amount in rupiah, or a whole number between limits. `when` says whether the answers
    so far make it needed."""

    key: str
    title: Text
    hint: Text = ""
    kind: Literal["choice", "rupiah", "number"] = "choice"
    choices: Sequence[tuple[str, Text]] = ()
    least: int = 0
    most: int = MOST_RUPIAH
    unit: Text = ""
    when: Callable[[Answers], bool] = _always

    def read(self, text: str) -> Any:
        """The answer; raises ValueError with what to write instead."""
        if self.kind == "choice":
            if text not in {code for code, _words in self.choices}:
                raise ValueError(_("Pilih salah satu."))
            return text
        digits = text.strip().removeprefix("Rp").strip()
        digits = digits.removesuffix(",00").replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
            raise ValueError(
                _("Tulis dengan angka saja, contoh %(example)s.")
                % {"example": "1.500.000" if self.kind == "rupiah" else max(self.least, 12)}
            )
        if not self.least <= int(digits) <= self.most:
            raise ValueError(
                _("Tulis angka dari %(least)s sampai %(most)s.")
                % {"least": words.number(self.least), "most": words.number(self.most)}
            )
        return int(digits)

    def said(self, answer: Any) -> str:
        """The answer as people read it."""
        if self.kind == "choice":
            return str(next(label for code, label in self.choices if code == answer))
        if self.kind == "rupiah":
            return words.rupiah(answer)
        return f"{answer if self.most < 3_000 else words.number(answer)} {self.unit}".strip()


@dataclass(frozen=True)
class Calculator:
    """A common case: its screens, and what the law answers on a day (raises LawError)."""

    slug: str
    title: Text
    lead: Text
    icon: str
    asked: Sequence[Asked]
    work: Callable[[Answers, date], list[Part]]


@dataclass(frozen=True)
class Given:
    """A question answered, and the address that asks it again."""

    asked: Asked
    answer: Any
    again: str

    @property
    def said(self) -> str:
        return self.asked.said(self.answer)


@dataclass(frozen=True)
class Standing:
    """Where somebody stands in a calculator; `current` is None when everything is answered."""

    given: Sequence[Given] = field(default_factory=tuple)
    current: Asked | None = None
    text: str = ""
    error: str = ""

    @property
    def answers(self) -> dict[str, Any]:
        return {item.asked.key: item.answer for item in self.given}

    @property
    def number(self) -> int:
        """Of the screen, from 1."""
        return len(self.given) + 1

    @property
    def before(self) -> str:
        """The address of the screen before."""
        return self.given[-1].again if self.given else ""


def stand(calculator: Calculator, told: Mapping[str, str]) -> Standing:
    """Follow the answers told as far as they reach."""
    given: list[Given] = []
    pairs: list[tuple[str, str]] = []
    answers: dict[str, Any] = {}
    for asked in calculator.asked:
        if not asked.when(answers):
            continue
        text = told.get(asked.key)
        if text is None:
            return Standing(given, asked)
        try:
            answer = asked.read(text)
        except ValueError as error:
            return Standing(given, asked, text[:40], str(error))
        given.append(Given(asked, answer, f"?{urlencode(pairs)}"))
        pairs.append((asked.key, str(answer)))
        answers[asked.key] = answer
    return Standing(given)
