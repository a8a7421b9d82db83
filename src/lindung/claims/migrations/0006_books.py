"""Put what was approved and paid before there were books into them, once."""

from typing import ClassVar

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

OWED = """
SELECT ledger_post((a.decided_at AT TIME ZONE %(zone)s)::date, 'benefit', 'decision:' || d.id,
                   ARRAY[CASE c.programme WHEN 'JKK' THEN '5101' ELSE '5102' END, '2401'],
                   ARRAY[d.amount, -d.amount], NULL, c.number)
  FROM claims_decision d JOIN claims_decisionapproval a ON a.decision_id = d.id AND a.outcome = 'approved'
  JOIN claims_claim c ON c.id = d.claim_id WHERE d.amount > 0 ORDER BY d.id
"""
NOT_OWED = """
SELECT ledger_post(w.withdrawn_on, 'benefit_withdrawn', 'decision:' || d.id,
                   ARRAY[CASE c.programme WHEN 'JKK' THEN '5101' ELSE '5102' END, '2401'],
                   ARRAY[-d.amount, d.amount], NULL, c.number)
  FROM claims_decision d JOIN claims_decisionapproval a ON a.decision_id = d.id AND a.outcome = 'approved'
  JOIN claims_claim c ON c.id = d.claim_id JOIN claims_eventwithdrawal w ON w.event_id = c.event_id
 WHERE d.amount > 0 ORDER BY d.id
"""
PAID = """
SELECT ledger_post(f.paid_on, 'payout', 'payout:' || o.id, ARRAY['2401', '1101'], ARRAY[o.amount, -o.amount], NULL,
                   c.number)
  FROM claims_payout o JOIN claims_payoutconfirmation f ON f.payout_id = o.id
  JOIN claims_decision d ON d.id = o.decision_id JOIN claims_claim c ON c.id = d.claim_id ORDER BY o.id
"""


def book(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    with editor.connection.cursor() as cursor:
        for statement in (OWED, NOT_OWED, PAID):
            cursor.execute(statement, {"zone": settings.TIME_ZONE})


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0005_standing"), ("ledger", "0002_guards")]
    operations: ClassVar = [migrations.RunPython(book, migrations.RunPython.noop)]
