"""A scanner on a serial line: what counts as a scan, and every way it goes wrong."""

import pytest
from pydantic import ValidationError

from devices.code_scanner import Code
from devices.code_scanner.serial_scanner import SerialScanner, SerialScannerSettings
from devices.emulators.serial_scanner import SerialScannerEmulator
from devices.errors import Garbled, Unreachable
from devices.status import State

RECEIPT = "TTS1:429006-20261121-000001-X"


def overheard(emulator: SerialScannerEmulator) -> list[bytes]:
    """What the emulator is told from now on, write by write."""
    told: list[bytes] = []
    receive = emulator.receive

    def keep(data: bytes) -> None:
        told.append(data)
        receive(data)

    emulator.receive = keep  # type: ignore[method-assign]
    return told


def test_a_code_is_given_once(hatch, scanner: SerialScanner) -> None:
    scanner.arm()
    assert scanner.scan() is None
    hatch.emulator.code = RECEIPT
    assert hatch.scanned(scanner) == [Code(RECEIPT, "", RECEIPT.encode())]
    hatch.emulator.code = "another"
    assert hatch.scanned(scanner) == [], "one look, one code"


def test_what_was_scanned_before_belongs_to_nobody(hatch, scanner: SerialScanner) -> None:
    hatch.emulator.code = RECEIPT
    hatch.clock.turn(1)
    scanner.arm()
    assert hatch.scanned(scanner) == []
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [RECEIPT]


def test_what_is_half_there_belongs_to_nobody(hatch, scanner: SerialScanner) -> None:
    hatch.emulator.char_delay_s = 0.01
    hatch.emulator.code = RECEIPT
    hatch.clock.turn(0.2)
    scanner.arm()
    assert hatch.scanned(scanner) == []
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [RECEIPT]


def test_what_is_scanned_after_disarming_belongs_to_nobody(hatch, scanner: SerialScanner) -> None:
    scanner.arm()
    hatch.emulator.code = RECEIPT
    scanner.disarm()
    assert hatch.scanned(scanner) == []


def test_chinese_in_either_encoding(hatch) -> None:
    for sent, read, text in (
        ("utf-8", "utf-8", "天门市"),
        ("gb18030", "gb18030", "㐂"),
        ("gbk", "auto", "天门"),
    ):
        scanner = hatch.serial(encoding=read)
        hatch.emulator.encoding = sent
        scanner.arm()
        hatch.emulator.code = text
        assert hatch.texts(scanner) == [text]
        scanner.close()


def test_a_scanner_set_to_the_wrong_encoding(hatch, scanner: SerialScanner) -> None:
    hatch.emulator.encoding = "gbk"
    scanner.arm()
    hatch.emulator.code = "天门市"
    with pytest.raises(Garbled):
        hatch.scanned(scanner)
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [RECEIPT], "it goes on looking"
    assert scanner.status().readings["garbled"] == 1


def test_noise_in_a_code_is_garbled(hatch, scanner: SerialScanner) -> None:
    scanner.arm()
    hatch.emulator.noise = 3
    hatch.emulator.code = RECEIPT
    with pytest.raises(Garbled):
        hatch.scanned(scanner)
    hatch.emulator.code = "again"
    assert hatch.texts(scanner) == ["again"]


def test_a_code_that_breaks_off_is_no_code(hatch, scanner: SerialScanner) -> None:
    scanner.arm()
    hatch.emulator.half = True
    hatch.emulator.code = RECEIPT
    assert hatch.scanned(scanner) == []
    assert scanner.status().readings["unfinished"] == 1
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [RECEIPT]


def test_a_scanner_without_terminator(hatch) -> None:
    hatch.emulator.ending = ""
    for ends_with, codes in (("auto", []), ("none", [RECEIPT])):
        scanner = hatch.serial(ends_with=ends_with)
        scanner.arm()
        hatch.emulator.code = RECEIPT
        assert hatch.texts(scanner) == codes
        scanner.close()


@pytest.mark.parametrize("ending", ["\r", "\n", "\r\n", "\t"])
@pytest.mark.parametrize("char_delay_s", [0.0, 0.02, 0.3])
def test_terminators_and_slow_scanners(
    hatch, scanner: SerialScanner, ending: str, char_delay_s: float
) -> None:
    hatch.emulator.ending, hatch.emulator.char_delay_s = ending, char_delay_s
    scanner.arm()
    hatch.emulator.code = "slow"
    assert hatch.texts(scanner) == ["slow"]


def test_a_code_sent_twice_is_one_scan(hatch, scanner: SerialScanner) -> None:
    hatch.emulator.doubled = True
    hatch.emulator.char_delay_s = 0.01
    scanner.arm()
    hatch.emulator.code = "twice"
    assert hatch.texts(scanner, looks=10) == ["twice"]
    scanner.arm()
    assert hatch.texts(scanner) == []


def test_the_same_code_after_a_pause_is_another_scan(hatch, scanner: SerialScanner) -> None:
    for _ in range(2):
        scanner.arm()
        hatch.emulator.code = RECEIPT
        assert hatch.texts(scanner) == [RECEIPT]
        hatch.clock.turn(1)


def test_oversize_is_dropped_and_counted(hatch, scanner: SerialScanner) -> None:
    scanner.arm()
    hatch.emulator.code = "x" * 5000
    assert hatch.scanned(scanner) == []
    assert scanner.status().readings["oversize"] == 1
    hatch.emulator.code = "y" * 4096
    assert hatch.texts(scanner) == ["y" * 4096]


def test_a_babbling_line_does_not_hold_the_driver(hatch, scanner: SerialScanner) -> None:
    hatch.emulator.take = lambda: b"x" * 4096
    scanner.arm()
    before = hatch.clock.instant()
    assert scanner.scan() is None
    assert scanner.status().state is State.ONLINE
    assert hatch.clock.instant() - before < 0.1


def test_continuous_gives_each_code_once(hatch) -> None:
    scanner = hatch.serial(continuous=True)
    hatch.emulator.mode = "continuous"
    scanner.arm()
    hatch.emulator.code = "one"
    assert hatch.texts(scanner) == ["one"], "it lies there and is read on and on"
    hatch.emulator.code = "two"
    assert hatch.texts(scanner) == ["two"]
    hatch.emulator.code = ""
    hatch.clock.turn(2)
    hatch.emulator.code = "two"
    assert hatch.texts(scanner) == ["two"], "it was taken away and came back"
    scanner.disarm()
    hatch.emulator.code = "three"
    assert hatch.texts(scanner) == []
    scanner.close()


def test_who_scans_faster_than_anybody_looks(hatch) -> None:
    scanner = hatch.serial(continuous=True)
    scanner.arm()
    for number in range(20):
        hatch.emulator.code = f"code {number}"
    assert hatch.texts(scanner) == [f"code {number}" for number in range(12, 20)]
    scanner.close()


@pytest.mark.parametrize(
    ("trigger", "start", "stop"),
    [  # others.md §2, from memory there
        ("newland", "1B 31", "1B 30"),
        ("honeywell", "16 54 0D", "16 55 0D"),
        ({"start": "1b31", "stop": "1b30"}, "1B 31", "1B 30"),
    ],
)
def test_a_triggered_scanner_looks_when_it_is_told(hatch, trigger: object, start: str, stop: str) -> None:
    told = overheard(hatch.emulator)
    hatch.emulator.mode, hatch.emulator.acknowledges = "triggered", True
    scanner = hatch.serial(trigger=trigger)
    hatch.emulator.code = RECEIPT
    assert hatch.scanned(scanner) == []
    assert not hatch.emulator.lit
    scanner.arm()
    assert told == [bytes.fromhex(start)]
    assert hatch.texts(scanner) == [RECEIPT]
    hatch.emulator.code = ""
    scanner.arm()
    assert hatch.emulator.lit
    scanner.disarm()
    scanner.disarm()
    assert told[-1] == bytes.fromhex(stop)
    assert len(told) == 3
    assert not hatch.emulator.lit
    scanner.close()


def test_a_light_that_goes_out_is_lit_again(hatch) -> None:
    hatch.emulator.mode = "triggered"
    scanner = hatch.serial(trigger="newland")
    scanner.arm()
    assert hatch.scanned(scanner, looks=400) == []  # 12 s, and the light burns for five
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [RECEIPT]
    scanner.close()


def test_a_triggered_scanner_looks_again_after_nonsense(hatch) -> None:
    hatch.emulator.mode = "triggered"
    scanner = hatch.serial(trigger="newland")
    scanner.arm()
    hatch.emulator.noise = 2
    hatch.emulator.code = RECEIPT
    with pytest.raises(Garbled):
        hatch.scanned(scanner)
    assert hatch.texts(scanner) == [RECEIPT]
    scanner.close()


def test_the_symbology_where_the_scanner_says_it(hatch) -> None:
    scanner = hatch.serial(aim_prefix=True)
    hatch.emulator.aim = "]Q1"
    scanner.arm()
    hatch.emulator.code = RECEIPT
    assert hatch.scanned(scanner) == [Code(RECEIPT, "QRCode", RECEIPT.encode())]
    hatch.emulator.aim = ""
    scanner.arm()
    hatch.emulator.code = "plain"
    assert hatch.scanned(scanner) == [Code("plain", "", b"plain")]
    scanner.close()


def test_asking_how_it_fares_loses_no_code(hatch, scanner: SerialScanner) -> None:
    assert scanner.status().readings["silent_s"] is None
    scanner.arm()
    hatch.emulator.code = RECEIPT
    hatch.clock.turn(0.5)
    assert scanner.status().readings["silent_s"] == 0.0
    assert hatch.texts(scanner) == [RECEIPT]


def test_unplugged_while_looking_and_back(hatch, scanner: SerialScanner) -> None:
    scanner.arm()
    hatch.rig.unplug()
    with pytest.raises(Unreachable):
        scanner.scan()
    scanner.close()
    hatch.rig.replug()
    scanner.open()
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [], "not armed since it is back"
    hatch.clock.turn(2)
    scanner.arm()
    hatch.emulator.code = RECEIPT
    assert hatch.texts(scanner) == [RECEIPT]


@pytest.mark.parametrize(
    "wrong",
    [
        {"gap_s": 0.01},
        {"max_bytes": 5000},
        {"encoding": "latin-1"},
        {"trigger": "unknown"},
        {"trigger": {"start": "1B3"}},
        {"trigger": {"stop": "1B"}},
        {"ends_with": "etx"},
    ],
)
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SerialScannerSettings.model_validate({"url": "x", **wrong})
