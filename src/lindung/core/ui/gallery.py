"""Everything a page can be made of, on one page with made-up data: for those who build pages, and for the tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from lindung.core.months import add_months
from lindung.core.ui.charts import Bar, GapRow, MapPoint, bars, columns_chart, dot_map, gap_bar, gap_bars, spark
from lindung.core.ui.parts import ProgressState, QueueItem, Receipt, ReceiptLine, Step, Tab, TimelineItem
from lindung.core.ui.ribbon import RibbonEvent, RibbonMonth, State, ribbon_legend, ribbon_svg
from lindung.core.ui.tables import Badge, BulkAction, Column, Filter, ListQuery, Page, TableView
from lindung.core.ui.weave import WeaveRow, weave_table

TODAY = date(2026, 2, 27)
_PAYERS = ("APBD Kubu Raya", "Desa Kapur", "CV Borneo Tani")
_NAMES = (
    "Siti Aminah",
    "Yohanes Dalimin",
    "Maria Goretti",
    "Abdul Hamid",
    "Lim Sui Khim",
    "Nurhayati",
    "Petrus Aheng",
    "Rosmini",
    "Sabran",
    "Tarmizi",
    "Halimah binti Usman",
    "Agustinus Kiyoi",
)
_VILLAGES = ("Kapur", "Limbung", "Sungai Raya", "Rasau Jaya Umum", "Teluk Pakedai Hulu", "Padang Tikar Satu")
_STATES = {
    "active": Badge("Aktif", "ok"),
    "billed": Badge("Ditagih", "info"),
    "grace": Badge("Masa tenggang", "soon"),
    "lost": Badge("Tanpa perlindungan", "danger"),
    "draft": Badge("Konsep", "neutral"),
}


@dataclass(frozen=True)
class Sample:
    """A made-up person in the sample list."""

    id: int
    name: str
    nik: str
    village: str
    wage: int
    until: date
    state: str


class SampleForm(forms.Form):
    """One field of each sort, sent with faults so that these show too."""

    name = forms.CharField(label="Nama lengkap", help_text="Seperti di KTP.")
    nik = forms.CharField(label="NIK", help_text="16 angka, contoh 6112034107850001.", min_length=16)
    wage = forms.IntegerField(label="Dasar upah sebulan", min_value=1)
    village = forms.ChoiceField(label="Desa", choices=[("", "Pilih desa"), ("1", "Kapur"), ("2", "Limbung")])
    note = forms.CharField(label="Catatan", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    work = forms.ChoiceField(
        label="Pekerjaan", choices=[("farmer", "Petani"), ("fisher", "Nelayan")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="Data di atas benar.")
    file = forms.FileField(label="Daftar usulan")


def sample_months(first: date, pattern: str, payer: str = _PAYERS[0]) -> list[RibbonMonth]:
    """Months from `first`, a letter each: P paid, B billed, G grace, - none, o planned."""
    states: dict[str, State] = {"P": "paid", "B": "billed", "G": "grace", "-": "none", "o": "planned"}
    return [
        RibbonMonth(add_months(first, index), states[letter], "" if letter == "-" else payer)
        for index, letter in enumerate(pattern)
    ]


def sample_people() -> list[Sample]:
    """132 made-up people."""
    states = list(_STATES)
    return [
        Sample(
            index,
            f"{_NAMES[index % 12]} {index // 12 + 1}",
            f"611203{index:06d}{index % 9999:04d}",
            _VILLAGES[index % 6],
            1_000_000 + 50_000 * (index % 7),
            add_months(date(2026, 1, 1), index % 9),
            states[index % 5],
        )
        for index in range(132)
    ]


def _sample_ribbon(row: Sample) -> str:
    patterns = {
        "active": "PPPPPPPPPPPP",
        "billed": "PPPPPPPPPPBB",
        "grace": "PPPPPPPPPPGG",
        "lost": "PPPPPP------",
        "draft": "--------oooo",
    }
    return ribbon_svg(sample_months(date(2025, 6, 1), patterns[row.state]), today=TODAY, size="small")


def sample_job(url: str) -> ProgressState:
    """Long work that never ends."""
    return ProgressState("Memeriksa 1.700 baris", url, 1240, 1700, "running", 14)


class StyleGuide(TableView):
    """The style guide; its list really searches, filters, sorts and pages."""

    title = "Gaya Lindung"
    lead = "Semua bagian halaman, dengan data rekaan."
    search_hint = "Nama atau desa"
    template_name = "styleguide.html"
    columns = (
        Column("name", "Nama", kind="link", sortable=True),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("village", "Desa", sortable=True),
        Column("wage", "Dasar upah", kind="rupiah", sortable=True),
        Column("until", "Sampai", kind="month", priority=3),
        Column("state", "Keadaan", kind="badge", badges=_STATES),
        Column("ribbon", "12 bulan", kind="html", value=_sample_ribbon, export=False),
    )
    filters = (
        Filter("state", "Keadaan", [(code, badge.label) for code, badge in _STATES.items()]),
        Filter("village", "Desa", [(village, village) for village in _VILLAGES]),
    )
    default_sort = "name"
    page_size = 12
    source = "data rekaan"
    bulk_actions = (BulkAction("Perpanjang", "#perpanjang"),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or the progress that it asks for every two seconds."""
        if "kemajuan" in request.GET:
            return render(request, "components/progress.html", {"job": sample_job(request.get_full_path())})
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        """Searches the made-up people in memory."""
        found = [row for row in sample_people() if query.search.lower() in f"{row.name} {row.village}".lower()]
        for key, value in query.filters.items():
            found = [row for row in found if getattr(row, key) == value]
        if query.sort:
            found.sort(key=lambda row: getattr(row, query.sort or ""), reverse=query.descending)
        return Page.of(found[query.offset : query.offset + query.limit], query, len(found))

    def row_url(self, row: Sample) -> str:
        """Nowhere in particular."""
        return f"#orang-{row.id}"

    def as_of(self) -> date:
        """The day of the made-up data."""
        return TODAY

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        """All the other parts."""
        return {**_parts(self.request), **_pictures()}


def _parts(request: HttpRequest) -> dict[str, Any]:
    faulty = SampleForm({"name": "Siti Aminah", "nik": "61120341078500", "wage": "1000000"})
    return {
        "today": TODAY,
        "badges": [(badge.label, badge.tone) for badge in _STATES.values()],
        "form": faulty,
        "nik": "6112034107850001",
        "items": [("Nama", "Siti Aminah"), ("Desa", "Kapur, Sungai Raya"), ("Dasar upah", "Rp1.000.000")],
        "timeline_items": [
            TimelineItem(
                date(2026, 2, 20), "Perlindungan berakhir 6 hari lagi", "Bayar sebelum 28 Februari.", tone="soon"
            ),
            TimelineItem(date(2026, 1, 12), "Iuran Januari terbayar", "Rp12.345", "Bendahara", "ok"),
            TimelineItem(date(2025, 3, 12), "Terdaftar melalui SK 400/2025", "", "Operator Desa Kapur"),
        ],
        "step_items": [Step("Unggah", "done"), Step("Periksa", "current", "12 baris perlu dilihat"), Step("Kirim")],
        "tab_items": [
            Tab("Ringkasan", "#ringkasan", True),
            Tab("Anggota", "#anggota", count=1700),
            Tab("Riwayat", "#riwayat"),
        ],
        "queue_items": [
            QueueItem("Orang tanpa perlindungan mulai Maret", 214, "#1", 1, "danger", "Desa Kapur dan Limbung"),
            QueueItem("Tagihan belum dibayar", 3, "#2", 6, "soon"),
            QueueItem("Usulan menunggu diperiksa", 1742, "#3", 20, "info"),
        ],
        "job_running": sample_job(f"{request.path}?kemajuan=1"),
        "job_done": ProgressState(
            "Memeriksa 1.700 baris",
            request.path,
            1700,
            1700,
            "done",
            summary="1.688 baris baik, 12 perlu diperbaiki.",
            result_url="#hasil",
        ),
        "receipt_paid": Receipt(
            "Santunan kematian, JKM",
            [
                ReceiptLine("Santunan kematian", 1_500_000, "contoh pasal a", "T"),
                ReceiptLine("Santunan berkala, dibayar sekaligus", 250_000, "contoh pasal b", "S"),
                ReceiptLine("Biaya pemakaman", 400_000, "contoh pasal c", "T"),
            ],
            total=2_150_000,
            total_label="Diterima ahli waris",
        ),
        "receipt_refused": Receipt(
            "Beasiswa anak",
            [
                ReceiptLine("Peserta meninggal dunia", None, "contoh pasal a", "T"),
                ReceiptLine(
                    "Masa iuran paling sedikit (contoh)",
                    None,
                    "contoh pasal d",
                    "M",
                    "Ada 26 bulan, kurang 4 bulan (contoh).",
                    True,
                ),
            ],
            refused=True,
            reason="Masa iuran belum cukup.",
            way_out="Bila ada iuran lain yang belum tercatat, bawa bukti bayarnya ke kantor cabang.",
        ),
    }


def _pictures() -> dict[str, Any]:
    months = (
        sample_months(date(2023, 9, 1), "PPPP", _PAYERS[2])
        + sample_months(date(2024, 1, 1), "PPP---", _PAYERS[2])
        + sample_months(date(2024, 7, 1), "PPPPPPPPP", _PAYERS[1])
        + sample_months(date(2025, 4, 1), "PPPPPPPPPBG")
    )
    months += sample_months(date(2026, 3, 1), "oooooooooo")
    span = [add_months(date(2025, 9, 1), index) for index in range(10)]
    weave = [
        WeaveRow(
            name,
            [
                None
                if index == 4 and step < 2
                else max(0.0, min(1.0, 1 - max(0, step - 4) * 0.17 * (index % 3)))
                if step < 8
                else (0.0 if index % 2 else 0.4)
                for step in range(10)
            ],
            "#desa",
        )
        for index, name in enumerate(_VILLAGES)
    ]
    source = "data rekaan"
    return {
        "months": months,
        "full_from": date(2024, 7, 1),
        "small_months": months[:-10],
        "events": [RibbonEvent(date(2025, 8, 3), "Kecelakaan kerja")],
        "ribbon_legend": ribbon_legend(),
        "weave": weave_table("Iuran per desa", months=span, rows=weave, as_of=TODAY, source=source),
        "bars": bars(
            "Peserta per desa",
            [Bar("Sungai Raya", 5839), Bar("Kapur", 3120, "soon", "turun 4%"), Bar("Rasau Jaya Umum", 812, "danger")],
            unit="orang",
            as_of=TODAY,
            source=source,
        ),
        "gap": gap_bar(
            "Pekerja rentan terlindungi", covered=5839, target=12_000, people=28_000, as_of=TODAY, source=source
        ),
        "gaps": gap_bars(
            "Sasaran per desa",
            [GapRow("Kapur", 280, 300), GapRow("Limbung", 120, 410), GapRow("Sungai Raya", 640, 640)],
            as_of=TODAY,
            source=source,
        ),
        "columns_picture": columns_chart(
            "Iuran diterima",
            [(add_months(date(2025, 3, 1), index), 22_000_000 + 1_700_000 * (index % 5)) for index in range(12)],
            kind="rupiah",
            as_of=TODAY,
            source=source,
        ),
        "spark": spark([3, 5, 4, 8, 9, 14], label="Pendaftaran enam bulan"),
        "map": dot_map(
            "Desa menurut peserta",
            [
                MapPoint("Sungai Raya", -0.118, 109.385, 640, "ok", True),
                MapPoint("Kapur", -0.083, 109.378, 280, "soon"),
                MapPoint("Rasau Jaya", -0.245, 109.352, 410, "ok", True),
                MapPoint("Teluk Pakedai", -0.318, 109.197, 150, "danger", True),
                MapPoint("Padang Tikar", -0.727, 109.383, 90, "danger", True),
                MapPoint("Kubu", -0.467, 109.378, 210, "info", True),
            ],
            unit="orang",
            as_of=TODAY,
            source=source,
        ),
    }
