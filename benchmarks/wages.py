"""How fast a large workbook of wages goes from upload to bill, and a small one in the page.

    python benchmarks/wages.py --rows 100000 --json

A durable PostgreSQL of its own in a temporary directory, every act committed as in the office: a workbook of new
workers is taken in, checked row by row, applied (people, memberships, employments, wages), the month assessed, charged
and billed; then the workbook of the same workers' wages for the month after, as it comes every month. Each is measured
against what no program can leave out: in the same run it is read once more by itself, and the rows that were kept are
copied raw into a table."""

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

MONTH, MONTH_AFTER = date(2026, 1, 1), date(2026, 2, 1)
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


def wages_workbook(payer_id: int, month: date, seed: int) -> bytes:
    """«template_upah» of everybody who works for the employer, each with a few thousand rupiah more or less."""
    import xlsxwriter

    from lindung.formats.sipp.columns import version_of
    from lindung.wages.models import Employment

    rng = random.Random(seed)
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("data_upah")
    titles = version_of("upah-10").titles
    sheet.write_row(0, 0, titles)
    workers = Employment.objects.filter(payer_id=payer_id).order_by("pk").values_list(
        "person__nik", "employee_no", "membership__kpj", "person__name", "person__birth_date", "payer__npp"
    )  # fmt: skip
    for row, (nik, number, kpj, name, born, npp) in enumerate(workers, start=1):
        cells = {
            "NIK": nik, "NO_PEGAWAI": number, "KPJ": kpj, "NAMA_LENGKAP": name, "TGL_LAHIR": f"{born:%d-%m-%Y}",
            "UPAH": str(rng.randrange(4_000_000, 9_000_000)), "BLTH": f"{month:%m-%Y}", "NPP": npp,
        }  # fmt: skip
        sheet.write_row(row, 0, [cells.get(title, "") for title in titles])
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
    """All stages over both workbooks; seconds, ratios, peak memory in MiB."""
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.core.models import Installation
    from lindung.places.actions import load_places

    with acting_as(SYSTEM):
        load_places(SYSTEM)
        Installation.objects.get_or_create(
            id=1, defaults={"name": "Kubu Raya", "place_key": 6112000000, "business_date": date(2026, 2, 2)}
        )
        first, small, large = (employer(f"BENCH0000{number}") for number in (1, 2, 3))
    bill(first.pk, MONTH, workbook(1, 5), Clock())  # a server has its modules and the law's compiled loops loaded
    before = peak_memory()
    page = measured(small.pk, MONTH, workbook(SMALL, 7))
    joined = measured(large.pk, MONTH, workbook(rows, 3))
    steady = measured(large.pk, MONTH_AFTER, wages_workbook(large.pk, MONTH_AFTER, 9))
    return {
        "rows": rows,
        "small": page,
        "new_workers": joined,
        "wages": steady,
        "peak_memory_mib": round(peak_memory()),
        "memory_before_mib": round(before),
    }


def measured(payer_id: int, month: date, content: bytes) -> dict[str, Any]:
    """One workbook from upload to bill, against reading it and copying its rows."""
    from lindung.contributions.models import BillIssue
    from lindung.wages.models import WageReport
    from lindung.wages.receiving import BYTES_AT_ONCE

    clock = Clock()
    with clock.stage("all"):
        report_id = bill(payer_id, month, content, clock)
    raw(content, report_id, clock)
    report = WageReport.objects.get(pk=report_id)
    issue = BillIssue.objects.get(bill__payer_id=payer_id, bill__month=month)
    spent = clock.seconds
    return {
        "rows": report.rows_received,
        "accepted": report.rows_accepted,
        "file_mib": round(len(content) / 2**20, 1),
        "background": len(content) > BYTES_AT_ONCE,
        "bill": {"people": issue.people, "amount": issue.amount},
        "seconds": {name: round(seconds, 2) for name, seconds in spent.items()},
        "rows_per_second": round(report.rows_received / spent["all"]),
        "ratio_to_limit": round(spent["all"] / (spent["read alone"] + spent["raw COPY"]), 2),
    }


def bill(payer_id: int, month: date, content: bytes, clock: Clock) -> int:
    """From workbook to bill, each act in its own transaction, as page and worker do; the report's id."""
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.wages import actions

    with clock.stage("receive"), acting_as(SYSTEM):
        report = actions.receive_report(SYSTEM, payer_id, month, content, "wages.xlsx")
    with clock.stage("check"), acting_as(SYSTEM):
        actions.check_report(SYSTEM, report.pk, clock.part("check"))
    with clock.stage("apply"), acting_as(SYSTEM):
        actions.apply_report(SYSTEM, report.pk, clock.part("apply"))
    with clock.stage("close"), acting_as(SYSTEM):
        actions.close_month(SYSTEM, payer_id, month, clock.part("close"))
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
    for name in ("small", "new_workers", "wages"):
        told = result[name]
        print(f"{name}: {told['rows']} rows, {told['accepted']} accepted, {told['file_mib']} MiB, bill {told['bill']}")
        for stage, spent in told["seconds"].items():
            print(f"  {stage:42} {spent:8.2f} s")
        print(f"  {told['rows_per_second']} rows a second; {told['ratio_to_limit']} times reading + raw COPY")
    print(f"peak memory {result['peak_memory_mib']} MiB, before {result['memory_before_mib']} MiB")


if __name__ == "__main__":
    main()
