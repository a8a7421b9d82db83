"""Reports of deaths, the civil registry's list, and telling the families."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO

import pytest
from formats import books
from pypdf import PdfReader

from claims.conftest import DIED, NEWCOMER_FROM, VETERAN_FROM, Branch
from lindung.claims import actions
from lindung.claims.models import HeirNotice, InsuredEvent
from lindung.contributions.actions import at_price, issue_bill, plan_person_months
from lindung.contributions.models import Bill, PersonMonth
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.files import read_file
from lindung.core.models import ActionEntry
from lindung.people.actions import record_death
from lindung.people.models import LifeEvent, Person

pytestmark = pytest.mark.django_db
HEADER = ["No", "NIK", "Nama Lengkap", "Tgl Lahir", "Tanggal Kematian", "Nomor Akta Kematian", "Penyebab"]


def plan_spring(branch: Branch, person_id: int) -> None:
    """March and April are planned; March is billed too. Neither is paid."""
    with acting_as(SYSTEM):
        months = [date(2026, 3, 1), date(2026, 4, 1)]
        members = at_price(branch.members(person_id), 1_000_000, jkk=10_000, jkm=6_800)
        plan_person_months(SYSTEM, branch.world.agency.pk, months, members, "decree:1")
        issue_bill(SYSTEM, Bill.objects.get(month=months[0]).pk)


@pytest.mark.parametrize("role", ["officer", "operator", "verifier"])
def test_a_death_is_a_life_event_too_and_ends_later_unpaid_months(branch: Branch, role: str) -> None:
    person_id = branch.participant(VETERAN_FROM)
    plan_spring(branch, person_id)
    branch.death(person_id, actor=getattr(branch.world, role))
    assert LifeEvent.objects.get(person_id=person_id).occurred_on == DIED
    rows = PersonMonth.objects.filter(person_id=person_id)
    assert rows.filter(month__gt=DIED, entry_no=2).count() == 2
    assert sum(row.jkk + row.jkm for row in rows.filter(month__gt=DIED)) == 0
    assert not rows.filter(month__lte=DIED, entry_no=2).exists()


def test_the_same_report_twice_is_one_death_and_another_day_is_refused(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    assert branch.death(person_id).id == branch.death(person_id).id
    with pytest.raises(Conflict) as caught:
        branch.death(person_id, date(2026, 2, 12))
    assert caught.value.code == "death_already_reported"
    assert InsuredEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "code"), [(date(2026, 2, 28), "death_in_future"), (date(1970, 1, 1), "death_before_birth")]
)
def test_impossible_days_are_refused(branch: Branch, day: date, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        branch.death(branch.participant(VETERAN_FROM), day)
    assert caught.value.code == code


def test_an_operator_reports_in_his_village_only(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    with pytest.raises(NotFound):
        branch.death(person_id, actor=branch.world.other_operator)
    assert branch.death(person_id, actor=branch.world.operator).person_id == person_id


def test_an_auditor_reports_nothing(branch: Branch) -> None:
    with pytest.raises(NotAllowed):
        branch.death(branch.participant(VETERAN_FROM), actor=branch.world.auditor)


def test_the_family_is_told_once_with_amount_and_free_of_charge(branch: Branch, veteran: InsuredEvent) -> None:
    with acting_as(branch.world.officer) as who:
        notice = actions.tell_heirs(who, veteran.id)
        assert actions.tell_heirs(who, veteran.id).id == notice.id
    assert notice.told_name == "Siti Rohani"
    assert "Rp42.000.000" in notice.text
    assert "Gratis, tidak ada potongan" in notice.text
    assert "Buku nikah" in notice.text
    assert notice.letter_id is not None
    assert read_file(notice.letter_id)[1].startswith(b"%PDF")


@pytest.mark.parametrize(("sex", "word"), [("L", "Almarhum"), ("P", "Almarhumah")])
def test_the_letter_calls_a_woman_and_a_man_rightly(branch: Branch, sex: str, word: str) -> None:
    event = branch.death(branch.participant(VETERAN_FROM, sex=sex))
    with acting_as(branch.world.officer) as who:
        notice = actions.tell_heirs(who, event.id)
    assert f"{word} adalah peserta" in notice.text
    assert notice.letter_id is not None
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(read_file(notice.letter_id)[1])).pages)
    assert f"{word} terlindungi" in " ".join(printed.split())


def test_a_newcomers_family_learns_why_it_is_less(branch: Branch) -> None:
    event = branch.death(branch.participant(NEWCOMER_FROM))
    with acting_as(branch.world.officer) as who:
        text = actions.tell_heirs(who, event.id).text
    assert "Rp10.000.000" in text
    assert "baru lunas 2 bulan berturut-turut, belum 3 bulan" in text


def test_a_family_without_right_is_told_so_with_the_way_out(branch: Branch) -> None:
    event = branch.death(branch.participant(VETERAN_FROM, date(2025, 8, 1)))
    with acting_as(branch.world.officer) as who:
        notice = actions.tell_heirs(who, event.id, "Halimah", "visit")
    assert notice.letter_id is None
    assert "Rp" not in notice.text
    assert "jawaban tertulis" in notice.text


def death_list(*people: Person, died_on: date = DIED) -> bytes:
    rows = [
        (
            n,
            p.nik,
            p.name,
            f"{p.birth_date:%d-%m-%Y}",
            datetime(died_on.year, died_on.month, died_on.day),
            f"6112-KM-{n}",
            "",
        )
        for n, p in enumerate(people, 1)
    ]
    return bytes(
        books.simple(
            [*rows, (99, "6112010101500001", "Orang Lain", "01-01-1950", datetime(2026, 2, 1), "x", "")], HEADER
        )
    )


def test_a_death_list_tells_covered_families_and_repeated_changes_nothing(branch: Branch) -> None:
    covered, lapsed = (
        branch.participant(VETERAN_FROM),
        branch.participant(VETERAN_FROM, date(2025, 8, 1), "Jumadi Arsyad"),
    )
    content = death_list(*Person.objects.filter(pk__in=[covered, lapsed]).order_by("pk"))
    with acting_as(branch.world.officer) as who:
        first = actions.match_death_list(who, content, "kematian.xlsx")
    assert (first.received, first.matched, first.covered, first.told) == (3, 2, 1, 1)
    event = InsuredEvent.objects.get()
    assert (event.person_id, event.source, event.id) == (covered, "registry", first.events[0])
    assert set(LifeEvent.objects.values_list("person_id", flat=True)) == {covered, lapsed}
    acts = ActionEntry.objects.filter(action__startswith="claims.").count()
    with acting_as(branch.world.officer) as who:
        second = actions.match_death_list(who, content, "kematian.xlsx")
    assert (second.events, second.told) == ([], 0)
    assert InsuredEvent.objects.count() == HeirNotice.objects.count() == 1
    assert LifeEvent.objects.count() == 2
    assert ActionEntry.objects.filter(action__startswith="claims.").count() == acts


def test_a_list_that_disagrees_with_a_known_date_is_told_not_applied(branch: Branch, veteran: InsuredEvent) -> None:
    other = branch.participant(VETERAN_FROM, name="Suparman")
    with acting_as(SYSTEM):
        record_death(SYSTEM, other, date(2026, 2, 1), "desa")
    with acting_as(branch.world.officer) as who:
        result = actions.match_death_list(
            who, death_list(*Person.objects.filter(pk__in=[veteran.person_id, other])), "a.xlsx"
        )
    assert result.events == []
    assert len(result.problems) == 1
    assert "Suparman" in result.problems[0]


def test_a_file_that_is_no_list_is_refused_with_a_way_out(branch: Branch) -> None:
    with acting_as(branch.world.officer) as who, pytest.raises(InvalidInput) as caught:
        actions.match_death_list(who, b"not a workbook", "a.xlsx")
    assert caught.value.way_out
