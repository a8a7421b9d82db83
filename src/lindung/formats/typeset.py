"""Setting a printed document: a template of this room, plain data, and out comes a PDF.

Data goes in as JSON and is only ever shown as text, so no name can become markup.
"""

import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import segno
import typst

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
FONTS = _HERE / "fonts"
# PDF/A-2b keeps for archives; PDF/UA-1 reads aloud.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_UNSHOWN = re.compile("[^\u0000-\u024f\u1e00-\u1eff\u2010-\u2044\u20ac\u2190-\u2193\u2212\u2713]")
Standard = Literal["a-2b", "ua-1"]
ARCHIVE: Standard = "a-2b"
ACCESSIBLE: Standard = "ua-1"


def typeset(template: str, data: Mapping[str, object], *, made_at: datetime, standard: Standard = ACCESSIBLE) -> bytes:
    """The PDF of `templates/<template>.typ` filled with `data`; the same input gives the same bytes."""
    return bytes(
        typst.compile(
            str(TEMPLATES / f"{template}.typ"),
            root=str(TEMPLATES),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[standard],
            timestamp=int(made_at.replace(tzinfo=made_at.tzinfo or UTC).timestamp()),
            # Tags cost 5 MB and seconds on a list of thousands; letters to people keep them.
            pdf_tags=standard == ACCESSIBLE,
            sys_inputs={"data": json.dumps(_printable(data), ensure_ascii=False)},
        )
    )


def _printable(value: object) -> object:
    """Only signs our fonts can show: a name in another script prints as "?" rather than stopping the decree."""
    if isinstance(value, str):
        return _UNSHOWN.sub("?", _INVISIBLE.sub("", value))
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def qr_svg(text: str) -> str:
    """A QR code as SVG, error correction M; for addresses that verify a document."""
    output = io.BytesIO()
    segno.make(text, error="m", micro=False).save(output, kind="svg", border=0, xmldecl=False, svgns=True)
    return output.getvalue().decode()
