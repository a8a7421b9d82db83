"""Making, changing and shutting out those who sign in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from lindung.core.actors import SYSTEM
from lindung.core.errors import InvalidInput, NotAllowed, NotFound
from lindung.core.models import ActionEntry, ApiToken, User
from lindung.web.tokens import make_token, revoke_tokens
from lindung.web.users import add_user, deactivate_user, set_password
from web.small_world import SmallWorld

pytestmark = pytest.mark.django_db
STRONG = "jembatan-kapuas-7"  # pragma: allowlist secret


def signs_in(username: str, password: str) -> bool:
    given = {"username": username, "password": password}
    return Client().post(reverse("sign_in"), given).status_code == 302


def test_a_new_user_signs_in_and_a_repeat_changes_nothing(small: SmallWorld) -> None:
    made = add_user(SYSTEM, "baru", "Ibu Baru", "village_operator", "61.12.01", STRONG)
    again = add_user(SYSTEM, "baru", "Lain", "auditor", "61.12", STRONG)
    assert (again.pk, again.role) == (made.pk, "village_operator")
    assert signs_in("baru", STRONG)


@pytest.mark.parametrize(("role", "place", "password", "code"), [
    ("king", "61.12", STRONG, "role_unknown"), ("auditor", "99.99", STRONG, "place_not_found"),
    ("auditor", "61.12", "pendek", "password_weak"),
])  # fmt: skip
def test_what_cannot_be_is_said(small: SmallWorld, role: str, place: str, password: str, code: str) -> None:
    with pytest.raises((InvalidInput, NotFound)) as refused:
        add_user(SYSTEM, "baru", "Ibu Baru", role, place, password)
    assert refused.value.code == code
    assert not User.objects.filter(username="baru").exists()


def test_only_an_administrator_manages_users(small: SmallWorld) -> None:
    for act in (
        lambda: add_user(small.world.officer, "x", "X", "auditor", "61.12", STRONG),
        lambda: deactivate_user(small.world.officer, "auditor", "uji"),
        lambda: set_password(small.world.officer, "auditor", STRONG),
        lambda: make_token(small.world.officer, small.world.user("auditor"), "uji"),
        lambda: revoke_tokens(small.world.officer, small.world.user("auditor")),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_new_password_ends_the_sessions_of_the_old(small: SmallWorld) -> None:
    set_password(SYSTEM, "auditor", STRONG)
    assert signs_in("auditor", STRONG)
    assert small.clients["auditor"].get(reverse("home")).status_code == 302


def test_a_deactivated_user_has_no_way_in_and_stays_on_record(small: SmallWorld) -> None:
    deactivate_user(SYSTEM, "auditor", "pindah tugas")
    assert not signs_in("auditor", "rahasia-untuk-uji")  # pragma: allowlist secret
    assert small.clients["auditor"].get(reverse("home")).status_code == 302
    assert small.programs["auditor"].get("/api/v1/me").status_code == 401
    User.objects.filter(username="auditor").update(is_active=True)
    assert small.programs["auditor"].get("/api/v1/me").status_code == 401  # coming back needs a new token
    assert ActionEntry.objects.filter(action="user.deactivate", reason="pindah tugas").exists()


def test_a_token_is_shown_once_kept_as_a_hash_and_revoked_by_name(small: SmallWorld) -> None:
    auditor = small.world.user("auditor")
    token = make_token(SYSTEM, auditor, "dasbor")
    program = Client(headers={"authorization": f"Bearer {token}"})
    assert program.get("/api/v1/me").json()["role"] == "auditor"
    assert not ApiToken.objects.filter(digest__contains=token).exists()
    assert revoke_tokens(SYSTEM, auditor, "dasbor") == 1
    assert program.get("/api/v1/me").status_code == 401
    assert small.programs["auditor"].get("/api/v1/me").status_code == 200  # the other token stays
    with pytest.raises(NotFound):
        revoke_tokens(SYSTEM, auditor, "dasbor")
