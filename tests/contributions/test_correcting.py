"""Corrections of earlier months: both ways, all programmes, once; and what PostgreSQL refuses of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

from contributions.conftest import FEB, JAN, House
from lindung.contributions import actions, queries
from lindung.contributions.assessment import assess
from lindung.contributions.models import Bill, Cover, PersonMonth, SetOff
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import InvalidInput

pytestmark = pytest.mark.django_db
FULL = {"jkk": 44_500, "jkm": 15_000, "jht": 285_000, "jp": 150_000, "jkp": 7_000, "worker_share": 150_000}
WAGE = 5_000_000
AMOUNT = 44_500 + 15_000 + 285_000 + 150_000
Run = Callable[..., list[tuple[object, ...]]]


def plan(house: House, *months: date, **amounts: int) -> None:
    with acting_as(SYSTEM):
        priced = actions.at_price(house.people, WAGE, **(FULL | amounts))
        actions.plan_person_months(SYSTEM, house.agency.pk, list(months), priced, "wage_report:1")


def correct(house: House, people: int, month: date = JAN, wage: int = WAGE, **amounts: int) -> actions.Correction:
    frame = pl.DataFrame({"person_id": house.ids(people)}).with_columns(
        pl.lit(month).alias("month"), pl.lit(1).alias("job"), pl.lit(wage).alias("wage_base"),
        *(pl.lit(value).alias(name) for name, value in (FULL | amounts).items()),
    )  # fmt: skip
    with acting_as(SYSTEM):
        return actions.correct_person_months(SYSTEM, house.agency.pk, frame, "wage_report:2", "upah salah catat")


ZEROS = dict.fromkeys(FULL, 0)


def owed(house: House, person: int = 0) -> int:
    rows = PersonMonth.objects.filter(person_id=house.ids()[person], month=JAN)
    return sum(row.jkk + row.jkm + row.jht + row.jp for row in rows)


def test_a_charge_still_open_is_mended_on_its_own_bill(house: House) -> None:
    plan(house, JAN)
    done = correct(house, 2, wage=6_000_000, jht=342_000)
    assert (done.rows, done.asked, done.given_back) == (2, 114_000, 0)
    assert correct(house, 2, wage=6_000_000, jht=342_000).rows == 0
    assert correct(house, 1, jht=285_000).given_back == 57_000
    house.issue(JAN)
    assert (house.bill(JAN).issue.people, house.bill(JAN).issue.amount) == (12, 12 * AMOUNT + 57_000)


def test_too_little_is_asked_on_a_supplement_and_never_decides_cover(house: House) -> None:
    plan(house, JAN)
    bill = house.issue(JAN)
    house.pay([bill], 12 * AMOUNT)
    done = correct(house, 3, wage=6_000_000, jkk=53_400)
    assert (done.rows, done.asked) == (3, 3 * 8_900)
    supplement = house.bill(JAN, sequence=2)
    assert done.bills == (supplement.pk,)
    house.issue(JAN, sequence=2)
    assert (supplement.issue.people, supplement.issue.amount) == (3, 3 * 8_900)
    assert Cover.objects.count() == 12
    (row,) = queries.months_of(house.ids()[0])
    assert (row.amount, row.wage_on(date(2026, 2, 25))) == (AMOUNT + 8_900, WAGE), "not paid yet: the wage as paid"
    house.pay([supplement.pk], 3 * 8_900, date(2026, 2, 25))
    (row,) = queries.months_of(house.ids()[0])
    assert (row.wage_on(date(2026, 2, 24)), row.wage_on(date(2026, 2, 25))) == (WAGE, 6_000_000)


def test_too_much_is_given_back_as_a_credit_that_lessens_the_next_bill(house: House) -> None:
    plan(house, JAN)
    house.pay([house.issue(JAN)], 12 * AMOUNT)
    done = correct(house, 2, wage=4_000_000, jht=228_000)
    assert (done.rows, done.asked, done.given_back) == (2, 0, 114_000)
    credit = house.bill(JAN, sequence=2)
    assert (credit.issue.amount, credit.issue.people) == (-114_000, 2)
    plan(house, FEB)
    house.issue(FEB)
    assert SetOff.objects.get(credit=credit).amount == 114_000


def test_one_programme_up_and_another_down_goes_on_two_bills(house: House) -> None:
    plan(house, JAN)
    house.issue(JAN)
    done = correct(house, 1, jkk=44_500 + 100, jht=285_000 - 100)
    assert (done.rows, done.asked, done.given_back) == (2, 100, 100)
    assert owed(house) == AMOUNT
    assert correct(house, 1, jkk=44_500 + 100, jht=285_000 - 100).rows == 0


def test_nothing_owed_reverses_what_is_unpaid_and_gives_back_what_is_paid(house: House) -> None:
    plan(house, JAN)
    bill = house.issue(JAN)
    assert correct(house, 1, wage=0, **ZEROS).given_back == AMOUNT
    assert PersonMonth.objects.filter(person_id=house.ids()[0], entry_no=2).exists()
    house.pay([bill], 11 * AMOUNT)
    done = correct(house, 2, wage=0, **ZEROS)
    assert (done.rows, done.given_back) == (1, AMOUNT)
    assert (owed(house, 0), owed(house, 1)) == (0, 0)
    assert correct(house, 2, wage=0, **ZEROS).rows == 0
    assert Cover.objects.count() == 11, "what was paid protected; the one never paid is not protected"


def test_a_reversal_takes_the_differences_along(house: House) -> None:
    plan(house, JAN)
    house.issue(JAN)
    correct(house, 2, jht=300_000)
    correct(house, 1, jht=280_000)
    with acting_as(SYSTEM):
        assert actions.reverse_person_months(SYSTEM, house.ids(3), JAN, "salah daftar") == 3
    assert [owed(house, person) for person in range(4)] == [0, 0, 0, AMOUNT]
    total = sum(bill.tally.amount for bill in Bill.objects.select_related("tally"))
    assert total == 9 * AMOUNT


def test_months_never_charged_to_this_payer_are_refused(house: House) -> None:
    with acting_as(SYSTEM):
        priced = actions.at_price(house.people.head(1), WAGE, **FULL)
        actions.plan_person_months(SYSTEM, house.world.company.pk, [JAN], priced, "x")
    with pytest.raises(InvalidInput, match="2 baris belum pernah ditagihkan"):
        correct(house, 2)
    assert correct(house, 2, wage=0, **ZEROS).rows == 0


DIFFERENCE = """INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id,
  bill_id, place_id, segment, wage_base, jkk, jkm, jht, origin)
  SELECT month, person_id, job, %s, membership_id, %s, %s, place_id, segment, 0, %s, 0, 0, 'x'
    FROM contributions_personmonth WHERE person_id = %s AND entry_no = 1 AND month = %s"""


@pytest.mark.parametrize(
    ("entry", "jkk", "words"),
    [
        (-1, 0, "personmonth_amounts"),
        (-2, -5, "personmonth_entry|personmonth_amounts"),
        (0, -5, "personmonth_entry|personmonth_amounts"),
        (-3, 5, "no entry before"),
        (-1, -44_501, "more than was charged"),
    ],
)
def test_postgres_refuses_false_differences(house: House, run: Run, entry: int, jkk: int, words: str) -> None:
    plan(house, JAN)
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        run(DIFFERENCE, entry, house.agency.pk, house.bill(JAN).pk, jkk, house.ids()[0], JAN)


def test_postgres_refuses_a_day_within_the_month(house: House, run: Run) -> None:
    plan(house, JAN)
    another_day = DIFFERENCE.replace("SELECT month,", "SELECT month + 1,")
    with pytest.raises(DatabaseError, match="of_its_month"), transaction.atomic():
        run(another_day, 1, house.agency.pk, house.bill(JAN).pk, 5, house.ids()[0], JAN)


def test_postgres_refuses_a_difference_of_another_payer_and_of_a_charge_taken_back(house: House, run: Run) -> None:
    plan(house, JAN)
    other = Bill.objects.create(payer=house.world.company, month=JAN)
    with pytest.raises(DatabaseError, match="needs a charge"), transaction.atomic():
        run(DIFFERENCE, -1, house.world.company.pk, other.pk, 5, house.ids()[0], JAN)
    with acting_as(SYSTEM):
        actions.reverse_person_months(SYSTEM, house.ids(1), JAN, "salah")
    with pytest.raises(DatabaseError, match="difference and no charge"), transaction.atomic():
        run(DIFFERENCE, -1, house.agency.pk, house.bill(JAN).pk, 5, house.ids()[0], JAN)


@pytest.mark.parametrize("column", ["jht", "jp", "jkp", "worker_share"])
def test_a_reversal_mirrors_every_amount(house: House, run: Run, column: str) -> None:
    plan(house, JAN)
    values = {name: f"-{name}" for name in FULL} | {column: f"-{column} - 1"}
    with pytest.raises(DatabaseError, match="exactly"), transaction.atomic():
        run(
            f"""INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id,
                bill_id, place_id, segment, wage_base, origin, {", ".join(values)})
                SELECT month, person_id, job, 2, membership_id, payer_id, bill_id, place_id, segment, wage_base, origin,
                       {", ".join(values.values())} FROM contributions_personmonth WHERE person_id = %s""",
            house.ids()[0],
        )


@pytest.mark.parametrize(
    ("column", "value"), [("membership_id", 10**9), ("place_id", 1), ("bill_id", 10**9), ("payer_id", 10**9)]
)
def test_postgres_refuses_rows_that_name_nothing(house: House, run: Run, column: str, value: int) -> None:
    house.plan([JAN], house.people.head(1))
    row = house.people.row(1, named=True) | {"payer_id": house.agency.pk, "bill_id": house.bill(JAN).pk, column: value}
    with pytest.raises(DatabaseError, match=r"does not exist|another payer"), transaction.atomic():
        run(
            f"""INSERT INTO contributions_personmonth (month, entry_no, wage_base, jkk, jkm, origin, {", ".join(row)})
                VALUES ('2026-01-01', 1, 1000000, 10000, 6800, 'x', {", ".join(["%s"] * len(row))})""",
            *row.values(),
        )


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM membership_membership WHERE id = %s",
        "UPDATE membership_membership SET job = 9 WHERE id = %s",
        "UPDATE membership_membership SET id = 10 ^ 9 WHERE id = %s",
        "DELETE FROM places_place WHERE key = (SELECT place_id FROM membership_membership WHERE id = %s)",
    ],
)
def test_what_rows_name_stays(house: House, run: Run, statement: str) -> None:
    plan(house, JAN)
    with pytest.raises(DatabaseError, match="person-months name"), transaction.atomic():
        run(statement, house.people["membership_id"][0])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_law_prices_a_list_with_its_faulty_rows_named() -> None:
    frame = pl.DataFrame(
        {
            "id": [1, 2, 3, 4],
            "segment": ["PU", "PU", "BPU", "PU"],
            "wage": [5_000_000.5, None, None, 5_000_000.0],
            "income": [None, None, 1_000_000.0, None],
            "risk_group": [3, 3, None, 9],
            "firm_size": ["large", "large", None, "large"],
            "birth_date": [date(1990, 1, 1)] * 4,
        }
    )
    rows = assess(frame, JAN).to_dicts()
    assert [row["error_field"] for row in rows] == [None, "wage", None, "risk_group"]
    assert (rows[0]["wage_base"], rows[0]["jkk"], rows[0]["jkm"]) == (5_000_001, 44_500, 15_000)
    assert (rows[0]["jht"], rows[0]["jp"], rows[0]["jkp"], rows[0]["worker_share"]) == (
        285_000,
        150_000,
        7_000,
        150_000,
    )
    assert (rows[2]["wage_base"], rows[2]["jkk"], rows[2]["jkm"]) == (1_000_000, 10_000, 6_800)
    assert rows[1]["jkk"] is None
