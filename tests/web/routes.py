"""Every address of the site and of the API, with an address that leads to a real object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lindung.web.api import api

# What stands in the body or in the query of an operation that needs it. Values from the small world by {name}.
QUERIES = {
    "/people": "?q=hidup", "/places": "?q=sungai", "/membership/memberships": "?person_id={person_id}",
    "/membership/changes": "?person_id={person_id}", "/claims/right": "?person_id={person_id}&occurred_on=2026-02-11",
    "/law/parameters": "?on=2026-01-01", "/payers/risk-groups": "?q=sawit",
    "/payers/minimum-wage": "?place=6112000000&on=2026-02-01", "/wages/month": "?payer_id={payer_id}&month=2025-12",
    "/wages/workers": "?payer_id={payer_id}&month=2025-12",
    "/wages/sipp-files": "?payer_id={payer_id}&month=2025-12&kind={kind}",
}  # fmt: skip
# Operations that take a file, with what is sent beside it.
UPLOADS = {
    "/assistance/proposals": {}, "/claims/death-lists": {},
    "/wages/reports": {"payer_id": "{payer_id}", "month": "2026-01"},
}  # fmt: skip
# What a form of the site says, where without it nothing is found.
FORMS = {"selfpay:reply": {"tanya": "nik", "jawab": "123"}, "selfpay:come_back": {"code": "{code}"}}


def body_of(route: str, ids: dict[str, Any]) -> dict[str, Any]:
    """A body that passes the schema, about real things."""
    ids = ids_for(route, ids)
    decision = {"outcome": "returned", "reason": "uji akses"}
    month = {"payer_id": ids["payer_id"], "month": "2026-01"}
    bodies: dict[str, dict[str, Any]] = {
        "/people/find": {"nik": ids["nik"]},
        "/contributions/payments": {
            "payer_id": ids["payer_id"], "kind": "sp2d", "reference": "X", "paid_on": "2026-02-01", "amount": 1,
            "bill_ids": [ids["bill_id"]],
        },
        "/assistance/schemes": {
            "payer_id": ids["payer_id"], "name": "Program lain", "fiscal_year": 2026, "first_month": "2026-03",
            "last_month": "2026-12", "budget_ceiling": 1_000_000, "legal_basis": "uji", "account_codes": ["5.1"],
        },
        "/assistance/decrees": {
            "scheme_id": ids["scheme_id"], "number": "2", "dated": "2026-02-27", "first_month": "2026-03",
            "last_month": "2026-12", "reason": "uji",
        },
        "/assistance/decrees/{decree_id}/decision": decision,
        "/claims/decisions/{decision_id}/approval": decision,
        "/claims/events": {
            "person_id": ids["person_id"], "occurred_on": "2026-02-11", "cause": "non_work", "source": "heir",
        },
        "/claims/withdrawals": {"person_id": ids["dead_id"], "reason": "uji akses"},
        "/claims/events/{event_id}/claims": {
            "programme": "JKM", "name": "Siti", "relation": "spouse", "nik": "6112015204830001", "bank_name": "Bank",
            "bank_account": "55501234", "bank_holder": "Siti",
        },
        "/claims/{claim_id}/documents": {"kind": "form"},
        "/claims/batches": {"decision_ids": [ids["decision_id"]]},
        "/claims/payouts/{payout_id}/confirmation": {"paid_on": "2026-02-27", "bank_reference": "TRX"},
        "/contributions/memberships/{membership_id}/end": {"effective_on": "2026-03-01", "reason": "uji akses"},
        "/contributions/memberships/{membership_id}/reopening": {"reason": "uji akses"},
        "/payers/employers": {
            "name": "PT Uji Akses", "place_id": 6112000000, "nib": "9120009999999", "address": "Jalan Uji",
            "entry": "III.60", "firm_size": "small", "joined_on": "2026-02-01", "source": "uji",
            "email": "hrd@contoh.example",
        },
        "/ledger/periods": {"month": "2025-11", "reason": "uji akses"},
        "/ledger/proposals/{proposal_id}/verdict": decision,
        "/wages/reports/rows": month | {"kind": "leavers", "rows": [{"name": "A", "nik": "1"}]},
        "/wages/rows/{row_id}": {"changes": {"nik": "1"}},
        "/wages/reports/{report_id}/withdrawal": {"reason": "uji akses"},
        "/wages/month/closing": month,
        "/wages/month/same-as-last": month,
        "/wages/employments/{employment_id}/return": {"reason": "uji akses"},
        "/law/evaluate": {"rule": "due_date", "on": "2026-02", "facts": {"segment": "BPU"}},
    }  # fmt: skip
    return bodies.get(route, {})


def ids_for(route: str, ids: dict[str, Any]) -> dict[str, Any]:
    """The values of a route's arguments. Two rooms may call different things alike: `room.name` means a room's own,
    `room:route.name` a route's own."""
    room = route.strip("/").replace(":", "/").split("/")[0]
    mine = {key.removeprefix(f"{room}."): value for key, value in ids.items() if key.startswith(f"{room}.")}
    own = {key.removeprefix(f"{route}."): value for key, value in ids.items() if key.startswith(f"{route}.")}
    return ids | mine | own


def site_path(route: str, ids: dict[str, Any]) -> str:
    """Where a route of the site leads, about real things."""
    values = ids_for(route, ids)
    names = [part.split(">")[0].split(":")[-1] for part in site_routes()[route].split("<")[1:]]
    return reverse(route, kwargs={name: values[name] for name in names})


def api_path(route: str, ids: dict[str, Any]) -> str:
    """Where an operation of the API is, about real things, with the query it needs."""
    return "/api/v1" + (route + QUERIES.get(route, "")).format(**ids_for(route, ids))


def site_routes() -> dict[str, str]:
    """Route name to route pattern, without the API."""
    return {
        ":".join([*namespaces, pattern.name or "?"]): route
        for namespaces, route, pattern in _walk(get_resolver().url_patterns, (), "")
        if namespaces[:1] != ("api",)
    }


def api_routes() -> dict[str, frozenset[str]]:
    """Path to its methods, as the API describes itself, with its own description and root."""
    paths: dict[str, Any] = api.get_openapi_schema()["paths"]
    prefix = "/api/v1"
    described = {path.removeprefix(prefix): frozenset(method.upper() for method in ops) for path, ops in paths.items()}
    return described | {"/openapi.json": frozenset({"GET", "POST"})}


def _walk(
    patterns: list[Any], namespaces: tuple[str, ...], prefix: str
) -> Iterator[tuple[tuple[str, ...], str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, route)
        else:
            yield namespaces, route, pattern
