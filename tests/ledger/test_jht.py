"""The members' JHT accounts: the yearly crediting against the law's own answer for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from world import World, make_people

from lindung import law
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict
from lindung.ledger import actions
from lindung.ledger.jht import jht_statement
from lindung.membership.actions import enrol
from lindung.people.actions import register_people

from .conftest import balance, check_now

Deposit = tuple[date, int]
PAYMENTS: list[list[Deposit]] = [
    [(date(2018, month, 15), 370_001 + month) for month in range(1, 13)],
    [(date(2018, 3, 1), 1), (date(2018, 12, 31), 2), (date(2019, 1, 1), 33_333)],
    [(date(2019, 6, 30), 57_000), (date(2020, 2, 29), 57_000), (date(2020, 2, 28), 99_999_999)],
    [(date(2020, 12, 31), 1_000_000_000)],
]


@pytest.fixture
def members(world: World) -> list[int]:
    """Memberships without any money yet."""
    with acting_as(SYSTEM):
        people = make_people(len(PAYMENTS))
        known = register_people(SYSTEM, people).join(people.select("nik", "place_id"), on="nik")
        enrol(SYSTEM, known, "BPU", date(2018, 1, 1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM membership_membership ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def move(membership: int, deposits: Sequence[Deposit], kind: str = "contribution", name: str = "bill") -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source) VALUES (%s, %s, %s, %s, %s)",
            [(membership, on, kind, amount, f"{name}:{n}") for n, (on, amount) in enumerate(deposits)],
        )


def by_law(deposits: Sequence[Deposit], on: date) -> dict[str, Any]:
    facts = {"deposits": [{"on": day.isoformat(), "amount": amount} for day, amount in deposits]}
    return law.result_of("jht_balance", on, facts)


def interest(membership: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT year::text, sum(amount)::bigint FROM ledger_jhtreturn"
            " WHERE membership_id = %s GROUP BY 1 HAVING sum(amount) <> 0",
            [membership],
        )
        return dict(cursor.fetchall())


def credit(*years: int) -> list[int]:
    with acting_as(SYSTEM):
        return [actions.credit_jht(SYSTEM, year).accounts for year in years]


def test_crediting_gives_what_the_law_gives(members: list[int]) -> None:
    for membership, deposits in zip(members, PAYMENTS, strict=True):
        move(membership, deposits)
    credit(2018, 2019, 2020)
    for membership, deposits in zip(members, PAYMENTS, strict=True):
        answer = by_law(deposits, date(2020, 12, 31))
        assert interest(membership) == {year: rupiah for year, rupiah in answer["credited_by_year"].items() if rupiah}
        assert jht_statement(membership, date(2020, 12, 31)).balance == answer["balance"]
    credited = sum(sum(interest(membership).values()) for membership in members)
    assert balance("5105") == credited == -balance("2101")
    check_now()


def test_crediting_twice_is_crediting_once(members: list[int]) -> None:
    move(members[0], PAYMENTS[0])
    assert credit(2018, 2018, 2018) == [1, 0, 0]
    assert balance("5105") == interest(members[0])["2018"]


def test_what_comes_late_is_credited_by_another_run(members: list[int]) -> None:
    early, late = PAYMENTS[0][:6], PAYMENTS[0][6:]
    move(members[0], early)
    credit(2018, 2019)
    move(members[0], late, name="late")
    assert credit(2018, 2019, 2019, 2020) == [1, 1, 0, 1]
    answer = by_law(PAYMENTS[0], date(2020, 12, 31))
    assert jht_statement(members[0], date(2020, 12, 31)).balance == answer["balance"]
    assert interest(members[0]) == answer["credited_by_year"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    deposits=st.lists(
        st.tuples(st.dates(date(2018, 1, 1), date(2020, 12, 31)), st.integers(1, 1_000_000_000)), min_size=1, max_size=8
    ),
    on=st.dates(date(2018, 1, 31), date(2020, 12, 31)),
    credited_through=st.sampled_from([2017, 2018, 2019]),
)
def test_a_statement_to_the_day_says_what_the_law_says(
    members: list[int], deposits: list[Deposit], on: date, credited_through: int
) -> None:
    with transaction.atomic():
        move(members[0], deposits)
        first = min(deposits)[0].year
        credit(*range(first, credited_through + 1))
        known = [deposit for deposit in deposits if deposit[0] <= on]
        expected = by_law(known, on)["balance"] if known else 0
        assert jht_statement(members[0], on).total == expected
        transaction.set_rollback(True)


def test_withdrawn_money_earns_nothing_from_its_month_on(members: list[int]) -> None:
    move(members[0], [(date(2018, 1, 5), 1_200_000)])
    move(members[0], [(date(2018, 7, 20), -600_000)], "correction", "claim")  # of any kind
    credit(2018)
    assert interest(members[0]) == {"2018": round((1_200_000 * 12 - 600_000 * 6) / 12 * 0.0626)}


def test_an_account_below_zero_earns_nothing(members: list[int]) -> None:
    move(members[0], [(date(2018, 1, 5), 1_200_000)])
    move(members[0], [(date(2018, 2, 20), -2_000_000)], "correction", "claim")
    credit(2018, 2019)
    assert interest(members[0]) == {}
    move(members[0], [(date(2020, 1, 5), 1_200_000)], name="again")
    credit(2020)
    answer = by_law([(date(2020, 1, 5), 400_000)], date(2020, 12, 31))
    assert interest(members[0]) == answer["credited_by_year"]


def test_a_sum_beyond_bigint_is_refused_not_wrapped(members: list[int]) -> None:
    move(members[0], [(date(2018, 1, 5), 9 * 10**18), (date(2018, 1, 6), 9 * 10**18)])
    with pytest.raises(Error, match="out of range"), transaction.atomic():
        credit(2018)


@given(st.integers(-4 * 10**18, 5 * 10**18))
@example(-51)
@example(-50)
@example(50)
@example(-150)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sen_round_to_the_nearest_rupiah_halves_up(db: None, sen: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_rupiah(%s)", [sen])
        assert cursor.fetchone() == ((sen + 50) // 100,)


def test_years_are_credited_in_order_when_over_and_known(members: list[int]) -> None:
    move(members[0], [(date(2018, 1, 5), 1_200_000), (date(2023, 1, 5), 7)])
    for year, code in ((2019, "earlier_year_open"), (2023, "rate_unknown"), (2026, "year_not_over")):
        with pytest.raises(Conflict) as refused:
            credit(year)
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((-5, "2018-01-01", "contribution", 5, "bill:1"), "does not exist"),
        ((None, "2018-01-01", "withdrawal", 5, "bill:1"), "of_its_kind"),
        ((None, "2018-01-01", "interest", 5, "bill:1"), "of_its_kind"),
        ((None, "2018-01-01", "contribution", 0, "bill:1"), "jht_movement_moves"),
        ((None, "2015-06-30", "opening", 5, "bill:1"), "under_the_law"),
        ((None, "2018-01-01", "contribution", 5, "bill:0"), "duplicate key"),
    ],
)
def test_impossible_movements_are_refused(members: list[int], row: tuple[Any, ...], words: str) -> None:
    move(members[0], [(date(2018, 1, 5), 1)])
    with pytest.raises(Error, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_jhtmovement (membership_id, dated, kind, amount, source) VALUES (%s, %s, %s, %s, %s)",
            [row[0] or members[0], *row[1:]],
        )


@pytest.mark.parametrize("role", ["lindung_app", None])
@pytest.mark.parametrize("table", ["ledger_jhtmovement", "ledger_jhtreturn", "ledger_jhtcrediting"])
def test_what_moved_is_never_changed(members: list[int], role: str | None, table: str) -> None:
    move(members[0], [(date(2018, 1, 5), 1_000_000)])
    credit(2018)
    check_now()
    for act in (f"UPDATE {table} SET amount = 2", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with (
            pytest.raises(Error, match=r"never changed|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            if role:
                cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute(act)


def test_returns_are_the_database_s_to_write(members: list[int]) -> None:
    for table in ("ledger_jhtreturn", "ledger_jhtcrediting"):
        with (
            acting_as(SYSTEM),
            connection.cursor() as cursor,
            pytest.raises(Error, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute(f"INSERT INTO {table} DEFAULT VALUES")


def test_what_came_late_is_carried_into_the_next_year_by_itself(members: list[int]) -> None:
    early, late = PAYMENTS[0][:6], PAYMENTS[0][6:]
    move(members[0], early)
    credit(2018, 2019)
    move(members[0], late, name="late")
    credit(2020)
    answer = by_law(PAYMENTS[0], date(2020, 12, 31))
    assert jht_statement(members[0], date(2020, 12, 31)).balance == answer["balance"]
    assert balance("5105") == -balance("2101") == answer["balance"] - sum(amount for _day, amount in PAYMENTS[0])
