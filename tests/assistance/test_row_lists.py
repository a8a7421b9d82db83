"""The rows of a list as its page finds them: by name, village or code, in any order, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from world import World

from lindung.assistance import queries
from lindung.assistance.models import Proposal, ProposalRow, RowTally
from lindung.core.actors import Actor, acting_as
from lindung.core.ui.listing import ListQuery
from lindung.places.models import Place

pytestmark = pytest.mark.django_db(transaction=True)
Row = dict[str, Any]


@pytest.fixture(params=[1_000, 0], ids=["few", "many"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to a page: rows named one by one, and rows met in the order asked for."""
    monkeypatch.setattr(queries, "_FEW_FOUND", request.param)


@pytest.fixture
def sent(cells: Callable[..., list[Row]], send: Callable[..., Proposal]) -> Proposal:
    return send(cells(40))


def shown(actor: Actor, proposal: Proposal, **asked: Any) -> list[int]:
    with acting_as(actor):
        return [row.row_no for row in queries.proposal_rows(proposal.pk, ListQuery(**asked)).rows]


@pytest.mark.usefixtures("way")
def test_a_search_finds_names_villages_and_codes(world: World, sent: Proposal) -> None:
    rows = list(ProposalRow.objects.select_related("place").filter(proposal=sent).order_by("row_no"))
    one = rows[7]
    by_name = [row.row_no for row in rows if one.name_key.split()[0] in row.name_key]
    assert set(by_name) <= set(shown(world.officer, sent, search=one.name.split()[0].upper()))
    village = one.place.name
    in_village = [row.row_no for row in rows if village.lower() in row.place.name.lower()]
    assert set(in_village) <= set(shown(world.officer, sent, search=village))
    assert shown(world.officer, sent, search=one.row_code.lower()) == [one.row_no]
    assert shown(world.officer, sent, search="tidak ada yang begini") == []
    assert shown(world.officer, sent, search="%") == shown(world.officer, sent, search="_") == []


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("descending", [False, True])
def test_every_order_is_whole_and_right_page_after_page(world: World, sent: Proposal, descending: bool) -> None:
    names = dict(Place.objects.filter(key__in=world.villages).values_list("key", "name"))
    rows = list(ProposalRow.objects.filter(proposal=sent))
    keys: dict[str, Callable[[ProposalRow], Any]] = {
        "row_no": lambda row: row.row_no,
        "name": lambda row: (row.name_key.encode(), row.row_no),
        "village": lambda row: (names[row.place_id].encode(), row.place_id, row.row_no),
    }
    for sort, key in keys.items():
        pages = [shown(world.officer, sent, sort=sort, descending=descending, page=page, size=15) for page in (1, 2, 3)]
        assert [row_no for page in pages for row_no in page] == [
            row.row_no for row in sorted(rows, key=key, reverse=descending)
        ], sort


@pytest.mark.usefixtures("way")
def test_a_search_shows_a_village_its_own_rows_only(world: World, sent: Proposal) -> None:
    own = set(ProposalRow.objects.filter(proposal=sent, place_id=world.village).values_list("row_no", flat=True))
    assert own
    name = Place.objects.get(key=world.village).name
    assert set(shown(world.operator, sent, search=name)) <= own
    with acting_as(world.operator), connection.cursor() as cursor:
        cursor.execute("SELECT row_no FROM assistance_search(%s, '%%', '', '{}', 1000)", [sent.pk])
        assert {row_no for (row_no,) in cursor.fetchall()} == own


def test_nobody_writes_the_tally_himself(world: World, sent: Proposal) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting_as(world.officer),
        transaction.atomic(),
    ):
        RowTally.objects.filter(proposal=sent).update(open=0)
