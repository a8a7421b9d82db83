"""Papers about an employer's registration."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lindung.core.clock import installation, now
from lindung.core.errors import Conflict
from lindung.core.ui.words import in_official_language
from lindung.formats.certificates import MembershipCertificate, membership_certificate_pdf
from lindung.formats.documents import Issuer
from lindung.payers.employer_queries import EmployerDetail


def issuer() -> Issuer:
    """Who prints papers here."""
    served = installation()
    office = served.name if served else "Lindung"
    return Issuer(office=office, place=office.removeprefix("Kabupaten ").removeprefix("Kota "), made_at=now())


@in_official_language
def membership_certificate(detail: EmployerDetail) -> bytes:
    """The certificate of membership as PDF. Raises Conflict while the branch has not given the NPP."""
    if detail.row.is_provisional or detail.row.risk_group is None:
        raise Conflict(
            "no_npp_yet", _("Sertifikat terbit setelah cabang memberikan NPP."), field="npp",
            way_out=_("Catat NPP lewat «Ubah identitas»."),
        )  # fmt: skip
    return membership_certificate_pdf(
        MembershipCertificate(
            name=detail.row.name, npp=detail.row.npp, nib=detail.row.nib or "", place=detail.row.place,
            address=detail.address, joined_on=detail.row.joined_on, risk_group=detail.row.risk_group,
            activity=detail.activity.description if detail.activity else "", programmes=detail.programmes,
            units=[(unit.code, unit.name, unit.place) for unit in detail.units if unit.ends_on is None],
            issuer=issuer(),
        )
    )  # fmt: skip
