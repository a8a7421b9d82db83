"""From the accepted people to bills: frozen list, ceiling, four eyes, enactment."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from pypdf import PdfReader
from world import World

from lindung.assistance.actions import decide_decree, enact_decree, propose_decree
from lindung.assistance.models import Decree, DecreeDecision, DecreeLine, Enactment, Proposal, Scheme
from lindung.assistance.queries import decree as decree_detail
from lindung.assistance.queries import decree_file, preview_decree, schemes
from lindung.contributions.models import Bill, PersonMonth
from lindung.core.actors import SYSTEM, Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed
from lindung.core.models import ActionEntry
from lindung.membership.models import Membership
from lindung.people.actions import import_death_notices
from lindung.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
Row = dict[str, Any]
Cells = Callable[..., list[Row]]
Send = Callable[..., Proposal]
JANUARY, MARCH, DATED = date(2026, 1, 1), date(2026, 3, 1), date(2026, 1, 12)


def propose(scheme: Scheme, actor: Actor, number: str = "400/2026", last: date = MARCH) -> Decree:
    with acting_as(actor):
        return propose_decree(actor, scheme.pk, number, DATED, JANUARY, last, "hasil verifikasi")


def decide(decree: Decree, actor: Actor, outcome: str = "approved") -> DecreeDecision:
    with acting_as(actor):
        return decide_decree(actor, decree.pk, outcome, "daftar sesuai")


def enact(decree: Decree, actor: Actor) -> Enactment:
    with acting_as(actor):
        return enact_decree(actor, decree.pk)


def test_decree_takes_effect_once(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    rows = cells(4)
    send([*rows[:3], rows[3] | {"NIK": ""}])
    decree = propose(scheme, world.officer)
    assert (decree.people, decree.total_amount) == (3, 3 * 3 * 16_800)
    assert set(DecreeLine.objects.filter(decree=decree).values_list("line_no", flat=True)) == {1, 2, 3}
    decide(decree, world.approver)
    first, second = enact(decree, world.approver), enact(decree, world.approver)
    assert first.pk == second.pk
    assert (first.people, first.new_memberships, first.person_months) == (3, 3, 9)
    assert Membership.objects.filter(segment="BPU").count() == 3
    charged = PersonMonth.objects.values_list("month", "jkk", "jkm", "origin")
    assert set(charged) == {(date(2026, m, 1), 10_000, 6_800, f"decree:{decree.pk}") for m in (1, 2, 3)}
    assert Bill.objects.filter(payer=scheme.payer).count() == 3
    detail = decree_detail(decree.pk)
    assert (detail.state, detail.person_months, detail.content_digest) == ("enacted", 9, decree.content_digest)
    summary = schemes()[0]
    assert (summary.people_decreed, summary.people_waiting, summary.rows_to_fix) == (3, 0, 1)


def test_attachments(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    rows = cells(2)
    send(rows)
    decree = propose(scheme, world.officer)
    name, pdf = decree_file(decree.pk, "pdf")
    assert pdf.startswith(b"%PDF") and name.endswith(".pdf")
    assert decree_file(decree.pk, "xlsx")[1].startswith(b"PK")
    assert rows[0]["NIK"].encode() not in pdf


def test_the_draft_mark_goes_with_the_approval(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    send(cells(2))
    decree = propose(scheme, world.officer)
    assert "RANCANGAN" in _printed(decree, world.officer)
    decide(decree, world.approver)
    assert "RANCANGAN" not in _printed(decree, world.officer)


def _printed(decree: Decree, actor: Actor) -> str:
    with acting_as(actor):
        return PdfReader(io.BytesIO(decree_file(decree.pk, "pdf")[1])).pages[0].extract_text()


def test_the_proposer_cannot_decide(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    send(cells(1))
    both = Actor(world.officer.user_id, "dua peran", "regency_officer", frozenset({"*"}), world.officer.scope)
    decree = propose(scheme, world.officer)
    with pytest.raises(NotAllowed) as refused:
        decide(decree, both)
    assert refused.value.code == "four_eyes"
    with pytest.raises(NotAllowed):
        decide(decree, world.officer)  # the role does not include it either
    assert not DecreeDecision.objects.exists()


@pytest.mark.parametrize("proposer, decider, constraint", [
    ("officer", "officer", "decree_four_eyes"),
    ("approver", "officer", "decision_names_proposer"),  # naming somebody else as proposer does not help
])  # fmt: skip
def test_postgresql_itself_refuses(
    proposer: str, decider: str, constraint: str, world: World, scheme: Scheme, cells: Cells, send: Send
) -> None:
    send(cells(1))
    decree = propose(scheme, world.officer)
    ids = (getattr(world, proposer).user_id, getattr(world, decider).user_id)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assistance_decreedecision (decree_id, proposed_by_id, decided_by_id, outcome, reason)"
            " VALUES (%s, %s, %s, 'approved', 'x')", [decree.pk, *ids],
        )  # fmt: skip
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_no_enactment_without_approval(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    send(cells(1))
    decree = propose(scheme, world.officer)
    with pytest.raises(Conflict):
        enact(decree, world.approver)
    with pytest.raises(IntegrityError, match="only an approved decree"), transaction.atomic():
        Enactment.objects.create(decree=decree, people=1, new_memberships=1, person_months=1)
    decide(decree, world.approver, "returned")
    with pytest.raises(Conflict):
        enact(decree, world.approver)
    assert not PersonMonth.objects.exists()


def test_above_the_ceiling_is_refused_with_what_would_fit(
    world: World, scheme: Scheme, cells: Cells, send: Send
) -> None:
    Scheme.objects.filter(pk=scheme.pk).update(budget_ceiling=2 * 3 * 16_800)
    send(cells(3))
    with pytest.raises(Conflict) as refused:
        propose(scheme, world.officer)
    assert refused.value.code == "over_ceiling"
    assert "3 orang × Rp16.800 × 3 bulan = Rp151.200" in refused.value.message
    assert "2 orang" in refused.value.way_out
    decree = propose(scheme, world.officer, last=date(2026, 2, 1))
    assert decree.total_amount == 2 * 3 * 16_800  # to the rupiah
    decide(decree, world.approver)
    with acting_as(world.officer):
        assert preview_decree(scheme.pk).ceiling_left == 0


def test_a_list_that_changed_cannot_be_approved(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    rows = cells(3)
    send(rows)
    decree = propose(scheme, world.officer)
    notice = {"row_no": 1, "nik": rows[0]["NIK"], "name": rows[0]["Nama Lengkap"], "birth_date": None,
              "died_on": date(2026, 1, 13), "certificate_no": ""}  # fmt: skip
    with acting_as(SYSTEM):
        import_death_notices(SYSTEM, [notice], world.regency, "0" * 64)
    with pytest.raises(Conflict) as refused:
        decide(decree, world.approver)
    assert (refused.value.code, refused.value.details["people"]) == ("decree_changed", 1)
    decide(decree, world.approver, "returned")
    again = propose(scheme, world.officer)
    assert again.people == 2
    assert decide(again, world.approver).outcome == "approved"


def test_one_draft_at_a_time_and_nobody_on_two_decrees(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    rows = cells(5)
    send(rows[:2])
    first = propose(scheme, world.officer)
    send(rows[2:], name="lagi.xlsx")
    with pytest.raises(Conflict) as refused:
        propose(scheme, world.officer, "401/2026")
    assert refused.value.code == "decree_waiting"
    decide(first, world.approver)  # people who came later do not stop the decree
    with pytest.raises(Conflict):
        propose(scheme, world.officer)  # the number is taken
    second = propose(scheme, world.officer, "401/2026")
    assert (first.people, second.people) == (2, 3)
    decide(second, world.approver)
    with pytest.raises(InvalidInput) as empty:
        propose(scheme, world.officer, "402/2026")
    assert empty.value.code == "decree_empty"
    with pytest.raises(Conflict):
        decide(second, world.approver)
    enact(first, world.approver)
    enact(second, world.approver)
    assert Person.objects.count() == 5
    assert PersonMonth.objects.filter(month=JANUARY).count() == 5


def test_months_outside_the_scheme(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    send(cells(1))
    with pytest.raises(InvalidInput) as refused:
        propose(scheme, world.officer, last=date(2027, 1, 1))
    assert refused.value.code == "decree_period"


def test_renewal_keeps_membership_and_number(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    rows = cells(2)
    send(rows)
    first = propose(scheme, world.officer)
    decide(first, world.approver)
    enact(first, world.approver)
    numbers = set(Membership.objects.values_list("kpj", flat=True))
    other = Scheme.objects.create(
        name="Lanjutan", payer=scheme.payer, place=scheme.place, fiscal_year=2026, programmes=scheme.programmes,
        wage_base=scheme.wage_base, monthly_amount=scheme.monthly_amount, criteria=scheme.criteria,
        budget_ceiling=scheme.budget_ceiling, account_codes=[], legal_basis="uji", period=scheme.period,
    )  # fmt: skip
    from assistance.lists import workbook

    from lindung.assistance.actions import receive_proposal

    with acting_as(world.officer):
        proposal = receive_proposal(world.officer, other.pk, "a.xlsx", workbook(rows))
    assert proposal.rows_accepted == 2
    with acting_as(world.officer):
        second = propose_decree(
            world.officer, other.pk, "500/2026", DATED, date(2026, 4, 1), date(2026, 4, 1), "lanjutan"
        )
    decide(second, world.approver)
    effect = enact(second, world.approver)
    assert (effect.new_memberships, effect.person_months) == (0, 2)
    assert set(Membership.objects.values_list("kpj", flat=True)) == numbers


def test_acts_are_logged_without_personal_data(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    rows = cells(1)
    send(rows)
    decree = propose(scheme, world.officer)
    decide(decree, world.approver)
    enact(decree, world.approver)
    entries = list(ActionEntry.objects.filter(action__startswith="assistance."))
    assert {entry.action for entry in entries} == {
        "assistance.create_scheme", "assistance.receive_proposal", "assistance.check_proposal",
        "assistance.propose_decree", "assistance.decree_approved", "assistance.enact_decree",
    }  # fmt: skip
    written = " ".join(f"{entry.subject} {entry.reason} {entry.after}" for entry in entries)
    assert rows[0]["NIK"] not in written and rows[0]["Nama Lengkap"] not in written
