"""`devices replay` says what a driver makes of a tape, and by its exit code whether the driver has strayed."""

import json
from argparse import Namespace
from datetime import date
from pathlib import Path

import pytest

from devices.evaluator import Level
from devices.status import State, Status, Supply
from devices.wire.tape import parse_tape
from tools.technician.record import write_tape
from tools.technician.replay import plain
from tools.technician.verbs import run

HEAD = '{"tape": 1, "driver": "escpos", "baud": 115200, "settings": {"questions": [1], "end": "idle"}}'
OPEN, CLOSE = '{"open": true}', '{"close": true}'
ASKED = '{"at": 0.0, "to": "device", "hex": "100401"}'
SILENCE = '{"at": 0.3, "to": "host", "hex": ""}'


def replay(path: Path) -> int:
    return run(Namespace(what="replay", tape=path))


def test_a_silent_printer_is_told_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tape(tmp_path / "tape.jsonl", parse_tape([HEAD, OPEN, SILENCE, ASKED, SILENCE, CLOSE]))
    assert replay(tmp_path / "tape.jsonl") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["driver"], told["result"], told["code"], told["strayed"]) == ("escpos", "error", "D102", [])
    assert [(said["verb"], said.get("error")) for said in told["answers"]] == [
        ("open", "D102"),
        ("close", None),
    ]


def test_a_driver_that_asks_otherwise_is_told_by_the_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = ASKED.replace("100401", "100403")
    write_tape(tmp_path / "tape.jsonl", parse_tape([HEAD, OPEN, SILENCE, other, SILENCE, CLOSE]))
    assert replay(tmp_path / "tape.jsonl") == 1
    assert "wrote=100401 tape=100403" in json.loads(capsys.readouterr().out)["strayed"][0]


@pytest.mark.parametrize(
    "head",
    [
        "no tape",
        HEAD.replace("escpos", "nobody"),
        HEAD.replace("idle", "never"),
        HEAD.replace('"tape": 1', '"tape": 2'),
    ],
)
def test_what_cannot_be_played_is_bad_input(
    head: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tape.jsonl").write_text(head, encoding="ascii")
    assert replay(tmp_path / "tape.jsonl") == 2
    assert "tape.jsonl" in capsys.readouterr().err


def test_a_tape_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    assert replay(tmp_path / "tape.jsonl") == 2


def test_values_are_told_in_json_kinds() -> None:
    status = Status(State.ONLINE, None, {"paper": Supply.LOW})
    told = plain(
        {"status": status, "level": Level.FAIR, "days": (date(2026, 11, 21),), "flags": frozenset("ba"),
         "short": b"\x01", "long": bytes(33)}
    )  # fmt: skip
    assert json.loads(json.dumps(told)) == told
    assert told["status"]["state"] == "online"
    assert told["status"]["supplies"] == {"paper": "low"}
    assert (told["level"], told["days"], told["flags"], told["short"]) == (
        "fair",
        ["2026-11-21"],
        ["a", "b"],
        "01",
    )
    assert told["long"].startswith("33 bytes, sha256 ")
