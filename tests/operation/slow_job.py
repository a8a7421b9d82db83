"""A job that takes two seconds and then stores a file, in one transaction."""

from __future__ import annotations

import time

from procrastinate.contrib.django import app

from lindung.core.actors import SYSTEM, acting_as
from lindung.core.files import store_file
from lindung.core.jobs import watched
from lindung.core.models import Job


@app.task(name="operation.slow_job")
def slow_job(job_id: str, name: str) -> None:
    with watched(job_id) as progress:
        with acting_as(SYSTEM):
            store_file(SYSTEM, name, b"isi", "text/plain")
            for step in range(20):
                progress(step, 20, name)
                time.sleep(0.1)
        progress.finish(Job.State.DONE, name)
