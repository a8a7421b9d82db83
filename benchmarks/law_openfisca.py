"""The rules of `law.py` in OpenFisca-Core, as its users write them but with whole numbers forced; run by `law.py`.

It needs a Python with openfisca-core, which the project itself does not use: python3 -m venv, pip install openfisca-core.
"""

from __future__ import annotations

import json
import sys
import timeit
from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core import entities, simulation_builder, taxbenefitsystems, variables
from openfisca_core.periods import DateUnit

FOLDER = Path(sys.argv[1])
FIGURES = json.loads((FOLDER / "figures.json").read_text())
DATA = {path.stem: np.load(path) for path in FOLDER.glob("*.npy")}
MONTH = "2025-03"
JKK, JKM, JHT, JP, JKP = 1, 2, 4, 8, 16
MEMBER = JKK | JKM | JHT | JKP

person = entities.build_entity(key="person", plural="persons", label="Worker", is_person=True)


def of(amount: Any, rate: Any) -> Any:
    return (amount.astype(np.int64) * rate + 50_000) // 100_000


def variable(name: str, formula: Any = None) -> type:
    body: dict[str, Any] = {"value_type": int, "entity": person, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (variables.Variable,), body | ({"formula": formula} if formula else {}))


def jkk(p: Any, period: Any) -> Any:
    full = np.array(FIGURES["jkk_rates"], np.int64)
    half = (2 * full * FIGURES["labour_intensive_share"] + 100) // 200
    group = p("risk_group", period) - 1
    rate = np.where(p("labour_intensive_relief", period) == 1, half[group], full[group])
    return np.where(p("programmes", period) & JKK, of(p("wage", period), rate), 0)


def jkm(p: Any, period: Any) -> Any:
    return np.where(p("programmes", period) & JKM, of(p("wage", period), FIGURES["jkm_rate"]), 0)


def jht(rate: str) -> Any:
    def formula(p: Any, period: Any) -> Any:
        return np.where(p("programmes", period) & JHT, of(p("wage", period), FIGURES[rate]), 0)

    return formula


def jp_wage(p: Any, period: Any) -> Any:
    return np.where(p("programmes", period) & JP, np.minimum(p("wage", period), FIGURES["jp_ceiling"]), 0)


def jp(rate: str) -> Any:
    def formula(p: Any, period: Any) -> Any:
        return of(p("jp_wage", period), FIGURES[rate])

    return formula


def jkp_wage(p: Any, period: Any) -> Any:
    wage = np.minimum(p("wage", period), FIGURES["jkp_contribution_ceiling"])
    return np.where((p("programmes", period) & MEMBER) == MEMBER, wage, 0)


def jkp_government(p: Any, period: Any) -> Any:
    return of(p("jkp_wage", period), FIGURES["jkp_government_rate"])


def jkp_from_jkk(p: Any, period: Any) -> Any:
    return np.minimum(of(p("jkp_wage", period), FIGURES["jkp_from_jkk_rate"]), p("jkk", period))


RULES = {
    "jkk": jkk,
    "jkm": jkm,
    "jht_employer": jht("jht_employer_rate"),
    "jht_worker": jht("jht_worker_rate"),
    "jp_employer": jp("jp_employer_rate"),
    "jp_worker": jp("jp_worker_rate"),
    "jkp_government": jkp_government,
    "jkp_from_jkk": jkp_from_jkk,
}


def measure() -> None:
    system = taxbenefitsystems.TaxBenefitSystem([person])
    for name in DATA:
        system.add_variable(variable(name))
    for name, formula in {**RULES, "jp_wage": jp_wage, "jkp_wage": jkp_wage}.items():
        system.add_variable(variable(name, formula))
    rows = len(DATA["wage"])
    found: dict[str, int] = {}

    def run() -> None:
        simulation = simulation_builder.SimulationBuilder().build_default_simulation(system, count=rows)
        for name, column in DATA.items():
            simulation.set_input(name, MONTH, column)
        for name in RULES:
            found[name] = int(simulation.calculate(name, MONTH).sum(dtype=np.int64))

    best = min(timeit.repeat(run, number=1, repeat=3))
    print(json.dumps({"rate": round(rows / best / 1e6, 2), "sums": found}))


if __name__ == "__main__":
    measure()
