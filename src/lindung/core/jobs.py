"""Background jobs: procrastinate's queue in PostgreSQL, and progress that its owner can watch.

A job calls one action, and an action may be called twice with the same effect; so a job killed half way is simply run
again: at once when a worker starts and finds that it is the only one (`alone_or_beside_others`), otherwise within a
minute or two of its worker's last sign of life (`retry_stalled`)."""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from lindung.core.actors import Actor
from lindung.core.errors import DomainError, NotFound
from lindung.core.models import Job

logger = logging.getLogger(__name__)
STALLED_AFTER_SECONDS = 30
LISTEN_SECONDS = 0.5  # how long a worker that is told to stop may still listen to the database
MAX_ATTEMPTS = 5  # a job that takes its worker down each time must not do so for ever
WORKERS = 6112_001  # advisory lock: shared by every worker for as long as it lives
BROKEN = "Terjadi gangguan pada sistem. Petugas sistem perlu memeriksa catatan galat; data Anda tidak berubah."
# The database went away or was busy; nothing is wrong with the job.
OUTAGE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
AFTER_AN_OUTAGE = RetryStrategy(max_attempts=MAX_ATTEMPTS, exponential_wait=3, retry_exceptions=OUTAGE)


def enqueue(actor: Actor, task: Any, kind: str, subject: str, **arguments: Any) -> Job:
    """Create the visible job and defer its task, both in the caller's transaction: neither exists without the other.
    The task receives `job_id` and the arguments."""
    job = Job.objects.create(kind=kind, subject=subject, actor_id=actor.user_id)
    task.defer(job_id=str(job.id), **arguments)
    return job


def job_for(actor: Actor, job_id: UUID) -> Job:
    """A job, for whoever started it; auditors and administrators see all. Raises NotFound."""
    found = Job.objects.filter(pk=job_id).first()
    if found is None or (found.actor_id != actor.user_id and not actor.may("audit.view")):
        raise NotFound("job_not_found", gettext("Pekerjaan tidak ditemukan."))
    return found


def own_connection() -> psycopg.Connection[tuple[Any, ...]]:
    """A connection beside Django's, on which each statement commits."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    return psycopg.connect(**parameters, autocommit=True)


class Progress:
    """Writes progress over a connection of its own, so that it shows while the action's transaction is still open."""

    def __init__(self, job_id: UUID | str) -> None:
        self.job_id = str(job_id)
        self._connection = own_connection()

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self._write("running", done, total, message)

    def finish(self, state: str, message: str, result_url: str = "") -> None:
        self._connection.execute(
            "UPDATE core_job SET state = %s, message = %s, result_url = %s, done = greatest(done, total),"
            " updated_at = now() WHERE id = %s",
            [state, message, result_url, self.job_id],
        )

    def _write(self, state: str, done: int, total: int, message: str) -> None:
        self._connection.execute(
            "UPDATE core_job SET state = %s, done = %s, total = %s, message = %s, updated_at = now() WHERE id = %s",
            [state, done, total, message, self.job_id],
        )

    def close(self) -> None:
        self._connection.close()


def silent(done: int, total: int, message: str = "") -> None:
    """Progress for callers that do not watch."""


ProgressFunction = Callable[[int, int, str], None]


@contextmanager
def watched(job_id: str) -> Iterator[Progress]:
    """Run a job's action: its errors end in the job's row, a person's mistake in plain words."""
    progress = Progress(job_id)
    try:
        progress(0, 0, "")
        yield progress
    except DomainError as error:
        progress.finish(Job.State.FAILED, f"{error.message} {error.way_out}".strip())
    except OUTAGE:
        logger.warning("job %s lost the database; it will be tried again", job_id)
        raise
    except Exception as error:
        # Not the error's own words: PostgreSQL's quote the row they are about.
        frames = "".join(traceback.format_tb(error.__traceback__, limit=-20))
        logger.error("job %s failed: %s\n%s", job_id, type(error).__name__, frames)
        progress.finish(Job.State.FAILED, BROKEN)
        raise
    finally:
        progress.close()


@app.periodic(cron="* * * * *")
@app.task(name="core.retry_stalled", queueing_lock="retry_stalled")
def retry_stalled(timestamp: int) -> None:
    """Put the jobs of silent workers back into the queue."""
    put_back(STALLED_AFTER_SECONDS)


@app.periodic(cron="17 18 * * *")
@app.task(name="core.forget_old_jobs", queueing_lock="forget_old_jobs")
def forget_old_jobs(timestamp: int) -> None:
    """Delete the queue's finished entries after a week; what people see of a job (core_job) stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE j.status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS"
            " (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > now() - interval '7 days')"
        )


def put_back(seconds: float) -> int:
    """Queue again what workers left that have given no sign of life for so long; returns how many.

    A job that was begun too often is given up, with a word to its owner."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT j.id, j.attempts, j.args ->> 'job_id' FROM procrastinate_jobs j"
            " LEFT JOIN procrastinate_workers w ON w.id = j.worker_id WHERE j.status = 'doing'"
            " AND (w.id IS NULL OR w.last_heartbeat < now() - make_interval(secs => %s)) FOR UPDATE OF j SKIP LOCKED",
            [seconds],
        )
        found = cursor.fetchall()
        tried = [row for row in found if row[1] < MAX_ATTEMPTS]
        given_up = [row for row in found if row[1] >= MAX_ATTEMPTS]
        for queue_id, _, _ in tried:
            cursor.execute("SELECT procrastinate_retry_job_v2(%s, %s, NULL, NULL, NULL)", [queue_id, datetime.now(UTC)])
        for queue_id, _, _ in given_up:
            cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [queue_id])
        for rows, state, message in ((tried, Job.State.QUEUED, ""), (given_up, Job.State.FAILED, BROKEN)):
            cursor.execute(
                "UPDATE core_job SET state = %s, message = %s, updated_at = now() WHERE id = ANY(%s::uuid[])",
                [state, message, [row[2] for row in rows if row[2]]],
            )
    for _, attempts, job_id in given_up:
        logger.error("job %s was begun %s times and never ended: given up", job_id, attempts)
    return len(tried)


@contextmanager
def alone_or_beside_others() -> Iterator[None]:
    """A worker's life: the lock it shares with the others ends with its process, however it ends.

    Whoever gets the lock for itself alone knows that no other worker lives: what is `doing` was left by the dead."""
    with own_connection() as lock:
        row = lock.execute("SELECT pg_try_advisory_lock(%s)", [WORKERS]).fetchone()
        if alone := bool(row and row[0]):
            put_back(0)
        lock.execute("SELECT pg_advisory_lock_shared(%s)", [WORKERS])
        if alone:
            lock.execute("SELECT pg_advisory_unlock(%s)", [WORKERS])
        leaving = threading.Event()
        watcher = threading.Thread(target=_end_with, args=(lock, leaving), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            leaving.set()
            watcher.join()  # it holds the connection while it listens


def _end_with(lock: psycopg.Connection[Any], leaving: threading.Event) -> None:
    """End this process when the database goes away under it: its transaction is gone, and whoever starts it again
    begins anew, which is sooner and surer than waiting for each part to notice."""
    try:
        while not leaving.is_set():
            for _ in lock.notifies(timeout=LISTEN_SECONDS):
                pass
    except psycopg.Error:
        if not leaving.is_set():
            logger.warning("the database went away; the worker ends, to be started again")
            os._exit(75)


def wait_for_database() -> None:
    """Return once the database answers."""
    while True:
        try:
            own_connection().close()
            return
        except psycopg.OperationalError:
            time.sleep(1)


def retry_after_outages() -> None:
    """Every task that says nothing else is tried again when the database went away under it."""
    for task in app.tasks.values():
        task.retry_strategy = task.retry_strategy or AFTER_AN_OUTAGE
