"""What the law gives a member who asks for JHT: how much of the balance, and the tax on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from lindung import law
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.ui.words import long_date, rupiah
from lindung.ledger.jht import jht_statement
from lindung.membership.models import Membership

ARTICLE = "PP 46/2015 Pasal 22 dan 26; Permenaker 4/2022"
DEATH, LEAVING_INDONESIA = "death", "leaving_indonesia"
LEFT_WORK = ("resignation", "dismissal", "contract_end", "stopped_working")
PARTIAL = ("partial_housing", "partial_other")
REASONS = ("age", *LEFT_WORK, "total_disability", LEAVING_INDONESIA, DEATH, *PARTIAL)
FOREIGN = "99"  # how the numbers of people without an NIK begin (room wages)

# What a person has taken of all JHT accounts so far, the oldest first, and for which reason.
_TAKEN = """
SELECT j.dated, -j.amount, p.content ->> 'reason'
  FROM ledger_jhtmovement j JOIN membership_membership m ON m.id = j.membership_id
  LEFT JOIN ledger_proposal p ON p.kind = 'jht_out' AND j.source = 'usul:' || p.id
 WHERE m.person_id = %s AND j.kind = 'withdrawal' ORDER BY j.dated
"""


@dataclass(frozen=True)
class Entitlement:
    """Rupiah on a day: of the credited `balance` at most `most` may be taken; of `amount` `tax` is withheld and `net`
    paid, to the heirs if `to_heirs`. `accrued` is the running year's return: it is credited when the year is over."""

    membership_id: int
    reason: str
    on: date
    balance: int
    accrued: int
    most: int
    amount: int
    tax: int
    net: int
    final: bool
    to_heirs: bool
    law_version: str


def entitlement(membership_id: int, reason: str, asked: int | None = None, npwp: bool = True) -> Entitlement:
    """What the law gives today. A part (`partial_…`) may be asked in an amount; otherwise all of the balance is paid.

    Raises NotFound, InvalidInput (reason, amount), Conflict (membership still open, no right yet, nothing to take)."""
    if reason not in REASONS:
        raise InvalidInput("reason_unknown", _("Pilih alasan pengambilan JHT."), field="reason")
    day, account = today(), jht_statement(membership_id)
    member = Membership.objects.select_related("person").get(pk=membership_id)
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN, [member.person_id])
        taken: list[tuple[date, int, str | None]] = cursor.fetchall()
    _refuse_unfit(member, reason)
    judged = law.judge("jht_withdrawal", day, _facts(member, reason, account.balance, taken))
    most = int(judged.result["amount_max"])
    if not judged.result["allowed"]:
        _refuse_early(judged.result["from"], day)
    amount = _amount(reason, asked, most)
    tax = law.result_of("jht_tax", day, _tax_facts(amount, npwp, taken, day))
    return Entitlement(
        membership_id=membership_id, reason=reason, on=day, balance=account.balance, accrued=account.accrued, most=most,
        amount=amount, tax=int(tax["tax"]), net=int(tax["net"]), final=bool(tax["final"]),
        to_heirs=bool(judged.result["to_heirs"]), law_version=judged.law_version,
    )  # fmt: skip


def _refuse_unfit(member: Membership, reason: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT died_on FROM people_standingdeath WHERE person_id = %s", [member.person_id])
        died = cursor.fetchone()
    if died and reason != DEATH:
        raise Conflict(
            "member_died",
            _("Peserta tercatat meninggal %(day)s.") % {"day": long_date(died[0])},
            way_out=_("Pilih alasan meninggal dunia: JHT dibayarkan kepada ahli waris."),
        )
    if reason == DEATH and not died:
        raise Conflict(
            "death_unknown", _("Kematian peserta belum tercatat."), way_out=_("Laporkan kematiannya lebih dahulu.")
        )
    if reason in LEFT_WORK and member.valid.upper is None:
        raise Conflict(
            "still_active",
            _("Kepesertaan ini masih aktif."),
            way_out=_("Minta perusahaannya melaporkan ia berhenti, atau akhiri kepesertaannya."),
            article=ARTICLE,
        )


def _facts(member: Membership, reason: str, balance: int, taken: list[tuple[date, int, str | None]]) -> dict[str, Any]:
    ended = member.valid.upper
    foreign = member.person.nik.startswith(FOREIGN)
    return {
        "reason": reason,
        "birth_date": member.person.birth_date.isoformat(),
        "member_since": member.registered_on.isoformat(),
        "balance": max(balance, 0),
        "employment_ended_on": (ended - timedelta(days=1)).isoformat() if ended and reason in LEFT_WORK else None,
        "partial_taken": any(earlier in PARTIAL for _day, _amount, earlier in taken),
        "citizenship": None if foreign else "ID",
    }


def _refuse_early(first: str, day: date) -> None:
    first_day = date.fromisoformat(first)
    if first_day > day:
        raise Conflict(
            "jht_not_yet",
            _("Dengan alasan ini JHT dapat diambil mulai %(day)s.") % {"day": long_date(first_day)},
            article=ARTICLE,
            field="reason",
        )
    raise Conflict(
        "jht_not_given",
        _("Dengan alasan ini JHT tidak dapat diambil: sebagian hanya satu kali, dan karena meninggalkan Indonesia "
          "hanya bagi warga negara asing."),
        article=ARTICLE, field="reason",
    )  # fmt: skip


def _amount(reason: str, asked: int | None, most: int) -> int:
    amount = most if asked is None or reason not in PARTIAL else asked
    if not 0 < amount <= most:
        raise InvalidInput(
            "amount_over",
            _("Paling banyak %(most)s dapat diambil.") % {"most": rupiah(most)},
            field="amount",
            article=ARTICLE,
        )
    return amount


def _tax_facts(amount: int, npwp: bool, taken: list[tuple[date, int, str | None]], day: date) -> dict[str, Any]:
    """Payments within two calendar years are taxed together; later ones with those of the same year (PP 68/2009)."""
    first = taken[0][0].year if taken else day.year
    years = day.year - first
    from_year = first if years < 2 else day.year
    before = sum(paid for dated, paid, _reason in taken if dated.year >= from_year)
    return {"amount": amount, "years_since_first_payment": years, "paid_before": before, "npwp": npwp}
