"""The writes of this room, gathered from its files."""

from __future__ import annotations

from lindung.reconciliation.deciding import decide, propose_identification, propose_receipt, propose_release
from lindung.reconciliation.importing import Imported, add_account, import_sp2d, import_statement
from lindung.reconciliation.rematching import match_again
from lindung.reconciliation.suspense import follow_suspense

__all__ = [
    "Imported",
    "add_account",
    "decide",
    "follow_suspense",
    "import_sp2d",
    "import_statement",
    "match_again",
    "propose_identification",
    "propose_receipt",
    "propose_release",
]
