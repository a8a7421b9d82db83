"""The plain-data door: answers, steps, and errors that say what to mend."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lindung.law import evaluate, judge, law_version
from lindung.law.form.instruments import KNOWN_UNTIL
from lindung.law.questions import PLANS

PU = {"segment": "PU", "wage": 10_000_000, "risk_group": 1, "programmes": ["JKK", "JKM"]}
BPU = {"segment": "BPU", "income": 1_000_000}
PAID = {"from": "2025-10", "to": "2025-12", "on": "2025-10-03"}
DAY = "2026-02-27"
COVER = {"segment": "BPU", "registered_on": "2025-10-03", "paid": [PAID]}


REGISTER = yaml.safe_load((Path(__file__).parent / "published_cases.yaml").read_text("utf-8"))
GOOD = [asked for case in REGISTER["cases"] for asked in case.get("asked", [])] + REGISTER["examples"]
JUNK: list[Any] = [
    *(None, True, 0, -1, 10**6, 10**30, 1.5, float("nan"), float("-inf"), "", "x", "NaN", "1000000.50", "PU", "work"),
    *("2026-02", "2026-02-30", "0001-01-01", "9999-12-31", [], {}, [None], [[]], [{}], {"2024": None}, {"9999": 5}),
    *(["JKK"], [{"from": "0001-01", "to": "9999-12", "on": "0001-01-01"}], [{"remaining": {"sd": -1}}], [{"code": 1}]),
]
CODES = {"unknown_rule", "unknown_fact", "missing_fact", "impossible_value", "before_law", "beyond_known"}


def paid(name: str, value: str) -> dict[str, Any]:
    """Cover with one part of its payment changed."""
    return COVER | {"paid": [PAID | {name: value}]}


def ask(rule: Any = "contributions", on: Any = "2026-02", facts: Any = PU) -> dict[str, Any]:
    return evaluate({"id": "q-1", "rule": rule, "on": on, "facts": facts})


def test_an_answer_carries_its_steps() -> None:
    answer = ask()
    assert answer["id"] == "q-1"
    assert answer["result"] == {
        **dict.fromkeys(("jht_employer", "jht_worker", "jp_employer", "jp_worker", "worker_total"), 0),
        **dict.fromkeys(("jkp_government", "jkp_from_jkk", "jkp_from_jkm"), 0),
        "jkk": 24_000,
        "jkm": 30_000,
        "employer_total": 54_000,
        "total": 54_000,
    }
    step = next(step for step in answer["steps"] if step["rule"] == "jkk_pu")
    assert step == {
        "rule": "jkk_pu",
        "says": {
            "id": "Iuran JKK adalah tarif kali upah sebulan, dibayar pemberi kerja.",
            "en": "The JKK contribution is the rate times the monthly wage, paid by the employer.",
        },
        "inputs": {"programmes_due": ["JKK", "JKM"], "wage": 10_000_000, "jkk_rate": 240, "pandemic_share": 100},
        "value": 24_000,
        "article": "PP 44/2015 Pasal 16 ayat (3)",
        "choice": "Dibulatkan sekali ke rupiah terdekat, setengah ke atas; peraturan tidak mengatur pembulatan.",
        "confidence": "T",
    }
    assert "choice" not in next(step for step in answer["steps"] if step["rule"] == "total_pu")
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("rule", "on", "facts"),
    [
        ("contributions", "2026-02", BPU | {"payer": "apbd", "sector": "transport"}),
        ("jkk_death", "2026-02", {"segment": "PU", "wage": "3000000.5"}),
        ("jkm", "2026-02", {"segment": "BPU", "months_paid_consecutive": 2, "cover": "inactive"}),
        ("heirs", "2026-02-27", {"relatives": [{"relation": "spouse", "name": "Sari"}]}),
        ("cover", "2026-02-27", COVER | {"holidays": ["2026-02-16"]}),
        ("due_date", "2026-02", {"segment": "BPU", "holidays": ["2026-02-16"]}),
        ("service_clock", "2026-02-27", {"programme": "JKM"}),
        ("claim_expiry", "2026-02-27", {"programme": "JKK"}),
    ],
)
def test_every_rule_answers_in_json_with_an_article_on_each_step(rule: str, on: str, facts: dict[str, Any]) -> None:
    answer = ask(rule, on, facts)
    assert json.loads(json.dumps(answer)) == answer
    assert answer["steps"] and all(step["article"] and step["confidence"] in "TCSM" for step in answer["steps"])


ERRORS: list[tuple[str, str | None, dict[str, Any]]] = [
    ("unknown_rule", "rule", {"rule": "pension"}),
    ("unknown_rule", "rule", {"rule": None}),
    ("missing_fact", "segment", {"facts": {"wage": 1}}),
    ("missing_fact", "risk_group", {"facts": {"segment": "PU", "wage": 1}}),
    ("unknown_fact", "income", {"facts": PU | {"income": 1}}),
    ("unknown_fact", "risk_group", {"facts": BPU | {"risk_group": 1}}),
    ("impossible_value", "facts", {"facts": [1]}),
    ("impossible_value", "segment", {"facts": {"segment": "PMI"}}),
    ("impossible_value", "segment", {"facts": {"segment": ["PU"]}}),
    ("impossible_value", "wage", {"facts": PU | {"wage": -1}}),
    ("impossible_value", "wage", {"facts": PU | {"wage": 1.5}}),
    ("impossible_value", "wage", {"facts": PU | {"wage": True}}),
    ("impossible_value", "wage", {"facts": PU | {"wage": "1.234"}}),
    ("impossible_value", "wage", {"facts": PU | {"wage": "1,5"}}),
    ("impossible_value", "wage", {"facts": PU | {"wage": 100_000_000_001}}),
    ("impossible_value", "risk_group", {"facts": PU | {"risk_group": 0}}),
    ("impossible_value", "risk_group", {"facts": PU | {"risk_group": 6}}),
    ("impossible_value", "risk_group", {"facts": PU | {"risk_group": True}}),
    ("impossible_value", "labour_intensive_relief", {"facts": PU | {"labour_intensive_relief": "ya"}}),
    ("impossible_value", "programmes", {"facts": PU | {"programmes": []}}),
    ("impossible_value", "programmes", {"facts": PU | {"programmes": "JKK"}}),
    ("impossible_value", "programmes", {"facts": PU | {"programmes": ["BPJS"]}}),
    ("missing_fact", "firm_size", {"facts": {"segment": "PU", "wage": 1, "risk_group": 1}}),
    ("impossible_value", "programmes", {"facts": BPU | {"programmes": ["JKK", "JP"]}}),
    ("impossible_value", "programme", {"rule": "service_clock", "on": "2026-02-27", "facts": {"programme": "JKP"}}),
    ("impossible_value", "payer", {"facts": BPU | {"payer": "donor"}}),
    ("impossible_value", "payer", {"facts": BPU | {"payer": 1}}),
    ("missing_fact", "on", {"on": ...}),
    ("impossible_value", "on", {"on": "2026-13"}),
    ("impossible_value", "on", {"on": "0000-01"}),
    ("impossible_value", "on", {"on": "2026-02-30"}),
    ("impossible_value", "on", {"on": "20260227"}),
    ("impossible_value", "on", {"on": 202602}),
    ("before_law", "on", {"on": "2015-06"}),
    ("before_law", "on", {"on": "2015-06-30"}),
    ("beyond_known", "on", {"on": f"{KNOWN_UNTIL.year + 1}-01"}),
    ("impossible_value", "on", {"rule": "service_clock", "facts": {"programme": "JKM"}}),
    ("impossible_value", "on", {"rule": "jkm", "on": "2019-12", "facts": {"segment": "PU"}}),
    ("impossible_value", "registered_on", {"rule": "cover", "on": "2026-02-27", "facts": COVER | {"registered_on": 1}}),
    ("impossible_value", "holidays", {"rule": "due_date", "facts": {"segment": "PU", "holidays": "2026-01-01"}}),
    ("impossible_value", "paid", {"rule": "cover", "on": "2026-02-27", "facts": COVER | {"paid": "x"}}),
    ("impossible_value", "paid", {"rule": "cover", "on": "2026-02-27", "facts": COVER | {"paid": [1]}}),
    ("missing_fact", "paid.from", {"rule": "cover", "on": "2026-02-27", "facts": COVER | {"paid": [{}]}}),
    ("unknown_fact", "paid.by", {"rule": "cover", "on": "2026-02-27", "facts": COVER | {"paid": [PAID | {"by": 1}]}}),
    (
        "impossible_value",
        "paid.to",
        {"rule": "cover", "on": "2026-02-27", "facts": COVER | {"paid": [PAID | {"to": "2025-09"}]}},
    ),
    (
        "impossible_value",
        "paid.from",
        {"rule": "cover", "on": DAY, "facts": paid("from", "1899-12")},
    ),
    (
        "impossible_value",
        "paid.to",
        {"rule": "cover", "on": DAY, "facts": paid("to", "2201-01")},
    ),
    ("impossible_value", "birth_date", {"rule": "pension_age", "on": DAY, "facts": {"birth_date": "9999-12-31"}}),
    ("impossible_value", "relatives", {"rule": "heirs", "on": DAY, "facts": {"relatives": "spouse"}}),
    ("impossible_value", "relatives", {"rule": "heirs", "on": DAY, "facts": {"relatives": ["spouse"] * 2001}}),
    ("impossible_value", "holidays", {"rule": "due_date", "facts": {"segment": "PU", "holidays": [DAY] * 2001}}),
    (
        "impossible_value",
        "relatives.relation",
        {"rule": "heirs", "on": "2026-02-27", "facts": {"relatives": [{"relation": "uncle"}]}},
    ),
]


@pytest.mark.parametrize(("code", "field", "change"), ERRORS)
def test_errors(code: str, field: str | None, change: dict[str, Any]) -> None:
    question = {"id": 7, "rule": "contributions", "on": "2026-02", "facts": PU} | change
    answer = evaluate({key: value for key, value in question.items() if value is not ...})
    assert answer["id"] == 7
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
    assert answer["error"]["message"].endswith((".", "?"))


@pytest.mark.parametrize("question", [None, 1, 1.5, True, "contributions", [], ["id"], {}])
def test_what_is_no_question_is_an_error_and_not_a_crash(question: Any) -> None:
    answer = evaluate(question)
    assert answer["id"] is None
    assert answer["error"]["field"] == ("rule" if question == {} else "question")


@pytest.mark.parametrize("identity", [7, "a", None, 1.5, True, [1, "b"], {"no": 3}])
def test_the_name_of_a_question_comes_back_whatever_it_is(identity: Any) -> None:
    asked = {"id": identity, "rule": "contributions", "on": "2026-02", "facts": PU}
    assert evaluate(asked)["id"] == evaluate(asked | {"on": 0})["id"] == identity


def test_the_first_and_last_day_known() -> None:
    assert "result" in ask(on="2015-07")
    assert "result" in ask(on="2027-12-31")


@given(st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.integers(), st.text(max_size=8)), max_size=3))
def test_no_question_breaks_the_door(facts: dict[str, Any]) -> None:
    assert {"error"} <= ask(facts=facts).keys() | ask("cover", "2026-02-27", facts).keys()


def test_junk_in_any_fact_of_any_question_is_an_answer_or_an_error() -> None:
    chance = random.Random(20261123)
    answered = 0
    for name, plans in PLANS.items():
        facts = sorted({fact.name for plan in plans.values() for fact in plan.question.facts} | {"nothing"})
        good = [asked for asked in GOOD if asked["rule"] == name] or [{"on": DAY, "facts": {}}]
        for _ in range(300):
            asked = chance.choice(good)
            junk = {chance.choice(facts): chance.choice(JUNK) for _ in range(chance.randint(0, 2))}
            answer = ask(name, chance.choice((asked["on"], "2020-09-30", DAY)), asked["facts"] | junk)
            assert json.dumps(answer)
            answered += "result" in answer
            assert answer.get("error", {"code": "before_law"})["code"] in CODES
    assert answered > 100


def test_a_judgement_names_its_version_and_what_is_unverified() -> None:
    judgement = judge("contributions", date(2026, 2, 1), BPU)
    assert judgement.law_version == law_version()
    assert judgement.result["total"] == 16_800
    assert set(judgement.unverified) == {"bpu_bases", "bpu_jkk_rate", "bpu_jht_rate", "bpu_transport_share"}
    jkp = {"jkp_government_rate", "jkp_from_jkk_rate", "jkp_from_jkm_rate"}
    assert set(judge("contributions", date(2026, 2, 1), PU).unverified) == {"labour_intensive_share"} | jkp
