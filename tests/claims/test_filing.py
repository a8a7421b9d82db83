"""Who may claim, into which account, with which papers, and when the clock starts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.conftest import DIED, VETERAN_FROM, WIFE_NIK, Branch
from lindung.claims import actions, checklists
from lindung.claims.actions.filing import last_day_to_pay
from lindung.claims.models import Claim, ClaimCompletion, ClaimDocument, InsuredEvent
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.crypto import decrypt_text
from lindung.core.errors import Conflict, DomainError, InvalidInput, NotFound
from lindung.core.models import Installation
from lindung.people.actions import add_relative
from lindung.people.models import Relative

pytestmark = pytest.mark.django_db


def refused(branch: Branch, event: InsuredEvent, **changes: object) -> DomainError:
    with pytest.raises(DomainError) as caught:
        branch.claim(event, **changes)  # type: ignore[arg-type]
    return caught.value


def test_a_brother_waits_while_the_wife_lives(branch: Branch, veteran: InsuredEvent) -> None:
    error = refused(branch, veteran, name="Ahmad", bank_holder="Ahmad", nik="6112011505800001", relation="sibling")
    assert error.code == "not_first_heir"
    assert "Siti Rohani" in error.message
    assert error.article == "PP 44/2015 Pasal 40 ayat (2)"
    assert Claim.objects.count() == 0


def test_the_brother_claims_when_nobody_nearer_lives(branch: Branch, veteran: InsuredEvent) -> None:
    Relative.objects.filter(person=veteran.person).update(alive=False)
    claim = branch.claim(veteran, name="Ahmad", bank_holder="Ahmad", nik="6112011505800001", relation="sibling")
    assert claim.claimant_relation == "sibling"
    assert "marriage_book" not in claim.documents.values_list("kind", flat=True)


def test_the_record_wins_over_what_the_claimant_says(branch: Branch, veteran: InsuredEvent) -> None:
    with acting_as(SYSTEM):
        add_relative(SYSTEM, veteran.person_id, "sibling", "Ahmad", nik="6112011505800001")
    error = refused(branch, veteran, name="Ahmad", bank_holder="Ahmad", nik="6112011505800001", relation="spouse")
    assert error.code == "not_first_heir"


def test_an_heir_not_on_record_is_recorded(branch: Branch) -> None:
    event = branch.death(branch.participant(VETERAN_FROM))
    branch.claim(event)
    assert Relative.objects.get(person=event.person).nik == WIFE_NIK


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bank_holder": "Kepala Desa"}, "account_not_heirs"),
        ({"bank_account": "12-AB"}, "account_format"),
        ({"nik": "123"}, "nik_format"),
        ({"relation": "neighbour"}, "relation_unknown"),
        ({"programme": "JKK"}, "programme_does_not_fit"),
        ({"programme": "JHT"}, "programme_unknown"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    branch: Branch, veteran: InsuredEvent, changes: dict[str, str], code: str
) -> None:
    error = refused(branch, veteran, **changes)
    assert (error.code, bool(error.field)) == (code, True)


def test_one_account_never_serves_two_heirs(branch: Branch, veteran: InsuredEvent) -> None:
    branch.claim(veteran)
    other = branch.death(branch.participant(VETERAN_FROM, name="Suparman"))
    error = refused(branch, other, name="Painem", bank_holder="Painem", nik="6112016107740001")
    assert error.code == "account_of_another_heir"


def test_titles_in_a_name_do_not_make_another_person(branch: Branch, veteran: InsuredEvent) -> None:
    assert branch.claim(veteran, bank_holder="Hj. Siti Rohani").bank_holder == "Hj. Siti Rohani"


def test_a_second_claim_for_one_death_names_the_first(branch: Branch, veteran: InsuredEvent) -> None:
    first = branch.claim(veteran)
    error = refused(branch, veteran)
    assert isinstance(error, Conflict)
    assert first.number in error.message
    assert Claim.objects.count() == 1


def test_the_account_is_encrypted_and_the_number_nowhere_in_the_row(branch: Branch, veteran: InsuredEvent) -> None:
    claim = Claim.objects.filter(pk=branch.claim(veteran).pk).values().get()
    assert "1234567890" not in str(claim)
    assert decrypt_text(claim["bank_account"]) == "1234567890"


def test_each_paper_has_one_receipt_and_the_last_starts_the_clock(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran, papers=False)
    kinds = [item.kind for item in checklists.required(claim.checklist_version, "spouse")]
    with acting_as(branch.world.verifier) as who:
        for kind in kinds[:-1]:
            first = actions.receive_document(who, claim.id, kind)
            assert actions.receive_document(who, claim.id, kind).id == first.id
        assert not ClaimCompletion.objects.exists()
        actions.receive_document(who, claim.id, kinds[-1])
    completion = ClaimCompletion.objects.get()
    # 27 February 2026 is a Friday.
    assert (completion.complete_on, completion.pay_by) == (date(2026, 2, 27), date(2026, 3, 4))
    assert ClaimDocument.objects.count() == len(kinds)


def test_nothing_beyond_the_list_is_asked(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran, papers=False)
    with acting_as(branch.world.verifier) as who, pytest.raises(InvalidInput) as caught:
        actions.receive_document(who, claim.id, "police_report")
    assert caught.value.code == "document_not_on_list"


def test_a_filed_claim_keeps_its_list_when_a_new_version_comes(
    branch: Branch, veteran: InsuredEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = branch.claim(veteran, papers=False)
    before = checklists.required(claim.checklist_version, "spouse")
    extra = checklists.Document("extra", "Tambahan", "")
    monkeypatch.setitem(checklists.CHECKLISTS, "JKM-2027-1", (*checklists.CHECKLISTS["JKM-2026-1"], extra))
    monkeypatch.setitem(checklists.CURRENT, "JKM", "JKM-2027-1")
    assert checklists.version_for("JKM") == "JKM-2027-1"
    assert checklists.required(Claim.objects.get(pk=claim.pk).checklist_version, "spouse") == before


@pytest.mark.parametrize(
    ("traffic", "relation", "needed"),
    [
        (True, "spouse", {"police_report", "marriage_book", "kk1", "kk2", "kk3", "chronology"}),
        (False, "child", {"birth_certificate", "kk1"}),
    ],
)
def test_a_work_death_needs_the_accident_papers(traffic: bool, relation: str, needed: set[str]) -> None:
    kinds = {item.kind for item in checklists.required(checklists.version_for("JKK", traffic), relation)}
    assert needed <= kinds
    assert ("police_report" in kinds) is traffic
    assert "form_4" not in kinds


@given(st.sampled_from(sorted(checklists.CHECKLISTS)), st.sampled_from(["spouse", "child", "sibling"]), st.data())
def test_what_is_missing_and_what_is_there_make_the_list(version: str, relation: str, data: st.DataObject) -> None:
    wanted = [item.kind for item in checklists.required(version, relation)]
    have = data.draw(st.sets(st.sampled_from(wanted)))
    assert {item.kind for item in checklists.missing(version, relation, have)} == set(wanted) - have


def test_the_clock_steps_over_lebaran_2026(branch: Branch) -> None:
    """Idul Fitri is 21 and 22 March 2026, Nyepi the 19th; collective leave fills the days around them."""
    assert last_day_to_pay("JKM", date(2026, 3, 17)) == date(2026, 3, 27)
    assert last_day_to_pay("JKK", date(2026, 3, 17)) == date(2026, 4, 2)
    assert last_day_to_pay("JKM", date(2026, 3, 2)) == date(2026, 3, 5)


def test_the_clock_starts_on_the_business_date(branch: Branch, veteran: InsuredEvent) -> None:
    Installation.objects.update(business_date=date(2026, 3, 17))
    branch.claim(veteran)
    assert ClaimCompletion.objects.get().pay_by == date(2026, 3, 27)


def test_a_claim_outside_the_area_does_not_exist(branch: Branch, veteran: InsuredEvent) -> None:
    claim = branch.claim(veteran)
    assert veteran.occurred_on == DIED
    with acting_as(branch.world.other_operator):
        assert not Claim.objects.exists()
        assert not ClaimDocument.objects.exists()
        assert not ClaimCompletion.objects.exists()
        assert not InsuredEvent.objects.exists()
    with acting_as(branch.world.operator):
        assert Claim.objects.get() == claim
        assert ClaimDocument.objects.exists()
    with acting_as(branch.world.other_operator) as who, pytest.raises(NotFound):
        actions.tell_heirs(who, veteran.id)
