"""How fast a large workbook of new workers goes from upload to bill, and a small one in the page.

    python benchmarks/wages.py --rows 100000 --json

A durable PostgreSQL of its own in a temporary directory, every act committed as in the office: the workbook is taken in,
checked row by row, applied (people, memberships, employments, wages), the month assessed, charged and billed. In the
same run the workbook is read once more by itself, and the rows that were kept are copied raw into a table."""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Literal

import polars as pl
from database import own_database

MONTH = date(2026, 1, 1)
SMALL = 200


class Clock:
    """Seconds per stage; told of an action's progress, it splits the action at what it says."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._since = started = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - started

    def part(self, name: str) -> Any:
        """A progress function: what went before each message is a part of the stage."""

        def progress(done: int, total: int, message: str = "") -> None:
            now = time.perf_counter()
            self.seconds[f"  {name}, until «{message}»"] = now - self._since
            self._since = now

        return progress


def workbook(rows: int, seed: int) -> bytes:
    """«Data TK Baru» in its current header, without a fault: distinct NIKs, wages from 3 to 12 million."""
    import xlsxwriter

    from lindung.formats.sipp.columns import version_of
    from lindung.web.demo.names import ALL_COMMUNITIES, community, full_name

    rng = random.Random(seed)
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("data_tk_baru")
    titles = version_of("lengkap-30").titles
    sheet.write_row(0, 0, titles)
    for number in range(1, rows + 1):
        born = date(1966, 1, 1) + timedelta(days=rng.randrange(40 * 365))
        sex: Literal["L", "P"] = "L" if rng.random() < 0.6 else "P"
        day = born.day + (40 if sex == "P" else 0)
        nik = f"6112{seed % 9 + 1:02d}{day:02d}{born:%m%y}{number % 9999 + 1:04d}"
        cells = {
            "NO_PEGAWAI": f"K{number:06d}", "NAMA_LENGKAP": full_name(rng, community(rng, ALL_COMMUNITIES), sex),
            "HP": "081200000000", "TEMPAT_LAHIR": "Pontianak", "TANGGAL_LAHIR": f"{born:%d-%m-%Y}",
            "NAMA_IBU_KANDUNG": full_name(rng, community(rng, ALL_COMMUNITIES), "P"), "JENIS_IDENTITAS": "KTP",
            "NOMOR_IDENTITAS": nik, "MASA_LAKU_IDENTITAS": "31-12-3000", "JENIS_KELAMIN": sex,
            "SURAT_MENYURAT_KE": "S", "STATUS_KAWIN": "T", "GOLONGAN_DARAH": "O", "KODE_NEGARA": "ID",
            "UPAH": str(rng.randrange(3_100_000, 12_000_000)), "ALAMAT": f"Jalan Contoh {number % 200 + 1}",
            "KODE_POS": "78391", "LOKASI_PEKERJAAN": "6112", "STATUS_PEGAWAI": "PKWTT",
            "TGL_AWAL_BEKERJA": "02-01-2026",
        }  # fmt: skip
        sheet.write_row(number, 0, [cells.get(title, "") for title in titles])
    book.close()
    return output.getvalue()


def employer(npp: str) -> Any:
    """A large employer with all that the law wants to know."""
    from lindung.payers.models import EmployerScale, Payer

    payer = Payer.objects.create(kind="company", name=f"PT Contoh {npp}", npp=npp, place_id=6112000000, risk_group=2)
    EmployerScale.objects.create(
        payer=payer, firm_size="large", basis="stated", valid=("2020-01-01", None), source="benchmark",
        recorded_by="benchmark",
    )  # fmt: skip
    return payer


def run(rows: int) -> dict[str, Any]:
    """All stages over one workbook; seconds, ratios, peak memory in MiB."""
    from lindung.contributions.models import BillIssue
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.core.models import Installation
    from lindung.places.actions import load_places
    from lindung.wages.models import WageReport
    from lindung.wages.receiving import BYTES_AT_ONCE

    with acting_as(SYSTEM):
        load_places(SYSTEM)
        Installation.objects.get_or_create(
            id=1, defaults={"name": "Kubu Raya", "place_key": 6112000000, "business_date": date(2026, 2, 2)}
        )
        first, small, large = (employer(f"BENCH0000{number}") for number in (1, 2, 3))
    content = workbook(SMALL, 7)
    bill(first.pk, workbook(1, 5), Clock())  # a server has its modules and the law's compiled loops loaded
    clock, page = Clock(), Clock()
    with clock.stage("200 rows, upload to bill"):
        bill(small.pk, content, page)
    clock.seconds |= {f"  200 rows, {name}": page.seconds[name] for name in ("receive", "apply", "close")}
    content = workbook(rows, 3)
    before = peak_memory()
    with clock.stage("all"):
        report_id = bill(large.pk, content, clock)
    raw(content, report_id, clock)
    report = WageReport.objects.get(pk=report_id)
    issue = BillIssue.objects.get(bill__payer=large)
    steps = clock.seconds
    return {
        "rows": rows,
        "accepted": report.rows_accepted,
        "file_mib": round(len(content) / 2**20, 1),
        "background": len(content) > BYTES_AT_ONCE,
        "bill": {"people": issue.people, "amount": issue.amount},
        "seconds": {name: round(spent, 2) for name, spent in steps.items()},
        "rows_per_second": round(rows / steps["all"]),
        "ratio_to_reading": round(steps["all"] / steps["read alone"], 2),
        "ratio_to_raw_copy": round(steps["all"] / steps["raw COPY"], 2),
        "peak_memory_mib": round(peak_memory()),
        "memory_before_mib": round(before),
    }


def bill(payer_id: int, content: bytes, clock: Clock) -> int:
    """From workbook to bill, each act in its own transaction, as page and worker do; the report's id."""
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.wages import actions

    with clock.stage("receive"), acting_as(SYSTEM):
        report = actions.receive_report(SYSTEM, payer_id, MONTH, content, "data_tk_baru.xlsx")
    with clock.stage("check"), acting_as(SYSTEM):
        actions.check_report(SYSTEM, report.pk, clock.part("check"))
    with clock.stage("apply"), acting_as(SYSTEM):
        actions.apply_report(SYSTEM, report.pk, clock.part("apply"))
    with clock.stage("close"), acting_as(SYSTEM):
        actions.close_month(SYSTEM, payer_id, MONTH, clock.part("close"))
    return report.pk


def raw(content: bytes, report_id: int, clock: Clock) -> None:
    """What it is measured against: reading the file alone, and COPY of the rows that were kept."""
    from django.db import connection, transaction

    from lindung.core.bulk import fetch_frame, loaded
    from lindung.formats.sipp import read
    from lindung.wages.storing import COLUMNS

    with clock.stage("read alone"):
        read(content)
    names = list(COLUMNS)
    texts = ", ".join(f"{name}::text" for name in names)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {texts} FROM wages_wagereportrow WHERE report_id = %s", [report_id])
        rows = fetch_frame(cursor, dict.fromkeys(names, pl.String))
        with clock.stage("raw COPY"), loaded(rows, "raw_copy", COLUMNS):
            pass


def peak_memory() -> float:
    """Most memory this process has held, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--json", action="store_true", help="print JSON only")
    options = parser.parse_args()
    with own_database():
        result = run(options.rows)
    if options.json:
        print(json.dumps(result))
        return
    for stage, spent in result["seconds"].items():
        print(f"{stage:44} {spent:8.2f} s")
    for name in ("rows", "accepted", "file_mib", "bill", "rows_per_second", "ratio_to_reading", "ratio_to_raw_copy",
                 "peak_memory_mib", "memory_before_mib"):  # fmt: skip
        print(f"{name:24} {result[name]}")


if __name__ == "__main__":
    main()
