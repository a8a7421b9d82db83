"""Judging a claim by the law, and the second officer's approval."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lindung.claims import checklists
from lindung.claims.actions.booking import book_benefit
from lindung.claims.finding import find_claim, lock_claim, person_of_flesh, require_standing
from lindung.claims.judging import Judged
from lindung.claims.models import Claim, ClaimCompletion, Decision, DecisionApproval
from lindung.claims.queries.right import right_of
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record

_SHORTEST_REASON = 5


def judge_claim(actor: Actor, claim_id: int) -> Decision:
    """Let the law judge, and propose its answer to the second officer: pay, pay a part now and the rest after arrears,
    or refuse with article, reason and way out. A second judgement follows when the first was returned, when arrears
    were settled since, or when new proof changes a refusal.

    A certain refusal does not wait for papers; a payment does. Raises NotFound; Conflict when documents are missing,
    a decision is waiting, or nothing new is to be decided."""
    actor.require("claims.judge")
    user_id = person_of_flesh(actor)
    claim = find_claim(claim_id)
    require_standing(claim.event)
    with transaction.atomic():
        lock_claim(claim.id)
        judged = right_of(claim.event.person_id, claim.programme, claim.event.occurred_on, claim.received_on)
        settled = _settled_before(claim, judged)
        if judged.outcome == Decision.Outcome.PAY:
            _require_documents(claim)
        amount = judged.payable_now - settled
        decision = Decision.objects.create(
            claim=claim,
            outcome=judged.outcome,
            amount=max(amount, 0),
            after_arrears=judged.after_arrears,
            judgement=judged.judgement | {"already_paid": settled},
            refusal=judged.refusal,
            proposed_by_id=user_id,
            proposed_at=now(),
        )
        after = {
            "decision": decision.id,
            "outcome": judged.outcome,
            "amount": decision.amount,
            "after_arrears": judged.after_arrears,
            "law_version": judged.judgement["law_version"],
        }
        record(actor, "claims.judge", f"claim:{claim.id}", after=after)
    return decision


def _settled_before(claim: Claim, judged: Judged) -> int:
    """What earlier approved decisions already give, in rupiah. Raises Conflict when nothing new can be decided."""
    latest = claim.decisions.select_related("approval").order_by("-id").first()
    if latest is None:
        return 0
    approval = getattr(latest, "approval", None)
    if approval is None:
        raise Conflict(
            "decision_waiting",
            _("Keputusan klaim ini masih menunggu penyetuju."),
            way_out=_("Tunggu persetujuan, atau minta penyetuju mengembalikannya dengan alasan."),
        )
    settled = claim.decisions.filter(outcome="pay", approval__outcome="approved").aggregate(sum=Sum("amount"))["sum"]
    if approval.outcome == DecisionApproval.Outcome.APPROVED:
        nothing_new = judged.payable_now <= (settled or 0)
        if nothing_new and (latest.outcome, latest.after_arrears) == (judged.outcome, judged.after_arrears):
            raise Conflict(
                "already_decided",
                _("Klaim ini sudah diputuskan, dan tidak ada fakta baru yang mengubahnya."),
                way_out=_("Setelah tunggakan lunas atau bukti baru tercatat, nilai ulang klaim ini."),
            )
        if nothing_new and settled:
            raise Conflict("already_paid", _("Santunan yang disetujui sudah mencakup seluruh hak klaim ini."))
    return settled or 0


def _require_documents(claim: Claim) -> None:
    if ClaimCompletion.objects.filter(claim=claim).exists():
        return
    have = claim.documents.values_list("kind", flat=True)
    titles = [str(item.title) for item in checklists.missing(claim.checklist_version, claim.claimant_relation, have)]
    raise Conflict(
        "documents_missing",
        _("Dokumen belum lengkap: %(names)s.") % {"names": "; ".join(titles)},
        way_out=_("Terima dokumen yang kurang, lalu nilai klaim ini."),
    )


def decide_approval(actor: Actor, decision_id: int, outcome: str, reason: str) -> DecisionApproval:
    """The second officer approves a decision or returns it with a reason. Refusals need it as well.

    The same answer by the same officer again has no effect. Raises NotFound, InvalidInput, and Conflict when the
    officer is the one who judged (PostgreSQL refuses it too) or another answer was already given."""
    actor.require("claims.approve")
    user_id = person_of_flesh(actor)
    if outcome not in DecisionApproval.Outcome.values:
        raise InvalidInput("outcome_unknown", _("Pilih setujui atau kembalikan."), field="outcome")
    reason = reason.strip()
    if len(reason) < _SHORTEST_REASON:
        raise InvalidInput(
            "reason_missing", _("Tulis alasan, contoh: berkas dan riwayat iuran sesuai."), field="reason"
        )
    decision = Decision.objects.filter(pk=decision_id).select_related("claim__event").first()
    if decision is None:
        raise NotFound("decision_not_found", _("Keputusan tidak ditemukan."))
    if decision.proposed_by_id == user_id:
        raise Conflict(
            "four_eyes",
            _("Yang menilai klaim tidak boleh menyetujuinya sendiri."),
            way_out=_("Minta petugas lain yang berwenang menyetujui."),
        )
    require_standing(decision.claim.event)
    with transaction.atomic():
        lock_claim(decision.claim_id)
        approval, is_new = DecisionApproval.objects.get_or_create(
            decision=decision,
            defaults={
                "proposed_by_id": decision.proposed_by_id,
                "decided_by_id": user_id,
                "outcome": outcome,
                "reason": reason,
                "decided_at": now(),
            },
        )
        if not is_new and (approval.outcome, approval.decided_by_id) != (outcome, user_id):
            raise Conflict("already_answered", _("Keputusan ini sudah dijawab oleh penyetuju."))
        if is_new:
            if outcome == DecisionApproval.Outcome.APPROVED:
                book_benefit(actor, decision, today())
            record(
                actor,
                "claims.approve",
                f"claim:{decision.claim_id}",
                reason,
                after={"decision": decision.id, "outcome": outcome},
            )
    return approval
