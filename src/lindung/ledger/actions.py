"""The writes of this room."""

from __future__ import annotations

from lindung.ledger.crediting import Credited, credit_jht
from lindung.ledger.deciding import decide, propose_close, propose_journal, propose_rate
from lindung.ledger.posting import Line, Posted, post, post_many
from lindung.ledger.withdrawing import Payee, confirm_jht_payment, propose_withdrawal

__all__ = [
    "Credited",
    "Line",
    "Payee",
    "Posted",
    "confirm_jht_payment",
    "credit_jht",
    "decide",
    "post",
    "post_many",
    "propose_close",
    "propose_journal",
    "propose_rate",
    "propose_withdrawal",
]
