"""Participants made directly in the tables, so that these tests rest on this room alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from world import World, make_people, make_world

from lindung.contributions import actions
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, acting_as
from lindung.membership.models import Membership
from lindung.payers.models import Payer
from lindung.people.models import Person

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
REGISTERED = date(2024, 1, 1)
JKK, JKM = 10_000, 6_800


@dataclass
class House:
    """The little world with some participants."""

    world: World
    people: pl.DataFrame  # person_id, membership_id, job, place_id, segment

    @property
    def agency(self) -> Payer:
        return self.world.agency

    def ids(self, count: int | None = None) -> list[int]:
        return self.people["person_id"].head(count or self.people.height).to_list()

    def plan(self, months: list[date], people: pl.DataFrame | None = None, payer: Payer | None = None) -> int:
        """Charge people (all) to a payer (the agency)."""
        frame = self.people if people is None else people
        with acting_as(SYSTEM):
            priced = actions.at_price(frame, 1_000_000, jkk=JKK, jkm=JKM)
            return actions.plan_person_months(SYSTEM, (payer or self.agency).pk, months, priced, "decree:1")

    def bill(self, month: date, payer: Payer | None = None, sequence: int = 1) -> Bill:
        return Bill.objects.get(payer=payer or self.agency, month=month, sequence=sequence)

    def issue(self, month: date, payer: Payer | None = None, sequence: int = 1) -> int:
        """Issue the bill; its id."""
        bill = self.bill(month, payer, sequence)
        with acting_as(SYSTEM):
            actions.issue_bill(SYSTEM, bill.pk)
        return bill.pk

    def pay(
        self,
        bill_ids: list[int],
        amount: int,
        on: date = date(2026, 2, 20),
        reference: str = "",
        payer: Payer | None = None,
        instalment: bool = False,
    ) -> actions.PaymentResult:
        with acting_as(SYSTEM):
            return actions.record_payment(
                SYSTEM,
                (payer or self.agency).pk,
                "sp2d",
                reference or f"SP2D-{bill_ids}-{on}-{amount}",
                on,
                amount,
                bill_ids,
                instalment=instalment,
            )

    def paid(
        self,
        months: list[date],
        people: pl.DataFrame | None = None,
        on: date = date(2026, 2, 20),
        payer: Payer | None = None,
    ) -> None:
        """Plan, issue and pay whole months."""
        height = (self.people if people is None else people).height
        self.plan(months, people, payer)
        for month in months:
            last = Bill.objects.filter(payer=payer or self.agency, month=month).latest("sequence")
            with acting_as(SYSTEM):
                actions.issue_bill(SYSTEM, last.pk)
            self.pay([last.pk], height * (JKK + JKM), on, payer=payer)


def register(count: int, seed: int = 1, segment: str = "BPU", registered_on: date = REGISTERED) -> pl.DataFrame:
    """People and their memberships, straight into the tables."""
    rows = make_people(count, seed).to_dicts()
    people = Person.objects.bulk_create(
        [
            Person(
                nik=row["nik"],
                name=row["name"],
                name_key=row["name"].lower(),
                birth_date=row["birth_date"],
                sex=row["sex"],
                place_id=row["place_id"],
            )
            for row in rows
        ]
    )
    members = Membership.objects.bulk_create(
        [
            Membership(
                person=person,
                place_id=person.place_id,
                segment=segment,
                job=1,
                kpj=f"{person.pk:011d}",
                registered_on=registered_on,
                valid=DateRange(registered_on, None),
            )
            for person in people
        ]
    )
    return pl.DataFrame(
        [(m.person_id, m.pk, m.job, m.place_id, m.segment) for m in members],
        orient="row",
        schema={
            "person_id": pl.Int64,
            "membership_id": pl.Int64,
            "job": pl.Int16,
            "place_id": pl.Int64,
            "segment": pl.String,
        },
    )


@pytest.fixture
def house(db: None) -> House:
    return House(make_world(), register(12))


@pytest.fixture
def run() -> Iterator[Callable[..., list[tuple[object, ...]]]]:
    """Any SQL, as whoever acts."""

    def execute(sql: str, *values: object) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    yield execute
