"""Acts on payment plans: propose what both sides agreed on, decide it by a second officer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.compliance.arrears import overdue_bills
from lindung.compliance.following import plans
from lindung.compliance.ladder import DECIDE, need_reason, next_number, officer, open_case, payer_in_turn
from lindung.compliance.models import PaymentPlan, PlanBill, PlanDecision, PlanInstalment
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.log import record
from lindung.core.money import format_rupiah
from lindung.core.months import add_months, last_day

PLAN = "compliance.plan"
MOST_INSTALMENTS = 24


def split(amount: int, first_due: date, count: int) -> list[tuple[date, int]]:
    """Equal instalments a month apart on the same day of the month (or its last); the first takes what is left over."""
    part, rest = divmod(amount, count)
    days = []
    for number in range(count):
        month = add_months(first_due, number)
        days.append(month.replace(day=min(first_due.day, last_day(month).day)))
    return [(day, part + (rest if number == 0 else 0)) for number, day in enumerate(days)]


@transaction.atomic
def propose_plan(
    actor: Actor, payer_id: int, instalments: Sequence[tuple[date, int]], signer: str, title: str, reason: str
) -> PaymentPlan:
    """Write down a payment plan that the company has signed, for all that is overdue today: instalments as (day,
    rupiah). Penalties for lateness go on. Another officer decides (`decide_plan`).

    Raises NotAllowed, NotFound, InvalidInput (signer, instalments), Conflict (a plan waits or runs)."""
    actor.require(PLAN)
    user_id, reason = officer(actor), need_reason(reason)
    payer, on = payer_in_turn(payer_id), today()
    signer, title = " ".join(signer.split())[:150], " ".join(title.split())[:150]
    if len(signer) < 3 or len(title) < 3:
        raise InvalidInput(
            "signer_missing",
            _("Nama dan jabatan penanda tangan perusahaan belum diisi."),
            field="signer",
            way_out=_("Contoh: Budi Santoso, Direktur."),
        )
    bills = overdue_bills(payer_id, on)
    amount = sum(bill.left for bill in bills)
    _check_instalments(instalments, amount, on)
    standing = next((plan for plan in plans(on, payer_id) if plan.state in ("waiting", "kept", "late")), None)
    if standing is not None:
        raise Conflict(
            "plan_exists",
            _("Kesepakatan angsuran %(number)s belum selesai.") % {"number": standing.number},
            way_out=_("Putuskan atau selesaikan kesepakatan itu dahulu."),
        )
    plan = PaymentPlan.objects.create(
        payer=payer, case=open_case(payer_id), number=next_number("KBA", on.year), agreed_on=on, amount=amount,
        company_signer=signer, company_title=title, reason=reason, proposed_by_id=user_id, proposed_by_name=actor.name,
    )  # fmt: skip
    PlanBill.objects.bulk_create([PlanBill(plan=plan, bill_id=bill.bill_id, amount=bill.left) for bill in bills])
    PlanInstalment.objects.bulk_create(
        [
            PlanInstalment(plan=plan, number=number, due_on=day, amount=part)
            for number, (day, part) in enumerate(sorted(instalments), start=1)
        ]
    )
    record(
        actor, "compliance.propose_plan", f"payer:{payer_id}", reason,
        after={"number": plan.number, "amount": amount, "instalments": len(instalments)},
    )  # fmt: skip
    return plan


def _check_instalments(instalments: Sequence[tuple[date, int]], amount: int, on: date) -> None:
    if amount == 0:
        raise InvalidInput(
            "nothing_overdue", _("Tidak ada iuran yang lewat jatuh tempo, jadi tidak ada yang diangsur.")
        )
    if not 1 <= len(instalments) <= MOST_INSTALMENTS:
        raise InvalidInput(
            "instalment_count",
            _("Banyaknya angsuran harus 1 sampai %(most)d.") % {"most": MOST_INSTALMENTS},
            field="count",
        )
    days = [day for day, _part in instalments]
    if min(days) < on or len(set(days)) < len(days):
        raise InvalidInput(
            "instalment_days",
            _("Tanggal angsuran harus mulai hari ini dan tidak boleh sama."),
            field="first_due",
        )
    total = sum(part for _day, part in instalments)
    if min(part for _day, part in instalments) <= 0 or total != amount:
        raise InvalidInput(
            "instalment_sum",
            _("Jumlah angsuran %(sum)s, padahal tunggakannya %(amount)s.")
            % {"sum": format_rupiah(total), "amount": format_rupiah(amount)},
            field="count",
            way_out=_("Samakan keduanya, tiap angsuran lebih dari nol."),
        )


@transaction.atomic
def decide_plan(actor: Actor, plan_id: int, outcome: str, reason: str) -> PlanDecision:
    """The second officer approves or returns a plan. The same decision twice is one. Raises NotAllowed (also for the
    proposer), NotFound, InvalidInput, Conflict."""
    actor.require(DECIDE)
    user_id, reason = officer(actor), need_reason(reason)
    if outcome not in PlanDecision.Outcome.values:
        raise InvalidInput("outcome", _("Pilih setujui atau kembalikan."), field="outcome")
    plan = PaymentPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        raise NotFound("plan_not_found", _("Kesepakatan angsuran tidak ditemukan."))
    payer_in_turn(plan.payer_id)
    earlier = PlanDecision.objects.filter(plan=plan).first()
    if earlier is not None:
        if earlier.outcome == outcome and earlier.decided_by_id == user_id:
            return earlier
        raise Conflict(
            "plan_decided", _("Kesepakatan ini sudah diputuskan oleh %(name)s.") % {"name": earlier.decided_by_name}
        )
    if plan.proposed_by_id == user_id:
        raise NotAllowed(
            "own_proposal",
            _("Bapak/Ibu yang mengusulkan kesepakatan ini, jadi pejabat lain yang memutuskannya."),
            way_out=_("Minta pejabat penyetuju membuka halaman perusahaan ini."),
        )
    made = PlanDecision.objects.create(
        plan=plan, outcome=outcome, proposed_by_id=plan.proposed_by_id, decided_by_id=user_id,
        decided_by_name=actor.name, reason=reason,
    )  # fmt: skip
    record(
        actor, "compliance.decide_plan", f"payer:{plan.payer_id}", reason,
        after={"number": plan.number, "outcome": outcome},
    )  # fmt: skip
    return made
