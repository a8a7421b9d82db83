"""Names as people write them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.people.names import display_names, name_key


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("AHMAD BIN ABDULLAH", "Ahmad bin Abdullah"),
        ("SITI BINTI MU'MIN", "Siti binti Mu'min"),
        ("NUR'AINI, S.PD.I", "Nur'aini, S.Pd.I"),
        ("MARIA D'SOUZA", "Maria D'Souza"),
        ("H. MOH. YUSUF", "H. Moh. Yusuf"),
        ("SRI-RAHAYU", "Sri-Rahayu"),
        ("Ahmad bin Abdullah", "Ahmad bin Abdullah"),
        ("McDonald O", "McDonald O"),
        ("", ""),
    ],
)
def test_a_name_in_capitals_is_shown_as_people_write_it(source: str, shown: str) -> None:
    assert display_names(pl.Series([source]))[0] == shown


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ '.-,", max_size=40))
def test_only_the_case_changes_so_the_name_is_still_found(name: str) -> None:
    shown = str(display_names(pl.Series([name]))[0])
    assert shown.upper() == name
    assert name_key(shown) == name_key(name)
