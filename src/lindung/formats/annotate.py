"""Giving an office its own workbook back, with our remarks in new columns at the right.

The sheet's XML is edited as a stream of bytes, so that everything the office made (merged cells,
widths, pictures, other sheets, every value) stays exactly as it was.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

from lindung.formats.errors import FormatError
from lindung.formats.guard import check_workbook, read_member
from lindung.formats.sheet_scan import column_index, column_letters
from lindung.formats.sheet_styles import StyleIds, add_styles
from lindung.formats.words import safe_text

Mark = Literal["ok", "fix", "reject"]
COLUMN_WIDTH = 44
MAX_CELL_TEXT = 32_767
LAST_COLUMN = 16_384
FLUSH_AT = 4 * 1024 * 1024

_ROW = re.compile(rb"<row\b([^>]*?)(/?)>")
_ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_SPANS = re.compile(rb"""\s+spans=["'][^"']*["']""")
_CELL = re.compile(rb"<c\b[^>]*?(?:/>|>.*?</c>)", re.DOTALL)
_CELL_COLUMN = re.compile(rb"""<c\b[^>]*?\br=["']([A-Z]+)\d""")
_CELL_TYPE = re.compile(rb"""<c\b[^>]*?\bt=["'](\w+)["']""")
_CELL_TEXT = re.compile(rb"<(?:v|t)\b[^>]*>([^<]*)</")
_SHARED_ITEM = re.compile(rb"<si\b[^>]*?(?:/>|>(.*?)</si>)", re.DOTALL)
_DIMENSION = re.compile(rb"""(<dimension\s+ref=["'])([A-Z]+\d+)(?::([A-Z]+)(\d+))?(["'])""")
_COL = re.compile(rb"<col\b[^>]*/>|<col\b[^>]*></col>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AnnotationColumn:
    """One column of remarks: its title, the text of each Excel row, and the row's mark (fill)."""

    title: str
    values: Mapping[int, str]
    style: Mapping[int, Mark]


def annotate(data: bytes, sheet: str, header_row: int, columns: Sequence[AnnotationColumn]) -> bytes:
    """The same .xlsx with `columns` added right of the table in `sheet` (header in `header_row`).

    A column whose title is already in the header row is replaced, so a second round does not add a
    second set. Texts are written as texts, never as formulas. Raises FormatError when the file is not
    a sound workbook or has no such sheet.
    """
    facts = check_workbook(data)
    target = facts.sheet(sheet)
    if target.count.prefixed:
        raise _not_ours_to_edit()
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        parts = add_styles({name: _part(data, source, name) for name in _style_parts(source)})
        editor = _SheetEditor(
            read_member(data, source.getinfo(target.path)),
            header_row,
            columns,
            parts.ids,
            _Shared(data, source),
        )
        for info in source.infolist():
            copy = zipfile.ZipInfo(info.filename, info.date_time)
            copy.external_attr = info.external_attr
            copy.compress_type = info.compress_type
            if info.filename == target.path:
                copy.compress_type = zipfile.ZIP_DEFLATED
                copy._compresslevel = 4  # type: ignore[attr-defined]
                with made.open(copy, "w", force_zip64=False) as stream:
                    for piece in editor.pieces():
                        stream.write(piece)
            elif info.filename in parts.contents:
                made.writestr(copy, parts.contents[info.filename])
            else:
                made.writestr(copy, _part(data, source, info.filename))
        for name in parts.contents.keys() - set(source.namelist()):
            made.writestr(name, parts.contents[name])
    return output.getvalue()


def _not_ours_to_edit() -> FormatError:
    return FormatError(
        "tidak_dapat_ditandai",
        "Susunan berkas ini tidak lazim sehingga tidak dapat ditulisi catatan.",
        "Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi.",
    )


def _part(data: bytes, source: zipfile.ZipFile, name: str) -> bytes:
    return read_member(data, source.getinfo(name))


def _style_parts(source: zipfile.ZipFile) -> list[str]:
    wanted = ("[Content_Types].xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels")
    return [name for name in wanted if name in source.namelist()]


class _Shared:
    """The workbook's shared texts, read only when a header cell refers to them."""

    def __init__(self, data: bytes, source: zipfile.ZipFile) -> None:
        self._data, self._source = data, source

    def text(self, index: int) -> str:
        if "xl/sharedStrings.xml" not in self._source.namelist():
            return ""
        content = _part(self._data, self._source, "xl/sharedStrings.xml")
        for position, match in enumerate(_SHARED_ITEM.finditer(content)):
            if position == index:
                return b"".join(re.findall(rb"<t\b[^>]*>([^<]*)</t>", match[1] or b"")).decode("utf-8", "replace")
        return ""


class _SheetEditor:
    """One worksheet's XML with cells put in; `pieces()` streams the result."""

    def __init__(
        self,
        xml: bytes,
        header_row: int,
        columns: Sequence[AnnotationColumn],
        styles: StyleIds,
        shared: _Shared,
    ) -> None:
        start = re.search(rb"<sheetData\s*/?>", xml)
        body = start.end() if start else len(xml)
        self._head, self._body, self._body_at = xml[:body], xml, body
        self._end = max(xml.rfind(b"</sheetData>"), body)
        self._header_row, self._columns, self._styles, self._shared = header_row, columns, styles, shared
        self._rows = sorted({row for column in columns for row in column.values} | {header_row})
        self._places = self._find_places()
        self._first = min(self._places) if self._places else LAST_COLUMN
        self._ordered = sorted(self._places.items())

    def pieces(self) -> Iterator[bytes]:
        """The whole new sheet XML, in pieces of a few megabytes."""
        yield self._new_head()
        pending: list[bytes] = []
        size, at, waiting = 0, self._body_at, iter(self._rows)
        wanted = next(waiting, None)
        for number, attributes, content, begin, finish in self._each_row():
            out = self._body[at:begin]
            while wanted is not None and wanted < number:
                out += self._row(wanted, b' r="%d"' % wanted, b"")
                wanted = next(waiting, None)
            if wanted == number:
                wanted = next(waiting, None)
                out += self._row(number, attributes, content)
            elif number > self._header_row and self._reused and self._reaches(content):
                out += self._row(number, attributes, content)
            else:
                out += self._body[begin:finish]
            at = finish
            pending.append(out)
            size += len(out)
            if size > FLUSH_AT:
                yield b"".join(pending)
                pending, size = [], 0
        while wanted is not None:
            pending.append(self._row(wanted, b' r="%d"' % wanted, b""))
            wanted = next(waiting, None)
        yield b"".join(pending)
        yield self._body[at:]

    def _each_row(self) -> Iterator[tuple[int, bytes, bytes, int, int]]:
        """(number, attributes, cells, begin, end) of every row element."""
        position, number = self._body_at, 0
        while match := _ROW.search(self._body, position, self._end):
            found = _ROW_NUMBER.search(match[1])
            number = int(found[1]) if found else number + 1
            if match[2]:
                content, finish = b"", match.end()
            else:
                close = self._body.find(b"</row>", match.end())
                if close < 0:
                    raise _not_ours_to_edit()
                content, finish = self._body[match.end() : close], close + 6
            yield number, match[1], content, match.start(), finish
            position = finish

    def _find_places(self) -> dict[int, AnnotationColumn]:
        """Which sheet column each remark column takes: its old one, or the first free ones at the right.

        A free column holds no value in the header row or in any row we write.
        """
        written, header, last = set(self._rows), b"", 0
        for number, _, content, _, _ in self._each_row():
            if number in written:
                last = max(last, _last_value_column(content))
            if number == self._header_row:
                header = content
        titles = {self._cell_text(cell): _column_of(cell) for cell in _CELL.findall(header)}
        places: dict[int, AnnotationColumn] = {}
        for column in self._columns:
            old = titles.get(_stored_text(column.title))
            if old is None:
                last += 1
            places[last if old is None else old] = column
        self._reused = {place for place in places if places[place].title in titles}
        return places

    def _cell_text(self, cell: bytes) -> str:
        kind = _CELL_TYPE.search(cell)
        text = b"".join(_CELL_TEXT.findall(cell)).decode("utf-8", "replace")
        if kind and kind[1] == b"s" and text.isdigit():
            text = self._shared.text(int(text))
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")

    def _reaches(self, content: bytes) -> bool:
        last = content.rfind(b"<c ")
        return last >= 0 and _column_of(content[last:]) >= self._first

    def _row(self, number: int, attributes: bytes, content: bytes) -> bytes:
        """The row element with our cells in place of whatever stood in our columns."""
        attributes = _SPANS.sub(b"", attributes)
        if not self._reaches(content):
            cells = content + b"".join(self._cell(number, place, column) for place, column in self._ordered)
        else:
            kept = {_column_of(cell): cell for cell in _CELL.findall(content)}
            for place, column in self._ordered:
                new = self._cell(number, place, column)
                if new or place in self._reused:
                    kept[place] = new
            cells = b"".join(kept[place] for place in sorted(kept))
        return b"<row%s>%s</row>" % (attributes, cells) if cells else b"<row%s/>" % attributes

    def _cell(self, row: int, place: int, column: AnnotationColumn) -> bytes:
        if row == self._header_row:
            text, style = column.title, self._styles.header
        elif row in column.values:
            text, style = column.values[row], self._styles.of(column.style.get(row))
        else:
            return b""
        content = escape(_stored_text(text)).encode()
        return b'<c r="%s%d" s="%d" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>' % (
            column_letters(place).encode(), row, style, content,
        )  # fmt: skip

    def _new_head(self) -> bytes:
        head, last = self._head, max(self._places, default=0)
        bottom = self._rows[-1]
        if head.endswith(b"/>"):
            head = head[: head.rfind(b"<sheetData")] + b"<sheetData>"

        def widened(match: re.Match[bytes]) -> bytes:
            column = column_index((match[3] or re.sub(rb"\d", b"", match[2])).decode())
            row = int(match[4] or re.sub(rb"\D", b"", match[2]))
            corner = column_letters(max(column, last)).encode() + b"%d" % max(row, bottom)
            return match[1] + match[2] + b":" + corner + match[5]

        head = _DIMENSION.sub(widened, head, count=1)
        return _with_widths(head, sorted(set(self._places) - self._reused))


def _stored_text(text: str) -> str:
    return safe_text(_NOT_XML.sub("", text))[:MAX_CELL_TEXT]


def _column_of(cell: bytes) -> int:
    found = _CELL_COLUMN.match(cell)
    if found is None:  # a cell without its own address: we cannot tell where the next one belongs
        raise _not_ours_to_edit()
    return column_index(found[1].decode())


def _last_value_column(content: bytes) -> int:
    """The last column of a row that holds something more than a format."""
    end = len(content)
    while (at := content.rfind(b"<c ", 0, end)) >= 0:
        cell = content[at:end]
        if b"<v" in cell or b"<is" in cell or b"<f" in cell:
            return _column_of(cell)
        end = at
    return 0


def _with_widths(head: bytes, places: Sequence[int]) -> bytes:
    """Give the new columns a width; a width that spans over them is cut around them."""
    if not places:
        return head
    low, high = places[0], places[-1]
    ours = b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (low, high, COLUMN_WIDTH)
    block = re.search(rb"<cols>(.*?)</cols>", head, re.DOTALL)
    if block is None:
        at = head.rfind(b"<sheetData")
        return head[:at] + b"<cols>" + ours + b"</cols>" + head[at:]
    made: list[tuple[int, bytes]] = [(low, ours)]
    for col in _COL.findall(block[1]):
        found = [re.search(rb'\b%s="(\d+)"' % key, col) for key in (b"min", b"max")]
        begin, end = (int(match[1]) if match else 0 for match in found)
        if not begin or not end:
            raise _not_ours_to_edit()
        for left, right in ((begin, min(end, low - 1)), (max(begin, high + 1), end)):
            if left <= right:
                made.append((left, re.sub(rb'\bmax="\d+"', b'max="%d"' % right,
                                          re.sub(rb'\bmin="\d+"', b'min="%d"' % left, col))))  # fmt: skip
    return head[: block.start(1)] + b"".join(col for _, col in sorted(made)) + head[block.end(1) :]
