"""Counting what is in a worksheet's XML without parsing it: cells, formulas, how far it reaches."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ROOT = re.compile(rb"<(?:(\w+):)?worksheet\b")
_NAMESPACE = re.compile(rb"spreadsheetml/(?:2006/)?main[\"']")

_TAG_ENDS = (b" ", b">", b"/", b"\t", b"\n", b"\r")
_PREFIXED_CELL = re.compile(rb"<([^\s<>/]+:)c[\s/>]")
MAX_CARRY = 4 * 1024 * 1024
NEAR_ROWS, NEAR_COLUMNS = 99_999, 26


@dataclass(frozen=True, slots=True)
class SheetCount:
    """Cells, formula cells, bytes of formula text, and the farthest filled row and column.

    `namespaces` counts declarations of the main namespace (an office's workbook has one); `prefixed`
    says its tags carry a prefix (<x:row>); `odd` that a cell is not written <c r="A1" as Excel does, so that
    its place is not known for certain. Rows below 100,000 and columns up to Z are not told apart:
    the reach is an upper bound.
    """

    cells: int
    formulas: int
    formula_bytes: int
    max_row: int
    max_column: int
    namespaces: int
    prefixed: bool
    odd: bool


def column_letters(index: int) -> str:
    """1 -> "A", 27 -> "AA"."""
    letters = ""
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """ "A" -> 1, "AA" -> 27."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index


class SheetScanner:
    """Feed it a worksheet's XML in chunks of any size; ask `result()` at the end."""

    def __init__(self) -> None:
        self._carry = b""
        self._prefix: bytes | None = None
        self._odd = False
        self._cells = self._formulas = self._formula_bytes = self._namespaces = 0
        self._max_row, self._max_column = NEAR_ROWS, NEAR_COLUMNS

    def feed(self, chunk: bytes) -> None:
        """Take the next piece; only whole tags are looked at, the rest waits."""
        buffer = self._carry + chunk
        end = buffer.rfind(b">") + 1
        self._carry = buffer[end:]
        if len(self._carry) > MAX_CARRY:  # no cell of Excel holds so much text
            self._odd, self._carry = True, b""
        if end:
            self._look(buffer[:end])

    def result(self) -> SheetCount:
        """The counts so far."""
        return SheetCount(
            cells=self._cells,
            formulas=self._formulas,
            formula_bytes=self._formula_bytes,
            max_row=self._max_row,
            max_column=self._max_column,
            namespaces=self._namespaces,
            prefixed=bool(self._prefix),
            odd=self._odd,
        )

    def _look(self, text: bytes) -> None:
        if self._prefix is None:
            self._learn_prefix(text)
        self._namespaces += len(_NAMESPACE.findall(text))
        addressed = text.count(self._cell + b' r="')
        cells = self._count_cells(text, addressed)
        self._cells += cells
        if cells != addressed or self._odd_cell.search(text) or self._foreign(text):
            self._odd = True
        for letters in set(self._far_column.findall(text)):
            self._max_column = max(self._max_column, column_index(letters.decode()))
        for number in set(self._far_row.findall(text)):
            self._max_row = max(self._max_row, int(number))
        if self._formula in text:
            for match in self._formula_pattern.finditer(text):
                self._formulas += 1
                self._formula_bytes += match.end() - match.start()

    def _count_cells(self, text: bytes, addressed: int) -> int:
        """Cells however they are written. Where every tag that begins like one is `<c r="` there are no others: most
        pieces of a large sheet, which are gone through twice and not six times."""
        if text.count(self._cell) == addressed:
            return addressed
        return sum(text.count(self._cell + end) for end in _TAG_ENDS)

    def _foreign(self, text: bytes) -> bool:
        """A cell under a second prefix: readers that look at local names only would take it for a cell."""
        if b":c" not in text:
            return False
        prefixes = set(_PREFIXED_CELL.findall(text)) if any(b":c" + end in text for end in _TAG_ENDS) else set()
        return bool(prefixes - {self._prefix})

    def _learn_prefix(self, text: bytes) -> None:
        root = _ROOT.search(text)
        prefix = root[1] + b":" if root and root[1] else b""
        self._prefix = prefix
        self._cell, self._formula = b"<" + prefix + b"c", b"<" + prefix + b"f"
        start = re.escape(self._cell) + rb' r="'
        # Excel writes coloured blanks <c r="A1" s="3"/>: they reach nowhere.
        blank = rb'"(?!(?: s="\d+")?\s*/>)'
        self._odd_cell = re.compile(start + rb'(?![A-Z]{1,3}[1-9][0-9]{0,6}")')
        self._far_column = re.compile(start + rb"([A-Z]{2,3})\d+" + blank)
        self._far_row = re.compile(start + rb"[A-Z]+(\d{6,7})" + blank)
        self._formula_pattern = re.compile(re.escape(self._formula) + rb"(?:\s[^>]*)?/?>[^<]*")


def formula_cells(sheet_xml: bytes) -> Iterator[tuple[int, int]]:
    """(row, column) of each cell whose value comes from a formula, array formulas spread out."""
    prefix = _ROOT.search(sheet_xml)
    tag = re.escape(prefix[1] + b":" if prefix and prefix[1] else b"")
    pattern = re.compile(rb"<" + tag + rb"c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*>\s*<" + tag + rb"f\b([^>]*)>")
    for match in pattern.finditer(sheet_xml):
        column, row = column_index(match[1].decode()), int(match[2])
        area = re.search(rb"\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)", match[3])
        if area is None or b"shared" in match[3]:
            yield row, column
            continue
        last_column, last_row = column_index(area[3].decode()), min(int(area[4]), row + 1_048_576)
        for each_row in range(row, last_row + 1):
            for each_column in range(column, min(last_column, column + 512) + 1):
                yield each_row, each_column
