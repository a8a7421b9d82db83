"""What people type: a journal by hand, a year's return, why a month is closed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.core.errors import InvalidInput
from lindung.core.money import parse_rupiah
from lindung.ledger.models import Account

JOURNAL_LINES = 6


class ReasonForm(forms.Form):
    """Why a month is closed."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=250,
        help_text=_("Contoh: semua uang masuk sudah cocok dengan rekening koran."),
    )


class RateForm(forms.Form):
    """A year's JHT return as the board decided it."""

    percent = forms.CharField(label=_("Hasil pengembangan setahun"), max_length=7, help_text=_("Persen, contoh 5,58."))
    citation = forms.CharField(
        label=_("Sumber"), max_length=250, help_text=_("Nomor dan tanggal keputusan direksi, atau pengumuman resmi.")
    )


WHY = {
    "age": _("Mencapai usia pensiun"),
    "resignation": _("Mengundurkan diri"),
    "dismissal": _("PHK"),
    "contract_end": _("Kontrak berakhir"),
    "stopped_working": _("Berhenti bekerja (bukan penerima upah)"),
    "total_disability": _("Cacat total tetap"),
    "leaving_indonesia": _("Meninggalkan Indonesia untuk selamanya"),
    "death": _("Meninggal dunia (kepada ahli waris)"),
    "partial_housing": _("Sebagian, paling banyak 30%, untuk rumah"),
    "partial_other": _("Sebagian, paling banyak 10%, persiapan pensiun"),
}


class TakeJhtForm(forms.Form):
    """A member, or an heir, asks for JHT."""

    reason = forms.ChoiceField(label=_("Alasan"), choices=[("", "–"), *WHY.items()])
    amount = forms.CharField(
        label=_("Jumlah"), required=False, max_length=25,
        help_text=_("Hanya untuk pengambilan sebagian; kosong berarti sebanyak yang boleh."),
    )  # fmt: skip
    npwp = forms.BooleanField(label=_("Penerima memiliki NPWP"), required=False)
    name = forms.CharField(label=_("Nama penerima"), max_length=150)
    bank = forms.CharField(label=_("Bank"), max_length=60, help_text=_("Contoh: Bank Kalbar."))
    account = forms.CharField(label=_("Nomor rekening"), max_length=30, widget=forms.TextInput({"autocomplete": "off"}))
    note = forms.CharField(
        label=_("Berkas yang diperiksa"), max_length=250,
        help_text=_("Contoh: KTP, kartu peserta, surat keterangan berhenti tanggal 12 Januari 2026."),
    )  # fmt: skip

    def clean_amount(self) -> int | None:
        """Rupiah, or nothing."""
        text = self.cleaned_data["amount"].strip()
        if not text:
            return None
        try:
            return parse_rupiah(text)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error


class PayJhtForm(forms.Form):
    """What the bank says of a payment."""

    paid_on = forms.DateField(
        label=_("Tanggal dibayar"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    bank_reference = forms.CharField(label=_("Nomor referensi bank"), max_length=60)


def _accounts() -> list[tuple[str, str]]:
    chart = Account.objects.filter(by_payer=False).order_by("code")
    return [("", "–"), *((row.code, f"{row.code} {row.name}") for row in chart)]


class JournalLineForm(forms.Form):
    """One line of a journal: an account, and rupiah on one side."""

    account = forms.ChoiceField(label=_("Akun"), required=False, choices=_accounts)
    debit = forms.CharField(label=_("Debit"), required=False, max_length=25)
    credit = forms.CharField(label=_("Kredit"), required=False, max_length=25)

    def clean(self) -> dict[str, Any]:
        """Rupiah on one side only, and never without an account."""
        cleaned = super().clean() or {}
        sides = [self._rupiah(cleaned, "debit"), self._rupiah(cleaned, "credit")]
        if all(sides):
            raise forms.ValidationError(_("Isi debit atau kredit, jangan keduanya."))
        if any(sides) and not cleaned.get("account"):
            raise forms.ValidationError(_("Pilih akun untuk jumlah ini."))
        return cleaned | {"amount": sides[0] - sides[1]}

    def _rupiah(self, cleaned: dict[str, Any], name: str) -> int:
        text = cleaned.get(name) or ""
        if not text.strip():
            return 0
        try:
            return parse_rupiah(text)
        except InvalidInput as error:
            self.add_error(name, error.message)
            return 0


JournalLines = forms.formset_factory(
    JournalLineForm, extra=JOURNAL_LINES, max_num=JOURNAL_LINES, absolute_max=JOURNAL_LINES
)


class JournalForm(forms.Form):
    """The head of a journal by hand."""

    dated = forms.DateField(label=_("Tanggal"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(
        label=_("Keterangan"), max_length=250, help_text=_("Contoh: bunga deposito dana JKK bulan Maret 2026.")
    )
