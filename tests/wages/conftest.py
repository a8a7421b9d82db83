from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.test import Client
from world import World, make_payer, make_people, make_user, world  # noqa: F401

from lindung.contributions.models import PersonMonth
from lindung.core.actors import EVERYWHERE, SYSTEM, Actor, acting_as
from lindung.core.models import User
from lindung.payers.models import EmployerActivity, EmployerScale, MinimumWage, Payer
from lindung.places.actions import load_holidays
from lindung.wages.actions import apply_report, close_month, receive_rows
from lindung.wages.models import WageReport, WageReportRow

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
RIGHTS = frozenset({"wages.view", "wages.report"})
OFFICER = Actor(1, "Uji", "regency_officer", RIGHTS, EVERYWHERE)


def staff_of(payer: Payer) -> Actor:
    """Somebody of the employer's HR: no area, one employer."""
    return Actor(2, "HR", "company_hr", RIGHTS, payers=(payer.pk,))


def make_employer(npp: str, name: str, size: str = "medium", risk_group: int = 2) -> Payer:
    """An employer with all that the law wants to know."""
    payer = make_payer(npp, "company", name, risk_group=risk_group)
    told = {"payer": payer, "valid": ("2020-01-01", None), "source": "uji", "recorded_by": "uji"}
    EmployerScale.objects.get_or_create(payer=payer, defaults=told | {"firm_size": size, "basis": "stated"})
    EmployerActivity.objects.get_or_create(payer=payer, defaults=told | {"risk_group": risk_group, "decided_by": "uji"})
    return payer


@dataclass
class Firm:
    """An employer whose reports a test sends as its HR would."""

    payer: Payer
    actor: Actor

    def send(self, kind: str, rows: list[dict[str, Any]], month: date = JANUARY, reason: str = "") -> WageReport:
        with acting_as(self.actor):
            return receive_rows(self.actor, self.payer.pk, month, kind, rows, reason)

    def tell(self, kind: str, rows: list[dict[str, Any]], month: date = JANUARY, reason: str = "") -> WageReport:
        """Send and apply."""
        report = self.send(kind, rows, month, reason)
        with acting_as(self.actor):
            return apply_report(self.actor, report.pk)

    def close(self, month: date = JANUARY) -> Any:
        with acting_as(self.actor):
            return close_month(self.actor, self.payer.pk, month)

    def charged(self, month: date = JANUARY) -> dict[int, int]:
        """Rupiah owed for the month, by person."""
        sums: dict[int, int] = {}
        for row in PersonMonth.objects.filter(payer=self.payer, month=month):
            sums[row.person_id] = sums.get(row.person_id, 0) + row.jkk + row.jkm + row.jht + row.jp
        return sums


@pytest.fixture
def firm(world: World) -> Firm:  # noqa: F811
    payer = make_employer("KR100001", "PT Contoh Sawit")
    MinimumWage.objects.get_or_create(
        place_id=world.regency, kind="UMK",
        defaults={"amount": "3100000", "valid": ("2026-01-01", None), "source": "uji", "recorded_by": "uji",
                  "confidence": "S"},
    )  # fmt: skip
    return Firm(payer, staff_of(payer))


@pytest.fixture
def other_firm(firm: Firm) -> Firm:
    payer = make_employer("KR100002", "PT Contoh Karet", "small", 4)
    return Firm(payer, staff_of(payer))


def client_of(payer: Payer) -> Client:
    """A browser in which this employer's HR is signed in."""
    user = make_user(f"hr{payer.pk}", "company_hr", [])
    User.objects.filter(pk=user.pk).update(payer_ids=[payer.pk])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def hr(firm: Firm) -> Client:
    with acting_as(SYSTEM):
        load_holidays(SYSTEM, range(2025, 2028))
    return client_of(firm.payer)


@pytest.fixture
def rival(hr: Client, other_firm: Firm) -> Client:
    return client_of(other_firm.payer)


@pytest.fixture
def new_rows(world: World) -> Callable[..., list[dict[str, Any]]]:  # noqa: F811
    """Rows of new workers as HR would type them, without a fault."""

    def make(count: int, seed: int = 1, **more: str) -> list[dict[str, Any]]:
        people = make_people(count, seed).with_columns(pl.col("birth_date").dt.strftime("%d-%m-%Y"))
        return [
            {
                "employee_no": f"K{number:04d}", "nik": row["nik"], "id_type": "KTP", "name": row["name"],
                "birth_place": "Pontianak", "birth_date": row["birth_date"], "mother_name": row["mother_name"],
                "sex": row["sex"], "address": "Jalan Uji 1", "postal_code": "78391", "wage": "3500000",
                "location": "61.12", "employment_status": "PKWTT", "started_on": "02-01-2026", "country": "ID", **more,
            }
            for number, row in enumerate(people.rows(named=True), start=1)
        ]  # fmt: skip

    return make


@pytest.fixture
def codes() -> Callable[[WageReport], dict[int, list[str]]]:
    """Reason codes by row number, of the rows that stand."""

    def of(report: WageReport) -> dict[int, list[str]]:
        rows = WageReportRow.objects.filter(report=report, wagereportrow__isnull=True)
        return {row.row_no: sorted(row.reason_codes) for row in rows}

    return of
