"""On Spark, with a master and two workers of their own: the answers are those of one machine, though a worker is lost.

Not part of the usual tests, for it needs Java and PySpark: `./run test-spark`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest
from law.cluster_cases import GROUPS, ROWS, dying, plain, rows_of, write_cases

from lindung.law import LawError
from lindung.law.columns import Request
from lindung.law.columns.cluster import ClusterError, assess_on, assessing
from lindung.law.columns.cluster.tasks import Job, Part, Task
from lindung.law.columns.files import Summary, assess_file, totals_of

HOST = "127.0.0.1"
HOME = Path(pyspark.__file__).parent
START = 240
"""Seconds within which Spark must be up and begin a task, on a busy machine too."""

REQUEST = Request()


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Look again and again until it has happened; fail when it does not."""
    until = time.monotonic() + START
    while not happened():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


class Machines:
    """A master and workers as processes of their own, each with what it started in one process group."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"spark://{HOST}:{self.port}"
        self.log = folder / "master.log"
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        arguments = ("--host", HOST, "--port", str(self.port), "--webui-port", str(free_port()))
        self.master = self._start(self.log, "master.Master", *arguments)
        wait_for(lambda: "I have been elected leader" in self.log.read_text(), "the master is not up")

    def _start(self, log: Path, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", *arguments]
        environment = os.environ | {"SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": HOST, "PYSPARK_PYTHON": sys.executable}
        with log.open("wb") as file:
            return subprocess.Popen(command, env=environment, stdout=file, stderr=file, start_new_session=True)

    def add_worker(self) -> None:
        """A machine of one core, which works below a folder of its name."""
        name = f"worker-{len(self.workers) + 1}"
        place = self.folder / name
        arguments = ("-c", "1", "-m", "1g", "--host", HOST, "--webui-port", str(free_port()), "-d", str(place))
        self.workers[name] = self._start(self.folder / f"{name}.log", "worker.Worker", *arguments, self.address)
        wait_for(lambda: self.log.read_text().count("Registering worker") == len(self.workers), f"{name} is not up")

    def at_work(self) -> int:
        """How many workers have not been lost."""
        return sum(worker.poll() is None for worker in self.workers.values())

    def lose(self, name: str) -> None:
        """A machine goes out: the worker and all it started, without warning."""
        self._end(self.workers[name])

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        for process in (*self.workers.values(), self.master):
            self._end(process)


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """A master; it stays for all tests."""
    with pytest.MonkeyPatch.context() as here:
        here.setenv("SPARK_LOCAL_IP", HOST)
        here.setenv("PYSPARK_PYTHON", sys.executable)
        machines = Machines(tmp_path_factory.mktemp("machines"))
        try:
            yield machines
        finally:
            machines.stop()


@pytest.fixture
def machines(master: Machines) -> Machines:
    """Two workers, new ones for those that earlier tests lost."""
    while master.at_work() < 2:
        master.add_worker()
    return master


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "cases.parquet")


def waiting_to_be_lost(folder: Path) -> Callable[[str], None]:
    """What says on which machine it runs, and then waits for that machine to go out. Sent whole to the workers."""

    def wait(death: str) -> None:
        mark = folder / death
        mark.with_suffix(".part").write_text(str(Path.cwd()))
        mark.with_suffix(".part").replace(mark)
        time.sleep(START)

    return wait


def lose_the_one_at(machines: Machines, mark: Path) -> None:
    """Wait until a task has begun, and make the machine that does it go out."""
    wait_for(lambda: mark.exists() and mark.read_text(), "the task has not begun")
    machines.lose(Path(mark.read_text()).relative_to(machines.folder).parts[0])


def assert_same(found: Summary, expected: Summary) -> None:
    assert (found.rows, found.totals, found.faults) == (expected.rows, expected.totals, expected.faults)
    assert found.first_faults == expected.first_faults


@pytest.mark.parametrize("death", ["before", "after"])
def test_rows_with_a_worker_lost_at_work(
    cases: Path, machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, death: str
) -> None:
    monkeypatch.setattr(assessing, "judge", dying(tmp_path, waiting_to_be_lost(tmp_path), **{death: 5}))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(assess_on, "spark", cases, tmp_path / "out", REQUEST, address=machines.address)
        lose_the_one_at(machines, tmp_path / death)
        found = running.result()
    assert machines.at_work() == 1
    assert_same(found, assess_file(cases, tmp_path / "whole.parquet", REQUEST))
    assert sorted(part.name for part in (tmp_path / "out").iterdir()) == [
        f"cases-{group:05d}.parquet" for group in range(GROUPS)
    ]
    assert rows_of(tmp_path / "out").equals(plain(pq.read_table(tmp_path / "whole.parquet")))


def test_totals_with_a_worker_lost_at_work(
    cases: Path, machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(assessing, "judge", dying(tmp_path, waiting_to_be_lost(tmp_path), before=5))
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(assess_on, "spark", cases, None, REQUEST, progress=told.append, address=machines.address)
        lose_the_one_at(machines, tmp_path / "before")
        found = running.result()
    assert machines.at_work() == 1
    assert_same(found, totals_of(cases, REQUEST))
    assert found.rows == sum(told) == ROWS


def test_refusal_comes_back_from_this_machine_alone(tmp_path: Path) -> None:
    columns = {"segment": ["BPU"] * 4, "income": [1e6] * 4}
    pq.write_table(pa.table(columns), tmp_path / "wrong.parquet", row_group_size=2)
    with pytest.raises(LawError) as refused:
        assess_on("spark", tmp_path / "wrong.parquet", None, Request(on=date(2026, 2, 1), threads=2))
    assert (refused.value.code, refused.value.field) == ("impossible_value", "income")


def test_what_a_worker_could_not_do_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def impossible(job: Job, task: Task) -> Part:
        raise OSError(f"disk of {task.part} is full")

    monkeypatch.setattr(assessing, "judge", impossible)
    cases = write_cases(tmp_path / "cases.parquet", rows=10, groups=1)
    with pytest.raises(ClusterError, match=r"OSError: disk of cases-00000\.parquet is full"):
        assess_on("spark", cases, None, Request(threads=1))


def test_master_that_is_not_there(cases: Path) -> None:
    address = f"spark://{HOST}:{free_port()}"
    with pytest.raises(ClusterError, match=f"Master Spark di {address} tidak terjangkau"):
        assess_on("spark", cases, None, REQUEST, address=address)


def test_master_of_a_kind_there_is_not(cases: Path) -> None:
    with pytest.raises(ClusterError, match="Spark tidak dapat dimulai"):
        assess_on("spark", cases, None, REQUEST, address="nowhere")


def test_machine_without_java(cases: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(ClusterError, match="Java 17"):
        assess_on("spark", cases, None, REQUEST)
