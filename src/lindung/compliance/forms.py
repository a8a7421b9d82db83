"""What people type: a list, the sending of a letter, a payment plan, a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.compliance.models import CompanyList, StepSending
from lindung.compliance.plans import MOST_INSTALMENTS

LIST_KINDS = [
    (CompanyList.Kind.WLKP.value, _("WLKP (Wajib Lapor Ketenagakerjaan, Disnaker)")),
    (CompanyList.Kind.NIB.value, _("NIB (OSS, perizinan usaha)")),
    (CompanyList.Kind.OTHER.value, _("Daftar lain (pajak, BPJS Kesehatan)")),
]
CHANNELS = [
    (StepSending.Channel.HAND.value, _("Diantar")),
    (StepSending.Channel.POST.value, _("Pos")),
    (StepSending.Channel.EMAIL.value, _("Surel")),
    (StepSending.Channel.WHATSAPP.value, "WhatsApp"),
]


class DayField(forms.DateField):
    """A day, by the browser's own calendar."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            error_messages={"invalid": _("Tanggal tidak terbaca. Contoh: 12-01-2026.")},
            **options,
        )


class ListForm(forms.Form):
    """A list of companies."""

    kind = forms.ChoiceField(label=_("Jenis daftar"), choices=LIST_KINDS)
    source = forms.CharField(
        label=_("Asal daftar"), max_length=150, help_text=_("Kantor yang memberi daftar. Contoh: Disnaker Kubu Raya.")
    )
    as_of = DayField(label=_("Data per tanggal"), help_text=_("Tanggal keadaan yang digambarkan daftar ini."))
    file = forms.FileField(
        label=_("Berkas daftar"), max_length=200, allow_empty_file=True,  # the reader says it with a way out
        error_messages={"required": _("Berkas belum dipilih. Pilih berkas Excel (.xlsx) atau CSV.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv"


class SendingForm(forms.Form):
    """How a letter went out, with its proof."""

    sent_on = DayField(label=_("Tanggal kirim"))
    channel = forms.ChoiceField(label=_("Cara kirim"), choices=CHANNELS)
    proof = forms.CharField(
        label=_("Bukti kirim"), max_length=200,
        help_text=_("Contoh: resi pos 123456789, atau diterima oleh Ibu Rina (HRD)."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Foto atau PDF bukti kirim"), required=False, max_length=200,
        help_text=_("PDF atau foto (JPG, PNG), paling besar 10 MB."),
    )  # fmt: skip


class ObjectionForm(forms.Form):
    """Why a company thinks that a finding is mistaken, with a paper that shows it."""

    reason = forms.CharField(
        label=_("Penjelasan"), min_length=5, max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Tulis apa yang berbeda dan mengapa, contoh: tiga pekerja itu bekerja di cabang Pontianak."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Bukti"), required=False, max_length=200, help_text=_("PDF atau foto (JPG, PNG), paling besar 10 MB.")
    )


class PlanForm(forms.Form):
    """Equal instalments that the company has signed for."""

    count = forms.IntegerField(label=_("Banyaknya angsuran"), min_value=1, max_value=MOST_INSTALMENTS)
    first_due = DayField(
        label=_("Angsuran pertama paling lambat"),
        help_text=_("Angsuran berikutnya setiap bulan pada tanggal yang sama."),
    )
    signer = forms.CharField(label=_("Penanda tangan perusahaan"), max_length=150, help_text=_("Contoh: Budi Santoso."))
    title = forms.CharField(label=_("Jabatannya"), max_length=150, help_text=_("Contoh: Direktur."))
    reason = forms.CharField(
        label=_("Dasar kesepakatan"), min_length=5, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Contoh: penjualan turun, disepakati pada pertemuan 20 Februari 2026."),
    )  # fmt: skip
