"""Runs the web server and the job worker as children, under the application's database login."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

from lindung.core import postgres
from lindung.web.runtime import Runtime

# Requests that a process works on at once. More threads wait for Python's lock, not for PostgreSQL: with four, two
# processors carried 315 messages of banks a second, with two 426 (benchmarks/payments.py).
THREADS = 2
GRACE_SECONDS = 20  # for requests and the running job
LOOK_EVERY_SECONDS = 0.2
# A child that ends so often within so short a time will not do better the next time.
MAX_ENDS, WITHIN_SECONDS = 5, 30.0
PR_SET_PDEATHSIG = 1


class ServerError(postgres.PostgresError):
    """A part of the server cannot be kept running; its own words are in the log above."""


@dataclass
class Child:
    """One process that is started again when it ends by itself."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] = field(init=False)
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches only us, and we pass it on once.
        self.process = subprocess.Popen(
            self.command, env=self.environment, start_new_session=True, preexec_fn=_end_with_parent
        )

    def look_after(self) -> None:
        """Start it again if it has ended. Raises ServerError when it ends again and again."""
        if self.process.poll() is None:
            return
        self.end_orphans()
        now = time.monotonic()
        self.ends = [end for end in self.ends if end > now - WITHIN_SECONDS] + [now]
        if len(self.ends) >= MAX_ENDS:
            raise ServerError(
                f"The {self.name} ended {MAX_ENDS} times in {WITHIN_SECONDS:.0f} seconds; its words are above. "
                "Try lindung doctor."
            )
        time.sleep(0.2 * len(self.ends))
        self.start()

    def end_orphans(self) -> None:
        """What it started itself would outlive it, and go on answering on the same port."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self, deadline: float) -> None:
        """Wait for it until the deadline, then kill it with all its children."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.1, deadline - time.monotonic()))
        self.end_orphans()
        self.process.wait()


def _end_with_parent() -> None:
    """In the child, before it becomes the new program: SIGTERM when the server process is killed, so that nothing is
    left serving without anyone to watch it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _check_port(host: str, port: int) -> None:
    """Raises ServerError when someone listens there: granian would share the port with them without a word."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise ServerError(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.") from error


def serve_until_stopped(running: Runtime, host: str, port: int, workers: int) -> None:
    """Collect the static files, start granian and the worker, and keep them running until a signal comes.

    SIGTERM and Ctrl-C stop gracefully: requests and the running job end first. Raises ServerError."""
    from django.core.management import call_command

    _check_port(host, port)
    call_command("collectstatic", verbosity=0, interactive=False, clear=False)
    environment = running.child_environment()
    metrics = running.data_dir / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)
    metrics.mkdir()
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    web = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--blocking-threads",
        str(THREADS),
        "--workers-kill-timeout",
        str(GRACE_SECONDS),
        "--respawn-failed-workers",
        "--respawn-interval",
        "0.5",
        "--no-access-log",
        "--log-level",
        "warning",
        "lindung.web.wsgi:application",
    ]
    jobs = [sys.executable, "-m", "lindung.web.worker"]
    _supervise([Child("web server", web, environment), Child("job worker", jobs, environment)], running.cluster)


def _supervise(children: list[Child], cluster: postgres.Cluster | None) -> None:
    stopping = False

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    for child in children:
        child.start()
    try:
        while not stopping:
            if cluster and not postgres.is_alive(cluster):
                postgres.start(cluster)
            for child in children:
                child.look_after()
            time.sleep(LOOK_EVERY_SECONDS)
    finally:
        for child in children:
            child.process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS + 5
        for child in children:
            child.end(deadline)
