"""How large an employer is, and when a construction project must be registered and how it may be paid.

Capital and sales are in sen: at most 100 trillion rupiah (10^16 sen), within 64 bits.
"""

from __future__ import annotations

from ..form.calendar import add_working_days
from ..form.rounding import SEN
from ..form.rules import rule

Steps = tuple[tuple[int, int], ...]


def by_steps(amount: int, steps: Steps) -> int:
    """The second number of the last step that the amount (sen) lies above; of the first step for the smallest."""
    found = steps[0][1]
    for i in range(len(steps)):
        if amount > steps[i][0] * SEN:
            found = steps[i][1]
    return found


@rule(
    cites="PP 7/2021 Pasal 35",
    says_id="Skala usaha menurut modal usaha, tanpa tanah dan bangunan tempat usaha.",
    says_en="The employer's size by capital, without land and buildings of the business.",
    unit="firm_size",
    confidence="S",
)
def firm_size_by_capital(capital: int, firm_size_capital_steps: Steps) -> int:
    """Micro, small, medium or large."""
    return by_steps(capital, firm_size_capital_steps)


@rule(
    cites="PP 7/2021 Pasal 35",
    says_id="Skala usaha menurut hasil penjualan setahun.",
    says_en="The employer's size by yearly sales.",
    unit="firm_size",
    confidence="S",
)
def firm_size_by_sales(annual_sales: int, firm_size_sales_steps: Steps) -> int:
    """Micro, small, medium or large."""
    return by_steps(annual_sales, firm_size_sales_steps)


@rule(
    cites="Permenaker 5/2021",
    says_id="Proyek konstruksi didaftarkan paling lambat 14 hari kerja sejak surat perintah kerja.",
    says_en="A construction project is registered within 14 working days of the work order.",
    unit="day",
    choice="Hari surat perintah kerja tidak ikut dihitung; Sabtu, Minggu, dan hari libur yang diberikan dilewati.",
    confidence="S",
)
def construction_register_by(on: int, construction_register_days: int, holidays: tuple[int, ...]) -> int:
    """Last day to register."""
    return add_working_days(on, construction_register_days, holidays)


@rule(
    cites="Permenaker 5/2021",
    says_id="Iuran proyek dibayar sekaligus, atau dalam termin 50%, 25%, dan 25%.",
    says_en="A project's contribution is paid at once, or in instalments of 50%, 25% and 25%.",
    unit="step_table",
    confidence="S",
)
def construction_terms(construction_term_shares: Steps) -> Steps:
    """Instalment and its per cent."""
    return construction_term_shares
