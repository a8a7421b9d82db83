"""The law as code: JKK and JKM of PP 44/2015 and what changed them, pure and dated, with reasons.

No clock, no database, no Django; the only files read are this room's own parameters.
"""

from __future__ import annotations

from .form.errors import LawError, LawFileError
from .form.figures import history, missing_on, parameters_on
from .form.reform import Reform, load_reform
from .judgement import Judgement, Step, evaluate, judge, judge_question, law_version, result_of
from .membership.protection import Cover, PaidMonths, decide_cover
from .tables.injuries import injuries
from .tables.risk_groups import risk_groups
from .unverified import unverified

__all__ = [
    "Cover",
    "Judgement",
    "LawError",
    "LawFileError",
    "PaidMonths",
    "Reform",
    "Step",
    "decide_cover",
    "evaluate",
    "history",
    "injuries",
    "judge",
    "judge_question",
    "law_version",
    "load_reform",
    "missing_on",
    "parameters_on",
    "result_of",
    "risk_groups",
    "unverified",
]
