"""Payroll programs: a report sent, its rows with errors, the month closed; and nothing of another employer."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wages.conftest import Firm

from lindung.core.models import ApiToken, User
from lindung.formats.sipp import read, write_new_workers
from lindung.wages.models import Employment, WageReport

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[dict[str, Any]]]


class Payroll:
    """A payroll program of an employer's HR."""

    def __init__(self, firm: Firm) -> None:
        self.payer = firm.payer.pk
        name = f"hr-{self.payer}"
        user = User.objects.create_user(name, role="company_hr", payer_ids=[self.payer])
        ApiToken.objects.create(user=user, name="uji", digest=hashlib.sha256(name.encode()).hexdigest())
        self.client = Client(headers={"authorization": f"Bearer {name}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/wages{path}", query)

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/api/v1/wages{path}", body, content_type="application/json")

    def rows(self, kind: str, rows: list[dict[str, Any]], month: str = "2026-01", **more: Any) -> Any:
        return self.post("/reports/rows", payer_id=self.payer, month=month, kind=kind, rows=rows, **more)


@pytest.fixture
def payroll(firm: Firm) -> Payroll:
    return Payroll(firm)


def test_a_program_reports_mends_applies_and_closes(payroll: Payroll, new_rows: Rows) -> None:
    rows = new_rows(3)
    sent = payroll.rows("new_workers", [rows[0] | {"nik": "12"}, *rows[1:]], apply=True).json()
    assert (sent["state"], sent["rows_accepted"], sent["rows_to_fix"]) == ("applied", 2, 1)
    bad = payroll.get(f"/reports/{sent['id']}/rows", outcome="to_fix").json()
    assert [(row["row_no"], row["reasons"][0]["code"], row["reasons"][0]["field"]) for row in bad] == [
        (1, "nik_length", "nik")
    ]
    mended = payroll.post(f"/rows/{bad[0]['id']}", changes={"nik": rows[0]["nik"]}).json()
    assert (mended["rows_to_fix"], mended["rows_unapplied"]) == (0, 1)
    assert payroll.post(f"/reports/{sent['id']}/application").json()["rows_unapplied"] == 0
    todo = payroll.get("/month", payer_id=payroll.payer, month="2026-01").json()
    assert (todo["workers"], todo["joined"], todo["closed_on"]) == (3, 3, None)
    closed = payroll.post("/month/closing", payer_id=payroll.payer, month="2026-01").json()
    assert closed["workers"] == 3
    done = payroll.get("/month", payer_id=payroll.payer, month="2026-01").json()
    assert done["bills"][0]["id"] == closed["bill_id"]
    assert payroll.post("/month/same-as-last", payer_id=payroll.payer, month="2026-02").json()["workers"] == 3
    workers = payroll.get("/workers", payer_id=payroll.payer, month="2026-02", size=2)
    assert len(workers.json()) == 2
    assert not any(row["nik"] in workers.content.decode() for row in rows)


def test_a_workbook_is_sent_twice_and_taken_once(payroll: Payroll, new_rows: Rows) -> None:
    frame = pl.DataFrame(new_rows(2)).with_columns(
        pl.col("birth_date", "started_on").str.to_date("%d-%m-%Y"), pl.col("wage").cast(pl.Decimal(15, 2))
    )  # fmt: skip
    content = write_new_workers(frame)
    answers = []
    for _again in range(2):
        file = SimpleUploadedFile("../../tk.xlsx", content)
        body = {"payer_id": payroll.payer, "month": "2026-01", "file": file, "apply": "true"}
        answers.append(payroll.client.post("/api/v1/wages/reports", body).json())
    assert [(a["state"], a["repeated"], a["rows_accepted"]) for a in answers] == [
        ("applied", False, 2), ("applied", True, 2),
    ]  # fmt: skip
    assert Employment.objects.count() == 2


def test_refusals_name_the_field_and_the_way_out(payroll: Payroll) -> None:
    wrong = {
        "month_format": {"month": "Januari", "kind": "wages", "rows": [{"nik": "1"}]},
        "column_unknown": {"month": "2026-01", "kind": "wages", "rows": [{"nik": "1", "salary": "1"}]},
        "reason_missing": {"month": "2026-01", "kind": "correction", "rows": [{"nik": "1"}]},
        "month_in_future": {"month": "2027-01", "kind": "wages", "rows": [{"nik": "1"}]},
    }
    for code, body in wrong.items():
        answer = payroll.post("/reports/rows", payer_id=payroll.payer, **body)
        told = answer.json()["error"]
        assert (answer.status_code, told["code"], bool(told["message"])) == (422, code, True)
    assert not WageReport.objects.exists()


def test_another_employers_reports_are_not_there(payroll: Payroll, other_firm: Firm, new_rows: Rows) -> None:
    theirs = other_firm.tell("new_workers", new_rows(1))
    job = Employment.objects.get()
    other = other_firm.payer.pk
    tries = [
        payroll.get(f"/reports/{theirs.pk}"),
        payroll.get(f"/reports/{theirs.pk}/rows"),
        payroll.get("/reports", payer_id=other),
        payroll.get("/workers", payer_id=other, month="2026-01"),
        payroll.get("/month", payer_id=other, month="2026-01"),
        payroll.get("/unreported-leavers", payer_id=other),
        payroll.get("/sipp-files", payer_id=other, month="2026-01", kind="wages"),
        payroll.post(f"/reports/{theirs.pk}/application"),
        payroll.post(f"/reports/{theirs.pk}/withdrawal", reason="coba saja"),
        payroll.post(f"/employments/{job.pk}/return", reason="coba saja"),
        payroll.post("/month/closing", payer_id=other, month="2026-01"),
        payroll.post("/month/same-as-last", payer_id=other, month="2026-01"),
        payroll.post("/reports/rows", payer_id=other, month="2026-01", kind="wages", rows=[{"nik": "1"}]),
    ]
    assert [answer.status_code for answer in tries] == [404] * len(tries)
    assert payroll.get("/reports").json() == []


def test_without_a_token_nothing_is_told() -> None:
    assert Client().get("/api/v1/wages/reports").status_code in (401, 403)


def test_files_for_sipp_come_as_one_workbook_or_packed(
    payroll: Payroll, firm: Firm, new_rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.tell("new_workers", new_rows(3))
    wanted = {"payer_id": payroll.payer, "month": "2026-01", "kind": "wages"}
    one = payroll.get("/sipp-files", **wanted)
    assert (read(one.content).rows.height, "template_upah_" in one["Content-Disposition"]) == (3, True)
    monkeypatch.setattr("lindung.wages.queries.exports.MAX_ROWS", 2)
    packed = payroll.get("/sipp-files", **wanted)
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        heights = [read(archive.read(name)).rows.height for name in archive.namelist()]
    assert heights == [2, 1]
    assert payroll.get("/sipp-files", **(wanted | {"kind": "leavers"})).status_code == 404
