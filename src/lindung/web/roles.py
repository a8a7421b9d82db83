"""The roles, and what each may do. Rooms name their permissions; only this table gives them to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from lindung.core.actors import EVERYWHERE, NOBODY, Actor
from lindung.core.models import User


@dataclass(frozen=True)
class Role:
    """A role: its name on screen and its permissions. `company`: of an employer's staff, who see only its rows."""

    code: str
    title: Any
    permissions: frozenset[str]
    company: bool = False


# What every signed-in officer may read within their scope.
_READ = frozenset({"places.view"})
_EMPLOYERS = frozenset({"payers.view", "wages.view", "compliance.view"})
_CASES = _READ | _EMPLOYERS | {"people.view", "membership.view", "contributions.view", "claims.view"}
_BOOKS = frozenset({"contributions.view", "ledger.view", "ledger.view_member", "reconciliation.view", "banking.view"})

ROLES = {
    role.code: role
    for role in (
        Role(
            "regency_officer",
            _("Petugas kabupaten"),
            _CASES
            | {
                "assistance.view",
                "assistance.submit",
                "assistance.open_scheme",
                "assistance.propose_decree",
                "membership.end",
                "contributions.issue_bill",
                "contributions.record_payment",
                "payers.register",
                "payers.agree",
                "payers.set_wage",
                "selfpay.remind",
                "compliance.import",
                "compliance.judge",
                "compliance.summary",
                "claims.report",
                "claims.withdraw_death",
                "claims.import_deaths",
                "coverage.view",
                "jobs.view",
            },
        ),
        Role(
            "regency_approver",
            _("Pejabat penyetuju kabupaten"),
            _CASES
            | {"assistance.view", "assistance.decide_decree", "compliance.summary", "coverage.view", "jobs.view"},
        ),
        Role(
            "village_operator",
            _("Operator desa"),
            _READ
            | {
                "people.view",
                "membership.view",
                "assistance.view",
                "assistance.submit",
                "claims.view",
                "claims.report",
                "jobs.view",
            },
        ),
        Role(
            "branch_verifier",
            _("Verifikator cabang"),
            _CASES
            | {
                "claims.report",
                "claims.withdraw_death",
                "claims.file",
                "claims.judge",
                "claims.make_payout",
                "claims.confirm_payout",
                "claims.view_bank",
                "ledger.view_member",
                "ledger.file_jht",
                "coverage.view",
                "jobs.view",
            },
        ),
        Role(
            "branch_relations",
            _("Petugas kepesertaan cabang"),
            _READ
            | _EMPLOYERS
            | {
                "people.view",
                "membership.view",
                "contributions.view",
                "payers.register",
                "payers.change",
                "payers.agree",
                "payers.project",
                "payers.certify",
                "payers.collect",
                "payers.view_collectives",
                "payers.set_wage",
                "wages.report",
                "wages.identity",
                "selfpay.remind",
                "compliance.import",
                "compliance.judge",
                "compliance.object",
                "compliance.step",
                "compliance.plan",
                "compliance.summary",
                "coverage.view",
                "jobs.view",
            },
        ),
        Role(
            "branch_finance",
            _("Petugas keuangan cabang"),
            _READ
            | _BOOKS
            | {
                "payers.view",
                "contributions.issue_bill",
                "contributions.record_payment",
                "contributions.reverse_payment",
                "contributions.assess_penalties",
                "ledger.propose",
                "ledger.pay_jht",
                "reconciliation.import",
                "reconciliation.add_account",
                "reconciliation.propose",
                "jobs.view",
            },
        ),
        Role(
            "branch_approver",
            _("Penyetuju cabang"),
            _CASES
            | _BOOKS
            | {
                "claims.approve",
                "claims.release_payout",
                "claims.view_bank",
                "contributions.confirm_reversal",
                "ledger.decide",
                "ledger.credit",
                "reconciliation.decide",
                "compliance.decide",
                "coverage.view",
                "jobs.view",
            },
        ),
        Role(
            "auditor",
            _("Auditor"),
            _CASES
            | _BOOKS
            | {
                "assistance.view",
                "payers.view_collectives",
                "compliance.summary",
                "coverage.view",
                "audit.view",
                "jobs.view",
            },
        ),
        Role(
            "company_hr",
            _("Staf perusahaan"),
            frozenset({"wages.view", "wages.report", "compliance.own", "jobs.view"}),
            company=True,
        ),
        Role("leadership", _("Pimpinan"), _READ | {"coverage.view", "compliance.summary"}),
        Role(
            "administrator",
            _("Administrator"),
            _READ | {"users.manage", "banking.manage", "banking.view", "audit.view", "jobs.view"},
        ),
    )
}


def role_title(code: str) -> Any:
    """A role's name on screen; its code when it is none of ours (the system itself)."""
    return ROLES[code].title if code in ROLES else code


def actor_for(user: Any) -> Actor:
    """The actor that a signed-in user is; NOBODY for anyone else."""
    if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
        return NOBODY
    role = ROLES.get(user.role)
    if role is None or not user.is_active:
        return Actor(user.pk, user.display_name, user.role)
    if role.company:
        return Actor(user.pk, user.display_name, role.code, role.permissions, payers=tuple(user.payer_ids or ()))
    return Actor(user.pk, user.display_name, role.code, role.permissions, scope_of(user.place_keys))


def scope_of(place_keys: list[int]) -> tuple[tuple[int, int], ...]:
    """Ranges of place keys: a key that ends in zeros stands for its whole subtree. Key 0 is the whole country."""
    if 0 in place_keys:
        return EVERYWHERE
    return tuple((key, key + _subtree_size(key) - 1) for key in sorted(place_keys))


def _subtree_size(key: int) -> int:
    for size in (100_000_000, 1_000_000, 10_000):  # province, regency, district
        if key % size == 0:
            return size
    return 1
