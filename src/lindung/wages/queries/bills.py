"""An employer's own bills: what was asked, who is on them, what came in; and the papers about them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from lindung.contributions import lists, papers, statements
from lindung.contributions.billing import payment_code
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.errors import NotFound
from lindung.core.ui.listing import ListQuery, Page
from lindung.payers.employer_queries import employer
from lindung.payers.papers import membership_certificate
from lindung.wages.employers import employer_for

PAYABLE = frozenset({"issued", "partial", "overdue"})


@dataclass(frozen=True)
class OwnBill:
    """A bill issued to an employer. `code` is the payment code while something is owed, else empty; `receipts` are the
    instalments and credits that met it so far; `penalties` are the lines of a bill of penalties."""

    bill: lists.BillRow
    totals: statements.BillTotals
    penalties: list[statements.PenaltyRow]
    receipts: list[lists.Receipt]
    code: str


def own_bill(actor: Actor, payer_id: int, bill_id: int) -> OwnBill:
    """One issued bill of this employer. Raises NotFound (another payer's, or only planned), NotAllowed."""
    row = _row(actor, payer_id, bill_id)
    with acting_as(on_behalf(actor)):
        return OwnBill(
            bill=row,
            totals=statements.totals_of(bill_id),
            penalties=statements.penalty_lines(bill_id),
            receipts=lists.receipts_of(bill_id),
            code=payment_code(bill_id) if row.state in PAYABLE else "",
        )


def own_bill_workers(actor: Actor, payer_id: int, bill_id: int, query: ListQuery) -> Page:
    """One page of the workers on this employer's bill. Raises NotFound, NotAllowed."""
    row = _row(actor, payer_id, bill_id)
    with acting_as(on_behalf(actor)):
        return lists.bill_lines(row, query)


def own_bill_proof(actor: Actor, payer_id: int, bill_id: int) -> tuple[str, bytes]:
    """Name and content of the proof of payment, PDF. Raises NotFound, NotAllowed, Conflict (not settled)."""
    payer, row = employer_for(actor, payer_id), _row(actor, payer_id, bill_id)
    with acting_as(on_behalf(actor)):
        return f"bukti-bayar-{row.number}.pdf", papers.bill_proof(payer, row)


def own_certificate(actor: Actor, payer_id: int) -> tuple[str, bytes]:
    """Name and content of the employer's certificate of membership, PDF. Raises NotFound, NotAllowed, Conflict (the
    branch has not given the NPP)."""
    payer = employer_for(actor, payer_id)
    with acting_as(on_behalf(actor)):
        return f"sertifikat-{payer.npp}.pdf", membership_certificate(employer(on_behalf(actor), payer_id))


def _row(actor: Actor, payer_id: int, bill_id: int) -> lists.BillRow:
    employer_for(actor, payer_id)
    with acting_as(on_behalf(actor)):
        row = lists.bill(bill_id)
    if row.payer_id != payer_id or row.number is None:
        raise NotFound("bill_not_found", _("Tagihan tidak ditemukan."))
    return row
