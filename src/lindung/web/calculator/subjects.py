"""The common cases: which screens they have and which question they put to the law."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from lindung.web.calculator.shown import Part, ask
from lindung.web.calculator.wizard import Answers, Asked, Calculator

SEGMENT = Asked(
    "pekerjaan",
    lazy("Bapak/Ibu bekerja untuk siapa?"),
    lazy("Yang digaji pemberi kerja disebut penerima upah; yang lain bukan penerima upah."),
    choices=(("PU", lazy("Digaji perusahaan atau majikan")), ("BPU", lazy("Usaha sendiri atau pekerja lepas"))),
)
WAGE = Asked(
    "upah",
    lazy("Berapa upah sebulan?"),
    lazy("Upah pokok ditambah tunjangan tetap, sebelum dipotong apa pun."),
    kind="rupiah",
    least=1,
    when=lambda given: given.get("pekerjaan", "PU") == "PU",
)
INCOME = Asked(
    "penghasilan",
    lazy("Berapa penghasilan rata-rata sebulan?"),
    lazy("Perkiraan saja. Iuran mengikuti baris tabel penghasilan."),
    kind="rupiah",
    when=lambda given: given["pekerjaan"] == "BPU",
)
RISK = Asked(
    "risiko",
    lazy("Seberapa berbahaya tempat kerjanya?"),
    lazy("Kelompok risiko menentukan tarif jaminan kecelakaan kerja (JKK)."),
    choices=(
        ("1", lazy("Sangat rendah: kantor, sekolah, toko")),
        ("2", lazy("Rendah: perkebunan, pertanian, hotel")),
        ("3", lazy("Sedang: pabrik makanan, bengkel, perikanan")),
        ("4", lazy("Tinggi: kayu, kimia, angkutan")),
        ("5", lazy("Sangat tinggi: bangunan, pertambangan")),
    ),
    when=lambda given: given.get("pekerjaan", "PU") == "PU",
)
SIZE = Asked(
    "usaha",
    lazy("Seberapa besar usahanya?"),
    lazy("Dilihat dari hasil penjualan setahun. Usaha kecil dan mikro wajib mengikuti lebih sedikit program."),
    choices=(
        ("micro", lazy("Mikro: sampai Rp2 miliar")),
        ("small", lazy("Kecil: sampai Rp15 miliar")),
        ("medium", lazy("Menengah: sampai Rp50 miliar")),
        ("large", lazy("Besar: di atas Rp50 miliar")),
    ),
    when=lambda given: given.get("pekerjaan", "PU") == "PU",
)
AGE = Asked(
    "umur",
    lazy("Berapa umur Bapak/Ibu?"),
    kind="number",
    least=15,
    most=80,
    unit=lazy("tahun"),
    when=lambda given: given.get("pekerjaan", "PU") == "PU",
)
SAVINGS = Asked(
    "jht",
    lazy("Ingin menabung untuk hari tua juga?"),
    lazy("Jaminan hari tua (JHT) bagi bukan penerima upah boleh diikuti, boleh tidak."),
    choices=(("tidak", lazy("Tidak, JKK dan JKM saja")), ("ya", lazy("Ya, dengan JHT"))),
    when=lambda given: given["pekerjaan"] == "BPU",
)
CONTRIBUTION_LINES = {
    "jkk": lazy("Kecelakaan kerja (JKK)"),
    "jkm": lazy("Kematian (JKM)"),
    "jht_employer": lazy("Hari tua (JHT), bagian pemberi kerja"),
    "jht_worker": lazy("Hari tua (JHT), bagian pekerja"),
    "jp_employer": lazy("Pensiun (JP), bagian pemberi kerja"),
    "jp_worker": lazy("Pensiun (JP), bagian pekerja"),
}


def _contribution_facts(given: Answers) -> dict[str, Any]:
    if given.get("pekerjaan", "PU") == "PU":
        return {
            "segment": "PU",
            "wage": given["upah"],
            "risk_group": int(given["risiko"]),
            "firm_size": given["usaha"],
            "age": given.get("umur", 30),
        }
    programmes = ["JKK", "JKM", "JHT"] if given["jht"] == "ya" else ["JKK", "JKM"]
    return {"segment": "BPU", "income": given["penghasilan"], "programmes": programmes}


def _my_contribution(given: Answers, on: date) -> list[Part]:
    wage_earner = given["pekerjaan"] == "PU"
    return [
        ask(
            _("Iuran sebulan"),
            "contributions",
            on,
            _contribution_facts(given),
            CONTRIBUTION_LINES,
            "total",
            _("Seluruh iuran sebulan"),
            note=_("Bagian pekerja dipotong dari upah; bagian pemberi kerja tidak boleh dipotong dari upah.")
            if wage_earner
            else _("Iuran dibayar sendiri, atau oleh pihak lain seperti kabupaten dan desa."),
        )
    ]


PAID = Asked(
    "bulan",
    lazy("Sudah berapa bulan iuran dibayar berturut-turut?"),
    lazy("Bulan yang terlewat tidak dihitung. Tulis 0 bila belum pernah."),
    kind="number",
    most=1_200,
    unit=lazy("bulan"),
)
CHILDREN = Asked(
    "anak",
    lazy("Berapa anak yang masih sekolah atau kuliah?"),
    lazy("Beasiswa untuk paling banyak dua anak, sampai umur 23 tahun."),
    choices=(("0", lazy("Tidak ada")), ("1", lazy("Satu")), ("2", lazy("Dua atau lebih"))),
)
LEVELS = (
    ("tk", lazy("TK atau belum sekolah")),
    ("sd", lazy("SD")),
    ("smp", lazy("SMP")),
    ("sma", lazy("SMA atau SMK")),
    ("university", lazy("Kuliah")),
)
LEVEL_1 = Asked(
    "sekolah1",
    lazy("Anak pertama sekarang di mana?"),
    lazy("Dihitung dari kelas pertama tingkat itu sampai lulus kuliah."),
    choices=LEVELS,
    when=lambda given: given["anak"] in {"1", "2"},
)
LEVEL_2 = Asked(
    "sekolah2", lazy("Anak kedua sekarang di mana?"), choices=LEVELS, when=lambda given: given["anak"] == "2"
)
YEARS = {"tk": 2, "sd": 6, "smp": 3, "sma": 3, "university": 5}
BENEFIT_LINES = {
    "death": lazy("Santunan kematian"),
    "periodic": lazy("Santunan berkala, dibayar sekaligus"),
    "funeral": lazy("Biaya pemakaman"),
}


def _remaining(level: str) -> dict[str, Any]:
    ahead = list(YEARS)[list(YEARS).index(level) :]
    return {"remaining": {name: YEARS[name] for name in ahead}}


def _my_family(given: Answers, on: date) -> list[Part]:
    wage_earner = given["pekerjaan"] == "PU"
    pay = {"wage": given["upah"]} if wage_earner else {"income": given["penghasilan"]}
    segment, months = given["pekerjaan"], given["bulan"]
    parts = [
        ask(
            _("Meninggal biasa, bukan karena kerja (JKM)"),
            "jkm",
            on,
            {"segment": segment, "months_paid_consecutive": months},
            BENEFIT_LINES,
            "total",
            _("Diterima ahli waris"),
        ),
        ask(
            _("Meninggal karena kecelakaan kerja (JKK)"),
            "jkk_death",
            on,
            {"segment": segment, **pay},
            BENEFIT_LINES,
            "total",
            _("Diterima ahli waris"),
        ),
    ]
    children = [_remaining(given[key]) for key in ("sekolah1", "sekolah2") if key in given]
    if children:
        for cause, title in (
            ("non_work", _("Beasiswa anak, meninggal biasa")),
            ("work", _("Beasiswa anak, karena kerja")),
        ):
            facts = {"cause": cause, "months_contributed": months, "children": children}
            parts.append(ask(title, "scholarship", on, facts, {}, "total_max", _("Paling banyak, dibayar tiap tahun")))
    return parts


WORKERS = Asked(
    "pekerja",
    lazy("Berapa pekerja di perusahaan?"),
    kind="number",
    least=1,
    most=100_000,
    unit=lazy("orang"),
)
COMPANY_WAGE = Asked(
    "upah",
    lazy("Berapa upah rata-rata seorang pekerja sebulan?"),
    lazy("Upah pokok ditambah tunjangan tetap. Hasilnya perkiraan bila upah pekerja berbeda-beda."),
    kind="rupiah",
    least=1,
)


def _my_company(given: Answers, on: date) -> list[Part]:
    facts = _contribution_facts({**given, "pekerjaan": "PU"})
    count = given["pekerja"]
    return [
        ask(
            _("Iuran sebulan untuk satu pekerja"),
            "contributions",
            on,
            facts,
            CONTRIBUTION_LINES,
            "total",
            _("Seorang pekerja"),
        ),
        ask(
            _("Tagihan perusahaan sebulan"),
            "contributions",
            on,
            facts,
            {"employer_total": lazy("Ditanggung perusahaan"), "worker_total": lazy("Dipotong dari upah pekerja")},
            "total",
            _("Dibayar perusahaan, paling lambat tanggal 15 bulan berikutnya"),
            times=count,
        ),
    ]


JP_MONTHS = Asked(
    "bulan",
    lazy("Berapa bulan iuran pensiun (JP) sampai berhenti bekerja?"),
    lazy("Yang sudah dibayar ditambah yang masih akan dibayar. Pensiun bulanan butuh paling sedikit 180 bulan."),
    kind="number",
    least=1,
    most=600,
    unit=lazy("bulan"),
)


def _my_pension(given: Answers, on: date) -> list[Part]:
    years = {str(on.year - back): str(given["upah"]) for back in range(-(-given["bulan"] // 12))}
    facts = {"annual_wages": years, "inflation": dict.fromkeys(years, "0"), "months": given["bulan"]}
    return [
        ask(
            _("Pensiun hari tua (JP)"),
            "jp_old_age",
            on,
            facts,
            {"average_indexed_wage": lazy("Upah rata-rata yang menjadi dasar")},
            "monthly",
            _("Pensiun sebulan"),
            note=_("Perkiraan dengan uang hari ini: upah tetap sebesar itu dan tanpa inflasi."),
        )
    ]


BALANCE = Asked("saldo", lazy("Berapa saldo JHT yang dicairkan?"), kind="rupiah", least=1)
BEFORE = Asked(
    "lama",
    lazy("Pernah mencairkan sebagian sebelumnya?"),
    lazy("Pajaknya final bila semua dicairkan dalam dua tahun sejak pencairan pertama."),
    choices=(
        ("0", lazy("Belum, atau kurang dari dua tahun lalu")),
        ("2", lazy("Ya, dua tahun lalu atau lebih")),
    ),
)


def _my_savings(given: Answers, on: date) -> list[Part]:
    facts = {"amount": given["saldo"], "years_since_first_payment": int(given["lama"])}
    return [ask(_("JHT setelah pajak"), "jht_tax", on, facts, {"tax": lazy("Pajak penghasilan")}, "net", _("Diterima"))]


CALCULATORS = (
    Calculator(
        "iuran",
        lazy("Iuran saya"),
        lazy("Berapa iuran sebulan, dan siapa yang menanggungnya."),
        "money",
        (SEGMENT, WAGE, INCOME, RISK, SIZE, AGE, SAVINGS),
        _my_contribution,
    ),
    Calculator(
        "santunan",
        lazy("Santunan keluarga saya"),
        lazy("Apa yang diterima keluarga bila saya meninggal."),
        "shield",
        (SEGMENT, WAGE, INCOME, PAID, CHILDREN, LEVEL_1, LEVEL_2),
        _my_family,
    ),
    Calculator(
        "perusahaan",
        lazy("Tagihan perusahaan saya"),
        lazy("Berapa yang dibayar perusahaan sebulan."),
        "people",
        (WORKERS, COMPANY_WAGE, RISK, SIZE),
        _my_company,
    ),
    Calculator(
        "pensiun",
        lazy("Pensiun saya"),
        lazy("Berapa pensiun sebulan dari jaminan pensiun (JP)."),
        "clock",
        (WAGE, JP_MONTHS),
        _my_pension,
    ),
    Calculator(
        "jht",
        lazy("JHT setelah pajak"),
        lazy("Berapa yang diterima dari jaminan hari tua."),
        "download",
        (BALANCE, BEFORE),
        _my_savings,
    ),
)
