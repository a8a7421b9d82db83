"""What a bank statement is to us, and the check that its lines explain its balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lindung.formats.errors import FormatError
from lindung.formats.words import number

SEN = 100
SHOWN_ERRORS = 20


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement. `row_no`: line of the file. `amount`: whole rupiah, money in positive, money out negative.

    `sen`: what is left of the amount below one rupiah, with its sign (interest has sen). `reference`: the
    bank's own; `balance`: the account's balance after it in whole rupiah, if the bank says so.
    """

    row_no: int
    booked_on: date
    valued_on: date
    amount: int
    sen: int
    reference: str
    text: str
    balance: int | None = None

    @property
    def total_sen(self) -> int:
        """The exact amount, in sen."""
        return self.amount * SEN + self.sen


@dataclass(frozen=True, slots=True)
class Statement:
    """An account's statement of one or several days, in rupiah. Balances are exact, in sen."""

    account: str
    number: str
    opened_on: date
    closed_on: date
    opening_sen: int
    closing_sen: int
    lines: tuple[StatementLine, ...]

    @property
    def opening(self) -> int:
        """Opening balance in whole rupiah."""
        return rupiah_and_sen(self.opening_sen)[0]

    @property
    def closing(self) -> int:
        """Closing balance in whole rupiah."""
        return rupiah_and_sen(self.closing_sen)[0]


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that cannot be read: which, which column, what it says, and what to do."""

    row_no: int
    field: str
    value: str
    way_out: str


class StatementError(FormatError):
    """Rows of a statement cannot be read. A statement is taken whole or not at all, so it is refused."""

    def __init__(self, rows: Sequence[RowError]) -> None:
        first = rows[0]
        super().__init__(
            "baris_salah",
            f"{number(len(rows))} baris tidak dapat dibaca; yang pertama baris {first.row_no}, kolom "
            f"{first.field}: “{first.value[:60]}”.",
            f"{first.way_out} Rekening koran dibukukan utuh atau tidak sama sekali.",
        )
        self.rows = tuple(rows[:SHOWN_ERRORS])


def rupiah_and_sen(total_sen: int) -> tuple[int, int]:
    """Whole rupiah and the rest in sen, both with the sign of the amount: -150 is (-1, -50)."""
    rupiah, sen = divmod(abs(total_sen), SEN)
    return (-rupiah, -sen) if total_sen < 0 else (rupiah, sen)


def money(total_sen: int) -> str:
    """Sen as it is written: 123456789 is "Rp1.234.567,89"."""
    rupiah, sen = divmod(abs(total_sen), SEN)
    sign = "−" if total_sen < 0 else ""
    return f"{sign}Rp{number(rupiah)}" + (f",{sen:02d}" if sen else "")


def check_sum(opening_sen: int, lines: Sequence[StatementLine], closing_sen: int) -> None:
    """Refuse a statement whose lines do not lead from its opening to its closing balance."""
    reached = opening_sen + sum(line.total_sen for line in lines)
    if reached == closing_sen:
        return
    raise FormatError(
        "saldo_tidak_cocok",
        f"Saldo awal {money(opening_sen)} ditambah {number(len(lines))} baris menjadi {money(reached)}, sedangkan "
        f"saldo akhir tertulis {money(closing_sen)}: selisih {money(closing_sen - reached)}.",
        "Unduh ulang rekening koran dari bank tanpa mengubah isinya; mungkin ada baris yang terpotong.",
    )


def not_rupiah(currency: str) -> FormatError:
    """A statement in another currency."""
    return FormatError(
        "bukan_rupiah",
        f"Rekening koran ini dalam mata uang {currency}.",
        "Unggah rekening koran rupiah (IDR).",
    )
