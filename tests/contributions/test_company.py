"""An employer's staff: their own bills, months and payments, nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from contributions.conftest import JAN, JKK, JKM, House
from lindung.contributions import actions, lists
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, Actor, acting_as

pytestmark = pytest.mark.django_db
TABLES = ("bill", "billissue", "billtally", "personmonth", "payment", "settlement", "cover")


def test_they_see_what_is_theirs(house: House, run: Callable[..., list[tuple[int]]]) -> None:
    for payer, people in ((house.agency, house.people.head(7)), (house.world.company, house.people.tail(5))):
        house.plan([JAN], people, payer)
        house.pay([house.issue(JAN, payer)], people.height * (JKK + JKM), payer=payer)
    staff = Actor(7, "Ibu Personalia", "company_hr", frozenset(), payers=(house.world.company.pk,))
    with acting_as(staff):
        seen = {table: run(f"SELECT count(*) FROM contributions_{table}")[0][0] for table in TABLES}
        assert seen == {**dict.fromkeys(TABLES, 1), "personmonth": 5, "cover": 5}
        assert lists.bill(Bill.objects.get().pk).met == 5 * (JKK + JKM)
        for statement in (
            "INSERT INTO contributions_bill (payer_id, month, sequence) VALUES (1, '2026-01-01', 9)",
            "SELECT contributions_receive(1, 'va', 'X', '2026-01-01', 5, '{}', false, '', now(), 1, 'x', 'x')",
            "SELECT contributions_apply_credit(1, '2026-01-01')",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                run(statement)
    with acting_as(SYSTEM):
        assert actions.refresh_cover(None) == 12
