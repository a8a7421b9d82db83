"""Background jobs: procrastinate's queue in PostgreSQL, and progress that its owner can watch.

A job calls one action, and an action may be called twice with the same effect; so a job killed half way is simply run
again (`retry_stalled`)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection
from django.db.models.functions import Now
from procrastinate.contrib.django import app

from lindung.core.actors import Actor
from lindung.core.errors import DomainError
from lindung.core.models import Job

logger = logging.getLogger(__name__)
STALLED_AFTER_SECONDS = 30


def enqueue(actor: Actor, task: Any, kind: str, subject: str, **arguments: Any) -> Job:
    """Create the visible job and defer its task, both in the caller's transaction: neither exists without the other.
    The task receives `job_id` and the arguments."""
    job = Job.objects.create(kind=kind, subject=subject, actor_id=actor.user_id)
    task.defer(job_id=str(job.id), **arguments)
    return job


class Progress:
    """Writes progress over a connection of its own, so that it shows while the action's transaction is still open."""

    def __init__(self, job_id: UUID | str) -> None:
        self.job_id = str(job_id)
        parameters = connection.get_connection_params()
        for name in ("cursor_factory", "context", "prepare_threshold"):
            parameters.pop(name, None)
        self._connection = psycopg.connect(**parameters, autocommit=True)

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self._write("running", done, total, message)

    def finish(self, state: str, message: str, result_url: str = "") -> None:
        self._connection.execute(
            "UPDATE core_job SET state = %s, message = %s, result_url = %s, done = greatest(done, total),"
            " updated_at = now() WHERE id = %s", [state, message, result_url, self.job_id],
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
    except Exception:
        logger.error("job %s failed\n%s", job_id, traceback.format_exc(limit=20))
        progress.finish(Job.State.FAILED, "Terjadi gangguan pada sistem. Pekerjaan akan dicoba lagi oleh petugas.")
        raise
    finally:
        progress.close()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: Any, timestamp: int) -> None:
    """Put the jobs of killed workers back into the queue."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await app.job_manager.retry_job(job)


def mark_running_as_queued() -> None:
    """At start-up: what a killed worker left `running` is waiting again."""
    Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.QUEUED, updated_at=Now())
