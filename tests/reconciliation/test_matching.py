"""Each rupiah of a statement becomes a payment once, or lies in suspense; never both, never twice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lindung.contributions import actions as contributions
from lindung.contributions.models import Payment
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.reconciliation import actions, queries
from lindung.reconciliation.models import Line, Match, Sp2d, Statement

from .conftest import DAY, FEB, JAN, NUMBER, Office, balance, code_of, mt940

PRICE = 16_800


def matched(line: Line) -> Match | None:
    return line.matches.order_by("-ordinal").first()


def test_a_payment_code_in_the_text_pays_its_bill(office: Office) -> None:
    bill = office.bill(2)
    imported = office.take((2 * PRICE, f"TRF IURAN {code_of(bill)} TERIMA KASIH"), (5_000, "SETORAN"))
    assert (imported.matched, imported.left) == ({"code": 1}, 1)
    payment = Payment.objects.get()
    assert (payment.kind, payment.amount, payment.paid_on, payment.payer) == (
        "statement", 2 * PRICE, DAY, office.company,
    )  # fmt: skip
    assert payment.settlements.get().bill == bill
    assert (balance("1101"), balance("2301")) == (2 * PRICE + 5_000, -5_000)


def test_a_va_payment_already_received_is_recognised_and_not_doubled(office: Office) -> None:
    bill = office.bill()
    with acting_as(SYSTEM):
        callback = contributions.receive_payment(
            SYSTEM, office.company.pk, "va", "BKL-7788001", DAY - timedelta(days=1), PRICE, bill.pk, "VA"
        )
    imported = office.take((PRICE, f"VA {code_of(bill)}"), (PRICE, f"VA {code_of(bill)}"))
    assert imported.matched == {"known": 1, "code": 1}  # the second is other money
    assert Payment.objects.filter(kind="va").get().matches.count() == 1
    assert Payment.objects.count() == 2
    assert callback.payment.matches.get().line.ordinal == 1
    assert balance("1101") == 2 * PRICE
    assert balance("2301") == 0


def test_the_banks_reference_finds_an_sp2d_recorded_before(office: Office) -> None:
    bill = office.bill(3, payer=office.world.agency)
    with acting_as(SYSTEM):
        contributions.receive_payment(
            SYSTEM, office.world.agency.pk, "sp2d", "00123/SP2D/2026", DAY - timedelta(days=5), 3 * PRICE, bill.pk
        )
    imported = office.take((3 * PRICE, "PEMINDAHBUKUAN RKUD SP2D NO 00123/sp2d/2026 IURAN"))
    assert imported.matched == {"known": 1}
    assert Payment.objects.count() == 1


def test_the_payers_number_and_the_exact_amount_of_an_open_bill(office: Office) -> None:
    bill = office.bill(2)
    office.take((2 * PRICE, f"IURAN JAN {office.company.npp} LUNAS"))
    assert Payment.objects.get().settlements.get().bill == bill
    february = office.bill(1, FEB)
    office.take((PRICE, f"dari {office.company.name.lower()} pontianak"), opening=2_000_000)
    assert Payment.objects.latest("id").settlements.get().bill == february
    assert set(Match.objects.values_list("how", flat=True)) == {"payer"}


def test_amount_alone_name_alone_or_two_codes_are_not_enough(office: Office) -> None:
    first, second = office.bill(1, JAN), office.bill(1, FEB)
    imported = office.take(
        (PRICE, "SETORAN TUNAI"),
        (PRICE + 1, f"IURAN {office.company.npp}"),
        (PRICE, f"{code_of(first)} DAN {code_of(second)}"),
        (PRICE, f"9{code_of(first)}"),  # thirteen digits
        (PRICE, f"X{office.company.npp}X"),
    )
    assert (imported.matched, imported.left) == ({}, 5)
    assert not Payment.objects.exists()
    assert balance("2301") == -balance("1101") == -(5 * PRICE + 1)


def test_two_payers_with_the_same_open_amount_need_a_name(office: Office) -> None:
    office.bill(1)
    office.bill(1, payer=office.world.agency)
    office.take((PRICE, f"IURAN {office.company.npp} DAN {office.world.agency.npp}"))
    assert not Payment.objects.exists()


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    bill = office.bill()
    content = mt940((PRICE, code_of(bill)), (7_000, "X"))
    for repeated in (False, True, True):
        with acting_as(office.one):
            (imported,) = actions.import_statement(office.one, "rk.sta", content)
        assert imported.repeated is repeated
    assert (Statement.objects.count(), Line.objects.count(), Payment.objects.count()) == (1, 2, 1)
    assert balance("1101") == PRICE + 7_000


def test_overlapping_statements_bring_only_what_is_new(office: Office) -> None:
    office.take((10, "A"), (10, "A"), (20, "B"))
    again = office.take((10, "A"), (10, "A"), (20, "B"), (10, "A"), (30, "C"))
    assert (again.statement.lines_read, again.statement.lines_new) == (5, 2)
    assert sorted(Line.objects.values_list("amount", "ordinal")) == [(10, 1), (10, 2), (10, 3), (20, 1), (30, 1)]
    assert balance("2301") == -80


def test_a_statement_that_goes_on_where_the_last_ended_brings_look_alikes(office: Office) -> None:
    """Half a day, then the other half: two cash deposits of the same amount are two."""
    office.take((10, "SETORAN"), opening=100)
    rest = office.take((10, "SETORAN"), opening=110)
    with acting_as(office.one):  # and the first half again, written a little differently
        content = mt940((10, "SETORAN"), opening=100).replace(b"RK26", b"RX26")
        assert actions.import_statement(office.one, "rk", content)[0].statement.lines_new == 0
    assert rest.statement.lines_new == 1
    assert [row["ordinal"] for row in Line.objects.order_by("id").values("ordinal")] == [1, 2]


def test_a_day_that_nets_to_nothing_downloaded_twice_is_not_doubled(office: Office) -> None:
    """Opening and closing balance are the same, so the second file seems to go on from the first."""
    office.take((10, "SALAH"), (-10, "KOREKSI"), opening=100)
    again = office.take((10, "SALAH"), (-10, "KOREKSI"), opening=100, on=DAY)
    assert again.repeated
    other = mt940((10, "SALAH"), (-10, "KOREKSI"), opening=100).replace(b"RK26", b"RX26")
    with acting_as(office.one):
        (third,) = actions.import_statement(office.one, "rk.sta", other)
    assert (third.repeated, third.statement.lines_new) == (False, 0)


def test_money_out_is_in_suspense_with_its_sign(office: Office) -> None:
    office.take((-2_500, "BIAYA ADM"), (-2_500, "BIAYA ADM"))
    assert (balance("1101"), balance("2301")) == (-5_000, 5_000)
    assert {row.state for row in queries.lines(_query()).rows} == {"out"}


def test_sen_are_kept_and_not_booked(office: Office) -> None:
    content = mt940((1_234, "JASA GIRO")).replace(b"C1234,00", b"C1234,56").replace(b"IDR1001234,00", b"IDR1001234,56")
    with acting_as(office.one):
        actions.import_statement(office.one, "rk.sta", content)
    line = Line.objects.get()
    assert (line.amount, line.sen) == (1_234, 56)
    assert balance("2301") == -1_234


def test_what_is_refused(office: Office) -> None:
    cases = [
        (mt940((1, "A")).replace(NUMBER.encode(), b"999888777"), "", "account_unknown"),
        (mt940((1, "A")), "999888777", "account_differs"),
        (mt940((1, "A"), on=date(2026, 2, 28)), "", "statement_in_future"),
        (mt940((1, "A")).replace(b"C1,00N", b"C2,00N"), "", "saldo_tidak_cocok"),
        (b"Tanggal;Keterangan;Jumlah;D/K;Saldo\n26/02/2026;a;1;K;2\n", "", "account_missing"),
        (b"Tanggal;Keterangan;Jumlah;D/K;Saldo\n26/13/2026;a;1;K;2\n", NUMBER, "baris_salah"),
    ]
    for content, account, code in cases:
        with pytest.raises(InvalidInput) as caught, acting_as(office.one):
            actions.import_statement(office.one, "rk", content, account)
        assert caught.value.code == code
        assert caught.value.way_out
    assert caught.value.details["rows"][0]["row"] == 2
    assert not Statement.objects.exists()


def test_who_may_not(office: Office) -> None:
    nobody = Actor(office.one.user_id, "x", "auditor", frozenset({"reconciliation.view"}), office.one.scope)
    for act in (
        lambda: actions.import_statement(nobody, "rk", mt940((1, "A"))),
        lambda: actions.add_account(nobody, "12345", "B", "H"),
        lambda: actions.propose_receipt(nobody, office.company.pk, 1, DAY, "K-1", "alasan"),
        lambda: actions.decide(nobody, 1, approve=True),
        lambda: actions.match_again(nobody),
        lambda: actions.import_sp2d(nobody, b""),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_bill_issued_later_is_found_when_lines_are_looked_at_again(office: Office) -> None:
    office.take((PRICE, f"IURAN {office.company.npp}"))
    assert balance("2301") == -PRICE
    office.bill()
    with acting_as(SYSTEM):
        assert actions.match_again(SYSTEM) == {"payer": 1}
        assert actions.match_again(SYSTEM) == {}
    assert (balance("2301"), balance("1101")) == (0, PRICE)
    assert all(day.difference == 0 for day in queries.days(DAY))


def test_a_reversed_payment_frees_its_line(office: Office) -> None:
    bill = office.bill()
    office.take((PRICE, code_of(bill)))
    payment = Payment.objects.get()
    with acting_as(office.one):
        reversal = contributions.reverse_payment(office.one, payment.pk, "salah pembayar")
    with acting_as(office.two):
        contributions.confirm_reversal(office.two, reversal.pk)
    with acting_as(SYSTEM):
        assert actions.match_again(SYSTEM) == {}  # not guessed a second time
    assert queries.line(Line.objects.get().pk).state == "open"
    assert (balance("1101"), balance("2301")) == (PRICE, -PRICE)
    with acting_as(office.one):
        proposal = actions.propose_identification(
            office.one, Line.objects.get().pk, "pembayar yang benar", payer_id=office.world.agency.pk
        )
    with acting_as(office.two):
        actions.decide(office.two, proposal.pk, approve=True)
    assert Payment.objects.latest("id").payer == office.world.agency
    assert (balance("1101"), balance("2301"), balance("2201", office.world.agency.pk)) == (PRICE, 0, -PRICE)


def _query(**filters: str) -> queries.ListQuery:
    return queries.ListQuery(filters=filters)


def test_bank_and_books_agree_day_by_day_and_what_the_bank_has_not_seen_is_listed(office: Office) -> None:
    bill = office.bill()
    office.take((PRICE, code_of(bill)), (300, "X"), (-50, "BIAYA"))
    (day,) = queries.days(DAY)
    assert (day.bank_in, day.bank_out, day.known, day.suspense, day.books, day.difference) == (
        PRICE + 300, -50, PRICE, 250, PRICE + 250, 0,
    )  # fmt: skip
    with acting_as(SYSTEM):
        contributions.receive_payment(SYSTEM, office.company.pk, "va", "BKL-1", DAY, 999)
    (day,) = queries.days(DAY)
    assert day.difference == 999
    assert [row.reference for row in queries.unseen_payments(DAY)] == ["BKL-1"]


def test_a_missing_statement_shows_in_the_balances(office: Office) -> None:
    office.take((10, "A"), opening=100, on=DAY - timedelta(days=2))
    office.take((5, "C"), opening=130)
    (gap,) = queries.gaps()
    assert (gap.account, gap.closed_on, gap.difference) == (NUMBER, DAY, 20)
    office.take((20, "B"), opening=110, on=DAY - timedelta(days=1))
    assert queries.gaps() == []


def test_sp2d_lists_are_taken_once_and_compared(office: Office) -> None:
    day = b";26/02/2026;BPJS;"
    listed = b"No SP2D;Tanggal;Penerima;Nilai\nS-1" + day + b"10.000\nS-1" + day + b"5.000\nS-2" + day + b"7\n"
    with acting_as(office.one):
        assert actions.import_sp2d(office.one, listed) == (2, 2)
        assert actions.import_sp2d(office.one, listed) == (2, 0)
        with pytest.raises(Conflict):
            actions.import_sp2d(office.one, listed.replace(b";7\n", b";8\n"))
    assert Sp2d.objects.get(number="S-1").amount == 15_000
    office.take((7, "SP2D S-2"))
    with acting_as(SYSTEM):
        contributions.receive_payment(SYSTEM, office.company.pk, "sp2d", "S-1", DAY, 15_000)
    assert {row.number: row.state for row in queries.sp2d(_query()).rows} == {"S-1": "paid", "S-2": "seen"}


DEPOSITS = st.lists(st.tuples(st.integers(-30, 30).filter(bool), st.sampled_from(["A", "B"])), min_size=1, max_size=8)


FRESH_DAYS = count(1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEPOSITS, st.lists(st.integers(1, 8), max_size=3))
def test_however_a_days_movements_are_cut_into_files_each_comes_once(
    office: Office, deposits: list[tuple[int, str]], cuts: list[int]
) -> None:
    """Files grow through the day, each from its beginning; the books hold the bank's balance after each."""
    day = DAY - timedelta(days=next(FRESH_DAYS))
    for cut in sorted({*(min(cut, len(deposits)) for cut in cuts), len(deposits)}):
        office.take(*deposits[:cut], opening=10**6 + day.toordinal(), on=day)
    lines = Line.objects.filter(booked_on=day)
    assert sorted(lines.values_list("amount", "text")) == sorted(deposits)
    found = [row.difference for row in queries.days(day, 1)]
    assert found == [0]
