"""What the pages of this room share."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.access import actor_of
from lindung.core.errors import NotFound
from lindung.core.months import format_month, parse_month
from lindung.core.ui.listing import Choices
from lindung.core.ui.parts import Tab
from lindung.core.ui.words import long_month
from lindung.ledger import queries

SOURCE = gettext_lazy("buku besar")
KINDS = {
    "bill": gettext_lazy("Tagihan"),
    "bills": gettext_lazy("Tagihan, sekaligus banyak"),
    "payment": gettext_lazy("Pembayaran"),
    "payments": gettext_lazy("Pembayaran, sekaligus banyak"),
    "payment_reversal": gettext_lazy("Pembayaran dibatalkan"),
    "settlement": gettext_lazy("Pelunasan"),
    "statement": gettext_lazy("Rekening koran"),
    "suspense": gettext_lazy("Uang masuk belum dikenali"),
    "jht": gettext_lazy("Iuran JHT masuk saldo peserta"),
    "jht_interest": gettext_lazy("Hasil pengembangan JHT"),
    "jht_withdrawal": gettext_lazy("Pengambilan JHT disetujui"),
    "jht_payment": gettext_lazy("Pengambilan JHT dibayar"),
    "benefit": gettext_lazy("Manfaat disetujui"),
    "benefit_withdrawn": gettext_lazy("Manfaat batal"),
    "payout": gettext_lazy("Manfaat dibayar"),
    "journal": gettext_lazy("Jurnal dengan tangan"),
}


def kind_title(kind: str) -> str:
    """An entry's kind in words."""
    return str(KINDS.get(kind, kind))


def room_tabs(request: HttpRequest, current: str) -> list[Tab]:
    """Trial balance, funds, journal, periods, JHT: those the reader may open."""
    tabs = [
        ("ledger.view", "trial_balance", _("Neraca saldo")),
        ("ledger.view", "funds", _("Dana program")),
        ("ledger.view", "entries", _("Jurnal")),
        ("ledger.view", "periods", _("Periode")),
        ("ledger.view_member", "jht_accounts", _("Rekening JHT")),
        ("ledger.view", "jht_years", _("Hasil pengembangan JHT")),
    ]
    actor = actor_of(request)
    return [
        Tab(title, reverse(f"ledger:{name}"), name == current)
        for permission, name, title in tabs
        if actor.may(permission)
    ]


def month_choices(_request: HttpRequest) -> Choices:
    """The months of the books, the newest first."""
    return [(format_month(month), long_month(month)) for month in queries.months()]


def month_in_address(text: str) -> date:
    """A month as it stands in an address. Raises NotFound for anything else."""
    if len(text) != 7:
        raise NotFound("month_not_found", _("Bulan tidak ditemukan. Tulis seperti 2026-03."))
    return parse_month(text)
