"""What this room asks of the law: programmes by size, an example month, a project's contribution. No figure is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from lindung import law
from lindung.core.errors import InvalidInput
from lindung.core.money import format_rupiah
from lindung.core.ui.parts import Receipt, ReceiptLine
from lindung.core.ui.words import is_english
from lindung.places.queries import holidays_between

PROGRAMMES = ("JKK", "JKM", "JHT", "JP", "JKP")
SIZES = ("micro", "small", "medium", "large", "state")
_ANY_WAGE = 1_000_000  # which programmes are due does not turn on the wage
_HOLIDAYS_AHEAD = timedelta(days=60)


@lru_cache(maxsize=256)
def required_programmes(firm_size: str, month: date) -> tuple[str, ...] | None:
    """The programmes the law asks of an employer of this size for an Indonesian worker; None where the law read does
    not say (state bodies before 2025)."""
    try:
        answer = law.judge("contributions", month, _worker(_ANY_WAGE, 1, firm_size, None))
    except law.LawError:
        return None
    found = next((step.value for step in answer.steps if step.rule == "programmes_due"), None)
    return tuple(found) if found else None


def required_by_size(month: date) -> dict[str, tuple[str, ...]]:
    """`required_programmes` of every size of which the law says something."""
    answers = {size: required_programmes(size, month) for size in SIZES}
    return {size: programmes for size, programmes in answers.items() if programmes}


def size_by_law(capital: int | None, annual_sales: int | None, on: date) -> str | None:
    """The size that follows from capital or yearly sales in rupiah; None while the law's files do not hold the limits,
    or nothing is given."""
    if capital is None and annual_sales is None:
        return None
    answer = _asked("firm_size", on, {"capital": capital, "annual_sales": annual_sales})
    return str(answer["firm_size"]) if answer else None


def usual_shares(on: date) -> tuple[int, ...]:
    """The instalments a project may pay in, per cent of its contribution; empty while the law's files do not say."""
    answer = _asked("construction_terms", on, {})
    return tuple(answer["shares"]) if answer else ()


def register_by(signed_on: date) -> date | None:
    """Last day to register a project signed on a day; None while the law's files do not hold the time limit."""
    days = sorted(holidays_between(signed_on, signed_on + _HOLIDAYS_AHEAD))
    answer = _asked("construction_registration", signed_on, {"holidays": [day.isoformat() for day in days]})
    return date.fromisoformat(answer["register_by"]) if answer else None


def _asked(question: str, on: date, facts: dict[str, Any]) -> dict[str, Any] | None:
    """The law's answer; None for a question its present files cannot answer."""
    try:
        return law.result_of(question, on, {name: fact for name, fact in facts.items() if fact is not None})
    except law.LawError as error:
        if error.code in {"unknown_rule", "not_in_force", "before_law"}:
            return None
        raise InvalidInput(error.code, error.message, field=error.field or "") from error


@dataclass(frozen=True)
class ProjectPrice:
    """A project's contribution in rupiah, with the legal steps; `months` is 1 by contract value."""

    jkk: int
    jkm: int
    months: int
    steps: tuple[law.Step, ...]

    @property
    def total(self) -> int:
        return self.jkk + self.jkm


def price_project(
    signed_on: date, value: int, vat_percent: int, wage_bill: int | None = None, months: int = 1
) -> ProjectPrice:
    """The contribution of a contract (PP 44/2015 Art 54–55): by its value without VAT, or, where the monthly wage bill
    is known, by that for each month. Raises InvalidInput for what the law cannot price."""
    facts: dict[str, Any] = {"contract_value": value, "vat_percent": vat_percent}
    if wage_bill is not None:
        facts = {"wage_bill": wage_bill}
    times = months if wage_bill is not None else 1
    answer = _judged("construction_contributions", signed_on, facts)
    return ProjectPrice(answer.result["jkk"] * times, answer.result["jkm"] * times, times, answer.steps)


def project_receipt(price: ProjectPrice, title: str) -> Receipt:
    """The steps of a project's price as a receipt."""
    labels = {"contract_base": _("Nilai kontrak tanpa PPN"), "construction_jkk": "JKK", "construction_jkm": "JKM"}
    labels |= {"construction_jkk_of_wages": "JKK", "construction_jkm_of_wages": "JKM"}
    lines = []
    for step in price.steps:
        if step.rule in labels:
            base = step.rule == "contract_base"
            label = labels[step.rule]
            if price.months > 1:
                label = _("%(label)s sebulan") % {"label": label}
            note = f"{_says(step)} {format_rupiah(round(float(step.value)))}" if base else _says(step)
            lines.append(ReceiptLine(label, None if base else step.value, step.article, _sure(step), note))
    if price.months > 1:
        lines.append(ReceiptLine(_("Dikalikan %(months)d bulan pelaksanaan") % {"months": price.months}))
    return Receipt(title, lines, price.total, _("Iuran proyek"))


@dataclass(frozen=True)
class ExampleMonth:
    """One worker's month at an example wage, in rupiah; `lines` as on a receipt."""

    wage: int
    employer: int
    worker: int
    receipt: Receipt


def _parts() -> list[tuple[str, str]]:
    """Rules of an employer's month, with their names on a receipt."""
    return [
        ("jkk_pu", "JKK"), ("jkm_pu", "JKM"),
        ("jht_employer", _("JHT, pemberi kerja")), ("jht_worker", _("JHT, pekerja")),
        ("jp_employer", _("JP, pemberi kerja")), ("jp_worker", _("JP, pekerja")),
    ]  # fmt: skip


def example_month(
    month: date, wage: int, risk_group: int, firm_size: str, programmes: Sequence[str] | None
) -> ExampleMonth:
    """What a month costs for an Indonesian worker of 30 at this wage (rupiah). Raises InvalidInput."""
    answer = _judged("contributions", month, _worker(wage, risk_group, firm_size, programmes))
    steps = {step.rule: step for step in answer.steps}
    lines = [
        ReceiptLine(label, steps[rule].value, steps[rule].article, _sure(steps[rule]), _says(steps[rule]))
        for rule, label in _parts()
        if rule in steps and steps[rule].value
    ]
    result = answer.result
    title = _("Contoh iuran sebulan untuk upah %(wage)s") % {"wage": format_rupiah(wage)}
    return ExampleMonth(
        wage, result["employer_total"], result["worker_total"],
        Receipt(title, lines, result["total"], _("Disetor pemberi kerja")),
    )  # fmt: skip


def _worker(wage: int, risk_group: int, firm_size: str, programmes: Sequence[str] | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"segment": "PU", "wage": wage, "risk_group": risk_group, "firm_size": firm_size}
    return facts | ({"programmes": list(programmes)} if programmes else {})


def _judged(question: str, on: date, facts: dict[str, Any]) -> law.Judgement:
    try:
        return law.judge(question, on, facts)
    except law.LawError as error:
        raise InvalidInput(error.code, error.message, field=error.field or "") from error


def _says(step: law.Step) -> str:
    return step.says_en if is_english() else step.says_id


def _sure(step: law.Step) -> Any:
    return step.confidence
