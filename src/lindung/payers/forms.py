"""The forms of employers: registration step by step, changes, units, contacts, agreements."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lindung.core.access import actor_of
from lindung.core.clock import installation, today
from lindung.core.errors import DomainError, InvalidInput
from lindung.core.money import format_number, parse_rupiah
from lindung.core.ui.parts import Text
from lindung.payers.drafts import Activity, Identity, Scale
from lindung.payers.kbli import RiskEntry, risk_entry, suggest
from lindung.payers.legal import PROGRAMMES
from lindung.payers.models import Contact, Payer
from lindung.places.dataset import last_key
from lindung.places.queries import below, find_place

ROMAN = ("", "I", "II", "III", "IV", "V")
SIZES: list[tuple[str, Text]] = [
    ("micro", _("Mikro")), ("small", _("Kecil")), ("medium", _("Menengah")), ("large", _("Besar")),
]  # fmt: skip
SIZE_WORDS: dict[str, Text] = {**dict(SIZES), "state": _("Instansi")}
ROLES: list[tuple[str, Text]] = [
    (Contact.Role.HR.value, _("Kepegawaian (HRD)")), (Contact.Role.FINANCE.value, _("Keuangan")),
    (Contact.Role.SAFETY.value, _("Keselamatan kerja (K3)")), (Contact.Role.LEADER.value, _("Pimpinan")),
]  # fmt: skip


class DayField(forms.DateField):
    """A day, with the browser's own picker."""

    def __init__(self, label: Any, **options: Any) -> None:
        widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        messages = {"invalid": _("Tanggal tidak terbaca. Contoh: 12-01-2026.")}
        super().__init__(label=label, widget=widget, error_messages=messages, **options)


class RupiahField(forms.CharField):
    """An amount as people write it; None for nothing."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, max_length=25, **options)

    def clean(self, value: Any) -> Any:
        """Whole rupiah."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_rupiah(text)
        except InvalidInput as error:
            raise forms.ValidationError(error.message) from error

    def prepare_value(self, value: Any) -> Any:
        """As shown in the field."""
        return format_number(value) if isinstance(value, int) else value


class PlaceField(forms.TypedChoiceField):
    """A place in the reader's area: the regency, its districts and villages."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label=label, coerce=int, **options)

    def offer(self, request: HttpRequest, also: int | None = None) -> None:
        """Put in what the reader may choose; `also` is a place already recorded."""
        self.choices = place_choices(request, also)


def place_choices(request: HttpRequest, also: int | None = None) -> list[tuple[str, str]]:
    """The regency, its districts and their villages, as far as they reach into the reader's area."""
    served = installation()
    if served is None:
        return []
    regency = find_place(served.place_key)
    inside = [
        place for place in [regency, *below(regency.key)]
        if any(low <= last_key(place.key) and place.key <= high for low, high in actor_of(request).scope)
    ]  # fmt: skip
    found = [(str(place.key), f"– {place.name}" if place.kind == "village" else place.name) for place in inside]
    if also is not None and str(also) not in dict(found):
        found.append((str(also), find_place(also).name))
    return found


def show_error(form: forms.BaseForm, error: DomainError) -> None:
    """Put what a rule said at the field it concerns."""
    name = {"place_id": "place"}.get(error.field or "", error.field)
    form.add_error(
        name if name in form.fields else None,
        " ".join(str(part) for part in (error.message, error.way_out, error.article) if part),
    )


class IdentityForm(forms.Form):
    """First question: who is it?"""

    title = _("Siapa pemberi kerjanya?")
    name = forms.CharField(
        label=_("Nama perusahaan"), max_length=150, help_text=_("Seperti pada NIB, contoh PT Contoh.")
    )
    nib = forms.CharField(
        label="NIB", max_length=40, required=False,
        help_text=_("Nomor Induk Berusaha dari OSS, 13 angka, contoh 0220 0012 34567."),
    )  # fmt: skip
    npwp = forms.CharField(label="NPWP", max_length=40, required=False, help_text=_("15 atau 16 angka."))
    npp = forms.CharField(
        label="NPP", max_length=20, required=False,
        help_text=_("Nomor Pendaftaran Perusahaan dari BPJS Ketenagakerjaan. Kosongkan bila belum ada."),
    )  # fmt: skip
    owner = forms.CharField(label=_("Pemilik atau penanggung jawab"), max_length=150, required=False)
    place = PlaceField(_("Desa, kecamatan, atau kabupaten"))
    address = forms.CharField(label=_("Alamat"), max_length=250)
    phone = forms.CharField(label=_("Telepon"), max_length=30, required=False)
    email = forms.CharField(label=_("Surel"), max_length=150, required=False)

    def part(self) -> Identity:
        """What was written."""
        given = dict(self.cleaned_data)
        return Identity(place_id=given.pop("place"), **given)


class NewIdentityForm(IdentityForm):
    """The first question at registration also asks what kind of employer it is."""

    kind = forms.ChoiceField(
        label=_("Jenis pemberi kerja"), widget=forms.RadioSelect, initial=Payer.Kind.COMPANY.value,
        choices=[
            (Payer.Kind.COMPANY.value, _("Perusahaan atau badan usaha")),
            (Payer.Kind.REGENCY.value, _("Instansi pemerintah kabupaten")),
            (Payer.Kind.VILLAGE.value, _("Pemerintah desa")),
        ],
    )  # fmt: skip
    field_order = ("kind", "name", "nib", "npwp", "npp")

    def part(self) -> Identity:
        """What was written."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "kind"}
        return Identity(place_id=given.pop("place"), **given)


class ActivityForm(forms.Form):
    """Second question: what does it do? The search lists entries to choose from."""

    title = _("Apa kegiatan usahanya?")
    words = forms.CharField(
        label=_("Cari kegiatan usaha"), max_length=100, required=False,
        help_text=_("Tulis kata atau kode KBLI, contoh «minyak kelapa sawit» atau 10432, lalu tekan Cari."),
    )  # fmt: skip
    entry = forms.ChoiceField(label=_("Pilih yang paling sesuai"), required=False, widget=forms.RadioSelect)
    kbli = forms.CharField(
        label=_("Kode KBLI"), max_length=160, required=False,
        help_text=_("Lima angka seperti pada NIB, yang utama lebih dulu, contoh 10432; 46315."),
    )  # fmt: skip
    decided_by = forms.CharField(
        label=_("Ditetapkan oleh"), max_length=150, required=False,
        help_text=_("Kosongkan bila Bapak/Ibu sendiri. Contoh: Cabang Pontianak."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.data if self.is_bound else self.initial
        words, chosen = str(given.get("words") or given.get("kbli") or ""), str(given.get("entry") or "")
        found = suggest(words)
        self.division = found.division
        entries = {item.number: item for item in [*suggest_one(chosen), *found.entries]}
        self.fields["entry"].choices = [  # type: ignore[attr-defined]
            (item.number, f"{item.number} {item.name}") for item in entries.values()
        ]

    def part(self) -> Activity:
        """What was chosen."""
        given = self.cleaned_data
        return Activity(entry=given["entry"], kbli=given["kbli"], decided_by=given["decided_by"])


def suggest_one(number: str) -> list[RiskEntry]:
    """The entry with this number, if there is one."""
    try:
        return [risk_entry(number)]
    except InvalidInput:
        return []


class ScaleForm(forms.Form):
    """Third question: how large is it, and which programmes?"""

    title = _("Seberapa besar usahanya?")
    firm_size = forms.ChoiceField(
        label=_("Skala usaha"), choices=[("", _("Menurut modal atau penjualan di bawah")), *SIZES], required=False,
        help_text=_("Seperti pada NIB. Skala menentukan program yang wajib."),
    )  # fmt: skip
    capital = RupiahField(_("Modal usaha"), required=False, help_text=_("Tanpa tanah dan bangunan tempat usaha."))
    annual_sales = RupiahField(_("Penjualan setahun"), required=False)
    workers = forms.IntegerField(label=_("Jumlah pekerja"), min_value=0, max_value=999_999_999, required=False)
    programmes = forms.MultipleChoiceField(
        label=_("Program yang diikuti"), choices=[(name, name) for name in PROGRAMMES], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Kosongkan untuk mengikuti yang wajib menurut skala usaha."),
    )  # fmt: skip

    def part(self) -> Scale:
        """What was written."""
        return Scale(**{name: self.cleaned_data[name] for name in ("firm_size", "capital", "annual_sales", "workers")})

    def programmes_chosen(self) -> tuple[str, ...] | None:
        """None: as the law asks."""
        return tuple(self.cleaned_data["programmes"]) or None


class StartForm(forms.Form):
    """Last question: since when, and from what paper?"""

    title = _("Sejak kapan?")
    joined_on = DayField(_("Mulai kepesertaan"))
    source = forms.CharField(
        label=_("Sumber data"), max_length=250, help_text=_("Contoh: Formulir F1, lembar NIB, WLKP.")
    )
    wage = RupiahField(
        _("Contoh upah sebulan"), required=False, help_text=_("Untuk contoh iuran. Kosong: upah minimum setempat.")
    )


class ChangeForm(forms.Form):
    """When a change begins and why; mixed with the form of the part that changes."""

    effective_on = DayField(_("Berlaku mulai"))
    source = forms.CharField(
        label=_("Sumber data"), max_length=250, help_text=_("Contoh: surat perusahaan, lembar NIB.")
    )
    reason = forms.CharField(label=_("Alasan"), max_length=250, help_text=_("Contoh: pindah kegiatan usaha."))


class ChangeIdentityForm(IdentityForm, ChangeForm):
    """Another name, number or address."""

    def part(self) -> Identity:
        """What was written."""
        names = ("name", "nib", "npwp", "npp", "owner", "address", "email", "phone")
        return Identity(place_id=self.cleaned_data["place"], **{name: self.cleaned_data[name] for name in names})


class ChangeActivityForm(ActivityForm, ChangeForm):
    """Another kind of work."""


class ChangeScaleForm(ScaleForm, ChangeForm):
    """Another size, or another choice of programmes."""


class UnitForm(forms.Form):
    """A division."""

    code = forms.CharField(label=_("Kode unit"), max_length=10, help_text=_("Contoh: U01. Dipakai dalam laporan upah."))
    name = forms.CharField(label=_("Nama unit"), max_length=150)
    place = PlaceField(_("Tempat"))
    opened_on = DayField(_("Mulai"))
    closed_on = DayField(_("Sampai"), required=False, help_text=_("Isi bila unit ditutup."))


class ContactForm(forms.Form):
    """Whom to ask."""

    name = forms.CharField(label=_("Nama kontak"), max_length=150)
    role = forms.ChoiceField(label=_("Bidang"), choices=ROLES)
    phone = forms.CharField(label=_("Telepon"), max_length=30, required=False)
    email = forms.CharField(label=_("Surel"), max_length=150, required=False)
    unit_id = forms.TypedChoiceField(label=_("Unit"), coerce=int, empty_value=None, required=False)
    from_day = DayField(_("Sejak"))


class AgreementForm(forms.Form):
    """A cooperation agreement."""

    number = forms.CharField(label=_("Nomor perjanjian (PKS)"), max_length=80)
    subject = forms.CharField(label=_("Tentang"), max_length=250)
    starts_on = DayField(_("Berlaku mulai"))
    ends_on = DayField(_("Sampai"), required=False, help_text=_("Kosongkan bila tanpa batas waktu."))


class RenewForm(forms.Form):
    """The agreement that follows."""

    number = forms.CharField(label=_("Nomor perjanjian baru"), max_length=80)
    starts_on = DayField(_("Berlaku mulai"))
    ends_on = DayField(_("Sampai"), required=False, help_text=_("Kosongkan bila tanpa batas waktu."))


def first_of_month() -> date:
    """The first day of this month."""
    return today().replace(day=1)
