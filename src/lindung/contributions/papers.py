"""Papers of this room: a payer's account, and the proof that a bill was paid."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.contributions import lists, statements
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.ui.listing import ListQuery
from lindung.core.ui.words import in_official_language
from lindung.formats.contribution_papers import AccountLine, AccountPaper, BillProof, account_pdf, bill_proof_pdf
from lindung.payers.models import Payer
from lindung.payers.papers import issuer
from lindung.payers.queries import PayerRow

LINES_ON_PAPER = 3000  # some eighty pages; more is for a workbook
EVENTS = {
    "bill": gettext_lazy("Tagihan"),
    "credit": gettext_lazy("Nota kredit"),
    "penalty": gettext_lazy("Denda"),
    "payment": gettext_lazy("Pembayaran"),
    "reversal": gettext_lazy("Pembayaran dibatalkan"),
}
CLASSES = {
    "current": gettext_lazy("Lancar, 1–3 bulan"),
    "slow": gettext_lazy("Kurang lancar, 4–6 bulan"),
    "doubtful": gettext_lazy("Diragukan, 7–12 bulan"),
    "lost": gettext_lazy("Macet, lebih dari 12 bulan"),
}


@in_official_language
def account_paper(payer: PayerRow) -> bytes:
    """A payer's whole account, PDF/UA-1. Raises InvalidInput when it is too long for paper."""
    lines = statements.statement(payer.id, ListQuery(size=LINES_ON_PAPER))
    if lines.has_next:
        raise InvalidInput(
            "account_too_long",
            _("Rekening ini lebih panjang daripada yang wajar di kertas."),
            way_out=_("Unduh sebagai Excel pada halaman rekening."),
        )
    (standing,) = statements.standings([payer.id])
    return account_pdf(
        AccountPaper(
            payer=payer.name,
            npp=payer.npp,
            place=payer.place,
            owed=standing.owed,
            not_due=standing.not_due,
            overdue=[(str(CLASSES[name]), amount) for name, amount in standing.overdue.items() if amount],
            credit=standing.credit,
            lines=[
                AccountLine(
                    row.dated, str(EVENTS[row.kind]), row.reference, row.month, row.asked, row.received, row.balance
                )
                for row in lines.rows
            ],
            issuer=issuer(),
        )
    )


@in_official_language
def bill_proof(payer: Payer, bill: lists.BillRow) -> bytes:
    """That a bill is paid to the last rupiah: programmes, people, and the money that came; PDF/UA-1. Raises Conflict
    while it is not."""
    if bill.state != "settled" or bill.number is None or bill.due_on is None:
        raise Conflict(
            "not_settled",
            _("Bukti bayar terbit sesudah tagihan lunas."),
            way_out=_("Bayar sisanya dengan kode bayar pada halaman tagihan."),
        )
    totals = statements.totals_of(bill.id)
    penalties = statements.penalty_lines(bill.id)
    programmes = [("JKK", totals.jkk), ("JKM", totals.jkm), ("JHT", totals.jht), ("JP", totals.jp)]
    return bill_proof_pdf(
        BillProof(
            payer=payer.name,
            npp=payer.npp,
            number=bill.number,
            month=bill.month,
            due_on=bill.due_on,
            people=bill.people,
            worker_share=totals.worker_share,
            parts=[("Denda keterlambatan", bill.amount)] if penalties else [row for row in programmes if row[1]],
            receipts=[
                (row.on, f"Nota kredit {row.reference}" if row.kind == "credit" else row.reference, row.amount)
                for row in lists.receipts_of(bill.id)
            ],
            issuer=issuer(),
        )
    )
