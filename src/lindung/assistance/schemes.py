"""Schemes: what the regency pays for whom, under which criteria and budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from lindung import law
from lindung.assistance.models import Scheme
from lindung.core.actors import Actor
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.log import record
from lindung.core.models import Installation
from lindung.core.months import add_months, month_of

OPEN = "assistance.open_scheme"
JKK_ACCOUNT, JKM_ACCOUNT = "5.1.02.02.02.0006", "5.1.02.02.02.0007"  # JKK and JKM for non-civil servants
PROGRAMMES = ("JKK", "JKM")
WAGE_BASE = 1_000_000  # rupiah a month
LEGAL_BASIS = "PP 44/2015; Permenaker 1/2025; Inpres 2/2021; Peraturan Bupati Kubu Raya 88/2020"


@dataclass(frozen=True)
class Price:
    """What one person costs in one month, in rupiah."""

    jkk: int
    jkm: int

    @property
    def total(self) -> int:
        return self.jkk + self.jkm


class SchemeTerms(TypedDict):
    """What `create_scheme` needs besides the payer and the place."""

    name: str
    fiscal_year: int
    programmes: Sequence[str]
    wage_base: int
    criteria: Mapping[str, Any]
    budget_ceiling: int
    account_codes: Sequence[str]
    legal_basis: str
    first_month: date
    last_month: date


def price(programmes: Sequence[str], wage_base: int, month: date) -> Price:
    """The monthly contribution that the law asks when the regency's budget (APBD) pays for a worker without a wage.

    Raises InvalidInput when the law gives no answer (PP 44/2015 Art 18 and 20, PP 50/2025 Art 4)."""
    facts = {"segment": "BPU", "programmes": list(programmes), "income": wage_base, "payer": "apbd"}
    try:
        result = law.judge("contributions", month, facts).result
    except law.LawError as error:
        raise InvalidInput("price_unknown", str(error), field="wage_base") from error
    return Price(result["jkk"], result["jkm"])


def refuse_faulty_terms(fiscal_year: int, first: date, last: date, budget_ceiling: int) -> None:
    """Raises InvalidInput unless the months lie in the fiscal year and there is a budget."""
    if last < first or {first.year, last.year} != {fiscal_year}:
        raise InvalidInput(
            "scheme_period",
            _("Masa program harus berada dalam satu tahun anggaran."),
            field="first_month",
            way_out=_("Contoh: Januari %(fiscal_year)s sampai Desember %(fiscal_year)s.")
            % {"fiscal_year": fiscal_year},
        )
    if budget_ceiling <= 0:
        raise InvalidInput(
            "scheme_budget",
            _("Pagu harus lebih dari Rp0."),
            field="budget_ceiling",
            way_out=_("Isi pagu sesuai DPA, contoh 350.000.000."),
        )


@transaction.atomic
def create_scheme(
    actor: Actor,
    *,
    payer_id: int,
    place_id: int,
    name: str,
    fiscal_year: int,
    programmes: Sequence[str],
    wage_base: int,
    criteria: Mapping[str, Any],
    budget_ceiling: int,
    account_codes: Sequence[str],
    legal_basis: str,
    first_month: date,
    last_month: date,
) -> Scheme:
    """Open a scheme for a span of months of one fiscal year; its monthly amount is priced by the law.

    Amounts in rupiah. Raises NotAllowed, InvalidInput (period, budget, criteria) and Conflict (name taken)."""
    actor.require(OPEN)
    first, last = month_of(first_month), month_of(last_month)
    refuse_faulty_terms(fiscal_year, first, last, budget_ceiling)
    if not 0 <= criteria["min_age"] < criteria["max_age_exclusive"]:
        raise InvalidInput(
            "scheme_age",
            _("Batas usia terendah harus di bawah batas tertinggi."),
            field="criteria",
            way_out=_("Contoh: 18 tahun sampai di bawah 65 tahun."),
        )
    try:
        with transaction.atomic():
            scheme = Scheme.objects.create(
                name=name, payer_id=payer_id, place_id=place_id, fiscal_year=fiscal_year, programmes=list(programmes),
                wage_base=wage_base, monthly_amount=price(programmes, wage_base, first).total,
                criteria={"age_on": first.isoformat(), **criteria}, budget_ceiling=budget_ceiling,
                account_codes=list(account_codes), legal_basis=legal_basis,
                period=DateRange(first, add_months(last, 1)),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(
            "scheme_name_taken",
            _("Program bernama «%(name)s» sudah ada.") % {"name": name},
            field="name",
            way_out=_("Beri nama lain, misalnya dengan tahun anggarannya."),
        ) from error
    record(
        actor,
        "assistance.create_scheme",
        f"scheme:{scheme.pk}",
        legal_basis,
        after={"name": name, "monthly_amount": scheme.monthly_amount, "budget_ceiling": budget_ceiling},
    )
    return scheme


def usual_criteria(first: date, resident_of: str) -> dict[str, Any]:
    """Workers of 18 to 64 years on the first day, who live in the place of this code.

    65 is out (registration before 65: Permenaker 1/2025)."""
    return {
        "valid_from": first.isoformat(),
        "min_age": 18,
        "max_age_exclusive": 65,
        "age_on": first.isoformat(),
        "resident_of": resident_of,
        "requires": ["informal_work", "working_now", "not_covered_by_employer", "one_sponsor", "alive"],
    }


def kubu_raya_terms(year: int, budget_ceiling: int) -> SchemeTerms:
    """The regency's usual terms for a whole year: JKK and JKM on a base of Rp1,000,000, `usual_criteria`."""
    first = date(year, 1, 1)
    return SchemeTerms(
        name=f"Bantuan iuran APBD Kabupaten Kubu Raya {year}",
        fiscal_year=year,
        programmes=PROGRAMMES,
        wage_base=WAGE_BASE,
        criteria=usual_criteria(first, "61.12"),
        budget_ceiling=budget_ceiling,
        account_codes=[JKK_ACCOUNT, JKM_ACCOUNT],
        legal_basis=LEGAL_BASIS,
        first_month=first,
        last_month=date(year, 12, 1),
    )


def create_kubu_raya_scheme(actor: Actor, payer_id: int, year: int, budget_ceiling: int = 420_000_000) -> Scheme:
    """The year's scheme of the regency this installation serves, on the usual terms; there already, it is returned.

    Rupiah. Raises as `create_scheme`."""
    terms = kubu_raya_terms(year, budget_ceiling)
    place_id = Installation.objects.get(id=1).place_key
    return Scheme.objects.filter(name=terms["name"]).first() or create_scheme(
        actor, payer_id=payer_id, place_id=place_id, **terms
    )
