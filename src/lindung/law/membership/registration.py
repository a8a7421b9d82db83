"""Who may still register: Permenaker 5/2021."""

from __future__ import annotations

from ..form.calendar import add_years
from ..form.rules import rule


@rule(
    cites="Permenaker 5/2021",
    says_id="Hari ulang tahun yang sejak itu pendaftaran baru bukan penerima upah tertutup.",
    says_en="The birthday from which new registration of the self-employed is closed.",
    unit="day",
    confidence="S",
    choice="Pembatasan dihitung pada hari pendaftaran; orang yang lahir 29 Februari berulang tahun pada 28 Februari.",
)
def registration_closes(birth_date: int, bpu_registration_age: int) -> int:
    """First day on which a self-employed worker can no longer register."""
    return add_years(birth_date, bpu_registration_age)


@rule(
    cites="Permenaker 5/2021",
    says_id="Pendaftaran baru hanya sebelum ulang tahun itu; yang sudah terdaftar boleh terus membayar.",
    says_en="New registration only before that birthday; whoever is registered may go on paying.",
    unit="flag",
    confidence="S",
)
def may_register(registration_closes: int, on: int) -> bool:
    """Whether a self-employed worker may register on a day."""
    return on < registration_closes
