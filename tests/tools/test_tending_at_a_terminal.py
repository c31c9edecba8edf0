"""A whole terminal without its face is looked after: a real door, real devices that are lent and come back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.emulators.escpos import EscposEmulator
from devices.rig import TcpRig
from ground.clock import RealClock
from ground.logbook import Event
from kiosk.journey import views
from kiosk.tending import events as te
from kiosk.tending import people
from kiosk.words import Words
from tests.system.small_terminal import configuration
from tests.tools.tending_hall import PIN, SILENT, Hall
from tools.cli import ROOT, main
from tools.technician import trials
from tools.tending_bench import REFILLED


@pytest.fixture
def printer() -> Iterator[EscposEmulator]:
    yield EscposEmulator(RealClock())


@pytest.fixture
def hall(tmp_path: Path, printer: EscposEmulator) -> Iterator[Hall]:
    rig = TcpRig(printer)
    try:
        more = f'{SILENT}[devices.receipt_printer]\ndriver = "escpos"\nurl = "{rig.url}"\n'
        hall = Hall(tmp_path, more)
        yield hall
        hall.terminal.end()
    finally:
        rig.close()


def test_a_printer_is_lent_tested_kept_and_given_back(hall: Hall, printer: EscposEmulator) -> None:
    hall.until(lambda _: hall.in_service())
    hall.come_in()
    assert not hall.taken, "the citizens' side holds nothing any more"
    lines = {line.key: line for line in hall.page("tests").lines}
    assert set(lines) == {"receipt_printer", "touch"}
    hall.do(te.Choose("receipt_printer"))
    asked = hall.until(lambda view: view.state == "asking")
    assert printer.tickets and "凭条出来了吗" in asked.question
    hall.do(te.Judge(True))
    hall.until(lambda view: view.state == "pass")
    trial = trials.latest(hall.data)["receipt_printer"]
    assert (trial.result, trial.person) == ("pass", "07")
    hall.do(te.Quit())
    hall.until(lambda _: hall.taken and hall.in_service())


def test_whoever_leaves_in_mid_test_leaves_no_device_taken(hall: Hall) -> None:
    hall.until(lambda _: hall.in_service())
    hall.come_in()
    hall.page("tests")
    hall.do(te.Choose("receipt_printer"))
    hall.until(lambda view: view.state == "asking")
    hall.do(te.Quit())
    hall.until(lambda _: hall.taken)
    assert trials.latest(hall.data) == {}, "nobody judged it"


def test_a_new_roll_is_printed_on_and_counted_from_here(hall: Hall, printer: EscposEmulator) -> None:
    hall.come_in("21")
    keys = [line.key for line in hall.page("refill").lines]
    assert keys == ["paper_roll", "pens"]
    printer.cover_open = True
    hall.do(te.Choose("paper_roll"), *[te.Proceed()] * 4)
    failed = hall.until(lambda view: view.state == "failed")
    assert failed.code == "condition.cover_open"
    assert not (hall.data / "tending" / REFILLED).exists()
    printer.cover_open = False
    hall.do(te.Proceed())
    hall.until(lambda view: view.state == "asking")
    hall.do(te.Judge(True))
    hall.until(lambda view: view.state == "done")
    told = json.loads((hall.data / "tending" / REFILLED).read_text(encoding="ascii"))
    assert set(told) == {"paper_roll"}
    counted = [facts for event, facts in hall.logbook.lines if event is Event.SUPPLY_REFILLED]
    assert counted == [{"supply": "slips", "holds": 350, "by": "technician", "person": "21"}]


def test_the_health_page_shows_everything_and_how_to_mend_it(hall: Hall, printer: EscposEmulator) -> None:
    printer.cover_open = True
    hall.come_in()
    lines = {line.key: line for line in hall.page("health").lines}
    assert lines["receipt_printer"].mood == "wrong" and lines["receipt_printer"].more
    assert {line.group for line in lines.values()} >= {
        "devices",
        "queue",
        "link",
        "machine",
        "versions",
        "errors",
    }
    plain = [line.name for line in lines.values() if line.name.isascii() and line.group != "errors"]
    assert plain == [], "every check has a name in words"
    hall.do(te.Choose("receipt_printer"))
    shown = [line.name for line in hall.until(lambda view: view.page == "mend").lines]
    told = Words.load(ROOT / "config" / "words", "zh-Hans")
    assert shown[0] == told("fault_tree.cover_open.first"), "as the manual says it"


def test_an_auditor_reads_the_log_and_takes_no_device(hall: Hall) -> None:
    hall.until(lambda _: hall.in_service())
    hall.come_in("12")
    assert hall.page("log").lines[0].key == "verdict"
    hall.do(te.Quit())
    hall.until(lambda view: isinstance(view, views.Idle))
    assert hall.taken, "it was never asked for"


# --- the verb ---


def verb(hall: Path, *words: str) -> int:
    return main(["tending", *words, "--config", str(hall)])


@pytest.fixture
def terminal_file(tmp_path: Path) -> Path:
    file = tmp_path / "terminal.toml"
    file.write_text(configuration("http://127.0.0.1:9", tmp_path / "data"), encoding="utf-8")
    return file


def test_a_pin_is_given_listed_and_taken_back(
    terminal_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PIN}\n"))
    assert verb(terminal_file, "pin", "--person", "07", "--role", "technician") == 0
    capsys.readouterr()
    assert verb(terminal_file, "list", "--json") == 0
    row = {"person": "07", "role": "technician", "pin": True, "card": False}
    assert json.loads(capsys.readouterr().out) == {"people": [row]}
    log = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "data" / "log").glob("*.jsonl"))
    assert "tending_set_up" in log and PIN not in log
    assert verb(terminal_file, "remove", "--person", "07") == 0
    assert people.load(tmp_path / "data" / "tending").all == {}
    assert verb(terminal_file, "remove", "--person", "07") == 2


@pytest.mark.parametrize("pin", ["123456", "1", "111111"])
def test_a_weak_pin_is_refused(terminal_file: Path, monkeypatch: pytest.MonkeyPatch, pin: str) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
    assert verb(terminal_file, "pin", "--person", "07", "--role", "staff") == 2


def test_the_operator_writes_a_pass(terminal_file: Path, tmp_path: Path) -> None:
    from offline_cache.keys import TerminalKey

    key = TerminalKey.new()
    key.save(tmp_path / "operator.pem")
    asked = ("pass", str(tmp_path), "--key", str(tmp_path / "operator.pem"), "--terminal", "before")
    assert verb(terminal_file, *asked, "--person", "12", "--role", "auditor", "--days", "0") == 2
    assert verb(terminal_file, *asked, "--person", "12", "--role", "auditor") == 0
    assert (tmp_path / "tiantianshun.pass").read_text(encoding="ascii").startswith("TTSP1:")
