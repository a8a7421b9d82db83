"""Reads: construction projects with the contribution the law asks, and when each part is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import NotFound
from lindung.core.scope import require_payer
from lindung.core.ui.listing import ListQuery, Page
from lindung.payers import legal
from lindung.payers.models import Project, ProjectCertificate, ProjectContract
from lindung.payers.projects import months_of

Values = dict[str, int | str | date]


@dataclass(frozen=True)
class ProjectRow:
    """A project in a list, with its contract as it stands. `state`: certified, uncertified, ended."""

    id: int
    payer_id: int
    contractor: str
    name: str
    owner: str
    place: str
    number: str
    signed_on: date
    value: int
    starts_on: date
    ends_on: date
    contracts: int
    certificate: str | None
    state: str


@dataclass(frozen=True)
class Instalment:
    """A part of a contract's contribution in rupiah; `due_on` is None where the time limit is not known."""

    share: int
    amount: int
    due_on: date | None


@dataclass(frozen=True)
class PricedContract:
    """A contract or addendum, what the law asks for all of it, and what it adds to the one before (may be negative)."""

    contract: ProjectContract
    price: legal.ProjectPrice
    added: int
    register_by: date | None
    instalments: list[Instalment]
    certificate: ProjectCertificate | None


@dataclass(frozen=True)
class ProjectDetail:
    """A project with its contracts, the first one first."""

    row: ProjectRow
    contracts: list[PricedContract]

    @property
    def last(self) -> PricedContract:
        """As it stands."""
        return self.contracts[-1]

    @property
    def total(self) -> int:
        """The whole contribution as it stands, in rupiah."""
        return self.last.price.total


_STATE = """CASE WHEN t.id IS NOT NULL THEN 'certified' WHEN k.ends_on < %(on)s THEN 'ended' ELSE 'uncertified' END"""
_ROW = f"""SELECT j.id, j.payer_id, p.name, j.name, j.owner, v.name, k.number, k.signed_on, k.value, k.starts_on,
  k.ends_on, k.sequence, t.number, {_STATE}
  FROM payers_project j JOIN payers_payer p ON p.id = j.payer_id JOIN places_place v ON v.key = j.place_id
  JOIN LATERAL (SELECT * FROM payers_projectcontract k WHERE k.project_id = j.id ORDER BY k.sequence DESC LIMIT 1) k
    ON true
  LEFT JOIN payers_projectcertificate t ON t.contract_id = k.id"""
_SORTS = {"name": "j.name", "contractor": "p.name", "value": "k.value", "signed_on": "k.signed_on"}


def projects(query: ListQuery, payer_id: int | None = None) -> Page:
    """One page of projects. Filters: state; search: name, contractor, owner, contract number."""
    terms = ["true"]
    values: Values = {"on": today(), "limit": query.limit, "offset": query.offset}
    if payer_id is not None:
        terms.append("j.payer_id = %(payer)s")
        values["payer"] = payer_id
    if query.search:
        terms.append("concat_ws(E'\\n', j.name, p.name, j.owner, k.number) ILIKE %(text)s")
        values["text"] = f"%{query.search}%"
    if state := query.filters.get("state"):
        terms.append(f"{_STATE} = %(state)s")
        values["state"] = state
    order = query.order_sql(_SORTS, "k.signed_on DESC, j.id")
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE {' AND '.join(terms)} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s", values)
        return Page.of([ProjectRow(*row) for row in cursor.fetchall()], query)


def project(actor: Actor, project_id: int) -> ProjectDetail:
    """One project, priced. Raises NotFound."""
    found = Project.objects.filter(pk=project_id).first()
    if found is None:
        raise NotFound("project_not_found", _("Proyek tidak ditemukan."))
    require_payer(actor, found.payer_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_ROW} WHERE j.id = %(id)s", {"on": today(), "id": project_id})
        row = ProjectRow(*cursor.fetchone())
    certificates = {item.contract_id: item for item in ProjectCertificate.objects.filter(project=found)}
    contracts = found.contracts.order_by("sequence")
    return ProjectDetail(row, _priced(list(contracts), certificates))


def _priced(contracts: Sequence[ProjectContract], certificates: dict[int, ProjectCertificate]) -> list[PricedContract]:
    priced: list[PricedContract] = []
    before = 0
    for contract in contracts:
        price = price_of(contract)
        limit = legal.register_by(contract.signed_on)
        added, before = price.total - before, price.total
        parts = instalments(added, contract.shares, [contract.due_on[0] or limit, *contract.due_on[1:]])
        priced.append(PricedContract(contract, price, added, limit, parts, certificates.get(contract.pk)))
    return priced


def price_of(contract: ProjectContract) -> legal.ProjectPrice:
    """What the law asks for a contract as a whole."""
    months = months_of(contract.starts_on, contract.ends_on)
    return legal.price_project(contract.signed_on, contract.value, contract.vat_percent, contract.wage_bill, months)


def instalments(amount: int, shares: Sequence[int], due_on: Sequence[date | None]) -> list[Instalment]:
    """The amount in parts, whole rupiah rounded down; the last takes what is left, so that nothing is lost."""
    parts = [amount * share // 100 for share in shares[:-1]]
    parts.append(amount - sum(parts))
    return [Instalment(share, part, day) for share, part, day in zip(shares, parts, due_on, strict=True)]
