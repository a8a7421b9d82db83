"""Tasks on Spark: on an existing master, else on processes of this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sys
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from py4j.protocol import Py4JError
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException

from ..files import Progress
from .errors import ClusterError
from .tasks import Part, Task, Work

PATIENCE = 15
"""Seconds to wait for a master."""

GLANCE = 0.5
"""Seconds between two looks at how many tasks are done."""


def run(
    work: Work, tasks: Sequence[Task], address: str | None, processes: int, progress: Progress
) -> Generator[Part, None, None]:
    """All parts at the end. Spark itself gives a lost worker's tasks to another. Raises ClusterError."""
    with _context(address, processes) as context, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(context.parallelize(tasks, max(len(tasks), 1)).map(work).collect)
        _watch(context, waiting, tasks, progress)
        try:
            yield from waiting.result()
        except Py4JError as error:
            raise ClusterError(f"Spark tidak dapat menyelesaikannya: {_reason(str(error))}") from error


def _watch(context: SparkContext, waiting: Future[list[Part]], tasks: Sequence[Task], progress: Progress) -> None:
    """Report progress by the share of tasks done: Spark does not say which."""
    rows, told, tracker = sum(task.rows for task in tasks), 0, context.statusTracker()
    while not wait([waiting], GLANCE).done:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        done = sum(stage.numCompletedTasks for stage in stages if stage)
        progress(rows * done // len(tasks) - told)
        told = rows * done // len(tasks)
    progress(rows - told)


def _reason(error: str) -> str:
    """The line of a Java traceback in which Python says what was wrong."""
    said = re.findall(r"^(?:\w+\.)*\w*(?:Error|Invalid): .+$", error, re.MULTILINE)
    return said[-1] if said else error.splitlines()[0]


@contextmanager
def _context(address: str | None, processes: int) -> Iterator[SparkContext]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        raise ClusterError("Spark memerlukan Java 17 atau lebih baru di mesin ini, dan java tidak ditemukan.")
    if address is None:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    elif address.startswith("spark://"):
        _check_reachable(address)
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    conf = SparkConf().setAppName("lindung law assess").setMaster(address or f"local[{processes}]")
    try:
        context = SparkContext(conf=conf.setAll(list(settings.items())))
    except (Py4JError, PySparkException) as error:
        raise ClusterError(f"Spark tidak dapat dimulai: {_reason(str(error))}") from error
    try:
        yield context
    finally:
        context.stop()


def _check_reachable(address: str) -> None:
    """Spark tries for a minute and then says little. Raises ClusterError when no master of a list answers."""
    for host, port in re.findall(r"([^/,:]+):(\d+)", address):
        try:
            socket.create_connection((host, int(port)), PATIENCE).close()
            return
        except OSError:
            continue
    raise ClusterError(f"Master Spark di {address} tidak terjangkau, contoh: spark://head:7077")
