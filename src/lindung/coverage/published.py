"""The figures that others published about a regency, read from this room's data files. No database here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import yaml
from django.utils.translation import gettext as _

from lindung.core.errors import NotFound


@dataclass(frozen=True)
class PublishedFigure:
    """A figure as somebody published it; `at_least` when the source says «more than»."""

    code: str
    label: str
    value: int
    unit: str
    at_least: bool
    as_of: date
    period: str
    source: str


@dataclass(frozen=True)
class PublishedDenominator:
    """Workers or inhabitants of a place (Kemendagri code), with the period that the source names."""

    place: str
    kind: str
    value: int
    as_of: date
    period: str
    source: str


def read_published(regency_code: str) -> tuple[list[PublishedFigure], list[PublishedDenominator]]:
    """What we know about a regency (`61.12`). Raises NotFound when nobody has written it down."""
    path = files("lindung.coverage").joinpath("data", f"{regency_code}.yaml")
    if not path.is_file():
        raise NotFound(
            "no_published_figures",
            _("Belum ada angka luar untuk wilayah %(regency_code)s.") % {"regency_code": regency_code},
            way_out=_("Tulis angka dengan sumber dan tanggalnya dalam berkas data, seperti untuk Kabupaten Kubu Raya."),
        )
    content: dict[str, list[dict[str, Any]]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return (
        [PublishedFigure(**row) for row in content["published"]],
        [PublishedDenominator(**row) for row in content["denominators"]],
    )
