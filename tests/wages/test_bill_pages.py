"""An employer's own bills as its HR reads, pays and proves them; another employer's HR finds nothing."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader
from world import World, make_user

from lindung.contributions import actions
from lindung.contributions.models import Bill, Payment
from lindung.core.actors import SYSTEM, acting_as
from lindung.payers.models import Employer

from .conftest import JANUARY, Firm
from .test_pages import Rows, text_of

pytestmark = pytest.mark.django_db
PAID_ON = date(2026, 2, 20)


@pytest.fixture
def bill(hr: Client, firm: Firm, new_rows: Rows) -> Bill:
    """January of three workers, issued when the month was closed."""
    firm.tell("new_workers", new_rows(3))
    firm.close()
    return Bill.objects.select_related("issue").get(payer=firm.payer, month=JANUARY)


def pay(firm: Firm, bill: Bill, amount: int, reference: str) -> None:
    with acting_as(SYSTEM):
        actions.receive_payment(SYSTEM, firm.payer.pk, "va", reference, PAID_ON, amount, bill.pk)


def address(bill: Bill) -> str:
    return f"/perusahaan/{bill.payer_id}/tagihan/{bill.pk}"


def rupiah(amount: int) -> str:
    return f"Rp{amount:,}".replace(",", ".")


def test_the_month_leads_to_the_bill_and_the_bill_tells_how_to_pay(hr: Client, firm: Firm, bill: Bill) -> None:
    assert f'href="{address(bill)}"' in text_of(hr.get(f"/perusahaan/{firm.payer.pk}?bulan=2026-01"))
    page = text_of(hr.get(address(bill)))
    # Medium firm: JKK 0,54%, JKM 0,3%, JHT 5,7%, JP 3% of 3.500.000; three workers. The worker bears 2% and 1%.
    for amount in (3 * 18_900, 3 * 10_500, 3 * 199_500, 3 * 105_000, 3 * 105_000, bill.issue.amount):
        assert rupiah(amount) in page
    assert bill.issue.amount == 3 * (18_900 + 10_500 + 199_500 + 105_000)
    assert actions.payment_code(bill.pk) in page and bill.issue.number in page
    assert "Bukti bayar" not in page
    early = hr.get(f"{address(bill)}/bukti")
    assert early.status_code == 409 and "sesudah tagihan lunas" in text_of(early)


def test_instalments_are_listed_and_the_last_gives_the_proof(hr: Client, firm: Firm, bill: Bill) -> None:
    pay(firm, bill, 400_000, "CICIL-1")
    page = text_of(hr.get(address(bill)))
    assert "CICIL-1" in page and rupiah(bill.issue.amount - 400_000) in page
    pay(firm, bill, bill.issue.amount - 400_000, "CICIL-2")
    page = text_of(hr.get(address(bill)))
    assert f"{address(bill)}/bukti" in page and actions.payment_code(bill.pk) not in page
    proof = hr.get(f"{address(bill)}/bukti")
    assert proof["Content-Type"] == "application/pdf" and proof["Cache-Control"] == "private, no-store"
    words = " ".join(PdfReader(io.BytesIO(proof.content)).pages[0].extract_text().split())
    for told in (firm.payer.name, firm.payer.npp, bill.issue.number, "CICIL-1", "CICIL-2", "20 Februari 2026",
                 rupiah(bill.issue.amount), rupiah(3 * 199_500), "3 orang"):  # fmt: skip
        assert told in words


def test_a_reversed_payment_takes_the_proof_away(hr: Client, firm: Firm, bill: Bill, world: World) -> None:
    pay(firm, bill, bill.issue.amount, "SALAH")
    first, second = world.actor("branch_finance"), world.actor("branch_approver")
    with acting_as(first):
        reversal = actions.reverse_payment(first, Payment.objects.get().pk, "ditolak bank")
    with acting_as(second):
        actions.confirm_reversal(second, reversal.pk)
    page = text_of(hr.get(address(bill)))
    assert "SALAH" not in page and actions.payment_code(bill.pk) in page
    assert hr.get(f"{address(bill)}/bukti").status_code == 409


def test_the_workers_on_a_bill_come_as_excel_with_masked_nik(hr: Client, bill: Bill, new_rows: Rows) -> None:
    answer = hr.get(address(bill), {"format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    names = {row["name"].upper() for row in new_rows(3)}
    found = {str(row[0]).upper(): row for row in rows if str(row[0]).upper() in names}
    assert len(found) == 3
    assert {row[-2:] for row in found.values()} == {(18_900 + 10_500 + 199_500 + 105_000, 105_000)}
    assert not {row["nik"] for row in new_rows(3)} & {cell for row in rows for cell in row}


def test_penalties_are_shown_on_their_bill(hr: Client, firm: Firm, bill: Bill) -> None:
    with acting_as(SYSTEM):
        actions.assess_penalties(SYSTEM, bill.issue.due_on + timedelta(1))
    penalty = Bill.objects.get(kind="penalty")
    page = text_of(hr.get(address(penalty)))
    assert bill.issue.number in page and rupiah(bill.issue.amount * 2 // 100) in page
    pay(firm, bill, bill.issue.amount, "A")
    pay(firm, penalty, bill.issue.amount * 2 // 100, "B")
    words = PdfReader(io.BytesIO(hr.get(f"{address(penalty)}/bukti").content)).pages[0].extract_text()
    assert "Denda keterlambatan" in words and "Pekerja" not in words


def test_the_certificate_is_the_employers_own(hr: Client, rival: Client, firm: Firm) -> None:
    Employer.objects.get_or_create(payer=firm.payer, defaults={"joined_on": date(2020, 1, 1)})
    url = f"/perusahaan/{firm.payer.pk}/sertifikat"
    answer = hr.get(url)
    assert answer.status_code == 200 and firm.payer.npp in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert rival.get(url).status_code == 404


def test_another_employers_bill_is_not_there(
    hr: Client, rival: Client, firm: Firm, other_firm: Firm, bill: Bill
) -> None:
    pay(firm, bill, bill.issue.amount, "A")
    own = address(bill)
    through_own = f"/perusahaan/{other_firm.payer.pk}/tagihan/{bill.pk}"
    pages = [
        own,
        f"{own}?format=xlsx",
        f"{own}/bukti",
        through_own,
        f"{through_own}?format=xlsx",
        f"{through_own}/bukti",
    ]
    assert {page: rival.get(page).status_code for page in pages} == dict.fromkeys(pages, 404)
    assert hr.get(f"/perusahaan/{firm.payer.pk}/tagihan/999999").status_code == 404
    for office in (f"/iuran/tagihan/{bill.pk}", "/iuran/pembayaran", "/iuran/denda",
                   f"/iuran/pembayar/{firm.payer.pk}/rekening/pdf",
                   f"/pembayar/perusahaan/{firm.payer.pk}/sertifikat"):  # fmt: skip
        assert hr.get(office).status_code == 403, office


def test_a_bill_still_planned_is_not_shown(hr: Client, firm: Firm, bill: Bill) -> None:
    planned = Bill.objects.create(payer=firm.payer, month=JANUARY, sequence=9)
    assert hr.get(address(planned)).status_code == 404


def test_officers_see_the_bills_of_their_area_only(bill: Bill, firm: Firm, world: World) -> None:
    officer, elsewhere = Client(), Client()
    officer.force_login(make_user("petugas", "regency_officer", [world.regency]))
    elsewhere.force_login(make_user("jauh", "regency_officer", [7371000000]))
    assert officer.get(address(bill)).status_code == 200
    assert elsewhere.get(address(bill)).status_code == 403
