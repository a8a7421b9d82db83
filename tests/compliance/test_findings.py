"""Findings: what does not agree is asked about, with both figures, source and day, and moves on by its own rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from compliance.conftest import JAN, TODAY, Town, Worker, employer, hire, on, report, without_triggers, workbook
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from lindung.compliance import actions
from lindung.compliance.finding import due_month
from lindung.compliance.models import Finding, FindingEvent, FindingRun, FindingStanding
from lindung.compliance.queries import findings as reads
from lindung.contributions.models import PersonMonth
from lindung.core.actors import EVERYWHERE, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.ui.tables import ListQuery
from lindung.membership.models import Membership
from lindung.payers.models import EmployerActivity, MinimumWage, Payer

pytestmark = pytest.mark.django_db
DEC = date(2025, 12, 1)
MINIMUM = 3_100_000
WHY = "daftar upah sudah diperiksa"
HEAD = ("Nama Perusahaan", "NIB", "Jumlah Tenaga Kerja", "Upah Rata-rata")


@pytest.fixture
def find(town: Town) -> Callable[..., dict[str, tuple[str, int, int, int]]]:
    """Run the comparison; per kind the state, people and both figures of what stands."""

    def run(day: date = TODAY) -> dict[str, tuple[str, int, int, int]]:
        with acting_as(town.officer):
            actions.find(town.officer, day)
        return {
            row.kind: (row.state, row.people, row.ours, row.theirs)
            for row in FindingStanding.objects.exclude(state="resolved")
        }

    return run


@pytest.fixture
def shop(town: Town) -> Payer:
    """A medium company that reports ten workers properly."""
    payer = town.company(1, name="PT Kapuas Jaya Abadi")
    employer(payer, nib="9120001234567")
    for kind, place, amount in (("UMP", 6100000000, "3054552"), ("UMK", 6112000000, "3100000.40")):
        MinimumWage.objects.create(
            place_id=place, kind=kind, amount=Decimal(amount), confidence="S", source="SK Gub 1355", recorded_by="uji",
            valid=DateRange(date(2026, 1, 1), date(2027, 1, 1)),
        )  # fmt: skip
    return payer


def wages(count: int, start: int = 4_000_000) -> list[Worker]:
    return [Worker(start + number * 1_000) for number in range(count)]


def listed(town: Town, *rows: tuple[object, ...], kind: str = "wlkp", as_of: date = date(2026, 1, 31)) -> None:
    with acting_as(town.officer):
        actions.receive_list(town.officer, kind, "Disnaker Kubu Raya", as_of, "x.xlsx", workbook(HEAD, *rows))


def test_month_that_is_due_follows_the_law() -> None:
    assert due_month(date(2026, 2, 27)) == JAN
    assert due_month(date(2026, 2, 10)) == DEC


def test_nothing_to_ask_of_who_reports_properly(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    report(shop, JAN, hire(shop, 10), wages(10))
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 10, 4_000_000))
    assert find() == {}


def test_pwbd_is_one_finding_whatever_lists_it_is_on(town: Town, find: Callable[..., object]) -> None:
    listed(town, ("PT Belum Daftar", None, 25, None), ("PT Tanpa Pekerja", "9990001234567", 0, None))
    listed(town, ("PT Belum Daftar", "9880001234567", None, None), kind="nib")
    assert find() == {"pwbd": ("open", 25, 0, 25)}
    shown = reads.finding(Finding.objects.get().pk)
    assert "WLKP versi 1 – Disnaker Kubu Raya" in shown.source
    assert (shown.company, shown.source_date) == ("PT Belum Daftar", date(2026, 1, 31))


def test_pwbd_ends_when_the_company_registers(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    listed(town, ("PT Belum Daftar", "9880001234567", 25, None))
    assert "pwbd" in find()  # type: ignore[operator]
    employer(town.company(9, name="PT Belum Daftar"), nib="9880001234567")
    assert "pwbd" not in find()  # type: ignore[operator]
    assert FindingStanding.objects.get(kind="pwbd").state == "resolved"


def test_fewer_workers_than_the_list_says(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    report(shop, JAN, hire(shop, 10), wages(10))
    listed(town, ("Nama Lain", "9120001234567", 14, None))
    assert find() == {"pds_workers": ("open", 4, 10, 14)}


def test_wages_below_the_minimum_of_the_place(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    low = [Worker(3_099_999), Worker(3_100_000), *wages(8)]
    report(shop, JAN, hire(shop, 10), low)
    assert find() == {"pds_minimum": ("open", 1, 3_099_999, MINIMUM)}
    people = reads.people_behind(reads.finding(Finding.objects.get().pk))
    assert [person.figure for person in people] == [3_099_999]


def test_the_minimum_of_the_sector(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    """Of a plantation of oil palms, and of nobody else."""
    MinimumWage.objects.create(
        place_id=town.world.regency, kind="UMSK", sector="Perkebunan kelapa sawit", amount=MINIMUM + 8_000,
        valid=DateRange(date(2026, 1, 1), date(2027, 1, 1)), source="SK Gub uji", recorded_by="uji", confidence="S",
    )  # fmt: skip
    report(shop, JAN, hire(shop, 2), [Worker(MINIMUM + 7_999), Worker(MINIMUM + 8_000)])
    assert find() == {}
    EmployerActivity.objects.create(
        payer=shop, kbli=["46202", "01262"], risk_group=3, valid=DateRange(date(2024, 1, 1), None), decided_by="uji",
        source="uji", recorded_by="uji",
    )  # fmt: skip
    assert find() == {"pds_minimum": ("open", 1, MINIMUM + 7_999, MINIMUM + 8_000)}
    assert FindingEvent.objects.get().detail["wage_kind"] == "UMSK"


def test_the_provinces_minimum_where_the_regency_has_none(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    with without_triggers():
        MinimumWage.objects.filter(kind="UMK").delete()
    report(shop, JAN, hire(shop, 2), [Worker(3_054_551), Worker(3_054_552)])
    assert find() == {"pds_minimum": ("open", 1, 3_054_551, 3_054_552)}


def test_small_businesses_are_spared_the_minimum_wage(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    payer = town.company(2)
    employer(payer, size="small")
    report(payer, JAN, hire(payer, 2, seed=3), [Worker(1_000_000), Worker(1_100_000)])
    report(shop, JAN, hire(shop, 1), wages(1))
    assert find() == {}


@pytest.mark.parametrize(("same", "found"), [(9, True), (8, False)])
def test_flat_wages(town: Town, shop: Payer, find: Callable[..., object], same: int, found: bool) -> None:
    report(shop, JAN, hire(shop, 10), [Worker(3_500_000)] * same + wages(10 - same))
    assert find() == ({"pds_flat": ("open", 9, 3_500_000, 90)} if found else {})


@pytest.mark.parametrize(("average", "found"), [(5_000_000, True), (4_400_000, False)])
def test_wages_lower_than_another_list(
    town: Town, shop: Payer, find: Callable[..., object], average: int, found: bool
) -> None:
    report(shop, JAN, hire(shop, 3), [Worker(4_000_000), Worker(4_100_000), Worker(4_200_000)])
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", None, average), kind="other")
    assert find() == ({"pds_other": ("open", 3, 4_100_000, 5_000_000)} if found else {})


def test_programmes_missing_for_the_size(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    members = hire(shop, 4)
    old, young = members[0].person, members[1].person
    old.birth_date, young.birth_date = date(1960, 1, 1), date(1990, 1, 1)
    old.save(), young.save()
    lines = [Worker(4_000_000, jp=0), Worker(4_100_000, jp=0), Worker(4_200_000), Worker(4_300_000, jht=0)]
    report(shop, JAN, members, lines)
    assert find() == {"pds_programme": ("open", 2, 2, 4)}  # the old one pays no pension contribution any more
    detail = FindingEvent.objects.get().detail
    assert (detail["no_jht"], detail["no_jp"]) == (1, 1)
    behind = reads.people_behind(reads.finding(Finding.objects.get().pk))
    assert {person.person_id for person in behind} == {members[1].person_id, members[3].person_id}


def test_micro_business_owes_neither(town: Town, find: Callable[..., object]) -> None:
    payer = town.company(2)
    employer(payer, size="micro")
    report(payer, JAN, hire(payer, 2, seed=3), [Worker(3_500_000, 0, 0), Worker(3_600_000, 0, 0)])
    assert find() == {}


def test_paid_for_by_a_scheme_and_employed(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    members = hire(shop, 3)
    report(shop, JAN, members, wages(3))
    report(town.world.agency, JAN, members[:1], [Worker(1_000_000, 0, 0)], "decree:7", segment="BPU", job=2)
    assert find() == {"assisted": ("open", 1, 4_000_000, 16_800)}
    row = Finding.objects.get()
    assert (row.person_id, row.payer_id) == (members[0].person_id, shop.pk)


def test_no_report_for_the_month_that_is_due(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    members = hire(shop, 3)
    report(shop, DEC, members, wages(3))
    assert find() == {"not_reported": ("open", 3, 0, 3)}
    report(shop, JAN, members, wages(3))
    assert find() == {}


def test_never_reported_since_registration(town: Town, find: Callable[..., object]) -> None:
    employer(town.company(5))
    assert find() == {"not_reported": ("open", 0, 0, 0)}
    assert FindingEvent.objects.get().detail["never"] is True


def test_a_company_without_workers_is_left_alone(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    members = hire(shop, 3)
    report(shop, DEC, members, wages(3))
    with without_triggers():
        Membership.objects.update(valid=DateRange(date(2024, 1, 1), date(2026, 1, 1)))
    assert find() == {}


def test_leavers_whose_membership_stands(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    members = hire(shop, 5)
    report(shop, DEC, members, wages(5))
    report(shop, JAN, members[:3], wages(3))
    hire(shop, 1, seed=8, registered_on=date(2026, 2, 5))  # joined after the month: not a leaver
    assert find() == {"leavers": ("open", 2, 3, 5)}
    behind = reads.people_behind(reads.finding(Finding.objects.get().pk))
    assert {person.person_id for person in behind} == {member.person_id for member in members[3:]}


def test_taken_back_charges_do_not_count(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    members = hire(shop, 2)
    report(shop, JAN, members, [Worker(1_000_000), Worker(4_000_000)])
    charged = PersonMonth.objects.filter(person_id=members[0].person_id).values().get()
    back = {name: -charged[name] for name in ("jkk", "jkm", "jht", "jp")} | {"entry_no": 2}
    with without_triggers():
        PersonMonth.objects.bulk_create([PersonMonth(**charged | back)])
    assert "pds_minimum" not in find()  # type: ignore[operator]


def test_the_same_run_twice_adds_no_event(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    report(shop, JAN, hire(shop, 10), [Worker(2_000_000)] * 10)
    listed(town, ("PT Lain", "9990001234567", 3, None))
    first = find()
    events = FindingEvent.objects.count()
    assert find() == first
    assert FindingEvent.objects.count() == events
    run = FindingRun.objects.latest("id")
    assert (run.opened, run.changed, run.resolved) == (0, 0, 0)
    assert run.counts == {"pwbd": 1, "pds_minimum": 1, "pds_flat": 1}


def judge(town: Town, outcome: str, reason: str = WHY, kind: str = "pds_workers") -> FindingEvent:
    with acting_as(town.officer):
        return actions.judge_finding(town.officer, Finding.objects.get(kind=kind).pk, outcome, reason)


def test_what_was_refuted_comes_back_only_when_it_has_grown(
    town: Town, shop: Payer, find: Callable[..., dict[str, tuple[str, int, int, int]]]
) -> None:
    members = hire(shop, 10)
    report(shop, JAN, members, wages(10))
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 14, None))
    find()
    judge(town, "refuted")
    assert find()["pds_workers"][0] == "refuted"
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 13, None))
    assert find()["pds_workers"][0] == "refuted"
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 20, None))
    assert find()["pds_workers"] == ("open", 10, 10, 20)
    assert [event.what for event in FindingEvent.objects.order_by("number")] == ["found", "refuted", "reopened"]


def test_decisions_have_reasons_and_an_order(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    report(shop, JAN, hire(shop, 10), wages(10))
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 14, None))
    find()
    with pytest.raises(InvalidInput):
        judge(town, "confirmed", " ")
    with pytest.raises(InvalidInput):
        judge(town, "found")
    assert judge(town, "confirmed").pk == judge(town, "confirmed").pk
    judge(town, "resolved", "sudah dilaporkan semua")
    with pytest.raises(Conflict):
        judge(town, "refuted")
    viewer = type(town.officer)(town.officer.user_id, "Uji", "auditor", frozenset({"compliance.view"}))
    with pytest.raises(NotAllowed):
        actions.judge_finding(viewer, Finding.objects.get().pk, "confirmed", WHY)
    with pytest.raises(NotAllowed):
        actions.find(viewer, TODAY)


def test_the_company_answers_for_itself_only(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    report(shop, JAN, hire(shop, 10), wages(10))
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 14, None))
    find()
    found = Finding.objects.get()
    other = town.company(2)

    def staff(payer: Payer) -> object:
        return type(town.officer)(
            town.officer.user_id, "HRD", "company_hr", frozenset({"compliance.own"}), (), (payer.pk,)
        )

    for actor, allowed in ((staff(other), False), (staff(shop), True)):
        with acting_as(actor):  # type: ignore[arg-type]
            assert FindingStanding.objects.count() == int(allowed)
            if allowed:
                actions.object_to(actor, found.pk, "empat orang pekerja cabang Pontianak")  # type: ignore[arg-type]
            else:
                with pytest.raises(NotFound):
                    actions.object_to(actor, found.pk, "bukan urusan kami")  # type: ignore[arg-type]
    assert FindingStanding.objects.get().objected is True


def test_an_officer_of_one_district_sees_its_findings_only(
    town: Town, shop: Payer, find: Callable[..., object]
) -> None:
    far = town.company(3, place_id=town.world.villages[-1])
    employer(far)
    for payer, seed in ((shop, 1), (far, 2)):
        report(payer, DEC, hire(payer, 2, seed=seed), wages(2))
    find()
    hidden = Finding.objects.get(payer=far).pk
    district = town.world.districts[0]
    near = type(town.officer)(5, "Uji", "x", frozenset({"compliance.view"}), ((district, district + 9_999),))
    with acting_as(near):
        assert [row.payer_id for row in reads.finding_rows(ListQuery()).rows] == [shop.pk]
        with pytest.raises(NotFound):
            reads.finding(hidden)


def test_the_worst_for_workers_comes_first(town: Town, shop: Payer, find: Callable[..., object]) -> None:
    report(shop, JAN, hire(shop, 10), [Worker(2_000_000)] * 10)
    silent = town.company(2)
    report(silent, DEC, hire(silent, 2, seed=4), wages(2))
    listed(town, ("PT Lain", "9990001234567", 50, None))
    find()
    order = [row.kind for row in reads.finding_rows(ListQuery()).rows]
    assert order == ["pwbd", "not_reported", "pds_minimum", "pds_flat"]


BROKEN = {
    "an event out of turn": "INSERT INTO compliance_findingevent {columns} SELECT finding_id, 2, 'found', {rest}",
    "a number left out": "INSERT INTO compliance_findingevent {columns} SELECT finding_id, 3, 'evidence', {rest}",
    "reopened while open": "INSERT INTO compliance_findingevent {columns} SELECT finding_id, 2, 'reopened', {rest}",
    "refuted without reason": "INSERT INTO compliance_findingevent {columns} SELECT finding_id, 2, 'refuted', {rest}",
    "without a source": "INSERT INTO compliance_findingevent {columns} SELECT finding_id, 2, 'evidence', {no_source}",
    "standing by hand": "UPDATE compliance_findingstanding SET state = 'confirmed'",
    "evidence changed": "UPDATE compliance_findingevent SET ours = 99",
    "finding deleted": "DELETE FROM compliance_finding",
}


@pytest.mark.parametrize("how", BROKEN)
def test_the_database_keeps_the_story(town: Town, shop: Payer, find: Callable[..., object], how: str) -> None:
    report(shop, JAN, hire(shop, 10), wages(10))
    listed(town, ("PT Kapuas Jaya Abadi", "9120001234567", 14, None))
    find()
    columns = (
        "(finding_id, number, what, dated, people, ours, theirs, source, source_date, detail, reason, recorded_by)"
    )
    tail = "source_date, detail, '', 'x' FROM compliance_findingevent"
    rest, no_source = f"dated, people, ours, theirs, source, {tail}", f"dated, people, ours, theirs, '', {tail}"
    with pytest.raises(DatabaseError), acting_as(town.officer), connection.cursor() as cursor:
        cursor.execute(BROKEN[how].format(columns=columns, rest=rest, no_source=no_source))


def test_a_finding_without_evidence_does_not_stand(town: Town, shop: Payer) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Finding.objects.create(kind="pwbd", subject="x", payer=shop, place_id=shop.place_id, found_on=TODAY)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_run_sees_everywhere_whoever_starts_it(town: Town, shop: Payer) -> None:
    report(shop, DEC, hire(shop, 2), wages(2))
    on(TODAY)
    elsewhere = type(town.officer)(
        town.officer.user_id, "Uji", "x", frozenset({"compliance.judge"}), ((6171000000, 6171999999),)
    )
    with acting_as(elsewhere):
        actions.find(elsewhere, TODAY)
        assert FindingStanding.objects.count() == 0
    assert elsewhere.scope != EVERYWHERE
    assert FindingStanding.objects.count() == 1
