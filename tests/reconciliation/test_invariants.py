"""Every rule PostgreSQL keeps here, tried by SQL: as the site's role, and as the tables' owner."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, connection, transaction

from lindung.contributions import actions as contributions
from lindung.core.actors import SYSTEM, acting_as
from lindung.ledger import actions as ledger
from lindung.reconciliation import actions
from lindung.reconciliation.models import Line, Match, Proposal

from .conftest import DAY, Office

PRICE = 16_800


@pytest.fixture(params=["application", "owner"])
def someone(request: pytest.FixtureRequest, office: Office) -> Iterator[None]:
    if request.param == "owner":
        with transaction.atomic():
            yield
    else:
        with acting_as(office.one):
            yield


@contextmanager
def refused(words: str) -> Iterator[None]:
    """PostgreSQL refuses it, now or when the transaction commits, in these words."""
    with pytest.raises(Error, match=words), transaction.atomic():
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")


def run(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def payment(office: Office, amount: int = PRICE, reference: str = "T-1") -> int:
    with acting_as(SYSTEM):
        made = contributions.receive_payment(SYSTEM, office.company.pk, "transfer", reference, DAY, amount)
    return int(made.payment.pk)


def match(line: int, pay: int | None, ordinal: int = 1, how: str = "known", **more: int) -> None:
    run(
        "INSERT INTO reconciliation_match (line_id, ordinal, how, payment_id, entry_id, proposal_id, made_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'x')",
        line, ordinal, how, pay, more.get("entry"), more.get("proposal"),
    )  # fmt: skip


def lines(office: Office, count: int = 1) -> list[int]:
    office.take(*[(PRICE, f"SETORAN {n}") for n in range(count)])
    return list(Line.objects.order_by("id").values_list("pk", flat=True))


@pytest.mark.usefixtures("someone")
def test_nothing_is_changed_or_taken_away(office: Office) -> None:
    (line,) = lines(office)
    match(line, payment(office))
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("account", "statement", "line", "match", "suspensemove"):
        for statement in (f"DELETE FROM reconciliation_{table}", f"TRUNCATE reconciliation_{table} CASCADE"):
            with refused("append|permission|never|chang"):
                run(statement)
    for statement in (
        "UPDATE reconciliation_line SET amount = 1",
        "UPDATE reconciliation_match SET payment_id = NULL",
        "UPDATE reconciliation_statement SET closing_sen = 1, total_sen = 1",
    ):
        with refused("append|permission|never|chang"):
            run(statement)


@pytest.mark.usefixtures("someone")
def test_a_movement_is_kept_once_and_on_its_own_account(office: Office) -> None:
    (line,) = lines(office)
    columns = "account_id, statement_id, row_no, booked_on, valued_on, amount, sen, reference, text, ordinal"
    with refused("statement_line_once"):
        run(
            f"INSERT INTO reconciliation_line ({columns}) SELECT {columns} FROM reconciliation_line WHERE id = %s", line
        )
    with refused("line_amount_is_whole"):
        run(
            f"INSERT INTO reconciliation_line ({columns}) SELECT account_id, statement_id, 9, booked_on, valued_on,"
            " 5, -5, 'r', 't', 1 FROM reconciliation_line WHERE id = %s", line,
        )  # fmt: skip
    (other,) = run(
        "INSERT INTO reconciliation_account (number, bank, holder, added_by) VALUES ('77', 'b', 'h', 'x') RETURNING id"
    )
    with refused("line_of_account"):
        run(
            f"INSERT INTO reconciliation_line ({columns}) SELECT %s, statement_id, 9, booked_on, valued_on,"
            " 5, 0, 'r', 't', 1 FROM reconciliation_line WHERE id = %s", other[0], line,
        )  # fmt: skip
    with refused("statement_adds_up"):
        run(
            "INSERT INTO reconciliation_statement (account_id, number, digest, part, file_id, opened_on, closed_on,"
            " opening_sen, total_sen, closing_sen, lines_read, lines_new, imported_by)"
            " SELECT account_id, '', 'd', 1, file_id, opened_on, closed_on, 1, 2, 4, 0, 0, 'x'"
            "   FROM reconciliation_statement"
        )


@pytest.mark.usefixtures("someone")
def test_a_match_is_of_the_very_amount_once_and_in_turn(office: Office) -> None:
    first, second = lines(office, 2)
    paid = payment(office)
    with refused("another amount"):
        match(first, payment(office, PRICE + 1, "T-2"))
    match(first, paid)
    with refused("stands for another line"):
        match(second, paid)
    with refused("release it first"):
        match(first, payment(office, PRICE, "T-3"), ordinal=2)
    with refused("without gaps"):
        match(second, payment(office, PRICE, "T-4"), ordinal=2)
    with refused("match_is_one_thing"):
        match(second, payment(office, PRICE, "T-5"), how="manual")
    with refused("match_is_one_thing|release it first"):
        match(second, None, how="known")
    with refused("match_is_one_thing"):
        match(first, None, ordinal=2, how="release")


@pytest.mark.usefixtures("someone")
def test_what_two_people_decide_was_decided_by_two(office: Office) -> None:
    first, second = lines(office, 2)
    paid = payment(office)
    with acting_as(office.one):
        proposal = actions.propose_identification(office.one, first, "bukti transfer", payment_id=paid).pk
    with refused("not what two people agreed"):
        match(first, paid, how="manual", proposal=proposal)
    one, two = office.one.user_id, office.two.user_id
    verdict = (
        "INSERT INTO reconciliation_verdict (proposal_id, proposed_by_id, decided_by_id, outcome, payment_id)"
        " VALUES (%s, %s, %s, %s, %s)"
    )
    with refused("recon_four_eyes"):
        run(verdict, proposal, one, one, "approved", None)
    with refused("verdict_on_proposer"):  # a name lent to the proposal
        run(verdict, proposal, two, one, "approved", None)
    with refused("names the payment"):
        run(verdict, proposal, one, two, "approved", paid)
    run(verdict, proposal, one, two, "approved", None)
    with refused("verdict_pkey|unique"):
        run(verdict, proposal, one, two, "approved", None)
    with refused("not what two people agreed"):
        match(second, paid, how="manual", proposal=proposal)
    with refused("not what two people agreed"):
        match(first, payment(office, PRICE, "T-9"), how="manual", proposal=proposal)
    match(first, paid, how="manual", proposal=proposal)


@pytest.mark.usefixtures("someone")
def test_an_approved_receipt_names_the_payment_it_became(office: Office) -> None:
    with acting_as(office.one):
        proposal = actions.propose_receipt(office.one, office.company.pk, PRICE, DAY, "K-1", "tunai di kantor").pk
    verdict = (
        "INSERT INTO reconciliation_verdict (proposal_id, proposed_by_id, decided_by_id, outcome, payment_id)"
        " VALUES (%s, %s, %s, 'approved', %s)"
    )
    for wrong in (None, payment(office), payment(office, 1, "T-2")):
        with refused("names the payment"):
            run(verdict, proposal, office.one.user_id, office.two.user_id, wrong)


@pytest.mark.usefixtures("someone")
def test_an_entry_stands_for_one_line_of_its_amount(office: Office) -> None:
    office.take((-70, "KELUAR 1"), (-70, "KELUAR 2"), (-71, "KELUAR 3"))
    first, second, third = Line.objects.order_by("id").values_list("pk", flat=True)
    with acting_as(SYSTEM):
        entry = ledger.post(SYSTEM, DAY, "payout", "p:1", [("2401", 70, None), ("1101", -70, None)]).entry_id
    proposals = {}
    for line in (first, second):
        with acting_as(office.one):
            proposals[line] = actions.propose_identification(office.one, line, "pencairan", entry_id=entry).pk
    with acting_as(office.two):
        actions.decide(office.two, proposals[first], approve=True)
    approved = "INSERT INTO reconciliation_verdict VALUES (%s, 'approved', now(), %s, NULL, %s)"
    names = [row[0] for row in run(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'reconciliation_verdict'"
        " ORDER BY ordinal_position")]  # fmt: skip
    assert set(names) == {"proposal_id", "outcome", "decided_at", "decided_by_id", "payment_id", "proposed_by_id"}
    run(
        approved.split(" VALUES")[0] + " (proposal_id, outcome, decided_by_id, proposed_by_id)"
        " VALUES (%s, 'approved', %s, %s)", proposals[second], office.two.user_id, office.one.user_id,
    )  # fmt: skip
    with refused("stands for another line"):
        match(second, None, how="manual", entry=entry, proposal=proposals[second])
    with refused("another amount at the bank"):
        match(third, None, how="manual", entry=entry, proposal=proposals[second])


@pytest.mark.usefixtures("someone")
def test_money_in_suspense_follows_what_lines_stand_for(office: Office) -> None:
    (line,) = lines(office)
    move = "INSERT INTO reconciliation_suspensemove (line_id, ordinal) VALUES (%s, %s)"
    with refused("only then"):
        run(move, line, 2)
    with refused("in turn|suspense_move_once"):
        run(move, line, 1)
    with refused("in turn"):
        run(move, line, 3)
    match(line, payment(office))
    run(move, line, 2)
    with refused("only then"):
        run(move, line, 3)


@pytest.mark.usefixtures("someone")
def test_a_proposal_says_one_thing(office: Office) -> None:
    (line,) = lines(office)
    said = (
        "INSERT INTO reconciliation_proposal (kind, line_id, payer_id, payment_id, amount, paid_on, reference, reason,"
        " proposed_by_id) VALUES (%s, %s, %s, %s, %s, %s, %s, 'alasan', %s)"
    )
    payer, paid, one = office.company.pk, payment(office), office.one.user_id
    for values in (
        ("identify", line, None, None, None, None, ""),
        ("identify", line, payer, paid, None, None, ""),
        ("identify", None, payer, None, None, None, ""),
        ("release", line, payer, None, None, None, ""),
        ("receipt", line, payer, None, 5, DAY, "K"),
        ("receipt", None, payer, None, 0, DAY, "K"),
        ("receipt", None, payer, None, 5, DAY, ""),
        ("other", line, payer, None, None, None, ""),
    ):
        with refused("proposal_says_one_thing"):
            run(said, *values, one)
    assert not Proposal.objects.exists()
    assert not Match.objects.exists()
