"""Participants with a paid history, through the same actions as everyone else, and a bereaved family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
import pytest
from django.db import connection
from world import PEOPLE, World, make_nik, make_world

from lindung.claims import actions, checklists
from lindung.claims.models import Claim, Decision, InsuredEvent, Payout, PayoutBatch
from lindung.contributions.actions import at_price, issue_bill, plan_person_months, record_payment
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.months import month_range
from lindung.membership.actions import enrol
from lindung.membership.models import Membership
from lindung.people.actions import add_relative, register_people
from lindung.places.actions import load_holidays

BORN = date(1979, 8, 17)
VETERAN_FROM, NEWCOMER_FROM = date(2025, 1, 1), date(2026, 1, 1)
FEBRUARY = date(2026, 2, 1)
DIED = date(2026, 2, 11)
WIFE_NIK = "6112015204830001"


@dataclass
class Branch:
    """The branch's officers at work in the little world."""

    world: World
    serial: int = 0

    def person(self, name: str = "Abdul Hamid", village: int | None = None, sex: str = "L") -> int:
        """Somebody known, not yet a participant."""
        home, self.serial = village or self.world.village, self.serial + 1
        row = (
            make_nik(home, BORN, sex, self.serial),
            name,
            BORN,
            "Pontianak",
            sex,
            "Aminah",
            home,
            "RT 01",
            "",
            "Guru ngaji",
        )
        with acting_as(SYSTEM):
            return int(register_people(SYSTEM, pl.DataFrame([row], schema=PEOPLE, orient="row"))["person_id"][0])

    def participant(
        self,
        first: date,
        last: date = FEBRUARY,
        name: str = "Abdul Hamid",
        village: int | None = None,
        sex: str = "L",
    ) -> int:
        """Somebody whose months from `first` to `last` the regency has paid, each on its tenth day."""
        person_id = self.person(name, village, sex)
        with acting_as(SYSTEM):
            frame = pl.DataFrame(
                {"person_id": [person_id], "place_id": [village or self.world.village], "occupation": ["Guru ngaji"]}
            )
            enrol(SYSTEM, frame, "BPU", first, None, "uji")
            self.charge(self.members(person_id), first, last)
        return person_id

    def members(self, person_id: int) -> pl.DataFrame:
        """The person's membership as a plan takes it."""
        member = Membership.objects.get(person_id=person_id)
        return pl.DataFrame(
            {
                "person_id": [person_id],
                "membership_id": [member.pk],
                "job": [member.job],
                "place_id": [member.place_id],
                "segment": [member.segment],
            }
        )

    def charge(self, members: pl.DataFrame, first: date, last: date, paid_on: date | None = None) -> None:
        """The regency is billed for these months and pays, each month on its tenth day unless told otherwise."""
        months = list(month_range(first, last))
        payer = self.world.agency
        plan_person_months(SYSTEM, payer.pk, months, at_price(members, 1_000_000, jkk=10_000, jkm=6_800), "decree:1")
        for bill in Bill.objects.filter(payer=payer, issue__isnull=True).order_by("month"):
            issued = issue_bill(SYSTEM, bill.pk)
            day = paid_on or bill.month.replace(day=10)
            record_payment(SYSTEM, payer.pk, "sp2d", f"SP2D-{bill.pk}", day, issued.amount, [bill.pk])

    def wife(self, person_id: int, name: str = "Siti Rohani", nik: str = WIFE_NIK) -> None:
        with acting_as(SYSTEM):
            add_relative(SYSTEM, person_id, "spouse", name, nik=nik)

    def death(
        self, person_id: int, on: date = DIED, cause: str = "non_work", actor: Actor | None = None
    ) -> InsuredEvent:
        with acting_as(actor or self.world.officer) as who:
            return actions.report_death(who, person_id, on, cause, "heir")

    def claim(self, event: InsuredEvent, programme: str = "JKM", papers: bool = True, **changes: Any) -> Claim:
        """The wife's claim, with all papers unless told otherwise."""
        with acting_as(self.world.verifier) as who:
            claim = actions.file_claim(who, event.id, programme, claimant(**changes))
            if papers:
                for item in checklists.required(claim.checklist_version, claim.claimant_relation):
                    actions.receive_document(who, claim.id, item.kind)
        return claim

    def judged(self, claim: Claim) -> Decision:
        with acting_as(self.world.verifier) as who:
            return actions.judge_claim(who, claim.id)

    def approve(self, decision: Decision, outcome: str = "approved") -> None:
        with acting_as(self.world.branch_approver) as who:
            actions.decide_approval(who, decision.id, outcome, "berkas sesuai")

    def batch(self, *decisions: Decision) -> PayoutBatch:
        with acting_as(self.world.verifier) as who:
            return actions.make_payout_batch(who, [decision.id for decision in decisions])

    def sent(self, decision: Decision) -> Payout:
        """The payout of an approved decision, released to the bank."""
        batch = self.batch(decision)
        with acting_as(self.world.branch_approver) as who:
            actions.release_batch(who, batch.id)
        return Payout.objects.get(decision=decision)


def claimant(**changes: Any) -> actions.Claimant:
    """The wife of the deceased, with her own account."""
    given = {
        "name": "Siti Rohani",
        "relation": "spouse",
        "nik": WIFE_NIK,
        "bank_name": "Bank Kalbar",
        "bank_account": "1234567890",
        "bank_holder": "SITI ROHANI",
        "phone": "081200000001",
    }
    return actions.Claimant(**(given | changes))


# The standing kept beside each claim, against the one function that works it out.
ASTRAY = """
SELECT coalesce(s.claim_id, kept.claim_id) FROM claims_standing_of(ARRAY(SELECT id FROM claims_claim)) s
  FULL JOIN claims_claimstanding kept ON kept.claim_id = s.claim_id
 WHERE (s.place_id, s.person_id, s.programme, s.received_on, s.state, s.urgency, s.complete_on, s.pay_by, s.decision_id,
        s.amount)
   IS DISTINCT FROM (kept.place_id, kept.person_id, kept.programme, kept.received_on, kept.state, kept.urgency,
        kept.complete_on, kept.pay_by, kept.decision_id, kept.amount)
"""


@pytest.fixture
def branch(db: None) -> Iterator[Branch]:
    world = make_world()
    with acting_as(SYSTEM):
        load_holidays(SYSTEM, [2026])
    yield Branch(world)
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        assert cursor.fetchall() == [], "a claim's standing is not what its rows say"


@pytest.fixture
def veteran(branch: Branch) -> InsuredEvent:
    """A participant of fourteen months who died of illness, with a wife on record."""
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    return branch.death(person_id)
