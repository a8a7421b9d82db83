"""The file a bank gets to pay benefits out: one line a payout, with control totals."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lindung.formats.errors import FormatError
from lindung.formats.words import rupiah, safe_text


@dataclass(frozen=True, slots=True)
class DisbursementLine:
    """One payout: our reference, the account holder's name, bank, account, whole rupiah, note."""

    reference: str
    name: str
    bank: str
    account: str
    amount: int
    note: str


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What the bank and we must both arrive at: lines, rupiah, and the sum of the account numbers' last digits.

    `account_check` (last six digits of each account, added up) shows an account changed on the way
    although amounts and counts agree.
    """

    count: int
    amount: int
    account_check: int


def control_total(lines: Sequence[DisbursementLine]) -> ControlTotal:
    """Count, rupiah and account check of the lines. Raises FormatError on a line a bank cannot pay."""
    seen: set[str] = set()
    for position, line in enumerate(lines, start=1):
        _check(position, line, seen)
    return ControlTotal(
        count=len(lines),
        amount=sum(line.amount for line in lines),
        account_check=sum(int(line.account[-6:]) for line in lines),
    )


def disbursement_csv(batch: str, day: date, lines: Sequence[DisbursementLine]) -> bytes:
    """CSV in UTF-8, separated by semicolons: H (batch, date), D (one a payout), T (count, rupiah, check)."""
    total = control_total(lines)
    output = io.StringIO(newline="")
    writer = csv.writer(output, delimiter=";", lineterminator="\r\n")
    writer.writerow(["H", safe_text(batch), day.isoformat()])
    for position, line in enumerate(lines, start=1):
        texts = (safe_text(_one_line(text)) for text in (line.reference, line.name, line.bank))
        writer.writerow(["D", position, *texts, line.account, line.amount, safe_text(_one_line(line.note))])
    writer.writerow(["T", total.count, total.amount, total.account_check])
    return output.getvalue().encode("utf-8")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _check(position: int, line: DisbursementLine, seen: set[str]) -> None:
    if line.amount <= 0:
        raise FormatError(
            "jumlah_salah",
            f"Baris {position} ({line.reference}): jumlah {rupiah(line.amount)} tidak dapat dibayarkan.",
            "Jumlah harus lebih dari nol, contoh Rp42.000.000.",
        )
    if not (line.account.isascii() and line.account.isdigit()):
        raise FormatError(
            "rekening_salah",
            f"Baris {position} ({line.reference}): nomor rekening berisi tanda selain angka.",
            "Tulis nomor rekening dengan angka saja, contoh 1234567890.",
        )
    if line.reference in seen:
        raise FormatError(
            "referensi_ganda",
            f"Baris {position}: referensi {line.reference} muncul dua kali.",
            "Setiap pembayaran hanya boleh sekali dalam satu berkas; hapus salah satunya.",
        )
    seen.add(line.reference)
