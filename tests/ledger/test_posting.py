"""Posting one entry and many, against a simple model; posting while a month closes; a crediting killed half way."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Thread

import polars as pl
import pytest
from django.db import Error, OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.jobs import own_connection
from lindung.ledger import actions
from lindung.ledger.models import Entry, JhtCrediting, PeriodClose
from lindung.ledger.queries import trial_balance

from .conftest import FEB, JAN, MAR, Officers, balance, check_now
from .test_jht import members, move  # noqa: F401  (a fixture)

ACCOUNTS = ("1101", "2301", "3101", "4101", "5102")
Lines = tuple[tuple[str, int], ...]


@st.composite
def lines(draw: st.DrawFn) -> Lines:
    """Lines that balance; sometimes they do not."""
    amounts = draw(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=5))
    accounts = [draw(st.sampled_from(ACCOUNTS)) for _ in amounts]
    off = draw(st.sampled_from([0, 0, 0, 1]))
    return (*zip(accounts, amounts, strict=True), (draw(st.sampled_from(ACCOUNTS)), off - sum(amounts)))


EVENTS = st.lists(st.tuples(st.integers(1, 4), st.dates(JAN, date(2026, 3, 31)), lines()), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS)
def test_the_books_are_what_was_posted_once(db: None, events: list[tuple[int, date, Lines]]) -> None:
    with transaction.atomic():
        stands: dict[int, Lines] = {}
        months: Counter[tuple[str, date]] = Counter()
        for number, dated, wanted in events:
            whole = [(account, amount, None) for account, amount in wanted]
            try:
                posted = actions.post(SYSTEM, dated, "test", f"event:{number}", whole)
            except InvalidInput:
                assert sum(amount for _, amount in wanted) != 0 or not any(amount for _, amount in wanted)
            except Conflict:
                assert net(stands[number]) != net(wanted)
            else:
                assert posted.repeated == (number in stands)
                if posted.repeated:
                    assert net(stands[number]) == net(wanted)
                    continue
                stands[number] = wanted
                for account, amount in wanted:
                    months[account, dated.replace(day=1)] += amount
        check_now()
        for month in (JAN, FEB, MAR):
            found = trial_balance(month)
            assert sum(row.closing for row in found) == 0 == sum(row.debit - row.credit for row in found)
            for row in found:
                assert row.debit - row.credit == months[row.code, month]
                before = [moved for (code, when), moved in months.items() if code == row.code and when < month]
                assert row.opening == sum(before)
        transaction.set_rollback(True)


def net(wanted: Lines) -> dict[str, int]:
    """What the lines move, by account."""
    moved: Counter[str] = Counter()
    for account, amount in wanted:
        moved[account] += amount
    return {account: amount for account, amount in moved.items() if amount}


def batch(count: int, payer: int | None, first: int = 1) -> pl.DataFrame:
    numbers = pl.Series("n", range(first, first + count))
    pairs = [("1101", 1), ("2201", -1)]
    return pl.concat(
        pl.DataFrame({"n": numbers}).select(
            source=pl.format("payment:{}", "n"),
            dated=pl.lit(JAN) + pl.duration(days=pl.col("n") % 59),
            line=pl.lit(line, pl.Int16),
            account=pl.lit(account),
            payer_id=pl.lit(payer if account == "2201" else None, pl.Int64),
            amount=pl.col("n") * 1000 * sign,
        )
        for line, (account, sign) in enumerate(pairs, start=1)
    )


def test_many_entries_are_posted_once(payer: int) -> None:
    with acting_as(SYSTEM):
        assert actions.post_many(SYSTEM, "payment", batch(300, payer)) == 300
        assert actions.post_many(SYSTEM, "payment", batch(310, payer)) == 10
        assert actions.post_many(SYSTEM, "payment", batch(0, payer)) == 0
    check_now()
    total = sum(range(1, 311)) * 1000
    assert (balance("1101"), balance("2201", payer)) == (total, -total)
    assert set(Entry.objects.values_list("month", flat=True)) == {JAN, FEB}
    with pytest.raises(Error, match="does not balance"), transaction.atomic():
        actions.post_many(SYSTEM, "other", batch(3, payer).with_columns(pl.col("amount").abs()))
        check_now()
    with pytest.raises(Error, match="a payer where the account"), transaction.atomic():
        actions.post_many(SYSTEM, "other", batch(3, None))
    assert Entry.objects.count() == 310


@contextmanager
def own_thread(work: Thread) -> Iterator[None]:
    work.start()
    yield
    work.join(timeout=20)
    assert not work.is_alive()


def someone_waits() -> int:
    """The process that waits for an advisory lock."""
    with own_connection() as look:
        for _attempt in range(400):
            found = look.execute("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone()
            if found:
                return int(found[0])
            time.sleep(0.01)
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_a_month_closes_after_those_who_post_and_before_those_who_come(officers: Officers, payer: int) -> None:
    proposal = actions.propose_close(officers.first, JAN, "Semua sudah cocok.")
    post = "SELECT ledger_post(%s, 'test', %s, '{1101,2301}', '{7,-7}')"

    def close() -> None:
        actions.decide(officers.second, proposal.pk, "approved")
        connection.close()

    early = own_connection()
    early.autocommit = False
    early.execute(post, [JAN, "early"])
    with own_thread(Thread(target=close)):
        someone_waits()
        assert not PeriodClose.objects.exists()
        early.commit()
    early.execute(post, [JAN, "late"])
    early.commit()
    early.close()
    assert dict(Entry.objects.values_list("source", "month")) == {"early": JAN, "late": FEB}
    assert next(row.closing for row in trial_balance(JAN) if row.code == "1101") == 7


@pytest.mark.django_db(transaction=True)
def test_a_crediting_killed_half_way_leaves_nothing_and_is_done_once(members: list[int]) -> None:  # noqa: F811
    for membership in members:
        move(membership, [(date(2018, 3, 1) + timedelta(days=membership % 200), 1_000_000)])
    outcome: list[str] = []

    def credit() -> None:
        try:
            with acting_as(SYSTEM):
                actions.credit_jht(SYSTEM, 2018)
            outcome.append("done")
        except OperationalError:
            outcome.append("killed")
        connection.close()

    with own_connection() as gate:
        gate.execute("SELECT pg_advisory_lock(7320, 2018 * 12 + 12)")
        with own_thread(Thread(target=credit)):
            # By now the returns are written; the entry that sums them waits for its month.
            gate.execute("SELECT pg_terminate_backend(%s)", [someone_waits()])
    assert outcome == ["killed"]
    assert not JhtCrediting.objects.exists()
    assert balance("5105") == 0
    credit()
    credit()
    assert outcome[1:] == ["done", "done"]
    assert JhtCrediting.objects.count() == 1
    assert balance("5105") == -balance("2101") > 0


@pytest.mark.django_db(transaction=True)
def test_the_same_source_at_the_same_time_is_one_entry(payer: int) -> None:
    post = "SELECT ledger_post('2026-01-05', 'test', 'x', '{1101,2301}', '{7,-7}')"
    first = own_connection()
    first.autocommit = False
    first.execute(post)
    numbers: list[int] = []

    def again() -> None:
        with own_connection() as second:
            row = second.execute(post).fetchone()
            numbers.append(row[0] if row else 0)

    with own_thread(Thread(target=again)):
        time.sleep(0.1)
        first.commit()
    assert [Entry.objects.get().pk] == numbers
    first.close()
