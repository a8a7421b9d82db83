"""The forms of projects, collectives, agents and minimum wages."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lindung.core.errors import InvalidInput
from lindung.core.money import parse_rupiah
from lindung.core.months import add_months, month_of
from lindung.core.ui.parts import Text
from lindung.core.ui.words import long_month
from lindung.payers.forms import DayField, PlaceField, RupiahField
from lindung.payers.minimum_wages import read_wage
from lindung.payers.models import Collective, MinimumWage
from lindung.payers.projects import ContractDraft

CODES: list[tuple[str, Text]] = [
    (Collective.Code.CORPORATION.value, _("SC – perusahaan")), (Collective.Code.BANK.value, _("SB – perbankan")),
    (Collective.Code.GOVERNMENT.value, _("SG – pemerintah")), 
    (Collective.Code.VILLAGE.value, _("SD – desa, dari APBDes")),
    (Collective.Code.REGENCY_FOR_VILLAGE.value, _("SA – desa, dari APBD")),
    (Collective.Code.OTHER_VILLAGE.value, _("SL – desa, lainnya")),
]  # fmt: skip
CONFIDENCE: list[tuple[str, Text]] = [
    ("T", _("Dibaca pada keputusannya")), ("S", _("Dari berita atau daftar")), ("M", _("Dari ingatan")),
]  # fmt: skip
KINDS: list[tuple[str, Text]] = [
    (MinimumWage.Kind.UMK.value, _("UMK – kabupaten atau kota")), (MinimumWage.Kind.UMP.value, _("UMP – provinsi")),
    (MinimumWage.Kind.UMSK.value, _("UMSK – sektor di kabupaten")),
]  # fmt: skip
_SPLIT = re.compile(r"[;\s]+")


class ContractForm(forms.Form):
    """A contract's terms, or an addendum's."""

    number = forms.CharField(label=_("Nomor kontrak"), max_length=80)
    signed_on = DayField(_("Tanggal SPK"), help_text=_("Surat Perintah Kerja."))
    value = RupiahField(_("Nilai kontrak"))
    vat_percent = forms.IntegerField(
        label=_("PPN di dalam nilai kontrak"), min_value=0, max_value=100,
        help_text=_("Persen PPN yang termasuk, contoh 11. Isi 0 bila nilai belum termasuk PPN."),
    )  # fmt: skip
    wage_bill = RupiahField(
        _("Upah semua pekerja sebulan"), required=False,
        help_text=_("Isi bila upahnya diketahui; iuran lalu dihitung dari upah, bukan dari nilai kontrak."),
    )  # fmt: skip
    starts_on = DayField(_("Mulai bekerja"))
    ends_on = DayField(_("Selesai"))
    shares = forms.CharField(
        label=_("Bagian tiap termin (persen)"), max_length=60, initial="100",
        help_text=_("Sekali bayar: 100. Bertermin: dipisah titik koma, contoh 50; 25; 25."),
    )  # fmt: skip
    due_on = forms.CharField(
        label=_("Jatuh tempo termin"), max_length=200, required=False,
        help_text=_("Satu tanggal tiap termin menurut kontrak, dipisah titik koma, contoh 20-02-2026; 01-05-2026."),
    )  # fmt: skip

    def clean_shares(self) -> tuple[int, ...]:
        """Whole per cents."""
        parts = [part.rstrip("%") for part in _SPLIT.split(self.cleaned_data["shares"].strip()) if part]
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            raise forms.ValidationError(_("Isi angka persen dipisah titik koma, contoh 50; 25; 25."))
        return tuple(int(part) for part in parts)

    def clean_due_on(self) -> tuple[date, ...]:
        """Days as people write them."""
        found = []
        for part in _SPLIT.split(self.cleaned_data["due_on"].strip()):
            if part:
                found.append(_day(part))
        return tuple(found)

    def draft(self) -> ContractDraft:
        """The terms; days may leave out the first."""
        given = self.cleaned_data
        days: tuple[date | None, ...] = given["due_on"]
        if len(days) == len(given["shares"]) - 1:
            days = (None, *days)
        names = ("number", "signed_on", "value", "vat_percent", "wage_bill", "starts_on", "ends_on", "shares")
        return ContractDraft(**{name: given[name] for name in names}, due_on=days)


def _day(text: str) -> date:
    found = re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text)
    iso = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    try:
        if found:
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        if iso:
            return date.fromisoformat(text)
    except ValueError:
        pass
    message = gettext("Tanggal «%(text)s» tidak terbaca. Contoh: 20-02-2026.") % {"text": text[:20]}
    raise forms.ValidationError(message)


class ProjectForm(ContractForm):
    """A project with its contract."""

    name = forms.CharField(label=_("Nama proyek"), max_length=250)
    owner = forms.CharField(label=_("Pemberi pekerjaan"), max_length=150, help_text=_("Contoh: Dinas PUPR Kubu Raya."))
    place = PlaceField(_("Lokasi"))
    field_order = ("name", "owner", "place")


class AddendumForm(ContractForm):
    """An addendum: the whole terms anew."""

    reason = forms.CharField(label=_("Alasan adendum"), max_length=250)


class CertificateForm(forms.Form):
    """The branch's certificate."""

    number = forms.CharField(label=_("Nomor sertifikat"), max_length=80)
    issued_on = DayField(_("Tanggal terbit"))
    payment_reference = forms.CharField(label=_("Nomor bukti bayar"), max_length=80)
    paid_on = DayField(_("Tanggal bayar"))


class AgentForm(forms.Form):
    """An agent."""

    number = forms.CharField(label=_("Nomor agen"), max_length=40, help_text=_("Pada surat penunjukan Perisai."))
    name = forms.CharField(label=_("Nama agen"), max_length=150)
    place = PlaceField(_("Wilayah"))
    phone = forms.CharField(label=_("Telepon"), max_length=30, required=False)
    email = forms.CharField(label=_("Surel"), max_length=150, required=False)
    starts_on = DayField(_("Bertugas sejak"))
    ends_on = DayField(_("Sampai"), required=False)


class CollectiveForm(forms.Form):
    """A payer that collects for others."""

    payer = forms.TypedChoiceField(label=_("Pembayar"), coerce=int)
    code = forms.ChoiceField(label=_("Kode wadah"), choices=CODES)
    agent = forms.TypedChoiceField(label=_("Agen Perisai"), coerce=int, empty_value=None, required=False)
    registered_on = DayField(_("Terdaftar sejak"))


class MembersForm(forms.Form):
    """People to put under a collective."""

    niks = forms.CharField(
        label=_("NIK anggota"), max_length=200_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Satu NIK satu baris, boleh ditempel dari Excel. Orangnya sudah terdaftar sebagai penduduk."),
    )  # fmt: skip
    from_day = DayField(_("Anggota sejak"))

    def clean_niks(self) -> list[str]:
        """The numbers, once each; a faulty one is named by its line."""
        found: dict[str, int] = {}
        for line, text in enumerate(self.cleaned_data["niks"].splitlines(), start=1):
            nik = re.sub(r"[\s'\".]+", "", text)
            if not nik:
                continue
            if not re.fullmatch(r"[0-9]{16}", nik):
                raise forms.ValidationError(gettext("Baris %(line)d: NIK terdiri dari 16 angka.") % {"line": line})
            found.setdefault(nik, line)
        if not found:
            raise forms.ValidationError(_("Belum ada NIK."))
        return list(found)


class CollectivePaymentForm(forms.Form):
    """A payment of a collective: for every member the same, or line by line."""

    reference = forms.CharField(label=_("Nomor bukti"), max_length=80)
    paid_on = DayField(_("Tanggal bayar"))
    amount = RupiahField(
        _("Jumlah uang"), help_text=_("Yang benar-benar dibayar. Harus sama dengan jumlah rinciannya.")
    )
    month = forms.TypedChoiceField(label=_("Bulan"), coerce=date.fromisoformat)
    each = RupiahField(
        _("Iuran tiap anggota"), required=False, help_text=_("Untuk semua anggota pada bulan itu, contoh 16.800.")
    )
    lines = forms.CharField(
        label=_("Rincian per orang"), max_length=1_000_000, required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Bila tidak semua sama: NIK; jumlah; kode tagihan (boleh kosong). Satu orang satu baris."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        day = kwargs.pop("today")
        super().__init__(*args, **kwargs)
        months = [add_months(month_of(day), offset) for offset in range(2, -13, -1)]
        self.fields["month"].choices = [(month.isoformat(), long_month(month)) for month in months]  # type: ignore[attr-defined]

    def clean_lines(self) -> list[tuple[str, int, str]]:
        """NIK, rupiah and bill code of every line; a faulty one is named by its line."""
        found = []
        for line, text in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if text.strip():
                found.append(_line(line, text))
        return found

    def clean(self) -> dict[str, Any]:
        """Either for all the same, or line by line."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(given.get("lines")) == bool(given.get("each")):
            self.add_error("each", _("Isi iuran tiap anggota, atau rincian per orang; salah satu saja."))
        return given


def _line(line: int, text: str) -> tuple[str, int, str]:
    parts = [part.strip() for part in re.split(r"[;\t]", text)]
    nik, code = re.sub(r"[\s'\".]+", "", parts[0]), parts[2] if len(parts) > 2 else ""
    if not re.fullmatch(r"[0-9]{16}", nik) or len(parts) not in (2, 3) or len(code) > 20:
        raise forms.ValidationError(
            gettext("Baris %(line)d tidak terbaca. Tulis: NIK 16 angka; jumlah; kode tagihan.") % {"line": line}
        )
    try:
        return nik, parse_rupiah(parts[1]), code
    except InvalidInput as error:
        raise forms.ValidationError(
            gettext("Baris %(line)d: %(problem)s") % {"line": line, "problem": error.message}
        ) from error


class WithdrawForm(forms.Form):
    """Why a payment no longer counts."""

    reason = forms.CharField(label=_("Alasan"), max_length=250)


class MinimumWageForm(forms.Form):
    """A minimum wage by decree."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=KINDS)
    place = forms.TypedChoiceField(label=_("Wilayah"), coerce=int)
    sector = forms.CharField(label=_("Sektor"), max_length=80, required=False, help_text=_("Untuk UMSK saja."))
    year = forms.IntegerField(label=_("Tahun"), min_value=2000, max_value=2100)
    amount = forms.CharField(label=_("Upah sebulan"), max_length=25, help_text=_("Contoh 2.646.878,64."))
    source = forms.CharField(label=_("Sumber"), max_length=250, help_text=_("Contoh: SK Gubernur 1355/NAKERTRAN/2025."))
    confidence = forms.ChoiceField(label=_("Seberapa pasti"), choices=CONFIDENCE)
    reason = forms.CharField(label=_("Alasan"), max_length=250, required=False, help_text=_("Bila membetulkan."))

    def clean_amount(self) -> Decimal:
        """Rupiah with sen."""
        try:
            return read_wage(self.cleaned_data["amount"])
        except InvalidInput as error:
            raise forms.ValidationError(f"{error.message} {error.way_out}") from error
