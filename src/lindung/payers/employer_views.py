"""Pages of employers: the list, one employer, changes, units, contacts, agreements, the certificate."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.core.access import Requires, actor_of, requires
from lindung.core.actors import Actor
from lindung.core.clock import installation, today
from lindung.core.ui import words
from lindung.core.ui.listing import Choices
from lindung.core.ui.parts import TimelineItem
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.payers import actions, employer_queries, forms, project_queries
from lindung.payers.drafts import EmployerChanges
from lindung.payers.employer_queries import EmployerDetail, EmployerRow, Past
from lindung.payers.pages import form_page, paper, room_tabs
from lindung.payers.papers import membership_certificate
from lindung.places.queries import children

STANDINGS = {
    "complete": Badge(gettext_lazy("Lengkap"), "ok"),
    "partial": Badge(gettext_lazy("Sebagian program"), "soon"),
    "unknown": Badge(gettext_lazy("Skala belum dicatat"), "neutral"),
}
AGREEMENTS = {
    "running": Badge(gettext_lazy("Berlaku"), "ok"),
    "ending": Badge(gettext_lazy("Segera berakhir"), "soon"),
    "ended": Badge(gettext_lazy("Berakhir"), "danger"),
    "renewed": Badge(gettext_lazy("Sudah diperpanjang"), "neutral"),
    "coming": Badge(gettext_lazy("Belum mulai"), "info"),
}
PARTS: dict[str, Any] = {
    "identity": (gettext_lazy("Ubah identitas"), forms.ChangeIdentityForm),
    "activity": (gettext_lazy("Ubah kegiatan usaha"), forms.ChangeActivityForm),
    "scale": (gettext_lazy("Ubah skala dan program"), forms.ChangeScaleForm),
}


def _districts(_request: HttpRequest) -> Choices:
    served = installation()
    return [(str(place.key), place.name) for place in children(served.place_key)] if served else []


class Employers(Requires, TableView):
    """Everybody who employs."""

    permission = "payers.view"
    title = gettext_lazy("Perusahaan")
    lead = gettext_lazy("Pemberi kerja yang terdaftar, dengan kelompok risiko dan program menurut skala usahanya.")
    search_hint = gettext_lazy("Nama, NPP, atau NIB")
    columns: ClassVar = [
        Column("name", gettext_lazy("Nama"), kind="link", sortable=True),
        Column("npp", "NPP", value=lambda row: gettext_lazy("menunggu") if row.is_provisional else row.npp),
        Column("nib", "NIB", priority=3),
        Column("place", gettext_lazy("Wilayah"), priority=2),
        Column(
            "risk_group", gettext_lazy("Risiko JKK"), priority=2, value=lambda row: forms.ROMAN[row.risk_group or 0]
        ),
        Column("firm_size", gettext_lazy("Skala"), value=lambda row: forms.SIZE_WORDS.get(row.firm_size or "", "")),
        Column("workers", gettext_lazy("Pekerja"), kind="number", sortable=True),
        Column("standing", gettext_lazy("Program"), kind="badge", badges=STANDINGS),
        Column("agreement_ends_on", gettext_lazy("PKS sampai"), kind="date", priority=3),
        Column("joined_on", gettext_lazy("Sejak"), kind="date", sortable=True, priority=3),
    ]
    filters: ClassVar = [
        Filter("size", gettext_lazy("Skala"), list(forms.SIZE_WORDS.items())),
        Filter("standing", gettext_lazy("Program"), [(code, badge.label) for code, badge in STANDINGS.items()]),
        Filter("place", gettext_lazy("Kecamatan"), _districts),
        Filter("number", "NPP", [("known", gettext_lazy("Ada")), ("waiting", gettext_lazy("Menunggu"))]),
    ]
    default_sort = "name"
    source = gettext_lazy("daftar pemberi kerja")
    filename = "perusahaan"
    above_template = "payers/above.html"
    empty_title = gettext_lazy("Belum ada perusahaan")
    empty_text = gettext_lazy("Daftarkan yang pertama.")

    def rows(self, query: ListQuery) -> Page:
        return employer_queries.employers(query)

    def row_url(self, row: EmployerRow) -> str:
        return reverse("payers:employer", args=[row.id])

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        if actor_of(self.request).may("payers.register"):
            return [(_("Daftarkan perusahaan"), reverse("payers:register"), "btn-primary")]
        return []

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs(actor_of(self.request), "employers")}


@require_safe
@requires("payers.view")
def employer(request: HttpRequest, payer_id: int) -> HttpResponse:
    """One employer as of today."""
    actor = actor_of(request)
    detail = employer_queries.employer(actor, payer_id)
    return render(
        request, "payers/employer.html",
        {
            "employer": detail, "row": detail.row, "standing": STANDINGS[detail.row.standing],
            "facts": _facts(detail), "agreements": [(row, AGREEMENTS[row.state]) for row in detail.agreements],
            "roles": dict(forms.ROLES), "contacts": [(row, dict(forms.ROLES)[row.role]) for row in detail.contacts],
            "projects": project_queries.projects(ListQuery(size=20), payer_id).rows,
            "may_change": actor.may("payers.change"), "may_agree": actor.may("payers.agree"),
            "may_project": actor.may("payers.project"), "day": today(),
        },
    )  # fmt: skip


def _facts(detail: EmployerDetail) -> list[tuple[Any, Any]]:
    activity, scale, row = detail.activity, detail.scale, detail.row
    group = forms.ROMAN[row.risk_group or 0]
    decided = ""
    if activity is not None:
        decided = _("ditetapkan %(who)s, sumber %(source)s") % {"who": activity.decided_by, "source": activity.source}
    facts = [
        ("NPP", _("menunggu dari cabang") if row.is_provisional else row.npp), ("NIB", row.nib), ("NPWP", detail.npwp),
        (_("Pemilik"), detail.owner), (_("Alamat"), f"{detail.address}, {row.place}".removeprefix(", ")),
        (_("Telepon"), detail.phone), (_("Surel"), detail.email),
        (_("Mulai kepesertaan"), words.long_date(row.joined_on)),
        (_("Kegiatan usaha"), activity.description if activity else ""),
        ("KBLI", "; ".join(f"{code} ({division})" for code, division in detail.kbli)),
        (_("Kelompok risiko JKK"), f"{group} – {decided}" if decided else group),
        (_("Skala usaha"), forms.SIZE_WORDS.get(row.firm_size or "", "")),
        (_("Modal usaha"), words.rupiah(scale.capital) if scale and scale.capital is not None else ""),
        (_("Penjualan setahun"), words.rupiah(scale.annual_sales) if scale and scale.annual_sales is not None else ""),
        (_("Pekerja menurut perusahaan"), words.number(row.workers) if row.workers is not None else ""),
        (_("Program yang diikuti"), ", ".join(detail.programmes)),
    ]  # fmt: skip
    return [(term, value or None) for term, value in facts]


@require_safe
@requires("payers.view")
def history(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Everything ever recorded of an employer."""
    actor = actor_of(request)
    detail = employer_queries.employer(actor, payer_id)
    items = [_item(past) for past in employer_queries.history(actor, payer_id)]
    return render(request, "payers/history.html", {"row": detail.row, "items": items})


def _item(past: Past) -> TimelineItem:
    titles = {
        "identity": _("Identitas diubah"), "activity": _("Kegiatan usaha"), "scale": _("Skala usaha"),
        "programmes": _("Pilihan program"),
    }  # fmt: skip
    period = _("berlaku mulai %(day)s") % {"day": words.long_date(past.starts_on)}
    if past.ends_on:
        period = _("berlaku %(first)s sampai %(last)s") % {
            "first": words.long_date(past.starts_on), "last": words.long_date(past.ends_on),
        }  # fmt: skip
    reasons = " · ".join(text for text in (past.reason, past.source) if text)
    text = f"{_described(past)} ({period}). {reasons}"
    title = titles[past.part]
    if past.superseded:
        title = _("%(title)s – sudah digantikan") % {"title": title}
    return TimelineItem(past.recorded_at, title, text, past.recorded_by, "neutral" if past.superseded else "ok")


def _described(past: Past) -> str:
    facts = past.facts
    if past.part == "identity":
        shown = [name for name in facts["after"] if name not in ("npwp", "place_id")]
        return "; ".join(
            f"{name.upper()}: {facts['before'][name] or '–'} → {facts['after'][name] or '–'}" for name in shown
        )
    if past.part == "activity":
        parts = (forms.ROMAN[facts["risk_group"]], facts["entry"], facts["description"], "; ".join(facts["kbli"]))
        return " ".join(str(part) for part in parts if part)
    if past.part == "scale":
        workers = "" if facts["workers"] is None else _("%(count)s pekerja") % {"count": words.number(facts["workers"])}
        return ", ".join(str(part) for part in (forms.SIZE_WORDS[facts["firm_size"]], workers) if part)
    return ", ".join(facts["programmes"] or [_("sesuai ketentuan")])


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.change")
def change(request: HttpRequest, payer_id: int, part: str) -> HttpResponse:
    """Change one part from a day on."""
    if part not in PARTS:
        raise Http404
    detail = employer_queries.employer(actor_of(request), payer_id)
    title, kind = PARTS[part]
    form = kind(request.POST or None, initial=_starting(detail, part) | {"effective_on": today()})
    if "place" in form.fields:
        form.fields["place"].offer(request, detail.row.place_id)
    if "search" in request.POST:
        form = kind(initial=request.POST.dict())

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        changed = actions.change_employer(
            actor, payer_id, given["effective_on"], given["reason"], given["source"], _changes(form, part)
        )
        said = _("Perubahan dicatat.") if changed else _("Tidak ada yang berbeda dari catatan.")
        messages.success(request, said)
        return redirect("payers:employer", payer_id)

    if "search" in request.POST:
        context = {"form": form, "title": title, "button": _("Simpan"), "back_url": _back(payer_id), "searching": True}
        return render(request, "payers/form.html", context)
    lead = _("Yang lama tetap tersimpan; yang baru berlaku mulai tanggal yang diisi.")
    return form_page(request, form, act, title, _back(payer_id), _("Simpan"), lead, searching=part == "activity")


def _changes(form: Any, part: str) -> EmployerChanges:
    if part == "identity":
        return EmployerChanges(identity=form.part())
    if part == "activity":
        return EmployerChanges(activity=form.part())
    chosen = form.programmes_chosen()
    return EmployerChanges(scale=form.part(), programmes=chosen, as_required=chosen is None)


def _starting(detail: EmployerDetail, part: str) -> dict[str, Any]:
    """What the form shows at first: today's facts."""
    if part == "identity":
        return {
            "name": detail.row.name, "nib": detail.row.nib, "npp": "" if detail.row.is_provisional else detail.row.npp,
            "owner": detail.owner, "place": detail.row.place_id, "address": detail.address, "phone": detail.phone,
            "email": detail.email, "npwp": detail.npwp if "*" not in detail.npwp else "",
        }  # fmt: skip
    if part == "activity":
        now = detail.activity
        return {"entry": now.entry, "kbli": "; ".join(now.kbli), "decided_by": now.decided_by} if now else {}
    scale = detail.scale
    known = {name: getattr(scale, name) for name in ("capital", "annual_sales", "workers")} if scale else {}
    stated = scale.firm_size if scale and scale.basis == "stated" else ""
    return known | {"firm_size": stated, "programmes": list(detail.chosen or ())}


def _back(payer_id: int) -> str:
    return reverse("payers:employer", args=[payer_id])


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.change")
def add_unit(request: HttpRequest, payer_id: int) -> HttpResponse:
    """A new division, or the end of one."""
    detail = employer_queries.employer(actor_of(request), payer_id)
    form = forms.UnitForm(request.POST or None, initial={"place": detail.row.place_id, "opened_on": today()})
    form.fields["place"].offer(request, detail.row.place_id)  # type: ignore[attr-defined]

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        actions.add_unit(
            actor, payer_id, given["code"], given["name"], given["place"], given["opened_on"], given["closed_on"]
        )
        return redirect("payers:employer", payer_id)

    lead = _("Kode yang sama dengan nama yang sama dan tanggal akhir menutup unit itu.")
    return form_page(request, form, act, _("Unit (divisi)"), _back(payer_id), _("Simpan unit"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.change")
def add_contact(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Whom to ask."""
    detail = employer_queries.employer(actor_of(request), payer_id)
    form = forms.ContactForm(request.POST or None, initial={"from_day": today()})
    form.fields["unit_id"].choices = [("", _("Seluruh perusahaan"))] + [  # type: ignore[attr-defined]
        (str(unit.id), f"{unit.code} {unit.name}") for unit in detail.units
    ]

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        actions.add_contact(actor, payer_id, **given)
        return redirect("payers:employer", payer_id)

    return form_page(request, form, act, _("Kontak"), _back(payer_id), _("Simpan kontak"))


@require_POST
@requires("payers.change")
def end_contact(request: HttpRequest, payer_id: int, contact_id: int) -> HttpResponse:
    """Somebody is no longer the contact after today."""
    actions.end_contact(actor_of(request), payer_id, contact_id, today())
    messages.success(request, _("Kontak diakhiri."))
    return redirect("payers:employer", payer_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.agree")
def add_agreement(request: HttpRequest, payer_id: int) -> HttpResponse:
    """A cooperation agreement."""
    employer_queries.employer(actor_of(request), payer_id)
    form = forms.AgreementForm(request.POST or None, initial={"starts_on": today()})

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        actions.add_agreement(actor, payer_id, **given)
        return redirect("payers:employer", payer_id)

    return form_page(request, form, act, _("Perjanjian kerja sama (PKS)"), _back(payer_id), _("Simpan perjanjian"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.agree")
def renew_agreement(request: HttpRequest, payer_id: int, agreement_id: int) -> HttpResponse:
    """The agreement that follows one that ends."""
    detail = employer_queries.employer(actor_of(request), payer_id)
    old = next((row for row in detail.agreements if row.id == agreement_id), None)
    if old is None:
        raise Http404
    day = date.fromordinal(old.ends_on.toordinal() + 1) if old.ends_on else today()
    form = forms.RenewForm(request.POST or None, initial={"starts_on": day})

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        actions.renew_agreement(actor, agreement_id, **given)
        return redirect("payers:employer", payer_id)

    title = _("Perpanjang %(number)s") % {"number": old.number}
    return form_page(request, form, act, title, _back(payer_id), _("Perpanjang"), old.subject)


@require_safe
@requires("payers.view")
def certificate(request: HttpRequest, payer_id: int) -> HttpResponse:
    """The certificate of membership. Raises Conflict while the branch has not given the NPP."""
    detail = employer_queries.employer(actor_of(request), payer_id)
    return paper(membership_certificate(detail), f"sertifikat-{detail.row.npp}")
