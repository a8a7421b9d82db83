"""`lindung serve`: it stops gracefully, mends itself, and takes up after a kill what was under way."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import threading
import time
import uuid
from pathlib import Path

import psycopg
import pytest
from installation import lindung
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


def test_sigterm_lets_the_request_and_the_job_end_and_leaves_nothing_running(installed: Path, directory: Path) -> None:
    answers: list[tuple[int, str]] = []
    with serving(installed, directory / "log", **SLOW) as site:
        wait_for(site.worker)
        job_id = enqueue(installed, "ditunggu")
        wait_for(lambda: state(installed, job_id) == "running")
        asking = threading.Thread(target=lambda: answers.append(site.get("/lambat")))
        asking.start()
        time.sleep(0.5)
        processes = site.descendants()
        assert len(processes) >= 3
        assert site.stop() == 0, site.log.read_text()[-3000:]
        asking.join()
    assert answers == [(200, "selesai")]
    assert not [pid for pid in processes if alive(pid)]
    assert not postgres.is_alive(postgres.cluster(installed))
    with postgres.running(installed):
        assert state(installed, job_id) == "done"


def test_whatever_part_is_killed_comes_back(installed: Path, directory: Path) -> None:
    with serving(installed, directory / "log", **SLOW) as site:
        wait_for(site.worker)
        job_id = enqueue(installed, "pekerja dibunuh")
        wait_for(lambda: state(installed, job_id) == "running")
        os.kill(site.worker(), signal.SIGKILL)
        wait_for(lambda: state(installed, job_id) == "done", 30)
        assert files(installed, "pekerja dibunuh") == 1

        job_id = enqueue(installed, "basis data dibunuh")
        wait_for(lambda: state(installed, job_id) == "running")
        os.kill(int((installed / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        wait_for(lambda: site.get("/healthz")[0] == 200 and state(installed, job_id) == "done", 60)
        assert files(installed, "basis data dibunuh") == 1

        web = next(pid for pid in site.descendants() if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: not alive(web))
        wait_for(lambda: site.get("/healthz")[0] == 200, 30)
        assert site.stop() == 0


def test_after_a_kill_of_everything_the_next_start_completes_the_job(installed: Path, directory: Path) -> None:
    site = Site(installed, directory / "log", **SLOW).wait()
    wait_for(site.worker)
    job_id = enqueue(installed, "semua dibunuh")
    wait_for(lambda: state(installed, job_id) == "running")
    postmaster = int((installed / "pg" / "postmaster.pid").read_text().split()[0])
    for pid in [site.process.pid, *site.descendants(), postmaster]:
        os.kill(pid, signal.SIGKILL)
    site.process.wait()
    started = time.monotonic()
    with serving(installed, directory / "log", **SLOW):
        wait_for(lambda: state(installed, job_id) == "done", 20)
        assert files(installed, "semua dibunuh") == 1
    assert time.monotonic() - started < 60


def test_when_only_the_command_is_killed_its_children_end_too(installed: Path, directory: Path) -> None:
    site = Site(installed, directory / "log", **SLOW).wait()
    wait_for(site.worker)
    children = site.descendants()
    site.process.kill()
    site.process.wait()
    wait_for(lambda: not [pid for pid in children if alive(pid)], 30)


def test_a_job_that_takes_its_worker_down_each_time_is_given_up(installed: Path, directory: Path) -> None:
    with postgres.running(installed):
        job_id = enqueue(installed, "pembunuh")
        ask(installed, "UPDATE procrastinate_jobs SET status = 'doing', attempts = 5")
        with serving(installed, directory / "log", **SLOW):
            wait_for(lambda: state(installed, job_id) == "failed", 20)
        assert files(installed, "pembunuh") == 0


def test_a_port_that_is_taken_ends_in_a_sentence(installed: Path, directory: Path) -> None:
    with serving(installed, directory / "log") as first:
        refused = lindung("serve", "--port", str(first.port), "--workers", "1", env=first.environment)
        assert refused.returncode == 1
        assert "Choose another with --port" in refused.stderr
        assert first.get("/healthz")[0] == 200


def test_metrics_count_requests_by_route_and_show_the_queue(installed: Path, directory: Path) -> None:
    with serving(installed, directory / "log", **SLOW) as site:
        wait_for(site.worker)
        enqueue(installed, "satu")
        enqueue(installed, "dua")
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
