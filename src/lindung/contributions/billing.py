"""Bills: issue, number, payment code, and the credits that lessen them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.contributions import legal
from lindung.contributions.following import follow
from lindung.contributions.locks import lock_payers
from lindung.contributions.models import Bill, BillIssue
from lindung.contributions.numbering import last_number, number_prefix
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.months import format_month
from lindung.membership.kpj import check_digit


def find_bill(bill_id: int) -> Bill:
    """Raises NotFound."""
    bill = Bill.objects.select_related("payer", "issue").filter(pk=bill_id).first()
    if bill is None:
        raise NotFound("bill_not_found", _("Tagihan tidak ditemukan."))
    return bill


@transaction.atomic
def issue_bill(actor: Actor, bill_id: int, issued_on: date | None = None) -> BillIssue:
    """Fix a bill: number, due date by law, people, amount, digest of its lines. Issued again, it stays as it is.

    Open credits of the payer are set off at once, then money received before is put to use. Raises
    NotFound, or InvalidInput for a bill with nobody on it."""
    bill = find_bill(bill_id)
    lock_payers([bill.payer_id])
    if issued := BillIssue.objects.filter(bill=bill).first():
        return issued
    day = issued_on or today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people, amount, digest FROM contributions_bill_totals(%s)", [bill_id])
        people, amount, digest = cursor.fetchone()
    if not amount:
        raise InvalidInput(
            "empty_bill",
            _("Tagihan ini tidak memuat siapa pun, jadi tidak ada yang ditagih."),
            way_out=_("Buat rencana iuran untuk bulan ini lebih dahulu, misalnya dengan SK."),
        )
    issue = BillIssue.objects.create(
        bill=bill,
        number=_next_number(_series(bill, amount), bill.month),
        issued_on=day,
        due_on=_due_on(bill),
        people=people,
        amount=amount,
        content_digest=digest,
        issued_by=actor.name,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT contributions_post_bill(%s)", [bill_id])
    settled = use_credits(bill.payer_id, day)
    follow([*settled, bill_id] if amount < 0 else settled)
    record(
        actor,
        "contributions.issue_bill",
        f"bill:{bill_id}",
        after={"number": issue.number, "month": format_month(bill.month), "people": people, "amount": amount},
    )
    return issue


def _series(bill: Bill, amount: int) -> str:
    if bill.kind == Bill.Kind.PENALTY:
        return "DND"
    return "TAG" if amount > 0 else "KRD"


def _next_number(series: str, month: date) -> str:
    return f"{number_prefix(series, month)}{last_number(series, month) + 1:04d}"


def _due_on(bill: Bill) -> date:
    """By the segment on the bill; with both on it, the earlier date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT segment FROM contributions_personmonth WHERE bill_id = %s", [bill.pk])
        segments = [row[0] for row in cursor.fetchall()]
    holidays = legal.holidays_around(bill.month)
    return min(legal.due_date(segment, bill.month, holidays) for segment in segments or [legal.BPU])


def use_credits(payer_id: int, dated: date) -> list[int]:
    """Let credits, and then money that paid no bill yet, lessen what the payer owes; returns the bills that are
    settled by it."""
    settled = _set_off_credits(payer_id, dated)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contributions_apply_credit(%s, %s)", [payer_id, dated])
        settled += cursor.fetchone()[0]
    return settled


def _set_off_credits(payer_id: int, dated: date) -> list[int]:
    """Let the payer's credits lessen its open bills, the credit's own month first, then the oldest; returns the bills
    that are settled by it."""
    settled = []
    with connection.cursor() as cursor:
        for credit in open_amounts(payer_id, credits=True):
            left = credit.left
            bills = open_amounts(payer_id, credits=False)
            for bill in sorted(
                bills, key=lambda open_bill: (open_bill.month != credit.month, open_bill.month, open_bill.bill_id)
            ):
                part = min(left, bill.left)
                if part == 0:
                    break
                cursor.execute(
                    "INSERT INTO contributions_setoff (credit_id, bill_id, amount, dated) VALUES (%s, %s, %s, %s)",
                    [credit.bill_id, bill.bill_id, part, dated],
                )
                left -= part
                if part == bill.left:
                    settled.append(bill.bill_id)
    return settled


CODE_DIGITS = 12


def payment_code(bill_id: int) -> str:
    """What a payer types at the bank to pay a bill: its number in eleven digits, and a check digit."""
    body = f"{bill_id:011d}"
    return f"{body}{check_digit(body)}"


def bill_of_code(code: str) -> int:
    """The bill a payment code stands for; whether there is such a bill is not looked up. Raises InvalidInput for a code
    with a slip of the pen."""
    digits = "".join(code.split())
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()) or check_digit(digits):
        raise InvalidInput(
            "payment_code_wrong",
            _("Kode bayar ini tidak benar."),
            field="code",
            way_out=_("Salin kode bayar dari tagihan, 12 angka, contoh %(code)s.") % {"code": payment_code(123)},
        )
    return int(digits[:-1])


@dataclass(frozen=True)
class OpenAmount:
    """An issued bill of a payer and the rupiah it still asks; for a credit, the rupiah it still gives."""

    bill_id: int
    number: str
    month: date
    left: int


def open_amounts(payer_id: int, *, credits: bool) -> list[OpenAmount]:
    """The payer's issued bills (or credits) that are not used up, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT b.id, i.number, b.month,
                   CASE WHEN i.amount > 0 THEN i.amount - contributions_met(b.id)
                        ELSE -i.amount - coalesce((SELECT sum(amount) FROM contributions_setoff s
                                                    WHERE s.credit_id = b.id), 0) END::bigint AS open_amount
              FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
             WHERE b.payer_id = %s AND (i.amount < 0) = %s ORDER BY b.month, b.sequence
            """,
            [payer_id, credits],
        )
        return [amount for amount in (OpenAmount(*row) for row in cursor.fetchall()) if amount.left]
