"""Who pays, by number; and the agreements."""

from __future__ import annotations

from datetime import date

import pytest
from world import World

from lindung.core.actors import acting_as
from lindung.core.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound
from lindung.core.models import ActionEntry
from lindung.payers.actions import add_agreement, register_payer
from lindung.payers.models import Payer
from lindung.payers.queries import payer, payers


def test_a_payer_is_registered_once(world: World) -> None:
    with acting_as(world.officer):
        first = register_payer(world.officer, "regency", "Dinas  Tenaga Kerja", " kr000001 ", world.regency)
        again = register_payer(
            world.officer, "regency", "DINAS TENAGA KERJA", "KR000001", world.regency, contact="Rini"
        )
    assert first == again
    assert (again.name, again.npp, again.contact) == ("Dinas Tenaga Kerja", "KR000001", "")
    assert ActionEntry.objects.filter(action="payers.register").count() == 1


def test_a_number_belongs_to_one_payer(world: World) -> None:
    with acting_as(world.officer):
        register_payer(world.officer, "donor", "Yayasan Satu", "N1", world.regency)
        for kind, name in (("donor", "Yayasan Dua"), ("village", "Yayasan Satu")):
            with pytest.raises(Conflict):
                register_payer(world.officer, kind, name, "N1", world.regency)


@pytest.mark.parametrize(
    ("kind", "name", "npp", "risk", "field"),
    [
        ("company", "PT Satu", "N1", None, "risk_group"), ("company", "PT Satu", "N1", 6, "risk_group"),
        ("regency", "Dinas", "N1", 0, "risk_group"), ("office", "Dinas", "N1", None, "kind"),
        ("regency", " ", "N1", None, "name"), ("regency", "Dinas", "", None, "npp"),
    ],
)  # fmt: skip
def test_faulty_payers(world: World, kind: str, name: str, npp: str, risk: int | None, field: str) -> None:
    with acting_as(world.officer), pytest.raises(InvalidInput) as refused:
        register_payer(world.officer, kind, name, npp, world.regency, risk)
    assert refused.value.field == field
    assert Payer.objects.count() == 0


def test_an_operator_registers_only_in_the_own_village(world: World) -> None:
    with acting_as(world.operator):
        register_payer(world.operator, "village", "Desa Contoh", "V1", world.village)
        with pytest.raises(NotAllowed):
            register_payer(world.operator, "village", "Desa Lain", "V2", world.villages[1])


def test_agreements_with_both_days(world: World) -> None:
    who = world.agency.pk
    with acting_as(world.officer):
        first = add_agreement(world.officer, who, "PKS/1/2026", "Pekerja rentan", date(2026, 1, 1), date(2026, 12, 31))
        assert add_agreement(world.officer, who, "PKS/1/2026", "Pekerja rentan", date(2026, 1, 1)) == first
        add_agreement(world.officer, who, "PKS/2/2027", "Lanjutan", date(2027, 1, 1))
        with pytest.raises(Conflict):
            add_agreement(world.officer, world.company.pk, "PKS/1/2026", "x", date(2026, 1, 1))
        with pytest.raises(InvalidInput):
            add_agreement(world.officer, who, "PKS/3", "x", date(2026, 2, 1), date(2026, 1, 1))
        with pytest.raises(NotFound):
            add_agreement(world.officer, 999, "PKS/4", "x", date(2026, 2, 1))
    detail = payer(who)
    assert [(row.number, row.starts_on, row.ends_on) for row in detail.agreements] == [
        ("PKS/2/2027", date(2027, 1, 1), None), ("PKS/1/2026", date(2026, 1, 1), date(2026, 12, 31)),
    ]  # fmt: skip


def test_lists_and_numbers(world: World) -> None:
    company, agency = world.company, world.agency
    assert [row.id for row in payers()] == [agency.pk, company.pk]
    assert [row.id for row in payers(kind="company")] == [company.pk]
    assert [row.id for row in payers(text="kr000001")] == [agency.pk]
    assert payer(company.pk).risk_group == 3
    with pytest.raises(DomainError):
        payer(999)
