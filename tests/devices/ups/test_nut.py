"""NUT's lines, against literal ones of its manual, and the driver on a healthy supply."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.emulators.nut import NutEmulator
from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable
from devices.rig import register_emulators
from devices.status import State, Supply
from devices.ups import Power
from devices.ups.nut import NutSettings, NutUps
from devices.ups.nut_lines import (
    format_question,
    format_words,
    parse_list,
    parse_number,
    parse_on_mains,
    parse_value,
    parse_words,
)
from ground.clock import ManualClock
from tests.devices.ups.conftest import Cabinet

# networkupstools.org, "Network protocol information": the examples of GET VAR and LIST UPS
QUESTION = b"GET VAR su700 ups.status\n"
ANSWER = b'VAR su700 ups.status "OL"\n'
LIST = [b"BEGIN LIST UPS\n", b'UPS su700 "Development box"\n', b"END LIST UPS\n"]


def test_the_manuals_lines() -> None:
    assert format_question("su700", "ups.status") == QUESTION
    assert format_words("VAR", "su700", "ups.status", "OL") == ANSWER
    assert parse_value(ANSWER, "su700", "ups.status") == "OL"
    assert parse_list(LIST) == ("su700",)
    assert parse_words(b'VAR <ups> ups.status "OL CHRG"\n') == ("VAR", "<ups>", "ups.status", "OL CHRG")  # §7


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (b"ERR DATA-STALE\n", Condition.OFFLINE),
        (b"ERR DRIVER-NOT-CONNECTED\n", Condition.OFFLINE),
        (b"ERR ACCESS-DENIED\n", Condition.BAD_COMMAND),
        (b"ERR UNKNOWN-COMMAND more words\n", Condition.BAD_COMMAND),
    ],
)
def test_refusals(error: bytes, condition: Condition) -> None:
    with pytest.raises(Refused) as caught:
        parse_value(error, "su700", "ups.status")
    assert caught.value.condition is condition
    with pytest.raises(Refused):
        parse_list([error])


def test_what_the_supply_does_not_know_is_a_value() -> None:
    assert parse_value(b"ERR VAR-NOT-SUPPORTED\n", "su700", "battery.charge") is None


def test_an_unknown_supply_is_not_there() -> None:
    with pytest.raises(Unreachable):
        parse_value(b"ERR UNKNOWN-UPS\n", "su701", "ups.status")


@pytest.mark.parametrize(
    "line",
    [
        b'VAR su700 battery.charge "OL"\n',  # the answer to another question
        b'VAR su701 ups.status "OL"\n',  # of another supply
        b'VAR su700 ups.status "OL\n',  # a quote that does not end
        b"VAR su700 ups.status\n",
        b"ERR SOMETHING-NEW\n",
        b"ERR\n",
        b"\n",
        b"\xff\xfe\n",
    ],
)
def test_no_answer_to_this(line: bytes) -> None:
    with pytest.raises(Garbled):
        parse_value(line, "su700", "ups.status")


@pytest.mark.parametrize(
    "lines", [[], LIST[:2], LIST[1:], [LIST[0], b"UPS\n", LIST[2]], [LIST[0], ANSWER, LIST[2]]]
)
def test_no_whole_list(lines: list[bytes]) -> None:
    with pytest.raises(Garbled):
        parse_list(lines)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_value_survives_quoting(value: str) -> None:
    assert parse_value(format_words("VAR", "u", "v", value), "u", "v") == value


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_an_error(line: bytes) -> None:
    for parse in (lambda: parse_value(line, "u", "v"), lambda: parse_list([line])):
        try:
            parse()
        except DeviceError:
            continue


@pytest.mark.parametrize("name", ["", "two words", 'quo"te', "line\nbreak"])
def test_a_name_that_would_break_the_line(name: str) -> None:
    with pytest.raises(ValueError, match="neither blanks nor quotes"):
        format_question(name, "ups.status")


@pytest.mark.parametrize(
    ("text", "number"),
    [("87", 87.0), ("87.5", 87.5), ("-1", None), ("101", None), ("", None), (None, None), ("NA", None),
     ("nan", None), ("inf", None)],
)  # fmt: skip
def test_numbers(text: str | None, number: float | None) -> None:
    assert parse_number(text, 0, 100) == number


@pytest.mark.parametrize(
    ("flags", "on_mains"),
    [("OL CHRG", True), ("OB LB", False), ("", None), ("BYPASS", None), ("OL OB", None)],
)
def test_mains(flags: str, on_mains: bool | None) -> None:
    assert parse_on_mains(frozenset(flags.split())) is on_mains


def test_a_quiet_day(cabinet: Cabinet, ups: NutUps) -> None:
    assert ups.identity() == 'kiosk EMULATED Line "Interactive" 1000 E0001'
    assert ups.power() == Power(True, 100.0, 1800, frozenset({"OL"}), 229.6)
    status = ups.status()
    assert (status.state, status.condition) == (State.ONLINE, None)
    assert status.supplies == {"battery": Supply.FULL}
    assert status.readings["on_mains"] is True and status.readings["charge_percent"] == 100.0


def test_a_supply_that_tells_little(cabinet: Cabinet, ups: NutUps) -> None:
    cabinet.emulator.tells_charge = False
    assert ups.power() == Power(True, None, None, frozenset({"OL"}), 229.6)
    assert ups.status().supplies == {"battery": Supply.UNKNOWN}


def test_which_supply(cabinet: Cabinet) -> None:
    named = cabinet.ups("kiosk")
    named.open()
    assert named.power().on_mains
    named.close()
    with pytest.raises(Unreachable, match="no such supply"):
        cabinet.ups("cellar").open()
    cabinet.emulator.ups_gone = "unknown"
    with pytest.raises(Unreachable, match="say which"):
        cabinet.ups().open()


def test_asked_before_open_and_after_close(cabinet: Cabinet) -> None:
    ups = cabinet.ups()
    assert ups.identity() == ""
    for _ in range(2):
        with pytest.raises(Unreachable, match="not open"):
            ups.power()
        ups.open()
        ups.close()
        ups.close()


class _LateFarewell(NutEmulator):
    """On a serial line the answer to the last session's LOGOUT may come after this one's question."""

    def receive(self, data: bytes) -> None:
        if data.startswith(b"LIST"):
            self.say(b"OK Goodbye\n")
        super().receive(data)


def test_the_last_sessions_farewell_is_no_answer() -> None:
    clock = ManualClock()
    rig = register_emulators({"ups": _LateFarewell(clock)})["ups"]
    ups = NutUps(NutSettings(url=rig.url), clock)
    ups.open()
    assert ups.identity().startswith("kiosk")
    ups.close()
