"""My family's benefit if I die: by the cause, with the children's scholarships, who receives and what to bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.claims import checklists
from lindung.core.ui import words
from lindung.core.ui.parts import ReceiptLine
from lindung.law import judge
from lindung.web.calculator.questions import INCOME, MOST_MONTHS, SEGMENT, WAGE, is_wage_earner
from lindung.web.calculator.shown import (
    Headline,
    Item,
    Listing,
    Notice,
    Outcome,
    Part,
    article_of,
    ask,
    figure,
    rule_item,
)
from lindung.web.calculator.wizard import Answers, Asked, Calculator

CAUSE = Asked(
    "sebab",
    gettext_lazy("Karena apa meninggalnya?"),
    gettext_lazy("Haknya berbeda. Di jalan berangkat atau pulang kerja termasuk kecelakaan kerja."),
    choices=(
        ("keduanya", gettext_lazy("Belum terjadi: hitung keduanya")),
        ("non_work", gettext_lazy("Sakit, usia, atau sebab lain, bukan karena kerja")),
        ("work", gettext_lazy("Kecelakaan kerja atau penyakit akibat kerja")),
    ),
)


def _by_work(given: Answers) -> bool:
    return bool(given["sebab"] != "non_work")


def _not_by_work(given: Answers) -> bool:
    return bool(given["sebab"] != "work")


PAY = replace(WAGE, when=lambda given: _by_work(given) and is_wage_earner(given))
EARNED = replace(INCOME, when=lambda given: _by_work(given) and not is_wage_earner(given))
ARREARS = Asked(
    "lancar",
    gettext_lazy("Apakah iurannya lancar?"),
    gettext_lazy("Bila pemberi kerja atau orang lain yang membayar, tanyakan kepadanya."),
    choices=(
        ("active", gettext_lazy("Ya, terbayar sampai bulan terakhir")),
        ("grace", gettext_lazy("Terlambat, paling lama 3 bulan")),
        ("inactive", gettext_lazy("Terlambat lebih dari 3 bulan")),
    ),
)
CHILDREN = Asked(
    "anak",
    gettext_lazy("Berapa anak yang belum bekerja dan belum menikah?"),
    gettext_lazy(
        "Beasiswa untuk paling banyak dua anak, sampai umur 23 tahun. Sebutkan dua yang sekolahnya masih lama."
    ),
    choices=(("0", gettext_lazy("Tidak ada")), ("1", gettext_lazy("Satu")), ("2", gettext_lazy("Dua atau lebih"))),
)
LEVELS = {"tk": 2, "sd": 6, "smp": 3, "sma": 3, "university": 5}
"""Levels and the school years asked about; the law has its own limits."""
HEADS = {
    "sd": gettext_lazy("SD atau MI, kelas"),
    "smp": gettext_lazy("SMP atau MTs, kelas"),
    "sma": gettext_lazy("SMA, SMK, atau MA, kelas"),
    "university": gettext_lazy("Kuliah, tahun ke"),
}
FIRST_CLASS = {"sd": 1, "smp": 7, "sma": 10, "university": 1}
SCHOOL = (
    (gettext_lazy("TK"), (("tk1", gettext_lazy("A, atau belum TK")), ("tk2", "B"))),
    *(
        (head, tuple((f"{level}{year + 1}", str(FIRST_CLASS[level] + year)) for year in range(LEVELS[level])))
        for level, head in HEADS.items()
    ),
)
LEVEL_1 = Asked(
    "sekolah1",
    gettext_lazy("Anak pertama sekarang kelas berapa?"),
    gettext_lazy("Yang sedang dijalani. Dihitung sejak tahun ini sampai lulus kuliah, tanpa jeda."),
    kind="grouped",
    groups=SCHOOL,
    when=lambda given: given["anak"] in {"1", "2"},
)
LEVEL_2 = replace(
    LEVEL_1,
    key="sekolah2",
    title=gettext_lazy("Anak kedua sekarang kelas berapa?"),
    when=lambda given: given["anak"] == "2",
)


def _months_count(given: Answers) -> bool:
    """Months decide a death not by work: the full benefit of those without a wage, and every scholarship."""
    return _not_by_work(given) and (not is_wage_earner(given) or given["anak"] != "0")


PAID = Asked(
    "bulan",
    gettext_lazy("Sudah berapa bulan iuran dibayar berturut-turut?"),
    gettext_lazy(
        "Boleh ditulis 36, atau 3 tahun. Belum pernah membayar? Tulis 1 untuk melihat hak sesudah iuran pertama."
    ),
    kind="months",
    least=1,
    most=MOST_MONTHS,
    unit=gettext_lazy("bulan"),
    when=_months_count,
)
LINES = {
    "death": gettext_lazy("Santunan kematian"),
    "periodic": gettext_lazy("Santunan berkala, dibayar sekaligus"),
    "funeral": gettext_lazy("Biaya pemakaman"),
}


def remaining_of(answer: str) -> dict[str, dict[str, int]]:
    """School years left from the class that a child is in: `sd4` has three left at SD and all that follow."""
    level, year = answer[:-1], int(answer[-1])
    later = list(LEVELS)[list(LEVELS).index(level) :]
    return {"remaining": {name: LEVELS[name] - (year - 1 if name == level else 0) for name in later}}


def _benefit(cause: str, given: Answers, on: date) -> Part:
    standing = {"segment": given["pekerjaan"], "cover": given["lancar"]}
    if cause == "non_work":
        title, rule = _("Meninggal bukan karena kerja: Jaminan Kematian (JKM)"), "jkm"
        facts = standing | {"months_paid_consecutive": given.get("bulan")}
    else:
        title, rule = _("Meninggal karena kerja: Jaminan Kecelakaan Kerja (JKK)"), "jkk_death"
        pay = {"wage": given["upah"]} if is_wage_earner(given) else {"income": given["penghasilan"]}
        facts = standing | pay
    part = ask(title, rule, on, facts, LINES, "total", _("Diterima ahli waris"))
    return replace(part, note=_when_paid(cause, part.result, on))


def _when_paid(cause: str, result: Mapping[str, Any], on: date) -> str:
    """What does not come in full, or not at once."""
    if result["total"] and result["after_arrears"] and not result["employer_pays_first"]:
        return _("Dibayar segera %(now)s. Sisanya, %(later)s, setelah tunggakan iuran dilunasi.") % {
            "now": words.rupiah(result["payable_now"]),
            "later": words.rupiah(result["after_arrears"]),
        }
    if cause == "non_work" and result["total"] and not result["death"]:
        return _("Baru biaya pemakaman. Hak penuh mulai setelah %(months)s iuran bulanan berturut-turut dibayar.") % {
            "months": figure("jkm_minimum_months", on).value
        }
    return ""


def _scholarship(cause: str, given: Answers, on: date) -> Part | None:
    children = [remaining_of(given[key]) for key in ("sekolah1", "sekolah2") if key in given]
    if not children:
        return None
    title = _("Beasiswa anak, karena kerja") if cause == "work" else _("Beasiswa anak, bukan karena kerja")
    facts = {"cause": cause, "months_contributed": given.get("bulan"), "children": children}
    part = ask(title, "scholarship", on, facts, {}, "total_max", _("Paling banyak, semua tahun"))
    lines = [
        ReceiptLine(_("Anak ke-%(number)s") % {"number": number}, amount)
        for number, amount in enumerate(part.result["children"], start=1)
        if amount
    ]
    return replace(part, receipt=replace(part.receipt, lines=lines), note=_yearly(part.result, on))


def _yearly(result: Mapping[str, Any], on: date) -> str:
    if not result["eligible"]:
        return _("Belum ada beasiswa: bila bukan karena kerja, iuran harus sudah dibayar %(months)s bulan.") % {
            "months": figure("scholarship_minimum_months", on).value
        }
    return _(
        "Dibayar tiap tahun ajaran sesuai jenjang, mulai %(first)s pada tahun pertama, selama anak bersekolah, belum "
        "%(age)s tahun, belum menikah, dan belum bekerja."
    ) % {"first": words.rupiah(result["by_year"][0]), "age": figure("scholarship_age_end", on).value}


def _headlines(parts: Mapping[str, Sequence[Part]]) -> list[Headline]:
    made = []
    for cause, (benefit, *scholarships) in parts.items():
        label = _("Bila karena kecelakaan kerja") if cause == "work" else _("Bila bukan karena kerja")
        more = sum(part.result["total_max"] for part in scholarships)
        note = _("ditambah beasiswa anak, paling banyak %(amount)s") % {"amount": words.rupiah(more)} if more else ""
        if benefit.result["employer_pays_first"]:
            label = " ".join((label, _("(dibayar pemberi kerja)")))
        made.append(Headline(label, benefit.result["total"], note=note))
    return made


def _work(given: Answers, on: date) -> Outcome:
    causes = ("non_work", "work") if given["sebab"] == "keduanya" else (given["sebab"],)
    parts: dict[str, list[Part]] = {}
    for cause in causes:
        benefit = _benefit(cause, given, on)
        scholarship = _scholarship(cause, given, on) if benefit.result["total"] else None
        parts[cause] = [benefit, scholarship] if scholarship else [benefit]
    programme = "JKK" if given["sebab"] == "work" else "JKM"
    return Outcome(
        headlines=_headlines(parts),
        parts=[part for group in parts.values() for part in group],
        next_steps=_what_to_do(programme, on),
        about=(
            Listing(_("Siapa yang menerima"), [rule_item("heir_tier"), rule_item("heirs")]),
            _besides(given),
            *(_what_to_bring(cause, folded=len(causes) > 1) for cause in causes),
        ),
        notice=Notice(
            _("Gratis, tidak ada potongan"),
            _("Jangan serahkan buku rekening, kartu ATM, atau PIN kepada siapa pun."),
        ),
    )


def _besides(given: Answers) -> Listing:
    """What comes from the programmes that not everybody is in."""
    if is_wage_earner(given):
        title = _("Juga hak keluarga, bila ikut hari tua (JHT) dan pensiun (JP)")
        return Listing(title, [rule_item("jht_to_heirs"), rule_item("jp_survivor_monthly")])
    return Listing(_("Juga hak keluarga, bila ikut hari tua (JHT)"), [rule_item("jht_to_heirs")])


def _what_to_do(programme: str, on: date) -> Listing:
    clock = judge("service_clock", on, {"programme": programme})
    days = _("Setelah berkas lengkap, dibayar paling lama %(days)s hari kerja ke rekening ahli waris.") % {
        "days": clock.result["days"]
    }
    return Listing(
        _("Yang harus dilakukan keluarga"),
        [
            Item(
                _("Lapor ke kantor desa atau kantor cabang BPJS Ketenagakerjaan. Belum lengkap pun boleh."),
                _("Tanya dulu lewat telepon 175."),
            ),
            Item(_("Bawa dokumen di bawah ini."), _("Yang kurang boleh menyusul. Mintalah tanda terima.")),
            Item(days, article=article_of(clock, "service_days")),
        ],
        numbered=True,
    )


def _what_to_bring(cause: str, folded: bool) -> Listing:
    by_work = cause == "work"
    title = _("Yang dibawa untuk kecelakaan kerja (JKK)") if by_work else _("Yang dibawa untuk kematian (JKM)")
    documents = checklists.CHECKLISTS[checklists.version_for("JKK" if by_work else "JKM")]
    return Listing(title, [Item(document.title, document.hint) for document in documents], folded=folded)


MY_FAMILY = Calculator(
    "santunan",
    gettext_lazy("Santunan keluarga saya"),
    gettext_lazy("Apa yang diterima keluarga bila saya meninggal, dan apa yang harus dibawa."),
    "shield",
    (CAUSE, SEGMENT, PAY, EARNED, ARREARS, CHILDREN, LEVEL_1, LEVEL_2, PAID),
    _work,
)
