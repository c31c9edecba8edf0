"""What shuts the ways out below the face: consoles, magic keys, keyboards, sleep. What the face itself hears: bench."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_DEPLOY = _ROOT / "deploy"
_STEPS = (_DEPLOY / "install.d/steps.sh").read_text("utf-8")


def _sections(name: str) -> list[dict[str, str]]:
    """The InputClass sections of the screen's configuration, each as option → value; matches are options, too."""
    text = (_DEPLOY / "x11" / name).read_text("utf-8")
    bodies = re.findall(r'Section "InputClass"(.*?)EndSection', text, re.S)
    return [dict(re.findall(r'(Option "\w+"|\w+) "([^"]*)"', body)) for body in bodies]


def test_no_other_console_and_no_killing_of_the_screen() -> None:
    flags = (_DEPLOY / "x11/10-kiosk.conf").read_text("utf-8")
    for option in ("DontVTSwitch", "DontZap", "DontZoom"):
        assert re.search(rf'Option "{option}" "true"', flags), option
    unit = (_DEPLOY / "systemd/tiantianshun-x.service").read_text("utf-8")
    started = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    assert {"-novtswitch", "-nolisten", "-auth"} <= set(started.split())


def test_no_magic_keys() -> None:
    lines = (_DEPLOY / "etc/sysctl.conf").read_text("utf-8").splitlines()
    told = dict(line.split(" = ") for line in lines if " = " in line)
    assert told["kernel.sysrq"] == "0"


def test_nobody_is_asked_for_a_name_and_no_key_puts_it_to_sleep() -> None:
    login = ConfigParser()
    login.optionxform = str  # type: ignore[assignment,method-assign]
    login.read(_DEPLOY / "etc/logind.conf")
    told = dict(login["Login"])
    assert (told["NAutoVTs"], told["ReserveVT"]) == ("0", "0")
    assert told["HandleSuspendKey"] == told["HandleHibernateKey"] == told["HandleLidSwitch"] == "ignore"
    masked = re.search(r'masked="([^"]*)"', _STEPS)
    assert masked is not None
    assert {"getty@tty1.service", "autovt@.service", "ctrl-alt-del.target"} <= set(masked[1].split())


@pytest.mark.parametrize(
    "what",
    ["USB Keyboard", "Logi keyboard K120", "HP Consumer Control", "Dell System Control", "Power Button"],
)
def test_whatever_types_is_not_heard(what: str) -> None:
    by_name = [one for one in _sections("10-kiosk.conf") if "MatchProduct" in one]
    assert any(
        any(part in what for part in one["MatchProduct"].split("|")) and one['Option "Ignore"'] == "true"
        for one in by_name
    )


def test_a_keyboard_is_not_heard_whatever_it_calls_itself() -> None:
    assert any(
        one.get("MatchIsKeyboard") == "on" and one['Option "Ignore"'] == "true"
        for one in _sections("10-kiosk.conf")
    )


def test_all_of_it_is_installed() -> None:
    for name in ("sysctl.conf", "logind.conf", "10-kiosk.conf"):
        assert name in _STEPS, name
