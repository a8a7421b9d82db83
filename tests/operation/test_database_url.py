"""Another PostgreSQL than the embedded one: an owner without special rights, and the site's own login."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from installation import environment, in_django, lindung

from lindung.core import postgres

DEBIANS = Path("/usr/lib/postgresql/15/bin")
PASSWORD = "rahasia-untuk-uji"  # pragma: allowlist secret
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (DEBIANS / "initdb").exists(), reason="needs postgresql-15 of Debian"),
]


@pytest.fixture
def server(directory: Path) -> Iterator[str]:
    """A plain PostgreSQL 15, as a hospital or a ministry would have it; what comes after postgresql://user@."""
    account = postgres.server_account()
    home = directory / "plain"
    home.mkdir(mode=0o700)
    who: dict[str, object] = {}
    if not account.is_me:
        os.chown(home, account.uid, account.gid)
        who = {"user": account.uid, "group": account.gid, "extra_groups": []}

    def run(*command: str) -> None:
        with (directory / "tools.log").open("ab") as log:
            subprocess.run(command, check=True, stdout=log, stderr=log, cwd="/", **who)  # type: ignore[call-overload]

    data = str(home / "data")
    run(str(DEBIANS / "initdb"), "-D", data, "-U", "dba", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
    run(str(DEBIANS / "pg_ctl"), "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
    address = f"/lindung?host={quote(str(home), safe='')}"
    try:
        with psycopg.connect(f"postgresql://dba@{address.replace('/lindung', '/postgres')}", autocommit=True) as dba:
            # As docs/operator.md tells the database's administrator.
            dba.execute("CREATE ROLE lindung_owner LOGIN")
            dba.execute("CREATE ROLE lindung_app NOLOGIN NOINHERIT")
            dba.execute("CREATE ROLE lindung_company NOLOGIN")
            dba.execute("GRANT lindung_company TO lindung_app")
            dba.execute("GRANT lindung_app TO lindung_owner")
            dba.execute("CREATE ROLE lindung_site LOGIN IN ROLE lindung_app")
            dba.execute("CREATE DATABASE lindung OWNER lindung_owner")
        yield address
    finally:
        run(str(DEBIANS / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home)


def test_an_owner_without_special_rights_migrates_and_the_site_sees_only_its_area(server: str, directory: Path) -> None:
    env = environment(
        directory / "data", DATABASE_URL=f"postgresql://lindung_owner@{server}",
        LINDUNG_APP_DATABASE_URL=f"postgresql://lindung_site@{server}",
    )  # fmt: skip
    migrated = lindung("migrate", env=env)
    assert migrated.returncode == 0, migrated.stderr
    in_django(
        "from world import make_people, make_world\n"
        "from lindung.core.actors import SYSTEM, acting_as\n"
        "from lindung.people.actions import register_people\n"
        "make_world()\n"
        "with acting_as(SYSTEM): register_people(SYSTEM, make_people(60))",
        env,
    )
    doctor = lindung("doctor", env=env)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    with psycopg.connect(f"postgresql://lindung_site@{server}") as site:
        village = site.execute("SELECT min(key) FROM places_place WHERE kind = 'village'").fetchone()
        assert village
        everyone = "SELECT count(*), count(*) FILTER (WHERE place_id = %s) FROM people_person"
        assert site.execute(everyone, village).fetchone() == (0, 0)  # nobody has said who asks
        site.execute("SELECT set_config('lindung.scope', %s, false)", [f"{{[{village[0]},{village[0]}]}}"])
        seen = site.execute(everyone, village).fetchone()
        assert seen and seen[0] == seen[1] > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            site.execute("DELETE FROM core_actionentry")
    with psycopg.connect(f"postgresql://dba@{server}") as dba:
        total = dba.execute("SELECT count(*) FROM people_person").fetchone()
    assert total and total[0] == 60 > seen[0]


def test_a_server_that_does_not_answer_is_named_without_its_password(directory: Path) -> None:
    url = f"postgresql://lindung:{PASSWORD}@/lindung?host={quote(str(directory), safe='')}"
    refused = lindung("migrate", env=environment(directory / "data", DATABASE_URL=url))
    assert refused.returncode == 1
    assert "DATABASE_URL" in refused.stderr and "Traceback" not in refused.stderr
    assert PASSWORD not in refused.stderr
