"""What hangs on a machine is found by names and ids that stay, and the guess says how sure it is and why."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.catalog import driver
from devices.emulators import EMULATORS
from devices.rig import PtyRig
from ground.clock import ManualClock, RealClock
from kiosk.words import Words
from tools.assemble import WORDS
from tools.technician.machine import Machine
from tools.technician.suggest import Suggestion, suggestions


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "dev").mkdir()
    return tmp_path


def node(root: Path, name: str) -> Path:
    path = root / "dev" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def link(root: Path, place: str, target: Path) -> None:
    path = root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


def usb_device(root: Path, place: str, usb_id: str, **facts: str) -> None:
    folder = root / "sys/bus/usb/devices" / place
    interface = folder / f"{place}:1.0"
    interface.mkdir(parents=True)
    vendor, product = usb_id.split(":")
    written = {"idVendor": vendor, "idProduct": product, **facts}
    interface_class = written.pop("interface_class", "")
    if interface_class:
        (interface / "bInterfaceClass").write_text(interface_class + "\n", encoding="utf-8")
    for name, value in written.items():
        (folder / name).write_text(value + "\n", encoding="utf-8")


def found(
    root: Path, listens: Callable[[int], bool] = lambda port: False, **extra: object
) -> list[Suggestion]:
    return suggestions(Machine(root), ManualClock(), listens=listens, **extra)  # type: ignore[arg-type]


def test_nothing_is_found_on_a_bare_machine(root: Path) -> None:
    assert found(root) == []


def test_a_port_is_named_by_id_not_by_number(root: Path) -> None:
    tty = node(root, "ttyUSB0")
    link(root, "dev/serial/by-id/usb-Newland_Barcode_Scanner_0001-if00", tty)
    link(root, "dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0", tty)
    (only,) = found(root)
    assert only.url == "/dev/serial/by-id/usb-Newland_Barcode_Scanner_0001-if00"
    assert (only.driver, only.confidence, only.label) == (
        "serial_scanner",
        "likely",
        "Newland Barcode Scanner 0001",
    )


def test_a_port_without_a_serial_number_is_named_by_its_place(root: Path) -> None:
    link(root, "dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0", node(root, "ttyUSB0"))
    guesses = found(root)
    assert {one.url for one in guesses} == {"/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0"}
    assert {one.confidence for one in guesses} == {"possible"}
    assert "sdt" in {one.driver for one in guesses}


def test_two_alike_cameras_fight_over_one_id(root: Path) -> None:
    first, second, metadata = (node(root, f"video{number}") for number in (0, 2, 1))
    link(root, "dev/v4l/by-id/usb-Maker_Camera-video-index0", second)
    link(root, "dev/v4l/by-id/usb-Maker_Camera-video-index1", metadata)
    link(root, "dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0", first)
    link(root, "dev/v4l/by-path/pci-0000:00:14.0-usb-0:4:1.0-video-index0", second)
    assert [one.url for one in found(root)] == [
        "/dev/v4l/by-id/usb-Maker_Camera-video-index0",
        "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0",
    ]


def test_a_security_module_is_known_by_its_usb_id(root: Path) -> None:
    usb_device(root, "1-2", "0400:c35a", manufacturer="CVR", product="ID Reader", serial="S1")
    usb_device(root, "1-3", "04b8:0202", product="TM Printer", interface_class="07")
    usb_device(root, "1-4", "1d6b:0002", product="Hub", interface_class="09")
    reader, printer = found(root)
    assert (reader.driver, reader.url, reader.confidence) == ("sdt", "usb://0400:c35a/S1", "certain")
    assert (printer.driver, printer.url, printer.confidence) == ("escpos", "usb://04b8:0202", "possible")


def test_services_printers_and_scanners_that_announce_themselves(root: Path) -> None:
    guesses = found(
        root,
        listens=lambda port: port == 3493,
        ipp_printers=lambda: [("ipp://192.0.2.7:631/ipp/print", "Office")],
        scanners=lambda: [("sane:test:0", "Noname frontend-tester")],
    )
    assert {(one.driver, one.url) for one in guesses} == {
        ("nut", "socket://127.0.0.1:3493"),
        ("ipp", "ipp://192.0.2.7:631/ipp/print"),
        ("sane", "sane:test:0"),
    }


def test_only_a_keyboard_that_calls_itself_a_scanner_is_grabbed(root: Path) -> None:
    link(root, "dev/input/by-id/usb-Honeywell_Scanner_1-event-kbd", node(root, "input/event3"))
    link(root, "dev/input/by-id/usb-Logitech_Keyboard-event-kbd", node(root, "input/event4"))
    (only,) = found(root)
    assert only.url == "input:///dev/input/by-id/usb-Honeywell_Scanner_1-event-kbd"


def test_who_answers_in_its_own_protocol_is_certain(root: Path) -> None:
    """Asked over real ttys; the one that stays silent is only possible."""
    clock = RealClock()
    (root / "dev/serial/by-id").mkdir(parents=True)
    with (
        PtyRig(EMULATORS["sdt"](clock), root / "dev/serial/by-id/usb-one"),
        PtyRig(EMULATORS["neutral_evaluator"](clock), root / "dev/serial/by-id/usb-two"),
    ):
        asked = suggestions(_Located(root), clock, ask=True, listens=lambda port: False)
    certain = {Path(one.url).name: (one.driver, one.baud) for one in asked if one.confidence == "certain"}
    assert certain["usb-one"] == ("sdt", 115200)
    assert certain["usb-two"][0] == "neutral_evaluator"


class _Located(Machine):
    """Ports whose paths can really be opened, under a root that is not "/"."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._place = root

    def serial_ports(self):  # type: ignore[no-untyped-def]
        from dataclasses import replace

        return [replace(port, path=f"{self._place}{port.path}") for port in super().serial_ports()]


def test_what_is_printed_can_be_pasted(root: Path) -> None:
    usb_device(root, "1-2", "0400:c35a", serial='S "1\\')
    link(root, "dev/serial/by-path/pci-1", node(root, "ttyS0"))
    guesses = found(root, scanners=lambda: [('sane:pixma:04A9"1', "Canon")])
    assert {"usb", "sane"} <= {one.url.partition(":")[0] for one in guesses}
    for one in guesses:
        table = tomllib.loads(one.toml())["devices"][one.kind]
        assert table["url"] == one.url
        assert driver(one.driver).settings.model_validate(table)


def test_every_reason_has_its_words() -> None:
    for language in ("zh-Hans", "en"):
        words = Words.load(WORDS, language)
        for reason in (
            "answered",
            "usb_id",
            "name",
            "serial",
            "usb_printer",
            "camera",
            "service",
            "ipp",
            "sane",
            "node",
        ):
            assert words(f"suggest.reason.{reason}")
