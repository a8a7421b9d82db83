"""The writes of this room, gathered from its files. Every one takes the employer's turn: two people who report for one
employer wait for each other."""

from __future__ import annotations

from lindung.wages.applying import apply_report, begin_applying
from lindung.wages.charging import begin_closing, close_month, same_as_last_month
from lindung.wages.identity import answer_identity, send_card
from lindung.wages.leaving import undo_leaving
from lindung.wages.receiving import check_report, correct_row, receive_report, receive_rows, withdraw_report

__all__ = [
    "answer_identity",
    "apply_report",
    "begin_applying",
    "begin_closing",
    "check_report",
    "close_month",
    "correct_row",
    "receive_report",
    "receive_rows",
    "same_as_last_month",
    "send_card",
    "undo_leaving",
    "withdraw_report",
]
