"""Bills and money: issue, payment, credits, and cover as it follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.contributions import legal
from lindung.contributions.locks import lock_payers
from lindung.contributions.models import Bill, BillIssue, Payment, Settlement
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.months import format_month, month_of
from lindung.core.ui.words import long_date, rupiah


def find_bill(bill_id: int) -> Bill:
    """Raises NotFound."""
    bill = Bill.objects.select_related("payer", "issue").filter(pk=bill_id).first()
    if bill is None:
        raise NotFound("bill_not_found", _("Tagihan tidak ditemukan."))
    return bill


@transaction.atomic
def issue_bill(actor: Actor, bill_id: int, issued_on: date | None = None) -> BillIssue:
    """Fix a bill: number, due date by law, people, amount, digest of its lines. Issued again, it stays as it is.

    Open credits of the payer are set off at once. Raises NotFound, or InvalidInput for a bill with nobody on it."""
    bill = find_bill(bill_id)
    lock_payers([bill.payer_id])
    if issued := BillIssue.objects.filter(bill=bill).first():
        return issued
    day = issued_on or today()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people, amount, digest FROM contributions_bill_totals(%s)", [bill_id])
        people, amount, digest = cursor.fetchone()
    if not people:
        raise InvalidInput(
            "empty_bill",
            _("Tagihan ini tidak memuat siapa pun, jadi tidak ada yang ditagih."),
            way_out=_("Buat rencana iuran untuk bulan ini lebih dahulu, misalnya dengan SK."),
        )
    issue = BillIssue.objects.create(
        bill=bill,
        number=_next_number(bill.month, "TAG" if amount > 0 else "KRD"),
        issued_on=day,
        due_on=_due_on(bill),
        people=people,
        amount=amount,
        content_digest=digest,
        issued_by=actor.name,
    )
    set_off_credits(bill.payer_id, day)
    record(
        actor,
        "contributions.issue_bill",
        f"bill:{bill_id}",
        after={"number": issue.number, "month": format_month(bill.month), "people": people, "amount": amount},
    )
    return issue


def _next_number(month: date, kind: str) -> str:
    """TAG-2026-01-0003: the third bill of January 2026; KRD for credits. Counted without gaps, under a lock."""
    prefix = f"{kind}-{format_month(month)}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7316, 3)")
        cursor.execute(
            "SELECT coalesce(max(substr(number, %s)::integer), 0) + 1 FROM contributions_billissue"
            " WHERE number LIKE %s",
            [len(prefix) + 1, f"{prefix}%"],
        )
        return f"{prefix}{cursor.fetchone()[0]:04d}"


def _due_on(bill: Bill) -> date:
    """By the segment on the bill; with both on it, the earlier date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT segment FROM contributions_personmonth WHERE bill_id = %s", [bill.pk])
        segments = [row[0] for row in cursor.fetchall()]
    holidays = legal.holidays_around(bill.month)
    return min(legal.due_date(segment, bill.month, holidays) for segment in segments or [legal.BPU])


def set_off_credits(payer_id: int, dated: date) -> list[int]:
    """Let the payer's credits lessen its open bills, the credit's own month first, then the oldest; returns the bills
    that are settled by it."""
    settled = []
    with connection.cursor() as cursor:
        for credit in _open_amounts(payer_id, credits=True):
            left = credit.left
            bills = _open_amounts(payer_id, credits=False)
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
    if settled:
        _refresh_people_of(settled)
    return settled


@dataclass(frozen=True)
class OpenAmount:
    """An issued bill of a payer and the rupiah it still asks; for a credit, the rupiah it still gives."""

    bill_id: int
    number: str
    month: date
    left: int


def _open_amounts(payer_id: int, *, credits: bool) -> list[OpenAmount]:
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


@dataclass(frozen=True)
class PaymentResult:
    """A payment, the bills it settled to the last rupiah, and how many people's months are paid by that.

    `repeated`: the same reference had come before, and nothing was changed now."""

    payment: Payment
    settled_bills: list[int]
    people: int
    repeated: bool


@transaction.atomic
def record_payment(
    actor: Actor,
    payer_id: int,
    kind: str,
    reference: str,
    paid_on: date,
    amount: int,
    bill_ids: list[int],
    *,
    instalment: bool = False,
) -> PaymentResult:
    """Money came in: settle these bills, the oldest first, and bring cover up to date, in one transaction.

    A reference that came before with the same content changes nothing. Raises Conflict when its content differs;
    InvalidInput when the amount is more than the bills ask, or less without being meant as an `instalment`: a bill
    paid in part stays unsettled until the last rupiah."""
    reference = " ".join(reference.split())
    _check_form(reference, paid_on, amount, bill_ids)
    lock_payers([payer_id])
    if earlier := Payment.objects.filter(reference=reference).first():
        return _repeated(earlier, payer_id, kind, paid_on, amount, bill_ids)
    open_bills = _asked(payer_id, bill_ids)
    _check_amount(amount, sum(bill.left for bill in open_bills), instalment)
    payment = Payment.objects.create(
        payer_id=payer_id,
        kind=kind,
        reference=reference,
        paid_on=paid_on,
        amount=amount,
        received_by=actor.name,
        received_at=now(),
    )
    settled = _settle(payment, open_bills)
    people = _refresh_people_of(settled)
    record(
        actor,
        "contributions.record_payment",
        f"payment:{payment.pk}",
        after={
            "payer": payer_id,
            "amount": amount,
            "bills": [bill.number for bill in open_bills],
            "settled": settled,
            "people": people,
        },
    )
    return PaymentResult(payment, settled, people, repeated=False)


def _check_form(reference: str, paid_on: date, amount: int, bill_ids: list[int]) -> None:
    if not reference or len(reference) > 80:
        raise InvalidInput(
            "reference_missing",
            _("Nomor bukti bayar harus diisi (paling panjang 80 huruf), contoh 00123/SP2D/2026."),
            field="reference",
        )
    if amount <= 0:
        raise InvalidInput("amount_not_positive", _("Jumlah harus lebih dari nol, contoh 16.800."), field="amount")
    if paid_on > today():
        raise InvalidInput(
            "paid_in_future",
            _("Tanggal bayar %(day)s belum tiba. Isi tanggal uang diterima.") % {"day": long_date(paid_on)},
            field="paid_on",
        )
    if not bill_ids:
        raise InvalidInput("no_bill", _("Pilih tagihan yang dibayar."), field="bill_ids")


def _repeated(
    earlier: Payment, payer_id: int, kind: str, paid_on: date, amount: int, bill_ids: list[int]
) -> PaymentResult:
    bills = sorted(Settlement.objects.filter(payment=earlier).values_list("bill_id", flat=True))
    same = (earlier.payer_id, earlier.kind, earlier.paid_on, earlier.amount) == (payer_id, kind, paid_on, amount)
    # An instalment may not have reached every bill that was named.
    if not same or not set(bills) <= set(bill_ids):
        raise Conflict(
            "reference_used",
            _(
                "Nomor bukti %(reference)s sudah tercatat: %(amount)s, dibayar %(day)s. Isinya berbeda dengan yang "
                "sekarang."
            )
            % {"reference": earlier.reference, "amount": rupiah(earlier.amount), "day": long_date(earlier.paid_on)},
            field="reference",
            way_out=_("Periksa nomor bukti. Pembayaran lain memakai nomor lain."),
        )
    return PaymentResult(earlier, _settled_among(bills), 0, repeated=True)


def _asked(payer_id: int, bill_ids: list[int]) -> list[OpenAmount]:
    """The named bills that still ask something. Raises NotFound or InvalidInput."""
    known = dict(Bill.objects.filter(pk__in=bill_ids, payer_id=payer_id).values_list("pk", "issue__amount"))
    for bill_id in bill_ids:
        if bill_id not in known:
            raise NotFound("bill_not_found", _("Tagihan tidak ditemukan pada pembayar ini."), field="bill_ids")
        if known[bill_id] is None:
            raise InvalidInput(
                "bill_not_issued",
                _("Tagihan belum diterbitkan, jadi belum dapat dibayar."),
                field="bill_ids",
                way_out=_("Terbitkan tagihan lebih dahulu."),
            )
    found = [bill for bill in _open_amounts(payer_id, credits=False) if bill.bill_id in set(bill_ids)]
    if not found:
        raise InvalidInput(
            "already_paid",
            _("Tagihan ini sudah lunas."),
            field="bill_ids",
            way_out=_("Bila uang diterima dua kali, kembalikan kepada pembayar."),
        )
    return found


def _check_amount(amount: int, asked: int, instalment: bool) -> None:
    words = {"amount": rupiah(amount), "asked": rupiah(asked), "difference": rupiah(abs(asked - amount))}
    if amount > asked:
        raise InvalidInput(
            "overpaid",
            _("Jumlah %(amount)s lebih %(difference)s dari sisa tagihan %(asked)s.") % words,
            field="amount",
            way_out=_("Catat tepat %(asked)s, atau pilih juga tagihan lain yang ikut dibayar.") % words,
            difference=amount - asked,
        )
    if amount < asked and not instalment:
        raise InvalidInput(
            "underpaid",
            _("Jumlah %(amount)s kurang %(difference)s dari sisa tagihan %(asked)s.") % words,
            field="amount",
            way_out=_("Bila memang dicicil, tandai sebagai angsuran: peserta baru terlindungi setelah lunas."),
            difference=amount - asked,
        )


def _settle(payment: Payment, bills: list[OpenAmount]) -> list[int]:
    """Spread the money over the bills, oldest first; returns those that are now settled."""
    left, settled = payment.amount, []
    for bill in bills:
        part = min(left, bill.left)
        if part == 0:
            break
        Settlement.objects.create(payment=payment, bill_id=bill.bill_id, amount=part)
        left -= part
        if part == bill.left:
            settled.append(bill.bill_id)
    return settled


def _settled_among(bill_ids: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT bill_id FROM contributions_settledbill WHERE bill_id = ANY(%s) ORDER BY 1", [bill_ids])
        return [row[0] for row in cursor.fetchall()]


def _refresh_people_of(bill_ids: list[int]) -> int:
    """Bring the cover of everybody on these bills up to date; returns how many they are."""
    if not bill_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM contributions_people_of(%s)", [bill_ids])
        people = [row[0] for row in cursor.fetchall()]
    refresh_cover(people)
    return len(people)


def refresh_cover(person_ids: list[int] | None) -> int:
    """Rebuild the cover of these people (None: of everybody) from what is paid; returns how many covers they have.

    One statement; the same answer as the law's rule `cover` for each of them."""
    day = today()
    full = legal.full_cover(day)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT contributions_refresh_cover(%s, %s, %s, %s)", [person_ids, month_of(day), full.months, full.since]
        )
        row: tuple[int] = cursor.fetchone()
    return row[0]
