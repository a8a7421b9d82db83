"""Pages of the deaths: reported, matched, told, claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.claims import actions, papers, queries
from lindung.claims.actions.correcting import WITHDRAW
from lindung.claims.forms import (
    CHANNELS,
    DeathListForm,
    FileClaimForm,
    ReportDeathForm,
    TellHeirsForm,
    WithdrawDeathForm,
    show_error,
)
from lindung.claims.models import InsuredEvent
from lindung.claims.pages import room_tabs
from lindung.claims.receipts import right_receipt
from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, DomainError
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.membership.kpj import KPJ_DIGITS
from lindung.membership.queries import membership_by_kpj
from lindung.people.queries import PersonDetail, PersonSummary, search_people
from lindung.people.queries import person as person_of

STANDINGS = {
    "untold": Badge(gettext_lazy("Keluarga belum diberi tahu"), "danger"),
    "told": Badge(gettext_lazy("Sudah diberi tahu, belum klaim"), "soon"),
    "claimed": Badge(gettext_lazy("Klaim diajukan"), "ok"),
    "withdrawn": Badge(gettext_lazy("Dicabut"), "neutral"),
}
SOURCES = {
    "heir": Badge(gettext_lazy("Keluarga"), "neutral"),
    "office": Badge(gettext_lazy("Petugas"), "neutral"),
    "registry": Badge(gettext_lazy("Disdukcapil"), "neutral"),
}


class EventsList(Requires, TableView):
    """Deaths of participants; families who do not know of their right come first."""

    permission = "claims.view"
    title = gettext_lazy("Kematian peserta")
    lead = gettext_lazy("Setiap keluarga diberi tahu haknya sebelum bertanya. Gratis, tidak ada potongan.")
    search_hint = gettext_lazy("Nama peserta")
    columns: ClassVar = [
        Column("person_name", gettext_lazy("Peserta"), kind="link", sortable=True),
        Column("village", gettext_lazy("Desa"), sortable=True),
        Column("occurred_on", gettext_lazy("Meninggal"), kind="date", sortable=True),
        Column("standing", gettext_lazy("Keadaan"), kind="badge", badges=STANDINGS),
        Column("source", gettext_lazy("Sumber"), kind="badge", badges=SOURCES, priority=2),
        Column("told_on", gettext_lazy("Diberi tahu"), kind="date", priority=2),
        Column("claim_number", gettext_lazy("Klaim"), priority=2),
    ]
    filters: ClassVar = [
        Filter("standing", gettext_lazy("Keadaan"), [(code, badge.label) for code, badge in STANDINGS.items()]),
        Filter("source", gettext_lazy("Sumber"), [(code, badge.label) for code, badge in SOURCES.items()]),
    ]
    empty_title = gettext_lazy("Belum ada laporan kematian")
    empty_text = gettext_lazy("Laporkan satu kematian, atau unggah daftar dari Disdukcapil.")
    source = gettext_lazy("laporan kematian")
    filename = "kematian"
    above_template = "claims/above.html"

    def rows(self, query: ListQuery) -> Page:
        return queries.events_page(query)

    def row_url(self, row: Any) -> str:
        return reverse("claims:event", args=[row.id])

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        actor = actor_of(self.request)
        acts = []
        if actor.may("claims.report"):
            acts.append((_("Laporkan kematian"), reverse("claims:find_person"), "btn-primary"))
        if actor.may("claims.import_deaths"):
            acts.append((_("Unggah daftar Disdukcapil"), reverse("claims:death_list"), ""))
        return acts

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs("events")}


@require_safe
@requires("claims.report")
def find_person(request: HttpRequest) -> HttpResponse:
    """First question: who has died?"""
    text = request.GET.get("q", "")
    found: Sequence[PersonSummary | PersonDetail] = []
    problem = ""
    if text:
        try:
            found = _people_called(actor_of(request), text)
        except DomainError as error:
            problem = error.message
    return render(request, "claims/find_person.html", {"q": text, "found": found, "problem": problem})


def _people_called(actor: Actor, text: str) -> Sequence[PersonSummary | PersonDetail]:
    """By the KPJ on the card that the family brings, or by name."""
    if len(digits := text.replace(" ", "")) == KPJ_DIGITS and digits.isdigit():
        return [person_of(actor, membership_by_kpj(digits).person_id, "search")]
    return search_people(actor, text)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("claims.report")
def report(request: HttpRequest, person_id: int) -> HttpResponse:
    """Second question: when, why, who says so."""
    actor = actor_of(request)
    person = person_of(actor, person_id, "report of death")
    form = ReportDeathForm(request.POST or None)
    asked = "preview" in request.POST
    rights = _rights(person_id, form) if asked and form.is_valid() else {}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "claims/right.html", rights)
    if not asked and form.is_valid():
        try:
            event = actions.report_death(actor, person_id, **form.cleaned_data)
        except DomainError as error:
            note_refusal(request, error)
            show_error(form, error)
        else:
            messages.success(request, _("Kematian dicatat. Iuran bulan berikutnya dihentikan."))
            return redirect("claims:event", event.id)
    return render(request, "claims/report.html", {"form": form, "person": person} | rights)


def _rights(person_id: int, form: ReportDeathForm) -> dict[str, Any]:
    """The right that a death as typed would give; what is impossible in it is said at its field."""
    given = form.cleaned_data
    try:
        actions.check_death(person_id, given["occurred_on"], given["cause"], given["source"])
    except DomainError as error:
        show_error(form, error)
        return {"problem": error.message}
    return right_context(person_id, given["occurred_on"], given["source"], given["cause"])


def right_context(person_id: int, died_on: date, source: str, cause: str) -> dict[str, Any]:
    """What claims/right.html shows: the receipt under each programme, or why there is none."""
    try:
        rights = [
            right_receipt(programme, queries.right_of(person_id, programme, died_on, today()))
            for programme in queries.programmes_for(source, cause)
        ]
    except DomainError as error:
        return {"problem": f"{error.message} {error.way_out}"}
    return {"rights": rights, "as_of": today()}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(WITHDRAW)
def withdraw(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take back a death that was recorded wrongly, unless money of it has gone out."""
    actor = actor_of(request)
    person = person_of(actor, person_id, "withdrawal of death")
    if person.died_on is None:
        raise Conflict("no_death", _("Belum ada catatan kematian yang dapat dicabut."))
    form = WithdrawDeathForm(request.POST or None)
    if form.is_valid():
        try:
            done = actions.withdraw_death(actor, person_id, **form.cleaned_data)
        except DomainError as error:
            note_refusal(request, error)
            show_error(form, error)
        else:
            messages.success(request, _("Catatan kematian dicabut. Perlindungan dan iurannya berjalan lagi."))
            return redirect("claims:event", done.event_id) if done.event_id else redirect("person", person_id)
    standing = queries.standing_event(person_id)
    context = {
        "form": form,
        "person": person,
        "claims": list(standing.claims.all()) if standing else [],
        "problem": queries.why_not_withdrawn(standing) if standing else None,
    }
    return render(request, "claims/withdraw.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("claims.import_deaths")
def death_list(request: HttpRequest) -> HttpResponse:
    """The civil registry's list, and what came of it."""
    form, result = DeathListForm(request.POST or None, request.FILES or None), None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            result = actions.match_death_list(actor_of(request), upload.read(), upload.name)
        except DomainError as error:
            note_refusal(request, error)
            show_error(form, error)
    return render(request, "claims/death_list.html", {"form": form, "result": result})


@require_safe
@requires("claims.view")
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """One death: who inherits, who was told, what to do next."""
    detail = queries.event_detail(actor_of(request), event_id)
    heirs = [(heir, queries.relation_title(heir.relation)) for heir in detail.heirs]
    context = {
        "detail": detail,
        "event": detail.event,
        "person": detail.event.person,
        "heirs": heirs,
        "tell_form": TellHeirsForm(),
        "standing": STANDINGS[detail.standing],
        "channels": dict(CHANNELS),
        "actor": actor_of(request),
        **({} if detail.claims or detail.withdrawal else _right_at(detail.event)),
        "may_tell": actor_of(request).may("claims.report") and detail.withdrawal is None,
        "may_file": actor_of(request).may("claims.file") and not detail.claims and detail.withdrawal is None,
        "may_withdraw": actor_of(request).may(WITHDRAW) and detail.withdrawal is None,
    }
    return render(request, "claims/event.html", context)


@require_POST
@requires("claims.report")
def tell(request: HttpRequest, event_id: int) -> HttpResponse:
    """Make the letter to the family."""
    form = TellHeirsForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    notice = actions.tell_heirs(actor_of(request), event_id, given.get("told_name", ""), given.get("channel", "letter"))
    messages.success(request, _("Pemberitahuan untuk %(name)s siap dicetak.") % {"name": notice.told_name})
    return redirect("claims:event", event_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("claims.file")
def file(request: HttpRequest, event_id: int) -> HttpResponse:
    """An heir files the claim."""
    actor = actor_of(request)
    detail = queries.event_detail(actor, event_id)
    form = FileClaimForm(request.POST or None, initial=_first_guess(detail))
    if form.is_valid():
        given = dict(form.cleaned_data)
        programme, traffic = given.pop("programme"), given.pop("traffic")
        try:
            claim = actions.file_claim(actor, event_id, programme, actions.Claimant(**given), traffic=traffic)
        except DomainError as error:
            note_refusal(request, error)
            show_error(form, error)
        else:
            messages.success(
                request,
                _("Klaim %(number)s diajukan. Daftar syaratnya tidak akan bertambah.") % {"number": claim.number},
            )
            return redirect("claims:claim", claim.id)
    context = {"form": form, "event": detail.event, "person": detail.event.person} | _right_at(detail.event)
    return render(request, "claims/file.html", context)


def _right_at(event: InsuredEvent) -> dict[str, Any]:
    return right_context(event.person_id, event.occurred_on, event.source, event.cause)


def _first_guess(detail: queries.EventDetail) -> dict[str, str]:
    programme = queries.programmes_for(detail.event.source, detail.event.cause)[0]
    if not detail.heirs:
        return {"programme": programme}
    heir = detail.heirs[0]
    return {
        "programme": programme,
        "name": heir.name,
        "nik": heir.nik,
        "relation": heir.relation,
        "bank_holder": heir.name,
    }


@require_safe
@requires("claims.view")
def notice_letter(request: HttpRequest, notice_id: int) -> HttpResponse:
    """The letter to the family, to print."""
    return papers.notice_letter(actor_of(request), notice_id)
