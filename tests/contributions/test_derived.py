"""What lists read instead of adding up is always what adding up would give."""

from __future__ import annotations

from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from lindung.contributions import actions, lists
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.ui.listing import ListQuery
from lindung.membership.models import Membership

from .conftest import FEB, JAN, MAR, House

pytestmark = pytest.mark.django_db(transaction=True)

TALLIES_ASTRAY = """
SELECT b.id, t.people, t.amount, x.people, x.amount FROM contributions_bill b
  CROSS JOIN LATERAL contributions_bill_totals(b.id) x LEFT JOIN contributions_billtally t ON t.bill_id = b.id
 WHERE (abs(coalesce(t.people, 0)), coalesce(t.amount, 0)) IS DISTINCT FROM (x.people, x.amount)
"""
NEVER_PAID_ASTRAY = """
SELECT m.id FROM membership_membership m
 WHERE EXISTS (SELECT 1 FROM contributions_neverpaid n WHERE n.membership_id = m.id)
     = EXISTS (SELECT 1 FROM contributions_cover c WHERE c.person_id = m.person_id AND c.job = m.job)
"""


def rows(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@pytest.mark.parametrize("seed", range(4))
def test_tallies_and_the_never_paid_follow_every_act(house: House, seed: int) -> None:
    rng = Random(seed)
    assert {row[0] for row in rows("SELECT membership_id FROM contributions_neverpaid")} == set(
        Membership.objects.values_list("id", flat=True)
    )
    for _ in range(12):
        act, month = rng.randrange(4), rng.choice((JAN, FEB, MAR))
        with acting_as(SYSTEM):
            some = rng.sample(house.ids(), rng.randint(1, 3))
            if act == 0:
                house.plan([month], house.people.filter(house.people["person_id"].is_in(some)))
            elif act == 1:
                actions.reverse_person_months(SYSTEM, some, month, "salah daftar")
            else:
                for bill in lists.bills(ListQuery(filters={"state": "planned" if act == 2 else "issued"})).rows:
                    if act == 2 and bill.people:
                        actions.issue_bill(SYSTEM, bill.id)
                    elif act == 3 and bill.left:
                        house.pay([bill.id], bill.left, reference=f"SP2D-{bill.id}")
        assert rows(TALLIES_ASTRAY) == []
        assert rows(NEVER_PAID_ASTRAY) == []


def test_the_list_of_the_never_paid_is_read_from_it(house: House) -> None:
    house.paid([JAN], house.people.head(2))
    with acting_as(SYSTEM):
        waiting = lists.participants(ListQuery(filters={"status": "registered"}, sort="name")).rows
    assert {row.person_id for row in waiting} == set(house.ids()[2:])


@pytest.mark.parametrize("table", ["contributions_billtally", "contributions_neverpaid"])
@pytest.mark.parametrize("act", ["DELETE FROM {}", "UPDATE {} SET {key} = {key}"])
def test_the_application_does_not_write_them(house: House, table: str, act: str) -> None:
    house.plan([JAN])
    key = "bill_id" if table.endswith("tally") else "membership_id"
    with pytest.raises(DatabaseError, match="derived"), acting_as(SYSTEM), transaction.atomic():
        rows(act.format(table, key=key) + f" RETURNING {key}")
