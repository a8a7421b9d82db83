"""A whole regency's data in minutes, for benchmarks: people, memberships, 14 months billed and paid, claims, proposals.

Rows are made by PostgreSQL itself from series of numbers. Triggers and foreign keys are off while they are written (the
same rows come out of the actions, only slower); cover and coverage are then derived by the same code as always."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

import polars as pl
from django.db import connection

from lindung.core.bulk import copy_frame

REGENCY: Final = 6112000000
TODAY: Final = date(2026, 2, 27)
JKK, JKM, WAGE_BASE = 10_000, 6_800, 1_000_000


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    people: int = 300_000
    claims: int = 3_000
    proposals: int = 100
    decrees: int = 50
    entries: int = 60_000


PEOPLE = """
INSERT INTO people_person (id, nik, name, name_key, birth_date, birth_place, sex, mother_name, place_id, address, phone,
                           occupation)
SELECT i, substr(place::text, 1, 6) || lpad((extract(day FROM born)::int + CASE sex WHEN 'P' THEN 40 ELSE 0 END)::text,
         2, '0') || to_char(born, 'MMYY')
       || lpad((row_number() OVER (PARTITION BY place / 10000, born, sex ORDER BY i))::text, 4, '0'),
       n.name, n.key, born, 'Pontianak', sex, m.name, place, 'RT ' || 1 + i %% 20, '', 'Petani'
  FROM (SELECT i, date '1965-01-01' + (hashint8(i) & 2147483647) %% 15000 AS born,
               CASE WHEN i %% 10 < 6 THEN 'L' ELSE 'P' END AS sex,
               (SELECT array_agg(key ORDER BY key) FROM places_place WHERE kind = 'village' AND upper_inf(valid)
                   AND key BETWEEN %(first)s AND %(last)s) AS villages
          FROM generate_series(1, %(people)s) i) s
  CROSS JOIN LATERAL (SELECT villages[1 + (hashint8(i + 7) & 2147483647) %% cardinality(villages)] AS place) v
  JOIN bench_names n ON n.id = (hashint8(i + 1) & 2147483647) %% %(names)s AND n.id >= 0
  JOIN bench_names m ON m.id = (hashint8(i + 3) & 2147483647) %% %(names)s
"""

# One regency office for six tenths, 29 companies for three, 20 villages for one.
PAYERS = """
INSERT INTO payers_payer (id, kind, name, npp, place_id, risk_group, contact, phone)
SELECT i, CASE WHEN i = 1 THEN 'regency' WHEN i <= 30 THEN 'company' ELSE 'village' END,
       CASE WHEN i = 1 THEN 'Dinas Tenaga Kerja Kabupaten Kubu Raya' WHEN i <= 30 THEN 'PT Contoh Sawit ' || i
            ELSE 'Pemerintah Desa Contoh ' || i END, lpad(i::text, 8, '6'), %(first)s,
       CASE WHEN i BETWEEN 2 AND 30 THEN 3 END, '', '' FROM generate_series(1, 50) i
"""

MEMBERSHIPS = """
INSERT INTO membership_membership (id, person_id, place_id, segment, job, kpj, payer_id, occupation, registered_on, valid)
SELECT p.id, p.id, p.place_id, CASE WHEN y BETWEEN 2 AND 30 THEN 'PU' ELSE 'BPU' END, 1,
       '25' || lpad(p.id::text, 9, '0'), CASE WHEN y BETWEEN 2 AND 30 THEN y END, p.occupation, date '2024-12-20',
       daterange('2024-12-20', NULL)
  FROM people_person p CROSS JOIN LATERAL (
    SELECT CASE WHEN p.id %% 10 < 6 THEN 1 WHEN p.id %% 10 < 9 THEN 2 + p.id %% 29 ELSE 31 + p.id / 10 %% 20 END AS y) w;
INSERT INTO membership_membershipchange (membership_id, place_id, kind, effective_on, reason, recorded_by)
SELECT id, place_id, 'joined', registered_on, 'Pendaftaran', 'sistem' FROM membership_membership;
INSERT INTO contributions_neverpaid (membership_id) SELECT id FROM membership_membership
"""

BILLS = """
SELECT contributions_ensure_month(month::date) FROM generate_series(date '2025-01-01', '2026-12-01', '1 month') month;
INSERT INTO contributions_bill (id, payer_id, month, sequence)
SELECT row_number() OVER (ORDER BY month, y.id), y.id, month, 1
  FROM payers_payer y, generate_series(date '2025-01-01', '2026-03-01', '1 month') month
 WHERE y.id = 1 OR month < '2026-03-01'
"""

# One in twenty was paid for until some month of 2025 only; one in a hundred came last month and was never paid.
PERSON_MONTHS = """
INSERT INTO contributions_personmonth (month, person_id, job, entry_no, membership_id, payer_id, bill_id, place_id,
                                       segment, wage_base, jkk, jkm, origin)
SELECT b.month, m.person_id, 1, 1, m.id, b.payer_id, b.id, m.place_id, m.segment, %(wage)s, %(jkk)s, %(jkm)s,
       CASE WHEN b.payer_id = 1 THEN 'decree:1' ELSE 'wage_report:1' END
  FROM contributions_bill b
  JOIN LATERAL (SELECT *, coalesce(m.payer_id, CASE WHEN m.id %% 10 < 6 THEN 1 ELSE 31 + m.id / 10 %% 20 END) AS pays
                  FROM membership_membership m) m ON m.pays = b.payer_id
 WHERE b.month = %(month)s
   AND (m.id %% 20 <> 7 OR b.month <= date '2025-03-01' + make_interval(months => (m.id / 20 %% 9)::int))
   AND (m.id %% 100 <> 11 OR b.month >= '2026-02-01')
"""

# What triggers keep.
TALLY = """
INSERT INTO contributions_billtally (bill_id, people, amount)
SELECT bill_id, count(*), sum(jkk + jkm) FROM contributions_personmonth GROUP BY bill_id
"""

MONEY = """
INSERT INTO contributions_billissue (bill_id, number, issued_on, due_on, people, amount, content_digest, issued_by)
SELECT b.id, 'T-' || to_char(b.month, 'YYYYMM') || '-' || b.payer_id, b.month + 2, b.month + 14, t.people, t.amount,
       t.digest, 'petugas'
  FROM contributions_bill b, LATERAL contributions_bill_totals(b.id) t
 WHERE b.month < '2026-02-01' OR (b.month = '2026-02-01' AND b.payer_id %% 5 <> 0);
INSERT INTO contributions_payment (id, payer_id, kind, reference, paid_on, amount, received_by)
SELECT b.id, b.payer_id, 'sp2d', 'SP2D-' || b.id, b.month + 9, i.amount, 'petugas'
  FROM contributions_bill b JOIN contributions_billissue i ON i.bill_id = b.id
 WHERE (b.month < '2025-11-01' OR b.payer_id %% 7 <> 3) AND NOT (b.month = '2026-02-01' AND b.payer_id %% 5 = 1
   AND b.payer_id > 1);
INSERT INTO contributions_settlement (payment_id, bill_id, amount) SELECT id, id, amount FROM contributions_payment
"""

# The first list holds a third of the people, as when a whole regency is sent at once.
PROPOSALS = """
INSERT INTO core_storedfile (id, digest, name, media_type, size, content, stored_by)
VALUES ('00000000-0000-0000-0000-000000000001', repeat('0', 64), 'berkas.xlsx', 'text/plain', 1, 'x', 'sistem');
INSERT INTO assistance_scheme (id, name, payer_id, place_id, fiscal_year, programmes, wage_base, monthly_amount,
                               criteria, budget_ceiling, account_codes, legal_basis, period)
SELECT i, 'Bantuan iuran pekerja rentan ' || 2024 + i, 1, %(first)s, 2024 + i, ARRAY['JKK', 'JKM'], %(wage)s,
       %(jkk)s + %(jkm)s, '{}', 60000000000, ARRAY['5.1.02'], 'Peraturan Bupati',
       daterange(make_date(2024 + i, 1, 1), make_date(2025 + i, 1, 1)) FROM generate_series(1, 2) i;
INSERT INTO assistance_proposal (id, scheme_id, place_id, file_id, file_digest, file_name, received_by_id, state,
  answer_file_id, rows_received, rows_accepted, rows_to_fix, rows_rejected, rows_known, received_at, failure)
SELECT i, CASE WHEN i * 2 <= %(proposals)s THEN 1 ELSE 2 END, %(first)s, '00000000-0000-0000-0000-000000000001',
       lpad(i::text, 64, '0'), 'usulan-' || i || '.xlsx', u.id, 'checked', '00000000-0000-0000-0000-000000000001',
       0, 0, 0, 0, 0, timestamptz '2025-01-01' + i * interval '4 days', ''
  FROM generate_series(1, %(proposals)s) i, core_user u WHERE u.username = 'petugas';
INSERT INTO assistance_proposalrow (id, proposal_id, scheme_id, row_no, row_code, status, reason_codes, reasons, raw, nik,
  name, name_key, birth_date, birth_place, sex, mother_name, address, phone, occupation, place_id, person_id)
SELECT p.id, w.id, w.scheme_id, p.n + 5, 'R' || p.id,
       CASE p.id %% 25 WHEN 3 THEN 'to_fix' WHEN 9 THEN 'rejected' ELSE 'accepted' END,
       CASE p.id %% 25 WHEN 3 THEN ARRAY['missing_mother'] WHEN 9 THEN ARRAY['too_old'] ELSE ARRAY[]::varchar[] END,
       CASE p.id %% 25
         WHEN 3 THEN '[{"code": "missing_mother", "field": "mother_name", "value": "", "other": "", "limit": ""}]'
         WHEN 9 THEN '[{"code": "too_old", "field": "birth_date", "value": "", "other": "", "limit": ""}]'
         ELSE '[]' END::jsonb,
       jsonb_build_object('NIK', p.nik, 'NAMA', p.name, 'DESA', p.place_id), p.nik, p.name, p.name_key, p.birth_date,
       p.birth_place, p.sex, p.mother_name, p.address, '', p.occupation, p.place_id, p.id
  FROM (SELECT *, CASE WHEN id * 3 <= %(people)s THEN 1 ELSE (id - 1) / %(each)s + 1 END AS proposal,
               CASE WHEN id * 3 <= %(people)s THEN id ELSE (id - 1) %% %(each)s END AS n FROM people_person) p
  JOIN assistance_proposal w ON w.id = p.proposal;
UPDATE assistance_proposal p SET rows_received = c.n, rows_accepted = c.accepted, rows_to_fix = c.to_fix,
       rows_rejected = c.rejected
  FROM (SELECT proposal_id, count(*) AS n, count(*) FILTER (WHERE status = 'accepted') AS accepted,
               count(*) FILTER (WHERE status = 'to_fix') AS to_fix, count(*) FILTER (WHERE status = 'rejected') AS rejected
          FROM assistance_proposalrow GROUP BY 1) c WHERE c.proposal_id = p.id;
INSERT INTO assistance_decree (id, scheme_id, place_id, number, dated, period, people, monthly_amount, total_amount,
                               content_digest, proposed_by_id, pdf_id, xlsx_id)
SELECT i, s.id, %(first)s, '400/' || i || '/2025', date '2025-01-05' + i * 7, s.period, 0, 0, 0, lpad(i::text, 64, '0'),
       u.id, '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001'
  FROM generate_series(1, %(decrees)s) i
  JOIN assistance_scheme s ON s.id = CASE WHEN i * 2 <= %(decrees)s THEN 1 ELSE 2 END
  JOIN core_user u ON u.username = 'petugas';
INSERT INTO assistance_decreeline (decree_id, line_no, row_id, place_id)
SELECT d.id, row_number() OVER (PARTITION BY d.id ORDER BY r.id), r.id, r.place_id FROM assistance_proposalrow r
  JOIN assistance_decree d ON d.id = 1 + (r.proposal_id - 1) * %(decrees)s / %(proposals)s WHERE r.status = 'accepted';
UPDATE assistance_decree d SET people = c.n, monthly_amount = c.n * (%(jkk)s + %(jkm)s),
       total_amount = c.n * (%(jkk)s + %(jkm)s) * 12
  FROM (SELECT decree_id, count(*) AS n FROM assistance_decreeline GROUP BY 1) c WHERE c.decree_id = d.id;
INSERT INTO assistance_decreedecision (decree_id, proposed_by_id, decided_by_id, outcome, reason)
SELECT d.id, d.proposed_by_id, u.id, 'approved', 'Sesuai' FROM assistance_decree d, core_user u
 WHERE u.username = 'pejabat' AND d.id < %(decrees)s;
INSERT INTO assistance_enactment (decree_id, people, new_memberships, person_months)
SELECT decree_id, 1, 1, 12 FROM assistance_decreedecision WHERE decree_id + 1 < %(decrees)s;
INSERT INTO assistance_rowtally (proposal_id, place_id, accepted, open)
SELECT proposal_id, place_id, count(*) FILTER (WHERE status = 'accepted'), count(*) FILTER (WHERE status = 'to_fix')
  FROM assistance_proposalrow GROUP BY proposal_id, place_id
"""

# Nine tenths of the deaths are claimed; nine tenths of the claims are paid, the others stand at every stage.
CLAIMS = """
CREATE TEMP TABLE died ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY id) AS n, id, place_id, date '2025-02-01' + (id * 7 %% 380)::int AS on_day
  FROM people_person WHERE id %% (%(people)s / (%(claims)s * 10 / 9)) = 1;
INSERT INTO people_lifeevent (person_id, place_id, kind, occurred_on, source, source_ref, recorded_by, void)
SELECT id, place_id, 'death', on_day, 'registry', '', 'sistem', false FROM died;
INSERT INTO claims_insuredevent (id, person_id, place_id, cause, occurred_on, source, source_ref, note, reported_on,
                                 reported_by)
SELECT n, id, place_id, CASE WHEN n %% 9 = 0 THEN 'work' ELSE 'non_work' END, on_day,
       CASE WHEN n %% 2 = 0 THEN 'heir' ELSE 'registry' END, '', '', on_day + 6, 'petugas' FROM died;
INSERT INTO claims_heirnotice (event_id, place_id, told_name, channel, text, told_on, told_by)
SELECT n, place_id, 'Keluarga', 'letter', 'Bapak/Ibu …', on_day + 7, 'petugas' FROM died WHERE n %% 20 <> 5;
INSERT INTO claims_claim (id, number, event_id, place_id, programme, claimant_name, claimant_relation, claimant_nik,
  claimant_phone, bank_name, bank_account, account_fingerprint, bank_holder, checklist_version, received_on, received_by)
SELECT n, 'K-' || lpad(n::text, 6, '0'), n, place_id, CASE WHEN n %% 9 = 0 THEN 'JKK' ELSE 'JKM' END, 'Ahli Waris ' || n,
       'spouse', '6112010101900001', '', 'Bank Kalbar', %(account)s, md5(n::text), 'Ahli Waris',
       CASE WHEN n %% 9 = 0 THEN 'JKK-2026-1' ELSE 'JKM-2026-1' END, on_day + 10, 'verifikator'
  FROM died WHERE n %% 10 <> 5;
INSERT INTO claims_claimdocument (claim_id, kind, received_on, received_by)
SELECT c.id, kind, c.received_on, 'verifikator' FROM claims_claim c,
       unnest(ARRAY['participant_id', 'heir_id', 'family_card', 'death_certificate', 'bank_book']) kind;
INSERT INTO claims_claimcompletion (claim_id, complete_on, pay_by)
SELECT id, received_on, CASE WHEN id %% 100 < 90 THEN received_on + 4 ELSE date '2026-02-20' + (id %% 11)::int END
  FROM claims_claim WHERE id %% 100 <> 91;
INSERT INTO claims_decision (id, claim_id, outcome, amount, after_arrears, judgement, refusal, proposed_by_id)
SELECT c.id, c.id, j->>'outcome', (j->>'amount')::bigint, 0, j->'judgement', nullif(j->'refusal', 'null'), u.id
  FROM claims_claim c, core_user u,
       jsonb_extract_path(%(judged)s::jsonb, c.programme, CASE WHEN c.id %% 33 = 4 THEN 'refuse' ELSE 'pay' END) j
 WHERE u.username = 'verifikator' AND c.id %% 100 NOT IN (91, 92);
INSERT INTO claims_decisionapproval (decision_id, proposed_by_id, decided_by_id, outcome, reason)
SELECT d.id, d.proposed_by_id, u.id, 'approved', 'Sesuai' FROM claims_decision d, core_user u
 WHERE u.username = 'penyetuju' AND d.id %% 100 <> 93;
INSERT INTO claims_payoutbatch (id, number, made_by_id, made_on, people, amount, file_id)
SELECT d.id / 30, 'B-' || d.id / 30, min(d.proposed_by_id), max(c.received_on), count(*), sum(d.amount),
       '00000000-0000-0000-0000-000000000001'
  FROM claims_decision d JOIN claims_claim c ON c.id = d.claim_id
 WHERE d.outcome = 'pay' AND d.id %% 100 NOT IN (93, 94) GROUP BY 1, 2;
INSERT INTO claims_payout (id, decision_id, batch_id, place_id, amount)
SELECT d.id, d.id, d.id / 30, c.place_id, d.amount FROM claims_decision d JOIN claims_claim c ON c.id = d.claim_id
 WHERE d.outcome = 'pay' AND d.id %% 100 NOT IN (93, 94);
INSERT INTO claims_payoutrelease (batch_id, made_by_id, released_by_id, released_on)
SELECT b.id, b.made_by_id, u.id, b.made_on FROM claims_payoutbatch b, core_user u
 WHERE u.username = 'penyetuju' AND b.id < (SELECT max(id) FROM claims_payoutbatch);
INSERT INTO claims_payoutconfirmation (payout_id, paid_on, bank_reference, receipt_id, confirmed_by)
SELECT p.id, b.released_on, 'BK-' || p.id, '00000000-0000-0000-0000-000000000001', 'verifikator'
  FROM claims_payout p JOIN claims_payoutrelease b ON b.batch_id = p.batch_id WHERE p.id %% 100 <> 95;
SELECT claims_restate(ARRAY(SELECT id FROM claims_claim))
"""

LOG = """
INSERT INTO core_actionentry (at, actor_id, actor_name, role, action, subject, reason, after)
SELECT timestamptz '2025-01-06 08:00+07' + i * interval '9 minutes', 1, 'Dewi Lestari', 'regency_officer',
       (ARRAY['claims.file', 'contributions.issue_bill', 'assistance.check_proposal'])[1 + i %% 3], 'thing:' || i,
       'Berkas lengkap', '{"rows": 10}' FROM generate_series(1, %(entries)s) i;
INSERT INTO core_accessentry (at, actor_id, actor_name, role, subject, purpose)
SELECT timestamptz '2025-01-06 08:00+07' + i * interval '5 minutes', 1, 'Dewi Lestari', 'regency_officer',
       'person:' || i, 'view' FROM generate_series(1, %(entries)s) i
"""

# The ends of the eleven months before look like today: the page only draws them.
EARLIER_MONTHS = """
INSERT INTO coverage_summary (as_of, place_id, metric, detail, since, value)
SELECT (date '2026-03-01' - make_interval(months => m) - interval '1 day')::date, place_id, metric, detail, since, value
  FROM coverage_summary, generate_series(1, 11) m WHERE as_of = %(today)s
"""


def build(size: Size, report: Callable[[str], None]) -> None:
    """Fill an empty, migrated database. Needs the owner's connection."""
    from lindung.contributions.actions import refresh_cover
    from lindung.core.actors import SYSTEM, acting_as
    from lindung.core.crypto import encrypt_text
    from lindung.core.models import Installation
    from lindung.coverage import actions as coverage
    from lindung.coverage.counting import count_day
    from lindung.places import actions as places
    from lindung.web.demo.cast import add_users

    report("places, users")
    with acting_as(SYSTEM):
        places.load_places(SYSTEM)
        places.load_holidays(SYSTEM, range(2025, 2028))
        Installation.objects.update_or_create(
            id=1, defaults={"name": "Kabupaten Kubu Raya", "place_key": REGENCY, "business_date": TODAY}
        )
        add_users()
        coverage.record_published_figures(SYSTEM, REGENCY)
    values = {
        "first": REGENCY, "last": REGENCY + 999_999, "wage": WAGE_BASE, "jkk": JKK, "jkm": JKM,
        "names": 3_000, "each": size.people // size.proposals, "account": encrypt_text("1022334455"),
        "judged": json.dumps({programme: _judged(programme) for programme in ("JKM", "JKK")}), **vars(size),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '256MB'; SET work_mem = '128MB'; SET synchronous_commit = off")
        cursor.execute("CREATE TEMP TABLE bench_names (id integer PRIMARY KEY, name text, key text)")
        copy_frame(cursor, "bench_names", _names(values["names"]))
        for title, statements in (
            ("people", PEOPLE), ("payers", PAYERS), ("memberships", MEMBERSHIPS), ("bills", BILLS),
        ):  # fmt: skip
            report(title)
            _run(statements, values)
        for number in range(15):
            month = date(2025 + number // 12, number % 12 + 1, 1)
            report(f"person-months of {month:%Y-%m}")
            _run(PERSON_MONTHS, values | {"month": month})
        for title, statements in (
            ("tally", TALLY),
            ("money", MONEY),
            ("proposals", PROPOSALS),
            ("claims", CLAIMS),
            ("log", LOG),
        ):
            report(title)
            _run(statements, values)
        cursor.execute("SET session_replication_role = origin")
        _advance_sequences()
        report("analyze")
        cursor.execute("VACUUM ANALYZE")
    with acting_as(SYSTEM):
        report("cover")
        refresh_cover(None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE contributions_cover")
    with acting_as(SYSTEM):
        report("coverage")
        count_day(TODAY)
        with connection.cursor() as cursor:
            cursor.execute(EARLIER_MONTHS, {"today": TODAY})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE coverage_summary")


def _run(statements: str, values: dict[str, object]) -> None:
    from django.db import transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements.split(";\n"):
            cursor.execute(statement, values)


def _judged(programme: str) -> dict[str, object]:
    """What the law says of a participant of a year, and of somebody who never was one."""
    from lindung.claims.judging import judge_death
    from lindung.contributions.queries import ClaimFacts

    facts = ClaimFacts(
        "BPU", "active", WAGE_BASE, 12, 13, 0, 0, date(2026, 1, 1), "Dinas Tenaga Kerja Kabupaten Kubu Raya"
    )
    said = {"pay": judge_death(programme, TODAY, facts, True, TODAY),
            "refuse": judge_death(programme, TODAY, None, True, TODAY)}  # fmt: skip
    return {
        name: {"outcome": found.outcome, "amount": found.payable_now, "judgement": found.judgement,
               "refusal": found.refusal}
        for name, found in said.items()
    }  # fmt: skip


def _advance_sequences() -> None:
    """Ids were given by us: what comes next must not meet them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id'"
            " AND identity_generation IS NOT NULL"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM \"{table}\" HAVING max(id) > 0"
            )


def _names(count: int) -> pl.DataFrame:
    from lindung.people.queries import name_keys
    from lindung.web.demo.names import ALL_COMMUNITIES, community, full_name

    rng = Random(6112)
    names = pl.Series("name", [full_name(rng, community(rng, ALL_COMMUNITIES), "P" if n % 2 else "L")
                               for n in range(count)])  # fmt: skip
    return pl.DataFrame({"id": range(count), "name": names, "key": name_keys(names)})
