"""Months are closed once, by two officers, in order; what comes later counts in the next open month."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import Error, connection, transaction
from world import World

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.ledger import actions
from lindung.ledger.models import Entry, JhtRate, PeriodBalance, PeriodClose, Proposal, Verdict

from .conftest import FEB, JAN, MAR, Officers, balance, check_now


@pytest.fixture(autouse=True)
def _in_april(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lindung.ledger.deciding.today", lambda: date(2026, 4, 10))


def post(dated: date, source: str, amount: int = 100) -> Entry:
    lines = [("1101", amount, None), ("2301", -amount, None)]
    return Entry.objects.get(pk=actions.post(SYSTEM, dated, "test", source, lines).entry_id)


def close(officers: Officers, month: date) -> None:
    with acting_as(officers.first):
        proposal = actions.propose_close(officers.first, month, "Semua sudah cocok.")
    with acting_as(officers.second):
        actions.decide(officers.second, proposal.pk, "approved")


def test_a_closed_month_takes_nothing_more(officers: Officers) -> None:
    post(JAN, "a")
    post(FEB, "b", 30)
    check_now()
    close(officers, JAN)
    assert [
        (row.month, row.account_id, row.debit, row.credit) for row in PeriodBalance.objects.order_by("account")
    ] == [
        (JAN, "1101", 100, 0),
        (JAN, "2301", 0, 100),
    ]
    late = post(date(2026, 1, 20), "late")
    assert (late.dated, late.month) == (date(2026, 1, 20), FEB)
    with connection.cursor() as cursor, pytest.raises(Error, match="period is closed"), transaction.atomic():
        cursor.execute(
            "INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by)"
            " VALUES ('2026-01-05', '2026-01-01', 'test', 'x', '', 'x')"
        )
    with connection.cursor() as cursor, pytest.raises(Error, match="before its own month"), transaction.atomic():
        cursor.execute(
            "INSERT INTO ledger_entry (dated, month, kind, source, note, posted_by)"
            " VALUES ('2026-03-05', '2026-02-01', 'test', 'x', '', 'x')"
        )


def test_months_are_closed_in_order_when_they_are_over(officers: Officers) -> None:
    post(JAN, "a")
    with pytest.raises(Conflict) as refused:
        actions.propose_close(officers.first, FEB, "x")
    assert refused.value.code == "earlier_month_open"
    with pytest.raises(Conflict) as refused:
        actions.propose_close(officers.first, date(2026, 4, 1), "x")
    assert refused.value.code == "month_not_over"
    close(officers, JAN)
    close(officers, MAR)  # nothing is in February
    with pytest.raises(Conflict) as refused:
        actions.propose_close(officers.first, FEB, "x")
    assert refused.value.code == "month_closed"
    assert post(FEB, "b").month == date(2026, 4, 1)


def test_it_takes_two(officers: Officers, world: World) -> None:
    proposal = actions.propose_close(officers.first, JAN, "Semua sudah cocok.")
    with pytest.raises(Conflict) as refused:
        actions.propose_close(officers.first, JAN, "Sekali lagi.")
    assert refused.value.code == "proposal_waiting"
    with pytest.raises(Conflict) as refused:
        actions.decide(officers.first, proposal.pk, "approved")
    assert refused.value.code == "four_eyes"
    with pytest.raises(NotAllowed):
        actions.propose_close(SYSTEM, FEB, "Oleh sistem.")
    with pytest.raises(InvalidInput):
        actions.decide(officers.second, proposal.pk, "returned", " ")
    first = actions.decide(officers.second, proposal.pk, "returned", "Bank belum cocok.")
    assert actions.decide(officers.second, proposal.pk, "returned", "Bank belum cocok.") == first
    with pytest.raises(Conflict):
        actions.decide(officers.second, proposal.pk, "approved")
    assert not PeriodClose.objects.exists()


def test_the_database_wants_two_as_well(officers: Officers) -> None:
    proposal = actions.propose_close(officers.first, JAN, "Semua sudah cocok.")
    me, other = officers.first.user_id, officers.second.user_id
    attempts = [
        ("verdict_by_another", me, me, "approved", JAN),
        ("verdict_names_proposer", other, me, "approved", JAN),
        ("second officer must have approved", me, other, "returned", JAN),
        ("second officer must have approved", me, other, "approved", FEB),
    ]
    for words, proposer, decider, outcome, month in attempts:
        with pytest.raises(Error, match=words), transaction.atomic():
            Verdict.objects.create(
                proposal=proposal, proposed_by_id=proposer, decided_by_id=decider, outcome=outcome,
                decided_at="2026-04-10T08:00:00Z",
            )  # fmt: skip
            PeriodClose.objects.create(month=month, verdict_id=proposal.pk)
            check_now()


def test_a_closed_month_is_not_opened_again(officers: Officers) -> None:
    post(JAN, "a")
    check_now()
    close(officers, JAN)
    for act in ("DELETE FROM ledger_periodclose", "UPDATE ledger_periodclose SET month = '2025-01-01'"):
        with connection.cursor() as cursor, pytest.raises(Error, match="never changed"), transaction.atomic():
            cursor.execute(act)
    with (
        acting_as(SYSTEM),
        connection.cursor() as cursor,
        pytest.raises(Error, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("INSERT INTO ledger_periodbalance VALUES ('2026-02-01', 1, 1, '1101')")


def test_a_year_s_return_is_entered_by_two(officers: Officers) -> None:
    with pytest.raises(Conflict) as known:
        actions.propose_rate(officers.first, 2019, "6,06", "Surat direksi 1/2020")
    assert known.value.code == "rate_known"
    for percent in ("5,5555", "-1", "100", "lima"):
        with pytest.raises(InvalidInput):
            actions.propose_rate(officers.first, 2023, percent, "Surat direksi 1/2024")
    proposal = actions.propose_rate(officers.first, 2023, "5,58", "Surat direksi 1/2024")
    actions.decide(officers.second, proposal.pk, "approved")
    assert JhtRate.objects.get(year=2023).per_100000 == 5580
    other = actions.propose_rate(officers.first, 2024, "5,6", "Surat direksi 1/2025")
    Verdict.objects.create(
        proposal=other, proposed_by_id=officers.first.user_id, decided_by_id=officers.second.user_id,
        outcome="approved", decided_at="2026-04-10T08:00:00Z",
    )  # fmt: skip
    for year, rate, verdict in ((2024, 5600, proposal.pk), (2024, 5601, other.pk)):
        with pytest.raises(Error, match="second officer must have approved"), transaction.atomic():
            JhtRate.objects.create(year=year, per_100000=rate, citation="x", verdict_id=verdict)


def test_a_journal_by_hand_is_posted_once_approved(officers: Officers) -> None:
    lines = [("1101", 5_000), ("4311", -5_000), ("5901", 0)]
    proposal = actions.propose_journal(officers.first, date(2026, 3, 31), lines, "Bunga deposito Maret.")
    assert balance("4311") == 0
    actions.decide(officers.second, proposal.pk, "approved")
    actions.decide(officers.second, proposal.pk, "approved")
    assert balance("4311") == -5_000
    wrong = [
        ([("1101", 5_000), ("4311", -4_999)], "unbalanced"),
        ([], "unbalanced"),
        ([("1201", 5_000), ("4311", -5_000)], "account_not_for_journals"),
        ([("7777", 5_000), ("4311", -5_000)], "account_not_for_journals"),
    ]
    for bad, code in wrong:
        with pytest.raises(InvalidInput) as refused:
            actions.propose_journal(officers.first, date(2026, 3, 31), bad, "Bunga deposito Maret.")
        assert refused.value.code == code
    assert Proposal.objects.count() == 1
