"""What can be asked about contributions."""

from __future__ import annotations

from ..form.facts import PROGRAMMES, SEGMENT, Fact, read_count, read_flag, read_money, read_word
from ..form.question import Question
from ..form.words import Payer, Sector
from . import self_employed, wage_earners  # noqa: F401  (they register their rules)

LATER_PROGRAMMES = ("jht_employer", "jht_worker", "jp_employer", "jp_worker", "jkp")

QUESTIONS = (
    Question(
        "contributions",
        by_month=True,
        facts=(
            SEGMENT,
            Fact("wage", "sen", read_money),
            Fact("risk_group", "count", read_count(1, 5)),
            Fact("labour_intensive_relief", "flag", read_flag, False),
            PROGRAMMES,
        ),
        answers={"jkk": "jkk_pu", "jkm": "jkm_pu", "employer_total": "total_pu", "total": "total_pu"},
        zeros=(*LATER_PROGRAMMES, "worker_total"),
    ),
    Question(
        "contributions",
        by_month=True,
        facts=(
            SEGMENT,
            Fact("income", "sen", read_money),
            Fact("payer", "payer", read_word(Payer), "self"),
            Fact("sector", "sector", read_word(Sector), "other"),
            PROGRAMMES,
        ),
        answers={
            "base": "bpu_base",
            "jkk": "jkk_bpu",
            "jkm": "jkm_bpu",
            "worker_total": "total_bpu",
            "total": "total_bpu",
        },
        zeros=(*LATER_PROGRAMMES, "employer_total"),
    ),
)
