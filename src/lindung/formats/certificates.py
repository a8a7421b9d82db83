"""Certificates on paper: an employer's membership, a construction project's, and one member's proof of payment.

Nothing is calculated here; sums come in whole rupiah and are only written out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lindung.formats.documents import Issuer
from lindung.formats.typeset import typeset
from lindung.formats.words import in_words, long_date, mask_nik, month_name, rupiah

ROMAN = ("", "I", "II", "III", "IV", "V")


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipCertificate:
    """That an employer is registered: numbers, JKK risk group, programmes, units as (code, name, place)."""

    name: str
    npp: str
    nib: str
    place: str
    address: str
    joined_on: date
    risk_group: int
    activity: str
    programmes: Sequence[str]
    units: Sequence[tuple[str, str, str]]
    issuer: Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPaper:
    """That a construction project is registered and its contribution, or the first instalment, was paid.

    `instalments` are (per cent, rupiah, due or None)."""

    number: str
    project: str
    contractor: str
    npp: str
    owner: str
    place: str
    contract: str
    value: int
    starts_on: date
    ends_on: date
    jkk: int
    jkm: int
    issued_on: date
    paid_on: date
    payment_reference: str
    instalments: Sequence[tuple[int, int, date | None]]
    issuer: Issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberProof:
    """What a collective paid for one person: months with rupiah and the bill's code ("" when there is none)."""

    name: str
    nik: str
    village: str
    collective: str
    code: str
    agent: str
    reference: str
    paid_on: date
    months: Sequence[tuple[date, int, str]]
    withdrawn: bool
    issuer: Issuer


def membership_certificate_pdf(paper: MembershipCertificate) -> bytes:
    """One page, PDF/UA-1."""
    return _set(
        paper.issuer, title="Sertifikat Kepesertaan", number=f"NPP {paper.npp}", heading=paper.name,
        statement=f"Terdaftar sebagai pemberi kerja peserta jaminan sosial ketenagakerjaan sejak "
        f"{long_date(paper.joined_on)}.",
        facts=[
            ("NPP (Nomor Pendaftaran Perusahaan)", paper.npp), ("NIB (Nomor Induk Berusaha)", paper.nib or "–"),
            ("Program", ", ".join(paper.programmes)), ("Kelompok risiko JKK", ROMAN[paper.risk_group]),
            ("Kegiatan usaha", paper.activity or "–"), ("Wilayah", paper.place), ("Alamat", paper.address or "–"),
        ],
        table_title="Unit", heads=("Kode", "Nama", "Wilayah"), rows=paper.units,
    )  # fmt: skip


def project_certificate_pdf(paper: ProjectPaper) -> bytes:
    """One page, PDF/UA-1."""
    return _set(
        paper.issuer, title="Sertifikat Kepesertaan Jasa Konstruksi", number=f"No. {paper.number}",
        heading=paper.project,
        statement=f"Pekerja proyek ini terdaftar dalam JKK dan JKM. Iuran dibayar {long_date(paper.paid_on)} "
        f"dengan bukti {paper.payment_reference}.",
        facts=[
            ("Pelaksana", f"{paper.contractor} (NPP {paper.npp})"), ("Pemberi pekerjaan", paper.owner),
            ("Kontrak", paper.contract), ("Nilai kontrak", rupiah(paper.value)),
            ("Masa pelaksanaan", f"{long_date(paper.starts_on)} – {long_date(paper.ends_on)}"), ("Lokasi", paper.place),
            ("Iuran JKK", rupiah(paper.jkk)), ("Iuran JKM", rupiah(paper.jkm)),
            ("Terbit", long_date(paper.issued_on)),
        ],
        table_title="Pembayaran iuran", heads=("Termin", "Jumlah", "Jatuh tempo"),
        rows=[(f"{share}%", rupiah(amount), _day(due)) for share, amount, due in paper.instalments],
        total=rupiah(paper.jkk + paper.jkm), words=in_words(paper.jkk + paper.jkm),
    )  # fmt: skip


def member_proof_pdf(paper: MemberProof) -> bytes:
    """One page, PDF/UA-1; the NIK is masked."""
    total = sum(amount for _, amount, _ in paper.months)
    cancelled = "PEMBAYARAN INI SUDAH DICABUT dan tidak berlaku lagi. " if paper.withdrawn else ""
    return _set(
        paper.issuer, title="Bukti Pembayaran Iuran per Orang", number=paper.reference, heading=paper.name,
        statement=f"{cancelled}Iuran di bawah ini dibayar {long_date(paper.paid_on)} oleh {paper.collective} "
        f"atas nama Bapak/Ibu.",
        facts=[
            ("NIK", mask_nik(paper.nik)), ("Desa/Kelurahan", paper.village), 
            ("Wadah", f"{paper.collective} ({paper.code})"),
            ("Agen", paper.agent or "–"), ("Nomor bukti", paper.reference), ("Tanggal bayar", long_date(paper.paid_on)),
        ],
        table_title="Bulan yang dibayar", heads=("Bulan", "Jumlah", "Kode tagihan"),
        rows=[(month_name(month), rupiah(amount), code or "–") for month, amount, code in paper.months],
        total=rupiah(total), words=in_words(total),
    )  # fmt: skip


def _day(day: date | None) -> str:
    return long_date(day) if day else "–"


def _set(
    issuer: Issuer,
    *,
    title: str,
    number: str,
    heading: str,
    statement: str,
    facts: Sequence[tuple[str, str]],
    table_title: str,
    heads: tuple[str, str, str],
    rows: Sequence[tuple[str, str, str]],
    total: str = "",
    words: str = "",
) -> bytes:
    data = issuer.common() | {
        "title": title, "number": number, "heading": heading, "statement": statement, "facts": list(facts),
        "table_title": table_title, "heads": list(heads), "rows": [list(row) for row in rows], "total": total,
        "in_words": words,
    }  # fmt: skip
    return typeset("certificate", data, made_at=issuer.made_at)
