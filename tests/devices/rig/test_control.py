"""A control panel in another process turns the knobs of the emulators."""

import json
import socket
from collections.abc import Iterator

import pytest

from devices.emulators.base import SerialEmulator
from devices.emulators.sdt import SdtEmulator
from devices.rig import ControlClient, ControlRefused, ControlServer, InProcessRig, register_emulators
from ground.clock import ManualClock
from tests.conformance.leaks import nothing_left_behind

PATIENCE_S = 60.0


class Desk(SerialEmulator):
    """Has a knob of every kind of value."""

    knobs = ("sheet", "angle_deg", "offset", "count", "on", "anything", "pile", "surface")

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.sheet, self.angle_deg, self.offset, self.count, self.on = "", 0.0, (0.0, 0.0), 0, False
        self.anything: object = None
        self.pile: list[str] = []
        self._surface = "wood"
        self.secret = "not a knob"

    @property
    def surface(self) -> str:
        return self._surface

    @surface.setter
    def surface(self, name: str) -> None:
        self._surface = {"wood": "wood"}[name]

    def receive(self, data: bytes) -> None:
        self.say(data)


Panel = tuple[ControlServer, ControlClient, SdtEmulator, Desk, InProcessRig]


@pytest.fixture
def panel() -> Iterator[Panel]:
    clock = ManualClock()
    reader, desk = SdtEmulator(clock), Desk(clock)
    rig = register_emulators({"id_card": reader})["id_card"]
    with (
        nothing_left_behind(),
        ControlServer({"id_card": reader, "desk": desk}, {"id_card": rig}) as server,
        ControlClient(server.port) as client,
    ):
        yield server, client, reader, desk, rig


def test_a_card_is_laid_on(panel: Panel) -> None:
    _, client, reader, _, _ = panel
    assert client.set("id_card", card_on=True, card_sample="li_feng") == {
        "card_on": True,
        "card_sample": "li_feng",
    }
    assert reader.card_on
    assert reader.card.name == "李凤"


def test_knobs_are_read(panel: Panel) -> None:
    _, client, reader, _, _ = panel
    assert client.get("id_card", "card_on", "read_s") == {"card_on": False, "read_s": 0.9}
    assert set(client.get("id_card")) == set(reader.knobs)


def test_plugs(panel: Panel) -> None:
    _, client, _, _, rig = panel
    client.unplug("id_card")
    assert not rig.plugged
    client.replug("id_card")
    assert rig.plugged


@pytest.mark.parametrize(
    ("knob", "value", "held"),
    [
        ("sheet", "lease", "lease"),
        ("angle_deg", 3, 3.0),
        ("angle_deg", -1.5, -1.5),
        ("offset", [1, 2.5], (1.0, 2.5)),
        ("count", 7, 7),
        ("on", True, True),
        ("anything", "at all", "at all"),
        ("pile", ["lease-1", "lease-2"], ["lease-1", "lease-2"]),
        ("pile", [], []),
    ],
)
def test_every_kind_of_value(panel: Panel, knob: str, value: object, held: object) -> None:
    _, client, _, desk, _ = panel
    client.set("desk", **{knob: value})  # type: ignore[arg-type]
    assert getattr(desk, knob) == held
    assert type(getattr(desk, knob)) is type(held)


@pytest.mark.parametrize(
    ("knob", "value"),
    [
        ("sheet", 1),
        ("sheet", None),
        ("angle_deg", "3"),
        ("angle_deg", True),
        ("offset", [1]),
        ("offset", [1, "2"]),
        ("offset", 3),
        ("count", 1.5),
        ("count", True),
        ("on", 1),
        ("on", "true"),
        ("pile", "lease"),
        ("pile", [1]),
        ("secret", "told"),
        ("clock", None),
        ("__class__", "x"),
    ],
)
def test_what_no_knob_takes(panel: Panel, knob: str, value: object) -> None:
    _, client, _, desk, _ = panel
    good: dict[str, object] = {"count": 5} if knob == "sheet" else {"sheet": "lease"}
    with pytest.raises(ControlRefused, match=knob):
        client.set("desk", **good, **{knob: value})  # type: ignore[arg-type]
    assert (desk.count, desk.sheet) == (0, ""), "one bad wish, and none is fulfilled"
    assert desk.secret == "not a knob"


def test_a_value_that_the_emulator_itself_refuses(panel: Panel) -> None:
    _, client, _, _, _ = panel
    with pytest.raises(ControlRefused, match="no sample card nobody"):
        client.set("id_card", card_sample="nobody")
    with pytest.raises(ControlRefused, match="unknown: glass"):
        client.set("desk", surface="glass")
    assert client.get("desk", "surface") == {"surface": "wood"}


def test_which_devices_there_are(panel: Panel) -> None:
    _, client, _, _, _ = panel
    assert client.devices() == {"id_card": True, "desk": False}


def test_unknown_devices_and_plugs(panel: Panel) -> None:
    _, client, _, _, _ = panel
    for wish in (
        lambda: client.get("toaster"),
        lambda: client.unplug("toaster"),
        lambda: client.unplug("desk"),
    ):
        with pytest.raises(ControlRefused, match="there are"):
            wish()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"device": "desk"}',
        b'{"device": ["desk"], "get": []}',
        b'{"device": "desk", "get": [["sheet"]]}',
        b'{"device": "desk", "get": "sheet"}',
        b'{"device": "desk", "set": {"on": true}, "get": []}',
        b'{"device": "id_card", "do": "explode"}',
        b'{"device": "desk", "set": ' + b"[" * 30000,
    ],
)
def test_whatever_a_client_sends(panel: Panel, line: bytes) -> None:
    server, _, _, desk, _ = panel
    answer = server.answer(line)
    assert answer["ok"] is False
    assert answer["error"]
    assert desk.on is False


def test_the_words_on_the_line(panel: Panel) -> None:
    server, _, _, _, _ = panel
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as raw:
        lines = raw.makefile("rwb")
        with lines:
            for said, heard in (
                ({"device": "id_card", "set": {"card_on": True}}, {"ok": True, "values": {"card_on": True}}),
                ({"device": "id_card", "get": ["mute"]}, {"ok": True, "values": {"mute": False}}),
                ({"device": "id_card", "do": "unplug"}, {"ok": True, "values": {}}),
            ):
                lines.write(json.dumps(said).encode() + b"\n")
                lines.flush()
                assert json.loads(lines.readline()) == heard


def test_two_panels_at_once(panel: Panel) -> None:
    server, first, _, _, _ = panel
    with ControlClient(server.port) as second:
        first.set("desk", count=1)
        second.set("desk", count=2)
        assert first.get("desk", "count") == {"count": 2}


def test_a_server_that_ends_hangs_up(panel: Panel) -> None:
    server, client, _, _, _ = panel
    server.close()
    server.close()
    with pytest.raises((ControlRefused, OSError)):
        client.get("desk")
