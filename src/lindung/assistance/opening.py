"""How an installation begins: a scheme opened on the usual criteria, and the office that pays for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from lindung.assistance.models import Scheme
from lindung.assistance.schemes import (
    OPEN,
    PROGRAMMES,
    Price,
    create_scheme,
    price,
    refuse_faulty_terms,
    usual_criteria,
)
from lindung.core.actors import Actor
from lindung.core.clock import installation
from lindung.core.errors import InvalidInput, NotFound
from lindung.core.months import month_of, months_between
from lindung.payers.actions import register_payer
from lindung.payers.models import Payer
from lindung.places.models import Place

PAYING_KINDS = (Payer.Kind.REGENCY, Payer.Kind.VILLAGE)


@dataclass(frozen=True)
class SchemeDraft:
    """What an officer decides about a scheme. Amounts in rupiah, months as any day in them."""

    name: str
    fiscal_year: int
    first_month: date
    last_month: date
    wage_base: int
    budget_ceiling: int
    account_codes: Sequence[str]
    legal_basis: str


@dataclass(frozen=True)
class NewOffice:
    """An office of the regency that has not paid contributions before."""

    name: str
    npp: str


@dataclass(frozen=True)
class SchemePreview:
    """What a scheme will cost. `price` a person and month, `per_person` over the whole period, in rupiah."""

    price: Price
    months: int
    per_person: int
    people: int  # whom the ceiling carries through the whole period


def preview_scheme(draft: SchemeDraft) -> SchemePreview:
    """The price by law and how many people the ceiling carries; nothing is written.

    Raises InvalidInput (period, budget, wage base; PP 44/2015 Art 18 and 20)."""
    first, last = month_of(draft.first_month), month_of(draft.last_month)
    refuse_faulty_terms(draft.fiscal_year, first, last, draft.budget_ceiling)
    cost = price(PROGRAMMES, draft.wage_base, first)
    months = months_between(first, last) + 1
    per_person = cost.total * months
    return SchemePreview(cost, months, per_person, draft.budget_ceiling // per_person)


@transaction.atomic
def open_scheme(actor: Actor, draft: SchemeDraft, payer: int | NewOffice) -> Scheme:
    """Open a scheme that an office already registered, or a new one, pays for.

    Raises NotAllowed, NotFound (payer), InvalidInput (terms, or a payer that is no public office), Conflict (name or
    NPP taken)."""
    actor.require(OPEN)
    _refuse_blanks(draft)
    place = _own_place()
    office = _registered(payer) if isinstance(payer, int) else register_payer(
        actor, Payer.Kind.REGENCY, payer.name, payer.npp, place.pk
    )  # fmt: skip
    return create_scheme(
        actor, payer_id=office.pk, place_id=place.pk, name=draft.name.strip(), fiscal_year=draft.fiscal_year,
        programmes=PROGRAMMES, wage_base=draft.wage_base,
        criteria=usual_criteria(month_of(draft.first_month), place.code), budget_ceiling=draft.budget_ceiling,
        account_codes=draft.account_codes, legal_basis=draft.legal_basis.strip(), first_month=draft.first_month,
        last_month=draft.last_month,
    )  # fmt: skip


def _own_place() -> Place:
    served = installation()
    if served is None:
        raise NotFound("not_set_up", _("Instalasi ini belum mempunyai kabupaten."),
                       way_out=_("Minta administrator menyelesaikan penyiapan."))  # fmt: skip
    return Place.objects.get(pk=served.place_key)


def _registered(payer_id: int) -> Payer:
    payer = Payer.objects.filter(pk=payer_id).first()
    if payer is None:
        raise NotFound("payer_not_found", _("Kantor pembayar tidak ditemukan."), field="payer",
                       way_out=_("Pilih dari daftar, atau daftarkan kantor baru."))  # fmt: skip
    if payer.kind not in PAYING_KINDS:
        raise InvalidInput(
            "payer_not_public",
            _("%(name)s bukan kantor kabupaten atau desa.") % {"name": payer.name},
            field="payer",
            way_out=_("Pilih kantor yang membayar dari APBD atau APBDes."),
        )
    return payer


def _refuse_blanks(draft: SchemeDraft) -> None:
    if not draft.name.strip():
        raise InvalidInput("scheme_name", _("Nama program belum diisi."), field="name",
                           way_out=_("Contoh: Bantuan iuran APBD Kabupaten Kubu Raya 2026."))  # fmt: skip
    if not draft.legal_basis.strip():
        raise InvalidInput("scheme_basis", _("Dasar hukum belum diisi."), field="legal_basis",
                           way_out=_("Contoh: Peraturan Bupati Kubu Raya 88/2020."))  # fmt: skip
    if not draft.account_codes or not all(0 < len(code.strip()) <= 30 for code in draft.account_codes):
        raise InvalidInput("scheme_accounts", _("Kode rekening belum benar."), field="account_codes",
                           way_out=_("Satu kode per baris, contoh 5.1.02.02.02.0006."))  # fmt: skip
