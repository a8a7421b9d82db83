"""The month in PostgreSQL: what it leaves is what the product's own functions make of the same rows; whatever is wrong
leaves nothing; and a run killed anywhere goes on to the same end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg
import pytest

from lindung.contributions.legal import due_date, full_cover
from lindung.core.errors import Conflict
from lindung.nation import limit, partition, registered
from lindung.nation.building import Nation
from lindung.nation.month import run_month
from lindung.nation.running import check_totals
from lindung.nation.settling import ONE_IN
from lindung.nation.stages import Stages

MONTH = date(2026, 2, 1)
HOLIDAYS = frozenset({date(2026, 2, 17)})
TABLE = partition.name_of(MONTH)

# Everything a month leaves, without the numbers of rows and the times of day that no two runs share.
CONTENT = f"""
SELECT md5(string_agg(line, '|' ORDER BY line)), count(*) FROM (
  SELECT concat_ws(',', 'pm', person_id, job, entry_no, membership_id, payer_id, bill_id, place_id, segment, wage_base,
                   jkk, jkm, jht, jp, jkp, worker_share, origin) AS line FROM contributions_personmonth
  UNION ALL SELECT concat_ws(',', 'bill', b.id, payer_id, month, number, issued_on, due_on, people, amount,
                             content_digest)
              FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
  UNION ALL SELECT concat_ws(',', 'tally', bill_id, people, amount) FROM contributions_billtally
  UNION ALL SELECT concat_ws(',', 'paid', p.payer_id, p.reference, p.paid_on, p.amount, s.bill_id, s.amount)
              FROM contributions_payment p JOIN contributions_settlement s ON s.payment_id = p.id
  UNION ALL SELECT concat_ws(',', 'jht', membership_id, dated, kind, amount, source) FROM ledger_jhtmovement
  UNION ALL SELECT concat_ws(',', 'books', e.kind, e.source, e.dated, p.account_id, p.payer_id, p.amount)
              FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id
  UNION ALL SELECT concat_ws(',', 'cover', person_id, job, membership_id, place_id, payer_id, segment, protected_since,
                             paid_through, consecutive_months, jkm_full_from, ended_on) FROM contributions_cover
  UNION ALL SELECT concat_ws(',', 'people', month, regency_id, segment, programme, person_months, people, people_paid)
              FROM nation.cover_summary
  UNION ALL SELECT concat_ws(',', 'mark', name) FROM nation.stage WHERE month = '{MONTH}') everything
"""


def fetch(url: str, statement: str) -> Any:
    """The first row."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(statement).fetchone()


def run(url: str, nation: Nation, **more: Any) -> Any:
    return run_month(url, nation, MONTH, HOLIDAYS, **more)


@pytest.fixture(scope="module")
def done(served: Any) -> str:
    """The address of a database with the month run."""
    url: str = served.copy()
    outcome = run(url, served.nation)
    assert outcome.judged.rows == served.nation.workers
    return url


def test_bills_books_and_the_law_s_own_total_agree(served: Any, done: str) -> None:
    by_law = run(served.copy(), served.nation).judged.totals
    with psycopg.connect(done, autocommit=True) as connection:
        totals = check_totals(connection, MONTH, by_law["total"])
        books = dict(
            connection.execute("SELECT account_id, sum(amount)::bigint FROM ledger_posting GROUP BY 1").fetchall()
        )
    assert totals.person_months == served.nation.workers
    assert 0 < totals.paid < totals.billed == by_law["total"]
    assert -books["4101"] == by_law["jkk"] - by_law["jkp"]
    assert (-books["4102"], -books["4103"], -books["4104"]) == (by_law["jkm"], by_law["jp"], by_law["jkp"])
    assert -books["2102"] - books["2101"] == by_law["jht"]
    assert (books["1101"], books["2201"], sum(books.values())) == (totals.paid, 0, 0)


def test_every_bill_is_what_the_database_s_own_function_makes_of_its_rows(done: str) -> None:
    wrong = """
    SELECT count(*), count(*) FILTER (WHERE i.people <> t.people OR i.amount <> t.amount OR i.content_digest <> t.digest
                                        OR t.credits > 0 OR y.people <> t.people OR y.amount <> t.amount)
      FROM contributions_billissue i JOIN contributions_billtally y USING (bill_id),
           LATERAL contributions_bill_totals(i.bill_id) t
    """
    bills, different = fetch(done, wrong)
    assert bills > 100
    assert different == 0


def test_due_dates_are_the_law_s_and_numbers_have_no_gaps(done: str) -> None:
    statement = """
    SELECT array_agg(DISTINCT due_on) FILTER (WHERE segment IN ('PU', 'JAKON')),
           array_agg(DISTINCT due_on) FILTER (WHERE segment IN ('BPU', 'PMI')),
           min(number), max(number), count(DISTINCT bill_id)
      FROM contributions_billissue JOIN contributions_personmonth USING (bill_id)
    """
    employed, others, first, last, bills = fetch(done, statement)
    assert employed == [due_date("PU", MONTH, HOLIDAYS)] == [date(2026, 3, 16)]  # the 15th is a Sunday
    assert others == [due_date("BPU", MONTH, HOLIDAYS)]
    assert (first, last) == ("TAG-2026-02-0001", f"TAG-2026-02-{bills:04d}")


def assert_cover_is_derived(url: str, paid_on: date) -> None:
    """Cover is what the product's own function makes of everybody, from nothing."""
    content = """
    SELECT count(*), md5(string_agg(concat_ws(',', person_id, job, membership_id, place_id, payer_id, segment,
      protected_since, paid_through, consecutive_months, jkm_full_from, ended_on), '|' ORDER BY person_id, job))
      FROM contributions_cover
    """
    law = full_cover(paid_on)
    with psycopg.connect(url) as connection:
        before = connection.execute(content).fetchone()
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("DELETE FROM contributions_cover")
        values = [paid_on.replace(day=1), law.months, law.since]
        connection.execute("SELECT contributions_refresh_cover(NULL, %s, %s, %s)", values)
        after = connection.execute(content).fetchone()
        connection.rollback()
    assert before is not None
    assert before == after
    assert before[0] > 20


def test_cover_is_what_the_function_that_keeps_it_makes_of_everybody(done: str) -> None:
    assert_cover_is_derived(done, date(2026, 3, 11))


def test_the_function_that_keeps_jht_accounts_finds_every_paid_bill_credited(done: str) -> None:
    with psycopg.connect(done) as connection:
        moved = connection.execute(
            "SELECT contributions_credit_jht(array_agg(bill_id), '2026-03-20'), count(*) FROM contributions_settledbill"
        ).fetchone()
        accounts = connection.execute("SELECT count(*), sum(amount) > 0 FROM ledger_jhtmovement").fetchone()
    assert moved is not None
    assert moved[0] == 0
    assert moved[1] > 0
    assert accounts is not None
    assert accounts[0] > 10
    assert accounts[1]


def test_the_cover_summary_counts_the_rows_and_those_paid(done: str) -> None:
    counted = """
    SELECT count(*) FROM (
      SELECT place_id / 1000000 * 1000000 AS regency_id, segment, programme, count(*) AS person_months,
             count(*) FILTER (WHERE job = 1) AS people,
             count(*) FILTER (WHERE job = 1 AND settled_on IS NOT NULL) AS people_paid
        FROM contributions_personmonth LEFT JOIN contributions_settledbill USING (bill_id),
             LATERAL (VALUES ('JKK', jkk), ('JKM', CASE segment WHEN 'PMI' THEN jkk ELSE jkm END), ('JHT', jht),
                             ('JP', jp), ('JKP', jkp)) AS part(programme, amount)
       WHERE amount > 0 GROUP BY 1, 2, 3) c
      FULL JOIN nation.cover_summary s USING (regency_id, segment, programme, person_months, people, people_paid)
     WHERE c.people IS NULL OR s.month IS NULL
    """
    assert fetch(done, counted) == (0,)
    assert fetch(done, "SELECT sum(people_paid) > 0, count(DISTINCT segment) FROM nation.cover_summary") == (True, 4)


def test_the_month_is_guarded_like_every_other(done: str) -> None:
    with psycopg.connect(done, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute(f"DELETE FROM {TABLE}")
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE contributions_personmonth SET jkk = 0")
        unmatched = connection.execute(
            "SELECT count(*) FROM pg_index x WHERE indrelid = 'contributions_personmonth'::regclass AND NOT EXISTS ("
            " SELECT 1 FROM pg_inherits i JOIN pg_index own ON own.indexrelid = i.inhrelid"
            " WHERE i.inhparent = x.indexrelid AND own.indrelid = %s::regclass AND own.indisvalid)",
            [TABLE],
        ).fetchone()
        spare = connection.execute(
            "SELECT (SELECT count(*) FROM pg_index WHERE indrelid = %s::regclass)"
            " - (SELECT count(*) FROM pg_index WHERE indrelid = 'contributions_personmonth'::regclass)",
            [TABLE],
        ).fetchone()
        connection.execute("SET ROLE lindung_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"SELECT 1 FROM {TABLE}")
    assert unmatched == (0,)
    assert spare == (0,)


def test_a_month_that_ran_is_not_run_again(served: Any, done: str) -> None:
    before = fetch(done, CONTENT)
    again = run(done, served.nation)
    assert again.judged is None
    assert again.seconds is not None
    assert fetch(done, CONTENT) == before


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE membership_membership SET person_id = person_id + 1000000 WHERE id = 77",
        "UPDATE membership_membership SET segment = 'BPU' WHERE id = 77",
        "UPDATE membership_membership SET job = 3 WHERE id = 77",
        "DELETE FROM membership_membership WHERE id = 77",
        "UPDATE membership_membership SET place_id = 1101000000 WHERE id = 77",
        "DELETE FROM payers_payer WHERE id = 7",
    ],
)
def test_what_the_register_does_not_know_leaves_no_month_behind(served: Any, harm: str) -> None:
    url = served.copy()
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(harm)
    with pytest.raises((Conflict, psycopg.errors.ForeignKeyViolation)):
        run(url, served.nation)
    nothing = "SELECT (SELECT count(*) FROM contributions_personmonth), (SELECT count(*) FROM contributions_bill),"
    assert fetch(url, nothing + " (SELECT count(*) FROM ledger_entry)") == (0, 0, 0)


# Two rows of one bill that change what stands in a column with one another: no sum of that column shows it.
SWAPPED = f"""
WITH two AS (
  SELECT bill_id, min(person_id) AS one, max(person_id) AS other FROM {TABLE} GROUP BY bill_id
  HAVING count(*) > 1 AND min(person_id) < max(person_id) LIMIT 1)
UPDATE {TABLE} pm SET {{0}} = x.{{0}} FROM two, {TABLE} x
 WHERE pm.bill_id = two.bill_id AND x.bill_id = two.bill_id
   AND (pm.person_id, x.person_id) IN ((one, other), (other, one))
"""


@pytest.mark.parametrize(
    "harm",
    [
        f"UPDATE {TABLE} SET jht = jht + 1 WHERE person_id = 77",
        f"UPDATE {TABLE} SET segment = 'BPU' WHERE person_id = 77",
        f"UPDATE {TABLE} SET payer_id = payer_id + 1 WHERE person_id = 77",
        f"UPDATE {TABLE} SET person_id = 999999 WHERE person_id = 77",
        f"UPDATE {TABLE} SET place_id = 1101000000 WHERE person_id = 77",
        f"DELETE FROM {TABLE} WHERE person_id = 77",
        SWAPPED.format("membership_id"),
    ],
)
def test_rows_changed_before_they_are_checked_are_found(served: Any, harm: str) -> None:
    url = served.copy()

    def watch(moment: str) -> None:
        if moment == "check":
            with psycopg.connect(url) as connection:
                assert connection.execute(harm).rowcount > 0

    with pytest.raises(Conflict, match="not what the bills say"):
        run(url, served.nation, watch=watch)


@pytest.mark.parametrize(
    "change",
    ["jkk = -1", "worker_share = jkk + jkm + jht + jp + 1", "entry_no = 2", "month = month + 1", "origin = NULL"],
)
def test_the_table_itself_refuses_wrong_rows_before_anybody_sees_it(served: Any, change: str) -> None:
    url = served.copy()
    refused: list[str] = []

    def watch(moment: str) -> None:
        if moment == "check":
            with psycopg.connect(url) as connection, pytest.raises(psycopg.IntegrityError) as caught:
                connection.execute(f"UPDATE {TABLE} SET {change} WHERE person_id = 77")
            refused.append(type(caught.value).__name__)

    run(url, served.nation, watch=watch)
    assert refused == ["NotNullViolation" if "NULL" in change else "CheckViolation"]


def test_the_register_is_read_whole(served: Any) -> None:
    with psycopg.connect(served.copy(), autocommit=True) as connection:
        register = registered.read_register(connection, served.nation.folder)
        rows = connection.execute("SELECT id, person_id, place_id, job, segment FROM membership_membership").fetchall()
    assert len(rows) == served.nation.workers == (register.who > 0).sum()
    for number, person, place, job, segment in rows[::50]:
        keys = {"membership_id": number, "person_id": person, "place_id": place, "job": job}
        register.check(segment, {name: np.array([value]) for name, value in keys.items()})
        for name in keys:
            with pytest.raises(Conflict, match="membership of another"):
                register.check(segment, {n: np.array([value + 10**9 * (n == name)]) for n, value in keys.items()})
        with pytest.raises(Conflict, match="membership of another"):
            register.check("PMI" if segment == "PU" else "PU", {n: np.array([value]) for n, value in keys.items()})


def test_a_month_of_somebody_else_is_left_alone(served: Any) -> None:
    url = served.copy()
    with psycopg.connect(url) as connection:
        connection.execute("SELECT contributions_ensure_month('2026-02-01')")
    with pytest.raises(Conflict, match="there already"):
        run(url, served.nation)


def test_the_bare_copy_holds_the_same_rows_and_indexes_and_is_gone_afterwards(served: Any, done: str) -> None:
    month_bytes, index_bytes = fetch(done, f"SELECT pg_table_size('{TABLE}'), pg_indexes_size('{TABLE}')")
    measured = limit.measure(done, served.nation, MONTH)
    assert measured.table_bytes == pytest.approx(month_bytes, rel=0.05)
    assert measured.index_bytes == pytest.approx(index_bytes, rel=0.05)
    assert measured.seconds > 0
    assert fetch(done, "SELECT to_regclass('nation.bare')") == (None,)


KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import date
from pathlib import Path
from lindung.nation.building import build_nation
from lindung.nation.month import run_month

nation = build_nation(Path(sys.argv[1]), int(sys.argv[2]))
for pair in sys.argv[3:]:
    moment, url = pair.split("@", 1)
    child = os.fork()  # nothing has begun a thread yet
    if child == 0:
        def watch(now):
            if now == moment:
                os.kill(os.getpid(), signal.SIGKILL)
        run_month(url, nation, date(2026, 2, 1), frozenset({date(2026, 2, 17)}), watch)
        os._exit(0)
    print(moment, os.WTERMSIG(os.waitpid(child, 0)[1]), flush=True)
"""
MOMENTS = (
    "load done",
    "bills done",
    "ledger done",
    "indexes",
    "indexes done",
    "check done",
    "more_indexes done",
    "attach done",
    "settle done",
    "ledger_of_payments done",
    "more_cover done",
    "cover done",
)


@pytest.mark.slow
def test_a_run_killed_at_any_stage_goes_on_to_the_same_end(served: Any, done: str) -> None:
    urls = {moment: served.copy() for moment in MOMENTS}
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(served.nation.folder), str(served.nation.workers)]
    pairs = [f"{moment}@{url}" for moment, url in urls.items()]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "lindung.web.settings"}
    killed = subprocess.run([*command, *pairs], capture_output=True, text=True, timeout=120, env=environment)
    assert killed.stdout.splitlines() == [f"{moment} {int(signal.SIGKILL)}" for moment in MOMENTS], killed.stderr
    expected = fetch(done, CONTENT)
    for moment, url in urls.items():
        with psycopg.connect(url, autocommit=True) as connection:
            before = set(Stages(connection, MONTH).done)
        assert "cover" not in before, moment
        run(url, served.nation)
        assert fetch(url, CONTENT) == expected, moment


def test_one_payer_in_twenty_pays(done: str) -> None:
    bills, paid = fetch(
        done, "SELECT (SELECT count(*) FROM contributions_bill), (SELECT count(*) FROM contributions_settledbill)"
    )
    assert paid == pytest.approx(bills / ONE_IN, rel=0.35)


def test_a_second_month_goes_on_from_the_first(served: Any) -> None:
    url, following = served.copy(), date(2026, 3, 1)
    run(url, served.nation)
    outcome = run_month(url, served.nation, following, HOLIDAYS)
    with psycopg.connect(url, autocommit=True) as connection:
        totals = check_totals(connection, following, outcome.judged.totals["total"] if outcome.judged else None)
    assert totals.person_months == served.nation.workers
    assert_cover_is_derived(url, due_date("PU", following, HOLIDAYS) - timedelta(days=5))
    runs = "SELECT array_agg(DISTINCT consecutive_months), array_agg(DISTINCT paid_through) FROM contributions_cover"
    assert fetch(url, runs) == ([2], [following])
    first, second = (
        fetch(url, f"SELECT count(DISTINCT bill_id) FROM {partition.name_of(m)}") for m in (MONTH, following)
    )
    assert first == second
    assert fetch(url, "SELECT count(*) = count(DISTINCT number) FROM contributions_billissue") == (True,)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["load done", "indexes done", "attach done", "settle done", "cover done"])
def test_a_server_killed_in_mid_month_loses_and_doubles_nothing(durable: Any, moment: str) -> None:
    url = durable.copy()

    def watch(now: str) -> None:
        if now == moment:
            durable.kill()

    with pytest.raises(psycopg.Error):
        run(url, durable.nation, watch=watch)
    durable.start_again()
    run(url, durable.nation)
    with psycopg.connect(url, autocommit=True) as connection:
        check_totals(connection, MONTH, None)
    assert fetch(url, CONTENT) == durable.expected(CONTENT, lambda other: run(other, durable.nation))
