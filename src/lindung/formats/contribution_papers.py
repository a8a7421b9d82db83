"""Papers about contributions: a payer's account, and the proof that a bill was paid.

Sums come in whole rupiah and are only written out; nothing is calculated but the total of what is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lindung.formats.documents import Issuer
from lindung.formats.typeset import typeset
from lindung.formats.words import in_words, long_date, month_name, number, rupiah


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPaper:
    """A payer's account as of the day it is made, in rupiah; `overdue` by age class; the oldest line first."""

    payer: str
    npp: str
    place: str
    owed: int
    not_due: int
    overdue: Sequence[tuple[str, int]]
    credit: int
    lines: Sequence["AccountLine"]
    issuer: Issuer


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One event: asked or received rupiah, and the balance after it (negative: the payer's credit)."""

    dated: date
    kind: str
    reference: str
    month: date | None
    asked: int
    received: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillProof:
    """That a bill is paid in full: `parts` (programme or penalty, rupiah) are what it asked, `receipts` (day,
    reference, rupiah) what paid it, instalments one by one."""

    payer: str
    npp: str
    number: str
    month: date
    due_on: date
    people: int
    worker_share: int
    parts: Sequence[tuple[str, int]]
    receipts: Sequence[tuple[date, str, int]]
    issuer: Issuer


def account_pdf(paper: AccountPaper) -> bytes:
    """PDF/UA-1, as many pages as it takes."""
    totals = [
        ("Belum jatuh tempo", paper.not_due),
        *paper.overdue,
        ("Kelebihan bayar yang belum dipakai", paper.credit),
    ]
    data = paper.issuer.common() | {
        "title": "Rekening Iuran",
        "facts": [
            ("Pembayar", paper.payer), ("NPP (Nomor Pendaftaran Perusahaan)", paper.npp), ("Wilayah", paper.place),
            ("Keadaan per", long_date(paper.issuer.made_at.date())),
        ],
        "totals": [(label, rupiah(amount)) for label, amount in totals if amount],
        "owed": rupiah(paper.owed),
        "lines": [
            [
                f"{line.dated:%d-%m-%Y}", line.kind, line.reference, month_name(line.month) if line.month else "–",
                number(line.asked) if line.asked else "", number(line.received) if line.received else "",
                number(line.balance),
            ]
            for line in paper.lines
        ],
    }  # fmt: skip
    return typeset("account", data, made_at=paper.issuer.made_at)


def bill_proof_pdf(paper: BillProof) -> bytes:
    """One page unless it was paid in many instalments; PDF/UA-1."""
    total = sum(amount for _, amount in paper.parts)
    people = [("Pekerja", f"{number(paper.people)} orang")] if paper.people else []
    share = [("Dipotong dari upah pekerja", rupiah(paper.worker_share))] if paper.worker_share else []
    data = paper.issuer.common() | {
        "title": "Bukti Pembayaran Iuran",
        "number": paper.number,
        "facts": [
            ("Pemberi kerja", paper.payer), ("NPP (Nomor Pendaftaran Perusahaan)", paper.npp),
            ("Nomor tagihan", paper.number), ("Bulan", month_name(paper.month)), *people,
            ("Jatuh tempo", long_date(paper.due_on)), ("Lunas", long_date(max(row[0] for row in paper.receipts))),
            *share,
        ],
        "parts": [(label, rupiah(amount)) for label, amount in paper.parts],
        "total": rupiah(total),
        "in_words": in_words(total),
        "receipts": [[long_date(day), reference, rupiah(amount)] for day, reference, amount in paper.receipts],
    }  # fmt: skip
    return typeset("bill_proof", data, made_at=paper.issuer.made_at)
