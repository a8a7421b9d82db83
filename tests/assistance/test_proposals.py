"""Lists as they come in, come back, and come in again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import polars as pl
import pytest
from assistance.lists import FIRST_ROW, workbook
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import PEOPLE, World

from lindung.assistance.actions import check_proposal, create_kubu_raya_scheme, receive_proposal
from lindung.assistance.models import Proposal, ProposalRow, Scheme
from lindung.assistance.row_codes import row_codes
from lindung.contributions.actions import at_price, plan_person_months
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import InvalidInput, NotAllowed
from lindung.core.files import read_file
from lindung.membership.actions import enrol
from lindung.people.actions import import_death_notices, record_death, register_people
from lindung.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
Row = dict[str, Any]
Send = Callable[..., Proposal]
RowsOf = Callable[[Proposal], list[ProposalRow]]


def charge(world: World, rows: list[Row], payer_id: int, segment: str) -> None:
    """The rows' people with January to March 2026 charged to a payer."""
    with acting_as(SYSTEM):
        people = pl.DataFrame(
            [{**dict.fromkeys(PEOPLE, ""), "nik": row["NIK"], "name": row["Nama Lengkap"], "sex": row["L/P"],
              "mother_name": row["Nama Ibu Kandung"], "place_id": world.village,
              "birth_date": date(*map(int, reversed(row["Tanggal Lahir"].split("/"))))} for row in rows],
            schema=PEOPLE,
        )  # fmt: skip
        located = people.select("place_id", "occupation", "nik").join(register_people(SYSTEM, people), on="nik")
        members = enrol(SYSTEM, located, segment, date(2026, 1, 1), payer_id if segment == "PU" else None, "uji")
        frame = located.join(members.drop("is_new"), on="person_id").with_columns(segment=pl.lit(segment))
        months = [date(2026, month, 1) for month in (1, 2, 3)]
        plan_person_months(SYSTEM, payer_id, months, at_price(frame, 1_000_000, jkk=10_000, jkm=6_800), "uji:1")


def test_who_is_paid_for_by_others_is_turned_away_and_the_sponsors_own_are_renewed(
    world: World, scheme: Scheme, cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    employed, village_paid, renewed, fresh = cells(4)
    charge(world, [employed], world.company.pk, "PU")
    charge(world, [village_paid], world.village_payer.pk, "BPU")
    charge(world, [renewed], world.agency.pk, "BPU")
    rows = rows_of(send([employed, village_paid, renewed, fresh]))
    assert [row.reason_codes for row in rows] == [["covered_by_employer"], ["other_sponsor"], [], []]
    assert [row.status for row in rows] == ["rejected", "rejected", "accepted", "accepted"]
    assert world.company.name in rows[0].reasons[0]["message"]
    assert [row.person_id is not None for row in rows] == [True, True, True, False]


def test_the_dead_are_found_by_record_and_by_notice(
    world: World, scheme: Scheme, cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    recorded, noticed = cells(2)
    charge(world, [recorded], world.agency.pk, "BPU")
    with acting_as(SYSTEM):
        person = Person.objects.get(nik=recorded["NIK"])
        record_death(SYSTEM, person.pk, date(2026, 2, 1), "uji")
        notice = {"row_no": 1, "nik": noticed["NIK"], "name": noticed["Nama Lengkap"], "birth_date": None,
                  "died_on": date(2026, 2, 3), "certificate_no": ""}  # fmt: skip
        import_death_notices(SYSTEM, [notice], world.regency, "0" * 64)
    rows = rows_of(send([recorded, noticed]))
    assert [(row.status, row.reason_codes) for row in rows] == [("rejected", ["deceased"])] * 2
    assert "1 Februari 2026" in rows[0].reasons[0]["message"]


def test_corrected_rows_in_the_answer_workbook(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf, world: World, scheme: Scheme
) -> None:
    good, short, motherless = cells(3)
    first = send([good, short | {"NIK": short["NIK"][:-1]}, motherless | {"Nama Ibu Kandung": ""}])
    assert (first.rows_accepted, first.rows_to_fix) == (1, 2)
    book = openpyxl.load_workbook(io.BytesIO(read_file(first.answer_file_id)[1]))
    sheet = book.active
    titles = [cell.value for cell in sheet[2]]
    assert titles.count("Kode Baris") == 1
    nik, code, result = (titles.index(title) + 1 for title in ("NIK", "Kode Baris", "Hasil"))
    codes = [row.row_code for row in rows_of(first)]
    assert [sheet.cell(FIRST_ROW + at, code).value for at in range(3)] == codes
    assert [sheet.cell(FIRST_ROW + at, result).value for at in range(3)] == [
        "Diterima", "Perlu diperbaiki", "Perlu diperbaiki",
    ]  # fmt: skip
    sheet.cell(FIRST_ROW + 1, nik).value = short["NIK"]
    mended = io.BytesIO()
    book.save(mended)
    with acting_as(world.officer):
        second = receive_proposal(world.officer, scheme.pk, "perbaikan.xlsx", mended.getvalue())
    again = rows_of(second)
    assert [row.status for row in again] == ["known", "accepted", "to_fix"]
    assert [row.corrects.row_code if row.corrects else None for row in again] == [None, *codes[1:]]
    # The first code still leads to the newest row of its chain.
    third = send([motherless | {"Kode Baris": codes[2]}], name="lagi.xlsx")
    (last,) = rows_of(third)
    assert (last.status, last.corrects_id) == ("accepted", again[2].pk)
    fourth = send([motherless | {"Kode Baris": codes[2], "Alamat": "lain"}], name="terakhir.xlsx")
    assert [row.status for row in rows_of(fourth)] == ["known"]
    assert ProposalRow.objects.filter(status="accepted").count() == 3


def test_accepted_again_without_a_code_is_known_and_nobody_is_doubled(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    rows = cells(3)
    send(rows[:2])
    again = rows_of(send(rows))
    assert [row.status for row in again] == ["known", "known", "accepted"]
    twin = ProposalRow.objects.get(pk=again[2].pk)
    twin.pk, twin.row_no, twin.row_code = None, 999, "X"
    with pytest.raises(IntegrityError, match="accepted_once_per_scheme"), transaction.atomic():
        twin.save(force_insert=True)


def two_niks(row: Row) -> tuple[Row, Row]:
    """One person typed twice, in other letters and under another NIK."""
    one = row | {"Nama Lengkap": "Muhammad Yusuf Hidayat", "Nama Ibu Kandung": "Siti Aminah"}
    serial = "9999" if one["NIK"][12:] != "9999" else "9998"
    return one, one | {
        "NIK": one["NIK"][:12] + serial, "Nama Lengkap": "M. YUSUP HIDAYAT", "Nama Ibu Kandung": "Siti Aminnah",
    }  # fmt: skip


def test_sending_the_answer_back_unchanged_asks_again_about_the_same_person(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf, world: World, scheme: Scheme
) -> None:
    first = send([*two_niks(cells(1)[0])])
    answer = read_file(first.answer_file_id)[1]
    for _ in range(2):
        with acting_as(world.officer):
            again = receive_proposal(world.officer, scheme.pk, "kembali.xlsx", answer)
        rows = rows_of(again)
        assert [(row.status, row.reason_codes) for row in rows] == [
            ("known", ["known"]), ("to_fix", ["duplicate_person"]),
        ]  # fmt: skip
        assert f"baris {FIRST_ROW}," in rows[1].reasons[0]["message"]
        answer = read_file(again.answer_file_id)[1]
    assert ProposalRow.objects.filter(status="accepted").count() == 1


def test_the_same_person_under_another_nik_in_a_second_file_is_asked_about(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    one, again = two_niks(cells(1)[0])
    (kept,) = rows_of(send([one]))
    (asked,) = rows_of(send([again]))
    assert (asked.status, asked.reason_codes) == ("to_fix", ["duplicate_person"])
    assert kept.row_code in asked.reasons[0]["message"]
    # Whoever changes the name in the accepted row does not get past it either.
    hidden = one | {"Nama Lengkap": "Someone Else", "Kode Baris": kept.row_code}
    assert [row.status for row in rows_of(send([hidden, again]))] == ["known", "to_fix"]
    assert ProposalRow.objects.filter(status="accepted").count() == 1


def test_a_mended_row_that_shows_another_person_is_accepted(
    cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    one, again = two_niks(cells(1)[0])
    kept, asked = rows_of(send([one, again]))
    mended = again | {"Nama Lengkap": "Husin Saputra", "Kode Baris": asked.row_code}
    rows = rows_of(send([one | {"Kode Baris": kept.row_code}, mended]))
    assert [(row.status, row.corrects_id) for row in rows] == [("known", None), ("accepted", asked.pk)]
    # A row without an NIK is not held against the row that mends it.
    other = cells(1, 7)[0]
    (open_row,) = rows_of(send([other | {"NIK": ""}]))
    (whole,) = rows_of(send([other | {"Kode Baris": open_row.row_code}]))
    assert (whole.status, whole.corrects_id) == ("accepted", open_row.pk)


def test_one_code_for_two_people_is_asked_about(cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf) -> None:
    one, two = cells(2)
    (open_row,) = rows_of(send([one | {"NIK": ""}]))
    mended, other = rows_of(send([one | {"Kode Baris": open_row.row_code}, two | {"Kode Baris": open_row.row_code}]))
    assert (mended.status, mended.corrects_id) == ("accepted", open_row.pk)
    assert (other.reason_codes, other.corrects_id) == (["row_code_repeated"], None)


def test_the_same_workbook_twice_changes_nothing(world: World, scheme: Scheme, cells: Callable[..., list[Row]]) -> None:
    content = workbook(cells(2))
    with acting_as(world.officer):
        first = receive_proposal(world.officer, scheme.pk, "a.xlsx", content)
        second = receive_proposal(world.officer, scheme.pk, "b.xlsx", content)
        checked_again = check_proposal(world.officer, first.pk)
    assert (first.repeated, second.repeated, second.pk) == (False, True, first.pk)
    assert checked_again.answer_file_id == first.answer_file_id
    assert ProposalRow.objects.count() == 2


def test_faulty_files(world: World, scheme: Scheme) -> None:
    with acting_as(world.officer):
        with pytest.raises(InvalidInput) as refused:
            receive_proposal(world.officer, scheme.pk, "a.xlsx", b"bukan Excel")
        assert refused.value.way_out
        no_columns = receive_proposal(world.officer, scheme.pk, "b.xlsx", workbook([{"A": "1"}], ["A", "B"]))
        nobody = receive_proposal(world.officer, scheme.pk, "c.xlsx", workbook([]))
    assert [(p.state, bool(p.failure)) for p in (no_columns, nobody)] == [("failed", True)] * 2
    assert not Proposal.objects.filter(file_name="a.xlsx").exists()


def test_wrong_role_is_refused(world: World, scheme: Scheme, cells: Callable[..., list[Row]]) -> None:
    content = workbook(cells(1))
    for actor in (world.auditor, world.leadership, world.approver):
        with acting_as(actor), pytest.raises(NotAllowed):
            receive_proposal(actor, scheme.pk, "a.xlsx", content)
    assert not Proposal.objects.exists()


def test_a_village_sends_and_sees_its_own_people_only(
    world: World, scheme: Scheme, cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    own, foreign = cells(1, 1, [world.village]), cells(1, 2, [world.villages[1]])
    blank = cells(1, 3, [world.village])[0] | {"Desa/Kelurahan": "", "Kecamatan": ""}
    proposal = send([*own, *foreign, blank], world.operator)
    rows = rows_of(proposal)
    assert proposal.place_id == world.village
    assert [(row.status, row.reason_codes) for row in rows] == [
        ("accepted", []), ("to_fix", ["outside_sender_area"]), ("accepted", []),
    ]  # fmt: skip
    assert {row.place_id for row in rows} == {world.village}
    send(cells(3, 4, [world.villages[1]]), name="kabupaten.xlsx")
    with acting_as(world.operator):
        assert Proposal.objects.count() == 1
        assert set(ProposalRow.objects.values_list("place_id", flat=True)) == {world.village}
    with acting_as(world.other_operator):
        assert not Proposal.objects.exists()
        assert set(ProposalRow.objects.values_list("place_id", flat=True)) == {world.villages[1]}


def test_another_office_cannot_correct_a_villages_row(
    world: World, cells: Callable[..., list[Row]], send: Send, rows_of: RowsOf
) -> None:
    (row,) = cells(1, 1, [world.village])
    (open_row,) = rows_of(send([row | {"NIK": ""}], world.operator))
    other = cells(1, 2, [world.villages[1]])[0] | {"Kode Baris": open_row.row_code}
    (tried,) = rows_of(send([other], world.other_operator))
    assert (tried.reason_codes, tried.corrects_id) == (["row_code_unknown"], None)


def test_a_large_list_waits_for_its_job(
    world: World, scheme: Scheme, cells: Callable[..., list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lindung.assistance import proposals, tasks

    monkeypatch.setattr(proposals, "CELLS_AT_ONCE", 5)
    with acting_as(world.officer):
        proposal = receive_proposal(world.officer, scheme.pk, "besar.xlsx", workbook(cells(3)))
    assert (proposal.state, proposal.job.state) == ("received", "queued")
    for _ in range(2):  # the second run is what a killed worker's successor does
        tasks.check_proposal_task.func(job_id=str(proposal.job.pk), proposal_id=proposal.pk)
    proposal.refresh_from_db()
    proposal.job.refresh_from_db()
    assert (proposal.state, proposal.rows_accepted, proposal.job.state) == ("checked", 3, "done")
    assert ProposalRow.objects.count() == 3


def test_a_check_that_dies_leaves_nothing_and_runs_again(
    world: World, scheme: Scheme, cells: Callable[..., list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from lindung.assistance import proposals

    monkeypatch.setattr(proposals, "CELLS_AT_ONCE", 5)
    with acting_as(world.officer):
        proposal = receive_proposal(world.officer, scheme.pk, "besar.xlsx", workbook(cells(3)))
    with monkeypatch.context() as broken:
        broken.setattr(proposals, "answer_workbook", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError), acting_as(SYSTEM):
            check_proposal(SYSTEM, proposal.pk)
    assert not ProposalRow.objects.exists()
    assert Proposal.objects.get().state == "received"
    with acting_as(SYSTEM):
        assert check_proposal(SYSTEM, proposal.pk).rows_accepted == 3


SPOILS: list[Callable[[Row], Row]] = [
    lambda row: row,
    lambda row: row | {"NIK": row["NIK"][:-1]},
    lambda row: row | {"NIK": ""},
    lambda row: row | {"Nama Ibu Kandung": ""},
    lambda row: row | {"Tanggal Lahir": "99/99/9999"},
    lambda row: row | {"Desa/Kelurahan": "Antah Berantah"},
    lambda row: row | {"Keterangan": "tidak bekerja"},
    lambda row: row | {"Pekerjaan": "ASN"},
    lambda row: row | {"Kode Baris": "U1-1"},
]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(picks=st.lists(st.tuples(st.integers(0, 11), st.sampled_from(SPOILS)), min_size=1, max_size=20))
def test_outcomes_add_up_and_no_nik_is_accepted_twice(
    world: World, scheme: Scheme, cells: Callable[..., list[Row]], send: Send, picks: list[tuple[int, Any]]
) -> None:
    people = cells(12)
    proposal = send([spoil(people[at]) for at, spoil in picks])
    outcomes = (proposal.rows_accepted, proposal.rows_to_fix, proposal.rows_rejected, proposal.rows_known)
    rows = ProposalRow.objects.filter(proposal=proposal)
    assert sum(outcomes) == proposal.rows_received == rows.count() == len(picks)
    accepted = list(ProposalRow.objects.filter(scheme=scheme, status="accepted").values_list("nik", flat=True))
    assert len(accepted) == len(set(accepted))
    assert all(row.reasons == [] for row in rows.filter(status="accepted"))
    assert all(row.reasons for row in rows.exclude(status="accepted"))


def test_row_codes_differ_in_two_places() -> None:
    """A code with one character wrong is never the code of another row."""
    codes = row_codes(12, range(1, 2_000))
    assert codes[344].startswith("U12-000345-")
    known = set(codes)
    for code in codes[:50]:
        for at in range(4, len(code)):
            if code[at] != "-":
                assert not {code[:at] + letter + code[at + 1 :] for letter in "0123456789ABZ"} & known - {code}


def test_scheme_is_priced_by_the_law(world: World, scheme: Scheme) -> None:
    assert (scheme.monthly_amount, scheme.account_codes) == (16_800, ["5.1.02.02.02.0006", "5.1.02.02.02.0007"])
    assert scheme.criteria["age_on"] == "2026-01-01"
    with acting_as(world.officer):
        assert create_kubu_raya_scheme(world.officer, world.agency.pk, 2026).pk == scheme.pk
    with acting_as(world.operator), pytest.raises(NotAllowed):
        create_kubu_raya_scheme(world.operator, world.agency.pk, 2027)
