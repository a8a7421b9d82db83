"""The writes of this room, gathered: lists, findings, the ladder, payment plans."""

from __future__ import annotations

from lindung.compliance.finding import find
from lindung.compliance.judging import accept_finding, judge_finding, object_to
from lindung.compliance.ladder import close_mistaken, close_paid, decide_step, propose_step, send_step
from lindung.compliance.lists import receive_list
from lindung.compliance.plans import decide_plan, propose_plan

__all__ = [
    "accept_finding",
    "close_mistaken",
    "close_paid",
    "decide_plan",
    "decide_step",
    "find",
    "judge_finding",
    "object_to",
    "propose_plan",
    "propose_step",
    "receive_list",
    "send_step",
]
