"""Those without an employer, and those whose work lasts as long as a site: a farmer registers herself, fishermen are
paid for through an agent's collective, a builder registers his project."""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from lindung import law
from lindung.contributions import actions as contributions
from lindung.contributions.models import Bill, BillIssue
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.months import add_months, month_range
from lindung.payers import actions as payers
from lindung.payers.models import Payer
from lindung.payers.projects import ContractDraft
from lindung.selfpay import actions as selfpay
from lindung.selfpay import visits
from lindung.selfpay.models import SelfPayer
from lindung.web.demo.calendar import on, turn_to
from lindung.web.demo.employers import MILL, pay, payer_of
from lindung.web.demo.population import PLANTATION_WORKER, Person, Population, villages
from lindung.web.demo.registering import register

FARMER: Final = "Maria Goreti (contoh)"
MONTHS_PAID: Final = 3  # by the farmer, at once
REGISTERED: Final = date(2026, 2, 25)
COLLECTIVE: Final = ("90003001", "Koperasi Nelayan Contoh Sungai Kakap")
FOUNDED: Final = date(2026, 1, 7)
COLLECTED: Final = (date(2026, 1, 1), date(2026, 2, 1))
FISHERMEN: Final = 6
INCOME: Final = 1_000_000  # rupiah a month, of each fisherman
PROJECT: Final = ("620/017/PU-CONTOH/2026", "Gudang penyimpanan sawit (contoh)", "PT Contoh Kapuas Sawit Lestari")


def live(population: Population) -> None:
    """All of it; repeatable, as every act in it is."""
    home = villages()[3]
    farmer = population.person(PLANTATION_WORKER, home, name=FARMER, sex="P")
    fishermen = [population.person(PLANTATION_WORKER, home) for _ in range(FISHERMEN)]
    turn_to(REGISTERED)
    _farmer(farmer)
    with on(FOUNDED, "kepesertaan") as officer:
        _collective(officer, fishermen)
    with on(date(2026, 2, 13), "kepesertaan") as officer:
        _project(officer)


def _farmer(person: Person) -> None:
    """A farmer registers on her phone and pays some months at once."""
    with acting_as(selfpay.WORKER):
        known = SelfPayer.objects.filter(person__nik=person.nik).first()
    self_payer = known or selfpay.register(_answered(person))
    first = REGISTERED.replace(day=1)
    for month in month_range(first, add_months(first, MONTHS_PAID - 1)):
        pay(self_payer.payer, month)


def _answered(person: Person) -> str:
    """The code under which her answers stand."""
    answers = {
        "nik": person.nik, "confirmed": "ya", "name": person.name, "mother": person.mother, "phone": person.phone,
        "district": str(person.village.key // 10_000 * 10_000), "village": str(person.village.key),
        "address": person.address, "occupation": "petani karet", "transport": "other", "income": "1200000",
        "old_age": "no", "months": str(MONTHS_PAID),
    }  # fmt: skip
    with acting_as(selfpay.WORKER):
        code = visits.new_visit()
        for key, said in answers.items():
            visits.answer(code, key, said)
    return code


def _collective(officer: Actor, fishermen: list[Person]) -> None:
    """A cooperative, brought in by an agent, pays for its fishermen; each of them has the proof."""
    home = fishermen[0].village.key
    agent = payers.register_agent(
        officer, "PRS-6112-001", "Rosmini (contoh)", home, "081234500017", date(2025, 7, 1), date(2027, 6, 30)
    )
    payer = payers.register_payer(officer, "donor", COLLECTIVE[1], COLLECTIVE[0], home)
    payers.register_collective(officer, payer.pk, "SC", FOUNDED, agent.pk)
    with acting_as(SYSTEM):
        rows = register(fishermen, "BPU", None, FOUNDED)
        charge = law.judge("contributions", FOUNDED, {"segment": "BPU", "income": INCOME}).result
        priced = contributions.at_price(rows, INCOME, jkk=charge["jkk"], jkm=charge["jkm"])
        contributions.plan_person_months(SYSTEM, payer.pk, list(COLLECTED), priced, "wadah:1")
        for bill in Bill.objects.filter(payer=payer, month__in=COLLECTED):
            contributions.issue_bill(SYSTEM, bill.pk)
    members = rows["person_id"].to_list()
    payers.add_members(officer, payer.pk, members, FOUNDED)
    for month in COLLECTED:
        pay(payer, month)
    _prove(officer, payer, members)


def _prove(officer: Actor, payer: Payer, members: list[int]) -> None:
    """What the cooperative paid, month by month and person by person."""
    for issue in BillIssue.objects.filter(bill__payer=payer, amount__gt=0).select_related("bill").order_by("bill_id"):
        code = contributions.payment_code(issue.bill_id)
        lines = pl.DataFrame(
            {
                "person_id": members, "month": issue.bill.month, "amount": issue.amount // len(members),
                "bill_code": code,
            }
        ).select(*payers.LINE_TYPES)  # fmt: skip
        reference = f"VA{issue.bill_id:08d}"
        payers.record_collective_payment(officer, payer.pk, reference, FOUNDED, issue.amount, lines)


def _project(officer: Actor) -> None:
    """The mill builds a store; its contract is paid in three parts, the first of them now."""
    payers.register_project(
        officer, payer_of(MILL).pk, PROJECT[1], PROJECT[2], 6112012001,
        ContractDraft(
            PROJECT[0], date(2026, 2, 9), 1_850_000_000, date(2026, 2, 16), date(2026, 11, 30), vat_percent=11,
            shares=(50, 25, 25), due_on=(None, date(2026, 6, 15), date(2026, 9, 15)),
        ),
    )  # fmt: skip
