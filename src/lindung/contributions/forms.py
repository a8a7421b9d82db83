"""What people type: a payment, the end of a membership."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.contributions.leaving import SHORTEST_REASON
from lindung.contributions.models import Payment
from lindung.core.errors import InvalidInput
from lindung.core.money import parse_rupiah

KINDS = [(Payment.Kind.SP2D.value, _("SP2D (kas daerah)")), (Payment.Kind.TRANSFER.value, _("Transfer bank"))]


class PaymentForm(forms.Form):
    """Money received for one bill."""

    kind = forms.ChoiceField(label=_("Cara bayar"), choices=KINDS)
    reference = forms.CharField(
        label=_("Nomor bukti"), max_length=80, help_text=_("Nomor SP2D atau nomor transfer. Contoh: 00123/SP2D/2026.")
    )
    paid_on = forms.DateField(
        label=_("Tanggal uang diterima"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    amount = forms.CharField(label=_("Jumlah"), max_length=25, help_text=_("Contoh: 16.800."))
    instalment = forms.BooleanField(
        label=_("Ini angsuran"),
        required=False,
        help_text=_("Tandai bila jumlahnya memang belum penuh. Peserta baru terlindungi setelah tagihan lunas."),
    )

    def clean_amount(self) -> int:
        """Rupiah, in any of the ways people write them."""
        try:
            return parse_rupiah(self.cleaned_data["amount"])
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error

    @staticmethod
    def starting(left: int, day: date) -> dict[str, object]:
        """What is filled in already: the whole rest, today."""
        return {"amount": f"{left:,}".replace(",", "."), "paid_on": day, "kind": Payment.Kind.SP2D.value}


class LeavingForm(forms.Form):
    """The end of a membership."""

    effective_on = forms.DateField(
        label=_("Tidak lagi peserta sejak"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Hari pertama tanpa kepesertaan. Bulan yang sudah dimulai tetap dibayar."),
        error_messages={"invalid": _("Tanggal tidak terbaca. Contoh: 01-03-2026.")},
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Alasan"), min_length=SHORTEST_REASON, max_length=250, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Contoh: diterima bekerja di perusahaan, atau pindah ke luar kabupaten."),
    )  # fmt: skip


class ReversalForm(forms.Form):
    """Why a payment was none."""

    reason = forms.CharField(
        label=_("Alasan"), min_length=SHORTEST_REASON, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Contoh: ditolak bank penerima, atau tercatat dua kali dengan nomor 00123/SP2D/2026."),
    )  # fmt: skip
