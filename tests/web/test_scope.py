"""Nobody sees past their area, nothing is changed in place, and whoever looks is noted."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.http import HttpResponse

from lindung.claims.models import Claim
from lindung.core.actors import acting_as
from lindung.core.models import AccessEntry, Guarded, Job, User
from lindung.core.postgres import APP_ROLE
from lindung.people.models import Person
from web.routes import api_path, api_routes, body_of, site_path, site_routes
from web.small_world import ACCOUNT, FAR, SmallWorld, undone

pytestmark = pytest.mark.django_db
OURS = [model for model in apps.get_models() if model.__module__.startswith("lindung.")]
SCOPED: list[Any] = [model for model in OURS if getattr(model, "scope_column", "")]
# Personal files and pages: looking at them leaves a trace.
NOTED = (
    "person", "person_sheet", "claims:claim", "claims:event", "claims:report", "claims:file", "claims:notice_letter",
    "claims:decision_letter", "claims:document", "claims:payment_receipt", "/people/{person_id}", "/people/find",
    "/people/{person_id}/sheet", "/membership/memberships", "/contributions/people/{person_id}/cover",
    "/contributions/people/{person_id}/months", "/claims/{claim_id}", "/claims/events/{event_id}",
    "/claims/decisions/{decision_id}/letter", "/claims/documents/{document_id}", "/claims/notices/{notice_id}/letter",
    "/claims/payouts/{payout_id}/receipt",
)  # fmt: skip

# Addresses without an employer in them: they answer with the caller's own.
OF_ONES_OWN = ("wages:start", "wages:reports", "/wages/reports", "/wages/unreported-leavers", "compliance:own_start")
# Of these an employer's staff know nothing: what the register says of somebody they reported.
OF_THE_BRANCH = ("wages:doubts", "wages:doubt", "wages:card")


def ask(small: SmallWorld, role: str, route: str, ids: dict[str, Any], method: str = "GET") -> HttpResponse:
    """One request for a route of the site or of the API, undone; queries stay."""
    if route.startswith("/"):
        client, path = small.programs[role], api_path(route, ids)
    else:
        client, path = small.clients[role], site_path(route, ids)
    cookies = deepcopy(client.cookies)
    if method == "GET":
        answer: HttpResponse = client.get(path)
    else:
        answer = client.post(path, body_of(route, ids), content_type="application/json")
    client.cookies = cookies  # signing out is undone too
    return answer


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_rows_outside_the_area_do_not_exist(small: SmallWorld, model: Any) -> None:
    key = model.scope_column
    operator = small.world.operator
    everywhere = set(model.objects.values_list(key, flat=True))
    with acting_as(operator):
        assert set(model.objects.values_list(key, flat=True)) == everywhere & {small.world.village}


def test_there_was_something_to_hide(small: SmallWorld) -> None:
    other = small.world.villages[1]
    with_rows = {model.__name__ for model in SCOPED if model.objects.filter(**{model.scope_column: other}).exists()}
    assert {"Person", "Relative", "Membership", "PersonMonth", "Cover", "Claim", "InsuredEvent", "HeirNotice",
            "Payout", "Proposal", "ProposalRow", "DecreeLine"} <= with_rows  # fmt: skip


def test_every_table_of_ours_declares_its_guard() -> None:
    assert [model.__name__ for model in OURS if not issubclass(model, Guarded)] == [User.__name__]


def test_tables_without_a_model_are_closed_or_not_ours(small: SmallWorld) -> None:
    """Partitions above all: row-level security holds on the parent only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND has_table_privilege(%s, oid, 'SELECT, INSERT, UPDATE, DELETE')", [APP_ROLE],
        )  # fmt: skip
        open_tables = {row[0] for row in cursor.fetchall()}
    with_model = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    unknown = {table for table in open_tables - with_model if not table.startswith("procrastinate_")}
    assert unknown == {"django_migrations"}


@pytest.mark.parametrize("model", [model for model in OURS if getattr(model, "append_only", False)],
                         ids=lambda model: model.__name__)  # fmt: skip
def test_the_application_cannot_change_what_is_append_only(small: SmallWorld, model: type[Model]) -> None:
    with connection.cursor() as cursor:
        for right in ("UPDATE", "DELETE", "TRUNCATE"):
            cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [APP_ROLE, model._meta.db_table, right])
            assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'append_only%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (2,)


def test_a_village_operator_reaches_nothing_of_another_village(small: SmallWorld) -> None:
    ids = small.ids | small.far | {"nik": Person.objects.get(pk=small.far["person_id"]).nik}
    routes = {**dict.fromkeys(site_routes(), ("GET", "POST")), **{r: tuple(m) for r, m in api_routes().items()}}
    leaks = []
    for route, methods in routes.items():
        pattern = route if route.startswith("/") else site_routes()[route]
        names_far_thing = any(name in pattern for name in small.far) or route == "/people/find"
        for method in methods:
            with undone():
                answer = ask(small, "village_operator", route, ids, method)
            shown = FAR.strip() in answer.content.decode(errors="replace")
            if shown or (names_far_thing and answer.status_code not in {403, 404, 405}):
                leaks.append((method, route, answer.status_code))
    assert leaks == []


def test_an_employers_staff_reach_nothing_of_another_employer(small: SmallWorld) -> None:
    """Neither what the address names nor what the body names, whatever the method; and no list shows it."""
    ids, leaks = small.ids | small.far, []
    routes = {**dict.fromkeys(site_routes(), ("GET", "POST")), **{r: tuple(m) for r, m in api_routes().items()}}
    for route, methods in routes.items():
        for method in methods:
            with undone():
                answer = ask(small, "company_hr", route, ids, method)
            shown = FAR.strip() in answer.content.decode(errors="replace")
            is_theirs = route.startswith(("wages:", "/wages/", "compliance:own")) and route not in OF_ONES_OWN
            if shown or (is_theirs and answer.status_code not in {403, 404, 405}):
                leaks.append((method, route, answer.status_code))
    assert leaks == []


def test_an_employers_staff_see_their_own(small: SmallWorld) -> None:
    """The same questions about their own employer are answered, so that the refusals above mean something."""
    mine = [
        route for route, pattern in site_routes().items()
        if route.startswith(("wages:", "compliance:own")) and "<" in pattern and route not in OF_THE_BRANCH
    ]  # fmt: skip
    answers = {route: ask(small, "company_hr", route, small.ids).status_code for route in mine}
    refused = {ask(small, "company_hr", route, small.ids).status_code for route in OF_THE_BRANCH}
    assert refused == {403}
    assert set(answers.values()) == {200, 405}
    assert answers["compliance:own"] == answers["compliance:own_finding"] == answers["compliance:own_letter"] == 200
    assert answers["wages:month"] == answers["wages:worker"] == answers["wages:report"] == 200


def test_another_villages_person_as_an_argument_gives_nothing(small: SmallWorld) -> None:
    answer = ask(small, "village_operator", "/membership/memberships", small.far)
    assert answer.json() == []
    event = body_of("/claims/events", small.ids | {"person_id": small.far["person_id"]})
    refused = small.programs["village_operator"].post("/api/v1/claims/events", event, content_type="application/json")
    assert refused.status_code == 404


def test_the_account_number_is_encrypted_at_rest(small: SmallWorld) -> None:
    """Where it is shown: `leaks.check_account`, at every address."""
    assert ACCOUNT not in str(Claim.objects.get(pk=small.ids["claim_id"]).bank_account)


@pytest.mark.parametrize("route", NOTED)
def test_whoever_looks_at_a_person_is_noted(small: SmallWorld, route: str) -> None:
    before = AccessEntry.objects.count()
    answer = ask(small, "branch_verifier", route, small.ids, "POST" if route == "/people/find" else "GET")
    assert answer.status_code == 200
    noted = AccessEntry.objects.order_by("-id")[: AccessEntry.objects.count() - before]
    assert {entry.role for entry in noted} == {"branch_verifier"}
    assert all(entry.subject.startswith("person:") for entry in noted)


def test_a_job_is_its_owners(small: SmallWorld) -> None:
    owner = small.world.officer
    mine = small.ids | {"job_id": Job.objects.create(kind="check", subject="x", actor_id=owner.user_id).pk}
    for route in ("job", "/jobs/{job_id}"):
        assert ask(small, "regency_officer", route, mine).status_code == 200
        assert ask(small, "regency_approver", route, mine).status_code == 404


def test_a_branch_elsewhere_does_not_get_the_bank_file_of_others(small: SmallWorld) -> None:
    """A batch that holds somebody outside the area is not given out, not even for the part inside."""
    User.objects.filter(username="branch_verifier").update(place_keys=[small.world.village])
    assert ask(small, "branch_verifier", "claims:batch_file", small.ids).status_code == 200
    assert ask(small, "branch_verifier", "claims:batch_file", small.far).status_code == 404
