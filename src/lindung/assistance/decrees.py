"""Decrees (SK Bupati): the accepted people are frozen, a second officer decides, and the decree takes effect once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Sum
from django.utils.translation import gettext as _

from lindung.assistance.attachments import Contents, attach
from lindung.assistance.models import Decree, DecreeDecision, Enactment, Scheme
from lindung.assistance.proposals import CELLS_AT_ONCE, scheme_in_turn
from lindung.assistance.schemes import price
from lindung.contributions.actions import at_price, plan_person_months
from lindung.core.actors import EVERYWHERE, Actor, acting_as
from lindung.core.bulk import fetch_frame
from lindung.core.clock import now
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.jobs import ProgressFunction, enqueue, silent
from lindung.core.log import record
from lindung.core.models import Job
from lindung.core.months import add_months, month_of, month_range, months_between
from lindung.core.ui import words
from lindung.membership.actions import enrol
from lindung.people.actions import register_people

PROPOSE, DECIDE = "assistance.propose_decree", "assistance.decide_decree"
PEOPLE_AT_ONCE = CELLS_AT_ONCE // 15  # larger decrees take effect in the background
ENACT_KIND = "enact_decree"

_LISTED = {
    "row_id": pl.Int64, "nik": pl.String, "name": pl.String, "birth_date": pl.Date, "birth_place": pl.String,
    "sex": pl.String, "mother_name": pl.String, "place_id": pl.Int64, "address": pl.String, "phone": pl.String,
    "occupation": pl.String, "village": pl.String, "district": pl.String,
}  # fmt: skip
# Alive as far as known, and nobody else is charged for one of the months.
_ELIGIBLE = """
  AND NOT EXISTS (
    SELECT 1 FROM people_person p JOIN people_lifeevent e ON e.person_id = p.id AND e.kind = 'death' AND NOT e.void
     WHERE p.nik = r.nik AND NOT EXISTS (SELECT 1 FROM people_lifeevent l WHERE l.corrects_id = e.id))
  AND NOT EXISTS (
    SELECT 1 FROM people_deathnotice n WHERE n.nik = r.nik AND NOT EXISTS (
      SELECT 1 FROM people_lifeevent e JOIN people_lifeevent l ON l.corrects_id = e.id AND l.void
       WHERE e.person_id = n.person_id AND e.kind = 'death'))
  AND NOT EXISTS (
    SELECT 1 FROM people_person p JOIN contributions_personmonth m ON m.person_id = p.id
     WHERE p.nik = r.nik AND m.payer_id <> %(payer)s AND m.month >= %(first)s AND m.month <= %(last)s
     GROUP BY m.month, m.job HAVING sum(m.jkk + m.jkm) > 0)
"""
_SELECT = """
SELECT r.id, r.nik, r.name, r.birth_date, r.birth_place, r.sex, r.mother_name, r.place_id, r.address, r.phone,
       r.occupation, v.name, coalesce(d.name, '')
  FROM assistance_proposalrow r JOIN places_place v ON v.key = r.place_id
  LEFT JOIN places_place d ON d.key = v.parent_id
"""
_WAITING = f"""{_SELECT}
 WHERE r.scheme_id = %(scheme)s AND r.status = 'accepted' AND NOT EXISTS (
    SELECT 1 FROM assistance_decreeline l
      JOIN assistance_decreedecision x ON x.decree_id = l.decree_id AND x.outcome = 'approved'
     WHERE l.row_id = r.id)
{_ELIGIBLE} ORDER BY r.place_id, r.name_key, r.id
"""
_ON_DECREE = f"""{_SELECT}
  JOIN assistance_decreeline l ON l.row_id = r.id AND l.decree_id = %(decree)s
 WHERE true {{eligible}} ORDER BY l.line_no
"""


@dataclass(frozen=True)
class DecreePlan:
    """What a decree for these months would mean: people, rupiah, and what the ceiling leaves."""

    scheme: Scheme
    first: date
    last: date
    listed: pl.DataFrame
    ceiling_left: int  # before this decree

    @property
    def people(self) -> int:
        return self.listed.height

    @property
    def months(self) -> int:
        return months_between(self.first, self.last) + 1

    @property
    def total(self) -> int:
        return self.people * self.months * self.scheme.monthly_amount

    @property
    def fits(self) -> bool:
        return self.total <= self.ceiling_left

    @property
    def affordable_people(self) -> int:
        """How many people the rest of the ceiling carries through these months."""
        return max(self.ceiling_left, 0) // (self.months * self.scheme.monthly_amount)


def _officer(actor: Actor) -> int:
    """Who answers for the act: a program cannot. Raises NotAllowed."""
    if actor.user_id is None:
        raise NotAllowed(
            "officer_needed",
            _("SK hanya dapat diusulkan dan diputuskan oleh petugas."),
            way_out=_("Masuk dengan akun petugas yang berwenang."),
        )
    return actor.user_id


def ceiling_left(scheme: Scheme) -> int:
    """The budget ceiling less all approved decrees, in rupiah."""
    spent = scheme.decrees.filter(decision__outcome=DecreeDecision.Outcome.APPROVED).aggregate(n=Sum("total_amount"))
    return int(scheme.budget_ceiling - (spent["n"] or 0))


def plan_decree(scheme: Scheme, first: date, last: date) -> DecreePlan:
    """The people who wait for a decree, for these months. Raises InvalidInput when they lie outside the scheme."""
    first, last = month_of(first), month_of(last)
    if not (scheme.period.lower <= first <= last < scheme.period.upper):
        raise InvalidInput(
            "decree_period",
            _("Masa bantuan harus berada dalam masa program."),
            field="first_month",
            way_out=_("Pilih bulan dari %(lower)s sampai %(upper)s.")
            % {
                "lower": format(scheme.period.lower, "%m-%Y"),
                "upper": format(add_months(scheme.period.upper, -1), "%m-%Y"),
            },
        )
    values = {"scheme": scheme.pk, "payer": scheme.payer_id, "first": first, "last": last}
    return DecreePlan(scheme, first, last, _listed(_WAITING, values), ceiling_left(scheme))


def _listed(statement: str, values: dict[str, Any]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return fetch_frame(cursor, _LISTED)


def _on_decree(decree: Decree, eligible: bool) -> pl.DataFrame:
    values = {
        "decree": decree.pk, "payer": decree.scheme.payer_id, "first": decree.period.lower,
        "last": add_months(decree.period.upper, -1),
    }  # fmt: skip
    return _listed(_ON_DECREE.format(eligible=_ELIGIBLE if eligible else ""), values)


def digest_of_list(listed: pl.DataFrame) -> str:
    """SHA-256 over the ordered lines: number, row, NIK, name, birth date, village."""
    digest = hashlib.sha256()
    lines = listed.select("row_id", "nik", "name", "birth_date", "place_id").iter_rows()
    for number, line in enumerate(lines, start=1):
        digest.update("|".join(map(str, (number, *line))).encode() + b"\n")
    return digest.hexdigest()


@transaction.atomic
def propose_decree(
    actor: Actor, scheme_id: int, number: str, dated: date, first_month: date, last_month: date, reason: str
) -> Decree:
    """Freeze the accepted people who are on no approved decree, with hash, PDF and workbook.

    Left out, and so kept for later: who has died or is charged to another payer since. Raises NotAllowed, InvalidInput
    (nobody waits, months), Conflict (another draft waits, above the ceiling)."""
    actor.require(PROPOSE)
    scheme = scheme_in_turn(scheme_id)
    if not number.strip():
        raise InvalidInput("decree_number", _("Nomor SK kosong."), field="number", way_out=_("Contoh: 400/2026."))
    waiting = scheme.decrees.filter(decision__isnull=True).first()
    if waiting is not None:
        raise Conflict(
            "decree_waiting",
            _("Rancangan SK %(number)s masih menunggu keputusan.") % {"number": waiting.number},
            field="number",
            way_out=_("Putuskan atau kembalikan rancangan itu dahulu; orang baru masuk ke SK berikutnya."),
        )
    if scheme.decrees.filter(number=number, decision__outcome=DecreeDecision.Outcome.APPROVED).exists():
        raise Conflict(
            "decree_number_taken",
            _("SK nomor %(number)s sudah ada pada program ini.") % {"number": number},
            field="number",
            way_out=_("Pakai nomor SK yang baru."),
        )
    plan = plan_decree(scheme, first_month, last_month)
    _refuse_empty_or_too_dear(plan)
    digest = digest_of_list(plan.listed)
    content = Contents(scheme, number.strip(), dated, plan.first, plan.last, digest)
    pdf, xlsx = attach(actor, content, plan.listed, draft=True)
    decree = Decree.objects.create(
        scheme=scheme, place=scheme.place, number=number.strip(), dated=dated,
        period=DateRange(plan.first, add_months(plan.last, 1)), people=plan.people,
        monthly_amount=scheme.monthly_amount, total_amount=plan.total, content_digest=digest,
        proposed_at=now(), proposed_by_id=_officer(actor), pdf=pdf, xlsx=xlsx,
    )  # fmt: skip
    _freeze(decree, plan.listed)
    record(
        actor,
        "assistance.propose_decree",
        f"decree:{decree.pk}",
        reason,
        after={"people": plan.people, "total": plan.total, "digest": digest},
    )
    return decree


def _refuse_empty_or_too_dear(plan: DecreePlan) -> None:
    if not plan.people:
        raise InvalidInput(
            "decree_empty",
            _("Belum ada orang yang diterima dan menunggu SK."),
            field="scheme",
            way_out=_("Unggah usulan terlebih dahulu, atau tunggu perbaikan dari desa."),
        )
    if not plan.fits:
        raise Conflict(
            "over_ceiling",
            _(
                "%(people)s orang × %(monthly_amount)s × %(months)s bulan = %(total)s, sedangkan "
                "sisa pagu %(ceiling_left)s."
            )
            % {
                "people": words.number(plan.people),
                "monthly_amount": words.rupiah(plan.scheme.monthly_amount),
                "months": plan.months,
                "total": words.rupiah(plan.total),
                "ceiling_left": words.rupiah(plan.ceiling_left),
            },
            field="last_month",
            people=plan.people,
            total=plan.total,
            ceiling_left=plan.ceiling_left,
            way_out=_(
                "Sisa pagu cukup untuk %(affordable_people)s orang selama %(months)s bulan. "
                "Kurangi bulannya, atau tambah pagu melalui perubahan anggaran."
            )
            % {"affordable_people": words.number(plan.affordable_people), "months": plan.months},
        )


def _freeze(decree: Decree, listed: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assistance_decreeline (decree_id, line_no, row_id, place_id)"
            " SELECT %s, line, row_id, place_id FROM unnest(%s::bigint[], %s::bigint[])"
            " WITH ORDINALITY AS lines (row_id, place_id, line)",
            [decree.pk, listed["row_id"].to_list(), listed["place_id"].to_list()],
        )


def _decree_in_turn(decree_id: int) -> Decree:
    """The decree, its scheme held until the end of the transaction. Raises NotFound."""
    decree = Decree.objects.select_related("scheme", "scheme__payer").filter(pk=decree_id).first()
    if decree is None:
        raise NotFound("decree_not_found", _("SK tidak ditemukan."))
    scheme_in_turn(decree.scheme_id)
    return decree


@transaction.atomic
def decide_decree(actor: Actor, decree_id: int, outcome: str, reason: str) -> DecreeDecision:
    """Approve or return a decree as a second officer; PostgreSQL refuses whoever proposed it.

    Approving needs the list as it was frozen. Raises NotAllowed (role, proposer), InvalidInput, NotFound, Conflict
    (decided before, list changed, above the ceiling)."""
    actor.require(DECIDE)
    decree = _decree_in_turn(decree_id)
    if outcome not in DecreeDecision.Outcome.values or not reason.strip():
        raise InvalidInput(
            "decision_incomplete",
            _("Pilih keputusan dan tulis alasannya."),
            field="reason",
            way_out=_("Contoh alasan: «daftar sesuai hasil verifikasi»."),
        )
    if DecreeDecision.objects.filter(decree=decree).exists():
        raise Conflict(
            "decree_decided",
            _("SK %(number)s sudah diputuskan.") % {"number": decree.number},
            way_out=_("Muat ulang halaman ini."),
        )
    pdf = xlsx = None
    if outcome == DecreeDecision.Outcome.APPROVED:
        pdf, xlsx = attach(actor, _contents_of(decree), _unchanged_list(decree), draft=False)
    try:
        with transaction.atomic():
            decision = DecreeDecision.objects.create(
                decree=decree, proposed_by_id=decree.proposed_by_id, decided_by_id=_officer(actor), outcome=outcome,
                reason=reason.strip(), decided_at=now(), pdf=pdf, xlsx=xlsx,
            )  # fmt: skip
    except IntegrityError as error:
        if "decree_four_eyes" not in str(error):
            raise
        raise NotAllowed(
            "four_eyes",
            _("Pengusul SK tidak dapat memutuskan usulannya sendiri."),
            way_out=_("Minta pejabat lain yang berwenang membuka halaman ini dan memutuskannya."),
        ) from error
    record(
        actor, f"assistance.decree_{outcome}", f"decree:{decree.pk}", reason, after={"digest": decree.content_digest}
    )
    return decision


def _contents_of(decree: Decree) -> Contents:
    first, last = decree.period.lower, add_months(decree.period.upper, -1)
    return Contents(decree.scheme, decree.number, decree.dated, first, last, decree.content_digest)


def _unchanged_list(decree: Decree) -> pl.DataFrame:
    """The frozen list, provided that everyone on it is still eligible and the ceiling still carries it."""
    still = _on_decree(decree, eligible=True)
    if digest_of_list(still) != decree.content_digest:
        gone = decree.people - still.height
        raise Conflict(
            "decree_changed",
            _("Daftar berubah sejak diusulkan: %(gone)s orang meninggal atau sudah dibayar pihak lain.")
            % {"gone": words.number(gone)}
            if gone > 0
            else _("Isi daftar tidak sama lagi dengan sidik yang dibekukan."),
            way_out=_("Kembalikan rancangan ini, lalu usulkan lagi dengan daftar yang terbaru."),
            people=gone,
        )
    left = ceiling_left(decree.scheme)
    if decree.total_amount > left:
        raise Conflict(
            "over_ceiling",
            _("Sisa pagu %(left)s tidak cukup untuk SK ini.") % {"left": words.rupiah(left)},
            way_out=_("Kembalikan rancangan ini, lalu usulkan lagi untuk masa yang lebih pendek."),
        )
    return still


def begin_enactment(actor: Actor, decree_id: int) -> Enactment | Job:
    """Put an approved decree into effect: small ones now, large ones in the background. Raises as `enact_decree`."""
    decree = Decree.objects.filter(pk=decree_id).first()
    if decree is None or decree.people <= PEOPLE_AT_ONCE:
        return enact_decree(actor, decree_id)
    from lindung.assistance.tasks import enact_decree_task  # the task calls back into this module

    actor.require(DECIDE)
    return enqueue(actor, enact_decree_task, ENACT_KIND, f"Pelaksanaan SK {decree.number}", decree_id=decree_id)


@transaction.atomic
def enact_decree(actor: Actor, decree_id: int, progress: ProgressFunction = silent) -> Enactment:
    """Make persons, memberships, person-months and planned bills of an approved decree; a second call changes nothing.

    Raises NotAllowed, NotFound, Conflict (not approved, somebody has another payer by now, the price changed)."""
    actor.require(DECIDE)
    decree = _decree_in_turn(decree_id)
    done = Enactment.objects.filter(decree=decree).first()
    if done is not None:
        return done
    if not DecreeDecision.objects.filter(decree=decree, outcome=DecreeDecision.Outcome.APPROVED).exists():
        raise Conflict(
            "decree_not_approved",
            _("SK %(number)s belum disetujui.") % {"number": decree.number},
            way_out=_("SK berlaku setelah disetujui pejabat kedua."),
        )
    # The approved decree is the authority for every step, whatever else the approver's role allows.
    authority = replace(actor, permissions=frozenset({"*"}), scope=EVERYWHERE)
    with acting_as(authority):
        enactment = _enact(authority, decree, progress)
    return enactment


def _enact(actor: Actor, decree: Decree, progress: ProgressFunction) -> Enactment:
    scheme, first = decree.scheme, decree.period.lower
    months = list(month_range(first, add_months(decree.period.upper, -1)))
    listed = _on_decree(decree, eligible=False)
    progress(0, decree.people, "Mendaftarkan orang")
    persons = register_people(actor, listed.drop("row_id", "village", "district"))
    located = listed.join(persons.select("nik", "person_id"), on="nik").select("person_id", "place_id", "occupation")
    progress(decree.people // 3, decree.people, "Membuat kepesertaan")
    members = enrol(actor, located, "BPU", first, None, f"SK {decree.number}")
    progress(decree.people * 2 // 3, decree.people, "Merencanakan iuran")
    charged = located.join(members.select("person_id", "membership_id", "job"), on="person_id").select(
        "person_id", "membership_id", "job", "place_id", pl.lit("BPU").alias("segment")
    )
    planned = sum(
        plan_person_months(
            actor,
            scheme.payer_id,
            months_at_price,
            at_price(charged, scheme.wage_base, jkk=jkk, jkm=jkm),
            f"decree:{decree.pk}",
        )
        for (jkk, jkm), months_at_price in _by_price(scheme, decree, months).items()
    )
    enactment = Enactment.objects.create(
        decree=decree,
        people=listed.height,
        new_memberships=int(members["is_new"].sum()),
        person_months=planned,
        enacted_at=now(),
    )
    record(
        actor,
        "assistance.enact_decree",
        f"decree:{decree.pk}",
        f"SK {decree.number}",
        after={"people": listed.height, "person_months": planned},
    )
    progress(decree.people, decree.people, "Selesai")
    return enactment


def _by_price(scheme: Scheme, decree: Decree, months: Sequence[date]) -> dict[tuple[int, int], list[date]]:
    """The months by what the law asks in each; a price that is not the decree's needs a new decree."""
    prices: dict[tuple[int, int], list[date]] = {}
    for month in months:
        asked = price(scheme.programmes, scheme.wage_base, month)
        if asked.total != decree.monthly_amount:
            raise Conflict(
                "price_changed",
                _("Iuran bulan %(month)s menurut aturan %(total)s, bukan %(monthly_amount)s.")
                % {
                    "month": format(month, "%m-%Y"),
                    "total": words.rupiah(asked.total),
                    "monthly_amount": words.rupiah(decree.monthly_amount),
                },
                way_out=_("Buat SK baru dengan iuran yang sesuai aturan."),
            )
        prices.setdefault((asked.jkk, asked.jkm), []).append(month)
    return prices
