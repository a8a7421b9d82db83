"""Charts made on the server: readable in print and without script, each with a sentence and its table.

The words are HTML so that they keep their size on a phone; only the shapes are SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lindung.core.ui.parts import Tone
from lindung.core.ui.words import as_of_line, figure, long_month, number, percent, rupiah_short, short_month

Label = str | date
TableRow = Sequence[str]


@dataclass(frozen=True)
class Bar:
    """One horizontal bar."""

    label: str
    value: int | float
    tone: Tone = "ok"
    note: str = ""
    url: str | None = None


@dataclass(frozen=True)
class GapRow:
    """People covered out of a target, for one place."""

    label: str
    covered: int
    target: int
    url: str | None = None


@dataclass(frozen=True)
class MapPoint:
    """A place on the dot map; the dot's area grows with `value`."""

    name: str
    lat: float
    lon: float
    value: int | float = 0
    tone: Tone = "ok"
    label: bool = False
    url: str | None = None


Place = Callable[[MapPoint], tuple[float, float]]


def bars(
    title: object,
    rows: Sequence[Bar],
    *,
    unit: object = "",
    kind: str = "number",
    as_of: date | None = None,
    source: object = "",
    sentence: object = "",
) -> SafeString:
    """Horizontal bars with their names and values; `sentence` says what they show, else which is the longest."""
    most = max((abs(row.value) for row in rows), default=0) or 1
    drawn = "".join(
        f'<li><span class="bar-label">{_link(row.label, row.url)}</span>'
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar-track" width="100" height="10" fill="#e9ecea"/>'
        f'<rect class="fill-{row.tone}" width="{100 * abs(row.value) / most:.2f}" height="10" fill="#0f6b61"/></svg>'
        f'<span class="bar-value num">{escape(figure(row.value, kind))}'
        f"{f' <small>{escape(row.note)}</small>' if row.note else ''}</span></li>"
        for row in rows
    )
    top = max(rows, key=lambda row: row.value, default=None)
    said = str(sentence) or (
        _("Tidak ada data.")
        if top is None
        else _("Terbanyak: %(label)s, %(value)s %(unit)s.")
        % {"label": top.label, "value": figure(top.value, kind), "unit": unit}
    )
    table = [
        (row.label, figure(row.value, kind), row.note) if row.note else (row.label, figure(row.value, kind))
        for row in rows
    ]
    return _chart(
        title, said, f'<ul class="bars">{drawn}</ul>', (_("Nama"), str(unit) or _("Nilai")), table, as_of, source
    )


def gap_bar(
    title: object,
    *,
    covered: int,
    target: int,
    people: int | None = None,
    as_of: date | None = None,
    source: object = "",
) -> SafeString:
    """The gap: people protected, people missing to the target, and (if given) everyone there is."""
    missing = max(target - covered, 0)
    whole = max(people or 0, target, covered, 1)
    sentence = _("%(covered)s dari %(target)s orang terlindungi (%(share)s); %(missing)s orang belum.") % {
        "covered": number(covered),
        "target": number(target),
        "share": percent(covered / target if target else 0),
        "missing": number(missing),
    }
    table = [
        (_("Terlindungi"), number(covered)),
        (_("Belum, menuju sasaran"), number(missing)),
        (_("Sasaran"), number(target)),
    ]
    if people:
        table.append((_("Semua"), number(people)))
    covered_word, missing_word, target_word = _("terlindungi"), _("belum"), _("sasaran")
    numbers = (
        f'<ul class="gap-words"><li class="gap-covered"><b class="num">{number(covered)}</b> '
        f"{escape(covered_word)}</li>"
        f'<li class="gap-missing"><b class="num">{number(missing)}</b> {escape(missing_word)}</li>'
        f'<li class="gap-target"><b class="num">{number(target)}</b> {escape(target_word)}</li></ul>'
    )
    return _chart(
        title,
        sentence,
        _gap_svg(covered, target, whole, "gap-bar") + numbers,
        (_("Keadaan"), _("Orang")),
        table,
        as_of,
        source,
    )


def gap_bars(
    title: object,
    rows: Sequence[GapRow],
    *,
    as_of: date | None = None,
    source: object = "",
) -> SafeString:
    """The gap for several places, on one scale."""
    whole = max((max(row.covered, row.target) for row in rows), default=0) or 1
    covered, target = sum(row.covered for row in rows), sum(row.target for row in rows)
    drawn = "".join(
        f'<li><span class="bar-label">{_link(row.label, row.url)}</span>'
        f"{_gap_svg(row.covered, row.target, whole, 'bar')}"
        f'<span class="bar-value num">{number(row.covered)} <small>/ {number(row.target)}</small></span></li>'
        for row in rows
    )
    sentence = _("%(covered)s dari %(target)s orang terlindungi (%(share)s).") % {
        "covered": number(covered),
        "target": number(target),
        "share": percent(covered / target if target else 0),
    }
    table = [
        (row.label, number(row.covered), number(row.target), number(max(row.target - row.covered, 0))) for row in rows
    ]
    return _chart(
        title,
        sentence,
        f'<ul class="bars">{drawn}</ul>{_gap_legend()}',
        (_("Nama"), _("Terlindungi"), _("Sasaran"), _("Belum")),
        table,
        as_of,
        source,
    )


def columns_chart(
    title: object,
    rows: Sequence[tuple[Label, int | float]],
    *,
    kind: str = "number",
    as_of: date | None = None,
    source: object = "",
) -> SafeString:
    """Columns over months (labels that are dates) or over named steps."""
    values = [value for _label, value in rows]
    most = max(values, default=0) or 1
    shown = rupiah_short(int(most)) if kind == "rupiah" else figure(most, kind)
    last = rows[-1] if rows else None
    sentence = (
        _("Tidak ada data.")
        if last is None
        else _("Terakhir %(label)s: %(value)s; tertinggi %(most)s.")
        % {"label": _words(last[0]), "value": figure(last[1], kind), "most": figure(most, kind)}
    )
    ends = (
        f"<span>{escape(_words(rows[0][0], True))}</span><span>{escape(_words(rows[-1][0], True))}</span>"
        if rows
        else ""
    )
    svg = _columns_svg(values, most, "columns", [f"{_words(label)}: {figure(value, kind)}" for label, value in rows])
    body = (
        f'<div class="columns-box"><span class="columns-top num">{escape(shown)}</span>{svg}'
        f'<div class="columns-ends">{ends}</div></div>'
    )
    table = [(_words(label), figure(value, kind)) for label, value in rows]
    return _chart(title, sentence, body, (_("Waktu"), _("Nilai")), table, as_of, source)


def spark(values: Sequence[int | float], *, label: object) -> SafeString:
    """Word-sized columns for a table cell; the label and the values are read out."""
    listed = ", ".join(figure(value) for value in values)
    svg = _columns_svg(values, max(values, default=0) or 1, "spark", [])
    return mark_safe(f'<span class="spark-box" role="img" aria-label="{escape(label)}: {escape(listed)}">{svg}</span>')


def dot_map(
    title: object,
    points: Sequence[MapPoint],
    width: int = 640,
    *,
    unit: object = "",
    as_of: date | None = None,
    source: object = "",
) -> SafeString:
    """Places as dots where they lie (north is up); no background map, so it prints and needs no network."""
    table = [(point.name, figure(point.value)) for point in points]
    heads = (_("Tempat"), str(unit) or _("Nilai"))
    if not points:
        return _chart(title, _("Tidak ada data."), "", heads, table, as_of, source)
    place, height = _projection(points, width)
    most = max(abs(point.value) for point in points) or 1
    largest_first = sorted(points, key=lambda point: -abs(point.value))
    dots = "".join(_dot(point, *place(point), 3 + 11 * math.sqrt(abs(point.value) / most)) for point in largest_first)
    names = "".join(_dot_name(point, *place(point), width) for point in points if point.label)
    top = max(points, key=lambda point: point.value)
    sentence = _("%(count)s tempat; terbesar %(name)s, %(value)s %(unit)s.") % {
        "count": number(len(points)),
        "name": top.name,
        "value": figure(top.value),
        "unit": unit,
    }
    svg = (
        f'<svg class="dot-map" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'xmlns="http://www.w3.org/2000/svg">{dots}{names}</svg>'
    )
    return _chart(title, sentence, svg, heads, table, as_of, source, drawn_only=not any(p.url for p in points))


def _chart(
    title: object,
    sentence: str,
    drawn: str,
    heads: TableRow,
    table: Sequence[TableRow],
    as_of: date | None,
    source: object,
    *,
    drawn_only: bool = False,
) -> SafeString:
    """The frame all charts share: caption, sentence, picture, source, table."""
    line = as_of_line(as_of, str(source) if source else None)
    head = "".join(f'<th scope="col"{_num(index)}>{escape(cell)}</th>' for index, cell in enumerate(heads))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{escape(cell)}</th>' if index == 0 else f'<td class="num">{escape(cell)}</td>'
            for index, cell in enumerate(row)
        )
        + "</tr>"
        for row in table
    )
    see_table = _("Lihat tabel")
    role = f' role="img" aria-label="{escape(title)}: {escape(sentence)}"' if drawn_only else ""
    return mark_safe(
        f'<figure class="chart"><figcaption><span class="chart-title">{escape(title)}</span> '
        f'<span class="muted">{escape(sentence)}</span></figcaption><div class="chart-body"{role}>{drawn}</div>'
        f'<details class="chart-table"><summary>{escape(see_table)}</summary>'
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{escape(title)}"><table class="table">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>"
        f'<p class="asof">{escape(line)}</p></figure>'
    )


def _num(index: int) -> str:
    return ' class="num"' if index else ""


def _link(label: str, url: str | None) -> str:
    return f'<a href="{escape(url)}">{escape(label)}</a>' if url else escape(label)


def _words(label: Label, short: bool = False) -> str:
    if isinstance(label, date):
        return short_month(label) if short else long_month(label)
    return label


def _gap_svg(covered: int, target: int, whole: int, css: str) -> str:
    """Solid for people protected, hatched to the target, a line at the target."""
    filled, goal = 100 * covered / whole, 100 * target / whole
    hatch = "".join(f"M{x:.2f} 10L{min(x + 1.2, goal):.2f} 0" for x in _steps(filled + 0.6, goal, 1.6))
    return (
        f'<svg class="{css}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar-track" width="100" height="10" fill="#e9ecea"/>'
        f'<path class="gap-hatch" stroke="#b26a00" vector-effect="non-scaling-stroke" d="{hatch or "M0 0"}"/>'
        f'<rect class="fill-ok" width="{filled:.2f}" height="10" fill="#0f6b61"/>'
        f'<path class="gap-line" stroke="#16211f" stroke-width="2" vector-effect="non-scaling-stroke" '
        f'd="M{min(goal, 99.8):.2f} 0v10"/></svg>'
    )


def _steps(start: float, stop: float, step: float) -> list[float]:
    return [start + index * step for index in range(max(math.ceil((stop - start) / step), 0))]


def _gap_legend() -> str:
    covered, missing = _("terlindungi"), _("belum, menuju sasaran")
    return (
        f'<ul class="gap-words gap-legend"><li class="gap-covered">{escape(covered)}</li>'
        f'<li class="gap-missing">{escape(missing)}</li></ul>'
    )


def _columns_svg(values: Sequence[int | float], most: float, css: str, tips: Sequence[str]) -> str:
    count = max(len(values), 1)
    rects = "".join(
        f'<rect class="{"fill-ok" if index == len(values) - 1 else "fill-soft"}" x="{index * 10 + 1}" '
        f'y="{40 - 40 * max(value, 0) / most:.2f}" width="8" height="{40 * max(value, 0) / most:.2f}" fill="#0f6b61">'
        f"{f'<title>{escape(tips[index])}</title>' if tips else ''}</rect>"
        for index, value in enumerate(values)
    )
    return (
        f'<svg class="{css}" viewBox="0 0 {count * 10} 40" preserveAspectRatio="none" aria-hidden="true">{rects}</svg>'
    )


def _projection(points: Sequence[MapPoint], width: int) -> tuple[Place, int]:
    """Equirectangular around the points' middle; exact enough for a regency."""
    margin = 24.0
    west, east = min(p.lon for p in points), max(p.lon for p in points)
    south, north = min(p.lat for p in points), max(p.lat for p in points)
    shrink = math.cos(math.radians((south + north) / 2))
    across, up = max((east - west) * shrink, 1e-6), max(north - south, 1e-6)
    scale = min((width - 2 * margin) / across, (0.75 * width - 2 * margin) / up)
    left = (width - across * scale) / 2
    height = round(up * scale + 2 * margin)

    def place(point: MapPoint) -> tuple[float, float]:
        return left + (point.lon - west) * shrink * scale, margin + (north - point.lat) * scale

    return place, height


def _dot(point: MapPoint, x: float, y: float, radius: float) -> str:
    tip = f"<title>{escape(point.name)}: {escape(figure(point.value))}</title>"
    circle = (
        f'<circle class="map-dot fill-{point.tone}" fill="#0f6b61" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}">'
        f"{tip}</circle>"
    )
    return (
        f'<a href="{escape(point.url)}" aria-label="{escape(point.name)}: {escape(figure(point.value))}">{circle}</a>'
        if point.url
        else circle
    )


def _dot_name(point: MapPoint, x: float, y: float, width: int) -> str:
    right = x > width * 0.75
    anchor = ' text-anchor="end"' if right else ""
    return (
        f'<text class="map-name" x="{x - 9 if right else x + 9:.1f}" y="{y + 4:.1f}"{anchor} font-size="12" '
        f'fill="#16211f">{escape(point.name)}</text>'
    )
