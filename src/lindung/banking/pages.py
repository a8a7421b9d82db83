"""What officers see of the banks' messages."""

from __future__ import annotations

from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lindung.banking.models import BankPartner
from lindung.banking.queries import messages_page
from lindung.core.access import Requires
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView

SERVICES = {"24": Badge(_("Tanya tagihan")), "25": Badge(_("Pembayaran"), "info")}
OUTCOMES = {
    "booked": Badge(_("Dibukukan"), "ok"),
    "asked": Badge(_("Dijawab"), "ok"),
    "repeated": Badge(_("Pengulangan, sudah dibukukan")),
    "12": Badge(_("Tagihan tidak ditemukan"), "danger"),
    "13": Badge(_("Jumlah tidak sesuai"), "danger"),
    "14": Badge(_("Sudah lunas"), "soon"),
    "18": Badge(_("Berbeda dengan yang pertama"), "danger"),
    "19": Badge(_("Kedaluwarsa"), "soon"),
}


def _banks(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in BankPartner.objects.order_by("name").values_list("pk", "name")]


class MessageList(Requires, TableView):
    """Every message of a bank that was decided on, newest first."""

    permission = "banking.view"
    title = _("Pesan dari bank")
    lead = _(
        "Setiap pertanyaan dan pembayaran lewat rekening virtual, dan jawaban kita. Satu pembayaran dibukukan satu "
        "kali, berapa kali pun bank mengirimnya."
    )
    search_hint = _("Nomor dari bank, lengkap")
    columns: ClassVar = [
        Column("at", _("Waktu"), kind="datetime"),
        Column("bank", _("Bank")),
        Column("service", _("Pesan"), kind="badge", badges=SERVICES),
        Column("bill_number", _("Tagihan"), width="nowrap"),
        Column("payer", _("Pembayar"), width="tight"),
        Column("amount", _("Jumlah"), kind="rupiah"),
        Column("outcome", _("Hasil"), kind="badge", badges=OUTCOMES),
        Column("response_code", _("Kode SNAP"), priority=2),
        Column("request_id", _("Nomor bank"), priority=2, width="tight"),
        Column("reference", _("Nomor referensi"), priority=3),
    ]
    filters: ClassVar = [
        Filter(
            "outcome",
            _("Hasil"),
            [
                ("booked", _("Dibukukan")),
                ("refused", _("Ditolak")),
                ("repeated", _("Pengulangan")),
                ("inquiry", _("Tanya tagihan")),
            ],
        ),
        Filter("bank", _("Bank"), _banks),
    ]
    empty_title = _("Belum ada pesan")
    empty_text = _("Pesan muncul di sini begitu bank mulai mengirim. Bank didaftarkan dengan «lindung bank add».")
    source = _("buku pesan bank")
    filename = "pesan-bank"

    def rows(self, query: ListQuery) -> Page:
        return messages_page(query)
