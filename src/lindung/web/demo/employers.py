"""The formal side of the story: three employers report in SIPP's own workbooks; one pays, two fall behind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

import polars as pl

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
from lindung.wages import actions as wages
from lindung.wages.models import WageReport
from lindung.web.demo import cast
from lindung.web.demo.calendar import turn_to
from lindung.web.demo.population import PLANTATION_WORKER, Person, Population, villages

SEED: Final = 6112_2026
LEAVING, LAST_MONTH, UNDER_WAY = date(2025, 11, 1), date(2026, 1, 1), date(2026, 2, 1)
HIRED: Final = date(2026, 2, 2)  # the three newcomers of the month that is under way
CONTRACT_END: Final = date(2026, 2, 10)  # of one worker whom nobody reported since


@dataclass(frozen=True)
class Firm:
    """An employer of the story. `entry`: of the law's risk list; wages from `lowest` up to `spread` steps of Rp50,000
    above; `first`: the first month reported; `paid`: the months whose bill is paid when it is due."""

    npp: str
    name: str
    nib: str
    entry: str
    size: str
    workers: int
    lowest: int
    spread: int
    first: date
    paid: tuple[date, ...]


def _months(*numbers: int) -> tuple[date, ...]:
    """Months of the winter 2025/2026 by their number in the year."""
    return tuple(date(2025 if number > 6 else 2026, number, 1) for number in numbers)


MILL: Final = Firm(
    "90002001", "PT Contoh Kapuas Sejahtera", "9120001234567", "III.60", "medium", 24, 3_100_000, 40,
    date(2025, 9, 1), _months(9, 10, 11, 12, 1),
)  # fmt: skip
SHOP: Final = Firm(
    "90002002", "CV Contoh Mitra Rasau", "9120007654321", "", "small", 9, 2_500_000, 40,
    date(2025, 9, 1), _months(9, 10),
)  # fmt: skip
STORE: Final = Firm(
    "90002003", "CV Contoh Borneo Ritel", "9120003456789", "", "small", 12, 2_900_000, 1,
    date(2025, 11, 1), _months(1),
)  # fmt: skip
FIRMS: Final = (MILL, SHOP, STORE)


def live(population: Population) -> None:
    """All of it; repeatable, as every act in it is."""
    staff = {firm: _staff(population, firm.workers, shift) for shift, firm in enumerate(FIRMS)}
    newcomers = _staff(population, 3, 5)
    registered = {}
    for firm in FIRMS:
        turn_to(firm.first)
        registered[firm] = _employer(firm)
    with acting_as(SYSTEM):
        cast.add_users(staff=True)
    for firm, payer in registered.items():
        _report(at(firm), payer, firm, staff[firm])
    turn_to(date(2026, 2, 26))
    _begin_month(at(MILL), registered[MILL], newcomers)


def at(firm: Firm) -> Actor:
    """Somebody of the employer's staff; the mill's is the demonstration's user."""
    hr = cast.actor("hr")
    return hr if firm is MILL else replace(hr, name=f"Staf {firm.name}", payers=(payer_of(firm).pk,))


def payer_of(firm: Firm) -> Payer:
    """The employer in the register."""
    with acting_as(SYSTEM):
        return Payer.objects.get(npp=firm.npp)


def _employer(firm: Firm) -> Payer:
    with acting_as(SYSTEM):
        return payers.register_employer(
            SYSTEM,
            EmployerDraft(
                Identity(
                    name=firm.name,
                    place_id=6112012001,
                    nib=firm.nib,
                    npp=firm.npp,
                    address="Jl. Adisucipto (contoh)",
                    email="hr@contoh.example",
                ),
                Activity(
                    entry=firm.entry,
                    risk_group=None if firm.entry else 2,
                    decided_by="" if firm.entry else "kantor cabang",
                ),
                Scale(firm_size=firm.size),
                joined_on=firm.first,
                source="pendaftaran contoh",
            ),
        )


def _staff(population: Population, count: int, shift: int) -> list[Person]:
    homes = villages()
    return [population.person(PLANTATION_WORKER, homes[(7 * number + shift) % len(homes)]) for number in range(count)]


def _report(actor: Actor, payer: Payer, firm: Firm, staff: list[Person]) -> None:
    """Everybody is reported in the first month by workbook, one leaver in November; each month is closed on the tenth
    of the next."""
    for month in month_range(firm.first, LAST_MONTH):
        turn_to(add_months(month, 1).replace(day=10))
        if month == firm.first:
            rows = _new_workers(staff, _wages(firm, len(staff)), firm.first)
            _send(actor, payer, month, "data_tk_baru.xlsx", write_new_workers(rows, "lengkap-30"))
        if month == LEAVING and firm is MILL:
            _leaver(actor, payer, staff[-2])
        with acting_as(actor):
            wages.close_month(actor, payer.pk, month)
        if month in firm.paid:
            pay(payer, month)


def _begin_month(actor: Actor, payer: Payer, newcomers: list[Person]) -> None:
    """February's newcomers are sent in; of one a digit of the NIK is missing, so the report waits to be mended."""
    rows = _new_workers(newcomers, [MILL.lowest] * len(newcomers), HIRED, employed=MILL.workers)
    short = pl.when(pl.int_range(pl.len()) == len(newcomers) - 1).then(pl.col("nik").str.head(15)).otherwise("nik")
    rows = rows.with_columns(nik=short, id_number=short)
    _send(actor, payer, UNDER_WAY, "data_tk_baru_februari.xlsx", write_new_workers(rows, "lengkap-30"), apply=False)


def _send(actor: Actor, payer: Payer, month: date, name: str, content: bytes, *, apply: bool = True) -> None:
    with acting_as(actor):
        sent = WageReport.objects.filter(payer=payer, month=month, file_name=name).first()
        report = sent or wages.receive_report(actor, payer.pk, month, content, name)
        if apply and report.state == WageReport.State.CHECKED:
            wages.apply_report(actor, report.pk)


def _wages(firm: Firm, count: int) -> list[int]:
    rng = Random(SEED)
    return [firm.lowest + 50_000 * rng.randrange(0, firm.spread) for _ in range(count)]


def _new_workers(staff: list[Person], earned: list[int], started: date, employed: int = 0) -> pl.DataFrame:
    """The rows of SIPP's workbook; `employed`: how many have a number already. The last of a first list is there for
    a fixed term."""
    numbers = range(employed + 1, employed + len(staff) + 1)
    terms = [None] * (len(staff) - 1) + [None if employed else CONTRACT_END]
    return pl.DataFrame(
        {
            "employee_no": [f"K{number:03d}" for number in numbers],
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
            "wage": [Decimal(wage) for wage in earned],
            "employment_status": ["PKWT" if term else "PKWTT" for term in terms],
            "started_on": [started] * len(staff),
            "contract_end": terms,
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


def pay(payer: Payer, month: date) -> None:
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
