"""`lindung demo`: live the month with a progress display, print what it came to, serve the site."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from lindung.core.money import format_number, format_rupiah
from lindung.web.runtime import runtime


def run_demo(data_dir: Path | None, *, serve: bool, as_json: bool, port: int) -> None:
    """Live the month (once per data directory), print the summary, and serve unless told not to."""
    console = Console(stderr=as_json, highlight=False)
    started = time.perf_counter()
    with runtime(data_dir, "demo") as running:
        from lindung.web.demo.figures import figures
        from lindung.web.demo.story import live
        from lindung.web.migrating import prepare_database

        with console.status("Menyiapkan basis data …") as status:
            prepare_database()
            prepared = round(time.perf_counter() - started, 2)
            lived = live(_reporter(console, status))
        result = figures()
        result["seconds"] = {"database": prepared, **lived, "total": round(time.perf_counter() - started, 2)}
        if as_json:
            print(json.dumps(result, ensure_ascii=False))
        else:
            _print_summary(console, result)
        if serve:
            _announce(console, port)
            from lindung.web.server import serve_until_stopped

            serve_until_stopped(running, "127.0.0.1", port, 2)


def _reporter(console: Console, status: Any) -> Any:
    def report(title: str) -> None:
        console.print(f"[dim]·[/dim] {title}")
        status.update(f"{title} …")

    return report


def _print_summary(console: Console, result: dict[str, Any]) -> None:
    from lindung.web.demo.wording import reason_titles

    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    for title, value in (
        ("Baris usulan diterima dari dinas", format_number(result["rows_received"])),
        ("  diterima", format_number(result["rows_accepted"])),
        ("  perlu diperbaiki", format_number(result["rows_to_fix"])),
        ("  ditolak", format_number(result["rows_rejected"])),
        ("Perbaikan yang kemudian diterima", format_number(result["rows_corrected"]["accepted"])),
        (f"Peserta pada tagihan {result['bill_month']}", format_number(result["people_enrolled"])),
        ("Tagihan", format_rupiah(result["bill_amount"])),
        ("Dibayar lewat SP2D", format_rupiah(result["paid_amount"])),
        ("Klaim dibayar / ditolak dengan alasan", f"{result['claims_paid']} / {result['claims_refused']}"),
        ("Santunan dibayar", format_rupiah(result["benefit_paid"])),
        (f"Orang terlindungi per {result['as_of']}", format_number(result["covered_people"])),
    ):
        table.add_row(title, value)
    console.print(Panel(table, title="Satu bulan di Kabupaten Kubu Raya (data contoh)", expand=False))
    reasons = Table("Mengapa baris dikembalikan", "Baris", box=None, padding=(0, 2))
    titles = reason_titles()
    for code, count in result["reasons"].items():
        reasons.add_row(titles.get(code, code), format_number(count))
    console.print(reasons)
    times = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in result["seconds"].items())
    console.print(f"[dim]Waktu: {times}[/dim]")


def _announce(console: Console, port: int) -> None:
    from lindung.web.demo.cast import PASSWORD, described

    table = Table("Pengguna", "Peran", "Jabatan", box=None, padding=(0, 2))
    for user in described():
        table.add_row(user["username"], user["role"], user["title"])
    console.print(Panel(table, title=f"http://127.0.0.1:{port}  ·  kata sandi semua: {PASSWORD}", expand=False))
    console.print("Tekan Ctrl-C untuk berhenti.")
