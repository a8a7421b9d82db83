"""Who the heirs in law are: the order of PP 44/2015 Pasal 40 ayat (2), asked of the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lindung import law
from lindung.people.queries import heirs_of, name_key

RELATIONS: dict[str, str | Promise] = {
    "spouse": _("istri atau suami"),
    "child": _("anak"),
    "parent": _("orang tua"),
    "grandparent": _("kakek atau nenek"),
    "grandchild": _("cucu"),
    "sibling": _("saudara kandung"),
    "parent_in_law": _("mertua"),
    "will": _("penerima wasiat"),
}


@dataclass(frozen=True)
class Heir:
    """Someone who may inherit; `on_record` when the family's record knows him."""

    name: str
    nik: str
    relation: str
    alive: bool
    on_record: bool = True


def relation_title(relation: str) -> str | Promise:
    """The relation in words."""
    return RELATIONS.get(relation, relation)


def _known(person_id: int) -> list[Heir]:
    return [Heir(r.name, r.nik, str(r.relation), r.alive) for r in heirs_of(person_id)]


def _entitled(heirs: Sequence[Heir], on: date) -> list[Heir]:
    relatives = [{"relation": heir.relation, "alive": heir.alive} for heir in heirs]
    return [heirs[index] for index in law.judge("heirs", on, {"relatives": relatives}).result["heirs"]]


def heirs_in_law(person_id: int, on: date) -> list[Heir]:
    """All the living of the first tier present, as on record."""
    return _entitled(_known(person_id), on)


def heirs_with(person_id: int, on: date, name: str, nik: str, relation: str) -> tuple[Heir, list[Heir]]:
    """A claimant as the record knows him (by NIK, or by name and relation), and who is entitled when he is counted.

    The record's relation wins over the one stated. Someone not on record is counted as stated: his statement of heirs
    from the village is among the documents."""
    known = _known(person_id)
    found = next((heir for heir in known if heir.nik and heir.nik == nik), None) or next(
        (
            heir
            for heir in known
            if not heir.nik and heir.relation == relation and name_key(heir.name) == name_key(name)
        ),
        None,
    )
    if found is not None:
        return found, _entitled(known, on)
    stated = Heir(name, nik, relation, alive=True, on_record=False)
    return stated, _entitled([*known, stated], on)
