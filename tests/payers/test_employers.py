"""Registering employers and changing what is known of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from world import World

from lindung.core.actors import Actor, acting_as
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.payers import actions, legal, tasks
from lindung.payers.drafts import Activity, EmployerChanges, Identity, Scale
from lindung.payers.employer_queries import employer, employer_on, history
from lindung.payers.kbli import suggest
from lindung.payers.models import Employer, EmployerActivity, EmployerChange, Payer
from payers.conftest import JANUARY, OFFICER, draft

pytestmark = pytest.mark.django_db
MARCH, JULY = date(2026, 3, 1), date(2026, 7, 1)
ALL = ("JKK", "JKM", "JHT", "JP", "JKP")


def change(payer: Payer, day: date, **parts: Any) -> list[str]:
    return actions.change_employer(OFFICER, payer.pk, day, "Data baru", "Surat", EmployerChanges(**parts))


def group_on(payer: Payer, day: date) -> object:
    return employer_on([payer.pk], day)["risk_group"].item()


def test_an_employer_is_registered_once_and_known_whole(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    assert actions.register_employer(OFFICER, draft(nib="0220001234567", workers=130)) == payer
    detail = employer(OFFICER, payer.pk)
    assert (detail.row.nib, detail.npwp, detail.row.npp) == ("0220001234567", "0012345678701000", "NIB0220001234567")
    assert detail.row.is_provisional
    assert (payer.risk_group, detail.row.firm_size, detail.row.workers) == (3, "medium", 120)
    assert (detail.programmes, detail.missing) == (ALL, ())
    assert detail.activity is not None and detail.activity.decided_by == "Uji"
    assert Employer.objects.count() == 1


def test_a_known_payer_becomes_an_employer(acting: World) -> None:
    thin = acting.company
    registered = actions.register_employer(OFFICER, draft(name=thin.name, npp=thin.npp))
    assert registered.pk == thin.pk
    assert group_on(thin, JANUARY) == 3
    with pytest.raises(Conflict, match="KR000002 sudah terdaftar"):
        actions.register_employer(OFFICER, draft(name="PT Lain", npp=thin.npp, nib="1111111111111"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nib": "022000123456"}, "nib"), ({"nib": "O220001234567"}, "nib"), ({"nib": "", "npp": ""}, "nib"),
        ({"npwp": "1234"}, "npwp"), ({"npwp": "0012345678701000000001"}, "npwp"), ({"kbli": "99999; 83110"}, "kbli"),
        ({"kbli": "1043"}, "kbli"), ({"entry": "VI.1"}, "entry"), ({"entry": ""}, "entry"),
        ({"entry": "III.60", "risk_group": 2}, "entry"), ({"firm_size": ""}, "firm_size"),
        ({"firm_size": "state"}, "firm_size"), ({"workers": -1}, "workers"), ({"capital": -5}, "capital"),
        ({"programmes": ()}, "programmes"), ({"programmes": ("JKK", "BPJS")}, "programmes"),
        ({"phone": "telepon"}, "phone"), ({"email": "hrd@"}, "email"), ({"name": "  "}, "name"),
        ({"joined_on": date(2036, 1, 1)}, "joined_on"), ({"kind": "donor"}, "kind"), ({"source": ""}, "source"),
    ],
)  # fmt: skip
def test_faulty_registrations_name_their_field(acting: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.register_employer(OFFICER, draft(**changes))
    assert refused.value.field == field
    assert not Payer.objects.exists()


@pytest.mark.parametrize(
    "written",
    ["0012345678701000", "012345678701000", "01.234.567.8-701.000", "0012 3456 7870 1000"],
)
def test_the_tax_number_in_either_form_is_one_number(acting: World, written: str) -> None:
    payer = actions.register_employer(OFFICER, draft(npwp=written))
    assert payer.employer.npwp == "0012345678701000"


def test_a_persons_tax_number_is_not_shown_whole(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft(npwp="6112010101900001"))
    assert employer(OFFICER, payer.pk).npwp == "6112********0001"


def test_the_number_of_another_employer_is_refused_in_plain_words(acting: World) -> None:
    actions.register_employer(OFFICER, draft())
    with pytest.raises(Conflict) as refused:
        actions.register_employer(OFFICER, draft(name="CV Lain"))
    assert "PT Contoh Sawit Kapuas" in refused.value.message and "unit" in refused.value.way_out
    with pytest.raises(Conflict):  # the same name and NIB, yet another NPP than on record
        actions.register_employer(OFFICER, draft(npp="KR000009"))


def test_only_who_may_and_only_in_the_own_area(acting: World) -> None:
    with pytest.raises(NotAllowed):
        actions.register_employer(Actor(1, "x", "leadership"), draft())
    village = Actor(1, "x", "x", OFFICER.permissions, ((acting.village, acting.village),))
    with acting_as(village), pytest.raises(NotAllowed):
        actions.register_employer(village, draft())


def test_a_change_holds_from_its_day_and_the_past_stays(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    assert change(payer, JULY, activity=Activity(entry="II.5")) == ["activity"]
    assert [group_on(payer, day) for day in (JANUARY, date(2026, 6, 30), JULY)] == [3, 3, 2]
    assert Payer.objects.get(pk=payer.pk).risk_group == 3  # today's
    # A correction of the past leaves what was recorded for later as it is.
    assert change(payer, MARCH, activity=Activity(risk_group=4)) == ["activity"]
    assert [group_on(payer, day) for day in (JANUARY, MARCH, JULY)] == [3, 4, 2]


def test_the_same_change_again_changes_nothing(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    new = {"scale": Scale("large", workers=400), "activity": Activity(risk_group=4)}
    assert change(payer, MARCH, **new) == ["activity", "scale"]
    rows = EmployerActivity.objects.count()
    assert change(payer, MARCH, **new) == []
    assert EmployerActivity.objects.count() == rows


def test_the_nightly_task_follows_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_as(OFFICER):
        payer = actions.register_employer(OFFICER, draft())
        change(payer, MARCH, activity=Activity(risk_group=5))
    monkeypatch.setattr(tasks, "today", lambda: MARCH)
    tasks.follow_every_risk_group(0)
    tasks.follow_every_risk_group(0)
    payer.refresh_from_db()
    assert payer.risk_group == 5


def test_todays_group_follows_when_its_day_comes(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    change(payer, MARCH, activity=Activity(risk_group=5))
    assert actions.follow_risk_groups(date(2026, 2, 28)) == 0
    assert (actions.follow_risk_groups(MARCH), actions.follow_risk_groups(MARCH)) == (1, 0)
    payer.refresh_from_db()
    assert payer.risk_group == 5


def test_programmes_that_differ_from_the_law_are_seen(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft(programmes=("JKM", "JKK")))
    detail = employer(OFFICER, payer.pk)
    assert (detail.programmes, detail.missing) == (("JKK", "JKM"), ("JHT", "JP", "JKP"))
    assert detail.row.standing == "partial"
    assert employer_on([payer.pk], MARCH)["programmes"].to_list() == [["JKK", "JKM"]]
    assert change(payer, MARCH, as_required=True) == ["programmes"]
    assert employer_on([payer.pk], MARCH)["programmes"].to_list() == [None]


def test_the_frame_for_assessment_knows_thin_payers_and_state_bodies(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    ids = [acting.agency.pk, acting.company.pk, payer.pk]
    frame = employer_on(ids, MARCH).sort("payer_id")
    rows = {row["payer_id"]: (row["is_state"], row["risk_group"], row["firm_size"]) for row in frame.to_dicts()}
    assert rows == {ids[0]: (True, None, "state"), ids[1]: (False, 3, None), ids[2]: (False, 3, "medium")}
    assert set(employer_on(None, MARCH)["payer_id"]) == set(ids)


def test_who_it_is_changes_with_its_history(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    other = actions.register_employer(OFFICER, draft(name="CV Lain", nib="9120001234567"))
    new = Identity("PT Contoh Sawit Baru", payer.place_id, nib="0220001234567", npp="KR123456", address="Jalan Baru 1")
    assert change(payer, MARCH, identity=new) == ["identity"]
    assert change(payer, MARCH, identity=new) == []
    kept = EmployerChange.objects.get()
    assert (kept.before["name"], kept.after["npp"]) == ("PT Contoh Sawit Kapuas", "KR123456")
    with pytest.raises(Conflict):
        change(other, MARCH, identity=new)
    with pytest.raises(InvalidInput):
        change(payer, date(2025, 12, 31), activity=Activity(risk_group=1))
    assert history(OFFICER, payer.pk)[0].part == "identity"


def test_units_and_contacts(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    first = actions.add_unit(OFFICER, payer.pk, "u 01", "Pabrik", acting.village, JANUARY)
    assert actions.add_unit(OFFICER, payer.pk, "U01", "pabrik", acting.village, JANUARY) == first
    with pytest.raises(Conflict):
        actions.add_unit(OFFICER, payer.pk, "U01", "Kebun", acting.village, JANUARY)
    contact = actions.add_contact(OFFICER, payer.pk, "Rini", "hr", "0812 3456 7890", "", JANUARY, first.pk)
    again = actions.add_contact(OFFICER, payer.pk, "Rini", "hr", "0812-9999-0000", "", JANUARY, first.pk)
    assert (again.pk, again.phone) == (contact.pk, "081299990000")
    with pytest.raises(InvalidInput):
        actions.add_contact(OFFICER, payer.pk, "Budi", "finance", "", "", JANUARY)
    actions.end_contact(OFFICER, payer.pk, contact.pk, date(2026, 2, 1))
    assert employer(OFFICER, payer.pk).contacts == []
    with pytest.raises(NotFound):
        actions.add_unit(OFFICER, acting.company.pk, "U01", "Kantor", acting.village, JANUARY)


def test_agreements_ask_for_renewal_and_are_renewed_once(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    old = actions.add_agreement(OFFICER, payer.pk, "PKS/1", "Pendaftaran", JANUARY, date(2026, 3, 31))
    assert [row.state for row in employer(OFFICER, payer.pk).agreements] == ["ending"]
    with pytest.raises(InvalidInput):
        actions.renew_agreement(OFFICER, old.pk, "PKS/2", date(2026, 3, 31))
    new = actions.renew_agreement(OFFICER, old.pk, "PKS/2", date(2026, 4, 1))
    assert actions.renew_agreement(OFFICER, old.pk, "PKS/2", date(2026, 4, 1)) == new
    with pytest.raises(Conflict):
        actions.renew_agreement(OFFICER, old.pk, "PKS/3", date(2026, 4, 1))
    assert [row.state for row in employer(OFFICER, payer.pk).agreements] == ["coming", "renewed"]


def test_agreements_need_the_permission_in_the_act_too(acting: World) -> None:
    payer = actions.register_employer(OFFICER, draft())
    old = actions.add_agreement(OFFICER, payer.pk, "PKS/1", "Pendaftaran", JANUARY, date(2026, 3, 31))
    without = replace(OFFICER, permissions=frozenset({"payers.view", "payers.register"}))
    with pytest.raises(NotAllowed):
        actions.add_agreement(without, payer.pk, "PKS/9", "Pendaftaran", JANUARY)
    with pytest.raises(NotAllowed):
        actions.renew_agreement(without, old.pk, "PKS/2", date(2026, 4, 1))
    assert [row.number for row in employer(OFFICER, payer.pk).agreements] == ["PKS/1"]


@pytest.mark.parametrize("owner", [True, False])
@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE payers_employeractivity SET risk_group = 1", "are kept"),
        ("UPDATE payers_employerscale SET valid = '[2025-01-01,)'", "are kept"),
        ("DELETE FROM payers_employeractivity", "are kept"),
        (
            "INSERT INTO payers_employeractivity (payer_id, kbli, entry, description, risk_group, decided_by, valid,"
            " source, reason, recorded_by, recorded_at) SELECT payer_id, kbli, entry, description, 1, '',"
            " '[2026-02-01,2026-02-02)', '', '', '', now() FROM payers_employeractivity",
            "one_activity_at_a_time",
        ),
        (
            "INSERT INTO payers_unit (payer_id, code, name, place_id, valid)"
            " SELECT payer_id, 'A', 'x', 6112000000, 'empty' FROM payers_employer, generate_series(1, 2)",
            "one_unit_per_code",
        ),
        ("UPDATE payers_employer SET nib = '123'", "nib_has_13_digits"),
        ("UPDATE payers_employer SET npwp = '012345678701000'", "npwp_has_16_digits"),
        ("UPDATE payers_payer SET risk_group = 9", "risk_group_1_to_5"),
        ("UPDATE payers_employerchange SET reason = ''", "never changed|permission denied"),
    ],
)
def test_the_database_refuses(acting: World, run: Any, sql: str, words: str, owner: bool) -> None:
    payer = actions.register_employer(OFFICER, draft())
    change(payer, MARCH, identity=Identity("PT Baru", payer.place_id, nib="0220001234567", address="Jalan 1"))
    if owner:
        run("RESET ROLE")
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        run(sql)
    assert group_on(payer, MARCH) == 3


def test_superseding_is_the_only_way_and_happens_once(acting: World, run: Any) -> None:
    payer = actions.register_employer(OFFICER, draft())
    change(payer, MARCH, activity=Activity(risk_group=4))
    assert EmployerActivity.objects.filter(payer=payer).count() == 3  # the first, its rest, the new one
    with pytest.raises(DatabaseError), transaction.atomic():
        run("UPDATE payers_employeractivity SET superseded_at = NULL WHERE superseded_at IS NOT NULL")
    with pytest.raises(DatabaseError), transaction.atomic():
        run("UPDATE payers_employeractivity SET superseded_at = now() WHERE superseded_at IS NOT NULL")


def test_a_companys_staff_see_only_their_employer(acting: World, run: Any) -> None:
    own = actions.register_employer(OFFICER, draft())
    other = actions.register_employer(OFFICER, draft(name="CV Lain", nib="9120001234567"))
    staff = Actor(1, "HR", "company_hr", frozenset({"payers.view"}), payers=(own.pk,))
    with acting_as(staff):
        assert employer(staff, own.pk).row.name == own.name
        assert history(staff, own.pk)
        with pytest.raises(NotFound):
            employer(staff, other.pk)
        for table in ("payers_employer", "payers_employeractivity", "payers_employerscale"):
            assert run(f"SELECT DISTINCT payer_id FROM {table}") == [(own.pk,)]
        with pytest.raises(DatabaseError), transaction.atomic():
            run("UPDATE payers_employerscale SET superseded_at = now()")
        with pytest.raises(DatabaseError), transaction.atomic():
            run("SELECT * FROM payers_agent")


def test_searching_by_words_and_by_kbli() -> None:
    assert suggest("minyak kelapa sawit").entries[0].number == "III.60"
    by_code = suggest("10432")
    assert by_code.division == "Industri makanan" and "III.60" in {entry.number for entry in by_code.entries}
    assert suggest("83110").entries == [] and suggest("  ").entries == []
    assert suggest("bengkel mobil").entries


def test_every_kbli_division_leads_to_an_entry() -> None:
    from lindung.payers.kbli import _divisions

    assert [code for code in _divisions() if not suggest(code).entries] == []


def test_programmes_follow_from_the_law() -> None:
    assert legal.required_programmes("micro", JANUARY) == ("JKK", "JKM")
    assert legal.required_programmes("large", JANUARY) == ALL
    assert legal.required_programmes("state", date(2020, 1, 1)) is None
    assert set(legal.required_by_size(JANUARY)) == {"micro", "small", "medium", "large", "state"}
