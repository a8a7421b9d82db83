"""The first rows of a large workbook, without going through all of it."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import islice

from lindung.formats.guard import WorkbookFacts, unpack

_ROW_END = re.compile(rb"</(?:\w+:)?row>|<(?:\w+:)?row\b[^<>]*/>")
_PREFIX = re.compile(rb"</?(\w+:)?")
HEAD_PIECES = 4  # of a mebibyte; rows that need more than that are read to the end of the sheet


def first_rows(data: bytes, facts: WorkbookFacts, rows: int) -> bytes:
    """The same workbook with only the first `rows` rows of each sheet: readers lay out a sheet as a whole.

    `facts` is what the guard found: only a workbook that it let in may be opened."""
    paths = {sheet.path for sheet in facts.sheets}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(made, "w") as short:
        for info in archive.infolist():
            pieces = unpack(data, info)
            short.writestr(info.filename, _cut(pieces, rows) if info.filename in paths else b"".join(pieces))
    return made.getvalue()


def _cut(pieces: Iterator[bytes], rows: int) -> bytes:
    """A worksheet up to the end of its row number `rows`, and closed again; a shorter one as it is."""
    head = b"".join(islice(pieces, HEAD_PIECES))
    last = next(islice(_ROW_END.finditer(head), rows - 1, None), None)
    if last is None:
        return head + b"".join(pieces)
    found = _PREFIX.match(last[0])
    prefix = found[1] if found and found[1] else b""
    return head[: last.end()] + b"</%ssheetData></%sworksheet>" % (prefix, prefix)
