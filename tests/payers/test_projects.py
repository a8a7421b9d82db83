"""Construction projects: priced by the law, paid in terms, amended by new rows, certified once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st
from world import World

from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.ui.listing import ListQuery
from lindung.payers import actions, legal
from lindung.payers.models import Payer, Project
from lindung.payers.project_queries import instalments, project, projects
from lindung.payers.projects import ContractDraft
from payers.conftest import OFFICER, draft

SIGNED = date(2026, 2, 2)
CONTRACT = ContractDraft("620/01/PU/2026", SIGNED, 180_000_000, date(2026, 2, 9), date(2026, 8, 31))
TERMS = replace(
    CONTRACT, shares=(50, 25, 25), due_on=(date(2026, 2, 20), date(2026, 5, 1), date(2026, 8, 1)), value=200_000_000
)


COLUMNS = (
    "project_id", "sequence", "number", "signed_on", "value", "vat_percent", "wage_bill", "starts_on", "ends_on",
    "shares", "due_on", "reason", "recorded_by", "recorded_at",
)  # fmt: skip


def again(**given: str) -> str:
    """SQL that puts the contract in again as its first addendum, with some columns otherwise."""
    values = {"sequence": "2", "number": "'x'"} | given
    chosen = ", ".join(values.get(name, name) for name in COLUMNS)
    return f"INSERT INTO payers_projectcontract ({', '.join(COLUMNS)}) SELECT {chosen} FROM payers_projectcontract"


@pytest.fixture
def builder(acting: World) -> Payer:
    return actions.register_employer(OFFICER, draft(name="CV Bangun", nib="9120001234567", entry="V.5", kbli="41011"))


def register(builder: Payer, contract: ContractDraft = CONTRACT, **changes: Any) -> Project:
    facts = {"name": "Jembatan Sungai Raya", "owner": "Dinas PUPR", "place_id": builder.place_id} | changes
    return actions.register_project(OFFICER, builder.pk, contract=contract, **facts)


@pytest.mark.django_db
def test_the_published_example_is_priced(builder: Payer) -> None:
    detail = project(OFFICER, register(builder).pk)
    assert (detail.last.price.jkk, detail.last.price.jkm, detail.total) == (346_000, 46_000, 392_000)
    assert [part.amount for part in detail.last.instalments] == [392_000]
    assert detail.row.state == "uncertified"


@pytest.mark.django_db
def test_vat_in_the_value_is_taken_out(builder: Payer) -> None:
    held = project(OFFICER, register(builder, replace(CONTRACT, value=199_800_000, vat_percent=11)).pk)
    assert held.total == 392_000


@pytest.mark.django_db
def test_terms_add_up_and_addenda_add_the_difference(builder: Payer) -> None:
    own = register(builder, TERMS)
    first = project(OFFICER, own.pk)
    assert [(part.amount, part.due_on) for part in first.last.instalments] == [
        (215_000, date(2026, 2, 20)), (107_500, date(2026, 5, 1)), (107_500, date(2026, 8, 1)),
    ]  # fmt: skip
    addendum = replace(CONTRACT, number="ADD-1", signed_on=date(2026, 2, 20), value=300_000_000)
    row = actions.amend_project(OFFICER, own.pk, addendum, "Tambah bentang")
    assert actions.amend_project(OFFICER, own.pk, addendum, "Tambah bentang") == row
    detail = project(OFFICER, own.pk)
    assert [contract.added for contract in detail.contracts] == [430_000, 190_000]
    assert detail.total == 620_000
    with pytest.raises(InvalidInput):
        actions.amend_project(OFFICER, own.pk, replace(addendum, number="ADD-0", signed_on=date(2026, 1, 1)), "x")


@pytest.mark.django_db
def test_known_wages_price_each_month(builder: Payer) -> None:
    detail = project(OFFICER, register(builder, replace(CONTRACT, wage_bill=50_000_000)).pk)
    assert detail.last.price.months == 7
    assert detail.total == 7 * (870_000 + 150_000)


@pytest.mark.django_db
def test_a_contract_is_registered_once(builder: Payer) -> None:
    own = register(builder)
    assert register(builder) == own
    other = actions.register_employer(OFFICER, draft(name="CV Dua", nib="9120009999999", entry="V.5"))
    with pytest.raises(Conflict):
        register(other)
    with pytest.raises(NotFound):
        actions.register_project(OFFICER, 0, "x", "y", builder.place_id, replace(CONTRACT, number="lain"))
    assert [row.id for row in projects(ListQuery(search="jembatan", filters={"state": "uncertified"})).rows] == [own.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": 0}, "value"), ({"vat_percent": 101}, "vat_percent"), ({"ends_on": date(2026, 1, 1)}, "ends_on"),
        ({"ends_on": date(2099, 1, 1)}, "ends_on"), ({"shares": (50, 25), "due_on": (None, SIGNED)}, "shares"),
        ({"shares": (50, 50), "due_on": (None, None)}, "due_on"), ({"shares": (50, 50), "due_on": (None,)}, "due_on"),
        ({"shares": (50, 50), "due_on": (date(2026, 5, 1), date(2026, 3, 1))}, "due_on"), ({"shares": ()}, "shares"),
        ({"wage_bill": -1}, "wage_bill"), ({"number": " "}, "number"), ({"value": 10**17}, "contract_value"),
        ({"shares": (0, 100), "due_on": (None, date(2026, 5, 1))}, "shares"),
    ],
)  # fmt: skip
def test_faulty_contracts_name_their_field(builder: Payer, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        register(builder, replace(CONTRACT, **changes))
    assert refused.value.field == field
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_certificates(builder: Payer) -> None:
    own = register(builder)
    first = actions.certify_project(OFFICER, own.pk, "S-1", date(2026, 2, 11), "TRX1", date(2026, 2, 10))
    assert actions.certify_project(OFFICER, own.pk, "S-1", date(2026, 2, 11), "TRX1", date(2026, 2, 10)) == first
    with pytest.raises(Conflict):
        actions.certify_project(OFFICER, own.pk, "S-2", date(2026, 2, 11), "TRX1", date(2026, 2, 10))
    with pytest.raises(InvalidInput):
        actions.certify_project(OFFICER, own.pk, "S-1", date(2026, 2, 9), "TRX1", date(2026, 2, 10))
    assert project(OFFICER, own.pk).row.state == "certified"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE payers_projectcontract SET value = 1", "never changed"),
        ("DELETE FROM payers_projectcertificate", "never changed"),
        (again(sequence="5"), "has no contract before it"),
        (
            again(shares="'{60,50}'::smallint[]", due_on="'{2026-01-01,2026-02-01}'::date[]"),
            "contract_shares_are_whole",
        ),
        (again(shares="'{60,40}'::smallint[]"), "contract_shares_are_whole"),
        (again(ends_on="starts_on - 1"), "contract_ends_later"),
        (again(number="number"), "one_contract_per_number"),
        (
            "INSERT INTO payers_projectcertificate (project_id, contract_id, number, issued_on, paid_on,"
            " payment_reference, recorded_by, recorded_at) SELECT j.id, k.id, 'S-9', now(), now(), '', '', now()"
            " FROM payers_project j, payers_projectcontract k WHERE k.project_id <> j.id",
            "contract of another project",
        ),
    ],
)
def test_the_database_refuses(builder: Payer, run: Any, sql: str, words: str) -> None:
    own = register(builder)
    actions.certify_project(OFFICER, own.pk, "S-1", date(2026, 2, 11), "TRX1", date(2026, 2, 10))
    if "k.project_id" in sql:
        register(builder, replace(CONTRACT, number="lain"))
    run("RESET ROLE")
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        run(sql)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_instalments_lose_nothing(amount: int, weights: list[int]) -> None:
    shares = [*weights[:-1], 100 - sum(weights[:-1])]
    parts = instalments(amount, shares, [None] * len(shares))
    assert sum(part.amount for part in parts) == amount


def test_an_example_month_is_the_laws_own() -> None:
    month = legal.example_month(date(2026, 2, 1), 3_100_000, 2, "medium", None)
    assert (month.employer, month.worker, month.receipt.total) == (202_740, 93_000, 295_740)
    assert [line.label for line in month.receipt.lines][:2] == ["JKK", "JKM"]
    assert legal.example_month(date(2026, 2, 1), 3_100_000, 2, "medium", ("JKK", "JKM")).receipt.total == 26_040
