"""The pages of this room: schemes, lists that came in, decrees."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lindung.assistance import actions, queries
from lindung.assistance.blank_list import blank_list
from lindung.assistance.forms import DecreeForm, UploadForm
from lindung.assistance.models import DecreeDecision, Proposal, Scheme
from lindung.assistance.reasons import REASONS
from lindung.assistance.schemes import OPEN
from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.downloads import download
from lindung.core.errors import DomainError, NotAllowed, NotFound
from lindung.core.files import PDF, XLSX
from lindung.core.models import Job
from lindung.core.ui import words
from lindung.core.ui.charts import Bar, bars
from lindung.core.ui.parts import TimelineItem, Tone
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView

PROPOSAL_STATES = {
    "received": Badge(gettext_lazy("Sedang diperiksa"), "info"),
    "checked": Badge(gettext_lazy("Selesai diperiksa"), "ok"),
    "failed": Badge(gettext_lazy("Tidak terbaca"), "danger"),
}
ROW_STATES = {
    "accepted": Badge(gettext_lazy("Diterima"), "ok"),
    "to_fix": Badge(gettext_lazy("Perlu diperbaiki"), "soon"),
    "rejected": Badge(gettext_lazy("Ditolak"), "danger"),
    "known": Badge(gettext_lazy("Sudah diterima sebelumnya"), "neutral"),
}
DECREE_STATES = {
    "waiting": Badge(gettext_lazy("menunggu persetujuan"), "soon"),
    "approved": Badge(gettext_lazy("disetujui"), "info"),
    "enacted": Badge(gettext_lazy("berlaku"), "ok"),
    "returned": Badge(gettext_lazy("dikembalikan"), "neutral"),
}
_TONES: dict[str, Tone] = {"fix": "soon", "reject": "danger", "known": "neutral"}
SOURCE = gettext_lazy("usulan dan SK program bantuan")
MEDIA = {"pdf": PDF, "xlsx": XLSX}


def _choices(badges: dict[str, Badge]) -> list[tuple[str, Any]]:
    return [(code, badge.label) for code, badge in badges.items()]


@require_safe
@requires("assistance.view")
def overview(request: HttpRequest) -> HttpResponse:
    """The schemes: budget, people on decrees, people who wait, rows to mend."""
    may_open = actor_of(request).may(OPEN)
    context = {"schemes": queries.schemes(), "as_of": today(), "may_open": may_open}
    return render(request, "assistance/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("assistance.submit")
def upload(request: HttpRequest) -> HttpResponse:
    """Send a list. A faulty file is explained at the field."""
    scheme_id = queries.newest_scheme_id()
    if scheme_id is None:
        return _no_scheme(request, _("Unggah daftar usulan"))
    form = UploadForm(request.POST or None, request.FILES or None, initial={"scheme": scheme_id})
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            proposal = actions.receive_proposal(
                actor_of(request), form.cleaned_data["scheme"].pk, file.name, file.read()
            )
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error("file", f"{error.message} {error.way_out}")
        else:
            if proposal.repeated:
                messages.info(request, _("Berkas yang sama persis sudah dikirim sebelumnya. Tidak ada yang berubah; "
                                         "ini hasilnya."))  # fmt: skip
            return redirect("assistance:proposal", proposal.pk)
    return render(request, "assistance/upload.html", {"form": form}, status=422 if form.errors else 200)


def _no_scheme(request: HttpRequest, title: str) -> HttpResponse:
    """Lists and decrees belong to a scheme: who opens the first one."""
    return render(
        request, "assistance/no_scheme.html", {"title": title, "may_open": actor_of(request).may(OPEN)},
        status=409 if request.method == "POST" else 200,
    )  # fmt: skip


@require_safe
@requires("assistance.view")
def blank(request: HttpRequest) -> HttpResponse:
    """The blank list."""
    return download("Blanko usulan penerima bantuan iuran.xlsx", blank_list(), XLSX)


def _scheme_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Scheme.objects.order_by("-fiscal_year").values_list("pk", "name")]


class ProposalList(Requires, TableView):
    """The lists that came in, newest first."""

    permission = "assistance.view"
    title = gettext_lazy("Usulan penerima bantuan iuran")
    lead = gettext_lazy("Daftar yang dikirim desa dan dinas, dengan hasil pemeriksaannya.")
    search_hint = gettext_lazy("Nama berkas atau wilayah")
    columns: ClassVar = [
        Column("file_name", gettext_lazy("Berkas"), kind="link"),
        Column("place", gettext_lazy("Wilayah pengirim"), priority=2),
        Column("received_at", gettext_lazy("Diterima"), kind="datetime", sortable=True),
        Column("state", gettext_lazy("Keadaan"), kind="badge", badges=PROPOSAL_STATES),
        Column("received", gettext_lazy("Baris"), kind="number", sortable=True),
        Column("accepted", gettext_lazy("Diterima"), kind="number"),
        Column("to_fix", gettext_lazy("Perlu diperbaiki"), kind="number", sortable=True),
        Column("rejected", gettext_lazy("Ditolak"), kind="number"),
        Column("known", gettext_lazy("Sudah ada"), kind="number", priority=3),
    ]
    filters: ClassVar = [
        Filter("scheme", gettext_lazy("Program"), _scheme_choices),
        Filter("state", gettext_lazy("Keadaan"), _choices(PROPOSAL_STATES)),
    ]
    default_sort = "-received_at"
    source = SOURCE
    filename = "usulan"
    empty_title = gettext_lazy("Belum ada usulan")
    empty_text = gettext_lazy("Mulai dengan mengunggah daftar dari desa atau dinas.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Only those who may send see the button."""
        super().setup(request, *args, **kwargs)
        if actor_of(request).may("assistance.submit"):
            url = reverse("assistance:upload")
            self.actions = [(_("Unggah daftar"), url, "btn-primary")]  # type: ignore[misc]
            self.empty_url, self.empty_action = url, _("Unggah daftar")

    def rows(self, query: ListQuery) -> Page:
        return queries.proposals(query)

    def row_url(self, row: queries.ProposalSummary) -> str:
        return reverse("assistance:proposal", args=[row.id])


class ProposalPage(Requires, TableView):
    """One list: its outcome in figures and reasons, every row, and the answer workbook."""

    permission = "assistance.view"
    search_hint = gettext_lazy("Nama, desa, atau kode baris")
    columns: ClassVar = [
        Column("name", gettext_lazy("Nama"), sortable=True),
        Column("row_no", gettext_lazy("Baris"), kind="number", sortable=True),
        Column("nik", "NIK", kind="nik", priority=2),
        Column("village", gettext_lazy("Desa"), sortable=True, width="tight"),
        Column("status", gettext_lazy("Hasil"), kind="badge", badges=ROW_STATES),
        Column("told", gettext_lazy("Alasan dan cara memperbaiki"), width="wide"),
        Column("row_code", gettext_lazy("Kode Baris"), priority=3, width="nowrap"),
    ]
    filters: ClassVar = [
        Filter("status", gettext_lazy("Hasil"), _choices(ROW_STATES)),
        Filter("reason", gettext_lazy("Alasan"), [(code, reason.title) for code, reason in REASONS.items()]),
    ]
    default_sort = "row_no"
    above_template = "assistance/proposal_above.html"
    source = SOURCE
    filename = "baris-usulan"
    back = gettext_lazy("Daftar usulan")
    empty_title = gettext_lazy("Belum ada baris")
    proposal: queries.ProposalDetail

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page; 404 outside the reader's area."""
        self.proposal = queries.proposal(kwargs["proposal_id"])
        state = PROPOSAL_STATES[self.proposal.state].label
        self.back_url = reverse("assistance:proposals")
        self.title = f"{self.proposal.file_name} – {state}"
        self.lead = _("%(scheme)s · dikirim %(sender)s untuk %(place)s") % {
            "scheme": self.proposal.scheme, "sender": self.proposal.received_by or "–", "place": self.proposal.place,
        }  # fmt: skip
        if self.proposal.state == Proposal.State.RECEIVED:
            self.empty_text = _("Baris tampil di sini setelah pemeriksaan selesai.")
        if self.proposal.has_answer:
            url = reverse("assistance:answer", args=[self.proposal.id])
            self.actions = [(_("Unduh jawaban (Excel)"), url, "btn-primary")]  # type: ignore[misc]
        return super().get(request, *args, **kwargs)

    def rows(self, query: ListQuery) -> Page:
        return queries.proposal_rows(self.proposal.id, query)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        """Figures and the bars of reasons."""
        counts = queries.reason_counts(self.proposal.id)
        drawn = [
            Bar(count.title, count.rows, tone=_TONES[count.outcome], url=f"?reason={count.code}") for count in counts
        ]
        return {
            "proposal": self.proposal,
            "reasons": bars(_("Alasan"), drawn, unit=_("baris"), as_of=today(), source=SOURCE) if drawn else "",
            "job_running": self.proposal.job is not None and self.proposal.state == Proposal.State.RECEIVED,
        }


@require_safe
@requires("assistance.view")
def answer(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """The answer workbook."""
    return download(*queries.answer_file(proposal_id), XLSX)


class DecreeList(Requires, TableView):
    """The decrees, newest first."""

    permission = "assistance.view"
    title = gettext_lazy("SK penerima bantuan iuran")
    lead = gettext_lazy("SK (Surat Keputusan) Bupati dengan daftar orang yang iurannya dibayar kabupaten.")
    search_hint = gettext_lazy("Nomor SK atau program")
    columns: ClassVar = [
        Column("number", gettext_lazy("Nomor"), kind="link", sortable=True),
        Column("dated", gettext_lazy("Tanggal"), kind="date", sortable=True),
        Column("state", gettext_lazy("Keadaan"), kind="badge", badges=DECREE_STATES),
        Column("people", gettext_lazy("Orang"), kind="number", sortable=True),
        Column("total_amount", gettext_lazy("Jumlah"), kind="rupiah", sortable=True),
        Column("first_month", gettext_lazy("Mulai"), kind="month", priority=2),
        Column("last_month", gettext_lazy("Sampai"), kind="month", priority=2),
        Column("proposed_by", gettext_lazy("Pengusul"), priority=3),
    ]
    filters: ClassVar = [Filter("state", gettext_lazy("Keadaan"), _choices(DECREE_STATES))]
    source = SOURCE
    filename = "sk"
    empty_title = gettext_lazy("Belum ada SK")
    empty_text = gettext_lazy("SK disusun dari orang yang sudah diterima pada usulan.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Only those who may propose see the button."""
        super().setup(request, *args, **kwargs)
        if actor_of(request).may("assistance.propose_decree"):
            url = reverse("assistance:propose")
            self.actions = [(_("Susun SK"), url, "btn-primary")]  # type: ignore[misc]
            self.empty_url, self.empty_action = url, _("Susun SK")

    def rows(self, query: ListQuery) -> Page:
        return queries.decrees(query)

    def row_url(self, row: queries.DecreeSummary) -> str:
        return reverse("assistance:decree", args=[row.id])


def _chosen_scheme(request: HttpRequest) -> Scheme:
    given = request.POST.get("scheme") or request.GET.get("scheme") or ""
    wanted = int(given) if given.isascii() and given.isdigit() else queries.newest_scheme_id()
    scheme = None if wanted is None else Scheme.objects.filter(pk=wanted).first()
    if scheme is None:
        raise NotFound("scheme_not_found", _("Program bantuan tidak ditemukan."), way_out=_("Pilih dari daftarnya."))
    return scheme


@require_http_methods(["GET", "HEAD", "POST"])
@requires("assistance.propose_decree")
def propose(request: HttpRequest) -> HttpResponse:
    """Draft a decree: first the effect in people and rupiah, then the proposal."""
    if queries.newest_scheme_id() is None:
        return _no_scheme(request, _("Susun SK penerima bantuan iuran"))
    scheme = _chosen_scheme(request)
    plan = queries.preview_decree(scheme.pk)
    initial = {"dated": today(), "first_month": plan.first.isoformat(), "last_month": plan.last.isoformat()}
    form = DecreeForm(scheme, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            plan = queries.preview_decree(scheme.pk, data["first_month"], data["last_month"])
            if "confirmed" in request.POST:
                decree = actions.propose_decree(
                    actor_of(request), scheme.pk, data["number"], data["dated"], data["first_month"],
                    data["last_month"], data["reason"],
                )  # fmt: skip
                messages.success(request, _("Rancangan SK tersimpan dan menunggu keputusan pejabat kedua."))
                return redirect("assistance:decree", decree.pk)
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
    return render(
        request, "assistance/propose.html",
        {
            "form": form, "scheme": scheme, "schemes": Scheme.objects.order_by("-fiscal_year"), "plan": plan,
            "waiting": queries.waiting_decree(scheme.pk), "as_of": today(), "source": SOURCE,
            "previewed": request.method == "POST" and form.is_valid(),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_safe
@requires("assistance.view")
def decree(request: HttpRequest, decree_id: int) -> HttpResponse:
    """One decree: state, people, rupiah, hash, files, who proposed, and the decision."""
    found = queries.decree(decree_id)
    actor = actor_of(request)
    may_decide = found.state == "waiting" and actor.may("assistance.decide_decree")
    villages = queries.decree_villages(decree_id)
    return render(
        request, "assistance/decree.html",
        {
            "decree": found, "state": DECREE_STATES[found.state], "as_of": today(), "source": SOURCE,
            "may_decide": may_decide and found.proposed_by_id != actor.user_id,
            "own_proposal": may_decide and found.proposed_by_id == actor.user_id,
            "may_enact": found.state == "approved" and actor.may("assistance.decide_decree")
            and (found.job is None or found.job.state == Job.State.FAILED),
            "timeline": _timeline(found),
            "villages": bars(_("Orang per desa"), [Bar(share.village, share.people) for share in villages[:15]],
                             unit=_("orang"), as_of=today(), source=SOURCE) if villages else "",
        },
    )  # fmt: skip


def _timeline(found: queries.DecreeDetail) -> list[TimelineItem]:
    items = [TimelineItem(found.proposed_at, _("Diusulkan"), actor=found.proposed_by)]
    if found.decided_at is not None:
        approved = found.state != "returned"
        title = _("Disetujui") if approved else _("Dikembalikan")
        tone: Tone = "ok" if approved else "neutral"
        items.append(TimelineItem(found.decided_at, title, found.decision_reason, found.decided_by, tone))
    if found.enacted_at is not None:
        text = _("%(new)s kepesertaan baru, %(months)s orang-bulan direncanakan") % {
            "new": words.number(found.new_memberships or 0), "months": words.number(found.person_months or 0),
        }  # fmt: skip
        items.append(TimelineItem(found.enacted_at, _("Berlaku"), text, tone="ok"))
    return items


@require_POST
@requires("assistance.decide_decree")
def decide(request: HttpRequest, decree_id: int) -> HttpResponse:
    """Approve (and put into effect) or return."""
    actor, outcome = actor_of(request), request.POST.get("outcome", "")
    with transaction.atomic():  # an approval that cannot take effect is no approval
        actions.decide_decree(actor, decree_id, outcome, request.POST.get("reason", ""))
        if outcome == DecreeDecision.Outcome.APPROVED:
            _begin(request, decree_id)
        else:
            messages.info(request, _("SK dikembalikan kepada pengusul. Orang-orangnya menunggu SK berikutnya."))
    return redirect("assistance:decree", decree_id)


@require_POST
@requires("assistance.decide_decree")
def enact(request: HttpRequest, decree_id: int) -> HttpResponse:
    """Put an approved decree into effect after its job has failed."""
    _begin(request, decree_id)
    return redirect("assistance:decree", decree_id)


def _begin(request: HttpRequest, decree_id: int) -> None:
    if isinstance(actions.begin_enactment(actor_of(request), decree_id), Job):
        messages.info(request, _("SK disetujui dan sedang dilaksanakan. Halaman ini boleh ditutup."))
    else:
        messages.success(request, _("SK disetujui dan berlaku: kepesertaan dan tagihan sudah dibuat."))


@require_safe
@requires("assistance.view")
def attachment(request: HttpRequest, decree_id: int, kind: str) -> HttpResponse:
    """A decree's attachment, PDF or workbook."""
    if kind not in MEDIA:
        raise NotFound("file_not_found", _("Berkas tidak ditemukan."))
    return download(*queries.decree_file(decree_id, kind), MEDIA[kind])
