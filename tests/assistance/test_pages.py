"""The pages and the API, as each role meets them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from assistance.lists import workbook
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from world import World

from lindung.assistance.models import Decree, Enactment, Proposal, Scheme
from lindung.core.actors import SYSTEM, acting_as
from lindung.core.models import ActionEntry
from lindung.web.tokens import make_token

pytestmark = pytest.mark.django_db(transaction=True)
Row = dict[str, Any]
Cells = Callable[..., list[Row]]
Send = Callable[..., Proposal]


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.user(role), "django.contrib.auth.backends.ModelBackend")
    return client


def file_of(rows: list[Row]) -> SimpleUploadedFile:
    return SimpleUploadedFile("usulan.xlsx", workbook(rows))


def test_from_upload_to_a_decree_in_force(world: World, scheme: Scheme, cells: Cells) -> None:
    rows = cells(3)
    rows[2]["NIK"] = "123"
    officer, approver = signed_in(world, "regency_officer"), signed_in(world, "regency_approver")
    assert officer.get(reverse("assistance:upload")).status_code == 200
    sent = officer.post(reverse("assistance:upload"), {"scheme": scheme.pk, "file": file_of(rows)})
    proposal = Proposal.objects.get()
    assert sent.url == reverse("assistance:proposal", args=[proposal.pk])
    page = officer.get(sent.url).content.decode()
    assert "NIK berisi 3 angka." in page and rows[0]["Nama Lengkap"] in page
    assert rows[0]["NIK"] not in page
    narrowed = officer.get(f"{sent.url}?reason=nik_length").content.decode()
    assert rows[2]["Nama Lengkap"] in narrowed and rows[0]["Nama Lengkap"] not in narrowed
    answer = officer.get(reverse("assistance:answer", args=[proposal.pk]))
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active.max_row == 5
    form = {"scheme": scheme.pk, "number": "400/2026", "dated": "2026-01-12", "first_month": "2026-01-01",
            "last_month": "2026-12-01", "reason": "hasil verifikasi"}  # fmt: skip
    preview = officer.post(reverse("assistance:propose"), form).content.decode()
    assert "Rp403.200" in preview and not Decree.objects.exists()
    proposed = officer.post(reverse("assistance:propose"), form | {"confirmed": "1"})
    decree = Decree.objects.get()
    assert proposed.url == reverse("assistance:decree", args=[decree.pk])
    assert "menunggu persetujuan" in officer.get(proposed.url).content.decode()
    decide = reverse("assistance:decide", args=[decree.pk])
    assert officer.post(decide, {"outcome": "approved", "reason": "sesuai"}).status_code == 403
    assert "setujui" in approver.get(proposed.url).content.decode()
    assert approver.post(decide, {"outcome": "approved", "reason": "sesuai"}).status_code == 302
    assert Enactment.objects.get().people == 2
    assert "berlaku" in officer.get(proposed.url).content.decode()
    assert officer.get(reverse("assistance:attachment", args=[decree.pk, "pdf"])).content.startswith(b"%PDF")
    for name in ("overview", "proposals", "decrees", "propose", "blank"):
        assert officer.get(reverse(f"assistance:{name}")).status_code == 200, name


def test_a_faulty_file_is_explained_at_the_field(world: World, scheme: Scheme) -> None:
    officer = signed_in(world, "regency_officer")
    file = SimpleUploadedFile("daftar.xlsx", b"bukan Excel")
    answer = officer.post(reverse("assistance:upload"), {"scheme": scheme.pk, "file": file})
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert officer.post(reverse("assistance:upload"), {"scheme": scheme.pk}).status_code == 422


def test_the_same_file_again_says_so(world: World, scheme: Scheme, cells: Cells) -> None:
    officer, rows = signed_in(world, "regency_officer"), cells(1)
    for _ in range(2):
        page = officer.post(
            reverse("assistance:upload"), {"scheme": scheme.pk, "file": file_of(rows)}, follow=True
        ).content.decode()
    assert "sudah dikirim sebelumnya" in page
    assert Proposal.objects.count() == 1


def test_upload_by_the_wrong_role_is_refused_and_logged(world: World, scheme: Scheme, cells: Cells) -> None:
    auditor = signed_in(world, "auditor")
    refused = auditor.post(reverse("assistance:upload"), {"scheme": scheme.pk, "file": file_of(cells(1))})
    assert refused.status_code == 403
    assert not Proposal.objects.exists()
    entry = ActionEntry.objects.get(action="refused")
    assert (entry.subject, entry.role) == ("assistance:upload", "auditor")


def test_pages_of_another_village_are_not_there(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    proposal = send(cells(2, 2, [world.villages[1]]), world.other_operator)
    operator = signed_in(world, "village_operator")
    for name in ("proposal", "answer"):
        assert operator.get(reverse(f"assistance:{name}", args=[proposal.pk])).status_code == 404
    assert "usulan.xlsx" not in operator.get(reverse("assistance:proposals")).content.decode()
    own = operator.post(
        reverse("assistance:upload"), {"scheme": scheme.pk, "file": file_of(cells(1, 1, [world.village]))}, follow=True
    )
    assert own.status_code == 200 and "Diterima" in own.content.decode()


def test_a_village_is_not_shown_sums_over_what_it_cannot_see(
    world: World, scheme: Scheme, cells: Cells, send: Send
) -> None:
    (row,) = cells(1, 1, [world.village])
    send([row | {"NIK": "123"}])  # the regency's list, which the village cannot open
    operator, officer = signed_in(world, "village_operator"), signed_in(world, "regency_officer")
    overview = reverse("assistance:overview")
    assert "Sisa pagu" in officer.get(overview).content.decode()
    seen = operator.get(overview).content.decode()
    assert "Sisa pagu" not in seen and "dilihat oleh petugas kabupaten" in seen
    waiting = "Baris usulan perlu diperbaiki"
    assert waiting in officer.get("/").content.decode() and waiting not in operator.get("/").content.decode()
    send([row | {"NIK": "1234"}], world.operator)
    assert waiting in operator.get("/").content.decode()


def test_the_decree_begins_with_todays_date(world: World, scheme: Scheme, cells: Cells, send: Send) -> None:
    send(cells(1))
    page = signed_in(world, "regency_officer").get(reverse("assistance:propose")).content.decode()
    assert re.search(r'<input[^>]*name="dated"[^>]*>', page)[0].count('value="2026-02-27"') == 1  # type: ignore[index]


def test_the_api_does_the_same(world: World, scheme: Scheme, cells: Cells) -> None:
    rows = cells(2)
    rows[1]["NIK"] = ""
    roles = ("regency_officer", "regency_approver", "auditor")
    with acting_as(SYSTEM):
        tokens = {role: make_token(SYSTEM, world.user(role), "uji") for role in roles}

    def call(role: str, method: str, path: str, **data: Any) -> Any:
        headers = {"authorization": f"Bearer {tokens[role]}"}
        return getattr(Client(), method)(f"/api/v1/assistance{path}", headers=headers, **data)

    upload = {"data": {"file": file_of(rows)}}
    assert call("auditor", "post", f"/proposals?scheme_id={scheme.pk}", **upload).status_code == 403
    upload = {"data": {"file": file_of(rows)}}
    sent = call("regency_officer", "post", f"/proposals?scheme_id={scheme.pk}", **upload).json()
    assert (sent["accepted"], sent["to_fix"], sent["repeated"]) == (1, 1, False)
    found = call("regency_officer", "get", f"/proposals/{sent['id']}/rows?status=to_fix").json()
    assert [row["reasons"][0]["code"] for row in found] == ["missing_nik"]
    everyone = call("regency_officer", "get", f"/proposals/{sent['id']}/rows").content.decode()
    assert rows[0]["NIK"] not in everyone
    assert call("regency_officer", "get", f"/proposals/{sent['id']}/answer").content.startswith(b"PK")
    draft = {"scheme_id": scheme.pk, "number": "400/2026", "dated": "2026-01-12", "first_month": "2026-01",
             "last_month": "2026-02", "reason": "hasil verifikasi"}  # fmt: skip
    body = {"data": draft, "content_type": "application/json"}
    decree = call("regency_officer", "post", "/decrees", **body).json()
    assert (decree["people"], decree["total_amount"], decree["state"]) == (1, 33_600, "waiting")
    again = call("regency_officer", "post", "/decrees", **body)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "decree_waiting")
    decision = {"data": {"outcome": "approved", "reason": "sesuai"}, "content_type": "application/json"}
    assert call("regency_officer", "post", f"/decrees/{decree['id']}/decision", **decision).status_code == 403
    decided = call("regency_approver", "post", f"/decrees/{decree['id']}/decision", **decision).json()
    assert decided["state"] == "approved"
    effect = call("regency_approver", "post", f"/decrees/{decree['id']}/enactment").json()
    assert effect["person_months"] == 2
    assert call("auditor", "get", "/schemes").json()[0]["people_decreed"] == 1
    assert [row["state"] for row in call("auditor", "get", "/decrees").json()] == ["enacted"]
    assert call("auditor", "get", "/proposals/999999").status_code == 404
