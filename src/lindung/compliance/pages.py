"""Words and tones that this room's pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lindung.compliance.kinds import KINDS
from lindung.compliance.steps import STEPS
from lindung.core.files import PDF
from lindung.core.ui.parts import Tab
from lindung.core.ui.tables import Badge

SOURCE = _l("pencocokan laporan dan daftar")
BILLS = _l("buku iuran")
FINDING_STATES = {
    "open": Badge(_l("Perlu diperiksa"), "soon"),
    "confirmed": Badge(_l("Benar"), "danger"),
    "refuted": Badge(_l("Disangkal, diterima"), "neutral"),
    "resolved": Badge(_l("Selesai"), "ok"),
}
KIND_BADGES = {str(kind): Badge(words.title, "neutral") for kind, words in KINDS.items()}
CLASSES = {
    "lancar": Badge(_l("Lancar"), "info"),
    "kurang_lancar": Badge(_l("Kurang lancar"), "soon"),
    "diragukan": Badge(_l("Diragukan"), "danger"),
    "macet": Badge(_l("Macet"), "danger"),
}
STAGES = {
    "none": Badge(_l("Belum disurati"), "soon"),
    "due": Badge(_l("Langkah berikut"), "soon"),
    "to_decide": Badge(_l("Menunggu pejabat kedua"), "soon"),
    "to_send": Badge(_l("Siap dikirim"), "soon"),
    "returned": Badge(_l("Dikembalikan"), "soon"),
    "running": Badge(_l("Menunggu jawaban"), "info"),
    "sent": Badge(_l("Terkirim"), "ok"),
    "ends": Badge(_l("Di Kejaksaan"), "danger"),
}
PLAN_STATES = {
    "waiting": Badge(_l("Menunggu pejabat kedua"), "soon"),
    "returned": Badge(_l("Dikembalikan"), "neutral"),
    "kept": Badge(_l("Ditepati"), "ok"),
    "late": Badge(_l("Terlambat"), "soon"),
    "broken": Badge(_l("Dilanggar"), "danger"),
    "done": Badge(_l("Lunas"), "ok"),
}
INSTALMENTS = {
    "kept": Badge(_l("Dibayar"), "ok"),
    "due": Badge(_l("Belum jatuh tempo"), "neutral"),
    "late": Badge(_l("Terlambat"), "soon"),
    "broken": Badge(_l("Dilanggar"), "danger"),
}
STEP_BADGES = {"": Badge("–", "neutral")} | {str(step.code): Badge(step.title, "neutral") for step in STEPS}
EVENTS: dict[str, Any] = {
    "found": _l("Ditemukan"),
    "evidence": _l("Angkanya berubah"),
    "reopened": _l("Dibuka lagi"),
    "objection": _l("Jawaban perusahaan"),
    "confirmed": _l("Dinyatakan benar"),
    "refuted": _l("Sangkalan diterima"),
    "resolved": _l("Selesai"),
}
LISTS = {
    "wlkp": Badge("WLKP", "neutral"),
    "nib": Badge("NIB (OSS)", "neutral"),
    "other": Badge(_l("Daftar lain"), "neutral"),
}
FAULTS: dict[str, tuple[Any, Any]] = {
    "name_missing": (_l("Nama perusahaan kosong."), _l("Isi nama sesuai akta, contoh: PT Kapuas Jaya.")),
    "nib_lost_digits": (
        _l("NIB tertulis sebagai bilangan, angkanya hilang."),
        _l("Ketik NIB sebagai teks, 13 angka, contoh 9120001234567."),
    ),
    "nib_length": (_l("NIB bukan 13 angka."), _l("Periksa NIB di OSS, contoh 9120001234567.")),
    "nib_repeated": (
        _l("NIB yang sama dipakai perusahaan lain dalam daftar ini."),
        _l("Periksa NIB keduanya; baris ini tidak dibandingkan sampai diperbaiki."),
    ),
    "row_repeated": (_l("Perusahaan ini sudah ada di baris sebelumnya."), _l("Hapus baris yang berulang.")),
    "npwp_lost_digits": (
        _l("NPWP tertulis sebagai bilangan, angkanya hilang."),
        _l("Ketik NPWP sebagai teks, 15 atau 16 angka."),
    ),
    "npwp_length": (_l("NPWP bukan 15 atau 16 angka."), _l("Contoh: 01.234.567.8-701.000.")),
    "workers_unreadable": (_l("Jumlah tenaga kerja tidak terbaca."), _l("Tulis dengan angka, contoh 125.")),
    "wage_unreadable": (_l("Upah tidak terbaca."), _l("Tulis dengan angka, contoh 3.100.000.")),
    "size_unknown": (_l("Skala usaha tidak dikenal."), _l("Tulis mikro, kecil, menengah, atau besar.")),
}


def fault_words(codes: list[str]) -> str:
    """What is wrong with a line and how to mend it."""
    return " ".join(f"{FAULTS[code][0]} {FAULTS[code][1]}" for code in codes)


def tabs(current: str) -> list[Tab]:
    """The parts of compliance."""
    parts = (
        ("worklist", _("Daftar kerja")),
        ("findings", _("Temuan")),
        ("arrears", _("Tunggakan")),
        ("lists", _("Daftar perusahaan")),
        ("summary", _("Ringkasan")),
    )
    return [Tab(title, reverse(f"compliance:{name}"), name == current) for name, title in parts]


def pdf_answer(name: str, content: bytes) -> HttpResponse:
    """A letter to be downloaded."""
    return HttpResponse(content, content_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})
