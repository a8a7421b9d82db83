"""Adding four cell formats (header, green, amber, red) to a workbook's styles without touching its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lindung.formats.errors import FormatError

STYLES = "xl/styles.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
# Pale enough for black text at AA contrast and for a grey printer; the word in the cell says the same.
FILLS = {"header": "FFD9E6E3", "ok": "FFE2F1E4", "fix": "FFFFECC7", "reject": "FFF9D9D5"}

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EMPTY = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="{_MAIN}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
).encode()
_TYPE = (
    b'<Override PartName="/xl/styles.xml" '
    b'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
)
_RELATION = (
    b'<Relationship Id="rIdLindungStyles" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/styles" Target="styles.xml"/>'
)


@dataclass(frozen=True, slots=True)
class StyleIds:
    """Positions of our formats in the workbook's list of cell formats."""

    header: int
    ok: int
    fix: int
    reject: int

    def of(self, mark: str | None) -> int:
        """The format of a mark; a remark without a mark is something to look at."""
        return {"ok": self.ok, "reject": self.reject}.get(mark or "", self.fix)


@dataclass(frozen=True, slots=True)
class StyledParts:
    """The changed parts of the package by name, and where our formats are."""

    contents: dict[str, bytes]
    ids: StyleIds


def add_styles(parts: Mapping[str, bytes]) -> StyledParts:
    """Append our fills and formats; make a styles part when the workbook has none."""
    contents: dict[str, bytes] = {}
    styles = parts.get(STYLES)
    if styles is None:
        styles = _EMPTY
        contents[TYPES] = parts[TYPES].replace(b"</Types>", _TYPE + b"</Types>")
        contents[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", _RELATION + b"</Relationships>")
    known = [_known_fill(styles, colour) for colour in FILLS.values()]
    if None in known:
        made = b"".join(
            b'<fill><patternFill patternType="solid"><fgColor rgb="%s"/><bgColor indexed="64"/></patternFill></fill>'
            % colour.encode()
            for colour in FILLS.values()
        )
        styles, first = _append(styles, b"fills", b"fill", made, len(FILLS))
        known = [first + offset for offset in range(len(FILLS))]
    formats = b"".join(
        b'<xf numFmtId="0" fontId="0" fillId="%d" borderId="0" xfId="0" applyFill="1" applyAlignment="1">'
        b'<alignment vertical="top" wrapText="1"/></xf>' % fill
        for fill in known
        if fill is not None
    )
    styles, first = _append(styles, b"cellXfs", b"xf", formats, len(FILLS))
    contents[STYLES] = styles
    return StyledParts(contents, StyleIds(first, first + 1, first + 2, first + 3))


def _known_fill(styles: bytes, colour: str) -> int | None:
    """Where an earlier round left this fill, so that rounds do not pile up."""
    block = re.search(rb"<fills\b.*?</fills>", styles, re.DOTALL)
    fills = re.findall(rb"<fill>.*?</fill>|<fill/>", block[0], re.DOTALL) if block else []
    wanted = b'<fgColor rgb="%s"' % colour.encode()
    return next((index for index, fill in enumerate(fills) if wanted in fill), None)


def _append(styles: bytes, group: bytes, item: bytes, made: bytes, how_many: int) -> tuple[bytes, int]:
    """Put items at the end of a counted group; returns the styles and the first new position."""
    block = re.search(rb"<%s\b([^>]*)>(.*?)</%s>" % (group, group), styles, re.DOTALL)
    if block is None:
        raise FormatError(
            "tidak_dapat_ditandai",
            "Daftar format sel berkas ini tidak lengkap.",
            "Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi.",
        )
    present = len(re.findall(rb"<%s\b" % item, block[2]))
    attributes = re.sub(rb'\bcount="\d+"', b'count="%d"' % (present + how_many), block[1])
    new = b"<%s%s>%s%s</%s>" % (group, attributes, block[2], made, group)
    return styles[: block.start()] + new + styles[block.end() :], present
