"""One small world with an object of every kind in it, so that a refusal is never hidden behind a «not found».

In the operator's village live `person` and all that hangs on it; `stranger` lives in another village."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from assistance.lists import GOOD, workbook
from claims.conftest import VETERAN_FROM, Branch
from django.db import connection, transaction
from django.test import Client
from world import TODAY, World, make_people, make_user, make_world

from lindung.assistance.actions import (
    check_proposal,
    create_kubu_raya_scheme,
    decide_decree,
    enact_decree,
    propose_decree,
    receive_proposal,
)
from lindung.claims import actions as claims
from lindung.claims import checklists
from lindung.claims.models import ClaimDocument, HeirNotice, PayoutConfirmation
from lindung.contributions.models import Bill
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.files import store_file
from lindung.core.models import ApiToken, Job
from lindung.coverage.actions import refresh_summary
from lindung.membership.models import Membership
from lindung.people.models import Person
from lindung.places.actions import load_holidays
from lindung.places.models import Place
from web import small_offices

ROLES = (
    "regency_officer", "regency_approver", "village_operator", "branch_verifier", "branch_relations",
    "branch_finance", "branch_approver", "auditor", "company_hr", "leadership", "administrator", "without_role",
)  # fmt: skip
ANONYMOUS = "anonymous"
ACCOUNT = "1234567890"
FAR = " Jauhari"  # in the name of everybody who lives in the other village
PDF_BYTES = b"%PDF-1.4 a scan"


@dataclass
class SmallWorld:
    """The ids of what there is, by the names that addresses use."""

    world: World
    ids: dict[str, Any] = field(default_factory=dict)
    far: dict[str, Any] = field(default_factory=dict)  # the same kinds of things, in another village
    clients: dict[str, Client] = field(default_factory=dict)
    programs: dict[str, Client] = field(default_factory=dict)


def build() -> SmallWorld:
    """Everything through the rooms' own actions."""
    world = make_world()
    with acting_as(SYSTEM):
        load_holidays(SYSTEM, [2026])
    branch = Branch(world)
    small = SmallWorld(world)
    _people_and_claims(small, branch)
    _assistance(small)
    small_offices.build(world, small.ids, small.far)
    with acting_as(SYSTEM):
        refresh_summary(SYSTEM, TODAY)
        small.ids["job_id"] = Job.objects.create(kind="check", subject="x:1", actor_id=None).pk
    _users(small)
    return small


def _people_and_claims(small: SmallWorld, branch: Branch) -> None:
    home, other = small.world.villages[0], small.world.villages[1]
    for place, ids, tail in ((home, small.ids, ""), (other, small.far, FAR)):
        living = branch.participant(VETERAN_FROM, village=place, name=f"Masih Hidup{tail}")
        paid = branch.participant(VETERAN_FROM, village=place, name=f"Sudah Dibayar{tail}")
        branch.wife(paid)
        paid_event = branch.death(paid)
        with acting_as(small.world.verifier) as who:
            notice = claims.tell_heirs(who, paid_event.id)
        decision = branch.judged(branch.claim(paid_event))
        branch.approve(decision)
        payout = branch.sent(decision)
        with acting_as(small.world.verifier) as who:
            claims.confirm_payout(who, payout.id, date(2026, 2, 27), f"TRX-{place}")
        waiting = branch.participant(VETERAN_FROM, village=place, name=f"Menunggu Keputusan{tail}")
        branch.wife(waiting)
        claim = branch.claim(branch.death(waiting), papers=False)
        with acting_as(small.world.verifier) as who:
            kinds = [item.kind for item in checklists.required(claim.checklist_version, claim.claimant_relation)]
            scan = store_file(who, "ktp.pdf", PDF_BYTES, "application/pdf")
            claims.receive_document(who, claim.id, kinds[0], scan)
            for kind in kinds[1:]:
                claims.receive_document(who, claim.id, kind)
        asked = branch.judged(claim)
        ids |= {
            "person_id": living, "membership_id": Membership.objects.get(person_id=living).pk,
            "dead_id": waiting, "event_id": paid_event.id, "claim_id": claim.id,
            "notice_id": HeirNotice.objects.get(pk=notice.pk).pk, "decision_id": decision.id,
            "waiting_decision_id": asked.id, "batch_id": payout.batch_id, "payout_id": payout.id,
            "document_id": ClaimDocument.objects.get(claim=claim, file__isnull=False).pk,
        }  # fmt: skip
    assert PayoutConfirmation.objects.count() == 2


def _assistance(small: SmallWorld) -> None:
    world = small.world
    names = dict(Place.objects.values_list("key", "name"))
    with acting_as(world.officer) as who:
        scheme = create_kubu_raya_scheme(who, world.agency.pk, 2026)
    for seed, (place, ids) in enumerate(((world.villages[0], small.ids), (world.villages[1], small.far)), start=5):
        people = make_people(3, seed, [place]).with_columns(pl.col("birth_date").dt.strftime("%d/%m/%Y"))
        rows = [
            GOOD | {
                "NIK": row["nik"], "Nama Lengkap": row["name"], "Tanggal Lahir": row["birth_date"], "L/P": row["sex"],
                "Nama Ibu Kandung": row["mother_name"], "Desa/Kelurahan": names[row["place_id"]],
                "Kecamatan": names[row["place_id"] // 10_000 * 10_000],
            }
            for row in people.rows(named=True)
        ]  # fmt: skip
        sender = world.operator if place == world.village else world.other_operator
        with acting_as(sender):
            proposal = receive_proposal(sender, scheme.pk, f"desa-{place}.xlsx", workbook(rows))
        with acting_as(SYSTEM):
            check_proposal(SYSTEM, proposal.pk)
        ids["proposal_id"] = proposal.pk
    with acting_as(world.officer) as who:
        decree = propose_decree(who, scheme.pk, "1/DISNAKER/2026", date(2026, 2, 27), date(2026, 3, 1),
                                date(2026, 12, 1), "uji")  # fmt: skip
    with acting_as(world.approver) as who:
        decide_decree(who, decree.pk, "approved", "sesuai daftar")
        enact_decree(who, decree.pk)
    small.ids |= {
        "scheme_id": scheme.pk, "decree_id": decree.pk, "kind": "xlsx", "code": "61.12.01", "payer_id": world.agency.pk,
        "bill_id": Bill.objects.filter(issue__isnull=True).order_by("month")[0].pk, "name": "jkk_benefit_wages",
        "slug": "iuran",
        "nik": Person.objects.get(pk=small.ids["person_id"]).nik,
    }  # fmt: skip


def _users(small: SmallWorld) -> None:
    for role in ROLES:
        user = make_user(role, "", []) if role == "without_role" else small.world.user(role)
        small.clients[role] = Client(raise_request_exception=False)
        small.clients[role].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        token = f"token-of-{role}"
        ApiToken.objects.create(user=user, name="uji", digest=hashlib.sha256(token.encode()).hexdigest())
        small.programs[role] = Client(headers={"authorization": f"Bearer {token}"}, raise_request_exception=False)
    small.clients[ANONYMOUS] = small.programs[ANONYMOUS] = Client(raise_request_exception=False)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    assert not connection.needs_rollback
