"""The limits of the site's own doors; `core.limits` says how they count."""

from __future__ import annotations

from lindung.core.limits import Window, address_of

__all__ = ["LAW_CALLS", "WRONG_TOKENS", "Window", "address_of"]

LAW_CALLS = Window(300, 60)
WRONG_TOKENS = Window(20, 60)
