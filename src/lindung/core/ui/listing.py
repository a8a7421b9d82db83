"""What a list page is made of: columns, filters, the validated question, the page of answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest

from lindung.core.ui.parts import Text, Tone

Kind = Literal["text", "number", "rupiah", "percent", "date", "datetime", "month", "badge", "nik", "link", "html"]
Choices = Sequence[tuple[str, Text]]

RIGHT_ALIGNED = frozenset({"number", "rupiah", "percent"})
RESERVED = frozenset({"q", "sort", "page", "format"})
MAX_SEARCH = 100
MAX_PAGE = 40  # nobody reads further; whoever seeks someone searches, filters or turns the order round


@dataclass(frozen=True)
class Badge:
    """The word and tone that stand for a stored code."""

    label: Text
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Column:
    """A column: where its value comes from, how it is written, and how long it stays as the screen narrows.

    `priority` 1 always stays, 2 leaves the table below 1000 px (kept in the card on a phone), 3 leaves below 1280 px
    and 4 below 1440 px; these two are not in the card. `value` overrides the attribute or key named by `key`. An
    `html` value must be safe HTML."""

    key: str
    title: Text
    kind: Kind = "text"
    sortable: bool = False
    align: Literal["left", "right", ""] = ""
    width: Literal["wide", "tight", "nowrap", ""] = ""  # wide: sentences; tight: small print, for long names
    priority: Literal[1, 2, 3, 4] = 1
    badges: Mapping[str, Badge] = field(default_factory=dict)
    value: Callable[[Any], Any] | None = None
    export: bool = True

    def of(self, row: Any) -> Any:
        """The raw value of this column in a row (dataclass, model instance or mapping)."""
        if self.value is not None:
            return self.value(row)
        return row[self.key] if isinstance(row, Mapping) else getattr(row, self.key)

    @property
    def numeric(self) -> bool:
        """Whether the column is set flush right."""
        return self.align == "right" or (not self.align and self.kind in RIGHT_ALIGNED)


@dataclass(frozen=True)
class Filter:
    """A way to narrow the list to one of some choices, fixed or worked out from the request. `unchosen` says what the
    list is without a choice, where that is not everything."""

    key: str
    title: Text
    choices: Choices | Callable[[HttpRequest], Choices]
    unchosen: Text = ""

    def __post_init__(self) -> None:
        if self.key in RESERVED:
            raise ValueError(f"a filter cannot be called {self.key!r}")

    def options(self, request: HttpRequest) -> Choices:
        """The choices for this reader."""
        if not callable(self.choices):
            return self.choices
        known: dict[str, Choices] = request.__dict__.setdefault("filter_options", {})  # asked several times a page
        if self.key not in known:
            known[self.key] = self.choices(request)
        return known[self.key]


@dataclass(frozen=True)
class BulkAction:
    """An act on the selected rows; `url` gets `selected` (row keys) by POST and must show a preview first."""

    title: Text
    url: str
    css: str = ""


@dataclass(frozen=True)
class ListQuery:
    """What the reader asks of a list, already checked against the columns and filters it has."""

    search: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)
    sort: str | None = None
    descending: bool = False
    page: int = 1
    size: int = 50

    @property
    def limit(self) -> int:
        """One row more than a page, so that a next page is seen without counting."""
        return self.size + 1

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.size

    def order_sql(self, columns: Mapping[str, str], tie: str) -> str:
        """The ORDER BY terms; `columns` maps sort keys to SQL, `tie` makes the order total.

        >>> ListQuery(sort="name", descending=True).order_sql({"name": "p.name"}, "p.id")
        'p.name DESC NULLS LAST, p.id'
        """
        if self.sort is None or self.sort not in columns:
            return tie
        return f"{columns[self.sort]} {'DESC' if self.descending else 'ASC'} NULLS LAST, {tie}"

    def querystring(self, **changes: Any) -> str:
        """This question as an address (`?…`), with changes; a changed question starts on page 1."""
        asked = replace(self, **{"page": 1, **changes})
        pairs: list[tuple[str, str]] = [("q", asked.search)] if asked.search else []
        pairs += asked.filters.items()
        if asked.sort:
            pairs.append(("sort", f"{'-' if asked.descending else ''}{asked.sort}"))
        if asked.page > 1:
            pairs.append(("page", str(asked.page)))
        return f"?{urlencode(pairs)}"

    def without(self, key: str) -> str:
        """The address with one filter taken away."""
        return self.querystring(filters={name: value for name, value in self.filters.items() if name != key})


@dataclass(frozen=True)
class Page:
    """One page of rows; `total` may be unknown for long lists."""

    rows: Sequence[Any]
    total: int | None = None
    has_next: bool = False

    @classmethod
    def of(cls, rows: Sequence[Any], query: ListQuery, total: int | None = None) -> Page:
        """From at most `query.limit` rows; the one row too many tells that there is a next page."""
        return cls(rows[: query.size], total, len(rows) > query.size and query.page < MAX_PAGE)

    def last(self, size: int) -> int | None:
        """The number of the last page, if the total is known."""
        return None if self.total is None else min(max(math.ceil(self.total / size), 1), MAX_PAGE)


def parse_query(
    request: HttpRequest,
    columns: Sequence[Column],
    filters: Sequence[Filter],
    *,
    default_sort: str = "",
    size: int = 50,
) -> ListQuery:
    """Reads the question from the address. Unknown filter values and sort keys are dropped, never an error."""
    given = request.GET
    chosen = {}
    for item in filters:
        value = given.get(item.key, "")
        if value and value in {str(code) for code, _words in item.options(request)}:
            chosen[item.key] = value
    sortable = {column.key for column in columns if column.sortable}
    sort = given.get("sort", "")
    if sort.removeprefix("-") not in sortable:
        sort = default_sort
    page = given.get("page", "")
    return ListQuery(
        search=" ".join(given.get("q", "").replace("\x00", "").split())[:MAX_SEARCH],
        filters=chosen,
        sort=sort.removeprefix("-") or None,
        descending=sort.startswith("-"),
        page=min(int(page), MAX_PAGE) if page.isascii() and page.isdigit() and int(page) > 0 else 1,
        size=size,
    )
