"""From employments and wages to what is owed: a month is priced by the law's columnar pass, charged, and kept right.

There is one rule: for every worker and month that is final, what was charged is what the facts say now. Where nothing
was charged it is charged, where it differs the difference is added, in either direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import polars.selectors as selectors
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lindung.contributions.actions import correct_person_months, ensure_months, issue_bill, plan_person_months
from lindung.contributions.assessment import ASSESSED, assess
from lindung.contributions.models import Bill
from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.bulk import fetch_frame
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.files import digest_of
from lindung.core.jobs import ProgressFunction, enqueue, silent
from lindung.core.log import record
from lindung.core.models import Job
from lindung.core.months import add_months, format_month, month_of
from lindung.payers.models import Payer
from lindung.wages.employers import employer_for, facts_of, in_turn
from lindung.wages.models import Employment, MonthClosing, WageReport
from lindung.wages.receiving import REPORT, create_report

WORKERS_AT_ONCE = 5_000  # a month of more is closed in the background
PROGRAMMES = ("jkk", "jkm", "jht", "jp")

# Who works for the employer in a month, and at what wage. One wage per worker: the newest of the latest month.
_WORKERS = """
SELECT e.membership_id, e.person_id, m.job, m.place_id, p.birth_date, e.country, w.wage
  FROM wages_employment e
  JOIN membership_membership m ON m.id = e.membership_id AND coalesce(upper(m.valid), 'infinity') > %(month)s
  JOIN people_person p ON p.id = e.person_id
  LEFT JOIN LATERAL (SELECT r.wage FROM wages_wagerecord r WHERE r.membership_id = e.membership_id
                        AND r.month <= %(month)s ORDER BY r.month DESC, r.id DESC LIMIT 1) w ON true
 WHERE e.payer_id = %(payer)s AND e.reported_from <= %(month)s AND e.started_on < %(next)s
   AND (e.left_on IS NULL OR e.left_on >= %(month)s)
   AND (%(members)s::bigint[] IS NULL OR e.membership_id = ANY(%(members)s::bigint[]))
"""
_WORKER_TYPES = {
    "membership_id": pl.Int64, "person_id": pl.Int64, "job": pl.Int16, "place_id": pl.Int64, "birth_date": pl.Date,
    "country": pl.String, "wage": pl.Decimal(15, 2),
}  # fmt: skip
# What is charged for each programme: all entries added up. `charged`: a charge stands, not reversed.
_CHARGED = f"""
SELECT person_id, job, max(entry_no) FILTER (WHERE entry_no > 0) %% 2 = 1,
       {", ".join(f"sum({name})::bigint" for name in PROGRAMMES)}
  FROM contributions_personmonth pm
 WHERE payer_id = %(payer)s AND month = %(month)s
   AND (%(members)s::bigint[] IS NULL OR membership_id = ANY(%(members)s::bigint[]))
 GROUP BY person_id, job
"""
_CHARGED_TYPES = {
    "person_id": pl.Int64, "job": pl.Int16, "charged": pl.Boolean,
    **{f"{name}_now": pl.Int64 for name in PROGRAMMES},
}  # fmt: skip


@dataclass(frozen=True)
class MonthAssessment:
    """A month's workers with what the law asks for each; rupiah. `unpriced`: workers whose row has an error_code, or
    no wage; they are not in the sums."""

    rows: pl.DataFrame
    workers: int
    wages: Decimal
    amount: int
    worker_share: int
    programmes: dict[str, int]
    unpriced: int


def assess_month(payer: Payer, month: date, members: list[int] | None = None) -> MonthAssessment:
    """Price a month as the facts stand, all workers or some. Writes nothing. Needs a scope over the whole country."""
    values: dict[str, Any] = {
        "payer": payer.pk, "month": month, "next": add_months(month, 1), "members": members,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WORKERS, values)
        workers = fetch_frame(cursor, _WORKER_TYPES)
    facts = facts_of(payer, month)
    priced = assess(
        workers.with_columns(
            pl.lit("PU").alias("segment"),
            pl.lit(facts.risk_group).alias("risk_group"),
            pl.lit(facts.firm_size, dtype=pl.String).alias("firm_size"),
            pl.lit(facts.programmes, dtype=pl.List(pl.String)).alias("programmes"),
            pl.col("country").alias("citizenship"),
        ),
        month,
    )
    sound = priced.filter(pl.col("error_code").is_null() & pl.col("wage").is_not_null())
    programmes = {name: int(sound[name].sum()) for name in PROGRAMMES}
    return MonthAssessment(
        rows=priced,
        workers=sound.height,
        wages=Decimal(str(sound["wage"].sum() or 0)),
        amount=sum(programmes.values()),
        worker_share=int(sound["worker_share"].sum()),
        programmes=programmes,
        unpriced=priced.height - sound.height,
    )


def _bring_in_line(
    actor: Actor, payer: Payer, month: date, members: list[int] | None, origin: str, reason: str
) -> MonthAssessment:
    """Charge, or correct, until what is charged for the month is what the facts say."""
    assessed = assess_month(payer, month, members)
    _refuse_unpriced(assessed, month)
    values: dict[str, Any] = {"payer": payer.pk, "month": month, "members": members}
    with connection.cursor() as cursor:
        cursor.execute(_CHARGED, values)
        standing = fetch_frame(cursor, _CHARGED_TYPES)
    owed = assessed.rows.select("membership_id", "person_id", "job", "place_id", "segment", *ASSESSED)
    both = owed.join(standing, on=["person_id", "job"], how="full", coalesce=True).with_columns(
        pl.col("charged").fill_null(False), pl.col(*ASSESSED).fill_null(0).cast(pl.Int64)
    )
    owing = pl.sum_horizontal(PROGRAMMES) > 0
    people = both.filter(~pl.col("charged") & owing).drop("charged", selectors.ends_with("_now"))
    plan_person_months(actor, payer.pk, [month], people, origin)
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"{name}_now") for name in PROGRAMMES)
    wrong = both.filter(pl.col("charged") & differs)
    changed = wrong.select(pl.lit(month).alias("month"), "person_id", "job", *ASSESSED)
    correct_person_months(actor, payer.pk, changed, origin, reason)
    return assessed


def _refuse_unpriced(assessed: MonthAssessment, month: date) -> None:
    if assessed.unpriced:
        faulty = assessed.rows.filter(pl.col("error_code").is_not_null() | pl.col("wage").is_null())
        codes = sorted(set(faulty["error_code"].fill_null("missing_wage").to_list()))
        raise Conflict(
            "not_assessable",
            _("Iuran %(rows)d pekerja untuk %(month)s tidak dapat dihitung (%(codes)s).")
            % {"rows": assessed.unpriced, "month": format_month(month), "codes": ", ".join(codes)},
            way_out=_("Lengkapi upah dan data pekerja itu, juga ukuran usaha dan kelompok risiko perusahaan."),
            members=faulty["membership_id"].to_list()[:20],
        )


def _issue_open_bills(actor: Actor, payer: Payer, months: Sequence[date]) -> list[int]:
    """Issue what these months have that is not issued yet; the ids, in order."""
    waiting = (
        Bill.objects.filter(payer=payer, month__in=months, kind=Bill.Kind.CONTRIBUTION, issue__isnull=True)
        .filter(tally__people__isnull=False)
        .exclude(tally__people=0)
        .order_by("month", "sequence")
    )
    bills = [bill.pk for bill in waiting]
    for bill_id in bills:
        issue_bill(actor, bill_id)
    return bills


def settle_differences(
    actor: Actor, payer: Payer, from_month: date, members: list[int], origin: str, reason: str
) -> None:
    """After the facts have changed: charge or give back what differs in the months that are final already."""
    if not members:
        return
    closed = MonthClosing.objects.filter(payer=payer, month__gte=from_month).order_by("month")
    months = list(closed.values_list("month", flat=True))
    for month in months:
        _bring_in_line(actor, payer, month, members, origin, reason or _("Perubahan laporan upah"))
    if months:
        _issue_open_bills(actor, payer, months)


def begin_closing(actor: Actor, payer_id: int, month: date, *, same: bool = False) -> MonthClosing | Job:
    """Close a month (`same`: as the same as last month): of few workers now, of many in the background. Raises as
    `close_month` and `same_as_last_month`."""
    act = same_as_last_month if same else close_month
    payer = employer_for(actor, payer_id)
    workers = Employment.objects.filter(payer=payer, left_on__isnull=True).count()
    if workers <= WORKERS_AT_ONCE:
        return act(actor, payer_id, month)
    from lindung.wages.tasks import close_month_task  # the task calls back into this module

    actor.require(REPORT)
    month = month_of(month)
    with acting_as(on_behalf(actor)) as authority:
        if closed := MonthClosing.objects.filter(payer=payer, month=month).first():
            return closed
        _refuse_early(payer, month)
        subject = _("Penutupan laporan %(month)s") % {"month": format_month(month)}
        return enqueue(
            authority, close_month_task, "close_wage_month", subject, payer_id=payer_id, month=format_month(month),
            same=same, by=actor.name,
        )  # fmt: skip


@transaction.atomic
def close_month(actor: Actor, payer_id: int, month: date, progress: ProgressFunction = silent) -> MonthClosing:
    """Say that a month's report is complete: everybody who worked is charged, and the bill issued. Closed again, it
    stays as it is. What is reported on the month later becomes a difference.

    Raises NotAllowed, NotFound, InvalidInput (a month to come), Conflict (a report waits to be applied or withdrawn; a
    worker without a wage)."""
    actor.require(REPORT)
    payer = employer_for(actor, payer_id)
    month = month_of(month)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        closed = MonthClosing.objects.filter(payer=payer, month=month).first()
        if closed is not None:
            return closed
        _refuse_early(payer, month)
        return _close(authority, payer, month, progress)


def _refuse_early(payer: Payer, month: date) -> None:
    if month > month_of(today()):
        raise InvalidInput(
            "month_in_future",
            _("Bulan %(month)s belum mulai.") % {"month": format_month(month)},
            field="month",
            way_out=_("Tutup bulan itu setelah mulai."),
        )
    open_rows = Q(state=WageReport.State.CHECKED) & (Q(rows_accepted__gt=0) | Q(rows_to_fix__gt=0))
    waiting = WageReport.objects.filter(
        open_rows | Q(state=WageReport.State.RECEIVED), payer=payer, month=month
    ).count()
    if waiting:
        raise Conflict(
            "reports_waiting",
            _("%(count)d laporan bulan ini belum diterapkan.") % {"count": waiting},
            way_out=_("Terapkan laporan itu, atau tarik kembali, lalu tutup bulannya."),
        )


def _close(actor: Actor, payer: Payer, month: date, progress: ProgressFunction) -> MonthClosing:
    ensure_months([month])
    progress(1, 3, "Menghitung iuran")
    origin = f"wage_month:{payer.pk}:{format_month(month)}"
    assessed = _bring_in_line(actor, payer, month, None, origin, _("Laporan bulanan"))
    progress(2, 3, "Menerbitkan tagihan")
    bills = _issue_open_bills(actor, payer, [month])
    closing = MonthClosing.objects.create(
        payer=payer, place_id=payer.place_id, month=month, bill_id=bills[0] if bills else None,
        workers=assessed.workers, wages=assessed.wages, closed_on=today(), closed_by=actor.name,
    )  # fmt: skip
    record(
        actor,
        "wages.close_month",
        f"payer:{payer.pk}",
        format_month(month),
        after={"month": format_month(month), "workers": closing.workers, "bills": bills},
    )
    progress(3, 3, "Selesai")
    return closing


@transaction.atomic
def same_as_last_month(actor: Actor, payer_id: int, month: date, progress: ProgressFunction = silent) -> MonthClosing:
    """Nothing has changed: the month's workers and wages are those of the month before, and the month is closed.

    In one act, and the same when done twice. Raises as `close_month`; InvalidInput when nothing was ever reported."""
    actor.require(REPORT)
    payer = employer_for(actor, payer_id)
    month = month_of(month)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        if closed := MonthClosing.objects.filter(payer=payer, month=month).first():
            return closed
        if not assess_month(payer, month).rows.height:
            raise InvalidInput(
                "nothing_last_month",
                _("Belum ada pekerja yang dilaporkan untuk %(month)s.") % {"month": format_month(month)},
                field="month",
                way_out=_("Unggah Data TK Baru atau berkas upah lebih dahulu."),
            )
        _refuse_early(payer, month)
        kind = WageReport.Kind.SAME_AS_LAST
        digest = digest_of(f"{kind}:{payer.pk}:{format_month(month)}".encode())
        create_report(authority, payer, month, kind, digest, state=WageReport.State.APPLIED)
        return _close(authority, payer, month, progress)
