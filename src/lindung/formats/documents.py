"""Printed documents: what goes into each, and the PDF (or workbook) that comes out.

Every sum comes in whole rupiah and is only written out here; nothing is calculated but totals of
what is listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from lindung.formats.tables import Column, Value, write_table
from lindung.formats.typeset import ARCHIVE, qr_svg, typeset
from lindung.formats.words import MONTHS, in_words, late, long_date, mask_account, mask_nik, month_name, number, rupiah

CALL_CENTRE = "175 (BPJS Ketenagakerjaan)"
RIBBON_MONTHS = 24  # two years fit the page; the sentence under it counts them all
RibbonState = Literal["paid", "billed", "grace", "gap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues a document, where and when; `verify_url` becomes a QR and must not hold an NIK."""

    office: str
    place: str
    made_at: datetime
    verify_url: str | None = None
    complaint_contact: str = CALL_CENTRE

    @property
    def place_date(self) -> str:
        """ "Sungai Raya, 27 Februari 2026"."""
        return f"{self.place}, {long_date(self.made_at.date())}"

    def common(self) -> dict[str, object]:
        """What every template needs."""
        return {
            "issuer": self.office,
            "place_date": self.place_date,
            "as_of": long_date(self.made_at.date()),
            "contact": self.complaint_contact,
            "verify_url": self.verify_url or "",
            "qr": qr_svg(self.verify_url) if self.verify_url else None,
        }


# --- Decree (SK Bupati, lampiran) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One person named by a decree; `amount` is the contribution for all his `months`."""

    name: str
    nik: str
    birth_date: date | None
    village: str
    district: str
    occupation: str
    months: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decree:
    """A regent's decree naming the people whose contributions are paid.

    `period` is first and last month; `content_hash` is the SHA-256 (hex) of the frozen list; a draft is
    marked as such on its first page.
    """

    number: str
    subject: str
    regency: str
    decided_on: date | None
    period: tuple[date, date]
    legal_basis: Sequence[str]
    fund_source: str
    account_codes: str
    programmes: str
    monthly_rate: int
    signer_title: str
    signer_name: str
    content_hash: str
    issuer: Issuer
    draft: bool = False


def decree_pdf(decree: Decree, rows: Sequence[Recipient]) -> bytes:
    """The attachment of a decree, PDF/A-2b: totals by district, every recipient with masked NIK."""
    total = sum(row.amount for row in rows)
    data = decree.issuer.common() | {
        "title": f"Lampiran Keputusan {decree.signer_title} Nomor {decree.number}",
        "short_title": f"Lampiran SK {decree.number}",
        "decree_name": f"Keputusan {decree.signer_title}",
        "number": decree.number,
        "subject": decree.subject,
        "decided_on": _day(decree.decided_on) or "……………………",
        "draft": decree.draft,
        "facts": [
            ("Masa bantuan", _period(decree.period)),
            ("Penerima", f"{number(len(rows))} orang"),
            ("Jumlah bantuan", rupiah(total)),
            ("Program", decree.programmes),
            ("Iuran per orang per bulan", rupiah(decree.monthly_rate)),
            ("Sumber dana", f"{decree.fund_source} · {decree.account_codes}"),
        ],
        "legal_basis": list(decree.legal_basis),
        "districts": _by_district(rows),
        "totals": ["Jumlah", number(len(rows)), number(sum(row.months for row in rows)), rupiah(total)],
        "in_words": in_words(total),
        "rows": [_recipient_cells(position, row) for position, row in enumerate(rows, start=1)],
        "content_hash": decree.content_hash,
        "signer_title": decree.signer_title,
        "signer_name": decree.signer_name,
    }
    return typeset("decree", data, made_at=decree.issuer.made_at, standard=ARCHIVE)


def decree_xlsx(decree: Decree, rows: Sequence[Recipient]) -> bytes:
    """The same list as a workbook, NIK masked as on paper."""
    columns = (
        Column("No", "number", 7), Column("Nama", "text", 34), Column("NIK", "text", 20),
        Column("Tanggal Lahir", "date", 14), Column("Desa/Kelurahan", "text", 24), Column("Kecamatan", "text", 20),
        Column("Pekerjaan", "text", 22), Column("Bulan", "number", 8), Column("Jumlah", "rupiah", 16),
    )  # fmt: skip
    lines: list[Sequence[Value]] = [
        (
            i, row.name, mask_nik(row.nik), row.birth_date, row.village, row.district, row.occupation,
            row.months, row.amount,
        )
        for i, row in enumerate(rows, start=1)
    ]  # fmt: skip
    subtitle = (
        f"Keputusan {decree.signer_title} Nomor {decree.number} tentang {decree.subject}",
        f"{_period(decree.period)} · {number(len(rows))} orang · {rupiah(sum(row.amount for row in rows))}",
        f"Sidik isi (SHA-256): {decree.content_hash}",
    )
    return write_table("Daftar Penerima Bantuan Iuran", subtitle, columns, lines, sheet="Lampiran SK")


def _recipient_cells(position: int, row: Recipient) -> list[str]:
    born = f"{row.birth_date:%d-%m-%Y}" if row.birth_date else "–"
    return [
        number(position), row.name, mask_nik(row.nik), born, row.village, row.occupation, str(row.months),
        number(row.amount),
    ]  # fmt: skip


def _by_district(rows: Sequence[Recipient]) -> list[list[str]]:
    sums: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        people, months, amount = sums.get(row.district, (0, 0, 0))
        sums[row.district] = (people + 1, months + row.months, amount + row.amount)
    return [
        [name, number(people), number(months), rupiah(amount)]
        for name, (people, months, amount) in sorted(sums.items())
    ]


# --- Decision receipt (struk) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One legal step: what it is, its article, its amount (None for a condition), and whether it stops the claim."""

    label: str
    article: str
    amount: int | None = None
    detail: str = ""
    stops: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a claim stopped, what the family can do about it, and how to object."""

    reason: str
    way_out: Sequence[str]
    objection: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReceipt:
    """A decision as a till receipt. With `refusal` it is a refusal and nothing is payable."""

    number: str
    benefit: str
    person_name: str
    nik: str
    kpj: str
    event: str
    claimant: str
    decided_on: date
    lines: Sequence[ReceiptLine]
    total: int
    issuer: Issuer
    refusal: Refusal | None = None
    extra_facts: Sequence[tuple[str, str]] = field(default=())


def receipt_pdf(decision: DecisionReceipt) -> bytes:
    """The receipt of a decision, PDF/UA-1: each step a line, amount at the right, article under it, total below."""
    refusal = decision.refusal
    data = decision.issuer.common() | {
        "title": f"{decision.benefit}: {'belum dapat dibayar' if refusal else 'disetujui'}",
        "subtitle": f"Keputusan tanggal {long_date(decision.decided_on)}",
        "number": decision.number,
        "facts": [
            ("Peserta", decision.person_name),
            ("Nomor peserta (KPJ)", decision.kpj),
            ("NIK", mask_nik(decision.nik)),
            ("Diajukan oleh", decision.claimant),
            ("Kejadian", decision.event),
            *decision.extra_facts,
        ],
        "lines": [
            {
                "label": line.label,
                "detail": line.detail,
                "article": line.article,
                "amount": "terpenuhi ✓" if line.amount is None and not line.stops else _amount(line.amount),
                "stops": line.stops,
            }
            for line in decision.lines
        ],
        "total_label": "Dapat dibayar" if refusal else "Jumlah dibayar",
        "total": rupiah(decision.total),
        "in_words": "" if refusal else in_words(decision.total),
        "refused": refusal is not None,
        "reason": refusal.reason if refusal else "",
        "way_out": list(refusal.way_out) if refusal else [],
        "objection": refusal.objection if refusal else "",
    }
    return typeset("receipt", data, made_at=decision.issuer.made_at)


# --- Payment receipt (tanda terima) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceipt:
    """A payout made to an heir or participant; `lines` are its parts (label, rupiah)."""

    number: str
    benefit: str
    person_name: str
    payee_name: str
    payee_nik: str
    relation: str
    bank: str
    account: str
    paid_on: date
    lines: Sequence[tuple[str, int]]
    officer_name: str
    officer_role: str
    issuer: Issuer


def payment_receipt_pdf(payout: PaymentReceipt) -> bytes:
    """The receipt an heir signs, PDF/UA-1, with "Gratis, tidak ada potongan"; account masked."""
    total = sum(amount for _, amount in payout.lines)
    data = payout.issuer.common() | {
        "title": f"Tanda terima {payout.number}",
        "number": payout.number,
        "facts": [
            ("Penerima", payout.payee_name),
            ("NIK penerima", mask_nik(payout.payee_nik)),
            ("Hubungan dengan peserta", payout.relation),
            ("Peserta", payout.person_name),
            ("Manfaat", payout.benefit),
        ],
        "lines": [(label, rupiah(amount)) for label, amount in payout.lines],
        "total": rupiah(total),
        "in_words": in_words(total),
        "bank": payout.bank,
        "account": mask_account(payout.account),
        "paid_on": long_date(payout.paid_on),
        "payee_name": payout.payee_name,
        "officer_name": payout.officer_name,
        "officer_role": payout.officer_role,
    }
    return typeset("payment", data, made_at=payout.issuer.made_at)


# --- Letter to the family (pemberitahuan hak ahli waris) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """One thing the family may claim; `amount` None when it depends; `note` says when or for whom."""

    label: str
    amount: int | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlace:
    """Where to bring the papers."""

    name: str
    address: str
    hours: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeirNotice:
    """A letter that tells a family its right. `condition` is what may still change it (arrears, three months);
    `deceased_sex` is L, P, or empty when not known."""

    number: str
    family_name: str
    address: str
    deceased_name: str
    death_date: date
    payer: str
    rights: Sequence[Right]
    documents: Sequence[str]
    places: Sequence[ServicePlace]
    signer_title: str
    signer_name: str
    issuer: Issuer
    deceased_sex: str = ""
    condition: str = ""
    deadline: date | None = None
    deadline_article: str = ""


def heir_notice_pdf(notice: HeirNotice) -> bytes:
    """The letter to the family, PDF/UA-1; fits one page with ten documents and four places."""
    data = notice.issuer.common() | {
        "title": "Hak keluarga atas santunan",
        "number": notice.number,
        "family_name": notice.family_name,
        "address": notice.address,
        "deceased_name": notice.deceased_name,
        "late": late(notice.deceased_sex),
        "death_date": long_date(notice.death_date),
        "payer": notice.payer,
        "rights": [
            {"label": right.label, "amount": _amount(right.amount) or "sesuai syarat", "note": right.note}
            for right in notice.rights
        ],
        "total": rupiah(sum(right.amount or 0 for right in notice.rights)),
        "condition": notice.condition,
        "documents": list(notice.documents),
        "places": [
            {"name": place.name, "address": place.address, "hours": place.hours, "phone": place.phone}
            for place in notice.places
        ],
        "deadline": _day(notice.deadline),
        "deadline_article": f" ({notice.deadline_article})" if notice.deadline_article else "",
        "signer_title": notice.signer_title,
        "signer_name": notice.signer_name,
    }
    return typeset("heir", data, made_at=notice.issuer.made_at)


# --- Participant's sheet ---


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitLine:
    """What a programme gives: programme, what happens, the right in words."""

    programme: str
    event: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantSheet:
    """One page for a participant: number, programmes, payer, dates, ribbon of months, whom to call.

    `months` are (first of month, state) in order; `full_from` is None while full protection is not
    counted on; `contacts` are (name, phone).
    """

    name: str
    nik: str
    kpj: str
    payer: str
    village: str
    protected_since: date
    full_from: date | None
    protected_until: date | None
    programmes: str
    benefits: Sequence[BenefitLine]
    months: Sequence[tuple[date, RibbonState]]
    contacts: Sequence[tuple[str, str]]
    issuer: Issuer


def participant_sheet_pdf(sheet: ParticipantSheet) -> bytes:
    """The participant's page, PDF/UA-1."""
    paid = sum(state == "paid" for _, state in sheet.months)
    since = long_date(sheet.protected_since)
    full = f" Perlindungan penuh sejak {long_date(sheet.full_from)}." if sheet.full_from else ""
    data = sheet.issuer.common() | {
        "title": f"Lembar peserta {sheet.name}",
        "name": sheet.name,
        "kpj": sheet.kpj,
        "facts": [
            ("Program", sheet.programmes),
            ("Iuran dibayar oleh", sheet.payer),
            ("NIK", mask_nik(sheet.nik)),
            ("Terlindungi sejak", since),
            ("Perlindungan penuh mulai", _day(sheet.full_from) or "belum"),
            ("Iuran terbayar sampai", _day(sheet.protected_until) or "belum ada"),
            ("Desa/Kelurahan", sheet.village),
        ],
        "ribbon": [
            {"label": f"{MONTHS[month.month - 1][:3]} {month:%y}", "state": state}
            for month, state in sheet.months[-RIBBON_MONTHS:]
        ],
        "ribbon_sentence": f"{paid} dari {len(sheet.months)} bulan terbayar. Terlindungi sejak {since}.{full}",
        "benefits": [
            {"programme": line.programme, "event": line.event, "right": line.right} for line in sheet.benefits
        ],
        "contacts": [list(contact) for contact in sheet.contacts],
    }
    return typeset("participant", data, made_at=sheet.issuer.made_at)


def _day(value: date | None) -> str:
    return long_date(value) if value else ""


def _amount(value: int | None) -> str:
    return "" if value is None else rupiah(value)


def _period(period: tuple[date, date]) -> str:
    first, last = period
    return month_name(first) if first == last else f"{month_name(first)} – {month_name(last)}"
