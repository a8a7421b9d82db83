"""The forms of this room. What is right is decided by the actions; a form only shapes the question."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.claims.actions.correcting import SHORTEST_REASON
from lindung.claims.models import Claim, InsuredEvent
from lindung.claims.queries.heirs import RELATIONS
from lindung.core.errors import DomainError
from lindung.core.ui.parts import Text

CAUSES: list[tuple[str, Text]] = [
    (InsuredEvent.Cause.NON_WORK.value, _("Bukan karena kerja (sakit, usia, lainnya)")),
    (InsuredEvent.Cause.WORK.value, _("Karena kecelakaan kerja atau penyakit akibat kerja")),
]
SOURCES: list[tuple[str, Text]] = [
    (InsuredEvent.Source.HEIR.value, _("Keluarga atau ahli waris")),
    (InsuredEvent.Source.OFFICE.value, _("Petugas")),
]
PROGRAMMES: list[tuple[str, Text]] = [
    (Claim.Programme.JKM.value, _("JKM – Jaminan Kematian (meninggal bukan karena kerja)")),
    (Claim.Programme.JKK.value, _("JKK – Jaminan Kecelakaan Kerja (meninggal karena kerja)")),
]
CHANNELS: list[tuple[str, Text]] = [
    ("letter", _("Surat")),
    ("visit", _("Kunjungan")),
    ("phone", _("Telepon")),
    ("message", _("Pesan WhatsApp atau SMS")),
]


def show_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put what a rule said at the field it concerns."""
    field = error.field if error.field in form.fields else None
    form.add_error(field, " ".join(str(part) for part in (error.message, error.way_out, error.article) if part))


def _date_widget() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReportDeathForm(forms.Form):
    """A death, as the family or the officer tells it."""

    occurred_on = forms.DateField(label=_("Tanggal meninggal"), widget=_date_widget())
    cause = forms.ChoiceField(label=_("Sebab"), choices=CAUSES, widget=forms.RadioSelect, initial="non_work")
    source = forms.ChoiceField(label=_("Yang melapor"), choices=SOURCES, widget=forms.RadioSelect, initial="heir")
    source_ref = forms.CharField(
        label=_("Nomor surat atau akta kematian"), required=False, max_length=120, help_text=_("Boleh menyusul.")
    )
    note = forms.CharField(
        label=_("Catatan"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawDeathForm(forms.Form):
    """Why a recorded death does not stand."""

    reason = forms.CharField(
        label=_("Alasan"),
        min_length=SHORTEST_REASON,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Contoh: orangnya masih hidup; akta kematian milik orang lain yang namanya sama."),
    )
    source_ref = forms.CharField(
        label=_("Nomor surat bukti"), required=False, max_length=120, help_text=_("Surat desa atau Disdukcapil.")
    )


class DeathListForm(forms.Form):
    """The civil registry's workbook."""

    # The workbook's guard says of an empty file what to do.
    file = forms.FileField(label=_("Daftar kematian dari Disdukcapil (.xlsx)"), allow_empty_file=True)


class TellHeirsForm(forms.Form):
    """Whom of the family to tell, and how."""

    told_name = forms.CharField(
        label=_("Nama yang diberi tahu"),
        required=False,
        max_length=150,
        help_text=_("Kosongkan untuk ahli waris pertama yang tercatat."),
    )
    channel = forms.ChoiceField(label=_("Cara"), choices=CHANNELS)


class FileClaimForm(forms.Form):
    """An heir's claim and his own account."""

    programme = forms.ChoiceField(label=_("Program"), choices=PROGRAMMES, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Nama ahli waris"), max_length=150, help_text=_("Seperti pada KTP."))
    nik = forms.CharField(label=_("NIK ahli waris"), max_length=16, help_text=_("16 angka."))
    relation = forms.ChoiceField(label=_("Hubungan dengan peserta"), choices=list(RELATIONS.items()))
    phone = forms.CharField(
        label=_("Nomor telepon ahli waris"),
        required=False,
        max_length=20,
        help_text=_("Milik ahli waris, bukan petugas."),
    )
    bank_name = forms.CharField(label=_("Bank"), max_length=60, help_text=_("Contoh: Bank Kalbar."))
    bank_account = forms.CharField(label=_("Nomor rekening"), max_length=30)
    bank_holder = forms.CharField(
        label=_("Nama pemilik rekening"),
        max_length=150,
        help_text=_("Harus ahli waris sendiri, seperti pada buku rekening."),
    )
    traffic = forms.BooleanField(label=_("Kecelakaan lalu lintas (perlu laporan polisi)"), required=False)


class ConfirmPayoutForm(forms.Form):
    """What the bank says."""

    paid_on = forms.DateField(label=_("Tanggal masuk rekening"), widget=_date_widget())
    bank_reference = forms.CharField(label=_("Nomor referensi bank"), max_length=60)

    def __init__(self, data: Any = None, *, payout_id: int) -> None:
        super().__init__(data, auto_id=f"id_{payout_id}_%s")
