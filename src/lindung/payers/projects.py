"""Writes: construction projects, their addenda and certificates (PP 44/2015 Art 53–57)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import Conflict, InvalidInput, NotFound
from lindung.core.log import record
from lindung.core.months import months_between
from lindung.core.scope import require_payer, require_places
from lindung.payers import identity, legal
from lindung.payers.drafts import check_day
from lindung.payers.models import Payer, Project, ProjectCertificate, ProjectContract

PROJECT, CERTIFY = "payers.project", "payers.certify"
ONCE = (100,)


@dataclass(frozen=True)
class ContractDraft:
    """A contract's terms in rupiah. `vat_percent` is 0 when the value holds no VAT; `shares` are per cent of the
    contribution by instalment, `due_on` their days (None for the first: the last day to register)."""

    number: str
    signed_on: date
    value: int
    starts_on: date
    ends_on: date
    vat_percent: int = 0
    wage_bill: int | None = None
    shares: tuple[int, ...] = ONCE
    due_on: tuple[date | None, ...] = (None,)


@transaction.atomic
def register_project(
    actor: Actor, payer_id: int, name: str, owner: str, place_id: int, contract: ContractDraft
) -> Project:
    """A project with its contract; the same contract number of the same contractor again returns the first, unchanged.

    Raises NotAllowed, NotFound, InvalidInput, Conflict."""
    actor.require(PROJECT)
    require_payer(actor, payer_id)
    require_places(actor, [place_id])
    payer = Payer.objects.select_for_update(of=("self",)).filter(pk=payer_id, employer__isnull=False).first()
    if payer is None:
        raise NotFound("employer_not_found", _("Pemberi kerja tidak ditemukan."))
    facts = _read(contract)
    title = identity.read_text(name, "name", _("Nama proyek"), 250)
    known = _known(facts["number"], None, payer_id)
    if known is not None:
        return known.project
    project = Project.objects.create(
        payer=payer, name=title, owner=identity.read_text(owner, "owner", _("Pemberi pekerjaan"), 150),
        place_id=place_id, registered_on=today(), registered_by=actor.name,
    )  # fmt: skip
    ProjectContract.objects.create(project=project, sequence=1, recorded_by=actor.name, **facts)
    record(actor, "payers.register_project", f"payer:{payer_id}", after=_noted(project.pk, 1, facts))
    return project


@transaction.atomic
def amend_project(actor: Actor, project_id: int, contract: ContractDraft, reason: str) -> ProjectContract:
    """An addendum: the whole terms anew, in a new row. The same number again returns the first, unchanged.

    Raises NotAllowed, NotFound, InvalidInput, Conflict."""
    actor.require(PROJECT)
    project = _locked(actor, project_id)
    facts = _read(contract)
    why = identity.read_text(reason, "reason", _("Alasan"), 250)
    known = _known(facts["number"], project_id, project.payer_id)
    if known is not None:
        return known
    last = project.contracts.order_by("-sequence")[0]
    if contract.signed_on < last.signed_on:
        raise InvalidInput(
            "addendum_before", _("Adendum bertanggal sebelum kontrak yang diubahnya."), field="signed_on",
            way_out=_("Isi tanggal %(day)s atau sesudahnya.") % {"day": f"{last.signed_on:%d-%m-%Y}"},
        )  # fmt: skip
    row = ProjectContract.objects.create(
        project=project, sequence=last.sequence + 1, reason=why, recorded_by=actor.name, **facts
    )
    after = _noted(project_id, row.sequence, facts)
    record(actor, "payers.amend_project", f"payer:{project.payer_id}", why, after=after)
    return row


@transaction.atomic
def certify_project(
    actor: Actor, project_id: int, number: str, issued_on: date, payment_reference: str, paid_on: date
) -> ProjectCertificate:
    """The branch's certificate for the contract as it stands now, once its contribution or first instalment was paid.
    The same number again returns the first. Raises NotAllowed, NotFound, InvalidInput, Conflict."""
    actor.require(CERTIFY)
    project = _locked(actor, project_id)
    contract = project.contracts.order_by("-sequence")[0]
    name = identity.read_text(number, "number", _("Nomor sertifikat"), 80)
    proof = identity.read_text(payment_reference, "payment_reference", _("Nomor bukti bayar"), 80)
    check_day(paid_on, "paid_on")
    if not paid_on <= issued_on <= today():
        raise InvalidInput(
            "certificate_day", _("Sertifikat terbit sesudah iuran dibayar, dan tidak di hari mendatang."),
            field="issued_on", way_out=_("Periksa tanggal bayar dan tanggal terbit."),
        )  # fmt: skip
    for known in ProjectCertificate.objects.filter(number=name) | ProjectCertificate.objects.filter(contract=contract):
        if (known.number, known.contract_id) == (name, contract.pk):
            return known
        raise Conflict(
            "certificate_taken",
            _("Sertifikat %(number)s sudah tercatat untuk kontrak lain, atau kontrak ini sudah bersertifikat.")
            % {"number": known.number},
            field="number", way_out=_("Satu sertifikat untuk satu kontrak atau adendum."),
        )  # fmt: skip
    certificate = ProjectCertificate.objects.create(
        project=project, contract=contract, number=name, issued_on=issued_on, paid_on=paid_on,
        payment_reference=proof, recorded_by=actor.name,
    )  # fmt: skip
    after = {"project": project_id, "certificate": name, "sequence": contract.sequence}
    record(actor, "payers.certify_project", f"payer:{project.payer_id}", after=after)
    return certificate


def months_of(starts_on: date, ends_on: date) -> int:
    """Months a project touches, the first and the last included."""
    return months_between(starts_on, ends_on) + 1


def _locked(actor: Actor, project_id: int) -> Project:
    project = Project.objects.select_for_update().filter(pk=project_id).first()
    if project is None:
        raise NotFound("project_not_found", _("Proyek tidak ditemukan."))
    require_payer(actor, project.payer_id)
    return project


def _known(number: str, project_id: int | None, payer_id: int) -> ProjectContract | None:
    """The contract of this number. Raises Conflict when it is of another project."""
    known = ProjectContract.objects.select_related("project__payer").filter(number=number).first()
    if known is None:
        return None
    same = known.project_id == project_id if project_id else known.sequence == 1
    if not same or known.project.payer_id != payer_id:
        raise Conflict(
            "contract_taken",
            _("Kontrak %(number)s sudah tercatat untuk proyek «%(name)s».")
            % {"number": number, "name": known.project.name},
            field="number", way_out=_("Periksa nomornya; adendum dicatat pada halaman proyeknya."),
        )  # fmt: skip
    return known


def _noted(project_id: int, sequence: int, facts: dict[str, Any]) -> dict[str, Any]:
    return {"project": project_id, "sequence": sequence, "number": facts["number"], "value": facts["value"]}


def _read(given: ContractDraft) -> dict[str, Any]:
    """The contract's facts, and that the law can price them. Raises InvalidInput."""
    check_day(given.signed_on, "signed_on")
    if given.ends_on < given.starts_on:
        raise InvalidInput("contract_period", _("Tanggal selesai lebih awal dari tanggal mulai."), field="ends_on")
    if months_of(given.starts_on, given.ends_on) > 240:
        raise InvalidInput("contract_long", _("Masa proyek lebih dari 20 tahun. Periksa tanggalnya."), field="ends_on")
    for name, value in (("value", given.value), ("wage_bill", given.wage_bill)):
        if value is not None and value <= 0:
            raise InvalidInput("contract_value", _("Jumlah ini lebih dari nol."), field=name)
    if not 0 <= given.vat_percent <= 100:
        raise InvalidInput("vat_percent", _("Tarif PPN diisi 0 sampai 100 persen."), field="vat_percent")
    _check_terms(given)
    legal.price_project(given.signed_on, given.value, given.vat_percent, given.wage_bill)
    return {
        "number": identity.read_text(given.number, "number", _("Nomor kontrak"), 80), "signed_on": given.signed_on,
        "value": given.value, "vat_percent": given.vat_percent, "wage_bill": given.wage_bill,
        "starts_on": given.starts_on, "ends_on": given.ends_on, "shares": list(given.shares),
        "due_on": list(given.due_on),
    }  # fmt: skip


def _check_terms(given: ContractDraft) -> None:
    if not given.shares or min(given.shares) <= 0 or sum(given.shares) != 100 or len(given.shares) > 12:
        raise InvalidInput(
            "terms", _("Bagian tiap termin lebih dari nol dan berjumlah 100 persen."), field="shares",
            way_out=_("Isi persen tiap termin seperti pada kontrak, dipisah titik koma."),
        )  # fmt: skip
    days = given.due_on
    later = [day for day in days[1:] if day is not None]
    ordered = all(a < b for a, b in zip([days[0] or given.signed_on, *later], later, strict=False)) if days else False
    if len(days) != len(given.shares) or len(later) != len(days) - 1 or not ordered:
        raise InvalidInput(
            "term_days", _("Tiap termin sesudah yang pertama memerlukan tanggal, berurutan."), field="due_on",
            way_out=_("Isi tanggal jatuh tempo termin kedua dan seterusnya, dipisah titik koma."),
        )  # fmt: skip
