"""The small world's formal side: employers with their reports and bills, the bank, the books, compliance, and a worker
who pays for himself. Everything through the rooms' own actions.

`firm` is the employer of the user with the role `company_hr`; `far` is another, which that user must never see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

import polars as pl
from assistance.lists import workbook
from reconciliation.conftest import mt940
from world import TODAY, World, make_people

from lindung.compliance import actions as compliance
from lindung.compliance.models import ArrearsCase, Finding
from lindung.compliance.plans import split
from lindung.contributions import actions as contributions
from lindung.contributions.models import BillIssue
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.models import Installation
from lindung.ledger import actions as ledger
from lindung.ledger.models import Entry, JhtMovement
from lindung.payers import actions as payers
from lindung.payers.drafts import Activity, EmployerDraft, Identity, Scale
from lindung.payers.models import Contact, Payer
from lindung.payers.projects import ContractDraft
from lindung.people.models import Person
from lindung.reconciliation import actions as reconciliation
from lindung.reconciliation.models import Line
from lindung.selfpay import actions as selfpay
from lindung.selfpay import visits
from lindung.wages import actions as wages
from lindung.wages.accidents import report_accident
from lindung.wages.models import Employment, WageReportRow

NOVEMBER, DECEMBER, JANUARY = date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)
WHY = "uji akses"
PHOTO = b"\xff\xd8\xff foto"
Ids = dict[str, Any]


@dataclass(frozen=True)
class Staff:
    """Who acts in the offices."""

    relations: Actor
    finance: Actor


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """The installation's business date within the block."""
    Installation.objects.update(business_date=day)
    yield
    Installation.objects.update(business_date=TODAY)


def build(world: World, ids: Ids, far: Ids) -> None:
    """Add what the new rooms keep; `far` gets the other employer's."""
    staff = Staff(world.actor("branch_relations"), world.actor("branch_finance"))
    with acting_as(staff.relations) as who:
        payers.set_minimum_wage(who, world.regency, "UMK", 2026, Decimal(3_100_000), "uji")
    _firm(world, staff, world.company, "9120001234567", ids, 51)
    other = Payer.objects.create(
        npp="KR000009", kind="company", name="PT Contoh Tetangga Jauhari", risk_group=3, place_id=world.regency
    )
    _firm(world, staff, other, "9120007654321", far, 52)
    _projects(world, staff, world.company.pk, ids)
    _collective(world, staff, ids)
    _compliance(staff, world.company.pk, ids)
    _bank(staff, world.company.pk, ids)
    _books(staff, ids)
    _self_payer(world, ids)


def hr_of(world: World, payer: Payer) -> Actor:
    """The staff of an employer."""
    hr = world.actor("company_hr")
    return Actor(hr.user_id, hr.name, hr.role, hr.permissions, payers=(payer.pk,))


def _firm(world: World, staff: Staff, payer: Payer, nib: str, ids: Ids, seed: int) -> None:
    """Two workers reported in November, which is paid; December is billed and overdue; January's report has a fault."""
    draft = EmployerDraft(
        Identity(payer.name, world.regency, nib=nib, npp=payer.npp, address="Jalan Uji 1", email="hrd@contoh.example"),
        Activity(entry="III.60"), Scale("medium", workers=2), joined_on=NOVEMBER, source="uji",
    )  # fmt: skip
    with acting_as(staff.relations) as who:
        payers.register_employer(who, draft)
        payers.add_contact(who, payer.pk, "Ibu Rina", "hr", "0812 0000 2222", "", NOVEMBER)
        agreement = payers.add_agreement(who, payer.pk, f"PKS-{payer.pk}", "kerja sama", NOVEMBER, date(2026, 12, 31))
    hr = hr_of(world, payer)
    rows = _workers(seed)
    with on_day(date(2025, 12, 10)):
        _tell(hr, payer, NOVEMBER, "new_workers", rows[:2])
        with acting_as(SYSTEM):
            issue = BillIssue.objects.get(bill__payer=payer, bill__month=NOVEMBER)
            paid = contributions.receive_payment(
                SYSTEM, payer.pk, "va", f"VA{payer.pk}", date(2025, 12, 10), issue.amount, issue.bill_id
            )
            contributions.refresh_pending()
    with acting_as(staff.finance) as who:
        reversal = contributions.reverse_payment(who, paid.payment.pk, WHY)
    with on_day(date(2026, 1, 10)), acting_as(hr):
        wages.close_month(hr, payer.pk, DECEMBER)
    with acting_as(hr):
        told = [rows[2], rows[3] | {"nik": "123"}, rows[0] | {"name": "Bambang Sutrisno"}]
        report = wages.receive_rows(hr, payer.pk, JANUARY, "new_workers", told)
        doubted = WageReportRow.objects.get(report=report, reason_codes__contains=["identity_differs"])
        wages.send_card(hr, doubted.pk, "ktp.jpg", PHOTO)
        employment = Employment.objects.filter(payer=payer).earliest("pk")
        notice = report_accident(hr, employment.pk, date(2026, 2, 20), time(9, 30), "gudang", "terjatuh dari tangga")
    ids |= {
        "wages.payer_id": payer.pk, "payers.payer_id": payer.pk, "compliance.payer_id": payer.pk,
        "payers.agreement_id": agreement.pk, "payers.contact_id": Contact.objects.get(payer=payer).pk,
        "payers.part": "scale", "report_id": report.pk, "employment_id": employment.pk,
        "row_id": WageReportRow.objects.filter(report=report).exclude(outcome="accepted").earliest("pk").pk,
        "wages:doubt.row_id": doubted.pk, "wages:card.row_id": doubted.pk,
        "contributions.payment_id": paid.payment.pk, "reversal_id": reversal.pk, "wages.bill_id": issue.bill_id,
        "wages.notice_id": notice.pk, "wages.kind": "wages", "wages.membership_id": employment.membership_id,
    }  # fmt: skip


def _workers(seed: int) -> list[dict[str, Any]]:
    people = make_people(4, seed).with_columns(pl.col("birth_date").dt.strftime("%d-%m-%Y"))
    return [
        {
            "employee_no": f"K{number:04d}", "nik": row["nik"], "id_type": "KTP", "name": row["name"],
            "birth_place": "Pontianak", "birth_date": row["birth_date"], "mother_name": row["mother_name"],
            "sex": row["sex"], "address": "Jalan Uji 1", "postal_code": "78391", "wage": "3500000",
            "location": "61.12", "employment_status": "PKWTT", "started_on": "03-11-2025", "country": "ID",
        }
        for number, row in enumerate(people.rows(named=True), start=1)
    ]  # fmt: skip


def _tell(hr: Actor, payer: Payer, month: date, kind: str, rows: list[dict[str, Any]]) -> None:
    with acting_as(hr):
        report = wages.receive_rows(hr, payer.pk, month, kind, rows)
        wages.apply_report(hr, report.pk)
        wages.close_month(hr, payer.pk, month)


def _projects(world: World, staff: Staff, payer_id: int, ids: Ids) -> None:
    contract = ContractDraft("620/01/PU/2026", date(2026, 2, 2), 180_000_000, date(2026, 2, 9), date(2026, 8, 31))
    with acting_as(staff.relations) as who:
        project = payers.register_project(who, payer_id, "Jembatan", "Dinas PUPR", world.regency, contract)
        payers.certify_project(who, project.pk, "SERT-1", date(2026, 2, 12), "TRX-1", date(2026, 2, 11))
    ids["project_id"] = project.pk


def _collective(world: World, staff: Staff, ids: Ids) -> None:
    payer_id, person_id = world.village_payer.pk, ids["person_id"]
    lines = pl.DataFrame([(person_id, JANUARY, 16_800, "")], schema=["person_id", "month", "amount", "bill_code"],
                         orient="row")  # fmt: skip
    with acting_as(staff.relations) as who:
        agent = payers.register_agent(who, "P-01", "Siti", world.regency, "0812 0000 1111", JANUARY)
        payers.register_collective(who, payer_id, "SD", JANUARY, agent.pk)
        payers.add_members(who, payer_id, [person_id], JANUARY)
        paid = payers.record_collective_payment(who, payer_id, "TRX1", date(2026, 2, 10), 16_800, lines)
    ids["payment_id"] = paid.payment.pk
    for route in ("collective", "add_members", "pay", "withdraw"):
        ids[f"payers:{route}.payer_id"] = payer_id


def _compliance(staff: Staff, payer_id: int, ids: Ids) -> None:
    listed = workbook(
        [{"Nama Perusahaan": "PT Belum Terdaftar", "NIB": "9990001234567", "Jumlah Tenaga Kerja": 5}],
        ["Nama Perusahaan", "NIB", "Jumlah Tenaga Kerja"],
    )
    with acting_as(staff.relations) as who:
        known = compliance.receive_list(who, "wlkp", "Disnaker", date(2026, 1, 31), "wlkp.xlsx", listed)
        compliance.find(who, TODAY)
        step = compliance.propose_step(who, payer_id, WHY)
        compliance.send_step(who, step.pk, TODAY, "post", "resi 1", ("resi.jpg", PHOTO))
        own = Finding.objects.filter(payer=payer_id).earliest("pk")
        answer = compliance.object_to(who, own.pk, WHY, ("bukti.jpg", PHOTO))
        plan = compliance.propose_plan(who, payer_id, split(step.amount, date(2026, 3, 10), 3), "Budi", "Direktur", WHY)
    ids |= {
        "list_id": known.pk, "finding_id": Finding.objects.earliest("pk").pk, "step_id": step.pk,
        "case_id": ArrearsCase.objects.get().pk, "plan_id": plan.pk, "compliance:answer_file.event_id": answer.pk,
        "compliance:own_finding.finding_id": own.pk, "compliance:own_accept.finding_id": own.pk,
    }  # fmt: skip


def _bank(staff: Staff, payer_id: int, ids: Ids) -> None:
    with acting_as(staff.finance) as who:
        reconciliation.add_account(who, "1001234567", "Bank Kalbar", "BPJS Ketenagakerjaan")
        content = mt940((16_801, "SETORAN TUNAI"), (55_000, "SETORAN LAIN"))
        reconciliation.import_statement(who, "rk.sta", content)
        line, asked = Line.objects.order_by("pk")
        proposal = reconciliation.propose_identification(who, asked.pk, WHY, payer_id=payer_id)
    ids |= {
        "statement_id": line.statement_id, "line_id": line.pk, "reconciliation.proposal_id": proposal.pk,
    }  # fmt: skip


def _books(staff: Staff, ids: Ids) -> None:
    with acting_as(staff.finance) as who:
        proposal = ledger.propose_close(who, Entry.objects.earliest("month").month, WHY)
    ids |= {
        "entry_id": Entry.objects.earliest("pk").pk, "ledger.proposal_id": proposal.pk, "ledger.code": "1101",
        "ledger.month": "2025-12", "ledger.outcome": "returned", "ledger.year": 2025, "ledger.first": "2025-11",
        "contributions.outcome": "returned", "ledger.last": "2026-01",
        "ledger.membership_id": JhtMovement.objects.earliest("pk").membership_id,
    }  # fmt: skip


def _self_payer(world: World, ids: Ids) -> None:
    """Somebody registered, and somebody who has just begun."""
    answers = {
        "nik": "6112014203850001", "confirmed": "ya", "name": "Siti Aminah", "mother": "Halimah",
        "phone": "0812 3456 7890", "district": str(world.districts[0]), "village": str(world.village),
        "address": "Dusun Melati RT 2 RW 1", "occupation": "petani karet", "transport": "other", "income": "1.000.000",
        "old_age": "no", "months": "3",
    }  # fmt: skip
    with acting_as(selfpay.WORKER):
        done, begun = visits.new_visit(), visits.new_visit()
        for key, said in answers.items():
            visits.answer(done, key, said)
    selfpay.register(done)
    assert Person.objects.filter(nik=answers["nik"]).exists()
    ids |= {"selfpay.code": done, "selfpay:reply.code": begun, "selfpay:register.code": begun}
