"""The pages and the API as an officer, a second one and a stranger use them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lindung.contributions.models import Payment
from lindung.core.actors import SYSTEM
from lindung.core.models import User
from lindung.reconciliation.models import Line, Proposal, Statement
from lindung.web.roles import ROLES
from lindung.web.tokens import make_token

from .conftest import NUMBER, PERMISSIONS, Office, code_of, mt940

PRICE = 16_800


@pytest.fixture(autouse=True)
def roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's own role has this room's permissions, whatever the table of roles says."""
    role = ROLES["regency_officer"]
    monkeypatch.setitem(ROLES, role.code, replace(role, permissions=role.permissions | PERMISSIONS))


@pytest.fixture
def one(office: Office) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=office.one.user_id))
    return client


@pytest.fixture
def two(office: Office) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=office.two.user_id))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def upload(client: Client, content: bytes, account: str = "", name: str = "upload") -> Any:
    file = SimpleUploadedFile("rk.sta", content)
    return client.post(reverse(f"reconciliation:{name}"), {"file": file, "account": account}, follow=True)


def test_from_the_banks_file_to_the_payer(office: Office, one: Client, two: Client) -> None:
    bill = office.bill()
    said = text(upload(one, mt940((PRICE, code_of(bill)), (PRICE, "SETORAN <b>TUNAI</b>"))))
    assert "2 baris baru dari 2: 1 uang masuk dikenali, 1 belum." in said
    assert "SETORAN &lt;b&gt;TUNAI" in said
    assert text(one.get(reverse("reconciliation:statements"))).count(NUMBER) >= 1
    line = Line.objects.latest("id")
    other = office.bill(1, payer=office.world.agency)
    page = text(one.get(reverse("reconciliation:line", args=[line.pk])))
    choice = f"bill:{other.pk}:{office.world.agency.pk}"
    assert f'value="{choice}"' in page
    made = one.post(
        reverse("reconciliation:identify", args=[line.pk]), {"choice": choice, "reason": "sesuai bukti"}, follow=True
    )
    assert "Menunggu pejabat kedua" in text(made)
    proposal = Proposal.objects.get()
    address = reverse("reconciliation:proposal", args=[proposal.pk])
    decide = reverse("reconciliation:decide", args=[proposal.pk])
    assert decide not in text(one.get(address))
    assert "bukan oleh pengusulnya" in text(one.post(decide, {"answer": "approve"}, follow=True))
    assert decide in text(two.get(address))
    assert "sudah berlaku" in text(two.post(decide, {"answer": "approve"}, follow=True))
    assert Payment.objects.latest("id").payer == office.world.agency
    page = text(one.get(reverse("reconciliation:agreement")))
    assert "cocok" in page
    assert "periksa" not in page
    assert "sudah pernah diunggah" in text(upload(one, mt940((PRICE, code_of(bill)), (PRICE, "SETORAN <b>TUNAI</b>"))))


def test_rows_that_cannot_be_read_come_back_in_place(office: Office, one: Client) -> None:
    content = b"Tanggal;Keterangan;Debet;Kredit;Saldo\n26/02/2026;a;;1,00;1,00\n31/02/2026;<i>b;;x;2,00\n"
    page = text(upload(one, content, NUMBER))
    assert "31/02/2026" in page
    assert "Contoh" in page or "contoh" in page
    assert "<i>b" not in page
    assert not Statement.objects.exists()
    assert "bukan rekening penampung" in text(upload(one, mt940((1, "A")).replace(NUMBER.encode(), b"12345678")))
    assert "kosong" in text(upload(one, b"")).lower()


def test_a_receipt_by_hand(office: Office, one: Client, two: Client) -> None:
    form = {
        "npp": office.company.npp.lower(), "amount": "16.800", "paid_on": "2026-02-26", "reference": "K-1",
        "reason": "tunai di kantor",
    }  # fmt: skip
    address = reverse("reconciliation:receipt")
    assert "tidak ditemukan" in text(one.post(address, form | {"npp": "TIDAK ADA"}))
    assert "belum tiba" in text(one.post(address, form | {"paid_on": "2026-03-01"}))
    assert not Proposal.objects.exists()
    one.post(address, form)
    proposal = Proposal.objects.get()
    assert office.company.name in text(two.get(reverse("reconciliation:proposals")))
    two.post(reverse("reconciliation:decide", args=[proposal.pk]), {"answer": "approve"})
    assert Payment.objects.get().reference == "K-1"


def test_sp2d_page(office: Office, one: Client) -> None:
    said = upload(one, b"No SP2D;Tanggal;Penerima;Nilai\nS-9/2026;26/02/2026;BPJS;10.000\n", name="upload_sp2d")
    assert "1 SP2D dibaca, 1 baru." in text(said)
    assert "S-9/2026" in text(one.get(reverse("reconciliation:sp2d")))
    assert "Belum terlihat" in text(one.get(reverse("reconciliation:sp2d"), {"state": "missing"}))


def test_accounts_are_named_by_whoever_may(office: Office, one: Client) -> None:
    one.post(reverse("reconciliation:account"), {"number": "22-33 44", "bank": "BRI", "holder": "BPJS"})
    assert "223344" in text(one.get(reverse("reconciliation:account")))
    assert "paling" not in text(
        one.post(reverse("reconciliation:account"), {"number": "1", "bank": "B", "holder": "H"})
    )
    assert office.account.holder in text(one.get(reverse("reconciliation:account")))


@pytest.mark.parametrize(
    "choice", ["bill:1", "bill:1:x", "payment:", "payment:²", "entry:" + "9" * 30, "user:1", "bill:1:1:1", ""]
)
def test_a_choice_made_up_is_refused(office: Office, one: Client, choice: str) -> None:
    office.take((PRICE, "SETORAN"))
    line = Line.objects.get()
    answer = one.post(reverse("reconciliation:identify", args=[line.pk]), {"choice": choice, "reason": "sesuai bukti"})
    assert answer.status_code == 200
    assert "NPP itu tidak ditemukan" in text(answer)
    assert not Proposal.objects.exists()


def test_strangers_see_nothing(office: Office, client: Client) -> None:
    office.take((PRICE, "SETORAN"))
    line, statement = Line.objects.get().pk, Statement.objects.get().pk
    names = ["statements", "upload", "account", "lines", "proposals", "receipt", "sp2d", "upload_sp2d", "agreement"]
    addresses = [reverse(f"reconciliation:{name}") for name in names]
    addresses += [reverse("reconciliation:line", args=[line]), reverse("reconciliation:statement", args=[statement])]
    for address in addresses:
        assert client.get(address).status_code == 302
    client.force_login(office.world.user("village_operator"))
    for address in addresses:
        assert client.get(address).status_code == 403
    for name in ("identify", "release"):
        assert client.post(reverse(f"reconciliation:{name}", args=[line])).status_code == 403
    assert client.get("/api/v1/reconciliation/lines").status_code in (401, 403)


def test_what_there_is_not(office: Office, one: Client) -> None:
    for name in ("line", "statement", "proposal"):
        assert one.get(reverse(f"reconciliation:{name}", args=[999_999])).status_code == 404


def test_the_api_reads(office: Office) -> None:
    office.take((PRICE, "SETORAN"), (-100, "BIAYA"))
    token = make_token(SYSTEM, User.objects.get(pk=office.one.user_id), "uji")
    one = Client(headers={"Authorization": f"Bearer {token}"})
    base = "/api/v1/reconciliation"
    (statement,) = one.get(f"{base}/statements").json()["items"]
    assert (statement["opening"], statement["closing"], statement["open_lines"]) == (1_000_000, 1_016_700, 1)
    (found,) = one.get(f"{base}/lines", {"state": "open"}).json()["items"]
    assert (found["amount"], found["state"], found["text"]) == (PRICE, "open", "SETORAN")
    (day,) = one.get(f"{base}/days").json()
    assert (day["bank_in"], day["bank_out"], day["difference"]) == (PRICE, -100, 0)
    assert one.get(f"{base}/lines", {"state": "x"}).status_code == 422


def test_a_list_costs_as_many_queries_for_many_lines_as_for_few(
    office: Office, one: Client, django_assert_max_num_queries: Any
) -> None:
    office.take(*[(n, f"SETORAN {n}") for n in range(1, 40)])
    with django_assert_max_num_queries(15):
        one.get(reverse("reconciliation:lines"))
    with django_assert_max_num_queries(15):
        one.get(reverse("reconciliation:statements"))
