"""One regency's month, lived through the same actions as the site: from a list of people to a claim paid.

Every step can be repeated without effect, so a demonstration that was killed goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from time import perf_counter
from typing import Final

import polars as pl

from lindung import law
from lindung.assistance import actions as assistance
from lindung.assistance.models import Decree, DecreeDecision, ProposalRow, Scheme
from lindung.claims import actions as claims
from lindung.claims import queries as claim_queries
from lindung.claims.models import Claim, Decision, DecisionApproval, InsuredEvent, PayoutBatch, PayoutRelease
from lindung.contributions import actions as contributions
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.log import record
from lindung.core.models import ActionEntry, Installation
from lindung.core.months import month_range
from lindung.coverage import actions as coverage
from lindung.payers import actions as payers
from lindung.payers.models import Payer
from lindung.people import actions as people
from lindung.people.models import Person as PersonRow
from lindung.places import actions as places
from lindung.web.demo import bank, cast, checking, employers, informal
from lindung.web.demo.calendar import on, turn_to
from lindung.web.demo.families import Protagonist
from lindung.web.demo.listing import right_row
from lindung.web.demo.people import DemoData, generate
from lindung.web.demo.population import Person, Population
from lindung.web.demo.registering import register
from lindung.web.demo.workbook import corrected_workbook, deaths_workbook, proposal_workbook

REGENCY: Final = 6112000000
TODAY: Final = date(2026, 2, 27)
FINISHED: Final = "demo.finished"
RELATIONS: Final = {"wife": "spouse", "husband": "spouse", "child": "child"}
Report = Callable[[str], None]


@dataclass
class Demo:
    """The story as it runs: its cast, and the seconds each stage took."""

    data: DemoData
    report: Report
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, title: str) -> Iterator[None]:
        self.report(title)
        started = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - started, 2)


def live(report: Report) -> dict[str, float]:
    """Live the month; returns seconds by stage (empty when it was lived before)."""
    if ActionEntry.objects.filter(action=FINISHED).exists():
        return {}
    demo = Demo(generate(), report)
    with demo.stage("places", "Memuat 91.599 wilayah Indonesia dan hari libur"), acting_as(SYSTEM):
        places.load_places(SYSTEM)
        places.load_holidays(SYSTEM, range(2025, 2028))
    with demo.stage("set_up", "Menyiapkan pengguna, pembayar, dan angka luar bersumber"):
        set_up()
    with demo.stage("last_year", "Menjalankan tahun 2025: daftar, SK, iuran dua belas bulan"):
        _last_year(demo.data)
    with demo.stage("others", "Mencatat perusahaan, desa pembayar, dan kematian yang sudah diketahui"):
        _others(demo.data)
    with demo.stage("proposals", "Menerima dan memeriksa usulan dinas, lalu perbaikannya"):
        _proposals(demo.data)
    with demo.stage("decree", "Membekukan daftar ke dalam SK Bupati dan menyetujuinya"):
        _decree()
    with demo.stage("bills", "Menerbitkan tagihan Januari dan Februari serta mencatat SP2D"):
        _bills()
    with demo.stage("claims", "Melaporkan kematian, memutus dan membayar klaim"):
        _claims(demo.data)
    with demo.stage("formal", "Menjalankan perusahaan, petani, wadah, penagihan, dan rekening koran"):
        formal_side()
    with demo.stage("coverage", "Menghitung cakupan"), acting_as(SYSTEM):
        turn_to(TODAY)
        coverage.refresh_summary(SYSTEM, TODAY)
        record(SYSTEM, FINISHED, "demo", after={"seconds": demo.seconds})
    return demo.seconds


# The stages


def set_up() -> None:
    """The installation, its users and first payers, the books' opening balance. Repeatable."""
    with acting_as(SYSTEM):
        Installation.objects.update_or_create(
            id=1, defaults={"name": "Kabupaten Kubu Raya", "place_key": REGENCY, "business_date": date(2025, 1, 6)}
        )
        cast.add_users()
        payers.load_minimum_wages(SYSTEM)
        payers.register_payer(SYSTEM, "regency", "Disnakertrans Kubu Raya (contoh)", "61120001", REGENCY)
        coverage.record_published_figures(SYSTEM, REGENCY)
    bank.open_the_books()


def formal_side() -> None:
    """Employers and those without one, arrears and what the lists of other offices tell, the bank. Repeatable."""
    population = Population(Random(employers.SEED))
    employers.live(population)
    informal.live(population)
    checking.live()
    bank.live()


def _last_year(data: DemoData) -> None:
    """The 2025 scheme: those who will renew for twelve months, others until August only."""
    scheme = _scheme(2025)
    groups = (("400/2025", data.renewing, 12), ("401/2025", data.not_renewed, 8))
    for number, persons, months in groups:
        _enrol_clean_list(data, scheme, number, persons, months)
    for month in month_range(date(2025, 1, 1), date(2025, 12, 1)):
        _pay_month(scheme, month, month.replace(day=8), month.replace(day=13))


def _scheme(year: int) -> Scheme:
    with on(date(year, 1, 3), "petugas") as actor:
        payer = Payer.objects.get(npp="61120001")
        return assistance.create_kubu_raya_scheme(actor, payer.pk, year)


def _enrol_clean_list(data: DemoData, scheme: Scheme, number: str, persons: tuple[Person, ...], months: int) -> None:
    rows = tuple(right_row(Random(person.nik), person, "PESERTA 2025") for person in persons)
    book = proposal_workbook(replace(data, rows=rows))
    with on(date(2025, 1, 6), "petugas") as actor:
        proposal = assistance.receive_proposal(actor, scheme.pk, f"usulan-{number.replace('/', '-')}.xlsx", book)
        assistance.check_proposal(actor, proposal.pk)
    _decide(scheme, number, date(2025, 1, 7), date(2025, 1, 1), date(2025, months, 1))


def _decide(scheme: Scheme, number: str, dated: date, first: date, last: date) -> None:
    decree = Decree.objects.filter(scheme=scheme, number=number).first()
    if decree is None:
        with on(dated, "petugas") as actor:
            decree = assistance.propose_decree(actor, scheme.pk, number, dated, first, last, "Daftar hasil verifikasi")
    if not DecreeDecision.objects.filter(decree=decree).exists():
        with on(dated, "pejabat") as actor:
            assistance.decide_decree(actor, decree.pk, "approved", "Daftar sesuai hasil verifikasi dan pagu")
    with on(dated, "pejabat") as actor:
        assistance.enact_decree(actor, decree.pk)


def _pay_month(scheme: Scheme, month: date, issued_on: date, paid_on: date) -> None:
    payer = scheme.payer
    bills = list(Bill.objects.filter(payer=payer, month=month).order_by("sequence"))
    with on(issued_on, "petugas") as actor:
        issues = [contributions.issue_bill(actor, bill.pk, issued_on) for bill in bills]
    with on(paid_on, "petugas") as actor:
        contributions.record_payment(
            actor,
            payer.pk,
            "sp2d",
            f"SP2D-{month:%Y-%m}/BL/{payer.npp}",
            paid_on,
            sum(issue.amount for issue in issues),
            [bill.pk for bill in bills],
        )


def _others(data: DemoData) -> None:
    """A company with wage earners, a village that pays for its RT heads, and deaths the registry already knows."""
    with acting_as(SYSTEM):
        turn_to(date(2025, 12, 22))
        firm = payers.register_payer(
            SYSTEM, "company", data.employer.name, "90001234", data.employer.village.key, risk_group=3
        )
        village = payers.register_payer(
            SYSTEM,
            "village",
            f"Pemerintah Desa {data.village_sponsor.village.name} (contoh)",
            "61128001",
            data.village_sponsor.village.key,
        )
        wages = {employee.person.nik: employee.wage for employee in data.employer.employees}
        workers = register([employee.person for employee in data.employer.employees], "PU", firm.pk, date(2025, 3, 1))
        months = list(month_range(date(2025, 9, 1), date(2026, 2, 1)))
        for wage in sorted(set(wages.values())):
            charge = law.judge(
                "contributions",
                date(2026, 1, 1),
                {"segment": "PU", "wage": wage, "risk_group": 3, "programmes": ["JKK", "JKM"]},
            ).result
            group = workers.filter(pl.col("nik").replace_strict(wages, return_dtype=pl.Int64) == wage)
            priced = contributions.at_price(group, wage, jkk=charge["jkk"], jkm=charge["jkm"])
            contributions.plan_person_months(SYSTEM, firm.pk, months, priced, "wage_report:1")
        heads = register(list(data.village_sponsor.people), "BPU", None, date(2026, 1, 2))
        charge = law.judge(
            "contributions", date(2026, 1, 1), {"segment": "BPU", "income": 1_000_000, "payer": "village"}
        ).result
        contributions.plan_person_months(
            SYSTEM,
            village.pk,
            list(month_range(date(2026, 1, 1), date(2026, 12, 1))),
            contributions.at_price(heads, 1_000_000, jkk=charge["jkk"], jkm=charge["jkm"]),
            "village:1",
        )
    for month in month_range(date(2025, 9, 1), date(2025, 12, 1)):
        _pay_other(firm, month)
    with on(date(2025, 12, 22), "petugas") as actor:
        known = [
            people.DeathRow(
                nik=death.person.nik, name=death.person.name, birth_date=death.person.birth_date,
                died_on=death.died_on, certificate_no=death.certificate, row_no=number,
            )
            for number, death in enumerate(data.known_dead, start=1)
        ]  # fmt: skip
        people.import_death_notices(actor, known, REGENCY, "demo-known-deaths-2025-12")


def _pay_other(payer: Payer, month: date) -> None:
    bill, paid_on = Bill.objects.get(payer=payer, month=month, sequence=1), month.replace(day=12)
    with acting_as(SYSTEM):
        turn_to(paid_on)
        issue = contributions.issue_bill(SYSTEM, bill.pk, month.replace(day=5))
        reference = f"TRF-{payer.npp}-{month:%Y-%m}"
        contributions.record_payment(SYSTEM, payer.pk, "transfer", reference, paid_on, issue.amount, [bill.pk])


def _proposals(data: DemoData) -> None:
    scheme = _scheme(2026)
    with on(date(2026, 1, 5), "petugas") as actor:
        proposal = assistance.receive_proposal(actor, scheme.pk, "usulan-guru-ngaji-2026.xlsx", proposal_workbook(data))
        assistance.check_proposal(actor, proposal.pk)
    with on(date(2026, 1, 8), "petugas") as actor:
        codes = dict(ProposalRow.objects.filter(proposal=proposal).values_list("row_no", "row_code"))
        again = assistance.receive_proposal(actor, scheme.pk, "perbaikan-2026.xlsx", corrected_workbook(data, codes))
        assistance.check_proposal(actor, again.pk)


def _decree() -> None:
    _decide(_scheme(2026), "400/2026", date(2026, 1, 12), date(2026, 1, 1), date(2026, 12, 1))


def _bills() -> None:
    scheme = _scheme(2026)
    _pay_month(scheme, date(2026, 1, 1), date(2026, 1, 13), date(2026, 1, 14))
    _pay_month(scheme, date(2026, 2, 1), date(2026, 2, 3), date(2026, 2, 11))
    # Employers that report wages pay in their own part of the story.
    for payer in Payer.objects.filter(kind__in=["company", "village"], employer=None).order_by("pk"):
        for month in (date(2026, 1, 1), date(2026, 2, 1)):
            _pay_other(payer, month)


def _claims(data: DemoData) -> None:
    for who in (data.veteran, data.newcomer, data.registry_death, data.work_death, data.uncovered):
        _register_family(who)
    told = (
        (data.veteran, "JKM", "non_work", date(2026, 2, 13)),
        (data.newcomer, "JKM", "non_work", date(2026, 2, 18)),
        (data.work_death, "JKK", "work", date(2026, 2, 19)),
        (data.uncovered, "JKM", "non_work", date(2026, 2, 20)),
    )
    for who, programme, cause, reported in told:
        _claim(who, programme, cause, reported)
    _pay_out(date(2026, 2, 20))  # within the 3 working days of each
    with on(date(2026, 2, 25), "petugas") as actor:
        claims.match_death_list(actor, deaths_workbook(data))
    _file_after_notice(data.registry_death)


def _register_family(who: Protagonist) -> None:
    with acting_as(SYSTEM):
        person = PersonRow.objects.get(nik=who.person.nik)
        if person.relatives.exists():
            return
        for member in who.family:
            people.add_relative(
                SYSTEM,
                person.pk,
                RELATIONS[member.relation],
                member.person.name,
                member.person.nik,
                member.person.birth_date,
                member.person.phone,
            )


def _claim(who: Protagonist, programme: str, cause: str, reported: date) -> None:
    """Reported by the family, filed with every document, judged, approved by a second officer."""
    with on(reported, "verifikator") as actor:
        person = PersonRow.objects.get(nik=who.person.nik)
        event = InsuredEvent.objects.filter(person=person).first() or claims.report_death(
            actor, person.pk, who.died_on, cause, "heir", note=f"Dilaporkan oleh {who.family[0].person.name}"
        )
        claim = Claim.objects.filter(event=event, programme=programme).first() or _file(actor, event, programme, who)
        for document in _missing_documents(actor, claim):
            claims.receive_document(actor, claim.pk, document)
        decision = Decision.objects.filter(claim=claim).first() or claims.judge_claim(actor, claim.pk)
    if not DecisionApproval.objects.filter(decision=decision).exists():
        with on(reported, "penyetuju") as actor:
            claims.decide_approval(actor, decision.pk, "approved", "Berkas dan perhitungan sesuai")


def _file(actor: Actor, event: InsuredEvent, programme: str, who: Protagonist) -> Claim:
    heir = who.family[0]
    claimant = claims.Claimant(
        name=heir.person.name,
        relation=RELATIONS[heir.relation],
        nik=heir.person.nik,
        phone=heir.person.phone,
        bank_name="Bank Kalbar",
        bank_account=f"10{heir.person.nik[-8:]}",
        bank_holder=heir.person.name,
    )
    return claims.file_claim(actor, event.pk, programme, claimant)


def _missing_documents(actor: Actor, claim: Claim) -> list[str]:
    detail = claim_queries.claim_detail(actor, claim.pk)
    return [document.kind for document in detail.documents if document.received_on is None]


def _pay_out(day: date) -> None:
    batch = PayoutBatch.objects.first()
    if batch is None:
        with on(day, "verifikator") as actor:
            payable = [row.decision_id for row in claim_queries.payable_claims() if row.decision_id]
            batch = claims.make_payout_batch(actor, payable)
    if not PayoutRelease.objects.filter(batch=batch).exists():
        with on(day, "penyetuju") as actor:
            claims.release_batch(actor, batch.pk)
    with on(day, "verifikator") as actor:
        for payout in batch.payouts.order_by("pk"):
            claims.confirm_payout(actor, payout.pk, day, f"BK-{payout.pk:06d}")


def _file_after_notice(who: Protagonist) -> None:
    """The family that was told comes the next day; two documents are still missing."""
    with on(date(2026, 2, 26), "verifikator") as actor:
        event = InsuredEvent.objects.get(person__nik=who.person.nik)
        claim = Claim.objects.filter(event=event).first() or _file(actor, event, "JKM", who)
        for document in _missing_documents(actor, claim)[:-2]:
            claims.receive_document(actor, claim.pk, document)
