"""The writes of this room."""

from __future__ import annotations

from lindung.ledger.posting import Line, Posted, post, post_many

__all__ = ["Line", "Posted", "post", "post_many"]
