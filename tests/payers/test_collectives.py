"""Collectives: every payment says whom it pays for, once per person and month, and each can have the proof."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction
from world import World, make_people

from lindung.core.actors import Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.models import AccessEntry
from lindung.core.ui.listing import ListQuery
from lindung.payers import actions
from lindung.payers.collective_queries import agents, collective, members, members_in, payments, proof
from lindung.payers.models import CollectivePayment, CollectivePaymentLine
from lindung.people.models import Person
from payers.conftest import JANUARY, OFFICER, PERMISSIONS

pytestmark = pytest.mark.django_db
FEBRUARY = date(2026, 2, 1)
PAID = date(2026, 2, 10)
LINE = "INSERT INTO payers_collectivepaymentline (payment_id, collective_id, person_id, month, amount, bill_code)"
ANOTHER = (
    "WITH p AS (INSERT INTO payers_collectivepayment (collective_id, reference, paid_on, amount, recorded_by,"
    " recorded_at) SELECT payer_id, 'X', '2026-02-10', 5, '', now() FROM payers_collective RETURNING *)"
)
ONE = ", 5, '' FROM p, payers_collectivepaymentline l LIMIT 1"


@pytest.fixture
def people(acting: World) -> list[int]:
    rows = [
        Person(nik=row["nik"], name=row["name"], name_key=row["name"].lower(), birth_date=row["birth_date"],
               sex=row["sex"], place_id=row["place_id"])
        for row in make_people(4, 7).to_dicts()
    ]  # fmt: skip
    return [person.pk for person in Person.objects.bulk_create(rows)]


@pytest.fixture
def group(acting: World, people: list[int]) -> int:
    agent = actions.register_agent(OFFICER, "P-01", "Siti", acting.regency, "0812 0000 1111", JANUARY)
    actions.register_collective(OFFICER, acting.village_payer.pk, "SD", JANUARY, agent.pk)
    actions.add_members(OFFICER, acting.village_payer.pk, people, JANUARY)
    return int(acting.village_payer.pk)


def lines(people: list[int], months: list[date], amount: int = 16_800) -> pl.DataFrame:
    rows = [(person, month, amount, "") for person in people for month in months]
    return pl.DataFrame(rows, schema=["person_id", "month", "amount", "bill_code"], orient="row")


def pay(group: int, rows: pl.DataFrame, reference: str = "TRX1", amount: int | None = None) -> Any:
    total = int(rows["amount"].sum()) if amount is None else amount
    return actions.record_collective_payment(OFFICER, group, reference, PAID, total, rows)


def test_a_payment_pays_for_people_by_name(group: int, people: list[int]) -> None:
    rows = lines(people, [JANUARY, FEBRUARY])
    paid = pay(group, rows)
    assert (paid.people, paid.months, paid.repeated) == (4, 2, False)
    assert pay(group, rows.sample(fraction=1, shuffle=True, seed=1)).repeated
    assert CollectivePayment.objects.count() == 1
    own = proof(OFFICER, paid.payment.pk, people[0])
    assert [(line.month, line.amount) for line in own.lines] == [(JANUARY, 16_800), (FEBRUARY, 16_800)]
    assert (own.total, own.agent, own.code) == (33_600, "Siti", "SD")
    assert AccessEntry.objects.filter(subject=f"person:{people[0]}").count() == 1
    shown = members(group, ListQuery()).rows
    assert {(row.paid_through, row.paid) for row in shown} == {(FEBRUARY, 33_600)}
    assert (collective(OFFICER, group).paid, collective(OFFICER, group).members) == (134_400, 4)
    assert [(row.people, row.months) for row in payments(group)] == [(4, 2)]
    (agent,) = agents(ListQuery()).rows
    assert (agent.collectives, agent.members, agent.state) == (1, 4, "active")


def test_what_cannot_be_recorded(group: int, people: list[int]) -> None:
    one = lines(people[:1], [FEBRUARY])
    for rows, amount, field in (
        (one, 16_801, "amount"), (pl.concat([one, one]), 33_600, "lines"), (one.clear(), 0, "lines"),
        (lines(people[:1], [FEBRUARY], 0), 0, "lines"), (lines(people[:1], [PAID]), 16_800, "lines"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as refused:
            pay(group, rows, amount=amount)
        assert refused.value.field == field
    actions.end_member(OFFICER, group, people[0], date(2026, 1, 31))
    with pytest.raises(InvalidInput, match="bukan anggota"):
        pay(group, one)
    assert people[0] in members_in(group, JANUARY) and people[0] not in members_in(group, FEBRUARY)
    with pytest.raises(NotFound):
        pay(group, lines([0], [FEBRUARY]))
    assert not CollectivePayment.objects.exists()


def test_a_month_is_paid_once_until_the_payment_is_withdrawn(group: int, people: list[int]) -> None:
    first = pay(group, lines(people, [FEBRUARY]))
    with pytest.raises(Conflict, match="TRX1"):
        pay(group, lines(people[:1], [FEBRUARY]), "TRX2")
    with pytest.raises(Conflict, match="isi lain"):
        pay(group, lines(people[:1], [JANUARY]))
    actions.withdraw_collective_payment(OFFICER, first.payment.pk, "Salah bulan")
    actions.withdraw_collective_payment(OFFICER, first.payment.pk, "Salah bulan")
    assert pay(group, lines(people[:1], [FEBRUARY]), "TRX2").repeated is False
    assert proof(OFFICER, first.payment.pk, people[0]).withdrawn


def test_members_and_collectives_again(group: int, people: list[int], acting: World) -> None:
    assert actions.add_members(OFFICER, group, people, JANUARY) == 0
    with pytest.raises(Conflict):
        actions.register_collective(OFFICER, group, "SA", JANUARY)
    assert actions.register_collective(OFFICER, group, "SD", JANUARY).agent_id is None
    with pytest.raises(InvalidInput):
        actions.register_collective(OFFICER, acting.agency.pk, "XX", JANUARY)
    with pytest.raises(Conflict):
        actions.register_agent(OFFICER, "p-01", "Orang Lain", acting.regency, "", JANUARY)
    actions.register_agent(OFFICER, "P-01", "Siti", acting.regency, "", JANUARY, PAID)
    with pytest.raises(InvalidInput):
        actions.register_collective(OFFICER, group, "SD", JANUARY, agents(ListQuery()).rows[0].id)


def test_people_outside_the_own_area_are_not_touched(group: int, people: list[int], acting: World) -> None:
    home = Person.objects.get(pk=people[0]).place_id
    local = Actor(1, "x", "x", PERMISSIONS, ((home, home),))
    stranger = Person.objects.exclude(place_id=home).values_list("pk", flat=True)[0]
    with acting_as(local):
        with pytest.raises(NotFound):
            actions.add_members(local, group, [stranger], JANUARY)
        with pytest.raises(NotFound):
            actions.record_collective_payment(local, group, "T", PAID, 16_800, lines([stranger], [FEBRUARY]))


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE payers_collectivepayment SET amount = amount + 1", "never changed"),
        ("DELETE FROM payers_collectivepaymentline", "never changed"),
        (
            f"{LINE} SELECT payment_id, collective_id, person_id, '2026-01-01', amount, ''"
            " FROM payers_collectivepaymentline LIMIT 1",
            "more than its payment",
        ),
        (f"{ANOTHER} {LINE} SELECT p.id, p.collective_id, l.person_id, l.month {ONE}", "is paid already"),
        (f"{ANOTHER} {LINE} SELECT p.id, p.collective_id, l.person_id, '2025-11-01' {ONE}", "no member in that month"),
        (f"{ANOTHER} SELECT 1; SET CONSTRAINTS ALL IMMEDIATE", "not what its lines add up to"),
        (
            "INSERT INTO payers_collectivemember (collective_id, person_id, valid)"
            " SELECT collective_id, person_id, '[2026-02-01,)' FROM payers_collectivemember LIMIT 1",
            "member_once_at_a_time",
        ),
        ("UPDATE payers_collective SET code = 'XX'", "known_container_code"),
    ],
)
def test_the_database_refuses(group: int, people: list[int], run: Any, sql: str, words: str) -> None:
    pay(group, lines(people, [FEBRUARY]))
    run("RESET ROLE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        run(sql)
    assert CollectivePaymentLine.objects.count() == 4
