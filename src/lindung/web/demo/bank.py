"""The money's own story: the books are opened, the bank's statement and the treasury's list come in, what nobody knows
waits for two people."""

from __future__ import annotations

from datetime import date
from typing import Final

from lindung.claims.models import PayoutConfirmation
from lindung.compliance.following import plans
from lindung.contributions import actions as contributions
from lindung.contributions.models import Bill, Payment, PaymentReversal
from lindung.core.actors import SYSTEM, acting_as
from lindung.ledger import actions as ledger
from lindung.ledger import queries as books
from lindung.ledger.models import Entry
from lindung.ledger.models import Proposal as BookProposal
from lindung.payers.models import Payer
from lindung.reconciliation import actions as reconciliation
from lindung.reconciliation.models import Line, Proposal
from lindung.web.demo.calendar import on
from lindung.web.demo.checking import FIRST_INSTALMENT
from lindung.web.demo.employers import SHOP, STORE, payer_of
from lindung.web.demo.informal import FARMER

ACCOUNT: Final = ("1001002003", "Bank Kalbar", "BPJS Ketenagakerjaan Cabang Pontianak (contoh)")
OPENED: Final = date(2025, 1, 6)
OPENING: Final = {"3101": 900_000_000, "3102": 600_000_000}  # rupiah of the funds JKK and JKM
YEAR_BEGAN: Final = date(2026, 1, 1)  # the statement's first day
READ: Final = date(2026, 2, 26)  # the last day on the statement, and the day it is taken in
UNKNOWN: Final = ("SETORAN TUNAI SDR HENDRIK RASAU", "TRSF ATM 8899 TANPA BERITA")  # nobody says whose they are
UNKNOWN_DAYS: Final = (date(2026, 2, 19), date(2026, 2, 24))
STRAY: Final = 250_000  # rupiah, of the second
Movement = tuple[date, int, str]  # day, rupiah, what the bank writes


def open_the_books() -> None:
    """One officer proposes the funds' opening balance, another enters it. Repeatable."""
    with on(OPENED, "keuangan") as officer:
        proposal = BookProposal.objects.filter(kind=BookProposal.Kind.JOURNAL).first() or ledger.propose_journal(
            officer, date(2025, 1, 1),
            [("1101", sum(OPENING.values())), *((code, -amount) for code, amount in OPENING.items())],
            "Saldo awal dana JKK dan JKM (contoh)",
        )  # fmt: skip
    with on(OPENED, "penyetuju") as approver:
        ledger.decide(approver, proposal.pk, "approved")


def live() -> None:
    """The bank's statement and list of orders, and what follows from them; repeatable."""
    with on(READ, "keuangan") as officer:
        reconciliation.add_account(officer, *ACCOUNT)
        reconciliation.import_statement(officer, "rekening-koran-2026-01-02.sta", _statement())
        reconciliation.import_sp2d(officer, _treasury_list())
    with acting_as(SYSTEM):
        contributions.refresh_pending()
    _know_payouts()
    _leave_waiting()


def _statement() -> bytes:
    """The bank's file (MT940): all that the books moved since the year began, and money it does not know."""
    with acting_as(SYSTEM):
        opening = next(account.opening for account in books.trial_balance(YEAR_BEGAN) if account.code == "1101")
        movements = sorted([*_recorded(), *_new()])
    rows = [f":20:RK202602\n:25:{ACCOUNT[0]}\n:28C:1/1\n:60F:C260101IDR{opening},00"]
    for day, amount, text in movements:
        rows.append(f":61:{day:%y%m%d}{'C' if amount > 0 else 'D'}{abs(amount)},00NTRFNONREF\n:86:{text}")
    closing = opening + sum(amount for _day, amount, _text in movements)
    return "\n".join([*rows, f":62F:C{READ:%y%m%d}IDR{closing},00\n-\n"]).encode()


def _recorded() -> list[Movement]:
    """What the books have already: payments that came in, benefits that went out."""
    paid = Payment.objects.filter(paid_on__range=(YEAR_BEGAN, READ)).exclude(kind="statement").select_related("payer")
    sent = PayoutConfirmation.objects.filter(paid_on__range=(YEAR_BEGAN, READ)).select_related("payout")
    return [
        *((row.paid_on, row.amount, f"{row.reference} {row.payer.npp}") for row in paid),
        *((row.paid_on, -row.payout.amount, f"SANTUNAN {row.bank_reference}") for row in sent),
    ]


def _new() -> list[Movement]:
    """The store's first instalment with its payment code, and two deposits whose payer the bank does not tell."""
    store, shop = payer_of(STORE), payer_of(SHOP)
    instalment = plans(READ, store.pk)[0].instalments[0].amount
    owed = Bill.objects.filter(payer=store).order_by("month")[0]
    unpaid = Bill.objects.filter(payer=shop, issue__amount__gt=0).order_by("-month").values_list("issue__amount")[0][0]
    return [
        (FIRST_INSTALMENT, instalment, f"ANGSURAN IURAN {contributions.payment_code(owed.pk)}"),
        (UNKNOWN_DAYS[0], unpaid, UNKNOWN[0]),
        (UNKNOWN_DAYS[1], STRAY, UNKNOWN[1]),
    ]


def _treasury_list() -> bytes:
    """The treasury's orders of both months, and one that neither the bank nor the books have yet."""
    with acting_as(SYSTEM):
        paid = list(Payment.objects.filter(kind="sp2d", paid_on__range=(YEAR_BEGAN, READ)).order_by("paid_on"))
    rows = [(row.reference, row.paid_on, row.amount, "Iuran JKK dan JKM penerima bantuan") for row in paid]
    rows.append(("SP2D-2026-02/LS/61120001", READ, 4_200_000, "Iuran kader posyandu tambahan"))
    lines = [f"{number};{day:%d/%m/%Y};BPJS Ketenagakerjaan;{text};{amount}" for number, day, amount, text in rows]
    return "\n".join(["No SP2D;Tanggal SP2D;Penerima;Uraian;Nilai", *lines, ""]).encode()


def _know_payouts() -> None:
    """The benefits on the statement are those of the books; two officers say so."""
    with acting_as(SYSTEM):
        sent = dict(PayoutConfirmation.objects.values_list("bank_reference", "pk"))
        lines = [(line, f"payout:{sent[line.text.split()[-1]]}") for line in Line.objects.filter(amount__lt=0)]
        entries = dict(Entry.objects.filter(kind="payout").values_list("source", "pk"))
    for line, source in lines:
        with on(READ, "keuangan") as officer:
            proposal = Proposal.objects.filter(line=line).first() or reconciliation.propose_identification(
                officer, line.pk, "Sesuai bukti transfer santunan", entry_id=entries[source]
            )
        with on(READ, "penyetuju") as approver:
            reconciliation.decide(approver, proposal.pk, approve=True)


def _leave_waiting() -> None:
    """What the second officer finds on the table: whose a deposit may be, and a payment that was another's."""
    with on(READ, "keuangan") as officer:
        deposit = Line.objects.get(text=UNKNOWN[0])
        if not Proposal.objects.filter(line=deposit).exists():
            reconciliation.propose_identification(
                officer, deposit.pk, "Pak Hendrik kasir CV Contoh Mitra Rasau; jumlahnya sama dengan satu bulan iuran",
                payer_id=payer_of(SHOP).pk,
            )  # fmt: skip
        farmer = Payer.objects.get(kind=Payer.Kind.SELF, name=FARMER)
        last = Payment.objects.filter(payer=farmer).order_by("-pk")[0]
        if not PaymentReversal.objects.filter(payment=last).exists():
            contributions.reverse_payment(officer, last.pk, "Salah orang: disetor untuk pekerja lain bernama sama")
