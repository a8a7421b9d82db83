"""A site of our own under `lindung serve`, for tests that ask it, stop it and kill its parts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

from installation import environment


def wait_for(what: Callable[[], object], seconds: float = 30) -> None:
    """Look until it is so."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Site:
    """A running `lindung serve`; what it and its parts say is in `log`."""

    def __init__(self, data_dir: Path, log: Path, **more: str) -> None:
        self.port, self.log, self.data_dir = free_port(), log, data_dir
        tests = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [tests, os.environ.get("PYTHONPATH", "")]))
        self.environment = environment(data_dir, PYTHONPATH=path, **more)
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from lindung.web.cli import main; main()", "serve", "--port", str(self.port),
                 "--workers", "1"], env=self.environment, stdout=output, stderr=output,
            )  # fmt: skip

    def get(self, path: str, timeout: float = 30) -> tuple[int, str]:
        """Status and text of a page; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait(self) -> Site:
        """Until it answers."""
        wait_for(lambda: self.process.poll() is not None or self.get("/healthz")[0] == 200, 60)
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        return self

    def descendants(self) -> list[int]:
        """Every process below `lindung serve`."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found[1:]

    def worker(self) -> int:
        """The job worker's process."""
        for pid in self.descendants():
            try:
                if b"lindung.web.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return pid
            except OSError:
                continue
        return 0

    def stop(self, seconds: float = 40) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def serving(data_dir: Path, log: Path, **more: str) -> Iterator[Site]:
    """A site until the end of the block, also when the block fails."""
    site = Site(data_dir, log, **more)
    try:
        yield site.wait()
    except BaseException:
        print(log.read_text()[-6000:])  # pytest shows it with the failure
        raise
    finally:
        if site.process.poll() is None:
            site.process.send_signal(signal.SIGTERM)
            try:
                site.process.wait(40)
            except subprocess.TimeoutExpired:
                site.process.kill()


def alive(pid: int) -> bool:
    """Whether the process still runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
