"""The page of minimum wages, each with its source."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lindung.core.access import Requires, actor_of, requires
from lindung.core.actors import Actor
from lindung.core.clock import installation, today
from lindung.core.ui import words
from lindung.core.ui.tables import Badge, Column, Filter, ListQuery, Page, TableView
from lindung.payers import actions, minimum_wages
from lindung.payers.minimum_wages import WageRow
from lindung.payers.money_forms import KINDS, MinimumWageForm
from lindung.payers.pages import form_page, room_tabs
from lindung.places.queries import find_place

SURE = {
    "T": Badge(gettext_lazy("Dibaca pada keputusannya"), "ok"),
    "S": Badge(gettext_lazy("Sumber kedua, belum diperiksa"), "neutral"),
    "M": Badge(gettext_lazy("Ingatan, belum diperiksa"), "soon"),
}


class MinimumWages(Requires, TableView):
    """Minimum wages, the newest year first."""

    permission = "payers.view"
    title = gettext_lazy("Upah minimum")
    lead = gettext_lazy("Tahun tanpa UMK memakai UMP provinsinya. Yang sudah dibetulkan tetap tersimpan.")
    search_hint = gettext_lazy("Wilayah atau sektor")
    columns: ClassVar = [
        Column("year", gettext_lazy("Tahun"), sortable=True),
        Column("place", gettext_lazy("Wilayah"), sortable=True),
        Column("kind", gettext_lazy("Jenis")),
        Column("sector", gettext_lazy("Sektor"), priority=2),
        Column("amount", gettext_lazy("Sebulan"), sortable=True, align="right", value=lambda row: rupiah_sen(row)),
        Column("confidence", gettext_lazy("Kepastian"), kind="badge", badges=SURE, priority=2),
        Column("source", gettext_lazy("Sumber"), priority=2, width="wide"),
    ]
    filters: ClassVar = [
        Filter("kind", gettext_lazy("Jenis"), KINDS),
        Filter("year", gettext_lazy("Tahun"), lambda _request: [(str(y), str(y)) for y in minimum_wages.wage_years()]),
    ]
    default_sort = "-year"
    source = gettext_lazy("keputusan gubernur")
    filename = "upah-minimum"
    above_template = "payers/above_wages.html"
    empty_title = gettext_lazy("Belum ada upah minimum")
    empty_text = gettext_lazy("Catat dari keputusan gubernur.")

    def rows(self, query: ListQuery) -> Page:
        return minimum_wages.wages(query)

    def row_key(self, row: WageRow) -> str:
        return str(row.id)

    @property
    def actions(self) -> list[tuple[Any, str, str]]:  # type: ignore[override]
        """What this reader may do."""
        if actor_of(self.request).may("payers.set_wage"):
            return [(_("Catat upah minimum"), reverse("payers:set_wage"), "btn-primary")]
        return []

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        served = installation()
        here = minimum_wages.minimum_wage(served.place_key, today()) if served else None
        return {"room_tabs": room_tabs(actor_of(self.request), "wages"), "here": here, "served": served}


def rupiah_sen(row: WageRow) -> str:
    """Rp2.646.878,64; whole rupiah without their sen."""
    whole, sen = divmod(int(row.amount * 100), 100)
    return f"{words.rupiah(whole)},{sen:02d}" if sen else words.rupiah(whole)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("payers.set_wage")
def set_wage(request: HttpRequest) -> HttpResponse:
    """Record a minimum wage."""
    form = MinimumWageForm(request.POST or None, initial={"year": today().year})
    served = installation()
    if served is not None:
        regency = find_place(served.place_key)
        offered = [regency] + ([find_place(regency.parent_key)] if regency.parent_key else [])
        form.fields["place"].choices = [(str(place.key), place.name) for place in offered]  # type: ignore[attr-defined]

    def act(actor: Actor, given: dict[str, Any]) -> HttpResponse:
        given["place_id"] = given.pop("place")
        _row, is_new = actions.set_minimum_wage(actor, **given)
        messages.success(
            request, _("Upah minimum dicatat.") if is_new else _("Sudah tercatat sama. Tidak ada yang berubah.")
        )
        return redirect("payers:wages")

    return form_page(request, form, act, _("Catat upah minimum"), reverse("payers:wages"), _("Simpan"))
