"""Pages: participants, bills, one bill, a payment, alarms, the weave of a payer."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from lindung.contributions import actions, lists, queries, statements, watch
from lindung.contributions.forms import PaymentForm
from lindung.contributions.legal import StatusLimits
from lindung.contributions.penalties import ASSESS
from lindung.core.access import Requires, actor_of, requires
from lindung.core.clock import installation, today
from lindung.core.errors import DomainError
from lindung.core.months import add_months, month_of
from lindung.core.recently import forget, recently
from lindung.core.ui import words
from lindung.core.ui.listing import Choices
from lindung.core.ui.parts import QueueItem
from lindung.core.ui.ribbon import ribbon_svg
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.core.ui.weave import weave_table
from lindung.payers.queries import payer as find_payer
from lindung.places.dataset import last_key
from lindung.places.queries import PlaceRow, below

STATUS = {
    "active": Badge(_("Aktif"), "ok"),
    "grace": Badge(_("Masa tenggang"), "soon"),
    "inactive": Badge(_("Tidak aktif"), "danger"),
    "registered": Badge(_("Terdaftar, belum dibayar"), "neutral"),
}
DEAD = {"dead": Badge(_("Meninggal"), "neutral")}  # said before anything about cover
BILL_STATES = {
    "planned": Badge(_("Rencana"), "neutral"),
    "issued": Badge(_("Menunggu pembayaran"), "info"),
    "partial": Badge(_("Dibayar sebagian"), "soon"),
    "overdue": Badge(_("Lewat jatuh tempo"), "danger"),
    "settled": Badge(_("Lunas"), "ok"),
    "credit": Badge(_("Nota kredit"), "neutral"),
}
SOURCE = _("buku iuran")


def _regency() -> int:
    served = installation()
    return served.place_key if served else 0


def _districts(request: HttpRequest) -> Choices:
    return [(str(place.key), place.name) for place in _places(request) if place.kind == "district"]


def _villages(request: HttpRequest) -> Choices:
    """The villages of the chosen district; all of the regency's when none is chosen."""
    chosen = request.GET.get("district", "")
    key = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) == 10 else _regency()
    return [
        (str(place.key), place.name)
        for place in _places(request)
        if place.kind == "village" and key <= place.key <= last_key(key)
    ]


def _places(request: HttpRequest) -> list[PlaceRow]:
    """The regency's districts and villages in the reader's area, read once for all filters of a page."""
    found: list[PlaceRow] | None = getattr(request, "places_to_choose", None)
    if found is None:
        found = [place for place in below(_regency()) if _inside(request, place.key)]
        request.places_to_choose = found  # type: ignore[attr-defined]
    return found


def _inside(request: HttpRequest, key: int) -> bool:
    """Whether the reader's area reaches into a place."""
    return any(low <= last_key(key) and key <= high for low, high in actor_of(request).scope)


def _payers(request: HttpRequest) -> Choices:
    sees_bills = actor_of(request).may("contributions.view")
    return lists.payer_choices(request.GET.get("payer", ""), of_area=not sees_bills)


def _ribbon(row: lists.ParticipantRow) -> SafeString:
    return _strip(tuple(row.months), row.limits, row.jkm_full_from, get_language())


@lru_cache(maxsize=4096)  # most people of a list share their strip with many others
def _strip(
    months: tuple[queries.Charged, ...], limits: StatusLimits, full_from: date | None, _language: str | None
) -> SafeString:
    first, last = lists.ribbon_span(limits.on)
    cells = queries.ribbon(months, first, last, limits)
    return ribbon_svg(cells, today=limits.on, full_from=full_from, size="small")


def _status(row: lists.ParticipantRow) -> str:
    return "dead" if row.died else row.status


class Participants(Requires, TableView):
    """Everybody registered in the reader's area, with how they are protected."""

    permission = "people.view"
    title = _("Peserta")
    lead = _("Siapa yang terdaftar, siapa yang membayar, dan sampai kapan terlindungi.")
    search_hint = _("Nama atau nomor KPJ")
    columns = (
        Column("name", _("Nama"), kind="link", sortable=True),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("village", _("Desa"), priority=2),
        Column("kpj", "KPJ", priority=3),
        Column("payer", _("Pembayar"), priority=3, width="tight"),
        Column("status", _("Keadaan"), kind="badge", badges=STATUS | DEAD, value=_status),
        Column("months", _("12 bulan"), kind="html", priority=2, export=False, value=_ribbon),
        Column("protected_since", _("Terlindungi sejak"), kind="month", priority=3),
    )
    filters = (
        Filter("status", _("Keadaan"), [(code, badge.label) for code, badge in STATUS.items()]),
        Filter("payer", _("Pembayar"), _payers),
        Filter("district", _("Kecamatan"), _districts),
        Filter("village", _("Desa"), _villages),
    )
    default_sort = "name"
    page_size = 40  # a row with its strip costs more than a plain one
    source = SOURCE
    filename = "peserta"
    empty_title = _("Belum ada peserta")
    empty_text = _("Peserta masuk lewat SK bantuan iuran atau pendaftaran perusahaan.")

    def rows(self, query: ListQuery) -> Page:
        return lists.participants(query)

    def row_url(self, row: lists.ParticipantRow) -> str:
        return reverse("person", args=[row.person_id])


class Bills(Requires, TableView):
    """All bills, the newest month first."""

    permission = "contributions.view"
    title = _("Tagihan")
    lead = _("Iuran yang direncanakan, ditagih, dan dibayar, per pembayar dan bulan.")
    search_hint = _("Nomor tagihan atau nama pembayar")
    columns = (
        Column("month", _("Bulan"), kind="month", sortable=True),
        Column("payer", _("Pembayar"), kind="link", sortable=True),
        Column("number", _("Nomor"), sortable=True, priority=2, width="nowrap"),
        Column("people", _("Orang"), kind="number"),
        Column("amount", _("Jumlah"), kind="rupiah"),
        Column("left", _("Sisa"), kind="rupiah", priority=2),
        Column("due_on", _("Jatuh tempo"), kind="date", sortable=True, priority=2),
        Column("state", _("Keadaan"), kind="badge", badges=BILL_STATES),
    )
    filters = (
        Filter("state", _("Keadaan"), [(code, badge.label) for code, badge in BILL_STATES.items()]),
        Filter("payer", _("Pembayar"), _payers),
        Filter("year", _("Tahun"), lambda _request: [(str(year), str(year)) for year in lists.bill_years()]),
    )
    default_sort = "-month"
    above_template = "contributions/bills_above.html"
    source = SOURCE
    filename = "tagihan"
    empty_title = _("Belum ada tagihan")
    empty_text = _("Tagihan dibuat ketika SK berlaku atau rencana iuran dicatat.")

    def rows(self, query: ListQuery) -> Page:
        return lists.bills(query)

    def row_url(self, row: lists.BillRow) -> str:
        return reverse("contributions:bill", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"may_assess": actor_of(self.request).may(ASSESS)}


class BillPage(Requires, TableView):
    """One bill: its state and what can be done, and the people on it."""

    permission = "contributions.view"
    template_name = "contributions/bill.html"
    search_hint = None
    columns = (
        Column("name", _("Nama"), kind="link"),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("village", _("Desa")),
        Column("kpj", "KPJ", priority=2),
        Column("jkk", "JKK", kind="rupiah", priority=2),
        Column("jkm", "JKM", kind="rupiah", priority=2),
        Column("jht", "JHT", kind="rupiah", priority=3),
        Column("jp", "JP", kind="rupiah", priority=3),
        Column("amount", _("Iuran"), kind="rupiah"),
    )
    source = SOURCE
    back = _("Daftar tagihan")
    empty_title = _("Tidak ada orang pada tagihan ini")
    empty_text = _("Semua iurannya dibatalkan sebelum diterbitkan.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.back_url = reverse("contributions:bills")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.bill = lists.bill(kwargs["bill_id"])
        self.title = gettext("Tagihan %(month)s – %(payer)s") % {
            "month": words.long_month(self.bill.month),
            "payer": self.bill.payer,
        }
        self.filename = self.bill.number or f"rencana-{self.bill.month:%Y-%m}-{self.bill.id}"
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return lists.bill_lines(self.bill, query)

    def row_url(self, row: lists.BillLine) -> str:
        return reverse("person", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return bill_context(self.request, self.bill)


def bill_context(request: HttpRequest, bill: lists.BillRow, form: PaymentForm | None = None) -> dict[str, Any]:
    """What the bill's page shows around its lines: state, receipts, and what the reader may do."""
    actor = actor_of(request)
    payable = bill.state in {"issued", "partial", "overdue"}
    return {
        "bill": bill,
        "state": BILL_STATES[bill.state],
        "receipts": lists.receipts_of(bill.id),
        "code": actions.payment_code(bill.id) if payable else "",
        "totals": statements.totals_of(bill.id),
        "penalties": statements.penalty_lines(bill.id),
        "may_issue": bill.state == "planned" and bill.people > 0 and actor.may("contributions.issue_bill"),
        "may_pay": payable and actor.may("contributions.record_payment"),
        "waiting": recently(lists.waiting_for, bill.id).value if payable else 0,
        "form": form or PaymentForm(initial=PaymentForm.starting(bill.left, today())),
    }


@requires("contributions.issue_bill")
@require_POST
def issue(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Issue a bill."""
    issued = actions.issue_bill(actor_of(request), bill_id)
    messages.success(
        request,
        gettext("Tagihan %(number)s diterbitkan: %(people)s orang, %(amount)s.")
        % {"number": issued.number, "people": words.number(issued.people), "amount": words.rupiah(issued.amount)},
    )
    return redirect("contributions:bill", bill_id)


@requires("contributions.record_payment")
def pay(request: HttpRequest, bill_id: int) -> HttpResponse:
    """Record money received for a bill; what is wrong comes back beside its field."""
    bill = lists.bill(bill_id)
    form = PaymentForm(request.POST or None, initial=PaymentForm.starting(bill.left, today()))
    if request.method == "POST" and form.is_valid():
        try:
            result = actions.record_payment(
                actor_of(request),
                bill.payer_id,
                form.cleaned_data["kind"],
                form.cleaned_data["reference"],
                form.cleaned_data["paid_on"],
                form.cleaned_data["amount"],
                [bill_id],
                instalment=form.cleaned_data["instalment"],
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            messages.success(request, _said(result))
            return redirect("contributions:bill", bill_id)
    return render(request, "contributions/pay.html", bill_context(request, bill, form))


def _said(result: actions.PaymentResult) -> str:
    if result.repeated:
        return gettext("Nomor bukti %(reference)s sudah tercatat sebelumnya. Tidak ada yang berubah.") % {
            "reference": result.payment.reference
        }
    if not result.settled_bills:
        return gettext("Angsuran %(amount)s dicatat. Tagihan belum lunas.") % {
            "amount": words.rupiah(result.payment.amount)
        }
    return ngettext(
        "Tagihan lunas. Iuran %(people)s orang tercatat.",
        "Tagihan lunas. Iuran %(people)s orang tercatat.",
        result.people,
    ) % {"people": words.number(result.people)}


@require_safe
@requires("contributions.view")
def alarms(request: HttpRequest) -> HttpResponse:
    """Who falls out of cover, on which day, unless what is done; the nearest first."""
    if "anew" in request.GET:
        forget()
    day = today()
    answer = recently(watch.alarms, day)
    found = answer.value
    items = [
        QueueItem(
            title=alarm.sentence(),
            count=alarm.people,
            url=_alarm_url(alarm),
            days_left=alarm.days_left,
            tone=alarm.tone,
        )
        for alarm in found
    ]
    return render(
        request,
        "contributions/alarms.html",
        {
            "items": items,
            "day": day,
            "looked_at": answer.at if answer.repeated else None,
            "counts": watch.count_alarms(found),
            "payers": sorted({(alarm.payer, alarm.payer_id) for alarm in found}),
        },
    )


def _alarm_url(alarm: watch.Alarm) -> str:
    if alarm.bill_id:
        return reverse("contributions:bill", args=[alarm.bill_id])
    return reverse("contributions:payer", args=[alarm.payer_id])


@require_safe
@requires("contributions.view")
def payer(request: HttpRequest, payer_id: int) -> HttpResponse:
    """The weave of one payer: villages by months, from last year's October to the end of this year."""
    day = today()
    first = add_months(month_of(day).replace(month=1), -3)
    found = find_payer(payer_id)
    url = f"{reverse('contributions:participants')}?payer={payer_id}&village="
    weave = recently(watch.weave_of, payer_id, first, add_months(first, 14), day, url).value
    title = gettext("Bagian peserta yang iurannya lunas; bulan mendatang gelap bila belum direncanakan")
    drawn = weave_table(title, months=weave.months, rows=weave.rows, as_of=day, source=SOURCE) if weave.rows else ""
    return render(request, "contributions/payer.html", {"payer": found, "weave": drawn})
