"""Where a claim stands, worked out from the rows alone: nothing is ever updated."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lindung.core.ui.listing import Badge

# One row per claim with its latest decision, and the state. Tables under row-level security keep it narrow.
CLAIM_STATE = """
SELECT c.id, c.number, c.programme, c.claimant_name, c.received_on, c.event_id,
       p.id AS person_id, p.name AS person_name, p.nik, e.occurred_on, e.cause, v.name AS village,
       k.complete_on, k.pay_by, d.id AS decision_id, d.outcome, d.amount, d.after_arrears,
       CASE WHEN w.event_id IS NOT NULL THEN 'withdrawn'
            WHEN d.id IS NULL OR a.outcome = 'returned'
                 THEN CASE WHEN k.claim_id IS NULL THEN 'documents' ELSE 'to_judge' END
            WHEN a.decision_id IS NULL THEN 'to_approve'
            WHEN d.outcome = 'refuse' THEN 'refused'
            WHEN d.amount = 0 THEN 'arrears'
            WHEN o.id IS NULL THEN 'to_pay'
            WHEN r.batch_id IS NULL THEN 'to_release'
            WHEN f.payout_id IS NULL THEN 'at_bank'
            WHEN d.after_arrears > 0 THEN 'arrears'
            ELSE 'paid' END AS state,
       f.paid_on
  FROM claims_claim c
  JOIN claims_insuredevent e ON e.id = c.event_id
  LEFT JOIN claims_eventwithdrawal w ON w.event_id = e.id
  JOIN people_person p ON p.id = e.person_id
  JOIN places_place v ON v.key = c.place_id
  LEFT JOIN claims_claimcompletion k ON k.claim_id = c.id
  LEFT JOIN LATERAL (SELECT * FROM claims_decision WHERE claim_id = c.id ORDER BY id DESC LIMIT 1) d ON true
  LEFT JOIN claims_decisionapproval a ON a.decision_id = d.id
  LEFT JOIN claims_payout o ON o.decision_id = d.id
  LEFT JOIN claims_payoutrelease r ON r.batch_id = o.batch_id
  LEFT JOIN claims_payoutconfirmation f ON f.payout_id = o.id
"""

STATES = {
    "documents": Badge(_("Menunggu dokumen"), "soon"),
    "to_judge": Badge(_("Siap dinilai"), "info"),
    "to_approve": Badge(_("Menunggu persetujuan"), "info"),
    "to_pay": Badge(_("Disetujui, siap dibayar"), "info"),
    "to_release": Badge(_("Menunggu pelepasan"), "info"),
    "at_bank": Badge(_("Di bank"), "info"),
    "arrears": Badge(_("Menunggu pelunasan tunggakan"), "soon"),
    "paid": Badge(_("Dibayar"), "ok"),
    "refused": Badge(_("Ditolak dengan alasan"), "danger"),
    "withdrawn": Badge(_("Ditutup: kematian dicabut"), "neutral"),
}
# While the money is not with the heir, the legal clock runs.
RUNNING = frozenset({"to_judge", "to_approve", "to_pay", "to_release", "at_bank"})
