"""The screens that several calculators share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from lindung.web.calculator.wizard import Answers, Asked

MOST_MONTHS = 780
"""Of contributions in a working life of 65 years."""


def is_wage_earner(given: Answers) -> bool:
    """Whether somebody is paid by an employer; the company's calculator asks about nobody else."""
    return bool(given.get("pekerjaan", "PU") == "PU")


def in_a_firm(given: Answers) -> bool:
    """Whether age and citizenship decide about programmes: not in micro firms and government offices."""
    return is_wage_earner(given) and given.get("usaha") in {"small", "medium", "large"}


SEGMENT = Asked(
    "pekerjaan",
    gettext_lazy("Bapak/Ibu bekerja untuk siapa?"),
    gettext_lazy("Yang digaji pemberi kerja disebut penerima upah; yang lain bukan penerima upah."),
    choices=(
        ("PU", gettext_lazy("Digaji perusahaan, kantor, atau majikan")),
        ("BPU", gettext_lazy("Usaha sendiri atau pekerja lepas")),
    ),
)
WAGE = Asked(
    "upah",
    gettext_lazy("Berapa upah sebulan?"),
    gettext_lazy(
        "Upah pokok ditambah tunjangan tetap, sebelum dipotong apa pun. Dibayar harian? Upah sehari dikali 25."
    ),
    kind="rupiah",
    least=1,
    when=is_wage_earner,
)
INCOME = Asked(
    "penghasilan",
    gettext_lazy("Berapa penghasilan rata-rata sebulan?"),
    gettext_lazy("Perkiraan saja. Iuran mengikuti baris tabel penghasilan."),
    kind="rupiah",
    when=lambda given: not is_wage_earner(given),
)
SIZE = Asked(
    "usaha",
    gettext_lazy("Seberapa besar usaha pemberi kerja?"),
    gettext_lazy(
        "Menurut PP 7/2021: hasil penjualan setahun, atau modal tanpa tanah dan bangunan. Usaha kecil dan mikro wajib "
        "mengikuti lebih sedikit program."
    ),
    choices=(
        ("micro", gettext_lazy("Mikro: penjualan sampai Rp2 miliar, atau modal sampai Rp1 miliar")),
        ("small", gettext_lazy("Kecil: penjualan sampai Rp15 miliar, atau modal sampai Rp5 miliar")),
        ("medium", gettext_lazy("Menengah: penjualan sampai Rp50 miliar, atau modal sampai Rp10 miliar")),
        ("large", gettext_lazy("Besar: di atas itu")),
        ("state", gettext_lazy("Kantor pemerintah, bagi pegawai yang bukan ASN")),
    ),
    when=is_wage_earner,
)
AGE = Asked(
    "umur",
    gettext_lazy("Berapa umur Bapak/Ibu?"),
    gettext_lazy("Umur menentukan apakah jaminan pensiun (JP) dan jaminan kehilangan pekerjaan (JKP) masih diikuti."),
    kind="number",
    least=15,
    most=80,
    unit=gettext_lazy("tahun"),
    when=in_a_firm,
)
CITIZENSHIP = Asked(
    "warga",
    gettext_lazy("Bapak/Ibu warga negara mana?"),
    gettext_lazy("Pekerja asing tidak diikutkan dalam JP dan JKP."),
    choices=(("ID", gettext_lazy("Indonesia")), ("asing", gettext_lazy("Negara lain"))),
    when=in_a_firm,
)
ACTIVITY = Asked(
    "risiko",
    gettext_lazy("Usaha apa tempat kerjanya?"),
    gettext_lazy("Usahanya menentukan tarif jaminan kecelakaan kerja (JKK), dari daftar 191 usaha di PP 82/2019."),
    kind="activity",
    when=is_wage_earner,
)
