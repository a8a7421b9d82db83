"""The closed sets of words the law distinguishes, as numbers a compiled rule can compare."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class Segment(IntEnum):
    """Wage earners (penerima upah) and those who are not (bukan penerima upah): PP 44/2015 Pasal 5."""

    PU = 1
    BPU = 2


class Programme(IntFlag):
    """The five programmes; this version of the law prices JKK and JKM."""

    JKK = 1
    JKM = 2
    JHT = 4
    JP = 8
    JKP = 16


class Payer(IntEnum):
    """Who pays a BPU contribution on the participant's behalf."""

    SELF = 1
    APBN = 2
    APBD = 3
    VILLAGE = 4
    COMPANY = 5


class Sector(IntEnum):
    """Sector of work that PP 50/2025 tells apart."""

    OTHER = 0
    TRANSPORT = 1


class FirmSize(IntEnum):
    """Size of the employer (Perpres 109/2013 Pasal 6); STATE is a state body that employs non-civil-servants."""

    MICRO = 1
    SMALL = 2
    MEDIUM = 3
    LARGE = 4
    STATE = 5


class Placement(IntEnum):
    """How a migrant worker went abroad: Permenaker 4/2023 Pasal 18."""

    INDIVIDUAL = 0
    AGENCY = 1


class Cause(IntEnum):
    """What a participant died of, or was disabled by: PP 44/2015 Pasal 25 and 34."""

    WORK = 1
    NON_WORK = 2


class SchoolLevel(IntEnum):
    """Levels of schooling that the scholarship tells apart, in order: PP 82/2019 Lampiran III."""

    TK = 0
    SD = 1
    SMP = 2
    SMA = 3
    UNIVERSITY = 4


class CoverStatus(IntEnum):
    """Cover on a day: PP 44/2015 Pasal 38-42."""

    INACTIVE = 0
    GRACE = 1
    ACTIVE = 2


class Relation(IntEnum):
    """A relative of the deceased, or a person named in the will (PP 44/2015 Pasal 40). Later names are synonyms."""

    SPOUSE = 1
    CHILD = 2
    PARENT = 3
    GRANDPARENT = 4
    GRANDCHILD = 5
    SIBLING = 6
    PARENT_IN_LAW = 7
    WILL = 8
    WIDOW = 1
    WIDOWER = 1
    WIFE = 1
    HUSBAND = 1
    SON = 2
    DAUGHTER = 2
    FATHER = 3
    MOTHER = 3
    GRANDFATHER = 4
    GRANDMOTHER = 4
    GRANDSON = 5
    GRANDDAUGHTER = 5
    BROTHER = 6
    SISTER = 6
    FATHER_IN_LAW = 7
    MOTHER_IN_LAW = 7
    JANDA = 1
    DUDA = 1
    ANAK = 2
    ORANG_TUA = 3
    KAKEK = 4
    NENEK = 4
    CUCU = 5
    SAUDARA_KANDUNG = 6
    MERTUA = 7
    WASIAT = 8


class JhtReason(IntEnum):
    """Why a JHT balance is asked for: PP 46/2015 Pasal 22 and 26, Permenaker 4/2022.

    Later names are synonyms, the last ones in the words of the articles.
    """

    AGE = 1
    RESIGNATION = 2
    DISMISSAL = 3
    CONTRACT_END = 4
    STOPPED_WORKING = 5
    LEAVING_INDONESIA = 6
    TOTAL_DISABILITY = 7
    DEATH = 8
    PARTIAL_HOUSING = 9
    PARTIAL_OTHER = 10
    RETIREMENT = 1
    PENSION_AGE = 1
    DISABILITY = 7
    HOUSING = 9
    PARTIAL_30 = 9
    PARTIAL_10 = 10
    PERMANENT_TOTAL_DISABILITY = 7
    USIA_PENSIUN = 1
    MENGUNDURKAN_DIRI = 2
    PHK = 3
    AKHIR_PKWT = 4
    BERHENTI_BEKERJA = 5
    MENINGGALKAN_INDONESIA = 6
    CACAT_TOTAL_TETAP = 7
    MENINGGAL_DUNIA = 8
    KEPEMILIKAN_RUMAH = 9
    KEPERLUAN_LAIN = 10


class Survivor(IntEnum):
    """Who receives a JP survivor's pension: PP 45/2015 Pasal 21-23. Later names are synonyms."""

    SPOUSE = 1
    CHILD = 2
    PARENT = 3
    WIDOW = 1
    WIDOWER = 1
    JANDA = 1
    DUDA = 1
    ANAK = 2
    ORANG_TUA = 3


class JkpReason(IntEnum):
    """Why employment ended, as JKP tells it apart: PP 37/2021 Pasal 20. Later names are synonyms."""

    DISMISSAL = 1
    RESIGNATION = 2
    RETIREMENT = 3
    TOTAL_DISABILITY = 4
    DEATH = 5
    CONTRACT_END = 6
    PHK = 1
    MENGUNDURKAN_DIRI = 2
    PENSIUN = 3
    CACAT_TOTAL_TETAP = 4
    MENINGGAL_DUNIA = 5
    AKHIR_PKWT = 6
