"""The ladder of letters: one step at a time, never back, two officers from SP2 on, closed by payment."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pypdf
import pytest
from compliance.conftest import Town, bill, on, pay
from django.db import DatabaseError, connection, transaction

from lindung.compliance import actions, rules
from lindung.compliance.arrears import arrears_of
from lindung.compliance.models import ArrearsCase, CaseClosure, LadderStep, StepDecision, StepSending
from lindung.compliance.queries import ladder as reads
from lindung.compliance.steps import ORDER
from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.files import read_file
from lindung.formats.compliance_letters import digest
from lindung.payers.models import Payer

pytestmark = pytest.mark.django_db
WHY = "sudah ditelepon, tidak menjawab"
DUE = date(2026, 2, 16)


@pytest.fixture
def debtor(town: Town) -> Payer:
    payer = town.company(1)
    for month, due in ((date(2025, 12, 1), date(2026, 1, 15)), (date(2026, 1, 1), DUE)):
        bill(payer, month, 1_000_000, due)
    return payer


@pytest.fixture
def climb(town: Town, debtor: Payer) -> Callable[..., LadderStep]:
    """The next step, sent; the day moves past its deadline unless told otherwise."""

    def one(*, sent: bool = True, wait: bool = True) -> LadderStep:
        with acting_as(town.officer):
            step = actions.propose_step(town.officer, debtor.pk, WHY)
        if step.rank >= LadderStep.FIRST_WITH_SECOND:
            with acting_as(town.second):
                actions.decide_step(town.second, step.pk, "approved", "sesuai catatan")
        if sent:
            with acting_as(town.officer):
                sending = actions.send_step(town.officer, step.pk, step.dated, "post", "resi 1234")
            if wait:
                on(sending.deadline_on + timedelta(days=1))
        return step

    return one


@pytest.mark.parametrize(
    ("due", "day", "months", "klass"),
    [
        (date(2026, 2, 16), date(2026, 2, 17), 1, "lancar"),
        (date(2025, 12, 15), date(2026, 2, 27), 3, "lancar"),
        (date(2025, 11, 17), date(2026, 2, 27), 4, "kurang_lancar"),
        (date(2025, 9, 15), date(2026, 2, 27), 6, "kurang_lancar"),
        (date(2025, 8, 15), date(2026, 2, 27), 7, "diragukan"),
        (date(2025, 3, 17), date(2026, 2, 27), 12, "diragukan"),
        (date(2025, 2, 17), date(2026, 2, 27), 13, "macet"),
    ],
)
def test_age_and_class_of_arrears(town: Town, due: date, day: date, months: int, klass: str) -> None:
    payer = town.company(2)
    bill(payer, date(2024, 1, 1), 500_000, due)
    owed = arrears_of(payer.pk, day)
    assert owed is not None
    assert (owed.months, owed.klass, owed.amount) == (months, klass, 500_000)
    assert arrears_of(payer.pk, due) is None  # the day itself is still in time


def test_paid_in_part_is_owed_in_part(town: Town, debtor: Payer) -> None:
    first = reads.owed_by(debtor.pk)
    assert first is not None
    assert (first.amount, first.unpaid, first.months) == (2_000_000, 2, 2)
    oldest = bill(debtor, date(2025, 11, 1), 300_000, date(2025, 12, 15))
    pay(oldest, 100_000, date(2026, 2, 1))
    owed = reads.owed_by(debtor.pk)
    assert owed is not None
    assert (owed.amount, owed.unpaid, owed.months) == (2_200_000, 3, 3)


def test_the_whole_ladder_in_order(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    kinds, worked = [], []
    for _ in ORDER:
        step = climb()
        kinds.append(step.kind)
        sent = StepSending.objects.get(step=step)
        days = (sent.sent_on + timedelta(days=offset + 1) for offset in range((sent.deadline_on - sent.sent_on).days))
        worked.append(sum(day.weekday() < 5 for day in days))
    assert tuple(kinds) == ORDER
    assert all(days >= 10 for days in worked[1:3])  # both warnings leave ten working days at least
    assert ArrearsCase.objects.count() == 1
    with pytest.raises(Conflict) as error, acting_as(town.officer):
        actions.propose_step(town.officer, debtor.pk, WHY)
    assert error.value.code == "ladder_ends"


def test_deadline_counts_working_days_and_leaves_holidays_out() -> None:
    assert rules.deadline_after(date(2026, 3, 2), 10, True) >= date(2026, 3, 16)
    assert rules.deadline_after(date(2026, 3, 2), 10, False) == date(2026, 3, 12)


def test_nothing_is_skipped_while_time_runs(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    climb(wait=False)
    with pytest.raises(Conflict) as error, acting_as(town.officer):
        actions.propose_step(town.officer, debtor.pk, WHY)
    assert error.value.code == "deadline_running"


def test_a_step_that_waits_blocks_the_next(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    climb(sent=False)
    with pytest.raises(Conflict) as error, acting_as(town.officer):
        actions.propose_step(town.officer, debtor.pk, WHY)
    assert error.value.code == "step_waiting"


def test_second_officer_from_sp2_on(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    climb()
    climb()
    with acting_as(town.officer):
        step = actions.propose_step(town.officer, debtor.pk, WHY)
        with pytest.raises(NotAllowed):
            actions.decide_step(town.officer, step.pk, "approved", "saya sendiri")
        with pytest.raises(Conflict) as error:
            actions.send_step(town.officer, step.pk, step.dated, "post", "resi 77")
    assert (step.kind, error.value.code) == ("sp2", "not_approved")
    assert [reads.waiting_decisions(each) for each in (town.officer, town.second)] == [0, 1], "not one's own"
    with acting_as(town.second):
        first = actions.decide_step(town.second, step.pk, "returned", "angka belum dicek")
        again = actions.decide_step(town.second, step.pk, "returned", "angka belum dicek")
        with pytest.raises(Conflict):
            actions.decide_step(town.second, step.pk, "approved", "berubah pikiran")
    assert first.decided_at == again.decided_at
    assert reads.waiting_decisions(town.second) == 0
    with acting_as(town.officer):
        anew = actions.propose_step(town.officer, debtor.pk, WHY)
    assert (anew.kind, anew.attempt) == ("sp2", 2)


def test_letter_is_frozen_by_its_digest(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    climb()
    step = climb(sent=False)
    assert step.digest == digest(step.content)
    name, pdf = reads.letter(step.pk)
    text = " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert name == f"{step.number}.pdf"
    for said in (debtor.name, "Rp2.000.000 (dua juta rupiah)", "PP 86/2013 Pasal 6", "10 hari kerja", "menyangkal"):
        assert said in text
    assert step.digest[:20] in text.replace(" ", "")


def test_what_is_not_read_in_the_law_says_so(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    for _ in range(3):
        climb()
    summons = climb(sent=False)
    text = pypdf.PdfReader(io.BytesIO(reads.letter(summons.pk)[1])).pages[0].extract_text()
    assert summons.kind == "summons"
    assert "belum terverifikasi" in text


def test_the_paper_of_a_sending_is_kept(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    step = climb(sent=False)
    with acting_as(town.officer):
        with pytest.raises(InvalidInput):
            actions.send_step(town.officer, step.pk, step.dated, "post", "resi 5", ("resi.exe", b"MZ"))
        with pytest.raises(NotFound):
            reads.proof_file(step.pk)
        actions.send_step(town.officer, step.pk, step.dated, "post", "resi 5", ("resi.jpg", b"\xff\xd8\xff resi"))
        assert read_file(reads.proof_file(step.pk))[1] == b"\xff\xd8\xff resi"
        (case,) = reads.cases_of(debtor.pk)
        assert case.steps[-1].has_proof_file


def test_sending_twice_is_once_and_needs_proof(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    step = climb(sent=False)
    with acting_as(town.officer):
        with pytest.raises(InvalidInput):
            actions.send_step(town.officer, step.pk, step.dated, "post", " ")
        with pytest.raises(InvalidInput):
            actions.send_step(town.officer, step.pk, step.dated + timedelta(days=9), "post", "resi 5")
        with pytest.raises(InvalidInput):
            actions.send_step(town.officer, step.pk, step.dated, "merpati", "resi 5")
        one = actions.send_step(town.officer, step.pk, step.dated, "post", "resi 5")
        two = actions.send_step(town.officer, step.pk, step.dated, "post", "resi 5")
        with pytest.raises(Conflict):
            actions.send_step(town.officer, step.pk, step.dated, "hand", "Ibu Rina")
    assert one.recorded_at == two.recorded_at


def test_paid_means_no_letter_goes_out_and_the_case_closes(
    town: Town, debtor: Payer, climb: Callable[..., LadderStep]
) -> None:
    step = climb(sent=False)
    with acting_as(town.officer):
        assert actions.close_paid(town.officer) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM contributions_bill WHERE payer_id = %s", [debtor.pk])
        for (bill_id,) in cursor.fetchall():
            pay(bill_id, 1_000_000, date(2026, 2, 27))
    with acting_as(town.officer):
        with pytest.raises(Conflict) as error:
            actions.send_step(town.officer, step.pk, step.dated, "post", "resi 5")
        assert error.value.code == "paid_meanwhile"
        assert [actions.close_paid(town.officer), actions.close_paid(town.officer)] == [1, 0]
        with pytest.raises(InvalidInput):
            actions.propose_step(town.officer, debtor.pk, WHY)
    assert CaseClosure.objects.get().why == "paid"
    bill(debtor, date(2025, 10, 1), 700_000, date(2025, 11, 17))
    with acting_as(town.officer):
        later = actions.propose_step(town.officer, debtor.pk, WHY)
    assert (later.kind, later.case_id) != ("reminder", step.case_id)  # a new case begins below


def test_due_steps_say_what_to_do_next(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    def due(day: date) -> list[tuple[str, str]]:
        return [(step.act, step.kind) for step in reads.due_steps(day)]

    day = date(2026, 2, 27)
    assert due(day) == [("propose", "reminder")]
    step = climb(sent=False)
    assert due(day) == [("send", "reminder")]
    with acting_as(town.officer):
        sending = actions.send_step(town.officer, step.pk, step.dated, "email", "hrd@contoh.co.id")
    assert due(day) == []
    assert due(sending.deadline_on) == []
    assert due(sending.deadline_on + timedelta(days=1)) == [("propose", "sp1")]


@pytest.mark.parametrize("verb", ["propose_step", "decide_step", "send_step", "close_mistaken"])
def test_without_permission_nothing_moves(
    town: Town, debtor: Payer, climb: Callable[..., LadderStep], verb: str
) -> None:
    step = climb(sent=False)
    nobody = type(town.officer)(town.officer.user_id, "Uji", "auditor", frozenset({"compliance.view"}))
    arguments: dict[str, tuple[object, ...]] = {
        "propose_step": (debtor.pk, WHY),
        "decide_step": (step.pk, "approved", WHY),
        "send_step": (step.pk, step.dated, "post", "resi 1"),
        "close_mistaken": (step.case_id, WHY),
    }
    with pytest.raises(NotAllowed):
        getattr(actions, verb)(nobody, *arguments[verb])


BROKEN = {
    "a rank is skipped": "INSERT INTO compliance_ladderstep {columns} SELECT case_id, 4, 1, 'summons', {rest}",
    "the ladder goes back": "INSERT INTO compliance_ladderstep {columns} SELECT case_id, 1, 2, 'reminder', {rest}",
    "rank and name differ": "INSERT INTO compliance_ladderstep {columns} SELECT case_id, 3, 1, 'skk', {rest}",
}


@pytest.mark.parametrize("how", BROKEN)
def test_the_database_keeps_the_order(town: Town, debtor: Payer, climb: Callable[..., LadderStep], how: str) -> None:
    climb()
    climb()
    columns = (
        "(case_id, rank, attempt, kind, number, dated, days, in_working_days, months, arrears_class, amount, content,"
        " digest, letter_id, reason, proposed_by_id, proposed_by_name)"
    )
    rest = (
        "'X-1', '2027-01-01', 5, true, months, arrears_class, amount, content, digest, letter_id, reason,"
        " proposed_by_id, proposed_by_name FROM compliance_ladderstep WHERE rank = 2"
    )
    with pytest.raises(DatabaseError), acting_as(town.officer), connection.cursor() as cursor:
        cursor.execute(BROKEN[how].format(columns=columns, rest=rest))


def test_the_database_keeps_two_officers(town: Town, debtor: Payer, climb: Callable[..., LadderStep]) -> None:
    climb()
    climb()
    with acting_as(town.officer):
        step = actions.propose_step(town.officer, debtor.pk, WHY)
    one, two = town.officer.user_id, town.second.user_id
    for proposer, decider in ((one, one), (two, one)):
        with pytest.raises(DatabaseError), transaction.atomic():
            StepDecision.objects.create(
                step=step, outcome="approved", proposed_by_id=proposer, decided_by_id=decider, decided_by_name="x",
                reason="x",
            )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        StepSending.objects.create(
            step=step, sent_on=step.dated, deadline_on=step.dated + timedelta(days=1), channel="post", proof="x",
            recorded_by="x",
        )  # fmt: skip


def test_the_database_keeps_a_case_single_and_closes_it_only_when_paid(
    town: Town, debtor: Payer, climb: Callable[..., LadderStep]
) -> None:
    step = climb(sent=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        ArrearsCase.objects.create(payer=debtor, number="X", opened_on=step.dated, opened_by="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        CaseClosure.objects.create(case_id=step.case_id, closed_on=step.dated, why="paid", reason="x", closed_by="x")


@pytest.mark.parametrize("change", ["UPDATE compliance_ladderstep SET amount = 1", "DELETE FROM compliance_ladderstep"])
def test_a_letter_is_never_changed(town: Town, debtor: Payer, climb: Callable[..., LadderStep], change: str) -> None:
    climb(sent=False)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
