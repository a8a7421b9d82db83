"""How many questions each list page puts to the database: few, written down, and not one per row.

After a change on purpose: UPDATE_QUERY_COUNTS=1 pytest tests/web/test_queries.py, and look at the difference."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from lindung.core.ui.tables import TableView
from web.routes import site_path, site_routes
from web.small_world import SmallWorld

pytestmark = pytest.mark.django_db
RECORD = Path(__file__).parent / "query_counts.json"
MOST = 10
# The auditor reads all the others.
READER = {"contributions:penalties": "branch_finance", "wages:doubts": "branch_relations"}
# What every request needs before and after its page: the session, the user, the actor's role and scope in PostgreSQL,
# the transaction's savepoints.
OVERHEAD = ("SAVEPOINT", "RELEASE SAVEPOINT", "django_session", "core_user", "set_config", "current_setting")


def test_queries_of_list_pages(small: SmallWorld) -> None:
    counted = {}
    for route in site_routes():
        path = site_path(route, small.ids)
        view = getattr(resolve(path).func, "view_class", None)
        if view is None or not issubclass(view, TableView):
            continue
        with CaptureQueriesContext(connection) as captured:
            assert small.clients[READER.get(route, "auditor")].get(path).status_code == 200
        asked = [query["sql"] for query in captured.captured_queries]
        counted[route] = sum(not any(word in sql for word in OVERHEAD) for sql in asked)
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        RECORD.write_text(json.dumps(counted, indent=1, sort_keys=True) + "\n")
    assert max(counted.values()) <= MOST, counted
    assert counted == json.loads(RECORD.read_text())
