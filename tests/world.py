"""A little world for tests: Kubu Raya with three districts, who pays, who acts, and people with valid NIKs.

In a room's conftest: `from world import world  # noqa: F401`. Everything is made if missing, so it can be asked twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

import polars as pl
import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from lindung.core.actors import Actor
from lindung.core.models import Installation, User
from lindung.payers.models import Payer
from lindung.places.dataset import DECREE_DATE, read_places
from lindung.places.models import Place
from lindung.web.demo.names import ALL_COMMUNITIES, community, full_name
from lindung.web.roles import actor_for

TODAY = date(2026, 2, 27)
REGENCY = 6112000000
DISTRICTS = ("61.12.01", "61.12.02", "61.12.03")
VILLAGES_PER_DISTRICT = 2
BRANCH_AREA = (6112000000, 6171000000)  # Kubu Raya and the city of Pontianak
PASSWORD = "rahasia-untuk-uji"  # pragma: allowlist secret

# What register_people takes.
PEOPLE = {
    "nik": pl.String,
    "name": pl.String,
    "birth_date": pl.Date,
    "birth_place": pl.String,
    "sex": pl.String,
    "mother_name": pl.String,
    "place_id": pl.Int64,
    "address": pl.String,
    "phone": pl.String,
    "occupation": pl.String,
}


def village_keys() -> list[int]:
    """The six villages of the little world, two in each district."""
    villages = read_places("61.12").filter(kind="village")
    return [
        key
        for code in DISTRICTS
        for key in villages.filter(pl.col("code").str.starts_with(code))["key"].head(VILLAGES_PER_DISTRICT)
    ]


def make_places() -> list[Place]:
    """Province, regency, three districts, six villages and Pontianak (outside the regency); all of them, by key."""
    wanted = read_places().filter(
        pl.col("key").is_in(village_keys()) | pl.col("code").is_in(["61", "61.12", "61.71", *DISTRICTS])
    )
    places = [
        Place(
            key=row["key"],
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            parent_id=row["parent_key"],
            valid=DateRange(DECREE_DATE, None),
            latitude=row["lat"],
            longitude=row["lon"],
            population=row["population"],
            area_km2=row["area"],
            postal_code=row["postal_code"] or "",
        )
        for row in wanted.sort("key").iter_rows(named=True)
    ]
    Place.objects.bulk_create(places, ignore_conflicts=True)
    Installation.objects.get_or_create(
        id=1, defaults={"name": "Kabupaten Kubu Raya", "place_key": REGENCY, "business_date": TODAY}
    )
    return places


def make_user(
    username: str, role: str, place_keys: list[int], name: str = "", payer_ids: list[int] | None = None
) -> User:
    """Someone who can sign in with PASSWORD."""
    user = User.objects.filter(username=username).first()
    if user is None:
        user = User.objects.create_user(
            username, password=PASSWORD, role=role, place_keys=place_keys, first_name=name or username,
            payer_ids=payer_ids,
        )  # fmt: skip
    return user


def make_payer(npp: str, kind: str, name: str, **fields: Any) -> Payer:
    """A payer with this number."""
    return Payer.objects.get_or_create(npp=npp, defaults={"kind": kind, "name": name, "place_id": REGENCY} | fields)[0]


@dataclass(frozen=True)
class World:
    """The places as keys, and on demand the payers and the actors."""

    regency: int
    districts: tuple[int, ...]
    villages: tuple[int, ...]

    @property
    def village(self) -> int:
        """The village operator's."""
        return self.villages[0]

    @cached_property
    def agency(self) -> Payer:
        """The office that pays from the APBD."""
        return make_payer("KR000001", "regency", "Dinas Tenaga Kerja Kabupaten Kubu Raya")

    @cached_property
    def company(self) -> Payer:
        return make_payer("KR000002", "company", "PT Contoh Kapuas Sawit Lestari", risk_group=3)

    @cached_property
    def village_payer(self) -> Payer:
        return make_payer("KR000003", "village", "Pemerintah Desa Contoh", place_id=self.village)

    def user(self, role: str) -> User:
        """A user of any role of web/roles.py, with the scope that role usually has."""
        if role == "company_hr":
            return make_user(role, role, [], payer_ids=[self.company.pk])
        if role == "village_operator":
            return make_user(role, role, [self.village])
        return make_user(role, role, list(BRANCH_AREA) if role.startswith("branch_") else [self.regency])

    def actor(self, role: str) -> Actor:
        return actor_for(self.user(role))

    @cached_property
    def officer(self) -> Actor:
        return self.actor("regency_officer")

    @cached_property
    def approver(self) -> Actor:
        return self.actor("regency_approver")

    @cached_property
    def operator(self) -> Actor:
        """Of `village` only."""
        return self.actor("village_operator")

    @cached_property
    def other_operator(self) -> Actor:
        """Of another village of the same district."""
        return actor_for(make_user("other_operator", "village_operator", [self.villages[1]]))

    @cached_property
    def verifier(self) -> Actor:
        return self.actor("branch_verifier")

    @cached_property
    def branch_approver(self) -> Actor:
        return self.actor("branch_approver")

    @cached_property
    def auditor(self) -> Actor:
        return self.actor("auditor")

    @cached_property
    def leadership(self) -> Actor:
        return self.actor("leadership")


def make_world() -> World:
    """Places and installation in the database; payers and actors come when asked for."""
    make_places()
    districts = tuple(int(code.replace(".", "").ljust(10, "0")) for code in DISTRICTS)
    return World(REGENCY, districts, tuple(village_keys()))


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def make_nik(village: int, birth_date: date, sex: str, serial: int) -> str:
    """District, birth date (women: day + 40), serial."""
    day = birth_date.day + (40 if sex == "P" else 0)
    return f"{village // 10_000:06d}{day:02d}{birth_date:%m%y}{serial:04d}"


def make_people(count: int, seed: int = 1, villages: list[int] | None = None) -> pl.DataFrame:
    """Synthetic workers of 18 to 60 years with distinct, valid NIKs, spread over the villages; the same for a seed."""
    rng = Random(seed)
    homes = villages or village_keys()
    serials: dict[str, int] = {}
    rows = []
    for _ in range(count):
        sex = rng.choice("LP")
        of = community(rng, ALL_COMMUNITIES)
        born = TODAY - timedelta(days=rng.randrange(18 * 366, 60 * 365))
        home = rng.choice(homes)
        stem = make_nik(home, born, sex, 0)[:12]
        serials[stem] = serials.get(stem, seed * 401 % 9000) + 1
        rows.append(
            (
                f"{stem}{serials[stem]:04d}",
                full_name(rng, of, "L" if sex == "L" else "P"),
                born,
                "Pontianak",
                sex,
                full_name(rng, of, "P"),
                home,
                f"RT {rng.randrange(1, 20):02d}",
                "",
                "Petani",
            )
        )
    return pl.DataFrame(rows, schema=PEOPLE, orient="row")
