"""What every page shows around its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lindung.core.clock import installation
from lindung.web.roles import ROLES


@dataclass(frozen=True)
class NavItem:
    """One entry of the navigation."""

    title: Any
    url: str
    icon: str
    current: bool


# (permission, route, icon, title): the order of the navigation.
NAVIGATION = (
    ("signed_in", "home", "home", _("Beranda")),
    ("coverage.view", "coverage:overview", "map", _("Cakupan")),
    ("assistance.view", "assistance:proposals", "upload", _("Usulan")),
    ("assistance.view", "assistance:decrees", "file", _("SK")),
    ("wages.view", "wages:start", "file", _("Laporan upah")),
    ("payers.view", "payers:employers", "home", _("Perusahaan")),
    ("contributions.view", "contributions:bills", "money", _("Tagihan")),
    ("people.view", "contributions:participants", "people", _("Peserta")),
    ("contributions.view", "contributions:alarms", "alert", _("Peringatan")),
    ("compliance.view", "compliance:worklist", "check", _("Kepatuhan")),
    ("compliance.own", "compliance:own_start", "check", _("Temuan")),
    ("selfpay.remind", "selfpay:reminders", "calendar", _("Pengingat")),
    ("reconciliation.view", "reconciliation:lines", "filter", _("Rekening koran")),
    ("ledger.view", "ledger:trial_balance", "copy", _("Buku besar")),
    ("claims.view", "claims:claims", "shield", _("Klaim")),
    ("banking.view", "banking:messages", "info", _("Kanal bank")),
    ("audit.view", "audit", "clock", _("Jejak audit")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Navigation for the role, the installation's name, the demonstration date."""
    actor = getattr(request, "actor", None)
    served = installation()
    common = {
        "installation": served,
        "demo_today": served.business_date if served else None,
    }
    if actor is None or actor.user_id is None:
        return {**common, "nav_items": []}
    items = []
    for permission, route, icon, title in NAVIGATION:
        if permission == "signed_in" or actor.may(permission):
            url = reverse(route)
            current = request.path == url or (url != "/" and request.path.startswith(url))
            items.append(NavItem(title, url, icon, current))
    role = ROLES.get(actor.role)
    return {**common, "nav_items": items, "actor": actor, "role_title": role.title if role else actor.role}
