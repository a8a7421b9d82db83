"""Where every claim stands, kept beside it: lists and counters read one narrow table instead of joining seven under
row-level security. Worked out by one function, written by triggers only."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

STANDING = """
-- The only home of a claim's state. Urgency: 0 the law's clock runs, 1 papers or arrears are awaited, 2 closed.
CREATE FUNCTION claims_standing_of(wanted bigint[]) RETURNS TABLE (
  claim_id bigint, place_id bigint, person_id bigint, programme varchar, received_on date, state varchar,
  urgency smallint, complete_on date, pay_by date, decision_id bigint, amount bigint)
LANGUAGE sql STABLE SET search_path = public AS $$
  SELECT id, place_id, person_id, programme, received_on, state,
         CASE WHEN state IN ('to_judge', 'to_approve', 'to_pay', 'to_release', 'at_bank') THEN 0
              WHEN state IN ('documents', 'arrears') THEN 1 ELSE 2 END::smallint,
         complete_on, pay_by, decision_id, amount
    FROM (
      SELECT c.id, c.place_id, e.person_id, c.programme, c.received_on, k.complete_on, k.pay_by, d.id AS decision_id,
             d.amount,
             CASE WHEN w.event_id IS NOT NULL THEN 'withdrawn'
                  WHEN d.id IS NULL OR a.outcome = 'returned'
                       THEN CASE WHEN k.claim_id IS NULL THEN 'documents' ELSE 'to_judge' END
                  WHEN a.decision_id IS NULL THEN 'to_approve'
                  WHEN d.outcome = 'refuse' THEN 'refused'
                  WHEN d.amount = 0 THEN 'arrears'
                  WHEN o.id IS NULL THEN 'to_pay'
                  WHEN r.batch_id IS NULL THEN 'to_release'
                  WHEN f.payout_id IS NULL THEN 'at_bank'
                  WHEN d.after_arrears > 0 THEN 'arrears'
                  ELSE 'paid' END AS state
        FROM claims_claim c
        JOIN claims_insuredevent e ON e.id = c.event_id
        LEFT JOIN claims_eventwithdrawal w ON w.event_id = e.id
        LEFT JOIN claims_claimcompletion k ON k.claim_id = c.id
        LEFT JOIN LATERAL (SELECT * FROM claims_decision WHERE claim_id = c.id ORDER BY id DESC LIMIT 1) d ON true
        LEFT JOIN claims_decisionapproval a ON a.decision_id = d.id
        LEFT JOIN claims_payout o ON o.decision_id = d.id
        LEFT JOIN claims_payoutrelease r ON r.batch_id = o.batch_id
        LEFT JOIN claims_payoutconfirmation f ON f.payout_id = o.id
       WHERE c.id = ANY(wanted)) found
$$;

-- The lock comes first: of two acts on one claim at the same time, the later sees what the earlier has written.
CREATE FUNCTION claims_restate(wanted bigint[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM claims_claim WHERE id = ANY(wanted) ORDER BY id FOR NO KEY UPDATE;
  INSERT INTO claims_claimstanding AS s (claim_id, place_id, person_id, programme, received_on, state, urgency,
                                         complete_on, pay_by, decision_id, amount)
  SELECT * FROM claims_standing_of(wanted)
  ON CONFLICT (claim_id) DO UPDATE SET state = EXCLUDED.state, urgency = EXCLUDED.urgency,
    complete_on = EXCLUDED.complete_on, pay_by = EXCLUDED.pay_by, decision_id = EXCLUDED.decision_id,
    amount = EXCLUDED.amount;
END $$;

SELECT claims_restate(ARRAY(SELECT id FROM claims_claim));
"""

# After every statement that adds to a claim: which claims it touched. All these tables are append-only.
TOUCHED = {
    "claims_claim": "SELECT id FROM added",
    "claims_eventwithdrawal": "SELECT c.id FROM added JOIN claims_claim c ON c.event_id = added.event_id",
    "claims_claimcompletion": "SELECT claim_id FROM added",
    "claims_decision": "SELECT claim_id FROM added",
    "claims_decisionapproval": "SELECT d.claim_id FROM added JOIN claims_decision d ON d.id = added.decision_id",
    "claims_payout": "SELECT d.claim_id FROM added JOIN claims_decision d ON d.id = added.decision_id",
    "claims_payoutrelease": """SELECT d.claim_id FROM added JOIN claims_payout o ON o.batch_id = added.batch_id
      JOIN claims_decision d ON d.id = o.decision_id""",
    "claims_payoutconfirmation": """SELECT d.claim_id FROM added JOIN claims_payout o ON o.id = added.payout_id
      JOIN claims_decision d ON d.id = o.decision_id""",
}
TRIGGERS = "".join(
    f"""
CREATE FUNCTION {table}_restate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM claims_restate(ARRAY({touched}));
  RETURN NULL;
END $$;
CREATE TRIGGER restate AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION {table}_restate();
"""
    for table, touched in TOUCHED.items()
)
UNDO = (
    "".join(f"DROP TRIGGER restate ON {table}; DROP FUNCTION {table}_restate;" for table in TOUCHED)
    + "DROP FUNCTION claims_restate; DROP FUNCTION claims_standing_of;"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("claims", "0004_withdrawn_deaths"),
        ("people", "0003_standing_death"),
        ("places", "0001_initial"),
    ]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ClaimStanding",
            fields=[
                (
                    "claim",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="claims.claim",
                    ),
                ),
                ("place", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.place")),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.person")),
                ("programme", models.CharField(max_length=3)),
                ("received_on", models.DateField()),
                ("state", models.CharField(max_length=12)),
                ("urgency", models.SmallIntegerField(choices=[(0, "Clock Runs"), (1, "Awaited"), (2, "Closed")])),
                ("complete_on", models.DateField(null=True)),
                ("pay_by", models.DateField(null=True)),
                ("decision_id", models.BigIntegerField(null=True)),
                ("amount", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["urgency", "pay_by", "received_on", "claim"], name="standing_by_urgency"),
                    models.Index(fields=["state", "pay_by"], name="standing_by_state"),
                ],
            },
        ),
        migrations.RunSQL(STANDING + TRIGGERS, UNDO),
    ]
