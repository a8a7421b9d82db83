"""The pages about a new worker who does not match the register: the employer sends the card, the branch answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.errors import DomainError, NotAllowed, NotFound
from lindung.core.files import read_file
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView
from lindung.wages import actions
from lindung.wages.forms import CardForm, IdentityAnswerForm
from lindung.wages.identity import IDENTITY
from lindung.wages.queries import identity
from lindung.wages.queries.mending import row_to_mend

REPORT = "wages.report"
DOUBTS = {
    "name_differs": _("nama berbeda"),
    "birth_differs": _("tanggal lahir berbeda"),
    "deceased": _("tercatat meninggal"),
}


def in_words(codes: list[str]) -> str:
    """How a row differs from the register."""
    return ", ".join(str(DOUBTS[code]) for code in codes)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(REPORT)
def send_card(request: HttpRequest, row_id: int) -> HttpResponse:
    """Send the branch a photo of the worker's identity card."""
    actor = actor_of(request)
    row = row_to_mend(actor, row_id)
    form = CardForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            actions.send_card(actor, row_id, file.name, file.read())
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error("file", f"{error.message} {error.way_out}".strip())
        else:
            messages.success(request, gettext("Foto KTP terkirim ke kantor cabang."))
            return redirect("wages:report", row.report_id)
    return render(request, "wages/send_card.html", {"form": form, "row": row}, status=422 if form.errors else 200)


class Doubts(Requires, TableView):
    """Reported workers who do not match the register, for the branch."""

    permission = IDENTITY
    title = _("Pencocokan identitas")
    lead = _(
        "Pekerja baru yang datanya berbeda dengan data kependudukan. Alasannya tidak ditampilkan kepada perusahaan."
    )
    search_hint = _("Nama perusahaan")
    columns = (
        Column("name", _("Nama menurut laporan"), kind="link"),
        Column("nik", "NIK", kind="nik", priority=3),
        Column("payer", _("Perusahaan")),
        Column("month", _("Bulan"), kind="month", priority=2),
        Column("codes", _("Perbedaan"), value=lambda row: in_words(row.codes)),
        Column("sent_on", _("Foto KTP"), kind="date"),
    )
    filters = (Filter("card", _("Foto KTP"), [("sent", _("Sudah dikirim")), ("missing", _("Belum dikirim"))]),)
    source = _("laporan upah perusahaan")
    filename = "pencocokan-identitas"
    empty_title = _("Tidak ada yang menunggu")
    empty_text = _("Semua pekerja baru cocok dengan data kependudukan, atau sudah dijawab.")

    def rows(self, query: ListQuery) -> Page:
        return identity.doubts_waiting(actor_of(self.request), query)

    def row_url(self, row: identity.DoubtLine) -> str:
        return reverse("wages:doubt", args=[row.row_id])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(IDENTITY)
def doubt(request: HttpRequest, row_id: int) -> HttpResponse:
    """What the employer wrote beside what is known, and the branch's answer."""
    actor = actor_of(request)
    form = IdentityAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.answer_identity(actor, row_id, said["answer"] == "taken", said["words"])
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            note_refusal(request, error)
            field = error.field if error.field in form.fields else None
            form.add_error(field, f"{error.message} {error.way_out}".strip())
        else:
            messages.success(request, gettext("Jawaban tersimpan; perusahaan melihatnya pada laporannya."))
            return redirect("wages:doubts")
    found = identity.doubt(actor, row_id)
    context: dict[str, Any] = {"found": found, "line": found.line, "differs": in_words(found.line.codes), "form": form}
    return render(request, "wages/doubt.html", context, status=422 if form.errors else 200)


@require_safe
@requires(IDENTITY)
def card(request: HttpRequest, row_id: int) -> HttpResponse:
    """The photo of the card; never shown inside the site, whatever it holds."""
    stored, content = read_file(identity.card_file(actor_of(request), row_id))
    suffix = {"image/jpeg": "jpg", "image/png": "png"}.get(stored.media_type, "pdf")
    headers = {
        "Content-Disposition": f'attachment; filename="ktp-baris-{row_id}.{suffix}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=stored.media_type, headers=headers)
