"""What a line of a statement is, told by what is written in it: a payment recorded before, a payment code, a payer.

Money is never booked twice: before a line becomes a payment, a payment of the same payer, amount and days that no line
stands for yet is taken to be the same money."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from lindung.contributions.actions import receive_payment
from lindung.contributions.billing import bill_of_code
from lindung.core.actors import Actor
from lindung.core.errors import InvalidInput
from lindung.reconciliation.models import Line, Match

DAYS_OF_REFERENCE = 7  # a reference found in the text is strong: the bank may be a week behind
DAYS_OF_AMOUNT = 3  # payer and amount alone are weaker
_CODE = re.compile(r"(?<!\d)\d{12}(?!\d)")
_SHORTEST_REFERENCE = 6
_SHORTEST_NAME = 8
_MATCHING_LOCK = 7337

_BY_REFERENCE = """
SELECT l.id, p.id FROM reconciliation_line l
  JOIN contributions_payment p ON p.amount = l.amount AND abs(p.paid_on - l.booked_on) <= %(days)s
 WHERE l.id = ANY(%(lines)s) AND p.kind <> 'statement'
   AND ((length(p.reference) >= %(shortest)s
         AND strpos(upper(l.reference || ' ' || l.text), upper(p.reference)) > 0)
     OR (length(l.reference) >= %(shortest)s AND strpos(upper(p.reference), upper(l.reference)) > 0))
   AND NOT EXISTS (SELECT 1 FROM reconciliation_standing s WHERE s.payment_id = p.id)
   AND NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                    WHERE d.payment_id = p.id AND d.outcome = 'approved')
 ORDER BY l.booked_on, l.id, abs(p.paid_on - l.booked_on), p.id
"""

_BY_PAYER = """
SELECT w.line_id, p.id FROM unnest(%(lines)s::bigint[], %(payers)s::bigint[]) AS w(line_id, payer_id)
  JOIN reconciliation_line l ON l.id = w.line_id
  JOIN contributions_payment p ON p.payer_id = w.payer_id AND p.amount = l.amount
                              AND abs(p.paid_on - l.booked_on) <= %(days)s AND p.kind <> 'statement'
 WHERE NOT EXISTS (SELECT 1 FROM reconciliation_standing s WHERE s.payment_id = p.id)
   AND NOT EXISTS (SELECT 1 FROM contributions_paymentreversaldecision d
                    WHERE d.payment_id = p.id AND d.outcome = 'approved')
 ORDER BY l.booked_on, l.id, abs(p.paid_on - l.booked_on), p.id
"""

# A bill nobody has paid anything of, for the very amount, whose payer is named by number or by full name.
_BY_NAME = """
WITH wanted AS MATERIALIZED (
  SELECT id, amount, ' ' || regexp_replace(upper(reference || ' ' || text), '[^A-Z0-9]+', ' ', 'g') || ' ' AS words
    FROM reconciliation_line WHERE id = ANY(%(lines)s) AND amount > 0),
asking AS MATERIALIZED (
  SELECT DISTINCT b.id, b.payer_id, b.month, b.sequence, i.amount
    FROM contributions_billissue i JOIN contributions_bill b ON b.id = i.bill_id
   WHERE i.amount IN (SELECT amount FROM wanted) AND contributions_met(b.id) = 0),
named AS (
  SELECT y.id, ' ' || regexp_replace(upper(y.npp), '[^A-Z0-9]+', '', 'g') || ' ' AS npp,
         ' ' || trim(regexp_replace(upper(y.name), '[^A-Z0-9]+', ' ', 'g')) || ' ' AS name
    FROM payers_payer y WHERE y.id IN (SELECT payer_id FROM asking))
SELECT w.id, array_agg(DISTINCT a.payer_id), (array_agg(a.id ORDER BY a.month, a.sequence))[1]
  FROM wanted w JOIN asking a ON a.amount = w.amount JOIN named n ON n.id = a.payer_id
 WHERE strpos(w.words, n.npp) > 0 OR (length(n.name) >= %(shortest)s + 2 AND strpos(w.words, n.name) > 0)
 GROUP BY w.id HAVING count(DISTINCT a.payer_id) = 1
"""


@dataclass(frozen=True)
class Found:
    """A line is this payer's money, for this bill first."""

    payer_id: int
    bill_id: int
    how: Match.How


def match_lines(actor: Actor, line_ids: Sequence[int]) -> Counter[str]:
    """Find out what these lines are, as far as the text says it for certain; how many, by how.

    Lines that were ever matched, money that went out, and doubtful ones are left alone."""
    in_turn()
    lines = {line.pk: line for line in _unknown(line_ids)}
    matched: Counter[str] = Counter()
    _note(actor, _once(_by_reference(lines)), lines, Match.How.KNOWN, matched)
    found = _by_code(lines.values())
    found |= {line_id: named for line_id, named in _by_name(lines).items() if line_id not in found}
    _note(actor, _once(_same_money(found)), lines, Match.How.KNOWN, matched)
    made: dict[str, dict[int, int]] = {Match.How.CODE: {}, Match.How.PAYER: {}}
    for line_id, what in sorted(found.items(), key=lambda item: (item[1].payer_id, item[0])):
        if line_id in lines:  # each payment is an act of its own, under its payer's lock, taken in the same order
            payment_id = receive(actor, lines[line_id], what.payer_id, what.bill_id)
            made[what.how][line_id] = payment_id
    for how, payments in made.items():
        _note(actor, payments, lines, Match.How(how), matched)
    return matched


def in_turn() -> None:
    """Until the transaction ends, nobody else finds out what lines are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MATCHING_LOCK])


def receive(actor: Actor, line: Line, payer_id: int, bill_id: int | None) -> int:
    """The line's money becomes a payment of the payer; its number. Raises what `receive_payment` raises."""
    reference = f"RK/{line.pk}/{line.matches.count() + 1}"
    made = receive_payment(
        actor, payer_id, "statement", reference, line.booked_on, line.amount, bill_id, channel=line.account.bank[:40]
    )
    return int(made.payment.pk)


def _unknown(line_ids: Sequence[int]) -> Iterable[Line]:
    """Never matched: what people took back, or a reversed payment, is not for a program to guess again."""
    return Line.objects.filter(pk__in=line_ids, amount__gt=0, sen=0, matches__isnull=True).select_related("account")


def _once(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The first choice of each line; a payment stands for one line."""
    taken: dict[int, int] = {}
    used: set[int] = set()
    for line_id, payment_id in pairs:
        if line_id not in taken and payment_id not in used:
            taken[line_id] = payment_id
            used.add(payment_id)
    return taken


def _note(
    actor: Actor, payments: dict[int, int], lines: dict[int, Line], how: Match.How, matched: Counter[str]
) -> None:
    """Write the matches, and take their lines off the list."""
    Match.objects.bulk_create(
        [
            Match(line_id=line, payment_id=payment, ordinal=1, how=how, made_by=actor.name)
            for line, payment in payments.items()
        ]
    )
    for line_id in payments:
        del lines[line_id]
    if payments:
        matched[how.value] += len(payments)


def _by_reference(lines: dict[int, Line]) -> list[tuple[int, int]]:
    return _rows(_BY_REFERENCE, {"lines": list(lines), "days": DAYS_OF_REFERENCE, "shortest": _SHORTEST_REFERENCE})


def _by_code(lines: Iterable[Line]) -> dict[int, Found]:
    """Lines with one valid payment code of an issued bill; two different codes in a text say nothing."""
    codes = {line.pk: _bills_in(f"{line.reference} {line.text}") for line in lines}
    single = {line_id: bills[0] for line_id, bills in codes.items() if len(bills) == 1}
    payers = dict(
        _rows(
            "SELECT b.id, b.payer_id FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id"
            " WHERE b.id = ANY(%(bills)s) AND i.amount > 0",
            {"bills": list(single.values())},
        )
    )
    return {
        line_id: Found(payers[bill_id], bill_id, Match.How.CODE)
        for line_id, bill_id in single.items()
        if bill_id in payers
    }


def _bills_in(text: str) -> list[int]:
    found: set[int] = set()
    for code in _CODE.findall(text):
        try:
            found.add(bill_of_code(code))
        except InvalidInput:
            continue
    return sorted(found)


def _by_name(lines: dict[int, Line]) -> dict[int, Found]:
    rows = _rows(_BY_NAME, {"lines": list(lines), "shortest": _SHORTEST_NAME})
    return {line_id: Found(payers[0], bill_id, Match.How.PAYER) for line_id, payers, bill_id in rows}


def _same_money(found: dict[int, Found]) -> list[tuple[int, int]]:
    payers = [what.payer_id for what in found.values()]
    return _rows(_BY_PAYER, {"lines": list(found), "payers": payers, "days": DAYS_OF_AMOUNT})


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
