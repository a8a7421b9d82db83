"""The comparisons: each a statement that puts what does not agree into the temporary table `found_now`.

All are set-based. `reported` holds the wage reports of the last months (a standing charge per worker and month),
`newest` each company's newest month of them, `listed` the usable lines of the newest lists with their payers."""

from __future__ import annotations

from lindung.compliance.matching import NEWEST

FOUND_NOW = """
CREATE TEMP TABLE found_now (
  kind varchar(13), subject varchar(120), payer_id bigint, listed_id bigint, person_id bigint, place_id bigint,
  people integer, ours bigint, theirs bigint, source varchar(250), source_date date, detail jsonb) ON COMMIT DROP
"""

# Reversals carry the wage of what they undo; differences (negative entries) carry a difference.
FACTS = f"""
CREATE TEMP TABLE reported ON COMMIT DROP AS
  SELECT payer_id, month, person_id, job, max(place_id) AS place_id,
         sum(CASE WHEN entry_no > 0 AND entry_no %% 2 = 0 THEN -wage_base ELSE wage_base END)::bigint AS wage,
         sum(jht) AS jht, sum(jp) AS jp
    FROM contributions_personmonth
   WHERE segment = 'PU' AND month BETWEEN %(first)s AND %(last)s
   GROUP BY payer_id, month, person_id, job HAVING sum(jkk + jkm + jht + jp) > 0;
ANALYZE reported;
CREATE TEMP TABLE reports ON COMMIT DROP AS
  SELECT payer_id, month, count(DISTINCT person_id)::integer AS people, min(wage) AS lowest, max(wage) AS highest,
         (sum(wage) / count(*))::bigint AS average
    FROM reported GROUP BY payer_id, month;
CREATE TEMP TABLE newest ON COMMIT DROP AS
  SELECT DISTINCT ON (r.payer_id) r.*, y.place_id, y.name, s.firm_size, a.kbli
    FROM reports r JOIN payers_payer y ON y.id = r.payer_id
    LEFT JOIN payers_employeractivity a ON a.payer_id = y.id AND a.superseded_at IS NULL AND a.valid @> %(on)s::date
    LEFT JOIN payers_employerscale s ON s.payer_id = y.id AND s.superseded_at IS NULL AND s.valid @> %(on)s::date
   WHERE r.month >= %(recent)s ORDER BY r.payer_id, r.month DESC;
ANALYZE newest;
CREATE TEMP TABLE listed ON COMMIT DROP AS
  SELECT c.*, l.kind AS list_kind, l.as_of, m.payer_id, m.by, m.likeness,
         left((CASE l.kind WHEN 'wlkp' THEN 'Daftar WLKP' WHEN 'nib' THEN 'Daftar NIB (OSS)' ELSE 'Daftar lain' END)
              || ' versi ' || l.version || ' – ' || l.source, 250) AS list_source,
         jsonb_build_object('list', l.id, 'row', c.row_no, 'name', c.name, 'nib', c.nib, 'matched_by', m.by,
                            'likeness', m.likeness) AS line
    FROM compliance_listedcompany c JOIN compliance_companylist l ON l.id = c.company_list_id
    LEFT JOIN compliance_listmatch m ON m.listed_id = c.id
   WHERE c.usable AND l.id IN ({NEWEST});
ANALYZE listed;
"""
DROP_FACTS = "DROP TABLE reported, reports, newest, listed, found_now"

# On a list, with workers as far as it says, and nobody registered: one finding per company, whatever lists it is on.
PWBD = """
  SELECT DISTINCT ON (subject) 'pwbd', subject, NULL::bigint, id, NULL::bigint, place_id, coalesce(workers, 0), 0,
         coalesce(workers, 0), list_source, as_of, line || jsonb_build_object('workers_known', workers IS NOT NULL)
    FROM (SELECT l.*, CASE
             WHEN l.nib <> '' THEN 'nib:' || l.nib
             WHEN max(l.nib) OVER same <> '' AND max(l.nib) OVER same = min(nullif(l.nib, '')) OVER same
               THEN 'nib:' || max(l.nib) OVER same
             WHEN l.npwp <> '' THEN 'npwp:' || l.npwp
             ELSE left('name:' || l.name_key, 105) || '@' || l.place_id END AS subject
            FROM listed l WINDOW same AS (PARTITION BY l.name_key, l.place_id)) c
   WHERE payer_id IS NULL AND coalesce(workers, 1) > 0
     AND NOT EXISTS (SELECT 1 FROM listed o WHERE o.payer_id IS NOT NULL AND o.nib <> '' AND 'nib:' || o.nib = subject)
   ORDER BY subject, list_kind = 'wlkp' DESC, workers DESC NULLS LAST, id
"""
# A company with several lines under one payer is measured by its largest.
WORKERS = """
  SELECT DISTINCT ON (n.payer_id) 'pds_workers', 'payer:' || n.payer_id, n.payer_id, l.id, NULL::bigint, n.place_id,
         l.workers - n.people, n.people, l.workers, l.list_source, l.as_of,
         l.line || jsonb_build_object('month', to_char(n.month, 'YYYY-MM'))
    FROM newest n JOIN listed l ON l.payer_id = n.payer_id AND l.list_kind = 'wlkp'
   WHERE l.workers > n.people ORDER BY n.payer_id, l.workers DESC, l.id
"""
OTHER_WAGE = """
  SELECT DISTINCT ON (n.payer_id) 'pds_other', 'payer:' || n.payer_id, n.payer_id, l.id, NULL::bigint, n.place_id,
         n.people, n.average, l.wage_average, l.list_source, l.as_of,
         l.line || jsonb_build_object('month', to_char(n.month, 'YYYY-MM'))
    FROM newest n JOIN listed l ON l.payer_id = n.payer_id
   WHERE l.wage_average * (100 - %(tolerance)s) > n.average * 100 ORDER BY n.payer_id, l.wage_average DESC, l.id
"""
# The regency's minimum wage of the company's sector if it has one, else the regency's, or the province's where the
# regency has none; sen are cut off in the worker's favour.
MINIMUM_WAGE = """
  SELECT 'pds_minimum', 'payer:' || n.payer_id, n.payer_id, NULL::bigint, NULL::bigint, n.place_id,
         count(*) FILTER (WHERE r.wage < w.amount)::integer, min(r.wage), w.amount,
         left(w.kind || ' ' || to_char(n.month, 'YYYY') || ' – ' || w.source, 250), w.since,
         jsonb_build_object('month', to_char(n.month, 'YYYY-MM'), 'workers', n.people, 'wage_kind', w.kind,
                            'confidence', w.confidence)
    FROM newest n JOIN reported r ON r.payer_id = n.payer_id AND r.month = n.month
    JOIN LATERAL (
      SELECT floor(m.amount)::bigint AS amount, m.kind, m.source, m.confidence, lower(m.valid) AS since
        FROM payers_minimumwage m
       WHERE m.superseded_at IS NULL AND m.valid @> n.month
         AND ((m.kind = 'UMK' AND m.place_id = n.place_id / 1000000 * 1000000)
              OR (m.kind = 'UMP' AND m.place_id = n.place_id / 100000000 * 100000000)
              OR (m.kind = 'UMSK' AND m.place_id = n.place_id / 1000000 * 1000000 AND EXISTS (
                    SELECT 1 FROM unnest(%(sectors)s::text[], %(sector_kbli)s::text[]) AS k(sector, kbli)
                     WHERE k.sector = lower(m.sector) AND k.kbli = ANY(n.kbli))))
       ORDER BY m.kind = 'UMP', m.kind = 'UMK', m.amount DESC LIMIT 1) w ON true
   WHERE NOT (%(exempts_small)s AND coalesce(n.firm_size, '') IN ('micro', 'small'))
   GROUP BY n.payer_id, n.place_id, n.month, n.people, w.amount, w.kind, w.source, w.since, w.confidence
  HAVING count(*) FILTER (WHERE r.wage < w.amount) > 0
"""
FLAT_WAGE = """
  SELECT DISTINCT ON (n.payer_id) 'pds_flat', 'payer:' || n.payer_id, n.payer_id, NULL::bigint, NULL::bigint,
         n.place_id, count(*)::integer, r.wage, (count(*) * 100 / n.people)::bigint,
         'Laporan upah perusahaan sendiri bulan ' || to_char(n.month, 'MM-YYYY'), n.month,
         jsonb_build_object('month', to_char(n.month, 'YYYY-MM'), 'workers', n.people, 'same', count(*))
    FROM newest n JOIN reported r ON r.payer_id = n.payer_id AND r.month = n.month
   WHERE n.people >= %(flat_least)s
   GROUP BY n.payer_id, n.place_id, n.people, n.month, r.wage
  HAVING count(*) * 100 >= n.people * %(flat_share)s ORDER BY n.payer_id, count(*) DESC, r.wage
"""
# `needed`: the programmes the law asks of each size; JP only below the pension age.
PROGRAMME = """
  SELECT 'pds_programme', 'payer:' || n.payer_id, n.payer_id, NULL::bigint, NULL::bigint, n.place_id,
         count(*) FILTER (WHERE lacks)::integer, (n.people - count(*) FILTER (WHERE lacks))::bigint, n.people::bigint,
         'Skala usaha ' || n.firm_size || ' – Perpres 109/2013 Pasal 6', n.month,
         jsonb_build_object('month', to_char(n.month, 'YYYY-MM'), 'size', n.firm_size, 'no_jht', count(*) FILTER
           (WHERE no_jht), 'no_jp', count(*) FILTER (WHERE no_jp))
    FROM (SELECT n.*, d.jht AND r.jht = 0 AS no_jht,
                 d.jp AND r.jp = 0 AND age(n.month, p.birth_date) < make_interval(years => %(pension_age)s) AS no_jp,
                 (d.jht AND r.jht = 0) OR (d.jp AND r.jp = 0
                   AND age(n.month, p.birth_date) < make_interval(years => %(pension_age)s)) AS lacks
            FROM newest n JOIN reported r ON r.payer_id = n.payer_id AND r.month = n.month
            JOIN people_person p ON p.id = r.person_id
            JOIN unnest(%(sizes)s::text[], %(needs_jht)s::boolean[], %(needs_jp)s::boolean[]) AS d(size, jht, jp)
              ON d.size = n.firm_size) n
   GROUP BY n.payer_id, n.place_id, n.month, n.people, n.firm_size HAVING count(*) FILTER (WHERE lacks) > 0
"""
# In one month paid for by a scheme's decree and reported as a company's worker.
ASSISTED = """
  SELECT DISTINCT ON (r.person_id, r.payer_id) 'assisted', 'person:' || r.person_id || ':payer:' || r.payer_id,
         r.payer_id, NULL::bigint, r.person_id, p.place_id, 1, r.wage, a.amount,
         left('Bantuan iuran (' || y.name || '), ' || a.origin, 250), r.month,
         jsonb_build_object('month', to_char(r.month, 'YYYY-MM'), 'scheme_payer', a.payer_id, 'origin', a.origin)
    FROM reported r JOIN people_person p ON p.id = r.person_id
    JOIN (
      SELECT m.person_id, m.month, m.payer_id, min(m.origin) AS origin,
             sum(m.jkk + m.jkm + m.jht + m.jp)::bigint AS amount
        FROM contributions_personmonth m
       WHERE m.month BETWEEN %(recent)s AND %(last)s AND m.origin LIKE 'decree:%%'
       GROUP BY m.person_id, m.month, m.payer_id HAVING sum(m.jkk + m.jkm + m.jht + m.jp) > 0) a
      ON a.person_id = r.person_id AND a.month = r.month AND a.payer_id <> r.payer_id
    JOIN payers_payer y ON y.id = a.payer_id
   WHERE r.month >= %(recent)s ORDER BY r.person_id, r.payer_id, r.month DESC, a.payer_id
"""
# Reported before, with workers still registered, and not for the month that is due; or registered and never reported.
NOT_REPORTED = """
  SELECT 'not_reported', 'payer:' || y.id, y.id, NULL::bigint, NULL::bigint, y.place_id, b.people, 0, b.people,
         'Laporan upah perusahaan sendiri bulan ' || to_char(b.month, 'MM-YYYY'), b.month,
         jsonb_build_object('month', to_char(%(due)s::date, 'YYYY-MM'), 'last', to_char(b.month, 'YYYY-MM'))
    FROM (SELECT DISTINCT ON (payer_id) * FROM reports ORDER BY payer_id, month DESC) b
    JOIN payers_payer y ON y.id = b.payer_id
   WHERE b.month < %(due)s
     AND EXISTS (SELECT 1 FROM membership_membership m
                  WHERE m.payer_id = y.id AND m.segment = 'PU' AND m.valid @> %(on)s::date)
   UNION ALL
  SELECT 'not_reported', 'payer:' || y.id, y.id, NULL, NULL, y.place_id, coalesce(s.workers, 0), 0,
         coalesce(s.workers, 0), 'Pendaftaran perusahaan', e.joined_on,
         jsonb_build_object('month', to_char(%(due)s::date, 'YYYY-MM'), 'never', true)
    FROM payers_employer e JOIN payers_payer y ON y.id = e.payer_id
    LEFT JOIN payers_employerscale s ON s.payer_id = y.id AND s.superseded_at IS NULL AND s.valid @> %(on)s::date
   WHERE y.kind = 'company' AND e.joined_on <= %(joined_by)s
     AND NOT EXISTS (SELECT 1 FROM contributions_bill b WHERE b.payer_id = y.id)
"""
# A report for the month is there, a worker is not on it, and the membership still stands («status masih aktif»).
LEAVERS = """
  SELECT 'leavers', 'payer:' || d.payer_id, d.payer_id, NULL::bigint, NULL::bigint, y.place_id, count(*)::integer,
         d.people::bigint, (d.people + count(*))::bigint,
         'Daftar kepesertaan dibanding laporan upah bulan ' || to_char(d.month, 'MM-YYYY'), d.month,
         jsonb_build_object('month', to_char(d.month, 'YYYY-MM'))
    FROM reports d JOIN payers_payer y ON y.id = d.payer_id
    JOIN membership_membership m ON m.payer_id = d.payer_id AND m.segment = 'PU' AND m.valid @> %(on)s::date
     AND m.registered_on < %(after_due)s
   WHERE d.month = %(due)s AND NOT EXISTS (
     SELECT 1 FROM reported r WHERE r.person_id = m.person_id AND r.job = m.job AND r.payer_id = d.payer_id
        AND r.month >= %(due)s)
   GROUP BY d.payer_id, d.people, d.month, y.place_id
"""
COMPARISONS = (
    PWBD, WORKERS, OTHER_WAGE, MINIMUM_WAGE, FLAT_WAGE, PROGRAMME, ASSISTED, NOT_REPORTED, LEAVERS,
)  # fmt: skip
