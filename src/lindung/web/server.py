"""Runs the web server and the job worker as children, under the application's database login."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from types import FrameType

from lindung.web.runtime import Runtime

GRACE_SECONDS = 20


def serve_until_stopped(running: Runtime, host: str, port: int, workers: int) -> None:
    """Collect the static files, start granian and the worker, and keep them running until a signal comes.

    SIGTERM and Ctrl-C stop gracefully: requests and the running job end first."""
    from django.core.management import call_command

    from lindung.core.jobs import mark_running_as_queued

    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    mark_running_as_queued()
    environment = running.child_environment()
    metrics = running.data_dir / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers",
        str(workers), "--blocking-threads", "4", "--workers-kill-timeout", str(GRACE_SECONDS), "--respawn-failed-workers",
        "--no-access-log", "--log-level", "warning", "lindung.web.wsgi:application",
    ]
    jobs = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "1"]
    _supervise([web, jobs], environment)


def _supervise(commands: list[list[str]], environment: dict[str, str]) -> None:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    # A session of their own: Ctrl-C reaches only us, and we pass it on once.
    children = {tuple(c): subprocess.Popen(c, env=environment, start_new_session=True) for c in commands}
    try:
        while not stopping:
            for command, child in list(children.items()):
                if child.poll() is not None and not stopping:
                    time.sleep(1)
                    children[command] = subprocess.Popen(command, env=environment, start_new_session=True)
            time.sleep(0.2)
    finally:
        for child in children.values():
            child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS + 5
        for child in children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
