"""A little history: who is paid for, by whom and when; a scheme with a decree; a claim paid out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from world import REGENCY, World, make_people

from lindung.assistance.models import Decree, DecreeDecision, Scheme
from lindung.claims.models import (
    Claim,
    Decision,
    DecisionApproval,
    InsuredEvent,
    Payout,
    PayoutBatch,
    PayoutConfirmation,
    PayoutRelease,
)
from lindung.contributions import actions as contributions
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.models import StoredFile
from lindung.membership import actions as membership
from lindung.payers.models import Payer
from lindung.people import actions as people
from lindung.people.models import Person

JKK, JKM, WAGE_BASE = 10_000, 6_800, 1_000_000


@dataclass
class History:
    """The groups as frames with person_id, membership_id, job, place_id, segment."""

    groups: dict[str, pl.DataFrame] = field(default_factory=dict)

    def ids(self, group: str) -> list[int]:
        return self.groups[group]["person_id"].to_list()


def enrol(frame: pl.DataFrame, segment: str, payer: Payer | None) -> pl.DataFrame:
    """Register and enrol; what plan_person_months takes."""
    ids = people.register_people(SYSTEM, frame).select("nik", "person_id")
    located = frame.select("nik", "place_id", "occupation").join(ids, on="nik").drop("nik")
    enrolled = membership.enrol(
        SYSTEM, located, segment, date(2025, 6, 1), payer.pk if payer and segment == "PU" else None, "Pendaftaran"
    )
    return located.join(enrolled.select("person_id", "membership_id", "job"), on="person_id").with_columns(
        segment=pl.lit(segment)
    )


def charge(payer: Payer, months: list[date], frame: pl.DataFrame, origin: str) -> None:
    contributions.plan_person_months(
        SYSTEM, payer.pk, months, contributions.at_price(frame, WAGE_BASE, jkk=JKK, jkm=JKM), origin
    )


def issue(payer: Payer, month: date) -> Bill:
    bill = Bill.objects.filter(payer=payer, month=month).order_by("-sequence")[0]
    contributions.issue_bill(SYSTEM, bill.pk, month.replace(day=3))
    return bill


def pay(payer: Payer, month: date, paid_on: date) -> None:
    """Issue the month's bill and settle it whole."""
    bill = issue(payer, month)
    bill.refresh_from_db()
    contributions.record_payment(
        SYSTEM, payer.pk, "transfer", f"T-{payer.npp}-{month:%Y%m}", paid_on, bill.issue.amount, [bill.pk]
    )


@pytest.fixture
def history(world: World) -> History:
    """27 February 2026: 12 paid by the agency to February, 8 to November (in grace), 4 lapsed in September, 6 wage
    earners paid for January; one of the twelve died, one of the wage earners left, 3 were billed and never paid."""
    made = History()
    with acting_as(SYSTEM):
        everyone = make_people(33, seed=7)
        slices = {"agency": (0, 12), "grace": (12, 8), "lapsed": (20, 4), "company": (24, 6), "billed": (30, 3)}
        for name, (start, count) in slices.items():
            segment, payer = ("PU", world.company) if name == "company" else ("BPU", None)
            made.groups[name] = enrol(everyone.slice(start, count), segment, payer)
        charge(world.agency, [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)], made.groups["agency"], "decree:1")
        charge(world.agency, [date(2025, 10, 1), date(2025, 11, 1)], made.groups["grace"], "decree:0")
        charge(world.village_payer, [date(2025, 8, 1), date(2025, 9, 1)], made.groups["lapsed"], "self:1")
        charge(world.company, [date(2026, 1, 1)], made.groups["company"], "wage_report:1")
        charge(world.village_payer, [date(2026, 2, 1)], made.groups["billed"], "self:2")
        for year, month in ((2025, 10), (2025, 11), (2025, 12), (2026, 1), (2026, 2)):
            pay(world.agency, date(year, month, 1), date(year, month, 12))
        for month in (8, 9):
            pay(world.village_payer, date(2025, month, 1), date(2025, month, 20))
        pay(world.company, date(2026, 1, 1), date(2026, 2, 14))
        issue(world.village_payer, date(2026, 2, 1))
        people.record_death(SYSTEM, made.ids("agency")[0], date(2026, 2, 20), "registry", "AKTA-1")
        membership.end_membership(
            SYSTEM, made.groups["company"]["membership_id"][0], date(2026, 2, 10), "Berhenti bekerja"
        )
    return made


def stored(name: str) -> StoredFile:
    return StoredFile.objects.create(digest=name, name=name, media_type="text/plain", size=1, content=b"x")


def make_scheme(world: World, decrees: tuple[tuple[int, str, int], ...]) -> Scheme:
    """A scheme of 2026 with decrees (id, outcome or empty, amount)."""
    period = DateRange(date(2026, 1, 1), date(2027, 1, 1))
    scheme = Scheme.objects.create(
        name="Bantuan iuran 2026",
        payer=world.agency,
        place_id=REGENCY,
        fiscal_year=2026,
        programmes=["JKK", "JKM"],
        wage_base=WAGE_BASE,
        monthly_amount=JKK + JKM,
        criteria={},
        budget_ceiling=500_000_000,
        account_codes=[],
        legal_basis="",
        period=period,
    )
    for number, outcome, amount in decrees:
        decree = Decree.objects.create(
            pk=number,
            scheme=scheme,
            place_id=REGENCY,
            number=f"{number}/2026",
            dated=date(2026, 1, 12),
            period=period,
            people=12,
            monthly_amount=1,
            total_amount=amount,
            content_digest=f"{number:064d}",
            proposed_by=world.user("regency_officer"),
            pdf=stored(f"p{number}"),
            xlsx=stored(f"x{number}"),
        )
        if outcome:
            DecreeDecision.objects.create(
                decree=decree,
                proposed_by=decree.proposed_by,
                decided_by=world.user("regency_approver"),
                outcome=outcome,
                reason="Sesuai",
            )
    return scheme


def pay_claim(world: World, person_id: int, programme: str, amount: int, paid_on: date) -> None:
    """One claim judged, paid and confirmed, as rows."""
    person = Person.objects.get(pk=person_id)
    event, _ = InsuredEvent.objects.get_or_create(
        person=person,
        defaults={
            "place_id": person.place_id, "cause": "non_work", "occurred_on": paid_on, "source": "heir",
            "reported_on": paid_on, "reported_by": "Ahli waris",
        },
    )  # fmt: skip
    claim = Claim.objects.create(
        number=f"K-{programme}-{person_id}",
        event=event,
        place_id=person.place_id,
        programme=programme,
        claimant_name="Ahli Waris",
        claimant_relation="spouse",
        claimant_nik="6112010101900001",
        bank_name="Bank",
        bank_account="x",
        account_fingerprint="x",
        bank_holder="Ahli Waris",
        checklist_version="1",
        received_on=paid_on,
        received_by="petugas",
    )
    verifier, approver = world.user("branch_verifier"), world.user("branch_approver")
    decision = Decision.objects.create(claim=claim, outcome="pay", amount=amount, judgement={}, proposed_by=verifier)
    DecisionApproval.objects.create(
        decision=decision, proposed_by=verifier, decided_by=approver, outcome="approved", reason="Sesuai"
    )
    batch = PayoutBatch.objects.create(
        number=f"B-{claim.number}",
        made_by=verifier,
        made_on=paid_on,
        people=1,
        amount=amount,
        file=stored(f"b{claim.pk}"),
    )
    PayoutRelease.objects.create(batch=batch, made_by=verifier, released_by=approver, released_on=paid_on)
    payout = Payout.objects.create(decision=decision, batch=batch, place_id=person.place_id, amount=amount)
    PayoutConfirmation.objects.create(
        payout=payout,
        paid_on=paid_on,
        bank_reference=f"R-{claim.number}",
        receipt=stored(f"r{claim.pk}"),
        confirmed_by="bank",
    )
