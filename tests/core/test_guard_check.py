"""`lindung doctor` sees what was changed, dropped or switched off in the database."""

from __future__ import annotations

import pytest
from django.db import connection

from lindung.core.guard_check import deviations, wanted

pytestmark = pytest.mark.django_db

CHANGES = {
    "function core_forbid_change was changed":
        "CREATE OR REPLACE FUNCTION core_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$",
    "function claims_check_payout is missing": "DROP FUNCTION claims_check_payout CASCADE",
    "trigger append_only on core_actionentry is missing": "DROP TRIGGER append_only ON core_actionentry",
    "trigger check_settlement on contributions_settlement is switched off":
        "ALTER TABLE contributions_settlement DISABLE TRIGGER check_settlement",
    "row-level security is off on claims_claim": "ALTER TABLE claims_claim DISABLE ROW LEVEL SECURITY",
    "policy by_place on people_person is missing": "DROP POLICY by_place ON people_person",
    "policy with_whole on claims_decision is missing": "DROP POLICY with_whole ON claims_decision",
    "constraint decision_names_proposer on assistance_decreedecision is missing":
        "ALTER TABLE assistance_decreedecision DROP CONSTRAINT decision_names_proposer",
    "constraint row_once on assistance_proposalrow is missing":
        "ALTER TABLE assistance_proposalrow DROP CONSTRAINT row_once",
    "role lindung_app may change rows of core_actionentry": "GRANT UPDATE ON core_actionentry TO lindung_app",
}  # fmt: skip


def test_a_sound_database_differs_in_nothing() -> None:
    asked = wanted()
    assert {"core_scope", "contributions_check_settlement", "people_search"} <= asked.functions.keys()
    assert ("core_actionentry", "link_entry") in asked.triggers
    assert deviations() == []


@pytest.mark.parametrize("said", CHANGES)
def test_what_was_tampered_with_is_named(said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(CHANGES[said])
    assert said in deviations()
