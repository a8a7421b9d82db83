"""What people send: a bank's file, the treasury's list, an account, whose money a line is, a receipt."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.core.errors import InvalidInput
from lindung.core.money import parse_rupiah
from lindung.reconciliation.models import Account

MAX_FILE = 50 * 1024 * 1024


def _checked(file: object) -> object:
    if getattr(file, "size", 0) > MAX_FILE:
        raise forms.ValidationError(_("Berkas lebih dari 50 MB. Bagi menurut tanggal, misalnya per minggu."))
    return file


class StatementForm(forms.Form):
    """A bank's statement; the account only where the file names none."""

    file = forms.FileField(label=_("Rekening koran"), allow_empty_file=True)
    account = forms.ModelChoiceField(
        label=_("Rekening"),
        queryset=Account.objects.order_by("bank", "number"),
        to_field_name="number",
        required=False,
        empty_label=_("Sesuai isi berkas"),
        help_text=_("Pilih bila berkas CSV tidak menyebut nomor rekening."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["account"].label_from_instance = lambda row: f"{row.bank} {row.number}"  # type: ignore[attr-defined]

    def clean_file(self) -> object:
        """Not beyond what is read."""
        return _checked(self.cleaned_data["file"])


class Sp2dForm(forms.Form):
    """The treasury's list."""

    file = forms.FileField(label=_("Daftar SP2D"), allow_empty_file=True)

    def clean_file(self) -> object:
        """Not beyond what is read."""
        return _checked(self.cleaned_data["file"])


class AccountForm(forms.Form):
    """A bank account in which contributions arrive."""

    number = forms.CharField(label=_("Nomor rekening"), max_length=40, help_text=_("Contoh: 1001234567."))
    bank = forms.CharField(label=_("Bank"), max_length=80, help_text=_("Contoh: Bank Kalbar."))
    holder = forms.CharField(label=_("Atas nama"), max_length=120)


class IdentifyForm(forms.Form):
    """Whose money a line is: one of the candidates, or a payer by number."""

    choice = forms.CharField(required=False, max_length=40)
    npp = forms.CharField(
        label=_("NPP pembayar"),
        max_length=20,
        required=False,
        help_text=_("Diisi bila pembayarnya tidak ada di daftar. Uangnya melunasi tagihan tertua lebih dahulu."),
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Contoh: sesuai bukti transfer yang dikirim bendahara 26 Februari."),
    )


class ReleaseForm(forms.Form):
    """Why a line is not what it was taken for."""

    reason = forms.CharField(label=_("Alasan"), max_length=250, widget=forms.Textarea(attrs={"rows": 2}))


class ReceiptForm(forms.Form):
    """Money that came in past the bank's messages."""

    npp = forms.CharField(label=_("NPP pembayar"), max_length=20, help_text=_("Contoh: KB000123."))
    amount = forms.CharField(label=_("Jumlah"), max_length=25, help_text=_("Contoh: 16.800."))
    paid_on = forms.DateField(
        label=_("Tanggal uang diterima"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Tanggal tidak terbaca. Contoh: 27-02-2026.")},
    )
    reference = forms.CharField(label=_("Nomor bukti"), max_length=80, help_text=_("Contoh: KWT-0012/2026."))
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=250,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Mengapa dicatat dengan tangan. Contoh: dibayar tunai di kantor, kuitansi terlampir."),
    )

    def clean_amount(self) -> int:
        """Rupiah, in any of the ways people write them."""
        try:
            return parse_rupiah(self.cleaned_data["amount"])
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error
