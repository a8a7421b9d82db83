"""Past one machine: on a local Dask cluster the answers are those of one machine, though workers are killed."""

from __future__ import annotations

import json
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import dask
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client, LocalCluster
from distributed.utils import get_mp_context
from typer.testing import CliRunner

from lindung.law import LawError
from lindung.law.columns import Request
from lindung.law.columns.cluster import ClusterError, assess_on, assessing, on_dask
from lindung.law.columns.cluster.assessing import joined
from lindung.law.columns.cluster.tasks import REFORMS, UNFINISHED, Job, Part, Task, judge, plan
from lindung.law.columns.files import Summary, assess_file, totals_of
from lindung.law.form.reform import read_reform
from lindung.law.judgement import law_version
from lindung.web.cli.main import app

from .cluster_cases import GROUPS, ROWS, dying, plain, rows_of, write_cases

REQUEST = Request()


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A cluster of two worker processes that their nannies start again when they die, and soon: each is forked from a
    process that has read the libraries."""
    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context().set_forkserver_preload(["distributed", "numba", "lindung.law.columns.cluster"])
        with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=60) as here:
            yield here


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "cases.parquet")


def killing() -> Callable[[str], None]:
    """What kills the process it runs in, as when the machine goes out: no clean-up. Sent whole to the workers."""

    def kill(_: str) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    return kill


def assert_same(found: Summary, expected: Summary) -> None:
    assert (found.rows, found.totals, found.faults) == (expected.rows, expected.totals, expected.faults)
    assert found.first_faults == expected.first_faults


def test_totals_with_a_worker_killed_at_work(
    cluster: LocalCluster, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "judge", dying(tmp_path, killing(), before=3))
    told: list[int] = []
    found = assess_on("dask", cases, None, REQUEST, progress=told.append, address=cluster.scheduler_address)
    assert (tmp_path / "before").exists()
    assert_same(found, totals_of(cases, REQUEST))
    assert found.rows == sum(told) == ROWS
    assert 0 < found.faults.total() < ROWS / 2


def test_rows_with_a_worker_killed_that_had_written_them(
    cluster: LocalCluster, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "judge", dying(tmp_path, killing(), after=7))
    found = assess_on("dask", cases, tmp_path / "out", REQUEST, address=cluster.scheduler_address)
    assert (tmp_path / "after").exists()
    assert_same(found, assess_file(cases, tmp_path / "whole.parquet", REQUEST))
    parts = sorted(part.name for part in (tmp_path / "out").iterdir())
    assert parts == [f"cases-{group:05d}.parquet" for group in range(GROUPS)]
    assert rows_of(tmp_path / "out").equals(plain(pq.read_table(tmp_path / "whole.parquet")))
    assert not (tmp_path / "out.part").exists()


def test_a_reform_is_sent_along(cases: Path) -> None:
    higher = read_reform(
        {
            "title": "JKM lebih tinggi",
            "author": "Uji",
            "reference": "usulan",
            "leaves_out": "-",
            "parameters": {"jkm_rate": [{"from": date(2015, 7, 1), "value": 600}]},
        }
    )
    task = plan(cases, Job(REQUEST, ("id",), None, law_version()))[0]
    found = []
    for reform in (None, higher):
        job = Job(Request(reform=reform), ("id",), None, law_version())
        found += [judge(pickle.loads(pickle.dumps(job)), task).summary for _ in range(2)]
    assert found[0] == found[1]
    assert found[2] == found[3]
    assert found[2].totals["jkm"] > found[0].totals["jkm"]
    assert sum(reform.title == higher.title for reform in REFORMS.values()) == 1


def test_a_task_done_again_gives_the_same_part(cases: Path, tmp_path: Path) -> None:
    (tmp_path / UNFINISHED).mkdir()
    alone, written = (Job(REQUEST, ("id",), folder, law_version()) for folder in (None, str(tmp_path)))
    tasks = plan(cases, written)
    assert [task.first_row for task in tasks] == list(range(0, ROWS, ROWS // GROUPS))
    for task in tasks[:2]:
        first = judge(written, task)
        content = (tmp_path / task.part).read_bytes()
        assert judge(written, task) == first
        assert (tmp_path / task.part).read_bytes() == content
        assert_same(judge(alone, task).summary, first.summary)
    assert not list((tmp_path / UNFINISHED).iterdir())


def test_folder_from_the_command_line(cluster: LocalCluster, tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    whole = Summary()
    for number, rows in enumerate((900, 600)):
        file = write_cases(source / f"{number}.parquet", number * 1000, rows, 3)
        whole.join(totals_of(file, REQUEST))
    command = ["law", "assess", str(source), str(tmp_path / "out"), "--json", "--engine", "dask"]
    done = CliRunner().invoke(app, [*command, "--scheduler", cluster.scheduler_address])
    assert done.exit_code == 1, done.output
    answer = json.loads(done.stdout)
    assert answer["totals"] == whole.totals
    assert (answer["rows"], answer["faulty"]) == (1500, sum(whole.faults.values()))
    ids = rows_of(tmp_path / "out").column("id").to_pylist()
    assert ids == [*range(900), *range(1000, 1600)]
    first = [fault["row"] for fault in answer["first_faults"]]
    assert first == sorted(first)


def test_refusal_of_a_worker_comes_back_and_leaves_nothing(cluster: LocalCluster, tmp_path: Path) -> None:
    columns = {"segment": ["BPU"] * 4, "income": [1e6] * 4}
    pq.write_table(pa.table(columns), tmp_path / "wrong.parquet", row_group_size=2)
    with pytest.raises(LawError) as refused:
        assess_on(
            "dask",
            tmp_path / "wrong.parquet",
            tmp_path / "out",
            Request(on=date(2026, 2, 1)),
            address=cluster,
        )
    assert (refused.value.code, refused.value.field) == ("impossible_value", "income")
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.parquet"]
    job = Job(Request(on=date(2026, 2, 1)), ("id",), None, law_version())
    refusal = judge(job, plan(tmp_path / "wrong.parquet", job)[0]).refusal
    assert refusal is not None
    assert refusal.message == refused.value.message


def test_file_without_rows_on_a_cluster_of_its_own(tmp_path: Path) -> None:
    pq.write_table(pa.table({"segment": pa.array([], pa.string())}), tmp_path / "none.parquet", row_group_size=1)
    found = assess_on("dask", tmp_path / "none.parquet", None, Request(on=date(2026, 2, 1), threads=1))
    assert found.rows == 0
    assert set(found.totals.values()) == {0}


def test_folder_of_unlike_files_is_refused(tmp_path: Path) -> None:
    for name, ids in (("a", [1]), ("b", ["satu"])):
        pq.write_table(pa.table({"id": ids, "segment": ["PU"], "wage": [1]}), tmp_path / f"{name}.parquet")
    with pytest.raises(LawError, match=r"di b\.parquet tidak sama jenisnya dengan di a\.parquet"):
        assess_on("dask", tmp_path, tmp_path.with_name("out"), Request(on=date(2026, 2, 1)))


def test_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "_metadata.parquet").touch()
    with pytest.raises(LawError, match=r"tidak ada berkas \.parquet"):
        assess_on("dask", tmp_path, None, REQUEST)


def test_target_that_exists_is_left_alone(cases: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(ClusterError, match="sudah ada"):
        assess_on("dask", cases, tmp_path / "out", REQUEST)
    assert (tmp_path / "out" / "mine").exists()


def test_another_version_of_the_law_is_refused(cases: Path) -> None:
    task = Task(str(cases), 0, 0, 1, ("segment",), "cases-00000.parquet")
    with pytest.raises(ClusterError, match="versi"):
        judge(Job(REQUEST, ("id",), None, "an older one"), task)


def test_a_part_counts_once_and_none_may_lack() -> None:
    tasks = [Task("file", group, group * 5, 5, (), f"file-{group}") for group in range(2)]
    first, second = (Part(task, Summary(rows=5)) for task in tasks)
    assert joined(tasks, [second, first, first], Summary()).rows == 10
    with pytest.raises(ClusterError, match="1 bagian tidak selesai, yang pertama file-1"):
        joined(tasks, [first, first], Summary())


def test_engine_that_is_not_installed(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for engine, library in (("dask", "distributed"), ("spark", "pyspark")):
        monkeypatch.setitem(sys.modules, library, None)
        monkeypatch.delitem(sys.modules, f"lindung.law.columns.cluster.on_{engine}", raising=False)
        done = CliRunner().invoke(app, ["law", "assess", str(cases), "--engine", engine])
        assert done.exit_code == 1
        assert str(done.exception or done.output), engine
        assert f"pip install 'lindung[{engine}]'" in done.output


def test_scheduler_that_is_not_there(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", 0.2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ClusterError, match=f"Penjadwal Dask di {address} tidak terjangkau"):
        assess_on("dask", cases, None, REQUEST, address=address)
    with pytest.raises(ClusterError, match="tidak terjangkau"):
        assess_on("dask", cases, None, REQUEST, address="no such place")


def test_scheduler_without_workers(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_dask, "PATIENCE", 0.5)
    with (
        LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", silence_logs=60) as here,
        pytest.raises(ClusterError, match="belum mempunyai pekerja"),
    ):
        assess_on("dask", cases, None, REQUEST, address=here.scheduler_address)


def test_workers_that_lack_the_software_are_named(cluster: LocalCluster) -> None:
    def hide() -> None:
        sys.modules["lindung.law.columns.cluster.tasks"] = None  # type: ignore[assignment]

    def show() -> None:
        del sys.modules["lindung.law.columns.cluster.tasks"]

    with Client(cluster.scheduler_address) as client:
        client.run(hide)
        try:
            with pytest.raises(ClusterError, match=r"Pasang lindung\[dask\] versi yang sama di pekerja tcp://"):
                on_dask.check_workers(client)
        finally:
            client.run(show)


def test_address_of_another_engine_is_a_mistake(cases: Path) -> None:
    done = CliRunner().invoke(app, ["law", "assess", str(cases), "--engine", "dask", "--master", "spark://here:7077"])
    assert done.exit_code == 2


def test_work_that_always_kills_is_given_up(
    cluster: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = write_cases(tmp_path / "cases.parquet", rows=10, groups=1)
    kill = killing()
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    monkeypatch.setattr(assessing, "judge", lambda job, task: kill(task.part))
    with pytest.raises(ClusterError, match="berulang kali mati"):
        assess_on("dask", cases, None, REQUEST, address=cluster.scheduler_address)
