"""The weave: villages × months, each cell the share of people whose month is paid.

A coming gap shows as a dark column before it happens. It is a real table, so it needs no second one to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from lindung.core.ui.words import as_of_line, long_month, month_short_name, percent


@dataclass(frozen=True)
class WeaveRow:
    """A village (or payer) and its share paid per month, 0 to 1; None where it was not in the scheme."""

    name: str
    shares: Sequence[float | None]
    url: str = ""


def weave_table(
    title: object,
    *,
    months: Sequence[date],
    rows: Sequence[WeaveRow],
    as_of: date | None = None,
    source: object = "",
) -> SafeString:
    """The weave as HTML. Every row has one share per month, else ValueError."""
    for row in rows:
        if len(row.shares) != len(months):
            raise ValueError(f"{row.name}: {len(row.shares)} shares for {len(months)} months")
    heads = "".join(
        f'<th scope="col"><abbr title="{escape(long_month(month))}">{escape(month_short_name(month.month))}'
        f"<span>{month.year % 100:02d}</span></abbr></th>"
        for month in months
    )
    body = "".join(_row(row) for row in rows)
    line = as_of_line(as_of, str(source) if source else None)
    area = _("Wilayah")
    return mark_safe(
        f'<figure class="chart weave"><figcaption><span class="chart-title">{escape(title)}</span> '
        f'<span class="muted">{escape(_sentence(months, rows))}</span></figcaption>{_legend()}'
        f'<div class="table-wrap" tabindex="0" role="region" aria-label="{escape(title)}"><table>'
        f'<thead><tr><th scope="col">{escape(area)}</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        f'<p class="asof">{escape(line)}</p></figure>'
    )


def level(share: float | None) -> str:
    """The class of a cell: `x` outside the scheme, 0 nobody paid, 1 to 3 partly, 4 all (99.5% and more)."""
    if share is None:
        return "x"
    if share <= 0:
        return "0"
    if share >= 0.995:
        return "4"
    return "1" if share < 0.5 else "2" if share < 0.8 else "3"


def _row(row: WeaveRow) -> str:
    name = f'<a href="{escape(row.url)}">{escape(row.name)}</a>' if row.url else escape(row.name)
    return f'<tr><th scope="row">{name}</th>{"".join(_cell(share) for share in row.shares)}</tr>'


def _cell(share: float | None) -> str:
    if share is None:
        outside = _("tidak ikut")
        return f'<td class="wv wv-x"><span class="visually-hidden">{escape(outside)}</span></td>'
    return f'<td class="wv wv-{level(share)}"><span>{escape(percent(share, 0))}</span></td>'


def _sentence(months: Sequence[date], rows: Sequence[WeaveRow]) -> str:
    """Names the first month in which somewhere nobody is paid."""
    for index, month in enumerate(months):
        empty = sum(1 for row in rows if row.shares[index] is not None and level(row.shares[index]) == "0")
        if empty:
            return _("Mulai %(month)s ada %(count)s wilayah tanpa pembayaran sama sekali.") % {
                "month": long_month(month),
                "count": empty,
            }
    return _("Tidak ada wilayah yang kosong sama sekali.")


def _legend() -> str:
    steps = (
        ("4", _("semua terbayar")),
        ("3", _("80% ke atas")),
        ("2", _("50–79%")),
        ("1", _("di bawah 50%")),
        ("0", _("belum ada")),
        ("x", _("tidak ikut")),
    )
    items = "".join(f'<li><span class="wv wv-{key}"></span>{escape(words)}</li>' for key, words in steps)
    return f'<ul class="legend">{items}</ul>'
