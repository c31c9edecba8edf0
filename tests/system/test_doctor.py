"""`doctor` on an emulated cabinet: all is well, or it says what is wrong by code and how to mend it in Chinese."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from devices.rig.control import ControlClient
from ground.clock import RealClock
from kiosk.words import Words
from tests.kiosk.care.laid_out import healthy
from tests.system.commands import Said, kiosk
from tools.assemble import WORDS
from tools.demo.demo import Demo

NAMES = [
    *("id_card", "document_camera", "receipt_printer", "evaluator"),
    *("outbox", "platform", "certificate", "signing", "recipients", "catalogue", "fonts", "failsafe"),
    *("pinyin", "handwriting", "rare_characters"),
    "voice",
    *("queue", "link", "clock", "rtc", "authorities", "storage_write", "storage_room", "storage_health"),
    *("temperature", "memory", "growth", "growth_uploader", "watchdog_hardware", "display"),
    *("event_log", "retention", "config", "slip_paper"),
]


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Four emulated devices and a backend that knows this terminal."""
    demo = Demo(tmp_path_factory.mktemp("doctor") / "out", RealClock())
    demo.prepare()
    with demo.processes:
        demo.start_backend()
        demo.enrol()
        demo.start_cabinet()
        yield demo


def ask(cabinet: Demo, *more: str) -> Said:
    """What the doctor says, of a machine that is well."""
    machine = cabinet.terminal / "machine"
    if not machine.exists():
        healthy(machine, cabinet.terminal)
    roomy = {"KIOSK__CARE__DISK_LOW_PERCENT": "1"}  # the disk of whoever runs this is none of ours
    return kiosk("doctor", "--config", cabinet.config, "--machine", machine, *more, env=roomy)


def test_all_is_well(cabinet: Demo) -> None:
    said = ask(cabinet, "--json")
    told = said.json()
    assert said.code == 0, told
    assert set(told) == {"ok", "checks"}
    assert told["ok"] is True
    assert [check["name"] for check in told["checks"]] == NAMES
    for check in told["checks"]:
        assert set(check) == {"name", "ok", "code", "hint", "value"}
        assert (check["ok"], check["code"], check["hint"]) == (True, "", "")
        assert check["value"]


def test_people_get_one_line_for_each(cabinet: Demo) -> None:
    said = ask(cabinet)
    assert said.code == 0
    assert [line.split()[:2] for line in said.stdout.splitlines()] == [[name, "ok"] for name in NAMES]


@contextmanager
def turned(cabinet: Demo, device: str, knob: str, value: Any) -> Iterator[None]:
    """A knob is turned within the block."""
    before = cabinet.knob(device, knob)
    cabinet.device(device, **{knob: value})
    try:
        yield
    finally:
        cabinet.device(device, **{knob: before})


@contextmanager
def no_paper(cabinet: Demo) -> Iterator[None]:
    with turned(cabinet, "printer", "paper_mm", 0.0):
        yield


@contextmanager
def open_cover(cabinet: Demo) -> Iterator[None]:
    with turned(cabinet, "printer", "cover_open", True):
        yield


@contextmanager
def unplugged_reader(cabinet: Demo) -> Iterator[None]:
    with ControlClient(cabinet.places["control"]) as control:
        control.unplug("id_card")
        try:
            yield
        finally:
            control.replug("id_card")


@contextmanager
def silent_reader(cabinet: Demo) -> Iterator[None]:
    with turned(cabinet, "id_card", "mute", True):
        yield


@contextmanager
def cut_link(cabinet: Demo) -> Iterator[None]:
    with turned(cabinet, "link", "up", False):
        yield


@contextmanager
def stopped_backend(cabinet: Demo) -> Iterator[None]:
    cabinet.processes.end("backend")
    try:
        yield
    finally:
        cabinet.start_backend()


@contextmanager
def not_enrolled(cabinet: Demo) -> Iterator[None]:
    credentials = cabinet.terminal / "credentials.json"
    away = credentials.rename(cabinet.terminal / "away.json")
    try:
        yield
    finally:
        away.rename(credentials)


@pytest.mark.parametrize(
    ("fault", "name", "code"),
    [
        (no_paper, "receipt_printer", "condition.paper_out"),
        (open_cover, "receipt_printer", "condition.cover_open"),
        (unplugged_reader, "id_card", "D101"),
        (silent_reader, "id_card", "D102"),
        (cut_link, "platform", "U101"),
        (stopped_backend, "platform", "U101"),
        (not_enrolled, "platform", "T101"),
    ],
)
def test_one_fault_is_named_with_its_code_and_a_hint(
    cabinet: Demo, fault: Callable[[Demo], Any], name: str, code: str
) -> None:
    with fault(cabinet):
        said = ask(cabinet, "--json")
    told = said.json()
    assert said.code == 1
    assert told["ok"] is False
    wrong = [check for check in told["checks"] if not check["ok"]]
    assert [(check["name"], check["code"]) for check in wrong] == [(name, code)]
    assert wrong[0]["hint"] == hint_of(code)
    assert re.search("[一-鿿]{4}", wrong[0]["hint"])


def hint_of(code: str) -> str:
    """The technician's sentence for a code."""
    return Words.load(WORDS, "zh-Hans")(f"errors.{code}.hint")


def test_people_read_code_and_hint_on_its_line(cabinet: Demo) -> None:
    with no_paper(cabinet):
        said = ask(cabinet)
    assert said.code == 1
    lines = {line.split()[0]: line for line in said.stdout.splitlines()}
    assert f"condition.paper_out {hint_of('condition.paper_out')}" in lines["receipt_printer"]
    assert lines["id_card"].split()[1] == "ok"


def test_it_is_well_again_when_the_fault_is_mended(cabinet: Demo) -> None:
    with unplugged_reader(cabinet):
        assert ask(cabinet, "--json").code == 1
    assert ask(cabinet, "--json").code == 0


def test_a_broken_configuration_is_bad_input(cabinet: Demo) -> None:
    broken = cabinet.terminal / "broken.toml"
    broken.write_text(cabinet.config.read_text(encoding="utf-8") + "[site", encoding="utf-8")
    said = kiosk("doctor", "--config", broken, "--json")
    assert (said.code, said.stdout) == (2, "")
    assert "broken.toml:" in said.stderr
