"""The same person under another spelling is found; someone else is not."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from world import make_people

from lindung.people.matching import similar
from lindung.people.names import name_key, name_keys
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


def pairs_of(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Everyone of the left with everyone of the right who was born on the same day, as `similar` takes them."""
    sides = [
        frame.select("birth_date", name_keys(frame["name"]).alias(f"{side}_name"),
                     name_keys(frame["mother_name"]).alias(f"{side}_mother"), pl.col("nik").alias(f"{side}_nik"))
        for side, frame in (("left", left), ("right", right))
    ]  # fmt: skip
    return sides[0].join(sides[1], on="birth_date").with_columns(same_date=True)


def test_thousands_of_respelled_people_are_found_and_strangers_are_not() -> None:
    people = make_people(3_000, seed=5)
    respelled_names = pl.Series("name", [respelled(name) for name in people["name"]], dtype=pl.String)
    again = people.with_columns(respelled_names).drop_nulls("name")
    found = similar(pairs_of(again, people))
    right = found.filter(pl.col("left_nik") == pl.col("right_nik"))
    assert again.height > 1_000
    assert right.height >= 0.97 * again.height
    assert found.height - right.height <= 2
    assert similar(pairs_of(make_people(3_000, seed=6), people)).height <= 2
