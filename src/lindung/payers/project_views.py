"""Pages of construction projects."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from lindung.core.access import Requires, actor_of, requires
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.formats.certificates import ProjectPaper, project_certificate_pdf
from lindung.payers import actions, employer_queries, legal, project_queries
from lindung.payers.money_forms import AddendumForm, CertificateForm, ProjectForm
from lindung.payers.pages import form_page, paper, room_tabs
from lindung.payers.papers import issuer
from lindung.payers.project_queries import PricedContract, ProjectRow

STATES = {
    "certified": Badge(gettext_lazy("Bersertifikat"), "ok"),
    "uncertified": Badge(gettext_lazy("Belum bersertifikat"), "soon"),
    "ended": Badge(gettext_lazy("Selesai tanpa sertifikat"), "danger"),
}


class Projects(Requires, TableView):
    """All projects, the newest contract first."""

    permission = "payers.view"
    title = gettext_lazy("Proyek konstruksi")
    lead = gettext_lazy("Pekerja proyek dilindungi JKK dan JKM sejak iuran atau termin pertama dibayar.")
    search_hint = gettext_lazy("Proyek, pelaksana, pemberi pekerjaan, atau nomor kontrak")
    columns: ClassVar = [
        Column("name", gettext_lazy("Proyek"), kind="link", sortable=True, width="wide"),
        Column("contractor", gettext_lazy("Pelaksana"), sortable=True),
        Column("owner", gettext_lazy("Pemberi pekerjaan"), priority=2),
        Column("value", gettext_lazy("Nilai kontrak"), kind="rupiah", sortable=True),
        Column("signed_on", "SPK", kind="date", sortable=True, priority=2),
        Column("ends_on", gettext_lazy("Selesai"), kind="date", priority=2),
        Column("state", gettext_lazy("Sertifikat"), kind="badge", badges=STATES),
    ]
    filters: ClassVar = [
        Filter("state", gettext_lazy("Sertifikat"), [(code, badge.label) for code, badge in STATES.items()])
    ]
    default_sort = "-signed_on"
    source = gettext_lazy("daftar proyek")
    filename = "proyek"
    above_template = "payers/above.html"
    empty_title = gettext_lazy("Belum ada proyek")
    empty_text = gettext_lazy("Proyek didaftarkan dari halaman perusahaan pelaksananya.")

    def rows(self, query: ListQuery) -> Page:
        return project_queries.projects(query)

    def row_url(self, row: ProjectRow) -> str:
        return reverse("payers:project", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs(actor_of(self.request), "projects")}


@require_safe
@requires("payers.view")
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    """One project: contracts, contribution, instalments, certificates."""
    actor = actor_of(request)
    detail = project_queries.project(actor, project_id)
    return render(
        request, "payers/project.html",
        {
            "project": detail, "row": detail.row, "state": STATES[detail.row.state],
            "receipt": legal.project_receipt(detail.last.price, _("Iuran menurut kontrak yang berlaku")),
            "contracts": [(item, _title(item)) for item in detail.contracts],
            "may_project": actor.may("payers.project"), "may_certify": actor.may("payers.certify"), "day": today(),
        },
    )  # fmt: skip


def _title(item: PricedContract) -> str:
    if item.contract.sequence == 1:
        return _("Kontrak %(number)s") % {"number": item.contract.number}
    return _("Adendum %(count)d: %(number)s") % {"count": item.contract.sequence - 1, "number": item.contract.number}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.project")
def new_project(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Register a project of a contractor."""
    detail = employer_queries.employer(actor_of(request), payer_id)
    shares = "; ".join(map(str, legal.usual_shares(today())))
    form = ProjectForm(request.POST or None, initial={"place": detail.row.place_id})
    form.fields["place"].offer(request, detail.row.place_id)  # type: ignore[attr-defined]

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        made = actions.register_project(actor, payer_id, given["name"], given["owner"], given["place"], form.draft())
        return redirect("payers:project", made.pk)

    lead = _("Pelaksana: %(name)s.") % {"name": detail.row.name}
    if shares:
        lead += " " + _("Termin yang biasa: %(shares)s persen.") % {"shares": shares}
    back = reverse("payers:employer", args=[payer_id])
    return form_page(request, form, act, _("Daftarkan proyek"), back, _("Daftarkan"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.project")
def amend(request: HttpRequest, project_id: int) -> HttpResponse:
    """An addendum to the contract."""
    detail = project_queries.project(actor_of(request), project_id)
    now = detail.last.contract
    form = AddendumForm(
        request.POST or None,
        initial={
            "value": now.value, "vat_percent": now.vat_percent, "wage_bill": now.wage_bill, "starts_on": now.starts_on,
            "ends_on": now.ends_on, "signed_on": today(), "shares": "100",
        },
    )  # fmt: skip

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        actions.amend_project(actor, project_id, form.draft(), given["reason"])
        return redirect("payers:project", project_id)

    lead = _("Isi seluruh ketentuan setelah adendum. Kontrak lama tetap tersimpan; yang ditagih selisihnya.")
    back = reverse("payers:project", args=[project_id])
    return form_page(request, form, act, _("Catat adendum"), back, _("Catat adendum"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.certify")
def certify(request: HttpRequest, project_id: int) -> HttpResponse:
    """Record the branch's certificate."""
    detail = project_queries.project(actor_of(request), project_id)
    form = CertificateForm(request.POST or None, initial={"issued_on": today()})

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        actions.certify_project(actor, project_id, **given)
        return redirect("payers:project", project_id)

    back = reverse("payers:project", args=[project_id])
    return form_page(request, form, act, _("Catat sertifikat"), back, _("Catat sertifikat"), detail.row.name)


@require_safe
@requires("payers.view")
def certificate(request: HttpRequest, project_id: int) -> HttpResponse:
    """The newest certificate on paper. Raises NotFound."""
    detail = project_queries.project(actor_of(request), project_id)
    item = next((item for item in reversed(detail.contracts) if item.certificate is not None), None)
    if item is None or item.certificate is None:
        raise NotFound("certificate_not_found", _("Proyek ini belum bersertifikat."))
    contract, row = item.contract, detail.row
    contractor = employer_queries.employer(actor_of(request), row.payer_id)
    content = project_certificate_pdf(
        ProjectPaper(
            number=item.certificate.number, project=row.name, contractor=row.contractor, npp=contractor.row.npp,
            owner=row.owner, place=row.place, contract=contract.number, value=contract.value,
            starts_on=contract.starts_on, ends_on=contract.ends_on, jkk=item.price.jkk, jkm=item.price.jkm,
            issued_on=item.certificate.issued_on, paid_on=item.certificate.paid_on,
            payment_reference=item.certificate.payment_reference, issuer=issuer(),
            instalments=[
                (part.share, part.amount, part.due_on)
                for earlier in detail.contracts[: contract.sequence]
                for part in earlier.instalments
            ],
        )
    )  # fmt: skip
    return paper(content, f"sertifikat-proyek-{item.certificate.number}")
