"""The loops asked for most, compiled ahead of need: at set-up."""

from __future__ import annotations

from ..form.words import Segment
from .engine import engine


def warm() -> None:
    """Compile the loops of contributions: mixed rows and wage earners of one month, kept and added up."""
    contributions = engine("contributions")
    for totals in (False, True):
        contributions.loop(None, True, contributions.results, totals)
        contributions.loop(Segment.PU, False, contributions.results, totals)
