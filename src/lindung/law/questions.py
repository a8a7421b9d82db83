"""Every question that can be asked, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .contributions.questions import QUESTIONS as CONTRIBUTIONS
from .form.errors import LawError
from .form.facts import REQUIRED, read_segment
from .form.question import Plan, plan_of
from .form.words import Segment
from .jht.questions import QUESTIONS as JHT
from .jkk.questions import QUESTIONS as JKK
from .jkm.questions import QUESTIONS as JKM
from .jkp.questions import QUESTIONS as JKP
from .jp.monthly import BY_MONTH
from .jp.questions import QUESTIONS as JP
from .membership.questions import QUESTIONS as MEMBERSHIP
from .scholarship.questions import QUESTIONS as SCHOLARSHIP

ALL = (*CONTRIBUTIONS, *JKK, *JKM, *SCHOLARSHIP, *JHT, *JP, BY_MONTH, *JKP, *MEMBERSHIP)


def _by_segment() -> dict[str, dict[Segment | str | None, Plan]]:
    """Plans by question name; where the segments need other facts, one plan each; variants under their own name."""
    plans: dict[str, dict[Segment | str | None, Plan]] = {}
    for question in ALL:
        names = {fact.name for fact in question.facts}
        segment = None
        if "segment" in names:
            segment = Segment.PU if "wage" in names else Segment.BPU if "income" in names else None
        plans.setdefault(question.name, {})[question.variant or segment] = plan_of(question)
    return plans


PLANS = _by_segment()
VARIANTS = {name: [plan for key, plan in plans.items() if isinstance(key, str)] for name, plans in PLANS.items()}


def plan_for(name: str, facts: Mapping[str, Any]) -> Plan:
    """The plan that answers a question. Raises LawError unknown_rule, or missing_fact for the segment."""
    if name not in PLANS:
        raise LawError("unknown_rule", f"Aturan {name} tidak ada; yang ada: {', '.join(PLANS)}.", "rule")
    for variant in VARIANTS[name]:
        if variant.question.when(facts):
            return variant
    plans = PLANS[name]
    if None in plans:
        return plans[None]
    segment = facts.get(
        "segment", next(fact.default for fact in plans[Segment.PU].question.facts if fact.name == "segment")
    )
    if segment is REQUIRED:
        raise LawError("missing_fact", "Fakta segment belum diisi: PU atau BPU.", "segment")
    return plans[read_segment(segment, "segment")]
