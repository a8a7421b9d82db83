"""A worker registers himself, pays ahead, comes back, and is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from world import TODAY, World, make_user

from lindung.contributions import actions as contributions
from lindung.contributions import queries as cover
from lindung.contributions.codes import payer_code, payer_of_code
from lindung.contributions.models import Bill, BillIssue
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.models import Installation
from lindung.membership.models import Membership
from lindung.people.actions import record_death
from lindung.people.models import Person
from lindung.selfpay import actions, queries, visits
from lindung.selfpay.models import Reminder, SelfPayer, Visit
from lindung.selfpay.pricing import offers
from lindung.selfpay.questions import QUESTIONS, next_question

pytestmark = pytest.mark.django_db
FEB, MAR, APR = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


@contextmanager
def on_day(day: date) -> Iterator[None]:
    """The installation's business date within the block."""
    before = Installation.objects.get().business_date
    Installation.objects.update(business_date=day)
    yield
    Installation.objects.update(business_date=before)


def answered(answers: dict[str, str]) -> str:
    """A code under which all of this was answered, one by one."""
    with acting_as(actions.WORKER):
        code = visits.new_visit()
        for key, text in answers.items():
            asked = next_question(visits.answers_of(visits.visit_of(code)))
            assert asked is not None and asked.key == key
            visits.answer(code, key, text)
    return code


def registered(answers: dict[str, str]) -> tuple[str, SelfPayer]:
    code = answered(answers)
    return code, actions.register(code)


def pay(self_payer: SelfPayer, on: date = TODAY) -> None:
    with acting_as(SYSTEM):
        bills = list(Bill.objects.filter(payer=self_payer.payer, settlements=None).values_list("pk", flat=True))
        asked = sum(BillIssue.objects.filter(bill__in=bills).values_list("amount", flat=True))
        contributions.record_payment(SYSTEM, self_payer.payer_id, "transfer", f"T{bills[0]}", on, asked, bills)


def test_from_nothing_to_three_months_billed(answers: dict[str, str]) -> None:
    _, self_payer = registered(answers)
    bills = BillIssue.objects.filter(bill__payer=self_payer.payer).order_by("bill__month")
    # PP 50/2025: from April 2026 half of JKK and JKM outside transport
    assert [(bill.bill.month, bill.amount) for bill in bills] == [(FEB, 16_800), (MAR, 16_800), (APR, 8_400)]
    standing = queries.standing(self_payer)
    assert (standing.asked, standing.cover.status) == (42_000, "inactive")
    pay(self_payer)
    assert cover.cover_of(self_payer.person_id, TODAY).status == "active"
    assert queries.standing(self_payer).bills == []
    assert Visit.objects.get().answers == ""


def test_registering_again_changes_nothing(answers: dict[str, str]) -> None:
    code, first = registered(answers)
    assert actions.register(code) == first
    _, second = registered(answers)
    assert second == first
    assert (Person.objects.count(), Membership.objects.count(), SelfPayer.objects.count()) == (1, 1, 1)


def test_old_age_savings_and_transport(answers: dict[str, str]) -> None:
    _, self_payer = registered(answers | {"transport": "transport", "old_age": "yes", "months": "1"})
    assert BillIssue.objects.get().amount == 8_400 + 20_000  # half for transport since January 2026; JHT whole
    assert queries.standing(self_payer).asked == 28_400


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("nik", "611201420385000", "nik_length"),
        ("nik", "61120142038500AB", "nik_not_digits"),
        ("nik", "", "nik_missing"),
        ("name", "7", "too_short_or_long"),
        ("phone", "0561-123", "phone"),
        ("village", "3171010001", "choose"),
        ("income", "0", "income"),
        ("income", "satu juta", "income"),
        ("months", "5", "choose"),
        ("confirmed", "", "nik_not_mine"),
    ],
)
def test_a_slip_is_told_where_it_happens(answers: dict[str, str], key: str, text: str, code: str) -> None:
    before = dict(list(answers.items())[: list(answers).index(key)])
    visit = answered(before)
    with pytest.raises(InvalidInput) as refused, acting_as(actions.WORKER):
        visits.answer(visit, key, text)
    assert refused.value.code == code


@pytest.mark.parametrize("change", [{"name": "Orang Lain"}, {"mother": "Bukan Ibunya"}])
def test_a_nik_of_somebody_else_is_refused_and_tells_nothing(answers: dict[str, str], change: dict[str, str]) -> None:
    registered(answers)
    with pytest.raises(Conflict) as refused:
        registered(answers | change)
    assert refused.value.code == "identity_differs"
    assert "Siti" not in str(refused.value.message) and "Halimah" not in str(refused.value.message)


def test_the_dead_do_not_register(answers: dict[str, str]) -> None:
    _, self_payer = registered(answers)
    with acting_as(SYSTEM):
        record_death(SYSTEM, self_payer.person_id, date(2026, 2, 20), "uji")
    with pytest.raises(Conflict):
        registered(answers)


def test_too_old_to_begin(answers: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        registered(answers | {"nik": "6112014203500001"})
    assert (refused.value.code, refused.value.article) == ("too_old", "Permenaker 5/2021")
    assert not Person.objects.exists()


def test_months_paid_by_the_regency_are_not_billed_twice(answers: dict[str, str], world: World) -> None:
    _, self_payer = registered(answers)
    with acting_as(SYSTEM):
        contributions.reverse_person_months(SYSTEM, [self_payer.person_id], FEB, "uji")
        member = self_payer.membership
        frame = pl.DataFrame(
            {"person_id": [member.person_id], "membership_id": [member.pk], "job": [1], "place_id": [member.place_id],
             "segment": ["BPU"], "wage_base": [1_000_000], "jkk": [10_000], "jkm": [6_800], "jht": [0], "jp": [0],
             "jkp": [0], "worker_share": [0]}
        )  # fmt: skip
        contributions.plan_person_months(SYSTEM, world.agency.pk, [FEB], frame, "decree:1")
    assert queries.months_to_pay(self_payer, 2, fresh_start=False) == [MAR, APR]


def test_arrears_come_first_unless_he_begins_afresh(answers: dict[str, str]) -> None:
    code, self_payer = registered(answers | {"months": "1"})
    pay(self_payer)
    later = date(2026, 5, 20)
    with on_day(later):
        assert queries.unbilled_arrears(self_payer) == [MAR, APR]
        assert queries.months_to_pay(self_payer, 3, fresh_start=False) == [MAR, APR, date(2026, 5, 1)]
        assert queries.months_to_pay(self_payer, 1, fresh_start=True) == [date(2026, 5, 1)]
        actions.order_months(code, 3)
    assert [bill.left for bill in queries.open_bills(self_payer.payer_id)] == [16_800, 8_400, 8_400]


def test_reminded_once_for_each_occasion(answers: dict[str, str]) -> None:
    _, self_payer = registered(answers | {"months": "1"})
    pay(self_payer)
    officer = Actor(1, "Uji", "regency_officer", frozenset({"selfpay.remind"}), SYSTEM.scope)
    seen = []
    for day in (date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 20), date(2026, 5, 25), date(2026, 6, 2)):
        with on_day(day), acting_as(officer):
            seen.append([row.occasion for row in queries.due_reminders(day)])
            noted = actions.note_reminders(officer, [self_payer.pk])
            assert (noted, actions.note_reminders(officer, [self_payer.pk])) == (len(seen[-1]), 0)
    assert seen == [[], ["due"], ["grace"], ["ending"], ["ended"]]
    assert Reminder.objects.count() == 4


def test_unfinished_answers_are_forgotten_and_kept_encrypted(answers: dict[str, str]) -> None:
    code = answered(dict(list(answers.items())[:4]))
    assert "6112014203850001" not in Visit.objects.get().answers
    Visit.objects.update(started_at=timezone.now() - timedelta(days=31))
    assert visits.forget_unfinished() == 1
    with pytest.raises(NotFound):
        visits.visit_of(code)


def test_the_database_keeps_no_answers_after_registration(answers: dict[str, str]) -> None:
    registered(answers)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE selfpay_visit SET answers = 'x'")


def test_a_payer_s_code_is_told_from_a_bills_and_from_a_slip() -> None:
    assert payer_of_code(payer_code(4711)) == 4711
    code = payer_code(4711)
    slips = [code[:i] + str((int(code[i]) + 1) % 10) + code[i + 1 :] for i in range(12)]
    assert {payer_of_code(slip) for slip in slips} == {None}


def through_the_pages(client: Client, answers: dict[str, str]) -> Any:
    """As a phone does it: every page is read, every form sent."""
    place = client.post("/mandiri/mulai")["Location"]
    for question in QUESTIONS:
        shown = client.get(place).content.decode()
        assert f'value="{question.key}"' in shown
        assert client.post(f"{place}jawab", {"tanya": question.key, "jawab": answers[question.key]}).status_code == 302
    assert "Rp42.000" in client.get(place).content.decode()
    assert client.post(f"{place}daftar").status_code == 302
    return place


def test_the_pages_carry_somebody_from_start_to_code(answers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    place = through_the_pages(client, answers)
    own = client.get(place)
    text = own.content.decode()
    assert "Siti Aminah" in text and payer_code(SelfPayer.objects.get().payer_id) in text
    assert "6112014203850001" not in text and "Halimah" not in text
    assert (own["Referrer-Policy"], "no-store" in own["Cache-Control"]) == ("no-referrer", True)
    assert not client.cookies
    assert client.post(f"{place}bayar", {"months": "2"}).status_code == 302
    assert "Rp58.800" in client.get(place).content.decode()
    again = client.post("/mandiri/kembali", {"code": f" {place.strip('/').split('/')[-1].lower()} "})
    assert again["Location"] == place


def test_wrong_answers_and_codes_on_the_pages(answers: dict[str, str]) -> None:
    client = Client()
    place = client.post("/mandiri/mulai")["Location"]
    faulty = client.post(f"{place}jawab", {"tanya": "nik", "jawab": "123<script>"})
    assert faulty.status_code == 422 and "&lt;script&gt;" in faulty.content.decode()
    assert client.get("/mandiri/AAAABBBBCCCC/").status_code == 404
    assert client.post(f"{place}bayar", {"months": "1"}).status_code in {404, 409, 422}
    assert client.post(f"{place}daftar").status_code == 422
    assert client.post(f"{place}jawab", {"tanya": "tidak-ada", "jawab": "x"}).status_code == 404


def test_officers_see_whom_to_remind(answers: dict[str, str], world: World) -> None:
    _, self_payer = registered(answers | {"months": "1"})
    pay(self_payer)
    client = Client()
    client.force_login(make_user("petugas", "regency_officer", [world.regency]))
    with on_day(date(2026, 3, 10)):
        shown = client.get("/mandiri/pengingat").content.decode()
        assert "wa.me/6281234567890" in shown and "6112014203850001" not in shown
        assert client.post("/mandiri/pengingat/catat", {"self_payer": [self_payer.pk, "x"]}).status_code == 302
        assert "tidak ada yang perlu diingatkan" in client.get("/mandiri/pengingat").content.decode()
    assert Client().get("/mandiri/pengingat").status_code == 302


def test_the_page_opens_where_the_law_gives_no_figures_yet(answers: dict[str, str]) -> None:
    """Fewer months are offered; nobody is kept from his own page."""
    code, self_payer = registered(answers | {"months": "1"})
    pay(self_payer)
    with on_day(date(2026, 2, 27)):
        assert [offer.count for offer in offers(self_payer)] == [1, 2, 3, 6, 12]
    with on_day(date(2027, 10, 5)), acting_as(actions.WORKER):
        actions._order(self_payer, 12, fresh_start=False)
        assert [offer.count for offer in offers(self_payer)] == [1, 2, 3, 6]
        assert Client().get(f"/mandiri/{code}/").status_code == 200


def test_too_many_months_are_asked_again(answers: dict[str, str]) -> None:
    with on_day(date(2027, 6, 5)):
        code = answered(answers | {"months": "12"})
        shown = Client().get(f"/mandiri/{code}/")
        assert shown.status_code == 422 and 'value="months"' in shown.content.decode()
        assert Client().post(f"/mandiri/{code}/jawab", {"tanya": "months", "jawab": "3"}).status_code == 302
        assert Client().get(f"/mandiri/{code}/").status_code == 200
