"""Every benchmark still runs, at small size, and says finite ratios. How large they are is nobody's business here."""

import json
import math
import shutil
import subprocess

import pytest

from bench.__main__ import NAMES
from bench.fuzz import FUZZ
from bench.interop import PYTHON
from bench.report import Ratio
from devices.catalog import DRIVERS
from tests.bench.running import run_module

#: generous: a busy machine brings a face up in a minute
DEADLINE_S = 300

#: how many ratios each bench tells
RATIOS = {
    "id_card": 2,
    "visit": 2,
    "face": 5,
    "face_views": 2,
    "face_cost": 5,  # with one round no visit is walked
    "outbox": 9 if shutil.which("strace") else 8,
    "logbook": 2,
    "upload": 4,
    "interop": 6 if PYTHON.exists() else 0,
    "recovery": 3,
    "capture": 6,
    "corners": 10,
    "catalogue": 7,
    "input": 19,
    "verdicts": 11,
    "receipt": 2,
    "codes": 5,
    "reading": 18,
    "replug": 3 * sum(entry.reach == "wire" for entry in DRIVERS),
    "fuzz": len(FUZZ),
    "fault_notice": 7,
}
#: these count what should not be there: nothing is the best figure
COUNTS = {"replug", "upload", "interop", "codes", "reading", "corners", "verdicts"}
#: rounds of those whose pictures take longest to draw; two of the others
SMOKE_ROUNDS = {"face_cost": "1", "face_views": "1", "corners": "1", "verdicts": "1", "reading": "1"}


def run_bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m bench` in a process of its own, as `make bench` calls it."""
    return run_module(DEADLINE_S, "bench", *arguments)


@pytest.mark.parametrize("name", NAMES)
def test_each_bench_tells_finite_ratios(name: str) -> None:
    done = run_bench(name, "--rounds", SMOKE_ROUNDS.get(name, "2"), "--json")
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout)
    assert len(told["load"]) == 3
    assert len(told["ratios"]) == RATIOS[name]
    for ratio in told["ratios"]:
        assert ratio["bench"] == name
        assert math.isfinite(ratio["value"])
        assert ratio["value"] > 0 or name in COUNTS
        assert ratio["detail"]


def test_the_table_says_that_only_ratios_count_and_how_busy_the_machine_is() -> None:
    done = run_bench("id_card", "--rounds", "1")
    assert done.returncode == 0, done.stderr[-4000:]
    head, *figures = done.stdout.splitlines()
    assert "load average" in head
    assert "Only ratios count" in figures[0]
    assert "id_card: find + select + read / wire time" in figures[-2]


def test_an_unknown_name_is_told_what_there_is() -> None:
    done = run_bench("id-card")
    assert done.returncode == 2
    assert "no benchmark id-card; there are id_card, visit" in done.stderr


@pytest.mark.parametrize("rounds", ["0", "-1", "many"])
def test_rounds_are_a_positive_number(rounds: str) -> None:
    assert run_bench("id_card", "--rounds", rounds).returncode == 2


def test_the_limit_itself_is_still_ok_and_no_limit_is_no_verdict() -> None:
    assert Ratio("a / b", 1.5, 1.5, "").verdict == "ok"
    assert Ratio("a / b", 1.51, 1.5, "").verdict == "over"
    assert Ratio("a / b", 99.0, None, "").verdict == "-"
    assert Ratio("a / b", 1.51, 1.5, "3 ms / 2 ms").line() == "  1.510   ≤ 1.5  over  a / b  (3 ms / 2 ms)"
