"""Wage lines over columns: the law's single answers, faulty lines left out, bills of whole payers, their digests."""

from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lindung.law import result_of
from lindung.law.form.words import FirmSize, Payer
from lindung.nation.assessing import Charges, Judged, assessed
from lindung.nation.building import Nation, build_nation
from lindung.nation.digests import digests
from lindung.nation.makeup import CATEGORIES

MONTH = date(2026, 2, 1)
PROGRAMMES = {3: ["JKK", "JKM"], 7: ["JKK", "JKM", "JHT"]}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return build_nation(tmp_path_factory.mktemp("nation"), 20_000)


def kept(nation: Nation, judged: Judged | None = None) -> list[Charges]:
    """All charges, out of the memory that is used again."""
    return [
        Charges(
            one.category, {name: values.copy() for name, values in one.columns.items()}, one.first, one.bills_before
        )
        for one in assessed(nation, MONTH, judged)
    ]


def single(segment: str, line: dict[str, Any]) -> dict[str, int]:
    """What the law says of one line."""
    if segment == "PMI":
        facts = {"placement": "agency", "months": line["months"]}
        return {"total": result_of("migrant_contributions", MONTH, facts)["total"]}
    if segment == "BPU":
        payer = {int(Payer.SELF): "self", int(Payer.APBD): "apbd"}[line["payer"]]
        facts = {"segment": "BPU", "income": line["income"], "payer": payer}
        facts["programmes"] = PROGRAMMES[line["programmes"]]
    else:
        facts = {"segment": "PU", "wage": line["wage"], "risk_group": line["risk_group"]}
        if segment == "JAKON":
            facts["programmes"] = PROGRAMMES[line["programmes"]]
        else:
            facts |= {"firm_size": FirmSize(line["firm_size"]).name.lower(), "age": line["age"]}
    return dict(result_of("contributions", MONTH, facts))


def test_each_kind_of_line_owes_what_the_law_says_of_it_alone(nation: Nation) -> None:
    for charges in kept(nation):
        lines = pq.read_table(nation.lines_of(charges.category)).to_pylist()
        for row in np.linspace(0, charges.rows - 1, 40).astype(int):
            owed = {name: int(values[row]) for name, values in charges.columns.items()}
            told = single(charges.category.segment, lines[row])
            assert owed["jkk"] + owed["jkm"] + owed["jht"] + owed["jp"] == told["total"]
            if charges.category.segment != "PMI":
                assert owed["jkp"] == told.get("jkp_from_jkk", 0) + told.get("jkp_from_jkm", 0)
                assert owed["jht"] == told["jht_employer"] + told["jht_worker"]
                assert owed["worker_share"] == told["worker_total"]


def test_projects_pay_what_the_law_says_of_their_wage_bill() -> None:
    """Jakon is judged line by line in the fifth risk group, whose rate is that of projects with known wages."""
    wage = 5_000_000
    project = result_of("construction_contributions", MONTH, {"wage_bill": wage})
    facts = {"segment": "PU", "wage": wage, "risk_group": 5, "programmes": ["JKK", "JKM"]}
    line = result_of("contributions", MONTH, facts)
    assert line["total"] == project["total"]


def test_the_law_s_own_total_is_ours_and_faulty_lines_are_counted_and_left_out(nation: Nation) -> None:
    judged = Judged()
    rows = sum(one.rows for one in kept(nation, judged))
    assert judged.faulty == 0
    assert judged.rows == rows == nation.workers
    assert judged.totals["total"] == sum(judged.totals[name] for name in ("jkk", "jkm", "jht", "jp"))


def with_lines(nation: Nation, folder: Path, change: Any) -> Nation:
    """The nation with the employed workers' lines changed."""
    made = build_nation(folder, 2_000)
    file = made.lines_of(CATEGORIES[0])
    pq.write_table(change(pq.read_table(file)), file)
    return made


def test_a_line_without_its_wage_leaves_its_payer_s_other_lines_alone(nation: Nation, tmp_path: Path) -> None:
    def spoil(lines: pa.Table) -> pa.Table:
        wages = lines["wage"].to_pylist()
        wages[0], wages[5] = None, -1
        return lines.set_column(lines.schema.get_field_index("wage"), "wage", pa.array(wages, pa.int64()))

    judged = Judged()
    spoilt = with_lines(nation, tmp_path, spoil)
    charges = kept(spoilt, judged)
    assert judged.faulty == 2
    assert sum(one.rows for one in charges) == spoilt.workers - 2
    assert judged.totals["total"] == sum(judged.totals[name] for name in ("jkk", "jkm", "jht", "jp"))


@pytest.mark.parametrize("order", ["payer", "person"])
def test_lines_out_of_order_are_refused(nation: Nation, tmp_path: Path, order: str) -> None:
    def turn(lines: pa.Table) -> pa.Table:
        rows = np.arange(len(lines))
        chosen = rows[::-1] if order == "payer" else np.r_[1, 0, rows[2:]]
        return lines.take(chosen)

    spoilt = with_lines(nation, tmp_path, turn)
    with pytest.raises(ValueError, match="not sorted"):
        kept(spoilt)


def test_bills_are_numbered_through_all_payers_and_digests_are_of_their_lines(nation: Nation) -> None:
    expected = 1
    for charges in kept(nation):
        columns = {name: charges.columns[name].tolist() for name in ("person_id", "job", "jkk", "jkm", "jht", "jp")}
        lines = zip(charges.bill.tolist(), *columns.values(), strict=True)
        found = []
        for bill, rows in groupby(lines, key=lambda line: line[0]):
            assert bill == expected
            expected += 1
            text = ";".join(
                ",".join(map(str, row[1:5])) + (f",{row[5]},{row[6]}" if row[5] or row[6] else "") for row in rows
            )
            found.append(sha256(text.encode()).hexdigest().encode())
        assert digests(charges).tolist() == found
