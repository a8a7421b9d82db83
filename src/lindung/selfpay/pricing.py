"""What a worker's own months cost, asked of the law month by month: a relief may begin or end in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lindung import law
from lindung.core.errors import InvalidInput
from lindung.core.ui.words import long_month
from lindung.selfpay.models import SelfPayer
from lindung.selfpay.queries import months_to_pay
from lindung.selfpay.questions import MONTHS


@dataclass(frozen=True)
class Price:
    """One month: its base and contributions in rupiah."""

    month: date
    base: int
    jkk: int
    jkm: int
    jht: int

    @property
    def total(self) -> int:
        return self.jkk + self.jkm + self.jht


def price(month: date, income: int, *, transport: bool, old_age: bool) -> Price:
    """By the law of that month (PP 44/2015, PP 46/2015, PP 50/2025). Raises InvalidInput where it gives none yet."""
    facts = {
        "segment": "BPU",
        "income": income,
        "payer": "self",
        "sector": "transport" if transport else "other",
        "programmes": ["JKK", "JKM", "JHT"] if old_age else ["JKK", "JKM"],
    }
    try:
        found = law.result_of("contributions", month, facts)
    except law.LawError as error:
        raise InvalidInput(
            "not_known_yet",
            _("Iuran bulan %(month)s belum ditetapkan.") % {"month": long_month(month)},
            field="months",
            way_out=_("Pilih jumlah bulan yang lebih sedikit."),
        ) from error
    return Price(month, found["base"], found["jkk"], found["jkm"], found["jht_worker"])


def prices(self_payer: SelfPayer, months: list[date]) -> list[Price]:
    """Each of these months for this worker."""
    return [
        price(month, self_payer.income, transport=self_payer.transport, old_age=self_payer.old_age) for month in months
    ]


@dataclass(frozen=True)
class Offer:
    """So many of the next months, and what they cost together."""

    count: int
    total: int


def offers(self_payer: SelfPayer) -> list[Offer]:
    """What may be paid at once, arrears first; only as far as the law gives the figures."""
    known: list[int] = []
    try:
        for month in months_to_pay(self_payer, max(MONTHS), fresh_start=False):
            known += [one.total for one in prices(self_payer, [month])]
    except InvalidInput:
        pass  # the months after that cannot be priced yet
    return [Offer(count, sum(known[:count])) for count in MONTHS if count <= len(known)]
