"""What the articles give, worked out by hand (benefit_articles.yaml), asked as anyone would: plain data in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from lindung.law import evaluate, injuries
from lindung.law.form.instruments import INSTRUMENTS, instruments_in

CASES = yaml.safe_load(Path(__file__).with_name("benefit_articles.yaml").read_text(encoding="utf-8"))


def name(case: dict[str, Any]) -> str:
    return f"{case['rule']} {case['on']} {json.dumps(case['facts'])}"


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_articles_by_hand(case: dict[str, Any]) -> None:
    answer = evaluate({"id": case["rule"]} | {key: case[key] for key in ("rule", "on", "facts")})
    assert answer["id"] == case["rule"]
    if "refuses" in case:
        assert [answer["error"]["code"], answer["error"]["field"]] == case["refuses"]
        assert answer["error"]["message"]
    else:
        result = answer["result"]
        assert {key: result[key] for key in case["gives"]} == case["gives"]
        day = (case["on"] + "-28")[:10]
        for step in answer["steps"]:
            since = min(INSTRUMENTS[cited].in_force for cited in instruments_in(step["article"]))
            assert since.isoformat() <= day, step


TABLE = {  # PP 53/2012 Lampiran II, Romawi II, read in the text
    **{"ARM_SHOULDER_R": 40, "ARM_SHOULDER_L": 35, "ARM_ELBOW_R": 35, "ARM_ELBOW_L": 30, "HAND_WRIST_R": 32},
    **{"HAND_WRIST_L": 28, "LEGS_BOTH_GROIN": 70, "LEG_ONE_GROIN": 35, "FEET_BOTH_ANKLE": 50, "FOOT_ONE_ANKLE": 25},
    **{"EYE_BOTH": 70, "EYE_ONE": 35, "HEAR_BOTH": 40, "HEAR_ONE": 20, "THUMB_R": 15, "THUMB_L": 12, "INDEX_R": 9},
    **{"INDEX_L": 7, "FINGER_OTHER_R": 4, "FINGER_OTHER_L": 3, "INDEX_PHALANX1_R": 4.5, "INDEX_PHALANX1_L": 3.5},
    **{"FINGER_PHALANX1_R": 2, "FINGER_PHALANX1_L": 1.5, "TOE_BIG": 5, "TOE_SECOND": 3, "TOE_OTHER": 2},
    **{"IMPOTENCE": 30, "LEG_SHORT_LT5": 10, "LEG_SHORT_5_7_5": 20, "LEG_SHORT_GE7_5": 30, "HEAR_DEC_BOTH_10DB": 6},
    **{"HEAR_DEC_ONE_10DB": 3, "AURICLE_ONE": 5, "AURICLE_BOTH": 10, "NOSE_TIP": 30, "NOSE_SEPTUM": 15, "SMELL": 10},
    **{"WORKCAP_51_70": 40, "WORKCAP_26_50": 20, "WORKCAP_10_25": 5, "MENTAL": 70, "VISION_EFF_10": 7},
    **{"VISION_COLOUR": 10, "VISION_FIELD_10": 7},
}


@pytest.mark.parametrize("code", TABLE)
def test_each_row_of_the_disability_table(code: str) -> None:
    facts = {"wage": 1_000_000, "injuries": [{"code": code}]}
    answer = evaluate({"id": code, "rule": "jkk_partial_disability", "on": "2026-02-27", "facts": facts})
    assert answer["result"]["percent"] == TABLE[code]
    assert answer["result"]["total"] == TABLE[code] * 800_000


def test_no_row_of_the_disability_table_is_left_out() -> None:
    ranges = {row["code"]: (row["percent"], row["percent_most"]) for row in injuries() if row["code"] not in TABLE}
    assert ranges == {"SCALP": (10, 30)}
