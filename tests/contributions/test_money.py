"""Bills and payments: what the actions say, and what PostgreSQL refuses to the owner and to the application alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from contributions.conftest import FEB, JAN, JKK, JKM, MAR, House, register
from lindung.contributions import actions
from lindung.contributions.models import Bill, BillIssue, Cover, Payment, PersonMonth, SetOff, Settlement
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.models import ActionEntry

pytestmark = pytest.mark.django_db
MONTHLY = JKK + JKM
Run = Callable[..., list[tuple[object, ...]]]


@pytest.fixture(params=["owner", "application"])
def role(request: pytest.FixtureRequest) -> Callable[[], object]:
    """Everything is tried as the owner of the tables and as the application's role."""
    return (lambda: nullcontext()) if request.param == "owner" else (lambda: acting_as(SYSTEM))


@contextmanager
def refused(role: Callable[[], object], words: str = "") -> Iterator[None]:
    with pytest.raises(DatabaseError, match=words or None), transaction.atomic(), role():  # type: ignore[attr-defined]
        yield


def test_a_plan_adds_rows_once_and_only_once(house: House) -> None:
    assert house.plan([JAN, FEB]) == 24
    assert house.plan([JAN, FEB]) == 0
    assert house.plan([FEB, MAR]) == 12
    assert Bill.objects.filter(payer=house.agency).count() == 3


def test_bill_has_number_due_date_people_and_amount(house: House) -> None:
    house.plan([JAN])
    with acting_as(SYSTEM):
        issue = actions.issue_bill(SYSTEM, house.bill(JAN).pk)
        assert actions.issue_bill(SYSTEM, house.bill(JAN).pk).number == issue.number
    assert issue.number == "TAG-2026-01-0001"
    assert (issue.people, issue.amount) == (12, 12 * MONTHLY)
    assert issue.due_on == date(2026, 1, 15)
    assert BillIssue.objects.count() == 1


def test_due_date_moves_past_the_weekend(house: House) -> None:
    house.plan([FEB])
    house.issue(FEB)
    assert house.bill(FEB).issue.due_on == date(2026, 2, 16)  # the 15th is a Sunday


def test_people_added_after_issue_go_on_a_supplement(house: House) -> None:
    house.plan([JAN])
    house.issue(JAN)
    late = register(3, seed=2)
    assert house.plan([JAN], late) == 3
    house.issue(JAN, sequence=2)
    assert house.bill(JAN, sequence=2).issue.number == "TAG-2026-01-0002"
    assert house.bill(JAN, sequence=2).issue.people == 3


def test_another_payer_is_refused_with_the_number_of_people(house: House) -> None:
    house.plan([JAN], house.people.head(5))
    with pytest.raises(Conflict, match="5 orang sudah punya pembayar lain"):
        house.plan([JAN, FEB], payer=house.world.village_payer)
    assert PersonMonth.objects.count() == 5


def test_empty_bill_is_not_issued(house: House) -> None:
    house.plan([JAN])
    with acting_as(SYSTEM):
        actions.reverse_person_months(SYSTEM, house.ids(), JAN, "salah daftar")
        with pytest.raises(InvalidInput, match="tidak memuat siapa pun"):
            actions.issue_bill(SYSTEM, house.bill(JAN).pk)


def test_payment_settles_and_the_second_arrival_changes_nothing(house: House) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    first = house.pay([bill], 12 * MONTHLY, reference="00123/SP2D/2026")
    assert (first.settled_bills, first.people, first.repeated) == ([bill], 12, False)
    entries = ActionEntry.objects.count()
    again = house.pay([bill], 12 * MONTHLY, reference=" 00123/SP2D/2026 ")
    assert (again.payment.pk, again.settled_bills, again.repeated) == (first.payment.pk, [bill], True)
    assert Payment.objects.count() == Settlement.objects.count() == 1
    assert ActionEntry.objects.count() == entries


@pytest.mark.parametrize("change", [{"amount": MONTHLY}, {"on": date(2026, 2, 19)}])
def test_reference_with_other_content_is_a_conflict(house: House, change: dict[str, object]) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    house.pay([bill], 12 * MONTHLY, reference="R")
    with pytest.raises(Conflict, match="Isinya berbeda"):
        house.pay(**{"bill_ids": [bill], "amount": 12 * MONTHLY, "reference": "R"} | change)  # type: ignore[arg-type]


def test_too_much_or_too_little_names_the_difference(house: House) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    with pytest.raises(InvalidInput, match="lebih Rp1 dari sisa tagihan"):
        house.pay([bill], 12 * MONTHLY + 1)
    with pytest.raises(InvalidInput, match=r"kurang Rp16\.800 dari sisa tagihan Rp201\.600"):
        house.pay([bill], 11 * MONTHLY)
    assert not Payment.objects.exists()


def test_instalments_settle_on_the_day_of_the_last_rupiah(house: House, run: Run) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    part = house.pay([bill], 100_000, date(2026, 2, 10), instalment=True)
    assert (part.settled_bills, part.people) == ([], 0)
    assert not Cover.objects.exists()
    rest = house.pay([bill], 101_600, date(2026, 2, 24))
    assert rest.settled_bills == [bill]
    assert run("SELECT settled_on FROM contributions_settledbill WHERE bill_id = %s", bill) == [(date(2026, 2, 24),)]
    assert set(Cover.objects.values_list("protected_since", flat=True)) == {date(2026, 2, 24)}


def test_one_payment_pays_several_bills_the_oldest_first(house: House) -> None:
    house.plan([JAN, FEB])
    bills = [house.issue(JAN), house.issue(FEB)]
    result = house.pay([bills[1], bills[0]], 12 * MONTHLY + 5, instalment=True)
    assert result.settled_bills == [bills[0]]
    assert Settlement.objects.get(bill=bills[1]).amount == 5


@pytest.mark.parametrize("case", ["planned", "paid", "other"])
def test_bills_that_cannot_be_paid(house: House, case: str) -> None:
    house.plan([JAN])
    bill, payer = house.bill(JAN).pk, house.agency
    if case == "planned":
        error, words = InvalidInput, "belum diterbitkan"
    elif case == "paid":
        house.issue(JAN)
        house.pay([bill], 12 * MONTHLY)
        error, words = InvalidInput, "sudah lunas"
    else:
        house.issue(JAN)
        payer, error, words = house.world.company, NotFound, "tidak ditemukan"  # type: ignore[assignment]
    with pytest.raises(error, match=words):
        house.pay([bill], 12 * MONTHLY, reference="lain", payer=payer)


def test_money_of_tomorrow_is_refused(house: House) -> None:
    house.plan([JAN])
    with pytest.raises(InvalidInput, match="belum tiba"):
        house.pay([house.issue(JAN)], 12 * MONTHLY, date(2026, 2, 28))


def test_reversal_on_an_open_bill_lessens_it(house: House) -> None:
    house.plan([JAN, FEB])
    with acting_as(SYSTEM):
        assert actions.reverse_person_months(SYSTEM, house.ids(2), FEB, "pindah") == 2
    house.issue(FEB)
    assert house.bill(FEB).issue.people == 10
    assert Bill.objects.filter(month=FEB).count() == 1
    assert house.plan([FEB], house.people.head(2), house.world.village_payer) == 2, "another payer may take over"


def test_reversal_on_an_issued_bill_makes_a_credit_that_is_set_off(house: House) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    house.pay([bill], 12 * MONTHLY - 20_000, instalment=True)
    with acting_as(SYSTEM):
        assert actions.reverse_person_months(SYSTEM, house.ids(2), JAN, "meninggal") == 2
        assert actions.reverse_person_months(SYSTEM, house.ids(2), JAN, "meninggal") == 0
    credit = house.bill(JAN, sequence=2)
    assert (credit.issue.number, credit.issue.amount) == ("KRD-2026-01-0001", -2 * MONTHLY)
    assert SetOff.objects.get(credit=credit, bill=bill).amount == 20_000
    assert Cover.objects.count() == 10, "the credit settled the bill; the two are not on it"
    house.plan([FEB])
    house.issue(FEB)
    rest = SetOff.objects.get(bill=house.bill(FEB))
    assert rest.amount == 2 * MONTHLY - 20_000, "what is left of the credit lessens the next bill"
    with pytest.raises(InvalidInput, match="lebih"):
        house.pay([rest.bill_id], 12 * MONTHLY, reference="semua")
    house.pay([rest.bill_id], 12 * MONTHLY - rest.amount)


def test_paid_months_are_not_reversed(house: House) -> None:
    house.paid([JAN])
    with acting_as(SYSTEM):
        assert actions.reverse_person_months(SYSTEM, house.ids(), JAN, "x") == 0


ROW = """INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
  place_id, segment, wage_base, jkk, jkm, origin)
  SELECT coalesce(%s, month), person_id, job, %s, membership_id, payer_id, %s, place_id, segment, wage_base, jkk * %s,
         jkm * %s, 'x' FROM contributions_personmonth WHERE person_id = %s AND entry_no = 1 AND month = %s"""


def test_no_row_slips_into_an_issued_bill(house: House, role: Callable[[], object], run: Run) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    with refused(role, "the bill is issued"):
        run(ROW, None, 2, bill, -1, -1, house.ids()[0], JAN)


@pytest.mark.parametrize(
    ("entry", "sign", "words"),
    [
        (3, 1, "no entry before"),
        (2, -2, "undo its charge exactly"),
        (2, 1, "check"),
        (1, 1, "duplicate key"),
        (3, -1, "check"),
    ],
)
def test_entries_follow_each_other(
    house: House, role: Callable[[], object], run: Run, entry: int, sign: int, words: str
) -> None:
    house.plan([JAN])
    with refused(role, words):
        run(ROW, None, entry, house.bill(JAN).pk, sign, sign, house.ids()[0], JAN)


def test_a_reversal_stays_on_the_open_bill(house: House, role: Callable[[], object], run: Run) -> None:
    house.plan([JAN])
    other = Bill.objects.create(payer=house.agency, month=JAN, sequence=2)
    with refused(role, "still open"):
        run(ROW, None, 2, other.pk, -1, -1, house.ids()[0], JAN)


def test_a_paid_month_is_not_reversed_by_sql(house: House, role: Callable[[], object], run: Run) -> None:
    house.paid([JAN])
    other = Bill.objects.create(payer=house.agency, month=JAN, sequence=2)
    with refused(role, "is paid"):
        run(ROW, None, 2, other.pk, -1, -1, house.ids()[0], JAN)


def test_a_row_keeps_to_the_month_and_payer_of_its_bill(house: House, role: Callable[[], object], run: Run) -> None:
    house.plan([JAN])
    with acting_as(SYSTEM):
        actions.ensure_months([FEB])
    with refused(role, "another payer or month"):
        run(ROW, FEB, 1, house.bill(JAN).pk, 1, 1, house.ids()[0], JAN)
    other = Bill.objects.create(payer=house.world.company, month=FEB)
    with refused(role, "another payer or month"):
        run(ROW, FEB, 1, other.pk, 1, 1, house.ids()[0], JAN)


def test_a_row_keeps_to_its_persons_membership(house: House, role: Callable[[], object], run: Run) -> None:
    house.plan([JAN], house.people.head(1))
    with refused(role, "membership of another"):
        run(
            """INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id,
               place_id, segment, wage_base, jkk, jkm, origin)
               SELECT month, %s, job, 1, membership_id, payer_id, bill_id, place_id, segment, wage_base, jkk, jkm, 'x'
               FROM contributions_personmonth""",
            house.ids()[1],
        )


@pytest.mark.parametrize(("people", "amount", "digest"), [(12, 1, ""), (11, 0, ""), (12, 0, "wrong")])
def test_an_issue_says_what_the_rows_say(
    house: House, role: Callable[[], object], people: int, amount: int, digest: str, run: Run
) -> None:
    house.plan([JAN])
    bill = house.bill(JAN)
    (right,) = run("SELECT digest FROM contributions_bill_totals(%s)", bill.pk)
    with refused(role, "its rows say"):
        BillIssue.objects.create(
            bill=bill,
            number="X",
            issued_on=JAN,
            due_on=JAN,
            people=people,
            amount=12 * MONTHLY + amount,
            content_digest=digest or right[0],
            issued_by="x",
        )


def test_charges_and_credits_do_not_cancel_on_one_bill(house: House, run: Run) -> None:
    """Otherwise a replacement would look paid although nobody paid."""
    house.plan([JAN], house.people.head(6))
    house.issue(JAN)
    house.plan([JAN], house.people.tail(6))
    open_bill = house.bill(JAN, sequence=2)
    for person in house.ids(6):
        run(ROW, None, 2, open_bill.pk, -1, -1, person, JAN)
    (totals,) = run("SELECT people, amount, digest FROM contributions_bill_totals(%s)", open_bill.pk)
    assert totals[:2] == (12, 0)
    with pytest.raises(IntegrityError, match="either charges or credits"), transaction.atomic():
        BillIssue.objects.create(
            bill=open_bill,
            number="X",
            issued_on=JAN,
            due_on=JAN,
            people=12,
            amount=0,
            content_digest=totals[2],
            issued_by="x",
        )


def test_no_more_is_settled_than_asked_or_brought(house: House, role: Callable[[], object]) -> None:
    house.plan([JAN, FEB])
    bill, other = house.issue(JAN), house.issue(FEB)
    rich = Payment.objects.create(
        payer=house.agency, kind="sp2d", reference="1", paid_on=JAN, amount=10**9, received_by="x"
    )
    poor = Payment.objects.create(
        payer=house.agency, kind="sp2d", reference="2", paid_on=JAN, amount=5, received_by="x"
    )
    foreign = Payment.objects.create(
        payer=house.world.company, kind="sp2d", reference="3", paid_on=JAN, amount=10, received_by="x"
    )
    with refused(role, "more than the bill asks"):
        Settlement.objects.create(payment=rich, bill_id=bill, amount=12 * MONTHLY + 1)
    with refused(role, "more than the payment brought"):
        Settlement.objects.create(payment=poor, bill_id=bill, amount=6)
    with refused(role, "of another payer"):
        Settlement.objects.create(payment=foreign, bill_id=bill, amount=1)
    Settlement.objects.create(payment=poor, bill_id=bill, amount=3)
    with refused(role, "more than the payment brought"):
        Settlement.objects.create(payment=poor, bill_id=other, amount=3)


def test_set_offs_keep_to_credit_bill_and_payer(house: House, role: Callable[[], object]) -> None:
    house.plan([JAN, FEB])
    bill = house.issue(JAN)
    with refused(role, "an issued credit"):
        SetOff.objects.create(credit_id=bill, bill=house.bill(FEB), amount=1, dated=JAN)
    with acting_as(SYSTEM):
        actions.reverse_person_months(SYSTEM, house.ids(1), JAN, "x")
    credit = house.bill(JAN, sequence=2)
    house.issue(FEB)
    with refused(role, "more than the credit gives"):
        SetOff.objects.create(credit=credit, bill=house.bill(FEB), amount=1, dated=JAN)
    house.plan([MAR], payer=house.world.company)
    foreign = house.issue(MAR, house.world.company)
    with refused(role, "of another payer"):
        SetOff.objects.create(credit=credit, bill_id=foreign, amount=1, dated=JAN)


@pytest.mark.parametrize(
    "table",
    [
        "personmonth",
        "personmonth_2026_01",
        "bill",
        "billissue",
        "payment",
        "settlement",
        "setoff",
    ],
)
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nothing_is_changed_or_removed(
    house: House, role: Callable[[], object], run: Run, table: str, act: str
) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    house.pay([bill], MONTHLY, instalment=True)
    with acting_as(SYSTEM):
        actions.reverse_person_months(SYSTEM, house.ids(1), JAN, "x")
    column = {"personmonth": "jkk", "personmonth_2026_01": "jkk", "billissue": "amount"}.get(table, "id")
    with refused(role):
        run(act.format(f"contributions_{table}").replace("id = id", f"{column} = {column}"))


def test_parts_are_not_reached_past_the_whole(house: House, run: Run) -> None:
    house.plan([JAN])
    with acting_as(SYSTEM):
        run("RESET ROLE; GRANT ALL ON contributions_personmonth_2026_01 TO lindung_app; SET ROLE lindung_app")
        assert run("SELECT count(*) FROM contributions_personmonth_2026_01") == [(0,)]
    with refused(nullcontext, "not to its part"):
        run("INSERT INTO contributions_personmonth_2026_01 SELECT * FROM contributions_personmonth")


def test_cover_is_written_by_its_function_only(house: House, run: Run) -> None:
    house.paid([JAN])
    for act in ("UPDATE contributions_cover SET paid_through = '2030-01-01'", "DELETE FROM contributions_cover"):
        with refused(lambda: acting_as(SYSTEM)):
            run(act)


def test_an_operator_sees_only_his_village(house: House) -> None:
    house.paid([JAN])
    village = house.world.village
    with acting_as(house.world.operator):
        assert set(PersonMonth.objects.values_list("place_id", flat=True)) == {village}
        assert set(Cover.objects.values_list("place_id", flat=True)) == {village}


def test_a_narrow_actor_cannot_issue_a_part_of_a_bill(house: House) -> None:
    """The bill counts everybody on it, also those the actor does not see."""
    house.plan([JAN])
    with acting_as(house.world.operator) as operator:
        assert actions.issue_bill(operator, house.bill(JAN).pk).people == 12


def test_rows_outside_the_area_are_refused(house: House) -> None:
    priced = actions.at_price(house.people, 1_000_000, jkk=JKK, jkm=JKM)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(house.world.operator) as operator:
        actions.plan_person_months(operator, house.agency.pk, [JAN], priced, "decree:1")
