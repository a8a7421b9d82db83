"""One person's page: who, protected by whom and since when, every month, every claim; composed from the rooms."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lindung import law
from lindung.claims import queries as claims
from lindung.claims.actions.correcting import WITHDRAW
from lindung.claims.states import STATES
from lindung.contributions import queries as contributions
from lindung.contributions.leaving import END
from lindung.core.access import actor_of, requires
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import NotFound
from lindung.core.files import PDF
from lindung.core.models import Installation
from lindung.core.money import format_rupiah
from lindung.core.months import add_months, month_of
from lindung.core.ui.listing import Badge
from lindung.core.ui.parts import TimelineItem
from lindung.core.ui.ribbon import RibbonEvent, State, ribbon_legend
from lindung.core.ui.words import in_official_language
from lindung.formats.documents import BenefitLine, Issuer, ParticipantSheet, RibbonState, participant_sheet_pdf
from lindung.membership import queries as memberships
from lindung.people import queries as people

YEARS_BACK, MONTHS_AHEAD = 2, 10


COVER = {
    "active": Badge(_("Terlindungi"), "ok"),
    "grace": Badge(_("Masa tenggang"), "soon"),
    "inactive": Badge(_("Tidak terlindungi"), "danger"),
}
PRINTED: dict[State, RibbonState] = {
    "paid": "paid", "billed": "billed", "grace": "grace", "none": "gap", "planned": "billed",
}  # fmt: skip
CHANGES = {"joined": _("Terdaftar"), "ended": _("Berakhir"), "reopened": _("Dibuka kembali")}
RELATIONS = {
    "spouse": _("suami atau istri"), "child": _("anak"), "parent": _("orang tua"), "grandparent": _("kakek atau nenek"),
    "grandchild": _("cucu"), "sibling": _("saudara kandung"), "parent_in_law": _("mertua"), "will": _("wasiat"),
}  # fmt: skip


@require_safe
@requires("people.view")
def page(request: HttpRequest, person_id: int) -> HttpResponse:
    """Everything known of one person, inside the reader's scope; the look is logged."""
    actor, day = actor_of(request), _asked_day(request)
    person = people.person(actor, person_id)
    cover = contributions.cover_of(person_id, day)
    first = add_months(month_of(day).replace(month=1), -12 * (YEARS_BACK - 1))
    context = {
        "person": person,
        "day": day,
        "cover": cover,
        "cover_badge": COVER[cover.status],
        "ribbon": contributions.ribbon_of(person_id, first, add_months(month_of(day), MONTHS_AHEAD)),
        "legend": ribbon_legend(),
        "ribbon_events": [RibbonEvent(person.died_on, gettext("Meninggal"))] if person.died_on else [],
        "memberships": memberships.memberships_of(person_id),
        "membership_story": _story(person_id),
        "heirs": [(heir.name, RELATIONS.get(heir.relation, heir.relation)) for heir in person.relatives],
        "claims": _claims(person_id) if actor.may("claims.view") else [],
        "may_report": actor.may("claims.report"),
        "may_withdraw": actor.may(WITHDRAW) and person.died_on is not None,
        "may_end": actor.may(END) and person.died_on is None,
    }
    return render(request, "person.html", context)


def _story(person_id: int) -> list[TimelineItem]:
    """What happened to the person's memberships."""
    return [
        TimelineItem(row.effective_on, f"{CHANGES[row.kind]} (KPJ {row.kpj})", row.reason, row.recorded_by)
        for row in memberships.changes_of(person_id)
    ]


def _claims(person_id: int) -> list[tuple[claims.PersonClaim, Badge]]:
    return [(claim, STATES[claim.state]) for claim in claims.claims_of(person_id)]


@require_safe
@requires("people.view")
def sheet(request: HttpRequest, person_id: int) -> HttpResponse:
    """The participant's one-page sheet, to print and keep."""
    response = HttpResponse(sheet_pdf(actor_of(request), person_id), content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="lembar-peserta-{person_id}.pdf"'
    return response


def sheet_pdf(actor: Actor, person_id: int) -> bytes:
    """The sheet as PDF; the look is logged. Raises NotFound for someone who never was covered."""
    day = today()
    person = people.person(actor, person_id, "sheet")
    cover = contributions.cover_of(person_id, day)
    if cover.protected_since is None:
        raise NotFound("no_cover", gettext("Orang ini belum pernah terlindungi, jadi belum ada lembar peserta."))
    cells = contributions.ribbon_of(person_id, add_months(month_of(day), -11), month_of(day))
    return participant_sheet_pdf(
        ParticipantSheet(
            name=person.name, nik=person.nik, kpj=cover.kpj, payer=cover.payer_name,
            village=f"{person.village}, {person.district}", protected_since=cover.protected_since,
            full_from=cover.jkm_full_from, protected_until=cover.grace_until, programmes=" + ".join(cover.programmes),
            benefits=_benefits(day, cover.wage_base),
            months=[(cell.month, PRINTED[cell.state]) for cell in cells],
            contacts=[("BPJS Ketenagakerjaan", "175")],
            issuer=Issuer(office=_office(), place=person.district, made_at=now()),
        )
    )  # fmt: skip


@in_official_language
def _benefits(day: date, wage_base: int) -> list[BenefitLine]:
    """What the law would pay, asked of the law for this participant's wage base."""
    sickness = law.judge("jkm", day, {"segment": "BPU", "months_paid_consecutive": 3}).result["total"]
    work = law.judge("jkk_death", day, {"segment": "BPU", "income": wage_base}).result["total"]
    return [
        BenefitLine(programme="JKM", event=gettext("Meninggal bukan karena kerja"), right=format_rupiah(sickness)),
        BenefitLine(programme="JKK", event=gettext("Meninggal karena kecelakaan kerja"), right=format_rupiah(work)),
        BenefitLine(
            programme="JKK", event=gettext("Kecelakaan kerja, juga di jalan berangkat dan pulang"),
            right=gettext("biaya perawatan sesuai kebutuhan medis"),
        ),
    ]  # fmt: skip


def _office() -> str:
    installation = Installation.objects.filter(id=1).first()
    return installation.name if installation else "Lindung"


def _asked_day(request: HttpRequest) -> date:
    """`?pada=YYYY-MM-DD` asks about another day; anything else means today."""
    try:
        return date.fromisoformat(request.GET.get("pada", ""))
    except ValueError:
        return today()
