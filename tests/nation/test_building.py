"""The synthetic nation: the same for the same seed, everybody counted once, sorted, and made of what it says."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung.nation import building
from lindung.nation.building import FAULTY, Nation, build_nation, first_job_of, membership_of
from lindung.nation.makeup import CATEGORIES, MINIMUM_WAGES, read_regencies, workers_by_category
from lindung.places.dataset import key_of

WORKERS = 60_000


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return build_nation(tmp_path_factory.mktemp("nation"), WORKERS)


def lines_of(nation: Nation) -> pl.DataFrame:
    keys = ["payer_id", "membership_id", "person_id", "job", "place_id"]
    return pl.concat([pl.read_parquet(nation.lines_of(one), columns=keys) for one in CATEGORIES])


def fingerprint(nation: Nation) -> list[str]:
    return [sha256(file.read_bytes()).hexdigest() for file in sorted(nation.folder.glob("*.parquet"))]


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    first, second = build_nation(tmp_path / "a", 3_000), build_nation(tmp_path / "b", 3_000)
    other = build_nation(tmp_path / "c", 3_000, seed=7)
    assert fingerprint(first) == fingerprint(second)
    assert fingerprint(first) != fingerprint(other)


def test_a_nation_that_is_there_is_found_and_a_build_that_was_cut_short_begins_again(tmp_path: Path) -> None:
    made = build_nation(tmp_path, 2_000)
    before = fingerprint(made)
    stamp = made.payers_file.stat().st_mtime_ns
    assert build_nation(tmp_path, 2_000) == made
    assert made.payers_file.stat().st_mtime_ns == stamp
    (tmp_path / "nation.json").unlink()
    made.payers_file.write_bytes(b"half")
    assert fingerprint(build_nation(tmp_path, 2_000)) == before


def test_everybody_is_there_once_and_second_jobs_belong_to_somebody_with_a_first(nation: Nation) -> None:
    lines = lines_of(nation)
    assert len(lines) == WORKERS
    assert sorted(lines["membership_id"]) == list(range(1, WORKERS + 1))
    assert lines.select("person_id", "job").n_unique() == WORKERS
    second = lines.filter(pl.col("job") == 2)
    assert len(second) == WORKERS // building.SECOND_JOBS
    assert set(second["person_id"]) <= set(lines.filter(pl.col("job") == 1)["person_id"])


@given(st.integers(1, 3_000))
@settings(max_examples=60, deadline=None)
def test_numbers_are_given_one_to_one_for_any_size(workers: int) -> None:
    lines = np.arange(workers)
    assert sorted(membership_of(lines, workers)) == list(range(1, workers + 1))
    second = np.arange(workers // building.SECOND_JOBS) * building.SECOND_JOBS + building.SECOND_JOBS - 1
    firsts = first_job_of(second, workers)
    assert len(set(firsts.tolist())) == len(second)
    assert not set(firsts.tolist()) & set(second.tolist())


@given(st.integers(1, 200_000_000))
def test_categories_add_up_to_the_workers(workers: int) -> None:
    found = workers_by_category(workers)
    assert sum(found.values()) == workers
    assert min(found.values()) >= 0


def test_lines_are_sorted_and_no_row_group_splits_a_payer(nation: Nation, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(nation)
    assert lines.equals(lines.sort("payer_id", "person_id", "job"))
    monkeypatch.setattr(building, "GROUP", 500)
    many = build_nation(nation.folder.parent / "groups", WORKERS)
    with pq.ParquetFile(many.lines_of(CATEGORIES[0])) as file:
        assert file.num_row_groups > 10
        payers = [set(file.read_row_group(n)["payer_id"].to_pylist()) for n in range(file.num_row_groups)]
    assert sum(map(len, payers)) == len(set.union(*payers))


def test_the_nation_has_the_shape_it_is_said_to_have(nation: Nation) -> None:
    payers = pl.read_parquet(nation.payers_file)
    assert payers["payer_id"].to_list() == list(range(1, nation.payers + 1))
    assert payers["people"].sum() == WORKERS
    employers = payers.filter(pl.col("category") == 0)
    assert len(employers) / WORKERS == pytest.approx(901_912 / 45_200_000, rel=0.05)
    largest = employers["people"].sort(descending=True)
    assert largest.head(len(largest) // 20).sum() > 0.4 * largest.sum()  # a heavy tail
    assert employers["people"].median() < 10
    assert set(payers["risk_group"]) == {1, 2, 3, 4, 5}
    offices = payers.filter(pl.col("category") == 2)
    assert offices["place_id"].n_unique() == 514


def test_wages_stand_around_the_minimum_wage_of_the_place(nation: Nation) -> None:
    lines = pl.read_parquet(nation.lines_of(CATEGORIES[0]))
    assert lines["wage"].null_count() == -(-(len(lines) - FAULTY // 2) // FAULTY)
    regencies = read_regencies(nation.seed)
    minimum = dict(zip(regencies.key.tolist(), regencies.minimum_wage.tolist(), strict=True))
    for code, wage in MINIMUM_WAGES.items():
        assert minimum[key_of(code)] == wage
    ratio = lines.drop_nulls("wage").select(
        pl.col("wage") / (pl.col("place_id") // 1_000_000 * 1_000_000).replace_strict(minimum)
    )["wage"]
    assert ratio.median() == pytest.approx(np.exp(0.12), rel=0.03)
    assert ratio.min() > 0.2
