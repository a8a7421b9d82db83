"""JHT is taken out: four eyes, never more than stands, and the tax that is withheld."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

CHART = """
INSERT INTO ledger_account (code, name, kind, programme, by_payer)
VALUES ('2402', 'Pajak JHT dipotong, belum disetor', 'liability', '', false);
"""
UNDO_CHART = "DELETE FROM ledger_account WHERE code = '2402';"

# A withdrawal is the one that a second officer approved, for this account and amount; and an account pays no more than
# was credited to it, whoever takes at the same time: the membership is held until the transaction ends.
WITHDRAWALS = """
CREATE FUNCTION ledger_check_withdrawals() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM added WHERE kind = 'withdrawal') THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM membership_membership
    WHERE id IN (SELECT membership_id FROM added WHERE kind = 'withdrawal') ORDER BY id FOR NO KEY UPDATE;
  IF EXISTS (SELECT 1 FROM added a WHERE a.kind = 'withdrawal' AND NOT EXISTS (
      SELECT 1 FROM ledger_verdict v JOIN ledger_proposal p ON p.id = v.proposal_id
       WHERE 'usul:' || p.id = a.source AND v.outcome = 'approved' AND p.kind = 'jht_out'
         AND p.subject = a.membership_id::text AND (p.content ->> 'amount')::bigint = -a.amount)) THEN
    RAISE EXCEPTION 'a second officer must have approved this withdrawal' USING ERRCODE = 'check_violation';
  END IF;
  IF EXISTS (
    SELECT 1 FROM (SELECT DISTINCT membership_id FROM added WHERE kind = 'withdrawal') a
     WHERE (SELECT coalesce(sum(m.amount), 0) FROM ledger_jhtmovement m WHERE m.membership_id = a.membership_id)
         + (SELECT coalesce(sum(r.amount), 0) FROM (SELECT DISTINCT year FROM ledger_jhtcrediting) c
              JOIN ledger_jhtreturn r ON r.year = c.year AND r.membership_id = a.membership_id) < 0) THEN
    RAISE EXCEPTION 'a JHT account pays no more than was credited to it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_withdrawals AFTER INSERT ON ledger_jhtmovement REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_check_withdrawals();

CREATE FUNCTION ledger_check_jht_payment() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  PERFORM 1 FROM ledger_jhtmovement m JOIN ledger_proposal p ON m.source = 'usul:' || p.id
     AND m.membership_id = p.subject::bigint
   WHERE p.id = NEW.verdict_id AND p.kind = 'jht_out' AND (p.content ->> 'net')::bigint = NEW.amount;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a JHT payment pays what was taken out, less the tax' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER check_payment BEFORE INSERT ON ledger_jhtpayment
  FOR EACH ROW EXECUTE FUNCTION ledger_check_jht_payment();
"""
UNDO_WITHDRAWALS = """
DROP FUNCTION ledger_check_withdrawals CASCADE;
DROP FUNCTION ledger_check_jht_payment CASCADE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0002_guards")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[("close", "Close"), ("rate", "Rate"), ("journal", "Journal"), ("jht_out", "Jht Out")],
                max_length=7,
            ),
        ),
        migrations.CreateModel(
            name="JhtPayment",
            fields=[
                (
                    "verdict",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="payment",
                        serialize=False,
                        to="ledger.verdict",
                    ),
                ),
                ("paid_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("bank_reference", models.CharField(max_length=60, unique=True)),
                ("confirmed_by", models.CharField(max_length=150)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="jht_payment_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("bank_reference", ""), _negated=True), name="jht_payment_has_reference"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CHART, UNDO_CHART),
        migrations.RunSQL(WITHDRAWALS, UNDO_WITHDRAWALS),
    ]
