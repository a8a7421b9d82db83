"""Forms of this room: a workbook to send, a row to mend, who has left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lindung.core.months import add_months, month_of
from lindung.core.ui.words import long_month

MONTHS_BACK = 24

# What a clerk may mend in a row, in the words of the official workbooks.
CELLS: dict[str, Any] = {
    "nik": _("NIK"),
    "name": _("Nama lengkap"),
    "birth_date": _("Tanggal lahir"),
    "sex": _("Jenis kelamin (L atau P)"),
    "mother_name": _("Nama ibu kandung"),
    "kpj": _("KPJ"),
    "wage": _("Upah"),
    "wage_kind": _("Jenis upah (bulanan, harian, borongan)"),
    "phone": _("HP"),
    "postal_code": _("Kode pos"),
    "employment_status": _("Status pegawai (PKWT atau PKWTT)"),
    "started_on": _("Mulai bekerja"),
    "contract_end": _("Akhir kontrak"),
    "country": _("Kode negara"),
    "reason": _("Alasan berhenti"),
    "left_on": _("Hari kerja terakhir"),
}
CELLS_OF = {
    "new_workers": (
        "nik",
        "name",
        "birth_date",
        "sex",
        "mother_name",
        "wage",
        "wage_kind",
        "phone",
        "postal_code",
        "employment_status",
        "started_on",
        "contract_end",
        "country",
    ),
    "wages": ("nik", "kpj", "name", "wage", "wage_kind"),
    "correction": ("nik", "kpj", "name", "wage", "wage_kind"),
    "leavers": ("nik", "kpj", "name", "reason", "left_on"),
}


class UploadForm(forms.Form):
    """One of the SIPP workbooks; what it reports, its columns tell."""

    month = forms.TypedChoiceField(label=_("Bulan upah"), coerce=date.fromisoformat)
    file = forms.FileField(
        label=_("Berkas SIPP"),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": _("Berkas belum dipilih. Pilih berkas Excel (.xlsx) seperti untuk SIPP.")},
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [add_months(month_of(today), 1 - back) for back in range(MONTHS_BACK)]
        self.fields["month"].choices = [(month.isoformat(), long_month(month)) for month in months]  # type: ignore[attr-defined]
        self.fields["file"].widget.attrs["accept"] = ".xlsx"


class RowForm(forms.Form):
    """The cells of one row, as they were written; only what is changed is sent on."""

    def __init__(self, kind: str, data: Mapping[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._before = {name: data.get(name, "") for name in CELLS_OF[kind]}
        for name, value in self._before.items():
            self.fields[name] = forms.CharField(
                label=CELLS[name],
                required=False,
                initial=value,
                max_length=250,
                widget=forms.TextInput({"autocomplete": "off"}),
            )

    def changes(self) -> dict[str, str]:
        """The cells that were typed anew."""
        return {name: text for name, text in self.cleaned_data.items() if text != self._before[name]}


class CardForm(forms.Form):
    """A photo of an identity card."""

    file = forms.FileField(
        label=_("Foto KTP"),
        help_text=_("Foto (JPG, PNG) atau PDF, paling besar 10 MB."),
        max_length=200,
        allow_empty_file=True,
        error_messages={"required": _("Foto belum dipilih.")},
    )


class IdentityAnswerForm(forms.Form):
    """What the branch found on the identity card."""

    answer = forms.ChoiceField(
        label=_("Jawaban"),
        choices=[
            ("taken", _("KTP-nya sama dengan laporan: baris diterima")),
            ("refused", _("Belum dapat diterima: perusahaan diberi tahu")),
        ],
    )
    words = forms.CharField(
        label=_("Pesan untuk perusahaan"),
        required=False,
        max_length=250,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Tulis apa yang harus dilakukan, tanpa menyebut isi data kependudukan."),
    )


class LeaverForm(forms.Form):
    """Somebody who has stopped working."""

    left_on = forms.DateField(label=_("Hari kerja terakhir"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    reason = forms.ChoiceField(
        label=_("Alasan"),
        choices=[
            (text, text) for text in ("Mengundurkan diri", "PHK", "Kontrak berakhir", "Pensiun", "Meninggal dunia")
        ],
    )


class AccidentForm(forms.Form):
    """A work accident as it is told first."""

    happened_on = forms.DateField(label=_("Tanggal kejadian"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    happened_at = forms.TimeField(label=_("Jam"), widget=forms.TimeInput({"type": "time"}, "%H:%M"))
    place = forms.CharField(label=_("Tempat kejadian"), max_length=150, min_length=3)
    story = forms.CharField(
        label=_("Apa yang terjadi"),
        max_length=2000,
        min_length=10,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Apa yang dikerjakan, bagaimana terjadi, bagian tubuh yang terluka."),
    )
    hospital = forms.CharField(label=_("Dibawa ke rumah sakit"), max_length=150, required=False)
