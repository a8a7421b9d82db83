"""My company's bill: what is paid in a month for all workers, by when, and what a month's delay costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.ui import words
from lindung.law import judge
from lindung.web.calculator.contribution import LINES, due_item, job_loss_note, wage_earner_facts
from lindung.web.calculator.questions import ACTIVITY, SIZE, WAGE
from lindung.web.calculator.shown import Headline, Item, Listing, Outcome, article_of, ask, figure
from lindung.web.calculator.wizard import Answers, Asked, Calculator

WORKERS = Asked(
    "pekerja",
    gettext_lazy("Berapa pekerja yang digaji perusahaan?"),
    gettext_lazy("Semua yang menerima upah, juga yang kontrak. Setiap pekerja wajib didaftarkan."),
    kind="number",
    least=1,
    most=100_000,
    unit=gettext_lazy("orang"),
)
AVERAGE_WAGE = replace(
    WAGE,
    title=gettext_lazy("Berapa upah rata-rata seorang pekerja sebulan?"),
    hint=gettext_lazy("Upah pokok ditambah tunjangan tetap. Hasilnya perkiraan bila upah pekerja berbeda-beda."),
    most=500_000_000,
)
FIRM = replace(SIZE, title=gettext_lazy("Seberapa besar usahanya?"))
BUSINESS = replace(ACTIVITY, title=gettext_lazy("Usaha apa perusahaan ini?"))


def _work(given: Answers, on: date) -> Outcome:
    facts, count = wage_earner_facts(given), given["pekerja"]
    one = ask(_("Iuran satu pekerja"), "contributions", on, facts, LINES, "total", _("Seorang pekerja sebulan"))
    workers = _("untuk %(count)s pekerja, sebulan") % {"count": words.number(count)}
    everyone = ask(
        _("Tagihan sebulan"),
        "contributions",
        on,
        facts,
        {
            "employer_total": gettext_lazy("Ditanggung perusahaan"),
            "worker_total": gettext_lazy("Dipotong dari upah pekerja"),
        },
        "total",
        _("Seluruh tagihan"),
        times=count,
    )
    total = one.result["total"] * count
    late = judge("late_penalty", on, {"amount": total, "months_late": 1})
    fine = _("Terlambat sebulan, dendanya %(fine)s, dan ditanggung perusahaan.") % {
        "fine": words.rupiah(late.result["penalty"])
    }
    return Outcome(
        headlines=(
            Headline(
                _("Dibayar perusahaan"),
                total,
                workers,
                _("di dalamnya %(amount)s dipotong dari upah pekerja")
                % {"amount": words.rupiah(one.result["worker_total"] * count)}
                if one.result["worker_total"]
                else "",
            ),
        ),
        parts=(replace(everyone, steps=()), replace(one, note=job_loss_note(one.result))),
        next_steps=Listing(
            _("Yang perlu dilakukan perusahaan"),
            [
                due_item("PU", on),
                Item(fine, article=article_of(late, "late_penalty")),
                Item(
                    _("Laporkan pekerja masuk, keluar, dan perubahan upah di SIPP Online sebelum membayar."),
                    _("Upah yang dilaporkan terlalu rendah mengurangi hak pekerja."),
                ),
            ],
        ),
        assumed=(
            _("Semua pekerja dihitung WNI di bawah %(age)s tahun dengan upah rata-rata yang sama.")
            % {"age": figure("jkp_entry_age", on).value},
            _("Perusahaan mengikuti program yang wajib menurut ukuran usahanya, tidak lebih."),
        ),
    )


MY_COMPANY = Calculator(
    "perusahaan",
    gettext_lazy("Tagihan perusahaan saya"),
    gettext_lazy("Berapa yang dibayar perusahaan sebulan, dan kapan jatuh temponya."),
    "people",
    (WORKERS, AVERAGE_WAGE, FIRM, BUSINESS),
    _work,
)
