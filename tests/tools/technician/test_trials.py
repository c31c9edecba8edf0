"""A technician probes, watches, tests and records devices, and hands over a dated report."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from config.load import load_config
from devices.catalog import driver
from devices.emulators import EMULATORS
from devices.emulators.sample_cards import LI_FENG
from devices.errors import Unreachable
from devices.receipt_printer import Sensors
from devices.rig import InProcessRig, register_emulators
from devices.status import State, Supply
from devices.wire.tape import Passed, parse_tape, play
from ground.clock import ManualClock
from kiosk.words import Words
from tools.assemble import CATALOGUE, WORDS
from tools.cli import CONFIG
from tools.technician.chores import test_page as page_of_a_test
from tools.technician.fitted import NotFitted, fitted, named
from tools.technician.probe import probe
from tools.technician.record import NotRecorded, recorded, write_tape
from tools.technician.report import rows, write_report
from tools.technician.trial import CHORES, tried
from tools.technician.trials import FILE, keep, kept, latest
from tools.technician.watch import line, statuses

WORDS_ZH = Words.load(WORDS, "zh-Hans")
assert CATALOGUE.is_dir()


class Bench:
    """One emulated device with its settings."""

    def __init__(self, name: str) -> None:
        self.clock = ManualClock(datetime(2026, 11, 21, 1, 41, tzinfo=UTC))
        self.emulator: Any = EMULATORS[name](self.clock)
        self.rig: InProcessRig = register_emulators({name: self.emulator})[name]
        entry = driver(name)
        self.kind = entry.kind
        self.settings: Any = entry.settings.model_validate({"driver": name, "url": self.rig.url})
        self.said: list[str] = []

    def test(self, passed: bool = True) -> Any:
        return tried(
            self.kind, self.settings, WORDS_ZH, self.clock, self.said.append, lambda question: passed
        )


# --- which devices there are ---


def test_devices_are_named_by_their_table() -> None:
    config = load_config(CONFIG, env={})
    assert list(fitted(config)) == ["id_card", "document_camera", "receipt_printer", "evaluator"]
    assert named(config, "id-card")[0] == "id_card"
    with pytest.raises(NotFitted, match="there are: id_card"):
        named(config, "toaster")


def test_every_kind_has_its_chore_and_its_words() -> None:
    config = load_config(CONFIG, env={})
    assert set(CHORES) == set(type(config.devices).model_fields)
    for language in ("zh-Hans", "en"):
        words = Words.load(WORDS, language)
        for kind in CHORES:
            assert words(f"trial.kind.{kind}")
            assert words(f"trial.ask.{kind}")


# --- probe ---


def test_a_probe_tells_everything_that_scripts_rely_on() -> None:
    bench = Bench("escpos")
    bench.emulator.paper_mm = 100.0
    told = probe("receipt_printer", bench.settings, WORDS_ZH, bench.clock).as_json()
    assert json.loads(json.dumps(told)) == told
    assert set(told) == {
        "name", "driver", "url", "status", "identity", "capabilities", "supplies", "error",
    }  # fmt: skip
    assert (told["name"], told["driver"], told["url"]) == ("receipt_printer", "escpos", bench.rig.url)
    assert (told["status"], told["supplies"], told["error"]) == ("online", {"paper": "low"}, None)
    assert told["capabilities"]["width_dots"] == 576


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        ("unplug", "noDevice", "D101"),
        ("mute", "powerOff", "D102"),
        ("cover_open", "userError", "condition.cover_open"),
        ("broken", "hardwareError", "condition.unrecoverable"),
    ],
)
def test_a_probe_of_a_faulty_device_says_what_to_do(fault: str, state: str, code: str) -> None:
    bench = Bench("escpos")
    if fault == "unplug":
        bench.rig.unplug()
    else:
        setattr(bench.emulator, fault, True)
    told = probe("receipt_printer", bench.settings, WORDS_ZH, bench.clock).as_json()
    assert told["status"] == state
    assert told["error"] == {"code": code, "hint": WORDS_ZH(f"errors.{code}.hint")}


# --- watch ---


def test_a_watch_sees_the_plug_go_and_come_back() -> None:
    bench = Bench("escpos")
    looks = iter([lambda: None, bench.rig.unplug, lambda: None, bench.rig.replug, lambda: None])

    def going_on() -> bool:
        step = next(looks, None)
        if step is not None:
            step()
        return step is not None

    seen = [(status.state, code) for status, code in statuses(bench.settings, bench.clock, going_on)]
    assert [state for state, _ in seen] == [
        State.ONLINE, State.NO_DEVICE, State.NO_DEVICE, State.ONLINE, State.ONLINE,
    ]  # fmt: skip


def test_a_line_of_the_watch_says_what_to_do() -> None:
    status = Sensors(online=True, paper=Supply.OUT).status
    said = line(status, "condition.paper_out", WORDS_ZH)
    assert said.startswith("userError  paper out  [condition.paper_out] ")
    assert WORDS_ZH("errors.condition.paper_out.hint") in said


# --- test ---


def test_a_card_is_read_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    bench = Bench("sdt")
    bench.emulator.card_sample = "li_feng"
    bench.emulator.card_on = True
    trial = bench.test()
    assert trial.result == "pass"
    keep(tmp_path, trial)
    written = (tmp_path / FILE).read_text(encoding="utf-8")
    for secret in (LI_FENG.name, LI_FENG.number, LI_FENG.address):
        assert secret not in written + "".join(bench.said)
    assert "resident" in written


def test_no_card_within_the_time_is_an_error() -> None:
    trial = Bench("sdt").test()
    assert (trial.result, trial.code) == ("error", "D105")  # the reader is well; nobody laid a card


def test_a_person_has_the_last_word() -> None:
    bench = Bench("escpos")
    assert bench.test(passed=False).result == "fail"
    assert bench.emulator.tickets, "the slip came out; it was not good enough"
    assert not bench.emulator.unknown


def test_a_printer_without_paper_prints_no_test() -> None:
    bench = Bench("escpos")
    bench.emulator.paper_mm = 0.0
    trial = bench.test()
    assert (trial.result, trial.code) == ("error", "condition.paper_out")
    assert WORDS_ZH("errors.condition.paper_out.hint") in bench.said[-1]


def test_results_survive_a_line_cut_by_a_power_failure(tmp_path: Path) -> None:
    bench = Bench("escpos")
    first, second = bench.test(), bench.test(passed=False)
    keep(tmp_path, first)
    with (tmp_path / FILE).open("a", encoding="utf-8") as file:
        file.write('{"at": "2026-11-21T')
    keep(tmp_path, second)
    assert kept(tmp_path) == [first, second]
    assert latest(tmp_path) == {"receipt_printer": second}
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


# --- report ---


def test_the_acceptance_report_is_a_chinese_pdf(tmp_path: Path, fonts: Path) -> None:
    bench = Bench("escpos")
    trial = bench.test()
    config = load_config(CONFIG, env={})
    there = {**fitted(config), "receipt_printer": bench.settings}
    out = tmp_path / "report.pdf"
    listed = rows(there, {"receipt_printer": trial})
    write_report(out, config, listed, WORDS_ZH, bench.clock.now(), fonts)
    with pikepdf.open(out) as pdf:
        assert str(pdf.docinfo.Title) == WORDS_ZH("report.title")
        assert len(pdf.pages) >= 1
        embedded = [
            name
            for page in pdf.pages
            for name in page.Resources.Font  # type: ignore[attr-defined]
        ]
    assert embedded


def test_a_test_of_another_driver_or_port_does_not_count() -> None:
    bench = Bench("escpos")
    trial = bench.test()
    moved = bench.settings.model_copy(update={"url": "/dev/elsewhere"})
    assert rows({"receipt_printer": bench.settings}, {"receipt_printer": trial})[0].trial is trial
    assert rows({"receipt_printer": moved}, {"receipt_printer": trial})[0].trial is None


def test_the_test_page_is_a_pdf_that_prints_anywhere() -> None:
    assert re.match(rb"%PDF-1\.\d", page_of_a_test())


# --- record ---


def test_a_recorded_card_is_an_invented_one(tmp_path: Path) -> None:
    """Whoever lay on the reader: the tape holds the sample card, and plays."""
    bench = Bench("sdt")
    bench.emulator.card_sample = "li_feng"
    bench.emulator.card_on = True
    tape, trial = recorded(
        "id_card", bench.settings, WORDS_ZH, bench.clock, bench.said.append, lambda q: True, test_media=False
    )
    assert trial.result == "pass"
    assert tape.scrubbed
    write_tape(tmp_path / "tape.jsonl", tape)
    written = (tmp_path / "tape.jsonl").read_text(encoding="ascii")
    heard = b"".join(entry.data for entry in tape.entries if isinstance(entry, Passed))
    for secret in (LI_FENG.name, LI_FENG.number, LI_FENG.address):
        assert secret.encode("utf-16-le") not in heard
    replayed = driver("sdt").build(
        bench.settings.model_copy(update={"url": play(parse_tape(written.splitlines()), bench.clock)}),
        bench.clock,
    )
    replayed.open()
    card = replayed.read_card()  # type: ignore[attr-defined]
    replayed.close()
    assert card is not None
    assert card.name == "王小明"


def test_what_reads_people_is_recorded_with_test_media_only() -> None:
    settings = driver("serial_scanner").settings.model_validate(
        {"driver": "serial_scanner", "url": "emu://x"}
    )
    with pytest.raises(NotRecorded, match="people"):
        recorded("code_scanner", settings, WORDS_ZH, ManualClock(), print, lambda q: True, test_media=False)


def test_a_camera_has_no_wire_to_record() -> None:
    settings = driver("opencv").settings.model_validate({"driver": "opencv", "url": "folder:nowhere"})
    with pytest.raises(NotRecorded, match="no_wire"):
        recorded("document_camera", settings, WORDS_ZH, ManualClock(), print, lambda q: True, test_media=True)


def test_an_absent_device_leaves_a_tape_of_its_absence() -> None:
    bench = Bench("escpos")
    bench.rig.unplug()
    tape, trial = recorded(
        "receipt_printer", bench.settings, WORDS_ZH, bench.clock, bench.said.append, lambda q: True,
        test_media=False,
    )  # fmt: skip
    assert trial.code == Unreachable.code
    assert tape.entries == ()
