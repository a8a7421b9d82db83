"""Tasks on Dask: on an existing cluster's scheduler, else on processes of this machine."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager

from distributed import Client, KilledWorker, LocalCluster, as_completed

from ..files import Progress
from .errors import ClusterError
from .tasks import Part, Task, Work

PATIENCE = 15
"""Seconds to wait for a scheduler, and then for its first worker."""


def run(
    work: Work, tasks: Sequence[Task], address: str | None, processes: int, progress: Progress
) -> Generator[Part, None, None]:
    """Parts as they are done. Dask itself gives a lost worker's tasks to another. Raises ClusterError."""
    with _client(address, processes) as client:
        check_workers(client)
        try:
            # The futures are held nowhere else: what is counted is let go, and never done again for a lost worker.
            for _, part in as_completed(client.map(work, tasks, pure=False), with_results=True):
                progress(part.summary.rows)
                yield part
        except KilledWorker as error:
            raise ClusterError(f"Pekerja Dask berulang kali mati pada bagian yang sama: {error}") from error


def check_workers(client: Client) -> None:
    """A worker that cannot read its tasks would shut down, and the run wait for ever. Raises ClusterError."""

    def ready() -> None:  # local, so that it is sent whole to workers that may lack this module
        import lindung.law.columns.cluster.tasks  # noqa: F401  # pragma: no cover

    answers = client.run(ready, on_error="return")
    for worker, error in answers.items():
        if error is not None:
            raise ClusterError(f"Pasang lindung[dask] versi yang sama di pekerja {worker}: {error}")


@contextmanager
def _client(address: str | None, processes: int) -> Iterator[Client]:
    if address is None:
        with (
            LocalCluster(
                n_workers=processes,
                threads_per_worker=1,
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterError(f"Penjadwal Dask di {address} tidak terjangkau, contoh: tcp://head:8786") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise ClusterError(f"Penjadwal Dask di {address} belum mempunyai pekerja.") from error
        yield client
