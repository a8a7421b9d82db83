"""The actor's area, said in plain words before PostgreSQL's row-level security says it in its own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import polars as pl
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.errors import NotAllowed, NotFound


def require_places(actor: Actor, place_keys: Iterable[int]) -> None:
    """Raises NotAllowed when any of the places lies outside the actor's scope."""
    keys = pl.Series("key", list(place_keys), dtype=pl.Int64).to_frame()
    inside = reduce(or_, (pl.col("key").is_between(low, high) for low, high in actor.scope), pl.lit(False))
    outside = keys.filter(~inside).height
    if outside:
        raise NotAllowed(
            "outside_scope",
            _("%(rows)d baris berada di luar wilayah kerja Anda.") % {"rows": outside},
            field="place_id",
            way_out=_("Kirimkan lewat petugas kabupaten, atau periksa kembali desanya."),
            rows=outside,
        )


def require_payer(actor: Actor, payer_id: int) -> None:
    """Raises NotFound when the actor is an employer's staff, and this payer is not that employer."""
    if actor.payers is not None and payer_id not in actor.payers:
        raise NotFound("payer_not_found", _("Perusahaan tidak ditemukan pada akun Anda."), field="payer_id")
