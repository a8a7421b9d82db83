"""What a browser, a stranger and a failing database meet."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.urls import resolve, reverse

from lindung.core.models import ActionEntry, ApiToken
from lindung.web.limits import LAW_CALLS, WRONG_TOKENS
from web.routes import site_path, site_routes
from web.small_world import SmallWorld

pytestmark = pytest.mark.django_db
PASSWORD = "rahasia-untuk-uji"  # pragma: allowlist secret
LAW = "/api/v1/law/evaluate"
QUESTION = {"id": "1", "rule": "due_date", "on": "2026-02", "facts": {"segment": "BPU"}}


def test_cookies_are_closed_to_scripts_and_to_other_sites(small: SmallWorld) -> None:
    client = Client()
    page = client.get(reverse("sign_in"))
    signed = client.post(reverse("sign_in"), {"username": "auditor", "password": PASSWORD})
    for cookie in (page.cookies["csrftoken"], signed.cookies["sessionid"]):
        assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_AGE <= 8 * 3600


def test_a_form_without_its_token_changes_nothing(small: SmallWorld) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = small.clients["branch_verifier"].cookies
    refused = client.post(reverse("claims:judge", args=[small.ids["claim_id"]]))
    assert refused.status_code == 403 and "muat ulang, lalu kirim lagi" in refused.content.decode()
    assert client.post(reverse("sign_out")).status_code == 403


# Callers without a session, so that there is no cookie which a foreign site could use: banks sign their calls, workers
# without an account hold a code, and a language is everybody's.
WITHOUT_CSRF = {
    "banking:token", "banking:inquiry", "banking:payment", "banking:status", "selfpay:start", "selfpay:begin",
    "selfpay:come_back", "selfpay:page", "selfpay:reply", "selfpay:register", "selfpay:order",
    "set_language",
}  # fmt: skip


def test_only_doors_without_a_session_need_no_token(small: SmallWorld) -> None:
    exempt = {route for route in site_routes() if getattr(_view(small, route), "csrf_exempt", False)}
    assert exempt == WITHOUT_CSRF
    assert {getattr(_view(small, route), "permission", "") for route in exempt - {"set_language"}} == {"public"}


def _view(small: SmallWorld, route: str) -> Any:
    return resolve(site_path(route, small.ids)).func


def test_an_unknown_host_is_refused(small: SmallWorld) -> None:
    assert Client(headers={"host": "evil.example"}).get(reverse("sign_in")).status_code == 400
    answer = Client(headers={"host": "evil.example"}).get("/api/v1/me")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


def test_eight_wrong_passwords_close_the_door_for_a_while(small: SmallWorld) -> None:
    client = Client()
    wrong = {"username": "auditor", "password": "salah"}  # pragma: allowlist secret
    answers = [client.post(reverse("sign_in"), wrong).status_code for _ in range(8)]
    assert answers[:7] == [200] * 7
    locked = client.post(reverse("sign_in"), {"username": "auditor", "password": PASSWORD})
    assert locked.status_code == 429
    assert "Terlalu sering mencoba" in locked.content.decode()
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(reverse("sign_in"), {"username": "auditor", "password": PASSWORD})
    assert elsewhere.status_code == 302  # a stranger's guesses do not lock the officer out


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_signing_in_never_leads_off_the_site(small: SmallWorld, target: str) -> None:
    given = {"username": "auditor", "password": PASSWORD, "next": target}
    assert Client().post(reverse("sign_in"), given)["Location"] == reverse("home")


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out(small: SmallWorld) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(reverse("sign_in"), {"username": "auditor", "password": PASSWORD})
    key = client.cookies["sessionid"].value
    assert key != session.session_key
    assert client.get(reverse("sign_out")).status_code == 405
    assert client.get(reverse("home")).status_code == 200
    assert client.post(reverse("sign_out")).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    client.cookies["sessionid"] = key
    assert client.get(reverse("home")).status_code == 302


def test_a_deactivated_user_is_out_at_once(small: SmallWorld) -> None:
    small.world.user("auditor").__class__.objects.filter(username="auditor").update(is_active=False)
    assert small.clients["auditor"].get(reverse("home")).status_code == 302
    assert small.programs["auditor"].get("/api/v1/me").status_code == 401


def test_a_revoked_or_expired_token_is_nothing(small: SmallWorld) -> None:
    assert small.programs["auditor"].get("/api/v1/me").status_code == 200
    ApiToken.objects.filter(user__username="auditor").update(expires_at="2020-01-01T00:00:00Z")
    assert small.programs["auditor"].get("/api/v1/me").status_code == 401
    ApiToken.objects.filter(user__username="auditor").update(expires_at=None, revoked_at="2020-01-01T00:00:00Z")
    assert small.programs["auditor"].get("/api/v1/me").status_code == 401


def test_a_session_is_no_key_to_the_api(small: SmallWorld) -> None:
    """So that no other site can use a visitor's cookie against it."""
    assert small.clients["auditor"].get("/api/v1/me").status_code == 401


def test_guessing_tokens_is_stopped(small: SmallWorld) -> None:
    guesser = Client(headers={"authorization": "Bearer guess"})
    answers = [guesser.get("/api/v1/me").status_code for _ in range(WRONG_TOKENS.limit + 1)]
    assert answers == [401] * WRONG_TOKENS.limit + [429]
    assert small.programs["auditor"].get("/api/v1/me", REMOTE_ADDR="192.0.2.11").status_code == 200


def test_the_law_is_rationed_by_address(small: SmallWorld) -> None:
    client = Client()
    with patch.object(LAW_CALLS, "limit", 3):
        answers = [client.post(LAW, QUESTION, content_type="application/json") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[3]["Retry-After"] == "60"
        assert answers[3].json()["error"]["code"] == "too_many_requests"
        other = Client(REMOTE_ADDR="192.0.2.11").post(LAW, QUESTION, content_type="application/json")
        assert other.status_code == 200


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(small: SmallWorld) -> None:
    with patch.object(LAW_CALLS, "limit", 1), override_settings(HTTPS=True):
        for number, expected in ((1, 200), (2, 429)):  # what the caller invents before it changes nothing
            forwarded = {"x-forwarded-for": f"6.6.6.{number}, 203.0.113.9"}
            answer = Client(headers=forwarded).post(LAW, QUESTION, content_type="application/json")
            assert answer.status_code == expected


def test_the_law_answers_lists_and_bounds_them(small: SmallWorld) -> None:
    client = Client()
    answer = client.post(LAW, [QUESTION, QUESTION | {"id": "2", "rule": "no"}], content_type="application/json")
    first, second = answer.json()
    assert first["result"]["due_on"] == "2026-02-16"  # the fifteenth is a Sunday
    assert first["steps"]
    assert (second["id"], second["error"]["code"]) == ("2", "unknown_rule")
    assert client.post(LAW, [QUESTION] * 1001, content_type="application/json").status_code == 422


def test_a_faulty_question_gets_its_error_in_its_place(small: SmallWorld) -> None:
    asked = [QUESTION | {"id": 7}, 5, None, "x", [], {"id": [1]}, QUESTION | {"id": None, "on": 202602}]
    answers = Client().post(LAW, asked, content_type="application/json").json()
    assert [answer["id"] for answer in answers] == [7, None, None, None, None, [1], None]
    fields = [answer.get("error", {}).get("field") for answer in answers]
    assert fields == [None, "question", "question", "question", "question", "rule", "on"]
    assert answers[0]["result"]
    assert Client().post(LAW, {"id": 1}, content_type="application/json").json()["error"]["code"] == "unknown_rule"


def test_law_description_and_health_need_no_database(small: SmallWorld) -> None:
    client = Client(raise_request_exception=False)
    with patch.object(connection, "cursor", side_effect=OperationalError("gone")):
        assert client.post(LAW, QUESTION, content_type="application/json").status_code == 200
        assert client.get("/api/v1/law/unverified").status_code == 200
        assert client.get("/api/v1/openapi.json").status_code == 200
        assert client.get(reverse("healthz")).status_code == 503


def test_the_page_for_our_own_faults_needs_no_database(small: SmallWorld) -> None:
    client = Client(raise_request_exception=False)
    with patch("lindung.web.middleware.acting_as", side_effect=OperationalError("gone")):
        page = client.get(reverse("sign_in"))
        answer = client.get("/api/v1/me")
    assert page.status_code == 500
    assert "Ini bukan kesalahan Bapak/Ibu" in page.content.decode()
    assert page["Content-Security-Policy"]
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "server_error")


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("get", "/api/v1/nowhere", 404, "not_found"), ("get", "/api/nowhere", 404, "not_found"),
    ("delete", "/api/v1/people", 405, "method_not_allowed"), ("get", "/api/v1/people", 401, "token_missing"),
    ("post", LAW, 400, "bad_request"),
])  # fmt: skip
def test_the_api_refuses_in_json_and_indonesian(
    small: SmallWorld, method: str, path: str, status: int, code: str
) -> None:
    answer = getattr(Client(), method)(path, data="{", content_type="application/json") if method == "post" else \
        getattr(Client(), method)(path)  # fmt: skip
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["way_out"].endswith(".")


def test_a_body_that_is_too_large_is_not_read(small: SmallWorld) -> None:
    body = b"[" + b" " * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b"]"
    answer = Client().post(LAW, body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


def test_a_wrong_field_is_named_without_repeating_what_was_sent(small: SmallWorld) -> None:
    sent = {"nik": ["6112010101900001"]}
    answer = small.programs["auditor"].post("/api/v1/people/find", sent, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["error"]["field"].endswith("nik")
    assert "6112010101900001" not in answer.content.decode()


@pytest.mark.parametrize("by_api", [False, True])
def test_an_upload_by_the_wrong_role_is_refused_and_remembered(small: SmallWorld, by_api: bool) -> None:
    file = SimpleUploadedFile("usulan.xlsx", b"x")
    scheme = small.ids["scheme_id"]
    if by_api:
        answer = small.programs["auditor"].post(f"/api/v1/assistance/proposals?scheme_id={scheme}", {"file": file})
    else:
        answer = small.clients["auditor"].post(reverse("assistance:upload"), {"scheme": scheme, "file": file})
    assert answer.status_code == 403
    entry = ActionEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.role, entry.after) == ("refused", "auditor", {"code": "not_allowed"})


def test_a_rule_that_says_no_becomes_a_page_and_an_entry(small: SmallWorld) -> None:
    answer = small.clients["branch_verifier"].post(reverse("claims:make_batch"), {})
    assert answer.status_code == 422
    assert "Belum dapat dilanjutkan" in answer.content.decode()
    entry = ActionEntry.objects.order_by("-id")[0]
    assert (entry.action, entry.subject) == ("refused", "claims:make_batch")


def test_metrics_are_for_this_machine_only(small: SmallWorld) -> None:
    assert Client().get(reverse("metrics")).status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.5").get(reverse("metrics")).status_code == 403
    assert Client(headers={"x-forwarded-for": "192.0.2.5"}).get(reverse("metrics")).status_code == 403


def test_head_answers_like_get_without_a_body(small: SmallWorld) -> None:
    for route in ("home", "audit"):
        answer = small.clients["auditor"].head(reverse(route))
        assert (answer.status_code, answer.content) == (200, b"")
    assert small.clients["auditor"].options(reverse("audit")).status_code in {200, 405}
    assert small.programs["auditor"].options("/api/v1/me").status_code == 405
