"""Lists come in: received, checked row by row, answered. Each function is one act and one transaction."""

from __future__ import annotations

from dataclasses import replace

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from lindung.assistance.checking import ACCEPTED, KNOWN, REJECTED, TO_FIX, check_rows
from lindung.assistance.models import Proposal, Scheme
from lindung.assistance.storing import answer_workbook, store
from lindung.core.actors import EVERYWHERE, Actor, acting_as
from lindung.core.clock import now, today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.files import XLSX, digest_of, read_file, store_file
from lindung.core.jobs import ProgressFunction, enqueue, silent
from lindung.core.log import record
from lindung.core.ui.words import in_official_language
from lindung.formats.errors import FormatError
from lindung.formats.guard import WorkbookFacts, check_workbook
from lindung.formats.proposals import read_proposals

SUBMIT = "assistance.submit"
CELLS_AT_ONCE = 45_000  # about 3,000 rows; larger lists are checked in the background
_SCHEME_LOCK = 7317  # first key of the advisory lock that lists and decrees of one scheme take in turn


def scheme_in_turn(scheme_id: int) -> Scheme:
    """The scheme, held until the end of the transaction. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SCHEME_LOCK, scheme_id])
    scheme = Scheme.objects.select_related("payer", "place").filter(pk=scheme_id).first()
    if scheme is None:
        raise NotFound(
            "scheme_not_found", _("Program bantuan tidak ditemukan."), way_out=_("Pilih program dari daftar.")
        )
    return scheme


def sender_area(actor: Actor, scheme: Scheme) -> int:
    """The place an actor sends for: the regency if it lies in the scope, else the one place of the scope."""
    if any(low <= scheme.place_id <= high for low, high in actor.scope):
        return scheme.place_id
    if not actor.scope:
        raise InvalidInput(
            "no_area",
            _("Akun Bapak/Ibu belum mempunyai wilayah kerja."),
            way_out=_("Minta administrator mengisi wilayah kerja akun ini."),
        )
    return actor.scope[0][0]


@transaction.atomic
def receive_proposal(actor: Actor, scheme_id: int, file_name: str, content: bytes) -> Proposal:
    """Take in a workbook (.xlsx) and have it checked: small ones now, large ones in the background (`proposal.job`).

    The same content a second time changes nothing: the earlier proposal comes back with `repeated` set. Raises
    NotAllowed, InvalidInput (not a sound workbook), NotFound (scheme), Conflict (another office sent it)."""
    actor.require(SUBMIT)
    scheme = scheme_in_turn(scheme_id)
    facts = _sound(content)
    digest = digest_of(content)
    earlier = Proposal.objects.filter(scheme=scheme, file_digest=digest).first()
    if earlier is not None:
        earlier.repeated = True
        record(actor, "assistance.repeat_proposal", f"proposal:{earlier.pk}", after={"digest": digest})
        return earlier
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                scheme=scheme, place_id=sender_area(actor, scheme), file=store_file(actor, file_name, content, XLSX),
                file_digest=digest, file_name=file_name[:200], received_by_id=actor.user_id,
                received_at=now(),
            )  # fmt: skip
    except IntegrityError as error:
        if "same_workbook_once" not in str(error):
            raise
        raise Conflict(
            "sent_by_another",
            _("Berkas yang sama persis sudah dikirim oleh kantor lain."),
            field="file",
            way_out=_("Tanyakan kepada petugas kabupaten, atau kirim hanya baris yang belum terkirim."),
        ) from error
    record(actor, "assistance.receive_proposal", f"proposal:{proposal.pk}",
           after={"scheme": scheme.pk, "digest": digest, "bytes": len(content)})  # fmt: skip
    if sum(sheet.count.cells for sheet in facts.sheets) <= CELLS_AT_ONCE:
        return check_proposal(actor, proposal.pk)
    from lindung.assistance.tasks import check_proposal_task  # the task calls back into this module

    proposal.job = enqueue(actor, check_proposal_task, "check_proposal", f"Pemeriksaan {file_name[:90]}",
                           proposal_id=proposal.pk)  # fmt: skip
    proposal.save(update_fields=["job"])
    return proposal


def _sound(content: bytes) -> WorkbookFacts:
    try:
        return check_workbook(content)
    except FormatError as error:
        raise InvalidInput(error.code, error.message, field="file", way_out=error.way_out) from error


@transaction.atomic
def check_proposal(actor: Actor, proposal_id: int, progress: ProgressFunction = silent) -> Proposal:
    """Check every row, keep rows, outcome and answer workbook together; a checked proposal is left as it is.

    A list without usable columns ends `failed` with the way to mend it. Raises NotAllowed, NotFound."""
    actor.require(SUBMIT)
    proposal = Proposal.objects.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound("proposal_not_found", _("Usulan tidak ditemukan."))
    # The check compares with people and decrees everywhere; what the actor may see afterwards stays as it was.
    with acting_as(replace(actor, scope=EVERYWHERE)):
        scheme = scheme_in_turn(proposal.scheme_id)
        proposal = Proposal.objects.select_for_update().select_related("place").get(pk=proposal_id, scheme=scheme)
        if proposal.state == Proposal.State.RECEIVED:
            _check(actor, proposal, scheme, progress)
    return proposal


@in_official_language
def _check(actor: Actor, proposal: Proposal, scheme: Scheme, progress: ProgressFunction) -> None:
    content = read_file(proposal.file_id)[1]
    try:
        sheet = read_proposals(content)
        if sheet.frame.is_empty():
            raise FormatError("tanpa_baris", "Daftar ini tidak berisi satu orang pun.",
                              "Isi satu orang per baris di bawah judul kolom, lalu unggah lagi.")  # fmt: skip
    except FormatError as error:
        proposal.state, proposal.failure = Proposal.State.FAILED, f"{error.message} {error.way_out}"
        proposal.save(update_fields=["state", "failure"])
        record(actor, "refused", f"proposal:{proposal.pk}", error.message, after={"code": error.code})
        return
    total = sheet.frame.height
    progress(total // 4, total, "Daftar dibaca")
    checked = check_rows(sheet.frame, proposal, scheme, today())
    progress(total // 2, total, "Baris diperiksa")
    store(proposal, sheet, checked)
    progress(total * 3 // 4, total, "Hasil disimpan")
    try:
        answer = answer_workbook(content, sheet, checked)
        proposal.answer_file = store_file(actor, f"Hasil {proposal.file_name}", answer, XLSX)
    except FormatError as error:  # the rows are kept all the same; the screen shows their reasons
        proposal.failure = f"{error.message} {error.way_out}"
    proposal.state = Proposal.State.CHECKED
    proposal.rows_received = total
    proposal.rows_accepted, proposal.rows_to_fix = checked.count(ACCEPTED), checked.count(TO_FIX)
    proposal.rows_rejected, proposal.rows_known = checked.count(REJECTED), checked.count(KNOWN)
    proposal.save()
    record(
        actor,
        "assistance.check_proposal",
        f"proposal:{proposal.pk}",
        after={name: getattr(proposal, f"rows_{name}") for name in ("received", ACCEPTED, TO_FIX, REJECTED, KNOWN)},
    )
    progress(total, total, "Selesai")
