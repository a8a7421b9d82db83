"""Contributions once more, slowly and in decimals, written from the articles only; it knows nothing of lindung.law."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

D = Decimal
RISK = {1: D("0.24"), 2: D("0.54"), 3: D("0.89"), 4: D("1.27"), 5: D("1.74")}  # PP 44/2015 Pasal 16 ayat (1)
CEILINGS = {  # PP 45/2015 Pasal 29: first contribution month -> rupiah
    (2015, 7): 7_000_000, (2016, 3): 7_335_300, (2017, 3): 7_703_500, (2018, 3): 8_094_000, (2019, 3): 8_512_400,
    (2020, 3): 8_939_700, (2021, 3): 8_754_600, (2022, 3): 9_077_600, (2023, 3): 9_559_600, (2024, 3): 10_042_300,
    (2025, 3): 10_547_400, (2026, 3): 11_086_300,
}  # fmt: skip
LAST_CEILING = (2027, 2)
BRACKETS = (  # PP 44/2015 Lampiran II: (lower limit, base), in thousands
    *((0, 1000), (1100, 1200), (1300, 1400), (1500, 1600), (1700, 1800), (1900, 2000), (2100, 2200), (2300, 2400)),
    *((2500, 2600), (2700, 2950), (3200, 3450), (3700, 3950), (4200, 4450), (4700, 4950), (5200, 5450)),
    *((5700, 5950), (6200, 6450), (6700, 6950), (7200, 7450), (7700, 7950), (8200, 8700), (9200, 9700)),
    *((lower, lower + 500) for lower in range(10_200, 21_000, 1000)),
)


def rupiah(exact: Decimal) -> int:
    return int(exact.quantize(D(1), ROUND_HALF_UP))


def percent(amount: Decimal, rate: Decimal) -> Decimal:
    return amount * rate / 100


def pension_age(year: int) -> int:
    """PP 45/2015 Pasal 15: 56, then 57 from 2019 and one more every three years."""
    return 56 if year < 2019 else min(65, 57 + (year - 2019) // 3)


def ceiling(on: date) -> int | None:
    month = (on.year, on.month)
    return None if month > LAST_CEILING else [value for start, value in CEILINGS.items() if start <= month][-1]


def member_of(facts: dict[str, Any]) -> set[str]:
    if facts.get("programmes"):
        return set(facts["programmes"])
    indonesian, size = facts["citizenship"] == "ID", facts["firm_size"]
    programmes = {"JKK", "JKM"}
    if size != "micro":
        programmes |= {"JHT"}
    if size in ("medium", "large") and indonesian:
        programmes |= {"JP"}
    if size in ("small", "medium", "large") and indonesian:
        programmes |= {"JKP"}
    return programmes


def wage_earner(on: date, facts: dict[str, Any]) -> dict[str, int] | None:
    """The whole answer, or None when the JP ceiling of the month is not known and needed."""
    wage, month, member = D(facts["wage"]), (on.year, on.month), member_of(facts)
    pandemic = facts["reliefs"] and (2020, 8) <= month <= (2021, 1)
    share = D("0.01") if pandemic else D(1)
    halved = facts["reliefs"] and facts["labour_intensive_relief"] and (2025, 2) <= month <= (2026, 1)
    rate = RISK[facts["risk_group"]] / (2 if halved else 1)
    jkk = rupiah(percent(wage, rate) * share) if "JKK" in member else 0
    jkm = rupiah(percent(wage, D("0.30")) * share) if "JKM" in member else 0
    jht_employer = rupiah(percent(wage, D("3.7"))) if "JHT" in member else 0
    jht_worker = rupiah(percent(wage, D(2))) if "JHT" in member else 0
    jp_employer = jp_worker = 0
    if "JP" in member:
        limit = ceiling(on)
        if limit is None:
            return None
        if facts["age"] < pension_age(on.year) + (3 if facts["jp_postponed"] else 0):
            jp_wage = min(wage, D(limit))
            jp_employer, jp_worker = rupiah(percent(jp_wage, D(2))), rupiah(percent(jp_wage, D(1)))
    government = from_jkk = from_jkm = 0
    size = facts.get("firm_size")
    needed = {"JKK", "JKM", "JHT", "JKP"} | ({"JP"} if size in ("medium", "large") else set())
    if (
        month >= (2021, 2)
        and needed <= member
        and size != "state"
        and facts["citizenship"] == "ID"
        and (facts["age"] < 54 or facts["jkp_member"])
    ):
        base = min(wage, D(5_000_000))
        government = rupiah(percent(base, D("0.22")))
        from_jkk = min(rupiah(percent(base, D("0.14"))), jkk)
        from_jkm = rupiah(percent(base, D("0.10"))) if month < (2025, 2) else 0
    return {
        "jkk": jkk,
        "jkm": jkm,
        "jht_employer": jht_employer,
        "jht_worker": jht_worker,
        "jp_employer": jp_employer,
        "jp_worker": jp_worker,
        "jkp_government": government,
        "jkp_from_jkk": from_jkk,
        "jkp_from_jkm": from_jkm,
        "employer_total": jkk + jkm + jht_employer + jp_employer,
        "worker_total": jht_worker + jp_worker,
        "total": jkk + jkm + jht_employer + jp_employer + jht_worker + jp_worker,
    }


def self_employed(on: date, facts: dict[str, Any]) -> dict[str, int]:
    income, month = D(facts["income"]), (on.year, on.month)
    base = [base for lower, base in BRACKETS if lower * 1000 <= income][-1] * 1000
    window = ((2026, 1), (2027, 3)) if facts["sector"] == "transport" else ((2026, 4), (2026, 12))
    share = D(1)
    if facts["reliefs"] and facts["payer"] in ("self", "company") and window[0] <= month <= window[1]:
        share = D("0.5")
    if facts["reliefs"] and (2020, 8) <= month <= (2021, 1):
        share = D("0.01")
    jkk = rupiah(percent(D(base), D(1)) * share) if "JKK" in facts["programmes"] else 0
    jkm = rupiah(D(6_800) * share) if "JKM" in facts["programmes"] else 0
    jht = rupiah(percent(D(base), D(2))) if "JHT" in facts["programmes"] else 0
    return {"base": base, "jkk": jkk, "jkm": jkm, "jht_worker": jht, "total": jkk + jkm + jht}


def construction(value: Decimal, share: Decimal) -> dict[str, int]:
    """PP 44/2015 Pasal 54 ayat (2) and 55 ayat (2), letter by letter: each adds to the one before."""
    steps = (0, 100, 500, 1_000, 5_000)
    result = {}
    for name, rates in {"jkk": "0.21 0.17 0.13 0.11 0.09", "jkm": "0.03 0.02 0.02 0.01 0.01"}.items():
        total = D(0)
        for i, rate in enumerate(rates.split()):
            lower, upper = D(steps[i]) * 10**6, D(steps[i + 1]) * 10**6 if i < 4 else value
            total += percent(max(D(0), min(value, max(upper, lower)) - lower), D(rate))
        result[name] = rupiah(total * share)
    return result | {"total": sum(result.values())}
