"""Do the law's tests notice an error? `./run mutate [SUBJECT ...]`.

Puts one small error at a time into the law (`tools/mutants.py`) and runs the tests that touch the place, each time in
a fork of a process that has everything loaded. An error no test notices has survived. Errors that change no answer are
listed with the reason in tests/law/equivalent.yaml. Fails when less than 95 % of the others are noticed.

./run mutate                 every subject and the figures
./run mutate jp jht          two subjects, as the folders of src/lindung/law are named; `figures` for parameters/*.yaml

The generic tools do not fit: mutmut leaves every decorated function alone, and a rule is one; cosmic-ray starts the
tests anew for each error, which takes hours here.
"""

from __future__ import annotations

import argparse
import functools
import gc
import os
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import Phase, settings
from mutants import (
    LAW,
    Memory,
    Mutant,
    caches_in_memory,
    functions_in_memory,
    noted,
    of_constants,
    of_figures,
    of_functions,
)

ROOT = LAW.parents[2]
TESTS = ROOT / "tests" / "law"
EQUIVALENT = TESTS / "equivalent.yaml"
LEAST = 95
MEMORY = 4 << 30
SLOWER = 3
"""A mutant may take so many times what its tests take, and two seconds more, before it counts as an endless loop."""

settings.register_profile(
    "mutation", deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)


def _with_next(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    return zip(items, [*items[1:], None], strict=True)


class Mutation:
    """A pytest plugin: in place of running the tests once, it runs them once on every mutant."""

    def __init__(self, wanted: set[str], jobs: int) -> None:
        self.wanted, self.jobs = wanted, jobs
        self.touching: dict[str, list[tuple[float, pytest.Item]]] = defaultdict(list)
        self.caches: list[functools._lru_cache_wrapper[Any]] = []
        self.failed = False
        self.forked = False
        self.survivors: list[Mutant] = []
        self.stale: list[str] = []
        self.killed: Counter[str] = Counter()
        self.equivalent: Counter[str] = Counter()
        self.unreached: Counter[str] = Counter()

    def pytest_collection(self) -> None:
        """The same random cases for every mutant."""
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> None:
        """A failed test ends a mutant, before time goes into telling why it failed."""
        if call.excinfo is not None:
            if self.forked:
                os._exit(1)
            self.failed = True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run every test once as it is, to see what it touches; then the mutants."""
        memory = functions_in_memory()
        self.caches = caches_in_memory()
        self._watch(session.items, memory)
        if self.failed:
            session.shouldfail = "the tests fail without any mutant"
            return True
        everything = [*of_functions(memory), *of_constants(memory), *of_figures()]
        known = {name for entry in yaml.safe_load(EQUIVALENT.read_text("utf-8")) for name in entry["mutants"]}
        self.stale = sorted(known - {mutant.name for mutant in everything})
        chosen = [mutant for mutant in everything if not self.wanted or mutant.subject in self.wanted]
        self.equivalent.update(mutant.subject for mutant in chosen if mutant.name in known)
        self.unreached.update(mutant.subject for mutant in chosen if not self._reached(mutant))
        self._run([mutant for mutant in chosen if mutant.name not in known and self._reached(mutant)])
        return True

    def _reached(self, mutant: Mutant) -> bool:
        """Whether any test comes by. What runs only on import has run by then, so an error in it cannot be tried."""
        return any(name in self.touching for name in mutant.reads)

    def _watch(self, items: list[pytest.Item], memory: Memory) -> None:
        """Which functions and figures each test touches, and how long it takes."""
        with noted(memory) as touched:
            for item, following in _with_next(items):
                touched.clear()
                self._forget()
                begun = time.process_time()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                for name in touched:
                    self.touching[name].append((time.process_time() - begun, item))

    def _forget(self) -> None:
        for cache in self.caches:
            cache.cache_clear()

    def _run(self, mutants: list[Mutant]) -> None:
        gc.freeze()
        running: dict[int, Mutant] = {}
        for mutant in [*mutants, *[None] * self.jobs]:
            while running and (len(running) == self.jobs or mutant is None):
                pid, status = os.wait()
                self._judge(running.pop(pid), status)
            if mutant is not None:
                running[self._fork(mutant)] = mutant

    def _fork(self, mutant: Mutant) -> int:
        """A process that ends with 0 when no test notices the mutant."""
        if pid := os.fork():
            return pid
        try:
            self.forked = True
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            timed = {item: seconds for name in mutant.reads for seconds, item in self.touching[name]}
            signal.setitimer(signal.ITIMER_VIRTUAL, 2 + SLOWER * sum(timed.values()))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            mutant.apply()
            self._forget()
            for item, following in _with_next(sorted(timed, key=timed.__getitem__)):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            os._exit(0)
        finally:
            os._exit(1)

    def _judge(self, mutant: Mutant, status: int) -> None:
        if status:
            self.killed[mutant.subject] += 1
        else:
            self.survivors.append(mutant)
            print(f"\nsurvived  {mutant.name}", flush=True)

    def report(self) -> Iterator[str]:
        """A line for each subject, one for all that functions compute and one for the figures."""
        yield "subject          errors  noticed  survived      %  equivalent  on import"
        for subject in sorted(self._functions):
            yield self._line(subject, {subject})
        yield self._line("all functions", self._functions)
        yield self._line("figures", {"figures"})
        yield from (f"{EQUIVALENT.name} lists what is no error any more: {name}" for name in self.stale)

    def _line(self, title: str, subjects: set[str]) -> str:
        noticed, survived, equivalent, unreached = (
            sum(counter[subject] for subject in subjects)
            for counter in (self.killed, self._survived, self.equivalent, self.unreached)
        )
        share = 100 * noticed / max(1, noticed + survived)
        return f"{title:14}{noticed + survived:9}{noticed:9}{survived:10}{share:7.1f}{equivalent:12}{unreached:11}"

    @property
    def _survived(self) -> Counter[str]:
        return Counter(mutant.subject for mutant in self.survivors)

    @property
    def _functions(self) -> set[str]:
        return {*self.killed, *self._survived, *self.equivalent, *self.unreached} - {"figures"}

    @property
    def enough(self) -> bool:
        """Whether enough was noticed, of the functions and of the figures, and the list of equivalents is true."""
        if self.stale:
            return False
        survived = self._survived
        for subjects in (self._functions, {"figures"}):
            noticed = sum(self.killed[subject] for subject in subjects)
            missed = sum(survived[subject] for subject in subjects)
            if 100 * noticed < LEAST * (noticed + missed):
                return False
        return self.killed.total() > 0


def main() -> int:
    """Run; 0 when enough was noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subject", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    mutation = Mutation(set(options.subject), options.jobs)
    begun = time.monotonic()
    elsewhere = [*TESTS.glob("test_columns*.py"), TESTS / "test_next_year.py"]  # in compiled code, in other processes
    ignored = [f"--ignore={path}" for path in elsewhere]
    code = pytest.main(
        ["-q", "-s", "-p", "no:cacheprovider", "-k", "not import_is_light", *ignored, str(TESTS)], [mutation]
    )
    print(*mutation.report(), sep="\n")
    print(f"{time.monotonic() - begun:.0f} s, {options.jobs} at a time")
    return int(bool(code) or not mutation.enough)


if __name__ == "__main__":
    sys.exit(main())
