"""Reliefs that lower every JKK and JKM contribution: PP 49/2020."""

from __future__ import annotations

from ..form.rounding import PERCENT
from ..form.rules import rule


@rule(
    cites="PP 49/2020 Pasal 9",
    says_id="Selama keringanan COVID-19 iuran JKK dan JKM dibayar 1%.",
    says_en="Under the COVID-19 relief 1% of JKK and JKM is paid.",
    unit="percent",
    choice="Syarat lunas sampai iuran Juli 2020 dianggap terpenuhi; reliefs=false mematikan semua keringanan.",
    confidence="S",
)
def pandemic_share(reliefs: bool, covid_share: int) -> int:
    """Share of JKK and JKM that is payable, in percent."""
    if reliefs:
        return covid_share
    return PERCENT
