"""A company's staff see what was found about their own company, and answer it; nobody else's, and nothing of drafts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from compliance.conftest import JAN, TODAY, VERBS, Town, Worker, bill, hire, report, workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.test import Client
from world import make_user

from lindung.compliance import actions
from lindung.compliance.models import FindingEvent, FindingStanding, StepSending
from lindung.compliance.queries import own
from lindung.compliance.queries.findings import answer_file, finding
from lindung.core.actors import Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.files import read_file
from lindung.core.models import User
from lindung.payers.models import Payer
from lindung.web.roles import ROLES

pytestmark = pytest.mark.django_db
WHY = "tiga orang itu bekerja di cabang Pontianak"
PAPER = b"%PDF-1.7 daftar pekerja cabang"
Found = Callable[[Payer], int]


def staff(payer: Payer) -> Actor:
    user = make_user(f"hr{payer.pk}", "company_hr", [])
    User.objects.filter(pk=user.pk).update(payer_ids=[payer.pk])
    return Actor(user.pk, user.display_name, user.role, ROLES["company_hr"].permissions, payers=(payer.pk,))


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def firm(town: Town) -> Payer:
    return town.company(1, name="PT Jauh Sekali")


@pytest.fixture
def rival(town: Town) -> Payer:
    return town.company(2, name="PT Tetangga")


@pytest.fixture
def found(town: Town, firm: Payer, rival: Payer) -> dict[int, int]:
    """Of both companies the list of WLKP says five workers; they report two. Finding by payer."""
    for number, payer in enumerate((firm, rival), start=1):
        report(payer, JAN, hire(payer, 2, seed=number), [Worker(3_500_000)] * 2)
    listed = workbook(
        ("Nama Perusahaan", "NPP", "Jumlah Tenaga Kerja"), (firm.name, firm.npp, 5), (rival.name, rival.npp, 5)
    )
    with acting_as(town.officer) as who:
        actions.receive_list(who, "wlkp", "Disnaker", date(2026, 1, 31), "wlkp.xlsx", listed)
        actions.find(who, TODAY)
    return {row.payer_id: row.pk for row in FindingStanding.objects.filter(kind="pds_workers") if row.payer_id}


def test_a_company_sees_its_own_findings_only(firm: Payer, rival: Payer, found: dict[int, int]) -> None:
    hr = staff(firm)
    with acting_as(hr):
        assert {row.payer_id for row in own.own_findings(hr, firm.pk)} == {firm.pk}
        detail = own.own_finding(hr, firm.pk, found[firm.pk])
        assert (detail.ours, detail.theirs, detail.latest.what) == (2, 5, "found")
        for payer in (firm.pk, rival.pk):
            with pytest.raises(NotFound):
                own.own_finding(hr, payer, found[rival.pk])
        with pytest.raises(NotFound):
            actions.object_to(hr, found[rival.pk], WHY)
        with pytest.raises(NotFound):
            actions.accept_finding(hr, found[rival.pk])
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT payer_id FROM compliance_findingstanding")
            assert cursor.fetchall() == [(firm.pk,)]
            cursor.execute("SELECT count(*) FROM compliance_findingevent WHERE finding_id = %s", [found[rival.pk]])
            assert cursor.fetchone() == (0,)
    assert FindingEvent.objects.filter(finding=found[rival.pk]).count() == 1


def test_an_objection_with_its_paper_reaches_the_officer(town: Town, firm: Payer, found: dict[int, int]) -> None:
    hr, mine = staff(firm), found[firm.pk]
    with acting_as(hr):
        with pytest.raises(InvalidInput):
            actions.object_to(hr, mine, WHY, ("bukti.exe", b"MZ"))
        said = actions.object_to(hr, mine, WHY, ("bukti.pdf", PAPER))
        assert actions.object_to(hr, mine, WHY, ("bukti.pdf", PAPER)) == said
        with pytest.raises(NotAllowed):
            actions.judge_finding(hr, mine, "refuted", WHY)
    standing = FindingStanding.objects.get(pk=mine)
    assert (standing.state, standing.objected) == ("open", True), "an answer decides nothing"
    with acting_as(town.officer) as who:
        event = finding(mine).latest
        assert (event.what, event.reason, event.recorded_by) == ("objection", WHY, hr.name)
        assert read_file(answer_file(who, event.id))[1] == PAPER
        actions.judge_finding(who, mine, "refuted", WHY)
    with acting_as(hr), pytest.raises(Conflict):
        actions.accept_finding(hr, mine)


def test_to_accept_leaves_the_finding_open_until_it_is_mended(town: Town, firm: Payer, found: dict[int, int]) -> None:
    hr, mine = staff(firm), found[firm.pk]
    with acting_as(hr):
        said = actions.accept_finding(hr, mine)
        assert actions.accept_finding(hr, mine) == said
    standing = FindingStanding.objects.get(pk=mine)
    assert (standing.state, standing.objected, said.reason) == ("open", True, "Kami terima dan perbaiki.")
    with acting_as(town.officer) as who:
        actions.judge_finding(who, mine, "confirmed", WHY)
    assert FindingStanding.objects.get(pk=mine).state == "confirmed"


def test_postgresql_keeps_the_order_of_answers_too(town: Town, firm: Payer, found: dict[int, int]) -> None:
    with acting_as(town.officer) as who:
        actions.judge_finding(who, found[firm.pk], "resolved", WHY)
    last = FindingEvent.objects.filter(finding=found[firm.pk]).latest("number")
    last.pk, last.number, last.what = None, last.number + 1, "accepted"
    with pytest.raises(Error, match="does not follow"), transaction.atomic():
        last.save(force_insert=True)


def test_letters_are_shown_once_they_are_sent_and_an_answer_stops_no_deadline(
    town: Town, firm: Payer, rival: Payer, found: dict[int, int]
) -> None:
    bill(firm, date(2025, 11, 1), 500_000, date(2025, 12, 15))
    hr, other = staff(firm), staff(rival)
    with acting_as(town.officer) as who:
        step = actions.propose_step(who, firm.pk, "sudah ditelepon")
    with acting_as(hr):
        assert own.own_letters(hr, firm.pk) == []
        with pytest.raises(NotFound):
            own.own_letter(hr, firm.pk, step.pk)
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT reason FROM compliance_ladderstep")
    with acting_as(town.officer) as who:
        sent = actions.send_step(who, step.pk, TODAY, "post", "resi 123")
    with acting_as(hr):
        actions.object_to(hr, found[firm.pk], WHY)
        line = own.own_letters(hr, firm.pk)[0]
        assert (line.number, line.deadline_on) == (step.number, sent.deadline_on)
        assert own.own_letter(hr, firm.pk, step.pk)[1].startswith(b"%PDF")
    assert StepSending.objects.get().deadline_on == sent.deadline_on
    with acting_as(other):
        for payer in (firm.pk, rival.pk):
            with pytest.raises(NotFound):
                own.own_letter(other, payer, step.pk)


def test_the_pages(town: Town, firm: Payer, rival: Payer, found: dict[int, int], monkeypatch: Any) -> None:
    client, other = browser(staff(firm)), browser(staff(rival))
    home, mine = f"/kepatuhan/milik-sendiri/{firm.pk}", f"/kepatuhan/milik-sendiri/{firm.pk}/temuan/{found[firm.pk]}"
    assert client.get("/kepatuhan/milik-sendiri")["Location"] == home
    assert "PDS tenaga kerja" in client.get(home).content.decode()
    assert "Kirim penjelasan" in client.get(mine).content.decode()
    assert {other.get(page).status_code for page in (home, mine)} == {404}
    assert other.post(f"{mine}/terima").status_code == 404
    assert client.post(mine, {"reason": "x"}).status_code == 422
    paper = SimpleUploadedFile("bukti.pdf", PAPER)
    assert client.post(mine, {"reason": WHY, "file": paper}).status_code == 302
    assert WHY in client.get(mine).content.decode()
    assert client.post(f"{mine}/terima")["Location"] == f"/perusahaan/{firm.pk}/unggah?bulan=2026-01"
    role = ROLES["regency_officer"]
    monkeypatch.setitem(
        ROLES, "regency_officer",
        type(role)(role.code, role.title, role.permissions | {f"compliance.{verb}" for verb in VERBS}),
    )  # fmt: skip
    officer = browser(town.officer)
    page = officer.get(f"/kepatuhan/temuan/{found[firm.pk]}").content.decode()
    event = FindingEvent.objects.get(what="objection")
    assert WHY in page and f"/kepatuhan/jawaban/{event.pk}/berkas" in page
    assert officer.get(f"/kepatuhan/jawaban/{event.pk}/berkas").content == PAPER
    assert client.get(f"/kepatuhan/jawaban/{event.pk}/berkas").status_code == 403
