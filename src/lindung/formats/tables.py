"""A plain, clean .xlsx of any list on screen (every "Unduh Excel")."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

import xlsxwriter

Kind = Literal["text", "number", "rupiah", "date", "month", "percent"]
Value = str | int | float | date | bool | None
TEXT_CELL_LIMIT = 32_767
SHEET_NAME_LIMIT = 31

_FORMATS: dict[Kind, dict[str, object]] = {
    "text": {"num_format": "@"},  # NIK, phone and account numbers stay as they are written
    "number": {"num_format": "#,##0"},
    "rupiah": {"num_format": '"Rp"#,##0;[Red]-"Rp"#,##0'},
    "date": {"num_format": "dd/mm/yyyy"},
    "month": {"num_format": "mmmm yyyy"},
    "percent": {"num_format": "0.0%"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: title, what its values are, and width in characters. `percent` takes a fraction (0.25)."""

    title: str
    kind: Kind = "text"
    width: int = 18


class _Sheet(Protocol):
    def write_string(self, row: int, column: int, value: str, cell_format: object) -> object: ...
    def write_number(self, row: int, column: int, value: float, cell_format: object) -> object: ...
    def write_datetime(self, row: int, column: int, value: date, cell_format: object) -> object: ...


def write_table(
    title: str,
    subtitle: Sequence[str],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    sheet: str = "Data",
) -> bytes:
    """An .xlsx with a title, subtitle lines (source, date, filter), a frozen header and a filter.

    Rupiah values are whole rupiah (int). Texts are written as texts, never as formulas. `rows` may be a
    generator: memory does not grow with it.
    """
    output = io.BytesIO()
    book = xlsxwriter.Workbook(output, {"constant_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet[:SHEET_NAME_LIMIT])
    formats = {kind: book.add_format({"valign": "top", **look}) for kind, look in _FORMATS.items()}
    head = book.add_format({"bold": True, "bg_color": "#D9E6E3", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    header_row = len(subtitle) + 2
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width)
    page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
    grey = book.add_format({"font_color": "#555555"})
    for offset, line in enumerate(subtitle):
        page.write_string(1 + offset, 0, line, grey)
    for index, column in enumerate(columns):
        page.write_string(header_row, index, column.title, head)
    page.freeze_panes(header_row + 1, 0)
    last = header_row
    for last, row in enumerate(rows, start=header_row + 1):
        for index, (column, value) in enumerate(zip(columns, row, strict=True)):
            _write(page, last, index, value, formats[column.kind], formats["text"])
    page.autofilter(header_row, 0, last, len(columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(header_row)
    page.set_footer("&L&8&F&R&8Halaman &P dari &N")
    book.set_properties({"title": title, "author": "Lindung"})
    book.close()
    return output.getvalue()


def _write(page: _Sheet, row: int, column: int, value: Value, look: object, text: object) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, column, "ya" if value else "tidak", text)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, look)
    elif isinstance(value, date):
        plain = value.replace(tzinfo=None) if isinstance(value, datetime) else value
        page.write_datetime(row, column, plain, look)
    else:
        page.write_string(row, column, str(value)[:TEXT_CELL_LIMIT], text)
