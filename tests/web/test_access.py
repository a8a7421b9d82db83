"""Every address as every role, with GET and POST, against the table in access.yaml; no answer shows what it must not
(leaks.py). One walk for all of it: asking takes the time, not looking."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from web.leaks import check_account, check_pages
from web.routes import FORMS, UPLOADS, api_path, api_routes, body_of, ids_for, site_path, site_routes
from web.small_world import ANONYMOUS, ROLES, SmallWorld, undone

pytestmark = pytest.mark.django_db
TABLE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "access.yaml").read_text())
EVERYONE = frozenset((*ROLES, ANONYMOUS))
METHODS = ("GET", "POST")


def may(section: str, route: str, method: str) -> frozenset[str]:
    """The callers that the table lets through."""
    group = TABLE[section][route].get(method, [])
    named = {"public": EVERYONE, "signed_in": frozenset(ROLES), **TABLE["groups"]}
    return frozenset(named[group] if isinstance(group, str) else group)


def got_in(response: HttpResponse) -> bool:
    """Past the door: neither sent to sign in, nor refused, nor a method that does not exist."""
    to_sign_in = response.status_code == 302 and "next=" in response["Location"]
    return not to_sign_in and response.status_code not in {401, 403, 405}


def call(client: Client, method: str, path: str, **body: Any) -> HttpResponse:
    cookies = deepcopy(client.cookies)
    with undone():
        answer: HttpResponse = client.get(path) if method == "GET" else client.post(path, **body)
    client.cookies = cookies  # signing out is undone too
    return answer


def check(section: str, route: str, method: str, answers: dict[str, HttpResponse]) -> None:
    """Who got in is who may; nothing breaks; what the roles that may were given is really there."""
    hidden = frozenset(TABLE["hidden"].get(route, []) if method in TABLE[section][route] else [])
    assert {role for role, answer in answers.items() if answer.status_code == 404} == hidden
    assert not [role for role, answer in answers.items() if answer.status_code >= 500]
    assert {role for role, answer in answers.items() if got_in(answer)} - hidden == may(section, route, method) - hidden


def test_every_route_is_in_the_table() -> None:
    assert set(TABLE["site"]) == set(site_routes())
    assert set(TABLE["api"]) == set(api_routes())
    assert {route: frozenset(methods) for route, methods in TABLE["api"].items()} == api_routes()


@pytest.mark.parametrize("route", TABLE["site"])
@pytest.mark.parametrize("method", METHODS)
def test_site(small: SmallWorld, route: str, method: str) -> None:
    path = site_path(route, small.ids)
    values = ids_for(route, small.ids)
    form = {name: value.format(**values) for name, value in FORMS.get(route, {}).items()}
    answers = {role: call(client, method, path, data=form) for role, client in small.clients.items()}
    check_account(route, method, answers)
    check_pages(answers)
    if method not in TABLE["site"][route]:
        assert not [role for role, answer in answers.items() if answer.status_code < 300]
        return
    check("site", route, method, answers)


@pytest.mark.parametrize("route", TABLE["api"])
@pytest.mark.parametrize("method", METHODS)
def test_api(small: SmallWorld, route: str, method: str) -> None:
    path = api_path(route, small.ids)
    if route in UPLOADS and method == "POST":
        beside = {name: value.format(**ids_for(route, small.ids)) for name, value in UPLOADS[route].items()}
        if not beside:
            path += f"?scheme_id={small.ids['scheme_id']}"
        answers = {
            role: call(client, method, path, data=beside | {"file": SimpleUploadedFile("a.xlsx", b"x")})
            for role, client in small.programs.items()
        }
    else:
        body = body_of(route, small.ids)
        answers = {
            role: call(client, method, path, data=body, content_type="application/json")
            for role, client in small.programs.items()
        }
    check_account(route, method, answers)
    assert all(answer["Content-Type"].startswith("application/json") for answer in answers.values()
               if answer.status_code >= 400)  # fmt: skip
    check("api", route, method, answers)
