"""What can be asked about contributions."""

from __future__ import annotations

from collections.abc import Mapping

from ..form.facts import (
    HOLIDAYS,
    SEGMENT,
    Fact,
    Maybe,
    Money,
    one_programme,
    read_count,
    read_flag,
    read_money,
    read_word,
)
from ..form.question import Question
from ..form.words import FirmSize, Payer, Placement, Programme, Sector
from . import (  # noqa: F401  (they register their rules)
    construction,
    employers,
    job_loss,
    lateness,
    migrants,
    programmes,
    reliefs,
    self_employed,
    wage_earners,
    wages,
)
from .reading import (
    EVERY,
    MOST_CONTRACT,
    MOST_TOTAL,
    WITHOUT_WAGE,
    Country,
    by_sales,
    by_wage_bill,
    check_due,
    check_employed,
    check_migrant,
    check_piece_wages,
    employed,
    read_wages,
)

RELIEFS = Fact("reliefs", "flag", read_flag, True)
EMPLOYMENT = (
    Fact("risk_group", "count", read_count(1, 5)),
    Fact("firm_size", "firm_size", Maybe(read_word(FirmSize)), None),
    Fact("citizenship", "citizenship", Country(), "ID"),
    Fact("age", "years", read_count(0, 120), 30),
    Fact("labour_intensive_relief", "flag", read_flag, False),
    Fact("programmes", "programmes", Maybe(EVERY), None),
    Fact("jp_postponed", "flag", read_flag, False),
    Fact("jkp_member", "flag", read_flag, False),
    RELIEFS,
)
OF_EMPLOYED = {
    "jkk": "jkk_pu",
    "jkm": "jkm_pu",
    "jht_employer": "jht_employer",
    "jht_worker": "jht_worker",
    "jp_employer": "jp_employer",
    "jp_worker": "jp_worker",
    "jkp_government": "jkp_government",
    "jkp_from_jkk": "jkp_from_jkk",
    "jkp_from_jkm": "jkp_from_jkm",
    "employer_total": "employer_total_pu",
    "worker_total": "worker_total_pu",
    "total": "total_pu",
}
WAGE_FACTS = {
    "wage": (Fact("wage", "sen", read_money),),
    "daily_wage": (Fact("daily_wage", "sen", Money(4_000_000_000)),),
    "piece_wages": (
        Fact("piece_wages", "sen_list", read_wages),
        Fact("weather_dependent", "flag", read_flag, False),
    ),
}
WAGE_RULES = {"daily_wage": {"wage": "wage_of_days"}, "piece_wages": {"wage": "wage_of_pieces"}}
NO_JP = {"jp_employer": "jp_none", "jp_worker": "jp_none"}


def of_employed(wage_fact: str, jp: bool) -> Question:
    """The question for wage earners; without JP it needs no ceiling, so it is answered beyond the last one known."""
    plain = wage_fact == "wage" and jp
    bound: Mapping[str, str] = WAGE_RULES.get(wage_fact, {}) | ({} if jp else NO_JP)
    return Question(
        "contributions",
        by_month=True,
        facts=(SEGMENT, *WAGE_FACTS[wage_fact], *EMPLOYMENT),
        answers=OF_EMPLOYED if jp else OF_EMPLOYED | NO_JP,
        bound=bound,
        check=check_piece_wages if wage_fact == "piece_wages" else check_employed,
        variant="" if plain else f"{wage_fact}{'' if jp else ' without JP'}",
        when=bool if plain else employed(wage_fact, jp),
    )


def of_construction(by_wages: bool) -> Question:
    """The question for construction projects: by contract value, or by wages where they are known."""
    of_wages = {"construction_jkk": "construction_jkk_of_wages", "construction_jkm": "construction_jkm_of_wages"}
    value = (
        Fact("contract_value", "sen", Money(MOST_CONTRACT)),
        Fact("vat_percent", "percent", read_count(0, 100), 0),
    )
    bound = of_wages if by_wages else {}
    return Question(
        "construction_contributions",
        by_month=True,
        facts=(*((Fact("wage_bill", "sen", Money(MOST_TOTAL)),) if by_wages else value), RELIEFS),
        answers={
            "jkk": bound.get("construction_jkk", "construction_jkk"),
            "jkm": bound.get("construction_jkm", "construction_jkm"),
            "total": "construction_total",
        },
        bound=bound,
        variant="wage_bill" if by_wages else "",
        when=by_wage_bill if by_wages else bool,
    )


def of_size(fact: str, rule: str, variant: str) -> Question:
    """The question for an employer's size by one of the two measures."""
    return Question(
        "firm_size",
        by_month=False,
        facts=(Fact(fact, "sen", Money(MOST_CONTRACT)),),
        answers={"firm_size": rule},
        variant=variant,
        when=by_sales if variant else bool,
    )


QUESTIONS = (
    *(of_employed(wage_fact, jp) for wage_fact in WAGE_FACTS for jp in (True, False)),
    Question(
        "contributions",
        by_month=True,
        facts=(
            SEGMENT,
            Fact("income", "sen", read_money),
            Fact("payer", "payer", read_word(Payer), "self"),
            Fact("sector", "sector", read_word(Sector), "other"),
            Fact("programmes", "programmes", WITHOUT_WAGE, ("JKK", "JKM")),
            RELIEFS,
        ),
        answers={
            "base": "bpu_base",
            "jkk": "jkk_bpu",
            "jkm": "jkm_bpu",
            "jht_worker": "jht_bpu",
            "worker_total": "total_bpu",
            "total": "total_bpu",
        },
        zeros=(
            *("jht_employer", "jp_employer", "jp_worker", "employer_total"),
            *("jkp_government", "jkp_from_jkk", "jkp_from_jkm"),
        ),
    ),
    of_construction(by_wages=False),
    of_construction(by_wages=True),
    of_size("capital", "firm_size_by_capital", ""),
    of_size("annual_sales", "firm_size_by_sales", "annual_sales"),
    Question(
        "construction_registration",
        by_month=False,
        facts=(HOLIDAYS,),
        answers={"register_by": "construction_register_by"},
    ),
    Question("construction_terms", by_month=False, facts=(), answers={"shares": "construction_terms"}),
    Question(
        "migrant_contributions",
        by_month=False,
        facts=(Fact("placement", "placement", read_word(Placement)), Fact("months", "months", read_count(1, 120))),
        answers={"before": "migrant_before", "during": "migrant_during", "total": "migrant_total"},
        check=check_migrant,
    ),
    Question(
        "late_penalty",
        by_month=True,
        facts=(
            Fact("amount", "sen", Money(MOST_TOTAL)),
            Fact("months_late", "months", read_count(0, 600)),
            Fact("segment", "segment", SEGMENT.read, "PU"),
            RELIEFS,
        ),
        answers={"penalty": "late_penalty"},
    ),
    Question(
        "due_date",
        by_month=True,
        facts=(
            SEGMENT,
            Fact("programme", "programmes", one_programme(*Programme), "JKK"),
            HOLIDAYS,
        ),
        answers={"due_on": "due_on"},
        check=check_due,
    ),
    Question(
        "jp_deferral",
        by_month=True,
        facts=(Fact("amount", "sen", Money(MOST_TOTAL)),),
        answers={
            "due_now": "jp_paid_now",
            "deferred": "jp_paid_later",
            "settle_from": "jp_settled_from",
            "settle_until": "jp_settled_until",
        },
    ),
    Question("jp_ceiling", by_month=True, facts=(), answers={"ceiling": "jp_wage_ceiling"}),
)
