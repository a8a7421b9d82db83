"""Files of many rows: the same answers as in memory, in order, in totals, on the command line; and the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from lindung.law import LawError, result_of
from lindung.law.columns import Request, assess, cache, files
from lindung.law.columns.engine import engine
from lindung.law.columns.files import assess_file, totals_of
from lindung.web.cli.main import app

ROWS, ON = 5_000, date(2025, 3, 1)
FAULTY = {7: 0, 4_100: 9, 4_999: 6}


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """Wage earners, three of them of a risk group there is not."""
    groups = np.arange(ROWS) % 5 + 1
    groups[list(FAULTY)] = list(FAULTY.values())
    return pa.table(
        {
            "id": [f"w{number}" for number in range(ROWS)],
            "segment": ["PU"] * ROWS,
            "wage": np.arange(ROWS) * 2_003,
            "risk_group": groups,
            "firm_size": ["large"] * ROWS,
            "branch": pa.array(["N00"] * ROWS).dictionary_encode(),
        }
    )


@pytest.fixture(scope="module")
def source(table: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table as a file of several row groups."""
    path: Path = tmp_path_factory.mktemp("law") / "in.parquet"
    pq.write_table(table, path, row_group_size=1_300)
    return path


@pytest.fixture(scope="module")
def whole(table: pa.Table) -> Any:
    """The table judged in memory."""
    return assess(table, on=ON, riding=("id", "branch"))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BATCH", 512)


def test_a_file_is_judged_row_by_row_in_order(source: Path, whole: Any, tmp_path: Path) -> None:
    target, seen = tmp_path / "out.parquet", []
    summary = assess_file(source, target, Request("contributions", ON), ("id", "branch"), seen.append)
    written = pq.read_table(target)
    assert written.column("id").to_pylist() == [f"w{number}" for number in range(ROWS)]
    for name in whole.results.schema.names:
        assert written.column(name).combine_chunks() == whole.results.column(name), name
    faults = written.column("error_code").to_pylist()
    assert {row: faults[row] for row in FAULTY} == dict.fromkeys(FAULTY, "impossible_value")
    assert set(written.column("error_field").to_pylist()) == {None, "risk_group"}
    assert (summary.rows, sum(seen), dict(summary.totals)) == (ROWS, ROWS, whole.totals)
    assert [fault["row"] for fault in summary.first_faults] == list(FAULTY)
    assert summary.faults == {("impossible_value", "risk_group"): 3}


def test_totals_alone_are_the_same(source: Path, whole: Any) -> None:
    summary = totals_of(source, Request("contributions", ON), ("id", "branch"))
    assert (summary.rows, dict(summary.totals)) == (ROWS, whole.totals)
    assert [fault["row"] for fault in summary.first_faults] == list(FAULTY)


def test_a_file_of_one_row_group_and_one_of_none(table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "one.parquet"
    request = Request("contributions", ON)
    for part in (table.slice(0, 5), table.slice(0, 0)):
        pq.write_table(part, path)
        summary = totals_of(path, request, ("id", "branch"))
        assert summary.rows == part.num_rows
        assert dict(summary.totals) == assess(part, on=ON, riding=("id", "branch")).totals
        assert assess_file(path, tmp_path / "out.parquet", request, ("id", "branch")).rows == part.num_rows


@pytest.mark.parametrize("keep", [("id",), ("id", "branch", "colour")])
def test_a_column_that_is_no_fact_is_refused_and_nothing_is_left(source: Path, tmp_path: Path, keep: Any) -> None:
    for judge in (totals_of, lambda *given: assess_file(given[0], tmp_path / "out.parquet", *given[1:])):
        with pytest.raises(LawError) as refused:
            judge(source, Request("contributions", ON), keep)
        assert refused.value.field == (keep[-1] if "colour" in keep else "branch")
    assert list(tmp_path.iterdir()) == []


def run(*arguments: object) -> Any:
    """The command, in this process."""
    return CliRunner().invoke(app, ["law", "assess", *map(str, arguments)], terminal_width=200)


def test_the_command_prints_totals_and_faults(source: Path, whole: Any) -> None:
    done = run(source, "--on", "2025-03", "--keep", "branch")
    assert done.exit_code == 1
    assert f"{whole.totals['total']:,}" in done.output
    assert "impossible_value" in done.output
    assert "7 (risk_group), 4100 (risk_group), 4999 (risk_group)" in " ".join(done.output.split())


def test_the_command_writes_a_file_and_plain_figures(source: Path, whole: Any, tmp_path: Path) -> None:
    target = tmp_path / "out.parquet"
    more = ("--keep", "branch", "--json", "--on", "2025-03-31")
    figures = json.loads(run(source, target, *more).output)
    assert figures["totals"] == whole.totals
    assert (figures["rows"], figures["faulty"]) == (ROWS, 3)
    assert figures["faults"] == [{"code": "impossible_value", "field": "risk_group", "rows": 3}]
    results = whole.results.schema.names
    assert pq.read_schema(target).names == ["id", "branch", *results, "error_code", "error_field"]


def test_the_command_takes_a_reform(tmp_path: Path) -> None:
    pq.write_table(pa.table({"amount": [100_000], "months_late": [1]}), tmp_path / "in.parquet")
    (tmp_path / "reform.yaml").write_text(
        "{title: t, author: a, reference: r, leaves_out: l, "
        "parameters: {pandemic_late_penalty_rate: [{from: 2026-01-01, value: 1000}]}}"
    )
    given = (tmp_path / "in.parquet", "--rule", "late_penalty", "--on", "2026-02", "--json", "--result", "penalty")
    for more, penalty in (((), 2_000), (("--reform", tmp_path / "reform.yaml"), 1_000)):
        done = run(*given, *more)
        assert done.exit_code == 0
        assert json.loads(done.output)["totals"] == {"penalty": penalty}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--on", "2025-3"), "on harus tanggal"),
        (("--on", "2025-02", "--rule", "jkm"), "tanggal lengkap"),
        (("--on", "2025-03"), "Kolom branch bukan fakta"),
        (("--keep", "branch"), "Sebutkan bulan atau tanggal"),
        (("--on", "2025-03", "--keep", "branch", "--result", "profit"), "Hasil profit tidak ada"),
        (("--on", "2025-03", "--rule", "heirs"), "belum ada bentuk kolomnya"),
        (("--on", "2025-03", "--rule", "horoscope"), "tidak ada; yang ada"),
    ],
)
def test_the_command_says_what_to_mend(source: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(source, *arguments)
    assert isinstance(done.exception, SystemExit)
    assert said in str(done.exception)


def test_the_command_refuses_what_is_no_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_text("wage\n5\n")
    for name in ("in.parquet", "none.parquet"):
        done = run(tmp_path / name, "--on", "2025-03")
        assert str(done.exception).startswith(f"lindung: {tmp_path / name}: ")


CEILING = """
from datetime import date
from lindung.law.columns.engine import Engine
import numpy as np
out = {"ceiling": np.zeros(2, np.int64)}
Engine("jp_ceiling").run({}, date(2025, 3, 1), np.zeros(2, np.uint8), out)
print(out["ceiling"][0])
"""


def test_several_processes_share_one_cache(tmp_path: Path) -> None:
    environment = os.environ | {"LINDUNG_CACHE_DIR": str(tmp_path)}
    expected = f"{result_of('jp_ceiling', ON, {})['ceiling']}\n"

    def started() -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-c", CEILING], env=environment, stdout=subprocess.PIPE, text=True)

    assert [one.communicate()[0] for one in (started(), started())] == [expected] * 2
    compiled = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")}
    assert len(compiled) == 2
    assert started().communicate()[0] == expected
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nb?")} == compiled


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LINDUNG_CACHE_DIR", str(tmp_path / "file" / "cache"))
    cache.folder.cache_clear()
    try:
        assert cache.folder().is_dir()
        assert tmp_path not in cache.folder().parents
    finally:
        cache.folder.cache_clear()


def test_a_loop_is_compiled_into_an_empty_cache_and_written_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINDUNG_CACHE_DIR", str(tmp_path))
    cache.folder.cache_clear()
    try:
        assert assess(pa.table({"on": ["2025-03"]}), "jp_ceiling").totals == result_of("jp_ceiling", ON, {})
        sources = list(tmp_path.glob("jp_ceiling-*.py"))
        assert len(sources) == 1
        assert len(list(tmp_path.rglob("*.nb?"))) == 2
        cache.write_once(sources[0], "not this")
        assert "def kernel(" in sources[0].read_text()
    finally:
        cache.folder.cache_clear()
        engine.cache_clear()


def test_the_command_says_which_extra_it_needs(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pyarrow", "lindung.law.columns.warming"):
        monkeypatch.setitem(sys.modules, name, None)
    for arguments in (["law", "assess", str(source)], ["law", "warm"]):
        assert "needs the extra “columns”" in str(CliRunner().invoke(app, arguments).exception)


def test_the_usual_loops_are_made_ahead() -> None:
    assert CliRunner().invoke(app, ["law", "warm"]).exit_code == 0
    assert len(list(cache.folder().glob("contributions-*.py"))) >= 4


def test_the_command_prints_no_faults_where_there_are_none(tmp_path: Path) -> None:
    pq.write_table(pa.table({"amount": [100_000], "months_late": [1]}), tmp_path / "in.parquet")
    done = run(tmp_path / "in.parquet", "--rule", "late_penalty", "--on", "2026-02")
    assert (done.exit_code, "code" in done.output) == (0, False)
    assert "2,000" in done.output


def test_the_law_without_columns_needs_no_compiler() -> None:
    code = "import sys, lindung.law.columns, lindung.law; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
