from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest
from assistance.lists import GOOD, workbook
from django.db import connection
from world import World, make_people, world  # noqa: F401

from lindung.assistance.actions import create_kubu_raya_scheme, receive_proposal
from lindung.assistance.models import Proposal, ProposalRow, Scheme
from lindung.core.actors import Actor, acting_as
from lindung.places.models import Place

# The tally of a list's rows by village, against the rows themselves.
ASTRAY = """
SELECT proposal_id, place_id FROM (
  SELECT w.proposal_id, w.place_id, count(*) FILTER (WHERE w.status = 'accepted') AS accepted,
         count(*) FILTER (WHERE w.status = 'to_fix' AND c.id IS NULL) AS open
    FROM assistance_proposalrow w LEFT JOIN assistance_proposalrow c ON c.corrects_id = w.id GROUP BY 1, 2) counted
  FULL JOIN assistance_rowtally t USING (proposal_id, place_id)
 WHERE (counted.accepted, counted.open) IS DISTINCT FROM (t.accepted::bigint, t.open::bigint)
"""


@pytest.fixture
def scheme(world: World) -> Iterator[Scheme]:  # noqa: F811
    with acting_as(world.officer):
        made = create_kubu_raya_scheme(world.officer, world.agency.pk, 2026)
    yield made
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        assert cursor.fetchall() == [], "the tally is not what the rows say"


@pytest.fixture
def cells(world: World) -> Callable[..., list[dict[str, Any]]]:  # noqa: F811
    """Rows of a list as a clerk would type them, without a fault."""

    def make(count: int, seed: int = 1, villages: list[int] | None = None) -> list[dict[str, Any]]:
        names = dict(Place.objects.values_list("key", "name"))
        people = make_people(count, seed, villages or list(world.villages))
        rows = people.with_columns(pl.col("birth_date").dt.strftime("%d/%m/%Y")).rows(named=True)
        return [
            GOOD | {
                "NIK": row["nik"], "Nama Lengkap": row["name"], "Tanggal Lahir": row["birth_date"], "L/P": row["sex"],
                "Nama Ibu Kandung": row["mother_name"], "Desa/Kelurahan": names[row["place_id"]],
                "Kecamatan": names[row["place_id"] // 10_000 * 10_000],
            }
            for row in rows
        ]  # fmt: skip

    return make


@pytest.fixture
def send(world: World, scheme: Scheme) -> Callable[..., Proposal]:  # noqa: F811
    """Send rows as a workbook; the regency's officer unless another actor is given."""

    def sent(rows: list[dict[str, Any]], actor: Actor | None = None, name: str = "usulan.xlsx") -> Proposal:
        sender = actor or world.officer
        with acting_as(sender):
            return receive_proposal(sender, scheme.pk, name, workbook(rows))

    return sent


@pytest.fixture
def rows_of() -> Callable[[Proposal], list[ProposalRow]]:
    return lambda proposal: list(ProposalRow.objects.filter(proposal=proposal).order_by("row_no"))
