"""Random registrations, reports, corrections, payments, reversals and closures against a plain model of the money.

The model knows nothing of bills' rows: for each person and month what is owed, for each payer what came in. After every
step the tables, the bills, the books and cover must say the same."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import polars as pl
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from world import make_world

from contributions.conftest import FEB, JAN, MAR, register
from lindung.contributions import actions
from lindung.contributions.models import Bill, Cover
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as
from lindung.core.errors import DomainError
from lindung.core.models import User
from lindung.ledger import actions as ledger

MONTHS = (JAN, FEB, MAR)
PEOPLE = 4
Amounts = tuple[int, int, int, int]  # jkk, jkm, jht, jp
CHARGES = st.tuples(st.integers(1, 90), st.integers(0, 30), st.integers(0, 500), st.integers(0, 300))


class Money(RuleBasedStateMachine):
    """One payer with four workers."""

    @initialize()
    def start(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        world = make_world()
        self.payer = world.company
        self.people = register(PEOPLE, segment="PU")
        self.ids = self.people["person_id"].to_list()
        users = [User.objects.create(username=name) for name in ("satu", "dua")]
        self.first, self.second = (Actor(u.pk, u.username, "branch", frozenset({"*"}), EVERYWHERE) for u in users)
        self.owed: dict[tuple[date, int], Amounts] = {}
        self.paid_in: dict[int, int] = {}
        self.closed = False
        self.count = 0

    def teardown(self) -> None:
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def frame(self, month: date, who: set[int], amounts: Amounts) -> pl.DataFrame:
        wanted = self.people.filter(pl.col("person_id").is_in([self.ids[index] for index in who]))
        jkk, jkm, jht, jp = amounts
        return actions.at_price(wanted, 1_000, jkk=jkk, jkm=jkm, jht=jht, jp=jp).with_columns(month=pl.lit(month))

    @rule(month=st.sampled_from(MONTHS), who=st.sets(st.integers(0, PEOPLE - 1), min_size=1), amounts=CHARGES)
    def report(self, month: date, who: set[int], amounts: Amounts) -> None:
        with acting_as(SYSTEM):
            actions.plan_person_months(SYSTEM, self.payer.pk, [month], self.frame(month, who, amounts), "report")
        for index in who:
            if (month, self.ids[index]) not in self.owed:
                self.owed[month, self.ids[index]] = amounts

    @rule(month=st.sampled_from(MONTHS), who=st.sets(st.integers(0, PEOPLE - 1), min_size=1), amounts=CHARGES)
    def correct(self, month: date, who: set[int], amounts: Amounts) -> None:
        known = {index for index in who if (month, self.ids[index]) in self.owed}
        with acting_as(SYSTEM):
            if known != who:
                with pytest.raises(DomainError), transaction.atomic():
                    actions.correct_person_months(
                        SYSTEM, self.payer.pk, self.frame(month, who, amounts), "koreksi", "uji"
                    )
            if known:
                frame = self.frame(month, known, amounts)
                actions.correct_person_months(SYSTEM, self.payer.pk, frame, "koreksi", "uji")
                assert actions.correct_person_months(SYSTEM, self.payer.pk, frame, "koreksi", "uji").rows == 0
        for index in known:
            self.owed[month, self.ids[index]] = amounts

    @rule(month=st.sampled_from(MONTHS))
    def issue(self, month: date) -> None:
        with acting_as(SYSTEM):
            for bill in Bill.objects.filter(month=month, issue__isnull=True, tally__amount__gt=0):
                actions.issue_bill(SYSTEM, bill.pk)

    @rule(
        amount=st.integers(1, 3_000), day=st.sampled_from((date(2026, 1, 20), date(2026, 2, 20))), again=st.booleans()
    )
    def pay(self, amount: int, day: date, again: bool) -> None:
        self.count += 1
        for repeated in (False, True)[: 1 + again]:
            with acting_as(SYSTEM):
                result = actions.receive_payment(SYSTEM, self.payer.pk, "va", f"R{self.count}", day, amount)
            assert result.repeated is repeated
        self.paid_in[result.payment.pk] = amount

    @precondition(lambda self: self.paid_in)
    @rule(data=st.data())
    def bounce(self, data: st.DataObject) -> None:
        payment = data.draw(st.sampled_from(sorted(self.paid_in)))
        with acting_as(self.first):
            reversal = actions.reverse_payment(self.first, payment, "ditolak bank")
        with acting_as(self.second):
            actions.confirm_reversal(self.second, reversal.pk)
        del self.paid_in[payment]

    @rule(month=st.sampled_from(MONTHS), who=st.sets(st.integers(0, PEOPLE - 1), min_size=1))
    def take_back(self, month: date, who: set[int]) -> None:
        people = [self.ids[index] for index in who]
        unpaid = {key for key in self.owed if key[0] >= month and key[1] in people} - self.paid_months()
        with acting_as(SYSTEM):
            assert actions.reverse_person_months(SYSTEM, people, month, "salah daftar") == len(unpaid)
        for key in unpaid:
            del self.owed[key]

    def paid_months(self) -> set[tuple[date, int]]:
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT DISTINCT ON (month, person_id) month, person_id, entry_no % 2 = 1 AND s.bill_id IS NOT NULL
                     FROM contributions_personmonth LEFT JOIN contributions_settledbill s USING (bill_id)
                    ORDER BY month, person_id, entry_no DESC"""
            )
            return {(month, person) for month, person, paid in cursor.fetchall() if paid}

    @precondition(lambda self: not self.closed)
    @rule()
    def close(self) -> None:
        """The books of January are closed; what comes later counts in February."""
        with acting_as(self.first):
            proposal = ledger.propose_close(self.first, JAN, "sudah diperiksa")
        with acting_as(self.second):
            ledger.decide(self.second, proposal.pk, "approved")
        self.closed = True

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "owed"):
            return
        with acting_as(SYSTEM):
            actions.refresh_pending()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(
                "SELECT month, person_id, sum(jkk), sum(jkm), sum(jht), sum(jp) FROM contributions_personmonth"
                " GROUP BY 1, 2 HAVING sum(jkk + jkm + jht + jp) <> 0"
            )
            found = {(row[0], row[1]): tuple(map(int, row[2:])) for row in cursor.fetchall()}
            assert found == self.owed
            cursor.execute(
                """SELECT i.bill_id, i.amount, coalesce(met.amount, 0) FROM contributions_billissue i
                     LEFT JOIN contributions_met_of(ARRAY(SELECT bill_id FROM contributions_billissue)) met
                       USING (bill_id)"""
            )
            bills = cursor.fetchall()
            cursor.execute("SELECT coalesce(sum(contributions_unapplied(id)), 0) FROM contributions_payment")
            credit = int(cursor.fetchone()[0])
            cursor.execute("SELECT coalesce(sum(amount), 0) FROM contributions_setoff")
            set_off = int(cursor.fetchone()[0])
            cursor.execute("SELECT account_id, sum(amount)::bigint FROM ledger_posting GROUP BY 1")
            books = defaultdict(int, cursor.fetchall())
            cursor.execute("SELECT coalesce(sum(amount), 0)::bigint FROM ledger_jhtmovement")
            members = cursor.fetchone()[0]
        asked = sum(amount for _bill, amount, _met in bills if amount > 0)
        given = -sum(amount for _bill, amount, _met in bills if amount < 0)
        met = sum(part for _bill, _amount, part in bills)
        assert all(0 <= part <= amount for _bill, amount, part in bills if amount > 0)
        assert met == sum(self.paid_in.values()) - credit + set_off
        assert credit == 0 or met == asked, "no credit lies idle while a bill asks"
        assert (books["1101"], books["2201"], books["1201"]) == (
            sum(self.paid_in.values()), -credit, asked - given - (met - set_off),
        )  # fmt: skip
        assert sum(books.values()) == 0
        assert books["2101"] == -members
        assert books["2101"] + books["2102"] + books["4101"] + books["4102"] + books["4103"] == given - asked
        begun = {person for month, person in self.paid_months() if month <= FEB}
        assert set(Cover.objects.values_list("person_id", flat=True)) == begun


Money.TestCase.settings = settings(
    max_examples=8, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.django_db
class TestMoney(Money.TestCase):  # type: ignore[name-defined,misc]
    pass
