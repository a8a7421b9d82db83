"""Forms of this room: what a clerk fills in, with hints and examples."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.assistance.models import Scheme
from lindung.core.months import add_months, month_range
from lindung.core.ui.words import long_month

MEBIBYTE = 2**20


class UploadForm(forms.Form):
    """A list of proposed people."""

    scheme = forms.ModelChoiceField(
        Scheme.objects.order_by("-fiscal_year"), label=_("Program"), empty_label=None,
        help_text=_("Program yang membayar iuran orang-orang dalam daftar ini."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Berkas daftar usulan"), max_length=200,
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
        label=_("Tanggal SK"), widget=forms.DateInput(attrs={"type": "date"}),
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
