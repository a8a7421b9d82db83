"""What is said of an employer at registration or on a change, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lindung.core.actors import Actor
from lindung.core.clock import today
from lindung.core.errors import InvalidInput
from lindung.core.months import month_of
from lindung.payers import identity, legal
from lindung.payers.kbli import read_kbli, risk_entry
from lindung.payers.models import EmployerScale, FirmSize, Payer

EMPLOYING = (Payer.Kind.COMPANY, Payer.Kind.REGENCY, Payer.Kind.VILLAGE)
LONGEST_AHEAD = 366  # days; a date further away is a slip of the pen


@dataclass(frozen=True)
class Identity:
    """Who an employer is, as written on a form. A company has an NIB, an NPP or both."""

    name: str
    place_id: int
    nib: str = ""
    npwp: str = ""
    npp: str = ""
    owner: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Activity:
    """What an employer does. Either `entry` (of the law's list, such as III.60) or `risk_group` decides the JKK group;
    both must agree when both are given."""

    entry: str = ""
    risk_group: int | None = None
    kbli: str = ""
    description: str = ""
    decided_by: str = ""


@dataclass(frozen=True)
class Scale:
    """How large an employer is; rupiah. Without `firm_size` the size follows from capital or sales by the law."""

    firm_size: str = ""
    capital: int | None = None
    annual_sales: int | None = None
    workers: int | None = None


@dataclass(frozen=True)
class EmployerDraft:
    """All that is asked at registration; `programmes` None means: as the law asks of this size."""

    identity: Identity
    activity: Activity
    scale: Scale
    joined_on: date
    source: str
    kind: str = Payer.Kind.COMPANY.value
    programmes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class EmployerChanges:
    """What changes from a day on; None leaves a part as it is. `as_required` takes back a choice of programmes."""

    identity: Identity | None = None
    activity: Activity | None = None
    scale: Scale | None = None
    programmes: tuple[str, ...] | None = None
    as_required: bool = False


@dataclass(frozen=True)
class Read:
    """A draft once it was read: facts ready for their tables."""

    payer: dict[str, Any]
    employer: dict[str, Any]
    activity: dict[str, Any]
    scale: dict[str, Any]
    programmes: list[str] | None = None


def read_draft(actor: Actor, draft: EmployerDraft) -> Read:
    """The draft's facts, checked; nothing is written. Raises InvalidInput."""
    if draft.kind not in EMPLOYING:
        raise InvalidInput(
            "employer_kind", _("Pilih perusahaan, instansi kabupaten, atau pemerintah desa."), field="kind"
        )
    check_day(draft.joined_on, "joined_on")
    identity.read_text(draft.source, "source", _("Sumber data"), 250)
    payer, employer = read_identity(draft.identity, draft.kind)
    activity = read_activity(actor, draft.activity)
    scale = read_scale(draft.scale, draft.kind, draft.joined_on)
    programmes = read_programmes(draft.programmes, scale["firm_size"], draft.joined_on)
    return Read(payer, employer, activity, scale, programmes)


def check_day(day: date, field_name: str) -> None:
    """Raises InvalidInput for a day out of all reason."""
    if day.year < 1945 or (day - today()).days > LONGEST_AHEAD:
        raise InvalidInput(
            "far_day", _("Tanggal %(day)s terlalu jauh.") % {"day": f"{day:%d-%m-%Y}"}, field=field_name,
            way_out=_("Isi tanggal yang benar, paling lambat setahun dari hari ini."),
        )  # fmt: skip


def read_identity(given: Identity, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts of Payer and of Employer. Raises InvalidInput."""
    nib = identity.read_nib(given.nib)
    npp = identity.read_text(given.npp, "npp", "NPP", 20, needed=False).upper()
    if not nib and not npp:
        raise InvalidInput(
            "no_number", _("Isi NIB, NPP, atau keduanya."), field="nib",
            way_out=_("NIB (Nomor Induk Berusaha) tertera pada lembar OSS; NPP pada sertifikat kepesertaan."),
        )  # fmt: skip
    phone = identity.read_phone(given.phone)
    payer = {
        "name": identity.read_text(given.name, "name", _("Nama perusahaan"), 150),
        "npp": npp or provisional_npp(nib or ""), "place_id": given.place_id, "phone": phone,
        "contact": identity.read_text(given.owner, "owner", _("Pemilik"), 150, needed=False),
    }  # fmt: skip
    employer = {
        "nib": nib, "npwp": identity.read_npwp(given.npwp), "owner": payer["contact"],
        "email": identity.read_email(given.email),
        "address": identity.read_text(given.address, "address", _("Alamat"), 250, needed=kind == Payer.Kind.COMPANY),
    }  # fmt: skip
    return payer, employer


def provisional_npp(nib: str) -> str:
    """What stands for the NPP until the branch gives one."""
    return f"NIB{nib}"


def read_activity(actor: Actor, given: Activity) -> dict[str, Any]:
    """The facts of EmployerActivity. Raises InvalidInput."""
    entry = risk_entry(given.entry) if given.entry.strip() else None
    group = entry.group if entry and given.risk_group is None else given.risk_group
    if group is None or not 1 <= group <= 5:
        raise InvalidInput(
            "risk_group", _("Kelompok risiko JKK belum dipilih."), field="entry", article="PP 82/2019 Lampiran I",
            way_out=_("Cari usahanya dengan kata, contoh «kelapa sawit», atau isi kelompok 1 sampai 5."),
        )  # fmt: skip
    if entry is not None and entry.group != group:
        raise InvalidInput(
            "risk_group_differs",
            _("%(number)s termasuk kelompok %(right)d, bukan %(given)d.")
            % {"number": entry.number, "right": entry.group, "given": group},
            field="entry", article=entry.article, way_out=_("Pilih salah satu saja."),
        )  # fmt: skip
    return {
        "kbli": list(read_kbli(given.kbli)), "entry": entry.number if entry else "", "risk_group": group,
        "description": identity.read_text(
            given.description or (entry.name if entry else ""), "description", _("Kegiatan usaha"), 250, needed=False
        ),
        "decided_by": identity.read_text(given.decided_by or actor.name, "decided_by", _("Yang menetapkan"), 150),
    }  # fmt: skip


def read_scale(given: Scale, kind: str, day: date) -> dict[str, Any]:
    """The facts of EmployerScale. Raises InvalidInput."""
    for name in ("capital", "annual_sales", "workers"):
        if (value := getattr(given, name)) is not None and not 0 <= value < 10 ** (9 if name == "workers" else 18):
            raise InvalidInput("scale", _("Angka ini harus nol atau lebih, dan wajar."), field=name)
    if kind != Payer.Kind.COMPANY:
        return asdict(given) | {"firm_size": FirmSize.STATE.value, "basis": EmployerScale.Basis.LAW.value}
    by_law = legal.size_by_law(given.capital, given.annual_sales, day)
    size = given.firm_size or by_law
    if size not in FirmSize.values or size == FirmSize.STATE:
        raise InvalidInput(
            "firm_size", _("Skala usaha belum diketahui."), field="firm_size",
            way_out=_("Pilih mikro, kecil, menengah, atau besar seperti pada NIB."),
        )  # fmt: skip
    basis = EmployerScale.Basis.LAW if size == by_law else EmployerScale.Basis.STATED
    return asdict(given) | {"firm_size": size, "basis": basis.value}


def read_programmes(given: Iterable[str] | None, firm_size: str, day: date) -> list[str] | None:
    """The choice, in the law's order; None when it is just what the law asks. Raises InvalidInput."""
    if given is None:
        return None
    wanted = set(given)
    if not wanted or not wanted <= set(legal.PROGRAMMES):
        raise InvalidInput(
            "programmes", _("Pilih program dari JKK, JKM, JHT, JP, JKP."), field="programmes",
            way_out=_("Kosongkan untuk mengikuti yang wajib menurut skala usaha."),
        )  # fmt: skip
    required = legal.required_programmes(firm_size, month_of(day))
    if required is not None and wanted == set(required):
        return None
    return [programme for programme in legal.PROGRAMMES if programme in wanted]
