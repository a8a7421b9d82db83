"""Filing a claim and handing in its documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from lindung import law
from lindung.claims import checklists
from lindung.claims.finding import find_claim, find_event, lock_claim, require_standing
from lindung.claims.models import Claim, ClaimCompletion, ClaimDocument, InsuredEvent
from lindung.claims.queries.heirs import RELATIONS, Heir, heirs_with, relation_title
from lindung.claims.queries.right import programmes_for
from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.crypto import encrypt_text
from lindung.core.errors import Conflict, InvalidInput
from lindung.core.log import record
from lindung.core.models import StoredFile
from lindung.people.actions import add_relative
from lindung.people.queries import name_key
from lindung.places.queries import holidays_between

HEIRS_ARTICLE = "PP 44/2015 Pasal 40 ayat (2)"
# Longer than any run of holidays, so that a clock of a few working days ends within it.
_CALENDAR_DAYS = timedelta(days=60)


@dataclass(frozen=True)
class Claimant:
    """Who asks, how related (people.Relative.Relation), and the account of his own."""

    name: str
    relation: str
    nik: str
    bank_name: str
    bank_account: str
    bank_holder: str
    phone: str = ""


def file_claim(
    actor: Actor,
    event_id: int,
    programme: str,
    claimant: Claimant,
    documents: Iterable[str] = (),
    traffic: bool = False,
) -> Claim:
    """Open an heir's claim, also for someone without cover: it then gets its reasoned refusal, never silence.

    `documents` are the kinds handed in now; `traffic` adds the police report to a work accident. The checklist is
    fixed here and never grows. Raises NotFound; InvalidInput when the claimant is not an heir in law, the account is
    not his own, or the programme does not fit; Conflict when the claim is already open."""
    actor.require("claims.file")
    event = find_event(event_id)
    require_standing(event)
    version = checklists.version_for(programme, traffic)
    claimant = _clean(claimant)
    _check_account(claimant)
    _check_programme(event, programme)
    heir = _check_heir(event, claimant)
    with transaction.atomic():
        fingerprint = _fingerprint(claimant)
        _refuse_borrowed_account(claimant, fingerprint)
        _refuse_second(event, programme)
        if not heir.on_record:
            add_relative(actor, event.person_id, heir.relation, claimant.name, nik=claimant.nik, phone=claimant.phone)
        claim = Claim.objects.create(
            number=f"{programme}-{today():%Y}-{event.id:06d}",
            event=event,
            place_id=event.place_id,
            programme=programme,
            claimant_name=claimant.name,
            claimant_relation=heir.relation,
            claimant_nik=claimant.nik,
            claimant_phone=claimant.phone,
            bank_name=claimant.bank_name,
            bank_holder=claimant.bank_holder,
            bank_account=encrypt_text(claimant.bank_account),
            account_fingerprint=fingerprint,
            checklist_version=version,
            received_on=today(),
            received_by=actor.name,
        )
        record(actor, "claims.file", f"claim:{claim.id}", after={"number": claim.number, "checklist": version})
        for kind in documents:
            receive_document(actor, claim.id, kind)
    return claim


def _clean(claimant: Claimant) -> Claimant:
    return replace(
        claimant,
        name=" ".join(claimant.name.split()),
        bank_holder=" ".join(claimant.bank_holder.split()),
        bank_account="".join(c for c in claimant.bank_account if c not in " .-"),
    )


def _check_account(claimant: Claimant) -> None:
    if not claimant.name:
        raise InvalidInput("claimant_missing", _("Nama ahli waris belum diisi."), field="name")
    if not (claimant.nik.isascii() and claimant.nik.isdigit() and len(claimant.nik) == 16):
        raise InvalidInput("nik_format", _("NIK ahli waris harus 16 angka, contoh 6112034107850001."), field="nik")
    if not (
        claimant.bank_account.isascii() and claimant.bank_account.isdigit() and 6 <= len(claimant.bank_account) <= 20
    ):
        raise InvalidInput(
            "account_format", _("Nomor rekening harus 6 sampai 20 angka, contoh 1234567890."), field="bank_account"
        )
    if not claimant.bank_name.strip():
        raise InvalidInput("bank_missing", _("Nama bank belum diisi, contoh Bank Kalbar."), field="bank_name")
    if name_key(claimant.bank_holder) != name_key(claimant.name):
        raise InvalidInput(
            "account_not_heirs",
            _("Rekening atas nama %(bank_holder)s, bukan atas nama ahli waris %(name)s.")
            % {"bank_holder": claimant.bank_holder or _("(kosong)"), "name": claimant.name},
            field="bank_holder",
            way_out=_(
                "Santunan hanya dibayarkan ke rekening ahli waris sendiri. Buka rekening atas "
                "namanya; kantor cabang membantu. Buku rekening, kartu ATM, dan PIN dipegang "
                "ahli waris sendiri."
            ),
        )


def _check_programme(event: InsuredEvent, programme: str) -> None:
    """Raises InvalidInput for a programme under which this death gives no right."""
    fitting = programmes_for(event.source, event.cause)
    if programme not in fitting:
        raise InvalidInput(
            "programme_does_not_fit",
            (
                _("Kematian ini dilaporkan karena kerja, jadi haknya %(programme)s.")
                if Claim.Programme.JKK in fitting
                else _("Kematian ini dilaporkan bukan karena kerja, jadi haknya %(programme)s.")
            )
            % {"programme": fitting[0]},
            field="programme",
            way_out=_("Ajukan %(programme)s. Bila sebabnya keliru, bawa surat dokter ke kantor cabang.")
            % {"programme": fitting[0]},
        )


def _check_heir(event: InsuredEvent, claimant: Claimant) -> Heir:
    """The claimant as an heir in law. Raises InvalidInput that names who comes first."""
    if claimant.nik == event.person.nik:
        raise InvalidInput("claimant_is_deceased", _("NIK ini milik peserta yang meninggal."), field="nik")
    if claimant.relation not in RELATIONS:
        raise InvalidInput("relation_unknown", _("Pilih hubungan ahli waris dengan peserta."), field="relation")
    heir, entitled = heirs_with(event.person_id, event.occurred_on, claimant.name, claimant.nik, claimant.relation)
    if heir not in entitled:
        first = ", ".join(f"{other.name} ({relation_title(other.relation)})" for other in entitled)
        raise InvalidInput(
            "not_first_heir",
            _("%(name)s (%(relation)s) belum berhak, karena masih ada ahli waris yang lebih dekat: %(first)s.")
            % {"name": claimant.name, "relation": relation_title(heir.relation), "first": first}
            if entitled
            else _("%(name)s tercatat sudah meninggal.") % {"name": claimant.name},
            field="relation",
            article=HEIRS_ARTICLE,
            way_out=_(
                "Klaim diajukan oleh ahli waris tersebut. Bila ia sudah meninggal, serahkan akta "
                "kematiannya dan surat keterangan ahli waris dari desa."
            ),
        )
    return heir


def _fingerprint(claimant: Claimant) -> str:
    account = f"{claimant.bank_name.strip().lower()}:{claimant.bank_account}"
    return salted_hmac("lindung.claims.account", account, algorithm="sha256").hexdigest()


def _refuse_borrowed_account(claimant: Claimant, fingerprint: str) -> None:
    if Claim.objects.filter(account_fingerprint=fingerprint).exclude(claimant_nik=claimant.nik).exists():
        raise InvalidInput(
            "account_of_another_heir",
            _("Rekening ini sudah dipakai ahli waris lain pada klaim lain."),
            field="bank_account",
            way_out=_("Setiap ahli waris memakai rekeningnya sendiri. Periksa nomor pada buku rekening."),
        )


def _refuse_second(event: InsuredEvent, programme: str) -> None:
    for other in Claim.objects.filter(event=event):
        if other.programme == programme:
            raise Conflict(
                "claim_already_open",
                _("Klaim %(programme)s untuk kematian ini sudah diajukan dengan nomor %(number)s.")
                % {"programme": programme, "number": other.number},
                way_out=_("Buka klaim tersebut untuk melihat sampai di mana."),
                claim_id=other.id,
            )
        if not other.decisions.filter(outcome="refuse", approval__outcome="approved").exists():
            raise Conflict(
                "other_programme_open",
                _("Kematian ini sedang diproses sebagai %(programme)s, nomor %(number)s.")
                % {"programme": other.programme, "number": other.number},
                way_out=_("Satu kematian dibayar dari satu program. Tunggu keputusan klaim yang pertama."),
                claim_id=other.id,
            )


def receive_document(actor: Actor, claim_id: int, kind: str, file: StoredFile | None = None) -> ClaimDocument:
    """Take in one document and give its receipt; with the last one the legal clock starts.

    The same document again returns the first receipt. Raises NotFound, and InvalidInput for a document that is not on
    the claim's checklist: nothing more than the list may be asked of a family."""
    actor.require("claims.file")
    claim = find_claim(claim_id)
    require_standing(claim.event)
    wanted = checklists.required(claim.checklist_version, claim.claimant_relation)
    if kind not in {item.kind for item in wanted}:
        raise InvalidInput(
            "document_not_on_list", _("Dokumen ini tidak ada di daftar syarat klaim, jadi tidak diminta."), field="kind"
        )
    with transaction.atomic():
        lock_claim(claim.id)
        document, is_new = ClaimDocument.objects.get_or_create(
            claim=claim, kind=kind, defaults={"file": file, "received_on": today(), "received_by": actor.name}
        )
        if is_new:
            record(actor, "claims.receive_document", f"claim:{claim.id}", after={"kind": kind})
            _complete_if_all_in(actor, claim)
    return document


def _complete_if_all_in(actor: Actor, claim: Claim) -> None:
    have = claim.documents.values_list("kind", flat=True)
    if checklists.missing(claim.checklist_version, claim.claimant_relation, have):
        return
    pay_by = last_day_to_pay(claim.programme, today())
    ClaimCompletion.objects.create(claim=claim, complete_on=today(), pay_by=pay_by)
    record(actor, "claims.complete", f"claim:{claim.id}", after={"pay_by": pay_by.isoformat()})


def last_day_to_pay(programme: str, complete_on: date) -> date:
    """3 working days for JKM (PP 44/2015 Pasal 40 ayat (3)), 7 for JKK (Pasal 37 ayat (2)), after that day."""
    holidays = sorted(holidays_between(complete_on, complete_on + _CALENDAR_DAYS))
    clock = law.judge("service_clock", complete_on, {"programme": programme, "holidays": holidays})
    return date.fromisoformat(clock.result["pay_by"])
