"""Two people at the same time: the same file, overlapping files, a decision twice."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from lindung.contributions.models import Payment
from lindung.core.actors import acting_as
from lindung.reconciliation import actions
from lindung.reconciliation.models import Line, Match, Statement

from .conftest import Office, balance, code_of, make_office, mt940

pytestmark = pytest.mark.django_db(transaction=True)
PRICE = 16_800


@pytest.fixture
def office(transactional_db: None) -> Office:
    return make_office()


def together(*acts: Callable[[], object]) -> list[object]:
    """What each of the acts answers, all begun at once, each on a connection of its own."""
    start = Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def begin(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait()
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [Thread(target=begin, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def take(office: Office, content: bytes) -> Callable[[], object]:
    def act() -> object:
        with acting_as(office.one):
            return actions.import_statement(office.one, "rk.sta", content)[0].repeated

    return act


def test_the_same_file_by_two_people_at_once(office: Office) -> None:
    content = mt940((PRICE, code_of(office.bill())), (7_000, "X"))
    assert sorted(together(take(office, content), take(office, content)), key=str) == [False, True]
    assert (Statement.objects.count(), Line.objects.count(), Payment.objects.count()) == (1, 2, 1)
    assert (balance("1101"), balance("2301")) == (PRICE + 7_000, -7_000)


def test_overlapping_files_at_once(office: Office) -> None:
    code = code_of(office.bill())
    short = mt940((PRICE, code), (7_000, "X"))
    long = mt940((PRICE, code), (7_000, "X"), (7_000, "X"), (1, "Y"))
    assert together(take(office, short), take(office, long), take(office, short)).count(False) == 2
    assert (Line.objects.count(), Payment.objects.count()) == (4, 1)
    assert balance("1101") == PRICE + 14_001


def test_one_proposal_decided_twice_at_once(office: Office) -> None:
    office.take((PRICE, "SETORAN"))
    line = Line.objects.get()
    with acting_as(office.one):
        proposal = actions.propose_identification(office.one, line.pk, "sesuai bukti", payer_id=office.company.pk)

    def approve() -> object:
        with acting_as(office.two):
            return actions.decide(office.two, proposal.pk, approve=True).outcome

    assert together(approve, approve, approve) == ["approved"] * 3
    assert (Payment.objects.count(), Match.objects.count()) == (1, 1)
    assert (balance("1101"), balance("2301")) == (PRICE, 0)


def test_looking_again_while_somebody_decides(office: Office) -> None:
    office.take((PRICE, f"IURAN {office.company.npp}"))
    line = Line.objects.get()
    with acting_as(office.one):
        proposal = actions.propose_identification(office.one, line.pk, "sesuai bukti", payer_id=office.company.pk)
    office.bill()

    def approve() -> object:
        with acting_as(office.two):
            return actions.decide(office.two, proposal.pk, approve=True).outcome

    def look() -> object:
        with acting_as(office.one):
            return actions.match_again(office.one)

    assert together(approve, look)[0] == "approved"
    assert Payment.objects.count() == 1
    assert (balance("1101"), balance("2301")) == (PRICE, 0)
