"""What goes out on paper: the letter to the family, the decision, the receipt of the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lindung import law
from lindung.claims import checklists
from lindung.claims.judging import Judged, judge_death
from lindung.claims.models import Decision, InsuredEvent, Payout
from lindung.claims.queries.heirs import relation_title
from lindung.claims.queries.right import programmes_for
from lindung.claims.receipts import parts_paid, receipt_lines
from lindung.contributions.queries import ClaimFacts, claim_facts
from lindung.core.actors import Actor
from lindung.core.clock import now, today
from lindung.core.crypto import decrypt_text
from lindung.core.models import Installation, User
from lindung.core.money import format_rupiah
from lindung.core.ui.words import in_official_language
from lindung.formats.documents import (
    DecisionReceipt,
    HeirNotice,
    Issuer,
    PaymentReceipt,
    ReceiptLine,
    Refusal,
    Right,
    ServicePlace,
    heir_notice_pdf,
    payment_receipt_pdf,
    receipt_pdf,
)
from lindung.formats.words import late, long_date
from lindung.places.models import Place

FREE = "Gratis, tidak ada potongan."
_PARTS = {"death": "Santunan kematian", "periodic": "Santunan berkala, dibayar sekaligus", "funeral": "Biaya pemakaman"}
BENEFITS = {"JKM": "Jaminan Kematian (JKM)", "JKK": "Jaminan Kecelakaan Kerja (JKK), kematian karena kerja"}


@dataclass(frozen=True)
class Letter:
    """A letter as text, for the record and for a message, and as a PDF; none where the record shows no right."""

    text: str
    pdf: bytes | None


def _issuer() -> Issuer:
    installation = Installation.objects.get(id=1)
    return Issuer(
        office=f"Layanan Jaminan Sosial Ketenagakerjaan {installation.name}",
        place=installation.name.removeprefix("Kabupaten "),
        made_at=now(),
    )


def _signer(actor: Actor) -> tuple[str, str]:
    title = User.objects.filter(pk=actor.user_id or 0).values_list("title", flat=True).first()
    return title or "Petugas", actor.name


@in_official_language
def heir_letter(actor: Actor, event: InsuredEvent, told_name: str, relation: str) -> Letter:
    """The letter that tells a family its right: what, how much by today's record, which papers, where; free."""
    programme = programmes_for(event.source, event.cause)[0]
    facts = claim_facts(event.person_id, event.occurred_on)
    judged = judge_death(programme, event.occurred_on, facts, False, today())
    if judged.refusal is not None:
        return _no_right(event, told_name, judged.refusal)
    result = judged.judgement["result"]
    rights = [Right(label=label, amount=result[part]) for part, label in _PARTS.items() if result[part]]
    papers = [str(item.title) for item in checklists.required(checklists.version_for(programme), relation)]
    village = Place.objects.get(pk=event.place_id).name
    until = law.judge("claim_expiry", event.occurred_on, {"programme": programme}).result["claim_until"]
    condition = _condition(facts, judged)
    title, name = _signer(actor)
    notice = HeirNotice(
        number=f"PHW-{event.id:06d}",
        family_name=told_name,
        address=event.person.address or f"Desa {village}",
        deceased_name=event.person.name,
        deceased_sex=event.person.sex,
        death_date=event.occurred_on,
        payer=facts.payer_name or "-",
        rights=rights,
        documents=papers,
        signer_title=title,
        signer_name=name,
        issuer=_issuer(),
        condition=condition,
        places=[
            ServicePlace(name=f"Kantor Desa {village}", address="Petugas desa membantu mengumpulkan berkas, gratis"),
            ServicePlace(name="Kantor cabang BPJS Ketenagakerjaan", address="Tempat mengajukan klaim", phone="175"),
        ],
        deadline=date.fromisoformat(until) if until else None,
        deadline_article="PP 82/2019 Pasal 26" if until else "",
    )
    total = format_rupiah(sum(right.amount or 0 for right in rights))
    text = " ".join(
        filter(
            None,
            [
                f"Bapak/Ibu {told_name}, kami turut berduka atas meninggalnya {event.person.name} "
                f"pada {long_date(event.occurred_on)}.",
                f"{late(event.person.sex)} adalah peserta BPJS Ketenagakerjaan. Ahli waris berhak atas "
                f"{BENEFITS[programme]}: {total}.",
                condition,
                f"Siapkan: {'; '.join(papers)}.",
                f"Bawa ke Kantor Desa {village} atau kantor cabang BPJS Ketenagakerjaan. Tanya 175. {FREE}",
            ],
        )
    )
    return Letter(text, heir_notice_pdf(notice))


def _no_right(event: InsuredEvent, told_name: str, refusal: dict[str, Any]) -> Letter:
    """The family of someone without cover is told so, with the way out, and that it may claim all the same."""
    opening = f"Bapak/Ibu {told_name}, kami turut berduka atas meninggalnya {event.person.name}."
    closing = "Keluarga tetap boleh mengajukan klaim dan akan mendapat jawaban tertulis."
    return Letter(" ".join([opening, refusal["reason"], *refusal["way_out"], closing, FREE]), None)


def _condition(facts: ClaimFacts, judged: Judged) -> str:
    """What makes the sum smaller than the family may have heard of, in plain words; empty when nothing does."""
    wait = next((step for step in judged.judgement["steps"] if step["rule"] == "jkm_full"), None)
    if wait is not None and not wait["value"]:
        return (
            f"Iuran baru lunas {facts.months_paid_consecutive} bulan berturut-turut, belum "
            f"{wait['inputs']['jkm_minimum_months']} bulan, jadi yang dibayarkan adalah biaya pemakaman "
            f"({wait['article']})."
        )
    if judged.after_arrears:
        return (
            f"Sebagian, {format_rupiah(judged.after_arrears)}, dibayarkan setelah tunggakan iuran "
            f"{format_rupiah(facts.arrears_amount)} ({facts.arrears_months} bulan) dilunasi."
        )
    return ""


@in_official_language
def decision_pdf(decision: Decision, kpj: str) -> bytes:
    """The decision as the family gets it: each legal step with its article; a refusal with its way out."""
    claim, refusal = decision.claim, decision.refusal
    lines = receipt_lines(decision.judgement, decision.judgement.get("already_paid", 0))
    return receipt_pdf(
        DecisionReceipt(
            number=f"{claim.number}-{decision.id}",
            benefit=BENEFITS[claim.programme],
            person_name=claim.event.person.name,
            nik=claim.event.person.nik,
            kpj=kpj or "-",
            event=f"Meninggal {long_date(claim.event.occurred_on)}",
            claimant=f"{claim.claimant_name} ({relation_title(claim.claimant_relation)})",
            decided_on=decision.proposed_at.date() if decision.proposed_at.date() < today() else today(),
            lines=[
                ReceiptLine(
                    label=str(line.label),
                    amount=line.amount,
                    stops=line.stop,
                    detail=str(line.note),
                    article=line.article + (" (belum terverifikasi)" if line.confidence in ("S", "M") else ""),
                )
                for line in lines
            ],
            total=decision.amount,
            issuer=_issuer(),
            refusal=Refusal(
                reason=f"{refusal['reason']} ({refusal['article']})",
                way_out=refusal["way_out"],
                objection=refusal["objection"],
            )
            if refusal
            else None,
        )
    )


@in_official_language
def payment_receipt(actor: Actor, payout: Payout, paid_on: date) -> bytes:
    """The receipt that the heir signs: the whole amount, to the heir's own account, nothing taken off."""
    claim = payout.decision.claim
    title, name = _signer(actor)
    return payment_receipt_pdf(
        PaymentReceipt(
            number=f"TT-{claim.number}-{payout.decision_id}",
            benefit=BENEFITS[claim.programme],
            person_name=claim.event.person.name,
            payee_name=claim.claimant_name,
            payee_nik=claim.claimant_nik,
            relation=str(relation_title(claim.claimant_relation)),
            bank=claim.bank_name,
            account=decrypt_text(claim.bank_account),
            paid_on=paid_on,
            lines=list(parts_paid(payout.decision.judgement, payout.amount)),
            officer_name=name,
            officer_role=title,
            issuer=_issuer(),
        )
    )
