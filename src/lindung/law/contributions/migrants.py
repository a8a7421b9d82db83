"""Contributions of migrant workers (PMI): Permenaker 4/2023 Pasal 18. Amounts in rupiah."""

from __future__ import annotations

from ..form.rules import rule
from ..form.words import Placement

AGENCY = int(Placement.AGENCY)


@rule(
    cites="Permenaker 4/2023 Pasal 18 ayat (1) huruf a",
    says_id="Pelindungan sebelum bekerja dibayar bila penempatan melalui pelaksana penempatan.",
    says_en="Protection before work is paid for where an agency places the worker.",
)
def migrant_before(placement: int, migrant_before_work: int) -> int:
    """Contribution for the time before departure."""
    if placement == AGENCY:
        return migrant_before_work
    return 0


@rule(
    cites="Permenaker 4/2023 Pasal 18 ayat (1) huruf b; Permenaker 4/2023 Pasal 18 ayat (2)-(3)",
    says_id="Pelindungan selama dan setelah bekerja dibayar menurut jangka waktu perjanjian kerja; tiap bulan "
    "kelebihannya Rp13.500.",
    says_en="Protection during and after work is paid by the length of the contract; each month beyond costs Rp13,500.",
    choice="Jangka waktu di antara 6, 12, dan 24 bulan memakai jangka di bawahnya ditambah kelebihan bulannya.",
)
def migrant_during(months: int, migrant_periods: tuple[tuple[int, int], ...], migrant_extra_month: int) -> int:
    """Contribution for the time of work and after it; `months` is at least the shortest period."""
    row = 0
    while row + 1 < len(migrant_periods) and migrant_periods[row + 1][0] <= months:
        row += 1
    return migrant_periods[row][1] + (months - migrant_periods[row][0]) * migrant_extra_month


@rule(
    cites="Permenaker 4/2023 Pasal 18",
    says_id="Iuran JKK dan JKM pekerja migran seluruhnya.",
    says_en="The whole JKK and JKM contribution of a migrant worker.",
)
def migrant_total(migrant_before: int, migrant_during: int) -> int:
    """Before, during and after work."""
    return migrant_before + migrant_during
