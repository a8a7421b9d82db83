"""Log lines that tell what happened without telling about whom."""

from __future__ import annotations

import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# PostgreSQL's errors end in lines that quote the row, the statement or the input they are about.
QUOTING = re.compile(r"^(DETAIL|CONTEXT|HINT|LINE \d+|QUERY|STATEMENT):.*(\n(?!\S+:|  File |Traceback|\n).*)*", re.M)
LONG_NUMBER = re.compile(r"(?<!\d)\d{10,19}(?!\d)")  # NIK, account, telephone
QUERY_STRING = re.compile(r"\?\S*=\S*")


def discreet(text: str) -> str:
    """The text without query strings, quoted rows and long numbers."""
    return LONG_NUMBER.sub("[angka]", QUERY_STRING.sub("?…", QUOTING.sub(r"\1: …", text)))


class DiscreetJson(JsonFormatter):
    """One JSON object per line, discreet in the message, in errors' traces and in everything beside them."""

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        cleaned = {
            name: value if value is None or isinstance(value, int | float) else discreet(str(value))
            for name, value in log_data.items()
            if name != "request"  # Django's object, which would be written with its address
        }
        return super().process_log_record(cleaned)
