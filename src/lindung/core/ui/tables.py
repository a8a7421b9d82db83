"""List pages: search as you type, filters as words, sort, pages, selection, Excel of exactly what is seen.

A room declares columns and filters and answers `rows(query)`; everything works without JavaScript, and htmx only
replaces the table part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape  # Django's looks for lazy texts first, which costs more than the rest of a row
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from lindung.core.clock import today
from lindung.core.ui import words
from lindung.core.ui.listing import Badge, BulkAction, Choices, Column, Filter, ListQuery, Page, parse_query
from lindung.core.ui.parts import Text
from lindung.formats import tables as workbooks

__all__ = ["Badge", "BulkAction", "Column", "Filter", "ListQuery", "Page", "TableView"]

# Every other kind is written as the text on screen.
_WORKBOOK_KINDS: dict[str, workbooks.Kind] = {
    "number": "number",
    "rupiah": "rupiah",
    "percent": "percent",
    "date": "date",
    "month": "month",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Heading:
    """A column's head as the template needs it."""

    title: Text
    css: str
    sortable: bool
    aria_sort: str
    address: str


@dataclass(frozen=True)
class Line:
    """A written row; `cells` is its HTML."""

    cells: SafeString
    url: str | None
    key: str
    name: str


@dataclass(frozen=True)
class Word:
    """An active search or filter that can be taken away."""

    text: str
    address: str


class TableView(View):
    """A list page. Subclasses give title, columns, filters and `rows`; see the components' README for an example."""

    title: Text = ""
    lead: Text = ""
    search_hint: Text | None = gettext_lazy("Cari")
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    default_sort: str = ""
    page_size: int = 50
    export_limit: int = 200_000
    filename: str = ""
    source: Text = ""
    empty_title: Text = gettext_lazy("Belum ada data")
    empty_text: Text = ""
    empty_url: str = ""
    empty_action: Text = ""
    back_url: str = ""
    back: Text = ""
    actions: ClassVar[Sequence[tuple[Text, str, str]]] = ()
    bulk_actions: ClassVar[Sequence[BulkAction]] = ()
    above_template: str = ""
    template_name: str = "components/table_page.html"
    part_template_name: ClassVar[str] = "components/table_part.html"

    def rows(self, query: ListQuery) -> Page:
        """One page of rows, asked from the room's queries."""
        raise NotImplementedError(f"{type(self).__name__} must answer rows()")

    def row_url(self, row: Any) -> str | None:
        """Where a row leads, if anywhere."""
        return None

    def row_key(self, row: Any) -> str:
        """What identifies a row when it is selected."""
        return str(row["id"] if isinstance(row, Mapping) else row.id)

    def extra_context(self, query: ListQuery) -> dict[str, Any]:
        """More for the template, for example figures above the table."""
        return {}

    def as_of(self) -> date | None:
        """The date the rows are true for."""
        return today()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, only its table part for htmx, or the Excel file."""
        query = parse_query(request, self.columns, self.filters, default_sort=self.default_sort, size=self.page_size)
        if request.GET.get("format") == "xlsx":
            return self._file(query)
        htmx = getattr(request, "htmx", None)
        partial = htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request
        response = render(request, self.part_template_name if partial else self.template_name, self._context(query))
        patch_vary_headers(response, ["HX-Request"])
        return response

    def export(self, query: ListQuery) -> bytes:
        """The workbook of everything that the question matches, up to `export_limit` rows, in the columns shown."""
        everything = replace(query, page=1, size=self.export_limit)
        columns = [column for column in self.columns if column.export]
        rows = [[_plain(column, row) for column in columns] for row in self.rows(everything).rows]
        subtitles = [word.text for word in self._words(query)]
        line = words.as_of_line(self.as_of(), str(self.source))
        heads = [workbooks.Column(str(column.title), _WORKBOOK_KINDS.get(column.kind, "text")) for column in columns]
        return workbooks.write_table(str(self.title), [*subtitles, line] if line else subtitles, heads, rows)

    def _file(self, query: ListQuery) -> HttpResponse:
        name = f"{self.filename or slugify(str(self.title)) or 'tabel'}-{self.as_of() or today():%Y-%m-%d}.xlsx"
        return HttpResponse(
            self.export(query), content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    def _context(self, query: ListQuery) -> dict[str, Any]:
        page = self.rows(query)
        context = {
            "view": self,
            "query": query,
            "page": page,
            "headings": [self._heading(column, query) for column in self.columns],
            "lines": self._lines(page.rows),
            "words": self._words(query),
            "filters": [
                (item, _options(item.options(self.request), query.filters.get(item.key, ""))) for item in self.filters
            ],
            "sort_value": f"{'-' if query.descending else ''}{query.sort}" if query.sort else "",
            "as_of": self.as_of(),
            "export_address": f"{query.querystring()}&format=xlsx",
        }
        return context | self.extra_context(query)

    def _heading(self, column: Column, query: ListQuery) -> Heading:
        current = query.sort == column.key
        direction = ("descending" if query.descending else "ascending") if current else ""
        address = query.querystring(sort=column.key, descending=current and not query.descending)
        return Heading(column.title, _css(column), column.sortable, direction, address)

    def _lines(self, rows: Sequence[Any]) -> list[Line]:
        """The written rows. What is the same in every row is written once: a template a cell would cost more than
        asking the database."""
        opening = [
            (column, f'<td role="cell" class="{_css(column)}"><span class="cell-label" aria-hidden="true">'
                     f"{conditional_escape(str(column.title))}</span>")
            for column in self.columns
        ]  # fmt: skip
        return [self._line(row, opening) for row in rows]

    def _line(self, row: Any, opening: Sequence[tuple[Column, str]]) -> Line:
        url = self.row_url(row)
        cells = "".join(f"{head}{self._cell(column, row, url)}</td>" for column, head in opening)
        key = self.row_key(row) if self.bulk_actions else ""
        return Line(mark_safe(cells), url, key, _text(self.columns[0], row))

    def _cell(self, column: Column, row: Any, url: str | None) -> str:
        value = column.of(row)
        if column.kind == "link" and url:
            return f'<a href="{escape(url)}">{escape(words.NOTHING if value in (None, "") else str(value))}</a>'
        if column.kind == "html":
            return conditional_escape(words.NOTHING if value in (None, "") else value)
        if column.kind == "badge" and value not in (None, ""):
            badge = column.badges.get(str(value), Badge(str(value)))
            return _badge(str(badge.label), badge.tone)
        return escape(_text(column, row))

    def _words(self, query: ListQuery) -> list[Word]:
        found = []
        if query.search:
            text = _("Cari: %(search)s") % {"search": query.search}
            found.append(Word(text, query.querystring(search="")))
        for item in self.filters:
            if chosen := query.filters.get(item.key):
                label = next(label for code, label in item.options(self.request) if str(code) == chosen)
                found.append(Word(f"{item.title}: {label}", query.without(item.key)))
        return found


def _options(choices: Choices, chosen: str) -> SafeString:
    """The options of a filter: hundreds, where a loop of a template would take milliseconds."""
    return mark_safe(
        "".join(
            f'<option value="{escape(str(code))}"{" selected" if str(code) == chosen else ""}>'
            f"{escape(str(label))}</option>"
            for code, label in choices
        )
    )


@lru_cache(maxsize=512)
def _badge(label: str, tone: str) -> SafeString:
    return render_to_string("components/badge.html", {"label": label, "tone": tone})


def _css(column: Column) -> str:
    classes = [f"p{column.priority}"] if column.priority > 1 else []
    if column.numeric:
        classes.append("num")
    if column.kind in {"date", "datetime", "month", "nik"}:
        classes.append("nowrap")
    if column.kind in {"text", "link"}:
        classes.append(f"k-{column.kind}")
    if column.width:
        classes.append(column.width)
    return " ".join(classes)


def _text(column: Column, row: Any) -> str:
    """The value as people read it."""
    value = column.of(row)
    if value is None or value == "":
        return words.NOTHING
    match column.kind:
        case "rupiah" | "percent" | "number":
            return words.figure(value, column.kind)
        case "date":
            return words.long_date(value)
        case "datetime":
            return words.moment(value)
        case "month":
            return words.long_month(value)
        case "nik":
            return words.mask_nik(value)
        case "badge":
            return str(column.badges[value].label) if value in column.badges else str(value)
        case _:
            return str(value)


def _plain(column: Column, row: Any) -> workbooks.Value:
    """The value for a workbook: figures and dates stay figures and dates, the rest as seen on screen."""
    value = column.of(row)
    if value is None or value == "":
        return None
    if column.kind in _WORKBOOK_KINDS:
        return float(value) if isinstance(value, Decimal) else value
    return _text(column, row)
