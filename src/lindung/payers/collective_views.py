"""Pages of collectives ("wadah"), their payments and proofs, and of agents."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.core.access import Requires, actor_of, requires
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.months import month_of, month_range
from lindung.core.ui import words
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.formats.certificates import MemberProof, member_proof_pdf
from lindung.payers import actions, collective_queries
from lindung.payers.collective_queries import AgentRow, CollectiveRow, MemberRow
from lindung.payers.money_forms import (
    CODES,
    AgentForm,
    CollectiveForm,
    CollectivePaymentForm,
    MembersForm,
    WithdrawForm,
)
from lindung.payers.pages import VIEW_COLLECTIVES, form_page, paper, room_tabs
from lindung.payers.papers import issuer

AGENT_STATES = {
    "active": Badge(gettext_lazy("Bertugas"), "ok"),
    "coming": Badge(gettext_lazy("Belum mulai"), "info"),
    "ended": Badge(gettext_lazy("Berakhir"), "neutral"),
}


class Collectives(Requires, TableView):
    """Payers who collect for others."""

    permission = VIEW_COLLECTIVES
    title = gettext_lazy("Wadah")
    lead = gettext_lazy(
        "Pembayar untuk banyak orang. Tiap pembayaran menyebut siapa yang dibayar, dan tiap orang dapat buktinya."
    )
    search_hint = gettext_lazy("Nama wadah, NPP, atau agen")
    columns: ClassVar = [
        Column("name", gettext_lazy("Wadah"), kind="link", sortable=True),
        Column("code", gettext_lazy("Kode")),
        Column("agent", gettext_lazy("Agen"), priority=2),
        Column("place", gettext_lazy("Wilayah"), priority=2),
        Column("members", gettext_lazy("Anggota"), kind="number"),
        Column("last_paid_on", gettext_lazy("Bayar terakhir"), kind="date", sortable=True),
        Column("paid", gettext_lazy("Sudah dibayar"), kind="rupiah", sortable=True, priority=2),
    ]
    filters: ClassVar = [Filter("code", gettext_lazy("Kode"), CODES)]
    default_sort = "name"
    source = gettext_lazy("daftar wadah")
    filename = "wadah"
    above_template = "payers/above.html"
    empty_title = gettext_lazy("Belum ada wadah")

    def rows(self, query: ListQuery) -> Page:
        return collective_queries.collectives(query)

    def row_url(self, row: CollectiveRow) -> str:
        return reverse("payers:collective", args=[row.id])

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        if actor_of(self.request).may("payers.collect"):
            return [(_("Daftarkan wadah"), reverse("payers:new_collective"), "btn-primary")]
        return []

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs(actor_of(self.request), "collectives")}


class Agents(Requires, TableView):
    """Social security agents."""

    permission = VIEW_COLLECTIVES
    title = gettext_lazy("Agen Perisai")
    lead = gettext_lazy("Penggerak jaminan sosial, wadah yang diurusnya, dan kapan anggota terakhir masuk.")
    search_hint = gettext_lazy("Nama atau nomor agen")
    columns: ClassVar = [
        Column("name", gettext_lazy("Nama"), sortable=True),
        Column("number", gettext_lazy("Nomor")),
        Column("place", gettext_lazy("Wilayah"), priority=2),
        Column("phone", gettext_lazy("Telepon"), priority=2),
        Column("collectives", gettext_lazy("Wadah"), kind="number"),
        Column("members", gettext_lazy("Anggota"), kind="number", sortable=True),
        Column("last_joined_on", gettext_lazy("Anggota terakhir masuk"), kind="date", priority=2),
        Column("state", gettext_lazy("Keadaan"), kind="badge", badges=AGENT_STATES),
    ]
    filters: ClassVar = [
        Filter("state", gettext_lazy("Keadaan"), [(code, badge.label) for code, badge in AGENT_STATES.items()])
    ]
    default_sort = "name"
    source = gettext_lazy("daftar agen")
    filename = "agen"
    above_template = "payers/above.html"
    empty_title = gettext_lazy("Belum ada agen")

    def rows(self, query: ListQuery) -> Page:
        return collective_queries.agents(query)

    def row_url(self, row: AgentRow) -> str | None:
        return None

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        if actor_of(self.request).may("payers.collect"):
            return [(_("Daftarkan agen"), reverse("payers:new_agent"), "btn-primary")]
        return []

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"room_tabs": room_tabs(actor_of(self.request), "agents")}


class CollectivePage(Requires, TableView):
    """One collective: its payments, and its members."""

    permission = VIEW_COLLECTIVES
    template_name = "payers/collective.html"
    search_hint = gettext_lazy("Nama anggota")
    columns: ClassVar = [
        Column("name", gettext_lazy("Anggota")),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("village", gettext_lazy("Desa"), priority=2),
        Column("joined_on", gettext_lazy("Sejak"), kind="date", priority=2),
        Column("paid_through", gettext_lazy("Dibayar sampai"), kind="month"),
        Column("paid", gettext_lazy("Seluruhnya"), kind="rupiah"),
    ]
    source = gettext_lazy("daftar wadah")
    filename = "anggota-wadah"
    back = gettext_lazy("Daftar wadah")
    empty_title = gettext_lazy("Belum ada anggota")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.back_url = reverse("payers:collectives")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.row = collective_queries.collective(actor_of(request), kwargs["payer_id"])
        self.title = self.row.name
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return collective_queries.members(self.row.id, query)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        may = actor_of(self.request).may("payers.collect")
        return {
            "row": self.row, "payments": collective_queries.payments(self.row.id), "may_collect": may, "day": today(),
            "code": dict(CODES)[self.row.code],
        }  # fmt: skip


class PaymentPage(Requires, TableView):
    """The people one payment pays for, each with a proof of their own."""

    permission = VIEW_COLLECTIVES
    search_hint = gettext_lazy("Nama")
    columns: ClassVar = [
        Column("name", gettext_lazy("Nama"), kind="link"),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("village", gettext_lazy("Desa"), priority=2),
        Column("joined_on", gettext_lazy("Dari bulan"), kind="month"),
        Column("paid_through", gettext_lazy("Sampai bulan"), kind="month"),
        Column("paid", gettext_lazy("Jumlah"), kind="rupiah"),
    ]
    title = gettext_lazy("Bukti pembayaran per orang")
    lead = gettext_lazy("Buka nama untuk mengunduh bukti orang itu.")
    source = gettext_lazy("daftar wadah")
    filename = "bukti-per-orang"
    back = gettext_lazy("Wadah")
    empty_title = gettext_lazy("Tidak ada yang cocok")

    def rows(self, query: ListQuery) -> Page:
        payer_id, page = collective_queries.payment_lines(actor_of(self.request), self.kwargs["payment_id"], query)
        self.back_url = reverse("payers:collective", args=[payer_id])
        return page

    def row_url(self, row: MemberRow) -> str:
        return reverse("payers:proof", args=[self.kwargs["payment_id"], row.id])


@require_safe
@requires(VIEW_COLLECTIVES)
def proof(request: HttpRequest, payment_id: int, person_id: int) -> HttpResponse:
    """One person's proof of payment."""
    found = collective_queries.proof(actor_of(request), payment_id, person_id)
    content = member_proof_pdf(
        MemberProof(
            name=found.name, nik=found.nik, village=found.village, collective=found.collective, code=found.code,
            agent=found.agent, reference=found.reference, paid_on=found.paid_on, withdrawn=found.withdrawn,
            months=[(line.month, line.amount, line.bill_code) for line in found.lines], issuer=issuer(),
        )
    )  # fmt: skip
    return paper(content, f"bukti-{payment_id}-{person_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.collect")
def new_agent(request: HttpRequest) -> HttpResponse:
    """Register an agent."""
    form = AgentForm(request.POST or None, initial={"starts_on": today()})
    form.fields["place"].offer(request)  # type: ignore[attr-defined]

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        given["place_id"] = given.pop("place")
        actions.register_agent(actor, **given)
        return redirect("payers:agents")

    return form_page(request, form, act, _("Daftarkan agen"), reverse("payers:agents"), _("Daftarkan"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.collect")
def new_collective(request: HttpRequest) -> HttpResponse:
    """Make a payer one that collects for others."""
    form = CollectiveForm(request.POST or None, initial={"registered_on": today()})
    form.fields["payer"].choices = collective_queries.payer_choices()  # type: ignore[attr-defined]
    form.fields["agent"].choices = [("", _("Tanpa agen")), *collective_queries.agent_choices()]  # type: ignore[attr-defined]

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        made = actions.register_collective(actor, given["payer"], given["code"], given["registered_on"], given["agent"])
        return redirect("payers:collective", made.pk)

    lead = _("Pembayarnya sudah terdaftar, misalnya pemerintah desa atau koperasi.")
    return form_page(request, form, act, _("Daftarkan wadah"), reverse("payers:collectives"), _("Daftarkan"), lead)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.collect")
def add_members(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Put people under a collective."""
    row = collective_queries.collective(actor_of(request), payer_id)
    form = MembersForm(request.POST or None, initial={"from_day": month_of(today())})

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        people = _people(given["niks"], "niks")
        added = actions.add_members(actor, payer_id, people, given["from_day"])
        messages.success(request, _("%(count)s anggota baru.") % {"count": words.number(added)})
        return redirect("payers:collective", payer_id)

    back = reverse("payers:collective", args=[payer_id])
    return form_page(request, form, act, _("Tambah anggota"), back, _("Tambah"), row.name)


def _people(niks: list[str], field: str) -> list[int]:
    """The people with these numbers, in that order. Raises NotFound and says which line."""
    known = collective_queries.people_by_nik(niks)
    missing = [line for line, nik in enumerate(niks, start=1) if nik not in known]
    if missing:
        raise NotFound(
            "person_not_found",
            _("%(count)d NIK tidak ditemukan di wilayah kerja Anda; yang pertama NIK ke-%(line)d (%(nik)s).")
            % {"count": len(missing), "line": missing[0], "nik": words.mask_nik(niks[missing[0] - 1])},
            field=field, way_out=_("Daftarkan dulu orangnya, atau periksa NIK-nya."),
        )  # fmt: skip
    return [known[nik] for nik in niks]


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.collect")
def pay(request: HttpRequest, payer_id: int) -> HttpResponse:
    """Record a payment with its people."""
    row = collective_queries.collective(actor_of(request), payer_id)
    first = {"paid_on": today(), "month": month_of(today()).isoformat()}
    form = CollectivePaymentForm(request.POST or None, initial=first, today=today())

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        paid = actions.record_collective_payment(
            actor, payer_id, given["reference"], given["paid_on"], given["amount"], _lines(payer_id, given)
        )
        said = _("Pembayaran untuk %(people)s orang dicatat.")
        if paid.repeated:
            said = _("Nomor bukti ini sudah tercatat untuk %(people)s orang. Tidak ada yang berubah.")
        messages.success(request, said % {"people": words.number(paid.people)})
        return redirect("payers:payment", paid.payment.pk)

    back = reverse("payers:collective", args=[payer_id])
    lead = _("%(name)s: %(members)s anggota hari ini.") % {"name": row.name, "members": words.number(row.members)}
    return form_page(request, form, act, _("Catat pembayaran wadah"), back, _("Catat pembayaran"), lead)


def _lines(payer_id: int, given: dict[str, Any]) -> pl.DataFrame:
    """A line for every person and month."""
    first, last = given["month"], given["last_month"] or given["month"]
    if given["lines"]:
        people = _people([nik for nik, _amount, _code in given["lines"]], "lines")
        rows = [
            (person, month, amount, code)
            for person, (_nik, amount, code) in zip(people, given["lines"], strict=True)
            for month in month_range(first, last)
        ]
    else:
        rows = [
            (person, month, given["each"], "") for person, month in collective_queries.members_in(payer_id, first, last)
        ]
    return pl.DataFrame(rows, schema=actions.LINE_TYPES, orient="row")


@require_POST
@requires("payers.collect")
def withdraw(request: HttpRequest, payer_id: int, payment_id: int) -> HttpResponse:
    """A payment recorded wrongly no longer counts."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        actions.withdraw_collective_payment(actor_of(request), payment_id, form.cleaned_data["reason"])
        messages.success(request, _("Pembayaran dicabut."))
    else:
        messages.error(request, _("Tuliskan alasan pencabutan."))
    return redirect("payers:collective", payer_id)
