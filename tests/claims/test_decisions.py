"""What the law says to a claim, and the second officer's answer."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from django.db import IntegrityError, transaction
from world import TODAY

from claims.conftest import DIED, NEWCOMER_FROM, VETERAN_FROM, Branch
from lindung.claims import actions
from lindung.claims.judging import judge_death, review_notes
from lindung.claims.models import Decision, DecisionApproval, InsuredEvent
from lindung.claims.receipts import receipt_lines, screen_receipt
from lindung.contributions.queries import ClaimFacts
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.membership.actions import end_membership, enrol, reopen_membership
from lindung.membership.queries import ended_afterwards

pytestmark = pytest.mark.django_db


def long_paid() -> ClaimFacts:
    return ClaimFacts("BPU", "active", 1_000_000, 14, 14, 0, 0, date(2023, 12, 1), "Dinas")


def test_a_veteran_gives_42_million_with_every_step(branch: Branch, veteran: InsuredEvent) -> None:
    decision = branch.judged(branch.claim(veteran))
    assert (decision.outcome, decision.amount, decision.after_arrears) == ("pay", 42_000_000, 0)
    assert len(decision.judgement["law_version"]) == 16
    assert decision.judgement["history"]["payer"] == branch.world.agency.name
    assert all(step["article"] for step in decision.judgement["steps"])
    lines = receipt_lines(decision.judgement)
    assert [line.amount for line in lines if line.amount] == [20_000_000, 12_000_000, 10_000_000]
    assert decision.judgement["review"] == []


def test_a_newcomer_gives_10_million_and_the_step_says_why(branch: Branch) -> None:
    person_id = branch.participant(NEWCOMER_FROM)
    branch.wife(person_id)
    decision = branch.judged(branch.claim(branch.death(person_id)))
    assert (decision.outcome, decision.amount) == ("pay", 10_000_000)
    wait = next(line for line in receipt_lines(decision.judgement) if "belum cukup" in str(line.label))
    assert "2 bulan" in str(wait.note)
    assert wait.article.startswith("Permenaker 1/2025;") and wait.confidence == "S"
    assert "jkm_minimum_months" in decision.judgement["unverified"]
    # Shown to the officers, and no reason to refuse.
    assert [note["code"] for note in decision.judgement["review"]] == ["early_death"]


def test_an_end_written_down_after_the_death_is_shown_to_the_officers(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    event = branch.death(person_id)
    membership = branch.members(person_id)["membership_id"][0]
    with acting_as(SYSTEM):
        end_membership(SYSTEM, membership, DIED - timedelta(days=3), "sudah berhenti sebelumnya")
    assert ended_afterwards(person_id, DIED) == TODAY
    decision = branch.judged(branch.claim(event))
    assert decision.refusal["code"] == "cover_inactive", "not «never registered»"
    assert "sesudah ia meninggal" in decision.refusal["reason"] and "slip gaji" in decision.refusal["way_out"][0]
    assert [note["code"] for note in decision.judgement["review"]] == ["ended_afterwards"]
    assert "sesudah ia meninggal" in review_notes(decision.judgement)[0]
    with acting_as(SYSTEM):
        reopen_membership(SYSTEM, membership, "ternyata masih bekerja")
    assert ended_afterwards(person_id, DIED) is None


def test_someone_lapsed_is_refused_with_article_reason_and_way_out(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM, date(2025, 8, 1))
    decision = branch.judged(branch.claim(branch.death(person_id), papers=False))
    refusal = decision.refusal
    assert (decision.outcome, decision.amount) == ("refuse", 0)
    assert refusal["code"] == "cover_inactive"
    assert refusal["article"] == "PP 44/2015 Pasal 42 ayat (2)"
    assert "08-2025" in refusal["reason"]
    assert len(refusal["way_out"]) == 2
    assert "Keberatan" in refusal["objection"]
    receipt = screen_receipt("x", decision.judgement, refusal, 0)
    assert [line.stop for line in receipt.lines] == [True]


def test_someone_never_registered_gets_an_answer_too(branch: Branch) -> None:
    decision = branch.judged(branch.claim(branch.death(branch.person()), papers=False))
    assert decision.refusal["code"] == "never_registered"
    assert decision.refusal["article"] == "PP 82/2019 Pasal 34 ayat (1)"
    assert decision.refusal["way_out"]


def test_registered_but_never_paid_says_so(branch: Branch) -> None:
    person_id = branch.person()
    with acting_as(SYSTEM):
        frame = pl.DataFrame({"person_id": [person_id], "place_id": [branch.world.village], "occupation": ["x"]})
        enrol(SYSTEM, frame, "BPU", NEWCOMER_FROM, None, "uji")
    decision = branch.judged(branch.claim(branch.death(person_id), papers=False))
    assert decision.outcome == "refuse"
    assert "belum ada iuran" in decision.refusal["reason"]


def test_a_work_death_gives_48_wages_and_the_fixed_parts(branch: Branch) -> None:
    person_id = branch.participant(NEWCOMER_FROM)
    branch.wife(person_id)
    decision = branch.judged(branch.claim(branch.death(person_id, cause="work"), "JKK"))
    assert decision.amount == 70_000_000
    amounts = [line.amount for line in receipt_lines(decision.judgement) if line.amount]
    assert amounts == [48_000_000, 12_000_000, 10_000_000]


def test_a_claim_for_a_work_death_lapses_after_five_years(branch: Branch) -> None:
    on_time = judge_death("JKK", date(2024, 1, 1), long_paid(), False, date(2026, 2, 27))
    late = judge_death("JKK", date(2020, 1, 1), long_paid(), False, date(2026, 2, 27))
    assert on_time.refusal is None
    assert late.refusal is not None
    assert (late.refusal["code"], late.payable_now) == ("claim_expired", 0)
    assert "PP 82/2019 Pasal 26" in late.refusal["article"]


def pay_arrears(branch: Branch, person_id: int, first: date, last: date) -> None:
    with acting_as(SYSTEM):
        branch.charge(branch.members(person_id), first, last, paid_on=date(2026, 2, 26))


def test_grace_pays_the_funeral_now_and_the_rest_after_the_arrears(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM, date(2025, 12, 1))
    branch.wife(person_id)
    claim = branch.claim(branch.death(person_id, date(2026, 2, 20)))
    first = branch.judged(claim)
    assert (first.outcome, first.amount, first.after_arrears) == ("pay", 10_000_000, 32_000_000)
    assert first.judgement["history"]["arrears_months"] == 2
    assert first.judgement["history"]["arrears_amount"] == 2 * 16_800
    branch.approve(first)
    with pytest.raises(Conflict, match="sudah diputuskan"):
        branch.judged(claim)
    pay_arrears(branch, person_id, date(2026, 1, 1), date(2026, 2, 1))
    second = branch.judged(claim)
    assert (second.amount, second.after_arrears) == (32_000_000, 0)
    assert second.judgement["already_paid"] == 10_000_000
    branch.approve(second)
    with pytest.raises(Conflict):
        branch.judged(claim)


def test_grace_of_a_work_death_promises_all_after_the_arrears(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM, date(2025, 12, 1))
    branch.wife(person_id)
    decision = branch.judged(branch.claim(branch.death(person_id, date(2026, 2, 20), "work"), "JKK"))
    assert (decision.outcome, decision.amount, decision.after_arrears) == ("pay", 0, 70_000_000)
    branch.approve(decision)
    with pytest.raises(Conflict) as caught:
        branch.batch(decision)
    assert caught.value.code == "nothing_payable"


def test_money_waits_for_papers_and_names_them(branch: Branch, veteran: InsuredEvent) -> None:
    with pytest.raises(Conflict, match="Kartu keluarga"):
        branch.judged(branch.claim(veteran, papers=False))
    assert Decision.objects.count() == 0


def test_one_decision_waits_at_a_time(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran)
    branch.judged(claim)
    with pytest.raises(Conflict, match="menunggu penyetuju"):
        branch.judged(claim)


def test_a_returned_decision_is_judged_again(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran)
    branch.approve(branch.judged(claim), "returned")
    again = branch.judged(claim)
    assert again.amount == 42_000_000
    branch.approve(again)
    assert Decision.objects.filter(claim=claim).count() == 2


def test_new_proof_turns_a_refusal(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM, date(2025, 8, 1))
    branch.wife(person_id)
    claim = branch.claim(branch.death(person_id))
    branch.approve(branch.judged(claim))
    with pytest.raises(Conflict, match="sudah diputuskan"):
        branch.judged(claim)
    pay_before_death = date(2026, 2, 5)
    with acting_as(SYSTEM):
        branch.charge(branch.members(person_id), date(2025, 9, 1), date(2026, 2, 1), paid_on=pay_before_death)
    assert branch.judged(claim).amount == 42_000_000


def test_who_judged_does_not_approve(branch: Branch, veteran: InsuredEvent) -> None:
    decision = branch.judged(branch.claim(veteran))
    both = branch.world.verifier.__class__(
        branch.world.verifier.user_id, "Verifikator", "x", frozenset({"*"}), branch.world.verifier.scope
    )
    with acting_as(both), pytest.raises(Conflict) as caught:
        actions.decide_approval(both, decision.id, "approved", "berkas sesuai")
    assert caught.value.code == "four_eyes"


@pytest.mark.parametrize("lie", [False, True])
def test_postgresql_refuses_the_same_officer_and_a_lie(branch: Branch, veteran: InsuredEvent, lie: bool) -> None:
    decision = branch.judged(branch.claim(veteran))
    proposer = branch.world.branch_approver.user_id if lie else decision.proposed_by_id
    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionApproval.objects.create(
            decision=decision,
            proposed_by_id=proposer,
            decided_by_id=decision.proposed_by_id,
            outcome="approved",
            reason="x",
        )


def test_a_decision_is_never_changed(branch: Branch, veteran: InsuredEvent) -> None:
    decision = branch.judged(branch.claim(veteran))
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(amount=1)


def test_an_answer_needs_a_reason_and_stands(branch: Branch, veteran: InsuredEvent) -> None:
    decision = branch.judged(branch.claim(veteran))
    with acting_as(branch.world.branch_approver) as who, pytest.raises(InvalidInput):
        actions.decide_approval(who, decision.id, "approved", " ok ")
    branch.approve(decision)
    branch.approve(decision)
    with pytest.raises(Conflict, match="sudah dijawab"):
        branch.approve(decision, "returned")
    assert DecisionApproval.objects.count() == 1


def test_programs_and_operators_do_not_judge(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran)
    with acting_as(SYSTEM), pytest.raises(NotAllowed):
        actions.judge_claim(SYSTEM, claim.id)
    with acting_as(branch.world.operator) as who, pytest.raises(NotAllowed):
        actions.judge_claim(who, claim.id)
    assert claim.event.occurred_on == DIED
