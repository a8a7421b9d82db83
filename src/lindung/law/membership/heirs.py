"""Who receives what a dead participant leaves: PP 44/2015 Pasal 37 and 40, PP 46/2015 Pasal 23 (the same order)."""

from __future__ import annotations

from ..form.rules import rule
from ..form.words import Relation

CITES = "PP 44/2015 Pasal 37 ayat (5); PP 44/2015 Pasal 40 ayat (2); PP 46/2015 Pasal 23 ayat (2)-(4)"
NOBODY = 6


def tier_of(relation: int) -> int:
    """Place of a relation in the order of heirs, 1 (spouse, child) to 5 (will)."""
    if relation == Relation.SPOUSE or relation == Relation.CHILD:
        return 1
    if relation <= Relation.GRANDCHILD:
        return 2
    if relation == Relation.SIBLING:
        return 3
    if relation == Relation.PARENT_IN_LAW:
        return 4
    return 5


@rule(
    cites=CITES,
    says_id="Ahli waris: janda, duda, atau anak; lalu orang tua, kakek/nenek, cucu; saudara kandung; mertua; "
    "penerima wasiat; bila tidak ada, Dana Jaminan Sosial (JHT: balai harta peninggalan).",
    says_en="Heirs: spouse or child; then parents, grandparents, grandchildren; siblings; parents-in-law; "
    "the person named in the will; failing all, the Social Security Fund (JHT: the probate office).",
    unit="heir_tier",
)
def heir_tier(relatives: tuple[tuple[int, bool], ...]) -> int:
    """The first tier with a living person; 6 when there is none."""
    first = NOBODY
    for relation, alive in relatives:
        if alive:
            first = min(first, tier_of(relation))
    return first


@rule(
    cites=CITES,
    says_id="Yang menerima adalah semua yang masih hidup pada urutan itu.",
    says_en="All the living of that tier receive.",
    unit="indexes",
    choice="Pasal tidak mengatur pembagian di antara mereka; itu mengikuti surat keterangan ahli waris.",
)
def heirs(relatives: tuple[tuple[int, bool], ...], heir_tier: int) -> tuple[int, ...]:
    """Places in the list of relatives, counted from 0."""
    found: tuple[int, ...] = ()
    for i in range(len(relatives)):
        if relatives[i][1] and tier_of(relatives[i][0]) == heir_tier:
            found = (*found, i)
    return found
