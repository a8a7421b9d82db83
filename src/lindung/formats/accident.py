"""The employer's first report of a work accident (Formulir 3 KK1), filled in and ready to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from lindung.formats.typeset import typeset
from lindung.formats.words import long_date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentReport:
    """What stands on the form. `report_by`: last day to hand it in (PP 44/2015 Art 43 (2))."""

    employer: str
    npp: str
    employer_place: str
    worker: str
    nik: str
    kpj: str
    birth_date: date
    happened_on: date
    happened_at: time
    where: str
    story: str
    hospital: str
    report_by: date
    told_by: str
    made_at: datetime


def accident_report_pdf(report: AccidentReport) -> bytes:
    """The form as PDF/UA-1."""
    data = {
        "title": "Laporan kecelakaan kerja tahap I",
        "issuer": report.employer,
        "number": f"NPP {report.npp}",
        "employer": [("Pemberi kerja", report.employer), ("NPP", report.npp), ("Wilayah", report.employer_place)],
        "worker": [
            ("Nama pekerja", report.worker),
            ("NIK", report.nik),
            ("KPJ", report.kpj),
            ("Tanggal lahir", long_date(report.birth_date)),
        ],
        "accident": [
            ("Tanggal kejadian", long_date(report.happened_on)),
            ("Jam", f"{report.happened_at:%H.%M}"),
            ("Tempat kejadian", report.where),
            ("Dibawa ke", report.hospital or "–"),
        ],
        "story": report.story,
        "report_by": long_date(report.report_by),
        "told_by": report.told_by,
        "made_on": long_date(report.made_at.date()),
    }
    return typeset("accident", data, made_at=report.made_at)
