"""Four eyes: one officer proposes to close a month, to enter a year's JHT return, a journal, or to pay out JHT; another
decides."""

from __future__ import annotations

import re
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.months import format_month, last_day, month_of, parse_month
from lindung.core.ui.words import long_date, long_month
from lindung.ledger.models import Account, Entry, JhtRate, PeriodClose, Proposal, Verdict
from lindung.ledger.posting import post
from lindung.ledger.proposing import propose, user_of
from lindung.ledger.rates import FIRST_YEAR, LAST_YEAR, return_by_law
from lindung.ledger.withdrawing import take_out

_PERCENT = re.compile(r"(\d{1,2})(?:[.,](\d{1,3}))?")
JOURNAL = "journal"


def propose_close(actor: Actor, month: date, reason: str) -> Proposal:
    """Ask to close a month, the earliest that is open and over. Raises Conflict when it is not that, or asked already;
    InvalidInput without a reason."""
    month = month_of(month)
    if last_day(month) >= today():
        raise Conflict(
            "month_not_over",
            _("%(month)s belum berakhir, jadi belum dapat ditutup.") % {"month": long_month(month)},
            way_out=_("Tutup sesudah %(day)s.") % {"day": long_date(last_day(month))},
        )
    _require_next(month)
    return propose(actor, Proposal.Kind.CLOSE, format_month(month), {}, reason)


def _require_next(month: date) -> None:
    closed = PeriodClose.objects.order_by("-month").values_list("month", flat=True).first()
    if closed is not None and month <= closed:
        raise Conflict("month_closed", _("%(month)s sudah ditutup.") % {"month": long_month(month)})
    entries = Entry.objects.filter(month__lt=month)
    earlier = (entries.filter(month__gt=closed) if closed else entries).order_by("month").first()
    if earlier is not None:
        raise Conflict(
            "earlier_month_open",
            _("%(month)s masih terbuka. Bulan ditutup berurutan.") % {"month": long_month(earlier.month)},
            way_out=_("Tutup %(month)s lebih dahulu.") % {"month": long_month(earlier.month)},
        )


def propose_rate(actor: Actor, year: int, percent: str, citation: str) -> Proposal:
    """Ask to enter the JHT return that the board decided for a year; `percent` as «5,58», `citation` says where it is
    written. Raises Conflict when the law's own figures hold the year, or it is entered or asked already."""
    match = _PERCENT.fullmatch(percent.strip())
    if match is None:
        raise InvalidInput(
            "percent_format", _("Tulis persen dengan paling banyak tiga desimal, contoh 5,58."), field="percent"
        )
    if not FIRST_YEAR <= year <= min(LAST_YEAR, today().year):
        raise InvalidInput("year_range", _("Tahun harus 2015 sampai tahun ini."), field="year")
    known = return_by_law(year)
    if known is not None or JhtRate.objects.filter(year=year).exists():
        raise Conflict(
            "rate_known",
            _("Hasil pengembangan JHT tahun %(year)s sudah diketahui.") % {"year": year},
            article=known.citation if known else "",
            field="year",
        )
    rate = int(match[1]) * 1000 + int((match[2] or "0").ljust(3, "0"))
    return propose(actor, Proposal.Kind.RATE, str(year), {"per_100000": rate, "citation": citation.strip()}, citation)


def propose_journal(actor: Actor, dated: date, lines: list[tuple[str, int]], reason: str) -> Proposal:
    """Ask to post an entry by hand: (account code, rupiah; debit positive). Only accounts that are not kept by payer:
    what payers owe follows from bills and payments. Raises InvalidInput."""
    lines = [(code, amount) for code, amount in lines if amount]
    known = {account.code: account for account in Account.objects.all()}
    for code, _amount in lines:
        if code not in known or known[code].by_payer:
            raise InvalidInput(
                "account_not_for_journals",
                _("Akun %(code)s tidak dapat dijurnal dengan tangan.") % {"code": code},
                way_out=_("Pilih akun lain. Piutang dan uang muka pembayar mengikuti tagihan dan pembayaran."),
                field="lines",
            )
    if not lines or sum(amount for _code, amount in lines) != 0:
        raise InvalidInput(
            "unbalanced", _("Jumlah debit harus sama dengan jumlah kredit dan lebih dari nol."), field="lines"
        )
    if dated > today():
        raise InvalidInput("date_in_future", _("Tanggal jurnal tidak boleh sesudah hari ini."), field="dated")
    return propose(actor, Proposal.Kind.JOURNAL, dated.isoformat(), {"lines": lines}, reason)


@transaction.atomic
def decide(actor: Actor, proposal_id: int, outcome: str, reason: str = "") -> Verdict:
    """The second officer approves a proposal, and it takes effect at once, or returns it with a reason.

    The same answer by the same officer again has no effect. Raises NotFound, InvalidInput, and Conflict when the
    officer is the proposer (PostgreSQL refuses it too), or the answer was another."""
    actor.require("ledger.decide")
    user_id = user_of(actor)
    reason = " ".join(reason.split())
    if outcome not in Verdict.Outcome.values:
        raise InvalidInput("outcome_unknown", _("Pilih setujui atau kembalikan."), field="outcome")
    if outcome == Verdict.Outcome.RETURNED and not reason:
        raise InvalidInput("reason_missing", _("Tulis mengapa usul ini dikembalikan."), field="reason")
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound("proposal_not_found", _("Usul tidak ditemukan."))
    if proposal.proposed_by_id == user_id:
        raise Conflict(
            "four_eyes",
            _("Yang mengusulkan tidak boleh memutuskannya sendiri."),
            way_out=_("Minta petugas lain yang berwenang memutuskan."),
        )
    verdict, is_new = Verdict.objects.get_or_create(
        proposal=proposal,
        defaults={
            "proposed_by_id": proposal.proposed_by_id,
            "decided_by_id": user_id,
            "outcome": outcome,
            "reason": reason,
            "decided_at": now(),
        },
    )
    if not is_new:
        if (verdict.outcome, verdict.decided_by_id) != (outcome, user_id):
            raise Conflict("already_decided", _("Usul ini sudah diputuskan."))
        return verdict
    if outcome == Verdict.Outcome.APPROVED:
        _carry_out(actor, proposal, verdict)
    record(actor, f"ledger.{outcome}", f"ledger_proposal:{proposal.pk}", reason, after={"subject": proposal.subject})
    return verdict


def _carry_out(actor: Actor, proposal: Proposal, verdict: Verdict) -> None:
    if proposal.kind == Proposal.Kind.CLOSE:
        month = parse_month(proposal.subject)
        _require_next(month)
        PeriodClose.objects.create(month=month, verdict=verdict)
    elif proposal.kind == Proposal.Kind.RATE:
        JhtRate.objects.create(year=int(proposal.subject), verdict=verdict, **proposal.content)
    elif proposal.kind == Proposal.Kind.JHT_OUT:
        take_out(actor, proposal)
    else:
        lines = [(code, amount, None) for code, amount in proposal.content["lines"]]
        post(actor, date.fromisoformat(proposal.subject), JOURNAL, f"proposal:{proposal.pk}", lines, proposal.reason)
