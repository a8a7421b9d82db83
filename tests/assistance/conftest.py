from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from assistance.lists import GOOD, workbook
from world import World, make_people, world  # noqa: F401

from lindung.assistance.actions import create_kubu_raya_scheme, receive_proposal
from lindung.assistance.models import Proposal, ProposalRow, Scheme
from lindung.core.actors import Actor, acting_as
from lindung.places.models import Place


@pytest.fixture
def scheme(world: World) -> Scheme:  # noqa: F811
    with acting_as(world.officer):
        return create_kubu_raya_scheme(world.officer, world.agency.pk, 2026)


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
