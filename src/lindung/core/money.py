"""Money is whole rupiah: `int` here, `bigint` in PostgreSQL."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from lindung.core.errors import InvalidInput


def format_number(value: int) -> str:
    """5839 → `5.839`."""
    return f"{value:,}".replace(",", ".")


def format_rupiah(amount: int) -> str:
    """16800 → `Rp16.800`; negative amounts carry their sign before the mark."""
    return f"{'-' if amount < 0 else ''}Rp{format_number(abs(amount))}"


def parse_rupiah(text: str) -> int:
    """`Rp 16.800`, `16800` or `16.800,00` → 16800. Raises InvalidInput for anything else, also for sen."""
    cleaned = re.sub(r"(?i)^\s*rp\.?\s*", "", text.strip())
    cleaned = re.sub(r",0{1,2}$|,-$", "", cleaned)
    if not re.fullmatch(r"\d{1,15}|\d{1,3}(\.\d{3})+", cleaned):
        raise InvalidInput(
            "rupiah_format", _("Jumlah «%(text)s» tidak terbaca. Tulis seperti 16.800.") % {"text": text}
        )
    return int(cleaned.replace(".", ""))
