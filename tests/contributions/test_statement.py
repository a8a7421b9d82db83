"""A payer's account: every event with the balance after it, what is overdue by age, and the pages that show it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from contributions.conftest import JAN, JKK, JKM, House
from contributions.test_penalties import AMOUNT, late_bill
from contributions.test_receiving import officer
from lindung.contributions import actions, statements
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.ui.listing import ListQuery

pytestmark = pytest.mark.django_db
MONTHLY = 12 * (JKK + JKM)


def lines(house: House) -> list[tuple[str, int, int, int]]:
    rows = statements.statement(house.agency.pk, ListQuery()).rows
    return [(row.kind, row.asked, row.received, row.balance) for row in rows]


def test_the_balance_runs_through_bills_payments_credits_and_reversals(house: House) -> None:
    house.plan([JAN])
    bill = house.issue(JAN)
    paid = house.pay([bill], 1_600, date(2026, 2, 26), instalment=True)
    with acting_as(SYSTEM):
        actions.reverse_person_months(SYSTEM, house.ids(1), JAN, "salah daftar")
    first, second = officer("satu"), officer("dua")
    with acting_as(first):
        reversal = actions.reverse_payment(first, paid.payment.pk, "ditolak bank")
    with acting_as(second):
        actions.confirm_reversal(second, reversal.pk)
    credit = JKK + JKM
    assert lines(house) == [
        ("payment", 0, 1_600, -1_600),
        ("bill", MONTHLY, 0, MONTHLY - 1_600),
        ("credit", 0, credit, MONTHLY - 1_600 - credit),
        ("reversal", 1_600, 0, MONTHLY - credit),
    ]
    (standing,) = statements.standings([house.agency.pk])
    assert (standing.owed, standing.credit) == (MONTHLY - credit, 0)


@pytest.mark.parametrize(
    ("on", "age_class", "months"),
    [
        (date(2025, 12, 15), "", 0),
        (date(2025, 12, 16), "current", 1),
        (date(2026, 3, 14), "current", 3),
        (date(2026, 3, 16), "slow", 4),
        (date(2026, 6, 16), "doubtful", 7),
        (date(2026, 12, 14), "doubtful", 12),
        (date(2026, 12, 16), "lost", 13),
    ],
)
def test_what_is_overdue_is_classed_by_age(house: House, on: date, age_class: str, months: int) -> None:
    late_bill(house, house.world.company)
    (standing,) = statements.standings([house.world.company.pk], on)
    assert (standing.age_class, standing.months_late, standing.owed) == (age_class, months, AMOUNT)
    assert sum(standing.overdue.values()) == (AMOUNT if months else 0)


def test_credit_is_told_and_a_payer_without_anything_owes_nothing(house: House) -> None:
    with acting_as(SYSTEM):
        actions.receive_payment(SYSTEM, house.agency.pk, "va", "X", date(2026, 2, 1), 500)
    agency, firm = statements.standings([house.agency.pk, house.world.company.pk])
    assert (agency.owed, agency.credit, firm.owed, firm.credit) == (0, 500, 0, 0)


def test_the_pages_show_account_code_programmes_and_penalty(house: House, client: Client) -> None:
    client.force_login(house.world.user("regency_officer"))
    firm = house.world.company
    late = late_bill(house, firm)
    with acting_as(SYSTEM):
        actions.assess_penalties(SYSTEM, date(2025, 12, 20))
    page = client.get(reverse("contributions:bill", args=[late.pk])).content.decode()
    assert actions.payment_code(late.pk) in page
    assert "Rp3.420.000" in page, "JHT of twelve"
    penalty = Bill.objects.get(kind="penalty").pk
    assert "Rp214.680" in client.get(reverse("contributions:bill", args=[penalty])).content.decode()
    url = reverse("contributions:statement", args=[firm.pk])
    account = client.get(url)
    assert account.status_code == 200
    assert "DND-2025-12-0001" in account.content.decode()
    assert client.get(url, {"format": "xlsx"}).status_code == 200
    assert client.get(reverse("contributions:statement", args=[10**9])).status_code == 404


def test_a_village_operator_has_no_business_with_accounts(house: House, client: Client) -> None:
    client.force_login(house.world.user("village_operator"))
    assert client.get(reverse("contributions:statement", args=[house.agency.pk])).status_code in {302, 403}
