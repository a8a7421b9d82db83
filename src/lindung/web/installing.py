"""A new installation: the places, the holidays, and which regency it serves."""

from __future__ import annotations

from lindung.core.actors import Actor
from lindung.core.clock import now
from lindung.core.errors import Conflict, NotFound
from lindung.core.log import record
from lindung.core.models import Installation
from lindung.places.actions import load_holidays, load_places
from lindung.places.models import Place


def set_up(actor: Actor, place_code: str) -> Installation:
    """Load Indonesia's places and the holidays around this year, and note the regency; may be repeated.

    Raises NotFound for a code that is no regency or city, Conflict when the installation serves another."""
    load_places(actor)
    year = now().year
    load_holidays(actor, range(year - 1, year + 3))
    place = Place.objects.filter(code=place_code, kind="regency").first()
    if place is None:
        raise NotFound("place_not_found", f"Kode kabupaten/kota «{place_code}» tidak ada.", way_out="Contoh: 61.12.")
    installation, made = Installation.objects.get_or_create(id=1, defaults={"name": place.name, "place_key": place.key})
    if installation.place_key != place.key:
        raise Conflict(
            "other_regency", f"Instalasi ini sudah melayani {installation.name}.",
            way_out="Pakai --data-dir lain untuk kabupaten lain.",
        )  # fmt: skip
    if made:
        record(actor, "installation.set_up", f"place:{place.key}", place.name)
    return installation
