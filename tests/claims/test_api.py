"""The same acts by program: the answers, and the refusals with their codes."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

import pytest
from django.test import Client

from claims.conftest import VETERAN_FROM, Branch, claimant
from lindung.claims import checklists
from lindung.claims.models import InsuredEvent, Payout
from lindung.core.models import ApiToken

pytestmark = pytest.mark.django_db


class Program:
    """A program with the token of a user of this role."""

    def __init__(self, branch: Branch, role: str) -> None:
        token = f"token-of-{role}"
        digest = hashlib.sha256(token.encode()).hexdigest()
        ApiToken.objects.create(user=branch.world.user(role), name="uji", digest=digest)
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/claims{path}")

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"/api/v1/claims{path}", body or {}, content_type="application/json")


def test_a_program_walks_the_whole_way(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    verifier, approver = Program(branch, "branch_verifier"), Program(branch, "branch_approver")
    death = {"person_id": person_id, "occurred_on": "2026-02-11", "cause": "non_work", "source": "heir"}
    event = verifier.post("/events", death).json()
    assert "Rp42.000.000" in verifier.post(f"/events/{event['id']}/notices").json()["text"]
    kinds = [item.kind for item in checklists.required(checklists.version_for("JKM"), "spouse")]
    filed = {"programme": "JKM", "documents": kinds[1:]} | asdict(claimant())
    claim_id = verifier.post(f"/events/{event['id']}/claims", filed).json()["id"]
    assert verifier.post(f"/{claim_id}/documents", {"kind": kinds[0]}).status_code == 200
    decision = verifier.post(f"/{claim_id}/decisions").json()
    assert (decision["amount"], decision["approval"]) == (42_000_000, None)
    answer = {"outcome": "approved", "reason": "berkas sesuai"}
    assert approver.post(f"/decisions/{decision['id']}/approval", answer).status_code == 200
    batch = verifier.post("/batches", {"decision_ids": [decision["id"]]}).json()
    assert (batch["people"], batch["amount"]) == (1, 42_000_000)
    assert approver.post(f"/batches/{batch['id']}/release").status_code == 200
    bank = {"paid_on": "2026-02-27", "bank_reference": "TRX-9"}
    assert verifier.post(f"/payouts/{Payout.objects.get().id}/confirmation", bank).status_code == 200
    shown = verifier.get(f"/{claim_id}")
    assert shown.json()["state"] == "paid"
    assert "1234567890" not in shown.content.decode()
    assert [row["state"] for row in verifier.get("?state=paid").json()] == ["paid"]


def test_refusals_carry_code_message_and_way_out(branch: Branch, veteran: InsuredEvent) -> None:
    verifier = Program(branch, "branch_verifier")
    refused = verifier.post(
        f"/events/{veteran.id}/claims", {"programme": "JKM"} | asdict(claimant(bank_holder="Kepala Desa"))
    )
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "account_not_heirs"
    assert refused.json()["error"]["way_out"]
    assert verifier.get("/999").status_code == 404
    assert Program(branch, "auditor").post(f"/events/{veteran.id}/notices").status_code == 403
    assert Client().get("/api/v1/claims").status_code == 401


def test_asked_twice_a_claim_is_a_conflict(branch: Branch, veteran: InsuredEvent) -> None:
    verifier, filed = Program(branch, "branch_verifier"), {"programme": "JKM"} | asdict(claimant())
    assert verifier.post(f"/events/{veteran.id}/claims", filed).status_code == 200
    again = verifier.post(f"/events/{veteran.id}/claims", filed)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "claim_already_open")


def test_what_the_law_would_give_before_a_claim(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    program = Program(branch, "village_operator")
    given = program.get(f"/right?person_id={person_id}&occurred_on=2026-02-11").json()
    assert (given["outcome"], given["payable_now"], given["refusal"]) == ("pay", 42_000_000, None)
    assert any(step["article"].startswith("PP 82/2019 Pasal 34") for step in given["judgement"]["steps"])
    before = program.get(f"/right?person_id={person_id}&occurred_on=2024-02-11").json()
    assert (before["outcome"], before["refusal"]["code"]) == ("refuse", "never_registered")
    assert program.get("/right?person_id=999999&occurred_on=2026-02-11").status_code == 404
