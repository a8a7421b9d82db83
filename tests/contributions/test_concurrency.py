"""Two connections at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import psycopg
import pytest
from django.db import connection
from world import make_world

from contributions.conftest import JAN, House, register
from lindung.contributions import actions
from lindung.contributions.models import BillIssue
from lindung.core.actors import SYSTEM, acting_as

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(transactional_db: None) -> House:
    return House(make_world(), register(4))


@pytest.fixture
def other() -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters) as second:
        yield second


def test_an_issue_waits_for_rows_under_way_and_then_counts_them(
    house: House, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    """A row put in by plain SQL, past the payer's lock, is still either counted or refused."""
    house.plan([JAN], house.people.head(3))
    bill = house.bill(JAN).pk
    other.execute(
        """
        INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
               place_id, segment, wage_base, jkk, jkm, origin)
        SELECT %s, m.person_id, m.job, 1, m.id, b.payer_id, b.id, m.place_id, m.segment, 1000000, 10000, 6800, 'x'
          FROM membership_membership m, contributions_bill b WHERE m.person_id = %s AND b.id = %s
        """,
        [JAN, house.ids()[3], bill],
    )
    answers: list[object] = []

    def issue() -> None:
        try:
            with acting_as(SYSTEM):
                answers.append(actions.issue_bill(SYSTEM, bill).people)
        except Exception as error:
            answers.append(str(error))
        finally:
            connection.close()

    thread = Thread(target=issue)
    thread.start()
    thread.join(0.5)
    assert thread.is_alive(), "the issue waits"
    other.commit()
    thread.join(10)
    assert "its rows say 67200 for 4" in str(answers[0])
    assert not BillIssue.objects.exists()
    with acting_as(SYSTEM):
        assert actions.issue_bill(SYSTEM, bill).people == 4


def test_two_payers_at_once_charge_each_person_once(
    house: House, other: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The second waits for the first and is then refused, whole."""
    with acting_as(SYSTEM):
        actions.ensure_months([JAN])
    village = house.world.village_payer
    other.execute("INSERT INTO contributions_bill (payer_id, month, sequence) VALUES (%s, %s, 1)", [village.pk, JAN])
    other.execute(
        """
        INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
               place_id, segment, wage_base, jkk, jkm, origin)
        SELECT %s, m.person_id, m.job, 1, m.id, b.payer_id, b.id, m.place_id, m.segment, 1000000, 10000, 6800, 'x'
          FROM membership_membership m, contributions_bill b WHERE m.person_id = %s AND b.payer_id = %s
        """,
        [JAN, house.ids()[0], village.pk],
    )
    answers: list[str] = []

    def plan() -> None:
        try:
            house.plan([JAN])
            answers.append("planned")
        except Exception as error:
            answers.append(getattr(error, "code", str(error)))
        finally:
            connection.close()

    thread = Thread(target=plan)
    thread.start()
    thread.join(0.5)
    assert thread.is_alive()
    other.commit()
    thread.join(10)
    assert answers == ["charged_meanwhile"]
