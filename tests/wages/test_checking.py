"""Rows come back with what is wrong, where, and the way out; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wages.conftest import FEBRUARY, JANUARY, OFFICER, Firm

from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.ui.listing import ListQuery
from lindung.people.actions import record_death
from lindung.people.models import Person
from lindung.wages import queries
from lindung.wages.actions import apply_report, correct_row, receive_rows, withdraw_report
from lindung.wages.models import Employment, WageRecord, WageReport, WageReportRow
from lindung.wages.preparing import as_written, prepare, wage_in_sen

pytestmark = pytest.mark.django_db
Rows = Callable[..., list[dict[str, Any]]]
Codes = Callable[[WageReport], dict[int, list[str]]]


@pytest.mark.parametrize(
    ("written", "sen"),
    [
        ("3100000", 310_000_000), ("3.100.000", 310_000_000), ("3,100,000", 310_000_000),
        ("Rp 3.100.000,00", 310_000_000), ("Rp3.100.000,-", 310_000_000), ("2646878.64", 264_687_864),
        ("2.646.878,64", 264_687_864), ("2646878.6400000001", 264_687_864), ("2646878,645", 264_687_865),
        ("-5000", -500_000), ("0", 0), ("3,1 juta", None), ("abc", None), ("1e6", None), ("3100000 / bulan", None),
        ("99999999999999", None),
    ],
)  # fmt: skip
def test_a_wage_is_read_as_offices_write_it(written: str, sen: int | None) -> None:
    assert pl.DataFrame({"wage": [written]}).select(wage_in_sen("wage")).item() == sen


@settings(max_examples=25)
@given(st.integers(min_value=0, max_value=10**13))
def test_a_wage_written_in_any_of_four_ways_is_the_same(sen: int) -> None:
    rupiah, rest = divmod(sen, 100)
    dots = f"{rupiah:,}".replace(",", ".")
    ways = [f"{rupiah}.{rest:02d}", f"{rupiah},{rest:02d}", f"{dots},{rest:02d}", f"Rp {rupiah:,}.{rest:02d}"]
    assert pl.DataFrame({"wage": ways}).select(wage_in_sen("wage")).to_series().to_list() == [sen] * 4


@pytest.mark.parametrize("written", ["02-2026", "2026-02", "01-02-2026", "2026-02-01", "022026", "22026", "202602"])
def test_the_month_of_a_file_is_read_in_all_its_forms(written: str) -> None:
    rows = prepare(as_written(pl.DataFrame({"row_no": [1], "month": [written]})))
    assert rows["month_on"].to_list() == [FEBRUARY]


FAULTS = {
    "missing_nik": {"nik": ""},
    "nik_length": {"nik": "612345"},
    "nik_not_digits": {"nik": "61120341078500AB"},
    "nik_region": {"nik": "0012034107850001"},
    "missing_name": {"name": " "},
    "missing_birth_date": {"birth_date": ""},
    "birth_date_unreadable": {"birth_date": "31-02-1990"},
    "sex_unknown": {"sex": "X"},
    "missing_wage": {"wage": ""},
    "wage_unreadable": {"wage": "tiga juta"},
    "wage_not_positive": {"wage": "0"},
    "wage_too_small": {"wage": "3100"},
    "wage_too_large": {"wage": "3100000000000"},
    "wage_kind_unknown": {"wage_kind": "mingguan"},
    "start_in_future": {"started_on": "01-02-2026"},
    "start_unreadable": {"started_on": "kemarin"},
    "contract_before_start": {"contract_end": "31-12-2025"},
    "status_unknown": {"employment_status": "magang"},
    "id_type_unknown": {"id_type": "SIM"},
    "passport_format": {"id_type": "PASSPORT", "nik": "C 12", "country": "MY"},
    "country_missing": {"id_type": "PASSPORT", "nik": "C1234567"},
    "month_differs": {"month": "02-2026"},
    "npp_differs": {"npp": "KR999999"},
}


def test_every_fault_of_a_row_is_named_with_its_field_and_way_out(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = [row | fault for row, fault in zip(new_rows(len(FAULTS)), FAULTS.values(), strict=True)]
    report = firm.send("new_workers", rows)
    found = codes(report)
    missed = {code: found[number] for number, code in enumerate(FAULTS, start=1) if code not in found[number]}
    assert missed == {}
    assert (report.rows_received, report.rows_to_fix) == (len(FAULTS), len(FAULTS))
    for row in WageReportRow.objects.filter(report=report):
        assert all(told["message"] and told["way_out"] and told["field"] for told in row.reasons)


WARNINGS = {
    "below_minimum": {"wage": "3000000"},
    "late_registration": {"started_on": "01-03-2020"},
    "start_missing": {"started_on": ""},
    "contract_missing": {"employment_status": "PKWT"},
    "contract_over": {"employment_status": "PKWT", "started_on": "01-06-2025", "contract_end": "30-11-2025"},
    "back_pay": {"back_pay": "500000"},
}


def test_what_only_needs_a_look_does_not_stop_a_row(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = [row | odd for row, odd in zip(new_rows(len(WARNINGS)), WARNINGS.values(), strict=True)]
    report = firm.send("new_workers", rows)
    assert (report.rows_accepted, report.rows_warned) == (len(WARNINGS), len(WARNINGS))
    assert all(code in codes(report)[number] for number, code in enumerate(WARNINGS, start=1))


def test_the_pension_age_is_told_and_the_age_itself_must_be_plausible(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    old, child = new_rows(2)
    old |= {"birth_date": "05-05-1960", "nik": f"611201{5 + (40 if old['sex'] == 'P' else 0):02d}05600001"}
    child |= {"birth_date": "05-05-2020", "nik": f"611201{5 + (40 if child['sex'] == 'P' else 0):02d}05200001"}
    report = firm.send("new_workers", [old, child])
    assert codes(report)[1] == ["no_pension"]
    assert "birth_date_implausible" in codes(report)[2]


def test_two_rows_for_one_worker(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    first, second = new_rows(2)
    report = firm.send("new_workers", [first, dict(first), second, second | {"wage": "4000000"}])
    assert codes(report) == {
        1: [], 2: ["duplicate_in_file"], 3: ["duplicate_differs"], 4: ["duplicate_differs"],
    }  # fmt: skip
    assert (report.rows_accepted, report.rows_rejected, report.rows_to_fix) == (1, 1, 2)


def test_an_nik_of_another_name_is_not_taken_but_another_spelling_is(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(3, name="Muhammad Yusuf Hidayat")
    firm.tell("new_workers", rows)
    told = [rows[0] | {"name": "Moh. Jusuf Hidayat, S.T."}, rows[1] | {"name": "Siti Rahmawati"}]
    report = firm.send("new_workers", told, FEBRUARY)
    assert codes(report) == {1: ["already_employed"], 2: ["already_employed", "identity_differs"]}


def test_the_dead_are_not_hired(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(1)
    firm.tell("new_workers", rows)
    with acting_as(OFFICER):
        record_death(OFFICER, Person.objects.get().pk, date(2026, 1, 20), "akta")
    assert codes(firm.send("new_workers", rows, FEBRUARY))[1][0:2] == ["already_employed", "identity_differs"]


def test_nobody_left_before_the_death_that_is_recorded(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(3)
    firm.tell("new_workers", rows)
    with acting_as(OFFICER):
        for row in rows:
            record_death(OFFICER, Person.objects.get(nik=row["nik"]).pk, date(2026, 2, 20), "akta")
    told = [leaver(rows[0], "19-02-2026"), leaver(rows[1]), leaver(rows[2], "20-02-2026", "Meninggal dunia")]
    assert codes(firm.send("leavers", told, FEBRUARY)) == {
        1: ["left_before_death"], 2: ["left_before_death", "left_by_month"], 3: ["died"],
    }  # fmt: skip


def test_wages_of_strangers_leavers_and_joiners_to_come(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    here, gone, coming, stranger = new_rows(4)
    firm.tell("new_workers", [here, gone])
    firm.tell("leavers", [leaver(gone, "20-01-2026")])
    firm.tell("new_workers", [coming | {"started_on": "10-02-2026"}], FEBRUARY)
    assert codes(firm.send("wages", [wage(row) for row in (here, gone, stranger)], FEBRUARY)) == {
        1: [], 2: ["worker_left"], 3: ["worker_unknown"],
    }  # fmt: skip
    assert codes(firm.send("wages", [wage(coming)])) == {1: ["worker_not_yet"]}


def wage(row: dict[str, Any], rupiah: str = "3500000") -> dict[str, Any]:
    return {"nik": row["nik"], "name": row["name"], "wage": rupiah}


def leaver(row: dict[str, Any], left_on: str = "", reason: str = "Mengundurkan diri") -> dict[str, Any]:
    return {"nik": row["nik"], "name": row["name"], "reason": reason, "left_on": left_on}


def test_a_wage_far_from_the_last_is_worth_a_look(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(2)
    firm.tell("new_workers", rows)
    report = firm.send("wages", [wage(rows[0], "35000000"), wage(rows[1], "4000000")], FEBRUARY)
    assert codes(report) == {1: ["wage_jump"], 2: []}


def test_a_worker_may_be_named_by_kpj_and_crossed_numbers_are_seen(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(2)
    firm.tell("new_workers", rows)
    kpj = {job.person.nik: job.membership.kpj for job in Employment.objects.all()}
    by_kpj = {"kpj": kpj[rows[0]["nik"]], "name": rows[0]["name"], "wage": "3600000"}
    crossed = {"nik": rows[1]["nik"], "kpj": kpj[rows[0]["nik"]], "name": rows[1]["name"], "wage": "3600000"}
    report = firm.send("wages", [by_kpj], FEBRUARY)
    assert codes(report) == {1: []}
    assert "kpj_of_another" in codes(firm.send("wages", [crossed], FEBRUARY))[1]


def test_leavers_with_impossible_days(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(5)
    firm.tell("new_workers", rows)
    told = [
        leaver(rows[0], "28-02-2026"),  # after the month
        leaver(rows[1], "01-01-2026"),  # before the start
        leaver(rows[2], "20-01-2026", ""),
        leaver(rows[3]),  # without a day: the end of December, before the start
        leaver(rows[4], "entah"),
    ]
    assert codes(firm.send("leavers", told)) == {
        1: ["left_in_future"], 2: ["left_before_start"], 3: ["missing_leave_reason"], 4: ["left_before_start"],
        5: ["left_unreadable"],
    }  # fmt: skip


def test_a_mended_row_stands_in_place_of_the_old_one(firm: Firm, new_rows: Rows, codes: Codes) -> None:
    rows = new_rows(2)
    right = rows[0]["nik"]
    report = firm.tell("new_workers", [rows[0] | {"nik": "123"}, rows[1]])
    old = WageReportRow.objects.get(report=report, outcome="to_fix")
    with acting_as(firm.actor):
        new = correct_row(firm.actor, old.pk, {"nik": right})
        again = correct_row(firm.actor, old.pk, {"nik": right})
    report.refresh_from_db()
    assert (new.outcome, new.corrects_id, again.pk) == ("accepted", old.pk, new.pk)
    assert (report.rows_received, report.rows_accepted, report.rows_to_fix) == (2, 2, 0)
    assert queries.report(firm.actor, report.pk).rows_unapplied == 1
    with acting_as(firm.actor):
        apply_report(firm.actor, report.pk)
        apply_report(firm.actor, report.pk)
    assert Employment.objects.count() == 2
    assert WageRecord.objects.count() == 2


def test_a_mended_row_cannot_become_a_worker_who_is_there_already(firm: Firm, new_rows: Rows) -> None:
    rows = new_rows(2)
    report = firm.send("new_workers", [rows[0] | {"nik": "123"}, rows[1]])
    old = WageReportRow.objects.get(report=report, outcome="to_fix")
    with acting_as(firm.actor):
        new = correct_row(firm.actor, old.pk, {name: rows[1][name] for name in ("nik", "name", "sex", "birth_date")})
    assert (new.outcome, new.reason_codes) == ("rejected", ["duplicate_in_file"])


def test_accepted_rows_and_rows_mended_by_others_are_not_mended(firm: Firm, new_rows: Rows) -> None:
    report = firm.send("new_workers", [new_rows(1)[0] | {"wage": "x"}, new_rows(2)[1]])
    bad, good = WageReportRow.objects.filter(report=report).order_by("row_no")
    with acting_as(firm.actor):
        correct_row(firm.actor, bad.pk, {"wage": "3500000"})
        with pytest.raises(Conflict, match="sudah diperbaiki"):
            correct_row(firm.actor, bad.pk, {"wage": "3600000"})
        with pytest.raises(Conflict, match="sudah diterima"):
            correct_row(firm.actor, good.pk, {"wage": "3600000"})
        with pytest.raises(InvalidInput):
            correct_row(firm.actor, bad.pk, {"role": "admin"})


def test_the_same_report_again_changes_nothing_and_says_so(firm: Firm, new_rows: Rows) -> None:
    first = firm.tell("new_workers", new_rows(3))
    again = firm.send("new_workers", new_rows(3))
    assert (again.pk, again.repeated, first.repeated) == (first.pk, True, False)
    assert WageReport.objects.count() == 1


def test_a_withdrawn_report_may_come_again_and_an_applied_one_is_not_withdrawn(firm: Firm, new_rows: Rows) -> None:
    first = firm.send("new_workers", new_rows(1))
    with acting_as(firm.actor):
        withdraw_report(firm.actor, first.pk, "salah bulan")
        with pytest.raises(Conflict):
            apply_report(firm.actor, first.pk)
    second = firm.tell("new_workers", new_rows(1))
    assert (second.pk != first.pk, second.sequence) == (True, 2)
    with acting_as(firm.actor), pytest.raises(Conflict):
        withdraw_report(firm.actor, second.pk, "salah bulan")


def test_rows_that_are_no_rows(firm: Firm, new_rows: Rows) -> None:
    for kind, rows, month in (
        ("wages", [], JANUARY),
        ("payroll", new_rows(1), JANUARY),
        ("wages", [{"nik": "1", "role": "x"}], JANUARY),
        ("correction", [{"nik": "1", "wage": "1"}], JANUARY),  # without a reason
        ("wages", [{"nik": "1", "wage": "1"}], date(2026, 4, 1)),
    ):
        with acting_as(firm.actor), pytest.raises(InvalidInput):
            receive_rows(firm.actor, firm.payer.pk, month, kind, rows)


def test_staff_reach_no_other_employer(firm: Firm, other_firm: Firm, new_rows: Rows) -> None:
    report = firm.tell("new_workers", new_rows(1))
    bad = firm.send("wages", [{"nik": "1", "wage": "x"}])
    row = WageReportRow.objects.get(report=bad)
    stranger = other_firm.actor
    with acting_as(stranger):
        for reach in (
            lambda: receive_rows(stranger, firm.payer.pk, JANUARY, "wages", [{"nik": "1"}]),
            lambda: apply_report(stranger, report.pk),
            lambda: withdraw_report(stranger, bad.pk, "coba"),
            lambda: correct_row(stranger, row.pk, {"wage": "1"}),
            lambda: queries.report(stranger, report.pk),
            lambda: queries.report_rows(stranger, report.pk, ListQuery()),
            lambda: queries.workers(stranger, firm.payer.pk, JANUARY, ListQuery()),
            lambda: queries.wages_of(stranger, firm.payer.pk, 1),
            lambda: queries.checklist(stranger, firm.payer.pk, JANUARY),
            lambda: queries.sipp_files(stranger, firm.payer.pk, JANUARY, "wages"),
        ):
            with pytest.raises(NotFound):
                reach()
        assert queries.reports(stranger, ListQuery()).rows == []
        assert queries.leavers_unreported(stranger) == []
        assert not Employment.objects.exists() and not WageRecord.objects.exists()
