"""What can be asked about old-age savings (JHT)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..contributions.reading import Country
from ..form.errors import LawError
from ..form.facts import (
    Fact,
    Maybe,
    Money,
    Word,
    impossible,
    read_count,
    read_day,
    read_day_or_month,
    read_flag,
    read_money,
    read_rows,
)
from ..form.instruments import INSTRUMENTS
from ..form.question import Known, Question
from ..form.series import UNKNOWN, PerYear, Rate, rate_in
from ..form.words import JhtReason
from . import account, tax, withdrawal  # noqa: F401  (they register their rules)

MOST_DEPOSITS = 1200
MOST_DEPOSIT = 1_000_000_000
REASONS = Word({name.lower(): reason for name, reason in JhtReason.__members__.items()})


@dataclass(frozen=True, slots=True)
class Deposits:
    """Reads deposits {"on", "amount"} as rows (day, sen), oldest first; the reader of an amount is open to see.

    A month stands for its first day: the month of a deposit counts in full.
    """

    amount: Money

    def __call__(self, value: Any, field: str) -> tuple[tuple[int, int], ...]:
        rows = []
        for deposit in read_rows(value, field, required={"on", "amount"}, allowed={"on", "amount"}):
            day = read_day_or_month(deposit["on"], f"{field}.on")
            rows.append((day, self.amount(deposit["amount"], f"{field}.amount")))
        if len(rows) > MOST_DEPOSITS:
            raise impossible(field, f"{field} paling banyak {MOST_DEPOSITS} setoran.")
        first = INSTRUMENTS["PP 46/2015"].in_force
        if any(day < first.toordinal() for day, _ in rows):
            message = f"{field}: setoran sebelum {first.isoformat()} tidak dihitung; tulis saldo awalnya pada hari itu."
            raise LawError("before_law", message, f"{field}.on")
        return tuple(sorted(rows))


def returns_known(known: Known) -> None:
    """Every year in which money stood for a whole month must have a return."""
    if not known["deposits"]:
        return
    first = date.fromordinal(known["deposits"][0][0]).year
    for year in range(first, account.last_whole_month(known["on"]) // account.MONTHS + 1):
        if rate_in(year, known["returns"], known["jht_return_history"]) == UNKNOWN:
            message = f"Hasil pengembangan JHT tahun {year} belum diketahui; isi returns, contoh {{“{year}”: 5.5}}."
            raise LawError("missing_fact", message, "returns")


def end_of_work_stated(known: Known) -> None:
    """Who left work must say when; a participant is not registered before birth."""
    if withdrawal.has_left_work(known["reason"]) and not known["employment_ended_on"]:
        raise LawError("missing_fact", "Fakta employment_ended_on belum diisi.", "employment_ended_on")
    if known["member_since"] < known["birth_date"]:
        raise impossible("member_since", "member_since lebih awal daripada birth_date.")


QUESTIONS = (
    Question(
        "jht_balance",
        by_month=False,
        facts=(
            Fact("deposits", "deposits", Deposits(Money(MOST_DEPOSIT))),
            Fact("returns", "rates_by_year", PerYear(Rate(0, 100)), {}),
        ),
        answers={
            "balance": "jht_account_balance",
            "credited_by_year": "jht_credited_by_year",
            "deposited": "jht_deposited",
        },
        check=returns_known,
        at_month_end=True,
    ),
    Question(
        "jht_tax",
        by_month=False,
        facts=(
            Fact("amount", "sen", read_money),
            Fact("years_since_first_payment", "years", read_count(0, 100), 0),
            Fact("paid_before", "sen", read_money, 0),
            Fact("npwp", "flag", read_flag, True),
        ),
        answers={"tax": "jht_tax_amount", "net": "jht_net", "final": "jht_tax_final"},
    ),
    Question(
        "jht_withdrawal",
        by_month=False,
        facts=(
            Fact("reason", "jht_reason", REASONS),
            Fact("birth_date", "day", read_day),
            Fact("member_since", "day", read_day),
            Fact("balance", "sen", read_money),
            Fact("employment_ended_on", "day", Maybe(read_day), None),
            Fact("partial_taken", "flag", read_flag, False),
            Fact("citizenship", "citizenship", Maybe(Country()), None),
        ),
        answers={
            "allowed": "jht_allowed",
            "amount_max": "jht_amount_max",
            "from": "jht_payable_from",
            "to_heirs": "jht_to_heirs",
        },
        check=end_of_work_stated,
        at_month_end=True,
    ),
)
