"""The same person under another spelling is found; someone else is not."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from world import PEOPLE, World, make_nik, make_people

from lindung.core.actors import acting_as
from lindung.people.actions import register_people
from lindung.people.matching import similar
from lindung.people.models import Person
from lindung.people.names import name_key, name_keys
from lindung.people.queries import match_people
from lindung.web.demo.names import respelled

BORN = date(1985, 7, 1)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("H. Moh. Yusuf, S.Pd", "muhammad yusuf"), ("M. Yusuf", "muhammad yusuf"),
        ("MUHAMAD YUSUF S.Pd.I", "muhammad yusuf"),
        ("Mohd Yusuf", "muhammad yusuf"), ("Yusuf M", "yusuf m"), ("Hj. Siti Nur'aini", "siti nuraini"),
        ("Drs. H. Abd. Rahman", "abdul rahman"), ("Éva  Márta", "eva marta"), ("St. Aminah", "siti aminah"),
        ("Siti S", "siti s"), ("H", "h"), ("Ibu Dewi Astuti, A.Md.Keb", "dewi astuti"), ("", ""),
    ],
)  # fmt: skip
def test_name_keys(written: str, key: str) -> None:
    assert name_key(written) == key


def test_a_column_of_names_may_have_gaps() -> None:
    assert name_keys(pl.Series(["Achmad", None, "akhmad"])).to_list() == ["ahmad", "", "ahmad"]


def alike(first: tuple[str, date, str], second: tuple[str, date, str]) -> bool:
    """Are two of (name, birth date, mother) the same person?"""
    pair = pl.DataFrame(
        {
            "left_name": name_key(first[0]), "right_name": name_key(second[0]),
            "left_mother": name_key(first[2]), "right_mother": name_key(second[2]), "same_date": first[1] == second[1],
        }
    )  # fmt: skip
    return similar(pair).height == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Yusuf Hamid", "Jusuf Hamid"), ("Nurul Imamah", "Noorul Imamah"), ("Muhammad Rizky", "Moch. Riski"),
        ("Abdul Rahman", "Abd. Rohman"), ("Zakiyah Husna", "Sakiah Husna"), ("Sukarno", "Soekarno"),
        ("Syarifah Maryam", "Sy. Mariam"), ("Aminah Siti", "Siti Aminah"),
    ],
)  # fmt: skip
def test_spelled_differently_is_the_same(first: str, second: str) -> None:
    assert alike((first, BORN, "Rabiah Hasnah"), (second, BORN, "Robiah Hasnah"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("Muhammad Hasan", BORN, "Rabiah"), ("Muhammad Husin", BORN, "Rabiah")),  # twins
        (("Siti Aminah", BORN, "Rabiah"), ("Siti Aisyah", BORN, "Rabiah")),
        (("Siti Aminah", BORN, "Rabiah"), ("Siti Aminah", BORN, "Kartini Dewi")),  # another mother
        (("Siti Aminah", BORN, ""), ("Siti Aminah", date(1985, 7, 2), "")),  # another day, mother unknown
        (("Siti Aminah", BORN, ""), ("Siti", BORN, "")),
        (("", BORN, ""), ("", BORN, "")),
    ],
)
def test_someone_else_stays_someone_else(first: tuple[str, date, str], second: tuple[str, date, str]) -> None:
    assert not alike(first, second)


def test_a_mistyped_birth_date_is_found_by_the_mother() -> None:
    assert alike(("Siti Aminah", BORN, "Rabiah Hasnah"), ("Sitti Aminah", date(1985, 1, 7), "Rabiah Hasnah"))


def test_matching_against_the_registered(world: World) -> None:
    rows = [
        ("Yusuf Hamid", BORN, "Rabiah"), ("Siti Aminah", date(1990, 2, 3), "Kartini"), ("Budi", date(1970, 1, 1), ""),
        ("Ahmad Fauzi", date(1980, 5, 5), "Salmah"),
    ]  # fmt: skip
    people = pl.DataFrame(
        [
            (make_nik(world.village, born, "L", at + 1), name, born, "", "L", mother, world.village, "", "", "")
            for at, (name, born, mother) in enumerate(rows)
        ],
        schema=PEOPLE, orient="row",
    )  # fmt: skip
    with acting_as(world.officer):
        ids = dict(register_people(world.officer, people).select("nik", "person_id").rows())
        wanted = pl.DataFrame(
            [
                (10, people["nik"][0], "entirely other", BORN, ""),
                (11, "6112010302909999", "siti aminah", date(1990, 2, 3), "KARTINI"),
                (12, "6112010302909998", "sitti aminah", date(1990, 2, 3), ""),
                (13, "6112010505809997", "akmad fausi", date(1980, 5, 5), ""),
                (14, "", "nobody here", date(1970, 1, 1), ""),
                (15, "6112010203909996", "siti amina", date(1990, 3, 2), "Kartini"),  # day and month exchanged
                (16, "6112010302919995", "siti aminah", date(1991, 2, 3), "Kartini"),  # a younger sister
                (17, "6112010302909994", "siti aminah", date(1990, 2, 3), "Marlina"),  # a namesake
            ],
            schema=["row", "nik", "name_key", "birth_date", "mother_name"], orient="row",
        )  # fmt: skip
        found = match_people(wanted)
    siti = ids[people["nik"][1]]
    assert {row: (person, how) for row, person, how in found.rows()} == {
        10: (ids[people["nik"][0]], "nik"), 11: (siti, "name_birth"), 12: (siti, "similar"),
        13: (ids[people["nik"][3]], "similar"), 15: (siti, "similar"),
    }  # fmt: skip


def test_an_operator_matches_only_inside_the_village(world: World) -> None:
    people = make_people(20, villages=[world.villages[1]])
    with acting_as(world.officer):
        register_people(world.officer, people)
    wanted = people.select("nik", "birth_date", "mother_name", name_key=name_keys(people["name"])).with_row_index("row")
    with acting_as(world.operator):
        assert match_people(wanted).height == 0
    with acting_as(world.officer):
        assert match_people(wanted)["how"].to_list() == ["nik"] * 20


def test_a_thousand_respelled_people_are_found_and_strangers_are_not(world: World) -> None:
    people = make_people(3_000, seed=5)
    with acting_as(world.officer):
        register_people(world.officer, people)
        ids = dict(Person.objects.values_list("nik", "id"))
        again = people.with_row_index("row").with_columns(
            original=pl.col("nik"), nik=pl.col("nik").str.slice(0, 15) + "x",
            other=pl.Series([respelled(name) for name in people["name"]], dtype=pl.String),
        ).drop_nulls("other")  # fmt: skip
        again = again.with_columns(name_keys(again["other"]).alias("name_key"))
        found = match_people(again).join(again.select("row", "original"), on="row")
        right = found.filter(pl.col("original").replace_strict(ids, return_dtype=pl.Int64) == pl.col("person_id"))
        strangers = make_people(3_000, seed=6).with_row_index("row")
        strangers = strangers.with_columns(name_keys(strangers["name"]).alias("name_key"))
        wrong = match_people(strangers)
    assert right.height >= 0.97 * again.height
    assert found.height - right.height <= 2
    assert wrong.height <= 2
