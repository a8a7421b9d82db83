"""What PostgreSQL keeps of the claims: the second officer is really another, money leaves only by approved and
released decisions, and whoever may not see a claim sees none of its parts."""

from typing import ClassVar

from django.db import migrations, models

FOUR_EYES = """
-- `proposed_by` and `made_by` are copies, so that a check can compare them; these keys make the copies true.
ALTER TABLE claims_decisionapproval ADD CONSTRAINT approval_names_proposer
  FOREIGN KEY (decision_id, proposed_by_id) REFERENCES claims_decision (id, proposed_by_id);
ALTER TABLE claims_payoutrelease ADD CONSTRAINT release_names_maker
  FOREIGN KEY (batch_id, made_by_id) REFERENCES claims_payoutbatch (id, made_by_id);

CREATE FUNCTION claims_check_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM claims_decision d JOIN claims_decisionapproval a ON a.decision_id = d.id
   WHERE d.id = NEW.decision_id AND d.outcome = 'pay' AND d.amount = NEW.amount AND a.outcome = 'approved';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a payout needs an approved decision over exactly its amount' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_payout BEFORE INSERT ON claims_payout
  FOR EACH ROW EXECUTE FUNCTION claims_check_payout();

CREATE FUNCTION claims_check_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM claims_payout o JOIN claims_payoutrelease r ON r.batch_id = o.batch_id WHERE o.id = NEW.payout_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'money of a batch that is not released cannot have arrived' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_confirmation BEFORE INSERT ON claims_payoutconfirmation
  FOR EACH ROW EXECUTE FUNCTION claims_check_confirmation();
"""

UNDO_FOUR_EYES = """
DROP TRIGGER check_confirmation ON claims_payoutconfirmation;
DROP TRIGGER check_payout ON claims_payout;
DROP FUNCTION claims_check_confirmation;
DROP FUNCTION claims_check_payout;
ALTER TABLE claims_payoutrelease DROP CONSTRAINT release_names_maker;
ALTER TABLE claims_decisionapproval DROP CONSTRAINT approval_names_proposer;
"""

# The parts of a claim follow its place: the subquery is itself under the policy of the table it reads.
PARTS = (
    ("claims_claimdocument", "claims_claim w WHERE w.id = claim_id"),
    ("claims_claimcompletion", "claims_claim w WHERE w.id = claim_id"),
    ("claims_decision", "claims_claim w WHERE w.id = claim_id"),
    ("claims_decisionapproval", "claims_decision w WHERE w.id = decision_id"),
    ("claims_payoutconfirmation", "claims_payout w WHERE w.id = payout_id"),
)
SCOPE = "".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
    f"CREATE POLICY with_whole ON {table} USING (EXISTS (SELECT 1 FROM {whole}));"
    for table, whole in PARTS
)
UNDO_SCOPE = "".join(
    f"DROP POLICY with_whole ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;" for table, _ in PARTS
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0002_initial")]
    operations: ClassVar = [
        migrations.AddField(
            "claim",
            "account_fingerprint",
            models.CharField(max_length=64, db_index=True, default=""),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("decision", "refusal_has_reason"),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=models.Q(outcome="refuse", amount=0, refusal__isnull=False)
                | models.Q(outcome="pay", amount__gte=0, amount__gt=-models.F("after_arrears")),
                name="refusal_has_reason",
            ),
        ),
        migrations.RunSQL(FOUR_EYES, UNDO_FOUR_EYES),
        migrations.RunSQL(SCOPE, UNDO_SCOPE),
    ]
