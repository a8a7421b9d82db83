"""What can be asked about cover, heirs and time limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..form.facts import HOLIDAYS, SEGMENT, Fact, one_programme, read_day, read_payments, read_relatives
from ..form.question import Question
from ..form.words import Programme
from . import cover, heirs, registration, time_limits  # noqa: F401  (they register their rules)
from .heirs import NOBODY

FUND = (
    "Tidak ada ahli waris maupun wasiat: biaya pemakaman dibayarkan kepada pihak yang mengurus pemakaman; "
    "santunan lainnya diserahkan ke Dana Jaminan Sosial.",
    "No heir and no will: the funeral grant goes to whoever arranged the burial; the rest goes to the Social "
    "Security Fund (Dana Jaminan Sosial).",
)
PROBATE = (
    "Tidak ada ahli waris maupun wasiat: JHT dikembalikan ke balai harta peninggalan.",
    "No heir and no will: the JHT balance goes to the probate office (balai harta peninggalan).",
)
JKK, JKM, JHT, JP = Programme.JKK, Programme.JKM, Programme.JHT, Programme.JP


def heirs_named(result: dict[str, Any], known: dict[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The heirs by place and name, and where the money goes when there are none."""
    relatives = [facts["relatives"][place] for place in result["heirs"]]
    result["names"] = [None if isinstance(relative, str) else relative.get("name") for relative in relatives]
    goes_to = PROBATE if known["programme"] == JHT else FUND
    result["fund_share"], result["fund_share_en"] = goes_to if result["tier"] == NOBODY else (None, None)
    return result


QUESTIONS = (
    Question(
        "heirs",
        by_month=False,
        facts=(
            Fact("relatives", "relatives", read_relatives),
            Fact("programme", "programmes", one_programme(JKK, JKM, JHT), "JKM"),
        ),
        answers={"tier": "heir_tier", "heirs": "heirs"},
        outcome=heirs_named,
    ),
    Question(
        "cover",
        by_month=False,
        facts=(
            SEGMENT,
            Fact("registered_on", "day", read_day),
            Fact("paid", "payments", read_payments),
            HOLIDAYS,
        ),
        answers={
            "status": "status",
            "paid_through": "paid_through",
            "grace_until": "grace_until",
            "inactive_from": "inactive_from",
            "consecutive_months": "consecutive_months",
            "protected_since": "protected_since",
            "jkm_full_from": "jkm_full_from",
            "arrears_months": "arrears_months",
        },
        at_month_end=True,
    ),
    Question(
        "service_clock",
        by_month=False,
        facts=(Fact("programme", "programmes", one_programme(JKK, JKM, JHT, JP)), HOLIDAYS),
        answers={"days": "service_days", "pay_by": "pay_by"},
    ),
    Question(
        "claim_expiry",
        by_month=False,
        facts=(Fact("programme", "programmes", one_programme(JKK, JKM)),),
        answers={"claim_until": "claim_until"},
    ),
    Question(
        "bpu_registration",
        by_month=False,
        facts=(Fact("birth_date", "day", read_day),),
        answers={"may_register": "may_register", "closes_on": "registration_closes"},
    ),
)
