"""Every rule of the books that PostgreSQL keeps, tried by SQL: as the application's role, and as the tables' owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, connection, transaction

from lindung.core.actors import SYSTEM, acting_as
from lindung.ledger import actions

from .conftest import JAN, balance, check_now


@pytest.fixture(params=["application", "owner"])
def someone(request: pytest.FixtureRequest, payer: int) -> Iterator[None]:
    """Whoever tries: the role of the site and the worker, or the owner of the tables."""
    if request.param == "owner":
        with transaction.atomic():
            yield
    else:
        with acting_as(SYSTEM):
            yield


@contextmanager
def refused(words: str) -> Iterator[None]:
    """PostgreSQL refuses it, now or when the transaction commits, in these words."""
    with pytest.raises(Error, match=words), transaction.atomic():
        yield
        check_now()


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def make_entry(source: str = "test:1") -> int:
    """An entry as raw SQL would write it, without postings."""
    rows = run(
        "INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by)"
        " VALUES ('2026-01-05', '2026-01-01', 'test', %s, '', 'penguji') RETURNING id",
        source,
    )
    return int(rows[0][0])


def add_postings(entry: int, *amounts: int, account: str = "1101", first_line: int = 1) -> None:
    run(
        "INSERT INTO ledger_posting (entry_id, line, account_id, month, amount)"
        " SELECT %s, n + %s - 1, %s, '2026-01-01', amount"
        " FROM unnest(%s::bigint[]) WITH ORDINALITY AS a(amount, n)",
        entry, first_line, account, list(amounts),
    )  # fmt: skip


def post(source: str = "test:1", amount: int = 1000) -> int:
    return actions.post(SYSTEM, JAN, "test", source, [("1101", amount, None), ("2301", -amount, None)]).entry_id


def test_a_balanced_entry_stands(someone: None) -> None:
    add_postings(make_entry(), 700, 300, -1000)
    check_now()
    assert run("SELECT count(*) FROM ledger_posting") == [(3,)]


def test_unbalanced_entries_are_refused(someone: None) -> None:
    with refused("does not balance"):
        add_postings(make_entry(), 1000, -999)
    with refused("does not balance"):
        make_entry()
    with refused("does not balance"):
        run("SELECT ledger_post('2026-01-05', 'test', 'x', '{1101}', '{0}')")
    with refused("posting_not_zero"):
        add_postings(make_entry(), 0, 0)


def test_the_check_cannot_be_had_early_and_then_evaded(someone: None) -> None:
    with refused("written together"):
        entry = make_entry()
        add_postings(entry, 5, -5)
        check_now()
        add_postings(entry, 7, first_line=3)


def test_nothing_is_changed_or_deleted(someone: None) -> None:
    post()
    check_now()
    for table in ("ledger_entry", "ledger_posting", "ledger_account"):
        column = {"ledger_entry": "note", "ledger_posting": "amount", "ledger_account": "name"}[table]
        with refused("never changed|permission denied"):
            run(f"UPDATE {table} SET {column} = {column}")
        with refused("never changed|permission denied"):
            run(f"DELETE FROM {table}")
        with refused("never changed|permission denied"):
            run(f"TRUNCATE {table} CASCADE")


def test_postings_of_another_time_are_refused(someone: None) -> None:
    entry = post()
    with refused("written together"):
        add_postings(entry, 1000, -1000, first_line=3)
    with refused("written together"):
        add_postings(987654321, 5, -5)
    with refused("the transaction and the time"):
        run(
            "INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by, made_in)"
            " VALUES ('2026-01-05', '2026-01-01', 'test', 'later', '', 'x', 9999999)"
        )
    with refused("the transaction and the time"):
        run(
            "INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by, posted_at)"
            " VALUES ('2026-01-05', '2026-01-01', 'test', 'later', '', 'x', '2099-01-01')"
        )


@pytest.mark.django_db(transaction=True)
def test_postings_of_a_later_transaction_are_refused() -> None:
    with acting_as(SYSTEM):
        entry = post()
    with refused("written together"):
        add_postings(entry, 1000, -1000, first_line=3)
    assert balance("1101") == 1000


def test_accounts_and_payers_must_exist(someone: None, payer: int) -> None:
    with refused("account of the chart"):
        add_postings(make_entry(), 5, -5, account="9999")
    with refused("account of the chart, and a payer"):
        add_postings(make_entry(), 5, -5, account="1201")
    with refused("payer that does not exist"):
        run("SELECT ledger_post('2026-01-05', 'test', 'x', '{1201,4101}', '{5,-5}', '{-1,NULL}')")
    run("SELECT ledger_post('2026-01-05', 'test', 'x', '{1201,4101}', '{5,-5}', ARRAY[%s, NULL]::bigint[])", payer)
    with refused("in the books|permission denied"):
        run("DELETE FROM payers_payer WHERE id = %s", payer)


def test_the_same_source_again_is_no_second_entry(someone: None) -> None:
    assert post("test:1") == post("test:1")
    with refused("posted before with other lines"):
        run("SELECT ledger_post('2026-01-05', 'test', 'test:1', '{1101,2301}', '{1,-1}')")
    with refused("entry_once"):
        add_postings(make_entry("test:1"), 5, -5)
    assert balance("1101") == 1000


def test_the_chart_is_not_the_application_s(db: None) -> None:
    with acting_as(SYSTEM), refused("permission denied"):
        run("INSERT INTO ledger_account (code, name, kind, programme, by_payer) VALUES ('9', '', '', '', false)")
