"""Companies with workers and bills, made straight in the tables: these tests rest on as little as they can."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from world import World, make_payer, make_people, make_user, make_world

from lindung.contributions.actions import ensure_months
from lindung.contributions.models import Bill, BillIssue, Payment, PersonMonth, Settlement
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as
from lindung.core.models import Installation
from lindung.membership.models import Membership
from lindung.payers.models import Employer, EmployerScale, Payer
from lindung.people.models import Person

VERBS = ("view", "summary", "import", "judge", "step", "plan", "decide", "object")
JAN = date(2026, 1, 1)
TODAY = date(2026, 2, 27)


def on(day: date) -> None:
    """Let it be this day."""
    Installation.objects.update(business_date=day)


@dataclass
class Town:
    """The little world with two officers of compliance."""

    world: World
    officer: Actor
    second: Actor

    def company(self, number: int = 1, **fields: Any) -> Payer:
        return make_payer(
            f"KR1{number:05d}", "company", fields.pop("name", f"PT Uji {number}"), risk_group=3,
            place_id=fields.pop("place_id", self.world.villages[0]), **fields,
        )  # fmt: skip


def officer(username: str, *verbs: str) -> Actor:
    """Someone who signs in, with these permissions of compliance."""
    user = make_user(username, "regency_officer", [6112000000], username.title())
    return Actor(user.pk, user.display_name, user.role, frozenset(f"compliance.{verb}" for verb in verbs), EVERYWHERE)


@pytest.fixture
def town(db: None) -> Town:
    world = make_world()
    return Town(world, officer("rina", *VERBS), officer("joko", *VERBS))


@contextmanager
def without_triggers() -> Iterator[None]:
    """The rules of bills and money are the contributions room's, and tested there."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def bill(payer: Payer, month: date, amount: int, due_on: date, people: int = 1) -> int:
    """An issued bill with no rows behind it."""
    with without_triggers():
        made = Bill.objects.create(payer=payer, month=month)
        BillIssue.objects.create(
            bill=made, number=f"TAG-{payer.pk}-{month:%Y-%m}", issued_on=month, due_on=due_on, people=people,
            amount=amount, content_digest="", issued_by="uji",
        )  # fmt: skip
    return made.pk


def pay(bill_id: int, amount: int, paid_on: date) -> None:
    """Money for a bill."""
    paid = Bill.objects.get(pk=bill_id)
    with without_triggers():
        payment = Payment.objects.create(
            payer_id=paid.payer_id, kind="transfer", reference=f"REF-{Payment.objects.count() + 1}", paid_on=paid_on,
            amount=amount, received_by="uji",
        )  # fmt: skip
        Settlement.objects.create(payment=payment, bill=paid, amount=amount)


@dataclass(frozen=True)
class Worker:
    """A worker's line of a wage report."""

    wage: int
    jht: int = 1
    jp: int = 1


def hire(payer: Payer, count: int, seed: int = 1, registered_on: date = date(2024, 1, 1)) -> list[Membership]:
    """People registered as the company's workers."""
    rows = make_people(count, seed).to_dicts()
    people = Person.objects.bulk_create(
        Person(
            nik=row["nik"], name=row["name"], name_key=row["name"].lower(), birth_date=row["birth_date"],
            sex=row["sex"], place_id=row["place_id"],
        )
        for row in rows
    )  # fmt: skip
    return Membership.objects.bulk_create(
        Membership(
            person=person, place_id=person.place_id, segment="PU", job=1, kpj=f"{person.pk:011d}", payer=payer,
            registered_on=registered_on, valid=DateRange(registered_on, None),
        )
        for person in people
    )  # fmt: skip


def report(
    payer: Payer, month: date, workers: list[Membership], wages: list[Worker], origin: str = "wage_report:1",
    segment: str = "PU", job: int | None = None,
) -> None:  # fmt: skip
    """What a wage report leaves: a bill and a charge for each worker."""
    with acting_as(SYSTEM):
        ensure_months([month])
    with without_triggers():
        made, _new = Bill.objects.get_or_create(payer=payer, month=month)
        PersonMonth.objects.bulk_create(
            PersonMonth(
                month=month, person_id=member.person_id, job=job or member.job, entry_no=1, membership=member,
                payer=payer, bill=made, place_id=member.place_id, segment=segment, wage_base=worker.wage, jkk=10_000,
                jkm=6_800, jht=worker.jht * worker.wage // 100, jp=worker.jp * worker.wage // 100, origin=origin,
            )
            for member, worker in zip(workers, wages, strict=True)
        )  # fmt: skip


def employer(payer: Payer, size: str = "medium", **fields: Any) -> None:
    """What is known of an employer."""
    Employer.objects.create(payer=payer, joined_on=date(2024, 1, 1), registered_by="uji", **fields)
    EmployerScale.objects.create(
        payer=payer, firm_size=size, basis="stated", valid=DateRange(date(2024, 1, 1), None), source="uji",
        recorded_by="uji",
    )  # fmt: skip


def workbook(*rows: Sequence[object], merge: str = "") -> bytes:
    """An .xlsx with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if merge:
        sheet.merge_cells(merge)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
