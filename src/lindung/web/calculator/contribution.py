"""My contribution: what it comes to in a month, who bears it, and by when it is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.ui import words
from lindung.core.ui.parts import Text
from lindung.law import judge
from lindung.places.queries import holidays_between
from lindung.web.calculator import activities
from lindung.web.calculator.questions import (
    ACTIVITY,
    AGE,
    CITIZENSHIP,
    INCOME,
    SEGMENT,
    SIZE,
    WAGE,
    is_wage_earner,
)
from lindung.web.calculator.shown import Headline, Item, Listing, Notice, Outcome, Table, article_of, ask, figure
from lindung.web.calculator.wizard import Answers, Asked, Calculator

FOREIGN = "XX"
"""Any country code but ID: the law only asks whether somebody is Indonesian."""
LATEST = timedelta(days=75)
"""From the first of a month to the last day on which its contribution may fall due, holidays included."""

SECTOR = Asked(
    "bidang",
    gettext_lazy("Apa pekerjaan Bapak/Ibu?"),
    gettext_lazy("Keringanan iuran bagi pengemudi dan kurir berbeda waktunya dari pekerjaan lain."),
    choices=(
        ("transport", gettext_lazy("Pengemudi atau kurir, juga ojek dan angkutan daring")),
        ("other", gettext_lazy("Pekerjaan lain: petani, nelayan, pedagang, tukang, dan lainnya")),
    ),
    when=lambda given: not is_wage_earner(given),
)
PAYER = Asked(
    "pembayar",
    gettext_lazy("Siapa yang membayar iurannya?"),
    gettext_lazy("Iuran yang dibayar pemerintah tidak mendapat keringanan."),
    choices=(
        ("self", gettext_lazy("Saya sendiri")),
        ("company", gettext_lazy("Perusahaan atau lembaga, sebagai bantuan")),
        ("apbd", gettext_lazy("Kabupaten atau provinsi (APBD)")),
        ("village", gettext_lazy("Desa")),
        ("apbn", gettext_lazy("Pemerintah pusat (APBN)")),
    ),
    when=lambda given: not is_wage_earner(given),
)
SAVINGS = Asked(
    "jht",
    gettext_lazy("Ingin menabung untuk hari tua juga?"),
    gettext_lazy("Jaminan hari tua (JHT) bagi bukan penerima upah boleh diikuti, boleh tidak."),
    choices=(("tidak", gettext_lazy("Tidak, JKK dan JKM saja")), ("ya", gettext_lazy("Ya, dengan JHT"))),
    when=lambda given: not is_wage_earner(given),
)
LINES = {
    "jkk": gettext_lazy("Kecelakaan kerja (JKK)"),
    "jkm": gettext_lazy("Kematian (JKM)"),
    "jht_employer": gettext_lazy("Hari tua (JHT), bagian pemberi kerja"),
    "jht_worker": gettext_lazy("Hari tua (JHT), bagian pekerja"),
    "jp_employer": gettext_lazy("Pensiun (JP), bagian pemberi kerja"),
    "jp_worker": gettext_lazy("Pensiun (JP), bagian pekerja"),
}
LINES_ALONE = LINES | {"jht_worker": gettext_lazy("Hari tua (JHT)")}


def wage_earner_facts(given: Answers) -> dict[str, Any]:
    """What the law wants to know about a wage earner; unasked, an Indonesian of 30."""
    return {
        "segment": "PU",
        "wage": given["upah"],
        "risk_group": activities.group_of(given["risiko"]),
        "firm_size": given["usaha"],
        "age": given.get("umur", 30),
        "citizenship": FOREIGN if given.get("warga") == "asing" else "ID",
    }


def due(segment: str, on: date, programme: str = "JKK") -> tuple[date, date, str]:
    """The first contribution month from this one on that is not yet overdue: month, last day to pay, article."""
    month = on.replace(day=1)
    while True:
        holidays = [day.isoformat() for day in sorted(holidays_between(month, month + LATEST))]
        facts = {"segment": segment, "programme": programme, "holidays": holidays}
        judgement = judge("due_date", month, facts)
        last = date.fromisoformat(judgement.result["due_on"])
        if last >= on:
            return month, last, article_of(judgement, "due_on")
        month = (month + timedelta(days=31)).replace(day=1)


def due_item(segment: str, on: date, programme: str = "JKK") -> Item:
    """By when the next contribution is paid."""
    month, last, article = due(segment, on, programme)
    text = _("Iuran %(month)s dibayar paling lambat %(day)s.") % {
        "month": words.long_month(month),
        "day": words.long_date(last),
    }
    return Item(text, article=article)


def job_loss_note(result: Mapping[str, Any]) -> str:
    """That job-loss insurance costs nobody anything on top."""
    if not result["jkp_government"]:
        return ""
    return _(
        "Termasuk jaminan kehilangan pekerjaan (JKP) tanpa tambahan: pemerintah membayar %(state)s, dan %(part)s sudah "
        "ada di dalam JKK."
    ) % {"state": words.rupiah(result["jkp_government"]), "part": words.rupiah(result["jkp_from_jkk"])}


def _of_wage_earner(given: Answers, on: date) -> Outcome:
    part = ask(
        _("Iuran sebulan"), "contributions", on, wage_earner_facts(given), LINES, "total", _("Seluruh iuran sebulan")
    )
    steps = [
        Item(
            _("Cocokkan dengan slip gaji."),
            _("Potongan BPJS Ketenagakerjaan di slip tidak boleh lebih dari bagian pekerja di atas."),
        ),
        Item(
            _("Periksa di aplikasi JMO atau di kantor cabang BPJS Ketenagakerjaan."),
            _("Lihat apakah perusahaan mendaftarkan Bapak/Ibu dengan upah yang benar dan iurannya terbayar."),
        ),
        due_item("PU", on),
    ]
    return Outcome(
        headlines=(
            Headline(_("Dipotong dari upah Bapak/Ibu"), part.result["worker_total"], _("sebulan")),
            Headline(_("Ditanggung pemberi kerja"), part.result["employer_total"], _("sebulan")),
        ),
        parts=(replace(part, note=job_loss_note(part.result)),),
        next_steps=Listing(_("Yang dapat Bapak/Ibu lakukan"), steps, numbered=True),
        assumed=(
            _("Bagian pemberi kerja tidak boleh dipotong dari upah."),
            _("Perusahaan mengikuti program yang wajib menurut ukuran usahanya, tidak lebih."),
        ),
    )


PAID_BY: dict[str, Text] = {
    "self": gettext_lazy("Dibayar sendiri"),
    "company": gettext_lazy("Dibayar perusahaan atau lembaga untuk Bapak/Ibu"),
    "apbd": gettext_lazy("Dibayar kabupaten atau provinsi untuk Bapak/Ibu"),
    "village": gettext_lazy("Dibayar desa untuk Bapak/Ibu"),
    "apbn": gettext_lazy("Dibayar pemerintah pusat untuk Bapak/Ibu"),
}


def _of_self_employed(given: Answers, on: date) -> Outcome:
    facts = {
        "segment": "BPU",
        "income": given["penghasilan"],
        "sector": given["bidang"],
        "payer": given["pembayar"],
        "programmes": ["JKK", "JKM", "JHT"] if given["jht"] == "ya" else ["JKK", "JKM"],
    }
    part = ask(_("Iuran sebulan"), "contributions", on, facts, LINES_ALONE, "total", _("Seluruh iuran sebulan"))
    total = part.result["total"]
    full = judge("contributions", on, facts | {"reliefs": False}).result["total"]
    steps = [due_item("BPU", on)]
    if given["pembayar"] == "self":
        steps += [
            Item(
                _("Daftar dan bayar di aplikasi JMO, kantor pos, minimarket, bank, atau agen Perisai."),
                _("Bawa KTP. Simpan bukti bayarnya; perlindungan berhenti bila iuran terlambat lebih dari 3 bulan."),
            )
        ]
    else:
        steps += [
            Item(
                _("Tanyakan kepada yang membayar: sudah terdaftar sejak kapan, dan dibayar sampai bulan apa."),
                _("Mintalah nomor kartu peserta (KPJ), dan beri tahu keluarga."),
            )
        ]
    return Outcome(
        headlines=(Headline(PAID_BY[given["pembayar"]], total, _("sebulan")),),
        parts=(part,),
        next_steps=Listing(_("Yang dapat Bapak/Ibu lakukan"), steps, numbered=True),
        notice=_relief(given["bidang"], full, total, on) if total < full else None,
        table=_brackets(given["penghasilan"], part.result["base"], on),
        assumed=(_("Pendaftaran baru diterima sebelum umur 65 tahun (Permenaker 5/2021, belum terverifikasi)."),),
    )


def _relief(sector: str, full: int, total: int, on: date) -> Notice:
    until = figure(f"bpu_{sector}_share", on).until
    said = _("Keringanan iuran PP 50/2025 sudah dihitung: tanpa keringanan iurannya %(full)s, jadi hemat %(less)s.") % {
        "full": words.rupiah(full),
        "less": words.rupiah(full - total),
    }
    if until is not None:
        said = " ".join((said, _("Berlaku sampai iuran %(month)s.") % {"month": words.long_month(until)}))
    return Notice(_("Ada keringanan"), said)


def _brackets(income: int, base: int, on: date) -> Table:
    bases = figure("bpu_bases", on)
    rows = []
    for least, most, of_row in bases.value:
        upto = f"– {words.number(most)}" if most >= 0 else _("ke atas")
        rows.append(((f"{words.number(least)} {upto}", words.number(of_row)), of_row == base))
    return Table(
        _("Tabel penghasilan: penghasilan %(income)s memakai dasar %(base)s")
        % {"income": words.rupiah(income), "base": words.rupiah(base)},
        (_("Penghasilan (rupiah)"), _("Dasar")),
        rows,
        bases.citation,
    )


def _work(given: Answers, on: date) -> Outcome:
    return _of_wage_earner(given, on) if is_wage_earner(given) else _of_self_employed(given, on)


MY_CONTRIBUTION = Calculator(
    "iuran",
    gettext_lazy("Iuran saya"),
    gettext_lazy("Berapa iuran sebulan, dan siapa yang menanggungnya."),
    "money",
    (SEGMENT, WAGE, SIZE, AGE, CITIZENSHIP, ACTIVITY, INCOME, SECTOR, PAYER, SAVINGS),
    _work,
)
