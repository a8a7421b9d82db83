"""Acts of the ladder: propose a step with its letter, decide it, record its sending, close what is paid."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from lindung.compliance.arrears import OVERDUE, arrears_of, overdue_bills
from lindung.compliance.following import running_plan
from lindung.compliance.letters import issuer, ladder_letter
from lindung.compliance.models import ArrearsCase, CaseClosure, LadderStep, StepDecision, StepSending
from lindung.compliance.rules import deadline_after
from lindung.compliance.steps import BY_CODE, STEPS, StepKind
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from lindung.core.files import PDF, document_type, store_file
from lindung.core.log import record
from lindung.core.ui.words import long_date
from lindung.formats.compliance_letters import as_content, company_letter_pdf, digest
from lindung.payers.models import Payer

STEP, DECIDE = "compliance.step", "compliance.decide"
_LOCK_NUMBERS, _LOCK_PAYER = 7320, 7319


def officer(actor: Actor) -> int:
    """Who answers for the act: a program cannot. Raises NotAllowed."""
    if actor.user_id is None:
        raise NotAllowed(
            "officer_needed",
            _("Langkah penagihan hanya dapat diusulkan dan diputuskan oleh petugas."),
            way_out=_("Masuk dengan akun petugas yang berwenang."),
        )
    return actor.user_id


def need_reason(reason: str) -> str:
    """The reason without blanks around it. Raises InvalidInput when there is none."""
    if len(reason.strip()) < 5:
        raise InvalidInput(
            "reason_missing",
            _("Alasan belum diisi."),
            field="reason",
            way_out=_("Tulis paling sedikit satu kalimat pendek, contoh: sudah ditelepon 12 Februari, tidak menjawab."),
        )
    return reason.strip()[:500]


def next_number(prefix: str, year: int) -> str:
    """SP1-2026-0003: counted without gaps per kind and year, under a lock."""
    stem = f"{prefix}-{year}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 1)", [_LOCK_NUMBERS])
        cursor.execute(
            "SELECT coalesce(max(right(number, 4)::integer), 0) + 1 FROM (SELECT number FROM compliance_ladderstep"
            " UNION ALL SELECT number FROM compliance_arrearscase"
            " UNION ALL SELECT number FROM compliance_paymentplan) n WHERE number LIKE %s",
            [f"{stem}%"],
        )
        return f"{stem}{cursor.fetchone()[0]:04d}"


def payer_in_turn(payer_id: int) -> Payer:
    """The payer, whose ladder and plans nobody else changes until the transaction ends. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_PAYER, payer_id])
    payer = Payer.objects.select_related("place").filter(pk=payer_id).first()
    if payer is None:
        raise NotFound("payer_not_found", _("Pembayar tidak ditemukan."))
    return payer


def open_case(payer_id: int) -> ArrearsCase | None:
    """The payer's case that is not closed."""
    return ArrearsCase.objects.filter(payer_id=payer_id, closure__isnull=True).first()


@transaction.atomic
def propose_step(actor: Actor, payer_id: int, reason: str) -> LadderStep:
    """Propose the payer's next step with its letter; the first step opens the case.

    Reminder and SP1 can be sent at once; from SP2 on another officer decides first. Raises NotAllowed, NotFound,
    InvalidInput (reason, nothing overdue), Conflict (a step waits or its time runs, a plan is kept, ladder at its
    end)."""
    actor.require(STEP)
    user_id, reason = officer(actor), need_reason(reason)
    payer, on = payer_in_turn(payer_id), today()
    owed = arrears_of(payer_id, on)
    if owed is None:
        raise InvalidInput("nothing_overdue", _("Tidak ada iuran yang lewat jatuh tempo, jadi tidak ada yang ditagih."))
    plan = running_plan(payer_id, on)
    if plan is not None:
        raise Conflict(
            "plan_running",
            _("Kesepakatan angsuran %(number)s masih ditepati.") % {"number": plan},
            way_out=_("Langkah berikut dapat diusulkan bila angsurannya terlambat melewati batas."),
        )
    case = open_case(payer_id) or ArrearsCase.objects.create(
        payer=payer, number=next_number("TGK", on.year), opened_on=on, opened_by=actor.name
    )
    last = _last_step(case)
    step, attempt = _next_after(last, on)
    time, bills = step.time(on), overdue_bills(payer_id, on)
    number = next_number(step.prefix, on.year)
    letter = ladder_letter(actor, step, number, payer, owed, bills, on, _earlier(case, step), _sp2_deadline(case))
    content = as_content(letter)
    made = LadderStep.objects.create(
        case=case, rank=step.rank, attempt=attempt, kind=step.code, number=number, dated=on, days=time.value,
        in_working_days=time.unit == "working_days", months=owed.months, arrears_class=owed.klass, amount=owed.amount,
        content=content, digest=digest(content),
        letter=store_file(actor, f"{number}.pdf", company_letter_pdf(letter, issuer()), PDF),
        reason=reason, proposed_by_id=user_id, proposed_by_name=actor.name,
    )  # fmt: skip
    record(
        actor, "compliance.propose_step", f"payer:{payer_id}", reason,
        after={"step": step.code, "number": number, "amount": owed.amount, "digest": made.digest},
    )  # fmt: skip
    return made


def _last_step(case: ArrearsCase) -> LadderStep | None:
    steps = case.steps.select_related("decision", "sending").order_by("-rank", "-attempt")
    return steps.first()


def _next_after(last: LadderStep | None, on: date) -> tuple[StepKind, int]:
    """The step that may follow, and which attempt at it."""
    if last is None:
        return STEPS[0], 1
    decision: StepDecision | None = getattr(last, "decision", None)
    if decision is not None and decision.outcome == StepDecision.Outcome.RETURNED:
        return STEPS[last.rank - 1], last.attempt + 1
    sending: StepSending | None = getattr(last, "sending", None)
    if sending is None:
        raise Conflict(
            "step_waiting",
            _("%(step)s nomor %(number)s belum selesai.") % {"step": BY_CODE[last.kind].title, "number": last.number},
            way_out=_("Putuskan dan kirim surat itu dahulu."),
        )
    if sending.deadline_on >= on:
        raise Conflict(
            "deadline_running",
            _("Perusahaan masih punya waktu menjawab %(step)s sampai %(day)s.")
            % {"step": BY_CODE[last.kind].title, "day": long_date(sending.deadline_on)},
            way_out=_("Tunggu sampai tanggal itu lewat."),
        )
    if last.rank == len(STEPS):
        raise Conflict("ladder_ends", _("Langkah terakhir (SKK) sudah ditempuh; tidak ada langkah berikutnya."))
    return STEPS[last.rank], 1


def _earlier(case: ArrearsCase, step: StepKind) -> str:
    """The letter this one follows: the last that was sent."""
    sent = case.steps.filter(rank__lt=step.rank, sending__isnull=False).order_by("-rank").first()
    return sent.number if sent else ""


def _sp2_deadline(case: ArrearsCase) -> date | None:
    return (
        StepSending.objects.filter(step__case=case, step__kind=LadderStep.Kind.SP2)
        .values_list("deadline_on", flat=True)
        .first()
    )


def _step_in_turn(step_id: int) -> LadderStep:
    found = LadderStep.objects.select_related("case").filter(pk=step_id).first()
    if found is None:
        raise NotFound("step_not_found", _("Surat penagihan tidak ditemukan."))
    payer_in_turn(found.case.payer_id)
    return found


@transaction.atomic
def decide_step(actor: Actor, step_id: int, outcome: str, reason: str) -> StepDecision:
    """The second officer approves or returns a step. The same decision twice is one. Raises NotAllowed (also for the
    proposer), NotFound, InvalidInput, Conflict (decided otherwise, or a step that needs no decision)."""
    actor.require(DECIDE)
    user_id, reason = officer(actor), need_reason(reason)
    if outcome not in StepDecision.Outcome.values:
        raise InvalidInput("outcome", _("Pilih setujui atau kembalikan."), field="outcome")
    step = _step_in_turn(step_id)
    earlier = StepDecision.objects.filter(step=step).first()
    if earlier is not None:
        if earlier.outcome == outcome and earlier.decided_by_id == user_id:
            return earlier
        raise Conflict(
            "step_decided", _("Langkah ini sudah diputuskan oleh %(name)s.") % {"name": earlier.decided_by_name}
        )
    if not BY_CODE[step.kind].second_officer:
        raise Conflict("no_decision_needed", _("Langkah ini tidak memerlukan pejabat kedua; langsung dikirim."))
    if step.proposed_by_id == user_id:
        raise NotAllowed(
            "own_proposal",
            _("Bapak/Ibu yang mengusulkan langkah ini, jadi pejabat lain yang memutuskannya."),
            way_out=_("Minta pejabat penyetuju membuka halaman perusahaan ini."),
        )
    made = StepDecision.objects.create(
        step=step, outcome=outcome, proposed_by_id=step.proposed_by_id, decided_by_id=user_id,
        decided_by_name=actor.name, reason=reason,
    )  # fmt: skip
    record(
        actor, "compliance.decide_step", f"payer:{step.case.payer_id}", reason,
        after={"step": step.kind, "number": step.number, "outcome": outcome},
    )  # fmt: skip
    return made


@transaction.atomic
def send_step(
    actor: Actor, step_id: int, sent_on: date, channel: str, proof: str, proof_file: tuple[str, bytes] | None = None
) -> StepSending:
    """Record that a letter was sent, with its proof in words and, if there is one, on paper (name, content); the
    payer's time runs from that day. The same twice is once.

    Raises NotAllowed, NotFound, InvalidInput (day, channel, proof, no PDF or picture), Conflict (not approved, sent
    otherwise, or paid meanwhile: then no letter may go out)."""
    actor.require(STEP)
    officer(actor)
    step = _step_in_turn(step_id)
    proof, on = " ".join(proof.split())[:200], today()
    _check_sending(step, sent_on, channel, proof, on)
    earlier = StepSending.objects.filter(step=step).first()
    if earlier is not None:
        if (earlier.sent_on, earlier.channel, earlier.proof) == (sent_on, channel, proof):
            return earlier
        raise Conflict(
            "step_sent", _("Surat ini sudah tercatat terkirim pada %(day)s.") % {"day": long_date(earlier.sent_on)}
        )
    if BY_CODE[step.kind].second_officer and not StepDecision.objects.filter(step=step, outcome="approved").exists():
        raise Conflict(
            "not_approved",
            _("Surat ini belum disetujui pejabat kedua."),
            way_out=_("Minta pejabat penyetuju memutuskannya dahulu."),
        )
    if arrears_of(step.case.payer_id, on) is None:
        raise Conflict(
            "paid_meanwhile",
            _("Tunggakannya sudah lunas. Surat ini tidak perlu dikirim."),
            way_out=_("Tutup perkaranya sebagai lunas."),
        )
    file = store_file(actor, *proof_file, document_type(proof_file[1])) if proof_file else None
    made = StepSending.objects.create(
        step=step, sent_on=sent_on, deadline_on=deadline_after(sent_on, step.days, step.in_working_days),
        channel=channel, proof=proof, proof_file=file, recorded_by=actor.name,
    )  # fmt: skip
    record(
        actor, "compliance.send_step", f"payer:{step.case.payer_id}",
        after={"number": step.number, "sent_on": sent_on.isoformat(), "deadline_on": made.deadline_on.isoformat()},
    )  # fmt: skip
    return made


def _check_sending(step: LadderStep, sent_on: date, channel: str, proof: str, on: date) -> None:
    if not step.dated <= sent_on <= on:
        raise InvalidInput(
            "sent_on",
            _("Tanggal kirim harus dari %(first)s sampai %(last)s.")
            % {"first": long_date(step.dated), "last": long_date(on)},
            field="sent_on",
        )
    if channel not in StepSending.Channel.values:
        raise InvalidInput("channel", _("Pilih cara kirim: diantar, pos, surel, atau WhatsApp."), field="channel")
    if len(proof) < 3:
        raise InvalidInput(
            "proof_missing",
            _("Bukti kirim belum diisi."),
            field="proof",
            way_out=_("Contoh: resi pos 123456789, atau diterima oleh Ibu Rina (HRD)."),
        )


@transaction.atomic
def close_paid(actor: Actor, on: date | None = None) -> int:
    """Close every open case whose payer has nothing overdue any more; returns how many. Twice is once."""
    day = on or today()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO compliance_caseclosure (case_id, closed_on, why, reason, closed_by)
            SELECT c.id, %(on)s, 'paid', %(reason)s, %(by)s FROM compliance_arrearscase c
             WHERE NOT EXISTS (SELECT 1 FROM compliance_caseclosure x WHERE x.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM ({OVERDUE}) o WHERE o.payer_id = c.payer_id)
            ON CONFLICT DO NOTHING RETURNING case_id
            """,
            {"on": day, "reason": "Semua tagihan yang jatuh tempo sudah lunas.", "by": actor.name},
        )
        closed = [row[0] for row in cursor.fetchall()]
    if closed:
        record(actor, "compliance.close_paid", "cases", after={"cases": closed})
    return len(closed)


@transaction.atomic
def close_mistaken(actor: Actor, case_id: int, reason: str) -> CaseClosure:
    """Close a case that should not have been opened. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
    actor.require(DECIDE)
    officer(actor)
    reason = need_reason(reason)
    case = ArrearsCase.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound("case_not_found", _("Perkara penagihan tidak ditemukan."))
    payer_in_turn(case.payer_id)
    if CaseClosure.objects.filter(case=case).exists():
        raise Conflict("case_closed", _("Perkara ini sudah ditutup."))
    made = CaseClosure.objects.create(
        case=case, closed_on=today(), why=CaseClosure.Why.MISTAKEN, reason=reason, closed_by=actor.name
    )
    record(actor, "compliance.close_case", f"payer:{case.payer_id}", reason, after={"case": case.number})
    return made
