"""The leadership page, the tables of villages behind it, and what others published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from lindung.contributions.watch import alarms
from lindung.core.access import Requires, actor_of, requires
from lindung.core.clock import today
from lindung.core.recently import recently
from lindung.core.ui.parts import Text
from lindung.core.ui.tables import Column, Filter, ListQuery, Page, TableView
from lindung.coverage import pictures, queries
from lindung.coverage.figures import PlaceFigures
from lindung.coverage.lapses import lapse_queue
from lindung.coverage.queries import PAID_SOURCE
from lindung.places.queries import PlaceRow


@require_safe
@requires("coverage.view")
def overview(request: HttpRequest) -> HttpResponse:
    """Coverage for a regent with two minutes: who is protected, who is missing, what lapses next, what it costs."""
    home = queries.regency()
    external = queries.external_figures(home)
    day = queries.latest_day(today())
    if day is None:
        return render(request, "coverage/not_counted.html", {"place": home, "external": external})
    found = queries.overview(home, day)
    districts = queries.districts(home, day)
    villages = queries.villages(home, day, ListQuery(size=10_000))[0]
    context = {
        "place": home, "found": found, "as_of": day, "year": day.year, "external": external,
        "gap": pictures.gap(found), "by_payer": pictures.by_payer(found), "trend": pictures.trend(found),
        "budget": pictures.budget(found.budget, day), "by_district": pictures.by_district(districts, day),
        "map": pictures.village_map(villages, day), "villages_reached": sum(row.people > 0 for row in villages),
        "villages_all": len(villages), "lapses": lapse_queue(actor_of(request), recently(alarms, today()).value),
        "today": today(),
        "paid_source": PAID_SOURCE, "benefit_source": queries.BENEFIT_SOURCE,
    }  # fmt: skip
    return render(request, "coverage/overview.html", context)


class VillageTable(Requires, TableView):
    """Every village of the regency with its counts."""

    permission = "coverage.view"
    title: Text = gettext_lazy("Cakupan per desa")
    lead = gettext_lazy(
        "Jumlah orang, bukan persen: jumlah pekerja per desa tidak ada dalam sumber resmi yang kami punya."
    )
    search_hint = gettext_lazy("Nama atau kode desa")
    columns: ClassVar[Sequence[Column]] = (
        Column("name", gettext_lazy("Desa"), sortable=True),
        Column("district", gettext_lazy("Kecamatan"), sortable=True),
        Column("people", gettext_lazy("Terlindungi (orang)"), kind="number", sortable=True),
        Column("grace", gettext_lazy("Masa tenggang"), kind="number", sortable=True, priority=2),
        Column("financed", gettext_lazy("Dibiayai APBD"), kind="number", sortable=True, priority=2),
        Column("person_months", gettext_lazy("Orang-bulan APBD"), kind="number", sortable=True, priority=3),
        Column("realised", gettext_lazy("Realisasi bantuan"), kind="rupiah", sortable=True, priority=3),
        Column("claims", gettext_lazy("Klaim dibayar"), kind="number", sortable=True, priority=2),
        Column("benefit", gettext_lazy("Santunan dibayar"), kind="rupiah", sortable=True, priority=2),
    )
    filters: ClassVar[Sequence[Filter]] = (
        Filter("district", gettext_lazy("Kecamatan"), lambda request: queries.district_choices()),
        Filter(
            "with_people", gettext_lazy("Peserta"), (("yes", gettext_lazy("ada")), ("no", gettext_lazy("belum ada")))
        ),
    )
    default_sort = "-people"
    page_size = 150
    filename = "cakupan-desa"
    source = PAID_SOURCE
    empty_title = gettext_lazy("Angka belum dihitung")
    empty_text = gettext_lazy("Perhitungan berkala berjalan tiap jam.")
    back = gettext_lazy("Cakupan")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.back_url = reverse("coverage:overview")

    @cached_property
    def area(self) -> PlaceRow:
        """Where the villages lie."""
        return queries.regency()

    @cached_property
    def day(self) -> date | None:
        """The day counted."""
        return queries.latest_day(today())

    def as_of(self) -> date | None:
        return self.day

    def rows(self, query: ListQuery) -> Page:
        if self.day is None:
            return Page([], 0)
        rows, total = queries.villages(self.area, self.day, query)
        return Page.of(rows, query, total)

    def row_key(self, row: PlaceFigures) -> str:
        return row.code


class DistrictTable(VillageTable):
    """The villages of one district."""

    columns = tuple(column for column in VillageTable.columns if column.key != "district")
    filters = tuple(item for item in VillageTable.filters if item.key != "district")
    above_template = "coverage/district_figures.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.title = _("Cakupan Kecamatan %(name)s") % {"name": self.area.name}
        self.filename = f"cakupan-{self.area.code}"
        return super().get(request, *args, **kwargs)

    @cached_property
    def area(self) -> PlaceRow:
        return queries.district(self.kwargs["code"])

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        if self.day is None:
            return {}
        return {"district": queries.district_figures(self.area, self.day)}
