"""A company and an agency with issued bills, our bank account, and officers of our own making."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest
from contributions.conftest import register
from django.db import connection
from world import World, make_user, make_world

from lindung.contributions import actions as contributions
from lindung.contributions.billing import payment_code
from lindung.contributions.models import Bill
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as
from lindung.payers.models import Payer
from lindung.reconciliation import actions
from lindung.reconciliation.models import Account

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
DAY = date(2026, 2, 26)
NUMBER = "1001234567"
PERMISSIONS = frozenset(f"reconciliation.{verb}" for verb in ("view", "import", "propose", "decide", "add_account")) | {
    "contributions.reverse_payment",
    "contributions.confirm_reversal",
    "contributions.view",
}


def officer(username: str) -> Actor:
    """Somebody with every permission of this room, and a user to sign with."""
    user = make_user(username, "regency_officer", [6112000000])
    return Actor(user.pk, user.display_name, "regency_officer", PERMISSIONS, EVERYWHERE)


@dataclass
class Office:
    """The little world, two officers, the account, and what they send."""

    world: World
    one: Actor
    two: Actor
    account: Account
    days: dict[date, int] = field(default_factory=dict)

    @property
    def company(self) -> Payer:
        return self.world.company

    def bill(self, people: int = 1, month: date = JAN, payer: Payer | None = None) -> Bill:
        """An issued bill of a payer for so many people; Rp16,800 each."""
        payer = payer or self.company
        frame = register(people, payer.pk * 1_000 + month.month)
        with acting_as(SYSTEM):
            priced = contributions.at_price(frame, 1_000_000, jkk=10_000, jkm=6_800)
            contributions.plan_person_months(SYSTEM, payer.pk, [month], priced, "wage_report:1")
            bill = Bill.objects.filter(payer=payer, month=month).latest("sequence")
            contributions.issue_bill(SYSTEM, bill.pk)
        return bill

    def take(
        self, *lines: tuple[int, str] | tuple[int, str, str], opening: int = 1_000_000, on: date = DAY
    ) -> actions.Imported:
        """Import an MT940 of these lines: rupiah, text, and perhaps the bank's reference."""
        with acting_as(self.one):
            return actions.import_statement(self.one, "rk.sta", mt940(*lines, opening=opening, on=on))[0]


def mt940(*lines: tuple[int, str] | tuple[int, str, str], opening: int = 1_000_000, on: date = DAY) -> bytes:
    """A statement of our account."""
    day, total = on.strftime("%y%m%d"), opening
    rows = [f":20:RK{day}\n:25:{NUMBER}\n:28C:1/1\n:60F:C{day}IDR{opening},00"]
    for amount, text, *reference in lines:
        mark = "C" if amount > 0 else "D"
        rows.append(f":61:{day}{mark}{abs(amount)},00NTRF{reference[0] if reference else 'NONREF'}\n:86:{text}")
        total += amount
    rows.append(f":62F:C{day}IDR{total},00\n-\n")
    return "\n".join(rows).encode()


def code_of(bill: Bill) -> str:
    return payment_code(bill.pk)


def balance(account: str, payer_id: int | None = None) -> int:
    """What all postings of an account (and payer) add up to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(amount), 0)::bigint FROM ledger_posting"
            " WHERE account_id = %s AND (%s::bigint IS NULL OR payer_id = %s)",
            [account, payer_id, payer_id],
        )
        return int(cursor.fetchone()[0])


def make_office() -> Office:
    world = make_world()
    one, two = officer("petugas_satu"), officer("petugas_dua")
    with acting_as(two):
        account = actions.add_account(two, NUMBER, "Bank Kalbar", "BPJS Ketenagakerjaan")
    return Office(world, one, two, account)


@pytest.fixture
def office(db: None) -> Office:
    return make_office()
