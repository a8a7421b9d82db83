"""My pension: the month I reach the pension age, the months paid by then, and what a month brings in today's money."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.ui import words
from lindung.law import judge
from lindung.web.calculator.questions import AGE, MOST_MONTHS, WAGE
from lindung.web.calculator.shown import Headline, Item, Listing, Outcome, Part, ask, figure, rule_item
from lindung.web.calculator.wizard import Answers, Asked, Calculator

OWN_AGE = replace(
    AGE,
    hint=gettext_lazy("Untuk memperkirakan kapan Bapak/Ibu mencapai usia pensiun."),
    when=lambda _given: True,
)
OWN_WAGE = replace(
    WAGE, hint=gettext_lazy("Upah pokok ditambah tunjangan tetap sekarang. Dipakai sebagai rata-rata selama bekerja.")
)
PAID = Asked(
    "bulan",
    gettext_lazy("Sudah berapa bulan iuran pensiun (JP) dibayar?"),
    gettext_lazy("Boleh ditulis 60, atau 5 tahun. JP mulai ada Juli 2015. Belum pernah? Tulis 0."),
    kind="months",
    most=MOST_MONTHS,
    unit=gettext_lazy("bulan"),
)
AT_THE_DAY = {"jp_from", "jp_indexed_until"}
OF_WAGES = {"jp_indexed_until", "jp_average_wage", "jp_density", "jp_months_death", "jp_formula", "jp_from"}
"""Steps that tell of the day asked instead of the day of the pension, or of wages that are not asked again."""


@dataclass(frozen=True)
class Career:
    """Months paid by the pension age, which is reached about then."""

    reached: date
    age: int
    paid: int
    ahead: int

    @property
    def months(self) -> int:
        return min(self.paid + self.ahead, MOST_MONTHS)


def career_of(age: int, paid: int, on: date) -> Career:
    """By the pension age in force when somebody of this age reaches it; the birthday is taken to be the day asked."""
    born = date(on.year - age, on.month, min(on.day, 28))
    reached = date.fromisoformat(judge("pension_age", on, {"birth_date": born.isoformat()}).result["reached_on"])
    ahead = max(0, (reached.year - on.year) * 12 + reached.month - on.month)
    return Career(reached, reached.year - born.year, paid, ahead)


def _monthly(given: Answers, career: Career, on: date) -> Part:
    year = str(on.year)
    facts = {"annual_wages": {year: given["upah"]}, "inflation": {year: 0}, "months": career.months}
    return ask(
        _("Pensiun hari tua (JP)"),
        "jp_old_age",
        on,
        facts,
        {"average_indexed_wage": gettext_lazy("Upah rata-rata yang menjadi dasar")},
        "monthly",
        _("Pensiun sebulan"),
        without=AT_THE_DAY,
    )


def _returned(given: Answers, career: Career, on: date) -> Part:
    facts = {"segment": "PU", "wage": given["upah"], "risk_group": 1, "programmes": ["JP"]}
    lines = {"jp_employer": gettext_lazy("Bagian pemberi kerja"), "jp_worker": gettext_lazy("Bagian pekerja")}
    title = _("Iuran JP selama %(months)s bulan") % {"months": words.number(career.months)}
    return ask(title, "contributions", on, facts, lines, "total", _("Dikembalikan"), times=career.months)


def _of_survivors(monthly: int, on: date) -> Part:
    facts = {"relation": "spouse", "pension_received": monthly}
    title = _("Bila pensiunan meninggal: janda atau duda")
    return ask(title, "jp_survivor", on, facts, {}, "monthly", _("Pensiun sebulan"), without=OF_WAGES)


def _work(given: Answers, on: date) -> Outcome:
    career = career_of(given["umur"], given["bulan"], on)
    pension = _monthly(given, career, on)
    if pension.result["lump_sum_instead"]:
        returned = _returned(given, career, on)
        headline = Headline(
            _("Dikembalikan sekaligus"), returned.receipt.total or 0, note=_("ditambah hasil pengembangannya")
        )
        parts = (pension, returned)
    else:
        headline = Headline(_("Pensiun sebulan"), pension.result["monthly"], note=_from(career))
        parts = (pension, _of_survivors(pension.result["monthly"], on))
    return Outcome(
        headlines=(headline,),
        parts=parts,
        next_steps=Listing(_("Yang dapat Bapak/Ibu lakukan"), _advice(career, on), numbered=True),
        assumed=(
            _("Perkiraan dengan uang hari ini: upah tetap sebesar itu, tanpa inflasi, dengan batas pensiun tahun ini."),
            _("Iuran JP terus dibayar sampai usia pensiun. Berhenti lebih awal mengurangi masa iur."),
        ),
    )


def _from(career: Career) -> str:
    return _("mulai umur %(age)s tahun, sekitar %(year)s, dengan %(months)s bulan iuran") % {
        "age": career.age,
        "year": career.reached.year,
        "months": words.number(career.months),
    }


def _advice(career: Career, on: date) -> list[Item]:
    needed = figure("jp_full_months", on).value
    items = [
        Item(
            _("Periksa bahwa perusahaan mengikutkan Bapak/Ibu dalam JP."),
            _("Wajib bagi usaha menengah dan besar. Lihat di aplikasi JMO atau tanya telepon 175."),
        ),
        rule_item("jp_months_old_age"),
    ]
    if career.months < needed:
        short = _("Kurang %(months)s bulan untuk pensiun bulanan.") % {"months": words.number(needed - career.months)}
        items.insert(0, Item(short, _("Masa iur dari semua pemberi kerja digabung; jangan biarkan ada yang terputus.")))
    return [*items, rule_item("pension_age_on")]


MY_PENSION = Calculator(
    "pensiun",
    gettext_lazy("Pensiun saya"),
    gettext_lazy("Berapa pensiun sebulan dari jaminan pensiun (JP), dan mulai kapan."),
    "clock",
    (OWN_AGE, OWN_WAGE, PAID),
    _work,
)
