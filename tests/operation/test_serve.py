"""`lindung serve`: it stops gracefully, mends itself, and takes up after a kill what was under way."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from installation import copied, lindung
from operation.site import Site, alive, serving, wait_for

from lindung.core import postgres

SLOW = {"DJANGO_SETTINGS_MODULE": "operation.slow_site"}
pytestmark = pytest.mark.slow


def ask(data_dir: Path, statement: str, *parameters: object) -> list[tuple[object, ...]]:
    """One statement on the site's database, beside the site."""
    url = postgres.cluster(data_dir).url()
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement, parameters)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def enqueue(data_dir: Path, name: str) -> str:
    """Put a slow job into the queue, visible to people as the rooms' jobs are."""
    job_id = str(uuid.uuid4())
    ask(
        data_dir,
        "WITH job AS (INSERT INTO core_job (id, kind, subject, state, done, total, message, result_url)"
        " VALUES (%s, 'slow', %s, 'queued', 0, 0, '', '') RETURNING id)"
        " INSERT INTO procrastinate_jobs (queue_name, task_name, args)"
        " SELECT 'default', 'operation.slow_job', %s::jsonb FROM job",
        job_id, name, json.dumps({"job_id": job_id, "name": name}),
    )  # fmt: skip
    return job_id


def state(data_dir: Path, job_id: str) -> object:
    with contextlib.suppress(psycopg.OperationalError):
        return ask(data_dir, "SELECT state FROM core_job WHERE id = %s", job_id)[0][0]
    return "unreachable"


def files(data_dir: Path, name: str) -> object:
    return ask(data_dir, "SELECT count(*) FROM core_storedfile WHERE name = %s", name)[0][0]


@pytest.fixture(scope="module")
def site(migrated: Path) -> Iterator[Site]:
    """One site for the tests that leave it serving, and for the one after them, which stops it."""
    folder = Path(tempfile.mkdtemp(prefix="lindung-op-", dir="/tmp"))
    folder.chmod(0o755)
    with serving(copied(migrated, folder / "data"), folder / "log", **SLOW) as started:
        yield started
    shutil.rmtree(folder)


def test_metrics_count_requests_by_route_and_show_the_queue(site: Site) -> None:
    wait_for(site.worker)
    enqueue(site.data_dir, "satu")
    enqueue(site.data_dir, "dua")
    for person in range(3):
        site.get(f"/peserta/{person}?q=Budi")
    text = site.get("/metrics")[1]
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    route = 'lindung_requests_total{method="GET",route="peserta/<int:person_id>",status="302"}'
    assert float(values[route]) == 3
    assert float(values["lindung_workers"]) == 1
    assert float(values["lindung_jobs_queued"]) + float(values["lindung_jobs_running"]) >= 1
    assert float(values["lindung_jobs_oldest_queued_seconds"]) >= 0
    assert "lindung_jobs_failed" in values
    assert "Budi" not in text and "peserta/1" not in text


def test_a_port_that_is_taken_ends_in_a_sentence(site: Site) -> None:
    refused = lindung("serve", "--port", str(site.port), "--workers", "1", env=site.environment)
    assert refused.returncode == 1
    assert "Choose another with --port" in refused.stderr
    assert site.get("/healthz")[0] == 200


def test_whatever_part_is_killed_comes_back(site: Site) -> None:
    wait_for(site.worker)
    job_id = enqueue(site.data_dir, "pekerja dibunuh")
    wait_for(lambda: state(site.data_dir, job_id) == "running")
    os.kill(site.worker(), signal.SIGKILL)
    wait_for(lambda: state(site.data_dir, job_id) == "done", 30)
    assert files(site.data_dir, "pekerja dibunuh") == 1

    job_id = enqueue(site.data_dir, "basis data dibunuh")
    wait_for(lambda: state(site.data_dir, job_id) == "running")
    os.kill(int((site.data_dir / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    wait_for(lambda: site.get("/healthz")[0] == 200 and state(site.data_dir, job_id) == "done", 60)
    assert files(site.data_dir, "basis data dibunuh") == 1

    web = [pid for pid in site.descendants() if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert len(web) >= 2  # the first watches the others
    os.kill(web[0], signal.SIGKILL)
    wait_for(lambda: not any(alive(pid) for pid in web))  # none is left behind on the same port
    wait_for(lambda: site.get("/healthz")[0] == 200, 30)


def test_sigterm_lets_the_request_and_the_job_end_and_leaves_nothing_running(site: Site) -> None:
    """The last one on this site."""
    answers: list[tuple[int, str]] = []
    wait_for(site.worker)
    job_id = enqueue(site.data_dir, "ditunggu")
    wait_for(lambda: state(site.data_dir, job_id) == "running")
    asking = threading.Thread(target=lambda: answers.append(site.get("/lambat")))
    asking.start()
    time.sleep(0.5)
    processes = site.descendants()
    assert len(processes) >= 3
    assert site.stop() == 0, site.log.read_text()[-3000:]
    asking.join()
    assert answers == [(200, "selesai")]
    assert not [pid for pid in processes if alive(pid)]
    assert not postgres.is_alive(postgres.cluster(site.data_dir))
    with postgres.running(site.data_dir):
        assert state(site.data_dir, job_id) == "done"


def test_after_a_kill_of_everything_the_next_start_completes_the_job(installed: Path, directory: Path) -> None:
    site = Site(installed, directory / "log", **SLOW).wait()
    wait_for(site.worker)
    job_id = enqueue(installed, "semua dibunuh")
    wait_for(lambda: state(installed, job_id) == "running")
    postmaster = int((installed / "pg" / "postmaster.pid").read_text().split()[0])
    for pid in [site.process.pid, *site.descendants(), postmaster]:
        os.kill(pid, signal.SIGKILL)
    site.process.wait()

    with postgres.running(installed):  # a job that takes its worker down each time is given up
        hopeless = enqueue(installed, "pembunuh")
        ask(
            installed, "UPDATE procrastinate_jobs SET status = 'doing', attempts = 5 WHERE args ->> 'job_id' = %s",
            hopeless,
        )  # fmt: skip
    started = time.monotonic()
    with serving(installed, directory / "log", **SLOW) as site:
        wait_for(lambda: state(installed, job_id) == "done", 20)
        wait_for(lambda: state(installed, hopeless) == "failed", 20)
        assert time.monotonic() - started < 60
        assert (files(installed, "semua dibunuh"), files(installed, "pembunuh")) == (1, 0)

        children = site.descendants()  # when only the command is killed, they end too
        site.process.kill()
        site.process.wait()
        wait_for(lambda: not [pid for pid in children if alive(pid)], 30)
