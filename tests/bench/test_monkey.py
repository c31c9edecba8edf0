"""A hundred and fifty random touches on the real face, and that whoever watches it would see what is wrong."""

import json
from typing import Any

import pytest

from bench.monkey import sound
from bench.soak_face import slope, told
from bench.watched_face import in_full, secrets
from devices.emulators.sample_cards import WANG_XIAOMING
from kiosk.domain.identity import mask_name, mask_number
from tests.bench.running import run_module

DEADLINE_S = 400  # two minutes of it are her patience, should no touch lead away; a quiet machine needs 40 s
KNOWN = secrets()


def test_a_monkey_finds_nothing_and_comes_home() -> None:
    done = run_module(DEADLINE_S, "bench.monkey", "--touches", "150", "--seed", "1")
    assert done.returncode == 0, done.stdout + done.stderr[-4000:]
    seen = json.loads(done.stdout)
    assert seen["touches"] == 150
    assert sum(seen["left_by"].values()) == 1
    assert {"idle", "home"} < set(seen["views"])


WELL: dict[str, Any] = {"alive": True, "failed": "", "sorry": 0, "raised": "", "exposed": []}


@pytest.mark.parametrize(
    "flaw",
    [
        {"alive": False},
        {"failed": "DeadEnd: still form"},
        {"sorry": 1},
        {"raised": "Traceback"},
        {"exposed": [["name", "Review", "Text", 3]]},
    ],
)
def test_each_flaw_is_one(flaw: dict[str, Any]) -> None:
    assert sound(WELL)
    assert not sound(WELL | flaw)


def test_what_stands_there_in_full_is_seen() -> None:
    name, number = WANG_XIAOMING.name, WANG_XIAOMING.number
    assert in_full(f"申请人 {name}", "", KNOWN) == ["name"]
    assert in_full(f"{number} {WANG_XIAOMING.address}", "", KNOWN) == ["number", "address"]
    assert in_full("联系电话 19900000001", "", KNOWN) == ["telephone"]


def test_what_is_masked_or_hers_is_not() -> None:
    name, number = WANG_XIAOMING.name, WANG_XIAOMING.number
    assert in_full(f"{mask_name(name)} {mask_number(number)}", "", KNOWN) == []
    assert in_full(f"{name} {number}", f"{name}\n{number}", KNOWN) == []
    assert in_full("19900000001", "", KNOWN, typing=True) == []


def test_growth_is_found_and_warming_up_is_not() -> None:
    assert slope([100.0, 103.0, 106.0]) == pytest.approx(3)
    assert slope([5.0]) == 0
    names = ("rss_kb", "descriptors", "threads", "textures", "widgets", "objects")
    counts = [dict.fromkeys(names, 1000 if at else 0) for at in range(9)]
    counts[-1]["descriptors"] += 6
    said = told(counts, 90.0)
    assert (said["visits"], said["seconds_per_visit"]) == (9, 10.0)
    assert said["rss_slope_kb_per_visit"] == 0
    assert said["fd_slope"] > 0
