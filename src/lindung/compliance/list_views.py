"""Pages of the lists that other offices send: versions, one list with its row errors, upload."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lindung.compliance import actions
from lindung.compliance.forms import ListForm
from lindung.compliance.pages import LISTS, fault_words, tabs
from lindung.compliance.queries import lists as reads
from lindung.core.access import Requires, actor_of, note_refusal, requires
from lindung.core.clock import today
from lindung.core.errors import DomainError, NotAllowed
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView

SOURCE = gettext_lazy("daftar yang diunggah")


class Lists(Requires, TableView):
    """Lists that came in, the newest first."""

    permission = "compliance.view"
    title = gettext_lazy("Daftar perusahaan")
    lead = gettext_lazy(
        "Daftar dari kantor lain. Yang terbaru dari tiap jenis dibandingkan dengan perusahaan terdaftar."
    )
    search_hint = gettext_lazy("Asal atau nama berkas")
    columns: ClassVar = [
        Column("file_name", gettext_lazy("Berkas"), kind="link"),
        Column("kind", gettext_lazy("Jenis"), kind="badge", badges=LISTS),
        Column("version", gettext_lazy("Versi"), kind="number"),
        Column("source", gettext_lazy("Asal"), priority=2),
        Column("as_of", gettext_lazy("Data per"), kind="date", sortable=True),
        Column("companies", gettext_lazy("Perusahaan"), kind="number", sortable=True),
        Column("matched", gettext_lazy("Terdaftar"), kind="number"),
        Column("faulty", gettext_lazy("Perlu diperbaiki"), kind="number"),
        Column("received_at", gettext_lazy("Diterima"), kind="datetime", sortable=True, priority=4),
    ]
    filters: ClassVar = [Filter("kind", gettext_lazy("Jenis"), [(code, badge.label) for code, badge in LISTS.items()])]
    source = SOURCE
    filename = "daftar-perusahaan"
    above_template = "compliance/tabs.html"
    empty_title = gettext_lazy("Belum ada daftar")
    empty_text = gettext_lazy("Mulai dengan mengunggah daftar WLKP dari Disnaker atau NIB dari OSS.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Only those who may import see the button."""
        super().setup(request, *args, **kwargs)
        if actor_of(request).may("compliance.import"):
            url = reverse("compliance:upload")
            self.actions = [(_("Unggah daftar"), url, "btn-primary")]  # type: ignore[misc]
            self.empty_url, self.empty_action = url, _("Unggah daftar")

    def rows(self, query: ListQuery) -> Page:
        return reads.list_rows(query)

    def row_url(self, row: reads.ListRow) -> str:
        return reverse("compliance:list", args=[row.id])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"tabs": tabs("lists")}


def _matched(row: reads.LineRow) -> str:
    if not row.payer:
        return ""
    if row.by != "name":
        return f"{row.payer} ({row.by.upper()})"
    return _("%(payer)s (nama, %(percent)s persen sama)") % {
        "payer": row.payer, "percent": round(100 * (row.likeness or 0))
    }  # fmt: skip


class ListPage(Requires, TableView):
    """One list: every line with what is wrong with it, and which registered company it is."""

    permission = "compliance.view"
    search_hint = gettext_lazy("Nama, NIB, atau NPWP")
    columns: ClassVar = [
        Column("name", gettext_lazy("Nama"), sortable=True),
        Column("row_no", gettext_lazy("Baris"), kind="number", sortable=True),
        Column("nib", "NIB", priority=2),
        Column("place", gettext_lazy("Tempat"), priority=3),
        Column("workers", gettext_lazy("Pekerja"), kind="number", sortable=True),
        Column("wage_average", gettext_lazy("Upah rata-rata"), kind="rupiah", priority=3),
        Column("payer", gettext_lazy("Terdaftar sebagai"), value=_matched, priority=2),
        Column("faults", gettext_lazy("Yang salah dan cara memperbaiki"), value=lambda row: fault_words(row.faults),
               width="wide"),
    ]  # fmt: skip
    filters: ClassVar = [
        Filter("show", gettext_lazy("Tampilkan"), [
            ("faulty", gettext_lazy("Perlu diperbaiki")), ("matched", gettext_lazy("Terdaftar")),
            ("unmatched", gettext_lazy("Belum ditemukan")),
        ]),
    ]  # fmt: skip
    source = SOURCE
    back = gettext_lazy("Daftar perusahaan")
    template_name = "compliance/list.html"
    empty_title = gettext_lazy("Tidak ada baris")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.back_url = reverse("compliance:lists")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.list = reads.company_list(kwargs["list_id"])
        self.title = _("%(kind)s versi %(version)s – %(source)s") % {
            "kind": LISTS[self.list.kind].label, "version": self.list.version, "source": self.list.source
        }  # fmt: skip
        self.filename = f"daftar-{self.list.kind}-{self.list.version}"
        return super().get(request, *args, **kwargs)

    def as_of(self) -> Any:
        return self.list.as_of

    def rows(self, query: ListQuery) -> Page:
        return reads.lines(self.list.pk, query)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        return {"list": self.list, "columns_found": sorted(self.list.columns.items())}


@require_http_methods(["GET", "HEAD", "POST"])
@requires("compliance.import")
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a list. A faulty file is explained at the field."""
    form = ListForm(request.POST or None, request.FILES or None, initial={"as_of": today()})
    if request.method == "POST" and form.is_valid():
        given, file = form.cleaned_data, form.cleaned_data["file"]
        try:
            made = actions.receive_list(
                actor_of(request), given["kind"], given["source"], given["as_of"], file.name, file.read()
            )
        except NotAllowed:
            raise
        except DomainError as error:
            note_refusal(request, error)
            form.add_error(error.field if error.field in form.fields else None, f"{error.message} {error.way_out}")
        else:
            if made.repeated:
                messages.info(request, _("Berkas yang sama persis sudah diunggah sebelumnya. Tidak ada yang berubah."))
            return redirect("compliance:list", made.pk)
    return render(request, "compliance/upload.html", {"form": form}, status=422 if form.errors else 200)
