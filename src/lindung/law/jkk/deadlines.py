"""Reporting an accident, a disease after work has ended, and late payment: PP 44/2015 Pasal 37, 43, 44, 48."""

from __future__ import annotations

from ..form.calendar import add_years
from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule

HOURS_A_DAY = 24


@rule(
    cites="PP 44/2015 Pasal 43 ayat (2) dan ayat (4); PP 44/2015 Pasal 44 ayat (2) dan ayat (4)",
    says_id="Kecelakaan kerja (tahap I) dan akibatnya (tahap II) dilaporkan paling lama 2 x 24 jam.",
    says_en="An accident (stage I) and its outcome (stage II) are reported within 2 x 24 hours.",
    unit="day",
    choice="Jam kejadian tidak ditanyakan, jadi yang diberikan adalah harinya; jamnya sama dengan jam kejadian.",
)
def report_by(on: int, accident_report_hours: int) -> int:
    """Day on which the time to report ends, counted from the day asked for."""
    return on + accident_report_hours // HOURS_A_DAY


@rule(
    cites="PP 44/2015 Pasal 48 ayat (2)",
    says_id="Penyakit akibat kerja dijamin bila timbul paling lama 3 tahun sejak hubungan kerja berakhir.",
    says_en="An occupational disease is covered when it arises within 3 years of the end of employment.",
    unit="day",
    choice="Hari yang sama tiga tahun kemudian masih termasuk; 29 Februari menjadi 28 Februari.",
)
def disease_covered_until(employment_ended_on: int, disease_after_work_years: int) -> int:
    """Last day on which a disease may arise."""
    return add_years(employment_ended_on, disease_after_work_years)


@rule(
    cites="PP 44/2015 Pasal 48 ayat (1)-(2)",
    says_id="Apakah penyakit akibat kerja itu masih dijamin.",
    says_en="Whether the occupational disease is still covered.",
    unit="flag",
    choice="Hari diagnosis dianggap hari timbulnya penyakit.",
)
def disease_covered(on: int, disease_covered_until: int) -> bool:
    """Whether the day asked for is not too late."""
    return on <= disease_covered_until


@rule(
    cites="PP 44/2015 Pasal 37 ayat (3); PP 44/2015 Pasal 40 ayat (4)",
    says_id="Santunan yang terlambat dibayar diberi ganti rugi 1% untuk setiap hari keterlambatan.",
    says_en="A benefit paid late is compensated by 1% for each day of delay.",
    choice=ROUNDING,
)
def late_benefit_compensation(amount: int, days_late: int, late_benefit_percent: int) -> int:
    """Compensation in rupiah for an amount in sen (up to 10^13) and at most 36,500 days."""
    return round_half_up(amount * late_benefit_percent * days_late, SEN * PERCENT)
