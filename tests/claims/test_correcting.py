"""A death recorded wrongly is withdrawn: cover and contributions go on, nothing of it is paid, and the right one can be
reported anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from world import TODAY

from claims.conftest import DIED, FEBRUARY, VETERAN_FROM, Branch
from claims.test_api import Program
from claims.test_deaths import death_list
from lindung.claims import actions, queries
from lindung.claims.models import Claim, EventWithdrawal, InsuredEvent, Payout
from lindung.contributions.actions import at_price, plan_person_months
from lindung.contributions.queries import cover_of, months_of
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.models import ActionEntry
from lindung.core.ui.listing import ListQuery
from lindung.people.models import Person
from lindung.people.queries import person

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
REASON = "orangnya masih hidup, akta milik orang lain"


def withdraw(branch: Branch, person_id: int) -> actions.DeathCorrection:
    with acting_as(branch.world.officer) as who:
        return actions.withdraw_death(who, person_id, REASON, "470/12/2026")


def test_cover_and_contributions_come_back(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM, FEBRUARY)
    with acting_as(SYSTEM):
        members = at_price(branch.members(person_id), 1_000_000, jkk=10_000, jkm=6_800)
        plan_person_months(SYSTEM, branch.world.agency.pk, [MARCH], members, "decree:1")
    before = months_of(person_id)
    event = branch.death(person_id)
    assert [row.month for row in months_of(person_id)] == [row.month for row in before[:-1]]
    done = withdraw(branch, person_id)
    assert (done.event_id, done.claims_closed, done.months_charged) == (event.pk, 0, 1)
    assert [(row.month, row.amount, row.origin) for row in months_of(person_id)] == [
        (row.month, row.amount, row.origin) for row in before
    ]
    assert cover_of(person_id, TODAY).status == "active"
    with acting_as(branch.world.officer) as who:
        assert person(who, person_id).died_on is None
    entry = ActionEntry.objects.get(action="claims.withdraw_death")
    assert (entry.subject, entry.reason) == (f"event:{event.pk}", REASON)
    withdrawal = EventWithdrawal.objects.get()
    assert (withdrawal.event_id, withdrawal.source_ref, withdrawal.withdrawn_on) == (event.pk, "470/12/2026", TODAY)


def test_nothing_more_is_done_about_a_withdrawn_death(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    event = branch.death(person_id)
    claim = branch.claim(event)
    decision = branch.judged(claim)
    branch.approve(decision)
    assert withdraw(branch, person_id).claims_closed == 1
    with acting_as(branch.world.verifier) as who:
        for act in (
            lambda: actions.tell_heirs(who, event.pk),
            lambda: actions.receive_document(who, claim.pk, "police_report"),
            lambda: actions.judge_claim(who, claim.pk),
            lambda: actions.make_payout_batch(who, [decision.pk]),
        ):
            with pytest.raises(Conflict, match="sudah dicabut"):
                act()
        assert queries.claim_detail(who, claim.pk).state == "withdrawn"
        assert queries.payable_claims() == []
        assert queries.untold_deaths() == 0
        (row,) = queries.events_page(ListQuery()).rows
        assert row.standing == "withdrawn"


def test_the_right_death_follows_the_wrong_one(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    wrong = branch.death(person_id)
    branch.claim(wrong)
    withdraw(branch, person_id)
    right = branch.death(person_id, date(2026, 2, 12), "work")
    assert (right.replaces_id, right.pk != wrong.pk) == (wrong.pk, True)
    assert branch.death(person_id, date(2026, 2, 12), "work") == right
    assert branch.judged(branch.claim(right, "JKK")).outcome == "pay"
    withdraw(branch, person_id)
    assert branch.death(person_id).replaces_id == right.pk


def test_what_was_paid_is_not_withdrawn(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    decision = branch.judged(branch.claim(branch.death(person_id)))
    branch.approve(decision)
    branch.batch(decision)
    with pytest.raises(Conflict, match="daftar bayar") as refused:
        withdraw(branch, person_id)
    assert refused.value.way_out
    assert not EventWithdrawal.objects.exists()
    with acting_as(branch.world.officer) as who:
        assert person(who, person_id).died_on == DIED


def test_the_database_refuses_it_too(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran)
    decision = branch.judged(claim)
    branch.approve(decision)
    paid = branch.participant(VETERAN_FROM, name="Sudah Dibayar")
    branch.wife(paid, nik="6112015204830009")
    paid_event = branch.death(paid)
    money = branch.judged(branch.claim(paid_event, nik="6112015204830009", bank_account="9876543210"))
    branch.approve(money)
    batch = branch.batch(money)
    common = {"place_id": veteran.place_id, "reason": REASON, "withdrawn_on": TODAY, "withdrawn_by": "x"}
    with pytest.raises(IntegrityError, match="is paid"), transaction.atomic():
        EventWithdrawal.objects.create(event=paid_event, **common)
    copy = {field.attname: getattr(veteran, field.attname) for field in InsuredEvent._meta.concrete_fields}
    copy |= {"id": None, "recorded_at": veteran.recorded_at}
    with pytest.raises(IntegrityError, match="only a withdrawn death"), transaction.atomic():
        InsuredEvent.objects.create(**copy | {"replaces_id": veteran.pk})
    EventWithdrawal.objects.create(event=veteran, **common)
    with pytest.raises(IntegrityError, match="one_death_per_person"), transaction.atomic():
        InsuredEvent.objects.create(**copy)
    with pytest.raises(IntegrityError, match="was withdrawn"), transaction.atomic():
        Payout.objects.create(decision=decision, batch=batch, place_id=veteran.place_id, amount=decision.amount)
    again = {field.attname: getattr(claim, field.attname) for field in Claim._meta.concrete_fields}
    with pytest.raises(IntegrityError, match="was withdrawn"), transaction.atomic():
        Claim.objects.create(**again | {"id": None, "number": "X", "programme": "JKK"})


def test_a_list_does_not_bring_a_withdrawn_death_back(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    content = death_list(Person.objects.get(pk=person_id))
    with acting_as(branch.world.officer) as who:
        assert len(actions.match_death_list(who, content).events) == 1
        actions.withdraw_death(who, person_id, REASON)
        again = actions.match_death_list(who, content)
        assert again.events == [] and "pernah dicabut" in again.problems[0]
        assert person(who, person_id).died_on is None


def test_a_death_that_only_a_list_knows_is_withdrawn_too(branch: Branch) -> None:
    person_id = branch.person()
    with acting_as(branch.world.officer) as who:
        actions.match_death_list(who, death_list(Person.objects.get(pk=person_id)))
        assert person(who, person_id).died_on is not None
        done = actions.withdraw_death(who, person_id, REASON)
        assert (done.event_id, done.months_charged) == (None, 0)
        assert person(who, person_id).died_on is None


def test_who_may_and_what_must_be_said(branch: Branch, veteran: InsuredEvent) -> None:
    for role in ("village_operator", "regency_approver", "branch_approver", "auditor"):
        with acting_as(branch.world.actor(role)) as who, pytest.raises(NotAllowed):
            actions.withdraw_death(who, veteran.person_id, REASON)
    with acting_as(branch.world.verifier) as who:
        with pytest.raises(InvalidInput):
            actions.withdraw_death(who, veteran.person_id, " ")
        actions.withdraw_death(who, veteran.person_id, REASON)
        for nobody in (veteran.person_id, 10**9):
            with pytest.raises(NotFound):
                actions.withdraw_death(who, nobody, REASON)


@pytest.mark.django_db(transaction=True)
def test_withdrawn_and_paid_at_the_same_moment_is_one_of_the_two(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    decision = branch.judged(branch.claim(branch.death(person_id)))
    branch.approve(decision)
    branch.world.officer, branch.world.verifier  # noqa: B018  # made before the threads start
    ready, refused = Barrier(2), []

    def at_once(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except (Conflict, IntegrityError) as error:
            refused.append(error)
        finally:
            connection.close()

    acts = (lambda: withdraw(branch, person_id), lambda: branch.batch(decision))
    threads = [Thread(target=at_once, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert EventWithdrawal.objects.count() + Payout.objects.count() == 1


def test_the_pages(branch: Branch, veteran: InsuredEvent) -> None:
    branch.claim(veteran)
    client = Client()
    client.force_login(branch.world.user("regency_officer"), "django.contrib.auth.backends.ModelBackend")
    page = reverse("claims:withdraw", args=[veteran.person_id])
    event, who = reverse("claims:event", args=[veteran.pk]), reverse("person", args=[veteran.person_id])
    for place in (event, who):
        assert page in client.get(place).content.decode()
    assert "1 klaim ditutup" in client.get(page).content.decode()
    assert "reason" in client.post(page, {"reason": ""}).context["form"].errors
    assert client.post(page, {"reason": REASON})["Location"] == event
    shown = client.get(event).content.decode()
    assert REASON in shown and page not in shown
    assert client.get(page).status_code == 409
    assert "meninggal" not in client.get(who).content.decode().split("</h1>")[0]


def test_the_api(branch: Branch, veteran: InsuredEvent) -> None:
    program = Program(branch, "regency_officer")
    body = {"person_id": veteran.person_id, "reason": REASON}
    answer = program.post("/withdrawals", body)
    assert (answer.status_code, answer.json()["event_id"]) == (200, veteran.pk)
    assert program.get(f"/events/{veteran.pk}").json()["standing"] == "withdrawn"
    again = program.post("/withdrawals", body)
    assert (again.status_code, again.json()["error"]["code"]) == (404, "no_death")
