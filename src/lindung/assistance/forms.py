"""Forms of this room: what a clerk fills in, with hints and examples."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.assistance.models import Scheme
from lindung.assistance.opening import PAYING_KINDS, NewOffice, SchemeDraft
from lindung.assistance.schemes import JKK_ACCOUNT, JKM_ACCOUNT, LEGAL_BASIS, WAGE_BASE
from lindung.core.errors import InvalidInput
from lindung.core.money import format_number, parse_rupiah
from lindung.core.months import add_months, month_range
from lindung.core.ui.words import long_month, month_name
from lindung.payers.models import Payer

MEBIBYTE = 2**20


class UploadForm(forms.Form):
    """A list of proposed people."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.order_by("-fiscal_year"), label=_("Program"), empty_label=None,
        help_text=_("Program yang membayar iuran orang-orang dalam daftar ini."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Berkas daftar usulan"), max_length=200, allow_empty_file=True,  # the guard says it with a way out
        error_messages={"required": _("Berkas belum dipilih. Pilih berkas Excel (.xlsx) daftar usulan.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].label_from_instance = lambda scheme: scheme.name  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx"


class DecreeForm(forms.Form):
    """A draft decree over the people who wait."""

    number = forms.CharField(label=_("Nomor SK"), max_length=80, help_text=_("Contoh: 400/2026"))
    dated = forms.DateField(
        label=_("Tanggal SK"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"invalid": _("Tanggal tidak terbaca. Contoh: 12-01-2026.")},
    )  # fmt: skip
    first_month = forms.TypedChoiceField(label=_("Bulan pertama"), coerce=date.fromisoformat)
    last_month = forms.TypedChoiceField(label=_("Bulan terakhir"), coerce=date.fromisoformat)
    reason = forms.CharField(
        label=_("Dasar usulan"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Contoh: «hasil verifikasi usulan Januari 2026»."),
    )  # fmt: skip

    def __init__(self, scheme: Scheme, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = month_range(scheme.period.lower, add_months(scheme.period.upper, -1))
        choices = [(month.isoformat(), long_month(month)) for month in months]
        for name in ("first_month", "last_month"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last month does not come before the first."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("first_month") and data.get("last_month") and data["last_month"] < data["first_month"]:
            self.add_error("last_month", _("Bulan terakhir lebih awal daripada bulan pertama."))
        return data


class SchemeForm(forms.Form):
    """A scheme and the office that pays for it."""

    payer = forms.ModelChoiceField(
        Payer.objects.filter(kind__in=PAYING_KINDS).order_by("name"), label=_("Kantor pembayar"), required=False,
        empty_label=_("Kantor baru, diisi di bawah"),
        help_text=_("Kantor kabupaten atau desa yang membayar iuran dari anggarannya."),
    )  # fmt: skip
    office_name = forms.CharField(
        label=_("Nama kantor baru"), max_length=150, required=False,
        help_text=_("Contoh: Dinas Tenaga Kerja dan Transmigrasi. Kosongkan bila kantornya sudah dipilih."),
    )  # fmt: skip
    office_npp = forms.CharField(
        label=_("NPP kantor baru"), max_length=20, required=False,
        help_text=_("NPP (Nomor Pendaftaran Perusahaan) dari BPJS Ketenagakerjaan, contoh KR000001."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Nama program"), max_length=150, help_text=_("Contoh: Bantuan iuran APBD Kabupaten Kubu Raya 2026.")
    )
    fiscal_year = forms.IntegerField(label=_("Tahun anggaran"), min_value=2016, max_value=2100)
    first_month = forms.TypedChoiceField(label=_("Bulan pertama"), coerce=int)
    last_month = forms.TypedChoiceField(label=_("Bulan terakhir"), coerce=int)
    wage_base = forms.CharField(
        label=_("Dasar upah sebulan"), max_length=25,
        help_text=_("Dasar perhitungan iuran dan santunan dalam rupiah, contoh 1.000.000."),
    )  # fmt: skip
    budget_ceiling = forms.CharField(
        label=_("Pagu anggaran"), max_length=25,
        help_text=_("Sesuai DPA (Dokumen Pelaksanaan Anggaran), contoh 350.000.000."),
    )  # fmt: skip
    legal_basis = forms.CharField(
        label=_("Dasar hukum"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Peraturan yang menjadi dasar, dipisah titik koma."),
    )  # fmt: skip
    account_codes = forms.CharField(
        label=_("Kode rekening"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Satu kode per baris, contoh 5.1.02.02.02.0006."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payer"].label_from_instance = lambda payer: f"{payer.name} ({payer.npp})"  # type: ignore[attr-defined]
        for name in ("first_month", "last_month"):
            self.fields[name].choices = [(month, month_name(month)) for month in range(1, 13)]  # type: ignore[attr-defined]

    @staticmethod
    def starting(year: int) -> dict[str, object]:
        """What is filled in already: a whole year on the usual base and accounts."""
        offices = Payer.objects.filter(kind=Payer.Kind.REGENCY).order_by("name")
        return {
            "payer": offices.values_list("pk", flat=True).first(), "fiscal_year": year, "first_month": 1,
            "last_month": 12, "wage_base": format_number(WAGE_BASE), "legal_basis": LEGAL_BASIS,
            "account_codes": f"{JKK_ACCOUNT}\n{JKM_ACCOUNT}",
        }  # fmt: skip

    def clean_wage_base(self) -> int:
        """Rupiah."""
        return self._rupiah("wage_base")

    def clean_budget_ceiling(self) -> int:
        """Rupiah."""
        return self._rupiah("budget_ceiling")

    def _rupiah(self, field: str) -> int:
        try:
            return parse_rupiah(self.cleaned_data[field])
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error

    def clean(self) -> dict[str, Any]:
        """Either a known office or a new one with name and NPP."""
        data: dict[str, Any] = super().clean() or {}
        new = [data.get("office_name"), data.get("office_npp")]
        if data.get("payer") and any(new):
            self.add_error("payer", _("Pilih salah satu: kantor dari daftar, atau «Kantor baru» dengan nama dan NPP."))
        elif not data.get("payer") and not all(new) and "payer" not in self.errors:
            field = "office_npp" if new[0] else "office_name"
            self.add_error(field, _("Pilih kantor dari daftar, atau isi nama dan NPP kantor baru."))
        return data

    def draft(self) -> SchemeDraft:
        """The terms, once the form is valid."""
        data = self.cleaned_data
        return SchemeDraft(
            name=data["name"], fiscal_year=data["fiscal_year"],
            first_month=date(data["fiscal_year"], data["first_month"], 1),
            last_month=date(data["fiscal_year"], data["last_month"], 1), wage_base=data["wage_base"],
            budget_ceiling=data["budget_ceiling"], account_codes=data["account_codes"].split(),
            legal_basis=data["legal_basis"],
        )  # fmt: skip

    def office(self) -> int | NewOffice:
        """Who pays, once the form is valid."""
        data = self.cleaned_data
        return int(data["payer"].pk) if data["payer"] else NewOffice(data["office_name"], data["office_npp"])
