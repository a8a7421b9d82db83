"""The embedded PostgreSQL: who it runs as, how it is shared, and what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg
import pytest
from installation import environment

from lindung.core import postgres


def postmaster(cluster: postgres.Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def test_the_server_never_runs_as_root_and_nobody_else_may_enter(directory: Path) -> None:
    with postgres.running(directory / "db") as cluster:
        assert Path(f"/proc/{postmaster(cluster)}").stat().st_uid == cluster.account.uid != 0
        assert cluster.directory.stat().st_mode & 0o077 == 0
        assert cluster.socket.stat().st_mode & 0o077 == 0
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_after_a_kill_of_the_server_nothing_committed_is_lost(directory: Path) -> None:
    with postgres.running(directory / "db") as cluster, psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        os.kill(postmaster(cluster), signal.SIGKILL)
    with postgres.running(directory / "db") as cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_server_left_by_a_killed_command_is_adopted_and_stopped(directory: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from lindung.core import postgres\n"
        "with postgres.running(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(directory / "db")], env=environment())
    assert killed.returncode == -signal.SIGKILL
    cluster = postgres.cluster(directory / "db")
    left_over = postmaster(cluster)
    with postgres.running(directory / "db"):
        assert postmaster(cluster) == left_over
    assert not postgres.is_alive(cluster)


def test_two_commands_share_one_server_and_the_last_one_stops_it(directory: Path) -> None:
    first, second = postgres.running(directory / "db"), postgres.running(directory / "db")
    cluster = first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert postgres.is_running(cluster)
    second.__exit__(None, None, None)
    assert not postgres.is_alive(cluster)


def test_two_commands_that_begin_together_make_one_cluster(directory: Path) -> None:
    answers: list[str] = []

    def use() -> None:
        with postgres.running(directory / "db") as cluster, psycopg.connect(cluster.url()) as connection:
            row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
            answers.append(row[0] if row else "")
            time.sleep(0.2)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 3 and len(set(answers)) == 1


def test_a_cluster_half_made_is_made_again(directory: Path) -> None:
    half = directory / "db" / "pg"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    if os.geteuid() == 0:
        account = postgres.server_account()
        os.chown(half, account.uid, account.gid)
    with postgres.running(directory / "db") as cluster:
        assert postgres.is_running(cluster)


def test_a_directory_too_deep_for_a_socket_works_too(directory: Path) -> None:
    deep = directory / ("d" * 60) / ("e" * 60) / "db"
    with postgres.running(deep) as cluster:
        assert len(str(cluster.socket)) < postgres.SOCKET_PATH_LIMIT
        assert not cluster.socket.is_relative_to(deep)
        assert cluster.socket.stat().st_mode & 0o077 == 0
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    cluster.socket.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand PostgreSQL to another account")
def test_root_is_told_when_the_server_could_not_enter_the_directory(directory: Path) -> None:
    closed = directory / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(postgres.PostgresError, match=r"cannot enter .*Choose another directory with --data-dir"):
        postgres.cluster(closed / "db")


def test_the_servers_log_holds_no_values(directory: Path) -> None:
    with postgres.running(directory / "db") as cluster:
        with psycopg.connect(cluster.url(), autocommit=True) as connection:
            connection.execute("CREATE TABLE person (nik text PRIMARY KEY)")
            connection.execute("INSERT INTO person VALUES ('6112014101900001')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO person VALUES ('6112014101900001')")
        log = cluster.log.read_text()
    assert "ready to accept connections" in log
    assert "6112014101900001" not in log
