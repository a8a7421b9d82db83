"""The law over columns: the rules that judge one case, compiled into one loop over millions (extra `columns`).

    from lindung.law.columns import assess

Importing `lindung.law` does not import this, and importing this does not yet start the compiler.
"""

from __future__ import annotations

from .assessment import Assessment, Buffers, Request, assess, assess_batch, assess_batches
from .inputs import NotColumnar

__all__ = ["Assessment", "Buffers", "NotColumnar", "Request", "assess", "assess_batch", "assess_batches"]
