"""Members' JHT accounts follow what is owed and paid, and agree with the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from contributions.conftest import JAN, House
from contributions.test_correcting import AMOUNT, ZEROS, correct, plan
from contributions.test_receiving import officer
from lindung.contributions import actions
from lindung.core.actors import SYSTEM, acting_as

pytestmark = pytest.mark.django_db
Run = Callable[..., list[tuple[int]]]


def accounts(house: House, run: Run) -> tuple[int, int]:
    """The first member's account, and all of them; which is what the books say."""
    with acting_as(SYSTEM):
        actions.refresh_pending()
    ((first,),) = run(
        "SELECT coalesce(sum(amount), 0) FROM ledger_jhtmovement WHERE membership_id = %s",
        house.people["membership_id"][0],
    )
    ((members,),) = run("SELECT coalesce(sum(amount), 0) FROM ledger_jhtmovement")
    ((books,),) = run("SELECT coalesce(-sum(amount), 0) FROM ledger_posting WHERE account_id = '2101'")
    assert members == books
    return int(first), int(members)


def test_credited_once_when_the_month_is_paid_and_mended_with_it(house: House, run: Run) -> None:
    plan(house, JAN)
    bill = house.issue(JAN)
    assert accounts(house, run) == (0, 0)
    paid = house.pay([bill], 12 * AMOUNT)
    assert accounts(house, run) == (285_000, 12 * 285_000)
    assert accounts(house, run) == (285_000, 12 * 285_000)
    correct(house, 1, wage=4_000_000, jht=228_000)
    assert accounts(house, run)[0] == 228_000, "what is given back leaves the account"
    correct(house, 1, wage=6_000_000, jht=342_000)
    assert accounts(house, run)[0] == 228_000, "asked in addition, but not paid yet"
    house.issue(JAN, sequence=3)
    house.pay([house.bill(JAN, sequence=3).pk], 114_000 - 57_000)
    assert accounts(house, run)[0] == 342_000
    first, second = officer("satu"), officer("dua")
    with acting_as(first):
        reversal = actions.reverse_payment(first, paid.payment.pk, "ditolak bank")
    with acting_as(second):
        actions.confirm_reversal(second, reversal.pk)
    assert accounts(house, run) == (114_000, 114_000), "only the supplement is paid now"
    house.pay([bill], 12 * AMOUNT, date(2026, 2, 26))
    assert accounts(house, run) == (342_000, 342_000 + 11 * 285_000)


def test_who_was_taken_back_gets_nothing_although_the_bill_is_settled(house: House, run: Run) -> None:
    plan(house, JAN)
    bill = house.issue(JAN)
    correct(house, 1, wage=0, **ZEROS)
    house.pay([bill], 11 * AMOUNT)
    assert accounts(house, run) == (0, 11 * 285_000)
