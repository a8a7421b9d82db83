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
_CASES = _READ | {"people.view", "membership.view", "contributions.view", "claims.view", "wages.view"}

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
                "selfpay.remind",
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
            _CASES | {"assistance.view", "assistance.decide_decree", "coverage.view", "jobs.view"},
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
                "coverage.view",
                "jobs.view",
            },
        ),
        Role(
            "branch_approver",
            _("Penyetuju cabang"),
            _CASES | {"claims.approve", "claims.release_payout", "claims.view_bank", "coverage.view", "jobs.view"},
        ),
        Role("auditor", _("Auditor"), _CASES | {"assistance.view", "coverage.view", "audit.view", "jobs.view"}),
        Role("company_hr", _("Staf perusahaan"), frozenset({"wages.view", "wages.report"}), company=True),
        Role("leadership", _("Pimpinan"), _READ | {"coverage.view"}),
        Role("administrator", _("Administrator"), _READ | {"users.manage", "audit.view", "jobs.view"}),
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
