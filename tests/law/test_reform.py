"""A proposal laid over the law changes its own figures, from its own day, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lindung import law
from lindung.law import LawFileError, judge, load_reform

FIFTY = """
title: JKM Rp50 juta mulai 2027
author: Dinas Tenaga Kerja
reference: usulan, belum menjadi peraturan
leaves_out: beasiswa tidak diubah
parameters:
  jkm_lump_sum:
    - {from: 2027-01-01, value: 28000000}
"""
DEATH = {"segment": "BPU", "months_paid_consecutive": 12}


def reform(tmp_path: Path, text: str = FIFTY) -> law.Reform:
    path = tmp_path / "usulan.yaml"
    path.write_text(text, encoding="utf-8")
    return load_reform(path)


def total(on: date, proposed: law.Reform | None = None) -> int:
    return int(judge("jkm", on, DEATH, proposed).result["total"])


def test_the_proposal_holds_from_its_day(tmp_path: Path) -> None:
    proposed = reform(tmp_path)
    assert (total(date(2026, 12, 31), proposed), total(date(2027, 1, 1), proposed)) == (42_000_000, 50_000_000)
    assert total(date(2027, 1, 1)) == 42_000_000


def test_a_proposal_that_ends_gives_the_law_back(tmp_path: Path) -> None:
    proposed = reform(tmp_path, FIFTY.replace("from: 2027-01-01,", "from: 2026-03-01, until: 2026-03-31,"))
    days = (date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1))
    assert [total(day, proposed) // 1_000_000 for day in days] == [42, 50, 50, 42]


def test_a_proposal_may_reach_over_a_change_of_the_law(tmp_path: Path) -> None:
    proposed = reform(tmp_path, FIFTY.replace("from: 2027-01-01,", "from: 2019-11-01, until: 2020-01-31,"))
    before, within, after = date(2019, 10, 31), date(2020, 1, 1), date(2020, 2, 1)
    assert total(before, proposed) == total(before)
    assert total(within, proposed) - total(within) == 8_000_000
    assert total(after, proposed) == total(after)


def test_a_judgement_says_by_which_proposal_it_was_made(tmp_path: Path) -> None:
    judged = judge("jkm", date(2027, 1, 1), DEATH, reform(tmp_path))
    assert judged.law_version.endswith("+ JKM Rp50 juta mulai 2027")
    step = next(step for step in judged.steps if step.rule == "jkm_death")
    assert (step.value, step.confidence) == (28_000_000, "C")


def test_plain_questions_take_a_proposal_too(tmp_path: Path) -> None:
    question = {"id": "1", "rule": "jkm", "on": "2027-01-01", "facts": DEATH}
    assert law.evaluate(question, reform(tmp_path))["result"]["total"] == 50_000_000
    assert "error" in law.evaluate({**question, "on": "2035-01-01"}, reform(tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("title: JKM Rp50 juta mulai 2027\n", "", "isinya harus"),
        ("reference: usulan, belum menjadi peraturan", "reference: ''", "harus diisi"),
        ("jkm_lump_sum:", "jkm_kematian:", "tidak ada"),
        ("value: 28000000", "value: 1.5", "bilangan bulat"),
        ("value: 28000000", "nilai: 1", "from dan value"),
        ("from: 2027-01-01", "from: besok", "tanggal"),
        ("from: 2027-01-01", "from: 2027-01-02, until: 2027-01-01", "lebih awal"),
        ("from: 2027-01-01", "from: 2010-01-01", "lebih awal daripada angka pertama"),
        ("    - {from: 2027-01-01, value: 28000000}", "    []", "daftar"),
        ("parameters:\n  jkm_lump_sum:\n    - {from: 2027-01-01, value: 28000000}", "parameters: {}", "kosong"),
        ("title", "title: [", "usulan.yaml"),
    ],
)
def test_a_faulty_proposal_is_refused_with_what_to_mend(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in FIFTY
    with pytest.raises(LawFileError, match=words.replace("[", r"\[")):
        reform(tmp_path, FIFTY.replace(old, new))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match=r"tiada\.yaml"):
        load_reform(tmp_path / "tiada.yaml")
