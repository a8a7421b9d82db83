"""The pages and the API: who sees what, and that the way from report to payment can be walked."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.conftest import NEWCOMER_FROM, VETERAN_FROM, WIFE_NIK, Branch, claimant
from lindung.claims import actions, checklists
from lindung.claims.models import Claim, ClaimCompletion, ClaimStanding, Decision, InsuredEvent, Payout, PayoutBatch
from lindung.core.actors import acting_as
from lindung.core.models import AccessEntry
from lindung.membership.models import Membership

pytestmark = pytest.mark.django_db


def as_role(branch: Branch, role: str) -> Client:
    client = Client()
    client.force_login(branch.world.user(role), "django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"claims:{name}", args=args))
    assert response.status_code == 200, response.content[:300]
    return str(response.content.decode())


def test_from_the_report_to_the_receipt(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    branch.wife(person_id)
    roles = ("village_operator", "branch_verifier", "branch_approver")
    operator, verifier, approver = (as_role(branch, role) for role in roles)
    assert "Abdul Hamid" in str(operator.get(reverse("claims:find_person"), {"q": "hamid"}).content)
    death = {"occurred_on": "2026-02-11", "cause": "non_work", "source": "heir"}
    assert operator.post(reverse("claims:report", args=[person_id]), death).status_code == 302
    event = InsuredEvent.objects.get()
    assert "belum diberi tahu" in page(operator, "events")
    assert operator.post(reverse("claims:tell", args=[event.id]), {"channel": "visit"}).status_code == 302
    assert "Rp42.000.000" in page(operator, "event", event.id)
    filed = {"programme": "JKM"} | asdict(claimant())
    assert verifier.post(reverse("claims:file", args=[event.id]), filed).status_code == 302
    claim = Claim.objects.get()
    scan = SimpleUploadedFile("ktp.pdf", b"%PDF-1.7 isi", "application/pdf")
    for item in checklists.required(claim.checklist_version, "spouse"):
        given: dict[str, Any] = {"kind": item.kind} | ({"file": scan} if item.kind == "heir_id" else {})
        assert verifier.post(reverse("claims:receive", args=[claim.id]), given).status_code == 302
    assert "Siap dinilai" in page(verifier, "claims")
    assert verifier.post(reverse("claims:judge", args=[claim.id])).status_code == 302
    decision = Decision.objects.get()
    shown = page(approver, "claim", claim.id)
    assert "PP 82/2019 Pasal 34 ayat (1) huruf a" in shown
    assert "belum terverifikasi" in shown
    answer = {"outcome": "approved", "reason": "berkas sesuai"}
    assert approver.post(reverse("claims:answer", args=[decision.id]), answer).status_code == 302
    assert approver.get(reverse("claims:decision_letter", args=[decision.id])).content.startswith(b"%PDF")
    assert verifier.post(reverse("claims:make_batch"), {"selected": [decision.id]}).status_code == 302
    batch, payout = PayoutBatch.objects.get(), Payout.objects.get()
    assert approver.post(reverse("claims:release", args=[batch.id])).status_code == 302
    bank = {"paid_on": "2026-02-27", "bank_reference": "TRX-1"}
    assert verifier.post(reverse("claims:confirm", args=[batch.id, payout.id]), bank).status_code == 302
    assert "Dibayar" in page(verifier, "claims")
    assert "Semua dibayar" in page(verifier, "payouts")
    assert verifier.get(reverse("claims:payment_receipt", args=[payout.id])).content.startswith(b"%PDF")
    assert verifier.get(reverse("claims:batch_file", args=[batch.id])).status_code == 200
    assert AccessEntry.objects.filter(subject=f"person:{person_id}", purpose="claim").exists()


def test_the_deceased_is_found_by_the_card_that_the_family_brings(branch: Branch) -> None:
    person_id = branch.participant(VETERAN_FROM)
    far = branch.participant(VETERAN_FROM, village=branch.world.villages[1])
    operator, report = as_role(branch, "village_operator"), reverse("claims:report", args=[person_id])

    def asked(text: str) -> str:
        return str(operator.get(reverse("claims:find_person"), {"q": text}).content.decode())

    kpj = Membership.objects.get(person_id=person_id).kpj
    assert report in asked(kpj) and report in asked(f"{kpj[:2]} {kpj[2:]}")
    assert "salah tulis" in asked(kpj[:-1] + str((int(kpj[-1]) + 1) % 10))
    assert "tidak ditemukan di wilayah kerja" in asked(Membership.objects.get(person_id=far).kpj)


def test_the_right_is_shown_before_anything_is_sent(branch: Branch) -> None:
    veteran = branch.participant(VETERAN_FROM)
    operator, report = as_role(branch, "village_operator"), reverse("claims:report", args=[veteran])
    death = {"occurred_on": "2026-02-11", "cause": "non_work", "source": "heir", "preview": "1"}
    for headers in ({}, {"hx-request": "true"}):
        shown = operator.post(report, death, headers=headers).content.decode()
        for words in ("belum keputusan", "Rp42.000.000", "PP 82/2019 Pasal 34 ayat (1) huruf a"):
            assert words in shown
        assert ("<html" in shown) == (not headers)
    assert "JKK: perkiraan" in operator.post(report, death | {"cause": "work"}).content.decode()
    impossible = operator.post(report, death | {"occurred_on": "2027-01-01"})
    assert "occurred_on" in impossible.context["form"].errors
    assert not InsuredEvent.objects.exists()
    newcomer = branch.participant(NEWCOMER_FROM, name="Baru Terdaftar")
    shown = operator.post(reverse("claims:report", args=[newcomer]), death).content.decode()
    assert "Rp10.000.000" in shown and "belum cukup" in shown


def test_the_right_is_shown_on_the_way_to_a_claim_and_not_beside_one(branch: Branch, veteran: InsuredEvent) -> None:
    verifier = as_role(branch, "branch_verifier")
    for name in ("event", "file"):
        shown = page(verifier, name, veteran.id)
        assert "belum keputusan" in shown and "Rp42.000.000" in shown
    branch.claim(veteran)
    assert "belum keputusan" not in page(verifier, "event", veteran.id)


def test_someone_without_cover_reads_why_and_the_way_out(branch: Branch) -> None:
    event = branch.death(branch.participant(VETERAN_FROM, date(2025, 8, 1)))
    shown = page(as_role(branch, "branch_verifier"), "file", event.id)
    assert "belum keputusan" in shown and "Jalan keluar" in shown


def test_only_the_branch_sees_the_account(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran)
    assert "******7890" in page(as_role(branch, "branch_verifier"), "claim", claim.id)
    for role in ("village_operator", "regency_officer", "auditor"):
        shown = page(as_role(branch, role), "claim", claim.id)
        assert "7890" not in shown
        assert "1234567890" not in shown
        assert WIFE_NIK not in shown


def test_a_refusal_shows_reason_and_way_out(branch: Branch) -> None:
    claim = branch.claim(branch.death(branch.participant(VETERAN_FROM, date(2025, 8, 1))), papers=False)
    branch.judged(claim)
    shown = page(as_role(branch, "branch_approver"), "claim", claim.id)
    for words in ("PP 44/2015 Pasal 42 ayat (2)", "Jalan keluar", "Keberatan"):
        assert words in shown


def test_a_form_says_what_is_wrong_at_its_field(branch: Branch, veteran: InsuredEvent) -> None:
    filed = {"programme": "JKM"} | asdict(claimant(bank_holder="Kepala Desa"))
    response = as_role(branch, "branch_verifier").post(reverse("claims:file", args=[veteran.id]), filed)
    assert response.status_code == 200
    assert "bank_holder" in response.context["form"].errors


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [
        ("leadership", "claims", 403),
        ("village_operator", "death_list", 403),
        ("village_operator", "make_batch", 403),
        ("auditor", "find_person", 403),
        ("auditor", "claims", 200),
        ("regency_officer", "death_list", 200),
    ],
)
def test_pages_open_by_role(branch: Branch, role: str, name: str, status: int) -> None:
    assert as_role(branch, role).get(reverse(f"claims:{name}")).status_code == status


def test_a_claim_of_another_village_is_not_found(branch: Branch) -> None:
    elsewhere = branch.participant(NEWCOMER_FROM, village=branch.world.villages[3])
    claim = branch.claim(branch.death(elsewhere))
    client = as_role(branch, "village_operator")
    assert client.get(reverse("claims:claim", args=[claim.id])).status_code == 404
    assert claim.number not in page(client, "claims")


def test_the_queue_asks_the_same_number_of_questions_however_long(branch: Branch, veteran: InsuredEvent) -> None:
    client = as_role(branch, "branch_verifier")
    branch.claim(veteran)
    page(client, "claims")
    with CaptureQueriesContext(connection) as few:
        page(client, "claims")
    for number in range(4):
        person_id = branch.participant(VETERAN_FROM, name=f"Peserta {number}")
        branch.claim(branch.death(person_id), nik=f"611201520483010{number}", bank_account=f"555000{number}")
    with CaptureQueriesContext(connection) as many:
        page(client, "claims")
    assert len(many) == len(few)


def test_the_most_urgent_claim_comes_first(branch: Branch, veteran: InsuredEvent) -> None:
    waiting = branch.claim(veteran, papers=False)
    person_id = branch.participant(VETERAN_FROM, name="Suparman")
    running = branch.claim(branch.death(person_id), nik="6112016107740001", bank_account="555000")
    shown = page(as_role(branch, "branch_verifier"), "claims")
    assert shown.index(running.number) < shown.index(waiting.number)


def test_a_scan_must_be_a_picture_or_pdf(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran, papers=False)
    program = SimpleUploadedFile("ktp.pdf", b"MZ not a pdf", "application/pdf")
    response = as_role(branch, "branch_verifier").post(
        reverse("claims:receive", args=[claim.id]), {"kind": "heir_id", "file": program}
    )
    assert response.status_code == 422
    assert not claim.documents.exists()


def test_a_late_payment_says_so(branch: Branch, veteran: InsuredEvent) -> None:
    decision = branch.judged(branch.claim(veteran))
    branch.approve(decision)
    payout = branch.sent(decision)
    with acting_as(branch.world.verifier) as who:
        actions.confirm_payout(who, payout.id, date(2026, 2, 27), "TRX-1")
    verifier = as_role(branch, "branch_verifier")
    assert "terlambat" not in page(verifier, "claim", decision.claim_id)
    due = date(2026, 2, 26)  # as if the papers had been complete earlier
    ClaimStanding.objects.filter(pk=decision.claim_id).update(pay_by=due)
    assert "seharusnya paling lambat 26 Februari 2026" in page(verifier, "claim", decision.claim_id)
    ClaimStanding.objects.filter(pk=decision.claim_id).update(
        pay_by=ClaimCompletion.objects.get(pk=decision.claim_id).pay_by
    )
