"""A new worker who does not match the register: how, the identity card, the branch's answer."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# The three tables carry their row's employer and place, so that nobody sees them by a wrong label.
ROWS = """
CREATE FUNCTION wages_check_identity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a JOIN wages_wagereportrow r ON r.id = a.row_id
              WHERE (a.payer_id, a.place_id) IS DISTINCT FROM (r.payer_id, r.place_id)) THEN
    RAISE EXCEPTION 'what is said of a row is not of its employer' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER check_identity AFTER INSERT ON wages_identitydoubt REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_identity();
CREATE TRIGGER check_identity AFTER INSERT ON wages_identitycard REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_identity();
CREATE TRIGGER check_identity AFTER INSERT ON wages_identityanswer REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION wages_check_identity();
"""
UNDO = "DROP FUNCTION wages_check_identity CASCADE;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("core", "0004_companies"),
        ("payers", "0003_kept"),
        ("people", "0004_village_index"),
        ("places", "0001_initial"),
        ("wages", "0003_accidents"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="IdentityCard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sent_on", models.DateField()),
                ("sent_by", models.CharField(max_length=150)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.storedfile"
                    ),
                ),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="payers.payer",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="places.place",
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="card", to="wages.wagereportrow"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IdentityDoubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "codes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("found_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="payers.payer",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="places.place",
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="doubt", to="wages.wagereportrow"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="IdentityAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("taken", models.BooleanField()),
                ("words", models.CharField(blank=True, default="", max_length=250)),
                ("answered_on", models.DateField()),
                ("answered_by", models.CharField(max_length=150)),
                (
                    "payer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="payers.payer",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="places.place",
                    ),
                ),
                (
                    "row",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity_answer",
                        to="wages.wagereportrow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("taken", True), models.Q(("words", ""), _negated=True), _connector="OR"),
                        name="refused_identity_has_words",
                    )
                ],
            },
        ),
        migrations.RunSQL(ROWS, UNDO),
    ]
