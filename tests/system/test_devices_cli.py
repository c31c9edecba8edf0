"""`devices list|read|emulate`: what scripts rely on, over a real pty between two processes."""

import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from devices.catalog import DRIVERS
from devices.emulators.sample_cards import LI_FENG, WANG_XIAOMING
from devices.rig.control import ControlClient
from tests.system.commands import Said, end, kiosk, start

WANG = {
    "kind": "resident",
    "name": "王小明",
    "sex": "男",
    "ethnicity": "汉",
    "birth": "1990-03-07",
    "address": WANG_XIAOMING.address,
    "number": "429006199003070019",
    "authority": "天门市公安局",
    "valid_from": "2020-05-01",
    "valid_to": "2040-05-01",
    "long_term": False,
}


@dataclass(frozen=True, slots=True)
class Served:
    """An emulated reader on a pty."""

    url: Path
    control: ControlClient


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Served]:
    """`devices emulate sdt --pty PATH --control PORT`, ended in order."""
    url = tmp_path / "reader"
    process = start("run_kiosk.py", "devices", "emulate", "sdt", "--pty", url, "--control", 0)
    try:
        assert _line(process) == str(url)
        word, where = _line(process).split()
        assert word == "control"
        with ControlClient(int(where.rpartition(":")[2])) as control:
            yield Served(url, control)
    finally:
        code = end(process)
    assert code == 0
    assert not url.is_symlink(), "the link to the pty outlives the emulator"


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def read(url: object, *more: object) -> Said:
    return kiosk("devices", "read", "id-card", "--url", url, *more)


def test_a_card_is_told_in_the_fields_of_the_contract(reader: Served) -> None:
    reader.control.set("sdt", card_on=True)
    said = read(reader.url, "--json")
    assert said.code == 0, said.stderr
    assert said.json() == WANG
    assert list(said.json()) == list(WANG)
    assert said.stdout.count("\n") == 1


def test_a_card_that_never_expires(reader: Served) -> None:
    reader.control.set("sdt", card_sample="li_feng", card_on=True)
    told = read(reader.url, "--json").json()
    assert (told["name"], told["sex"], told["ethnicity"]) == (LI_FENG.name, "女", "土家")
    assert (told["long_term"], told["valid_to"]) == (True, None)


def test_a_name_beyond_the_basic_plane(reader: Served) -> None:
    reader.control.set("sdt", card_sample="rare_beyond", card_on=True)
    assert read(reader.url, "--json").json()["name"] == "𠮷永年"


def test_people_get_one_line_for_each_field(reader: Served) -> None:
    reader.control.set("sdt", card_on=True)
    said = read(reader.url)
    assert said.code == 0
    assert [line.split()[0] for line in said.stdout.splitlines()] == list(WANG)


def test_no_card_came(reader: Served) -> None:
    said = read(reader.url, "--json", "--timeout-s", 1)
    assert (said.code, said.stdout) == (3, "")


def test_a_card_that_comes_while_it_waits(reader: Served) -> None:
    url = ("--url", reader.url, "--timeout-s", 120, "--json")
    waiting = start("run_kiosk.py", "devices", "read", "id-card", *url)
    try:
        reader.control.set("sdt", card_on=True)
        assert WANG["number"] in _line(waiting)
        assert waiting.wait(120) == 0
    finally:
        end(waiting, signal.SIGKILL)


def test_an_absent_device(tmp_path: Path) -> None:
    said = read(tmp_path / "nothing-here", "--json", "--timeout-s", 1)
    assert (said.code, said.stdout) == (4, "")
    assert said.stderr.startswith("D101 ")


def test_a_silent_device(reader: Served) -> None:
    reader.control.set("sdt", mute=True)
    said = read(reader.url, "--json", "--timeout-s", 1)
    assert (said.code, said.stdout) == (4, "")
    assert said.stderr.startswith("D102 ")


def test_an_unplugged_device(reader: Served) -> None:
    reader.control.unplug("sdt")
    said = read(reader.url, "--json", "--timeout-s", 1)
    assert (said.code, said.stdout) == (4, "")
    assert said.stderr.startswith("D101 ")
    reader.control.replug("sdt")
    reader.control.set("sdt", card_on=True)
    assert read(reader.url, "--json").json() == WANG


def test_over_tcp() -> None:
    process = start("run_kiosk.py", "devices", "emulate", "sdt", "--control", 0)
    try:
        url, where = _line(process), _line(process)
        assert url.startswith("socket://127.0.0.1:")
        with ControlClient(int(where.rpartition(":")[2])) as control:
            control.set("sdt", card_on=True)
        assert read(url, "--json").json() == WANG
    finally:
        assert end(process, signal.SIGINT) == 0


def test_an_unknown_emulator() -> None:
    said = kiosk("devices", "emulate", "toaster")
    assert (said.code, said.stdout) == (2, "")
    assert "sdt" in said.stderr


def test_the_list_tells_every_driver_and_what_it_is_proven_on() -> None:
    said = kiosk("devices", "list", "--json")
    assert said.code == 0
    rows = [{"kind": d.kind, "driver": d.name, "proven_on": d.proven_on} for d in DRIVERS]
    assert said.json() == rows
    assert {"sdt", "opencv", "escpos", "neutral_evaluator"} <= {row["driver"] for row in rows}
    assert all(row["proven_on"] for row in rows)
    plain = kiosk("devices", "list").stdout.splitlines()
    assert [line.split()[:2] for line in plain] == [[row["kind"], row["driver"]] for row in rows]
