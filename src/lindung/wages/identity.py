"""A new worker whose data do not match the register: the employer sends a photo of the identity card, the branch looks
at both and answers."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor, acting_as, on_behalf
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.files import digest_of, document_type, store_file
from lindung.core.log import record
from lindung.people.models import LifeEvent
from lindung.wages.checking import ACCEPTED
from lindung.wages.employers import employer_for, in_turn
from lindung.wages.models import IdentityAnswer, IdentityCard, IdentityDoubt, WageReport, WageReportRow
from lindung.wages.receiving import REPORT, report_for, stored_anew

IDENTITY = "wages.identity"
DIFFERS = "identity_differs"


def _standing_row(row_id: int) -> WageReportRow:
    """A row that waits because of its identity. Raises NotFound, Conflict (it does not, or not any more)."""
    row = WageReportRow.objects.select_related("report").filter(pk=row_id).first()
    if row is None:
        raise NotFound("row_not_found", _("Baris tidak ditemukan."))
    mended = WageReportRow.objects.filter(corrects=row).exists()
    if mended or DIFFERS not in row.reason_codes or row.report.state == WageReport.State.WITHDRAWN:
        raise Conflict(
            "row_not_in_doubt",
            _("Baris ini tidak menunggu pencocokan dengan data kependudukan."),
            way_out=_("Muat ulang laporannya, lalu lihat keadaan barisnya."),
        )
    return row


@transaction.atomic
def send_card(actor: Actor, row_id: int, name: str, content: bytes) -> IdentityCard:
    """Send the branch a photo of the identity card of the worker on this row. The same photo again changes nothing.

    Raises NotFound, InvalidInput (no PDF or picture), Conflict (another photo was sent; the row does not wait)."""
    actor.require(REPORT)
    row = _standing_row(row_id)
    payer = employer_for(actor, report_for(actor, row.report_id).payer_id)
    media_type = document_type(content)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        sent = IdentityCard.objects.filter(row=row).select_related("file").first()
        if sent is not None:
            if sent.file.digest == digest_of(content):
                return sent
            raise Conflict(
                "card_sent",
                _("Foto KTP untuk baris ini sudah dikirim."),
                way_out=_("Tunggu jawaban kantor cabang. Bila fotonya keliru, hubungi kantor cabang."),
            )
        card = IdentityCard.objects.create(
            row=row, payer_id=row.payer_id, place_id=row.place_id, sent_on=today(), sent_by=actor.name,
            file=store_file(authority, name, content, media_type),
        )  # fmt: skip
        record(authority, "wages.send_card", f"wage_report_row:{row.pk}")
    return card


@transaction.atomic
def answer_identity(actor: Actor, row_id: int, taken: bool, words: str = "") -> IdentityAnswer:
    """Take a row in doubt after all, having seen the card, or tell the employer in `words` what to do.

    A row that is taken is checked anew, without the doubt, and waits to be applied like every other. The same answer
    again changes nothing. Raises NotAllowed, NotFound, InvalidInput (refused without words), Conflict (no card; other
    faults; died before the month; answered otherwise)."""
    actor.require(IDENTITY)
    words = words.strip()[:250]
    if not taken and not words:
        raise InvalidInput(
            "words_missing",
            _("Tulis apa yang harus dilakukan perusahaan, tanpa menyebut isi data kependudukan."),
            field="words",
        )
    given = IdentityAnswer.objects.filter(row=row_id).first()
    if given is not None:
        return _same_answer(given, taken)
    row = _standing_row(row_id)
    payer = employer_for(actor, row.payer_id)
    with acting_as(on_behalf(actor)) as authority:
        in_turn(payer.pk)
        if given := IdentityAnswer.objects.filter(row=row).first():
            return _same_answer(given, taken)
        report = WageReport.objects.select_for_update(of=("self",)).get(pk=_standing_row(row_id).report_id)
        if taken:
            _refuse_unseen(row)
            _refuse_dead(row, report)
            anew = stored_anew(authority, report, payer, row, row.data, confirmed=True)
            _refuse_faulty(anew)
        answer = IdentityAnswer.objects.create(
            row=row, payer_id=row.payer_id, place_id=row.place_id, taken=taken, words=words, answered_on=today(),
            answered_by=actor.name,
        )  # fmt: skip
        record(authority, "wages.answer_identity", f"wage_report_row:{row.pk}", words, after={"taken": taken})
    return answer


def _same_answer(given: IdentityAnswer, taken: bool) -> IdentityAnswer:
    if given.taken != taken:
        raise Conflict("identity_answered", _("Baris ini sudah dijawab petugas lain."))
    return given


def _refuse_unseen(row: WageReportRow) -> None:
    if not IdentityCard.objects.filter(row=row).exists():
        raise Conflict(
            "card_missing",
            _("Foto KTP untuk baris ini belum dikirim."),
            way_out=_("Tunggu fotonya, atau minta perusahaan mengirimkannya."),
        )


def _refuse_dead(row: WageReportRow, report: WageReport) -> None:
    """Nobody is hired after their death; in the month of it they may have worked."""
    doubt = IdentityDoubt.objects.filter(row=row).first()
    if doubt is None or "deceased" not in doubt.codes:
        return
    deaths = LifeEvent.objects.filter(
        person=doubt.person_id, kind=LifeEvent.Kind.DEATH, void=False, occurred_on__lt=report.month
    )
    corrected = LifeEvent.objects.filter(corrects__isnull=False).values("corrects_id")
    if deaths.exclude(pk__in=corrected).exists():
        raise Conflict(
            "recorded_dead",
            _("Orang ini tercatat meninggal sebelum bulan laporan."),
            way_out=_("Bila pencatatannya keliru, batalkan dahulu catatan kematiannya, lalu jawab lagi."),
        )


def _refuse_faulty(anew: WageReportRow) -> None:
    if anew.outcome != ACCEPTED:
        raise Conflict(
            "row_has_other_faults",
            _("Baris ini masih memiliki kesalahan lain."),
            way_out=_("Minta perusahaan memperbaikinya lebih dahulu, lalu kirim foto KTP untuk baris yang baru."),
        )
