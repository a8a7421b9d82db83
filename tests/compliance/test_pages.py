"""Pages and API as officers use them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from compliance.conftest import JAN, TODAY, VERBS, Town, Worker, bill, hire, report, workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lindung.compliance import actions
from lindung.compliance.models import CompanyList, Finding, FindingStanding, LadderStep, PaymentPlan
from lindung.core.actors import acting_as
from lindung.core.models import AccessEntry, ActionEntry, User
from lindung.payers.models import Payer
from lindung.people.models import Person
from lindung.web.roles import ROLES
from lindung.web.tokens import make_token

pytestmark = pytest.mark.django_db
HEAD = ("Nama Perusahaan", "NIB", "Jumlah Tenaga Kerja")
WHY = "sudah diperiksa ke lapangan"


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The officer's role has this room's permissions, the auditor's none."""
    role = ROLES["regency_officer"]
    granted = role.permissions | {f"compliance.{verb}" for verb in VERBS}
    monkeypatch.setitem(ROLES, "regency_officer", replace(role, permissions=granted))
    without = ROLES["auditor"]
    monkeypatch.setitem(
        ROLES, "auditor",
        replace(without, permissions=frozenset(p for p in without.permissions if not p.startswith("compliance."))),
    )  # fmt: skip


def sign_in(username: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


@pytest.fixture
def rina(town: Town) -> Client:
    return sign_in("rina")


@pytest.fixture
def joko(town: Town) -> Client:
    return sign_in("joko")


@pytest.fixture
def debtor(town: Town) -> Payer:
    payer = town.company(1, name="PT <b>Tunggak</b> & Co")
    bill(payer, date(2025, 12, 1), 1_000_000, date(2026, 1, 15))
    return payer


def text(response: Any) -> str:
    return str(response.content.decode())


def found_for(town: Town) -> Finding:
    """A company with two workers below no wage but one gone, and a company nobody registered."""
    payer = town.company(1, name="PT Kapuas")
    members = hire(payer, 3)
    report(payer, JAN, members[:2], [Worker(4_000_000), Worker(4_100_000)])
    with acting_as(town.officer):
        data = workbook(HEAD, ["PT <i>Belum</i>", "9990001234567", 5])
        actions.receive_list(town.officer, "wlkp", "Disnaker", date(2026, 1, 31), "x.xlsx", data)
        actions.find(town.officer, TODAY)
    return Finding.objects.get(kind="leavers")


PAGES = ("worklist", "summary", "findings", "arrears", "lists", "upload")


@pytest.mark.parametrize("name", PAGES)
def test_pages_open_empty_and_filled(town: Town, rina: Client, debtor: Payer, name: str) -> None:
    assert rina.get(reverse(f"compliance:{name}")).status_code == 200
    found_for(town)
    page = rina.get(reverse(f"compliance:{name}"))
    assert page.status_code == 200
    assert "<b>Tunggak" not in text(page)
    assert "<i>Belum" not in text(page)


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_closed_to_others(town: Town, name: str) -> None:
    client = Client()
    client.force_login(town.world.user("auditor"))
    assert client.get(reverse(f"compliance:{name}")).status_code == 403


def test_worklist_puts_lost_cover_and_letters_on_the_desk(town: Town, rina: Client, debtor: Payer) -> None:
    found_for(town)
    page = text(rina.get(reverse("compliance:worklist")))
    assert "usulkan: Surat pengingat" in page
    assert page.index("Belum&lt;/i&gt;") < page.index("Pekerja keluar belum dinonaktifkan")


def test_a_finding_shows_both_figures_source_and_how_to_object(town: Town, rina: Client) -> None:
    found = found_for(town)
    page = text(rina.get(reverse("compliance:finding", args=[found.pk])))
    for said in (
        "bukan tuduhan",
        "Daftar kepesertaan dibanding laporan upah",
        "berhak menyangkal",
        "status masih aktif",
    ):
        assert said in page
    person = Person.objects.order_by("-id").first()
    assert person is not None
    assert person.nik not in page
    assert AccessEntry.objects.filter(subject=f"finding:{found.pk}").exists()
    assert rina.get(reverse("compliance:finding", args=[10**9])).status_code == 404


def test_a_finding_is_judged_with_a_reason(town: Town, rina: Client) -> None:
    found = found_for(town)
    url = reverse("compliance:judge", args=[found.pk])
    assert rina.post(url, {"outcome": "confirmed", "reason": ""}).status_code == 422
    assert rina.post(url, {"outcome": "confirmed", "reason": WHY}).status_code == 302
    assert FindingStanding.objects.get(pk=found.pk).state == "confirmed"
    assert WHY in text(rina.get(reverse("compliance:finding", args=[found.pk])))
    assert rina.post(reverse("compliance:object", args=[found.pk]), {"reason": "sudah keluar"}).status_code == 302
    assert rina.get(url).status_code == 405


def test_the_question_to_the_company_is_a_letter(town: Town, rina: Client) -> None:
    found = found_for(town)
    answer = rina.get(reverse("compliance:finding_letter", args=[found.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert ActionEntry.objects.filter(action="compliance.finding_letter").count() == 1


def test_the_ladder_over_pages(town: Town, rina: Client, joko: Client, debtor: Payer) -> None:
    company = reverse("compliance:company", args=[debtor.pk])
    page = text(rina.get(company))
    assert "Usulkan: Surat pengingat" in page
    assert "&lt;b&gt;Tunggak" in page
    assert rina.post(reverse("compliance:propose", args=[debtor.pk]), {"reason": WHY}).status_code == 302
    step = LadderStep.objects.get()
    assert rina.get(reverse("compliance:letter", args=[step.pk])).content.startswith(b"%PDF")
    send = reverse("compliance:send", args=[step.pk])
    assert rina.get(send).status_code == 200
    faulty = rina.post(send, {"sent_on": "2026-01-01", "channel": "post", "proof": "resi 1"})
    assert (faulty.status_code, "Tanggal kirim harus" in text(faulty)) == (422, True)
    assert rina.post(send, {"sent_on": str(TODAY), "channel": "post", "proof": "resi 1"}).status_code == 302
    page = text(rina.get(company))
    assert "Jawaban perusahaan ditunggu sampai" in page
    assert "Usulkan:" not in page
    assert rina.post(reverse("compliance:propose", args=[debtor.pk]), {"reason": WHY}).status_code == 409
    assert (
        joko.post(reverse("compliance:close", args=[step.case_id]), {"reason": "salah perusahaan"}).status_code == 302
    )


def test_a_plan_over_pages(town: Town, rina: Client, joko: Client, debtor: Payer) -> None:
    url = reverse("compliance:plan", args=[debtor.pk])
    form = {"count": "3", "first_due": "2026-03-10", "signer": "Budi", "title": "Direktur", "reason": WHY}
    assert rina.post(url, form | {"count": "99"}).status_code == 422
    assert rina.post(url, form).status_code == 302
    plan = PaymentPlan.objects.get()
    company = reverse("compliance:company", args=[debtor.pk])
    assert "Setujui kesepakatan" not in text(rina.get(company))
    assert "Setujui kesepakatan" in text(joko.get(company))
    decide = reverse("compliance:decide_plan", args=[plan.pk])
    assert rina.post(decide, {"outcome": "approved", "reason": WHY}).status_code == 403
    assert joko.post(decide, {"outcome": "approved", "reason": WHY}).status_code == 302
    page = text(joko.get(company))
    assert "Ditepati" in page
    assert "tidak menghapusnya" in page


def test_a_list_is_uploaded_and_shows_its_row_errors(town: Town, rina: Client) -> None:
    url = reverse("compliance:upload")
    form = {"kind": "wlkp", "source": "Disnaker", "as_of": "2026-01-31"}

    def file(data: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile("daftar.xlsx", data)

    faulty = rina.post(url, form | {"file": file(b"bukan daftar")})
    assert faulty.status_code == 422
    data = workbook(HEAD, ["PT <i>A</i>", "12", 5], ["PT B", "9990001234567", "dua"])
    answer = rina.post(url, form | {"file": file(data)})
    page = text(rina.get(answer["Location"]))
    assert "NIB bukan 13 angka." in page
    assert "Jumlah tenaga kerja tidak terbaca." in page
    assert "<i>A" not in page
    again = rina.post(url, form | {"file": file(data)}, follow=True)
    assert "sudah diunggah sebelumnya" in text(again)
    assert CompanyList.objects.count() == 1
    workbook_answer = rina.get(answer["Location"], {"format": "xlsx", "show": "faulty"})
    assert workbook_answer.content.startswith(b"PK")


def test_comparing_now_is_a_job(town: Town, rina: Client) -> None:
    answer = rina.post(reverse("compliance:find"))
    assert answer.status_code == 302
    assert rina.get(reverse("compliance:find")).status_code == 405


def test_api_reads(town: Town, debtor: Payer) -> None:
    found = found_for(town)
    user = User.objects.get(username="rina")
    head = {"HTTP_AUTHORIZATION": f"Bearer {make_token(town.officer, user, 'uji')}"}

    def get(path: str) -> Any:
        answer = Client().get(f"/api/v1/compliance{path}", **head)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.content
        return answer.json()

    assert {row["kind"] for row in get("/findings")["items"]} == {"pwbd", "leavers"}
    assert [row["kind"] for row in get("/findings?kind=pwbd&state=open")["items"]] == ["pwbd"]
    one = get(f"/findings/{found.pk}")
    assert (one["people"], one["ours"], one["theirs"], len(one["events"])) == (1, 2, 3, 1)
    assert [row["payer_id"] for row in get("/arrears")["items"]] == [debtor.pk]
    assert get("/arrears?klass=macet")["items"] == []
    assert get(f"/companies/{debtor.pk}")["amount"] == 1_000_000
    counts = get("/summary")
    assert counts["compared_on"] == str(TODAY)
    assert Client().get("/api/v1/compliance/findings").status_code == 401


def test_a_page_asks_few_questions_however_long_the_list(
    town: Town, rina: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(2, 30):
        bill(town.company(number), date(2025, 12, 1), 1_000_000, date(2026, 1, 15))
    for name in ("worklist", "arrears", "summary"):
        rina.get(reverse(f"compliance:{name}"))
        with django_assert_max_num_queries(25):
            assert rina.get(reverse(f"compliance:{name}")).status_code == 200
