"""Tables of compliance: lists that came in, findings, the ladder of letters, payment plans."""

from lindung.compliance.models.findings import Finding, FindingEvent, FindingRun, FindingStanding
from lindung.compliance.models.ladder import ArrearsCase, CaseClosure, LadderStep, StepDecision, StepSending
from lindung.compliance.models.lists import CompanyList, ListedCompany, ListMatch
from lindung.compliance.models.plans import PaymentPlan, PlanBill, PlanDecision, PlanInstalment

__all__ = [
    "ArrearsCase",
    "CaseClosure",
    "CompanyList",
    "Finding",
    "FindingEvent",
    "FindingRun",
    "FindingStanding",
    "LadderStep",
    "ListMatch",
    "ListedCompany",
    "PaymentPlan",
    "PlanBill",
    "PlanDecision",
    "PlanInstalment",
    "StepDecision",
    "StepSending",
]
