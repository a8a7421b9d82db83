"""The ribbon (pita perlindungan): a person's cover as a strip of month cells, drawn as inline SVG.

Solid is paid, outlined is billed, hatched is in grace, an empty dashed cell is a month without cover, dotted is
planned; a dot is an event. Colours are classes with plain fall-backs, so the same picture stands alone and in print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lindung.core.months import month_of, months_between
from lindung.core.ui.words import long_date, long_month, month_short_name, number, short_date

State = Literal["paid", "billed", "grace", "none", "planned"]

_FALLBACK = {
    "paid": 'fill="#0f6b61"',
    "billed": 'fill="none" stroke="#0f6b61" stroke-width="1.5"',
    "grace": 'fill="none" stroke="#b26a00" stroke-width="1.2"',
    "none": 'fill="none" stroke="#b3261e" stroke-dasharray="2 2"',
    "planned": 'fill="none" stroke="#6b7a77" stroke-dasharray="1 2"',
}
_SMALL_MONTHS = 12


@dataclass(frozen=True)
class RibbonMonth:
    """One month of cover and who pays for it (empty when nobody does)."""

    month: date
    state: State
    payer: str = ""


@dataclass(frozen=True)
class RibbonEvent:
    """Something that happened in the person's life: an accident, a death, a claim."""

    day: date
    title: str


@dataclass(frozen=True)
class _Grid:
    """Measures of one size of the ribbon, in SVG units."""

    left: int
    top: int
    cell: int
    height: int
    gap: int


_SMALL = _Grid(left=1, top=5, cell=10, height=13, gap=2)
_LARGE = _Grid(left=34, top=32, cell=23, height=19, gap=2)
_LETTER = 5.6  # how wide a letter of a payer's name is
_ROW = 56  # a year: cells, payer names and room for the mark of full protection


def ribbon_sentence(months: Sequence[RibbonMonth], full_from: date | None = None) -> str:
    """The ribbon in one sentence, for screen readers and for the letter under the picture."""
    if not months:
        return _("Belum ada bulan perlindungan.")
    span = _("Perlindungan %(first)s sampai %(last)s") % {
        "first": long_month(months[0].month),
        "last": long_month(months[-1].month),
    }
    counted = [
        f"{number(count)} {words}"
        for state, words in _state_words()
        if (count := sum(1 for cell in months if cell.state == state))
    ]
    payers = list(dict.fromkeys(cell.payer for cell in months if cell.payer))
    sentence = f"{span}: {', '.join(counted)}."
    if payers:
        sentence += " " + _("Iuran oleh %(payers)s.") % {"payers": ", ".join(payers)}
    if full_from:
        sentence += " " + _("Perlindungan penuh sejak %(date)s.") % {"date": long_date(full_from)}
    return sentence


def ribbon_svg(
    months: Sequence[RibbonMonth],
    *,
    today: date,
    full_from: date | None = None,
    events: Sequence[RibbonEvent] = (),
    size: Literal["small", "large"] = "large",
) -> SafeString:
    """The ribbon of `months` (ascending). Small: the last 12 in a strip; large: a row per year with payers."""
    if size == "small":
        return _small(months[-_SMALL_MONTHS:], today, full_from, events)
    return _large(months, today, full_from, events)


def _state_words() -> tuple[tuple[State, str], ...]:
    return (
        ("paid", _("bulan terbayar")),
        ("billed", _("bulan sudah ditagih")),
        ("grace", _("bulan dalam masa tenggang")),
        ("none", _("bulan tanpa perlindungan")),
        ("planned", _("bulan direncanakan")),
    )


def _small(
    months: Sequence[RibbonMonth],
    today: date,
    full_from: date | None,
    events: Sequence[RibbonEvent],
) -> SafeString:
    placed = [(cell, _SMALL.left + index * _SMALL.cell, _SMALL.top) for index, cell in enumerate(months)]
    width = _SMALL.left * 2 + _SMALL_MONTHS * _SMALL.cell - _SMALL.gap
    body = _cells(placed, _SMALL) + _dots(placed, _SMALL, events) + _today(placed, _SMALL, today, label=False)
    return _svg("small", width, _SMALL.top + _SMALL.height + 1, ribbon_sentence(months, full_from), body)


def _large(
    months: Sequence[RibbonMonth],
    today: date,
    full_from: date | None,
    events: Sequence[RibbonEvent],
) -> SafeString:
    if not months:
        return _svg("large", 1, 1, ribbon_sentence(months), "")
    first_year = months[0].month.year
    rows = months[-1].month.year - first_year + 1
    placed = [
        (cell, _LARGE.left + (cell.month.month - 1) * _LARGE.cell, _LARGE.top + (cell.month.year - first_year) * _ROW)
        for cell in months
    ]
    body = "".join(
        (
            _month_heads(),
            _year_heads(first_year, rows),
            _cells(placed, _LARGE),
            _payers(placed),
            _full_mark(placed, full_from),
            _dots(placed, _LARGE, events),
            _today(placed, _LARGE, today, label=True),
        )
    )
    width = _LARGE.left + 12 * _LARGE.cell + 2
    return _svg("large", width, _LARGE.top + rows * _ROW - 18, ribbon_sentence(months, full_from), body)


Placed = Sequence[tuple[RibbonMonth, int, int]]


def _svg(size: str, width: int, height: int, sentence: str, body: str) -> SafeString:
    return mark_safe(
        f'<svg class="ribbon ribbon-{size}" role="img" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" xmlns="http://www.w3.org/2000/svg"><title>{escape(sentence)}</title>{body}</svg>'
    )


def _cells(placed: Placed, grid: _Grid) -> str:
    """One path per state: small in bytes even in a table of a hundred ribbons."""
    width, height = grid.cell - grid.gap, grid.height
    out = []
    for state, look in _FALLBACK.items():
        boxes = [(x, y) for cell, x, y in placed if cell.state == state]
        if not boxes:
            continue
        inset = 0 if state == "paid" else 0.75
        path = "".join(_box(x + inset, y + inset, width - 2 * inset, height - 2 * inset) for x, y in boxes)
        out.append(f'<path class="rb-{state}" {look} d="{path}"/>')
        if state == "grace":
            lines = "".join(_hatch(x, y, width, height) for x, y in boxes)
            out.append(f'<path class="rb-hatch" stroke="#b26a00" stroke-width="1.4" fill="none" d="{lines}"/>')
    return "".join(out)


def _box(x: float, y: float, width: float, height: float) -> str:
    radius = 1.5
    return (
        f"M{x + radius:g} {y:g}h{width - 2 * radius:g}a{radius} {radius} 0 0 1 {radius} {radius}"
        f"v{height - 2 * radius:g}a{radius} {radius} 0 0 1 -{radius} {radius}h-{width - 2 * radius:g}"
        f"a{radius} {radius} 0 0 1 -{radius} -{radius}v-{height - 2 * radius:g}"
        f"a{radius} {radius} 0 0 1 {radius} -{radius}z"
    )


def _hatch(x: float, y: float, width: float, height: float) -> str:
    """Diagonals from lower left to upper right, clipped to the cell."""
    lines = []
    for offset in range(5, int(width + height), 5):
        x1, y1 = (x, y + offset) if offset <= height else (x + offset - height, y + height)
        x2, y2 = (x + offset, y) if offset <= width else (x + width, y + offset - width)
        lines.append(f"M{x1:g} {y1:g}L{x2:g} {y2:g}")
    return "".join(lines)


def _find(placed: Placed, day: date) -> tuple[int, int] | None:
    month = month_of(day)
    return next(((x, y) for cell, x, y in placed if cell.month == month), None)


def _dots(placed: Placed, grid: _Grid, events: Sequence[RibbonEvent]) -> str:
    out = []
    for event in events:
        if spot := _find(placed, event.day):
            x, y = spot[0] + (grid.cell - grid.gap) / 2, spot[1] + grid.height / 2
            radius = 2.2 if grid is _SMALL else 4
            title = escape(f"{long_date(event.day)}: {event.title}")
            out.append(
                f'<circle class="rb-dot" fill="#fff" stroke="#16211f" stroke-width="1.5" cx="{x:g}" '
                f'cy="{y:g}" r="{radius}"><title>{title}</title></circle>'
            )
    return "".join(out)


def _today(placed: Placed, grid: _Grid, today: date, *, label: bool) -> str:
    spot = _find(placed, today)
    if spot is None:
        return ""
    width = grid.cell - grid.gap
    x, y = spot[0] + width / 2, spot[1] - 1
    mark = f'<path class="rb-today" fill="#16211f" d="M{x - 3.5:g} {y - 5}h7l-3.5 5z"/>'
    if label and today.month >= 11:  # the word would run out of the picture
        return mark + _text(x - 5, y - 2, _("hari ini"), "rb-now", anchor="end")
    return mark + _text(x + 5, y - 2, _("hari ini"), "rb-now") if label else mark


def _month_heads() -> str:
    middle = (_LARGE.cell - _LARGE.gap) / 2
    return "".join(
        _text(_LARGE.left + index * _LARGE.cell + middle, 9, month_short_name(index + 1), "rb-head", anchor="middle")
        for index in range(12)
    )


def _year_heads(first_year: int, rows: int) -> str:
    return "".join(_text(0, _LARGE.top + row * _ROW + 14, str(first_year + row), "rb-year") for row in range(rows))


def _stretches(placed: Placed) -> Iterator[list[tuple[RibbonMonth, int, int]]]:
    """Neighbouring months of one year that one payer pays, or that nobody covers."""

    def change(item: tuple[int, tuple[RibbonMonth, int, int]]) -> tuple[int, str, int]:
        index, (cell, _x, y) = item
        return y, "" if cell.state == "none" else cell.payer, months_between(date(1970, 1, 1), cell.month) - index

    for _key, group in groupby(enumerate(placed), key=change):
        yield [item for _index, item in group]


def _payers(placed: Placed) -> str:
    out = []
    for stretch in _stretches(placed):
        cell, x, y = stretch[0]
        width = len(stretch) * _LARGE.cell - _LARGE.gap
        lost = cell.state == "none"
        name = _lost_name(width) if lost else cell.payer
        if not name:
            continue
        css = "rb-lost" if lost else "rb-payer"
        out.append(f'<path class="rb-rule {css}" stroke="#6b7a77" d="M{x} {y + 22.5}h{width}"/>')
        out.append(_text(x, y + 33, _fit(name, width), css, title=name))
    return "".join(out)


def _lost_name(width: float) -> str:
    full = _("tanpa perlindungan")
    return full if len(full) * _LETTER <= width else _("kosong")


def _fit(text: str, width: float) -> str:
    """Shortens a name to what fits under its stretch ."""
    room = int(width / _LETTER)
    return text if len(text) <= room else text[: max(room - 1, 1)].rstrip() + "…"


def _full_mark(placed: Placed, full_from: date | None) -> str:
    spot = _find(placed, full_from) if full_from else None
    if spot is None or full_from is None:
        return ""
    x, y = spot[0] - 1, spot[1]
    label = _("perlindungan penuh sejak %(date)s") % {"date": short_date(full_from)}
    line = (
        f'<path class="rb-full" stroke="#16211f" stroke-width="2" fill="none" d="M{x:g} {y - 3}v{_LARGE.height + 6}"/>'
    )
    # From June on the words would run out of the picture: they end at its edge instead.
    if full_from.month > 5:
        return line + _text(_LARGE.left + 12 * _LARGE.cell - _LARGE.gap, y - 5, label, "rb-mark", anchor="end")
    return line + _text(x, y - 5, label, "rb-mark")


def _text(x: float, y: float, text: str, css: str, anchor: str = "start", title: str = "") -> str:
    tip = f"<title>{escape(title)}</title>" if title and title != text else ""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text class="{css}" x="{x:g}" y="{y:g}"{place} font-size="10" fill="#35423f">{escape(text)}{tip}</text>'


def ribbon_legend() -> SafeString:
    """What each sort of cell means; once on every page that shows ribbons."""
    shown: tuple[tuple[State, str], ...] = (
        ("paid", _("terbayar")),
        ("billed", _("ditagih")),
        ("grace", _("masa tenggang")),
        ("none", _("tanpa perlindungan")),
        ("planned", _("direncanakan")),
    )
    items = []
    for state, words in shown:
        cell = [(RibbonMonth(date(2000, 1, 1), state), 1, 1)]
        items.append(
            '<li><svg viewBox="0 0 10 15" width="12" height="18" aria-hidden="true">'
            f"{_cells(cell, _SMALL)}</svg>"
            f"{escape(words)}</li>"
        )
    return mark_safe(f'<ul class="legend">{"".join(items)}</ul>')
