"""An employer that types any NIK learns nothing of the register; the branch sees the reason and answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.test import Client
from world import World, make_user

from lindung.core.actors import EVERYWHERE, Actor, acting_as
from lindung.core.errors import Conflict, DomainError, InvalidInput, NotAllowed
from lindung.core.models import AccessEntry
from lindung.core.ui.listing import ListQuery
from lindung.people.actions import record_death
from lindung.people.models import Person
from lindung.wages.actions import answer_identity, apply_report, correct_row, send_card
from lindung.wages.models import Employment, IdentityAnswer, IdentityCard, IdentityDoubt, WageReport, WageReportRow
from lindung.wages.queries import report_rows
from lindung.wages.queries.identity import doubt, doubts_waiting

from .conftest import FEBRUARY, OFFICER, Firm, client_of

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[dict[str, Any]]]
PHOTO = b"\xff\xd8\xff\xe0 foto"
BRANCH = Actor(7, "Cabang", "branch_relations", frozenset({"wages.identity"}), EVERYWHERE)


@pytest.fixture
def known(other_firm: Firm, new_rows: Rows) -> dict[str, dict[str, Any]]:
    """People of another firm, as an attacker would type their numbers: with another name, another birth date, dead
    before the month, dead after it. All else is as in the register."""
    rows = new_rows(4, name="Siti Rahmawati", wage="4000000")
    other_firm.tell("new_workers", rows)
    people = {person.nik: person for person in Person.objects.all()}
    with acting_as(OFFICER):
        record_death(OFFICER, people[rows[2]["nik"]].pk, date(2026, 1, 20), "akta")
        record_death(OFFICER, people[rows[3]["nik"]].pk, date(2026, 2, 20), "akta")
    # Years earlier than the NIK says: a two-digit year leaves the century open, so only the register can tell.
    born = {"birth_date": f"{rows[1]['birth_date'][:6]}{int(rows[1]['birth_date'][6:]) - 100}"}
    return {
        "name": rows[0] | {"name": "Bambang Sutrisno"}, "birth": rows[1] | born, "dead": rows[2], "died": rows[3],
    }  # fmt: skip


def answers(report: WageReport) -> list[tuple[Any, ...]]:
    """All that an employer sees of the report's rows but what it typed."""
    rows = WageReportRow.objects.filter(report=report).order_by("row_no")
    return [(row.outcome, row.reason_codes, row.reasons) for row in rows]


def test_every_difference_from_the_register_is_one_answer(firm: Firm, known: dict[str, dict[str, Any]]) -> None:
    told = {why: firm.send("new_workers", [row], FEBRUARY) for why, row in known.items() if why != "birth"}
    seen = {why: repr(answers(report)) for why, report in told.items()}
    assert set(seen.values()) == {seen["name"]} and "identity_differs" in seen["name"]
    counts = {(r.rows_received, r.rows_accepted, r.rows_to_fix, r.rows_rejected, r.rows_warned) for r in told.values()}
    assert counts == {(1, 0, 1, 0, 0)}


def test_the_birth_date_too(firm: Firm, known: dict[str, dict[str, Any]]) -> None:
    """Beside what the typed birth date itself gives away (an age of more than a hundred), nothing."""
    report = firm.send("new_workers", [known["birth"], known["name"] | {"birth_date": known["birth"]["birth_date"]}])
    first, second = ([told for told in reasons if told["field"] == "nik"] for _, _, reasons in answers(report))
    own = [told for told in second if told["code"] == "nik_birth_mismatch"]
    assert [told["code"] for told in first] == ["identity_differs"]
    assert [told for told in second if told not in own] == first


def test_the_pages_say_the_same_too(firm: Firm, hr: Client, known: dict[str, dict[str, Any]]) -> None:
    pages = set()
    for why in ("name", "dead", "died"):
        report = firm.send("new_workers", [known[why]], FEBRUARY)
        row = WageReportRow.objects.get(report=report)
        page = hr.get(f"/perusahaan/laporan/{report.pk}").content.decode()
        page += hr.get(f"/perusahaan/baris/{row.pk}").content.decode()
        with acting_as(firm.actor):
            assert report_rows(firm.actor, report.pk, ListQuery()).rows[0].reasons == row.reasons
        for own in (known[why]["nik"], known[why]["name"], f"nomor {report.sequence}"):
            page = page.replace(own, "*")
        pages.add("\n".join(line for line in page.splitlines() if "belum cocok" in line).replace(str(row.pk), "*"))
    assert len(pages) == 1 and "belum cocok dengan data kependudukan" in pages.pop()


def test_work_elsewhere_is_not_told(firm: Firm, other_firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(2, wage="4000000")
    other_firm.tell("new_workers", rows[:1])
    first, second = answers(firm.send("new_workers", rows))
    assert first == second == ("accepted", [], [])


def test_whoever_died_after_the_month_is_not_hired_unseen(firm: Firm, known: dict[str, dict[str, Any]]) -> None:
    """Else reports on ever earlier months would tell the month of the death."""
    report = firm.send("new_workers", [known["died"]])
    assert answers(report)[0][0] == "to_fix"


def test_the_employer_has_no_way_to_the_reasons(firm: Firm, known: dict[str, dict[str, Any]]) -> None:
    firm.send("new_workers", [known["dead"]], FEBRUARY)
    assert IdentityDoubt.objects.get().codes == ["deceased"]
    with acting_as(firm.actor), pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT codes FROM wages_identitydoubt")
    with acting_as(firm.actor), pytest.raises(NotAllowed):
        doubts_waiting(firm.actor, ListQuery())


def send_photo(firm: Firm, row: WageReportRow) -> IdentityCard:
    with acting_as(firm.actor):
        return send_card(firm.actor, row.pk, "ktp.jpg", PHOTO)


def in_doubt(firm: Firm, row: dict[str, Any]) -> WageReportRow:
    return WageReportRow.objects.get(report=firm.send("new_workers", [row], FEBRUARY))


def test_the_branch_sees_the_reason_and_takes_the_row(
    firm: Firm, other_firm: Firm, known: dict[str, dict[str, Any]]
) -> None:
    row = in_doubt(firm, known["name"])
    with acting_as(BRANCH):
        line = doubts_waiting(BRANCH, ListQuery()).rows[0]
        assert (line.codes, line.sent_on, line.payer) == (["name_differs"], None, firm.payer.name)
        with pytest.raises(Conflict, match="belum dikirim"):
            answer_identity(BRANCH, row.pk, True)
    card = send_photo(firm, row)
    assert send_photo(firm, row) == card, "the same photo again is the same photo"
    with acting_as(BRANCH):
        found = doubt(BRANCH, row.pk)
        assert (found.written["name"], found.name) == ("Bambang Sutrisno", "Siti Rahmawati")
        assert AccessEntry.objects.filter(purpose="identity of a reported worker", role="branch_relations").exists()
        answered = answer_identity(BRANCH, row.pk, True)
        assert answer_identity(BRANCH, row.pk, True) == answered
        assert not doubts_waiting(BRANCH, ListQuery()).rows
        with pytest.raises(Conflict):
            answer_identity(BRANCH, row.pk, False, "ditolak")
    anew = WageReportRow.objects.get(corrects=row)
    assert (anew.outcome, anew.reason_codes) == ("accepted", ["identity_confirmed"])
    with acting_as(firm.actor):
        apply_report(firm.actor, row.report_id)
    assert Employment.objects.get(payer=firm.payer).person.nik == known["name"]["nik"]


def test_the_branch_refuses_with_words(firm: Firm, hr: Client, known: dict[str, dict[str, Any]]) -> None:
    row = in_doubt(firm, known["name"])
    with acting_as(BRANCH):
        with pytest.raises(InvalidInput):
            answer_identity(BRANCH, row.pk, False, " ")
        answer_identity(BRANCH, row.pk, False, "Mintalah pekerja datang ke kantor cabang membawa KTP.")
    assert "Mintalah pekerja datang" in hr.get(f"/perusahaan/baris/{row.pk}").content.decode()
    with acting_as(firm.actor):
        assert correct_row(firm.actor, row.pk, {"name": "Siti Rahmawati"}).outcome == "accepted"


def test_nobody_is_hired_after_death(firm: Firm, known: dict[str, dict[str, Any]]) -> None:
    dead, died = in_doubt(firm, known["dead"]), in_doubt(firm, known["died"])
    for row in (dead, died):
        send_photo(firm, row)
    with acting_as(BRANCH):
        with pytest.raises(Conflict, match="meninggal"):
            answer_identity(BRANCH, dead.pk, True)
        assert answer_identity(BRANCH, died.pk, True).taken, "worked in the month of the death"
    assert not IdentityAnswer.objects.filter(row=dead).exists()


def test_rows_that_are_not_in_doubt(firm: Firm, other_firm: Firm, new_rows: Rows, known: Any) -> None:
    row = WageReportRow.objects.get(report=firm.send("new_workers", new_rows(1, seed=9)))
    with acting_as(firm.actor), pytest.raises(Conflict):
        send_card(firm.actor, row.pk, "ktp.jpg", PHOTO)
    doubted = in_doubt(firm, known["name"])
    with acting_as(firm.actor), pytest.raises(InvalidInput):
        send_card(firm.actor, doubted.pk, "ktp.exe", b"MZ")
    with acting_as(other_firm.actor), pytest.raises(DomainError):
        send_card(other_firm.actor, doubted.pk, "ktp.jpg", PHOTO)
    with acting_as(firm.actor), pytest.raises(NotAllowed):
        answer_identity(firm.actor, doubted.pk, True)


def test_the_database_keeps_labels_right(firm: Firm, other_firm: Firm, known: dict[str, dict[str, Any]]) -> None:
    row = in_doubt(firm, known["name"])
    with pytest.raises(Error), transaction.atomic():
        IdentityAnswer.objects.create(
            row=row, payer=other_firm.payer, place_id=row.place_id, taken=True, answered_on=FEBRUARY, answered_by="x"
        )
    with pytest.raises(Error), transaction.atomic():
        IdentityAnswer.objects.create(
            row=row, payer_id=row.payer_id, place_id=row.place_id, taken=False, answered_on=FEBRUARY, answered_by="x"
        )


def test_the_pages_of_both_sides(
    firm: Firm, hr: Client, rival: Client, world: World, known: dict[str, dict[str, Any]]
) -> None:
    row = in_doubt(firm, known["name"])
    branch = Client()
    branch.force_login(make_user("cabang", "branch_relations", [0]))
    assert "nama berbeda" in branch.get("/perusahaan/kecocokan").content.decode()
    assert hr.get("/perusahaan/kecocokan").status_code == 403
    assert rival.get(f"/perusahaan/baris/{row.pk}/ktp").status_code == 404
    photo = SimpleUploadedFile("ktp.jpg", PHOTO)
    assert hr.post(f"/perusahaan/baris/{row.pk}/ktp", {"file": photo}).status_code == 302
    assert "menunggu jawaban kantor cabang" in hr.get(f"/perusahaan/baris/{row.pk}").content.decode()
    page = branch.get(f"/perusahaan/kecocokan/{row.pk}").content.decode()
    assert "Siti Rahmawati" in page and "Bambang Sutrisno" in page
    assert branch.get(f"/perusahaan/kecocokan/{row.pk}/ktp").content == PHOTO
    assert hr.get(f"/perusahaan/kecocokan/{row.pk}/ktp").status_code == 403
    said = branch.post(f"/perusahaan/kecocokan/{row.pk}", {"answer": "refused", "words": ""})
    assert said.status_code == 422
    assert branch.post(f"/perusahaan/kecocokan/{row.pk}", {"answer": "taken"}).status_code == 302
    assert client_of(firm.payer).get(f"/perusahaan/baris/{row.pk}").status_code == 200
