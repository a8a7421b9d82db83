"""JSON of wages."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["wages"])
