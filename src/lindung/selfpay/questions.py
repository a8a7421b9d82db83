"""What is asked of somebody who registers himself: one question a screen, each answer checked as it comes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.clock import installation, today
from lindung.core.errors import InvalidInput
from lindung.core.money import format_rupiah
from lindung.core.ui.words import long_date
from lindung.people.nik import clean_nik, problem_code
from lindung.places.queries import children

Answers = Mapping[str, str]
Choice = tuple[str, str]
MONTHS = (1, 2, 3, 6, 12)
MOST_INCOME = 1_000_000_000
_WOMEN = 40  # added to the day of birth in the NIK


def born(nik: str) -> date:
    """The birth date that a NIK tells, in the century that makes its owner 0 to 99 years old."""
    day, month, year = int(nik[6:8]) % _WOMEN, int(nik[8:10]), int(nik[10:12])
    century = 2000 if date(2000 + year, month, 1) <= today() else 1900
    return date(century + year, month, day)


def sex(nik: str) -> str:
    """L or P, as a NIK tells."""
    return "P" if int(nik[6:8]) > _WOMEN else "L"


def _nik(text: str, answers: Answers) -> str:
    nik = clean_nik(text)
    faulty = pl.select(problem_code(pl.lit(nik), pl.lit(None, pl.Date), pl.lit(None, pl.String))).item()
    if faulty is not None:
        raise InvalidInput(
            str(faulty),
            _("NIK ini belum benar: NIK terdiri dari 16 angka seperti pada KTP, contoh 6112034107850001."),
            field="nik",
        )
    return nik


def _text(most: int, least: int = 3) -> Callable[[str, Answers], str]:
    def clean(text: str, answers: Answers) -> str:
        said = " ".join(text.split())
        if not least <= len(said) <= most or not any(letter.isalpha() for letter in said):
            raise InvalidInput(
                "too_short_or_long", _("Isi dengan %(least)d sampai %(most)d huruf.") % {"least": least, "most": most}
            )
        return said

    return clean


def _phone(text: str, answers: Answers) -> str:
    digits = re.sub(r"[\s.\-()]", "", text)
    digits = re.sub(r"^(\+?62)", "0", digits)
    if not re.fullmatch(r"08[0-9]{8,11}", digits, re.ASCII):
        raise InvalidInput("phone", _("Nomor HP dimulai 08 dan terdiri dari 10 sampai 13 angka, contoh 081234567890."))
    return digits


def _income(text: str, answers: Answers) -> str:
    digits = re.sub(r"[\s.Rrp]", "", text)
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits) <= MOST_INCOME:
        raise InvalidInput("income", _("Tuliskan penghasilan sebulan dengan angka saja, contoh 1.500.000."))
    return digits


def _one_of(choices: Callable[[Answers], list[Choice]]) -> Callable[[str, Answers], str]:
    def clean(text: str, answers: Answers) -> str:
        if text not in dict(choices(answers)):
            raise InvalidInput("choose", _("Pilih salah satu jawaban di bawah."))
        return text

    return clean


def _confirmed(text: str, answers: Answers) -> str:
    if text != "ya":
        raise InvalidInput(
            "nik_not_mine", _("Periksa lagi NIK-nya: tanggal lahir dan jenis kelamin dibaca dari NIK."), field="nik"
        )
    return text


def _districts(answers: Answers) -> list[Choice]:
    served = installation()
    return [(str(place.key), place.name) for place in children(served.place_key)] if served else []


def _villages(answers: Answers) -> list[Choice]:
    return [(str(place.key), place.name) for place in children(int(answers["district"]))]


def _right_or_not(answers: Answers) -> list[Choice]:
    return [("ya", _("Ya, benar")), ("tidak", _("Tidak, perbaiki NIK"))]


def _sectors(answers: Answers) -> list[Choice]:
    return [("transport", _("Ya: ojek, sopir, kurir, angkutan")), ("other", _("Tidak"))]


def _programmes(answers: Answers) -> list[Choice]:
    return [
        ("no", _("Kecelakaan kerja dan kematian (JKK + JKM)")),
        ("yes", _("Ditambah tabungan hari tua (JKK + JKM + JHT)")),
    ]


def month_choices(answers: Answers) -> list[Choice]:
    """How many months may be paid at once."""
    return [(str(count), _("%(count)d bulan") % {"count": count}) for count in MONTHS]


@dataclass(frozen=True)
class Question:
    """One screen. `choices` makes it buttons; otherwise something is typed."""

    key: str
    title: Any
    hint: Any
    clean: Callable[[str, Answers], str]
    choices: Callable[[Answers], list[Choice]] | None = None
    keyboard: str = "text"
    rupiah: bool = False

    def title_for(self, answers: Answers) -> str:
        """The question in words; some speak of an earlier answer."""
        if self.key == "confirmed":
            who = _("perempuan") if sex(answers["nik"]) == "P" else _("laki-laki")
            return _("Benar lahir %(day)s, %(sex)s?") % {"day": long_date(born(answers["nik"])), "sex": who}
        return str(self.title)

    def said(self, answers: Answers) -> str:
        """The answer as it is shown back."""
        if self.choices is not None:
            return dict(self.choices(answers)).get(answers[self.key], "")
        return format_rupiah(int(answers[self.key])) if self.rupiah else answers[self.key]


def _asked(key: str, title: Any, hint: Any, choices: Callable[[Answers], list[Choice]]) -> Question:
    return Question(key, title, hint, _one_of(choices), choices)


QUESTIONS = (
    Question(
        "nik",
        gettext_lazy("Nomor Induk Kependudukan (NIK)"),
        gettext_lazy("16 angka pada KTP."),
        _nik,
        keyboard="numeric",
    ),
    Question("confirmed", "", "", _confirmed, _right_or_not),
    Question("name", gettext_lazy("Nama lengkap"), gettext_lazy("Seperti pada KTP."), _text(150)),
    Question(
        "mother", gettext_lazy("Nama ibu kandung"), gettext_lazy("Dipakai untuk memastikan orangnya benar."), _text(150)
    ),
    Question(
        "phone",
        gettext_lazy("Nomor HP"),
        gettext_lazy("Untuk pengingat bayar. Contoh 081234567890."),
        _phone,
        keyboard="tel",
    ),
    _asked("district", gettext_lazy("Tinggal di kecamatan mana?"), "", _districts),
    _asked("village", gettext_lazy("Di desa atau kelurahan mana?"), "", _villages),
    Question("address", gettext_lazy("Alamat"), gettext_lazy("Jalan atau dusun, RT dan RW."), _text(250)),
    Question(
        "occupation",
        gettext_lazy("Pekerjaan utama"),
        gettext_lazy("Contoh: petani karet, nelayan, pedagang sayur."),
        _text(80),
    ),
    _asked(
        "transport",
        gettext_lazy("Apakah pekerjaannya di bidang angkutan?"),
        gettext_lazy("Potongan iuran berbeda untuk pekerja angkutan."),
        _sectors,
    ),
    Question(
        "income",
        gettext_lazy("Penghasilan rata-rata sebulan"),
        gettext_lazy("Iuran dihitung dari angka ini. Contoh 1.500.000."),
        _income,
        keyboard="numeric",
        rupiah=True,
    ),
    _asked(
        "old_age",
        gettext_lazy("Perlindungan yang dipilih"),
        gettext_lazy("JHT adalah tabungan yang dapat diambil nanti."),
        _programmes,
    ),
    _asked(
        "months",
        gettext_lazy("Bayar untuk berapa bulan?"),
        gettext_lazy("Mulai bulan ini. Lebih lama berarti tidak perlu sering membayar."),
        month_choices,
    ),
)


def next_question(answers: Answers) -> Question | None:
    """The first that is not answered; None when everything is said."""
    return next((question for question in QUESTIONS if question.key not in answers), None)


def question_named(key: str) -> Question | None:
    return next((question for question in QUESTIONS if question.key == key), None)


def without(answers: Answers, key: str) -> dict[str, str]:
    """The answers again as before this one was given, with what depended on it."""
    gone = {"nik": {"nik", "confirmed"}, "district": {"district", "village"}}.get(key, {key})
    return {name: said for name, said in answers.items() if name not in gone}
