"""A member's JHT statement on paper."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from lindung.core.clock import installation, now
from lindung.core.ui.words import in_official_language
from lindung.formats.documents import Issuer
from lindung.formats.typeset import typeset
from lindung.formats.words import long_date, mask_nik, number, rupiah
from lindung.ledger.jht import DEPOSITS, INTEREST, RETURNS, JhtStatement, YearOfReturn
from lindung.ledger.models import JhtMovement

MOVEMENTS = {
    JhtMovement.Kind.OPENING.value: _("Saldo awal"),
    JhtMovement.Kind.CONTRIBUTION.value: _("Iuran"),
    INTEREST: _("Hasil pengembangan"),
    JhtMovement.Kind.WITHDRAWAL.value: _("Pengambilan"),
    JhtMovement.Kind.CORRECTION.value: _("Koreksi"),
}


def rate_in_words(per_100000: int) -> str:
    """5580 → `5,58%`."""
    whole, rest = divmod(per_100000, 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{whole},{decimals}%" if decimals else f"{whole}%"


@in_official_language
def statement_pdf(statement: JhtStatement) -> bytes:
    """Every movement with the balance after it, every year's return with its reckoning and article; PDF/UA-1."""
    served = installation()
    place = served.name.removeprefix("Kabupaten ") if served else ""
    issuer = Issuer(
        office=f"Layanan Jaminan Sosial Ketenagakerjaan {served.name if served else ''}".strip(),
        place=place,
        made_at=now(),
    )
    data = issuer.common() | {
        "title": "Rekening Jaminan Hari Tua",
        "facts": [
            ("Peserta", statement.name),
            ("Nomor peserta (KPJ)", statement.kpj),
            ("NIK", mask_nik(statement.nik)),
            ("Keadaan per", long_date(statement.on)),
        ],
        "movements": [
            [long_date(row.dated), str(MOVEMENTS[row.kind]), number(row.amount), number(row.balance), row.article]
            for row in statement.movements
        ],
        "years": [_year(row) for row in statement.years],
        "totals": _totals(statement),
        "unknown": ", ".join(str(year) for year in statement.unknown_years),
        "deposits_article": DEPOSITS,
        "returns_article": RETURNS,
    }
    return typeset("jht", data, made_at=issuer.made_at)


def _totals(statement: JhtStatement) -> list[tuple[str, str]]:
    lines = [("Saldo yang sudah dikreditkan", rupiah(statement.balance))]
    if statement.accrued:
        lines.append(("Hasil pengembangan berjalan, belum dikreditkan", rupiah(statement.accrued)))
    return [*lines, ("SALDO", rupiah(statement.total))]


def _year(row: YearOfReturn) -> dict[str, Any]:
    return {
        "year": str(row.year),
        "average": rupiah(row.average),
        "rate": rate_in_words(row.rate.per_100000) if row.rate else "belum diketahui",
        "amount": rupiah(row.amount) if row.rate else "–",
        "state": "dikreditkan" if row.credited else "berjalan",
        "citation": row.rate.citation if row.rate else "",
    }
