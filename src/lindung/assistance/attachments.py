"""The attachments of a decree: the frozen list as PDF and workbook, first as a draft, then as approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

import polars as pl

from lindung.assistance.models import Scheme
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.files import PDF, XLSX, store_file
from lindung.core.models import StoredFile
from lindung.core.months import months_between
from lindung.formats import documents


@dataclass(frozen=True)
class Contents:
    """What a decree says besides its list; months are their firsts, `digest` is the list's SHA-256."""

    scheme: Scheme
    number: str
    dated: date
    first: date
    last: date
    digest: str


def attach(actor: Actor, contents: Contents, listed: pl.DataFrame, *, draft: bool) -> tuple[StoredFile, StoredFile]:
    """Make and keep the PDF and the workbook of a decree's list."""
    decree, rows = _decree(contents, draft), _recipients(contents, listed)
    name = f"{'Rancangan lampiran' if draft else 'Lampiran'} SK {contents.number}"
    return (
        store_file(actor, f"{name}.pdf", documents.decree_pdf(decree, rows), PDF),
        store_file(actor, f"{name}.xlsx", documents.decree_xlsx(decree, rows), XLSX),
    )


def _decree(contents: Contents, draft: bool) -> documents.Decree:
    scheme = contents.scheme
    regency = scheme.place.name
    made_at = datetime.combine(today(), time(8), now().tzinfo)
    return documents.Decree(
        number=contents.number, subject="Penerima Bantuan Iuran Jaminan Sosial Ketenagakerjaan", regency=regency,
        decided_on=contents.dated, period=(contents.first, contents.last), legal_basis=scheme.legal_basis.split("; "),
        fund_source=scheme.payer.name, account_codes=", ".join(scheme.account_codes),
        programmes=" dan ".join(scheme.programmes), monthly_rate=scheme.monthly_amount,
        signer_title=f"Bupati {regency}", signer_name="……………………", content_hash=contents.digest,
        issuer=documents.Issuer(office=scheme.payer.name, place=regency, made_at=made_at), draft=draft,
    )  # fmt: skip


def _recipients(contents: Contents, listed: pl.DataFrame) -> list[documents.Recipient]:
    months = months_between(contents.first, contents.last) + 1
    names = ("name", "nik", "birth_date", "village", "district", "occupation")
    return [
        documents.Recipient(
            **dict(zip(names, row, strict=True)), months=months, amount=months * contents.scheme.monthly_amount
        )
        for row in listed.select(names).iter_rows()
    ]
