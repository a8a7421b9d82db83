"""The yearly return on every JHT account, in one run."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict
from lindung.core.jobs import enqueue
from lindung.core.log import record
from lindung.core.models import Job
from lindung.ledger.models import JhtCrediting, JhtMovement, Proposal
from lindung.ledger.rates import YearlyReturn, known_returns


@dataclass(frozen=True)
class Credited:
    """What one run did: accounts and rupiah credited (0 when nothing was left to credit), and the rate it used."""

    rate: YearlyReturn
    accounts: int
    amount: int


@transaction.atomic
def credit_jht(actor: Actor, year: int) -> Credited:
    """Credit a year's return to all JHT accounts (PP 46/2015 Pasal 27), in one statement: killed, it leaves nothing;
    run again, it credits only what has come since.

    Raises Conflict when the year is not over, its return is not known, or the year before was not credited."""
    actor.require("ledger.credit")
    rate = _require_ready(year)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT accounts, amount FROM ledger_credit_jht(%s, %s, %s)", [year, rate.per_100000, actor.name]
        )
        accounts, amount = cursor.fetchone()
    if accounts:
        after = {"accounts": accounts, "amount": amount, "per_100000": rate.per_100000}
        record(actor, "ledger.credit_jht", f"jht_year:{year}", rate.citation, after=after)
    return Credited(rate, accounts, amount)


def _require_ready(year: int) -> YearlyReturn:
    if year >= today().year:
        raise Conflict(
            "year_not_over",
            _("Tahun %(year)s belum berakhir; hasil pengembangan dikreditkan sesudahnya.") % {"year": year},
            article="PP 46/2015 Pasal 27",
        )
    rate = known_returns(year, year).get(year)
    if rate is None:
        raise Conflict(
            "rate_unknown",
            _("Hasil pengembangan JHT tahun %(year)s belum diketahui.") % {"year": year},
            way_out=_("Catat keputusan direksi tentang tahun itu, lalu minta petugas kedua menyetujuinya."),
            article="PP 46/2015 Pasal 27",
        )
    before = JhtCrediting.objects.filter(year=year - 1).exists()
    if not before and JhtMovement.objects.filter(dated__lt=f"{year}-01-01").exists():
        raise Conflict(
            "earlier_year_open",
            _("Tahun %(year)s belum dikreditkan. Tahun dikreditkan berurutan.") % {"year": year - 1},
            way_out=_("Kreditkan tahun-tahun sebelumnya lebih dahulu, yang paling lama paling awal."),
        )
    return rate


def request_crediting(actor: Actor, year: int) -> Job:
    """Let a worker credit the year. Raises what `credit_jht` raises, before anything is queued."""
    from lindung.ledger.tasks import credit_jht_task  # the task calls back into this module

    actor.require("ledger.credit")
    _require_ready(year)
    return enqueue(actor, credit_jht_task, "ledger.credit_jht", f"Hasil pengembangan JHT {year}", year=year)


@dataclass(frozen=True)
class CreditingYear:
    """A year of the JHT accounts: its return if known, what was credited, a rate that waits for the second officer."""

    year: int
    rate: YearlyReturn | None
    runs: int
    accounts: int
    amount: int
    proposal_id: int | None
    over: bool

    @property
    def percent(self) -> float | None:
        """The return as a ratio."""
        return self.rate.per_100000 / 100_000 if self.rate else None


def crediting_years() -> list[CreditingYear]:
    """The years in which a JHT account moved, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT year, count(*), sum(accounts)::bigint, sum(amount)::bigint FROM ledger_jhtcrediting GROUP BY year"
        )
        done = {year: (runs, accounts, amount) for year, runs, accounts, amount in cursor.fetchall()}
        cursor.execute("SELECT ledger_first_jht_year()")
        (first,) = cursor.fetchone()
    last = today().year
    first = first or last
    rates = known_returns(first, last)
    asked = dict(Proposal.objects.filter(kind=Proposal.Kind.RATE, verdict__isnull=True).values_list("subject", "pk"))
    return [
        CreditingYear(year, rates.get(year), *done.get(year, (0, 0, 0)), asked.get(str(year)), year < last)
        for year in range(last, first - 1, -1)
    ]
