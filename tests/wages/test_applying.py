"""From reports to people, employments, wages and bills; twice is the same as once."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from wages.conftest import FEBRUARY, JANUARY, OFFICER, Firm

from lindung import law
from lindung.contributions.models import BillIssue, PersonMonth
from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.core.models import Job
from lindung.core.ui.listing import ListQuery
from lindung.formats.sipp import Kind, read, write_leavers, write_new_workers, write_wages
from lindung.membership.models import Membership
from lindung.people.models import Person
from lindung.wages import queries
from lindung.wages.actions import (
    apply_report,
    begin_applying,
    begin_closing,
    check_report,
    close_month,
    receive_report,
    same_as_last_month,
    undo_leaving,
    withdraw_report,
)
from lindung.wages.models import Employment, ForeignIdentity, MonthClosing, WageRecord, WageReport

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)
Rows = Callable[..., list[dict[str, Any]]]
Codes = Callable[[WageReport], dict[int, list[str]]]


def wage(row: dict[str, Any], rupiah: str = "3500000", **more: str) -> dict[str, Any]:
    return {"nik": row["nik"], "name": row["name"], "wage": rupiah, **more}


def leaver(row: dict[str, Any], left_on: str = "", reason: str = "Mengundurkan diri") -> dict[str, Any]:
    return {"nik": row["nik"], "name": row["name"], "reason": reason, "left_on": left_on}


def by_law(rupiah: str, size: str = "medium", risk_group: int = 2) -> int:
    """What the law asks for one Indonesian worker below the pension age."""
    facts = {"segment": "PU", "wage": rupiah, "risk_group": risk_group, "firm_size": size, "age": 40}
    return int(law.result_of("contributions", JANUARY, facts)["total"])


def young(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Below every age that changes what is owed."""
    for number, row in enumerate(rows, start=1):
        day = 10 + (40 if row["sex"] == "P" else 0)
        row |= {"birth_date": "10-05-1990", "nik": f"611201{day:02d}0590{number:04d}"}
    return rows


def test_new_workers_become_people_members_and_a_bill(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(3))
    firm.tell("new_workers", rows)
    assert Person.objects.count() == Employment.objects.count() == WageRecord.objects.count() == 3
    member = Membership.objects.first()
    assert member is not None
    assert (member.segment, member.payer_id, member.registered_on) == ("PU", firm.payer.pk, date(2026, 1, 2))
    closing = firm.close()
    issue = BillIssue.objects.get(bill_id=closing.bill_id)
    assert (closing.workers, closing.wages) == (3, Decimal("10500000.00"))
    assert (issue.people, issue.amount) == (3, 3 * by_law("3500000"))
    assert firm.close().pk == closing.pk
    assert BillIssue.objects.count() == 1


def test_three_header_versions_bring_the_same_people(firm: Firm, other_firm: Firm, new_rows: Rows) -> None:
    rows = pl.DataFrame(new_rows(4)).with_columns(
        pl.col("birth_date", "started_on").str.to_date("%d-%m-%Y"), pl.col("wage").cast(pl.Decimal(15, 2)),
        pl.col("nik").alias("id_number"),
    )  # fmt: skip
    seen = []
    for version, month in (("lengkap-30", JANUARY), ("tiga-nama-32", FEBRUARY), ("rapel-33", MARCH)):
        content = write_new_workers(rows, version)
        with acting_as(firm.actor):
            report = receive_report(firm.actor, firm.payer.pk, month, content, "tk.xlsx")
            again = receive_report(firm.actor, firm.payer.pk, month, content, "tk.xlsx")
            apply_report(firm.actor, report.pk)
        seen.append((report.kind, report.template_version, report.rows_accepted, again.repeated))
    assert seen == [("new_workers", v, 4, True) for v in ("lengkap-30", "tiga-nama-32", "rapel-33")]
    assert Employment.objects.count() == Membership.objects.count() == 4


def test_a_large_workbook_is_checked_in_the_background(
    firm: Firm, new_rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lindung.wages.receiving.BYTES_AT_ONCE", 10)
    monkeypatch.setattr("lindung.wages.applying.ROWS_AT_ONCE", 1)
    rows = pl.DataFrame(new_rows(3)).with_columns(pl.col("birth_date", "started_on").str.to_date("%d-%m-%Y"))
    content = write_new_workers(rows.with_columns(pl.col("wage").cast(pl.Decimal(15, 2))))
    with acting_as(firm.actor):
        report = receive_report(firm.actor, firm.payer.pk, JANUARY, content, "tk.xlsx")
        assert (report.state, report.job is not None) == ("received", True)
        with pytest.raises(Conflict):
            apply_report(firm.actor, report.pk)
        said: list[str] = []
        checked = check_report(firm.actor, report.pk, lambda done, total, message="": said.append(message))
        assert (checked.state, checked.rows_accepted, said[-1]) == ("checked", 3, "Selesai")
        assert check_report(firm.actor, report.pk).rows_accepted == 3
        assert isinstance(begin_applying(firm.actor, report.pk), Job)


def test_what_is_no_sipp_workbook_is_refused_in_words(firm: Firm) -> None:
    for content in (b"", b"PK\x03\x04 no", b"a;b;c\n1;2;3\n"):
        with acting_as(firm.actor), pytest.raises(InvalidInput) as told:
            receive_report(firm.actor, firm.payer.pk, JANUARY, content, "x.xlsx")
        assert told.value.way_out
    assert not WageReport.objects.exists()


def test_two_employers_are_two_jobs(firm: Firm, other_firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = young(new_rows(1))
    firm.tell("new_workers", rows)
    second = other_firm.tell("new_workers", [rows[0] | {"wage": "2000000"}])
    assert codes(second) == {1: ["below_minimum"]}, "that somebody works elsewhere is none of an employer's business"
    firm.close()
    other_firm.close()
    person = Person.objects.get()
    assert sorted(PersonMonth.objects.filter(person=person).values_list("job", "payer_id")) == [
        (1, firm.payer.pk), (2, other_firm.payer.pk),
    ]  # fmt: skip
    assert firm.charged() == {person.pk: by_law("3500000")}
    assert other_firm.charged() == {person.pk: by_law("2000000", "small", 4)}


def test_leavers_are_charged_for_their_last_month_and_not_after(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(2))
    firm.tell("new_workers", rows)
    firm.close()
    firm.tell("leavers", [leaver(rows[0], "10-02-2026")], FEBRUARY)
    firm.close(FEBRUARY)
    gone = Employment.objects.get(left_on__isnull=False)
    assert (gone.left_on, gone.leave_reason) == (date(2026, 2, 10), "Mengundurkan diri")
    assert gone.membership.valid.upper == date(2026, 2, 11)
    assert len(firm.charged(FEBRUARY)) == 2
    with acting_as(OFFICER):
        estimate = queries.month_estimate(OFFICER, firm.payer.pk, MARCH)
    assert estimate.workers == 1


def test_a_leaver_without_a_day_worked_until_the_month_before(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(1)
    firm.tell("new_workers", rows)
    report = firm.tell("leavers", [leaver(rows[0])], FEBRUARY)
    assert codes(report) == {1: ["left_by_month"]}
    assert Employment.objects.get().left_on == date(2026, 1, 31)
    again = firm.send("leavers", [leaver(rows[0], reason="Resign")], FEBRUARY)
    assert codes(again) == {1: ["already_left"]}


def test_whoever_comes_back_has_a_new_job(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(1)
    firm.tell("new_workers", rows)
    firm.tell("leavers", [leaver(rows[0], "20-01-2026")])
    early = firm.send("new_workers", [rows[0] | {"started_on": "15-01-2026"}], FEBRUARY)
    back = firm.tell("new_workers", [rows[0] | {"started_on": "02-02-2026"}], FEBRUARY)
    assert codes(early)[1] == ["start_before_leaving"]
    assert codes(back)[1] == ["rehired"]
    assert list(Employment.objects.order_by("id").values_list("membership__job", "left_on")) == [
        (1, date(2026, 1, 20)), (2, None),
    ]  # fmt: skip
    with acting_as(firm.actor):
        withdraw_report(firm.actor, early.pk, "tanggal keliru")
    firm.close(FEBRUARY)
    assert list(PersonMonth.objects.filter(month=FEBRUARY).values_list("job", flat=True)) == [2]


def test_daily_wages_and_piece_work_follow_the_law(firm: Firm, new_rows: Rows) -> None:
    daily, piece = young(new_rows(2))
    firm.tell("new_workers", [daily | {"wage": "140000", "wage_kind": "harian"},
                              piece | {"wage": "3000000", "wage_kind": "borongan"}])  # fmt: skip
    assert wages(JANUARY) == [Decimal("3500000.00"), Decimal("3000000.00")]
    for month, earned in ((FEBRUARY, "4000000"), (MARCH, "3500001")):
        firm.tell("wages", [wage(piece, earned, wage_kind="borongan")], month)
    assert wages(FEBRUARY) == [Decimal("3500000.00")]  # of two months, as long as there are no three
    assert wages(MARCH) == [Decimal("3500000.33")]
    firm.close()
    assert sorted(firm.charged().values()) == sorted([by_law("3500000"), by_law("3000000")])


def wages(month: date) -> list[Decimal]:
    return list(WageRecord.objects.filter(month=month).order_by("membership_id").values_list("wage", flat=True))


def test_sen_are_kept_and_rounded_once(firm: Firm, new_rows: Rows) -> None:
    rows = young(new_rows(1))
    firm.tell("new_workers", [rows[0] | {"wage": "2646878,64"}])
    firm.close()
    assert list(firm.charged().values()) == [by_law("2646878.64")]
    assert MonthClosing.objects.get().wages == Decimal("2646878.64")


def test_foreigners_are_known_by_passport_without_jp(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    row = young(new_rows(1))[0] | {"id_type": "PASSPORT", "nik": "C 123-4567", "country": "MY", "wage": "20000000"}
    report = firm.tell("new_workers", [row])
    again = firm.tell(
        "wages", [wage(row | {"nik": "C1234567"}, "21000000", id_type="PASSPORT", country="MY")], FEBRUARY
    )
    assert (report.rows_accepted, again.rows_accepted, codes(again)) == (1, 1, {1: []})
    known = ForeignIdentity.objects.get()
    assert (known.country, known.passport, Person.objects.get().nik) == ("MY", "C1234567", known.nik)
    firm.close()
    line = PersonMonth.objects.get()
    assert (line.jp, line.jkp, line.jht > 0) == (0, 0, True)


def test_the_same_as_last_month_in_one_act(firm: Firm, new_rows: Rows) -> None:
    with acting_as(firm.actor), pytest.raises(InvalidInput):
        same_as_last_month(firm.actor, firm.payer.pk, JANUARY)
    firm.tell("new_workers", new_rows(3))
    january = firm.close()
    with acting_as(firm.actor):
        february = same_as_last_month(firm.actor, firm.payer.pk, FEBRUARY)
        assert same_as_last_month(firm.actor, firm.payer.pk, FEBRUARY).pk == february.pk
        with pytest.raises(InvalidInput):
            same_as_last_month(firm.actor, firm.payer.pk, MARCH)  # it has not begun
    assert (february.workers, february.wages) == (january.workers, january.wages)
    assert firm.charged(FEBRUARY) == firm.charged()
    assert WageReport.objects.get(month=FEBRUARY).kind == "same_as_last"


def test_a_large_employers_month_is_closed_in_the_background(
    firm: Firm, new_rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lindung.wages.charging.WORKERS_AT_ONCE", 1)
    firm.tell("new_workers", new_rows(2))
    with acting_as(firm.actor):
        job = begin_closing(firm.actor, firm.payer.pk, JANUARY)
        assert isinstance(job, Job) and job.actor_id == firm.actor.user_id
        assert not MonthClosing.objects.exists()
        closing = close_month(firm.actor, firm.payer.pk, JANUARY)
        assert begin_closing(firm.actor, firm.payer.pk, JANUARY) == closing


def test_a_month_with_waiting_reports_is_not_closed(firm: Firm, new_rows: Rows) -> None:
    firm.tell("new_workers", new_rows(2))
    firm.send("wages", [wage(new_rows(1)[0], "3600000")])
    with acting_as(firm.actor), pytest.raises(Conflict, match="belum diterapkan"):
        close_month(firm.actor, firm.payer.pk, JANUARY)


def test_what_changed_since_the_check_is_not_written_over(firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(1)
    firm.tell("new_workers", rows)
    waiting = firm.send("wages", [wage(rows[0], "3600000")], FEBRUARY)
    firm.tell("leavers", [leaver(rows[0], "31-01-2026")], FEBRUARY)
    with acting_as(firm.actor), pytest.raises(Conflict, match="berubah sejak"):
        apply_report(firm.actor, waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "checked"


def test_contracts_that_ended_without_a_word(firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(3)
    ends = ("19-02-2026", "20-02-2026", "31-12-2026")  # today is 27 February: seven days have passed since the first
    firm.tell(
        "new_workers", [r | {"employment_status": "PKWT", "contract_end": e} for r, e in zip(rows, ends, strict=True)]
    )
    with acting_as(firm.actor):
        told = queries.leavers_unreported(firm.actor, firm.payer.pk)
        tasks = {task.code: task for task in queries.checklist(firm.actor, firm.payer.pk, JANUARY).tasks}
    assert [(line.why, line.since, line.days) for line in told] == [("contract_over", date(2026, 2, 19), 8)]
    assert rows[0]["nik"] != told[0].nik and (tasks["unreported"].count, tasks["unreported"].urgent) == (1, True)
    firm.tell("leavers", [leaver(rows[0], "19-02-2026")], FEBRUARY)
    with acting_as(firm.actor):
        assert queries.leavers_unreported(firm.actor, firm.payer.pk) == []
        assert queries.late_leavers(firm.actor, firm.payer.pk, 2026) == 1


def test_the_files_for_sipp_are_read_back_as_they_were_told(firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(3)
    firm.tell("new_workers", rows)
    firm.tell("leavers", [leaver(rows[0], "20-01-2026")])
    with acting_as(firm.actor):
        files = {kind: queries.sipp_files(firm.actor, firm.payer.pk, JANUARY, kind) for kind in Kind}
    tables = {kind: read(found[0].content) for kind, found in files.items()}
    assert [found[0].name for found in files.values()] == [
        "template_tk_KR100001.xlsx", "template_upah_KR100001.xlsx", "template_tk_na_KR100001.xlsx",
    ]  # fmt: skip
    new, paid, left = (tables[kind].rows for kind in Kind)
    assert sorted(new["nik"]) == sorted(paid["nik"]) == sorted(row["nik"] for row in rows)
    assert set(new["wage"]) == set(paid["wage"]) == {Decimal("3500000.00")}
    assert (left["reason"].to_list(), left["left_on"].to_list()) == (["Mengundurkan diri"], [date(2026, 1, 20)])
    sheets = load_workbook(io.BytesIO(files[Kind.NEW_WORKERS][0].content)).sheetnames
    assert sheets == ["Petunjuk Pengisian", "data_tk_baru", "LOKASI_PEKERJAAN"]


def test_a_wages_file_and_a_leavers_file_come_back_in(firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(3)
    firm.tell("new_workers", rows)
    frame = pl.DataFrame(rows).select("nik", "name", pl.lit(Decimal("3600000.50")).alias("wage"))
    paid = write_wages(frame.with_columns(pl.lit(FEBRUARY).alias("month"), pl.lit("KR100001").alias("npp")))
    gone = write_leavers(frame.head(1).select("nik", "name", pl.lit("Pensiun").alias("reason")), "tk-na-3")
    with acting_as(firm.actor):
        for content in (paid, gone):
            report = receive_report(firm.actor, firm.payer.pk, FEBRUARY, content, "x.xlsx")
            assert report.rows_accepted == report.rows_received, report.kind
            apply_report(firm.actor, report.pk)
        with pytest.raises(InvalidInput):
            queries.sipp_files(firm.actor, firm.payer.pk, FEBRUARY, "pajak")
        page = queries.workers(firm.actor, firm.payer.pk, FEBRUARY, ListQuery())
    assert {line.wage for line in page.rows} == {Decimal("3600000.50")}
    assert len(page.rows) == 2


def test_roles_without_the_right_report_nothing(firm: Firm, new_rows: Rows) -> None:
    from dataclasses import replace

    reader = replace(firm.actor, permissions=frozenset({"wages.view"}))
    for act in (
        lambda: receive_report(reader, firm.payer.pk, JANUARY, b"x", "x"),
        lambda: close_month(reader, firm.payer.pk, JANUARY),
        lambda: same_as_last_month(reader, firm.payer.pk, JANUARY),
        lambda: apply_report(reader, 1),
        lambda: undo_leaving(reader, 1, "x"),
    ):
        with acting_as(reader), pytest.raises(NotAllowed):
            act()
