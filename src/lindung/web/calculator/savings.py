"""My old-age savings after tax."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.web.calculator.shown import Headline, Item, Listing, Outcome, ask, rule_item
from lindung.web.calculator.wizard import Answers, Asked, Calculator

BALANCE = Asked(
    "saldo",
    gettext_lazy("Berapa JHT yang akan dicairkan?"),
    gettext_lazy("Lihat saldo di aplikasi JMO, atau tanya telepon 175."),
    kind="rupiah",
    least=1,
)
BEFORE = Asked(
    "lama",
    gettext_lazy("Pernah mencairkan sebagian JHT sebelumnya?"),
    gettext_lazy("Pajaknya final bila semua dicairkan dalam dua tahun kalender; sejak tahun ketiga tarifnya lain."),
    choices=(
        ("0", gettext_lazy("Belum pernah")),
        ("1", gettext_lazy("Ya, pertama kali tahun ini atau tahun lalu")),
        ("2", gettext_lazy("Ya, pertama kali dua tahun lalu atau lebih lama")),
    ),
)
TAKEN = Asked(
    "sudah",
    gettext_lazy("Berapa yang sudah dicairkan?"),
    gettext_lazy("Jumlah sebelum pajak, dari semua pencairan sejak yang pertama itu."),
    kind="rupiah",
    when=lambda given: given["lama"] == "1",
)
TAKEN_THIS_YEAR = Asked(
    "tahun_ini",
    gettext_lazy("Berapa yang sudah dicairkan tahun ini?"),
    gettext_lazy("Jumlah sebelum pajak. Tulis 0 bila belum ada."),
    kind="rupiah",
    when=lambda given: given["lama"] == "2",
)
TAXPAYER = Asked(
    "npwp",
    gettext_lazy("Punya NPWP, atau NIK yang sudah menjadi NPWP?"),
    gettext_lazy("Tanpa NPWP pajaknya lebih tinggi."),
    choices=(("ya", gettext_lazy("Ya")), ("tidak", gettext_lazy("Tidak"))),
    when=lambda given: given["lama"] == "2",
)


def _work(given: Answers, on: date) -> Outcome:
    facts = {
        "amount": given["saldo"],
        "years_since_first_payment": int(given["lama"]),
        "paid_before": given.get("sudah", given.get("tahun_ini", 0)),
        "npwp": given.get("npwp") != "tidak",
    }
    part = ask(
        _("JHT setelah pajak"),
        "jht_tax",
        on,
        facts,
        {"tax": gettext_lazy("Pajak penghasilan yang dipotong")},
        "net",
        _("Diterima setelah pajak"),
    )
    final = part.result["final"]
    steps = [
        Item(
            _("Ajukan di aplikasi JMO, situs Lapak Asik, atau kantor cabang. Gratis, tidak ada potongan lain."),
            _("Siapkan KTP, kartu peserta, dan buku rekening atas nama sendiri."),
        ),
        Item(
            _("Simpan bukti potong pajaknya."),
            _("Pajaknya final: tidak ditambahkan lagi pada pajak tahunan.")
            if final
            else _("Pajaknya tidak final: masukkan ke SPT tahunan sebagai kredit pajak."),
        ),
    ]
    return Outcome(
        headlines=(Headline(_("Diterima setelah pajak"), part.result["net"]),),
        parts=(part,),
        next_steps=Listing(_("Yang dapat Bapak/Ibu lakukan"), steps, numbered=True),
        about=(Listing(_("Kapan boleh dicairkan"), [rule_item("jht_payable_from"), rule_item("jht_allowed")]),),
    )


MY_SAVINGS = Calculator(
    "jht",
    gettext_lazy("JHT setelah pajak"),
    gettext_lazy("Berapa yang diterima dari jaminan hari tua, dan kapan boleh dicairkan."),
    "download",
    (BALANCE, BEFORE, TAKEN, TAKEN_THIS_YEAR, TAXPAYER),
    _work,
)
