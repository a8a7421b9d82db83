"""The pictures of the leadership page, from what the queries return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.core.ui.charts import Bar, MapPoint, bars, columns_chart, dot_map, gap_bar
from lindung.core.ui.parts import Tone
from lindung.core.ui.words import percent, rupiah
from lindung.coverage.figures import Budget, Overview, PlaceFigures
from lindung.coverage.queries import BUDGET_SOURCE, PAID_SOURCE

PAYERS: Mapping[str, Any] = {
    "regency": gettext_lazy("APBD kabupaten"),
    "village": gettext_lazy("Pemerintah desa"),
    "company": gettext_lazy("Perusahaan"),
    "donor": gettext_lazy("Donatur"),
    "self": gettext_lazy("Pekerja sendiri"),
}
_NAMES_ON_MAP = 6


def gap(found: Overview) -> SafeString:
    """Protected and missing of all workers; empty without a denominator."""
    workers = found.protected.of
    if workers is None:
        return SafeString("")
    source = _("%(ours)s; pembagi %(period)s: %(theirs)s") % {
        "ours": PAID_SOURCE, "period": workers.period, "theirs": workers.source,
    }  # fmt: skip
    return gap_bar(
        _("Dari seluruh pekerja"), covered=found.protected.value, target=workers.value, as_of=found.as_of, source=source
    )


def by_payer(found: Overview) -> SafeString:
    """Who pays for the people protected."""
    rows = [Bar(str(PAYERS.get(kind, kind)), people) for kind, people in found.by_payer.items()]
    return bars(_("Siapa yang membayar"), rows, unit=_("orang"), as_of=found.as_of, source=PAID_SOURCE)


def by_district(districts: Sequence[PlaceFigures], as_of: date) -> SafeString:
    """People protected per district; the share is of inhabitants, and says so."""
    population = next((row.population for row in districts if row.population), None)
    rows = [
        Bar(
            row.name, row.people,
            note=_("%(share)s penduduk") % {"share": percent(row.share)} if row.share is not None else "",
            url=reverse("coverage:district", args=[row.code]),
        )
        for row in districts
    ]  # fmt: skip
    source = str(PAID_SOURCE)
    if population:
        source = _("%(ours)s; persen dari penduduk (bukan pekerja) %(period)s: %(theirs)s") % {
            "ours": PAID_SOURCE, "period": population.period, "theirs": population.source,
        }  # fmt: skip
    return bars(_("Orang terlindungi per kecamatan"), rows, unit=_("orang"), as_of=as_of, source=source)


def village_map(villages: Sequence[PlaceFigures], as_of: date) -> SafeString:
    """Villages where they lie, the dot's area by people protected; those without anybody are grey."""
    placed = [row for row in villages if row.latitude is not None and row.longitude is not None]
    named = {row.key for row in sorted(placed, key=lambda row: -row.people)[:_NAMES_ON_MAP] if row.people}
    points = [MapPoint(row.name, row.latitude or 0, row.longitude or 0, row.people, _dot_tone(row), row.key in named)
              for row in placed]  # fmt: skip
    left_out = len(villages) - len(placed)
    source = str(PAID_SOURCE)
    if left_out:
        source = _("%(ours)s; %(count)s desa tanpa titik koordinat tidak digambar") % {
            "ours": PAID_SOURCE, "count": left_out,
        }  # fmt: skip
    return dot_map(_("Orang terlindungi per desa"), points, unit=_("orang"), as_of=as_of, source=source)


def _dot_tone(row: PlaceFigures) -> Tone:
    return "ok" if row.people else "neutral"


def budget(found: Budget, as_of: date) -> SafeString:
    """Ceiling, committed, realised on one scale."""
    tone: Tone = "danger" if found.free < 0 else "info"
    rows = [
        Bar(_("Pagu"), found.ceiling, "neutral"),
        Bar(_("Terikat SK"), found.committed, tone),
        Bar(_("Terealisasi"), found.realised),
    ]
    title = _("Anggaran bantuan iuran %(year)s") % {"year": found.year}
    said = _("%(realised)s dari pagu %(ceiling)s sudah menjadi iuran lunas.") % {
        "realised": rupiah(found.realised), "ceiling": rupiah(found.ceiling),
    }  # fmt: skip
    return bars(title, rows, kind="rupiah", as_of=as_of, source=BUDGET_SOURCE, sentence=said)


def trend(found: Overview) -> SafeString:
    """People protected at the end of each month."""
    return columns_chart(_("Orang terlindungi tiap akhir bulan"), found.trend, as_of=found.as_of, source=PAID_SOURCE)
