"""Contributions of every kind: limits and dates from both sides, properties, and an independent reference."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import LawError, history, judge, result_of
from lindung.law.contributions.programmes import jp_due, programmes_due
from lindung.law.form.words import FirmSize

from . import reference_contributions as reference

FEB = date(2026, 2, 1)
SIZES = ("micro", "small", "medium", "large", "state")
KEYS = {
    "jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker", "jkp_government", "jkp_from_jkk",
    "employer_total", "worker_total", "total",
}  # fmt: skip


def pu(on: date = FEB, **facts: Any) -> dict[str, Any]:
    given = {"segment": "PU", "wage": 10_000_000, "risk_group": 1, "firm_size": "large"} | facts
    return result_of("contributions", on, {name: value for name, value in given.items() if value is not ...})


def refused(rule: str, on: date, facts: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(LawError) as error:
        result_of(rule, on, facts)
    return error.value.code, error.value.field


@pytest.mark.parametrize(
    ("facts", "programmes"),
    [
        ({"firm_size": "micro"}, "JKK JKM"),
        ({"firm_size": "small"}, "JKK JKM JHT JKP"),
        ({"firm_size": "medium"}, "JKK JKM JHT JP JKP"),
        ({"firm_size": "large"}, "JKK JKM JHT JP JKP"),
        ({"firm_size": "state"}, "JKK JKM JHT"),
        ({"firm_size": "micro", "citizenship": "MY"}, "JKK JKM"),
        ({"firm_size": "large", "citizenship": "MY"}, "JKK JKM JHT"),
        (
            {"firm_size": "large", "citizenship": "MY", "programmes": ["JKK", "JKM", "JHT", "JP", "JKP"]},
            "JKK JKM JHT JP",
        ),
        ({"firm_size": "micro", "programmes": ["JKK", "JKM", "JHT", "JKP"]}, "JKK JKM JHT JKP"),
        ({"firm_size": "large", "programmes": ["JKK", "JKM", "JHT", "JKP"]}, "JKK JKM JHT"),
        ({"firm_size": "state", "programmes": ["JKK", "JKM", "JHT", "JKP"]}, "JKK JKM JHT"),
        ({"firm_size": ..., "programmes": ["JKK", "JKM", "JHT", "JKP"]}, "JKK JKM JHT JKP"),
        ({"firm_size": ..., "programmes": ["JKK", "JKM", "JKP"]}, "JKK JKM"),
    ],
)
def test_programmes_by_size_and_citizenship(facts: dict[str, Any], programmes: str) -> None:
    result = pu(**facts)
    first = {"JKK": "jkk", "JKM": "jkm", "JHT": "jht_worker", "JP": "jp_worker", "JKP": "jkp_from_jkk"}
    assert {name for name, key in first.items() if result[key]} == set(programmes.split())
    assert result.keys() >= KEYS


def test_what_must_be_given() -> None:
    base = {"segment": "PU", "wage": 1, "risk_group": 1}
    assert refused("contributions", FEB, base) == ("missing_fact", "firm_size")
    assert refused("contributions", FEB, base | {"firm_size": None, "programmes": None}) == (
        "missing_fact",
        "firm_size",
    )
    assert refused("contributions", FEB, base | {"firm_size": "huge"}) == ("impossible_value", "firm_size")
    state = base | {"firm_size": "state"}
    assert refused("contributions", date(2025, 1, 1), state) == ("before_law", "programmes")
    assert result_of("contributions", date(2025, 2, 1), state)["jp_worker"] == 0
    for code in ("id", "IDN", 1):
        assert refused("contributions", FEB, state | {"citizenship": code}) == ("impossible_value", "citizenship")
    assert refused("contributions", FEB, state | {"programmes": "JP"}) == ("impossible_value", "programmes")
    assert refused("contributions", FEB, state | {"age": 121}) == ("impossible_value", "age")


def test_the_rules_with_jp_give_nothing_to_those_who_are_not_in_it() -> None:
    """A batch runs the plain question for everyone; a single case without JP runs its own variant."""
    micro = programmes_due(0, int(FirmSize.MICRO), 1)
    assert jp_due(micro, 30, False, 59, 3) is False
    assert jp_due(programmes_due(0, int(FirmSize.LARGE), 1), 30, False, 59, 3) is True


@pytest.mark.parametrize(("start", "ceiling"), reference.CEILINGS.items())
def test_each_jp_ceiling_and_its_first_month(start: tuple[int, int], ceiling: int) -> None:
    on = date(*start, 1)
    assert result_of("jp_ceiling", on, {}) == {"ceiling": ceiling}
    assert [pu(on, wage=ceiling + step)["jp_worker"] for step in (-100, 0, 100)] == [
        (ceiling - 100) // 100,
        ceiling // 100,
        ceiling // 100,
    ]
    if start > (2015, 7):
        assert result_of("jp_ceiling", date(start[0], start[1] - 1, 28), {})["ceiling"] != ceiling


def test_the_next_ceiling_is_refused_and_only_where_it_is_needed() -> None:
    assert result_of("jp_ceiling", date(2027, 2, 28), {})["ceiling"] == 11_086_300
    march = date.fromisoformat(history("jp_ceiling")[-1]["until"]) + timedelta(days=1)
    assert refused("jp_ceiling", march, {}) == ("beyond_known", "on")
    assert refused("contributions", march, {"segment": "PU", "wage": 1, "risk_group": 1, "firm_size": "large"}) == (
        "beyond_known",
        "on",
    )
    assert pu(march, firm_size="small")["total"] == 24_000 + 30_000 + 570_000
    assert pu(march, citizenship="SG")["jp_worker"] == 0
    steps = judge("contributions", march, {"segment": "PU", "wage": 1, "risk_group": 1, "firm_size": "micro"}).steps
    assert "jp_none" in {step.rule for step in steps}


@pytest.mark.parametrize(
    ("year", "age"), [(2018, 56), (2019, 57), (2021, 57), (2022, 58), (2024, 58), (2025, 59), (2026, 59)]
)
def test_the_pension_age_ends_jp(year: int, age: int) -> None:
    owed = [pu(date(year, 6, 1), age=age + step)["jp_worker"] > 0 for step in (-1, 0, 1)]
    assert owed == [True, False, False]
    put_off = [pu(date(year, 6, 1), age=age + step, jp_postponed=True)["jp_worker"] > 0 for step in (2, 3, 4)]
    assert put_off == [True, False, False]


@pytest.mark.parametrize(
    ("age", "member", "due"), [(53, False, True), (54, False, False), (55, False, False), (54, True, True)]
)
def test_the_age_for_jkp(age: int, member: bool, due: bool) -> None:
    assert (pu(age=age, jkp_member=member)["jkp_from_jkk"] > 0) == due


@pytest.mark.parametrize(
    ("on", "parts"),
    [
        (date(2021, 1, 31), (0, 0, 0)),
        (date(2021, 2, 1), (11_000, 7_000, 5_000)),
        (date(2025, 1, 31), (11_000, 7_000, 5_000)),
        (date(2025, 2, 1), (11_000, 7_000, 0)),
        (date(2025, 2, 7), (11_000, 7_000, 0)),
    ],
)
def test_jkp_is_inside_and_never_on_top(on: date, parts: tuple[int, int, int]) -> None:
    result = pu(on)
    assert (result["jkp_government"], result["jkp_from_jkk"], result["jkp_from_jkm"]) == parts
    assert (result["jkk"], result["jkm"]) == ((240, 300) if on.year == 2021 and on.month == 1 else (24_000, 30_000))
    assert result["employer_total"] == sum(result[name] for name in ("jkk", "jkm", "jht_employer", "jp_employer"))


def test_the_jkp_ceiling_and_the_halved_jkk() -> None:
    assert [pu(wage=wage)["jkp_from_jkk"] for wage in (4_999_000, 5_000_000, 5_001_000)] == [6_999, 7_000, 7_000]
    halved = pu(date(2025, 5, 1), wage=5_000_000, labour_intensive_relief=True)
    assert (halved["jkk"], halved["jkp_from_jkk"]) == (6_000, 6_000), "no more than the JKK that is paid"


def test_reliefs_can_be_switched_off() -> None:
    assert pu(date(2020, 9, 1), reliefs=False)["jkk"] == 24_000
    assert pu(date(2025, 5, 1), reliefs=False, labour_intensive_relief=True)["jkk"] == 24_000
    bpu = {"segment": "BPU", "income": 1_000_000, "sector": "transport", "reliefs": False}
    assert result_of("contributions", FEB, bpu)["total"] == 16_800
    september = date(2020, 9, 1)
    assert result_of("contributions", september, bpu | {"reliefs": True})["total"] == 168
    assert result_of("construction_contributions", september, {"contract_value": 180_000_000})["jkk"] == 3_460
    full = {"contract_value": 180_000_000, "reliefs": False}
    assert result_of("construction_contributions", september, full)["jkk"] == 346_000
    assert result_of("construction_contributions", september, {"wage_bill": 10_000_000})["jkk"] == 1_740


def test_wages_by_the_day_and_by_the_piece() -> None:
    def wage(**facts: Any) -> int:
        given = {"segment": "PU", "risk_group": 1, "firm_size": "small"} | facts
        return int(result_of("contributions", FEB, given)["jht_worker"]) * 50

    assert wage(daily_wage=80_000) == 2_000_000
    assert wage(piece_wages=[9_000_000, 1_000_000, 2_000_000, 3_000_000]) == 2_000_000
    assert wage(piece_wages=[1_000_000] * 9 + [4_000_000] * 3) == 4_000_000
    assert wage(piece_wages=[1_000_000] * 9 + [4_000_000] * 3, weather_dependent=True) == 1_750_000
    large = {"segment": "PU", "risk_group": 1, "firm_size": "large", "daily_wage": 1_000_000}
    assert result_of("contributions", FEB, large)["jp_worker"] == 105_474
    base = {"segment": "PU", "risk_group": 1, "firm_size": "small"}
    assert refused("contributions", FEB, base | {"piece_wages": [1, 2]}) == ("impossible_value", "piece_wages")
    weather = {"piece_wages": [1] * 11, "weather_dependent": True}
    assert refused("contributions", FEB, base | weather) == ("impossible_value", "piece_wages")
    assert refused("contributions", FEB, base | {"piece_wages": []}) == ("impossible_value", "piece_wages")
    assert refused("contributions", FEB, base | {"piece_wages": [1] * 3, "wage": 1}) == ("unknown_fact", "piece_wages")
    assert refused("contributions", FEB, base) == ("missing_fact", "wage")


@pytest.mark.parametrize("limit", [100, 500, 1_000, 5_000])
def test_construction_slices_on_both_sides(limit: int) -> None:
    for value in (limit * 10**6 - 1, limit * 10**6, limit * 10**6 + 1, limit * 10**6 + 10_000_000):
        got = result_of("construction_contributions", FEB, {"contract_value": value})
        assert got == reference.construction(Decimal(value), Decimal(1))


@given(value=st.integers(0, 10**14), more=st.integers(0, 10**9), september=st.booleans())
def test_construction_equals_the_reference_and_never_falls(value: int, more: int, september: bool) -> None:
    on, share = (date(2020, 9, 1), Decimal("0.01")) if september else (FEB, Decimal(1))
    got = result_of("construction_contributions", on, {"contract_value": value})
    assert got == reference.construction(Decimal(value), share)
    larger = result_of("construction_contributions", on, {"contract_value": min(value + more, 10**14)})
    assert larger["total"] >= got["total"]


def test_construction_without_vat_and_with_one_base_only() -> None:
    vat = {"contract_value": 199_800_000, "vat_percent": 11}
    assert result_of("construction_contributions", FEB, vat)["total"] == 392_000
    both = {"contract_value": 1, "wage_bill": 1}
    assert refused("construction_contributions", FEB, both) == ("unknown_fact", "contract_value")
    assert refused("construction_contributions", FEB, {}) == ("missing_fact", "contract_value")
    assert result_of("construction_contributions", FEB, {"wage_bill": 10_000_000})["total"] == 204_000


@pytest.mark.parametrize(
    ("months", "during"),
    [(6, 108_000), (7, 121_500), (11, 175_500), (12, 189_000), (13, 202_500), (24, 332_500), (25, 346_000)],
)
def test_migrant_workers(months: int, during: int) -> None:
    facts = {"placement": "individual", "months": months}
    assert result_of("migrant_contributions", FEB, facts) == {"before": 0, "during": during, "total": during}
    agency = result_of("migrant_contributions", FEB, facts | {"placement": "agency"})
    assert agency == {"before": 37_500, "during": during, "total": during + 37_500}


def test_migrant_workers_outside_the_rule() -> None:
    assert refused("migrant_contributions", FEB, {"placement": "agency", "months": 5}) == ("impossible_value", "months")
    facts = {"placement": "agency", "months": 6}
    assert refused("migrant_contributions", date(2023, 2, 21), facts) == ("before_law", "on")
    assert result_of("migrant_contributions", date(2023, 2, 22), facts)["total"] == 145_500


@pytest.mark.parametrize(
    ("on", "facts", "penalty"),
    [
        (FEB, {"months_late": 0}, 0),
        (FEB, {"months_late": 1}, 20_000),
        (FEB, {"months_late": 3}, 60_000),
        (FEB, {"months_late": 3, "segment": "BPU"}, 0),
        (date(2020, 7, 31), {"months_late": 1}, 20_000),
        (date(2020, 8, 1), {"months_late": 1}, 5_000),
        (date(2020, 8, 1), {"months_late": 1, "reliefs": False}, 20_000),
        (date(2021, 1, 31), {"months_late": 1}, 5_000),
        (date(2021, 2, 1), {"months_late": 1}, 20_000),
    ],
)
def test_late_penalty(on: date, facts: dict[str, Any], penalty: int) -> None:
    assert result_of("late_penalty", on, {"amount": 1_000_000} | facts) == {"penalty": penalty}


@pytest.mark.parametrize(
    ("segment", "programme", "month", "due"),
    [
        ("PU", "JKK", date(2026, 2, 1), "2026-03-16"),  # 15 March 2026 is a Sunday
        ("PU", "JP", date(2026, 3, 1), "2026-04-15"),
        ("PU", "JHT", date(2026, 3, 1), "2026-04-15"),
        ("BPU", "JKK", date(2026, 4, 1), "2026-04-15"),
        ("BPU", "JKM", date(2026, 4, 1), "2026-04-15"),
        ("BPU", "JHT", date(2026, 3, 1), "2026-04-15"),
        ("PU", "JKK", date(2020, 9, 1), "2020-10-30"),
        ("BPU", "JHT", date(2020, 9, 1), "2020-10-30"),
    ],
)
def test_due_dates_by_programme(segment: str, programme: str, month: date, due: str) -> None:
    facts = {"segment": segment, "programme": programme}
    assert result_of("due_date", month, facts) == {"due_on": due}
    if programme == "JKK":
        assert result_of("due_date", month, {"segment": segment}) == {"due_on": due}


@pytest.mark.parametrize("programme", ["JP", "JKP"])
def test_no_due_date_for_what_bpu_do_not_join(programme: str) -> None:
    facts = {"segment": "BPU", "programme": programme}
    assert refused("due_date", FEB, facts) == ("impossible_value", "programme")
    assert result_of("due_date", FEB, facts | {"segment": "PU"})["due_on"] == "2026-03-16"


def test_the_jp_deferral_puts_off_and_waives_nothing() -> None:
    jp = pu(date(2020, 9, 1), wage=8_939_700)
    amount = jp["jp_employer"] + jp["jp_worker"]
    assert amount == 268_191, "JP itself stays whole: the deferral needs a request"
    assert result_of("jp_deferral", date(2020, 9, 1), {"amount": amount}) == {
        "due_now": 2_682,
        "deferred": 265_509,
        "settle_from": "2021-05-15",
        "settle_until": "2022-04-15",
    }
    assert refused("jp_deferral", date(2020, 7, 31), {"amount": 1}) == ("before_law", "on")
    assert refused("jp_deferral", date(2021, 2, 1), {"amount": 1}) == ("beyond_known", "on")


def random_month(rng: random.Random) -> date:
    year, month = divmod(rng.randrange(2015 * 12 + 6, 2028 * 12), 12)
    return date(year, month + 1, rng.choice((1, 15, 28)))


def random_wage(rng: random.Random) -> str:
    near = rng.choice((5_000_000, 7_000_000, 8_754_600, 10_547_400, 11_086_300))
    whole = rng.choice((rng.randrange(20_000_000), rng.randrange(10**11), near + rng.randrange(-2, 3)))
    return f"{whole}.{rng.randrange(100):02d}" if rng.random() < 0.5 else str(whole)


def test_wage_earners_equal_the_reference_to_the_rupiah() -> None:
    rng = random.Random(20260227)
    for _ in range(4_000):
        on = random_month(rng)
        facts: dict[str, Any] = {
            "wage": random_wage(rng),
            "risk_group": rng.randint(1, 5),
            "citizenship": rng.choice(("ID", "ID", "ID", "JP")),
            "age": rng.choice((30, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 70)),
            "labour_intensive_relief": rng.random() < 0.5,
            "jp_postponed": rng.random() < 0.3,
            "jkp_member": rng.random() < 0.3,
            "reliefs": rng.random() < 0.8,
        }
        if rng.random() < 0.7 or on < date(2025, 2, 1):
            facts["firm_size"] = rng.choice(SIZES[:4])
        if rng.random() < 0.3:
            facts["programmes"] = rng.sample(("JKK", "JKM", "JHT", "JP", "JKP"), rng.randint(1, 5))
            facts["firm_size"] = rng.choice(SIZES)
        elif "firm_size" not in facts:
            facts["firm_size"] = "state"
        expected = reference.wage_earner(on, facts)
        question = {"segment": "PU"} | facts
        if expected is not None:  # the reference knows the ceilings up to 2026 only
            assert result_of("contributions", on, question) == expected, (on, facts)


def test_participants_without_a_wage_equal_the_reference_to_the_rupiah() -> None:
    rng = random.Random(20260228)
    assert len(reference.BRACKETS) == 33
    for _ in range(3_000):
        on = random_month(rng)
        edge = rng.choice(reference.BRACKETS)[0] * 1_000 + rng.randrange(-1_001, 2)
        facts: dict[str, Any] = {
            "income": rng.choice((rng.randrange(25_000_000), max(edge, 0))),
            "payer": rng.choice(("self", "apbn", "apbd", "village", "company")),
            "sector": rng.choice(("transport", "other")),
            "programmes": rng.sample(("JKK", "JKM", "JHT"), rng.randint(1, 3)),
            "reliefs": rng.random() < 0.8,
        }
        result = result_of("contributions", on, {"segment": "BPU"} | facts)
        expected = reference.self_employed(on, facts)
        assert {name: result[name] for name in expected} == expected, (on, facts)
        assert result["worker_total"] == expected["total"] and result.keys() >= KEYS


@given(wage=st.integers(0, 10**11), more=st.integers(0, 10**6), size=st.sampled_from(SIZES), group=st.integers(1, 5))
def test_shares_sum_and_never_fall_with_the_wage(wage: int, more: int, size: str, group: int) -> None:
    low = pu(wage=wage, firm_size=size, risk_group=group)
    high = pu(wage=min(wage + more, 10**11), firm_size=size, risk_group=group)
    assert all(high[name] >= low[name] >= 0 for name in low)
    assert low["total"] == low["employer_total"] + low["worker_total"]
    assert low["jkp_from_jkk"] <= low["jkk"] and low["jkp_government"] <= 11_000
