"""The action log is searched by index, and finds what it found before: act, actor and subject, whatever their case."""

from __future__ import annotations

import pytest

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.log import entries, record

pytestmark = pytest.mark.django_db


def found(search: str) -> list[str]:
    return [entry.subject for entry in entries(search, 50, 0)]


def test_a_search_looks_in_act_actor_and_subject() -> None:
    with acting_as(SYSTEM):
        record(SYSTEM, "contributions.issue_bill", "bill:77", "alasan")
        record(SYSTEM, "claims.file_claim", "claim:8")
        assert found("") == found("SISTEM") == ["claim:8", "bill:77"]
        assert found("Issue_Bill") == found("bill:7") == ["bill:77"]
        assert found("file_claim") == ["claim:8"]
        assert found("alasan") == []  # the reason is not looked in
        assert found("issue%bill") == found("issue.bill") == found("issueXbill") == []
        assert found("billsistem") == found("bill sistem") == []  # never across two of them


def test_a_page_of_a_search_follows_the_one_before() -> None:
    with acting_as(SYSTEM):
        for number in range(5):
            record(SYSTEM, "claims.file_claim", f"claim:{number}")
        pages = [[entry.subject for entry in entries("claim:", 2, offset)] for offset in (0, 2, 4)]
    assert pages == [["claim:4", "claim:3"], ["claim:2", "claim:1"], ["claim:0"]]
