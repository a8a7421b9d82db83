"""What is paid back up to a limit: transport, care at home, aids (PP 82/2019 Pasal 25 ayat (2), Lampiran III).

Costs are in sen, limits and results in rupiah.
"""

from __future__ import annotations

from ..form.calendar import add_years
from ..form.rounding import PERCENT, ROUNDING, SEN, round_half_up
from ..form.rules import rule

TRANSPORT = "PP 82/2019 Pasal 25 ayat (2) huruf b angka 1; PP 44/2015 Pasal 25 ayat (2) huruf b angka 1"
HOME_CARE = "PP 82/2019 Pasal 25 ayat (2) huruf a angka 13; PP 44/2015 Pasal 25 ayat (2) huruf a"
AIDS = "PP 82/2019 Pasal 25 ayat (2) huruf b angka 7; PP 44/2015 Pasal 25 ayat (2) huruf b angka 7"
EACH_MODE = (
    "Bila memakai lebih dari satu jenis angkutan, tiap jenis berbatas sendiri, seperti dalam PP 53/2012 Lampiran II."
)


def up_to(cost: int, limit: int) -> int:
    """A cost in sen, paid back in rupiah up to a limit."""
    return min(round_half_up(cost, SEN), limit)


@rule(
    cites=TRANSPORT,
    says_id="Biaya angkutan darat, sungai, atau danau diganti sampai batasnya.",
    says_en="Transport by land, river or lake is paid back up to its limit.",
    choice=EACH_MODE,
)
def transport_land_paid(transport_land: int, transport_land_limit: int) -> int:
    """Paid for transport by land, river or lake."""
    return up_to(transport_land, transport_land_limit)


@rule(
    cites=TRANSPORT,
    says_id="Biaya angkutan laut diganti sampai batasnya.",
    says_en="Transport by sea is paid back up to its limit.",
    choice=EACH_MODE,
)
def transport_sea_paid(transport_sea: int, transport_sea_limit: int) -> int:
    """Paid for transport by sea."""
    return up_to(transport_sea, transport_sea_limit)


@rule(
    cites=TRANSPORT,
    says_id="Biaya angkutan udara diganti sampai batasnya.",
    says_en="Transport by air is paid back up to its limit.",
    choice=EACH_MODE,
)
def transport_air_paid(transport_air: int, transport_air_limit: int) -> int:
    """Paid for transport by air."""
    return up_to(transport_air, transport_air_limit)


@rule(
    cites=HOME_CARE,
    says_id="Perawatan di rumah dibayar sampai batasnya (tidak ada sebelum 2 Desember 2019).",
    says_en="Care at home is paid up to its limit (there was none before 2 December 2019).",
)
def home_care_paid(home_care: int, home_care_limit: int) -> int:
    """Paid for care at home."""
    return up_to(home_care, home_care_limit)


@rule(
    cites=HOME_CARE,
    says_id="Hari terakhir perawatan di rumah yang dijamin.",
    says_en="Last day of care at home that is covered.",
    unit="day",
    choice="Satu tahun dihitung sejak hari pertama perawatan di rumah.",
    confidence="S",
)
def home_care_until(home_care_from: int, home_care_years: int) -> int:
    """The day before the same day so many years later; 0 when there is none or the first day is not stated."""
    if home_care_from == 0 or home_care_years == 0:
        return 0
    return add_years(home_care_from, home_care_years) - 1


@rule(
    cites=AIDS,
    says_id="Gigi tiruan diganti sampai batasnya.",
    says_en="Dentures are paid back up to the limit.",
)
def dentures_paid(dentures: int, dentures_limit: int) -> int:
    """Paid for dentures."""
    return up_to(dentures, dentures_limit)


@rule(
    cites=AIDS,
    says_id="Alat bantu dengar diganti sampai batasnya (tidak ada sebelum 2 Desember 2019).",
    says_en="A hearing aid is paid back up to the limit (there was none before 2 December 2019).",
)
def hearing_aid_paid(hearing_aid: int, hearing_aid_limit: int) -> int:
    """Paid for a hearing aid."""
    return up_to(hearing_aid, hearing_aid_limit)


@rule(
    cites=AIDS,
    says_id="Kacamata diganti sampai batasnya (tidak ada sebelum 2 Desember 2019).",
    says_en="Glasses are paid back up to the limit (there were none before 2 December 2019).",
)
def glasses_paid(glasses: int, glasses_limit: int) -> int:
    """Paid for glasses."""
    return up_to(glasses, glasses_limit)


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2) huruf b angka 6; PP 44/2015 Pasal 25 ayat (2) huruf b angka 6",
    says_id="Alat bantu (orthose) atau alat pengganti (prothese) diganti paling banyak harga pusat rehabilitasi rumah "
    "sakit umum pemerintah ditambah 40%.",
    says_en="An orthosis or prosthesis is paid back up to the price of the government hospital's rehabilitation centre "
    "plus 40%.",
    choice=ROUNDING,
    confidence="S",
)
def prosthesis_paid(prosthesis: int, prosthesis_reference_price: int, prosthesis_percent: int) -> int:
    """Paid for an orthosis or prosthesis."""
    return up_to(prosthesis, round_half_up(prosthesis_reference_price * prosthesis_percent, SEN * PERCENT))


@rule(
    cites="PP 82/2019 Pasal 25 ayat (2); PP 44/2015 Pasal 25 ayat (2)",
    says_id="Jumlah biaya yang diganti.",
    says_en="Total paid back.",
)
def reimbursed_total(
    transport_land_paid: int,
    transport_sea_paid: int,
    transport_air_paid: int,
    home_care_paid: int,
    dentures_paid: int,
    hearing_aid_paid: int,
    glasses_paid: int,
    prosthesis_paid: int,
) -> int:
    """Sum of the parts."""
    transport = transport_land_paid + transport_sea_paid + transport_air_paid
    return transport + home_care_paid + dentures_paid + hearing_aid_paid + glasses_paid + prosthesis_paid
