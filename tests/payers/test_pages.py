"""The pages: registering step by step, changing, projects, collectives, papers; and who may not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from world import World, make_people

from lindung.core.actors import acting_as
from lindung.payers import actions
from lindung.payers.models import CollectivePayment, Contact, Employer, MinimumWage, Payer, Project, Unit
from lindung.people.models import Person
from lindung.web import roles
from payers.conftest import JANUARY, OFFICER, PERMISSIONS, draft

pytestmark = pytest.mark.django_db
ANSWERS: dict[str, Any] = {
    "kind": "company", "name": "PT Contoh Sawit Kapuas", "nib": "0220 0012 34567", "npwp": "01.234.567.8-701.000",
    "npp": "", "owner": "Hendra", "address": "Jalan 12", "phone": "0561 123456", "email": "",
    "words": "minyak kelapa sawit", "entry": "III.60", "kbli": "10432", "decided_by": "",
    "firm_size": "medium", "capital": "", "annual_sales": "", "workers": "120",
    "joined_on": "2026-01-01", "source": "Formulir F1", "wage": "3.100.000",
}  # fmt: skip


@pytest.fixture
def client(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """An officer with all permissions of this room."""
    role = roles.ROLES["regency_officer"]
    monkeypatch.setitem(roles.ROLES, "regency_officer", replace(role, permissions=role.permissions | PERMISSIONS))
    client = Client()
    client.force_login(world.user("regency_officer"), "django.contrib.auth.backends.ModelBackend")
    yield client


@pytest.fixture
def payer(world: World) -> Payer:
    with acting_as(OFFICER):
        return actions.register_employer(OFFICER, draft(npp="KR000777"))


def at(name: str, *args: object) -> str:
    return reverse(f"payers:{name}", args=args)


def seen(client: Client, name: str, /, *args: object, **query: str) -> str:
    response = client.get(at(name, *args), query)
    assert response.status_code == 200, response.content[:500]
    return str(response.content.decode())


def sent(client: Client, name: str, /, *args: object, **fields: Any) -> Any:
    """A form that is accepted."""
    response = client.post(at(name, *args), fields)
    assert response.status_code == 302, response.content.decode()
    return response


def test_registering_question_by_question(client: Client, world: World) -> None:
    answers = ANSWERS | {"place": str(world.village)}
    assert "Siapa pemberi kerjanya" in seen(client, "register")
    for step, next_question in enumerate(("Apa kegiatan usahanya", "Seberapa besar", "Sejak kapan", "Periksa sebelum")):
        shown = client.post(at("register"), answers | {"step": str(step)})
        assert shown.status_code == 200 and next_question in shown.content.decode(), shown.content.decode()
    preview = shown.content.decode()
    assert "JKK, JKM, JHT, JP, JKP" in preview and "Rp213.590" in preview  # employer's share, risk group III
    assert not Employer.objects.exists()
    done = client.post(at("register"), answers | {"step": "4", "confirmed": "1"})
    assert done.status_code == 302
    assert client.post(at("register"), answers | {"step": "4", "confirmed": "1"}).status_code == 302
    assert Employer.objects.get().nib == "0220001234567"


@pytest.mark.parametrize(
    ("step", "wrong", "said"),
    [
        (0, {"nib": "123"}, "13 angka"), (0, {"npwp": "9"}, "15 atau 16 angka"), (0, {"name": ""}, "id_name"),
        (0, {"place": "1"}, "id_place"), (1, {"entry": ""}, "belum dipilih"), (1, {"kbli": "83110"}, "tidak dikenal"),
        (2, {"firm_size": ""}, "Skala usaha belum diketahui"), (2, {"workers": "-1"}, "id_workers"),
        (3, {"joined_on": "31-02-2026"}, "Tanggal tidak terbaca"), (3, {"joined_on": "2036-01-01"}, "terlalu jauh"),
        (4, {"entry": "VI.9"}, "id_entry"), (3, {"wage": "tiga juta"}, "tidak terbaca"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_question(client: Client, world: World, step: int, wrong: Any, said: str) -> None:
    answers = ANSWERS | {"place": str(world.village), "step": str(step), "confirmed": "1"} | wrong
    shown = client.post(at("register"), answers)
    assert shown.status_code == 422 and said in shown.content.decode()
    assert not Payer.objects.filter(kind="company").exists()


def test_searching_and_going_back_keep_the_answers(client: Client, world: World) -> None:
    answers = ANSWERS | {"place": str(world.village)}
    found = client.post(at("register"), answers | {"step": "1", "words": "10432", "search": "1"}).content.decode()
    assert "Industri makanan" in found and 'value="III.60"' in found
    assert '<input type="hidden" name="name" value="PT Contoh Sawit Kapuas">' in found
    back = client.post(at("register"), answers | {"step": "2", "back": "1"}).content.decode()
    assert "Apa kegiatan usahanya" in back and 'name="workers" value="120"' in back
    assert client.post(at("register"), {"step": "x" * 9}).status_code == 422


def test_the_number_of_another_is_said_at_the_number(client: Client, world: World, payer: Payer) -> None:
    answers = ANSWERS | {"place": str(world.village), "name": "CV Lain", "step": "4", "confirmed": "1"}
    shown = client.post(at("register"), answers)
    assert shown.status_code == 422 and "sudah terdaftar atas nama PT Contoh Sawit Kapuas" in shown.content.decode()


def test_the_list_is_searched_and_filtered(client: Client, payer: Payer) -> None:
    with acting_as(OFFICER):
        actions.register_employer(
            OFFICER, draft(name="CV Kecil", nib="9120001234567", firm_size="small", programmes=("JKK", "JKM"))
        )
    assert "CV Kecil" in seen(client, "employers") and "menunggu" in seen(client, "employers")
    for query in (
        {"q": "0220 0012 34567"},
        {"size": "medium"},
        {"standing": "complete"},
        {"number": "known"},
        {"q": "KR000777"},
    ):
        shown = seen(client, "employers", **query)
        assert "PT Contoh Sawit" in shown and "CV Kecil" not in shown, query
    assert "CV Kecil" not in seen(client, "employers", place="6112030000", q="%")
    assert client.get(at("employers"), {"format": "xlsx"}).status_code == 200


def test_one_employer_with_its_parts(client: Client, payer: Payer, world: World) -> None:
    sent(client, "add_unit", payer.pk, code="U1", name="Pabrik", place=world.village, opened_on="2026-01-01")
    unit = Unit.objects.get()
    sent(
        client,
        "add_contact",
        payer.pk,
        name="Rini",
        role="hr",
        phone="0812345678",
        unit_id=unit.pk,
        from_day="2026-01-01",
    )
    agreement = {"number": "PKS/1", "subject": "Kerja sama", "starts_on": "2026-01-01", "ends_on": "2026-03-15"}
    sent(client, "add_agreement", payer.pk, **agreement)
    shown = seen(client, "employer", payer.pk)
    for text in ("Pabrik", "Rini", "PKS/1", "Segera berakhir", "Industri minyak kelapa sawit", "0012345678701000"):
        assert text in shown, text
    sent(client, "renew_agreement", payer.pk, payer.agreements.get().pk, number="PKS/2", starts_on="2026-03-16")
    assert "Segera berakhir" not in seen(client, "employer", payer.pk)
    sent(client, "end_contact", payer.pk, Contact.objects.get().pk)
    assert "rtifikat" in shown and client.get(at("certificate", payer.pk)).content.startswith(b"%PDF")


def test_changes_and_their_history(client: Client, payer: Payer, world: World) -> None:
    why = {"effective_on": "2026-03-01", "reason": "Pindah usaha", "source": "Surat 1"}
    assert "III.60" in seen(client, "change", payer.pk, "activity")
    found = client.post(at("change", payer.pk, "activity"), why | {"words": "hotel", "search": "1"}).content.decode()
    assert "II.25" in found
    sent(client, "change", payer.pk, "activity", entry="II.25", kbli="55110", **why)
    sent(client, "change", payer.pk, "scale", firm_size="large", workers="500", **why)
    identity = {
        "name": "PT Baru",
        "nib": "0220001234567",
        "npp": "KR000777",
        "place": payer.place_id,
        "address": "Jalan 1",
    }
    sent(client, "change", payer.pk, "identity", **identity, **why)
    history = seen(client, "history", payer.pk)
    for text in ("PT Contoh Sawit Kapuas → PT Baru", "sudah digantikan", "500 pekerja", "Pindah usaha", "II.25"):
        assert text in history, text
    wrong = client.post(at("change", payer.pk, "scale"), why | {"firm_size": "large", "effective_on": "2020-01-01"})
    assert wrong.status_code == 422 and "mulai kepesertaan" in wrong.content.decode()
    assert client.get(at("change", payer.pk, "lain")).status_code == 404


def test_a_certificate_waits_for_the_number(client: Client, world: World) -> None:
    with acting_as(OFFICER):
        waiting = actions.register_employer(OFFICER, draft())
    assert client.get(at("certificate", waiting.pk)).status_code == 409


def test_a_project_from_contract_to_certificate(client: Client, payer: Payer) -> None:
    contract = {
        "name": "Jembatan", "owner": "Dinas PUPR", "place": payer.place_id, "number": "620/1",
        "signed_on": "2026-02-02",
        "value": "199.800.000", "vat_percent": "11", "starts_on": "2026-02-09", "ends_on": "2026-08-31",
        "shares": "50; 25; 25", "due_on": "20-02-2026; 01-05-2026; 2026-08-01",
    }  # fmt: skip
    sent(client, "new_project", payer.pk, **contract)
    project = Project.objects.get()
    shown = seen(client, "project", project.pk)
    for text in ("Rp392.000", "Rp196.000", "Rp98.000", "1 Mei 2026", "termasuk PPN 11%"):
        assert text in shown, text
    assert client.get(at("project_certificate", project.pk)).status_code == 404
    addendum = contract | {
        "number": "ADD-1",
        "shares": "100",
        "due_on": "",
        "reason": "Tambah",
        "signed_on": "2026-02-20",
    }
    sent(client, "amend", project.pk, **(addendum | {"value": "333.000.000"}))
    assert "Selisih karena adendum" in seen(client, "project", project.pk)
    paid = {"number": "S-1", "issued_on": "2026-02-25", "payment_reference": "TRX", "paid_on": "2026-02-24"}
    sent(client, "certify", project.pk, **paid)
    assert client.get(at("project_certificate", project.pk)).content.startswith(b"%PDF")
    assert "Jembatan" in seen(client, "projects", state="certified", q="pupr")
    for wrong in ({"shares": "a"}, {"shares": "50;30"}, {"due_on": "32-01-2026"}, {"value": ""}, {"vat_percent": ""}):
        assert client.post(at("new_project", payer.pk), contract | {"number": "lain"} | wrong).status_code == 422


def test_a_collective_pays_by_name(client: Client, world: World) -> None:
    people = make_people(3, 5).to_dicts()
    Person.objects.bulk_create(
        [Person(nik=row["nik"], name=row["name"], name_key=row["name"].lower(), birth_date=row["birth_date"],
                sex=row["sex"], place_id=row["place_id"]) for row in people]
    )  # fmt: skip
    village = world.village_payer
    sent(client, "new_agent", number="P-1", name="Siti", place=world.regency, starts_on="2026-01-01")
    assert "Siti" in seen(client, "agents", state="active")
    sent(client, "new_collective", payer=village.pk, code="SD", registered_on="2026-01-01", agent="")
    niks = [row["nik"] for row in people]
    sent(client, "add_members", village.pk, niks="\n".join(niks), from_day="2026-01-01")
    unknown = client.post(at("add_members", village.pk), {"niks": "6112010101900009", "from_day": "2026-01-01"})
    assert unknown.status_code == 422 and "6112010101900009" not in unknown.content.decode().split("<textarea")[0]
    first = {"reference": "TRX-1", "paid_on": "2026-02-20", "amount": "50.400", "month": "2026-02-01", "each": "16.800"}
    response = sent(client, "pay", village.pk, **first)
    payment = CollectivePayment.objects.get()
    assert response.url == at("payment", payment.pk)
    assert people[0]["name"] in seen(client, "payment", payment.pk)
    person = Person.objects.get(nik=niks[0])
    assert client.get(at("proof", payment.pk, person.pk)).content.startswith(b"%PDF")
    by_line = first | {
        "reference": "TRX-2",
        "each": "",
        "amount": "20.000",
        "lines": f"{niks[0]}; 20.000; 260200000017",
    }
    refused = client.post(at("pay", village.pk), by_line)
    assert refused.status_code == 422 and "TRX-1" in refused.content.decode()
    assert "Rp50.400" in seen(client, "collective", village.pk) and village.name in seen(
        client, "collectives", code="SD"
    )
    assert client.post(at("withdraw", village.pk, payment.pk), {"reason": ""}).status_code == 302
    sent(client, "withdraw", village.pk, payment.pk, reason="Salah bulan")
    sent(client, "pay", village.pk, **by_line)
    assert "Dicabut" in seen(client, "collective", village.pk)
    for wrong in (
        {"lines": "1; 2"},
        {"lines": f"{niks[1]}; dua"},
        {"each": "1", "lines": f"{niks[1]}; 2"},
        {"amount": "x"},
    ):
        assert client.post(at("pay", village.pk), by_line | {"reference": "TRX-3"} | wrong).status_code == 422


def test_minimum_wages_with_their_sources(client: Client, world: World) -> None:
    with acting_as(OFFICER):
        actions.load_minimum_wages(OFFICER)
    shown = seen(client, "wages", year="2023")
    assert "Rp2.646.878,64" in shown and "1359/NAKERTRAN/2022" in shown and "Hari ini di" in shown
    wage = {
        "kind": "UMK",
        "place": world.regency,
        "year": "2027",
        "amount": "3.250.000,50",
        "source": "SK",
        "confidence": "T",
    }
    sent(client, "set_wage", **wage)
    assert "Rp3.250.000,50" in seen(client, "wages", q="kubu", kind="UMK")
    assert client.post(at("set_wage"), wage | {"amount": "x"}).status_code == 422
    assert client.post(at("set_wage"), wage | {"kind": "UMP"}).status_code == 422
    assert MinimumWage.objects.filter(valid__startswith=date(2027, 1, 1)).count() == 1


def test_who_may_not(world: World, payer: Payer) -> None:
    client = Client()
    assert client.get(at("employers")).status_code == 302
    client.force_login(world.user("leadership"), "django.contrib.auth.backends.ModelBackend")
    own = {"employer": (payer.pk,), "change": (payer.pk, "scale"), "certificate": (payer.pk,), "history": (payer.pk,)}
    for name in ("employers", "register", "wages", "projects", "collectives", "agents", "set_wage", *own):
        args = own.get(name, ())
        assert client.get(at(name, *args)).status_code == 403, name


def test_a_companys_staff_read_their_own_pages(world: World, payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    role = roles.ROLES["company_hr"]
    monkeypatch.setitem(roles.ROLES, "company_hr", replace(role, permissions=frozenset({"payers.view"})))
    with acting_as(OFFICER):
        other = actions.register_employer(OFFICER, draft(name="CV Lain", nib="9120001234567"))
        actions.add_agreement(OFFICER, payer.pk, "PKS/1", "x", JANUARY, date(2026, 3, 31))
    user = world.user("company_hr")
    user.payer_ids = [payer.pk]
    user.save()
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert payer.name in seen(client, "employer", payer.pk) and "Pendaftaran" in seen(client, "history", payer.pk)
    assert client.get(at("certificate", payer.pk)).content.startswith(b"%PDF")
    assert client.get(at("employer", other.pk)).status_code == 404
    assert "CV Lain" not in seen(client, "employers")
    assert "Agen Perisai" not in seen(client, "wages") and seen(client, "projects")
    assert client.get(at("agents")).status_code == client.get(at("collectives")).status_code == 403
    assert client.get(at("register")).status_code == 403
