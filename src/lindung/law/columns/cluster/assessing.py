"""A file or a folder of files judged by an engine: tasks sent out, their parts counted once each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Literal

from ...judgement import law_version
from ..assessment import Request
from ..engine import cores
from ..files import Progress, Summary, nothing_yet, silent
from .errors import ClusterError
from .tasks import UNFINISHED, Job, Part, Task, Work, judge, plan

Engine = Literal["dask", "spark"]

Run = Callable[[Work, Sequence[Task], str | None, int, Progress], Generator[Part, None, None]]
"""Does the tasks at an address, or with so many processes of this machine; gives the parts in any order."""


def assess_on(
    engine: Engine,
    source: Path,
    target: Path | None,
    request: Request,
    keep: Sequence[str] = ("id",),
    progress: Progress = silent,
    address: str | None = None,
) -> Summary:
    """Judge a Parquet file, or a folder of them, on a cluster: the totals, and with a target every row.

    `address`: an existing cluster, whose workers see the same files and have the same version installed; without it
    a cluster of this machine's processes (`request.threads`, else one for each core). The target becomes a folder with
    one file for each row group, and appears when it is whole. Rows are numbered through all files in order of name.
    Raises LawError for what is wrong with the columns, ClusterError for the machines, OSError for the files.
    """
    run = runner(engine)
    with _staging(target) as folder:
        job = Job(request, tuple(keep), str(folder) if folder else None, law_version())
        tasks = plan(source, job)
        with closing(run(partial(judge, job), tasks, address, request.threads or cores(), progress)) as parts:
            return joined(tasks, parts, nothing_yet(request))


def runner(engine: Engine) -> Run:
    """What runs tasks on an engine. Raises ClusterError when it is not installed."""
    try:
        run: Run = import_module(f".on_{engine}", __package__).run
    except ModuleNotFoundError as error:
        raise ClusterError(f"{engine.capitalize()} belum terpasang. Pasang: pip install 'lindung[{engine}]'") from error
    return run


def joined(tasks: Sequence[Task], parts: Iterable[Part], summary: Summary) -> Summary:
    """Add up the parts in the order of the tasks, each once however often it was done. Raises a part's refusal."""
    found: dict[Task, Summary] = {}
    for part in parts:
        if part.refusal is not None:
            raise part.refusal
        found.setdefault(part.task, part.summary)
    if missing := [task for task in tasks if task not in found]:
        raise ClusterError(f"{len(missing)} bagian tidak selesai, yang pertama {missing[0].part}. Jalankan lagi.")
    for task in tasks:
        summary.join(found[task])
    return summary


@contextmanager
def _staging(target: Path | None) -> Iterator[Path | None]:
    """The folder parts are written into, which becomes the target when all went well and is removed when not."""
    if target is None:
        yield None
        return
    if target.exists():
        raise ClusterError(f"{target} sudah ada. Sebutkan folder yang belum ada, atau hapus dahulu yang lama.")
    folder = target.resolve().with_name(target.name + ".part")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / UNFINISHED).mkdir(parents=True)
    try:
        yield folder
        shutil.rmtree(folder / UNFINISHED)
        folder.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
