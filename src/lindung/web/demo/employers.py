"""The formal side of the story: two employers report in SIPP's own workbooks, one pays and one falls behind; a farmer
registers himself; lists of companies are compared with who is registered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

import polars as pl

from lindung.compliance import actions as compliance
from lindung.contributions import actions as contributions
from lindung.contributions.models import BillIssue
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.clock import today
from lindung.core.months import add_months, month_range
from lindung.formats.sipp import write_leavers, write_new_workers
from lindung.membership.models import Membership
from lindung.payers import actions as payers
from lindung.payers.drafts import Activity, EmployerDraft, Identity, Scale
from lindung.payers.models import Payer
from lindung.selfpay import actions as selfpay
from lindung.selfpay import visits
from lindung.wages import actions as wages
from lindung.wages.models import WageReport
from lindung.web.demo import cast
from lindung.web.demo.population import PLANTATION_WORKER, Person, Population, villages

SEED: Final = 6112_2026
SEPTEMBER, LEAVING, JANUARY = date(2025, 9, 1), date(2025, 11, 1), date(2026, 1, 1)
STARTED: Final = date(2025, 9, 1)
CONTRACT_END: Final = date(2026, 2, 10)  # of one worker whom nobody reported since
FARMER: Final = "Maria Goreti (contoh)"

# NPP, name, NIB, entry of the law's risk list, size, workers, lowest wage, months that are paid
MILL = ("90002001", "PT Contoh Kapuas Sejahtera", "9120001234567", "III.60", "medium", 24, 3_100_000)
SHOP = ("90002002", "CV Contoh Mitra Rasau", "9120007654321", "", "small", 9, 2_500_000)


def live(set_day: Callable[[date], None]) -> None:
    """All of it; repeatable, as every act in it is. `set_day` turns the story's calendar."""
    population = Population(Random(SEED))
    set_day(STARTED)
    mill, shop = _employer(*MILL[:5]), _employer(*SHOP[:5])
    with acting_as(SYSTEM):
        cast.add_users(staff=True)
    at_mill = cast.actor("hr")
    at_shop = replace(at_mill, name="Staf CV Contoh", payers=(shop.pk,))
    _report(set_day, at_mill, mill, _staff(population, MILL[5], 0), MILL[6], paid=5)
    _report(set_day, at_shop, shop, _staff(population, SHOP[5], 1), SHOP[6], paid=2)
    set_day(date(2026, 2, 25))
    _farmer(population)
    with acting_as(cast.actor("kepesertaan")) as officer:
        compliance.find(officer, date(2026, 2, 26))


def _employer(npp: str, name: str, nib: str, entry: str, size: str) -> Payer:
    with acting_as(SYSTEM):
        return payers.register_employer(
            SYSTEM,
            EmployerDraft(
                Identity(
                    name=name,
                    place_id=6112012001,
                    nib=nib,
                    npp=npp,
                    address="Jl. Adisucipto (contoh)",
                    email="hr@contoh.example",
                ),
                Activity(entry=entry, risk_group=None if entry else 2, decided_by="" if entry else "kantor cabang"),
                Scale(firm_size=size),
                joined_on=STARTED,
                source="pendaftaran contoh",
            ),
        )


def _staff(population: Population, count: int, shift: int) -> list[Person]:
    homes = villages()
    return [population.person(PLANTATION_WORKER, homes[(7 * number + shift) % len(homes)]) for number in range(count)]


def _report(
    set_day: Callable[[date], None], actor: Actor, payer: Payer, staff: list[Person], lowest: int, paid: int
) -> None:
    """Everybody is reported in September by workbook, one leaver in November; five months are closed on the tenth of
    the next, and the first of them paid."""
    for number, month in enumerate(month_range(SEPTEMBER, JANUARY)):
        set_day(add_months(month, 1).replace(day=10))
        if number == 0:
            rows = _new_workers(staff, lowest)
            _send(actor, payer, month, "data_tk_baru.xlsx", write_new_workers(rows, "lengkap-30"))
        if month == LEAVING and payer.npp == MILL[0]:
            _leaver(actor, payer, staff[-2])
        with acting_as(actor):
            wages.close_month(actor, payer.pk, month)
        if number < paid:
            _pay(payer, month)


def _send(actor: Actor, payer: Payer, month: date, name: str, content: bytes) -> None:
    with acting_as(actor):
        if WageReport.objects.filter(payer=payer, month=month, file_name=name, state=WageReport.State.APPLIED).exists():
            return
        report = wages.receive_report(actor, payer.pk, month, content, name)
        if report.state == WageReport.State.CHECKED:
            wages.apply_report(actor, report.pk)


def _new_workers(staff: list[Person], lowest: int) -> pl.DataFrame:
    rng = Random(SEED)
    return pl.DataFrame(
        {
            "employee_no": [f"K{number:03d}" for number in range(1, len(staff) + 1)],
            "name": [person.name for person in staff],
            "id_type": ["KTP"] * len(staff),
            "id_number": [person.nik for person in staff],
            "nik": [person.nik for person in staff],
            "birth_place": [person.birth_place for person in staff],
            "birth_date": [person.birth_date for person in staff],
            "mother_name": [person.mother for person in staff],
            "sex": [person.sex for person in staff],
            "phone": [person.phone for person in staff],
            "address": [person.address for person in staff],
            "country": ["ID"] * len(staff),
            "wage": [Decimal(lowest + 50_000 * rng.randrange(0, 40)) for _ in staff],
            "employment_status": ["PKWT" if number == len(staff) - 1 else "PKWTT" for number in range(len(staff))],
            "started_on": [STARTED] * len(staff),
            "contract_end": [CONTRACT_END if number == len(staff) - 1 else None for number in range(len(staff))],
        },
        schema_overrides={"contract_end": pl.Date, "wage": pl.Decimal(15, 2)},
    )


def _leaver(actor: Actor, payer: Payer, person: Person) -> None:
    """One worker resigns at the end of November and is reported in time."""
    with acting_as(SYSTEM):
        kpj = Membership.objects.get(person__nik=person.nik, payer=payer).kpj
    left = pl.DataFrame(
        {"kpj": [kpj], "name": [person.name], "reason": ["Mengundurkan diri"], "left_on": [date(2025, 11, 30)]}
    )
    _send(actor, payer, LEAVING, f"TK_NA_{payer.npp}.xlsx", write_leavers(left))


def _pay(payer: Payer, month: date) -> None:
    """The bank brings the month's money before it is due."""
    with acting_as(SYSTEM):
        for issue in BillIssue.objects.filter(bill__payer=payer, bill__month=month, amount__gt=0):
            contributions.receive_payment(
                SYSTEM,
                payer.pk,
                "va",
                f"VA{issue.bill_id:08d}",
                today(),
                issue.amount,
                issue.bill_id,
                "bank contoh",
            )
        contributions.refresh_pending()


def _farmer(population: Population) -> None:
    """A farmer registers on her phone and pays two months at once."""
    home = villages()[3]
    person = population.person(PLANTATION_WORKER, home, name=FARMER, sex="P")
    answers = {
        "nik": person.nik, "confirmed": "ya", "name": person.name, "mother": person.mother, "phone": person.phone,
        "district": str(home.key // 10_000 * 10_000), "village": str(home.key), "address": person.address,
        "occupation": "petani karet", "transport": "other", "income": "1200000", "old_age": "no", "months": "2",
    }  # fmt: skip
    with acting_as(selfpay.WORKER):
        code = visits.new_visit()
        for key, said in answers.items():
            visits.answer(code, key, said)
    self_payer = selfpay.register(code)
    for month in month_range(date(2026, 2, 1), date(2026, 3, 1)):
        _pay(self_payer.payer, month)
